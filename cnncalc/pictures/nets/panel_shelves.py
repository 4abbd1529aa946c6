"""Panels packed below a picture: side by side in shelves, short ones one above the other in a column.

A panel goes where there is room first, even on an earlier shelf; one that is wider than the picture is drawn smaller.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.scene.drawing import Drawing, scaled
from cnncalc.pictures.scene.shapes import Scene

BETWEEN, BENEATH, SHELF = 14.0, 12.0, 16.0

Column = list[Scene]
"""Panels one below the other; the first is the widest."""


def panel_shelves(panels: Sequence[Scene], width: float) -> Scene:
    """All panels, in shelves no wider than asked."""
    shelves: list[list[Column]] = []
    for panel in panels:
        fitting = panel if panel.width <= width else scaled(panel, width / panel.width)
        if not any(_takes(shelf, fitting, width) for shelf in shelves):
            shelves.append([[fitting]])
    drawing, y, wide = Drawing(), 0.0, 0.0
    for shelf in shelves:
        x = 0.0
        for column in shelf:
            down = y
            for panel in column:
                drawing.place(panel, x, down)
                down += panel.height + BENEATH
            x += column[0].width + BETWEEN
        wide, y = max(wide, x - BETWEEN), y + max(map(_height, shelf)) + SHELF
    return drawing.scene(wide, max(0.0, y - SHELF))


def _takes(shelf: list[Column], panel: Scene, width: float) -> bool:
    """Puts the panel on the shelf where there is room for it."""
    tall = max(map(_height, shelf))
    for column in shelf:
        if panel.width <= column[0].width and _height(column) + BENEATH + panel.height <= tall:
            column.append(panel)
            return True
    if sum(column[0].width + BETWEEN for column in shelf) + panel.width <= width:
        shelf.append([panel])
        return True
    return False


def _height(column: Column) -> float:
    return sum(panel.height + BENEATH for panel in column) - BENEATH
