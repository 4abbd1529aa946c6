"""A scene as the bytes of a file: which format it is, the ending of its name says."""

from __future__ import annotations

from pathlib import PurePath

from cnncalc.diagnostics import input_error
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.pictures.scene.themes import Theme
from cnncalc.pictures.writers.physical_width import width_in_points
from cnncalc.pictures.writers.svg import BEGINNING, svg

ENDINGS = (".svg", ".png", ".pdf")


def drawing_ending(path: str) -> str:
    """The ending of a drawing's file; others are refused, so that it can be asked before anything is drawn.

    Raises InputError.
    """
    ending = PurePath(path).suffix.lower()
    if ending not in ENDINGS:
        raise input_error(
            "wrong-value",
            f"{path[:80]!r} has no ending of a drawing",
            help="end the name in .svg, .png or .pdf",
        )
    return ending


def drawing_bytes(scene: Scene, path: str, theme: Theme = "light", width: str = "") -> bytes:
    """The file at this path, in the format of its ending; `width` on paper, as "17cm".  Raises InputError."""
    ending = drawing_ending(path)
    if width:
        width_in_points(width)
    if ending == ".svg":
        return svg(scene, theme, width=width).encode()
    if ending == ".png":
        from cnncalc.pictures.writers.png import png  # noqa: PLC0415 (only this format needs it)

        return png(scene, theme, width=width)
    from cnncalc.pictures.writers.pdf import pdf  # noqa: PLC0415 (only this format needs it)

    return pdf(scene, theme, width=width)


def known_drawing(beginning: bytes) -> bool:
    """Whether a file is an SVG that we wrote; a PNG or a PDF could be anybody's, and is not replaced unasked."""
    return beginning.startswith(BEGINNING.encode())
