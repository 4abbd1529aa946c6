"""A wrong command line gets an error in our own form: the code, what is wrong, the nearest right word or an example."""

from __future__ import annotations

import pytest

from .conftest import Command

SEE = "`cnncalc summary --help` says what it takes"
FORMATS = "it is one of table, json, csv, markdown, latex, keras or darknet"
CASES = {
    "sumary": ("unknown-command", "there is no command called `sumary`", "did you mean `cnncalc summary`?"),
    "small.txt": ("unknown-command", "`small.txt` is a network, not a command", "write: cnncalc summary small.txt"),
    "frobnicate": (
        "unknown-command",
        "there is no command called `frobnicate`",
        "`cnncalc --help` lists the commands",
    ),
    "run lenet5 --imgae digit.png": (
        "no-such-option",
        "`cnncalc run` has no option `--imgae`",
        "did you mean `--image`? For example: cnncalc run lenet5 --image digit.png",
    ),
    "summary small.txt --expnd": (
        "no-such-option",
        "`cnncalc summary` has no option `--expnd`",
        "did you mean `--expand`?",
    ),
    "summary small.txt --image x": (
        "no-such-option",
        "`cnncalc summary` has no option `--image`",
        "it is an option of `cnncalc run`, `cnncalc draw`, `cnncalc report` and `cnncalc trace`",
    ),
    "summary small.txt --zzz": ("no-such-option", "`cnncalc summary` has no option `--zzz`", SEE),
    "--frobnicate": ("no-such-option", "`cnncalc` has no option `--frobnicate`", "`cnncalc --help` says what it takes"),
    "summary": (
        "missing-argument",
        "`cnncalc summary` needs MODEL",
        "for example: cnncalc summary lenet5; to start a network of your own: cnncalc init -o model.txt",
    ),
    "grade key.txt": (
        "missing-argument",
        "`cnncalc grade` needs SUBMISSION...",
        "for example: cnncalc grade key.txt submissions/ --csv grades.csv --summary",
    ),
    "convert lenet5": (
        "missing-argument",
        "`cnncalc convert` needs --to",
        "for example: cnncalc convert lenet5 --to json -o lenet5.json",
    ),
    "bench": ("missing-argument", "`cnncalc bench` needs MODEL, or --all", "write: cnncalc bench lenet5"),
    "summary lenet5 vgg16": (
        "extra-argument",
        "`cnncalc summary` has no use for `vgg16`",
        "for example: cnncalc summary lenet5",
    ),
    "summary lenet5 vgg16 unet": (
        "extra-argument",
        "`cnncalc summary` has no use for `vgg16 unet`",
        "for example: cnncalc summary lenet5",
    ),
    "run lenet5 --image": (
        "value-not-given",
        "`--image` of `cnncalc run` needs a value: FILE",
        "for example: cnncalc run lenet5 --image digit.png",
    ),
    "quiz --to": (
        "value-not-given",
        "`--to` of `cnncalc quiz` needs a value: FORMAT",
        "write --to text: it is one of text, markdown, html, latex, gift, cloze, text2qti",
    ),
    "summary small.txt --expand=3": (
        "wrong-value",
        "`--expand` of `cnncalc summary` takes no value",
        "write it alone: --expand",
    ),
    "summary small.txt --format tabel": (
        "wrong-value",
        "`tabel` is no value for `--format`",
        f"did you mean `--format table`? {FORMATS}",
    ),
    "summary small.txt --format excel": ("wrong-value", "`excel` is no value for `--format`", FORMATS),
    "summary small.txt -f it's": ("wrong-value", "`it's` is no value for `--format`", FORMATS),
    "summary small.txt --batch 0": (
        "wrong-value",
        "`0` is no value for `--batch`",
        "give a whole number from 1 to 1000000000",
    ),
    "summary small.txt --batch many": (
        "wrong-value",
        "`many` is no value for `--batch`",
        "give a whole number from 1 to 1000000000",
    ),
    "summary small.txt --depth -1": (
        "wrong-value",
        "`-1` is no value for `--depth`",
        "give a whole number of at least 0",
    ),
    "bench lenet5 --seconds soon": (
        "wrong-value",
        "`soon` is no value for `--seconds`",
        "give a number from 0.01 to 3600",
    ),
    "bench lenet5 --seconds 0": (
        "wrong-value",
        "`0.0` is no value for `--seconds`",
        "give a number from 0.01 to 3600",
    ),
    "summary small.txt --json --format csv": (
        "two-formats",
        "`cnncalc summary` was given both --json and --format csv",
        "leave one of them out: --json means --format json",
    ),
    "check small.txt -f table --json": (
        "two-formats",
        "`cnncalc check` was given both --json and --format table",
        "leave one of them out: --json means --format json",
    ),
    "--color": (
        "value-not-given",
        "`--color` of `cnncalc` needs a value: WHEN",
        "write --color auto: it is one of auto, always, never",
    ),
    "summary lenet5 --memory": (
        "no-such-option",
        "`cnncalc summary` has no option `--memory`",
        "it is a command: cnncalc memory vgg16",
    ),
    "summary lenet5 --within 8GB": (
        "no-such-option",
        "`cnncalc summary` has no option `--within`",
        "it is an option of `cnncalc memory`",
    ),
    "--version --image": (
        "no-such-option",
        "`cnncalc version` has no option `--image`",
        "it is an option of `cnncalc run`, `cnncalc draw`, `cnncalc report` and `cnncalc trace`",
    ),
    "--show-completion bash now": (
        "extra-argument",
        "`cnncalc --show-completion` has no use for `now`",
        "for example: cnncalc --show-completion bash",
    ),
    "init modle": (
        "wrong-value",
        "`modle` is no value for `KIND`",
        "did you mean `model`? it is one of model, homework or filters",
    ),
}


