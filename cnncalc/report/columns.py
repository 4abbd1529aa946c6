"""Every column a summary can have, by name: its heading and what stands in it.

Adding a column is one line in `COLUMNS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.framework_params import FRAMEWORKS
from cnncalc.analysis.model import Figures, ReceptiveField
from cnncalc.analysis.stored_bytes import DType
from cnncalc.analysis.traffic import intensity, moved_bytes
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.places import brief_place
from cnncalc.geometry import Order, Padding, Sizes, per_axis
from cnncalc.graph.ir import Count
from cnncalc.layers.base import Layer
from cnncalc.layers.picture_words import is_picture_word
from cnncalc.layers.registry import ACTIVATIONS, WORDS
from cnncalc.quantities import grouped, hundredths, short
from cnncalc.report import notation
from cnncalc.report.entries import Entry
from cnncalc.report.sheet import Cell, Column, Phrase, Share, Subtotal

USUAL = ("layer", "output", "window", "params", "params_share", "macs", "macs_share")
"""What is shown when nothing else is asked for."""

EVERYTHING = (
    *(
        "line",
        "label",
        "name",
        "layer",
        "word",
        "inputs",
        "output",
        "kernel",
        "stride",
        "padding",
        "dilation",
        "groups",
    ),
    *("params", "buffers", "total_params", "macs", "flops", "size", "connections", "rf", "jump", "start", "whole"),
    "shares",
    "trainable",
)
"""What a spreadsheet gets."""


class View(NamedTuple):
    """How the cells are written: order of shapes, sums that shares refer to, plain digits for machines, whose count.

    `source` says where lines are; `windows`: a column of its own says each layer's kernel, stride and padding.
    """

    source: Source
    order: Order
    whole: Figures
    plain_digits: bool = False
    whose: Count | None = None
    units: bool = False
    windows: bool = True
    dtype: DType = "float32"

    def number(self, value: int) -> str:
        """All digits; or three of them with a unit, `4.09 G`."""
        if self.plain_digits:
            return str(value)
        return short(value) if self.units else grouped(value)


class ColumnKind(NamedTuple):
    """A column and the function that fills its cells."""

    column: Column
    cell: Callable[[Entry, View], Cell]


NOTHING_TO_COMPARE = "-"

Number = Callable[[Figures, Count | None], int]
"""The number of a line that a column shows, and by whose count."""

NUMBERS: dict[str, Number] = {
    "params": lambda figures, count: figures.counted_params(count),
    "buffers": lambda figures, _: figures.buffers,
    "total_params": lambda figures, _: figures.total_params,
    "trainable": lambda figures, _: figures.trainable_params,
    "frozen": lambda figures, _: figures.frozen,
    "macs": lambda figures, _: figures.cost.macs,
    "flops": lambda figures, _: figures.cost.flops,
    "size": lambda figures, _: figures.activation_size,
    "connections": lambda figures, _: figures.connections,
    "moved": lambda figures, _: figures.moved,
    "work": lambda figures, _: figures.work,
    "as_local": lambda figures, _: figures.local_params,
    "as_dense": lambda figures, _: figures.dense_params,
    "dense_connections": lambda figures, _: figures.dense_connections,
}
"""The columns of numbers that add up."""

Quotient = Callable[[Figures], Fraction | None]
"""The quotient of two numbers of a line; None where there is nothing to divide by."""

QUOTIENTS: dict[str, Quotient] = {
    "times_dense": lambda figures: (
        Fraction(figures.dense_params, figures.params) if figures.params and figures.dense_params else None
    ),
    "intensity": lambda figures: intensity(figures, "float32"),
}
"""The columns of numbers that do not add up; layers have the same order by them in every dtype."""


def _decimal(value: Fraction) -> str:
    """For machines: all digits that a float has."""
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def _held(entry: Entry, number: str) -> Cell:
    """The number, in brackets where the lines below hold it already."""
    return Subtotal(number) if entry.kind == "header" else number


def _figure(name: str, heading: str = "") -> ColumnKind:
    number = NUMBERS[name]

    def cell(entry: Entry, view: View) -> Cell:
        return "" if entry.figures is None else _held(entry, view.number(number(entry.figures, view.whose)))

    return ColumnKind(Column(name, (heading or name,), right=True), cell)


def _work(entry: Entry, view: View) -> Cell:
    """What the convention counts; a question mark where an operation of the line has no known rule."""
    if entry.figures is None:
        return ""
    return _held(entry, "?" if entry.figures.unknown_work else view.number(entry.figures.work))


def _work_share(entry: Entry, view: View) -> Cell:
    """Nothing where the whole is unknown, since then nobody knows what it is a part of."""
    return "" if view.whole.unknown_work else _share("work", "work").cell(entry, view)


def _compared(name: str, heading: tuple[str, ...], keep: int = 0) -> ColumnKind:
    """A column about other layers in place of a line's: a line without weights has nothing to compare."""
    number = NUMBERS[name]

    def cell(entry: Entry, view: View) -> Cell:
        found = 0 if entry.figures is None else number(entry.figures, view.whose)
        if not found:
            return "" if entry.figures is None or view.plain_digits else NOTHING_TO_COMPARE
        return _held(entry, view.number(found))

    return ColumnKind(Column(name, heading, right=True, keep=keep), cell)


