"""The steps of a `values` answer: one of its numbers worked out, the first wrong one unless another is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cnncalc.asked import quantity_of
from cnncalc.asked.value_answers import CellOf, ValuesOf
from cnncalc.diagnostics import InputError, input_error
from cnncalc.homework.findings import Finding
from cnncalc.homework.truth import Truth
from cnncalc.matrices import Matrix

if TYPE_CHECKING:
    from cnncalc.analysis.model import RowAnalysis
    from cnncalc.analysis.worked_cells.addresses import Address

_NAMED = re.compile(r"(channel|row|column|number) ([0-9]+)")


def cell_steps(finding: Finding, truth: Truth, at: str | None) -> Iterator[str]:
    """The number worked out in lines; nothing where no numbers were asked for, or none are known.

    Of a result that has no number at that address the first wrong one is worked out.
    """
    row = _row(finding, truth)
    if row is None:
        return
    from cnncalc.analysis.seen_pixels import seen_lines, seen_pixels  # noqa: PLC0415 - few nets ask for values
    from cnncalc.analysis.worked_cells import line_names, worked  # noqa: PLC0415
    from cnncalc.analysis.worked_cells.addresses import cell_name, nth  # noqa: PLC0415
    from cnncalc.analysis.worked_cells.setting import lines_of  # noqa: PLC0415

    asked = quantity_of(finding.answer)
    at = ",".join(map(str, asked.indices)) if isinstance(asked, CellOf) else at
    address = (None if at is None else _address(row, at)) or nth(_first_wrong(finding), row.output)
    yield f"{cell_name(address, row.output)}, worked out:"
    yield from lines_of(worked(row.nodes, truth.values, *address, name=line_names(truth.analysis)))
    channel, place = address
    yield from seen_lines(seen_pixels(truth.analysis, row.nodes[-1], place, channel))


def some_cell(findings: Iterable[Finding], truth: Truth, at: str) -> None:
    """Raises InputError where no result that is asked about has a number at this address."""
    from cnncalc.analysis.worked_cells.addresses import address_of  # noqa: PLC0415 - few nets ask for values

    rows = [row for finding in findings if (row := _row(finding, truth)) is not None]
    if not rows:
        raise input_error(
            "values-unknown", "no answer here is about numbers that are known", help="`--at` is for `values` answers"
        )
    if all(_address(row, at) is None for row in rows):
        address_of(at, rows[0].output)


def _address(row: RowAnalysis, at: str) -> Address | None:
    from cnncalc.analysis.worked_cells.addresses import address_of  # noqa: PLC0415 - few nets ask for values

    try:
        return address_of(at, row.output)
    except InputError:
        return None


def _row(finding: Finding, truth: Truth) -> RowAnalysis | None:
    """The line whose numbers an answer is about, where they are known and something is worked out there."""
    subject = truth.subject(finding.place.kind, finding.place.index)
    asks_numbers = isinstance(quantity_of(finding.answer), ValuesOf | CellOf)
    if not asks_numbers or subject is None or subject.node is None or finding.right is None:
        return None
    node = subject.node
    row = next((row for row in truth.analysis.rows if row.row.first <= node <= row.row.last), None)
    return row if row is not None and row.inputs else None


def _first_wrong(finding: Finding) -> int:
    """The first wrong number of a matrix, counted channel by channel; the very first where none is named."""
    wrong = sorted(finding.verdict.wrong, key=lambda name: name.endswith("(open)"))
    given, named = finding.answer.given, dict(_NAMED.findall(wrong[0]) if wrong else ())
    if "number" in named:
        return int(named["number"]) - 1
    if not isinstance(given, Matrix) or "row" not in named:
        return 0
    plane, row, column = (int(named.get(name, 1)) - 1 for name in ("channel", "row", "column"))
    return (plane * given.rows + row) * given.columns + column
