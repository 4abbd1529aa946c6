"""The one writer: everything that the program writes to a file is written here, and nothing is lost by it.

A file is written beside its place and renamed when it is whole, so that after Ctrl-C or on a full disk the old one is
still there.  Links are followed.  Refused are: whatever is no regular file, a file that the same command reads, and,
without `force`, a file that holds anything else than an earlier output of the same command.  Permissions are kept, and
the owner where the system allows it.  What is written is nobody's business here.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from cnncalc.diagnostics import InputError, input_error

BEGINNING = 4096
"""Bytes of a file by which an earlier output is recognised."""

MOST_LINKS = 40
"""Links that lead to links; Linux follows as many."""

_OTHER_NAME = "give the name of a file"
_OTHER_PLACE = "give another name, or one in another folder"
_NEW_FOLDER = "make the folder first, or choose another"

Known = Callable[[bytes], bool]
"""Whether a file that begins so is an earlier output of the same command, which may be replaced unasked."""


def nothing_known(_beginning: bytes) -> bool:
    """For outputs that a user may have edited since: none of them is replaced without `force`."""
    return False


def write_file(
    path: str,
    content: str | bytes,
    *,
    inputs: Iterable[str] = (),
    force: bool = False,
    known: Known = nothing_known,
) -> None:
    """Writes the file; one that holds exactly this already is left as it is.

    `inputs` are the files that the command reads, `-` is its standard input.  Raises InputError.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    target = _destination(path, inputs)
    if _holds(target, data):
        return
    _refuse_loss(path, target, force=force, known=known)
    _replace(path, target, lambda file: file.write(data))


def write_stream(
    path: str,
    fill: Callable[[BinaryIO], object],
    *,
    inputs: Iterable[str] = (),
    force: bool = False,
    known: Known = nothing_known,
) -> None:
    """As `write_file`, for what is too large to be held as a whole: `fill` writes it to the binary file it is given."""
    target = _destination(path, inputs)
    _refuse_loss(path, target, force=force, known=known)
    _replace(path, target, fill)


def write_together(
    files: Mapping[str, Callable[[BinaryIO], object]], *, inputs: Iterable[str] = (), force: bool = False
) -> None:
    """Writes files that belong to each other, by their paths: all of them, or, after Ctrl-C or a fault, none.

    A file that holds exactly what would be written is no loss.  Raises InputError.
    """
    read = list(inputs)
    targets = {path: _destination(path, read) for path in files}
    staged: dict[str, str] = {}
    try:
        for path, fill in files.items():
            beside = staged[path] = _beside(targets[path])
            try:
                _fill(beside, _status(targets[path]), fill)
            except (OSError, ValueError) as fault:
                raise _failed(path, fault) from None
        for path, beside in staged.items():
            if not _same_content(targets[path], beside):
                _refuse_loss(path, targets[path], force=force, known=nothing_known)
        _appear({beside: targets[path] for path, beside in staged.items()})
    finally:
        for beside in staged.values():
            with contextlib.suppress(OSError):
                os.unlink(beside)


def refuse_destination(
    path: str, *, inputs: Iterable[str] = (), force: bool = False, known: Known = nothing_known
) -> None:
    """Raises the InputError that writing there would raise, before the work whose result is to be written."""
    _refuse_loss(path, _destination(path, inputs), force=force, known=known)


def refuse_shared_place(outputs: Mapping[str, str | None]) -> None:
    """Raises InputError where two outputs of one command would go to one place; by option, None for what is not asked.

    What is there already has one place by whatever links and spellings, what is not by its path without links.
    """
    seen: dict[str, str] = {}
    for option, path in outputs.items():
        if not path or path == "-" or "\0" in path:
            continue
        place = os.path.normcase(os.path.realpath(path))
        other = seen.setdefault(place, option)
        if other != option:
            message = f"{other} and {option} would both write {path}, and one of them would be lost"
            raise input_error("outputs-share-place", message, help="give each a name of its own")


