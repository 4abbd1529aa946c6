"""Receptive fields proved by disturbance: one pixel becomes NaN, and where NaN comes out is what depends on it.

For each row and axis the analysis claims an interval of the picture for every output position.  Pixels at the ends of
such intervals, and one step outside them, are disturbed, one run each.  NaN outside what is claimed refutes the claim,
and so does an end that is never reached; holes between the ends (strides, dilation) are allowed.  Where every output
is said to depend on the same stretch, that stretch may end in pads: its ends are sought from there inwards.  A pixel
is disturbed in all its channels.  Knows neither plans nor kernels: it asks for runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cnncalc.analysis import AxisField

Pixel = tuple[int, ...]
"""One position for each spatial axis of the picture."""

Reached = Mapping[int, Sequence[Iterable[int]]]
"""For each row and axis the output positions where NaN came out."""

MOST_RUNS = 64
"""More runs are not made; an end that is still open then is reported as not reached."""

TRIES = 3
"""Output positions tried on each side of the middle, to find one whose field ends inside the picture."""


class Evidence:
    """What the runs have shown of one row's claim along one axis of a picture of that size.

    An end of the claim (0 first, 1 last) is proved when a disturbed pixel reached an output whose field ends there, and
    settled when the pixel beside it was disturbed too and reached nothing that it should not.  A claim that all outputs
    see the same is proved by a pixel that reaches the first and the last; by two where a reshape has `scattered` them.
    """

    def __init__(self, axis: str, claim: AxisField, outputs: int, size: int, *, scattered: bool = False) -> None:
        self.axis, self.claim, self.outputs, self.size, self.scattered = axis, claim, outputs, size, scattered
        self.refuted = ""
        self._exact = replace(claim, mirrored=False)
        inside = [self._inside(end) for end in (0, 1)]
        self._clipped = [not positions for positions in inside]
        self._targets = [positions or [end * (size - 1)] for end, positions in enumerate(inside)]
        if claim.everywhere:
            self._targets = [self._inwards(end, positions[0]) for end, positions in enumerate(self._targets)]
        self._seen: dict[int, set[int]] = {}
        self._proved: set[int] = set()
        self._touched = {end for end in (0, 1) if not 0 <= self._beside(end) < size}

    def add(self, position: int, reached: Iterable[int]) -> None:
        """Take in a run; an output that the claim does not allow refutes it."""
        found = set(reached)
        seen = self._seen.setdefault(position, set())
        seen |= found
        allowed = self.claim.reached_from(position, self.outputs)
        if any(allowed is None or not allowed[0] <= output <= allowed[1] for output in found):
            self.refuted = self.refuted or self._difference(position, allowed)
        self._proved |= {end for end in (0, 1) if self._proves(end, position, seen)}
        self._touched |= {end for end in (0, 1) if self._is_end(end, position - (1 if end else -1))}

    def unproved(self) -> int | None:
        """The next position at which an end of a field may be proved; None when both are, or nothing is left to try."""
        targets = (p for end in (0, 1) if end not in self._proved for p in self._targets[end])
        return next((position for position in targets if position not in self._seen), None)

    def untouched(self) -> int | None:
        """The next position just outside a field that no run has disturbed."""
        return next((self._beside(end) for end in (0, 1) if end not in self._touched), None)

    def anchor(self) -> int:
        """A position that the row depends on."""
        return next((p for p in self._targets[0] if self._seen.get(p)), self._targets[0][0])

    def verdict(self) -> str:
        """The difference between claim and runs, in words; empty when the claim is proved."""
        end = next((end for end in (0, 1) if end not in self._proved), None)
        if self.refuted or end is None:
            return self.refuted
        position = self._targets[end][0]
        return self._difference(position, self._exact.reached_from(position, self.outputs))

    def _inside(self, end: int) -> list[int]:
        """Where fields of outputs around the middle begin or end, as far as that is inside the picture."""
        middle = self.outputs // 2
        near = range(max(0, middle - TRIES), min(self.outputs, middle + TRIES + 1))
        spans = [self.claim.span_at(output) for output in sorted(near, key=lambda output: abs(output - middle))]
        ends = dict.fromkeys(span[end] for span in spans if span[0] <= span[1])
        return [position for position in ends if 0 <= position < self.size]

    def _inwards(self, end: int, start: int) -> list[int]:
        """Positions from one end of a stretch towards its middle, in growing steps."""
        steps = [0, *(2**power for power in range(self.size.bit_length()))]
        places = (start + (-step if end else step) for step in steps)
        return [place for place in places if 0 <= place < self.size and abs(place - start) <= self.size // 2]

    def _beside(self, end: int) -> int:
        """One step outside the field that the first target belongs to."""
        return self._targets[end][0] + (1 if end else -1)

    def _proves(self, end: int, position: int, found: set[int]) -> bool:
        if self.claim.everywhere:
            anything = set().union(*self._seen.values()) if self.scattered else found
            return any(map(self._seen.get, self._targets[end])) and {0, self.outputs - 1} <= anything
        reachable = self._exact.reached_from(position, self.outputs)
        if reachable is None or reachable[1 - end] not in found:
            return False
        return self._is_end(end, position) or (self._clipped[end] and position == self._targets[end][0])

    def _is_end(self, end: int, position: int) -> bool:
        """Whether some output's field begins (end 0) or ends (end 1) at the position."""
        reachable = self._exact.reached_from(position, self.outputs)
        return reachable is not None and self.claim.span_at(reachable[1 - end])[end] == position

    def _difference(self, position: int, claimed: tuple[int, int] | None) -> str:
        reached = self._seen.get(position, set())
        found = _interval((min(reached), max(reached))) if reached else "nothing"
        expected = _interval(claimed) if claimed else "nothing"
        return f"receptive field: {self.axis} {position} of the picture should reach {expected}, but reached {found}"


Evidences = dict[int, tuple[Evidence, ...]]
"""Row -> its evidence along each axis."""


def prove(evidences: Evidences, run: Callable[[Pixel], Reached]) -> None:
    """Disturb pixels until every claim is proved or refuted; `run` disturbs one and says what it reached."""
    for _ in range(MOST_RUNS):
        pixel = next(_wanted(evidences), None)
        if pixel is None:
            return
        for row, reached in run(pixel).items():
            for evidence, position, outputs in zip(evidences[row], pixel, reached, strict=True):
                evidence.add(position, outputs)


def _wanted(evidences: Evidences) -> Iterator[Pixel]:
    """Pixels that would settle something, the deepest rows' first: in a chain they settle the others too."""
    for axes in reversed(evidences.values()):
        if any(axis.refuted for axis in axes):
            continue
        places = [axis.unproved() for axis in axes]
        if any(place is not None for place in places):
            yield tuple(axis.anchor() if p is None else p for axis, p in zip(axes, places, strict=True))
        for i, axis in enumerate(axes):
            untouched = axis.untouched()
            if untouched is not None:
                yield tuple(untouched if i == j else other.anchor() for j, other in enumerate(axes))


def _interval(ends: tuple[int, int]) -> str:
    first, last = ends
    return f"output {first}" if first == last else f"outputs {first}..{last}"
