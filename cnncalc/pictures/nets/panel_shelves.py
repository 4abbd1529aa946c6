"""Panels packed below a picture: each where it lies highest beside and below the others, in the order that is lowest.

The order of the net is kept unless another one makes the whole much lower.  Nothing is made smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene

BETWEEN, BENEATH = 14.0, 14.0

WORTH = 0.85
"""Panels are put out of their order where all together become so much lower by it."""


class _Ledge(NamedTuple):
    """A stretch from `left` to `right` above which all is taken down to `y`."""

    left: float
    right: float
    y: float


def panel_shelves(panels: Sequence[Scene], width: float) -> Scene:
    """All panels, packed no wider than asked; one that is wider alone has a place of its own."""
    order = list(range(len(panels)))
    best = _packed(panels, order, width)
    for other in _orders(panels):
        places = _packed(panels, other, width)
        if _height(panels, places) < _height(panels, best) * WORTH:
            best = places
    drawing = Drawing()
    for panel, (x, y) in zip(panels, best, strict=True):
        drawing.place(panel, x, y)
    wide = max((x + panel.width for panel, (x, _) in zip(panels, best, strict=True)), default=0.0)
    return drawing.scene(wide, _height(panels, best))


def _orders(panels: Sequence[Scene]) -> Iterator[list[int]]:
    """Other orders than the net's: the highest first, the broadest first, the first one behind none of them."""
    order = range(len(panels))
    for others in (order[1:], order):
        for size in (lambda n: -panels[n].height, lambda n: -panels[n].width):
            yield [*order[: len(order) - len(others)], *sorted(others, key=size)]


def _height(panels: Sequence[Scene], places: Sequence[tuple[float, float]]) -> float:
    return max((y + panel.height for panel, (_, y) in zip(panels, places, strict=True)), default=0.0)


def _packed(panels: Sequence[Scene], order: Sequence[int], width: float) -> list[tuple[float, float]]:
    """The upper left corner of each panel, put down one after the other in this order."""
    ledges = [_Ledge(0.0, max(width, *(panel.width for panel in panels), 0.0), 0.0)]
    places = [(0.0, 0.0)] * len(panels)
    for n in order:
        panel = panels[n]
        fitting = [ledge.left for ledge in ledges if ledge.left + panel.width <= ledges[-1].right]
        y, x = min((_lowest(ledges, left, left + panel.width), left) for left in fitting)
        places[n] = (x, y)
        ledges = _covered(ledges, _Ledge(x, x + panel.width + BETWEEN, y + panel.height + BENEATH))
    return places


def _lowest(ledges: Sequence[_Ledge], left: float, right: float) -> float:
    return max(ledge.y for ledge in ledges if ledge.left < right and left < ledge.right)


def _covered(ledges: Sequence[_Ledge], new: _Ledge) -> list[_Ledge]:
    """The ledges with a panel on them."""
    end = ledges[-1].right
    new = new._replace(right=min(new.right, end))
    found = [new]
    for ledge in ledges:
        if ledge.left < new.left:
            found.append(ledge._replace(right=min(ledge.right, new.left)))
        if ledge.right > new.right:
            found.append(ledge._replace(left=max(ledge.left, new.right)))
    return sorted(found)