def beginning_of(path: str) -> bytes:
    """The first bytes of a file, by which an earlier output is known; raises OSError."""
    with open(path, "rb") as file:
        return file.read(BEGINNING)


def make_folder(path: str) -> None:
    """Makes a folder, and those above it, unless it is there; raises InputError."""
    refuse_folder(path)
    try:
        os.makedirs(path, exist_ok=True)
    except (OSError, ValueError) as fault:
        raise input_error("cannot-write", f"{path} cannot be made: {_reason(fault)}") from None


def refuse_folder(path: str) -> None:
    """Raises an InputError where something else than a folder has its name."""
    if not path or "\0" in path:
        raise input_error("not-a-file", "the name of a folder to write to is empty or no name")
    if os.path.lexists(path) and not os.path.isdir(path):
        raise input_error(
            "cannot-write", f"{path} cannot be made: it exists, and it is no folder", help="give another name"
        )


def is_same_file(one: str, other: str) -> bool:
    """Whether two paths lead to one file, by whatever links and spellings; `-` is standard input."""
    identity = _identity(one)
    return identity is not None and identity == _identity(other)


# ---------------------------------------------------------------------- where it goes
def _destination(path: str, inputs: Iterable[str]) -> str:
    """The regular file, there or not, to which the path leads; raises InputError for anything else."""
    if path in ("", "-"):
        what = "`-` is standard output, not a file" if path else "the name of a file to write is empty"
        raise input_error("not-a-file", what, help="give the name of a file")
    try:
        target = _followed(path)
        before = _status(target)
    except (OSError, ValueError) as fault:
        raise _failed(path, fault) from None
    if before is not None and not stat.S_ISREG(before.st_mode):
        raise input_error("not-a-file", f"{path} is {kind_of_file(before.st_mode)}, not a file", help=_OTHER_NAME)
    _refuse_no_folder(path, os.path.dirname(target))
    for given in inputs:
        if is_same_file(target, given):
            shown = "standard input" if given == "-" else given
            message = f"{path} is read by this command" if given == path else f"{path} is the same file as {shown}"
            raise input_error("output-is-input", f"{message}, so it is not written over", help="give another name")
    return target


def kind_of_file(mode: int) -> str:
    """In words what a path leads to, by its mode."""
    kinds = (
        (stat.S_ISREG, "a file"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISLNK, "a link"),
    )
    return next((words for test, words in kinds if test(mode)), "a device")


def _refuse_no_folder(path: str, folder: str) -> None:
    """Raises InputError unless files can be made in the folder."""
    shown = os.path.dirname(path) or "this folder"
    if not os.path.isdir(folder):
        raise input_error("cannot-write", f"{path} cannot be written: there is no folder {shown}", help=_NEW_FOLDER)
    if not os.access(folder, os.W_OK | os.X_OK):
        advice = "choose a folder that you may write to"
        raise input_error("cannot-write", f"{path} cannot be written: {shown} may not be written to", help=advice)


def _followed(path: str) -> str:
    """The path without links; raises InputError for a link to nowhere, and for a stream of a process.

    The links are followed one by one, since the last of `/dev/stdout` leads to whatever file the output goes to.
    """
    target = path
    for _ in range(MOST_LINKS):
        folder = os.path.realpath(os.path.dirname(target))
        if folder.startswith("/proc/"):
            raise input_error("not-a-file", f"{path} belongs to a running process and is not a file", help=_OTHER_NAME)
        target = os.path.join(folder, os.path.basename(target))
        if not os.path.islink(target):
            break
        target = os.path.join(folder, os.readlink(target))
    else:
        raise input_error("cannot-write", f"{path} is a link that leads back to itself", help=_OTHER_NAME)
    if os.path.islink(path) and not os.path.lexists(target):
        advice = f"remove the link, or make the file: touch {target}"
        raise input_error("cannot-write", f"{path} is a link to {target}, which does not exist", help=advice)
    return target


