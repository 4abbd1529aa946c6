"""Libraries that only the files of other programs need, and what is said where one is not installed.

Which file needs which is its reader's business: it imports the library when such a file is opened, and raises
`missing_extra` where that fails.
"""

from __future__ import annotations

from typing import Literal

from cnncalc.diagnostics import InputError, input_error

Library = Literal["h5py", "onnx", "python-docx", "openpyxl", "resvg-py", "fpdf2", "pygls"]

EXTRAS: dict[Library, str] = {
    "h5py": "keras",
    "onnx": "onnx",
    "python-docx": "office",
    "openpyxl": "office",
    "resvg-py": "pictures",
    "fpdf2": "pictures",
    "pygls": "editor",
}
"""A library -> the extra of cnncalc that installs it."""


def missing_extra(file: str, library: Library, *, doing: str = "reading") -> InputError:
    """The error of a file whose reader or writer needs a library that cannot be imported.

    >>> missing_extra("net.h5", "h5py").diagnostics[0].help
    "install it: pip install 'cnncalc[keras]'"
    """
    return input_error(
        "library-missing",
        f"{doing} {file} needs the library {library}, which is not installed",
        help=f"install it: pip install 'cnncalc[{EXTRAS[library]}]'",
    )
