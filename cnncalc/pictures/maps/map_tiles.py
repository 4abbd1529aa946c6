"""The maps of one line as small pictures of one size: which are shown, how large, and how their values became greys.

Each map is stretched from its own smallest value to its own largest, since the maps of a line differ too much in size
to be told apart otherwise.  Maps of one row (of a net over time, or over text) become the rows of one picture with one
scale.  Where the pictures are put is the montage's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from cnncalc.layers.base import counted
from cnncalc.pictures.maps.greys import (
    Greys,
    constant_words,
    grey_picture,
    is_constant,
    not_finite_words,
    number,
    stretched,
)

Array = np.ndarray[Any, Any]

ROWS_A_MAP = 4
"""Maps of one row are so many times as many as maps with rows: each takes little room."""

WIDE = 6
"""The picture of such rows is so many tiles wide and high at most."""

HIGHEST_ROW = 16
"""Pixels of such a row at most."""


LONG, THINNEST = 8, 12
"""A map so many times as long as wide is not drawn thinner than so many pixels, as far as it has them."""


class Tiles(NamedTuple):
    """Pictures of one size, and in words what they show.

    `names` are what each is called, empty where one picture shows all; `naming` says what these names are.
    """

    pictures: tuple[Image.Image, ...]
    words: str
    names: tuple[str, ...] = ()
    naming: str = ""


class Scale(NamedTuple):
    """By which whole number lengths are multiplied, or else divided."""

    times: int
    parts: int

    @classmethod
    def to(cls, length: int, most: int) -> Scale:
        """As large as fits into `most` pixels.

        >>> Scale.to(10, 56), Scale.to(224, 56), Scale.to(57, 56)
        (Scale(times=5, parts=1), Scale(times=1, parts=4), Scale(times=1, parts=2))
        """
        return cls(max(1, most // length), max(1, -(-length // most)))

    @property
    def words(self) -> str:
        """What was done to the size; nothing where it is as it was."""
        return f"enlarged {self.times} times" if self.times > 1 else f"shown at 1:{self.parts}" * (self.parts > 1)


class Scales(NamedTuple):
    """How rows and columns are scaled: alike, but of a long and narrow map the few get a scale of their own."""

    down: Scale
    across: Scale

    @classmethod
    def to(cls, height: int, width: int, most: int) -> Scales:
        """As large as fits into `most` pixels.

        >>> Scales.to(224, 100, 56).words, Scales.to(10, 10_000, 480).words
        ('shown at 1:4', 'heights as they are, widths shown at 1:21')
        """
        both = Scale.to(max(height, width), most)
        few = min(height, width)
        if max(height, width) < LONG * few or few * both.times >= THINNEST * both.parts:
            return cls(both, both)
        own = Scale.to(few, THINNEST)
        return cls(own, both) if height < width else cls(both, own)

    @property
    def words(self) -> str:
        """What was done to the size; nothing where it is as it was."""
        if self.down == self.across:
            return self.down.words
        down, across = (scale.words or "as they are" for scale in self)
        return f"heights {down}, widths {across}"


def has_maps(shape: Sequence[int]) -> bool:
    """Whether maps `[c, y, x]` are more than a vector: that is no picture."""
    return shape[1] * shape[2] > 1


def map_tiles(maps: Array, most: int, tile: int) -> Tiles:
    """At most `most` of the maps `[c, y, x]`, each at most `tile` pixels long, named by its channel (from 1)."""
    if maps.shape[1] == 1:
        return _rows_of_one_picture(maps[:, 0], most, tile)
    chosen = most_varied(maps, most)
    scales = Scales.to(maps.shape[1], maps.shape[2], tile)
    greys = [stretched(maps[channel]) for channel in chosen]
    pictures = tuple(scaled(one, *scales) for one in greys)
    size = f"{maps.shape[1]}x{maps.shape[2]}"
    words = [f"{_how_many(len(chosen), len(maps))} of {size}", scales.words, *_values_in_words(maps[chosen])]
    naming = "the numbers are channels, counted from 1"
    return Tiles(pictures, "; ".join(filter(None, words)), tuple(str(channel + 1) for channel in chosen), naming)


def most_varied(maps: Array, most: int) -> list[int]:
    """The channels whose values differ most, in their own order; a map with a value that is not finite comes first.

    >>> most_varied(np.array([[[0., 0.]], [[0., 9.]], [[0., 1.]]]), 2)
    [1, 2]
    """
    if len(maps) <= most:
        return list(range(len(maps)))
    with np.errstate(over="ignore", invalid="ignore"):
        spread = maps.reshape(len(maps), -1).std(1)
    spread[~np.isfinite(spread)] = np.inf
    return sorted(np.argsort(-spread, kind="stable")[:most].tolist())


def scaled(greys: Greys, down: Scale, across: Scale) -> Image.Image:
    """Greys as a picture, enlarged without a blur or reduced by means; what is not finite stays visible."""
    rows, columns = greys.levels.shape[:2]
    marks = np.logical_or.reduceat(greys.not_finite, np.arange(0, rows, down.parts), axis=0)
    marks = np.logical_or.reduceat(marks, np.arange(0, columns, across.parts), axis=1)
    small = Image.fromarray(np.ascontiguousarray(greys.levels))
    if down.parts > 1 or across.parts > 1:
        small = small.reduce((across.parts, down.parts))
    picture = grey_picture(np.asarray(small), marks)
    return picture.resize((picture.width * across.times, picture.height * down.times), Image.Resampling.NEAREST)


def _rows_of_one_picture(rows: Array, most: int, tile: int) -> Tiles:
    """The maps `[c, x]` as one picture: a row for each map, with one scale for all."""
    chosen = most_varied(rows, most * ROWS_A_MAP)
    down, across = Scale.to(len(chosen), tile * WIDE), Scale.to(rows.shape[1], tile * WIDE)
    down = Scale(min(down.times, HIGHEST_ROW), down.parts)
    greys = stretched(rows[chosen])
    words = [f"{_how_many(len(chosen), len(rows))} of length {rows.shape[1]:,}, each a row", greys.words]
    return Tiles((scaled(greys, down, across),), "; ".join(filter(None, words)))


def _how_many(shown: int, of: int) -> str:
    if shown < of:
        return f"the {shown} most varied of {of:,} maps"
    return f"all {of} maps" if of > 1 else "one map"


def _values_in_words(maps: Array) -> list[str]:
    """How the values of maps became greys, each from its own black to its own white."""
    finite = np.isfinite(maps)
    odd = not_finite_words(int(maps.size - np.count_nonzero(finite)))
    low = np.where(finite, maps, np.inf).min((1, 2))
    high = np.where(finite, maps, -np.inf).max((1, 2))
    some = low <= high
    if not some.any():
        return [odd]
    smallest, largest = float(low[some].min()), float(high[some].max())
    if bool(is_constant(smallest, largest, maps.dtype)):
        return [constant_words(smallest), odd]
    how = f"black is {number(smallest)}, white is {number(largest)}"
    if len(maps) > 1:
        how = f"each from its smallest value, black, to its largest, white; they lie from {number(smallest)} to "
        how += number(largest)
    return [how, *_constant_maps(low[some & is_constant(low, high, maps.dtype)]), odd]


def _constant_maps(values: Array) -> list[str]:
    """How many of several maps hold one value everywhere."""
    zeros, others = int(np.count_nonzero(values == 0)), int(np.count_nonzero(values))
    return [
        *([f"{_are(zeros)} 0 everywhere (black)"] if zeros else []),
        *([f"{_are(others)} one other value everywhere (grey)"] if others else []),
    ]


def _are(count: int) -> str:
    return f"{counted(count, 'map')} {'is' if count == 1 else 'are'}"
