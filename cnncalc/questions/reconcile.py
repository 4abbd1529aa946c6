"""Which count of a net, of a tool or of a net near to it a stated number is, and how sure that is.

A number is compared by its own digits: `4.11G` is every count that rounds to it, and then every count of which the
rest was cut off.  The likeliest counts are asked first, the far-fetched ones only where those explain nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from cnncalc.analysis.counting import Known, net_figures
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.questions.candidates import (
    FAR,
    USUAL_BYTES,
    Candidate,
    batch_candidates,
    combined_candidates,
    convention_candidates,
    near_candidates,
    own_candidates,
    shipped_candidates,
)
from cnncalc.questions.gaps import Gap, gap
from cnncalc.questions.near_nets import BATCHES, SIDES, NearNet, near_nets, side_of, with_side, with_usual_sides
from cnncalc.stated_numbers import StatedNumber, stated_number

Way = Literal["exact", "rounded", "cut", "zeros"]
"""How a count is the number: every digit; rounded at its last digit; cut off there; rounded before its last zeros."""

MOST_NUMBERS = 50
NEAREST = 3
MOST_REBUILT = 80_000
"""Operations of all near nets together that are made."""

MOST_COMBINED = 2500
"""Operations of all near nets together in which the conventions of tools are asked too."""

COMMON = 3.0
"""The rank up to which a change of a net is met with the conventions of tools."""

AROUND = ((Fraction(95, 100), Fraction(120, 100)), (Fraction(195, 100), Fraction(240, 100)))
"""How many times the MACs of a net its count by a convention may be."""

OWN = 1.0
"""The rank below which a count is the net's own."""

SURE, LIKELY, ANY = 2.0, 4.7, 100.0
"""Scores below which what is found so far is enough: no near nets are asked, no other sizes, nothing far-fetched."""

_OTHERS = {"exact": 0.0, "rounded": 0.0, "zeros": 0.5, "cut": 1.5}
_FITTING: dict[str, dict[str, float]] = {
    "": {"macs": 0, "flops": 0, "params": 0, "activations": 0, "connections": 0, "bytes": 2.5},
    "macs": {"macs": 0, "flops": 2.5},
    "flops": {"flops": 0, "macs": 0.5},
    "params": {"params": 0},
    "activations": {"activations": 0},
    "bytes": {"bytes": 0},
}
"""What is written after a number -> what it may count, and how far-fetched that is."""


class Finding(NamedTuple):
    """One count that the number is.

    `digits` of it agree; `score` is how far-fetched it is (0: the net's own count).  `mislabelled` is the unit that is
    meant where MB is written for MiB, or the other way round; `same` are other candidates with the same count.
    """

    candidate: Candidate
    way: Way
    digits: int
    score: float
    mislabelled: str = ""
    same: tuple[Candidate, ...] = ()
    gap: Gap | None = None


class Reconciled(NamedTuple):
    """A stated number with everything that it may be, the likeliest first; where that is nothing, the `nearest`.

    `elsewhere` are counts of other networks that ship, which say nothing about this one.
    """

    stated: StatedNumber
    findings: tuple[Finding, ...]
    nearest: tuple[Candidate, ...] = ()
    elsewhere: tuple[Candidate, ...] = ()


class Reconciliation(NamedTuple):
    """The answers for all numbers about one net; `bounded` where it was too large for every near net to be made."""

    analysis: Analysis
    numbers: tuple[Reconciled, ...]
    bounded: bool = False

    @property
    def explained(self) -> bool:
        return all(number.findings for number in self.numbers)


def stated_counts(numbers: Sequence[str]) -> tuple[StatedNumber, ...]:
    """The numbers as they are stated; raises InputError for what is none, for a rate, and for too many of them."""
    if not numbers:
        message = "no number is given"
        raise input_error("unreadable-number", message, help="write numbers after the network: 4.11G 25.6M 98MB")
    if len(numbers) > MOST_NUMBERS:
        message = f"{len(numbers):,} numbers are given; at most {MOST_NUMBERS} are looked for at once"
        raise input_error("unreadable-number", message, help="give fewer of them")
    found = tuple(stated_number(text) for text in numbers)
    for one in found:
        if one.per_second:
            message = f"`{one.text}` is a rate, and a network has counts"
            raise input_error("unreadable-number", message, help="leave `/s` out")
        if one.value.denominator > 1 and one.unit != "bytes":
            message = f"`{one.text}` is no count: counts are whole numbers"
            digits = one.text.split()[0].rstrip("abcdefghijklmnopqrstuvwxyz-")
            advice = f"write its unit after it: {digits}G, {digits}M or {digits}MB"
            raise input_error("unreadable-number", message, help=advice)
        if not one.value:
            raise input_error("unreadable-number", f"`{one.text}` is no count to look for", help="give one above 0")
    return found


