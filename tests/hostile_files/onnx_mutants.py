"""ONNX files that are damaged, or whole and hostile: strange graphs of few nodes, and bytes changed in sound ones.

Most graphs are about right: operators that are read, constants of sizes that may fit, attributes with likely names.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from cnncalc.dialects.onnx.folding import FOLDERS
from cnncalc.dialects.onnx.operator_table import OPERATORS, REFUSED

from .chance import ODD_NUMBERS, Chance, damaged, patched

READ = sorted(OPERATORS)
WORDS = sorted({*OPERATORS, *FOLDERS, *REFUSED})
ATTRIBUTES = (
    *("axis", "axes", "perm", "shape", "kernel_shape", "strides", "pads", "dilations", "group", "auto_pad", "alpha"),
    *("beta", "epsilon", "keepdims", "mode", "split", "starts", "ends", "steps", "to", "value", "value_ints", "p"),
    *("ceil_mode", "count_include_pad", "output_padding", "output_shape", "transA", "transB", "min", "max", "size"),
    *("allowzero", "start", "end", "num_groups", "blocksize", "scales", "coordinate_transformation_mode", "bias"),
    *("num_outputs", "then_branch", "repeats", "equation", "noop_with_empty_axes", "training_mode", "nearest_mode"),
)
TEXTS = ("SAME_UPPER", "SAME_LOWER", "VALID", "constant", "reflect", "nearest", "linear", "cubic", "", "é" * 40, "DCR")
SIZES = (*range(5), 8, 16, -1, -2, 10**6, 2**31, 2**40, 2**63 - 1, -(2**63))
INPUTS = ((1, 3, 8, 8), (1, 8, 8, 3), (2, 3, 8, 8), (1, 16), (1, 4, 8), (1, 2, 4, 4, 4), (5,), (1, 4, 4, 4, 4, 4), ())


def onnx(chance: Chance) -> bytes:
    """A graph of a few nodes, or a sound one with damage."""
    if chance.some(0.6):
        model = helper.make_model(_graph(chance), opset_imports=[helper.make_opsetid("", chance.choice(_OPSETS))])
        content = model.SerializeToString()
        return content if chance.some(0.9) else damaged(chance, content, 2)
    model = ModelProto.FromString(chance.choice(_sound()))
    if chance.some(0.6):
        _change(chance, model)
        return model.SerializeToString()
    content = model.SerializeToString()
    return damaged(chance, content) if chance.some(0.7) else patched(chance, content)


_OPSETS = (7, 9, 11, 12, 13, 13, 17, 18, 20, 22, 24)


# ---------------------------------------------------------------------- graphs of chance
def _graph(chance: Chance) -> GraphProto:
    names = ["x"]
    arrays = [_array(chance, f"w{at}") for at in range(chance.randint(1, 5))]
    names += [one.name for one in arrays]
    nodes = []
    for at in range(chance.choice((1, 1, 1, 2, 2, 3, 6))):
        reads = [chance.choice(names) for _ in range(chance.randint(1, 4))]
        if chance.some(0.9):
            reads[0] = names[-1] if nodes else "x"
        makes = [f"n{at}", *(f"n{at}b{more}" for more in range(chance.choice((0, 0, 0, 1, 3))))]
        attributes = dict(_attribute(chance) for _ in range(chance.randint(0, 4)))
        nodes.append(
            helper.make_node(
                chance.choice(READ if chance.some(0.97) else WORDS), reads, makes, name=chance.one("", f"/a/b{at}/op")
            )
        )
        nodes[-1].attribute.extend(one for one in attributes.values() if one is not None)
        names += makes
    shape = chance.choice(INPUTS) if chance.some(0.9) else None
    x = helper.make_tensor_value_info("x", chance.choice((1, 1, 1, 1, 10, 7)), shape)
    y = helper.make_tensor_value_info(chance.choice(names[-2:]), 1, None)
    return helper.make_graph(nodes, "g", [x], [y], arrays)


def _array(chance: Chance, name: str) -> TensorProto:
    if chance.some(0.5):
        numbers = np.array([chance.choice(SIZES[:12]) for _ in range(chance.randint(0, 5))], np.int64)
        return numpy_helper.from_array(numbers.reshape(() if len(numbers) == 1 and chance.some(0.5) else -1), name)
    dims = chance.choice(((), (1,), (3,), (16,), (4, 3, 3, 3), (3, 1, 3, 3), (16, 5), (1, 3, 1, 1), (8, 8), (4, 3, 2)))
    kind = chance.choice((np.float32, np.float32, np.float32, np.float16, np.float64, np.bool_))
    array = numpy_helper.from_array(np.ones(dims, kind), name)
    return _lying(chance, array) if chance.some(0.1) else array


def _lying(chance: Chance, array: TensorProto) -> TensorProto:
    """An array whose sizes, type or place are others than its numbers."""
    chance.made(
        lambda: array.dims.append(chance.choice(SIZES)),
        lambda: setattr(array, "data_type", chance.randrange(28)),
        lambda: setattr(array, "raw_data", array.raw_data[:-1]),
        lambda: array.ClearField("raw_data"),
        lambda: _put_elsewhere(chance, array),
    )
    return array


def _put_elsewhere(chance: Chance, array: TensorProto) -> None:
    array.data_location = TensorProto.EXTERNAL
    place = chance.one("../secret", "/etc/passwd", "w.bin", "", ".", "a\0b", "C:\\w.bin", "//host/w", "w" * 5000)
    array.external_data.add(key="location", value=place)
    if chance.some(0.5):
        array.external_data.add(key=chance.one("offset", "length"), value=chance.one("-1", "x", "9" * 30, "٣", "4"))


def _attribute(chance: Chance) -> tuple[str, AttributeProto | None]:
    name = chance.choice(ATTRIBUTES)
    value: Any = chance.made(
        lambda: chance.choice(SIZES),
        lambda: [chance.choice(SIZES[:8]) for _ in range(chance.randint(1, 5))],
        lambda: [chance.choice(SIZES) for _ in range(chance.randint(1, 8))],
        lambda: chance.one(0.0, 1.0, float("nan"), float("inf"), -1e30, 0.5),
        lambda: [chance.one(0.0, 2.0, float("nan")) for _ in range(chance.randint(1, 4))],
        lambda: chance.choice(TEXTS),
        lambda: _array(chance, "t"),
    )
    try:
        return name, helper.make_attribute(name, value)
    except ValueError:  # the library itself holds that such an attribute is none
        return name, None


# ---------------------------------------------------------------------- sound graphs, changed
@functools.cache
def _sound() -> tuple[bytes, ...]:
    """A small net of each kind, as PyTorch writes them."""
    return tuple(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]).SerializeToString()
        for graph in (_plain_net(), _net_of_views())
    )


def _weights(**dims: tuple[int, ...]) -> list[TensorProto]:
    return [numpy_helper.from_array(np.ones(sizes, np.float32), name) for name, sizes in dims.items()]


def _plain_net() -> GraphProto:
    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["a"], name="/f/f.0/Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization", ["a", "b1", "b1", "b1", "b1"], ["b"], name="/f/f.1/BatchNormalization"),
        helper.make_node("Relu", ["b"], ["c"]),
        helper.make_node("MaxPool", ["c"], ["d"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["d"], ["e"]),
        helper.make_node("Gemm", ["e", "w2", "b2"], ["y"], transB=1),
    ]
    return _with_ends(nodes, _weights(w1=(4, 3, 3, 3), b1=(4,), w2=(10, 64), b2=(10,)))


def _net_of_views() -> GraphProto:
    nodes = [
        helper.make_node("Shape", ["x"], ["s"]),
        helper.make_node("Gather", ["s", "zero"], ["n"], axis=0),
        helper.make_node("Unsqueeze", ["n", "zeros"], ["n1"]),
        helper.make_node("Concat", ["n1", "rest"], ["sizes"], axis=0),
        helper.make_node("Reshape", ["x", "sizes"], ["t"]),
        helper.make_node("Transpose", ["t"], ["u"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["u", "w"], ["v"]),
        helper.make_node("Slice", ["v", "zeros", "ones", "ones"], ["p"]),
        helper.make_node("Softmax", ["p"], ["y"], axis=-1),
    ]
    whole = [
        numpy_helper.from_array(np.array(value, np.int64), name)
        for name, value in (("zero", 0), ("zeros", [0]), ("ones", [1]), ("rest", [3, -1]))
    ]
    return _with_ends(nodes, [*whole, *_weights(w=(3, 5))])


def _with_ends(nodes: list[NodeProto], arrays: list[TensorProto]) -> GraphProto:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])
    return helper.make_graph(nodes, "g", [x], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], arrays)


def _change(chance: Chance, model: ModelProto) -> None:
    """One to three changes that leave a file that can be read."""
    graph = model.graph
    for _ in range(chance.randint(1, 3)):
        node = chance.choice(graph.node)
        chance.made(
            lambda node=node: node.input.__setitem__(0, chance.choice(["", "y", "x", "w1", "ghost", *node.output])),
            lambda node=node: node.input.append(chance.choice(graph.node).output[0]),
            lambda node=node: node.output.append(chance.choice(["x", "y", "", "w1"])),
            lambda node=node: setattr(node, "op_type", chance.choice(WORDS)),
            lambda node=node: setattr(node, "domain", chance.one("com.microsoft", "ai.onnx", "x" * 2000)),
            lambda node=node: node.attribute.extend(one for one in (_attribute(chance)[1],) if one is not None),
            lambda: graph.node.extend([chance.choice(graph.node)]),
            lambda: graph.initializer.extend([chance.choice(graph.initializer)]),
            lambda: _lying(chance, chance.choice(graph.initializer)),
            lambda: setattr(_first_size(graph, chance), "dim_value", chance.choice([*SIZES, *ODD_NUMBERS[:20]])),
            lambda: setattr(_first_size(graph, chance), "dim_param", "height"),
            lambda: graph.input[0].type.tensor_type.ClearField("shape") if graph.input else None,
            lambda: setattr(model.opset_import[0], "version", chance.choice(SIZES)),
            lambda: graph.ClearField(chance.one("output", "input", "node", "initializer")),
        )
        if not graph.node or not graph.initializer:
            break


def _first_size(graph: GraphProto, chance: Chance) -> Any:
    dims = graph.input[0].type.tensor_type.shape.dim if graph.input else []
    return chance.choice(dims) if dims else helper.make_tensor_value_info("x", 1, [1]).type.tensor_type.shape.dim[0]
