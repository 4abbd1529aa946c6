"""Answers judged: right ones in every spelling, published wrong ones, and what must stay open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import Finding, own_claims


def judged(text: str, batch: int = 1) -> tuple[Finding, ...]:
    source = Source("hw.txt", text)
    graph, faults = load_graph(source)
    assert not faults, "\n".join(rendered(fault, source) for fault in faults)
    key = analyse(graph, batch)
    return findings(key, own_claims(key), explain=False)


def judged_key(key: Analysis) -> tuple[Finding, ...]:
    """The answers of a key that stops at a fault."""
    return findings(key, own_claims(key), complete=False, explain=False)


def one(text: str) -> Finding:
    (answer,) = judged(text)
    return answer


def marks(text: str) -> list[bool | None]:
    return [answer.verdict.ok for answer in judged(text)]


CONV = "input 32x32x3\nconv 8 5x5 relu => "

SHAPES = [
    ("28x28x8", True, "", ()),
    ("28 x 28 x 8", True, "", ()),
    ("(None, 28, 28, 8)", True, "the batch is not part of the shape", ()),
    ("8x28x28", True, "channels first; this file writes channels last", ()),
    ("[-1, 8, 28, 28]", True,
     "channels first; this file writes channels last; the batch is not part of the shape", ()),
    ("27x28x8", False, "", ("height",)),
    ("28x27x8", False, "", ("width",)),
    ("28x28x3", False, "", ("channels",)),
    ("8x28x27", False, "", ("width",)),
    ("32x32x3", False, "", ("height", "width", "channels")),
    ("28x28", False, "", ("channels",)),
    ("27x28", False, "", ("number of sizes",)),
    ("6272", False, "this is the number of values, which `size` asks for; a shape has one number for each axis",
     ("number of sizes",)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "ok", "remark", "wrong"), SHAPES, ids=[row[0] for row in SHAPES])
def test_shapes_are_judged_size_by_size(given, ok, remark, wrong):
    answer = one(CONV + given)
    assert (answer.verdict.ok, answer.verdict.remark, answer.verdict.wrong) == (ok, remark, wrong)


def test_the_order_of_the_file_is_the_order_of_its_answers():
    text = "order channels_first\ninput 3x32x32\nconv 8 5x5 => "
    assert one(text + "8x28x28").verdict.remark == ""
    assert one(text + "28x28x8").verdict.remark == "channels last; this file writes channels first"


@pytest.mark.parametrize(
    ("line", "given", "remark"),
    [
        ("gap", "16", ""),
        ("gap", "1x1x16", "a flat vector, without axes of size 1"),
        ("maxpool 8x8", "16", "still with its axes of size 1"),
        ("maxpool 8x8", "16x1x1", "channels first; this file writes channels last"),
    ],
)
def test_a_flat_vector_may_be_written_with_ones(line, given, remark):
    answer = one(f"input 8x8x16\n{line} => {given}\n")
    assert (answer.verdict.ok, answer.verdict.remark) == (True, remark)


def test_a_wrong_length_is_called_so():
    assert one("input 5x5x16\nflatten => 80\n").verdict.wrong == ("length",)


@pytest.mark.parametrize(
    ("net", "wrong", "right"),
    [
        ("input 300x300 rgb\nconv 100 5x5", "params 2600", "params 7600"),  # hw059, input depth forgotten
        ("input 14x14x8\nconv 16 5x5", "params 416", "params 3216"),  # hw073, input depth forgotten
        ("input 120\ndense 84", "params 10081", "params 10,164"),  # hw075, one bias for the layer
        ("input 32x32 gray\nconv 3 5x5", "32x32x5", "28x28x3"),  # hw135
        ("input 28x28x1\nconv 10 3x3", "size 67600", "size 6760"),  # hw147
        ("input 7x9x1\nconv 1 3x3 same", "5x7x1", "7x9x1"),  # hw145, the valid size
        ("input 28x28x192\nconv 32 5x5 same", "macs 240844800", "macs 120422400"),  # counted as FLOPs
        ("input 32x32x1\nconv 6 5x5 tanh", "connections 4704", "connections 122304"),  # hw129
        ("input 32x32x3\nconv 10 5x5", "weights 760", "weights 750"),  # without the biases
    ],
)
def test_published_wrong_answers_are_wrong_and_their_corrections_right(net, wrong, right):
    assert marks(f"{net} => {wrong}\n") == [False]
    assert marks(f"{net} => {right}\n") == [True]


def test_flops_are_twice_the_macs_and_the_rest():
    """2 * 86,400 MACs, 4,608 bias adds and as many compares of the ReLU."""
    text = "input 10x10x3\nconv 8 3x3 relu => macs 13824 flops 28672\n"
    assert marks(text) == [True, True]


def test_roughly_means_within_one_percent():
    text = "input 224x224x3\nconv 64 3x3 => params 1792 macs {}\n"
    assert marks(text.format("~85M")) == [True, True]  # 85,162,752
    assert marks(text.format("85M")) == [True, False]
    assert marks(text.format("~86.1M")) == [True, False]
    assert judged(text.format("~85M"))[1].given == "~85M"


BN = "input 64x64x3\nconv 32 3x3 same bn => "


@pytest.mark.parametrize(
    ("head", "given", "ok", "remark"),
    [
        ("", "960", True, "the learned parameters, as PyTorch counts them"),
        ("", "1024", True, "Keras' total, with the parameters that are not trained"),
        ("", "992", False, ""),
        ("count torch\n", "960", True, ""),
        ("count torch\n", "1024", False, ""),
        ("count keras\n", "1024", True, ""),
        ("count keras\n", "960", False, ""),
    ],
)
def test_either_count_of_parameters_is_right_unless_the_file_pins_one(head, given, ok, remark):
    """hw149: 864 + 32 + 64 are trained, 64 more are not."""
    answer = one(f"{head}{BN}params {given}")
    assert (answer.verdict.ok, answer.verdict.remark) == (ok, remark)


def test_buffers_are_asked_by_name():
    assert marks(f"{BN}buffers 64") == [True]


def test_a_repeated_line_must_say_each_or_all():
    text = "input 8x8x4\nconv 4 3x3 same times 3 => 8x8x4 params {}\n"
    assert marks(text.format("148 each")) == [True, True]
    assert marks(text.format("444 all")) == [True, True]
    assert marks(text.format("444 each")) == [True, False]
    shape, params = judged(text.format("444"))
    assert (shape.verdict.ok, params.verdict.ok) == (True, None)
    assert params.verdict.remark == "this line is 3 layers: write `params N each` or `params N all`"


def test_copies_that_differ_have_no_each():
    text = "input 8x8x2\nconv 4 3x3 same times 3 => params {}\n"
    assert marks(text.format("372 all")) == [True]
    assert one(text.format("148 each")).verdict.remark == "the 3 copies of this line differ: answer for `all` of them"
    assert marks("input 8x8x2\nmaxpool 2x2 times 2 => 2x2x2 params 0\n") == [True, True]


def test_a_repeated_block_too():
    text = "block two\n conv 4 3x3 same\n conv 4 3x3 same\nend\ninput 8x8x4\ntwo times 3 => 8x8x4 params {}\n"
    assert marks(text.format("296 each")) == [True, True]
    assert marks(text.format("888 all")) == [True, True]
    assert [answer.place.kind for answer in judged(text.format("888"))] == ["group", "group"]
    assert marks(text.format("888")) == [True, None]


def test_receptive_fields_may_be_given_by_one_side():
    text = "input 64x64x1\nconv 1 3x3\nconv 1 3x3\nconv 1 3x3 => rf {}\n"
    assert [marks(text.format(given)) for given in ("7", "7x7", "9", "7x9")] == [[True], [True], [False], [False]]
    oblong = "input 64x64x1\nconv 1 3x5 => rf {}\n"
    assert [marks(oblong.format(given)) for given in ("3x5", "5", "3")] == [[True], [False], [False]]
    assert one(oblong.format("3x3")).verdict.wrong == ("width",)


def test_a_dense_layer_sees_the_whole_picture_whatever_its_pads():
    text = "input 32x32x1\nconv 2 3x3 same\nflatten\ndense 4 => rf {}\n"
    assert one(text.format(34)).verdict.remark == ""
    assert one(text.format(32)).verdict.remark == "the whole picture; with its pads the field is larger"
    assert marks(text.format(3)) == [False]


VALUES = "data x = [-2 0 -3]\nfilter third = 1/3 * [1 1 1]\ninput from x\nconv filter=third full flip => values {}\n"


@pytest.mark.parametrize(
    ("given", "ok", "remark", "wrong"),
    [
        ("[-2/3 -2/3 -5/3 -1 -1]", True, "", ()),
        ("[-0.667 -0.667 -1.667 -1 -1]", True, "rounded", ()),  # as deck 004 prints it
        ("[-0.67 -0.67 -1.67 -1.0 -1.0]", True, "rounded", ()),
        ("[-0.66 -0.667 -1.667 -1 -1]", False, "", ("row 1, column 1",)),
        ("[-1 -1 -2 -1 -1]", False, "", ("row 1, column 1", "row 1, column 2", "row 1, column 3")),
        ("[-2/3 -2/3 -5/3 -1]", False, "", ("number of rows, columns or channels",)),
    ],
)
def test_values_are_exact_or_rightly_rounded(given, ok, remark, wrong):
    answer = one(VALUES.format(given))
    assert (answer.verdict.ok, answer.verdict.remark, answer.verdict.wrong) == (ok, remark, wrong)


def test_the_slip_of_deck_001_is_found_in_its_cell():
    text = (
        "data picture = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]\ninput from picture\n"
        "conv filter=sharpen padding=1 => values "
        "[-1 3 3 -1 0; -2 3 3 -2 -1; 5 -3 -3 4 3; -3 3 3 -4 3; {} 2 2 3 3]\n"
    )
    assert marks(text.format(4)) == [True]
    slip = one(text.format(5))
    assert (slip.verdict.ok, slip.verdict.wrong) == (False, ("row 5, column 1",))
    assert slip.given == "[-1 3 3 -1 0; -2 3 3 -2 -1; 5 -3 -3 4 3; -3 3 3 -4 3; 5 2 2 3 3]"


def test_values_of_several_channels_and_of_flat_vectors():
    text = "data x = [1 2] [3 4]\ninput from x\nrelu => values {}\nflatten => values {}\n"
    assert marks(text.format("[1 2] [3 4]", "[1 3 2 4]")) == [True, True]
    assert marks(text.format("[1 2; 3 4]", "[1; 3; 2; 4]")) == [True, True]
    wrong = judged(text.format("[1 2] [3 5]", "[1 2 3 4]"))
    assert [answer.verdict.wrong for answer in wrong] == [("channel 2, row 1, column 2",), ("number 2", "number 3")]


def test_irrational_values_are_judged_by_the_decimals_written():
    text = "data x = [0 2]\ninput from x\nsigmoid => values [0.5 {}]\n"
    for given, ok in (("0.88", True), ("0.8808", True), ("0.87", False), ("1", False)):
        assert marks(text.format(given)) == [ok]


def test_values_that_only_a_run_can_know_stay_open():
    answer = one("data x = [1 2]\ninput from x\nconv 1 2 => values [3]\n")
    assert (answer.verdict.ok, answer.right) == (None, None)
    assert answer.verdict.remark == "these values are not known without running the net"


def test_a_question_mark_is_open_and_carries_the_right_value():
    shape, params = judged("input 32x32x3\nconv 8 5x5 => ? params ?\n")
    assert (shape.verdict.ok, shape.given, shape.right.sizes()) == (None, "", (28, 28, 8))
    assert (params.verdict.ok, params.given, params.right) == (None, "", 608)


HOMEWORK = """
homework "HW1: shapes and parameters"
student "Ana Gomez" 12345
input 32x32x3
conv1: conv 8 5x5 relu      => 28x28x8   params 608      worth 1 2
pool1: maxpool 2x2          => 14x14x8   params 0        worth 1 1
conv2: conv 16 5x5 relu     => 10x10x16  params 416      worth 1 2
flatten                     => 400                       worth 1
fc3: dense 120 relu         => 120       params 48120    worth 1 2
fc4: dense 84 relu          => 84        params 10081    worth 1 2
total                       => params ?                  worth 2
answer 2a "receptive field of conv2" conv2.rf = 14       worth 1
"""


def test_the_homework_of_the_design_note():
    """Two conv1 + two pool1 + conv2's depth forgotten (3216) + 1600 inputs after flatten."""
    answers = judged(HOMEWORK)
    assert [(a.place.kind, a.asked, a.verdict.ok) for a in answers] == [
        ("row", "shape", True), ("row", "params", True),
        ("row", "shape", True), ("row", "params", True),
        ("row", "shape", True), ("row", "params", False),
        ("row", "shape", False),
        ("row", "shape", True), ("row", "params", False),
        ("row", "shape", True), ("row", "params", False),
        ("total", "params", None),
        ("question", "rf", True),
    ]  # fmt: skip
    assert answers[-2].right == 608 + 3216 + 192_120 + 10_164


