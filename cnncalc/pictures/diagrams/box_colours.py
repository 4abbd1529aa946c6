"""The colours of a diagram: light boxes with dark words, which can be read on white and on dark paper.

Between the boxes there is no colour of our own but a grey that is seen on both.
"""

from __future__ import annotations

from cnncalc.pictures.diagrams.diagram import BOX_KINDS, BoxKind
from cnncalc.pictures.scene.themes import colours

GREY = "#777777"
"""The outline of a frame, and in DOT arrows and words outside of boxes."""

FRAME = "#77777718"
"""A veil of the same grey: with opacity, so that frames within frames are darker on white and lighter on black."""

_LIKE: dict[BoxKind, str] = {"shape": "flat", "arrival": "input", "block": "node"}
_OWN: dict[BoxKind, str] = {"norm": "#c9e4d6", "activation": "#f6c9c9", "block": "#cfe2f6", "arrival": "#ffffff"}


def ink() -> str:
    """The colour of words and outlines."""
    return colours("light")["ink"]


def fills() -> dict[BoxKind, str]:
    """The colour of each kind of box."""
    return {kind: _OWN.get(kind) or colours("light")[_LIKE.get(kind, kind)] for kind in BOX_KINDS}
