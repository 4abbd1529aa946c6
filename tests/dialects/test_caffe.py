"""Caffe's prototxt files: published counts, Caffe's own conventions, phases, layers in place, faults."""

from __future__ import annotations

import random
from contextlib import suppress
from time import process_time

import pytest

from cnncalc.analysis import analyse
from cnncalc.api import Model
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked, read, written
from tests.time_limits import allowed

from .prototxt_nets import all_nets, caffenet, googlenet, resnet50, squeezenet, vgg16

HEAD = 'layer { name: "data" type: "Input" top: "data" input_param { shape: { dim: 1 dim: 8 dim: 14 dim: 14 } } }\n'


def graph_of(text: str, input_size: str | None = None, **settings: str) -> Graph:
    return checked(Source("net.prototxt", text), input_size, settings)


def rows_of(text: str, input_size: str | None = None, **settings: str) -> list[str]:
    return [row.text for row in graph_of(text, input_size, **settings).rows]


def layer(kind: str, param: str = "", bottom: str = "data", top: str = "out", name: str = "one") -> str:
    read = " ".join(f'bottom: "{one}"' for one in bottom.split())
    made = " ".join(f'top: "{one}"' for one in top.split())
    return f'layer {{ name: "{name}" type: "{kind}" {read} {made} {param} }}\n'


def one(kind: str, param: str = "") -> list[str]:
    """What one layer of Caffe on an 8x14x14 input is."""
    return rows_of(HEAD + layer(kind, param))[1:]


def fault_of(text: str) -> tuple[str, int, str, str]:
    """The code of the first fault, its line, what it underlines, and its help."""
    source = Source("net.prototxt", text)
    _, faults = read(source)
    first = faults[0]
    assert first.span is not None
    written_there = source.lines[first.span.line - 1][first.span.column - 1 :][: first.span.length]
    return first.code, first.span.line, written_there, first.help


@pytest.mark.parametrize(
    ("text", "params", "macs"),
    [
        # BVLC's model zoo: 60,965,224 parameters; 724,406,816 MACs as netscope shows them
        (caffenet(), 60_965_224, 724_406_816),
        # torchvision's vgg16, which has the same layers
        (vgg16(), 138_357_544, 15_470_264_320),
        # BVLC's GoogLeNet: 6,998,552 without its auxiliary classifiers
        (googlenet(), 6_998_552, 1_582_671_872),
        # Iandola et al. 2016: 1,248,424
        (squeezenet(), 1_248_424, None),
        # torchvision's 25,557,032 and the 64 biases of conv1 that He et al.'s file has
        (resnet50(), 25_557_032 + 64, None),
    ],
    ids=["caffenet", "vgg16", "googlenet", "squeezenet", "resnet50"],
)
def test_published_nets_have_their_published_counts(text: str, params: int, macs: int | None) -> None:
    figures = analyse(graph_of(text)).totals.figures
    assert figures.params == params
    assert macs is None or figures.cost.macs == macs


def test_rows_have_the_names_of_caffe_and_their_channels_first() -> None:
    graph = graph_of(googlenet())
    assert graph.title == "GoogLeNet"
    assert graph.order == "channels_first"
    by_name = {node.name: node.output.text("channels_first") for node in graph.nodes}
    # Szegedy et al. 2014, table 1: output sizes
    assert by_name["pool1/3x3_s2"] == "64x56x56"
    assert by_name["inception_3a/output"] == "256x28x28"
    assert by_name["inception_5b/output"] == "1024x7x7"


@pytest.mark.parametrize("text", list(all_nets()), ids=["caffenet", "vgg16", "googlenet", "squeezenet", "resnet50"])
def test_the_text_that_convert_writes_is_the_same_net(text: str) -> None:
    graph = graph_of(text)
    again, faults = load_graph(Source("spec", written(graph, "spec")))
    assert not faults
    assert again.order == graph.order
    assert [(node.layer, node.inputs, node.output) for node in again.nodes] == [
        (node.layer, node.inputs, node.output) for node in graph.nodes
    ]


