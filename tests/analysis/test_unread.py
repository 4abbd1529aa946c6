"""A result that nobody reads is said: which line, the label it would need, and what goes past it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.net_files import checked
from cnncalc.sources import find, shipped_names

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.txt"))
BRANCHES = "input 8x8x3\na: conv 4 3x3 same\nb: conv 4 5x5 same from a\nconv 4 1x1\n"


def unread(text: str) -> list:
    warnings = analyse(checked(Source("net.txt", text))).warnings
    return [warning for warning in warnings if warning.code == "unread-result"]


def lines(text: str) -> list[int]:
    return [warning.span.line for warning in unread(text)]


@pytest.mark.parametrize("join", ["concat", "add", "mul"])
def test_one_label_joins_the_line_before_and_two_join_exactly_these(join: str) -> None:
    one = checked(Source("net.txt", f"{BRANCHES}{join} a\n")).nodes
    two = checked(Source("net.txt", f"{BRANCHES}{join} a b\n")).nodes
    assert one[-1].inputs == (3, 1)
    assert two[-1].inputs == (1, 2)
    assert lines(f"{BRANCHES}{join} a\n") == []
    assert lines(f"{BRANCHES}{join} a b\n") == [4]


def test_the_warning_names_the_line_the_label_and_what_goes_past_it() -> None:
    (warning,) = unread(f"{BRANCHES}concat a b\n")
    assert warning.message == (
        "no line reads the result of `conv 4 1x1`, so it is one more output: line 5, `concat a b`, joins only what it "
        "names; with a label, `c:`, it can be named there or in an `output` line"
    )
    assert warning.help == (
        "write `c: conv 4 1x1`, and name `c` where it is to be read; if it is wanted as a result, label the last line "
        "`d:` and write `output c d`"
    )


def test_a_labelled_line_is_told_to_be_named() -> None:
    (warning,) = unread("input 8x8x3\na: conv 4 3x3\nb: conv 4 3x3\nc: conv 4 3x3 from a\n")
    assert warning.message.endswith(
        "`conv 4 3x3 from a`, works on something else; name `b` there or in an `output` line"
    )
    assert warning.help == "name `b` where it is to be read; if it is wanted as a result, write `output b c`"


def test_two_heads_are_wanted_once_output_names_them() -> None:
    heads = "input 8x8x3\ntrunk: conv 4 3x3\nx: conv 2 1x1\ny: conv 9 1x1 from trunk\n"
    assert lines(heads) == [3]
    assert lines(heads + "output x y\n") == []


def test_a_result_that_output_does_not_name_is_told_of_too() -> None:
    text = "input 8x8x3\ntrunk: conv 4 3x3\nx: conv 2 1x1\ny: conv 9 1x1 from trunk\nz: conv 1 1x1 from trunk\n"
    (warning,) = unread(text + "output x z\n")
    assert warning.span.line == 4
    assert "and `output` does not name it" in warning.message


def test_the_end_of_a_net_needs_no_reader_even_behind_a_named_output() -> None:
    assert lines("input 8x8x3\nfeatures: conv 4 3x3\nflatten\ndense 10\noutput features\n") == []


def test_an_input_that_nothing_works_on_is_told_of() -> None:
    assert lines("input 8x8x3\nside: input 9x9x2\nconv 4 3x3\n") == [1]
    assert lines("input 8x8x3\n") == []


def test_two_nets_in_one_file_have_an_end_each() -> None:
    assert lines("input 8x8x3\nconv 4 3x3\ninput 9x9x1\nconv 2 3x3\n") == []


def test_exercises_on_numbers_of_the_text_are_all_wanted() -> None:
    assert lines("data p = [1 2; 3 4]\nx: input from p\nconv filter=box3 same from x\npad 1 from x\n") == []


def test_inside_a_block_no_output_line_is_proposed() -> None:
    text = "block b\n  x: conv 3 3x3 same\n  conv 5 3x3\n  add x x\nend\ninput 8x8x3\nb times 3\n"
    (warning,) = unread(text)
    assert warning.span.line == 3
    assert "output a" not in warning.message + warning.help
    assert warning.help == "write `a: conv 5 3x3`, and name `a` where it is to be read"


@pytest.mark.parametrize("name", shipped_names())
def test_no_shipped_network_has_an_unread_result(name: str) -> None:
    assert [w.message for w in analyse(checked(find(name))).warnings if w.code == "unread-result"] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_example_has_an_unread_result(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    from cnncalc.net_files import read

    graph, faults = read(Source(path.name, text))
    if graph.nodes and not faults:
        assert [w.message for w in analyse(graph).warnings if w.code == "unread-result"] == []


def test_the_names_of_outputs_go_through_json_and_back() -> None:
    from cnncalc.net_files import written

    heads = "input 8x8x3\ntrunk: conv 4 3x3\nx: conv 2 1x1\ny: conv 9 1x1 from trunk\noutput x y\n"
    json = written(checked(Source("net.txt", heads)), "json")
    again = written(checked(Source("net.json", json)), "spec")
    assert "output x y" in again
    assert lines(again) == []


@pytest.mark.parametrize("word", ["add", "mul", "concat"])
def test_explain_says_what_one_label_joins_and_what_two_join(word: str) -> None:
    from cnncalc.report.canvas import Canvas
    from cnncalc.report.layer_pages import word_explained

    page = word_explained(word, Canvas(None))
    assert page is not None
    said = f"one joins the line before with that line: `{word} a`; two or more join exactly these: `{word} a b`"
    assert said in page
