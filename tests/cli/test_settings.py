"""`--set` on every command that reads a model."""

from __future__ import annotations

import pytest

from .conftest import Command

TEXT = b"""let classes = 10
let act = relu
input 8x8x3
conv 4 3x3 $act => 6x6x4 params 112
flatten
dense $classes  => 10
"""


@pytest.mark.parametrize(
    "arguments",
    [
        "summary -",
        "explain -",
        "explain - dense1",
        "convert - --to json",
        "run - --plan",
    ],
)
def test_every_command_that_reads_a_model_takes_settings(command: Command, arguments: str) -> None:
    done = command(*arguments.split(), "--set", "classes=7777", stdin=TEXT)
    assert done.status == 0, done.err
    assert "7777" in done.out


def test_bench_reads_settings_before_it_measures(command: Command) -> None:
    done = command("bench", "-", "--set", "clases=3", stdin=TEXT)
    assert (done.status, "error[unknown-setting]" in done.err) == (2, True)


def test_check_judges_the_answers_of_the_net_with_its_settings(command: Command) -> None:
    assert command("check", "-", stdin=TEXT).status == 0
    done = command("check", "-", "--set", "classes=11", "--solve", stdin=TEXT)
    assert done.status == 1
    assert "11" in done.out


def test_a_summary_with_settings_marks_no_answers(command: Command) -> None:
    assert "\u2713" in command("summary", "-", stdin=TEXT).out
    assert "\u2713" not in command("summary", "-", "--set", "classes=11", stdin=TEXT).out


def test_several_settings_are_given_by_several_options(command: Command) -> None:
    done = command("summary", "-", "--set", "classes=11", "--set", "act=bn tanh", stdin=TEXT)
    assert "conv 4 3x3 bn tanh" in done.out
    assert "dense 11" in done.out


def test_fmt_says_which_command_writes_a_text_with_another_value(command: Command) -> None:
    refused = command("fmt", "net.txt", "--set", "classes=7")
    assert refused.status == 2
    assert "fmt takes no --set: it keeps every value as the text has it" in refused.err
    assert "cnncalc convert net.txt --to spec --set classes=7" in refused.err
    written = command("convert", "-", "--to", "spec", "--set", "classes=7", stdin=TEXT)
    assert "let classes = 7\n" in written.out


@pytest.mark.parametrize("options", ["--set classes", "--set =3", "--set classes=1 --set classes=2"])
def test_a_setting_without_name_or_value_or_twice_is_refused(command: Command, options: str) -> None:
    done = command("summary", "-", *options.split(), stdin=TEXT)
    assert done.status == 2
    assert "error[wrong-setting]" in done.err
