"""The filters of a net's first convolution as pictures: what it looks for in the image itself.

Filters of three channels are shown in colours, others channel by channel; 0 is the middle grey, and each filter is
stretched by its own largest weight.  Deeper filters are no pictures: their channels are maps of the net's own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.pictures.maps.greys import Greys, signed
from cnncalc.pictures.maps.map_tiles import Scale, Tiles, scaled
from cnncalc.runtime.images import Preprocessing
from cnncalc.runtime.line_results import middle_slice
from cnncalc.runtime.planning import lifted_weight
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

RGB = 3

DEPTHWISE = 4
"""Axes of a classic filter that is slid over each channel alone: channel, depth, height, width."""


class FirstFilters(NamedTuple):
    """The row that has them, and their pictures."""

    row: int
    tiles: Tiles


def first_filters(analysis: Analysis, weights: Weights, most: int, tile: int) -> FirstFilters | None:
    """At most `most` filters of the first convolution, each at most `tile` pixels long.

    None where there is no convolution, or where its filters are single numbers (1x1).
    """
    node = next((node for node in analysis.nodes if node.node.layer.word == "conv"), None)
    weight = next((one for one in node.weights if one.name == "weight"), None) if node is not None else None
    if node is None or weight is None:
        return None
    stored = weights.arrays[f"{node.weights_name}.weight"].reshape(lifted_weight(weight))
    if stored.ndim == DEPTHWISE:
        stored = stored[:, None]
    depth = stored.shape[2]
    filters = np.asarray(stored[:, :, middle_slice(depth)], np.float32)
    if filters.shape[2] * filters.shape[3] == 1:
        return None
    row = next(row.row.index for row in analysis.rows if row.row.first <= node.node.index <= row.row.last)
    coloured = filters.shape[1] == RGB and filters.shape[2] > 1
    tiles = _in_colours(filters, _is_bgr(analysis, node), most, tile) if coloured else _in_greys(filters, most, tile)
    if depth > 1:
        of = f"slice {middle_slice(depth) + 1} of {depth} of each filter"
        tiles = tiles._replace(words=f"{of}; {tiles.words}")
    return FirstFilters(row, tiles)


def _in_colours(filters: Array, bgr: bool, most: int, tile: int) -> Tiles:
    """The channels of a filter as the colours of its picture."""
    shown = filters[:most, ::-1] if bgr else filters[:most]
    pictures = [signed(np.moveaxis(one, 0, -1), 100) for one in shown]
    flat = [Greys(one.levels, np.asarray(one.not_finite.any(-1)), one.words) for one in pictures]
    said = "their channels are red, green and blue; grey is weight 0, and each is stretched by its largest weight"
    return _tiles(flat, [str(n + 1) for n in range(len(flat))], filters, of=len(filters), said=said, tile=tile)


def _in_greys(filters: Array, most: int, tile: int) -> Tiles:
    """Each channel of each filter as a picture of its own, as far as there is room."""
    count, channels = filters.shape[:2]
    pairs = [(f, c) for f in range(count) for c in range(channels)][:most]
    names = [str(f + 1) if channels == 1 else f"{f + 1}:{c + 1}" for f, c in pairs]
    each = "each" if channels == 1 else "each channel of a filter"
    said = f"grey is weight 0, and {each} is stretched by its largest weight, positive to white and negative to black"
    pictures = [signed(filters[pair], 100) for pair in pairs]
    return _tiles(pictures, names, filters, of=count * channels, said=said, tile=tile)


def _tiles(greys: list[Greys], names: list[str], filters: Array, *, of: int, said: str, tile: int) -> Tiles:
    count, channels, height, width = filters.shape
    scale = Scale.to(max(height, width), tile)
    shown = f"the first {len(greys)} of {of} pictures of" if len(greys) < of else "all"
    sizes = [size for size in (height, width, channels) if size > 1]
    each = "x".join(map(str, sizes))
    words = f"{shown} {count} filters of {each}; {said}"
    numbers = "filter and channel" if ":" in names[0] else "filters"
    naming = f"the numbers are {numbers}, counted from 1"
    return Tiles(tuple(scaled(one, scale, scale) for one in greys), words, tuple(names), naming)


def _is_bgr(analysis: Analysis, node: NodeAnalysis) -> bool:
    """Whether the first channel of the picture that arrives is blue."""
    found = [one for one in analysis.nodes[: node.node.index] if one.node.is_input]
    return any(Preprocessing.of(one.node.layer, one.output).bgr for one in found)  # type: ignore[arg-type]
