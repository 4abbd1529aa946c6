"""What a machine can do at best with a net, as a sheet and as JSON: each line's time, and what bounds it.

Every time is counted in `cnncalc.analysis.roofline`; here it gets its unit and its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.roofline import LineTime, Roofline
from cnncalc.layers.base import counted
from cnncalc.quantities import grouped, hundredths, percent, with_unit
from cnncalc.report.columns import COLUMNS, View
from cnncalc.report.entries import Entry, entries, total
from cnncalc.report.folding import folded
from cnncalc.report.indented_json import indented_json
from cnncalc.report.notation import octets
from cnncalc.report.sheet import Cell, Column, Fact, Line, Share, Sheet, Subtotal
from cnncalc.report.summary import moved_in_words, safe_cell, titles

UNITS = (("s", 0), ("ms", 3), ("µs", 6), ("ns", 9))
"""Units of time, and how many tens make one second of them."""

SCALE = 10**9
"""Parts of a share of time: a bar is drawn of whole numbers."""


def roofline_sheet(analysis: Analysis, found: Roofline, *, every_copy: bool = False, exact: bool = False) -> Sheet:
    """The table; `exact`: plain numbers of every layer, for a spreadsheet."""
    every = entries(analysis)
    if exact:
        shown = [entry for entry in every if entry.is_layer]
    else:
        shown = list(every) if every_copy else folded(analysis, every)
    view = View(
        analysis.graph.source,
        analysis.graph.order,
        analysis.totals.figures,
        plain_digits=exact,
        units=True,
        windows=False,
        dtype=found.dtype,
    )
    title, subtitle = titles(analysis)
    lines = tuple(_line(entry, found, view) for entry in shown)
    totals = (Line(tuple(_cells(total(analysis), found.total, found, view)), "total"),)
    return Sheet(
        title, subtitle, _columns("s" if exact else _unit(found)[0], exact=exact), lines, totals, tuple(_foot(found))
    )


def _columns(unit: str, *, exact: bool) -> tuple[Column, ...]:
    found = (
        Column("layer", ("layer",), "text"),
        Column("flops", ("FLOPs",), right=True, keep=2),
        Column("bytes", ("bytes",), right=True, keep=2),
        Column("intensity", ("FLOPs", "a byte"), right=True, keep=3),
        Column("bound", ("bound", "by"), "text"),
        Column("seconds" if exact else "time", ("time", unit), right=True),
        Column("share", ("share",), right=True, keep=1),
    )
    if exact:
        return Column("line", ("line",), right=True), Column("name", ("name",), "text"), *found
    return *found, Column("bar", (), "bar", share_of="time")


def _line(entry: Entry, found: Roofline, view: View) -> Line:
    if entry.figures is None:
        return Line(tuple(_cells(entry, None, found, view)), "faint" if entry.kind == "empty" else "plain")
    time = found.lines[entry.row] if entry.kind == "row" else found.of(entry.figures, entry.rows)
    return Line(tuple(_cells(entry, time, found, view)), "header" if entry.kind == "header" else "plain")


def _cells(entry: Entry, time: LineTime | None, found: Roofline, view: View) -> Iterator[Cell]:
    names = ("line", "name", "layer") if view.plain_digits else ("layer",)
    yield from (safe_cell(COLUMNS[name].cell(entry, view)) for name in names)
    if time is None or not (time.seconds or view.plain_digits):
        yield from [""] * (6 if view.plain_digits else 7)
        return
    yield from (COLUMNS[name].cell(entry, view) for name in ("flops", "bytes", "intensity"))
    yield "" if entry.kind in ("header", "total") else time.bound
    share = found.share(time)
    written = f"{float(time.seconds):.6g}" if view.plain_digits else hundredths(time.seconds * 10 ** _unit(found)[1])
    both = (written, f"{float(share):.6g}" if view.plain_digits else percent(share))
    yield from (Subtotal(one) if entry.kind == "header" else one for one in both)
    if not view.plain_digits:
        yield "" if entry.kind == "total" else Share(round(share * SCALE), SCALE)


def _foot(found: Roofline) -> Iterator[Fact]:
    machine, whole = found.machine, found.total
    ridge = hundredths(machine.ridge)
    yield Fact(
        "Machine",
        f"{with_unit(machine.peak, 'FLOP/s')}, a multiply-add being 2 FLOPs, and "
        f"{with_unit(machine.bandwidth, 'B/s')} between memory and processor",
    )
    yield Fact("Ridge", f"{ridge} FLOPs a byte: a line with fewer is bound by memory, one with more by arithmetic")
    yield Fact("Rule", "a line takes at least FLOPs / peak, and at least bytes / bandwidth: the longer of the two")
    yield Fact("Moved", moved_in_words(found.dtype))
    if not whole.seconds:
        yield Fact("Time", "none: no line computes or moves anything")
        return
    for bound, name in (("compute", "arithmetic"), ("memory", "memory")):
        seconds = found.seconds_bound_by(bound)  # type: ignore[arg-type]
        lines = sum(line.bound == bound for line in found.lines)
        part = f"{percent(seconds / whole.seconds)} of the time"
        yield Fact(f"By {name}", f"{counted(lines, 'line')}, {time_text(seconds)}, {part}")
    batch = f" for {grouped(found.batch)} images" if found.batch > 1 else ""
    best = found.images_per_second
    assert best is not None  # some time passes
    yield Fact("Time", f"at least {time_text(whole.seconds)}{batch}: at most {_rate(best)} images a second")
    yield Fact(
        "Work",
        f"{with_unit(whole.flops, 'FLOPs')} and {octets(whole.bytes)} moved{batch}: {with_unit(whole.rate, 'FLOP/s')}",
    )


def time_text(seconds: Fraction) -> str:
    """A time with its unit.

    >>> time_text(Fraction(3, 2)), time_text(Fraction(3, 2000)), time_text(Fraction(3, 2 * 10**6))
    ('1.50 s', '1.50 ms', '1.50 µs')
    """
    unit, power = next((one for one in UNITS if seconds * 10 ** one[1] >= 1), UNITS[-1])
    return f"{hundredths(seconds * 10**power)} {unit}"


def _unit(found: Roofline) -> tuple[str, int]:
    """The unit of the column of times, and its power of ten: the whole has four digits before the point at most."""
    for unit, power in reversed(UNITS):
        if found.total.seconds * 10**power < (10**5 if unit == "µs" else 10**3):
            return unit, power
    return UNITS[0]


def _rate(rate: Fraction) -> str:
    return grouped(round(rate)) if rate >= 100 else hundredths(rate)


# ---------------------------------------------------------------------- JSON
def roofline_json(analysis: Analysis, found: Roofline) -> str:
    """Exact FLOPs and bytes; times in seconds."""
    machine, whole = found.machine, found.total
    best = found.images_per_second
    said = {
        "cnncalc": 1,
        "network": analysis.graph.source.name,
        "dtype": found.dtype,
        "batch": found.batch,
        "peak_flops_per_second": float(machine.peak),
        "bandwidth_bytes_per_second": float(machine.bandwidth),
        "ridge_flops_per_byte": float(machine.ridge),
        **_object(whole, found),
        "compute_bound_seconds": float(found.seconds_bound_by("compute")),
        "memory_bound_seconds": float(found.seconds_bound_by("memory")),
        "images_per_second": None if best is None else float(best),
        "layers": [
            {
                "name": row.nodes[0].node.name,
                "line": row.row.origin.span.line,
                "text": row.row.text,
                **_object(line, found),
                "bound": line.bound,
                "compute_seconds": float(line.compute_seconds),
                "memory_seconds": float(line.memory_seconds),
            }
            for row, line in zip(analysis.rows, found.lines, strict=True)
        ],
    }
    return indented_json(said)


def _object(time: LineTime, found: Roofline) -> dict[str, Any]:
    return {
        "flops": time.flops,
        "bytes": time.bytes,
        "intensity": None if time.intensity is None else float(time.intensity),
        "seconds": float(time.seconds),
        "share": float(found.share(time)),
    }
