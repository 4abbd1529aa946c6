"""What goes into the run that a page shows, from Python: a picture, arrays, or the numbers in the text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.maps.run_maps import own_preprocessing, picture_node
from cnncalc.pictures.page.page_maps import Fed
from cnncalc.runtime.images import prepared_pictures


def fed_picture(analysis: Analysis, path: str) -> Fed:
    """The picture, prepared as the text says.  Raises InputError."""
    node, preprocessing = picture_node(analysis), own_preprocessing(analysis)
    array, prepared = prepared_pictures([Path(path)], node.output, preprocessing)
    return Fed(PurePath(path).name, {node.node.name: array}, preprocessing, prepared)


def fed_numbers(arrays: Mapping[str, Any]) -> Fed:
    """The arrays by the name of their input; a net whose text states its numbers needs none."""
    return Fed("an array" if arrays else "those in the text", arrays)
