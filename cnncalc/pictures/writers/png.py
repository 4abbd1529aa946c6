"""A scene as PNG: its SVG, painted by resvg with a font that ships, so that no machine needs one.

Letters of scripts that the font does not have are taken from the machine's own fonts, where it has them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.extras import missing_extra
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.letters import shown_text
from cnncalc.pictures.scene.shapes import Scene, Text
from cnncalc.pictures.scene.themes import Theme
from cnncalc.pictures.writers.physical_width import width_in_points
from cnncalc.pictures.writers.png_note import noted
from cnncalc.pictures.writers.svg import svg

MOST_PIXELS = 64_000_000
"""Pixels of the largest picture: 8000 x 8000, 256 MB while it is painted."""

DOTS_PER_INCH = 300
"""How fine a picture with a width on paper is, as print has it."""

_FAMILY = "Arimo"
_FONTS = ("Arimo-Regular.ttf", "Arimo-Bold.ttf", "Arimo-Italic.ttf")
_SHIPPED = {*map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))), *"–—‘’“”…−↑↓€™\ufffd"}


def png(scene: Scene, theme: Theme = "light", *, scale: float = 2.0, width: str = "") -> bytes:
    """The scene as a PNG file, `scale` pixels to a unit; with a width on paper ("17cm") 300 dots to an inch.

    A width in pixels ("400px") is exactly that.  Raises InputError.
    """
    paint = painter()
    if width:
        dots = 96 if width.strip().endswith("px") else DOTS_PER_INCH
        scale = width_in_points(width) * dots / 72 / scene.width
    if scene.width * scene.height * scale * scale > MOST_PIXELS:
        raise input_error(
            "wrong-value",
            f"a picture of {scene.width * scale:.0f}x{scene.height * scale:.0f} pixels is too large",
            help="choose a smaller --width, or write an .svg file, which has no pixels",
        )
    folder = Path(str(files("cnncalc.pictures.writers").joinpath("fonts")))
    return noted(
        paint(
            svg_string=svg(scene, theme, fonts=_FAMILY),
            zoom=scale,
            skip_system_fonts=_has_all_letters(scene),
            font_files=[str(folder / font) for font in _FONTS],
            font_family=_FAMILY,
            sans_serif_family=_FAMILY,
            monospace_family=_FAMILY,
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
    texts = (shown_text(shape.text) for shape in flat(scene.shapes) if isinstance(shape, Text))
    return all(letter in _SHIPPED for text in texts for letter in text)
