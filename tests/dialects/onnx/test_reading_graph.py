"""ONNX files as nets: shapes, counts, names, weights where the file has them, and values as ONNX' own reference has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, load_model, numpy_helper, save

from cnncalc.api import load
from cnncalc.diagnostics import InputError
from cnncalc.graph.stored import Step, Stored

from .onnx_net import Net
from .onnx_nets import drawn, node, reference, written

IMAGE = {"x": [1, 3, 8, 8]}


def same_values(path: Path, *images: Any, input_size: str | None = None) -> Net:
    """The net, after its values were found to be those of ONNX' reference."""
    net = Net(path, input_size)
    given = dict(zip((one.name for one in load_model(str(path)).graph.input), images, strict=False))
    for ours, theirs in zip(net.run(given), reference(path, given), strict=True):
        assert ours.size == theirs.size
        np.testing.assert_allclose(ours.reshape(theirs.shape), theirs, rtol=2e-5, atol=2e-5)
    return net


def plain(folder: Path) -> Path:
    """A convolution, a batch norm, a pool and a dense layer with the names that PyTorch's exporter writes."""
    nodes = [
        node("Conv", "x features.0.weight features.0.bias", "a", "/features/features.0/Conv", pads=[1, 1, 1, 1]),
        node("BatchNormalization", "a s o m v", "b", "/features/features.1/BatchNormalization"),
        node("Relu", "b", "c", "/features/features.2/Relu"),
        node("MaxPool", "c", "d", "/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", "d", "e", "/Flatten"),
        node("Gemm", "e fc.weight fc.bias", "y", "/fc/Gemm", transB=1),
    ]
    arrays = {
        "features.0.weight": drawn(4, 3, 3, 3),
        "features.0.bias": drawn(4),
        **{"s": drawn(4, seed=1), "o": drawn(4, seed=2), "m": drawn(4, seed=3), "v": np.float32([1, 2, 0.5, 1])},
        "fc.weight": drawn(10, 64),
        "fc.bias": drawn(10),
    }
    return written(folder / "net.onnx", nodes, arrays, IMAGE)


# ---------------------------------------------------------------------- counts, names, weights
def test_a_net_is_counted_and_gives_the_values_of_the_reference(tmp_path: Path) -> None:
    net = same_values(plain(tmp_path), drawn(1, 3, 8, 8))
    figures = net.analysis.totals.figures
    assert figures.params == 4 * 3 * 9 + 4 + 8 + 64 * 10 + 10
    assert figures.buffers == 8
    assert figures.cost.macs == 64 * 4 * 27 + 640


def test_paths_of_modules_are_names_and_groups(tmp_path: Path) -> None:
    graph = Net(plain(tmp_path)).analysis.graph
    assert [node.name for node in graph.nodes] == [
        *("input", "features.0", "features.1", "features.2", "pool", "flatten", "fc"),
    ]
    assert [(group.path, group.word) for group in graph.groups] == [("features", "block")]
    assert [row.label for row in graph.rows] == [None, None, None, None, "pool", None, "fc"]


def test_weights_stay_in_their_file_under_its_names(tmp_path: Path) -> None:
    graph = Net(plain(tmp_path)).analysis.graph
    assert graph.weights_in == str(tmp_path / "net.onnx")
    assert graph.stored["features.0.weight"] == Stored("features.0.weight")
    assert graph.stored["features.1.running_var"] == Stored("v")


def test_classes_of_modules_are_read_from_what_the_newer_exporter_writes(tmp_path: Path) -> None:
    nodes = [node("Conv", "x w", "a", "node_conv2d"), node("Relu", "a", "y", "/head/relu/Relu")]
    path = written(tmp_path / "net.onnx", nodes, {"w": drawn(2, 3, 1, 1)}, IMAGE)
    model = load_model(str(path))
    model.graph.node[0].metadata_props.add(key="pkg.torch.onnx.name_scopes", value="['', 'stem', 'stem.0', 'conv2d']")
    classes = "['zoo.Net', 'zoo.Stem', 'torch.nn.modules.conv.Conv2d', 'aten.conv2d.default']"
    model.graph.node[0].metadata_props.add(key="pkg.torch.onnx.class_hierarchy", value=classes)
    save(model, str(path))
    graph = Net(path).analysis.graph
    assert (graph.title, graph.groups[0].word, graph.nodes[1].name) == ("Net", "Stem", "stem.0")


