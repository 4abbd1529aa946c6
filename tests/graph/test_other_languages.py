"""What people bring along from other languages: one fault where it stands, and help that is what they meant."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.graph import load_graph

ABOVE = "let w = 8\ninput 8x8x3\n"


def faults_of(text: str) -> tuple[Diagnostic, ...]:
    return load_graph(Source("m", text))[1]


def params(text: str) -> int:
    graph, faults = load_graph(Source("m", text))
    assert not faults
    return analyse(graph).totals.figures.params


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("let v 8", "write `let v = 8`"),
        ("let v relu bn", "write `let v = relu bn`"),
        ("let v: 3", "write `let v = 3`"),
        (
            "v = 8",
            "an option follows its layer: `conv 6 5x5 stride=2`; a layer has no `=`: `v 8`; a constant is `let v = 8`",
        ),
        ("block b(n, k=3)", "write `block b n k=3`"),
        ("for 3", "lines that are repeated are written between `repeat 3` and `end`"),
        ("for epoch in range", "lines that are repeated are written between `repeat N` and `end`"),
        ("conv w 3x3", "`$` reads the value of a name: `$w`"),
        ("conv {w} 3x3", "`$` reads the value of a name: `$w`"),
        ("nn.Sequential(", "close it on the same line; of a list of layers keep the layers alone, one a line"),
        (
            "add one.skip",
            (
                "a label inside a block, or inside copies that `times` makes, is known there alone: "
                "outside, name the line that makes them"
            ),
        ),
        ("add 1 2", "label the line you mean, `a:` in front of it, and name it here: a label begins with a letter"),
    ],
)
def test_help_is_what_was_meant(line: str, advice: str) -> None:
    assert advice in [fault.help for fault in faults_of(f"{ABOVE}{line}\n")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("if $w == 9\nrelu\nelif $w == 8\ntanh\nelse\ngelu\nend\n", ["unexpected-else"]),
        ("if $w == 9\nrelu\nelse:\ngelu\nend\nrelu\n", ["missing-word"]),
        ("if $w == 9\nrelu\nelse: gelu\nend\nrelu\n", ["missing-word"]),
        ("if $w == 9\nrelu\nendif\n", ["unexpected-else"]),
        ("if $w == 9\nrelu\nend:\n", ["missing-word"]),
        ("if true or false\nrelu\nend\n", ["not-a-condition"]),
    ],
)
def test_a_condition_in_another_spelling_is_one_fault(text: str, codes: list[str]) -> None:
    assert [fault.code for fault in faults_of(ABOVE + text)] == codes


def test_a_block_with_parameters_in_brackets_is_one_fault_and_may_be_called() -> None:
    assert [fault.code for fault in faults_of("block b(n, k=3)\nconv $n $k\nend\ninput 8x8x3\nb 8\n")] == ["bad-name"]


def test_a_word_in_front_of_or_is_quoted_alone() -> None:
    (fault,) = faults_of(f"{ABOVE}if true or false\nrelu\nend\n")
    assert fault.message == "`true` is a word, and a condition compares two values"


def test_a_flat_input_below_a_convolution_is_told_its_axes() -> None:
    (fault,) = faults_of("input 32\nconv 8 3\n")
    assert (
        fault.help
        == "give the input its axes: `input 32 channels 1` is a signal of 32 numbers, `input 32x32x1` a picture"
    )
    assert params("input 32 channels 1\nconv 8 3\n") == 8 * (3 + 1)
    assert params("input 32x32x1\nconv 8 3\n") == 8 * (9 + 1)


def test_a_division_with_a_rest_is_exact_on_the_way() -> None:
    """32 x 6/5 is 38.4, of which `divisible` makes 40, as width 1.2 of EfficientNet-B3 does of its first 32 filters."""
    assert params("let w = 6/5\ninput 8x8x16\nconv divisible(32*$w, 8) 1x1\n") == 40 * (16 + 1)
    assert params("let w = 6/5\nlet c = 10*$w\ninput 8x8x16\nconv $c 1x1\n") == 12 * (16 + 1)
    assert params("input 8x8x16\nconv 7/2*2 1x1\n") == 7 * (16 + 1)
    assert params("let w = 6/5\ninput 8x8x16\nif $w > 1 and $w < 1.3\nconv 1 1x1\nend\n") == 16 + 1


def test_a_division_whose_rest_stays_is_refused() -> None:
    assert [fault.code for fault in faults_of("input 8x8x16\nconv 7/2 1x1\n")] == ["inexact-division"]
    assert [fault.code for fault in faults_of("let w = 6/5\ninput 8x8x16\nconv 32*$w 1x1\n")] == ["inexact-division"]


@pytest.mark.parametrize(
    ("size", "meant"),
    [("300,300", "300x300x3"), ("(3,300,300)", "300x300x3"), ("1x3x300x300", "300x300x3"), ("300 x 200", "300x200x3")],
)
def test_a_size_in_another_spelling_is_written_out(size: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        load_graph(Source("m", "input 224x224x3\nconv 8 3x3\n"), size)
    assert caught.value.diagnostics[0].help == f"write --input {meant}"
    assert load_graph(Source("m", "input 224x224x3\nconv 8 3x3\n"), meant)[1] == ()


def test_a_comma_in_a_setting_is_told_to_be_a_point() -> None:
    text = "let width = 1.0\ninput 8x8x3\nconv divisible(32*$width, 8) 1x1\n"
    with pytest.raises(InputError) as caught:
        load_graph(Source("m", text), settings={"width": "1,2"})
    assert caught.value.diagnostics[0].help == "write the decimals after a point: --set width=1.2"


def test_k_is_the_kernel_as_s_is_the_stride() -> None:
    assert params("input 8x8x3\nconv 8 k=3 s=2 p=1\n") == 8 * (27 + 1)


def test_a_label_in_small_letters_is_told_its_own_spelling() -> None:
    (fault,) = faults_of("input 8x8x3\nC3: conv 3 1x1\nadd c3\n")
    assert fault.help == "did you mean `C3`?"