def _times(entry: Entry, view: View) -> Cell:
    """How many times the parameters the dense layer has."""
    found = None if entry.figures is None else QUOTIENTS["times_dense"](entry.figures)
    if found is None:
        return "" if entry.figures is None or view.plain_digits else NOTHING_TO_COMPARE
    return _held(entry, _decimal(found) if view.plain_digits else notation.ratio(found.numerator, found.denominator))


def _share(name: str, called: str) -> ColumnKind:
    number = NUMBERS[name]

    def cell(entry: Entry, view: View) -> Cell:
        if entry.figures is None or entry.kind == "total":
            return ""
        return Share(number(entry.figures, view.whose), number(view.whole, view.whose))

    return ColumnKind(Column(f"{name}_share", (), "bar", share_of=called), cell)


def _percent(name: str, heading: str = "") -> ColumnKind:
    number = NUMBERS[name]

    def cell(entry: Entry, view: View) -> Cell:
        if entry.figures is None:
            return ""
        part, whole = number(entry.figures, view.whose), number(view.whole, view.whose)
        return _held(entry, notation.percentage(part, whole))

    return ColumnKind(Column(f"{name}%", (f"{heading or name}%",), right=True), cell)


def _bytes(entry: Entry, view: View) -> Cell:
    return "" if entry.figures is None else _held(entry, view.number(moved_bytes(entry.figures, view.dtype)))


def _intensity(entry: Entry, view: View) -> Cell:
    found = None if entry.figures is None else intensity(entry.figures, view.dtype)
    if found is None:
        return ""
    return _held(entry, _decimal(found) if view.plain_digits else hundredths(found))


def _text(name: str, get: Callable[[Entry], str]) -> ColumnKind:
    return ColumnKind(Column(name, (name,), "text"), lambda entry, _view: get(entry))


def _of_layer(name: str, get: Callable[[Layer, int], str]) -> ColumnKind:
    def cell(entry: Entry, _view: View) -> str:
        return get(entry.layer, entry.inputs[0].rank) if entry.layer is not None and entry.inputs else ""

    return ColumnKind(Column(name, (name,)), cell)


def _field(name: str, heading: tuple[str, ...], part: str) -> ColumnKind:
    def written(field: ReceptiveField, view: View) -> str:
        if part != "size":
            return notation.per_axis(getattr(field, part))
        size = notation.local_size if view.plain_digits else notation.field_size
        return size(field)

    def cell(entry: Entry, view: View) -> str:
        both = (entry.receptive_field, entry.last_field)
        return " to ".join(dict.fromkeys(written(field, view) for field in both if field is not None))

    return ColumnKind(Column(name, heading), cell)


