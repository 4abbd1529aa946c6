"""Which files a program may import: those of its own folder and of the package it is in, and nothing else.

Only ends in `.py` count, no links, and no file outside that folder; each is read once.  What an import means is not
known here.
"""

from __future__ import annotations

import os

from cnncalc.python.program import LARGEST_PROGRAM, File, Program
from cnncalc.python.program_error import PythonFault
from cnncalc.python.program_limits import exceeded
from cnncalc.reading import content_of

MOST_FILES = 200


class Beside:
    """The files next to the program's own file."""

    def __init__(self, program: Program, path: str) -> None:
        self._program = program
        self._folder = os.path.dirname(os.path.abspath(path)) if path else ""
        self._root = _package_of(self._folder) if path else ""
        self._found = {os.path.abspath(path): program.files[0]} if path else {}

    def find(self, module: str, level: int, importer: str) -> File | None:
        """The file of `import module` in the file at the path `importer`; `level` are the dots of a relative import.

        Raises PythonFault where there is one that cannot be read.
        """
        if not self._folder:
            return None
        parts = module.split(".") if module else []
        for folder in self._starts(parts, level, importer):
            base = os.path.join(folder, *parts)
            for path in (f"{base}.py" if parts else "", os.path.join(base, "__init__.py")):
                if path and self._is_allowed(path):
                    return self._file(path)
        return None

    def is_folder(self, module: str, level: int, importer: str) -> bool:
        """Whether there is a folder of that name, though perhaps without `__init__.py`."""
        parts = module.split(".") if module else []
        folders = [os.path.join(folder, *parts) for folder in self._starts(parts, level, importer)]
        return bool(self._folder) and any(map(self._is_inside, folders)) and any(map(os.path.isdir, folders))

    def _starts(self, parts: list[str], level: int, importer: str) -> list[str]:
        """The folders that the name may be counted from."""
        here = os.path.dirname(importer) if importer else self._folder
        if level:
            for _ in range(level - 1):
                here = os.path.dirname(here)
            return [here]
        above = os.path.dirname(self._root)
        is_own = parts[:1] == [os.path.basename(self._root)]
        return [here, self._folder, self._root, *([above] if is_own else [])]

    def _is_allowed(self, path: str) -> bool:
        return self._is_inside(path) and os.path.isfile(path)

    def _is_inside(self, path: str) -> bool:
        """In the folder of the program or its package, and no part of the way there is a link."""
        path = os.path.normpath(path)
        if os.path.commonpath([path, self._root]) != self._root:
            return False
        while path != self._root:
            if os.path.islink(path):
                return False
            path = os.path.dirname(path)
        return True

    def _file(self, path: str) -> File:
        path = os.path.normpath(path)
        if path not in self._found:
            if len(self._found) >= MOST_FILES:
                raise exceeded(f"the program imports more than {MOST_FILES} files")
            self._found[path] = self._program.file(os.path.relpath(path, self._folder), _text(path), path)
        return self._found[path]


def _package_of(folder: str) -> str:
    """The outermost folder that is still of the package."""
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        above = os.path.dirname(folder)
        if not os.path.isfile(os.path.join(above, "__init__.py")):
            break
        folder = above
    return folder


def _text(path: str) -> str:
    try:
        return content_of(path, LARGEST_PROGRAM).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, ValueError):
        raise PythonFault("unread-file", f"{os.path.basename(path)} cannot be read as a text in UTF-8") from None
