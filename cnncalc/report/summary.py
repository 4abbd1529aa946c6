"""The summary of a net as a sheet: lines, totals and foot.  Every number comes from the analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.stored_bytes import DType
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Order
from cnncalc.graph.ir import Count
from cnncalc.report.answer_marks import NO_ANSWERS, Answers, mark
from cnncalc.report.column_choice import SHARING, ChosenColumns
from cnncalc.report.columns import COLUMNS, View, column
from cnncalc.report.entries import Entry, entries, total
from cnncalc.report.folding import folded
from cnncalc.report.foot import foot
from cnncalc.report.legend import legend
from cnncalc.report.sharing_facts import sharing_facts
from cnncalc.report.sheet import Cell, Column, Fact, Line, LineStyle, Phrase, Sheet, text_of

if TYPE_CHECKING:
    from cnncalc.analysis.conventions import Convention
    from cnncalc.questions.instead import AllPlain
    from cnncalc.report.ranking import Ranking


class Choices(NamedTuple):
    """What the reader asked for.  `order` None: as the file says.  `plain_digits`: the lines of a machine format.

    `every_copy`: copies are not folded; `ranking`: the layers by size in place of the net's order; `units`: `4.09 G`.
    `stops_short`: a fault ended the net early; the table says so instead of giving totals.
    """

    columns: ChosenColumns = ChosenColumns()
    expand: bool = False
    depth: int | None = None
    order: Order | None = None
    answers: Answers = NO_ANSWERS
    stops_short: bool = False
    plain_digits: bool = False
    every_copy: bool = False
    ranking: Ranking | None = None
    units: bool = False
    dtype: DType = "float32"
    convention: Convention | None = None
    """Whose work is shown in place of MACs, of an analysis that holds it, and what the foot says of it."""
    about_convention: tuple[Fact, ...] = ()
    steps: AllPlain | None = None
    """What the net does in steps in place of a convolution, for the columns of `sharing`."""
    params_as: Count | None = None
    """The framework that was asked for, by whose count the analysis shows its params."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns that are shown or sorted by."""
        return (self.ranking.columns(self.columns) if self.ranking else self.columns).names

    @property
    def asks_more(self) -> bool:
        """Whether something is asked for that an analysis does not count by itself (`cnncalc.report.asked_counts`)."""
        return self.params_as is not None or bool(set(SHARING) & set(self.column_names))


USUAL_CHOICES = Choices()


def summary_sheet(analysis: Analysis, choices: Choices = USUAL_CHOICES) -> Sheet:
    """The table with everything around it."""
    count = analysis.graph.count
    chosen = choices.ranking.columns(choices.columns) if choices.ranking else choices.columns
    chosen = chosen if choices.convention is None else _with_work(chosen)
    names = chosen.names
    view = View(
        analysis.graph.source,
        choices.order or analysis.graph.order,
        analysis.totals.figures,
        choices.plain_digits,
        count,
        units=choices.units,
        windows="window" in names,
        dtype=choices.dtype,
    )
    shown = shown_entries(analysis, choices)
    whole = total(analysis, choices.answers)
    marked = any(entry.findings for entry in (*shown, whole))
    lines = [_line(entry, names, view, marked=marked) for entry in shown]
    totals = [] if choices.stops_short else [_line(whole, names, view, marked=marked)]
    columns = tuple(_column(_headed(column(name, count), choices), pinned=name in chosen.pinned) for name in names)
    title, subtitle = titles(analysis)
    if choices.stops_short:
        lines.append(_ending(len(columns) + marked, marked=marked))
    sheet = Sheet(
        title,
        subtitle,
        (Column("mark", (), "mark"), *columns) if marked else columns,
        tuple(lines),
        tuple(totals),
        _foot(analysis, shown, names, choices),
    )
    return _without_empty_columns(sheet)


def shown_entries(analysis: Analysis, choices: Choices) -> list[Entry]:
    """The lines without the totals: a machine gets each layer, a reader identical copies once."""
    every = entries(analysis, choices.answers, expand=choices.expand, depth=choices.depth)
    if choices.depth is not None:
        every = (_with_answers_inside(entry, analysis, choices.answers) for entry in every)
    if choices.ranking is not None:
        largest = choices.ranking.lines(analysis, [entry for entry in every if entry.is_layer])
        return [entry for entry in largest if entry.is_layer] if choices.plain_digits else largest
    if choices.plain_digits:
        return [entry for entry in every if entry.is_layer]
    return list(every) if choices.every_copy else folded(analysis, every)


def _with_answers_inside(entry: Entry, analysis: Analysis, answers: Answers) -> Entry:
    """A block call that is one line is marked for the answers of the lines in it too."""
    if entry.kind != "block":
        return entry
    first, last = analysis.groups[entry.group].group.first, analysis.groups[entry.group].group.last
    rows = (found for (kind, row), found in answers.items() if kind == "row" and first <= row <= last)
    calls = (
        found for (kind, at), found in answers.items() if kind == "group" and _is_inside(analysis, at, entry.group)
    )
    return entry._replace(findings=(*entry.findings, *(one for found in (*rows, *calls) for one in found)))


