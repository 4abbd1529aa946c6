"""A table as data: columns, lines of cells and the words around them.

`summary` and `run` fill a sheet; `layout` fits one to a width, `exports` writes one as Markdown, LaTeX or CSV.  Cells
are finished text: whoever shows a sheet never sees a shape or a count.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Role = Literal["text", "number", "bar", "mark"]
"""text may be shortened; a number never is; a bar may be narrowed or left out; a mark is one sign wide."""

LineStyle = Literal["plain", "header", "faint", "rest", "total", "note"]
"""A plain line is one layer's; faint is one without numbers, rest the sum of lines that are not shown, a note words."""


class Column(NamedTuple):
    """One column.  `keep` tells which optional columns go first when space is short: the lowest; 0 never goes.

    A `restated` column says apart what the row's text says too, so it goes where that text can be shown in full.
    `share_of`: what each bar of a column of bars is a share of.
    """

    name: str
    heading: tuple[str, ...]
    role: Role = "number"
    right: bool = False
    keep: int = 0
    restated: bool = False
    share_of: str = ""


class Share(NamedTuple):
    """What a bar shows: a part of a whole."""

    part: int
    whole: int


class Phrase(NamedTuple):
    """A text with shorter forms for narrow tables.

    `brief` leaves out what other columns say too, `least` also what changes no parameters and no MACs; what is still
    too long is cut from its end.  Where anything was lost, an ellipsis says so.

    `lead` is drawn over the spaces in front where a table is drawn with lines: the branches around the text.  `aside`
    is said where there are no such lines.  `tail`, `×7`, is at the right edge and never cut.
    """

    full: str
    brief: str
    lead: str = ""
    aside: str = ""
    tail: str = ""
    least: str = ""


class Subtotal(NamedTuple):
    """A number that other lines hold already, shown in brackets."""

    number: str


Cell = str | Share | Phrase | Subtotal


class Line(NamedTuple):
    """One line of cells, one for each column."""

    cells: tuple[Cell, ...]
    style: LineStyle = "plain"


class Fact(NamedTuple):
    """One line of the foot: a name and what there is to say; with `of` only where one of these columns is shown.

    With `each` the text goes on with what it says of each of those columns, of the ones that are shown.
    """

    name: str
    text: str
    style: Literal["plain", "good", "bad", "warning"] = "plain"
    of: tuple[str, ...] = ()
    each: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """A whole table: `lines` under the columns, then `totals` below a rule, then the foot."""

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]
    foot: tuple[Fact, ...]


def facts_about(foot: tuple[Fact, ...], columns: Iterable[Column]) -> tuple[Fact, ...]:
    """The facts that are to be said below these columns."""
    shown = {column.name for column in columns}
    return tuple(_about(fact, shown) for fact in foot if not fact.of or shown.intersection(fact.of))


def _about(fact: Fact, shown: set[str]) -> Fact:
    if not fact.each:
        return fact
    parts = (part for column, part in zip(fact.of, fact.each, strict=True) if column in shown)
    return fact._replace(text=f"{fact.text} {' and '.join(parts)}")


def text_of(cell: Cell) -> str:
    """The cell in full; a bar has no text."""
    if isinstance(cell, Phrase):
        return cell.full + cell.aside + (f" {cell.tail}" if cell.tail else "")
    if isinstance(cell, Subtotal):
        return f"({cell.number})" if cell.number else ""
    return "" if isinstance(cell, Share) else cell
