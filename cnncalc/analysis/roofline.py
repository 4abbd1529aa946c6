"""The least time that a machine needs for each line: its arithmetic or its memory, whichever takes longer.

A line takes at least FLOPs / peak and at least bytes / bandwidth; the larger of the two bounds it (Williams, Waterman
and Patterson 2009, the roofline model).  Lines run one after the other.  Times are exact fractions of a second; what a
program loses beyond them (kernels that start, caches that are missed) is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

from cnncalc.analysis.model import Analysis, Figures
from cnncalc.analysis.stored_bytes import DType
from cnncalc.analysis.traffic import intensity, moved_bytes
from cnncalc.diagnostics import input_error
from cnncalc.stated_numbers import amount, positive, setting

Bound = Literal["compute", "memory", "neither"]


class Machine(NamedTuple):
    """`peak` FLOPs a second, a multiply-add being two of them, and `bandwidth` bytes a second between memory and it."""

    peak: Fraction
    bandwidth: Fraction

    @property
    def ridge(self) -> Fraction:
        """FLOPs a byte from which on arithmetic is the bound."""
        return self.peak / self.bandwidth

    def attainable(self, intensity: Fraction) -> Fraction:
        """FLOPs a second that are possible at most at this intensity."""
        return min(self.peak, intensity * self.bandwidth)


class LineTime(NamedTuple):
    """One line, or several one after the other, for the whole batch."""

    flops: int
    bytes: int
    seconds: Fraction
    compute_seconds: Fraction
    memory_seconds: Fraction
    intensity: Fraction | None

    @property
    def bound(self) -> Bound:
        """Which of the two takes longer; of several lines, which of them takes longer in all."""
        if not self.seconds:
            return "neither"
        return "compute" if self.compute_seconds >= self.memory_seconds else "memory"

    @property
    def rate(self) -> Fraction:
        """FLOPs a second."""
        return self.flops / self.seconds if self.seconds else Fraction(0)


class Roofline(NamedTuple):
    """Every line of a net on a machine, and all of them one after the other."""

    machine: Machine
    dtype: DType
    batch: int
    lines: tuple[LineTime, ...]
    total: LineTime

    @property
    def images_per_second(self) -> Fraction | None:
        return self.batch / self.total.seconds if self.total.seconds else None

    def seconds_bound_by(self, bound: Bound) -> Fraction:
        """The time of all lines that this bounds."""
        return sum((line.seconds for line in self.lines if line.bound == bound), Fraction(0))

    def share(self, line: LineTime) -> Fraction:
        """Of the time of the whole net."""
        return line.seconds / self.total.seconds if self.total.seconds else Fraction(0)

    def of(self, figures: Figures, rows: range) -> LineTime:
        """Several lines one after the other, by the sum of their figures."""
        return _together(figures, self.dtype, self.lines[rows.start : rows.stop])


def stated_machine(peak: str | float, bandwidth: str | float) -> Machine:
    """The machine that is stated as `10T` or `10TFLOPS` and `900G` or `900GB/s`, or as numbers.

    Raises InputError for what is no such number, for 0, and for a text without any unit.

    >>> stated_machine("10TFLOPS", "900GB/s").ridge, stated_machine(1e13, 9e11).ridge
    (Fraction(100, 9), Fraction(100, 9))
    """
    return Machine(_rate(peak, "--peak", "flops", "10T"), _rate(bandwidth, "--bandwidth", "bytes", "900G"))


def _rate(given: str | float, option: str, unit: str, example: str) -> Fraction:
    if not isinstance(given, str):
        return positive(given, option, example)
    found = amount(given, option, unit, example)
    if not found.value:
        raise input_error(
            "unreadable-number",
            f"{option}: with 0 {'FLOPs' if unit == 'flops' else 'bytes'} a second nothing is ever done",
            help=f"write for example {setting(option, example)}",
        )
    return found.value


def roofline(analysis: Analysis, machine: Machine, dtype: DType = "float32") -> Roofline:
    """The times of every line for as many images as the analysis is for."""
    lines = tuple(_line_time(row.figures, machine, dtype) for row in analysis.rows)
    return Roofline(machine, dtype, analysis.batch, lines, _together(analysis.totals.figures, dtype, lines))


def _line_time(figures: Figures, machine: Machine, dtype: DType) -> LineTime:
    moved = moved_bytes(figures, dtype)
    compute, memory = figures.cost.flops / machine.peak, moved / machine.bandwidth
    return LineTime(figures.cost.flops, moved, max(compute, memory), compute, memory, intensity(figures, dtype))


def _together(figures: Figures, dtype: DType, lines: Iterable[LineTime]) -> LineTime:
    found = tuple(lines)
    return LineTime(
        figures.cost.flops,
        moved_bytes(figures, dtype),
        sum((line.seconds for line in found), Fraction(0)),
        sum((line.seconds for line in found if line.bound == "compute"), Fraction(0)),
        sum((line.seconds for line in found if line.bound == "memory"), Fraction(0)),
        intensity(figures, dtype),
    )
