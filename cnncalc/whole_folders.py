"""Folders that a command fills with many files: all of them appear, or, after Ctrl-C or a fault, none.

The files are written to a hidden folder beside their place, and what it holds is renamed when everything is there.
An entry that exists is replaced only with `force`, and only if it holds nothing but earlier outputs of the same
command; everything else in the folder stays.  One file alone is written by `destinations`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence

from cnncalc.destinations import Known, beginning_of, make_folder, refuse_folder, write_file
from cnncalc.diagnostics import InputError, input_error


class StagedFolder:
    """Where the files of a folder are written until all of them are there."""

    def __init__(self, staged: str) -> None:
        self._staged = staged

    def write(self, name: str, content: str | bytes) -> None:
        """Writes one file; `name` is its path in the folder.  Raises InputError."""
        path = os.path.join(self._staged, name)
        make_folder(os.path.dirname(path))
        write_file(path, content)


@contextlib.contextmanager
def whole_folder(folder: str, entries: Sequence[str], *, force: bool, known: Known) -> Iterator[StagedFolder]:
    """A folder to write to, whose files and folders are in `folder` when the block ends, or nothing is.

    `entries` are all that the command may ever write there: with `force` each that exists is replaced or removed, so
    that nothing old is taken for a part of the new.  `known` recognises an earlier output by its first bytes.  Raises
    InputError.
    """
    refuse_entries(folder, entries, force=force, known=known)
    staged = os.path.join(_nearest(folder), f".cnncalc-{os.urandom(6).hex()}.part")
    try:
        try:
            os.mkdir(staged)
        except OSError as fault:
            raise _failed(folder, fault) from None
        yield StagedFolder(staged)
        try:
            _appear(folder, staged, entries)
        except OSError as fault:
            raise _failed(folder, fault) from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def refuse_entries(folder: str, entries: Sequence[str], *, force: bool, known: Known) -> None:
    """Raises the InputError that writing there would raise, before the work whose result is to be written."""
    refuse_folder(folder)
    nearest = _nearest(folder)
    if not os.access(nearest, os.W_OK | os.X_OK):
        advice = "choose a folder that you may write to"
        raise input_error("cannot-write", f"{folder} cannot be written: {nearest} may not be written to", help=advice)
    for entry in entries:
        path = os.path.join(folder, entry)
        if not os.path.lexists(path):
            continue
        if not force:
            message = f"{path} exists already, and what it holds would be lost"
            raise input_error("file-exists", message, help="give another folder, or --force to replace it")
        stranger = _stranger(path, known)
        if stranger is not None:
            message = f"{path} is not replaced, since this command did not write {stranger}"
            raise input_error("file-exists", message, help="give another folder")


def _nearest(folder: str) -> str:
    """The folder itself, or the nearest one above it that exists."""
    path = os.path.abspath(folder)
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def _stranger(path: str, known: Known) -> str | None:
    """Something there that is no earlier output; None where everything is."""
    if os.path.islink(path) or not os.path.isdir(path):
        return None if _is_known(path, known) else path
    with os.scandir(path) as found:
        return next((entry.path for entry in found if not _is_known(entry.path, known)), None)


def _is_known(path: str, known: Known) -> bool:
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    try:
        return known(beginning_of(path))
    except OSError:
        return False


def _appear(folder: str, staged: str, entries: Sequence[str]) -> None:
    """Renames what is staged into its place; if that is interrupted, everything is as it was."""
    if not os.path.isdir(folder):
        path = os.path.abspath(folder)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.rename(staged, path)
        return
    old = os.path.join(staged, ".replaced")
    os.mkdir(old)
    moved: list[tuple[str, str]] = []
    try:
        for name in entries:
            place = os.path.join(folder, name)
            for source, target in ((place, os.path.join(old, name)), (os.path.join(staged, name), place)):
                if os.path.lexists(source):
                    moved.append((source, target))
                    os.rename(source, target)
    except BaseException:
        for source, target in reversed(moved):
            if os.path.lexists(target):
                os.rename(target, source)
        raise


def _failed(path: str, fault: OSError) -> InputError:
    reason = fault.strerror or str(fault)
    return input_error("cannot-write", f"{path} cannot be written: {reason[:1].lower()}{reason[1:]}")
