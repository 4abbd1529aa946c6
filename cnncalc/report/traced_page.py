"""One number of a net worked out, as text and as JSON: how it comes about, what it sees, what a run computes there.

The steps are those of `explain --at` and `check --steps`; the words around them are here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.analysis.by_hand import Number
from cnncalc.analysis.model import Analysis
from cnncalc.analysis.seen_pixels import seen_lines
from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells.addresses import cell_name
from cnncalc.analysis.worked_cells.one_number import Window, Work, written
from cnncalc.analysis.worked_cells.setting import lines_of
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.report.canvas import Canvas
from cnncalc.report.entries import row_text
from cnncalc.report.explanation_lines import head
from cnncalc.report.summary_json import as_text

if TYPE_CHECKING:
    from cnncalc.runtime.cell_runs import Computed


class Circumstances(NamedTuple):
    """Where the numbers are from, in words, and what the kernels computed for each step; `inputs` name files.

    `picture`: which file has been drawn, empty where none has.
    `rounded`: floats are printed with few digits, and the sums are those of the whole numbers.
    """

    computed: Sequence[Computed]
    weights: str = ""
    inputs: tuple[str, ...] = ()
    preprocessing: str = ""
    rounded: bool = False
    picture: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether the kernels computed each step as it was worked out."""
        return all(one.confirmed for one in self.computed)


def traced_text(analysis: Analysis, cell: TracedCell, how: Circumstances, canvas: Canvas) -> str:
    """The number worked out, then what it sees and what the run says, wrapped to the canvas."""
    lines = head(printable(row_text(cell.row)), _line(analysis, cell), canvas)
    named = f"{cell_name(cell.address, cell.row.output)} of {cell.row.output.text(analysis.graph.order)}, worked out:"
    lines += [canvas.paint(line, "block") for line in wrapped(named, canvas.width)]
    for line in lines_of(cell.works):
        lines += [f"  {part}" for part in wrapped(line, canvas.width and canvas.width - 2, 4)]
    for line in (*seen_lines(cell.seen), *_told(cell, how)):
        lines += wrapped(line, canvas.width) if line else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _line(analysis: Analysis, cell: TracedCell) -> str:
    return analysis.graph.source.line_words(cell.row.row.origin.span.line)


def _told(cell: TracedCell, how: Circumstances) -> Iterator[str]:
    if how.weights:
        yield f"Weights: {printable(how.weights)}."
    if how.inputs:
        names = ", ".join(map(printable, how.inputs))
        yield f"Input: {names}{f' ({printable(how.preprocessing)})' if how.preprocessing else ''}."
    if how.rounded:
        yield "The numbers are printed to 5 digits; the sums are those of the numbers before rounding."
    if how.confirmed:
        yield f"A run computes {written(how.computed[-1].value)} here too: confirmed."
    for work, one in zip(cell.works, how.computed, strict=True):
        if not one.confirmed:
            yield f"{work.word}: worked out is {written(work.result)}, but a run computes {written(one.value)}."
    if how.picture:
        yield f"Picture: {printable(how.picture)}."


def traced_json(analysis: Analysis, cell: TracedCell, how: Circumstances) -> str:
    """The same as JSON; rows, columns and channels are counted from 1."""
    channel, place = cell.address
    row, output = cell.row, cell.row.output
    names = ("slice", "row", "column")[3 - output.rank :]
    where = {name: at + 1 for name, at in zip(names, place[3 - output.rank :], strict=True)}
    steps = [_step(work, one) for work, one in zip(cell.works, how.computed, strict=True)]
    found: dict[str, Any] = {
        "cnncalc": 1,
        "source": analysis.graph.where,
        "line": row.row.origin.span.line,
        "label": row.row.label,
        "name": row.nodes[-1].node.name,
        "text": row.row.text,
        "output": [*output.sizes(analysis.graph.order)],
        "cell": {"channel": channel + 1, **where},
        "steps": steps,
        "result": _number(cell.works[-1].result),
        "confirmed": how.confirmed,
        "sees": _seen_object(cell) or None,
        "weights": how.weights or None,
        "inputs": [*how.inputs],
        "picture": how.picture or None,
    }
    return as_text(found)


def _step(work: Work, one: Computed) -> dict[str, Any]:
    return {
        "word": work.word,
        "windows": [_window(window) for window in work.windows],
        "sums": [*work.sums],
        "result": _number(work.result),
        "computed": _number(one.value),
        "confirmed": one.confirmed,
    }


def _window(window: Window) -> dict[str, Any]:
    kernel = window.kernel
    return {
        "name": window.name,
        "seen": [[None if one.value is None else _number(one.value) for one in row] for row in window.seen],
        "padding": [[one.is_pad for one in row] for row in window.seen],
        "kernel": None if kernel is None else [[_number(value) for value in row] for row in kernel],
    }


def _seen_object(cell: TracedCell) -> list[dict[str, Any]]:
    """Input by input, axis by axis."""
    return [
        {
            "input": one.name,
            "axis": axis.name,
            "first": axis.first + 1,
            "last": axis.last + 1,
            "of": axis.size,
            "padding": [*axis.pads],
            "copied": [[first + 1, last + 1] for first, last in axis.copied],
            "at_most": one.at_most,
        }
        for one in cell.seen
        for axis in one.axes
    ]


def _number(value: Number) -> int | float | None:
    """A whole number as it is, any other as a float; None for one that JSON cannot say."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, int) else float(value)
