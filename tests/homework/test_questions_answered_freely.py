"""Numbered questions of a checked text: their answers are read as people write them, as those behind `=>` are."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.cli import main

NET = "input 28x28x1\nd: conv 8 3x3 => 26x26x8\n"
"""By hand: field 3, 8 (9 + 1) = 80 parameters."""


def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: str) -> tuple[int, str, str]:
    file = tmp_path / "hw.txt"
    file.write_text(NET + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    status = main(["check", str(file)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("d.rf = 3 pixels", "rf 3"),
        ("d.rf = 1+2 = 3", "rf 3"),
        ("d.params = (3*3*1+1)*8 = 80", "params 80"),
        ("d.params = ~~70~~ 80", "params 80"),
    ],
)
def test_a_freely_written_answer_to_a_question_is_right_and_says_how_it_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, value: str
) -> None:
    status, out, err = checked(tmp_path, capsys, f'answer 1 "a = b" {written} worth 2')
    assert status == 0
    assert "2 right" in out
    assert f"line 3: read as {value}\n" in err


def test_a_number_with_a_space_in_it_is_one_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = checked(tmp_path, capsys, "answer 1 d.params = 3 216")
    assert (status, "1 right, 1 wrong" in out) == (1, True)
    assert "line 3: read as params 3216\n" in err


def test_an_answer_that_cannot_be_read_leaves_its_question_open_in_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = checked(tmp_path, capsys, "answer 1 d.macs = banana", "answer 2 d.rf = 3")
    assert status == 2
    assert "2 right, 1 open" in out
    assert "error[bad-number]: `banana` is not a number" in err
