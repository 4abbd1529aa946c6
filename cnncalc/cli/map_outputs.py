"""`run --maps`: the maps of every line, as pictures in a folder or drawn in the terminal, while the net runs.

They are those of the first image.  What cannot be done (a folder that may not be filled, a net without maps) is
refused before the net is run; after Ctrl-C no picture is there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from cnncalc.cli.parameters import PRINTING
from cnncalc.diagnostics import input_error

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.cli.inputs import Given
    from cnncalc.report.map_lines import MapFile, MapFiles
    from cnncalc.runtime.confirmation import Observer, Progress
    from cnncalc.runtime.weights import Weights
    from cnncalc.whole_folders import StagedFolder

TERMINAL = "-"

Maps = Annotated[
    str | None,
    typer.Option(
        "--maps",
        metavar="DIR",
        rich_help_panel=PRINTING,
        help="Write the maps of every layer as pictures to this folder, and the filters of the first convolution; "
        "- draws them small in the terminal.",
    ),
]


class MapOutput(Protocol):
    """Whatever is done with maps; rows are seen in the order of the net, each once."""

    def weights(self, loaded: Weights) -> None:
        """The weights of the run, before it."""

    def see(self, row: int, maps: Any) -> None:
        """The maps `[c, y, x]` of a row."""

    def result(self) -> MapFiles | None:
        """What was written, after the run."""


@contextlib.contextmanager
def map_output(target: str | None, given: Given, analysis: Analysis, *, force: bool, json: bool) -> Iterator[MapOutput]:
    """What takes the maps of a run; without a target, nothing does.  Raises InputError."""
    if target is None:
        yield NoMaps()
        return
    from cnncalc.pictures.maps.map_names import refuse_no_maps

    refuse_no_maps(analysis)
    if target == TERMINAL:
        if json:
            raise input_error(
                "maps-and-json",
                "--maps - draws in the terminal, where --json writes what programs read",
                help="give a folder: --maps maps",
            )
        yield TerminalMaps(analysis)
        return
    from cnncalc.pictures.maps.map_folder import map_folder

    inputs = [path for path in given.files if path != TERMINAL]
    with map_folder(target, analysis, inputs=inputs, force=force) as staged:
        yield FolderMaps(target, staged, given, analysis)


def heard_too(maps: MapOutput, observe: Observer | None) -> Observer:
    """An observer of `confirm` that also shows each line's result as maps."""
    from cnncalc.runtime.line_results import maps_of

    def hear(event: Progress) -> None:
        if event.row is not None and event.result is not None:
            maps.see(event.row.row.index, maps_of(event.result))
        if observe is not None:
            observe(event)

    return hear


class NoMaps:
    """Nobody asked for maps."""

    def weights(self, loaded: Weights) -> None:
        """Not looked at."""

    def see(self, row: int, maps: Any) -> None:
        """Not looked at."""

    def result(self) -> None:
        """Nothing was written."""


class TerminalMaps:
    """Lines of a terminal, in its width and colours; they are printed before the table of the run."""

    def __init__(self, analysis: Analysis) -> None:
        from cnncalc.cli.terminal import canvas, picture_way

        self.analysis, self.canvas, self.way = analysis, canvas(), picture_way()
        self.texts: list[str] = []

    def weights(self, loaded: Weights) -> None:
        """Filters are too small to be told apart there."""

    def see(self, row: int, maps: Any) -> None:
        """Draw as many of them as fit side by side."""
        from cnncalc.cli.appearance import UNKNOWN
        from cnncalc.diagnostics.letters import printable
        from cnncalc.diagnostics.wrapping import wrapped
        from cnncalc.pictures.maps.map_names import line_title
        from cnncalc.pictures.maps.map_sheet import LONGEST, map_sheet, png_bytes
        from cnncalc.pictures.maps.map_tiles import has_maps, map_tiles
        from cnncalc.pictures.maps.terminal_maps import KITTY_MOST, KITTY_TILE, drawn_lines, terminal_tiles
        from cnncalc.pictures.maps.terminal_picture import kitty_picture

        if not has_maps(maps.shape):
            return
        title = printable(line_title(self.analysis, row)[:LONGEST])
        if self.way == "kitty":
            sheet = map_sheet(title, map_tiles(maps, KITTY_MOST, KITTY_TILE))
            self.texts.append(f"{kitty_picture(png_bytes(sheet))}\n")
            return
        width = self.canvas.width or UNKNOWN
        tiles = terminal_tiles(maps, width)
        words = [piece for text in (title, tiles.words) for piece in wrapped(text, width, 2)]
        heading, *rest = words
        self.texts.append(
            "\n".join([self.canvas.paint(heading, "title"), *rest, *drawn_lines(tiles, self.way)]) + "\n\n"
        )

    def result(self) -> None:
        """Prints what was drawn."""
        from cnncalc.cli.terminal import write, write_pictures

        (write_pictures if self.way == "kitty" else write)("".join(self.texts))


class FolderMaps:
    """A file for each line with maps, written as soon as it is there."""

    def __init__(self, folder: str, staged: StagedFolder, given: Given, analysis: Analysis) -> None:
        self.folder, self.staged, self.given, self.analysis = folder, staged, given, analysis
        self.files: list[MapFile] = []

    def weights(self, loaded: Weights) -> None:
        """Writes the filters of the first convolution, where it has some that are pictures."""
        from cnncalc.pictures.maps.first_filters import first_filters
        from cnncalc.pictures.maps.map_names import FILTERS
        from cnncalc.pictures.maps.map_sheet import MOST, TILE

        found = first_filters(self.analysis, loaded, MOST, TILE)
        if found is not None:
            self._write(found.row, found.tiles, FILTERS)

    def see(self, row: int, maps: Any) -> None:
        """Writes the maps of one line."""
        from cnncalc.cli.inputs import picture_preprocessing
        from cnncalc.pictures.maps.input_photo import with_photo
        from cnncalc.pictures.maps.map_sheet import MOST, TILE
        from cnncalc.pictures.maps.map_tiles import has_maps, map_tiles

        if has_maps(maps.shape):
            preprocessing = picture_preprocessing(self.given, self.analysis)
            self._write(row, with_photo(map_tiles(maps, MOST, TILE), self.analysis, row, maps, preprocessing))

    def _write(self, row: int, tiles: Any, what: str = "") -> None:
        from cnncalc.pictures.maps.map_names import line_title, map_file_name
        from cnncalc.pictures.maps.map_sheet import map_sheet, png_bytes
        from cnncalc.report.map_lines import MapFile

        name = map_file_name(self.analysis, self.analysis.rows[row], what)
        self.staged.write(name, png_bytes(map_sheet(line_title(self.analysis, row, what), tiles)))
        self.files.append(MapFile(row, name, tiles.words))

    def result(self) -> MapFiles:
        """The files in the order of the net."""
        from cnncalc.report.map_lines import MapFiles

        pictures = self.given.pictures
        files = sorted(self.files, key=lambda file: (file.row, file.name))
        return MapFiles(self.folder, tuple(files), pictures[0] if pictures else "", len(pictures))
