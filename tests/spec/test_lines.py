"""What a line means once it is cut into words: spellings, matrices, labels, blocks, comments."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.matrices import matrix
from cnncalc.spec.document import (
    BlockDefinition,
    Call,
    Definition,
    Directive,
    Document,
    MatrixLiteral,
    Option,
    Repeat,
    Split,
    Token,
)
from cnncalc.spec.parsing import parse

MODELS = sorted((Path(__file__).parents[1] / "models").glob("*.txt"))


def read(text: str) -> Document:
    document, faults = parse(Source("m", text))
    assert not faults, faults
    return document


def call(text: str) -> Call:
    found = read(text).statements[0]
    assert isinstance(found, Call)
    return found


def words(text: str) -> list[str]:
    """The arguments as text, options with `=`."""
    found = []
    for argument in call(text).arguments:
        if isinstance(argument, Option):
            assert isinstance(argument.value, Token)
            found.append(f"{argument.name.text}={argument.value.text}")
        else:
            assert isinstance(argument, Token)
            found.append(argument.text)
    return found


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_example_of_the_language_is_read_without_a_fault(path: Path) -> None:
    assert read(path.read_text(encoding="utf-8")).statements


def test_there_are_five_examples() -> None:
    assert [path.stem for path in MODELS] == ["filters", "lenet5", "resnet50", "signal", "unet"]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("conv 6 5×5", ["6", "5x5"]),
        ("conv 6 (5,5)", ["6", "5x5"]),
        ("conv 6 ( 5 , 5 )", ["6", "5x5"]),
        ("conv 6 (5)", ["6", "5"]),
        ("conv 6 5X5", ["6", "5x5"]),
        ("input 28 x 28 x 1", ["28x28x1"]),
        ("input 28 × 28 gray", ["28x28", "gray"]),
        ("dense 1,000", ["1000"]),
        ("dense 1_000", ["1000"]),
        ("input 1,000x1_000x3", ["1000x1000x3"]),
        ("pad 0,1,0,1", ["0,1,0,1"]),
        ("pad ((0,1),(2,3))", ["0,1,2,3"]),
        ("conv 6 3 stride=2 dilation = 3", ["6", "3", "stride=2", "dilation=3"]),
        ("conv 4*$width $kx$k", ["4*$width", "$kx$k"]),
        ("conv 4 * $width 3x$k", ["4*$width", "3x$k"]),
        ("conv $in/2 ${k}×${k}", ["$in/2", "${k}x${k}"]),
        ("conv 2*($in + 1) ($k, $k)", ["2*($in+1)", "${k}x${k}"]),
        ("slice 0:16", ["0:16"]),
        ("add d4 crop", ["d4", "crop"]),
        ("my_block x 1x1", ["x", "1x1"]),
    ],
)
def test_one_spelling_for_what_is_spelled_in_several(written: str, canonical: list[str]) -> None:
    assert words(written) == canonical


def test_joined_words_are_underlined_as_a_whole() -> None:
    (size,) = call("input 28 x 28 x 1").arguments
    assert (size.span.column, size.span.length) == (7, 11)


def test_from_and_times_are_no_arguments() -> None:
    found = call("c: conv $n 3x3 relu from $h times $k-1 => 8x8x2 params 3")
    assert found.label is not None
    assert found.label.text == "c"
    assert [token.text for token in found.sources] == ["$h"]
    assert found.times is not None
    assert found.times.text == "$k-1"
    assert [one.text for one in found.arguments if isinstance(one, Token)] == ["$n", "3x3", "relu"]
    assert found.text == "conv $n 3x3 relu from $h times $k-1"


def test_text_of_a_line_has_single_spaces_and_no_comment() -> None:
    assert call("  a:   conv  6   5x5 stride = 2   # why").text == "conv 6 5x5 stride=2"


def test_label_may_touch_its_word() -> None:
    found = call("c1:conv 6 5x5")
    assert found.label is not None
    assert (found.label.text, found.word.text) == ("c1", "conv")
    assert (found.word.span.column, found.word.span.length) == (4, 4)


def test_arrow_needs_no_spaces() -> None:
    assert call("relu=>8x8x2").answers[0].given == (8, 8, 2)


def test_comment_starts_at_a_line_or_after_a_space_only() -> None:
    document = read('# first\ntitle "C# for # beginners"  # second\nrelu a#b\n   #   third')
    assert document.comments == {1: "first", 2: "second", 4: "  third"}
    title, line = document.statements
    assert isinstance(title, Directive)
    assert isinstance(title.arguments[0], Token)
    assert title.arguments[0].text == "C# for # beginners"
    assert isinstance(line, Call)
    assert line.text == "relu a#b"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('title "a \\"b\\" \\\\ c"', 'a "b" \\ c'),
        ("title “LeNet”", "LeNet"),
        ("title 'LeNet 5'", "LeNet 5"),
        ("title LeNet  number 5", "LeNet number 5"),
    ],
)
def test_title_quoted_or_bare(written: str, text: str) -> None:
    (title,) = read(written).statements
    assert isinstance(title, Directive)
    assert isinstance(title.arguments[0], Token)
    assert (title.arguments[0].text, title.arguments[0].quoted) == (text, True)


@pytest.mark.parametrize(
    "written",
    [
        "[1 2; 3 4]",
        "[1, 2; 3, 4]",
        "[1 2\n 3 4]",
        "[\n1 2\n\n3 4\n]",
        "[[1, 2], [3, 4]]",
        "[[1 2]\n [3 4]]",
        "[1 2 # a\n3 4]",
    ],
)
def test_matrix_in_every_spelling(written: str) -> None:
    (line,) = read(f"filter f = {written}").statements
    assert isinstance(line, Definition)
    assert line.value.matrix == matrix([[1, 2], [3, 4]])


@pytest.mark.parametrize("written", ["[1 2] [3 4]", "[[[1 2]] [[3 4]]]", "[[[1, 2]], [[3, 4]]]"])
def test_matrices_in_a_row_are_channels(written: str) -> None:
    (line,) = read(f"data d = {written}").statements
    assert isinstance(line, Definition)
    assert line.value.matrix == matrix([[1, 2]], [[3, 4]])


@pytest.mark.parametrize("written", ["1/9 * [9 18]", "1/9*[9 18]", "1/9* [9 18]"])
def test_scale_multiplies_every_number(written: str) -> None:
    (line,) = read(f"filter f = {written}").statements
    assert isinstance(line, Definition)
    assert line.value.matrix == matrix([[1, 2]])


def test_numbers_of_a_matrix_are_exact() -> None:
    (line,) = read("filter f = [.06 -1/3 1e-2]").statements
    assert isinstance(line, Definition)
    assert list(line.value.matrix.values()) == [Fraction(3, 50), Fraction(-1, 3), Fraction(1, 100)]


def test_matrix_as_the_value_of_an_option() -> None:
    weights, bias = call("conv 2 1 weights=[1 2; 3 4] bias = [0 1]").arguments[2:]
    assert isinstance(weights, Option)
    assert isinstance(weights.value, MatrixLiteral)
    assert isinstance(bias, Option)
    assert isinstance(bias.value, MatrixLiteral)
    assert (bias.name.text, bias.value.matrix) == ("bias", matrix([[0, 1]]))


def test_lines_after_a_long_matrix_keep_their_numbers() -> None:
    relu = read("data d = [1 2\n3 4\n5 6] # all\n\nrelu").statements[1]
    assert relu.span.line == 5


def test_blocks_repeats_and_branches_nest() -> None:
    block, repeat = read(
        "block a w k=3\n split\n branch\n  conv $w $k\n branch\n out: join add relu\nEND\nRepeat 2 i\n a 8\nend"
    ).statements
    assert isinstance(block, BlockDefinition)
    assert isinstance(repeat, Repeat)
    assert [one.name.text for one in block.parameters] == ["w", "k"]
    assert [one.default.text if isinstance(one.default, Token) else None for one in block.parameters] == [None, "3"]
    (split,) = block.body
    assert isinstance(split, Split)
    assert [len(branch) for branch in split.branches] == [1, 0]
    assert (split.join.word.text, split.join.text) == ("add", "add relu")
    assert split.join.label is not None
    assert split.join.label.text == "out"
    assert (repeat.times.text, repeat.variable and repeat.variable.text, len(repeat.body)) == ("2", "i", 1)


def test_windows_line_ends_and_tabs_are_spaces() -> None:
    assert words("conv\t6 5x5\r\nrelu\r\n") == ["6", "5x5"]
