"""`cnncalc quiz`: rosters, files, exit codes, and what `check` and `grade` make of its texts."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from cnncalc.cli import main

FAST = ("quiz", "--no-verify", "--questions", "2", "--difficulty", "easy")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(list(arguments)) == status
    caught = capsys.readouterr()
    return caught.out if status == 0 else caught.err


def roster(folder: Path, content: str | bytes) -> str:
    path = folder / "class.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def test_one_seed_twice_is_identical(capsys: pytest.CaptureFixture[str]) -> None:
    first = printed(capsys, "quiz", "--seed", "7", "--key")
    assert first == printed(capsys, "quiz", "--seed", "7", "--key")
    assert first != printed(capsys, "quiz", "--seed", "8", "--key")


def test_check_finds_the_key_right_and_the_quiz_open(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name, options in (("key", ["--key"]), ("quiz", [])):
        assert main(["quiz", "--seed", "5", "--no-verify", *options, "-o", str(tmp_path / f"{name}.txt")]) == 0
    assert main(["check", str(tmp_path / "key.txt")]) == 0
    capsys.readouterr()
    assert main(["check", str(tmp_path / "quiz.txt")]) == 1
    assert "16 open" in capsys.readouterr().out


def test_grade_gives_the_key_all_points(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The quiz that a student got is the key to grade by: what is right is computed from it."""
    students = roster(tmp_path, "id,name\n12345,Ana\n")
    folder = tmp_path / "out"
    assert main([*FAST, "--seed", "5", "--students", students, "--key", "-o", f"{folder}/"]) == 0
    capsys.readouterr()
    arguments = ["grade", str(folder / "sheets" / "12345.txt"), str(folder / "keys" / "12345.txt"), "--csv", "-"]
    table = list(csv.DictReader(io.StringIO(printed(capsys, *arguments))))
    assert table[-1]["student_id"] == "12345"
    assert table[-1]["points"] == table[-1]["max"] == str(sum(int(row["max"]) for row in table[:-1]))


def test_a_folder_gets_a_file_for_each_student_and_keys_apart(tmp_path: Path) -> None:
    students = roster(tmp_path, "name;student number\nAna Gomez;12\nBo;a/../b\n=cmd|x;A.B\n")
    assert main([*FAST, "--students", students, "--key", "-o", f"{tmp_path / 'out'}/"]) == 0
    names = ["12.txt", "A.B.txt", "a_.._b.txt"]
    assert sorted(path.name for path in (tmp_path / "out" / "sheets").glob("*.txt")) == names
    assert sorted(path.name for path in (tmp_path / "out" / "keys").glob("*.txt")) == names
    assert 'student "Ana Gomez" 12' in (tmp_path / "out" / "sheets" / "12.txt").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.csv", "out"]


def test_what_was_written_is_printed_with_the_command_that_grades_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [*FAST, "--seed", "5", "--students", roster(tmp_path, "id\n12\n13\n")]
    said = printed(capsys, *words, "--key", "-o", "week 3/")
    assert re.sub(r"[\d.]+ s", "0 s", said) == (
        "week 3/: 2 quizzes of 2 exercises, 8 points each; the keys were not run (0 s)\n"
        "  sheets/  2 files, one a student, to hand out\n"
        "  keys/    2 files, to grade by: cnncalc grade 'week 3/keys' SUBMISSIONS\n"
    )
    said = printed(capsys, *words, "--to", "markdown", "--key", "-o", "paper/")
    assert said.splitlines()[1:] == [
        "  sheets/    2 files, one a student, to hand out",
        "  sheets.md  all of them, to print",
        "  keys/      2 files, to grade by: cnncalc grade paper/keys SUBMISSIONS",
        "  keys.md    the answers, to print",
    ]
    assert sorted(path.name for path in (tmp_path / "paper").rglob("*.*")) == [
        *("12.md", "12.txt", "13.md", "13.txt"),
        *("keys.md", "sheets.md"),
    ]
    said = printed(capsys, *words, "--to", "gift", "-o", "moodle/")
    assert said.splitlines()[1:] == ["  questions/  2 files, one a student, to import into Moodle"]
    said = printed(capsys, *FAST, "-o", "quiz.txt")
    assert said.startswith("quiz.txt: 1 quiz of 2 exercises, 8 points; the key was not run (")


