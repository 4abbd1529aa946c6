"""Folders and files that nobody but the user (or the system's administrator) can have changed.

Compiled code is a program: whoever can write to where it is kept runs what he likes as whoever loads it.  So every
folder on the way is looked at, links included, as ssh looks at its keys.  Where all of them are the user's or root's
and closed to writing by others, nobody else can exchange anything between this look and the use.  A folder that others
may write to but where nobody removes another's entries (`/tmp`) may stand on the way.

Windows has no such owners and permissions: there everything counts as the user's own.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath

MOST_LINKS = 40
"""Links followed on the way, as many as Linux follows."""

_CHECKED = sys.platform != "win32"
_WRITE, _ENTER = 0o022, 0o011
"""Permissions of the group and of all others."""


def made(path: Path) -> tuple[Path, str]:
    """The folder without links, made where it is missing, and why it must not be used; empty where it may be.

    May raise OSError, as where a folder cannot be made.
    """
    if not _CHECKED:
        path.mkdir(parents=True, exist_ok=True)
        return path.resolve(), ""
    here, links = Path("/"), 0
    pending = list(reversed(path.absolute().parts[1:]))
    closed = {here: False}
    reason = _reason(here, os.lstat(here))
    while pending and not reason:
        part = pending.pop()
        place = here.parent if part == ".." else here / part
        status = _status(place)
        if stat.S_ISLNK(status.st_mode):
            links += 1
            reason = _owner(place, status) or ("it leads through too many links" if links > MOST_LINKS else "")
            here = _followed(here, os.readlink(place), pending)
            continue
        if place not in closed:
            reason = _reason(place, status, behind_closed=closed[here])
            closed[place] = closed[here] or not status.st_mode & _ENTER
        here = place
    behind_closed = closed.get(here.parent, False)
    return here, reason or _reason(here, os.lstat(here), behind_closed=behind_closed, shared_on_the_way=False)


def content(path: Path) -> tuple[bytes | None, str]:
    """What a file in a folder of that kind holds, and why it must not be used; (None, "") where there is none.

    What is looked at is what is read, and a link is not followed.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        opened = os.open(path, flags)
    except FileNotFoundError:
        return None, ""
    except OSError:
        return None, f"{path} is a link" if path.is_symlink() else f"{path} cannot be read"
    status = os.fstat(opened)
    reason = "" if stat.S_ISREG(status.st_mode) else f"{path} is not a file"
    if _CHECKED and not reason:
        reason = _reason(path, status, shared_on_the_way=False)
    if reason:
        os.close(opened)
        return None, reason
    with os.fdopen(opened, "rb") as file:
        return file.read(), ""


def _status(place: Path) -> os.stat_result:
    """Of a folder or a link; a folder that is missing is made, for the user alone."""
    try:
        return os.lstat(place)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):  # another process has just made it
            os.mkdir(place, 0o700)
        return os.lstat(place)


def _followed(here: Path, target: str, pending: list[str]) -> Path:
    """Where a link in `here` leads from; the parts of its target are put before those that are pending."""
    parts: Iterable[str] = PurePath(target).parts
    absolute = target.startswith("/")
    pending += reversed(list(parts)[1:] if absolute else list(parts))
    return Path("/") if absolute else here


def _reason(place: Path, status: os.stat_result, *, behind_closed: bool = False, shared_on_the_way: bool = True) -> str:
    """Why others may have changed what is in a folder, or a file; empty where they cannot have.

    `behind_closed`: nobody else gets as far as this folder.  `shared_on_the_way`: entries of others may lie in it.
    """
    sticky = shared_on_the_way and status.st_mode & stat.S_ISVTX
    if reason := _owner(place, status):
        return reason
    if sticky or behind_closed or not _others_may_write(place, status):
        return ""
    return f"{place} can be written by others"


def _owner(place: Path, status: os.stat_result) -> str:
    if sys.platform == "win32":
        return ""
    return "" if status.st_uid in (0, os.geteuid()) else f"{place} belongs to another user"


def _others_may_write(place: Path, status: os.stat_result) -> bool:
    """Whether the permissions let anybody else write; a group of the user's own, without other members, is nobody.

    Many systems give each user such a group and let it write to all that the user makes.
    """
    if not status.st_mode & _WRITE:
        return False
    return bool(status.st_mode & stat.S_IWOTH) or not _is_own_group(place, status.st_gid)


def _is_own_group(place: Path, gid: int) -> bool:
    if sys.platform != "linux":  # elsewhere nothing tells of lists that name others
        return False
    import grp  # noqa: PLC0415 (Windows has neither, and few folders need them)
    import pwd  # noqa: PLC0415

    with contextlib.suppress(KeyError, OSError):
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(gid)
        own = (group.gr_name, group.gr_gid) == (user.pw_name, user.pw_gid) and {*group.gr_mem} <= {user.pw_name}
        return own and "system.posix_acl_access" not in os.listxattr(place)  # such a list may name others
    return False
