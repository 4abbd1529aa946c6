"""A folder of many files appears whole or not at all, and what somebody else put there is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.whole_folders import whole_folder

ENTRIES = ("a", "b.txt")
INTERRUPTION = "Ctrl-C"
NAMES = ("a/1.txt", "b.txt")


def known(beginning: bytes) -> bool:
    return beginning.startswith(b"ours")


def tree(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def make(
    folder: Path, word: str = "ours", *, force: bool = False, names: tuple[str, ...] = ("a/1.txt", "b.txt")
) -> None:
    with whole_folder(str(folder), ENTRIES, force=force, known=known) as staged:
        for name in names:
            if name == INTERRUPTION:
                raise KeyboardInterrupt
            staged.write(name, f"{word} {name}")


def test_everything_appears_at_the_end_and_nothing_else_stays(tmp_path: Path) -> None:
    with whole_folder(str(tmp_path / "x" / "y"), ENTRIES, force=False, known=known) as staged:
        staged.write("a/1.txt", "ours")
        assert not (tmp_path / "x").exists()
    assert tree(tmp_path) == {"x/y/a/1.txt": "ours"}


@pytest.mark.parametrize("there", [False, True])
def test_a_fault_leaves_everything_as_it_was(there: bool, tmp_path: Path) -> None:
    folder = tmp_path / "week"
    if there:
        make(folder, "ours, old")
    before = tree(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        make(folder, "ours, new", force=True, names=("a/1.txt", INTERRUPTION))
    assert tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == (["week"] if there else [])


@pytest.mark.parametrize("moves", range(1, 6))
def test_an_interruption_between_two_renames_is_undone(
    moves: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four renames replace two entries: the old ones go, the new ones come."""
    folder = tmp_path / "week"
    make(folder, "ours, old")
    before = tree(tmp_path)
    rename, done = os.rename, [0]

    def interrupted(source: str, target: str) -> None:
        done[0] += 1
        rename(source, target)
        if done[0] == moves:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", interrupted)
    if moves < 5:
        with pytest.raises(KeyboardInterrupt):
            make(folder, "ours, new", force=True)
        assert tree(tmp_path) == before
    else:
        make(folder, "ours, new", force=True)
        assert set(tree(tmp_path).values()) == {"ours, new a/1.txt", "ours, new b.txt"}


def test_what_exists_is_kept_without_force_and_old_entries_go_with_it(tmp_path: Path) -> None:
    make(tmp_path, "ours, old")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="a exists already, and what it holds would be lost"):
        make(tmp_path)
    make(tmp_path, force=True, names=("a/2.txt",))
    assert tree(tmp_path) == {"a/2.txt": "ours a/2.txt", "mine.txt": "mine"}


@pytest.mark.parametrize("strange", ["file", "folder", "link", "whole"])
def test_what_others_wrote_is_not_replaced_even_with_force(strange: str, tmp_path: Path) -> None:
    make(tmp_path)
    if strange == "file":
        (tmp_path / "a" / "id_rsa").write_text("secret")
    elif strange == "folder":
        (tmp_path / "a" / "deeper").mkdir()
    elif strange == "link":
        (tmp_path / "a" / "link").symlink_to(tmp_path / "b.txt")
    else:
        (tmp_path / "b.txt").unlink()
        (tmp_path / "b.txt").symlink_to(tmp_path / "a" / "1.txt")
    before = tree(tmp_path)
    with pytest.raises(InputError, match="is not replaced, since this command did not write"):
        make(tmp_path, "new", force=True)
    assert tree(tmp_path) == before


def test_a_folder_that_may_not_be_written_to_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="it exists, and it is no folder"):
        make(tmp_path / "file")
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        with pytest.raises(InputError, match="may not be written to"):
            make(tmp_path / "new")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_quiz_that_is_stopped_leaves_no_trace(number: signal.Signals, tmp_path: Path) -> None:
    """The process is stopped when some of its files are there, in the hidden folder."""
    (tmp_path / "class.csv").write_text("".join(f"{n}\n" for n in range(3000)))
    words = ["quiz", "--no-verify", "--questions", "1", "--students", "class.csv", "--key", "-o", "week/"]
    process = subprocess.Popen([sys.executable, "-m", "cnncalc", *words], cwd=tmp_path, stderr=subprocess.PIPE)
    end = time.monotonic() + 300
    while not list(tmp_path.glob(".cnncalc-*/keys/*")):
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(number)
    process.communicate(timeout=300)
    assert process.returncode in (128 + number, -number)
    assert [path.name for path in tmp_path.iterdir()] == ["class.csv"]