def kernel_text(layer: Layer, rank: int) -> str:
    """`5x5`; empty for a layer without a window."""
    kernels = getattr(layer, "kernels", None)
    return notation.sizes(kernels(rank)) if kernels and rank else ""


def stride_text(layer: Layer, rank: int) -> str:
    """`2`, or `2x1` where the axes differ; empty for a layer without a window."""
    return _alike(_steps(layer, "stride", rank)) if kernel_text(layer, rank) else ""


def padding_text(layer: Layer, rank: int) -> str:
    """`same`, `1`, `0,1,0,1`; empty where there is none."""
    padding = getattr(layer, "padding", None)
    if not kernel_text(layer, rank) or not isinstance(padding, Padding):
        return ""
    return "" if padding.is_nothing else padding.text


def dilation_text(layer: Layer, rank: int) -> str:
    """`4`; empty for the usual 1."""
    dilation = _steps(layer, "dilation", rank) if kernel_text(layer, rank) else ()
    return "" if set(dilation) <= {1} else _alike(dilation)


def _steps(layer: Layer, name: str, rank: int) -> Sizes:
    """The stride or the dilation on each axis; a pool's stride is its window unless it is written."""
    resolved = getattr(layer, f"{name}s", None)
    return resolved(rank) if resolved else per_axis(getattr(layer, name, (1,)), rank, name)


def _alike(steps: Sizes) -> str:
    """`2` where all axes are alike, else `2x1`."""
    return str(steps[0]) if len(set(steps)) == 1 else notation.sizes(steps)


def groups_text(layer: Layer, _rank: int) -> str:
    """`4`; empty for the usual 1."""
    groups = getattr(layer, "groups", 1)
    return str(groups) if groups != 1 else ""


def window_text(layer: Layer, rank: int) -> str:
    """Kernel, stride and padding in one: `7x7 /2 pad 3`, `3x3 same`, `2x2 /2`, `3 dil 4`."""
    kernel = kernel_text(layer, rank)
    if not kernel:
        return ""
    stride, padding, dilation = stride_text(layer, rank), padding_text(layer, rank), dilation_text(layer, rank)
    parts = [kernel]
    if stride not in ("", "1"):
        parts.append(f"/{stride}")
    if padding:
        parts.append(padding if padding[0].isalpha() else f"pad {padding}")
    if dilation:
        parts.append(f"dil {dilation}")
    return " ".join(parts)


def _outputs(entry: Entry, view: View) -> str:
    """The shape; the several outputs of a net are told in the foot, so that the total widens nothing."""
    if len(entry.outputs) > 1:
        return f"{len(entry.outputs)} outputs"
    return notation.shapes(entry.outputs, view.order)


WEIGHTLESS = ACTIVATIONS - {"prelu"}
"""The words behind a layer that have no weights: the first to go where a text is too long."""

_SHOWN_IN_WINDOW = re.compile(r"(stride|padding|dilation)=\S+|same|valid|full")


def _phrase(entry: Entry, view: View) -> Phrase:
    """The line as written, and the shorter forms of it (`cnncalc.report.sheet.Phrase`)."""
    indent, aside = "  " * entry.depth, f" {entry.aside}" if entry.aside else ""
    mark = "" if view.plain_digits else entry.mark
    full, brief = entry.text, _said_once(entry, windows=view.windows)
    least = _without_small_words(brief).partition(" (on ")[0] if entry.is_layer else brief
    tail = "" if entry.copies == 1 else f"×{entry.copies}"
    full, brief, least = (indent + text + mark for text in (full, brief, least))
    return Phrase(full, brief, entry.lead, aside, tail, least)


