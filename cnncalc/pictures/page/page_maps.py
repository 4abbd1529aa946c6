"""What a page shows of a run: the photo as the net gets it, a montage of the maps of each line, what came out.

The net is run once.  Maps have a limit of bytes: over it the lines inside blocks lose theirs, then every second line,
and the page says so.  How values become greys is known to `cnncalc.pictures.maps`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.maps.input_photo import numbers_as_photo, photo_of
from cnncalc.pictures.maps.map_names import slice_words
from cnncalc.pictures.maps.map_tiles import has_maps
from cnncalc.pictures.maps.montage import montage
from cnncalc.pictures.page.page_run import PageImage, PageRun
from cnncalc.report.outputs import Results, gives_classes, meaningless, told
from cnncalc.runtime.confirmation import Output
from cnncalc.runtime.line_results import line_results
from cnncalc.runtime.planning import plan

if TYPE_CHECKING:
    from cnncalc.report.sheet import Fact
    from cnncalc.runtime.images import Preprocessing
    from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

MOST_BYTES = 900_000
"""Bytes of all maps as they stand in the page."""

MAPS_A_LINE, TILE = 16, 56
"""Maps of a line, and the longest side of each in pixels."""

BLURRED_FROM = 10
"""Pixels of a map from which a loss of its picture's details does not show."""

SMALL = 96
"""Pixels of the photo in the drawing."""

LARGEST_PHOTO = 640
"""Pixels of the longer side of the photo in the card."""


class Fed(NamedTuple):
    """What goes into a net: its file or line, arrays by input, and in words what was done to a picture.

    `preprocessing` is None where plain numbers go in.
    """

    name: str
    arrays: Mapping[str, Array]
    preprocessing: Preprocessing | None = None
    prepared: str = ""


def page_run(
    analysis: Analysis,
    weights: Weights,
    fed: Fed,
    *,
    labels: Sequence[str] = (),
    top: int = 5,
    heard: Callable[[int, int], None] | None = None,
) -> PageRun:
    """Runs the net and keeps what a page shows of it; `heard` counts the lines that are done.

    `labels` are the names of the classes, of which `top` are shown.
    """
    found: dict[int, PageImage] = {}
    seen: list[Array] = []
    first = next(row.row.index for row in analysis.rows if row.nodes[0].node.is_input)

    def see(row: int, maps: Array) -> None:
        if row == first:
            seen.append(maps.copy())
        if has_maps(maps.shape):
            picture, words = montage(maps, MAPS_A_LINE, TILE)
            found[row] = PageImage(*_encoded(picture), _joined(slice_words(analysis.rows[row].output), words))
        if heard is not None:
            heard(row + 1, len(analysis.rows))

    outputs = line_results(analysis, weights, fed.arrays, see)
    photo, how = numbers_as_photo(seen[0])
    if fed.preprocessing is not None:
        photo, how = photo_of(next(iter(fed.arrays.values())), fed.preprocessing), ""
    kept, left_out = within(found, _inside_blocks(analysis))
    return PageRun(
        fed.name,
        PageImage(*_jpeg(photo, LARGEST_PHOTO), slice_words(analysis.rows[first].output)),
        PageImage(*_jpeg(photo, SMALL)),
        kept,
        weights.origin,
        _joined(fed.prepared, how),
        _results(analysis, outputs, weights.origin, labels, top),
        left_out,
        "Numbers" if fed.preprocessing is None else "Picture",
    )


def _joined(*said: str) -> str:
    return "; ".join(filter(None, said))


def within(
    found: Mapping[int, PageImage], inside: Collection[int], most: int = MOST_BYTES
) -> tuple[dict[int, PageImage], str]:
    """As many of the maps as there is room for, and in words which lines have none; empty where all have theirs."""
    kept, left_out = dict(found), ""
    if _bytes(kept) > most:
        kept = {row: picture for row, picture in found.items() if row not in inside}
        left_out = "To keep the page small, lines inside blocks have no maps: only the last line of each block has."
    while _bytes(kept) > most:
        kept = dict(list(kept.items())[::2])
        left_out = f"To keep the page small, {len(kept)} of {len(found)} lines have their maps."
    return kept, left_out


def _bytes(pictures: Mapping[int, PageImage]) -> int:
    """What they take in a page: four letters for three bytes."""
    return sum(len(picture.data) for picture in pictures.values()) * 4 // 3


def _inside_blocks(analysis: Analysis) -> set[int]:
    """The rows of blocks without the last of each outermost call."""
    calls = [call.group for call in analysis.groups if call.group.last >= call.group.first]
    outer: list[range] = []
    for call in sorted(calls, key=lambda call: (call.first, -call.last)):
        if not outer or call.first >= outer[-1].stop:
            outer.append(range(call.first, call.last + 1))
    return {row for rows in outer for row in rows[:-1]}


def _results(
    analysis: Analysis, outputs: Mapping[str, Array], origin: str, labels: Sequence[str], top: int
) -> tuple[Fact, ...]:
    """What came out, in the words of `run`."""
    prepared = plan(analysis)
    named = tuple(
        Output(output, values, analysis.nodes[node].node.layer.word == "softmax")
        for node, (output, values) in zip(prepared.outputs, outputs.items(), strict=True)
    )
    results = Results(named, prepared.dtype == "float64")
    said = list(told(analysis, results, ["Result"], labels, top))
    if "random" in origin:
        said.append(meaningless("classes" if all(gives_classes(analysis, results, labels)) else "numbers"))
    return tuple(said)


def _encoded(picture: Image.Image) -> tuple[bytes, str]:
    """The picture as WebP; without a loss where maps are so small that each of their pixels is seen."""
    file = BytesIO()
    small = min(picture.size) < BLURRED_FROM * 4
    picture.save(file, "WEBP", quality=72, method=4, lossless=small)
    return file.getvalue(), "webp"


def _jpeg(photo: Image.Image, longest: int) -> tuple[bytes, str]:
    """The photo, no larger than so many pixels."""
    small = photo.copy()
    small.thumbnail((longest, longest))
    file = BytesIO()
    small.save(file, "JPEG", quality=84)
    return file.getvalue(), "jpeg"
