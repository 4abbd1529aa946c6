"""Counts against published numbers, and sums against what they are sums of."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph

VGG16 = """
block stage filters convs
  conv $filters 3x3 same relu times $convs
  maxpool 2x2
end
input 224x224x3
stage 64 2
stage 128 2
stage 256 3
stage 512 3
stage 512 3
flatten
dense 4096 relu
dropout 0.5
dense 4096 relu
dropout 0.5
dense 1000 softmax
"""

LENET_1998 = """
data table1 = [1 0 0 0 1 1 1 0 0 1 1 1 1 0 1 1
               1 1 0 0 0 1 1 1 0 0 1 1 1 1 0 1
               1 1 1 0 0 0 1 1 1 0 0 1 0 1 1 1
               0 1 1 1 0 0 1 1 1 1 0 0 1 0 1 1
               0 0 1 1 1 0 0 1 1 1 1 0 1 1 0 1
               0 0 0 1 1 1 0 0 1 1 1 1 0 1 1 1]
input 32x32x1
conv 6 5x5 tanh
subsample 2x2 tanh
conv 16 5x5 connect=table1 tanh
subsample 2x2 tanh
conv 120 5x5 tanh
flatten
dense 84 tanh
"""

INCEPTION_3A = """
input 28x28x192
split
branch
  conv 64 1x1
branch
  conv 96 1x1
  conv 128 3x3 same
branch
  conv 16 1x1
  conv 32 5x5 same
branch
  maxpool 3x3 stride=1 same
  conv 32 1x1
join concat
"""

SE_AND_BN = """
input 16x16x3
conv 8 3x3 same nobias bn relu
x: maxpool 2x2
gap
dense 2 relu
s: dense 8 sigmoid
mul x s
a: conv 8 3x3 same bn
add x a
flatten relu
dense 10 softmax
"""

MOBILENET_V2 = """
block unit filters stride=1
  conv 6*$in 1x1 nobias bn relu6
  dwconv 3x3 stride=$stride padding=1 nobias bn relu6
  conv $filters 1x1 nobias bn
end
block residual
  split
  branch
    unit $in
  branch
  join add
end
input 224x224x3
conv 32 3x3 stride=2 padding=1 nobias bn relu6
dwconv 3x3 padding=1 nobias bn relu6
conv 16 1x1 nobias bn
unit 24 2
residual
unit 32 2
residual times 2
unit 64 2
residual times 3
unit 96
residual times 2
unit 160 2
residual times 2
unit 320
conv 1280 1x1 nobias bn relu6
gap
dropout 0.2
dense 1000
"""

YOLOV2_TINY = """
input 416x416x3
conv 16 3x3 same
maxpool 2x2
conv 32 3x3 same
maxpool 2x2
conv 64 3x3 same
maxpool 2x2
conv 128 3x3 same
maxpool 2x2
conv 256 3x3 same
maxpool 2x2
conv 512 3x3 same
maxpool 2x2 stride=1 same
conv 1024 3x3 same
conv 512 3x3 same
conv 425 1x1
"""


def test_vgg16_holds_15_237_608_numbers_and_138_357_544_parameters(analysed):
    """Parameters and MACs as torchvision and Keras give them; the activations are 60.95 MB, not CS231n's 93."""
    totals = analysed(VGG16).totals
    assert totals.figures.params == 138_357_544
    assert totals.figures.cost.macs == 15_470_264_320
    assert totals.figures.activation_size == 15_237_608


def test_lenet5_of_1998_has_60_000_parameters_and_the_papers_connections(analysed):
    """LeCun et al. 1998, section II.B."""
    analysis = analysed(LENET_1998)
    assert [row.figures.params for row in analysis.rows[1:]] == [156, 12, 1516, 32, 48120, 0, 10164]
    assert [row.figures.connections for row in analysis.rows[1:]] == [122304, 5880, 151600, 2000, 48120, 0, 10164]
    assert analysis.totals.figures.params == 60_000
    assert analysis.totals.figures.connections == 340_068