def _said_once(entry: Entry, *, windows: bool) -> str:
    """The text without the words that the number of its copies or, where there is one, the window column says too."""
    if entry.kind == "empty":
        return "(the input)"
    words = entry.text.removesuffix(f" times {entry.copies}").split()
    kernel = kernel_text(entry.layer, entry.inputs[0].rank) if windows and entry.layer and entry.inputs else ""
    if kernel in words:
        words.pop(len(words) - 1 - words[::-1].index(kernel))  # the last one: `conv 3 3` of a signal has 3 filters
    return " ".join(word for word in words if not kernel or not _SHOWN_IN_WINDOW.fullmatch(word))


def _without_small_words(text: str) -> str:
    """The text without activations behind a layer and words about pictures: neither changes parameters or MACs."""
    words = text.split()
    start = 2 if text.split(" ", 1)[0].endswith(":") else 1
    if WORDS.get(words[start - 1].lower()) == "input":
        return " ".join(word for word in words if not is_picture_word(word))
    return " ".join([*words[:start], *(word for word in words[start:] if WORDS.get(word.lower()) not in WEIGHTLESS)])


COLUMNS: dict[str, ColumnKind] = {
    "line": ColumnKind(
        Column("line", ("line",), right=True),
        lambda entry, view: brief_place(view.source, entry.line) if entry.line else "",
    ),
    "label": _text("label", lambda entry: entry.label),
    "name": _text("name", lambda entry: entry.name),
    "layer": ColumnKind(Column("layer", ("layer",), "text"), _phrase),
    "word": _text("word", lambda entry: entry.word),
    "inputs": ColumnKind(Column("inputs", ("inputs",)), lambda entry, view: notation.shapes(entry.inputs, view.order)),
    "output": ColumnKind(Column("output", ("output",)), _outputs),
    "window": ColumnKind(
        Column("window", ("kernel", "/stride pad"), restated=True), _of_layer("window", window_text).cell
    ),
    "kernel": _of_layer("kernel", kernel_text),
    "stride": _of_layer("stride", stride_text),
    "padding": _of_layer("padding", padding_text),
    "dilation": _of_layer("dilation", dilation_text),
    "groups": _of_layer("groups", groups_text),
    "params": _figure("params"),
    "params_share": _share("params", "params"),
    "params%": _percent("params"),
    "buffers": _figure("buffers"),
    "total_params": _figure("total_params"),
    "trainable": _figure("trainable"),
    "frozen": _figure("frozen"),
    "macs": _figure("macs", "MACs"),
    "macs_share": _share("macs", "MACs"),
    "macs%": _percent("macs", "MACs"),
    "flops": _figure("flops", "FLOPs"),
    "work": ColumnKind(Column("work", ("work",), right=True), _work),
    "work_share": ColumnKind(Column("work_share", (), "bar", share_of="work"), _work_share),
    "size": _figure("size"),
    "connections": _figure("connections"),
    "moved": _figure("moved"),
    "bytes": ColumnKind(Column("bytes", ("bytes", "moved"), right=True), _bytes),
    "intensity": ColumnKind(Column("intensity", ("FLOPs", "a byte"), right=True), _intensity),
    "as_local": _compared("as_local", ("params", "as local")),
    "as_dense": _compared("as_dense", ("params", "as dense")),
    "times_dense": ColumnKind(Column("times_dense", ("dense /", "params"), right=True, keep=3), _times),
    "dense_connections": _compared("dense_connections", ("connections", "as dense"), keep=1),
    "rf": _field("rf", ("receptive", "field"), "size"),
    "jump": _field("jump", ("jump",), "jump"),
    "start": _field("start", ("start",), "start"),
    "whole": _text("whole", lambda entry: "yes" if entry.receptive_field and entry.receptive_field.whole else ""),
    "shares": _text("shares", lambda entry: entry.shares),
}


COUNTED_AS = ("params", "params%")
"""The columns that mean Keras' count in a file that says `count keras`, or the one that `--params-as` names."""


def column(name: str, count: Count | None) -> Column:
    """The column of that name, whose heading says whose count it shows."""
    plain = COLUMNS[name].column
    framework = FRAMEWORKS.get(count) if count and name in COUNTED_AS else None
    return plain._replace(heading=(name, f"({framework})")) if framework else plain
