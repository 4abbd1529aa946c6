"""What the script of a page chooses from: for each line its words, numbers, formulas, fields and maps.

Texts that several lines share are held once.  Every number is the analysis' own.
"""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.model import Analysis, ReceptiveField, RowAnalysis
from cnncalc.analysis.seen_pixels import ROWS_AND_COLUMNS
from cnncalc.geometry import AXIS_NAMES
from cnncalc.pictures.page.page_fields import FieldTables
from cnncalc.pictures.page.page_formulas import FormulaTexts
from cnncalc.pictures.page.page_inputs import InputsOfLines
from cnncalc.pictures.page.page_rows import PageRows
from cnncalc.pictures.page.page_run import PageRun
from cnncalc.pictures.page.page_text import data_uri, shown, with_times
from cnncalc.report import notation


class Once:
    """Values with a number each; equal ones share it."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number under which the value is held."""
        return self._numbers.setdefault(value, len(self._numbers))

    @property
    def values(self) -> list[Any]:
        """All values in the order of their numbers."""
        return list(self._numbers)


def page_data(analysis: Analysis, rows: PageRows, run: PageRun | None) -> dict[str, Any]:
    """The data of a page, ready to be written as JSON."""
    fields, formulas, said, maps = FieldTables(analysis), FormulaTexts(), Once(), Once()
    inputs = InputsOfLines(analysis)
    listed = []
    for index in rows.indexes:
        row = analysis.rows[index]
        data = (
            _row_data(analysis, row)
            | inputs.said_of(row)
            | {
                "formulas": formulas.of_row(analysis, row),
                "axes": fields.of_row(row),
            }
        )
        if run is not None and index in run.maps:
            picture = run.maps[index]
            data["map"] = maps.number(data_uri(picture.data, picture.media))
            data["about"] = said.number(with_times(picture.about))
        listed.append(data)
    seen = analysis.totals.inputs[0].spatial if analysis.totals.inputs else ()
    return {
        "rows": listed,
        "folded": rows.folded,
        "formulas": formulas.around,
        "fields": fields.as_data(),
        "maps": maps.values,
        "abouts": said.values,
        "input": seen,
        "of": inputs.first,
        "axes": [ROWS_AND_COLUMNS[name] for name in AXIS_NAMES[len(seen)]],
        "first": _first_chosen(analysis, rows),
    }


def _row_data(analysis: Analysis, row: RowAnalysis) -> dict[str, Any]:
    order, figures = analysis.graph.order, row.figures
    field = row.receptive_field
    return {
        "i": row.row.index,
        "text": shown(row.row.text),
        "name": shown(row.row.label or row.nodes[0].node.name),
        "in": with_times(notation.shapes(row.inputs, order)) if row.inputs else "",
        "out": with_times(row.output.text(order)),
        "params": figures.counted_params(analysis.graph.count),
        "macs": figures.cost.macs,
        "size": figures.activation_size,
        "places": row.output.spatial,
        "field": _sorted_by(field),
        "whole": with_times(notation.field_size(field)) if field is not None else "",
        "most": row.nodes[-1].fields_at_most,
    }


def _sorted_by(field: ReceptiveField | None) -> int | str | None:
    """By what the column of fields is sorted: what stands in it; None where nothing does."""
    if field is None:
        return None
    if field.whole and not field.seen:
        return "whole"
    return max(field.seen if field.whole else field.size)


def _first_chosen(analysis: Analysis, rows: PageRows) -> int:
    """The line that is chosen when the page opens: the first that makes a map."""
    maps = (index for index in rows.indexes if analysis.rows[index].inputs and analysis.rows[index].output.rank)
    return next(maps, rows.indexes[0] if rows.indexes else 0)
