"""Answers that are sizes: the shape of a result, with its channels and without, the receptive field, the padding."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.asked.comparing import (
    NUMBER_OF_AXES,
    NUMBER_OF_SIZES,
    Verdict,
    compared_field,
    compared_pads,
    compared_shape,
    sides_of,
)
from cnncalc.asked.counting_answers import missing, number_claim
from cnncalc.asked.quantity import SEVERAL_OUTPUTS, Given, Pads, Quantity, Read, Right, Unknown
from cnncalc.geometry import AXIS_NAMES, Order, Shape
from cnncalc.quantities import whole_number

if TYPE_CHECKING:
    from cnncalc.asked.seen import At, Claimed, Words

BATCH = frozenset(("none", "-1", "?", "n", "b", "batch"))
"""What stands for the batch, in front of the sizes that frameworks print."""

SHAPE_HELP = "write a shape such as 28x28x6, or (28, 28, 6)"

_SIZES = re.compile(r"[0-9]+(x[0-9]+)*")
_PADS = r"[0-9]{1,9}(x[0-9]{1,9}){0,2}|[0-9]{1,9}(,[0-9]{1,9}){1,5}"


class _SizesOf(Quantity):
    """Sizes with x between them, or in brackets."""

    form = "sizes"

    def parse(self, words: Words) -> Read:
        """shape = "?" | sizes with x between them | "(" sizes ")" | "[" sizes "]"."""
        word = words.peek()
        if word is None or word.kind not in ("word", "matrix"):
            raise missing(words, self.name)
        words.take()
        if word.kind == "matrix":
            return _sizes(words, words.pieces(word), word)
        text = word.text.rstrip(",")
        if text == "?":
            return Read(None)
        if _SIZES.fullmatch(text):
            return Read(tuple(map(int, text.split("x"))))
        whole = whole_number(text)
        if whole is not None:
            return Read((whole,))
        return _sizes(words, re.split("[x,]", text.strip("()").rstrip(",")), word)


class ShapeOf(_SizesOf):
    """The sizes of what comes out, channels included."""

    name = "shape"
    also = ("shapes", "output_shape")
    headings = ("output shape", "activation shape", "output", "output size", "shape", "out shape", "outputshape")
    help = "shape of the output"
    confused_with = ("size", "spatial")

    def measure(self, at: At) -> Shape | Unknown:
        return SEVERAL_OUTPUTS if at.output is None else at.output

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        if not isinstance(answer.given, tuple) or not isinstance(right, Shape):
            return Verdict(None)
        return compared_shape(answer.given, right, at.order, answer.batch_dropped)

    def question(self, line: str) -> str:
        return f"What is the output shape of {line}?"

    def parts(self, right: Right) -> tuple[str, ...]:
        if not isinstance(right, Shape) or right.rank == 0:
            return ("length",)
        return (*AXIS_NAMES[right.rank], "channels")


def _sizes(words: Words, parts: list[str], word: Any) -> Read:
    """The sizes of a shape, without the batch axis that frameworks print first."""
    dropped = len(parts) > 1 and parts[0].lower() in BATCH
    sizes = [whole_number(part) for part in parts[dropped:]]
    if not sizes or None in sizes:
        times = word.raw.rstrip(";.").replace("*", "x")
        advice = f"write {times}" if _SIZES.fullmatch(times) else SHAPE_HELP
        raise words.refused("bad-shape", f"`{words.shown(word)}` is not a shape", word.span, help=advice)
    return Read(tuple(size for size in sizes if size is not None), batch_dropped=dropped)


class SpatialOf(_SizesOf):
    """The sizes of what comes out along its axes, without the channels: `5x5`, or `5` for a square."""

    name = "spatial"
    also = ("spatial_size", "map_size", "height_width", "width_height")
    headings = ("spatial size", "map size", "feature map size", "height x width", "hxw")
    help = "size of the output without its channels"
    unit = "size"
    confused_with = ("shape", "size")

    def measure(self, at: At) -> tuple[int, ...] | Unknown:
        if at.output is None:
            return SEVERAL_OUTPUTS
        return at.output.spatial or Unknown("a flat vector has no size but its length: ask for the shape")

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        if not isinstance(answer.given, tuple) or not isinstance(right, tuple) or at.output is None:
            return Verdict(None)
        given = answer.given * len(right) if len(answer.given) == 1 else answer.given
        if given == right:
            return Verdict(True)
        if given in (at.output.sizes("channels_last"), at.output.sizes("channels_first")):
            return Verdict(True, "with its channels, which are not asked")
        if len(given) != len(right):
            return Verdict(False, wrong=(NUMBER_OF_SIZES,))
        return Verdict(False, wrong=tuple(n for n, a, b in zip(self.parts(right), given, right, strict=True) if a != b))

    def parts(self, right: Right) -> tuple[str, ...]:
        return AXIS_NAMES[len(right)] if isinstance(right, tuple) else ("length",)


class FieldOf(Quantity):
    """How much of the first input one value depends on."""

    name = "rf"
    also = ("receptive_field",)
    headings = ("receptive field", "receptive-field")
    help = "receptive field"
    unit = "receptive field, pixels on a side"
    symbols = "r + (extent - 1) * j"
    form = "field"

    def parse(self, words: Words) -> Read:
        """A number, or a size such as 14x14."""
        about = words.took("word", "~") or words.took("word", "≈")
        word = words.peek()
        text = word.text.rstrip(",").lstrip("~≈") if word is not None and word.kind == "word" else ""
        if "x" not in text or not _SIZES.fullmatch(text):
            read = number_claim(words, self.name)
            return read._replace(approximate=read.approximate or about)
        about = words.take().text[:1] in ("~", "≈") or about
        sizes = tuple(map(int, text.split("x")))
        return Read(Fraction(sizes[0]) if len(set(sizes)) == 1 else sizes, about)

    def measure(self, at: At) -> tuple[int, ...] | Unknown:
        if at.output is None:
            return SEVERAL_OUTPUTS
        return Unknown("this line has no receptive field in the first input") if at.field is None else at.field.size

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        field, given = at.field, answer.given
        if field is None or not isinstance(given, Fraction | tuple):
            return Verdict(None)
        whole = at.picture if field.whole else None
        verdict = compared_field(given, field.size, whole, answer.approximate, local=field.local)
        most = max(given) if isinstance(given, tuple) else given
        if field.at_most and verdict.ok is False and most <= max(field.size):
            return Verdict(None, "only an upper bound of this receptive field is known")
        return verdict

    def verdict(self, answer: Claimed, at: At) -> tuple[Verdict, Right]:
        verdict, right = super().verdict(answer, at)
        return verdict, None if verdict.remark and verdict.ok is None else right

    def question(self, line: str) -> str:
        return f"How large is the receptive field of {line}, in pixels on a side?"

    def shown(self, right: Right, order: Order) -> str:
        if isinstance(right, tuple) and len(set(right)) == 1:
            return str(right[0])
        return super().shown(right, order)

    def claim(self, right: Right) -> Given:
        if isinstance(right, tuple) and len(set(right)) == 1:
            return Fraction(right[0])
        return super().claim(right)

    def parts(self, right: Right) -> tuple[str, ...]:
        return AXIS_NAMES[len(right)] if isinstance(right, tuple) else ("side",)


class PadsOf(Quantity):
    """The rows and columns that are put around what arrives."""

    name = "padding"
    also = ("pad", "pads")
    help = "padding"
    unit = "rows of zeros on each side"
    between = ","
    form = "pads"
    confused_with = ("padding-total",)

    def parse(self, words: Words) -> Read:
        """pads = "?" | rows on each side (2) | by axis (1x2) | by side (0,1,0,1), all with "total" or not."""
        total = words.took("word", "total")
        word = words.peek()
        text = word.text.rstrip(",") if word is not None and word.kind == "word" else ""
        if text != "?" and not re.fullmatch(_PADS, text):
            raise words.expected(
                "missing-value", "the padding", help="write padding 2, or 1x2, or 0,1,0,1 (top, bottom, left, right)"
            )
        words.take()
        asked = TotalPads.name if words.took("word", "total") or total else ""
        if text == "?":
            return Read(None, asked=asked)
        pads = tuple(map(int, text.replace("x", ",").split(",")))
        return Read(pads if len(pads) > 1 else Fraction(pads[0]), asked=asked)

    def measure(self, at: At) -> Right | Unknown:
        if at.output is None:
            return SEVERAL_OUTPUTS
        pads = at.pads()
        return Unknown("this line pads nothing") if pads is None else sides(pads)

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        pads, given = at.pads(), answer.given
        if pads is None or not isinstance(given, Fraction | tuple):
            return Verdict(None)
        return compared_pads(given, pads)

    def question(self, line: str) -> str:
        return f"How many rows of zeros does {line} add on each side?"

    def answered(self, right: Right) -> str:
        if isinstance(right, tuple) and right[::2] == right[1::2]:
            return "x".join(map(str, right[::2]))
        return super().answered(right)

    def shown(self, right: Right, order: Order) -> str:
        return self.between.join(map(str, right)) if isinstance(right, tuple) else super().shown(right, order)

    def parts(self, right: Right) -> tuple[str, ...]:
        return sides_of(len(right)) if isinstance(right, tuple) else (self.unit,)


class TotalPads(PadsOf):
    """The rows and columns that are put around what arrives, both sides of an axis together."""

    name = "padding-total"
    also = ("padding_total", "total_padding")
    headings = ("total padding", "padding total")
    help = "padding of both sides together"
    unit = "rows of zeros, both sides together"
    symbols = "the pads of both sides added"
    confused_with = ("padding",)
    between = "x"

    def measure(self, at: At) -> Right | Unknown:
        if at.output is None:
            return SEVERAL_OUTPUTS
        pads = at.pads()
        return Unknown("this line pads nothing") if pads is None else _alike(tuple(map(sum, pads)))

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        pads, given = at.pads(), answer.given
        if pads is None or not isinstance(given, Fraction | tuple):
            return Verdict(None)
        totals = tuple(map(sum, pads))
        asked = given if isinstance(given, tuple) else (given,) * len(totals)
        if len(asked) != len(totals):
            return Verdict(False, wrong=(NUMBER_OF_AXES,))
        names = AXIS_NAMES[len(totals)]
        wrong = tuple(name for name, a, b in zip(names, asked, totals, strict=True) if a != b)
        return Verdict(not wrong, wrong=wrong if len(wrong) < len(totals) else ())

    def question(self, line: str) -> str:
        return f"How many rows of zeros does {line} add on both sides together?"

    def answered(self, right: Right) -> str:
        return self.spelled(self.claim(right))

    def parts(self, right: Right) -> tuple[str, ...]:
        return AXIS_NAMES[len(right)] if isinstance(right, tuple) else (self.unit,)


def _alike(sizes: tuple[int, ...]) -> int | tuple[int, ...]:
    return sizes[0] if len(set(sizes)) == 1 else sizes


def sides(pads: Pads) -> int | tuple[int, ...]:
    """One number where all sides are alike, else all of them: top, bottom, left, right."""
    return _alike(tuple(side for pair in pads for side in pair))