def test_where_the_names_of_nodes_say_nothing_those_of_weights_do(tmp_path: Path) -> None:
    nodes = [node("Conv", "x layer1.conv.weight", "a", "Conv_0"), node("Relu", "a", "y", "Relu_1")]
    path = written(tmp_path / "net.onnx", nodes, {"layer1.conv.weight": drawn(2, 3, 1, 1)}, IMAGE)
    assert [one.name for one in Net(path).analysis.graph.nodes] == ["input", "layer1.conv", "relu"]


def test_convolutions_with_the_same_kernel_share_it(tmp_path: Path) -> None:
    nodes = [node("Conv", "x w", "a"), node("Conv", "a w", "y")]
    net = same_values(written(tmp_path / "net.onnx", nodes, {"w": drawn(3, 3, 1, 1)}, IMAGE), drawn(1, 3, 8, 8))
    assert net.analysis.totals.figures.params == 9


def test_an_initializer_that_is_listed_as_an_input_is_none(tmp_path: Path) -> None:
    arrays = {"w": drawn(2, 3, 1, 1)}
    path = written(tmp_path / "net.onnx", [node("Conv", "x w", "y")], arrays, {**IMAGE, "w": [2, 3, 1, 1]})
    assert Net(path).words() == ["conv"]


@pytest.mark.parametrize("kind", ["float16", "float64", "bfloat16"])
def test_weights_of_other_floats_are_float32_in_a_run(tmp_path: Path, kind: str) -> None:
    kernel = np.float32([[0.5, -2.0, 1.25]]).reshape(1, 3, 1, 1)
    path = written(tmp_path / "net.onnx", [node("Conv", "x w", "y")], {"w": kernel}, IMAGE)
    model = load_model(str(path))
    if kind == "bfloat16":
        halves = (kernel.view(np.uint32) >> 16).astype(np.uint16)
        tensor = helper.make_tensor("w", TensorProto.BFLOAT16, kernel.shape, halves.tobytes(), raw=True)
    else:
        tensor = numpy_helper.from_array(kernel.astype(kind), "w")
    model.graph.initializer[0].CopyFrom(tensor)
    save(model, str(path))
    image = drawn(1, 3, 8, 8)
    (found,) = Net(path).run({"x": image})
    np.testing.assert_allclose(found, np.einsum("oc,nchw->nohw", kernel[:, :, 0, 0], image), rtol=1e-5, atol=1e-6)


def test_external_data_beside_the_file_is_read(tmp_path: Path) -> None:
    path = plain(tmp_path)
    image = drawn(1, 3, 8, 8)
    (wanted,) = Net(path).run({"x": image})
    model = load_model(str(path))
    save(model, str(path), save_as_external_data=True, location="net.data", size_threshold=0)
    assert (tmp_path / "net.data").stat().st_size > 2_000
    (found,) = Net(path).run({"x": image})
    np.testing.assert_array_equal(found, wanted)


def test_the_api_runs_a_file_with_its_own_weights(tmp_path: Path) -> None:
    path, image = plain(tmp_path), drawn(1, 3, 8, 8)
    model = load(str(path))
    assert model.graph.order == "channels_first"
    np.testing.assert_allclose(model.run(image[0]), reference(path, {"x": image})[0], rtol=1e-5, atol=1e-5)