def test_a_question_may_be_about_a_block_call():
    text = "block two\n conv 4 3x3 same\n conv 4 3x3 same\nend\ninput 8x8x4\nt: two\n"
    assert marks(f'{text}answer 1 "parameters" t.params = 296\n') == [True]
    assert marks(f'{text}answer 1 "numbers it hands on" t.size = 256\n') == [True]


def test_totals_are_of_the_whole_net():
    text = "input 8x8x1\nconv 2 3x3\nflatten\ndense 3 => 3\ntotal => shape 3 params 239 size 139 rf 8 weights 234\n"
    assert marks(text) == [True] * 6


def test_a_net_with_two_outputs_has_no_one_output_shape():
    net = "input 8x8x1\na: conv 2 3x3\nb: conv 2 3x3 from a\nc: conv 2 3x3 from a\noutput b c\n"
    shape, params = judged(f"{net}total => shape 4x4x2 params 96\n")
    assert (shape.verdict.ok, shape.verdict.remark) == (None, "the net has several outputs: ask about one line")
    assert params.verdict.ok is True


def test_answers_are_per_image_whatever_the_batch():
    text = "input 8x8x1\nconv 2 3x3 => 6x6x2 macs 648 size 72\ntotal => macs 648 size 136\n"
    assert [answer.verdict.ok for answer in judged(text, batch=16)] == [True] * 5


