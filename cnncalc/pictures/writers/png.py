"""A scene as PNG: its SVG, painted by resvg with fonts that ship, so that no machine needs one.

Letters of scripts that they do not have are taken from the machine's own fonts, where it has them.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.extras import missing_extra
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.letters import is_known, shown_text
from cnncalc.pictures.scene.shapes import Scene, Text
from cnncalc.pictures.scene.themes import Theme
from cnncalc.pictures.writers.physical_width import width_in_points
from cnncalc.pictures.writers.png_note import noted
from cnncalc.pictures.writers.shipped_fonts import FACES, FAMILY, FIXED_FAMILY, font_path
from cnncalc.pictures.writers.svg import svg

MOST_PIXELS = 64_000_000
"""Pixels of the largest picture: 8000 x 8000, 256 MB while it is painted."""

DOTS_PER_INCH = 300
"""How fine a picture with a width on paper is, as print has it."""


def png(scene: Scene, theme: Theme = "light", *, scale: float = 2.0, width: str = "") -> bytes:
    """The scene as a PNG file, `scale` pixels to a unit; with a width on paper ("17cm") 300 dots to an inch.

    A width in pixels ("400px") is exactly that.  Raises InputError.
    """
    paint = painter()
    if width:
        dots = 96 if width.strip().lower().endswith("px") else DOTS_PER_INCH
        scale = width_in_points(width) * dots / 72 / scene.width
    if scene.width * scene.height * scale * scale > MOST_PIXELS:
        raise input_error(
            "wrong-value",
            f"a picture of {scene.width * scale:.0f}x{scene.height * scale:.0f} pixels is too large",
            help="choose a smaller --width, or write an .svg file, which has no pixels",
        )
    return noted(
        paint(
            svg_string=svg(scene, theme, fonts=(FAMILY, FIXED_FAMILY)),
            zoom=scale,
            skip_system_fonts=_has_all_letters(scene),
            font_files=[str(font_path(face)) for face in FACES.values()],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            monospace_family=FIXED_FAMILY,
        )
    )


def painter() -> Callable[..., bytes]:
    """What makes pixels of an SVG; raises InputError where that is not installed."""
    try:
        from resvg_py import svg_to_bytes  # noqa: PLC0415 (an extra)
    except ImportError:
        raise missing_extra("a .png file", "resvg-py", doing="writing") from None
    return svg_to_bytes


def _has_all_letters(scene: Scene) -> bool:
    return all(is_known(shown_text(shape.text)) for shape in flat(scene.shapes) if isinstance(shape, Text))
