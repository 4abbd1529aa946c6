"""Rows of a table whose names say what is answered too: each answers that quantity of that line, in any order."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cnncalc.cli import main
from cnncalc.homework.grading import Grader
from cnncalc.homework.reading.match_rows import Places
from cnncalc.homework.reading.row_claims import table_claims
from cnncalc.homework.reading.submission_parts import parts_of

from .checking import analysed
from .test_file_formats import excel_table

KEY = analysed(
    """input 32x32x3
conv1: conv 8 5x5 stride=2 => ? params ? exact ? fits ? share ?
fc: dense 10 => ? params ? share ?
total => params ?
answer 2a "receptive field" conv1.rf = ?
"""
)
GRADER = Grader(KEY)


def answers(content: bytes | str, name: str = "hw.csv") -> dict[str, str]:
    found = GRADER.reader.reading(content.encode() if isinstance(content, str) else content, name).answers
    return {f"{GRADER.sheet.sites[line].name} {asked}": piece.answer.text for (line, asked), piece in found.items()}


RIGHT = {"conv1 shape": "14x14x8", "conv1 params": "608", "conv1 exact": "14.5", "fc params": "15690"}
"""By hand: (32 - 5)/2 + 1 = 14.5, 8 (25*3 + 1) = 608, 10 (14*14*8 + 1) = 15690."""


@pytest.mark.parametrize(
    "names",
    [
        ("conv1 shape", "conv1 params", "conv1 exact", "fc params"),
        ("conv1.shape", "conv1.params", "conv1.exact", "fc.params"),
        ("conv1: output shape", "number of parameters of conv1", "conv1 (exact)", "fc - # params"),
        ("Conv 1 size", "params conv1", "exact_conv1", "FC parameters"),
    ],
    ids=["blank", "dot", "words", "other spellings"],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_named_by_line_and_quantity_answers_that_quantity(names: tuple[str, ...], kind: str) -> None:
    rows = [("question", "answer"), *zip(names, RIGHT.values(), strict=True)]
    csv = "\n".join(";".join(row) for row in rows)
    assert answers(excel_table(*rows) if kind == "xlsx" else csv, f"hw.{kind}") == RIGHT


def test_the_order_of_rows_that_name_what_they_answer_does_not_matter() -> None:
    assert answers("question;answer\nfc params;15690\ntotal params;16298\n2a;5\nconv1 fits;no\nconv1;14x14x8\n") == {
        "fc params": "15690",
        "total params": "16298",
        "2a rf": "5",
        "conv1 fits": "no",
        "conv1 shape": "14x14x8",
    }


def test_a_quantity_of_a_line_that_the_key_lacks_is_reported() -> None:
    (table,) = parts_of(b"question;answer\nconv1 params;608\nconv9 params;3\n", "hw.csv").tables
    placed = table_claims(table, Places(KEY))
    assert [claim.answer.text for claim in placed.claims] == ["608"]
    assert [fault.message for fault in placed.faults] == ["the key has no line `conv9 params`"]


@pytest.mark.parametrize("heading", ["share in %", "share (%)", "percent", "share in percent"])
def test_numbers_under_a_heading_in_percent_are_percent(heading: str) -> None:
    found = GRADER.reader.reading(f"layer;{heading}\nconv1;3.73\n".encode(), "hw.csv").answers
    (piece,) = found.values()
    assert (piece.answer.asked, piece.answer.given) == ("share", Fraction("0.0373"))  # 608 of 16298


def test_learnables_are_parameters() -> None:
    assert answers("Name;Total Learnables\nconv1;608\n") == {"conv1 params": "608"}


def test_an_empty_file_of_answers_says_how_answers_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    assert main(["check", "lenet5", "--answers", str(tmp_path / "a.csv")]) == 2
    assert "write lines such as `conv1 => 26x26x8 params 80`" in capsys.readouterr().err.replace("\n   ", "")
