"""A sweep as a sheet, as CSV, as JSON, and as the series of a chart: every number is the analysis' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.analysis.model import Totals
from cnncalc.analysis.stored_bytes import Memory
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.quantities import grouped, hundredths, number
from cnncalc.questions.sweep import Sweep, SweepRow
from cnncalc.report.indented_json import indented_json
from cnncalc.report.sheet import Column, Fact, Line, Sheet


class Measure(NamedTuple):
    """One number of a variant: its name, its heading, and how it is found; `unit` is what a chart's axis has."""

    name: str
    heading: tuple[str, ...]
    words: str
    of: Callable[[Totals, Memory], int]
    keep: int
    unit: str = ""


MEASURES = (
    Measure("params", ("params",), "parameters", lambda totals, _: totals.figures.params, 0),
    Measure("macs", ("MACs",), "MACs", lambda totals, _: totals.figures.cost.macs, 0),
    Measure("flops", ("FLOPs",), "FLOPs", lambda totals, _: totals.figures.cost.flops, 2),
    Measure("activations", ("activations",), "activations", lambda totals, _: totals.figures.activation_size, 3),
    Measure("peak", ("peak", "memory"), "peak memory of activations", lambda _, found: found.peak_activations, 5, "B"),
    Measure("weights", ("weights", "memory"), "memory of the weights", lambda _, found: found.weights, 1, "B"),
)
"""What a sweep counts, in the order of its columns; `peak` are the bytes of activations that are alive at once."""

RATIO_OF = ("params", "macs")
"""The numbers whose share of the first row's is shown."""


def sweep_sheet(found: Sweep, *, exact: bool = False) -> Sheet:
    """The table; `exact`: bytes with all their digits and nothing rounded, for a spreadsheet."""
    columns = tuple(_columns(found, exact=exact))
    lines = tuple(Line(tuple(_cells(found, row, exact=exact))) for row in found.rows)
    where = "" if found.title == found.source.shown else printable(found.source.shown)
    return Sheet(printable(found.title), where, columns, lines, (), tuple(_foot(found)))


def _columns(found: Sweep, *, exact: bool) -> Iterator[Column]:
    for place, name in enumerate(found.varied):
        yield Column(name, (printable(name),), "text" if place == 0 else "number")
    for measure in MEASURES:
        in_bytes = measure.unit == "B"
        heading = (*measure.heading, *(["bytes" if exact else "MB"] if in_bytes else []))
        yield Column(measure.name, heading, right=True, keep=measure.keep)
        if measure.name in RATIO_OF and not exact:
            yield Column(f"{measure.name} ratio", ("of the", "first"), right=True, keep=4)
    yield Column("output", ("output",), keep=6)
    if any(row.fault for row in found.rows):
        yield Column("fault", ("does not fit",), keep=0)


def _cells(found: Sweep, row: SweepRow, *, exact: bool) -> Iterator[str]:
    yield from (printable(value) for _, value in row.variant.values)
    for measure in MEASURES:
        amount = amount_of(row, measure)
        yield "" if amount is None else _written(amount, measure, exact=exact)
        if measure.name in RATIO_OF and not exact:
            yield _ratio(amount, _first(found, measure))
    yield "" if row.totals is None else " ".join(shape.text() for shape in row.totals.outputs)
    if any(one.fault for one in found.rows):
        yield "" if row.fault is None else printable(row.fault.message)


def amount_of(row: SweepRow, measure: Measure) -> int | None:
    """The number of a variant; None for one that does not fit."""
    if row.totals is None or row.memory is None:
        return None
    return measure.of(row.totals, row.memory)


def _written(amount: int, measure: Measure, *, exact: bool) -> str:
    if exact:
        return str(amount)
    return hundredths(Fraction(amount, 10**6)) if measure.unit == "B" else grouped(amount)


def _first(found: Sweep, measure: Measure) -> int | None:
    return next((amount for row in found.rows if (amount := amount_of(row, measure)) is not None), None)


def _ratio(amount: int | None, first: int | None) -> str:
    return "" if amount is None or not first else f"x {hundredths(Fraction(amount, first))}"


def _foot(found: Sweep) -> Iterator[Fact]:
    batch = "of a whole batch" if "batch" in found.varied else "for one image"
    yield Fact("Counts", f"MACs, FLOPs and activations are {batch}; memory is for {found.dtype}, 1 MB = 10^6 bytes")
    yield Fact("Peak memory", "the activations that are alive at once, without the weights", of=("peak",))
    if found.until is not None:
        yield Fact("--until", f"every network ends with {printable(found.until)}")
    misfits = [row for row in found.rows if row.fault]
    if misfits:
        yield Fact("Does not fit", f"{len(misfits)} of {len(found.rows)} variants", "warning")


def sweep_json(found: Sweep) -> str:
    """Every variant with its values and numbers; a variant that does not fit has a `fault` and no numbers."""
    answer = {
        "network": found.source.shown,
        "title": found.title,
        "dtype": found.dtype,
        "varied": list(found.varied),
        **({} if found.until is None else {"until": found.until}),
        "variants": [_object(row) for row in found.rows],
    }
    return indented_json(answer)


def _object(row: SweepRow) -> dict[str, Any]:
    if row.totals is None:
        message = row.fault.message if row.fault else ""
        return {"values": dict(row.variant.values), "fault": message}
    return {
        "values": dict(row.variant.values),
        **{measure.name: amount_of(row, measure) for measure in MEASURES},
        "output": [list(shape.sizes()) for shape in row.totals.outputs],
    }


def measure_named(name: str) -> Measure:
    """The measure of this name; raises InputError."""
    found = next((one for one in MEASURES if one.name == name.lower()), None)
    if found is None:
        known = ", ".join(one.name for one in MEASURES)
        raise input_error("wrong-value", f"a sweep has no `{printable(name[:40])}`", help=f"it has {known}")
    return found


class Curve(NamedTuple):
    """A series of a chart: what is the same along it, and its points."""

    name: str
    points: tuple[tuple[float, float], ...]


def curves(found: Sweep, measure: Measure) -> tuple[str, tuple[Curve, ...]]:
    """What a chart of a sweep runs along, and its curves: one for each choice of all other values.

    It runs along the numbers that have the most values.  Raises InputError where nothing that is varied is a number.
    """
    along = max(found.varied, key=lambda name: _numbers(found, name))
    if _numbers(found, along) < 1:
        message = "there are no numbers to draw along: what is varied has no size"
        raise input_error("wrong-value", message, help="vary a number: --input 96..320:32 or --set alpha=0.5,1")
    points: dict[str, list[tuple[float, float]]] = {}
    for row in found.rows:
        amount, place = amount_of(row, measure), _number(dict(row.variant.values)[along])
        others = ", ".join(f"{name} {value}" for name, value in row.variant.values if name != along)
        if amount is not None and place is not None:
            points.setdefault(printable(others or measure.words), []).append((place, float(amount)))
    return along, tuple(Curve(name, tuple(sorted(each))) for name, each in points.items())


def _numbers(found: Sweep, name: str) -> int:
    """How many different numbers a name has; 0 where one of its values is none."""
    values = {dict(row.variant.values)[name] for row in found.rows}
    return 0 if any(_number(value) is None for value in values) else len(values)


def _number(value: str) -> float | None:
    """A value as a place on an axis: a number, and of a square size its side."""
    sides = set(value.lower().split("x"))
    plain = number(sides.pop()) if len(sides) == 1 else None
    return None if plain is None else float(plain)
