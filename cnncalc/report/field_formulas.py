"""A line's receptive field in formulas: its step from what arrives, and the sum of all steps from the image on.

Only what is told and in which order: `cnncalc.report.explanation` sets it in lines.  Sizes, terms and the way to a
global layer are the analysis' own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.model import Analysis, NodeAnalysis, ReceptiveField, RowAnalysis
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import AXIS_NAMES, AxisWindow
from cnncalc.layers.base import Formula
from cnncalc.quantities import exact
from cnncalc.report import notation
from cnncalc.report.entries import global_layer

if TYPE_CHECKING:
    from cnncalc.analysis.field_terms import FieldTerm


class Heading(NamedTuple):
    """What the formulas that follow are about, along which axes."""

    name: str
    text: str = ""


Told = Formula | Heading | tuple[str, str]
"""A formula, a heading, or a name in the margin with a text beside it."""


def told_fields(analysis: Analysis, row: RowAnalysis, *, summed: bool) -> Iterator[Told]:
    """What there is to tell of the line's field; axes that are alike are told once."""
    field = row.receptive_field
    if field is None:
        return
    if field.whole:
        yield from _whole(analysis, field)
    if not field.local:
        return
    axes = range(len(field.size))
    steps = [tuple(_axis_field(analysis, row, n)) for n in axes]
    yield from _by_axes(steps, "receptive field")
    if any(formula.symbols for formulas in steps for formula in formulas):
        yield "", "(r, j and c are size, jump and start of what arrives)"
    if summed:
        yield from _by_axes([tuple(_sum(analysis, row, n)) for n in axes], "field size as a sum")
    if field.at_most:
        yield "", "(at most: channels are picked that may see less than others)"


def _by_axes(lines: Sequence[tuple[Told, ...]], heading: str) -> Iterator[Told]:
    """The lines of every axis, those of axes that are alike once; with headings where axes differ."""
    told: dict[tuple[Told, ...], list[str]] = {}
    for own, axis in zip(lines, AXIS_NAMES[len(lines)], strict=True):
        told.setdefault(own, []).append(axis)
    for own, axes in told.items():
        if len(told) > 1 and own:
            yield Heading(f"{heading}, {', '.join(axes)}")
        yield from own


def _whole(analysis: Analysis, field: ReceptiveField) -> Iterator[Told]:
    """Over which layer every value sees the whole image, and what the numbers that follow are about."""
    over = global_layer(analysis, field)
    pads = "" if field.local else f"; {notation.sizes(field.size)} with its pads"
    most = "at most " if field.at_most and not field.local else ""
    yield "field", f"{most}{notation.whole_field(field)}, over {over}{pads}"
    if field.local:
        yield "", "over local paths alone:"


def _axis_field(analysis: Analysis, row: RowAnalysis, n: int) -> Iterator[Formula]:
    """Size, jump and first centre; with their formulas where the line is a plain window over what arrives."""
    field = row.receptive_field
    if field is None:
        return
    values = (Fraction(field.size[n]), field.jump[n], field.start[n])
    steps = _steps(row.nodes[0], _field_before(analysis, row, n), n)
    grown, numbers = steps if steps is not None else ((), ("",) * 3)
    plain = grown != values
    for name, symbols, put_in, value in zip(_FIELD_NAMES, _FIELD_SYMBOLS, numbers, values, strict=True):
        yield Formula(name, "" if plain else symbols, "" if plain else put_in, exact(value))


_FIELD_NAMES = ("field size", "field jump", "field start")
"""`start` is the centre of the first field."""
_FIELD_SYMBOLS = ("r + (extent - 1) * j", "j * stride", "c + ((extent - 1) / 2 - p_before) * j")


def _steps(
    node: NodeAnalysis, before: tuple[Fraction, Fraction, Fraction] | None, n: int
) -> tuple[tuple[Fraction, ...], tuple[str, str, str]] | None:
    """What the formulas give, and the formulas with the numbers put in: r, j, c are those that arrive."""
    window = _window(node, n)
    if window is None or before is None or window.denominator != 1:
        return None
    r, j, c = before
    reach = window.high - window.low
    grown = (r + reach * j, j * window.numerator, c + Fraction(window.low + window.high, 2) * j)
    numbers = (
        f"{exact(r)} + ({reach + 1} - 1) * {exact(j)}",
        f"{exact(j)} * {window.numerator}",
        f"{exact(c)} + (({reach + 1} - 1) / 2 - {-window.low}) * {exact(j)}",
    )
    return grown, numbers


def _window(node: NodeAnalysis, n: int) -> AxisWindow | None:
    window = node.node.layer.window(node.inputs) if len(node.inputs) == 1 else None
    return window[n] if isinstance(window, tuple) and n < len(window) else None


def _field_before(analysis: Analysis, row: RowAnalysis, n: int) -> tuple[Fraction, Fraction, Fraction] | None:
    """Size, jump and first centre of what arrives, along one axis."""
    sources = row.nodes[0].node.inputs
    field = analysis.nodes[sources[0]].receptive_field if len(sources) == 1 else None
    return None if field is None else (Fraction(field.size[n]), field.jump[n], field.start[n])


def _sum(analysis: Analysis, row: RowAnalysis, n: int) -> Iterator[Told]:
    """The size as 1 and what every layer on the way adds; equal terms that follow one another stand in one line."""
    from cnncalc.analysis.field_terms import field_terms  # noqa: PLC0415 (only `explain` adds them up)

    terms = field_terms(analysis.nodes, row.row.last, n)
    field = row.receptive_field
    if len(terms) < 2 or field is None:
        return
    runs = [(_term(alike[0], len(alike)), alike) for alike in (list(run) for _, run in groupby(terms, key=_kind))]
    room = max(len(written) for written, _ in runs)
    yield "as a sum", "= 1 + sum of (k - 1) * product of the strides before, layer by layer"
    yield "", "= 1"
    yield from (("", f"+ {written:<{room}}  {_names(alike)}") for written, alike in runs)
    yield "", f"= {field.size[n]}"


def _kind(term: FieldTerm) -> tuple[int, int, Fraction]:
    return term.growth, term.extent, term.jump


def _term(term: FieldTerm, times: int) -> str:
    """`(3 - 1) * 4 = 8`, or what is added where it is no window's doing; `3 * ...` for three layers alike."""
    one = f"({term.extent} - 1) * {exact(term.jump)}" if term.extent else str(term.growth)
    written = f"{times} * {one}" if times > 1 else one
    return f"{written} = {times * term.growth}" if written != str(term.growth) else written


def _names(alike: list[FieldTerm]) -> str:
    first, last = alike[0].node.node.name, alike[-1].node.node.name
    return printable(first if len(alike) == 1 else f"{first} to {last}")
