"""The folder that pictures of maps are written to: all of a run, or none.

Earlier pictures of maps in it are replaced, whatever net they were of, so that nothing old is taken for a part of the
new.  Any other file keeps its place; one that has the name of a new picture is replaced with `force` alone, and only
if it is a PNG picture.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence

from cnncalc.analysis.model import Analysis
from cnncalc.destinations import beginning_of, is_same_file, refuse_folder
from cnncalc.diagnostics import input_error
from cnncalc.pictures.maps.map_names import FILTERS, has_map_shape, map_file_name
from cnncalc.pictures.maps.map_sheet import is_map_sheet, is_png
from cnncalc.whole_folders import StagedFolder, whole_folder


@contextlib.contextmanager
def map_folder(folder: str, analysis: Analysis, *, inputs: Sequence[str], force: bool) -> Iterator[StagedFolder]:
    """What takes the pictures of the net's maps; `inputs` are the files that the run reads.  Raises InputError."""
    refuse_folder(folder)
    rows = [row for row in analysis.rows if has_map_shape(row.output)]
    names = [map_file_name(analysis, row) for row in rows]
    names += [map_file_name(analysis, row, FILTERS) for row in analysis.rows]
    earlier = _earlier(folder)
    strangers = any(name not in earlier and os.path.lexists(os.path.join(folder, name)) for name in names)
    entries = [*earlier, *(name for name in names if name not in earlier)]
    _refuse_read(folder, entries, inputs)
    known = is_png if force else is_map_sheet
    with whole_folder(os.path.normpath(folder), entries, force=force or not strangers, known=known) as staged:
        yield staged


def _refuse_read(folder: str, entries: Sequence[str], inputs: Sequence[str]) -> None:
    """Raises InputError where a file that the run reads would be replaced: an earlier map, given as its picture."""
    for entry in entries:
        path = os.path.join(folder, entry)
        if any(is_same_file(path, read) for read in inputs):
            message = f"{path} is read by this command, so it is not written over"
            raise input_error("output-is-input", message, help="give another folder")


def _earlier(folder: str) -> list[str]:
    """The pictures of maps that are in the folder."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".png") and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    found += [entry.name] if is_map_sheet(beginning_of(entry.path)) else []
    return sorted(found)
