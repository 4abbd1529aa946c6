"""Nothing is lost by writing: no device is replaced, no input written over, no file half written, no work forgotten."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from cnncalc.destinations import is_same_file, make_folder, refuse_destination, write_file, write_stream, write_together
from cnncalc.diagnostics import InputError

from .conftest import Command


def refused(path: Path | str, **options: object) -> str:
    """`code: message` of the one reason why a file is not written."""
    with pytest.raises(InputError) as refusal:
        write_file(str(path), "new", force=True, **options)  # type: ignore[arg-type]
    (diagnostic,) = refusal.value.diagnostics
    return f"{diagnostic.code}: {diagnostic.message}"


def leftovers(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name.endswith(".part")]


# ---------------------------------------------------------------------- whole or not at all
def test_an_interrupted_write_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "model.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(str(path), "new", force=True)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_stream_that_breaks_leaves_the_old_file_alone(tmp_path: Path) -> None:
    def fill(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    path = tmp_path / "arrays.npz"
    path.write_text("old")
    with pytest.raises(InputError, match="cannot be written: no space left on device"):
        write_stream(str(path), fill, force=True)
    assert path.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "no" / "model.txt").endswith(f"cannot be written: there is no folder {tmp_path / 'no'}")
    assert refused(f"{tmp_path / 'no'}/").endswith("there is no folder " + str(tmp_path / "no"))


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 300])
def test_a_name_that_no_folder_can_have(name: str) -> None:
    with pytest.raises(InputError):
        make_folder(name)


@pytest.mark.parametrize("name", ["", "-", "a\0b", "x" * 300])
def test_a_name_that_no_file_can_have(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(name).startswith(("not-a-file", "cannot-write"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert refused(tmp_path / "new.txt") == (
        f"cannot-write: {tmp_path}/new.txt cannot be written: {tmp_path} may not be written to"
    )


def test_a_write_protected_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text("old")
    path.chmod(0o444)
    assert refused(path) == f"cannot-write: {path} is write-protected"
    assert path.read_text() == "old"


# ---------------------------------------------------------------------- permissions
def test_permissions_stay_and_links_are_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "model.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_file(str(link), "new", force=True)
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_that_the_mask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(str(tmp_path / "new.txt"), "new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text("old")
    os.chown(path, 12345, 54321)
    write_file(str(path), "new", force=True)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 54321)


# ---------------------------------------------------------------------- what is no file
def test_a_null_device_is_never_replaced(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/dev/null")
    assert refused("/dev/null") == "not-a-file: /dev/null is a device, not a file"
    assert refused(link) == f"not-a-file: {link} is a device, not a file"
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_device_of_ones_own_is_never_replaced(tmp_path: Path) -> None:
    node = tmp_path / "null"
    try:
        os.mknod(node, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except OSError:
        pytest.skip("device nodes are not allowed here")
    assert refused(node) == f"not-a-file: {node} is a device, not a file"
    assert stat.S_ISCHR(node.stat().st_mode)


def test_a_pipe_a_socket_and_a_folder_are_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert refused("socket") == "not-a-file: socket is a socket, not a file"
    assert refused("pipe") == "not-a-file: pipe is a pipe, not a file"
    assert refused("folder") == "not-a-file: folder is a folder, not a file"
    assert refused("folder/") == "not-a-file: folder/ is a folder, not a file"
    assert refused("folder/..") == "not-a-file: folder/.. is a folder, not a file"


@pytest.mark.parametrize("stream", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_stream_is_no_file_even_when_it_goes_to_one(stream: str, tmp_path: Path) -> None:
    if not os.path.lexists(stream):
        pytest.skip("this system has no such name")
    said = refused(stream)
    assert said == f"not-a-file: {stream} belongs to a running process and is not a file"


def test_a_link_to_nowhere_is_said(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("nowhere")
    assert refused(link) == f"cannot-write: {link} is a link to {tmp_path}/nowhere, which does not exist"
    link.unlink()
    link.symlink_to("link")
    assert refused(link) == f"cannot-write: {link} is a link that leads back to itself"


# ---------------------------------------------------------------------- inputs
def test_an_input_is_never_written_over_by_whatever_name(tmp_path: Path) -> None:
    model, link, hard = tmp_path / "model.txt", tmp_path / "link.txt", tmp_path / "hard.txt"
    model.write_text("old")
    link.symlink_to(model)
    os.link(model, hard)
    there = str(tmp_path / ".." / tmp_path.name / "model.txt")
    assert refused(model, inputs=[str(model)]) == (
        f"output-is-input: {model} is read by this command, so it is not written over"
    )
    for name in (link, hard, there):
        said = f"output-is-input: {name} is the same file as {model}, so it is not written over"
        assert refused(name, inputs=["-", "nowhere", str(model)]) == said
        assert is_same_file(str(name), str(model))
    assert model.read_text() == "old"


# ---------------------------------------------------------------------- what would be lost
def test_a_file_that_holds_something_else_asks_for_force(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text("my own work")
    with pytest.raises(InputError, match="exists already, and what it holds would be lost"):
        write_file(str(path), "new")
    with pytest.raises(InputError, match="exists already, and what it holds would be lost"):
        refuse_destination(str(path))
    assert path.read_text() == "my own work"
    write_file(str(path), "new", force=True)
    assert path.read_text() == "new"


def test_nothing_is_lost_in_an_empty_file_nor_in_the_same_one(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.touch()
    write_file(str(path), "new")
    before = path.stat()
    write_file(str(path), "new")
    assert (path.read_text(), path.stat().st_ino) == ("new", before.st_ino)


def test_an_earlier_output_is_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text("student,points\nana,3\n")
    write_file(str(path), "student,points\nana,4\n", known=lambda beginning: beginning.startswith(b"student,"))
    assert path.read_text() == "student,points\nana,4\n"


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    make_folder(str(tmp_path / "a" / "b"))
    make_folder(str(tmp_path / "a" / "b"))
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be made: it exists, and it is no folder"):
        make_folder(str(tmp_path / "file"))


# ---------------------------------------------------------------------- the commands
def test_convert_keeps_the_model_and_a_file_of_ones_own(command: Command, tmp_path: Path) -> None:
    model, own = tmp_path / "model.txt", tmp_path / "own.json"
    model.write_text("input 8x8x1\nconv 4 3x3\n")
    own.write_text("{}")
    outcome = command("convert", str(model), "--to", "json", "-o", str(model), "--force")
    assert (outcome.status, outcome.err.split(":")[0]) == (2, "error[output-is-input]")
    assert model.read_text() == "input 8x8x1\nconv 4 3x3\n"
    outcome = command("convert", str(model), "--to", "json", "-o", str(own))
    assert (outcome.status, outcome.err.split(":")[0], own.read_text()) == (2, "error[file-exists]", "{}")
    assert command("convert", str(model), "--to", "json", "-o", str(own), "--force").status == 0
    assert command("convert", str(model), "--to", "json", "-o", str(own)).status == 0


def test_fmt_refuses_what_it_cannot_write_before_it_reads(command: Command, tmp_path: Path) -> None:
    """Nobody writes to the pipe: reading it would last for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    outcome = command("fmt", str(pipe))
    assert (outcome.status, outcome.err.split(":")[0]) == (2, "error[not-a-file]")


