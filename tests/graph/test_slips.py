"""What people who write their first nets are told, to the letter: one fault a slip, and a way out that fits it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.spec.parsing import parse


def _cases() -> dict[str, tuple[str, str]]:
    found = {}
    for case in (Path(__file__).parent / "slips.txt").read_text(encoding="utf-8").split("\n=== ")[1:]:
        claim, _, rest = case.partition("\n")
        text, _, output = rest.partition("\n--- output\n")
        found[claim] = text, output.strip("\n")
    return found


CASES = _cases()


@pytest.mark.parametrize("claim", CASES)
def test_a_slip_is_told_as_printed_in_slips_txt(claim: str) -> None:
    text, expected = CASES[claim]
    source = Source("model.txt", text)
    assert "\n\n".join(rendered(fault, source) for fault in load_graph(source)[1]) == expected


@pytest.mark.parametrize("claim", CASES)
def test_a_slip_is_one_fault(claim: str) -> None:
    faults = load_graph(Source("model.txt", CASES[claim][0]))[1]
    assert len({fault.span.line for fault in faults if fault.span}) == len(faults)


def test_what_comes_along_from_a_web_page_is_no_part_of_a_word() -> None:
    text = "input\u00a028x28x1\n\u200bconv 8\u200b 3x3\ufeff \u2013> 26x26x8\n"
    graph, faults = load_graph(Source("m", text))
    assert faults == ()
    assert [answer.given for answer in graph.rows[1].answers] == [(26, 26, 8)]


def test_stride_and_padding_have_the_letters_of_the_lectures() -> None:
    graph, faults = load_graph(Source("m", "input 28x28x1\nconv 8 3x3 s=2 p=1\nmaxpool 2x2 s 1\n"))
    assert faults == ()
    assert [node.output.text() for node in graph.nodes[1:]] == ["14x14x8", "13x13x8"]


@pytest.mark.parametrize("cross", ["×", "х", "Х", "✕", "⨯"])
def test_signs_that_look_like_an_x_are_read_as_one(cross: str) -> None:
    graph, faults = load_graph(Source("m", f"input 28{cross}28{cross}1\nconv 8 3 {cross} 3\n"))
    assert faults == ()
    assert graph.nodes[-1].output.text() == "26x26x8"


def test_an_activation_may_be_named_by_two_words() -> None:
    """`stride 2` is read, and so is `activation relu`."""
    source = Source("m", "input 28x28x1\nconv 8 kernel 3x3 activation ReLU\nconv 8 3x3 activation none\n")
    graph, faults = load_graph(source)
    assert faults == ()
    assert formatted(parse(source)[0]) == "input 28x28x1\nconv 8 3x3 relu\nconv 8 3x3\n"
    assert [node.layer.word for node in graph.nodes] == ["input", "conv", "relu", "conv"]


@pytest.mark.parametrize(
    ("line", "shapes"),
    [
        ("Dense(10)", ["3x16x16"]),
        ("crop 9", ["3x16x16"]),
        ("conv 4 3x3\nadd i", ["4x14x14", "3x16x16"]),
        ("spacetodepth 5", ["3x16x16"]),
    ],
)
def test_refusals_write_shapes_in_the_order_of_the_file(line: str, shapes: list[str]) -> None:
    (fault,) = load_graph(Source("m", f"order channels_first\ni: input 3x16x16\n{line}\n"))[1]
    told = f"{fault.message} {fault.label}"
    assert all(shape in told for shape in shapes)
    assert "16x16x3" not in told


def test_each_slip_of_a_line_is_helped_beside_the_others() -> None:
    faults = load_graph(Source("m", "input 28x28x1\nconv 8 3x3 pading=1 strid=2 activaton=relu rleu\n"))[1]
    helped = ["did you mean `padding`?", "did you mean `stride`?", "did you mean `activation`?", "did you mean `relu`?"]
    assert [fault.help for fault in faults] == helped