def _status(path: str) -> os.stat_result | None:
    """What the system says about a path; None where there is nothing."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _identity(path: str) -> tuple[int, int] | None:
    """What two names of one file have in common; None where there is no file."""
    try:
        found = os.fstat(0) if path == "-" else os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


# ---------------------------------------------------------------------- what would be lost
def _holds(target: str, data: bytes) -> bool:
    with contextlib.suppress(OSError):
        if os.path.getsize(target) == len(data):
            with open(target, "rb") as file:
                return file.read() == data
    return False


def _refuse_loss(path: str, target: str, *, force: bool, known: Known) -> None:
    """Raises InputError where a file stands that may not be replaced."""
    try:
        before = _status(target)
        if before is None:
            return
        beginning = beginning_of(target)
    except OSError as fault:
        raise _failed(path, fault) from None
    if not before.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise input_error("cannot-write", f"{path} is write-protected", help=f"allow it: chmod u+w {path}")
    if beginning and not force and not known(beginning):
        message = f"{path} exists already, and what it holds would be lost"
        raise input_error("file-exists", message, help="give another name, or --force to replace it")


# ---------------------------------------------------------------------- writing
def _replace(path: str, target: str, fill: Callable[[BinaryIO], object]) -> None:
    """Fills a file beside the target and renames it; whatever happens, no half-written file stays."""
    beside = _beside(target)
    try:
        _fill(beside, _status(target), fill)
        os.replace(beside, target)
    except (OSError, ValueError) as fault:
        raise _failed(path, fault) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside)


def _beside(target: str) -> str:
    """A new name in the same folder."""
    return os.path.join(os.path.dirname(target), f".cnncalc-{os.urandom(6).hex()}.part")


def _fill(beside: str, before: os.stat_result | None, fill: Callable[[BinaryIO], object]) -> None:
    """A file that is ready to take the place of what was there `before`."""
    with open(_created(beside, 0o666 if before is None else 0o600), "wb") as file:
        fill(file)
    if before is not None:
        _take_over(beside, before)


def _same_content(target: str, beside: str) -> bool:
    """Whether both files hold the same bytes."""
    from filecmp import cmp  # noqa: PLC0415 (only few commands write several files)

    return os.path.exists(target) and cmp(target, beside, shallow=False)


def _appear(places: Mapping[str, str]) -> None:
    """Renames files into their places; where that is interrupted, everything is as it was."""
    kept = {target: _beside(target) for target in places.values() if os.path.lexists(target)}
    done: list[str] = []
    try:
        for target, name in kept.items():
            _keep(target, name)
        for beside, target in places.items():
            done.append(target)
            os.replace(beside, target)
    except BaseException as fault:
        for target in done:
            with contextlib.suppress(OSError):
                os.replace(kept[target], target) if target in kept else os.unlink(target)
        if isinstance(fault, OSError):
            raise _failed(", ".join(places.values()), fault) from None
        raise
    finally:
        for name in kept.values():
            with contextlib.suppress(OSError):
                os.unlink(name)


def _keep(target: str, name: str) -> None:
    """Gives a file a second name, or that name alone on a disk where a file has one."""
    try:
        os.link(target, name)
    except OSError:
        os.rename(target, name)


def _created(beside: str, mode: int) -> int:
    """A descriptor of a new file, with the permissions that the user's mask leaves of `mode`."""
    return os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)


def _take_over(beside: str, before: os.stat_result) -> None:
    """Owner and permissions of the file that is replaced; a user who may not give files away keeps the new one."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(beside, -1, before.st_gid)
        with contextlib.suppress(OSError):
            os.chown(beside, before.st_uid, -1)
    os.chmod(beside, before.st_mode & 0o777)


def _failed(path: str, fault: Exception) -> InputError:
    return input_error("cannot-write", f"{path} cannot be written: {_reason(fault)}", help=_OTHER_PLACE)


def _reason(fault: Exception) -> str:
    reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return reason[:1].lower() + reason[1:]