def test_run_refuses_a_place_before_it_runs(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_anyway(*_: object, **__: object) -> None:
        raise AssertionError("the net is run")

    monkeypatch.setattr("cnncalc.analysis.analyse", run_anyway)
    own = tmp_path / "trained.npz"
    own.write_bytes(b"PK\3\4 weeks of work")
    for place, code in ((own, "file-exists"), ("/dev/null", "not-a-file"), ("by_hand.txt", "output-is-input")):
        outcome = command("run", "by_hand.txt", "--save", str(place))
        assert (outcome.status, outcome.err.split(":")[0]) == (2, f"error[{code}]")


def test_run_saves_what_it_computed(command: Command, tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy")
    path = tmp_path / "outputs.npz"
    assert command("run", "by_hand.txt", "--save", str(path)).status == 0
    with numpy.load(path) as arrays:
        assert arrays.files == ["conv1", "conv2"]
    assert command("run", "by_hand.txt", "--save", str(path)).status == 2
    assert command("run", "by_hand.txt", "--save", str(path), "--force").status == 0


KEY = "input 8x8x1\nconv 4 3x3 => ? worth 1\n"
SUBMISSION = "input 8x8x1\nconv 4 3x3 => 6x6x4\n"


def test_grades_are_made_anew_but_nobody_elses_table(command: Command, tmp_path: Path) -> None:
    key, hw, grades, roster = (tmp_path / name for name in ("key.txt", "ana.txt", "grades.csv", "roster.csv"))
    key.write_text(KEY)
    hw.write_text(SUBMISSION)
    roster.write_text("id,name\n1,Ana\n")
    sheets = ["--sheets", str(tmp_path / "sheets"), "--gradescope", str(tmp_path / "results.json")]
    outcomes = [command("grade", str(key), str(hw), "--csv", str(grades), *sheets) for _ in range(2)]
    assert [outcome.status for outcome in outcomes] == [0, 0]
    hw.write_text(SUBMISSION.replace("6x6x4", "8x8x4"))
    for form in ("html", "markdown", "markdown"):
        assert command("grade", str(key), str(hw), "--csv", str(grades), *sheets, "--sheet-format", form).status == 0
    assert "8x8x4" in grades.read_text()
    outcome = command("grade", str(key), str(hw), "--csv", str(roster))
    assert (outcome.status, outcome.err.split(":")[0]) == (2, "error[file-exists]")
    assert roster.read_text() == "id,name\n1,Ana\n"


def test_what_students_handed_in_is_kept_even_by_force(command: Command, tmp_path: Path) -> None:
    key, hw = tmp_path / "key.txt", tmp_path / "class" / "ana.csv"
    hw.parent.mkdir()
    key.write_text(KEY)
    hw.write_text(SUBMISSION)
    outcome = command("grade", str(key), str(hw.parent), "--csv", str(hw), "--force")
    assert (outcome.status, outcome.err.split(":")[0]) == (2, "error[output-is-input]")
    outcome = command("grade", str(key), str(hw.parent), "--sheets", str(hw.parent))
    assert (outcome.status, outcome.err.split("\n")[0]) == (
        2,
        f"error[wrong-value]: --sheets: `{str(hw.parent)[:80]}` holds the submissions",
    )
    assert hw.read_text() == SUBMISSION
    beside = [str(hw.parent / name) for name in ("grades.csv", "sheets")]
    for _ in range(2):
        outcome = command("grade", str(key), str(hw.parent), "--csv", beside[0], "--sheets", beside[1])
        assert outcome.status == 0
        assert "1 submission\n" in outcome.out


def test_a_quiz_that_was_filled_in_is_kept(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    quiz = ["quiz", "--seed", "7", "--questions", "1", "--no-verify", "-o", str(path)]
    assert [command(*quiz).status for _ in range(2)] == [0, 0]
    path.write_text(path.read_text() + "# my answers\n")
    outcome = command(*quiz)
    assert (outcome.status, outcome.err.split(":")[0]) == (2, "error[file-exists]")
    assert path.read_text().endswith("# my answers\n")


# ---------------------------------------------------------------------- several files, or none
def test_files_that_belong_together_appear_together(tmp_path: Path) -> None:
    write_together({str(tmp_path / "a"): lambda f: f.write(b"one"), str(tmp_path / "b"): lambda f: f.write(b"two")})
    assert [(tmp_path / name).read_bytes() for name in "ab"] == [b"one", b"two"]
    assert leftovers(tmp_path) == []


def test_where_one_of_them_cannot_be_written_none_is(tmp_path: Path) -> None:
    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="no space left on device"):
        write_together({str(tmp_path / "a"): lambda f: f.write(b"one"), str(tmp_path / "b"): broken})
    assert list(tmp_path.iterdir()) == []


def test_what_is_interrupted_between_two_files_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first file is in its place already when the second is to be renamed."""
    right, done = os.replace, list[str]()

    def interrupt(source: str, target: str) -> None:
        if len(done) == 1:
            done.append(target)
            raise KeyboardInterrupt
        done.append(target)
        right(source, target)

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(os, "replace", interrupt)
    files = {str(tmp_path / name): lambda f: f.write(b"new") for name in "ab"}
    with pytest.raises(KeyboardInterrupt):
        write_together(files, force=True)
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