def reconciled(
    analysis: Analysis,
    numbers: Sequence[StatedNumber],
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
    *,
    every: bool = False,
) -> Reconciliation:
    """What each number is.  `every`: near nets are looked through also where the net itself explains a number."""
    known = KnownCounts(analysis, input_size, settings or {})
    answers = tuple(_reconciled(known, one, every=every) for one in numbers)
    return Reconciliation(analysis, answers, known.bounded)


def _reconciled(known: KnownCounts, stated: StatedNumber, *, every: bool) -> Reconciled:
    stages: tuple[tuple[float, float, Callable[[], Iterable[Candidate]]], ...] = (
        (ANY, ANY, lambda: known.plain),
        (SURE, 0, lambda: known.near),
        (LIKELY, 0, lambda: known.sizes),
        (ANY, ANY, lambda: known.far(stated)),
        (ANY, ANY, lambda: known.combined(stated)),
    )
    findings, asked = list[Finding](), list[Candidate]()
    for enough, enough_of_every, stage in stages:
        best = min((one.score for one in findings if one.candidate.rank < FAR), default=ANY)
        if best < (enough_of_every if every else enough):
            continue
        new = list(stage())
        asked += new
        findings += filter(None, (found(stated, candidate) for candidate in new))
    merged = _merged(findings)
    here = [one for one in merged if one.candidate.rank < FAR]
    elsewhere = tuple(one.candidate for one in merged if one.candidate.rank >= FAR)
    with_gaps = tuple(one._replace(gap=gap(known.analysis, one.candidate)) for one in here)
    return Reconciled(stated, with_gaps, () if here else _nearest(stated, asked), elsewhere)


class KnownCounts:
    """The candidates of a net, each kind made when it is first asked for."""

    def __init__(self, analysis: Analysis, input_size: str | None, settings: Mapping[str, str]) -> None:
        self.analysis = analysis
        self._input_size = input_size
        self._settings = settings
        self._known: Known = {}
        self._left = MOST_REBUILT
        self.bounded = False

    @cached_property
    def plain(self) -> tuple[Candidate, ...]:
        """The net's own counts and those of every convention."""
        return (*own_candidates(self.analysis), *convention_candidates(self.analysis))

    @cached_property
    def _near_nets(self) -> tuple[NearNet, ...]:
        return self._made(near_nets(self.analysis.graph, self._input_size, self._settings))

    @cached_property
    def _sized_nets(self) -> tuple[NearNet, ...]:
        return self._made(with_usual_sides(self.analysis.graph))

    def _made(self, nets: Iterator[NearNet]) -> tuple[NearNet, ...]:
        """The nets as far as the bound allows."""
        made = []
        for net in nets:
            made.append(net)
            self._left -= len(net.net.graph.nodes)
            if self._left < 0:
                self.bounded = True
                break
        return tuple(made)

    @cached_property
    def near(self) -> tuple[Candidate, ...]:
        """The counts of nets with one thing different, and of networks that ship."""
        return (*self._counts(self._near_nets), *shipped_candidates(self.analysis))

    @cached_property
    def sizes(self) -> tuple[Candidate, ...]:
        """The counts of the net on pictures of other sizes."""
        return tuple(self._counts(self._sized_nets))

    def combined(self, stated: StatedNumber) -> Iterator[Candidate]:
        """What tools count in near nets, of those nets whose work is about the number or half of it."""
        asked = 0
        usual = (net for net in (*self._near_nets, *self._sized_nets) if net.options or net.rank <= COMMON)
        for net in usual:
            macs = net_figures(net.net.graph, self._known).cost.macs
            if asked < MOST_COMBINED and macs and any(low < stated.value / macs < high for low, high in AROUND):
                asked += len(net.net.graph.nodes)
                yield from combined_candidates(net)

    def far(self, stated: StatedNumber) -> Iterator[Candidate]:
        """Batches, and any size of the picture."""
        for batch in BATCHES:
            yield from batch_candidates(self.analysis, batch)
        net = self._with_any_side(stated)
        if net is not None:
            yield from self._counts([net])

    def _counts(self, nets: Iterable[NearNet]) -> Iterator[Candidate]:
        for net in nets:
            yield from near_candidates(self.analysis, net, self._known)

    def _with_any_side(self, stated: StatedNumber) -> NearNet | None:
        """The smallest picture whose MACs reach the number, by halving the range; None where none does."""
        graph, low, high = self.analysis.graph, SIDES.start, SIDES.stop
        if self.bounded or side_of(graph) is None or stated.unit not in ("", "macs", "flops"):
            return None
        wanted, best = stated.value - stated.step / 2, None
        while low < high:
            side = (low + high) // 2
            net = with_side(graph, side)
            if net is None or net_figures(net.net.graph, self._known).cost.macs < wanted:
                low = side + 1
            else:
                high, best = side, net
        return best


