"""`if`, `let` and conditions: what is bound, what is only looked through, and what is refused."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.spec.parsing import parse


def bound(text: str) -> tuple[list[str], tuple[Diagnostic, ...]]:
    """The rows of a text as they are written out, and its faults."""
    graph, faults = load_graph(Source("model.txt", text))
    return [row.text for row in graph.rows], faults


def rows(text: str) -> list[str]:
    found, faults = bound(text)
    assert not faults, faults
    return found


def fault(text: str) -> Diagnostic:
    _, faults = bound(text)
    assert len(faults) == 1, faults
    return faults[0]


CHAIN = "block f a\n if $a == 1\n  relu\n else if $a == 2\n  tanh\n else if $a < 5\n  selu\n else\n  elu\n end\nend\n"


@pytest.mark.parametrize(("value", "row"), [("1", "relu"), ("2", "tanh"), ("4", "selu"), ("5", "elu")])
def test_the_first_part_that_holds_counts(value: str, row: str) -> None:
    assert rows(f"{CHAIN}input 8x8x3\nf {value}") == ["input 8x8x3", row]


def test_without_else_nothing_may_count() -> None:
    assert rows("input 8x8x3\nif $in == 4\nrelu\nend\ntanh") == ["input 8x8x3", "tanh"]


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("$a == 3 and $b == relu", True),
        ("$a == 3 and not $b == relu", False),
        ("$a != 3 or $b != tanh", True),
        ("not ($a > 3 or $b == tanh)", True),
        ("not not $a == 3", True),
        ("2*$a + 1 >= 7 and 2*$a+1<=7", True),
        ("($a + 1) * 2 == 8", True),
        ("$a % 2 == 1", True),
        ("0.1*$a == 0.3", True),  # 0.30000000000000004 in floats
        ("max($a, 8) == 8", True),
        ("$b == RELU", True),
        ("$k == 3x5", True),
        ("$in == 4 and $in(x) == 2", True),
        ("1 == 2 or 1 == 1 and 1 == 2", False),
    ],
)
def test_conditions_compare_numbers_and_words(condition: str, truth: bool) -> None:
    block = f"block f a b k\nx: slice 0:2\nconv 4 1x1\nif {condition}\nrelu\nelse\ntanh\nend\nend\n"
    assert rows(f"{block}input 8x8x3\nf 3 relu 3x5")[-1] == ("relu" if truth else "tanh")


def test_ifs_stand_in_repeats_and_branches_and_at_the_top() -> None:
    text = "input 8x8x4\nrepeat 3 i\nif $i % 2 == 0\nrelu\nelse\ntanh\nend\nend\n"
    text += "split\nbranch\nconv 8 1x1\nbranch\nif $in != 8\nconv 8 1x1 nobias\nend\njoin add\nif $in == 8\nelu\nend"
    assert rows(text)[1:] == ["relu", "tanh", "relu", "conv 8 1x1", "conv 8 1x1 nobias", "add", "elu"]


def test_a_label_and_a_let_inside_an_if_hold_below_it() -> None:
    text = "input 8x8x4\nif $in == 4\nlet n = 2\na: relu\nelse\nlet n = 3\na: tanh\nend\nelu times $n\nadd a"
    assert rows(text)[1:] == ["relu", "elu", "elu", "add a"]


def test_what_is_not_taken_counts_for_nothing_but_its_words_are_checked() -> None:
    _, faults = bound(
        "input 8x8x4\nif $in == 5\nconvv 3 3x3\nconv 3 3x3 strid=2\nconv 3 3x3 rellu\nconv $wide 3x3\n"
        "conv 3 99x99\nadd nowhere\nelse\nrelu\nend"
    )
    assert [(one.code, one.span and one.span.line) for one in faults] == [
        ("unknown-word", 3),
        ("unknown-option", 4),
        ("unknown-word", 5),
        ("unknown-parameter", 6),
        ("unknown-label", 8),
    ]


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("relu from nosuch", "unknown-label", 11),
        ("add nosuch", "unknown-label", 5),
        ("concat x nosuch relu", "unknown-label", 10),
        ("add $nosuch", "unknown-parameter", 5),
        ("conv 4 1x1 shared=nosuch", "unknown-label", 19),
        ("split\nbranch\nrelu from nosuch\nbranch\njoin add", "unknown-label", 11),
        ("repeat 2\nadd nosuch\nend", "unknown-label", 5),
    ],
)
def test_a_label_that_stands_nowhere_is_a_fault_in_a_part_that_is_not_taken(line: str, code: str, column: int) -> None:
    found = fault(f"x: input 8x8x4\nif $in == 5\n{line}\nend")
    assert (found.code, found.span and found.span.column) == (code, column)


def test_a_label_that_may_be_known_when_its_part_is_taken_is_no_fault() -> None:
    inside = "if $in == 5\nc: conv 8 1x1\nif $in(c) == 8\nadd c\nend\n"
    inside += "concat a b c $skip\nrelu from $skip\nelu from s\nend\n"
    block = f"block f skip\na: relu\nrepeat 2\nb: relu\nend\nsplit\nbranch\nbranch\ns: join add\n{inside}end\n"
    assert rows(f"{block}x: input 8x8x4\nf x\nif $in == 5\nadd late\nend\nlate: tanh")[-1] == "tanh"


def test_a_label_of_the_file_is_not_known_inside_a_block_that_is_not_passed_it() -> None:
    found = fault("block f\nif $in == 5\nadd x\nend\nend\nx: input 8x8x4\nf")
    assert (found.code, found.span and found.span.line) == ("unknown-label", 3)


def test_a_part_not_taken_is_not_refused_for_its_values() -> None:
    text = "block f g a\nif $g > 0\nconv 8 3x3 same groups=$g padding=$a activation=$a\nend\nend\ninput 8x8x4\nf 0 0"
    assert rows(text) == ["input 8x8x4"]


def test_a_fault_in_a_part_not_taken_is_reported_once_however_often_it_is_passed() -> None:
    text = "block f\nif $in == 5\nrellu\nend\nend\ninput 8x8x4\nf times 50"
    assert fault(text).message == "`rellu` is not a layer word"


def test_a_constant_is_read_below_and_inside_blocks() -> None:
    text = "block f\nlet wide = 2*$width\nconv $wide 1x1\nend\nlet width = 8\nlet act = bn relu\ninput 8x8x4\nf\nf"
    assert rows(text)[1:] == ["conv 16 1x1", "conv 16 1x1"]


def test_a_parameter_hides_a_constant_of_the_file() -> None:
    assert rows("let n = 3\nblock f n\nconv $n 1x1\nend\ninput 8x8x4\nf 5\nconv $n 1x1")[1:] == [
        "conv 5 1x1",
        "conv 3 1x1",
    ]


def test_sizes_are_made_of_arithmetic() -> None:
    text = "let s = 0.5\ninput 224*$s x 224*$s x 3\nconv max($in, 8) 3 x $in\nconv divisible(17, 8) (2+1)x1"
    assert rows(text) == ["input 112x112x3", "conv 8 3x3", "conv divisible(17, 8) (2+1)x1"]
    graph, _ = load_graph(Source("m", text))
    assert [str(node.output.text()) for node in graph.nodes] == ["112x112x3", "110x110x8", "108x110x16"]


@pytest.mark.parametrize(
    ("condition", "code", "column", "help"),
    [
        ("$in", "not-a-condition", 4, "write what it is compared with, such as `$in > 0`"),
        ("$in > 2 and relu", "not-a-condition", 16, "write what it is compared with, such as `$act == tanh`"),
        ("$in = 4", "not-a-condition", 8, "two values are compared by `==`"),
        ("$in => 4", "not-a-condition", 8, "write >= or <=, with the = after it"),
        ("1 < $in < 5", "not-a-condition", 12, "two values are compared at a time: write `a < b and b < c`"),
        ("$in == 4 && $in > 3", "not-a-condition", 4, "conditions are joined by the words `and` and `or`"),
        ("$in ==", "not-a-condition", 4, "write it like `$stride == 1 and $in > 64`"),
        ("$in == relu", "unlike-values", 4, "compare $in with a number"),
        ("in == 4", "unlike-values", 4, "`$` reads the value of a name: `$in`"),
        ("$a < 5", "unlike-values", 4, "compare $a with a word, such as `$a == relu`"),
        ("relu < tanh", "unlike-values", 4, "compare words by == or !="),
        ("$inn == 4", "unknown-parameter", 4, "did you mean `in`?"),
        ("$in(y) == 4", "unknown-label", 4, "`$in(y)` is the channels of the line `y:`; name that line above this one"),
        (
            "$in/3 == 1",
            "inexact-division",
            4,
            "choose numbers that divide exactly, or write `//`, which rounds down to 1",
        ),
    ],
)
def test_what_is_no_condition_is_refused_where_it_stands(condition: str, code: str, column: int, help: str) -> None:
    found = fault(f"let a = relu\ninput 8x8x4\nif {condition}\nrelu\nend")
    assert (found.code, found.span and found.span.column, found.help) == (code, column, help)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("else\n", "unexpected-else", 2),
        ("if 1 == 1\nelse\nelse\nend", "unexpected-else", 4),
        ("if 1 == 1\nelse\nelse if 1 == 2\nend", "unexpected-else", 4),
        ("if\nend", "missing-condition", 2),
        ("if 1 == 1\nelse if\nend", "missing-condition", 3),
        ("if 1 == 1\nrelu", "unclosed-if", 2),
        ("if 1 == 1\nrelu\nelif 1 == 2\nend", "unexpected-else", 4),
        ("if(1 == 1)\n", "unexpected-else", 2),
        ('if 1 == 1\ntitle "a"\nend', "not-inside", 3),
        ("let in = 3", "reserved-name", 2),
        ("let a-b = 3", "bad-name", 2),
        ("let a =", "missing-value", 2),
        ("let a 3", "missing-value", 2),
        ("let a = [1 2]", "unexpected-word", 2),
        ("let a = 3\nlet a = 4", "used-twice", 3),
        ("conv $late 1x1\nlet late = 4", "unknown-parameter", 2),
    ],
)
def test_misplaced_lines_are_refused_where_they_stand(text: str, code: str, line: int) -> None:
    found = fault(f"input 8x8x4\n{text}")
    assert (found.code, found.span and found.span.line) == (code, line)


def test_a_let_with_a_fault_is_not_reported_again_where_it_is_read() -> None:
    assert fault("let a = $b\ninput 8x8x4\nconv $a 1x1\nif $a == 1\nrelu\nend").span.line == 1  # type: ignore[union-attr]


def test_a_table_ends_before_an_if_whose_condition_has_a_fault() -> None:
    found, faults = bound("input 8x8x4\nrelu\nif $x == 1\ntanh\nend\nelu\nconv 3 1x1 rellu")
    assert found == ["input 8x8x4", "relu"]
    assert [one.code for one in faults] == ["unknown-parameter", "unknown-word"]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("$a==1", "$a == 1"),
        ("not($a==1)and $b!=relu", "not ($a == 1) and $b != relu"),
        ("2 * $a+1>=max( $b,8 )", "2*$a+1 >= max($b,8)"),
        ("$a == relu (3)", "$a == relu (3)"),
        ("$a = 3", "$a = 3"),
    ],
)
def test_fmt_writes_conditions_in_one_spelling_and_leaves_what_it_cannot_read(written: str, canonical: str) -> None:
    def fmt(text: str) -> str:
        return formatted(parse(Source("m", text))[0])

    once = fmt(f"input 8x8x3\nIF {written}   # why\nrelu\nelse if {written}\nend\n")
    assert once == f"input 8x8x3\nif {canonical}  # why\n  relu\nelse if {canonical}\nend\n"
    assert fmt(once) == once


def test_fmt_writes_constants_as_they_are_read() -> None:
    text = 'LET  a=  bn  relu\nlet b =4 *  8\nlet c= max( 3, $b )\nlet d="bn tanh"\nlet e = 3x5\n'
    once = formatted(parse(Source("m", text))[0])
    assert once == "let a = bn relu\nlet b = 4*8\nlet c = max(3,$b)\nlet d = bn tanh\nlet e = 3x5\n"
    assert formatted(parse(Source("m", once))[0]) == once
