"""The kinds of exercises: what each asks for, easy, medium and hard, with numbers that fit on paper.

A kind draws lines of our language; whether they make a sane net is seen by analysing them, not here.  Matrices worked
out by hand are `matrices`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, Line
from cnncalc.homework.quiz.matrices import matrix

FILTERS = (4, 6, 8, 10, 12, 16)

_SHAPE, _PARAMS, _MACS, _FIELD, _PADDING = (("shape",), ("params",), ("macs",), ("rf",), ("padding",))


class Draft(NamedTuple):
    """A task in words and its lines, before anybody has looked whether they fit together."""

    task: str
    lines: tuple[Line, ...]


def sizes(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Output shapes, line by line."""
    first, second = draws.one_of(FILTERS), draws.one_of(FILTERS)
    if level == "easy":
        side, kernel = draws.one_of((24, 28, 32, 36, 40)), draws.one_of((3, 5))
        texts = [
            f"input {side}x{side}x{draws.one_of((1, 3))}",
            f"conv {first} {kernel}x{kernel} relu",
            "maxpool 2x2",
            f"conv {second} 3x3 relu",
        ]
    elif level == "medium":
        side, kernel, padding = draws.between(28, 48), draws.one_of((3, 5)), draws.between(1, 2)
        texts = [
            f"input {side}x{side}x3",
            f"conv {first} {kernel}x{kernel} stride=2 padding={padding} relu",
            draws.one_of(("maxpool 2x2", "maxpool 3x3 stride=2", "avgpool 2x2")),
            f"conv {second} 3x3 same relu",
            "flatten",
        ]
    else:
        height, width = draws.between(30, 48), draws.between(50, 70)
        texts = [
            f"input {height}x{width}x3",
            f"conv {first} {draws.one_of(('3x5', '5x3', '4x4', '2x6'))} stride=2 padding=1 relu",
            f"conv {second} 3x3 dilation={draws.one_of((2, 3))} relu",
            draws.one_of(("maxpool 3x3 stride=2 ceil", "maxpool 2x2 ceil", "avgpool 3x2 stride=2")),
            f"upconv {first} {draws.one_of((2, 3, 4))}x{draws.one_of((2, 3))} stride=2",
        ]
    task = "Sizes. Which shape comes out of each line (height x width x channels, or the length of a vector)?"
    return Draft(task, (Line(texts[0]), *(Line(text, _SHAPE, (1,)) for text in texts[1:])))


