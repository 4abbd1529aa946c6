"""`cnncalc grade` with a class list, with a key for each student, and as an autograder of one submission."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cnncalc.cli import main

from .test_grade_points import KEY, RIGHT


class Outcome(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def totals(self) -> dict[str, str]:
        """The points of every student by id, of a printed CSV."""
        rows = csv.DictReader(io.StringIO(self.out))
        return {
            row["student_id"]: f"{row['points']}/{row['max']}" for row in rows if row["question"] == "all questions"
        }


Run = Callable[..., Outcome]


@pytest.fixture(name="run")
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("grade", "key.txt", "subs")` in a folder of its own that holds key.txt."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    Path("key.txt").write_text(KEY)

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()
        status = main(list(arguments))
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run


def hand_in(folder: str, **texts: str) -> None:
    for name, text in texts.items():
        place = Path(folder, name)
        place.mkdir(parents=True)
        (place / "hw.txt").write_text(text)


ANSWERS = RIGHT.partition("\n")[2]


# ---------------------------------------------------------------------- the class list
def test_who_handed_in_nothing_has_no_points_and_is_listed(run: Run) -> None:
    Path("class.csv").write_text("Matrikelnummer;Nachname;Vorname\n12345;Gomez;Ana\n7;Ray;Bo\n8;Lee;Cy\n")
    hand_in("subs", ana=RIGHT, **{"7": ANSWERS})
    outcome = run("grade", "key.txt", "subs", "--roster", "class.csv", "--csv", "-")
    assert outcome.totals == {"7": "14/14", "8": "0/14", "12345": "14/14"}
    assert "warning[submission-noted]: 8: handed in nothing\n" in outcome.err
    assert outcome.err.startswith("note: class.csv: the number of a student is taken from `Matrikelnummer`, the name ")
    assert outcome.status == 0
    assert "Bo Ray" in run("grade", "key.txt", "subs", "--roster", "class.csv").out


def test_who_is_in_no_class_list_is_said(run: Run) -> None:
    Path("class.csv").write_text("id,name\n7,Bo Ray\n")
    hand_in("subs", ana=RIGHT, bo=ANSWERS)
    outcome = run("grade", "key.txt", "subs", "--roster", "class.csv", "--csv", "-")
    assert outcome.totals == {"7": "0/14", "12345": "14/14", "bo": "14/14"}
    assert "12345, bo: is not in class.csv" in outcome.err


def test_a_folder_of_the_class_keeps_its_points_whatever_the_text_says(run: Run) -> None:
    Path("class.csv").write_text("id,name\n7,Bo Ray\n8,Cy Lee\n")
    hand_in("subs", **{"8": 'student "Bo Ray" 7\n' + ANSWERS})
    outcome = run("grade", "key.txt", "subs", "--roster", "class.csv", "--csv", "-")
    assert outcome.totals == {"7": "0/14", "8": "14/14"}
    assert "8: the text says that it is Bo Ray's" in outcome.err


def test_a_column_without_a_class_list_is_refused(run: Run) -> None:
    outcome = run("grade", "key.txt", "subs", "--id-column", "id")
    assert (outcome.status, outcome.err.split("\n")[0]) == (
        2,
        "error[wrong-value]: --id-column: `id` is a column of no roster",
    )


# ---------------------------------------------------------------------- a key for each student
def test_a_class_with_a_key_each_is_made_and_graded_by_two_commands(run: Run) -> None:
    Path("class.csv").write_text("id,name\n12,Ana Gomez\n13,Bo Ray\n14,Cy Lee\n")
    words = ("--no-verify", "--questions", "2", "--difficulty", "easy", "--kinds", "sizes,params")
    assert run("quiz", *words, "--students", "class.csv", "--key", "-o", "week3/").status == 0
    Path("subs/Ana Gomez_9_assignsubmission_file_").mkdir(parents=True)
    shutil.copy("week3/keys/12.txt", "subs/Ana Gomez_9_assignsubmission_file_/hw.txt")
    shutil.copy("week3/keys/13.txt", "subs/hw.txt")
    Path("subs/Zoe").mkdir()
    Path("subs/Zoe/hw.txt").write_text("q1a => 1x1x1\n")
    outcome = run("grade", "week3", "subs", "--csv", "-")
    assert {student: points.split("/")[0] for student, points in outcome.totals.items() if student != "Zoe"} == {
        "12": outcome.totals["12"].split("/")[1],
        "13": outcome.totals["13"].split("/")[1],
        "14": "0",
    }
    assert outcome.totals["Zoe"] == "0/0"
    assert outcome.totals["14"] != "0/0"
    assert "Zoe: there is no key for this student" in outcome.err
    assert "14: handed in nothing" in outcome.err
    assert outcome.status == 1
    everything = run("grade", "week3", "subs", "--summary", "--sheets", "sheets", "--nbgrader", "n.csv")
    assert "4 submissions" in everything.out
    assert sorted(path.name for path in Path("sheets").iterdir())[:3] == ["12.html", "13.html", "14.html"]


def test_another_students_answers_are_held_against_ones_own_key(run: Run) -> None:
    for name, size in (("ana", 8), ("bo", 9)):
        Path("keys").mkdir(exist_ok=True)
        Path(f"keys/{name}.txt").write_text(f"input {size}x{size}x1\nconv1: conv 4 3x3 => ? worth 1\n")
    hand_in("subs", ana="conv1 => 6x6x4\n", bo="conv1 => 6x6x4\n")
    assert run("grade", "keys", "subs", "--csv", "-").totals["ana"] == "1/1"
    assert run("grade", "keys", "subs", "--csv", "-").totals["bo"] != "1/1"


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ('student "Pat O\'Brien, Jr." 12 347', ""),
        ('student "Pat O\'Brien, Jr." 347', "the number 347 is read as 0012347"),
        ('student "Pat" 12347', "the number 12347 is read as 0012347"),
        ('student "0012347"', ""),
        ('# Write here who you are, without the #:  student "Pat O\'Brien, Jr." 0012347', "begins with #"),
    ],
)
@pytest.mark.parametrize("form", ["keys", "key"])
def test_the_number_of_the_class_is_used_however_it_is_written(form: str, written: str, note: str, run: Run) -> None:
    Path("keys").mkdir()
    for number, name in (("0012347", "Pat O'Brien, Jr."), ("2", "Ana Gomez")):
        Path(f"keys/{number}.txt").write_text(
            f'student "{name}" {number}\ninput 8x8x1\nconv1: conv 4 3x3 => ? worth 1\n'
        )
    Path("class.csv").write_text('id,name\n0012347,"Pat O\'Brien, Jr."\n2,Ana Gomez\n')
    Path("subs").mkdir()
    Path("subs/c.txt").write_text(f"{written}\nconv1 => 6x6x4\n")
    words = ("keys",) if form == "keys" else ("keys/2.txt", "--roster", "class.csv")
    outcome = run("grade", words[0], "subs", *words[1:], "--csv", "-")
    assert outcome.totals == {"0012347": "1/1", "2": "0/1"}
    assert note in outcome.err


def test_a_folder_without_keys_and_an_option_for_one_key_are_refused(run: Run) -> None:
    Path("keys").mkdir()
    assert "error[no-keys]: keys holds no keys" in run("grade", "keys", "subs").err
    Path("keys/a.txt").write_text(KEY)
    assert "--classroom: `c.json` is written for one key" in run("grade", "keys", "subs", "--classroom", "c.json").err


# ---------------------------------------------------------------------- an autograder
def results() -> dict[str, object]:
    found: dict[str, object] = json.loads(Path("results.json").read_text())
    return found


def autograder(run: Run, key: str = "key.txt") -> Outcome:
    return run("grade", key, "submission", "--gradescope", "results.json")


def test_a_folder_is_one_submission_of_whom_the_platform_says(run: Run) -> None:
    Path("submission").mkdir()
    Path("submission/hw2.txt").write_text(RIGHT)
    Path("submission/notes.txt").write_text('my notes\nstudent "Bo Ray" 7\n')
    users = [{"email": "ana@uni.de", "id": 1, "name": "Ana Gomez"}, {"email": "b@uni.de", "id": 2, "name": "Bo Ray"}]
    Path("submission_metadata.json").write_text(json.dumps({"id": 1, "users": users}))
    assert autograder(run).status == 0
    assert results()["score"] == 14
    assert results()["extra_data"] == {"student_id": "ana@uni.de", "name": "Ana Gomez, Bo Ray"}


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"users": 3}', '{"users": [7]}', '{"users": [{"id": []}]}', "[" * 90_000]
)
def test_what_the_platform_writes_may_be_anything(broken: str, run: Run) -> None:
    hand_in(".", submission=RIGHT)
    Path("submission_metadata.json").write_text(broken)
    assert autograder(run).status == 0
    assert results()["score"] == 14


def test_results_are_written_whatever_is_wrong_with_the_key(run: Run) -> None:
    """A message about a key may quote it, so that students are not shown it."""
    hand_in(".", submission=RIGHT)
    Path("bad.txt").write_text("input 3x3x\nsecret: conv 8 5x5 => 7x7x7\n")
    outcome = autograder(run, "bad.txt")
    assert outcome.status == 0
    assert "error[wrong-operand]" in outcome.err
    assert results()["score"] == 0
    assert "It is not your fault" in str(results()["output"])
    assert "3x3" not in json.dumps(results())
    assert autograder(run, "nowhere.txt").status == 0


def test_results_are_written_for_a_submission_that_cannot_be_read(run: Run) -> None:
    Path("submission").mkdir()
    assert autograder(run).status == 0
    assert results()["output"] == "This submission could not be graded, since there is no file in it that can be read."
    Path("submission/hw.pdf").write_bytes(b"%PDF-1.7")
    assert autograder(run).status == 0
    assert "is a PDF" in str(results()["output"])
    assert results()["score"] == 0


def test_results_are_written_after_a_fault_of_the_program(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    hand_in(".", submission=RIGHT)
    monkeypatch.setattr("cnncalc.cli.class_grading.gradebook", fail)
    assert autograder(run).status == 70
    assert "It is not your fault" in str(results()["output"])


def test_elsewhere_the_status_says_what_went_wrong(run: Run) -> None:
    hand_in(".", ana=RIGHT)
    assert run("grade", "nowhere.txt", "ana", "--gradescope", "results.json").status == 2
    assert results()["score"] == 0