def test_nothing_is_said_about_a_block_call_that_the_net_stops_inside():
    """Such a call hands on no node."""
    graph, _ = load_graph(Source("", "block b\n conv 2 3x3\nend\ninput 8x8x1\nb => params 3\n"))
    open_call = replace(graph, groups=(graph.groups[0]._replace(node=-1),))
    (answer,) = judged_key(analyse(open_call))
    assert (answer.place.kind, answer.verdict.ok) == ("group", None)


def test_nothing_is_said_about_the_total_of_a_net_that_stops_at_a_fault():
    graph, faults = load_graph(
        Source("", 'input 8x8x1\nconv 2 3x3 => params 20\nz: conv 2 9x9\ntotal => params 20\nanswer 1 "z" z.rf = 3\n')
    )
    assert faults
    row, *rest = judged_key(analyse(graph))
    assert row.verdict.ok is True
    assert [(answer.place.kind, answer.verdict.ok) for answer in rest] == [(answer.place.kind, None) for answer in rest]


def test_below_an_upper_bound_of_a_receptive_field_nothing_can_be_judged():
    """`depthtospace` picks channels that nothing mixed: each value depends on one pixel, the bound says 2x2."""
    net = "input 8x8x1\nspacetodepth 2\ndepthtospace 2"
    (below,), (at,), (above,) = (judged(f"{net} => rf {size}\n") for size in (1, 2, 3))
    assert (below.verdict.ok, below.verdict.remark) == (None, "only an upper bound of this receptive field is known")
    assert at.verdict.ok is True
    assert above.verdict.ok is False


GATED = "input 32x32x4\nx: conv 4 3x3 same\ngap\nmul x\nconv 4 3x3 same => rf {}\n"


@pytest.mark.parametrize(
    ("given", "ok", "remark"),
    [
        ("5", True, "the field of the local paths; over a global layer every value sees the whole picture"),
        ("32x32", True, "the whole picture, over a global layer; papers print the field of the local paths alone"),
        ("34", False, ""),
        ("3", False, ""),
    ],
)
def test_behind_a_gate_the_local_field_is_right_and_so_is_the_whole_picture(given, ok, remark):
    """The local field is 1 + 2 + 2; 34 is the picture with its pads, which nobody calls its field."""
    found = one(GATED.format(given))
    assert (found.verdict.ok, found.verdict.remark) == (ok, remark)
