"""What the foot of a run and its JSON say of the pictures of its maps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import counted
from cnncalc.report.sheet import Fact


class MapFile(NamedTuple):
    """One picture: the row it is about, the name of its file, and in words what it shows and how."""

    row: int
    name: str
    words: str


class MapFiles(NamedTuple):
    """A folder of pictures.  `image` is the picture that the net saw, empty where there was none; `images` were run."""

    folder: str
    files: tuple[MapFile, ...]
    image: str
    images: int


def map_facts(maps: MapFiles) -> Iterator[Fact]:
    """Where they are, how many, and of which picture."""
    which = f" of {printable(maps.image)}" if maps.image else ""
    if maps.images > 1:
        which += f", the first of {maps.images} images; give one alone for its maps"
    yield Fact("Maps", f"{printable(os.path.join(maps.folder, ''))}: {counted(len(maps.files), 'picture')}{which}")


def maps_object(maps: MapFiles) -> dict[str, Any]:
    """As JSON: the files in the order of the net."""
    return {
        "folder": maps.folder,
        "image": maps.image,
        "files": [{"layer": one.row, "file": one.name, "shows": one.words} for one in maps.files],
    }
