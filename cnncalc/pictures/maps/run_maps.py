"""The maps of one run from Python: shown in a notebook, chosen by the name of a line, written to a folder.

A picture is kept for each line, not its numbers, so that a large net takes little memory.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from PIL import Image

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.diagnostics.python_words import python_words
from cnncalc.pictures.maps.first_filters import first_filters
from cnncalc.pictures.maps.input_photo import with_photo
from cnncalc.pictures.maps.map_folder import map_folder
from cnncalc.pictures.maps.map_names import FILTERS, line_name, line_title, map_file_name, refuse_no_maps
from cnncalc.pictures.maps.map_sheet import MOST, TILE, map_sheet, png_bytes
from cnncalc.pictures.maps.map_tiles import Tiles, has_maps, map_tiles
from cnncalc.runtime.images import Preprocessing, read
from cnncalc.runtime.line_results import line_results
from cnncalc.runtime.weights import Weights

if TYPE_CHECKING:
    from cnncalc.layers.input import Input


class LinePicture(NamedTuple):
    """One picture: the name of its line, of its file, its title, what it shows in words, and the PNG file itself."""

    name: str
    file: str
    title: str
    words: str
    png: bytes


class RunMaps:
    """The maps of every line of one run, and the filters of the first convolution (`conv1-filters`)."""

    def __init__(self, analysis: Analysis, pictures: tuple[LinePicture, ...], image: str = "") -> None:
        self.analysis, self.pictures, self._image = analysis, pictures, image

    @property
    def names(self) -> tuple[str, ...]:
        """What may be asked for, in the order of the net."""
        return tuple(picture.name for picture in self.pictures)

    def __getitem__(self, name: str) -> Image.Image:
        """The picture of a line, by its name; Pillow's pictures show themselves in a notebook.  Raises InputError."""
        found = next((picture for picture in self.pictures if picture.name == name), None)
        if found is None:
            known = f"the lines with maps are: {', '.join(self.names)}"
            raise input_error(
                "no-such-line", f"no line with maps is called `{name}`", help=did_you_mean(name, self.names, known)
            )
        return Image.open(io.BytesIO(found.png))

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> tuple[str, ...]:
        """Writes the pictures to a folder as `cnncalc run MODEL --maps DIR`: their names.  Raises InputError."""
        refuse_no_maps(self.analysis)
        inputs = [self._image] if self._image else []
        with python_words(), map_folder(os.fspath(folder), self.analysis, inputs=inputs, force=force) as staged:
            for picture in self.pictures:
                staged.write(picture.file, picture.png)
        return tuple(picture.file for picture in self.pictures)

    def __repr__(self) -> str:
        return f"<cnncalc maps: {', '.join(map(printable, self.names)) or 'no line has maps'}>"

    def _repr_html_(self) -> str:
        if not self.pictures:
            return "<p>No line has maps: every line gives a vector.</p>"
        return "".join(_folded(picture, is_open=place < 2) for place, picture in enumerate(self.pictures))


def run_maps(analysis: Analysis, weights: Weights, inputs: Mapping[str, Any], image: str = "") -> RunMaps:
    """Runs the net on the first image of `inputs` and draws its maps; `image` is the file that was read for it."""
    found: dict[tuple[int, str], LinePicture] = {}

    def keep(row: int, tiles: Tiles, what: str = "") -> None:
        title, line = line_title(analysis, row, what), analysis.rows[row]
        name = f"{line_name(analysis, line)}-{what}" if what else line_name(analysis, line)
        file = map_file_name(analysis, line, what)
        found[row, what] = LinePicture(name, file, title, tiles.words, png_bytes(map_sheet(title, tiles)))

    def see(row: int, maps: Any) -> None:
        if has_maps(maps.shape):
            keep(row, with_photo(map_tiles(maps, MOST, TILE), analysis, row, maps, preprocessing))

    preprocessing = own_preprocessing(analysis) if image else None

    filters = first_filters(analysis, weights, MOST, TILE)
    if filters is not None:
        keep(filters.row, filters.tiles, FILTERS)
    line_results(analysis, weights, inputs, see)
    return RunMaps(analysis, tuple(found[key] for key in sorted(found)), image)


def picture_input(analysis: Analysis, path: str) -> dict[str, Any]:
    """A picture as the array of the net's only input, prepared as its text says.  Raises InputError."""
    node = picture_node(analysis)
    return {node.node.name: read(Path(path), node.output, own_preprocessing(analysis))}


def own_preprocessing(analysis: Analysis) -> Preprocessing:
    """What the text of a net with one input says of pictures."""
    node = next(node for node in analysis.nodes if node.node.is_input)
    return Preprocessing.of(cast("Input", node.node.layer), node.output)


def picture_node(analysis: Analysis) -> NodeAnalysis:
    """The only input that a picture could be given to.  Raises InputError."""
    nodes = [node for node in analysis.nodes if node.node.is_input and getattr(node.node.layer, "data", None) is None]
    if len(nodes) != 1:
        names = ", ".join(node.node.name for node in nodes) or "none that a picture could be given to"
        raise input_error(
            "several-inputs",
            f"{analysis.graph.source.shown} has {len(nodes)} inputs: {names}",
            help="give arrays: a dict with one for each name, or nothing where the text has the numbers",
        )
    return nodes[0]


def _folded(picture: LinePicture, *, is_open: bool) -> str:
    """A picture below its title, on which one clicks; without a script."""
    data = base64.b64encode(picture.png).decode("ascii")
    title, words = escape(printable(picture.title[:400])), escape(picture.words)
    shown = " open" if is_open else ""
    return f"<details{shown}><summary>{title}</summary><img alt='{words}' src='data:image/png;base64,{data}'></details>"
