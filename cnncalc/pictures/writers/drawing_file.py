"""A scene as the bytes of a file: which format it is, the ending of its name says.

All endings that a drawing may have are here, moving pictures included: those have a painter of their own, and only
some commands make them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import NamedTuple

from cnncalc.diagnostics import input_error
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.pictures.scene.themes import Theme
from cnncalc.pictures.writers.physical_width import width_in_points
from cnncalc.pictures.writers.png_note import WRITTEN_BY
from cnncalc.pictures.writers.svg import BEGINNING, svg


class Format(NamedTuple):
    """How files with one ending are written: `load` makes the writer, and raises InputError where it needs an extra."""

    load: Callable[[], Callable[[Scene, Theme, str], bytes]]
    is_moving: bool = False


def _svg() -> Callable[[Scene, Theme, str], bytes]:
    return lambda scene, theme, width: svg(scene, theme, width=width).encode()


def _png() -> Callable[[Scene, Theme, str], bytes]:
    from cnncalc.pictures.writers.png import painter, png  # noqa: PLC0415 (only this format needs it)

    painter()
    return lambda scene, theme, width: png(scene, theme, width=width)


def _pdf() -> Callable[[Scene, Theme, str], bytes]:
    from cnncalc.pictures.writers.pdf import library, pdf  # noqa: PLC0415 (only this format needs it)

    library()
    return lambda scene, theme, width: pdf(scene, theme, width=width)


PDF = b"%PDF-"
"""How each PDF begins, whoever wrote it."""

NOTED = (b"\x89PNG\r\n\x1a\n", b"GIF89a")
"""How files begin that hold `WRITTEN_BY`."""

FORMATS = {".svg": Format(_svg), ".png": Format(_png), ".gif": Format(_png, is_moving=True), ".pdf": Format(_pdf)}
"""Each ending of a drawing; the frames of a moving one are painted as those of a PNG."""


def drawing_ending(path: str, *, moving: bool = False) -> str:
    """The ending of a drawing's file; others are refused, so that it can be asked before anything is drawn.

    With `moving` also that of a moving picture.  Raises InputError, for a format whose library is missing too.
    """
    ending = PurePath(path).suffix.lower()
    known = [name for name, one in FORMATS.items() if moving or not one.is_moving]
    if ending not in known:
        raise input_error(
            "wrong-value",
            f"{path[:80]!r} has no ending of a drawing",
            help=f"end the name in {', '.join(known[:-1])} or {known[-1]}",
        )
    FORMATS[ending].load()
    return ending


def drawing_bytes(scene: Scene, path: str, theme: Theme = "light", width: str = "") -> bytes:
    """The file at this path, in the format of its ending; `width` on paper, as "17cm".  Raises InputError."""
    ending = drawing_ending(path)
    if width:
        width_in_points(width)
    return FORMATS[ending].load()(scene, theme, width)


def may_be_drawing(beginning: bytes) -> bool:
    """Whether a file that begins so may be a drawing of ours, and come out the same: only its bytes can tell then.

    An SVG that begins as ours do, a PNG or a GIF with our note in it, a PDF.
    """
    is_noted = beginning.startswith(NOTED) and WRITTEN_BY in beginning
    return is_noted or beginning.startswith((BEGINNING.encode(), PDF))
