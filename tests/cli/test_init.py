"""`cnncalc init`: its texts are right, run, and are what the errors of a beginner name."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.cli.commands.init import Starter, starter

from .conftest import Command

DIGIT = Path(__file__).parents[2] / "examples" / "digits" / "7.png"


@pytest.fixture(autouse=True)
def _elsewhere(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("kind", Starter)
def test_a_starter_is_in_canonical_spelling_and_has_a_table(kind: Starter, command: Command) -> None:
    assert command("init", kind.value, "-o", "start.txt").status == 0
    assert command("fmt", "--check", "start.txt").status == 0
    shown = command("summary", "start.txt")
    assert (shown.status, shown.err) == (0, "")


@pytest.mark.parametrize(("kind", "right"), [("model", 11), ("filters", 7)])
def test_every_answer_of_a_starter_is_right(kind: str, right: int, command: Command) -> None:
    command("init", kind, "-o", "start.txt")
    checked = command("check", "start.txt")
    assert checked.status == 0
    assert f"{right} right" in checked.out


def test_the_filters_are_confirmed_by_running_them(command: Command) -> None:
    """The values of the first filter are those of lecture deck 001, slide for slide."""
    command("init", "filters", "-o", "filters.txt")
    ran = command("run", "filters.txt", "--verify")
    assert ran.status == 0
    assert "23  21  22\n                 26  24  28\n                 36  36  39" in ran.out


def test_the_network_is_confirmed_on_a_picture(command: Command) -> None:
    command("init", "-o", "model.txt")
    ran = command("run", "model.txt", "--image", str(DIGIT), "--verify")
    assert ran.status == 0
    assert "CONFIRMED" in ran.out


def test_the_line_that_a_starter_names_is_a_layer(command: Command) -> None:
    command("init", "-o", "model.txt")
    assert "cnncalc explain model.txt 15 " in starter(Starter.MODEL)
    assert command("explain", "model.txt", "15").out.startswith("conv1: conv 8 3x3 same bn relu")


@pytest.mark.parametrize("name", ["f.txt", "a filter for each of my pictures.txt"])
def test_what_the_commands_of_a_starter_do_is_one_column(name: str, command: Command) -> None:
    command("init", "filters", "-o", name)
    lines = Path(name).read_text().splitlines()
    columns = (lines[2].index("every value"), lines[3].index("the filters that"))
    assert columns == ((50, 50) if name == "f.txt" else (56, 56))


def test_a_homework_names_its_tables(command: Command) -> None:
    Path("hw.txt").write_text('homework "HW1: shapes"\ninput 8x8x1\nconv 2 3x3\n')
    assert command("summary", "hw.txt").out.startswith("HW1: shapes\nhw.txt\n")
    assert command("summary", "hw.txt", "--format", "keras").out.startswith('Model: "HW1: shapes"\n')
    Path("hw.txt").write_text('homework "HW1: sums"\ndata p = [1 2; 3 4]\ninput from p\navgpool 2x2\n')
    assert command("run", "hw.txt").out.startswith("HW1: sums\nhw.txt\n")
    Path("hw.txt").write_text('title "A net"\nhomework "HW1: shapes"\ninput 8x8x1\n')
    assert command("summary", "hw.txt").out.startswith("A net\nhw.txt\n")


def test_a_homework_is_handed_out_filled_in_checked_and_graded(command: Command) -> None:
    command("init", "homework", "-o", "homework.txt")
    text = Path("homework.txt").read_text(encoding="utf-8")
    assert command("check", "homework.txt").status == 1  # nothing is answered yet
    Path("submissions").mkdir()
    answered = text.replace(
        "conv1: conv 8 5x5 relu   => ?  params ?", "conv1: conv 8 5x5 relu   => 28x28x8  params 608"
    )
    Path("submissions/ana.txt").write_text(answered, encoding="utf-8")
    graded = command("grade", "homework.txt", "submissions", "--csv", "-")
    assert graded.status == 0
    assert "12345,Your Name,all questions,,,,,the id is the text's; " in graded.out
    assert graded.out.endswith(",3,17\n")


def test_without_a_file_the_text_alone_goes_to_standard_output(command: Command) -> None:
    shown = command("init")
    assert shown.out == starter(Starter.MODEL)
    assert "To keep it: cnncalc init model -o model.txt\n" in shown.err


def test_a_file_is_not_replaced_without_force(command: Command) -> None:
    Path("mine.txt").write_text("input 5x5x1\n", encoding="utf-8")
    refused = command("init", "-o", "mine.txt")
    assert (refused.status, refused.out) == (2, "")
    assert "error[file-exists]" in refused.err
    assert Path("mine.txt").read_text(encoding="utf-8") == "input 5x5x1\n"
    assert command("init", "-o", "mine.txt", "--force").status == 0
    assert Path("mine.txt").read_text(encoding="utf-8").startswith("# A network")


def test_comments_and_advice_name_the_file_as_a_shell_reads_it(command: Command) -> None:
    said = command("init", "-o", "my net.txt").err
    assert said == (
        "my net.txt is written. What to type next:\n"
        "  cnncalc summary 'my net.txt'  shows its table\n"
        "  cnncalc explain 'my net.txt'  shows where its numbers come from\n"
    )
    assert "#   cnncalc summary 'my net.txt' " in Path("my net.txt").read_text(encoding="utf-8")


def test_a_file_name_with_a_line_end_stays_out_of_the_text(command: Command) -> None:
    assert command("init", "-o", "a\nconv 1 1x1.txt").status == 0
    assert Path("a\nconv 1 1x1.txt").read_text(encoding="utf-8") == starter(Starter.MODEL)


@pytest.mark.parametrize(
    ("arguments", "stdin", "advice"),
    [
        (["summary", "qqqqq.txt"], b"", "`cnncalc init -o qqqqq.txt`"),
        (["summary", "qqqqq"], b"", "`cnncalc init -o model.txt`"),
        (["summary", "-"], b"# only a comment\n", "`cnncalc init`"),
        (["summary", "-"], b"conv 16 3x3\n", "`cnncalc init`"),
        (["summary", "-"], b'title "x"\n', "`cnncalc init`"),
        (["summary"], b"", "cnncalc init -o model.txt"),
    ],
)
def test_the_first_errors_of_a_beginner_name_it(
    arguments: list[str], stdin: bytes, advice: str, command: Command
) -> None:
    shown = command(*arguments, stdin=stdin)
    assert shown.status == 2
    assert advice in shown.err
