"""The legend of a picture: the kinds that occur in it, its shortcuts and letters, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.nets.items import KINDS, Item, Kind
from cnncalc.pictures.nets.u_spots import ACROSS
from cnncalc.pictures.nets.volumes import FULL_RANK, HATCHED, WORD_LETTERS
from cnncalc.pictures.scene.drawing import Drawing, flat
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Circle, Line, Rectangle, Scene, Shape

KIND_NAMES: dict[Kind, str] = {
    "input": "input",
    "conv": "convolution",
    "pool": "pooling",
    "up": "up-sampling",
    "dense": "dense",
    "join": "join (add, concat, …)",
    "flat": "vector, reshape",
    "block": "block",
    "other": "other",
}
LINE_NAMES = {"shortcut": "shortcut", "copy": "from the same level of the way down"}
DASHES = {"shortcut": "", "copy": ACROSS}
"""How the lines of the legend are dashed."""

LINE_SIGN = 22.0
ROW, BETWEEN, SIGN = 18.0, 16.0, 13.0


def legend(items: Sequence[Item], shapes: Sequence[Shape], width: float, *, inside: str) -> Scene:
    """The signs that occur in what has been painted, in lines no wider than asked.

    `inside`: where the picture shows the inside of its blocks, in a word; empty where it does not.
    """
    drawing, x, y, wide = Drawing(), 4.0, 4.0, 0.0
    kinds = {item.kind for item in items}
    signs: list[tuple[str, str]] = [(kind, KIND_NAMES[kind]) for kind in KINDS if kind in kinds]
    if inside:
        signs = [(sign, f"{name} (inside {inside})" if sign == "block" else name) for sign, name in signs]
    signs += [("slices", "slices: depth")] * any(_is_deep(item) for item in items) + _line_signs(shapes)
    for sign, name in signs:
        sign_width = LINE_SIGN if sign in DASHES else SIGN
        length = sign_width + 6 + text_width(name, WORD_LETTERS)
        if x > 4 and x + length > width:
            x, y = 4.0, y + ROW
        if sign in DASHES:
            drawing.line([(x, y + 6), (x + LINE_SIGN, y + 6)], "skip", 1.4, dash=DASHES[sign])
        elif sign == "letter":
            drawing.text(x + SIGN / 2, y + 9, "a", WORD_LETTERS, bold=True, role="skip")
        elif sign == "slices":
            for step in range(3):
                drawing.add(Rectangle(x + 5 * step, y, 3, 11, 0, "conv.face", "ink", 1))
        else:
            hatch = sign if sign in HATCHED else ""
            drawing.add(Rectangle(x, y, SIGN, 11, 2, f"{sign}.face", "ink", 1, hatch=hatch))
        drawing.text(x + sign_width + 5, y + 9, name, WORD_LETTERS, anchor="start")
        x += length + BETWEEN
        wide = max(wide, x - BETWEEN)
    return drawing.scene(wide + 4, y + ROW - 2)


def _is_deep(item: Item) -> bool:
    return item.shape.rank == FULL_RANK and item.shape.spatial[0] > 1


def _line_signs(shapes: Sequence[Shape]) -> list[tuple[str, str]]:
    """The lines that need a word: shortcuts, copies across a U, and those that are cut and have letters."""
    drawn = [*flat(shapes)]
    skips = {shape.dash for shape in drawn if isinstance(shape, Line) and shape.stroke == "skip" and shape.corner}
    found = [(sign, name) for sign, name in LINE_NAMES.items() if DASHES[sign] in skips]
    return found + [("letter", "one letter: one line")] * any(isinstance(shape, Circle) for shape in drawn)