def _nearest(stated: StatedNumber, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The counts of a fitting kind that come closest, one of the net's own among them, the closest first."""
    fitting = _FITTING[stated.unit]
    known: dict[int, Candidate] = {}
    for one in candidates:
        if fitting.get(one.quantity, SURE) < SURE and one.rank < FAR and one.amount and one.each in (0, USUAL_BYTES):
            known.setdefault(one.amount, one)
    near = sorted(known.values(), key=lambda one: abs(one.amount - stated.value))
    plain = [one for one in near if one.rank < OWN][:1]
    chosen = (*plain, *(one for one in near[:NEAREST] if one not in plain))[:NEAREST]
    return tuple(sorted(chosen, key=near.index))


def found(stated: StatedNumber, candidate: Candidate) -> Finding | None:
    """Whether the number is this count, and how."""
    far = _FITTING[stated.unit].get(candidate.quantity)
    if far is None or not candidate.amount or (not stated.unit and candidate.each not in (0, USUAL_BYTES)):
        return None
    readings = [("", Fraction(candidate.amount), 0.0)]
    if stated.unit == "bytes":
        readings += _mislabelled(stated.text, candidate.amount)
    for unit, count, strange in readings:
        fit = way(stated, count)
        if fit is not None:
            score = candidate.rank + far + strange + _OTHERS[fit[0]]
            return Finding(candidate, *fit, score, unit)
    return None


_BYTE_UNIT = re.compile(r"([kmgt])(i?)b", re.IGNORECASE)


def _mislabelled(text: str, count: int) -> list[tuple[str, Fraction, float]]:
    """The count as it would be written with 2^20 bytes for MB, or with 10^6 for MiB, and how strange that is."""
    match = _BYTE_UNIT.search(text)
    if match is None:
        return []
    power = "kmgt".index(match[1].lower()) + 1
    ratio = Fraction(1000, 1024) ** power
    letter = match[1].upper()
    return [(f"{letter}B", count / ratio, 1.0)] if match[2] else [(f"{letter}iB", count * ratio, 0.3)]


def way(stated: StatedNumber, count: Fraction) -> tuple[Way, int] | None:
    """How a count is the stated number, and how many digits agree; None where it is another one.

    >>> way(stated_number("4.11G"), Fraction(4_111_512_576))
    ('rounded', 3)
    >>> way(stated_number("3.8G"), Fraction(3_857_973_248))
    ('cut', 2)
    >>> way(stated_number("8.2G"), Fraction(8_249_999_999)), way(stated_number("8.2G"), Fraction(8_250_000_000))
    (('rounded', 2), ('cut', 2))
    """
    digits = len(str(int(stated.value / stated.step)))
    if count == stated.value and stated.step == 1:
        return "exact", digits
    half = stated.step / 2
    if stated.value - half <= count < stated.value + half:
        return "rounded", digits
    if digits > 1 and stated.value <= count < stated.value + stated.step:
        return "cut", digits
    mantissa = str(int(stated.value / stated.step))
    zeros = len(mantissa) - len(mantissa.rstrip("0"))
    wide = half * 10**zeros
    if zeros and digits - zeros > 1 and stated.value - wide <= count < stated.value + wide:
        return "zeros", digits - zeros
    return None


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """The likeliest first; findings with the same count are one, with the claims of the others."""
    merged: dict[tuple[str, int], Finding] = {}
    for one in sorted(findings, key=lambda one: (one.score, abs(one.candidate.amount))):
        key = one.candidate.quantity, one.candidate.amount
        if key in merged:
            first = merged[key]
            merged[key] = first._replace(same=(*first.same, one.candidate))
        else:
            merged[key] = one
    return list(merged.values())
