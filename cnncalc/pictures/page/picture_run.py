"""The run that a page shows, from Python: one picture file through the net, with the names of its classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.maps.run_maps import own_preprocessing, picture_node
from cnncalc.pictures.page.page_maps import page_run
from cnncalc.pictures.page.page_run import PageRun
from cnncalc.runtime.images import prepared_pictures
from cnncalc.runtime.weights import Weights


def picture_run(analysis: Analysis, weights: Weights, path: str, labels: Sequence[str]) -> PageRun:
    """Runs the net on the picture, prepared as the text says.  Raises InputError."""
    node = picture_node(analysis)
    preprocessing = own_preprocessing(analysis)
    array, prepared = prepared_pictures([Path(path)], node.output, preprocessing)
    inputs = {node.node.name: array}
    return page_run(analysis, weights, inputs, preprocessing, prepared, name=PurePath(path).name, labels=labels)
