"""Folders, archives and files of a class: who it is, what is refused, and that one bad file never stops the others."""

from __future__ import annotations

import os
import socket
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.homework.identity import submissions_of
from cnncalc.homework.reading.containers.container_limits import LARGEST_SUBMISSION, MOST_FILES, Found, Unreadable
from cnncalc.homework.reading.containers.contents import found_in
from cnncalc.homework.reading.containers.zip_archive import LARGEST_LISTING
from cnncalc.homework.reading.decoding import decoded
from cnncalc.homework.reading.texts import text_of
from cnncalc.homework.student_names import Student, plain
from tests.time_limits import allowed


def reasons(found: list[Found]) -> dict[str, str]:
    """What was found, by name: its content as text, or why it is not read."""
    return {"/".join(one.parts): content(one) for one in found}


def content(found: Found) -> str:
    try:
        return decoded(found.read())[0]
    except Unreadable as refused:
        return f"({refused})"


def packed(path: Path, entries: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return str(path)


# ---------------------------------------------------------------------- who it is
OWNERS = [
    (("Ana Gomez_12345_assignsubmission_file_", "hw1.txt"), Student("12345", "Ana Gomez"), True),
    (("HW1", "Ana Gomez_12345_assignsubmission_file_", "sub", "hw1.txt"), Student("12345", "Ana Gomez"), True),
    (("Ana Gomez_12345_assignsubmission_file_hw1.txt",), Student("12345", "Ana Gomez"), True),
    (("Ana_Maria Gomez_12345_assignsubmission_onlinetext_", "hw1.txt"), Student("12345", "Ana_Maria Gomez"), True),
    (("gomezana_12345_678_hw1.txt",), Student("12345", "gomezana"), True),
    (("gomezana_LATE_12345_678_hw1-2.txt",), Student("12345", "gomezana"), True),
    (("ana", "hw1.txt"), Student("ana"), False),
    (("ana.gomez.txt",), Student("ana.gomez"), False),
    (("lab_1_2.txt",), Student("lab_1_2"), False),
]


@pytest.mark.parametrize(("parts", "owner", "known"), OWNERS, ids=["/".join(parts) for parts, _, _ in OWNERS])
def test_a_platforms_names_say_whose_a_submission_is(parts: tuple[str, ...], owner: Student, known: bool) -> None:
    (submission,) = submissions_of([Found(parts, "/".join(parts), bytes)])
    assert (submission.owner, submission.known) == (owner, known)


def test_the_files_of_one_folder_are_one_submission() -> None:
    names = [("ana", "a.txt"), ("ana", "deep", "b.txt"), ("bob", "a.txt"), ("carl.txt",)]
    found = submissions_of([Found(parts, f"subs/{'/'.join(parts)}", bytes) for parts in names])
    assert [(one.owner.id, len(one.files)) for one in found] == [("ana", 2), ("bob", 1), ("carl", 1)]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for name in ("ana", "bob"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hw1.txt").write_text("conv1: => 3x3x3")
    found = [one for name in ("ana", "bob") for one in found_in(str(tmp_path / name / "hw1.txt"))]
    assert [one.owner.id for one in submissions_of(found)] == ["ana", "bob"]


@pytest.mark.parametrize(
    ("written", "name"),
    [("Ana\x00\x1b[31m", "Ana[31m"), ("A\u202eB", "AB"), (" a \n b ", "a b"), ("x" * 500, "x" * 120), ("e\u0301", "é")],
)
def test_a_name_holds_nothing_that_cannot_be_seen(written: str, name: str) -> None:
    assert plain(written) == name


# ---------------------------------------------------------------------- folders
def test_a_folder_is_read_in_order_and_leftovers_are_left(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".DS_Store", "Thumbs.db", "~$a.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / "__MACOSX").mkdir()
    assert list(reasons(found_in(str(tmp_path)))) == ["a.txt", "b.txt"]


def test_the_key_and_what_is_written_are_no_submissions(tmp_path: Path) -> None:
    for name in ("a.txt", "key.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "a.html").write_text("text")
    excluded = [os.path.realpath(tmp_path / name) for name in ("key.txt", "sheets")]
    assert list(reasons(found_in(str(tmp_path), excluded))) == ["a.txt"]


def fill_link_out(folder: Path) -> None:
    (folder / "x").symlink_to("/etc/passwd")


def fill_link_to_another(folder: Path) -> None:
    (folder / "good.txt").write_text("good")
    (folder / "x").symlink_to(folder / "good.txt")


def fill_linked_folder(folder: Path) -> None:
    (folder / "x").symlink_to("/etc", target_is_directory=True)


def fill_loop(folder: Path) -> None:
    (folder / "x").symlink_to(folder / "x")


def fill_huge(folder: Path) -> None:
    with open(folder / "x", "wb") as file:
        file.truncate(1 << 30)


def fill_pipe(folder: Path) -> None:
    os.mkfifo(folder / "x")


def fill_nothing(folder: Path) -> None:
    (folder / "x").mkdir()


REFUSED: list[tuple[Callable[[Path], None], str]] = [
    (fill_link_out, "is a link, and links are not followed"),
    (fill_link_to_another, "is a link, and links are not followed"),
    (fill_linked_folder, "is a link, and links are not followed"),
    (fill_loop, "is a link, and links are not followed"),
    (fill_huge, "is too large to be a homework: 1,073.7 MB, and 200 kB are read"),
    (fill_pipe, "is a pipe, not a file"),
    (fill_nothing, "is an empty folder"),
]


@pytest.mark.parametrize(("fill", "reason"), REFUSED, ids=[fill.__name__ for fill, _ in REFUSED])
def test_what_is_no_sane_file_is_refused_alone(fill: Callable[[Path], None], reason: str, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("good")
    fill(tmp_path)
    start = time.process_time()
    found = reasons(found_in(str(tmp_path)))
    assert time.process_time() - start < allowed(5)
    assert found == {"good.txt": "good", "x": f"({reason})"}


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("x")
        assert reasons(found_in(str(tmp_path))) == {"x": "(is a socket, not a file)"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("text")
    (tmp_path / "x").chmod(0)
    assert reasons(found_in(str(tmp_path))) == {"x": "(may not be read: its permissions forbid it)"}


def test_permission_is_asked_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError

    (tmp_path / "x").write_text("text")
    monkeypatch.setattr("os.open", refuse)
    assert reasons(found_in(str(tmp_path))) == {"x": "(may not be read: its permissions forbid it)"}


def test_a_file_that_is_not_there_is_refused_alone() -> None:
    assert reasons(found_in("nowhere/hw1.txt")) == {"hw1.txt": "(does not exist)"}


# ---------------------------------------------------------------------- what is no text
DECODED = [
    (b"", "is empty"),
    (b" \n\t\n", "is empty"),
    (bytes(range(256)), "is a binary file, not a text"),
    (b"conv1: => 3x3x3\0", "is a binary file, not a text"),
    (
        b"%PDF-1.7 ...",
        "is a PDF document, which is not read here: copy the answers into a text file, or save",
    ),
    (b"PK\x03\x04...", "is an archive, which is not read here: hand in the files themselves"),
    (b"{\\rtf1 hello}", "is a rich text document, which is not read here: save it as plain text or as .docx"),
    (b"\x89PNG\r\n\x1a\n", "is a picture, which is not read here: type the answers into a text file or a table"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "is an Office document, which is not read here: save it as .docx, .xlsx",
    ),
    (b"\xff\xfea", "begins as a text in UTF-16, but is not one"),
]


@pytest.mark.parametrize(("data", "reason"), DECODED, ids=[reason for _, reason in DECODED])
def test_what_is_no_text_says_so(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        text_of(data, "hw")


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "is written in UTF-16, and was read all the same"),
        ("utf-16-le", "is written in UTF-16, and was read all the same"),
        ("utf-16-be", "is written in UTF-16, and was read all the same"),
        ("utf-32", "is written in UTF-32, and was read all the same"),
        ("cp1252", "is not written in UTF-8; it was read as Windows-1252, so look at the name"),
    ],
)
def test_other_encodings_are_read_with_a_note(encoding: str, note: str) -> None:
    assert decoded("José: => 3x3x3\r\nb\rc".encode(encoding)) == ("José: => 3x3x3\nb\nc", note)


# ---------------------------------------------------------------------- archives
def test_an_archive_of_a_platform_is_read(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "class.zip",
        {
            "Bob Ray_7_assignsubmission_file_/hw1.txt": b"bob",
            "Ana Gomez_12345_assignsubmission_file_/hw1.txt": b"ana",
            "__MACOSX/._hw1.txt": b"x",
        },
    )
    found = submissions_of(found_in(path))
    assert [one.owner for one in found] == [("12345", "Ana Gomez"), ("7", "Bob Ray")]
    assert [content(one.files[0]) for one in found] == ["ana", "bob"]


def test_a_folder_around_everything_is_left_out(tmp_path: Path) -> None:
    path = packed(tmp_path / "class.zip", {"HW1/ana/hw.txt": b"a", "HW1/bob.txt": b"b"})
    assert reasons(found_in(path)) == {"ana/hw.txt": "a", "bob.txt": "b"}


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil.txt", "..\\evil.txt", "C:\\evil.txt", "ana/../../evil.txt"])
def test_a_path_that_leads_out_of_the_archive_is_refused_alone(name: str, tmp_path: Path) -> None:
    path = packed(tmp_path / "class.zip", {name: b"evil", "good.txt": b"good"})
    found = reasons(found_in(path))
    assert found.pop("good.txt") == "good"
    assert list(found.values()) == ["(has a path that leads out of the archive)"]
    assert sorted(os.listdir(tmp_path)) == ["class.zip"]


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    path = packed(tmp_path / "class.zip", {"bomb.txt": bytes(300_000_000), "good.txt": b"good"})
    assert os.path.getsize(path) < 400_000
    assert reasons(found_in(path)) == {
        "bomb.txt": "(is too large to be a homework: 300.0 MB, and 200 kB are read)",
        "good.txt": "good",
    }


def test_a_bomb_that_lies_about_its_size_is_never_unpacked(tmp_path: Path) -> None:
    path = Path(packed(tmp_path / "class.zip", {"bomb.txt": b"1" * 50_000_000, "good.txt": b"good"}))
    lying = path.read_bytes().replace(struct.pack("<L", 50_000_000), struct.pack("<L", 100))
    path.write_bytes(lying)
    start = time.process_time()
    found = reasons(found_in(str(path)))
    assert time.process_time() - start < allowed(2)
    assert found["good.txt"] == "good"
    assert found["bomb.txt"].startswith("(is damaged in the archive") or len(found["bomb.txt"]) <= LARGEST_SUBMISSION


def test_a_link_and_an_encrypted_entry_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("secret.txt", "text")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert reasons(found_in(str(path))) == {
        "link.txt": "(is a link, and links are not followed)",
        "secret.txt": "(is encrypted)",
    }


def test_other_packings_that_need_much_memory_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "text")
    assert reasons(found_in(str(tmp_path / "class.zip"))) == {"a.txt": "(is packed in a way that is not read here)"}


def test_a_damaged_entry_is_refused_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("a.txt", "the text of Ana")
        archive.writestr("b.txt", "the text of Bob")
    path = tmp_path / "class.zip"
    path.write_bytes(path.read_bytes().replace(b"the text of Ana", b"THE text of Ana"))
    found = reasons(found_in(str(path)))
    assert found["b.txt"] == "the text of Bob"
    assert found["a.txt"].startswith("(is damaged in the archive")


def test_of_a_students_thousand_files_those_that_look_like_homework_are_read(tmp_path: Path) -> None:
    entries = {f"ana/src/{n}.py": b"x" for n in range(1000)} | {"ana/docs/hw2.txt": b"ana", "bob/hw.txt": b"bob"}
    ana, bob = submissions_of(found_in(packed(tmp_path / "class.zip", entries)))
    assert (len(ana.files), ana.files[0].parts[-1]) == (MOST_FILES, "hw2.txt")
    assert ana.notes == ("has 1,001 files; the 20 whose names are most like homework are read",)
    assert [content(one) for one in bob.files] == ["bob"]


def test_folders_inside_each_other_are_followed_so_far(tmp_path: Path) -> None:
    (tmp_path / "x" / "/".join("abcdefghijkl")).mkdir(parents=True)
    (tmp_path / "x" / "hw.txt").write_text("text")
    (tmp_path / "good.txt").write_text("good")
    found = reasons(found_in(str(tmp_path)))
    assert found == {
        "good.txt": "good",
        "x/a/b/c/d/e/f/g/h/i": "(holds folders nested too deeply)",
        "x/hw.txt": "text",
    }
    assert submissions_of(found_in(str(tmp_path)))[1].files[0].parts[-1] == "hw.txt"


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_an_error_of_its_own(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match="no-submissions"):
        found_in(str(path))


def test_an_empty_archive_holds_nothing(tmp_path: Path) -> None:
    assert found_in(packed(tmp_path / "class.zip", {})) == []


def test_an_enormous_table_of_contents_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with open(path, "wb") as file:
        file.truncate(LARGEST_LISTING + 1000)
        file.seek(0, os.SEEK_END)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, LARGEST_LISTING + 1, 0, 0))
    with pytest.raises(InputError, match="table of contents"):
        found_in(str(path))
