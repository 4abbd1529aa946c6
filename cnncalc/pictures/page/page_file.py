"""The name of a page's file: how it must end, so that whatever opens it knows what it is.

What may be replaced is known to `cnncalc.destinations`.
"""

from __future__ import annotations

import os
from pathlib import PurePath

from cnncalc.diagnostics import input_error

ENDINGS = (".html", ".htm")


def refuse_other_ending(path: str) -> None:
    """Raises InputError where the name of a page ends as that of another kind of file."""
    ending = PurePath(path).suffix
    if path in ("", "-") or os.path.isdir(path) or ending.lower() in ENDINGS:
        return  # what is no name of a file is refused where files are written
    name = path[:80]
    other = f"{name.rstrip('/').removesuffix(ending)}.html"
    paper = " (a browser prints the page to a PDF)" if ending.lower() == ".pdf" else ""
    raise input_error("wrong-value", f"{name!r} has no ending of a page", help=f"end the name in .html: {other}{paper}")
