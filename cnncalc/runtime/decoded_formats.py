"""Picture files opened: the formats that are decoded, and no more of Pillow than the file at hand needs."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "PPM", "TIFF", "WEBP", "TGA", "ICO", "JPEG2000")
"""What is decoded.  Formats that start another program (EPS) or hold no picture of their own (PDF) are left out.

The first five come with `Image.preinit`; at the first of the others Pillow loads all its forty readers (0.03 s).
"""


def opened_picture(path: Path) -> Image.Image:
    """The picture, of which only the header is read yet; raises what Pillow raises."""
    Image.preinit()
    return Image.open(path, formats=FORMATS)
