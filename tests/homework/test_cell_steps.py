"""`check --steps` and `explain` work a number out: the first wrong one, or the one that `--at` names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnncalc.cli import main

DECK = """data p = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]
input from p
s: conv filter=sharpen padding=1 stride=2 => values [-1 3 0; 5 -3 3; 5 2 3]
"""
"""Deck 001 prints 5 at the bottom left, where 4 is right."""

SUM = "0*0 + 0*(-1) + 1*0 + 0*(-1) + 1*5 + 1*(-1) + 0*0 + 0*(-1) + 0*0 = 4"


@pytest.fixture
def deck(tmp_path: Path) -> str:
    path = tmp_path / "deck.txt"
    path.write_text(DECK, encoding="utf-8")
    return str(path)


def test_the_steps_of_a_wrong_matrix_work_its_first_wrong_number_out(deck, capsys) -> None:
    assert main(["check", deck, "--steps"]) == 1
    said = capsys.readouterr().out
    assert "row 3, column 1, worked out:" in said
    assert SUM in " ".join(said.split())


def test_another_number_is_worked_out_where_it_is_asked_for(deck, capsys) -> None:
    assert main(["check", deck, "--steps", "--at", "2,1"]) == 1
    said = capsys.readouterr().out
    assert "row 2, column 1, worked out:" in said
    assert "row 3, column 1, worked out:" not in said


@pytest.mark.parametrize("level", ["0", "1", "2", "3"])
def test_no_number_is_worked_out_unless_steps_are_asked_for(deck, level, capsys) -> None:
    assert main(["check", deck, "--hint", level]) == 1
    said = capsys.readouterr().out
    assert "worked out" not in said
    assert "(-1)" not in said


def test_a_right_matrix_is_not_worked_out(tmp_path, capsys) -> None:
    path = tmp_path / "right.txt"
    path.write_text(DECK.replace("; 5 2 3]", "; 4 2 3]"), encoding="utf-8")
    assert main(["check", str(path), "--steps"]) == 0
    assert "worked out" not in capsys.readouterr().out


def test_the_steps_are_in_the_json_too(deck, capsys) -> None:
    main(["check", deck, "--steps", "--json"])
    (answer,) = json.loads(capsys.readouterr().out)["answers"]
    assert answer["steps"][1] == "row 3, column 1, worked out:"
    assert answer["steps"][-2] == SUM
    assert answer["steps"][-1] == (
        "Receptive field: rows 4 to 5 of 5 and columns 1 to 2 of 5, and padding: 1 row after the last, "
        "1 column before the first."
    )


def test_the_first_wrong_number_is_found_in_every_channel_and_in_vectors(tmp_path, capsys) -> None:
    path = tmp_path / "two.txt"
    path.write_text(
        "data p = [1 2; 3 4] [5 6; 7 8]\ninput from p\na: relu => values [1 2; 3 4] [5 6; 0 8]\n"
        "b: flatten => values [1 5 2 6 3 0 4 8]\n",
        encoding="utf-8",
    )
    main(["check", str(path), "--steps"])
    said = capsys.readouterr().out
    assert "channel 2, row 2, column 1, worked out:" in said
    assert "max(0, 7) = 7" in said
    assert "number 6, worked out:\n      channel 2, row 2, column 1 of what arrives = 7\n" in said


def test_explain_works_the_first_number_of_a_line_out(deck, capsys) -> None:
    assert main(["explain", deck, "s"]) == 0
    said = capsys.readouterr().out
    assert "row 1, column 1, worked out:\n    window         kernel\n    (0) (0) (0)     0 -1  0\n" in said


def test_explain_works_out_the_number_that_is_asked_for(deck, capsys) -> None:
    assert main(["explain", deck, "3", "--at", "3,1"]) == 0
    assert SUM in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("places", [["a"], ["b"], ["nothing"], ["a", "--at", "1,1"]])
def test_of_a_net_with_a_fault_a_line_that_it_hides_is_answered_with_the_fault(tmp_path, capsys, places) -> None:
    net = tmp_path / "net.txt"
    net.write_text("input 8x8x1\na: conv 2 9x9\nb: conv 2 3x3\n", encoding="utf-8")
    assert main(["explain", str(net), *places]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error[kernel-too-large]: a 9x9 kernel does not fit an 8x8 input\n")
    assert "unknown-place" not in said.err


def test_lines_above_a_fault_are_explained_before_it_is_said(tmp_path, capsys) -> None:
    net = tmp_path / "net.txt"
    net.write_text("input 8x8x1\na: conv 2 9x9\n", encoding="utf-8")
    assert main(["explain", str(net), "input1", "a"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("input1: input 8x8x1 ")
    assert said.err.startswith("error[kernel-too-large]")


def test_a_net_without_stated_numbers_is_explained_as_ever(capsys) -> None:
    assert main(["explain", "lenet5", "conv1"]) == 0
    assert "worked out" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["explain", "FILE", "s", "--at", "9,1"], "no-such-cell", "there is no row 9: the result has rows 1 to 3"),
        (["explain", "FILE", "s", "--at", "x"], "no-such-cell", "`--at x` is no cell"),
        (["explain", "FILE", "--at", "1,1"], "no-such-cell", "no line was named or several"),
        (["explain", "FILE", "2", "--at", "1,1"], "values-unknown", "nothing is worked out at input1: it is an input"),
        (["explain", "FILE", "1", "--at", "1,1"], "values-unknown", "there is no layer at `1`"),
        (["explain", "lenet5", "conv1", "--at", "1,1"], "values-unknown", "the numbers of conv1 are not known"),
        (["check", "FILE", "--at", "1,1"], "at-without-steps", "`--at 1,1` works a number out"),
        (["check", "FILE", "--steps", "--at", "9,1"], "no-such-cell", "there is no row 9"),
        (["check", "FILE", "--steps", "--at", "1,1,1,1,1"], "no-such-cell", "has 5 numbers"),
    ],
)
def test_an_address_that_fits_nothing_is_refused(words, code, message, deck, capsys) -> None:
    assert main([deck if word == "FILE" else word for word in words]) == 2
    said = capsys.readouterr()
    assert f"error[{code}]" in said.err
    assert message in " ".join(said.err.split())


def test_an_address_without_a_matrix_to_look_in_is_refused(tmp_path, capsys) -> None:
    path = tmp_path / "shapes.txt"
    path.write_text("input 28x28x1\nconv 6 5x5 => 24x24x5\n", encoding="utf-8")
    assert main(["check", str(path), "--steps", "--at", "1,1"]) == 2
    assert "error[values-unknown]" in capsys.readouterr().err


def test_a_stranger_s_address_is_harmless(deck, capsys) -> None:
    assert main(["explain", deck, "s", "--at", "\x1b[31m" + "9" * 5000]) == 2
    said = capsys.readouterr().err
    assert "\x1b[31m" not in said
    assert len(said) < 1000


def test_an_answer_about_one_cell_is_worked_out_there(tmp_path, capsys) -> None:
    path = tmp_path / "cell.txt"
    path.write_text(DECK.partition("=>")[0] + "=> values[3,1] 5\n", encoding="utf-8")
    main(["check", str(path), "--steps", "--at", "1,1"])
    said = capsys.readouterr().out
    assert "row 3, column 1, worked out:" in said
    assert SUM in " ".join(said.split())


FOLLOWING = """input 28x28x1
c1: conv 8 3x3 => 28x28x6 params 60
p: maxpool 2 => 14x14x6
c2: conv 16 5x5 => 10x10x16 params 2416
f: flatten => 1600
d: dense 10 => 10 params 16010
"""
"""From 28x28x6 for 26x26x8 all else is worked out rightly: (5 * 5 * 6 + 1) * 16 = 2416."""


@pytest.mark.parametrize(("level", "shown"), [(["--steps"], True), (["--hint", "3"], False), (["--solve"], False)])
def test_the_steps_of_what_follows_have_its_author_s_own_numbers(level, shown, tmp_path, capsys) -> None:
    path = tmp_path / "net.txt"
    path.write_text(FOLLOWING, encoding="utf-8")
    main(["check", str(path), *level])
    said = " ".join(capsys.readouterr().out.split())
    for own in (
        "params = (3 * 3 * 1 + 1) * 6 = 60",
        "height, width = floor((28 - 2) / 2) + 1 = 14",
        "height, width = floor((14 - 5) / 1) + 1 = 10",
        "params = (5 * 5 * 6 + 1) * 16 = 2,416",
        "size = 10 * 10 * 16 = 1,600",
        "params = (1,600 + 1) * 10 = 16,010",
    ):
        assert (f"with your numbers: {own}" in said) == shown


def test_what_does_not_follow_has_no_numbers_of_its_own(tmp_path, capsys) -> None:
    path = tmp_path / "net.txt"
    path.write_text("input 28x28x1\nc1: conv 8 3x3 => 26x26x8 params 72\n", encoding="utf-8")
    main(["check", str(path), "--steps"])
    assert "with your numbers" not in capsys.readouterr().out
