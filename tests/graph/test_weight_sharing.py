"""`shared=LABEL`: which layers use whose weights, what fits and what does not, and how `fmt` writes it."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.graph.ir import Graph
from cnncalc.spec.parsing import parse

SIAMESE = """block tower n
  conv $n 3x3 bn relu
  maxpool 2
  conv 2*$n 3x3 relu
  gap
end
a: input 16x16x1
left: tower 32
b: input 16x16x1
right: tower 32 from b shared=left
absdiff left right
dense 1 sigmoid
"""


def load(text: str) -> tuple[Graph, tuple[Diagnostic, ...]]:
    return load_graph(Source("m", text))


def owners(text: str) -> dict[str, str]:
    """For each node that shares, whose weights it uses."""
    graph, faults = load(text)
    assert faults == ()
    return {node.name: graph.nodes[node.shares].name for node in graph.nodes if node.shares is not None}


def fault(text: str) -> tuple[str, str]:
    _, faults = load(text)
    return faults[0].code, faults[0].message


def test_both_branches_of_a_siamese_net_use_one_set_of_weights() -> None:
    assert owners(SIAMESE) == {
        "right.conv1": "left.conv1",
        "right.conv1.bn": "left.conv1.bn",
        "right.conv2": "left.conv2",
    }


def test_shared_weights_are_counted_once_and_their_work_each_time() -> None:
    """(3*3*1 + 1) * 32 + 2 * 32 + (3*3*32 + 1) * 64 + 65 parameters; 14*14*32*9 + 5*5*64*9*32 MACs, twice, and 64."""
    totals = analyse(load(SIAMESE)[0]).totals.figures
    assert (totals.params, totals.buffers) == (18945, 64)
    assert totals.cost.macs == 2 * (56448 + 460800) + 64


def test_the_line_that_shares_counts_none_and_knows_what_it_computes_with() -> None:
    shares = analyse(load("input 9x9x2\na: conv 4 3x3 same\nb: conv 2 1x1\nconv 4 3x3 shared=a\n")[0]).rows[-1]
    assert shares.figures.params == 0
    assert shares.figures.connections == 7 * 7 * 4 * (9 * 2 + 1)
    assert shares.nodes[0].counted_where_lent(None) == 4 * (9 * 2 + 1)
    assert shares.nodes[0].weights_name == "a"


def test_post_words_with_weights_share_too_and_those_without_may_differ() -> None:
    text = "input 8x8x4\nt: conv 4 3x3 same bn prelu\nconv 4 3x3 same bn prelu relu shared=t\n"
    assert owners(text) == {"conv1": "t", "conv1.bn": "t.bn", "conv1.prelu": "t.prelu"}


def test_a_line_chooses_its_own_stride_padding_and_dilation() -> None:
    uses = "conv 4 3x3 stride=2 half from x shared=t\nconv 4 3x3 dilation=2 same shared=t\n"
    text = f"x: input 16x16x4\nt: conv 4 3x3\n{uses}"
    assert owners(text) == {"conv1": "t", "conv2": "t"}


def test_sharing_with_a_line_that_shares_leads_to_the_owner() -> None:
    text = "input 8x8x4\na: conv 4 3x3 same\nb: conv 4 3x3 same shared=a\nconv 4 3x3 same shared=b\n"
    assert owners(text) == {"b": "a", "conv1": "a"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("input 8x8x4\na: conv 4 3x3 same\nconv 4 3x3 same shared=a times 2\n", {"conv1": "a", "conv2": "a"}),
        (
            "input 8x8x4\na: conv 4 3x3 same times 2\nconv 4 3x3 same shared=a times 2\n",
            {"conv2": "conv1", "conv3": "a"},
        ),
        (
            "block t\nconv 4 3x3 same\nend\ninput 8x8x4\na: t times 2\nt shared=a times 2\n",
            {"t3.conv1": "t1.conv1", "t4.conv1": "t2.conv1"},
        ),
        (
            "input 8x8x4\na: conv 4 3x3 same\nrepeat 2\nconv 4 3x3 same shared=a\nend\n",
            {"conv1": "a", "conv2": "a"},
        ),
    ],
)
def test_copies_share_one_by_one_or_all_with_a_single_line(text: str, found: dict[str, str]) -> None:
    assert owners(text) == found


def test_labels_are_scoped_as_everywhere() -> None:
    inside = "block cell\nx: conv 4 3x3 same\nconv 4 3x3 same shared=x\nend\ninput 8x8x4\ncell\ncell\n"
    assert owners(inside) == {"cell1.conv1": "cell1.x", "cell2.conv1": "cell2.x"}
    passed = "block cell h\nconv 4 3x3 same shared=$h\nend\ninput 8x8x4\na: conv 4 3x3 same\ncell a\n"
    assert owners(passed) == {"cell1.conv1": "a"}
    assert fault("block cell\nconv 4 3x3 shared=a\nend\ninput 8x8x4\na: conv 4 3x3 same\ncell\n")[0] == "unknown-label"


def test_what_shares_inside_a_block_shares_with_the_owner_in_the_other_call() -> None:
    text = "block cell\nx: conv 4 3x3 same\nconv 4 3x3 same shared=x\nend\ninput 8x8x4\na: cell\ncell shared=a\n"
    assert owners(text) == {"a.conv1": "a.x", "cell1.x": "a.x", "cell1.conv1": "a.x"}


def test_a_block_may_have_a_parameter_of_that_name() -> None:
    text = "block cell n shared\nconv $n $shared same\nend\ninput 8x8x4\ncell 4 shared=3x3\n"
    assert owners(text) == {}


def test_the_name_and_the_label_may_stand_as_two_words() -> None:
    assert owners("input 8x8x4\na: conv 4 3x3 same\nconv 4 3x3 same shared a\n") == {"conv1": "a"}


def test_stated_weights_are_those_of_the_owner() -> None:
    text = "input 2x2x1\na: conv 1 1x1 weights=[2] bias=[1]\nconv 1 1x1 shared=a\n"
    weights = analyse(load(text)[0]).nodes[2].weights
    assert [weight.initial for weight in weights] == [(2,), (1,)]
    assert (
        fault("input 2x2x1\na: conv 1 1x1 weights=[2]\nconv 1 1x1 weights=[3] shared=a\n")[0] == "shared-weights-differ"
    )


WRONG = [
    ("a: conv 8 3x3\nconv 8 3x3 shared=a", "shared-weights-differ", ("weight 8x8x3x3", "weight 8x3x3x3", "line 2")),
    ("a: conv 3 3x3\nconv 3 3x3 nobias shared=a", "shared-weights-differ", ("bias 3",)),
    ("a: conv 3 3x3 bn\nconv 3 3x3 shared=a", "shared-weights-differ", ("conv in this line, and conv and bn in `a`",)),
    ("a: conv 3 3x3 same times 3\nconv 3 3x3 shared=a", "shared-weights-differ", ("3 copies", "for 1")),
    ("a: t 3\nt 4 shared=a", "shared-weights-differ", ("`conv 4 3x3 same` (line 2)", "`conv 3 3x3 same` (line 2)")),
    ("a: t 3\nconv 3 3x3 shared=a", "shared-weights-differ", ("a call of the block `t`",)),
    ("a: conv 3 3x3 same\nt 3 shared=a", "shared-weights-differ", ("labels the line",)),
    ("a: conv 3 3x3\nrelu shared=a", "nothing-to-share", ("relu has no weights",)),
    ("a: relu\nconv 3 3x3 shared=a", "nothing-to-share", ("`a` labels relu",)),
    ("a: conv 3 3x3 shared=a", "shared-with-itself", ("`a` is this line itself",)),
    ("a: t 3 shared=a", "shared-with-itself", ("`a` is this line itself",)),
    ("left: conv 3 3x3\nconv 3 3x3 shared=lift", "unknown-label", ("no line above is labelled `lift`",)),
    ("conv 3 3x3 shared=b\nb: conv 3 3x3", "unknown-label", ("`b`",)),
    ("a: conv 3 3x3\nconv 3 3x3 shared=a shared=a", "given-twice", ("`shared`",)),
    ("a: conv 3 3x3\nconv 3 3x3 shared=[1]", "wrong-operand", ("not a matrix",)),
]


@pytest.mark.parametrize(("lines", "code", "parts"), WRONG, ids=[lines for lines, _, _ in WRONG])
def test_weights_that_cannot_be_shared_are_refused(lines: str, code: str, parts: tuple[str, ...]) -> None:
    first = "input 9x9x3" if "t " not in lines else "block t n\nconv $n 3x3 same\nend\ninput 9x9x3"
    found, message = fault(f"{first}\n{lines}\n")
    assert found == code
    assert all(part in message for part in parts), message


def test_a_call_that_does_not_fit_is_not_shown_as_if_it_did() -> None:
    graph, faults = load("block t n\nconv $n 3x3 same\nend\ninput 9x9x3\na: t 3\nt 4 shared=a\nconvv 5 3\n")
    assert [row.text for row in graph.rows] == ["input 9x9x3", "conv 3 3x3 same"]
    assert len(graph.groups) == 1
    assert [one.code for one in faults] == ["shared-weights-differ", "unknown-word"]


def test_fmt_keeps_whose_weights_are_used() -> None:
    document, _ = parse(Source("m", "Input 8x8x4\na: Conv2D 4 3x3 padding=same\nConv2D 4 3x3 Shared a padding=same\n"))
    text = formatted(document)
    assert text == "input 8x8x4\na: conv 4 3x3 same\nconv 4 3x3 same shared=a\n"
    assert formatted(parse(Source("m", text))[0]) == text
    assert owners(text) == {"conv1": "a"}