@pytest.mark.parametrize(("line", "said"), CASES.items(), ids=CASES)
def test_a_wrong_command_line(line: str, said: tuple[str, str, str], command: Command) -> None:
    outcome = command(*line.split())
    code, message, advice = said
    assert outcome.err == f"error[{code}]: {message}\n = help: {advice}\n"
    assert (outcome.out, outcome.status) == ("", 2)


def test_escapes_of_a_wrong_word_do_not_reach_the_terminal(command: Command) -> None:
    for arguments in (["\x1b[31m"], ["summary", "a", "--\x1b[31m"], ["summary", "a", "-f", "\x1b[31m"]):
        outcome = command(*arguments)
        assert outcome.status == 2
        assert "\x1b" not in outcome.err


def test_a_very_long_wrong_word_is_cut(command: Command) -> None:
    for arguments in (["x" * 9999], ["summary", "a", f"--{'x' * 9999}"], ["summary", "a", "-f", "x" * 9999]):
        assert len(command(*arguments).err) < 300


def test_no_word_at_all_shows_the_help_and_counts_as_wrong(command: Command) -> None:
    outcome, page = command(), command("--help")
    assert (outcome.out, outcome.status, page.status) == (page.out, 2, 0)


def test_the_version_and_the_help_of_the_help(command: Command) -> None:
    assert command("-V") == command("--version") == command("version")
    assert command("--color", "never", "--version") == command("--width", "60", "-V") == command("version")
    assert command("help", "help") == command("help") == command("--help")


@pytest.mark.parametrize("arguments", [["help", "run"], ["run", "-h"], ["run", "lenet5", "--help"]])
def test_every_way_to_the_help_of_a_command(arguments: list[str], command: Command) -> None:
    assert command(*arguments) == command("run", "--help")


def test_help_of_a_command_that_does_not_exist(command: Command) -> None:
    assert "did you mean `cnncalc summary`?" in command("help", "sumary").err
