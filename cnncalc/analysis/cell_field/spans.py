"""Places of one axis as stretches that do not touch: what of them a window reads, what lies on a map, what is copied.

Plain whole numbers; no layer and no map is known here.  Where stretches are too many, or an axis is too long to be gone
through place by place, one stretch takes their place, and what was made says that it may hold too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.analysis.by_hand.volumes import source
from cnncalc.geometry import AxisWindow

Span = tuple[int, int]
"""The first and the last place of a stretch."""

Spans = tuple[Span, ...]
"""Stretches in their order, none of which touches another."""

MOST_SPANS = 256
"""More stretches than these become one."""

MOST_PLACES = 4096
"""Longer stretches are not gone through place by place."""


class Found(NamedTuple):
    """Stretches; not `exact`: some places of them may be none."""

    spans: Spans
    exact: bool = True


def tidied(spans: Iterable[Span]) -> Found:
    """The stretches in order, those that touch made one."""
    made: list[Span] = []
    for first, last in sorted(spans):
        if made and first <= made[-1][1] + 1:
            made[-1] = made[-1][0], max(made[-1][1], last)
        else:
            made.append((first, last))
    return Found(tuple(made)) if len(made) <= MOST_SPANS else Found((hull(tuple(made)),), exact=False)


def hull(spans: Spans) -> Span:
    """From the first place to the last."""
    return spans[0][0], spans[-1][1]


def count(spans: Spans) -> int:
    """How many places they hold."""
    return sum(last - first + 1 for first, last in spans)


def holds(spans: Spans, others: Spans) -> bool:
    """Whether all of the others lie in them."""
    return all(any(low <= first and last <= high for low, high in spans) for first, last in others)


def inside(spans: Spans, size: int) -> Spans:
    """What of them lies on an axis of this size."""
    return tuple((max(0, first), min(size - 1, last)) for first, last in spans if last >= 0 and first < size)


def moved(spans: Spans, by: int) -> Spans:
    """The same stretches further on."""
    return tuple((first + by, last + by) for first, last in spans)


def seen_through(spans: Spans, window: AxisWindow) -> Found:
    """All that these places of an output read of its input, which may lie outside it."""
    is_plain = type(window) is AxisWindow and window.step == 1
    if is_plain and window.numerator <= window.high - window.low + window.denominator:
        return tidied((window.first(first), window.last(last)) for first, last in spans)
    if count(spans) > MOST_PLACES:
        first, last = hull(spans)
        return Found(((window.first(first), window.last(last)),), exact=False)
    reads = (window.reads(at) for first, last in spans for at in range(first, last + 1))
    return tidied(
        span
        for read in reads
        if read
        for span in ([(read[0], read[-1])] if read.step == 1 else [(at, at) for at in read])
    )


def copied(spans: Spans, size: int, fill: str) -> Found:
    """The places of an axis whose numbers stand on those of its padding that are among these."""
    outside = [(first, min(last, -1)) for first, last in spans if first < 0]
    outside += [(max(first, size), last) for first, last in spans if last >= size]
    if fill == "edge":
        return tidied((0, 0) if first < 0 else (size - 1, size - 1) for first, _ in outside)
    if count(tuple(outside)) > MOST_PLACES:
        return Found(((0, size - 1),), exact=False)
    places = {source(at, size, fill) for first, last in outside for at in range(first, last + 1)}
    return tidied((at, at) for at in places if at is not None)
