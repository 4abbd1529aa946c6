"""The canonical spelling: one golden text, meaning kept, and formatting twice changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.graph.ir import Graph
from cnncalc.spec.parsing import parse

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("tests/models/*.txt"), *ROOT.glob("cnncalc/zoo/*.txt"), *ROOT.glob("examples/**/*.txt")])

MESSY = """

#  a homework
homework HW1: shapes
student "Ana Gomez" 12345
Title "say \\"hi\\""
FILTER blur = 1/9*[1, 1 ,1;1 1 1;1 1 1]   # from the slides
data d = [1 -2.50
   3 4]
block Two n k=3   # twice
conv $n ${k}×${k} relu
split
branch
Conv2D $n 3x$k strides 1
repeat 2 i
RELU
end
branch
out: join add activation=relu
end
input 32 x 32 x 3
conv1: Conv2D filters=8 kernel_size=(5,5) padding='same' activation=relu => (None, 32, 32, 8) params 608 worth 1 2
MaxPooling2D (2, 2) strides=(2,2)  =>16x16x8   # half
conv 1,000 1x1 use_bias=False batchnorm epsilon 1e-3 swish times 2=>params 8,000 each


Two 8 => ? params ~1.2K
fc: dense units=10 from Conv1
conv 6, 5x5
total => params 61,706 macs 138M
answer 2a "why" conv1.rf = 5 worth 1
"""

CANONICAL = """\
#  a homework
homework "HW1: shapes"
student "Ana Gomez" 12345
title "say \\"hi\\""
filter blur = 1/9 * [1 1 1; 1 1 1; 1 1 1]  # from the slides
data d = [1 -2.5
          3    4]
block Two n k=3  # twice
  conv $n ${k}x${k} relu
  split
  branch
    conv $n 3x$k stride=1
    repeat 2 i
      relu
    end
  branch
  out: join add relu
end
input 32x32x3
conv1: conv 8 5x5 same relu                        => 32x32x8  params 608  worth 1 2
maxpool 2x2 stride=2x2                             => 16x16x8  # half
conv 1000 1x1 nobias bn epsilon=1e-3 silu times 2  => params 8000 each


