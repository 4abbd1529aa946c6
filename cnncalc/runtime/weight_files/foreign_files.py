"""Files that are no arrays, or arrays in a format that is not read: what they are, and what helps."""

from __future__ import annotations

from pathlib import Path

from cnncalc.diagnostics import InputError, input_error
from cnncalc.file_kinds import ARCHIVE, PLACEHOLDERS, FileKind


def foreign_file(path: Path, noun: str, kind: FileKind | None) -> InputError:
    """The error of a file that is read by no reader; `kind` is None where nothing is known of it."""
    advice = "save the arrays with numpy.savez or as .safetensors"
    if kind is None:
        message = f"{noun} `{path}` is of no kind of file that is read"
    elif kind.weights and noun == "weights file":
        message = f"`{path}` is {kind.what}; such files are not read yet"
    else:
        message = f"`{path}` is {kind.what}, not {'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    if kind in PLACEHOLDERS:
        advice = kind.model
    elif kind == ARCHIVE:
        advice = "unpack it, and give the file in it"
    return input_error("arrays-unknown-format", message, help=advice)