CONVENTIONS = (
    ("Convolution",
     "convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 dilation: 2 group: 2 bias_term: false }",
     ["conv 4 3x3 stride=2 padding=1 dilation=2 groups=2 nobias"]),
    ("Convolution", "convolution_param { num_output: 4 kernel_h: 1 kernel_w: 7 pad_h: 0 pad_w: 3 }",
     ["conv 4 1x7 padding=0x3"]),
    ("Deconvolution", "convolution_param { num_output: 8 kernel_size: 4 stride: 2 pad: 1 group: 8 }",
     ["upconv 8 4x4 stride=2 padding=1 groups=8"]),
    ("Pooling", "pooling_param { pool: MAX kernel_size: 3 stride: 2 }", ["maxpool 3x3 stride=2 ceil"]),
    ("Pooling", "pooling_param { kernel_size: 3 }", ["maxpool 3x3 stride=1 ceil"]),
    ("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }",
     ["avgpool 3x3 stride=2 padding=1 ceil countpad"]),
    ("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 round_mode: FLOOR }", ["avgpool 3x3 stride=2"]),
    ("Pooling", "pooling_param { pool: AVE global_pooling: true }", ["gap keep"]),
    ("InnerProduct", "inner_product_param { num_output: 10 bias_term: false }", ["flatten", "dense 10 nobias"]),
    ("ReLU", "", ["relu"]),
    ("ReLU", "relu_param { negative_slope: 0.1 }", ["leaky 0.1"]),
    ("PReLU", "", ["prelu"]),
    ("ELU", "elu_param { alpha: 0.5 }", ["elu 0.5"]),
    ("Sigmoid", "", ["sigmoid"]),
    ("TanH", "", ["tanh"]),
    ("BNLL", "", ["softplus"]),
    ("Power", "power_param { scale: 0.5 }", ["scale 0.5"]),
    ("Power", "", ["identity"]),
    ("Power", "power_param { power: 2 scale: 0.5 shift: 1 }", ["affine 0.5 1.0", "function square"]),
    ("Power", "power_param { power: -0.5 }", ["function pow exponent=-0.5"]),
    ("Exp", "exp_param { scale: 2 }", ["scale 2.0", "function exp"]),
    ("Log", "log_param { shift: 1 }", ["affine offset=1.0", "function log"]),
    ("AbsVal", "", ["function abs"]),
    ("Scale", "scale_param { bias_term: true }", ["scale", "shift"]),
    ("Bias", "", ["shift"]),
    ("PReLU", "prelu_param { channel_shared: true }", ["prelu shared"]),
    ("Clip", "clip_param { min: -1 max: 1 }", ["clip -1.0 1.0"]),
    ("LRN", "", ["lrn alpha=1.0"]),
    ("LRN", "lrn_param { local_size: 3 alpha: 0.00005 beta: 0.75 k: 2 }", ["lrn 3 alpha=5e-05 bias=2.0"]),
    ("BatchNorm", "", ["bn noscale noshift"]),
    ("Dropout", "dropout_param { dropout_ratio: 0.4 }", ["dropout 0.4"]),
    ("Softmax", "", ["softmax"]),
    ("Flatten", "", ["flatten"]),
    ("Reshape", "reshape_param { shape { dim: 0 dim: -1 dim: 7 dim: 0 } }", ["reshape 16x7x14"]),
    ("Interp", "interp_param { height: 27 width: 27 }", ["upsample size=27x27 bilinear corners"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "param", "rows"), CONVENTIONS, ids=[f"{kind} {param[:30]}" for kind, param, _ in CONVENTIONS]
)
def test_a_layer_of_caffe_is_one_of_ours(kind: str, param: str, rows: list[str]) -> None:
    assert one(kind, param) == rows


def test_old_names_of_types_mean_the_same() -> None:
    old = (
        'input: "data" input_dim: 1 input_dim: 8 input_dim: 14 input_dim: 14\n'
        'layers { name: "one" type: INNER_PRODUCT bottom: "data" top: "one" inner_product_param { num_output: 3 } }'
    )
    assert rows_of(old) == ["input 8x14x14", "flatten", "dense 3"]


@pytest.mark.parametrize(
    ("size", "param", "outputs"),
    [
        # pooling_layer.cpp: ceil((n + 2p - k) / s) + 1, less one if the last window starts beyond n + p
        (112, "kernel_size: 3 stride: 2", 56),
        (14, "kernel_size: 3 stride: 2", 7),
        (7, "kernel_size: 2 stride: 2 pad: 1", 4),
        (6, "kernel_size: 2 stride: 2 pad: 1", 4),
        (5, "kernel_size: 3 stride: 3 pad: 1", 2),
        (6, "kernel_size: 3 stride: 3 pad: 2", 3),
    ],
)
def test_pools_round_up_as_caffe_does(size: int, param: str, outputs: int) -> None:
    text = HEAD.replace("dim: 14", f"dim: {size}") + layer("Pooling", f"pooling_param {{ {param} }}")
    assert graph_of(text).nodes[-1].output.spatial == (outputs, outputs)


AVERAGES = ((7, 3, 2, 1), (8, 3, 2, 1), (6, 4, 3, 2), (9, 5, 4, 2), (7, 3, 2, 0))


@pytest.mark.parametrize(("size", "kernel", "stride", "pad"), AVERAGES)
def test_averages_count_pads_as_caffe_does(size: int, kernel: int, stride: int, pad: int) -> None:
    """pooling_layer.cpp: the sum over the map, by the size of the window cut off at the end of the padded map."""
    numpy = pytest.importorskip("numpy")
    text = f'input: "data" input_dim: [1, 1, {size}, {size}]\n'
    text += layer("Pooling", f"pooling_param {{ pool: AVE kernel_size: {kernel} stride: {stride} pad: {pad} }}")
    image = numpy.arange(1, size * size + 1, dtype="float32").reshape(1, size, size)
    found = Model(graph_of(text)).run(image)[0, 0]
    for y in range(found.shape[0]):
        for x in range(found.shape[1]):
            top, left = y * stride - pad, x * stride - pad
            bottom, right = min(top + kernel, size + pad), min(left + kernel, size + pad)
            window = image[0, max(top, 0) : min(bottom, size), max(left, 0) : min(right, size)]
            assert found[y, x] == pytest.approx(window.sum() / ((bottom - top) * (right - left)), rel=1e-5)


def test_a_window_that_lies_outside_of_the_map_is_refused() -> None:
    """Caffe clips the last window only where there are pads: 14 by 1x1 with stride 2 gives it 8 windows, one empty."""
    assert fault_of(HEAD + layer("Pooling", "pooling_param { kernel_size: 1 stride: 2 }"))[0] == "no-such-layer"
    assert one("Pooling", "pooling_param { kernel_size: 1 stride: 2 round_mode: FLOOR }") == ["maxpool 1x1 stride=2"]


def test_layers_in_place_follow_each_other() -> None:
    text = HEAD + layer("ReLU", top="data", name="a") + layer("TanH", top="data", name="b") + layer("Sigmoid", name="c")
    graph = graph_of(text)
    assert [(node.name, node.inputs) for node in graph.nodes] == [("data", ()), ("a", (0,)), ("b", (1,)), ("c", (2,))]


def test_a_scale_behind_a_batch_norm_is_one_layer_with_it() -> None:
    text = HEAD + layer("BatchNorm", "batch_norm_param { eps: 0.001 }", top="data", name="bn")
    graph = graph_of(text + layer("Scale", "scale_param { bias_term: true }", top="data", name="scale"))
    assert [row.text for row in graph.rows] == ["input 8x14x14", "bn epsilon=0.001"]
    assert graph.labels["bn"] == graph.labels["scale"] == 1
    without = graph_of(text + layer("Scale", top="data", name="scale"))
    assert [row.text for row in without.rows][1:] == ["bn epsilon=0.001 noshift"]


def test_eltwise_slice_split_concat_and_crop() -> None:
    halves = HEAD + layer("Slice", top="a b")
    assert rows_of(halves)[1:] == ["slice 0:4", "slice 4:8"]
    assert rows_of(HEAD + layer("Slice", "slice_param { slice_point: 3 }", top="a b"))[1:] == ["slice 0:3", "slice 3:8"]
    assert rows_of(halves + layer("Eltwise", bottom="a b"))[3:] == ["add"]
    assert rows_of(halves + layer("Eltwise", "eltwise_param { operation: PROD }", bottom="a b"))[3:] == ["mul"]
    assert rows_of(halves + layer("Eltwise", "eltwise_param { operation: MAX }", bottom="a b"))[3:] == ["max"]
    assert rows_of(halves + layer("Eltwise", "eltwise_param { coeff: 1 coeff: -1 }", bottom="a b"))[3:] == ["sub"]
    weighted = "eltwise_param { coeff: [0.5, 1] }"
    assert rows_of(halves + layer("Eltwise", weighted, bottom="a b"))[3:] == ["scale 0.5", "add"]
    assert rows_of(halves + layer("Concat", bottom="b a"))[3:] == ["concat"]
    assert rows_of(HEAD + layer("Split", top="a b") + layer("Eltwise", bottom="a b"))[1:] == ["add"]
    pooled = HEAD + layer("Pooling", "pooling_param { kernel_size: 5 }", top="small")
    assert rows_of(pooled + layer("Crop", "crop_param { offset: 1 }", bottom="data small"))[2:] == ["crop 1,3,1,3"]


TRAINED = (
    'layer { name: "mnist" type: "Data" top: "data" top: "label" include { phase: TRAIN }\n'
    "  transform_param { crop_size: 99 } }\n"
    'layer { name: "mnist" type: "Data" top: "data" top: "label" include { phase: TEST }\n'
    "  transform_param { crop_size: 28 force_gray: true } }\n"
    + layer("InnerProduct", "inner_product_param { num_output: 10 }", top="ip", name="ip")
    + layer("Accuracy", "include { phase: TEST }", bottom="ip label", top="accuracy", name="accuracy")
    + layer("SoftmaxWithLoss", bottom="ip label", top="loss", name="loss")
)


def test_the_net_is_the_one_that_is_tested_without_its_losses() -> None:
    graph = graph_of(TRAINED)
    assert [row.text for row in graph.rows] == ["input 1x28x28", "flatten", "dense 10"]
    (warning,) = graph.warnings
    assert warning.code == "left-out"
    assert warning.message.endswith("accuracy, loss")
    assert rows_of(TRAINED, phase="TRAIN")[0] == "input 3x99x99"


def test_stages_choose_layers() -> None:
    text = (
        HEAD
        + layer("ReLU", 'include { stage: "fast" }', name="a")
        + layer("TanH", 'exclude { stage: "fast" }', name="b")
    )
    assert rows_of(text)[1:] == ["tanh"]
    assert rows_of(text, stage="fast")[1:] == ["relu"]
    alone = 'layer { type: "Data" top: "data" include { stage: "fast" } }\n' + layer("ReLU")
    assert "--set stage=fast" in fault_of(alone)[3]


def test_a_size_that_the_file_does_not_say_is_asked_for() -> None:
    text = 'layer { name: "d" type: "Data" top: "data" top: "label" data_param { source: "x" } }\n' + layer("ReLU")
    assert fault_of(text)[0] == "missing-input"
    assert rows_of(text, "1x28x28") == ["input 1x28x28", "relu"]
    assert rows_of(text, "28x28") == ["input 3x28x28", "relu"]
    assert rows_of(HEAD + layer("ReLU"), "20x20") == ["input 8x20x20", "relu"]


def test_layers_whose_parameters_have_one_name_share_their_weights() -> None:
    """As in Caffe's Siamese net: 431,080 parameters of LeNet's layers are counted once."""
    param = 'param { name: "w" } param { name: "b" } inner_product_param { num_output: 10 }'
    text = HEAD + layer("InnerProduct", param, top="a", name="a") + layer("InnerProduct", param, top="b", name="b")
    assert analyse(graph_of(text)).totals.figures.params == (8 * 14 * 14 + 1) * 10


FAULTS = (
    (HEAD + layer("Convolutoin"), "no-such-layer", 2, '"Convolutoin"', "did you mean `Convolution`?"),
    (HEAD + layer("PriorBox"), "no-such-layer", 2, '"PriorBox"', "cnncalc explain layers"),
    (
        HEAD + layer("Convolution", "convolution_param { num_ouput: 3 kernel_size: 3 }"),
        "unknown-member",
        2,
        "num_ouput",
        "did you mean `num_output`?",
    ),
    (HEAD + layer("Convolution", "convolution_param { num_output: 3 }"), "number-too-small", 2, None, ""),
    (
        HEAD + layer("Convolution", "convolution_param { num_output: x kernel_size: 3 }"),
        "unfit-value",
        2,
        "x",
        "a whole number",
    ),
    (
        HEAD + layer("Convolution", "convolution_param { num_output: 3 kernel_size: 15 }"),
        "kernel-too-large",
        2,
        "15",
        "`same` padding",
    ),
    (
        HEAD + layer("Pooling", "pooling_param { pool: STOCHASTIC kernel_size: 2 }"),
        "no-such-layer",
        2,
        "STOCHASTIC",
        "MAX and AVE",
    ),
    (HEAD + layer("LRN", "lrn_param { norm_region: WITHIN_CHANNEL }"), "no-such-layer", 2, "WITHIN_CHANNEL", ""),
    (HEAD + layer("ReLU", bottom="dat"), "unknown-input", 2, '"dat"', "did you mean `data`?"),
    (HEAD + layer("Concat", "concat_param { axis: 2 }", bottom="data data"), "no-such-layer", 2, "2", ""),
    (HEAD + "layer { name: }", "broken-prototxt", 2, "}", "name: value"),
    (HEAD + 'layer { name: "x', "broken-prototxt", 2, '"', "quote"),
    (HEAD + 'layer { name: "x" ', "unclosed-bracket", 2, "{", "write `}`"),
    (HEAD + "}", "broken-prototxt", 2, "}", ""),
    (
        'layers { layer { name: "a" type: "conv" } bottom: "data" top: "a" }',
        "broken-prototxt",
        1,
        "layers",
        "upgrade_net_proto_text",
    ),
    ('name: "nothing"', "empty-model", 1, "n", "layer"),
)


@pytest.mark.parametrize(
    ("text", "code", "line", "word", "advice"), FAULTS, ids=[f"{code} {word}" for _, code, _, word, _ in FAULTS]
)
def test_a_fault_has_its_place_in_the_file(text: str, code: str, line: int, word: str | None, advice: str) -> None:
    found = fault_of(text)
    assert found[:2] == (code, line)
    assert word is None or found[2] == word
    assert advice in found[3]


def test_every_type_without_a_layer_is_said_at_once() -> None:
    _, faults = read(Source("net.prototxt", HEAD + layer("Permute") + layer("PriorBox") + layer("Permute")))
    assert [fault.message for fault in faults] == [
        "there is no layer for Caffe's `Permute`",
        "there is no layer for Caffe's `PriorBox`",
    ]


def test_a_prototxt_is_known_by_its_text_too() -> None:
    assert [row.text for row in checked(Source("<stdin>", HEAD + layer("ReLU"))).rows] == ["input 8x14x14", "relu"]


HOSTILE = (
    "a{" * 500_000,
    "a: [" + "1," * 1_000_000,
    'a: "' + "x" * 4_000_000,
    "a: 1\n" * 900_000,
    HEAD + layer("ReLU", top="data") * 20_000,
    HEAD + layer("Concat", bottom="data data", top="data") * 100,
    HEAD + layer("Convolution", "convolution_param { num_output: 999999999999 kernel_size: 3 }"),
    HEAD + layer("Convolution", "convolution_param { num_output: 1 kernel_size: 3 pad: 999999999999 }"),
    "layer { type: " + "-" * 100_000,
    "<" * 100_000,
    "# " + "x" * 4_000_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] for text in HOSTILE])
def test_hostile_prototxt_ends_in_bounded_time(text: str) -> None:
    begun = process_time()
    with suppress(InputError):
        read(Source("net.prototxt", text))
    assert process_time() - begun < allowed(4)


def test_mutants_give_a_net_or_our_own_error() -> None:
    chance = random.Random(5)
    texts = [TRAINED, HEAD + "".join(layer(kind, param, top="data") for kind, param, _ in CONVENTIONS[:6]), caffenet()]
    texts += [HEAD + layer(kind, param) for kind, param, _ in CONVENTIONS]
    words = [
        "{",
        "}",
        "[",
        "]",
        ":",
        '"',
        "0",
        "-1",
        "9999999",
        "1.5",
        "true",
        "TEST",
        "data",
        "axis: 2",
        "#",
        "\n",
        "<",
        "dim:",
    ]
    for _ in range(1_000):
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(text))
            text = text[:place] + chance.choice(words) + text[place + chance.randint(0, 6) :]
        source = Source("net.prototxt", text)
        with suppress(InputError):
            _, faults = read(source)
            assert all(fault.span and fault.span.line <= len(source.lines) for fault in faults)