def test_inception_3a_concatenates_256_channels(analysed):
    """GoogLeNet paper, table 1; 12352 + 18528 + 110720 + 3088 + 12832 + 6176 with biases."""
    totals = analysed(INCEPTION_3A).totals
    assert totals.outputs[0].sizes() == (28, 28, 256)
    assert totals.figures.params == 163_696


def test_mobilenet_v2_as_torchvision_and_keras_count_it(analysed):
    """torchvision 0.28: 3,504,872 parameters, 300,774,272 MACs; Keras adds 34,112 running statistics."""
    figures = analysed(MOBILENET_V2).totals.figures
    assert (figures.params, figures.cost.macs) == (3_504_872, 300_774_272)
    assert (figures.buffers, figures.total_params) == (34_112, 3_538_984)


def test_yolov2_tiny_takes_the_billions_that_darknet_prints(analysed):
    """Darknet's own table of yolov2-tiny.cfg; it prints 2 * MACs of each convolution."""
    rows = analysed(YOLOV2_TINY).rows
    printed = [f"{2 * row.figures.cost.macs / 1e9:.3f}" for row in rows if row.row.word == "conv"]
    assert printed == ["0.150", "0.399", "0.399", "0.399", "0.399", "0.399", "1.595", "1.595", "0.074"]
    assert [row.output.sizes() for row in rows[11:]] == [
        (13, 13, 512), (13, 13, 512), (13, 13, 1024), (13, 13, 512), (13, 13, 425)
    ]  # fmt: skip


HOMEWORK = [
    ("hw029, deck 003", ("input 28x28x1; conv 32 3x3; conv 64 3x3; maxpool 2; dropout 0.25; flatten; dense 128; "
     "dropout 0.5; dense 10"), {"params": 1_199_882}),
    ("deck 000", ("input 28x28x1; conv 32 3x3; maxpool 2x2; conv 64 3x3; maxpool 2x2; conv 64 3x3; flatten; dense 64; "
     "dense 10"), {"params": 93_322, "macs": 2_794_240}),
    ("hw045, CS231n", "input 227x227x3; local 96 11x11 stride=4", {"params": 105_705_600}),
    ("hw051, CS231n", "input 7x7x512; flatten; dense 4096 nobias", {"params": 102_760_448}),
    ("hw059, Ng quiz", "input 300x300 rgb; conv 100 5x5", {"params": 7600}),
    ("hw073, Ng table", "input 14x14x8; conv 16 5x5", {"params": 3216}),
    ("hw075, Ng table", "input 120; dense 84", {"params": 10_164}),
    ("hw079, Ng lecture", "input 28x28x192; conv 16 1x1; conv 32 5x5 same", {"macs": 12_443_648}),
    ("hw081, Ng lecture", "input 6x6x3; sepconv 5 3x3", {"macs": 672}),
    ("hw083, separable convolutions", "input 12x12x3; sepconv 256 5x5", {"macs": 53_952}),
    ("hw125", "input 28x28x1; conv 32 3x3; maxpool 2; conv 64 3x3; flatten; dense 128; dense 10",
     {"params": 1_011_466}),
    ("hw149", "input 64x64x3; conv 32 3x3 same bn", {"params": 960, "buffers": 64}),
    ("hw167, grouped", "input 8x8x64; conv 128 3x3 groups=4 nobias", {"params": 18_432}),
    ("hw169, separable", "input 8x8x32; sepconv 64 3x3 nobias", {"params": 2336}),
    ("hw181, deck 000", "input 13x13x32; conv 64 3x3", {"macs": 2_230_272}),
]  # fmt: skip


