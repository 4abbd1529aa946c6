"""Darknet's .cfg files: published counts, Darknet's own conventions, joins by number, faults with their places."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, read

from .cfg_nets import HEAD, PUBLISHED, YOLOV3_TINY, cfg

SMALL = HEAD.format(w=14, h=14, c=8)


def graph_of(text: str, input_size: str | None = None) -> Graph:
    return checked(Source("net.cfg", text), input_size)


def rows_of(text: str, input_size: str | None = None) -> list[str]:
    return [row.text for row in graph_of(text, input_size).rows]


def one(section: str) -> list[str]:
    """What the sections are on a 14x14x8 input."""
    return rows_of(SMALL + section)[1:]


def fault_of(text: str) -> tuple[str, int, str, Diagnostic]:
    """The code of the first fault, its line, what it underlines, and all of it."""
    source = Source("net.cfg", text)
    _, faults = read(source)
    first = faults[0]
    assert first.span is not None
    there = source.lines[first.span.line - 1][first.span.column - 1 :][: first.span.length]
    return first.code, first.span.line, there, first


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        # floats that yolov3.weights and yolov3-tiny.weights hold behind their headers: 248,007,048 and 35,434,956 bytes
        ("yolov3", 62_001_757),
        ("yolov3-tiny", 8_858_734),
        # what Darknet (f6afaab) reads for its own files of these names
        ("yolov2", 50_983_561),
        ("yolov2-tiny", 11_237_145),
        ("yolov1", 197_328_243),
        ("darknet19", 20_856_776),
    ],
)
def test_published_nets_have_as_many_weights_as_their_files(name: str, numbers: int) -> None:
    figures = analyse(graph_of(PUBLISHED[name])).totals.figures
    assert figures.params + figures.buffers == numbers


def test_rows_have_the_numbers_that_darknet_counts_layers_with() -> None:
    graph = graph_of(YOLOV3_TINY)
    names = {node.name: node.output.text() for node in graph.nodes}
    # lines 13, 17, 19 and 20 of Darknet's own table of this file
    assert names["layer13"] == "13x13x256"
    assert names["layer17"] == "13x13x256"
    assert names["layer19"] == "26x26x128"
    assert names["layer20"] == "26x26x384"
    assert graph.labels["layer23"] == len(graph.rows) - 1


def test_a_net_has_an_output_for_each_map_of_boxes() -> None:
    graph = graph_of(YOLOV3_TINY)
    assert [graph.nodes[output].layer.word for output in graph.outputs] == ["yolo", "yolo"]


@pytest.mark.parametrize(
    ("section", "rows"),
    [
        ("[convolutional]\nfilters=4\nsize=3\nactivation=linear\n", ["conv 4 3x3"]),
        # without `activation` Darknet takes the logistic, without `filters` 1
        ("[convolutional]\n", ["conv 1 1x1 sigmoid"]),
        (
            "[conv]\nbatch_normalize=1\nfilters=4\nsize=3\nstride=2\npad=1\nactivation=leaky\n",
            ["conv 4 3x3 stride=2 padding=1 nobias bn epsilon=1e-06 leaky 0.1"],
        ),
        ("[conv]\nfilters=4\nsize=5\npadding=1\nactivation=mish\n", ["conv 4 5x5 padding=1 mish"]),
        ("[conv]\nfilters=4\nsize=3\npad=1\npadding=7\nactivation=swish\n", ["conv 4 3x3 padding=1 silu"]),
        (
            "[conv]\nfilters=4\nsize=3\nstride_x=2\nstride_y=1\nactivation=relu\n",
            ["conv 4 3x3 stride=1x2 relu"],
        ),
        (
            "[conv]\nfilters=8\nsize=3\npad=1\ngroups=4\ndilation=2\nactivation=relu6\n",
            ["conv 8 3x3 padding=2 dilation=2 groups=4 relu6"],
        ),
        ("[deconvolutional]\nfilters=4\nsize=2\nstride=2\nactivation=elu\n", ["upconv 4 2x2 stride=2 elu"]),
        ("[maxpool]\nsize=2\nstride=2\n", ["maxpool 2x2"]),
        ("[maxpool]\nstride=2\n", ["maxpool 2x2"]),
        ("[maxpool]\nsize=2\nstride=1\n", ["maxpool 2x2 stride=1 same"]),
        ("[maxpool]\nsize=5\nstride=1\n", ["maxpool 5x5 stride=1 same"]),
        # 2 rows of padding in all, one of them before; `same` has one in all, behind
        ("[maxpool]\nsize=3\nstride=2\n", ["maxpool 3x3 stride=2 padding=1,0,1,0"]),
        ("[maxpool]\nsize=3\nstride=2\npadding=0\n", ["maxpool 3x3 stride=2"]),
        ("[avgpool]\n[softmax]\n", ["gap", "softmax"]),
        ("[avgpool]\n[dropout]\nprobability=.2\n[connected]\noutput=5\n", ["gap", "dropout 0.2", "dense 5 sigmoid"]),
        ("[avgpool]\n[upsample]\n", ["gap keep", "upsample 2"]),
        ("[softmax]\ntemperature=2\n", ["flatten channels_first", "scale 0.5", "softmax"]),
        ("[softmax]\nspatial=1\n", ["softmax"]),
        (
            "[connected]\noutput=5\nbatch_normalize=1\nactivation=tanh\n",
            ["flatten channels_first", "dense 5 nobias bn epsilon=1e-06 tanh"],
        ),
        ("[local]\nfilters=4\nsize=3\npad=1\nactivation=selu\n", ["local 4 3x3 padding=1 selu"]),
        ("[dropout]\nprobability=.25\n", ["dropout 0.25"]),
        ("[crop]\ncrop_height=10\ncrop_width=9\nnoadjust=1\n", ["crop 2,2,2,3"]),
        ("[crop]\ncrop_height=14\ncrop_width=14\n", ["crop 0", "affine 2.0 -1.0"]),
        ("[upsample]\nstride=2\nscale=3\n", ["upsample 2 scale 3.0"]),
        ("[activation]\nactivation=hardtan\n", ["clip -1.0 1.0"]),
        ("[activation]\nactivation=relie\n", ["leaky"]),
        ("[activation]\nactivation=ramp\n", ["leaky 1/11 scale 1.1"]),
        ("[activation]\nactivation=loggy\n", ["scale 0.5 tanh"]),
        ("[activation]\nactivation=gelu\n", ["gelu approximate"]),
        ("[batchnorm]\n[l2norm]\n[logistic]\n", ["bn epsilon=1e-06", "l2norm", "sigmoid"]),
        (
            "[reorg]\nstride=2\n",
            [
                'rearrange "(c q=4) (y r=2) x -> c (q y) (r x)" channels_first',
                'rearrange "c (h a=2) (u=2 x b=2) -> (a b c) (h u) x" channels_first',
                'rearrange "k (p=4 y) x -> (k p) y x" channels_first',
            ],
        ),
        (
            "[reorg]\nstride=2\nreverse=1\n",
            ["depthtospace 2 placefirst"],
        ),
        ("[reorg3d]\nstride=2\n", ["spacetodepth 2 placefirst"]),
        ("[conv]\nfilters=4\n[sam]\nfrom=0\n", ["conv 4 1x1 sigmoid", "mul"]),
    ],
)
def test_sections_are_layers_of_ours(section: str, rows: list[str]) -> None:
    assert one(section) == rows


@pytest.mark.parametrize(
    ("words", "inputs"),
    [
        ("c4.3 c4.3 c4.3 r-2", ["layer1"]),
        ("c4.3 c4.3 c4.3 r0,-1", ["layer0", "layer2"]),
        ("c4.3 c4.3 s-2", ["layer1.leaky", "layer0.leaky"]),
    ],
)
def test_numbers_count_layers_from_the_first_and_steps_back(words: str, inputs: list[str]) -> None:
    graph = graph_of(cfg(words, 14, 14))
    read_there = [graph.nodes[read].name for read in graph.nodes[-1].inputs]
    assert [name.removesuffix(".leaky") for name in read_there] == [name.removesuffix(".leaky") for name in inputs]


def test_a_route_takes_one_of_equal_groups() -> None:
    two = cfg(["c4.3", "c6.3", "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n"], 14, 14)
    assert rows_of(two)[-1] == "slice 3:6"
    both = cfg(["c4.3", "c6.3", "[route]\nlayers=-1,0\ngroups=2\ngroup_id=1\n"], 14, 14)
    assert rows_of(both)[-3:] == ["slice 3:6", "slice 2:4", "concat"]


def test_a_shortcut_adds_what_both_layers_have() -> None:
    # ResNet-18 of Darknet: 64x64x64 is added to 32x32x128
    wider = rows_of(cfg("c4.3 c8.3/2 s-2", 16, 16))
    assert wider[-3:] == ["maxpool 1x1 stride=2", "padchannels 0,4", "add"]
    assert rows_of(cfg("c8.3 c4.3 s-2", 16, 16))[-2:] == ["slice 0:4", "add"]


def test_scale_channels_spreads_one_number_a_channel_over_the_map() -> None:
    text = cfg(["c4.3", "a", "l4.1", "[scale_channels]\nfrom=0\n"], 14, 14)
    assert graph_of(text).nodes[-1].output.text() == "14x14x4"


def test_another_size_of_the_picture_is_asked_for_as_in_every_text() -> None:
    assert graph_of(YOLOV3_TINY, "320x320x3").nodes[0].output.text() == "320x320x3"
    assert graph_of(YOLOV3_TINY, "320x320x3").nodes[-1].output.text() == "20x20x255"


def test_a_net_of_numbers_has_no_picture() -> None:
    assert rows_of("[net]\ninputs=10\n[connected]\noutput=3\nactivation=relu\n") == ["input 10", "dense 3 relu"]


def test_spaces_comments_and_order_do_not_matter() -> None:
    text = "; a\n[ net ]\n  width = 8 \nheight=8 # rows\n\tchannels= 3\n\n[con volutional]\nfilters = 1 6\n"
    assert rows_of(text) == ["input 8x8x3 border=127.5", "conv 16 1x1 sigmoid"]


def test_a_pasted_text_is_known_by_its_first_section() -> None:
    text = "# tiny\n[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=2\n"
    assert [row.text for row in checked(Source("<stdin>", text)).rows] == [
        "input 8x8x3 border=127.5",
        "conv 2 1x1 sigmoid",
    ]


def test_losses_are_left_out_and_keep_their_number() -> None:
    graph = graph_of(cfg(["c4.3", "[cost]\ntype=sse\n", "c2.3", "r0,1"], 14, 14))
    assert [warning.code for warning in graph.warnings] == ["left-out"]
    assert [graph.nodes[read].name for read in graph.nodes[-1].inputs] == ["layer0.leaky", "layer0.leaky"]


@pytest.mark.parametrize(
    ("section", "code", "line", "there", "message"),
    [
        (
            "[shortcut]\nfrom=-100\n",
            "unknown-input",
            16,
            "-100",
            "`from=-100` is -100 steps from layer 1, and there is no such layer above",
        ),
        (
            "[route]\nlayers=-1, 7\n",
            "unknown-input",
            16,
            "-1, 7",
            "`layers=7` is layer 7, and there is no such layer above",
        ),
        ("[route]\nlayers=1\n", "unknown-input", 16, "1", "`layers=1` is layer 1, and there is no such layer above"),
        ("[route]\n", "missing-member", 15, "[route]", "[route] has no `layers`"),
        ("[shortcut]\n", "missing-member", 15, "[shortcut]", "[shortcut] has no `from`"),
        (
            "[route]\nlayers=-1\ngroups=3\n",
            "groups-do-not-divide",
            17,
            "3",
            "4 channels are not divided by 3 groups",
        ),
        ("[route]\nlayers=-1\ngroups=2\ngroup_id=2\n", "unfit-value", 18, "2", "there is no group 2 of 2"),
        (
            "[convolutional]\nfilters=many\n",
            "unfit-value",
            16,
            "many",
            "filters is a whole number, and `many` is none",
        ),
        ("[convolutional]\nfilters=0\n", "number-too-small", 16, "0", "filters is at least 1, not 0"),
        ("[convolutional]\nfilters = -5\n", "number-too-small", 16, "-5", "filters is at least 1, not -5"),
        (
            "[convolutional]\nfilters\n",
            "broken-cfg",
            16,
            "filters",
            "[convolutional] has an option without a key and a value",
        ),
        ("[convolutional]\nfilters=\n", "broken-cfg", 16, "filters=", "[convolutional] has an option without a value"),
        ("[convolutional\n", "broken-cfg", 15, "[convolutional", "this is no name of a section"),
        ("[convolutional]\nactivation=leeky\n", "unfit-value", 16, "leeky", "Darknet has no activation `leeky`"),
        (
            "[convolutional]\nactivation=stair\n",
            "no-such-layer",
            16,
            "stair",
            "there is no layer for Darknet's `stair`",
        ),
        (
            "[convolutional]\nxnor=1\n",
            "no-such-layer",
            16,
            "xnor=1",
            "there is no layer for [convolutional] with xnor=1",
        ),
        ("[gru]\noutput=4\n", "no-such-layer", 15, "[gru]", "there is no layer for Darknet's [gru]"),
        ("[dropout]\nprobability=1e400\n", "unfit-value", 16, "1e400", None),
        ("[net]\nwidth=3\n", "broken-cfg", 15, "[net]", "there is a second [net] between the layers"),
        ("[convolutional]\nfilters=1000000000000\nsize=3\n", "too-large", 15, "[convolutional]", None),
        ("[convolutional]\nsize=99\n", "kernel-too-large", 16, "99", None),
        ("[convolutional]\nfilters=4\ngroups=3\n", "groups-do-not-divide", 17, "3", None),
        (
            "[reorg]\nstride=2\n[reorg3d]\nstride=2\n",
            "factor-does-not-divide",
            18,
            "2",
            None,
        ),
        ("[reorg]\nstride=4\n", "factor-does-not-divide", 16, "4", "height 14 is not divided by 4 in [reorg]"),
        ("[local]\nsize=5\npad=1\n", "no-such-layer", 16, "5", None),
        ("[upsample]\nstride=-2\n", "no-such-layer", 16, "-2", None),
        ("[crop]\ncrop_height=20\n", "crop-too-large", 16, "20", "crop_height is 20, and only 14 are there"),
        ("[yolo]\nmask=3\nnum=1\nanchors=1,2\nclasses=2\n", "unfit-value", 16, "3", None),
    ],
)
def test_faults_have_their_place(section: str, code: str, line: int, there: str, message: str | None) -> None:
    found_code, found_line, found_there, found = fault_of(cfg("c4.3", 14, 14) + section)
    assert (found_code, found_line, found_there) == (code, line, there)
    assert message is None or found.message == message
    assert found.help or code == "no-such-layer"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("[convolutional]\nfilters=4\n", "broken-cfg", "a .cfg begins with [net], which has the size of the input"),
        ("width=4\n[net]\n", "broken-cfg", "there is an option before the first section"),
        ("[net]\nwidth=4\nheight=4\nchannels=3\n", "empty-model", "there is no layer after [net]"),
        (
            "[net]\nwidth=4\n[convolutional]\n",
            "missing-input",
            "[net] does not say the size of the input: height, channels missing",
        ),
        ("[net]\nwidth=-4\n[convolutional]\n", "number-too-small", "width is at least 0, not -4"),
        (
            SMALL + "[route]\nlayers=-1\n",
            "unknown-input",
            "`layers=-1` is -1 steps from layer 0, and there is no such layer above",
        ),
    ],
)
def test_a_text_that_is_no_net_is_refused(text: str, code: str, message: str) -> None:
    found_code, _, _, found = fault_of(text)
    assert (found_code, found.message) == (code, message)
    assert found.help


def test_an_option_near_to_a_known_one_is_reported_and_others_are_not() -> None:
    graph = graph_of(SMALL + "[convolutional]\nfilter=16\nsize=3\nmy_note=1\nsize=5\n")
    assert [(warning.code, warning.help) for warning in graph.warnings] == [
        ("unused-field", "did you mean `filters`?"),
        ("unused-field", "leave one of them out"),
    ]
    assert graph.rows[-1].text == "conv 1 3x3 sigmoid"


def test_settings_are_refused_as_a_cfg_has_none() -> None:
    with pytest.raises(InputError, match="nothing called `phase`"):
        read(Source("net.cfg", YOLOV3_TINY), None, {"phase": "TRAIN"})


def test_every_fault_of_a_section_alone_is_named_and_nothing_that_follows_from_it() -> None:
    wrong = (
        "[convolutional]\nfilters=x\nactivation=leakyy\n[maxpol]\n[maxpol]\nsize=2\n[route]\nlayers=9\n"
        "[shortcut]\nfrom=-7\nactivation=rellu\n[crop]\ncrop_height=99\ncrop_width=99\n[yolo]\nclasses=2\n"
    )
    _, faults = read(Source("net.cfg", SMALL + wrong))
    first = SMALL.count("\n")
    assert [(one.span.line - first, one.message) for one in faults if one.span is not None] == [
        (2, "filters is a whole number, and `x` is none"),
        (3, "Darknet has no activation `leakyy`"),
        (4, "there is no layer for Darknet's [maxpol]"),
        (8, "`layers=9` is layer 9, and there is no such layer above"),
        (10, "`from=-7` is -7 steps from layer 4, and there is no such layer above"),
        (11, "Darknet has no activation `rellu`"),
    ]


def test_a_fault_of_the_sizes_stands_beside_those_behind_it() -> None:
    _, faults = read(Source("net.cfg", SMALL + "[crop]\ncrop_height=99\ncrop_width=1\n[maxpol]\n"))
    assert [one.code for one in faults] == ["crop-too-large", "no-such-layer"]


def test_at_most_twenty_faults_are_named() -> None:
    _, faults = read(Source("net.cfg", SMALL + "".join(f"[none{n}]\n" for n in range(30))))
    assert len(faults) == 20


def test_boxes_are_outputs_and_need_no_reader() -> None:
    analysis = analyse(graph_of(YOLOV3_TINY))
    assert [analysis.nodes[node].node.name for node in analysis.graph.outputs] == ["layer16", "layer23"]
    assert [warning.code for warning in analysis.warnings] == []


def test_a_layer_that_neither_a_layer_nor_boxes_need_is_still_reported() -> None:
    head = "[conv]\nfilters=7\n[yolo]\nclasses=2\n[route]\nlayers=0\n"
    analysis = analyse(graph_of(SMALL + head + "[conv]\nfilters=3\n[route]\nlayers=0\n" + "[yolo]\nclasses=2\n"))
    assert [analysis.nodes[node].node.name for node in analysis.graph.outputs] == ["layer1", "layer5"]
    message = "nothing reads the result of `conv 3 1x1 sigmoid`, and the model does not return it"
    assert [(warning.code, warning.message) for warning in analysis.warnings] == [("unread-result", message)]


def test_the_pads_of_a_pool_are_a_rule_of_darknet_that_nobody_is_warned_of() -> None:
    sections = "[conv]\nfilters=2\nsize=3\nstride=2\npad=1\n[maxpool]\nsize=2\nstride=2\n"
    analysis = analyse(graph_of(HEAD.format(w=14, h=14, c=3) + sections))
    assert analysis.graph.rows[-1].text == "maxpool 2x2 same"
    assert [warning.code for warning in analysis.warnings] == []