def _is_inside(analysis: Analysis, inner: int, outer: int) -> bool:
    one, around = analysis.groups[inner].group, analysis.groups[outer].group
    return one.depth > around.depth and around.first <= one.first and one.last <= around.last


def _foot(analysis: Analysis, shown: list[Entry], names: tuple[str, ...], choices: Choices) -> tuple[Fact, ...]:
    if choices.stops_short:
        return tuple(_signs(analysis, shown, (), choices))  # a bar has no whole before the net is whole
    signs = _signs(analysis, shown, names, choices)
    order = choices.order or analysis.graph.order
    return foot(analysis, choices.answers, order, choices.dtype, signs, params_as=choices.params_as)


def _signs(analysis: Analysis, shown: list[Entry], names: tuple[str, ...], choices: Choices) -> Iterator[Fact]:
    """What the order, the signs and the units of the table mean."""
    if choices.ranking is not None:
        yield Fact("Sorted", choices.ranking.in_words(analysis.graph.count, " ".join(_work_heading(choices))))
    yield from legend(shown, names, depth=choices.depth)
    if {"moved", "bytes", "intensity"}.intersection(names):
        yield Fact("Moved", moved_in_words(choices.dtype), of=("moved", "bytes", "intensity"))
    if set(SHARING) & set(names):
        yield from sharing_facts(analysis, choices.steps)
    if choices.units:
        yield Fact("Units", "k is a thousand, M a million, G 10^9, T 10^12; three digits, rounded")
    if not choices.stops_short:
        yield from choices.about_convention


def moved_in_words(dtype: DType) -> str:
    """What is counted as moved between memory and processor."""
    return (
        "what a line reads (its inputs and weights) and writes, each number once and as "
        f"{dtype}; words of one line are one step, views move nothing"
    )


def titles(analysis: Analysis) -> tuple[str, str]:
    """The net's title above the file's name, or the file's name alone."""
    title, name = printable(analysis.graph.heading), printable(analysis.graph.where)
    batch = f", a batch of {analysis.batch} images" if analysis.batch > 1 else ""
    return (title, name + batch) if title else (name + batch, "")


def _with_work(chosen: ChosenColumns) -> ChosenColumns:
    """The same columns with the work of a convention in place of MACs that were not asked for by name."""
    if "work" in chosen.names:
        return chosen
    instead = {"macs": "work", "macs_share": "work_share"}
    names = [name if name in chosen.pinned else instead.get(name, name) for name in chosen.names]
    return ChosenColumns(tuple(dict.fromkeys([*names, *([] if "work" in names else ["work"])])), chosen.pinned)


def _headed(column: Column, choices: Choices) -> Column:
    """The column of work is headed by the convention and what that calls its number."""
    return column._replace(heading=_work_heading(choices)) if column.name == "work" else column


def _work_heading(choices: Choices) -> tuple[str, ...]:
    one = choices.convention
    return ("work",) if one is None else (one.name, one.counts)


def _column(column: Column, *, pinned: bool) -> Column:
    return column._replace(keep=0, restated=False) if pinned else column


_STYLES: dict[str, LineStyle] = {"header": "header", "empty": "faint", "rest": "rest", "total": "total"}


def _line(entry: Entry, names: tuple[str, ...], view: View, *, marked: bool) -> Line:
    filled: list[Cell] = []
    for name in names:
        cell = COLUMNS[name].cell(entry, view)
        filled.append(safe_cell(cell))
    signs: tuple[Cell, ...] = (mark(entry.findings),) if marked else ()
    return Line((*signs, *filled), _STYLES.get(entry.kind, "plain"))


def safe_cell(cell: Cell) -> Cell:
    """The cell without control characters: a hostile file must not steer the terminal."""
    if isinstance(cell, Phrase):
        return cell._replace(
            full=printable(cell.full),
            brief=printable(cell.brief),
            least=printable(cell.least),
            aside=printable(cell.aside),
        )
    return printable(cell) if isinstance(cell, str) else cell


def _ending(width: int, *, marked: bool) -> Line:
    said = "... the table ends here: see the error"
    return Line(tuple(said if n == int(marked) else "" for n in range(width)), "note")


def _without_empty_columns(sheet: Sheet) -> Sheet:
    """Drops a usual column in which no line has anything, as the kernels of a net of dense layers."""
    kept = [
        n for n, c in enumerate(sheet.columns) if not c.restated or any(text_of(line.cells[n]) for line in sheet.lines)
    ]

    def only(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(Line(tuple(line.cells[n] for n in kept), line.style) for line in lines)

    columns = tuple(sheet.columns[n] for n in kept)
    return Sheet(sheet.title, sheet.subtitle, columns, only(sheet.lines), only(sheet.totals), sheet.foot)
