"""One number of a line's result, worked out below the line's formulas: `cnncalc explain MODEL LINE --at row,column`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.by_hand import values, without_definition
from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.analysis.seen_pixels import seen_lines, seen_pixels
from cnncalc.analysis.worked_cells import line_names, worked
from cnncalc.analysis.worked_cells.addresses import address_of, cell_name, nth
from cnncalc.analysis.worked_cells.setting import lines_of
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.report.canvas import Canvas

OWN_NUMBERS = {"learned": "an array of learned numbers", "constant": "a constant"}
"""Layers that read nothing and are no input, by their word."""


def cell_lines(analysis: Analysis, row: RowAnalysis, at: str | None, canvas: Canvas) -> Iterator[str]:
    """The number at an address, the first one where none is given; nothing for a line whose numbers are not known.

    Raises InputError for an address that the result does not have, or where its numbers are asked for and not known.
    """
    known = values(analysis)
    if row.row.last not in known or not row.inputs:
        if at is not None:
            raise numbers_unknown(analysis, row)
        return
    address = nth(0, row.output) if at is None else address_of(at, row.output)
    yield canvas.paint(f"{cell_name(address, row.output)}, worked out:", "block")
    for line in lines_of(worked(row.nodes, known.get, *address, name=line_names(analysis))):
        yield from (f"  {part}" for part in wrapped(line, canvas.width and canvas.width - 2, 4))
    channel, place = address
    for line in seen_lines(seen_pixels(analysis, row.nodes[-1], place, channel)):
        yield from wrapped(line, canvas.width)


def no_layer(place: str) -> InputError:
    """The error for a line of the text that is no layer."""
    return input_error(
        "values-unknown",
        f"there is no layer at `{printable(place)}`: nothing is worked out there",
        help="name a line with a layer, by its label, its name or its number",
    )


def numbers_unknown(analysis: Analysis, row: RowAnalysis) -> InputError:
    """The error for a number that is asked for where none is worked out, with the reason."""
    name, first = row.row.label or row.nodes[0].node.name, without_definition(analysis, row.row.last)
    why = "its picture, or a weight on the way to it, is not stated in the text"
    advice = "write the picture as `data x = [1 2; 3 4]` with `input from x`, and the weights as `filter=[...]`"
    if not row.inputs:
        kind = OWN_NUMBERS.get(row.nodes[0].node.layer.word, "an input")
        message = f"nothing is worked out at {name}: it is {kind}"
        return input_error("values-unknown", message, help="name a line below it")
    if first is not None:
        why, advice = f"`{first.node.layer.word}` is not worked out by hand", "`cnncalc run` computes its numbers"
    return input_error("values-unknown", f"the numbers of {name} are not known: {why}", help=advice)