# ---------------------------------------------------------------------- inputs
def test_channels_stand_last_where_a_transpose_says_so(tmp_path: Path) -> None:
    nodes = [node("Transpose", "x", "a", perm=[0, 3, 1, 2]), node("Conv", "a w", "y")]
    path = written(tmp_path / "net.onnx", nodes, {"w": drawn(2, 3, 3, 3)}, {"x": [1, 8, 8, 3]})
    net = same_values(path, drawn(1, 8, 8, 3))
    assert net.words() == ["conv", "rearrange"]
    assert net.analysis.graph.order == "channels_last"
    assert net.analysis.totals.outputs[0].text() == "2x6x6"  # the file's output has its channels first


@pytest.mark.parametrize(
    ("last", "shape", "text"),
    [
        (node("Transpose", "c", "y", perm=[0, 2, 3, 1]), (1, 6, 7, 2), "6x7x2"),
        (node("Transpose", "c", "y", perm=[0, 3, 2, 1]), (1, 7, 6, 2), "7x6x2"),
        (node("ReduceMax", "c", "y", axes=[1, 3], keepdims=0), (1, 6), "6"),
    ],
)
def test_an_output_has_its_axes_where_the_file_has_them(
    tmp_path: Path, last: Any, shape: tuple[int, ...], text: str
) -> None:
    """Shapes and values as ONNX Runtime 1.23 gives them."""
    nodes = [node("Conv", "x w", "c"), last]
    path = written(tmp_path / "net.onnx", nodes, {"w": drawn(2, 3, 3, 3)}, {"x": [1, 3, 8, 9]})
    image = drawn(1, 3, 8, 9)
    model = load(str(path))
    found = model.run(image[0])
    assert found.shape == shape
    assert model.analysis.totals.outputs[0].text("channels_first") == text
    np.testing.assert_allclose(found, reference(path, {"x": image})[0], rtol=1e-5, atol=1e-5)


def test_open_sizes_are_asked_for_by_their_names(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("Relu", "x", "y")], {}, {"x": ["n", 3, "height", "width"]})
    with pytest.raises(InputError) as caught:
        Net(path)
    (fault,) = caught.value.diagnostics
    assert fault.code == "input-size"
    assert fault.message == "the input `x` leaves sizes open: `height`, `width`"
    assert fault.help == "give --input 224x224x3"
    assert Net(path, "16x12").analysis.totals.outputs[0].text() == "16x12x3"


def test_several_images_that_a_file_states_are_one_here(tmp_path: Path) -> None:
    nodes = [node("Reshape", "x sizes", "a"), node("Gemm", "a w", "y", transB=1)]
    arrays = {"sizes": [4, 192], "w": drawn(5, 192)}
    path = written(tmp_path / "net.onnx", nodes, arrays, {"x": [4, 3, 8, 8]})
    net = same_values(path, drawn(4, 3, 8, 8))
    assert net.words() == ["flatten", "dense"]


def test_two_inputs_keep_their_names(tmp_path: Path) -> None:
    path = written(tmp_path / "net.onnx", [node("Add", "left right", "y")], {}, {"left": [1, 2, 4], "right": [1, 2, 4]})
    net = same_values(path, drawn(1, 2, 4), drawn(1, 2, 4, seed=1))
    assert [one.name for one in net.analysis.graph.nodes] == ["left", "right", "add"]


# ---------------------------------------------------------------------- constants
def test_sizes_that_are_worked_out_in_the_graph_are_followed(tmp_path: Path) -> None:
    """PyTorch's `x.view(x.size(0), -1)`."""
    nodes = [
        node("Shape", "x", "s"),
        node("Gather", "s zero", "n", axis=0),
        node("Unsqueeze", "n zeros", "n1"),
        node("Concat", "n1 rest", "sizes", axis=0),
        node("Reshape", "x sizes", "y"),
    ]
    arrays = {"zero": np.int64(0), "zeros": [0], "rest": [-1]}
    net = same_values(written(tmp_path / "net.onnx", nodes, arrays, {"x": ["n", 3, 8, 8]}), drawn(1, 3, 8, 8))
    assert net.words() == ["flatten"]


