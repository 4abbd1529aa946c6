"""The paper of a panel and the boxes on it, alike for every layout of a block's inside."""

from __future__ import annotations

from cnncalc.pictures.nets.panel_labels import SMALL, TEXT, Box
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle, Scene

TITLE = 13.0
TOP = 40.0
"""Where a panel's drawing begins below its heading."""


def heading_width(head: str, below: str) -> float:
    """How wide a panel must be for its heading."""
    return max(text_width(head, TITLE, bold=True), text_width(below, SMALL)) + 28


def paint_box(drawing: Drawing, box: Box, x: float, y: float) -> None:
    """A part with the middle of its upper edge at x, y; another block has a second box behind it."""
    left = x - box.width / 2
    if box.is_block:
        drawing.add(Rectangle(left + 3, y - 3, box.width, box.height, 4, "block.side"))
    drawing.add(Rectangle(left, y, box.width, box.height, 4, f"{box.kind}.node"))
    if box.kind in ("pool", "up"):
        drawing.add(Rectangle(left, y, 7, box.height, 2, f"{box.kind}.face", hatch=box.kind))
    drawing.text(x + (3 if box.kind in ("pool", "up") else 0), y + 16, box.text, TEXT, bold=box.is_block)
    if box.after:
        drawing.text(x, y + 29, box.after, SMALL)


def panel(inside: Drawing, heading: tuple[str, str], width: float, height: float) -> Scene:
    """The drawing on a panel with its heading."""
    drawing = Drawing()
    drawing.add(Rectangle(0, 0, width, height, 8, "panel", "rule"))
    drawing.text(14, 19, heading[0], TITLE, anchor="start", bold=True)
    drawing.text(14, 33, heading[1], SMALL, anchor="start", role="soft")
    drawing.add(*inside.shapes)
    return drawing.scene(width, height, heading[0], f"{heading[0]}, {heading[1]}")