def params(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Parameters to be learned, weights and biases."""
    first, second, units = draws.one_of(FILTERS), draws.one_of(FILTERS), draws.one_of((10, 12, 20, 30))
    kernel, depth = draws.one_of((3, 5)), draws.one_of((3, 6, 8))
    side = draws.one_of((12, 14, 16, 18, 20))
    lines = [Line(f"input {side}x{side}x{depth}")]
    if level == "hard":
        groups = draws.one_of((2, 4))
        lines[0] = Line(f"input {side}x{side}x{4 * draws.between(2, 4)}")
        lines += [
            Line(f"dwconv {kernel}x{kernel} same", _PARAMS, (2,)),
            Line(f"conv {first * 4} 1x1 nobias bn relu", _PARAMS, (2,)),
            Line(f"conv {second * groups} 3x3 groups={groups} relu", _PARAMS, (2,)),
            Line("gap"),
            Line(f"dense {units} nobias", _PARAMS, (1,)),
        ]
    else:
        lines += [
            Line(f"conv {first} {kernel}x{kernel} relu", _PARAMS, (2,)),
            Line("maxpool 2x2", _PARAMS, (1,)),
            Line(f"conv {second} 3x3{' same nobias' if level == 'medium' else ''} relu", _PARAMS, (2,)),
        ]
    if level == "medium":
        lines += [Line("flatten"), Line(f"dense {units} softmax", _PARAMS, (2,))]
    return Draft("Parameters. How many numbers does each line learn, biases included?", tuple(lines))


def macs(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """Multiply-accumulates for one image."""
    first, second, side = draws.one_of((4, 6, 8)), draws.one_of((4, 8, 10)), draws.one_of((8, 10, 12, 14, 16))
    kernel, units = draws.one_of((3, 5)), draws.one_of((10, 20))
    lines = [Line(f"input {side}x{side}x{draws.one_of((1, 2, 3))}")]
    if level == "easy":
        lines.append(Line(f"conv {first} {kernel}x{kernel} relu", _MACS, (2,)))
        lines += [Line("flatten"), Line(f"dense {units}", _MACS, (1,))]
    elif level == "medium":
        lines += [
            Line(f"conv {first} {kernel}x{kernel} same{draws.one_of(('', ' stride=2'))} relu", _MACS, (2,)),
            Line("maxpool 2x2", _MACS, (1,)),
            Line(f"conv {second} 1x1 relu", _MACS, (2,)),
        ]
    else:
        lines += [
            Line(f"conv {first * 2} {kernel}x{kernel} same relu", _MACS, (2,)),
            Line("dwconv 3x3 same stride=2", _MACS, (2,)),
            Line(f"conv {second} 1x1 relu", _MACS, (2,)),
            Line(f"upconv {first} 2x2 stride=2", _MACS, (2,)),
        ]
    task = "Work. How many multiply-accumulates does each line take for one image (padding counts as multiplied)?"
    return Draft(task, tuple(lines))


def receptive_field(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """The side of the patch of the picture that one value depends on."""
    kernels = [draws.one_of((3, 5)) for _ in range(3)]
    pool = draws.one_of(("maxpool 2x2", "maxpool 3x3 stride=2", "avgpool 2x2"))
    texts = [f"conv 4 {kernels[0]}x{kernels[0]} from picture", f"conv 4 {kernels[1]}x{kernels[1]}"]
    if level == "easy":
        texts += [f"conv 4 {kernels[2]}x{kernels[2]}"] * draws.between(0, 1)
    elif level == "medium":
        texts += [pool, f"conv 4 {kernels[2]}x{kernels[2]}"]
    else:
        texts[0] = f"conv 4 {kernels[0]}x{kernels[0]} stride=2 padding=1 from picture"
        texts[1] = f"conv 4 3x3 dilation={draws.one_of((2, 3))}"
        texts += [pool, f"conv 4 {draws.one_of((2, 3))}x3", "conv 4 1x1"]
    asked = {len(texts) - 1, len(texts) // 2} - {0}
    lines = tuple(Line(text, _FIELD, (2,)) if i in asked else Line(text) for i, text in enumerate(texts))
    task = (
        "Receptive field. How many pixels of the picture, on each side of a square (or height x width), does one value "
        "of this line depend on?"
    )
    return Draft(task, lines)


def padding(draws: Draws, level: Difficulty, _number: int) -> Draft:
    """The padding behind the words `same` and `full`."""
    side, filters = draws.between(20, 40), draws.one_of(FILTERS)
    kernel, other = draws.one_of((3, 5, 7, 9)), draws.one_of((3, 5, 7))
    if level == "easy":
        texts = [f"conv {filters} {kernel}x{kernel} same"]
        task = "Find the padding: how many rows and columns of zeros are on each side, so that the size stays?"
    elif level == "medium":
        texts = [f"conv {filters} {other}x{other} dilation=2 same", f"conv {filters} {kernel}x{kernel} full"]
        task = (
            "Find the padding: how many rows and columns of zeros are on each side? `same` keeps the size; `full` "
            "pads so that every window is seen which touches the picture at all."
        )
    else:
        texts = [f"conv {filters} {kernel}x{other} same", f"conv {filters} {other}x{other} stride=2 same"]
        task = (
            "Find the padding of `same`, as Keras pads: the output has ceil(n / stride) rows, and an odd row of zeros "
            "goes to the bottom, an odd column to the right. Write 2 where all sides have as many, 1x2 for 1 above and "
            "below and 2 left and right, or all four: top,bottom,left,right (0,1,0,1)."
        )
    asked = tuple(Line(text, _PADDING, (2,)) for text in texts)
    return Draft(task, (Line(f"input {side}x{side}x{draws.one_of((1, 3))}"), *asked))


def by_hand(draws: Draws, level: Difficulty, number: int) -> Draft:
    """A small matrix, by hand."""
    return Draft(*matrix(draws, level, number))


KINDS: dict[str, Callable[[Draws, Difficulty, int], Draft]] = {
    "sizes": sizes,
    "params": params,
    "macs": macs,
    "rf": receptive_field,
    "matrix": by_hand,
    "padding": padding,
}
"""What `--kinds` may name, in the order in which a quiz asks them."""
