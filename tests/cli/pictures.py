"""Pictures for the runs, written here so that no test needs a file of its own."""

from __future__ import annotations

from pathlib import Path


def gray_ramp(path: Path, size: int = 28) -> Path:
    """A picture that gets brighter from left to right."""
    from PIL import Image

    picture = Image.new("L", (size, size))
    picture.putdata([255 * (n % size) // size for n in range(size * size)])
    picture.save(path)
    return path