@pytest.mark.parametrize(("source", "lines", "expected"), HOMEWORK, ids=[row[0] for row in HOMEWORK])
def test_published_homework(analysed, source, lines, expected):
    figures = analysed(lines.replace("; ", "\n")).totals.figures
    found = {"params": figures.params, "macs": figures.cost.macs, "buffers": figures.buffers}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("text", [VGG16, LENET_1998, INCEPTION_3A, SE_AND_BN, MOBILENET_V2])
def test_every_column_adds_up_to_the_printed_total(analysed, text):
    analysis = analysed(text)
    rows, total = [row.figures for row in analysis.rows], analysis.totals.figures
    for name in ("params", "buffers", "total_params", "connections"):
        assert sum(getattr(figures, name) for figures in rows) == getattr(total, name)
    assert tuple(map(sum, zip(*(astuple(figures.cost) for figures in rows), strict=True))) == astuple(total.cost)
    assert sum(row.params_share for row in analysis.rows) == 1
    assert sum(row.macs_share for row in analysis.rows) == 1


def test_a_row_is_the_sum_of_its_post_words_but_holds_one_activation(analysed):
    row = analysed(SE_AND_BN).rows[1]
    assert [node.figures.activation_size for node in row.nodes] == [2048, 2048, 2048]
    assert row.figures.activation_size == 2048
    assert (row.figures.params, row.figures.buffers) == (8 * 27 + 16, 16)
    assert (row.figures.cost.macs, row.figures.cost.multiply, row.figures.cost.compare) == (2048 * 27, 2048, 2048)


def test_views_hold_no_activation_of_their_own(analysed):
    analysis = analysed("input 4x4x2\nflatten\ndense 3\n")
    assert [row.figures.activation_size for row in analysis.rows] == [32, 32, 3]
    assert analysis.totals.figures.activation_size == 35


def test_a_block_call_sums_its_rows(analysed):
    analysis = analysed(VGG16)
    stage = analysis.groups[2]
    assert stage.figures.params == 295_168 + 2 * 590_080
    assert (stage.inputs[0].sizes(), stage.output.sizes()) == ((56, 56, 128), (28, 28, 256))
    assert sum(group.figures.params for group in analysis.groups) == 14_714_688


def test_a_block_call_reads_from_outside_only(analysed):
    text = "block res\n split\n branch\n  conv 4 3x3 same\n branch\n join add\nend\ninput 8x8x4\nres\nres times 3\n"
    first, repeated = analysed(text).groups
    assert [shape.sizes() for shape in first.inputs] == [(8, 8, 4)]
    assert [shape.sizes() for shape in repeated.inputs] == [(8, 8, 4)]
    assert repeated.figures.params == 3 * first.figures.params == 3 * 148


def test_a_batch_multiplies_work_and_activations_but_not_parameters(analysed):
    one, eight = analysed(SE_AND_BN).totals, analysed(SE_AND_BN, batch=8).totals
    assert eight.figures.params == one.figures.params
    assert eight.figures.buffers == one.figures.buffers
    assert astuple(eight.figures.cost) == tuple(8 * n for n in astuple(one.figures.cost))
    assert eight.figures.activation_size == 8 * one.figures.activation_size
    assert eight.figures.connections == 8 * one.figures.connections
    assert eight.peak_activation_size == 8 * one.peak_activation_size


def test_the_input_is_no_layer(analysed):
    assert analysed("input 8x8x1\nconv 2 3x3 relu\nflatten\ndense 3\n").totals.layers == 3


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", 0),
        ("block b\n conv 2 3x3\n conv 2 9x9\nend\ninput 8x8x1\nt: b times 2 => params 3\n", 2),
        ("input 8x8x1\nsplit\nbranch\n conv 2 3x3\nbranch\njoin add\ndense 3\n", 2),
    ],
)
def test_a_net_that_stops_at_a_fault_is_analysed_up_to_it(text, rows):
    graph, faults = load_graph(Source("net.txt", text))
    assert faults
    analysis = analyse(graph)
    assert len(analysis.rows) == rows
    assert analysis.totals.figures.params == 20 * (rows > 1)
