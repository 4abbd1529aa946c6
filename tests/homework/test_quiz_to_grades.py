"""A teacher's day: `quiz` makes a class's variants and keys, what comes back is graded by the folder of keys.

The hand-ins are made here, from the keys: right ones in several forms, and one slip each of a few students.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from cnncalc.cli import main

COUNT = 20
FIRST = 1000
SLIPS = (FIRST + 3, FIRST + 11, FIRST + 17)
"""Who forgets the input depth of the first layer that is asked for its parameters."""

ABSENT = FIRST + 19


def labels_alone(text: str) -> str:
    """Who they are, and for each label its answers: no network, no words of the task."""
    student = next(line for line in text.splitlines() if line.startswith("student"))
    answers = re.findall(r"^(q\w+): .*?=> (.*?)  worth", text, re.MULTILINE)
    return "\n".join([student, *(f"{label}: => {answer}" for label, answer in answers)])


def in_another_form(text: str) -> str:
    """Shapes as (28, 28, 8), numbers with a comma before the last three digits."""
    text = re.sub(r"(?<==> )(\d+)x(\d+)x(\d+)(?= +worth)", r"(\1, \2, \3)", text)
    return re.sub(r"(params|macs) (\d+)(\d{3})\b", r"\1 \2,\3", text)


def with_depth_forgotten(text: str) -> tuple[str, int]:
    """`conv F KxK` has (K * K + 1) * F parameters when each filter is taken for one channel deep."""
    found = re.search(r"conv (\d+) (\d)x\2 relu +=> params (\d+)", text)
    assert found
    filters, kernel = int(found[1]), int(found[2])
    wrong = (kernel * kernel + 1) * filters
    assert wrong != int(found[3])
    return text[: found.start(3)] + str(wrong) + text[found.end(3) :], wrong


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """week3/ as `quiz` made it, and submissions/ as they came back."""
    folder = tmp_path_factory.mktemp("course")
    roster = folder / "class.csv"
    roster.write_text("id,name\n" + "".join(f"{FIRST + n},Student {n}\n" for n in range(COUNT)))
    words = ["quiz", "--seed", "7", "--students", str(roster), "--key", "--no-verify", "-o", f"{folder / 'week3'}/"]
    assert main(words) == 0
    (folder / "submissions").mkdir()
    for path in sorted((folder / "week3" / "keys").iterdir()):
        number = int(path.stem)
        text = path.read_text(encoding="utf-8")
        if number == ABSENT:
            continue
        if number in SLIPS:
            text, _ = with_depth_forgotten(text)
        elif number % 3 == 1:
            text = in_another_form(text)
        elif number % 3 == 2:
            text = labels_alone(text)
        (folder / "submissions" / f"homework {number * 7 % 100}.txt").write_text(text, encoding="utf-8")
    return folder


def graded(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, str]]:
    capsys.readouterr()
    words = ["grade", str(folder / "week3" / "keys"), str(folder / "submissions"), "--csv", "-", *options]
    assert main(words) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_every_student_has_a_variant_of_their_own(folder: Path) -> None:
    texts = [path.read_text(encoding="utf-8").split("\n", 2)[2] for path in (folder / "week3" / "sheets").iterdir()]
    assert len(texts) == len(set(texts)) == COUNT


def test_right_answers_get_full_marks_in_any_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    totals = {int(row["student_id"]): row for row in graded(folder, capsys) if not row["asked"]}
    right = {number: row for number, row in totals.items() if number not in (*SLIPS, ABSENT)}
    assert len(right) == COUNT - len(SLIPS) - 1
    assert {number: row["points"] for number, row in right.items() if row["points"] != row["max"]} == {}


def test_the_one_slip_of_a_student_is_named_and_costs_its_points_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row for row in graded(folder, capsys) if row["student_id"] == str(SLIPS[0])]
    wrong = [row for row in rows if row["points"] != row["max"] and row["asked"]]
    assert [(row["asked"], row["mistake"]) for row in wrong] == [("params", "depth-forgotten")]
    lost = int(wrong[0]["max"]) - int(wrong[0]["points"])
    total = next(row for row in rows if not row["asked"])
    assert int(total["max"]) - int(total["points"]) == lost > 0