def test_a_folder_of_an_earlier_quiz_is_replaced_only_with_force(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Old keys do not stay beside new sheets."""
    folder = tmp_path / "week3"
    words = [*FAST, "--students", roster(tmp_path, "id\n12\n"), "-o", f"{folder}/"]
    assert main([*words, "--seed", "5", "--key"]) == 0
    before = (folder / "sheets" / "12.txt").read_text(encoding="utf-8")
    capsys.readouterr()
    said = printed(capsys, *words, "--seed", "6", status=2)
    assert "sheets exists already, and what it holds would be lost" in said
    assert (folder / "sheets" / "12.txt").read_text(encoding="utf-8") == before
    assert main([*words, "--seed", "6", "--force"]) == 0
    assert (folder / "sheets" / "12.txt").read_text(encoding="utf-8") != before
    assert [path.name for path in folder.iterdir()] == ["sheets"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("12,Ana\n13,Bo\n", {"12": "Ana", "13": "Bo"}),
        ("ID number,First name,Surname\n12,Ana,Gomez\n", {"12": "Ana Gomez"}),
        ("Name\tID\nAna\t12\n", {"12": "Ana"}),
        ("12\n13\n", {"12": "12", "13": "13"}),
        ("id,name\r\n12,Ana\r\n\r\n", {"12": "Ana"}),
        ("\ufeffid,name\n12,Ana\n", {"12": "Ana"}),
        ("id,name\n12,José\n".encode("utf-16"), {"12": "José"}),
        ("id,name\n12,José\n".encode("cp1252"), {"12": "José"}),
        ('id,name\n12,"Gomez, Ana"\n', {"12": "Gomez, Ana"}),
        ('id,name\n12,"Ana\nGomez"\n', {"12": "Ana Gomez"}),
        ('id,name\n12,"a ""b"" #c => 3"\n', {"12": 'a "b" #c => 3'}),
    ],
)
def test_rosters_as_platforms_write_them(content: str | bytes, expected: dict[str, str], tmp_path: Path) -> None:
    from cnncalc.homework.roster_files import read_roster

    students = read_roster(roster(tmp_path, content)).students
    assert {student.id: student.name or student.id for student in students} == expected


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("id,name\n1,A\n2,B\n1,C\n", "roster-same-id", "class.csv:4:1"),
        ("id,name\nab,A\nAB,B\n", "roster-same-id", "class.csv:3:1"),
        ("id,name\n1,A\n,B\n", "roster-without-id", "class.csv:3:1"),
        ("name\nAna\n", "roster-without-id", "class.csv:2:1"),
        ("id,name\n", "roster-empty", ""),
        ("", "roster-unreadable", ""),
        (b"PK\x03\x04rest", "roster-unreadable", ""),
        (b"id\n1\x00\n", "roster-unreadable", ""),
        ("id\n" + '"' + "x" * 200_000, "roster-unreadable", ""),
        ("1\n" * 1_000_001, "roster-too-large", ""),
        ("\n".join(map(str, range(20_001))), "roster-too-large", ""),
    ],
    ids=["same", "capitals", "none", "no column", "titles", "empty", "zip", "binary", "one cell", "megabytes", "class"],
)
def test_a_bad_roster_is_refused_clearly(
    content: str | bytes, code: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = printed(capsys, *FAST, "--students", roster(tmp_path, content), "-o", str(tmp_path / "out"), status=2)
    assert f"error[{code}]" in said
    assert place in said
    assert not (tmp_path / "out").exists()


def test_another_encoding_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    students = roster(tmp_path, "id,name\n12,José\n".encode("cp1252"))
    assert main([*FAST, "--students", students, "-o", str(tmp_path / "out")]) == 0
    assert "Windows-1252" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--kinds", "sizes,shapes"], "quiz-unknown-kind"),
        (["--kinds", ","], "quiz-unknown-kind"),
        (["--to", "gift", "--slip-share", "0.33"], "quiz-share"),
        (["--to", "gift", "--slip-share", "some"], "quiz-share"),
        (["-o", "no/such/folder/quiz.txt"], "cannot-write"),
    ],
)
def test_a_wrong_wish_is_refused(options: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"error[{code}]" in printed(capsys, *FAST, *options, status=2)


@pytest.mark.parametrize("notation", ["text", "cloze", "text2qti"])
def test_several_quizzes_need_a_folder(notation: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    students = roster(tmp_path, "1\n2\n")
    assert "quiz-one-file" in printed(capsys, *FAST, "--students", students, "--to", notation, status=2)


def test_gift_of_a_class_is_one_file_with_a_category_each(tmp_path: Path) -> None:
    target = tmp_path / "class.gift"
    options = ["--students", roster(tmp_path, "1\n2\n"), "--to", "gift", "--slip-share", "25%", "-o", str(target)]
    assert main([*FAST, *options]) == 0
    text = target.read_text(encoding="utf-8")
    assert text.count("$CATEGORY:") == 2
    assert "%25%" in text


def test_file_names_are_all_different() -> None:
    from cnncalc.homework.rosters import file_names
    from cnncalc.homework.student_names import Student

    numbers = ["a/b", "a_b", "A:B", "..", ".", "con", "x" * 500, "x" * 501, "é"]
    names = list(file_names(tuple(map(Student, numbers))).values())
    assert len({name.lower() for name in names}) == len(numbers)
    assert all(0 < len(name) <= 90 and "/" not in name and not name.startswith(".") for name in names)
    assert "con" not in names
