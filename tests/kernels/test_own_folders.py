"""Only what the user or root alone can have written is read: folders on the way, links and files."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnncalc.kernels import own_folders

grp = pytest.importorskip("grp", reason="this system has no owners of that kind")
pwd = pytest.importorskip("pwd", reason="this system has no owners of that kind")
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners of that kind")
root_alone = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone can give files away"
)
ANOTHER = 54_321
"""The number of a user who is neither root nor we."""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others can enter, unlike pytest's own."""
    found = Path(tempfile.mkdtemp())
    found.chmod(0o755)
    yield found.resolve()
    shutil.rmtree(found)


def folder(path: Path, mode: int) -> Path:
    path.mkdir(parents=True)
    path.chmod(mode)
    return path


def refused(path: Path) -> str:
    return own_folders.made(path)[1]


def test_a_folder_that_is_missing_is_made_for_the_user_alone(place: Path) -> None:
    assert own_folders.made(place / "a" / "b") == (place / "a" / "b", "")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (place / "a", place / "a" / "b")] == [0o700, 0o700]


@pytest.mark.parametrize(
    ("mode", "own"), [(0o755, True), (0o700, True), (0o777, False), (0o1777, False), (0o757, False)]
)
def test_the_folder_itself_is_closed_to_writing_by_others(place: Path, mode: int, own: bool) -> None:
    found = folder(place / "cache", mode)
    assert refused(found) == ("" if own else f"{found} can be written by others")


def test_every_folder_on_the_way_counts(place: Path) -> None:
    folder(place / "open" / "cache", 0o700)
    (place / "open").chmod(0o777)
    assert refused(place / "open" / "cache") == f"{place}/open can be written by others"
    assert refused(place / "open" / "new") == f"{place}/open can be written by others"
    assert not (place / "open" / "new").exists()


def test_a_folder_where_nobody_removes_anothers_entries_may_stand_on_the_way(place: Path) -> None:
    """Such is /tmp."""
    folder(place / "tmp", 0o1777)
    assert refused(place / "tmp" / "cache") == ""


def test_what_lies_behind_a_closed_folder_is_out_of_reach(place: Path) -> None:
    folder(place / "house" / "open", 0o777)
    (place / "house").chmod(0o700)
    assert refused(place / "house" / "open") == ""
    (place / "house").chmod(0o711)
    assert refused(place / "house" / "open") == f"{place}/house/open can be written by others"


@root_alone
def test_the_folder_of_another_user_is_not_used_even_where_it_is_closed(place: Path) -> None:
    folder(place / "cache" / "in", 0o700)
    os.chown(place / "cache", ANOTHER, -1)
    assert refused(place / "cache") == f"{place}/cache belongs to another user"
    assert refused(place / "cache" / "in") == f"{place}/cache belongs to another user"


def test_to_another_user_a_folder_of_ours_is_anothers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(place, ANOTHER, -1)
    monkeypatch.setattr(os, "geteuid", lambda: ANOTHER + 1)
    assert refused(place / "cache") == f"{place} belongs to another user"


def test_links_are_followed_to_what_they_lead_to(place: Path) -> None:
    folder(place / "real" / "in", 0o755)
    (place / "link").symlink_to("real")
    (place / "through").symlink_to(place / "link" / "in")
    (place / "up").symlink_to("real/in/../in")
    assert own_folders.made(place / "link") == (place / "real", "")
    assert own_folders.made(place / "through" / "new") == (place / "real" / "in" / "new", "")
    assert own_folders.made(place / "up") == (place / "real" / "in", "")
    (place / "real").chmod(0o777)
    assert refused(place / "through") == f"{place}/real can be written by others"


def test_a_link_that_leads_to_itself_ends(place: Path) -> None:
    (place / "link").symlink_to("link")
    assert refused(place / "link") == "it leads through too many links"


@root_alone
def test_the_link_of_another_user_is_not_followed(place: Path) -> None:
    folder(place / "real", 0o700)
    (place / "link").symlink_to("real")
    os.lchown(place / "link", ANOTHER, -1)
    assert refused(place / "link" / "cache") == f"{place}/link belongs to another user"
    assert not (place / "real" / "cache").exists()


@pytest.mark.parametrize(
    ("name", "members", "own"), [("me", [], True), ("me", ["me"], True), ("me", ["you"], False), ("staff", [], False)]
)
def test_a_group_of_the_users_own_without_others_is_nobody(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str, members: list[str], own: bool
) -> None:
    found = folder(place / "cache", 0o775)
    gid = found.stat().st_gid
    group = SimpleNamespace(gr_name=name, gr_gid=gid, gr_mem=members)
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: SimpleNamespace(pw_name="me", pw_gid=gid))
    monkeypatch.setattr(grp, "getgrgid", lambda gid: group)
    assert refused(found) == ("" if own else f"{found} can be written by others")


def test_a_file_under_the_name_of_a_folder_is_no_folder(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        own_folders.made(place / "file" / "cache")


@pytest.mark.parametrize(("mode", "reason"), [(0o600, ""), (0o644, ""), (0o606, "can be written by others")])
def test_a_file_is_closed_to_writing_by_others(place: Path, mode: int, reason: str) -> None:
    path = place / "kernel.o"
    path.write_bytes(b"code")
    path.chmod(mode)
    assert own_folders.content(path) == ((None, f"{path} {reason}") if reason else (b"code", ""))


@root_alone
def test_the_file_of_another_user_is_not_read(place: Path) -> None:
    path = place / "kernel.o"
    path.write_bytes(b"code")
    os.chown(path, ANOTHER, -1)
    assert own_folders.content(path) == (None, f"{path} belongs to another user")


def test_what_is_no_plain_file_is_neither_read_nor_waited_for(place: Path) -> None:
    assert own_folders.content(place / "nothing") == (None, "")
    os.mkfifo(place / "pipe")
    assert own_folders.content(place / "pipe") == (None, f"{place}/pipe is not a file")
    assert own_folders.content(place) == (None, f"{place} is not a file")
    (place / "real").write_bytes(b"code")
    (place / "link").symlink_to("real")
    assert own_folders.content(place / "link") == (None, f"{place}/link is a link")
