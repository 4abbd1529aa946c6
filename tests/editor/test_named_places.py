"""Names in a text: where each is given and used, what may come next at a place, which other name it may get."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.editor.named_places import Named
from cnncalc.editor.outline_of_text import folds
from cnncalc.editor.proposed_words import proposed_words
from cnncalc.editor.renaming import renamed
from cnncalc.editor.state import State, state_of
from cnncalc.editor.typed_line import seen_from, typed_line
from cnncalc.sources import shipped

TEXT = """\
filter edge = [1 0 -1]
let scale = 2
block unit w body=relu
  x: identity
  conv $scale*$w 3x3 same
  repeat 2 i
    y: conv ${w} 3x3 same
    add x
    if $in(x) == $w
      conv $w 1x1 from y
    end
  end
  $body
end
block outer kind
  $kind 4
end
input 8x8x4
x: unit 4
outer unit
unit w=4 body=tanh
a: conv filter=edge from x
concat a x
split
branch
  conv 4 1x1 shared=s
branch
s: conv 4 1x1
join add
answer 1 "how many" a.params = 3
output a
"""


def state(text: str) -> State:
    return state_of(Source("net.txt", text))


def uses(named: tuple[Named, ...]) -> dict[tuple[str, str, int], list[tuple[int, int]]]:
    return {(one.kind, one.name, one.span.line): [(use.line, use.column) for use in one.uses] for one in named}


def test_every_name_is_found_with_its_uses() -> None:
    assert uses(state(TEXT).named) == {
        ("matrix", "edge", 1): [(22, 16)],
        ("constant", "scale", 2): [(5, 9)],
        ("block", "unit", 3): [(19, 4), (20, 7), (21, 1)],
        ("parameter", "w", 3): [(5, 16), (7, 15), (9, 19), (10, 13), (21, 6)],
        ("parameter", "body", 3): [(13, 4), (21, 10)],
        ("label", "x", 4): [(8, 9), (9, 12)],
        ("counter", "i", 6): [],
        ("label", "y", 7): [(10, 24)],
        ("block", "outer", 15): [(20, 1)],
        ("parameter", "kind", 15): [(16, 4)],
        ("label", "x", 19): [(22, 26), (23, 10)],
        ("label", "a", 22): [(23, 8), (30, 21), (31, 8)],
        ("label", "s", 28): [],
    }


def test_a_part_of_a_size_is_the_name_that_is_known() -> None:
    text = "block b k\n  conv 4 $kx$k\nend\ninput 8x8x1\nb 3\n"
    assert uses(state(text).named)["parameter", "k", 1] == [(2, 11), (2, 14)]


def test_comments_and_quotes_hold_no_names() -> None:
    text = 'let a = 1\nlet b = "bn $a"  # $a\ninput 8x8x1\nconv $a 3x3\n'
    assert uses(state(text).named)["constant", "a", 1] == [(4, 7)]


def test_two_parts_of_an_if_give_one_name() -> None:
    text = "let f = 1\ninput 8x8x4\nif $f == 1\n  a: conv 4 1x1\nelse\n  a: relu\nend\nadd a\n"
    assert uses(state(text).named)["label", "a", 4] == [(6, 3), (8, 5)]


@pytest.mark.parametrize("name", ["lenet5-1998", "resnet50", "unet", "mobilenet-v3", "yolov5s", "googlenet-aux"])
def test_every_name_of_the_shipped_networks_can_be_another(name: str) -> None:
    """The net stays the same, which is what `renamed` insists on."""
    found = state_of(shipped(name))
    for one in found.named[:3]:
        assert renamed(found, one.span.line, one.span.column, "other_name").spans == one.spans


@pytest.mark.parametrize(
    ("line", "column", "new", "said"),
    [
        (19, 1, "a", "`a` is the name of another label, in line 22"),
        (3, 7, "outer", "`outer` is the name of another block, in line 15"),
        (3, 7, "split", "`split` is a word of the language"),
        (3, 12, "body", "`body` is the name of another parameter, in line 3"),
        (3, 12, "scale", "`scale` is the name of another constant, in line 2"),
        (3, 12, "in", "`in` cannot be the name: letters, digits and _, a letter first; `in` has a meaning already"),
        (3, 12, "a-b", "`a-b` cannot be the name: letters, digits and _, a letter first; `in` has a meaning already"),
        (22, 1, "crop", "with the name `crop` this would be another network"),
        (23, 1, "z", "only labels, blocks, parameters, constants and matrices have names"),
    ],
)
def test_a_name_that_is_taken_is_refused(line: int, column: int, new: str, said: str) -> None:
    assert renamed(state(TEXT.replace("shared=s", "")), line, column, new).refused == said


def test_labels_of_a_block_and_of_the_file_are_two() -> None:
    found = state(TEXT.replace("shared=s", ""))
    assert [span.line for span in renamed(found, 4, 3, "z").spans] == [4, 8, 9]
    assert [span.line for span in renamed(found, 19, 1, "z").spans] == [19, 22, 23]


def test_a_line_that_cannot_be_read_and_holds_the_name_is_no_guess() -> None:
    found = state('a: input 8x8x1\nconv "3 from a\n')
    assert renamed(found, 1, 1, "b").refused == "line 2 cannot be read, and `a` is written there: correct it first"


def test_a_line_sees_what_is_above_it_in_its_room() -> None:
    found = state(TEXT)
    seen = {line: [one.name for one in seen_from(found.named, found.lines, line)] for line in (5, 8, 18, 23)}
    assert seen[5] == ["edge", "scale", "unit", "w", "body", "x", "outer"]
    assert seen[8] == ["edge", "scale", "unit", "w", "body", "x", "i", "y", "outer"]
    assert seen[18] == ["edge", "scale", "unit", "outer"]
    assert seen[23] == ["edge", "scale", "unit", "outer", "x", "a"]


@pytest.mark.parametrize(
    ("before", "words", "begun", "option"),
    [
        ("", (), "", ""),
        ("  co", (), "co", ""),
        ("a: conv ", ("conv",), "", ""),
        ("conv 3 3x3 padding=s", ("conv", "3", "3x3"), "s", "padding"),
        ("conv 3 3x3 padding =", ("conv", "3", "3x3", "padding"), "", ""),
        ("x: co", (), "co", ""),
    ],
)
def test_what_is_being_written(before: str, words: tuple[str, ...], begun: str, option: str) -> None:
    typed = typed_line(before)
    assert (typed.part, typed.words, typed.begun, typed.option) == ("words", words, begun, option)


@pytest.mark.parametrize("before", ['title "conv ', "relu # conv ", "# "])
def test_nothing_is_proposed_in_comments_and_quotes(before: str) -> None:
    assert proposed_words(state(TEXT), 18, before) == ()


@pytest.mark.parametrize(
    ("line", "before", "some", "none"),
    [
        (19, "", {"conv", "unit", "outer", "split", "let"}, {"same", "x"}),
        (23, "b: ", {"conv", "unit"}, {"split", "block"}),
        (23, "add ", {"x", "a", "crop"}, {"y", "s", "conv"}),
        (9, "add ", {"x", "y"}, {"a"}),
        (23, "relu from ", {"x", "a"}, {"y"}),
        (23, "input from ", {"edge", "x"}, set()),
        (23, "unit ", {"w=", "body=", "times"}, {"stride="}),
        (23, "conv 3 3x3 ", {"stride=", "same", "nobias", "relu", "bn", "shared=", "frozen"}, {"bias=", "maxpool"}),
        (23, "relu ", {"from"}, {"tanh"}),
        (23, "conv filter=", {"edge", "sharpen"}, {"x"}),
        (23, "conv 3 3x3 shared=", {"x", "a"}, {"edge"}),
        (23, "conv 3 3x3 padding=", {"same", "half"}, {"relu"}),
        (23, "upsample 2 mode=", {"bilinear"}, {"same"}),
        (29, "join ", {"add", "concat"}, {"relu"}),
        (29, "join add ", {"relu", "crop"}, {"stride="}),
        (30, "output ", {"x", "a"}, {"y"}),
        (5, "conv $", {"$scale", "$w", "$body", "$in"}, {"$i"}),
        (18, "count ", {"torch", "keras"}, {"x"}),
        (18, "include ", {"resnet50"}, {"conv"}),
        (18, "relu => ", {"params", "macs", "worth"}, {"conv"}),
    ],
)
def test_words_that_may_come_next(line: int, before: str, some: set[str], none: set[str]) -> None:
    found = {one.word for one in proposed_words(state(TEXT), line, before)}
    assert some <= found
    assert found & none == set()


def test_every_snippet_of_a_layer_is_a_line_that_can_be_read() -> None:
    """Its places filled in with what they show."""
    import re

    for one in proposed_words(state("input 8x8x4\n"), 2, ""):
        if one.kind == "layer" and one.word not in (
            "input",
            "reduce",
            "function",
            "reshape",
            "yolo",
            "region",
            "detection",
        ):
            line = re.sub(r"\$\{\d+:((?:[^}\\]|\\.)*)\}", r"\1", one.snippet)
            codes = {fault.code for fault in state(f"a: input 8x8x4\nb: identity\n{line}\n").faults}
            assert codes & {"unknown-word", "too-many-operands", "missing-operand", "wrong-operand"} == set(), line


def test_what_is_open_at_the_end_and_what_was_never_opened_fold_nothing() -> None:
    lines = ("block a", "  conv 3 3x3", "end", "end", "join", "repeat 3", "relu")
    assert [one[:2] for one in folds(lines)] == [(0, 2)]
    matrix = ("data p = [1 2", "  3 4]", "input from p")
    assert [one[:2] for one in folds(matrix)] == [(0, 1)]
