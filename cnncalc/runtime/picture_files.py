"""Pictures of pixels as files: which kinds are written, by the ending of the name.  What they show is unknown here."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from typing import Any

from PIL import Image

from cnncalc.destinations import write_file
from cnncalc.diagnostics import input_error

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
"""Ending of a file -> what Pillow calls such pictures."""

BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
"""How the files of these kinds begin."""

LARGEST_SIDE = {"PNG": 1_000_000, "JPEG": 65_500, "WEBP": 16_383}
"""Pixels of the longer side that such a file can hold."""

QUALITY = 92
"""Of pictures that are stored with losses: edges stay clean."""


def picture_format(path: str) -> str:
    """What Pillow calls a picture with this ending; raises InputError for one that is not written."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in FORMATS:
        raise input_error(
            "draw-no-picture",
            f"`{path}` does not end like a picture that can be written",
            help="give a name that ends in .png, .jpg or .webp",
        )
    return FORMATS[ending]


def may_be_picture(beginning: bytes) -> bool:
    """Whether a file that begins so may be a picture of ours, and come out the same: only its bytes can tell then."""
    return beginning.startswith(BEGINNINGS)


def write_picture(path: str, picture: Image.Image, *, inputs: Iterable[str] = (), force: bool = False) -> None:
    """Writes the picture as the ending of the name says; raises InputError where that is not possible."""
    kind = picture_format(path)
    if max(picture.size) > LARGEST_SIDE[kind]:
        raise input_error(
            "draw-no-picture",
            f"a {kind} file holds at most {LARGEST_SIDE[kind]:,} pixels a side, and the picture has "
            f"{max(picture.size):,}",
            help="give a name that ends in .png",
        )
    options: dict[str, Any] = {"optimize": True} if kind == "PNG" and max(picture.size) < SLOW_TO_PACK else {}
    options = {"quality": QUALITY} if kind != "PNG" else options
    file = io.BytesIO()
    picture.save(file, kind, **options)
    write_file(path, file.getvalue(), inputs=inputs, force=force)


SLOW_TO_PACK = 2000
"""From so many pixels a side on, a PNG is packed the quick way."""
