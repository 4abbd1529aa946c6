"""`cnncalc reconcile`: what is printed, the JSON, and the exit status."""

from __future__ import annotations

import json

from .conftest import Command


def test_the_status_says_whether_every_number_is_explained(command: Command) -> None:
    assert command("reconcile", "lenet5", "61,706", "416,520").status == 0
    assert command("reconcile", "lenet5", "61,706", "61,707 params").status == 1
    assert command("reconcile", "lenet5", "4,1k").status == 2
    assert command("reconcile", "lenet", "61,706").status == 2


def test_the_json_has_every_count_that_a_number_may_be(command: Command) -> None:
    found = json.loads(command("reconcile", "lenet5", "61.7k", "--json").out)
    assert found["ours"] == {"params": 61_706, "total_params": 61_706, "macs": 416_520, "flops": 878_450}
    (number,) = found["numbers"]
    assert (number["stated"], number["value"], number["unit"], number["explained"]) == ("61.7k", 61_700, None, True)
    first, *others = number["findings"]
    assert (first["quantity"], first["count"], first["match"], first["digits"]) == ("params", 61_706, "rounded", 3)
    without_bias = next(other for other in others if other["change"] == "without biases in the convolutions")
    assert (without_bias["ours"], without_bias["difference"]) == (61_706, -22)
    assert without_bias["terms"] == [{"amount": -22, "rule": None, "what": "5x5 convolutions", "layers": 2}]


def test_all_shows_what_is_folded_otherwise(command: Command) -> None:
    short, whole = command("reconcile", "lenet5", "61.7k").out, command("reconcile", "lenet5", "61.7k", "--all").out
    assert "without biases in the convolutions" not in short
    assert "61,684 parameters without biases in the convolutions" in whole
    assert "-22 in 2 5x5 convolutions" in whole


def test_a_title_that_would_steer_a_terminal_is_shown_as_it_is(command: Command) -> None:
    text = b'title "\x1b[31mred"\ninput 8x8x1\nconv 2 3x3\n'
    assert "\x1b" not in command("reconcile", "-", "20", stdin=text).out


def test_a_word_with_a_minus_sign_is_no_number(command: Command) -> None:
    said = command("reconcile", "lenet5", "-4G").err
    assert "help: a number has no minus sign here: leave it out" in said
