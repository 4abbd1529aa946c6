"""The legend of a picture: the kinds that occur in it, its shortcuts and letters, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.nets.items import KINDS, Item, Kind
from cnncalc.pictures.nets.volumes import HATCHED, WORD_LETTERS
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle, Scene

KIND_NAMES: dict[Kind, str] = {
    "input": "input",
    "conv": "convolution",
    "pool": "pooling",
    "up": "up-sampling",
    "dense": "dense",
    "join": "add / concat",
    "flat": "vector, reshape",
    "block": "block",
    "other": "other",
}
ROW, BETWEEN, SIGN = 18.0, 16.0, 13.0


def legend(items: Sequence[Item], width: float, *, inside: bool, shortcuts: bool, letters: bool) -> Scene:
    """The signs that occur, in lines no wider than asked; `inside`: the picture shows the inside of its blocks."""
    drawing, x, y, wide = Drawing(), 4.0, 4.0, 0.0
    kinds = {item.kind for item in items}
    signs: list[tuple[str, str]] = [(kind, KIND_NAMES[kind]) for kind in KINDS if kind in kinds]
    if inside:
        signs = [(sign, f"{name} (inside below)" if sign == "block" else name) for sign, name in signs]
    signs += [("shortcut", "shortcut")] * shortcuts + [("letter", "one letter: one line")] * letters
    for sign, name in signs:
        length = SIGN + 6 + text_width(name, WORD_LETTERS)
        if x > 4 and x + length > width:
            x, y = 4.0, y + ROW
        if sign == "shortcut":
            drawing.line([(x, y + 6), (x + SIGN, y + 6)], "skip", 1.4)
        elif sign == "letter":
            drawing.text(x + SIGN / 2, y + 9, "a", WORD_LETTERS, bold=True, role="skip")
        else:
            hatch = sign if sign in HATCHED else ""
            drawing.add(Rectangle(x, y, SIGN, 11, 2, f"{sign}.face", "ink", 1, hatch=hatch))
        drawing.text(x + SIGN + 5, y + 9, name, WORD_LETTERS, anchor="start")
        x += length + BETWEEN
        wide = max(wide, x - BETWEEN)
    return drawing.scene(wide + 4, y + ROW - 2)
