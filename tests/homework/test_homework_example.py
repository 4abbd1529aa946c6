"""examples/homework: the assignment, its key and two submissions are what README's walk through them says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from cnncalc.cli import main

FOLDER = Path(__file__).parents[2] / "examples" / "homework"
KEY, SUBMISSIONS = str(FOLDER / "key.txt"), str(FOLDER / "submissions")
ANA, BO = str(FOLDER / "submissions" / "12345.txt"), str(FOLDER / "submissions" / "67890.txt")

RIGHT_VALUES = ("3216", "3,216", "10164", "10,164", "62958", "62,958")
"""What Ana and Bo have wrong: conv2, fc4 and the total."""


def net(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    kept = [line.partition("=>")[0].partition(" = ")[0].strip() for line in lines]
    return [line for line in kept if line and not line.startswith(("#", "student"))]


def test_all_four_are_the_same_net() -> None:
    nets = [net(FOLDER / name) for name in ("assignment.txt", "key.txt", "submissions/12345.txt")]
    assert nets[0] == nets[1] == nets[2] == net(FOLDER / "submissions" / "67890.txt")


def test_the_assignment_is_all_open_and_its_key_is_worth_24(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(FOLDER / "assignment.txt")]) == 1
    assert "17 open" in capsys.readouterr().out
    assert main(["grade", KEY, SUBMISSIONS]) == 0
    assert "24 points, 2 submissions" in capsys.readouterr().out


def test_grades_and_slips(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", KEY, SUBMISSIONS, "--csv", "-"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    totals = {row["student_id"]: (row["points"], row["max"]) for row in rows if row["question"] == "all questions"}
    assert totals == {"12345": ("20", "24"), "67890": ("16.33", "24")}
    slips = {
        (row["name"], row["question"], row["asked"]): row["mistake"]
        for row in rows
        if row["points"] not in ("", row["max"]) and row["question"] != "all questions"
    }
    assert slips == {
        ("Ana Gomez", "conv2", "params"): "depth-forgotten",
        ("Ana Gomez", "fc4", "params"): "one-bias",
        ("Bo Chen", "conv1", "shape"): "same-for-valid",
        ("Bo Chen", "fc4", "params"): "bias-forgotten",
        ("Bo Chen", "out", "params"): "no answer",
        (
            "Bo Chen",
            "total",
            "params",
        ): "one of same-for-valid, full-for-same",  # `out` is open: nobody added the parts up
        ("Bo Chen", "2a", "rf"): "strides-ignored",
    }
    follows = [(row["student_id"], row["question"]) for row in rows if row["follow"]]
    assert follows == [
        ("12345", "total"),
        *(("67890", q) for q in ("pool1", "conv2", "pool2", "flat", "fc3", "2b")),
    ]


@pytest.mark.parametrize("level", ["0", "1", "2", "3"])
@pytest.mark.parametrize("submission", [ANA, BO])
def test_no_hint_gives_the_answer_away(submission: str, level: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", submission, "--hint", level]) == 1
    said = capsys.readouterr().out
    answered = Path(submission).read_text(encoding="utf-8").replace(",", "")
    assert [value for value in RIGHT_VALUES if value in said and value.replace(",", "") not in answered] == []


def test_the_roster_makes_a_quiz_for_each(tmp_path: Path) -> None:
    options = ["--seed", "7", "--students", str(FOLDER / "roster.csv"), "--no-verify", "-o", f"{tmp_path}/"]
    assert main(["quiz", *options]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["sheets"]
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == ["12345.txt", "67890.txt"]
