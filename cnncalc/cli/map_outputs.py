"""`run --maps`: the maps of every line, as pictures in a folder or drawn in the terminal, while the net runs.

They are those of the first image.  What cannot be done (a folder that may not be filled, a net without maps) is
refused before the net is run; after Ctrl-C no picture is there.
"""

from __future__ import annotations

import contextlib
import os
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
    from cnncalc.pictures.maps.map_names import has_map_shape

    if not any(has_map_shape(row.output) for row in analysis.rows):
        raise input_error(
            "no-maps",
            f"{given.model} has no maps: every line gives a vector",
            help="leave --maps out; a network that starts with height and width, such as `input 28x28x1`, has maps",
        )
    if target == TERMINAL:
        if json:
            raise input_error(
                "maps-beside-json",
                "--maps - draws in the terminal, where --json writes what programs read",
                help="give a folder: --maps maps",
            )
        yield TerminalMaps(analysis)
        return
    with _folder(target, given, analysis, force=force) as staged:
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
        from cnncalc.pictures.maps.map_sheet import LONGEST, map_sheet, png_bytes
        from cnncalc.pictures.maps.map_tiles import has_maps, map_tiles
        from cnncalc.pictures.maps.terminal_maps import KITTY_MOST, KITTY_TILE, drawn_lines, terminal_tiles
        from cnncalc.pictures.maps.terminal_picture import kitty_picture

        if not has_maps(maps.shape):
            return
        title = printable(_title(self.analysis, row)[:LONGEST])
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
        from cnncalc.pictures.maps.map_sheet import MOST, TILE

        found = first_filters(self.analysis, loaded, MOST, TILE)
        if found is not None:
            self._write(found.row, found.tiles, FILTERS)

    def see(self, row: int, maps: Any) -> None:
        """Writes the maps of one line."""
        from cnncalc.pictures.maps.map_sheet import MOST, TILE
        from cnncalc.pictures.maps.map_tiles import has_maps, map_tiles

        if has_maps(maps.shape):
            self._write(row, map_tiles(maps, MOST, TILE))

    def _write(self, row: int, tiles: Any, what: str = "") -> None:
        from cnncalc.pictures.maps.map_names import map_file_name
        from cnncalc.pictures.maps.map_sheet import map_sheet, png_bytes
        from cnncalc.report.map_lines import MapFile

        name = map_file_name(self.analysis, self.analysis.rows[row], what)
        self.staged.write(name, png_bytes(map_sheet(_title(self.analysis, row, what), tiles)))
        self.files.append(MapFile(row, name, tiles.words))

    def result(self) -> MapFiles:
        """The files in the order of the net."""
        from cnncalc.report.map_lines import MapFiles

        pictures = self.given.pictures
        files = sorted(self.files, key=lambda file: (file.row, file.name))
        return MapFiles(self.folder, tuple(files), pictures[0] if pictures else "", len(pictures))


FILTERS = "filters"


def _title(analysis: Analysis, row: int, what: str = "") -> str:
    """`3 conv2: conv 16 5x5 relu, 10x10x16`: the number of the line, its name, its text and its output."""
    from cnncalc.pictures.maps.map_names import line_name

    found = analysis.rows[row]
    shape = found.output.text(analysis.graph.order)
    shown = f"{what} of {found.row.text}" if what else f"{found.row.text}, {shape}"
    return f"{row} {line_name(analysis, found)}: {shown}"


@contextlib.contextmanager
def _folder(folder: str, given: Given, analysis: Analysis, *, force: bool) -> Iterator[StagedFolder]:
    """The folder to fill: earlier pictures of maps in it are replaced, whatever net they were of.

    Any other file keeps its place; one that has the name of a picture of this run is replaced with `force`, if it is a
    PNG picture at all.
    """
    from cnncalc.destinations import refuse_folder
    from cnncalc.pictures.maps.map_names import has_map_shape, map_file_name
    from cnncalc.pictures.maps.map_sheet import is_map_sheet, is_png
    from cnncalc.whole_folders import whole_folder

    refuse_folder(folder)
    rows = [row for row in analysis.rows if has_map_shape(row.output)]
    names = [map_file_name(analysis, row) for row in rows]
    names += [map_file_name(analysis, row, FILTERS) for row in analysis.rows]
    earlier = _earlier(folder)
    strangers = any(name not in earlier and os.path.lexists(os.path.join(folder, name)) for name in names)
    known = is_png if force else is_map_sheet
    entries = [*earlier, *(name for name in names if name not in earlier)]
    _refuse_read(folder, entries, given)
    with whole_folder(os.path.normpath(folder), entries, force=force or not strangers, known=known) as staged:
        yield staged


def _refuse_read(folder: str, entries: list[str], given: Given) -> None:
    """Raises InputError where a file that the run reads would be replaced: an earlier map, given as its picture."""
    from cnncalc.destinations import is_same_file

    for entry in entries:
        path = os.path.join(folder, entry)
        if any(is_same_file(path, read) for read in given.files if read != TERMINAL):
            raise input_error(
                "output-is-input",
                f"{path} is read by this command, so it is not written over",
                help="give another folder",
            )


def _earlier(folder: str) -> list[str]:
    """The pictures of maps that are in the folder."""
    from cnncalc.destinations import beginning_of
    from cnncalc.pictures.maps.map_sheet import is_map_sheet

    found = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.endswith(".png") and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    found += [entry.name] if is_map_sheet(beginning_of(entry.path)) else []
    return sorted(found)