@pytest.mark.parametrize("op", ["Add", "Sub", "Mul", "Div"])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("sizes", [(), (1,), (6, 1, 1), (1, 6, 1, 1), (1, 6, 4, 4), (4,)])
def test_a_constant_on_either_side_of_arithmetic(
    tmp_path: Path, op: str, is_first: bool, sizes: tuple[int, ...]
) -> None:
    constant = np.abs(drawn(*sizes, seed=3)) + np.float32(0.5)
    reads = "w x" if is_first else "x w"
    path = written(tmp_path / "net.onnx", [node(op, reads, "y")], {"w": constant}, {"x": [1, 6, 4, 4]})
    same_values(path, np.abs(drawn(1, 6, 4, 4)) + np.float32(0.5))


def test_a_kernel_that_is_transposed_in_the_graph_stays_a_name(tmp_path: Path) -> None:
    nodes = [node("Transpose", "w", "t", perm=[1, 0]), node("MatMul", "x t", "a"), node("Add", "a b", "y")]
    path = written(tmp_path / "net.onnx", nodes, {"w": drawn(5, 7), "b": drawn(5)}, {"x": [1, 7]})
    net = same_values(path, drawn(1, 7))
    (stored,) = (one for name, one in net.analysis.graph.stored.items() if name.endswith("weight"))
    assert stored == Stored("w", (Step("transpose", (1, 0)), Step("transpose", (1, 0))))


# ---------------------------------------------------------------------- patterns
def test_a_matrix_and_its_bias_are_one_dense_layer(tmp_path: Path) -> None:
    nodes = [node("MatMul", "x w", "a"), node("Add", "b a", "y")]
    path = written(tmp_path / "net.onnx", nodes, {"w": drawn(7, 5), "b": drawn(5)}, {"x": [1, 7]})
    assert same_values(path, drawn(1, 7)).words() == ["dense"]


def test_a_product_that_others_read_keeps_its_bias_apart(tmp_path: Path) -> None:
    nodes = [node("MatMul", "x w", "a"), node("Add", "a b", "c"), node("Mul", "a c", "y")]
    path = written(tmp_path / "net.onnx", nodes, {"w": drawn(7, 5), "b": drawn(5)}, {"x": [1, 7]})
    assert same_values(path, drawn(1, 7)).words() == ["dense", "shift", "mul"]


PATTERNS = {
    "silu": [node("Sigmoid", "x", "a"), node("Mul", "x a", "y")],
    "mish": [node("Softplus", "x", "a"), node("Tanh", "a", "b"), node("Mul", "x b", "y")],
    "hardswish": [
        *(node("Add", "x three", "a"), node("Clip", "a zero six", "b")),
        *(node("Mul", "x b", "c"), node("Div", "c six", "y")),
    ],
    "hardsigmoid": [node("Add", "x three", "a"), node("Clip", "a zero six", "b"), node("Div", "b six", "y")],
    "gelu": [
        *(node("Div", "x root", "a"), node("Erf", "a", "b"), node("Add", "b one", "c")),
        *(node("Mul", "x c", "d"), node("Mul", "d half", "y")),
    ],
    "ln": [
        *(node("ReduceMean", "x", "m", axes=[-1]), node("Sub", "x m", "c"), node("Pow", "c two", "p")),
        *(node("ReduceMean", "p", "v", axes=[-1]), node("Add", "v tiny", "e"), node("Sqrt", "e", "r")),
        *(node("Div", "c r", "n"), node("Mul", "n scale", "o"), node("Add", "o shift", "y")),
    ],
}
NUMBERS = {"three": 3, "zero": 0, "six": 6, "root": 2**0.5, "one": 1, "half": 0.5, "two": 2, "tiny": 1e-5}


