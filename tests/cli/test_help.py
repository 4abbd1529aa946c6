"""What `--help` prints: every example in it runs, and it can be read at any width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnncalc.cli.app import command_of
from cnncalc.cli.command_list import COMMANDS
from cnncalc.cli.pages import choices_of, words_of
from cnncalc.report.columns import COLUMNS

from .conftest import Command
from .example_files import made_folder, ran

FINE = {"check": (0, 1), "grade": (0, 1), "fmt": (0, 1), "compare": (0, 1)}
"""What these commands find in the files of the examples is no failure; every other one leaves with 0."""

MANY_NETWORKS = "bench --all"
"""It takes minutes, so that it is run with one network in place of all; the others are run as they are written."""


def documented(name: str) -> list[str]:
    """The lines of a page that are commands: its examples, and where to read more."""
    sections = words_of(name).sections
    titles = ("Examples", "Shell completion", "Read more")
    entries = [entry for title in titles for entry in sections.get(title, ())]
    return [entry.name for entry in entries if "COMMAND" not in entry.name]


LINES = list(dict.fromkeys(line for name in ("cnncalc", *COMMANDS) for line in documented(name)))
PAGES = ["", *COMMANDS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that the examples name."""
    return made_folder(tmp_path_factory.mktemp("help"))


def quicker(line: str) -> str:
    """The line with less to measure: what it prints and how it ends are the same."""
    line = line.replace(MANY_NETWORKS, "bench lenet5").replace("--seconds 2", "--seconds 0.05")
    if "cnncalc bench" not in line or "--seconds" in line:
        return line
    return f"{re.sub('resnet50|vgg16|mobilenet-v2', 'lenet5', line)} --seconds 0.05"


@pytest.mark.parametrize("line", LINES)
def test_every_example_of_the_help_runs(line: str, folder: Path) -> None:
    if " -o model.txt" in line:  # others read that file
        (folder / "model.txt").rename(folder / "before.txt")
    if line == "cnncalc --install-completion":  # which shell it is called from, no test knows
        line += " bash"
    done = ran(quicker(line), folder)
    if " -o model.txt" in line:
        (folder / "before.txt").rename(folder / "model.txt")
    word = next((word for word in re.findall(r"cnncalc (\w+)", line) if word in COMMANDS), "")
    assert done.returncode in FINE.get(word, (0,)), done.stderr
    assert "error[" not in done.stderr


def test_every_command_has_an_example() -> None:
    assert [name for name in COMMANDS if not documented(name)] == []
    assert len(LINES) > 45


def test_every_example_says_what_it_does_in_a_sentence() -> None:
    for name in ("cnncalc", *COMMANDS):
        for title, entries in words_of(name).sections.items():
            assert [entry for entry in entries if not re.fullmatch(r"[A-Z][^\n]*\.", entry.text)] == [], (name, title)


def test_every_option_is_described_in_a_sentence() -> None:
    """What is a choice goes on with its words; a default is said in words, never as `[default: 5]`."""
    for name in COMMANDS:
        for parameter in command_of(name).params:
            said = parameter.help if not parameter.hidden else "It is not shown."
            end = r"[^.:]" if choices_of(parameter) else r"\."
            assert re.fullmatch(rf"[A-Z].*{end}", said, re.DOTALL), (name, parameter.name)
            default = getattr(parameter.default, "value", parameter.default)
            named = default in (None, False, True, "") or choices_of(parameter) or f"{default}" in said
            assert named, (name, parameter.name)


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_terminal_and_cuts_no_sentence(name: str, columns: int, command: Command) -> None:
    shown = command(*([name] if name else []), "--help", columns=columns).out
    assert max(map(len, shown.split("\n"))) <= min(columns, 80)
    assert [
        line
        for line in shown.split("\n")
        if line.endswith("...") and not line.endswith(("E...", "L...", "N...", "R..."))
    ] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_says_at_every_width(name: str, command: Command) -> None:
    """Only line ends, indents and the `\\` that continues a command differ."""
    pages = [command(*([name] if name else []), "--help", columns=columns).out for columns in (40, 60, 80)]
    words = [page.replace(" \\\n", "\n").split() for page in pages]
    assert words[0] == words[1] == words[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_marks_of_the_parser(name: str, command: Command) -> None:
    shown = command(*([name] if name else []), "--help", columns=80).out
    without_numbers = re.sub(r"'\w*\[[-0-9,;\s]+\]'", "", shown)  # a cell or a matrix in quotes
    assert re.findall(r"[{}]|\[[a-z0-9].*?\]|x[<>]=|<=x", without_numbers) == []


def test_a_long_example_goes_on_as_a_shell_reads_it(command: Command) -> None:
    shown = command("run", "--help", columns=40).out
    assert "  cnncalc run model.txt --image *.png \\\n        --verify\n" in shown


def test_titles_and_names_are_coloured_where_colours_are_asked_for(command: Command) -> None:
    assert "\x1b[1mExamples:\x1b[0m" in command("run", "--help", "--color", "always").out
    assert "\x1b" not in command("run", "--help").out


def test_the_width_that_is_asked_for_is_that_of_the_page(command: Command) -> None:
    for arguments in (
        ["run", "--width", "40", "--help"],
        ["run", "--help", "--width", "40"],
        ["--width", "40", "run", "-h"],
    ):
        assert command(*arguments) == command("run", "--help", columns=40)
    assert command("--help", "--width", "40") == command("--help", columns=40)


def test_the_help_of_summary_names_every_column(command: Command) -> None:
    page = " ".join(command("summary", "--help").out.split())
    assert f"all columns that --columns can name: {' '.join(COLUMNS)}." in page
    assert "shares" in COLUMNS
