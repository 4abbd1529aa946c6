"""A student who hands in again: the newest attempt counts alone, and files of one name are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.homework.grading import Grader
from cnncalc.homework.identity import submissions_of
from cnncalc.homework.marks import Grade
from cnncalc.homework.reading.containers.contents import found_in
from cnncalc.net_files import checked

from .test_platform_layouts import HALF, KEY, RIGHT, WRONG, as_folder

BLACKBOARD = ("HW1_ag_attempt_2023-03-02-10-00-00_hw1.txt", "HW1_ag_attempt_2023-03-03-10-00-00_hw1.txt")
BRIGHTSPACE = ("1-2 - ag x - Oct 9, 2025 1000 AM/hw1.txt", "1-2 - ag x - Oct 10, 2025 1000 AM/hw1.txt")
TEAMS = tuple(f"Submitted files/Ana Gomez/HW1/Version {n}/hw1.txt" for n in (1, 2))
TWO_IN_TEAMS = tuple(f"Submitted files/{name}/HW1/Version {n}/hw1.txt" for n in (9, 10) for name in ("Ana", "Bo"))


def grades(path: str, homework: str = "HW1") -> list[Grade]:
    key = Source("key.txt", KEY.replace("HW2", homework))
    return Grader(analyse(checked(key))).grades(submissions_of(found_in(path)))


@pytest.mark.parametrize(
    ("older", "newer"), [BLACKBOARD, BRIGHTSPACE, TEAMS], ids=["Blackboard", "Brightspace", "Teams"]
)
def test_what_a_newer_attempt_leaves_out_is_not_taken_from_an_older_one(older: str, newer: str, tmp_path: Path) -> None:
    """Right answers everywhere are worth 5; the two shapes that were handed in last are worth 2."""
    (grade,) = grades(as_folder(tmp_path, {older: RIGHT, newer: HALF}))
    assert grade.points == 2
    (note,) = [note for note in grade.notes if note.startswith("only")]
    named = older if "/" not in older else "/".join(older.split("/")[-2:])
    assert note == f"only the newest attempt counts, and {named} is of an older one"


@pytest.mark.parametrize("given", ["", "Submitted files"])
def test_the_number_of_the_folder_decides_whatever_the_time(given: str, tmp_path: Path) -> None:
    *older, ana, bo = TWO_IN_TEAMS
    path = Path(as_folder(tmp_path, dict.fromkeys(older, WRONG) | {ana: RIGHT, bo: HALF}))
    for name in older:
        (path / name).touch()
    found = grades(str(path / given))
    assert {grade.student.id: grade.points for grade in found} == {"Ana": 5, "Bo": 2}


def test_a_single_student_of_teams_is_no_folder_around_a_class(tmp_path: Path) -> None:
    (grade,) = grades(as_folder(tmp_path, {TEAMS[0]: WRONG, TEAMS[1]: RIGHT}))
    assert (grade.student.id, grade.points) == ("Ana Gomez", 5)


def test_files_of_one_attempt_answer_together(tmp_path: Path) -> None:
    first, second = RIGHT.split("\n", 1)
    attempt = "HW1_ag_attempt_2023-03-03-10-00-00"
    (grade,) = grades(as_folder(tmp_path, {f"{attempt}_a.txt": first, f"{attempt}_b.txt": second}))
    assert grade.points == 5


def test_an_older_attempt_counts_where_the_newer_one_answers_nothing(tmp_path: Path) -> None:
    (grade,) = grades(as_folder(tmp_path, {BLACKBOARD[0]: RIGHT, BLACKBOARD[1]: "See my PDF."}))
    assert grade.points == 5
    assert f"graded an older attempt, since {BLACKBOARD[1]} of the newest answers nothing" in grade.notes


def test_files_of_one_name_are_named_with_their_folders(tmp_path: Path) -> None:
    files = {"ana/a/hw1.txt": RIGHT, "ana/b/hw1.txt": WRONG, "bo/hw1.txt": RIGHT}
    grade, _ = grades(as_folder(tmp_path, files))
    said = [note for note in grade.notes if "differently" in note]
    assert len(said) == 1
    assert "a/hw1.txt" in said[0]
    assert "b/hw1.txt" in said[0]
