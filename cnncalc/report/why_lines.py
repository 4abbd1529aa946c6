"""What the foot of a run, its JSON and the picture itself say of an occlusion map.

Rows and columns are counted from 1, as those of `trace`, and are pixels of the picture as the net sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import counted
from cnncalc.report.outputs import meaningless
from cnncalc.report.sheet import Fact

if TYPE_CHECKING:
    from cnncalc.runtime.occlusion import Occlusion

NOTHING, LITTLE = 1e-6, 0.01
"""Of 1, or of the range of all scores: what is less is rounding, or hardly matters."""


LONGEST_LABEL = 80
"""Letters of a name that are shown."""


class WhyMap(NamedTuple):
    """An occlusion map and what it is of.

    `spread` is 1 for probabilities, else the range of all scores of the whole picture; `images` were run, of which
    this is the first; `output` is named where the net has several; `image` is the picture that the net saw, empty
    where it was given numbers.
    """

    found: Occlusion
    label: str
    is_probability: bool
    spread: float
    is_random: bool
    images: int
    output: str = ""
    file: str = ""
    image: str = ""

    @property
    def number(self) -> int:
        """The number of the class."""
        return self.found.asked.number

    @property
    def is_empty(self) -> bool:
        """Whether no place mattered: no patch lowers the score by more than rounding does."""
        return float(self.found.falls.max()) <= NOTHING * self.spread

    @property
    def class_words(self) -> str:
        """`class 281 (tabby)`, or `class 281 (tabby) at main`."""
        name = f" ({self.label[:LONGEST_LABEL]})" if self.label else ""
        return f"class {self.number}{name}{f' at {self.output[:LONGEST_LABEL]}' if self.output else ''}"

    @property
    def kind(self) -> str:
        """What the score is called."""
        return "probability" if self.is_probability else "score"

    def score(self, value: float) -> str:
        """A score as `run` prints it: 98.58 %, or 4.271."""
        return f"{100 * value:.2f} %" if self.is_probability else f"{value:.4g}"

    def points(self, fall: float) -> str:
        """A difference of scores: 61.2 percentage points, or 1.7."""
        return f"{100 * fall:.3g} percentage points" if self.is_probability else f"{fall:.3g}"


def why_facts(why: WhyMap) -> Iterator[Fact]:
    """Which class, where the score falls most, from what to what, and where the picture is."""
    found = why.found
    which = f" of {printable(why.image)}" if why.image else ""
    if why.images > 1:
        which += f", the first of {why.images} images; give another one alone"
    if not found.is_finite:
        yield Fact("Why", f"no map{which}: a score is not finite (NaN or infinity)", "bad")
        return
    yield Fact("Why", f"{printable(why.class_words)}{which}: {patch_words(why)}")
    for line in result_words(why):
        yield Fact("", line)
    if why.file:
        yield Fact("", f"drawn in {printable(why.file)}")
    if why.is_random:
        yield meaningless("places")


def patch_words(why: WhyMap) -> str:
    """How it was found: the runs, the patch, its colour."""
    found = why.found
    size = f"{found.places.height}x{found.places.width}"
    fill = found.asked.fill
    if not fill.pixel:
        colour = "of the mean number of each channel" if len(fill.values) > 1 else f"of the number {fill.values[0]:.4g}"
    else:
        colour = f"of grey {fill.pixel[0]}" if len(fill.pixel) == 1 else f"of the colour {fill.pixel}"
    return f"{counted(found.places.total, 'run')}, each with a patch of {size} pixels {colour} at another place"


def result_words(why: WhyMap) -> Iterator[str]:
    """Where the score falls most, and where it rises, in whole sentences."""
    found = why.found
    before, size = why.score(found.before), f"{found.size[0]}x{found.size[1]}"
    falls = found.falls
    if why.is_empty:
        yield f"no place matters: wherever the patch is, the {why.kind} does not fall below {before}"
    else:
        after = why.score(float(found.scores[found.most]))
        alike = f" (the first of {found.ties} equal places)" if found.ties > 1 else ""
        yield (
            f"the {why.kind} falls most, from {before} to {after}, with the patch on {place_words(why, found.most)} "
            f"of {size}{alike}"
        )
        if float(falls.max()) < LITTLE * why.spread:
            yield "that is little: no single place decides"
    if -float(falls.min()) >= LITTLE * why.spread:
        after = why.score(float(found.scores[found.least]))
        yield f"it rises most, to {after}, with the patch on {place_words(why, found.least)}"


def place_words(why: WhyMap, place: tuple[int, int]) -> str:
    """`rows 17 to 21, columns 11 to 15`."""
    top, left, bottom, right = why.found.box(place)
    return f"{_stretch('row', top, bottom)}, {_stretch('column', left, right)}"


def _stretch(what: str, first: int, end: int) -> str:
    return f"{what} {first + 1}" if end == first + 1 else f"{what}s {first + 1} to {end}"


def why_object(why: WhyMap) -> dict[str, Any]:
    """As JSON: every score, so that each can be checked by a run of its own; null where no score is finite."""
    found = why.found
    return {
        "file": why.file if found.is_finite else None,
        "image": why.image,
        "output": found.asked.output,
        "class": why.number,
        "label": why.label,
        "score": why.kind,
        "before": _finite(found.before),
        "size": list(found.size),
        "patch": {
            "height": found.places.height,
            "width": found.places.width,
            "values": list(found.asked.fill.values),
            "pixel": list(found.asked.fill.pixel) or None,
        },
        "rows": [top + 1 for top in found.places.tops],
        "columns": [left + 1 for left in found.places.lefts],
        "scores": [[_finite(score) for score in row] for row in found.scores.tolist()],
        "random_weights": why.is_random,
    }


def _finite(value: float) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if abs(value) < float("inf") else None
