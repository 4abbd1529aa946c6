"""The paper of a panel with its heading, alike for every layout of a block's inside."""

from __future__ import annotations

from cnncalc.pictures.nets.panel_boxes import SMALL
from cnncalc.pictures.nets.volumes import clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle, Scene

TITLE, EDGE = 13.0, 14.0
TOP = 40.0
"""Where a panel's drawing begins below its heading."""

WIDEST_HEADING = 230.0


def heading_width(head: str, below: str) -> float:
    """How wide a panel must be for its heading."""
    widest = max(text_width(head, TITLE, bold=True), text_width(below, SMALL))
    return min(widest, WIDEST_HEADING) + 2 * EDGE


def panel(inside: Drawing, heading: tuple[str, str], width: float, height: float) -> Scene:
    """The drawing on a panel with its heading."""
    drawing, room = Drawing(), width - 2 * EDGE + 1
    drawing.add(Rectangle(0, 0, width, height, 8, "panel", "rule"))
    drawing.text(EDGE, 19, clipped(heading[0], TITLE, room, bold=True), TITLE, anchor="start", bold=True)
    drawing.text(EDGE, 33, clipped(heading[1], SMALL, room), SMALL, anchor="start", role="soft")
    drawing.add(*inside.shapes)
    return drawing.scene(width, height, heading[0], f"{heading[0]}, {heading[1]}")
