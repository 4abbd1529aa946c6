"""What a path given by the teacher stands for: the files of a class, whatever they are packed in.

A folder, an archive, an archive in a folder and archives of single students are all read alike.  Whose the files are is
not known here.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from cnncalc.homework.reading.containers.container_limits import Found, Unreadable, refused
from cnncalc.homework.reading.containers.folder import given_file, in_folder
from cnncalc.homework.reading.containers.homework_names import is_generic
from cnncalc.homework.reading.containers.platforms import assignment_of, owner_of
from cnncalc.homework.reading.containers.wrapping import holds_class, unwrapped

Known = Callable[[bytes], bool]
"""Whether a file that begins so was written by an earlier grading."""

BEGINNING = 4096

_WRITTEN_HERE = (".csv", ".json", ".html", ".md")


def found_in(
    path: str,
    excluded: Collection[str] = (),
    *,
    is_ours: Known | None = None,
    is_student: Callable[[str], bool] | None = None,
    of_several: bool = False,
) -> list[Found]:
    """The files that a path stands for, in the order of their names, without the folders around the class.

    `excluded` are real paths that are no submissions: the key, and what this command writes.  `is_student` knows the
    names of the class.  `of_several`: a folder among others is a student's, unless it is seen to hold several.  Raises
    InputError when a folder or an archive cannot be listed.
    """
    files = files_in(path, excluded, is_ours=is_ours)
    name = os.path.basename(os.path.abspath(path))
    if of_several and os.path.isdir(path) and not holds_class(name, files):
        files = [replace(one, parts=(name, *one.parts)) for one in files]
    files = [replace(one, assignment=assignment_of((name, *one.parts))) for one in files]
    found = unwrapped(files, is_student or _nobody)
    return sorted((replace(one, given=path) for one in found), key=_place)


def files_in(path: str, excluded: Collection[str] = (), *, is_ours: Known | None = None) -> list[Found]:
    """The same with all folders, in no order."""
    files = _listed(path, frozenset(excluded))
    if is_ours is not None:
        files = _without_ours(files, is_ours)
    if len(files) == 1 and os.path.isdir(path) and _is_archive(files[0].parts[-1]) and not files[0].fault:
        files = _listed(os.path.join(path, *files[0].parts), frozenset())
    return _unpacked(files)


def _listed(path: str, excluded: frozenset[str]) -> list[Found]:
    if os.path.isdir(path):
        return list(in_folder(path, excluded))
    if _is_archive(path) and _is_regular(path):
        from cnncalc.homework.reading.containers.zip_archive import in_archive  # noqa: PLC0415 - a folder needs no zip

        return list(in_archive(path))
    return [given_file(path)]


def _unpacked(files: Sequence[Found]) -> list[Found]:
    """Archives of single students become folders of their names."""
    if not any(_is_archive(one.parts[-1]) and one.content for one in files):
        return list(files)
    from cnncalc.homework.reading.containers.zip_archive import in_packed  # noqa: PLC0415 - as above

    packed = [in_packed(one) if _is_archive(one.parts[-1]) and one.content else [one] for one in files]
    return [one for some in packed for one in some]


def _is_archive(name: str) -> bool:
    return name.lower().endswith(".zip")


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _without_ours(files: Sequence[Found], known: Known) -> list[Found]:
    """Without what an earlier grading wrote; all that a student handed in, by its folder, says so."""
    beside = Counter(one.parts[:-1] for one in files)
    left: list[Found] = []
    for one in files:
        if not _is_ours(one, known):
            left.append(one)
        elif owner_of(one.parts) or (
            len(one.parts) > 1 and not is_generic(one.parts[-2]) and beside[one.parts[:-1]] == 1
        ):
            left.append(refused(one.parts, one.shown, "was written by an earlier grading"))
    return left


def _is_ours(found: Found, known: Known) -> bool:
    if found.fault or not found.parts[-1].lower().endswith(_WRITTEN_HERE):
        return False
    try:
        return known(found.read()[:BEGINNING])
    except Unreadable:
        return False


def _nobody(_name: str) -> bool:
    return False


def _place(found: Found) -> tuple[str, ...]:
    return found.parts