Two 8  => ?  params ~1.2K
fc: dense 10 from Conv1
conv 6, 5x5
total  => params 61706  macs 138M
answer 2a "why" conv1.rf = 5 worth 1
"""


def canonical(text: str) -> str:
    return formatted(parse(Source("model.txt", text))[0])


def meaning(graph: Graph) -> tuple[object, ...]:
    """All that a text says, without places and spellings."""

    def claims(answers: tuple[object, ...]) -> list[object]:
        return [(one.asked, one.given, one.approximate, one.scope) for one in answers]  # type: ignore[attr-defined]

    return (
        [(node.name, node.layer, node.inputs, node.output) for node in graph.nodes],
        [(row.first, row.last, row.label, row.copy, claims(row.answers), row.worth) for row in graph.rows],
        [(group.first, group.last, group.word, group.label, claims(group.answers)) for group in graph.groups],
        *(graph.outputs, graph.title, graph.order, graph.count, graph.labels, graph.homework, graph.student),
        *(claims(graph.totals), graph.totals_worth, [(one.number, one.text, one.label) for one in graph.questions]),
    )


def test_messy_text_becomes_the_canonical_one() -> None:
    assert canonical(MESSY).splitlines() == CANONICAL.splitlines()


def test_canonical_text_stays() -> None:
    assert canonical(CANONICAL) == CANONICAL


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_text_keeps_its_meaning_and_is_formatted_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = canonical(text)
    assert canonical(once) == once
    before, faults = load_graph(Source("a", text))
    after, more = load_graph(Source("b", once))
    assert (faults, more) == ((), ())
    assert meaning(after) == meaning(before)


@pytest.mark.parametrize(
    ("written", "canonical_line"),
    [
        ("conv 6 5x5 stride 2", "conv 6 5x5 stride=2"),
        ("conv 6 kernel_size=5", "conv 6 5"),
        ("conv kernel_size=5 filters=6", "conv 6 5"),
        ("conv kernel_size=5", "conv kernel_size=5"),
        ("conv filters=$n $k", "conv filters=$n $k"),
        ("conv out_channels=6 kernel=5 pad=1 bias=False", "conv 6 5 padding=1 nobias"),
        ("conv 6 5 activation=linear", "conv 6 5"),
        ("Conv2DTranspose 6 2x2 strides=2 padding=same", "upconv 6 2x2 stride=2 same"),
        ("conv filter=sharpen padding_mode=edge", "conv filter=sharpen edge"),
        ("AvgPool2d 3 ceil_mode=True count_include_pad=false", "avgpool 3 ceil nocountpad"),
        ("dropout p=0.5", "dropout 0.5"),
        ("upsample scale_factor=2 mode=bilinear", "upsample 2 bilinear"),
        ("conv 6 5 LeakyReLU negative_slope=0.2", "conv 6 5 leaky slope=0.2"),
        ("input 1000 channels=8", "input 1000 channels 8"),
        ("input 28 x 28 GRAY", "input 28x28 gray"),
        ("Concatenate a b", "concat a b"),
        ("convv 6 5x5 strid=2", "convv 6 5x5 strid=2"),
        ("conv 2 1 weights=1/2*[1, 2] bias=[0 1]", "conv 2 1 weights=1/2 * [1 2] bias=[0 1]"),
        ("relu=>7,600 params=7_600 flops 1.20e6 worth 1 0.5", "relu  => 7600  params 7600  flops 1.20e6  worth 1 0.5"),
        ("relu => values [[1, .5], [1/3, 4]]", "relu  => values [1 0.5; 1/3 4]"),
        ("conv 6 5x5 => parms 3", "conv 6 5x5 => parms 3"),
        ("##  heading", "##  heading"),
        ("#", "#"),
        ("#no space", "# no space"),
        ("conv filters=8 kernel_size=3 activation=$act", "conv 8 3 $act"),
        ("dense 10 activation=${act} bn", "dense 10 ${act} bn"),
        ("conv activation=$act 8 3", "conv activation=$act 8 3"),  # 8 may be a number of what $act stands for
    ],
)
def test_line_in_canonical_spelling(written: str, canonical_line: str) -> None:
    assert canonical(f"{written}\n") == f"{canonical_line}\n"
    assert canonical(f"{canonical_line}\n") == f"{canonical_line}\n"


def test_answers_line_up_within_a_run_and_long_lines_do_not_push() -> None:
    long = "conv 64 3x3 stride=2 padding=0,1,0,1 dilation=1 groups=32 nobias bn relu"
    text = f"relu => 8x8x1 params 0\nconv 16 3x3 => 10x10x16 params 160\n{long} => 1x1x64\n\nrelu => 8x8x1\n"
    assert canonical(text).splitlines() == [
        "relu         => 8x8x1     params 0",
        "conv 16 3x3  => 10x10x16  params 160",
        f"{long}  => 1x1x64",
        "",
        "relu  => 8x8x1",
    ]


def test_matrix_with_comments_among_its_rows_is_left_alone() -> None:
    text = "data d = [1   2  # first\n  3   4]\n"
    assert canonical(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "input 9x9x1\nsplit\nbranch\nx: branch\nrelu\n0.1: branch\njoin add\n",
        "input 9x9x1\nif $i%2 == 0\nelse) conv 8 3x3\nend\n",
        "input 9x9x1\ny: let a = 3\nz: repeat 2\nrelu\nend\n",
        "block a\nend\nblock a!\n  x: relu\nelse if $a % 2 == 1\nend\n",
    ],
)
def test_nothing_of_a_line_with_a_fault_is_lost_and_formatting_twice_changes_nothing(text: str) -> None:
    once = canonical(text)
    assert "".join(once.split()) == "".join(text.split())
    assert canonical(once) == once


@pytest.mark.parametrize(
    "line", ["input 224*$w size=d x 224*$v x 3", "avgpool 2x2=1 size=times", "conv filters=from 3"]
)
def test_what_stands_in_another_order_is_not_read_otherwise(line: str) -> None:
    once = canonical(f"{line}\n")
    assert canonical(once) == once


def test_a_times_sign_between_spaces_in_brackets_is_an_x_at_once() -> None:
    once = canonical("input 9x9x1\nconv 8 (3 × 3)\ninput x = x.view(-1, 16 * 5 × 5)\n")
    assert once == "input 9x9x1\nconv 8 (3x3)\ninput x=x.view(-1,16*5x5)\n"
    assert canonical(once) == once


def test_a_comment_may_begin_right_behind_a_matrix_or_a_quoted_text() -> None:
    text = 'title "a # b"#c\ndata d = [1 2; 3 4]#e\ninput from d\n'
    assert canonical(text) == 'title "a # b"  # c\ndata d = [1 2; 3 4]  # e\ninput from d\n'
