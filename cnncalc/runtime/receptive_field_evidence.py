"""Receptive fields proved by disturbance: one pixel becomes NaN, and where NaN comes out is what depends on it.

For each row and axis the analysis claims an interval of the picture for every output position.  Pixels at the ends of
such intervals, and one step outside them, are disturbed, one run each, in all their channels.  NaN outside what is
claimed refutes the claim, and so does an end that is not reached; holes between the ends (strides, dilation) are
allowed.  Where every field in sight leaves the picture or passes a crop, its end may lie in pads: then the pixels from
there inwards are tried, and one that reaches anything will do.  Where single pixels fall into holes, whole lines of
pixels are disturbed.  Knows neither plans nor kernels: it asks for runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cnncalc.analysis import AxisField

Pixel = tuple[int | None, ...]
"""One position for each spatial axis of the picture; None stands for every position along that axis."""

Reached = Mapping[int, Sequence[Iterable[int]]]
"""For each row and axis the output positions where NaN came out."""

MOST_RUNS = 64
"""More runs are not made; what is still open then is called neither proved nor refuted."""

NEAR = 3
"""Output positions looked at on each side of the middle, to find some whose fields lie inside the picture."""

TRIES = 2
"""Of these, so many are tried."""


class AxisEvidence:
    """What the runs have shown of one row's claim along one axis of a picture of that size.

    An end of the claim (0 first, 1 last) is proved when a disturbed pixel reached an output whose field ends there.  A
    claim that all outputs see the same is proved by pixels near both ends of the picture that reach beyond the middle
    of the map (its rim may see pads only).  `blurred`: on the way values were cropped or put at other places, so that
    no end can be pinned to a pixel.
    """

    def __init__(self, axis: str, claim: AxisField, outputs: int, size: int, *, blurred: bool = False) -> None:
        self.axis, self.claim, self.outputs, self.size = axis, claim, outputs, size
        self.refuted = ""
        self._exact = replace(claim, mirrored=False)
        whole = [] if blurred or claim.everywhere else self._whole_fields()
        self.strict = bool(whole)
        self._alike = claim.everywhere and not blurred
        self.targets = [
            list(dict.fromkeys(span[end] for span in whole)) if whole else self._inwards(end) for end in (0, 1)
        ]
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
        targets = (p for end in (0, 1) if end not in self._proved for p in self.targets[end])
        return next((position for position in targets if position not in self._seen), None)

    def doubtful(self) -> list[int]:
        """Positions that should prove an end and have not: a pixel may fall into a hole, a line of pixels cannot."""
        if not (self.strict or self._alike):
            return []
        return [position for end in (0, 1) if end not in self._proved for position in self.targets[end]]

    def untouched(self) -> int | None:
        """The next position just outside a field that no run has disturbed."""
        return next((self._beside(end) for end in (0, 1) if end not in self._touched), None)

    def verdict(self) -> str:
        """The difference between claim and runs, in words; empty when the claim is proved or cannot be sharper."""
        end = next((end for end in (0, 1) if end not in self._proved), None)
        if self.refuted or end is None:
            return self.refuted
        reaching = [position for position in self.targets[end] if self._seen.get(position)]
        if not self.strict and not (self._alike and reaching):
            return ""
        position = (reaching or self.targets[end])[0]
        return self._difference(position, self._exact.reached_from(position, self.outputs))

    def claims_nothing(self) -> bool:
        """Whether no output is said to depend on any of the pixels that were to be tried."""
        return all(self._exact.reached_from(p, self.outputs) is None for targets in self.targets for p in targets)

    def _whole_fields(self) -> list[tuple[int, int]]:
        """The fields of outputs around the middle that lie in the picture with both ends."""
        middle = self.outputs // 2
        near = range(max(0, middle - NEAR), min(self.outputs, middle + NEAR + 1))
        spans = [self.claim.span_at(output) for output in sorted(near, key=lambda output: abs(output - middle))]
        return [span for span in spans if 0 <= span[0] <= span[1] < self.size][:TRIES]

    def _inwards(self, end: int) -> list[int]:
        """Positions from one end of the middle output's field, or of the picture, inwards, in growing steps."""
        claimed = self.claim.span_at(self.outputs // 2)
        start = min(max(0, claimed[end]), self.size - 1) if claimed[0] <= claimed[1] else end * (self.size - 1)
        steps = [0, *(2**power for power in range(self.size.bit_length()))]
        places = (start + (-step if end else step) for step in steps if 4 * step <= self.size)
        return [place for place in places if 0 <= place < self.size]

    def _beside(self, end: int) -> int:
        """One step outside the field that the first target belongs to."""
        return self.targets[end][0] + (1 if end else -1)

    def _proves(self, end: int, position: int, found: set[int]) -> bool:
        if self._alike:
            return position in self.targets[end] and min(found) <= self.outputs // 2 <= max(found) if found else False
        reachable = self._exact.reached_from(position, self.outputs)
        if reachable is None or reachable[1 - end] not in found:
            return False
        return not self.strict or self._is_end(end, position)

    def _is_end(self, end: int, position: int) -> bool:
        """Whether some output's field begins (end 0) or ends (end 1) at the position."""
        reachable = self._exact.reached_from(position, self.outputs)
        return reachable is not None and self.claim.span_at(reachable[1 - end])[end] == position

    def _difference(self, position: int, claimed: tuple[int, int] | None) -> str:
        reached = self._seen.get(position, set())
        found = _interval((min(reached), max(reached))) if reached else "nothing"
        expected = _interval(claimed) if claimed else "nothing"
        return f"receptive field: {self.axis} {position} of the picture should reach {expected}, but reached {found}"


class Evidence:
    """What the runs have shown of one row: its axes, and one pixel that is known to reach it."""

    def __init__(self, axes: Sequence[AxisEvidence]) -> None:
        self.axes = tuple(axes)
        self._anchor: Pixel = (None,) * len(self.axes)
        self._tried: set[Pixel] = set()
        self._reached = False

    def add(self, pixel: Pixel, reached: Sequence[Iterable[int]]) -> None:
        """Take in a run.  A miss says something of an axis only if along the others the row is known to be reached."""
        self._tried.add(pixel)
        found = [set(outputs) for outputs in reached]
        self._reached |= all(found)
        if all(found) and None not in pixel and None in self._anchor:
            self._anchor = pixel
        for i, position in enumerate(pixel):
            others_reach = all(at is None or at == self._anchor[j] for j, at in enumerate(pixel) if j != i)
            if position is not None and (all(found) or others_reach):
                self.axes[i].add(position, found[i])

    def wanted(self) -> Pixel | None:
        """The next pixel that would settle something; None when all is settled, or nothing is left to try."""
        if any(axis.refuted for axis in self.axes):
            return None
        return next((pixel for pixel in self._candidates() if pixel not in self._tried), None)

    def verdict(self) -> str | None:
        """The first difference between claim and runs, in words; empty when all is proved, None when neither is shown.

        Nothing is shown where the runs did not suffice, and where a row that may see pads alone was never reached.
        """
        found = next((verdict for axis in self.axes if not axis.claims_nothing() and (verdict := axis.verdict())), "")
        if not self._reached and not all(axis.strict for axis in self.axes):
            return "" if any(axis.claims_nothing() for axis in self.axes) else None
        return None if found and self.wanted() is not None else found

    def _candidates(self) -> Iterator[Pixel]:
        """Pixels that would settle all axes at once, then lines (or pixels like the anchor) that settle one."""
        wanted = [axis.unproved() for axis in self.axes]
        if any(place is not None for place in wanted):
            yield tuple(
                axis.targets[0][0] if place is at is None else at if place is None else place
                for axis, place, at in zip(self.axes, wanted, self._anchor, strict=True)
            )
        for places in (wanted, [axis.untouched() for axis in self.axes]):
            for i, place in enumerate(places):
                if place is not None:
                    yield (*self._anchor[:i], place, *self._anchor[i + 1 :])
        for i, axis in enumerate(self.axes):
            yield from (tuple(p if i == j else None for j in range(len(self.axes))) for p in axis.doubtful())


def prove(evidences: Mapping[int, Evidence], run: Callable[[Pixel], Reached]) -> None:
    """Disturb pixels until every row's claim is proved or refuted; `run` disturbs one and says what it reached.

    The deepest rows come first: in a chain, what proves them proves the rows before them too.
    """
    for _ in range(MOST_RUNS):
        wanted = (evidence.wanted() for evidence in reversed(list(evidences.values())))
        pixel = next((pixel for pixel in wanted if pixel is not None), None)
        if pixel is None:
            return
        for row, reached in run(pixel).items():
            evidences[row].add(pixel, reached)


def _interval(ends: tuple[int, int]) -> str:
    first, last = ends
    return f"output {first}" if first == last else f"outputs {first}..{last}"