@pytest.mark.parametrize("word", PATTERNS)
def test_nodes_that_are_one_layer_are_one_row(tmp_path: Path, word: str) -> None:
    arrays = {
        **{name: np.float32(value) for name, value in NUMBERS.items()},
        "scale": drawn(6),
        "shift": drawn(6, seed=1),
    }
    path = written(tmp_path / "net.onnx", PATTERNS[word], arrays, {"x": [1, 6]}, opset=13)
    assert same_values(path, 3 * drawn(1, 6)).words() == [word]


def test_a_gate_of_another_tensor_is_a_product(tmp_path: Path) -> None:
    nodes = [node("Relu", "x", "r"), node("Sigmoid", "r", "a"), node("Mul", "x a", "y")]
    net = same_values(written(tmp_path / "net.onnx", nodes, {}, IMAGE), drawn(1, 3, 8, 8))
    assert net.words() == ["relu", "sigmoid", "mul"]


# ---------------------------------------------------------------------- views
def test_a_channel_shuffle_is_one_layer(tmp_path: Path) -> None:
    nodes = [
        *(node("Reshape", "x apart", "a"), node("Transpose", "a", "b", perm=[0, 2, 1, 3, 4])),
        node("Reshape", "b whole", "y"),
    ]
    arrays = {"apart": [1, 2, 3, 4, 4], "whole": [1, 6, 4, 4]}
    path = written(tmp_path / "net.onnx", nodes, arrays, {"x": [1, 6, 4, 4]})
    assert same_values(path, drawn(1, 6, 4, 4)).words() == ["shuffle"]


def test_attention_is_two_products_and_a_softmax(tmp_path: Path) -> None:
    nodes = [
        *(node("MatMul", "x wq", "q"), node("MatMul", "x wk", "k"), node("MatMul", "x wv", "v")),
        *(node("Transpose", "k", "t", perm=[0, 2, 1]), node("MatMul", "q t", "a"), node("Mul", "a half", "b")),
        *(node("Softmax", "b", "c", axis=-1), node("MatMul", "c v", "y")),
    ]
    arrays = {**{name: drawn(6, 4, seed=at) for at, name in enumerate(("wq", "wk", "wv"))}, "half": np.float32(0.5)}
    net = same_values(written(tmp_path / "net.onnx", nodes, arrays, {"x": [1, 5, 6]}), drawn(1, 5, 6))
    assert [word for word in net.words() if word in {"matmul", "softmax"}] == ["matmul", "softmax", "matmul"]


@pytest.mark.parametrize(("low", "opset"), [("attribute", 9), ("input", 13)])
def test_limits_are_attributes_in_old_opsets_and_inputs_in_new_ones(tmp_path: Path, low: str, opset: int) -> None:
    clip = node("Clip", "x", "y", min=0.0, max=6.0) if low == "attribute" else node("Clip", "x low high", "y")
    arrays = {} if low == "attribute" else {"low": np.float32(0), "high": np.float32(6)}
    path = written(tmp_path / "net.onnx", [clip], arrays, IMAGE, opset=opset)
    assert Net(path).words() == ["relu6"]


def test_a_slope_of_float32_is_written_with_the_fewest_digits(tmp_path: Path) -> None:
    nodes = [node("LeakyRelu", "x", "r", alpha=0.1), node("Elu", "r", "y", alpha=1 / 3)]
    path = written(tmp_path / "net.onnx", nodes, {}, {"x": (1, 3, 4, 4)})
    assert [row.text for row in same_values(path, drawn(1, 3, 4, 4)).analysis.graph.rows][1:] == [
        "leaky 0.1",
        "elu 0.33333334",
    ]


def test_what_works_on_the_result_of_an_unread_node_is_not_named_beside_it(tmp_path: Path) -> None:
    nodes = [node("Shape", "x", "s"), node("Unique", "s", "u"), node("Relu", "u", "y")]
    with pytest.raises(InputError) as caught:
        load(str(written(tmp_path / "net.onnx", nodes, {}, {"x": (1, 3, 4, 4)})))
    assert [one.message for one in caught.value.diagnostics] == ["node 2: the operator Unique is not read here"]
