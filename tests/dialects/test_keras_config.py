"""Models as Keras writes them with `to_json()`, of Keras 2 and 3: read, counted, and refused with a place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.net_files import read

INPUT_2 = {
    "class_name": "InputLayer",
    "config": {"batch_input_shape": [None, 8, 8, 3], "dtype": "float32", "name": "img"},
}


def layer(kind: str, name: str, *sources: Any, **config: Any) -> dict[str, Any]:
    """A layer of a functional model of Keras 2; `sources` are its calls, each the names of what it reads."""
    nodes = [[[one, 0, 0, {}] for one in call.split()] for call in sources]
    return {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": nodes}


def functional(*layers: dict[str, Any], outputs: tuple[tuple[str, int], ...]) -> str:
    first = {**INPUT_2, "name": "img", "inbound_nodes": []}
    ends = [[name, call, 0] for name, call in outputs]
    config = {"name": "model", "layers": [first, *layers], "input_layers": [["img", 0, 0]], "output_layers": ends}
    return json.dumps({"class_name": "Functional", "config": config, "keras_version": "2.9.0", "backend": "tensorflow"})


def sequential(*layers: dict[str, Any]) -> str:
    return json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": list(layers)}}, indent=1)


def found(text: str, size: str | None = None) -> Analysis:
    return analyse(read(Source("model.json", text), size)[0])


def refused(text: str) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        found(text)
    return caught.value.diagnostics[0]


def test_a_sequential_of_keras_2_is_read() -> None:
    """Dense on 5x5x4 flattened: 101 * 10 weights; Conv2D (3*3*3+1)*4; Keras 2 keeps the slope under alpha."""
    text = sequential(
        INPUT_2,
        {"class_name": "Conv2D", "config": {"name": "c", "filters": 4, "kernel_size": [3, 3], "strides": [1, 1],
         "padding": "valid", "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "linear",
         "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1.0}}, "kernel_constraint": None}},
        {"class_name": "LeakyReLU", "config": {"name": "act", "trainable": True, "alpha": 0.1}},
        {"class_name": "Flatten", "config": {"name": "flat"}},
        {"class_name": "Dense", "config": {"name": "last", "units": 10, "activation": "softmax", "use_bias": True}},
    )  # fmt: skip
    net = found(text)
    assert net.totals.figures.params == 28 * 4 + 145 * 10
    assert [node.node.name for node in net.nodes] == ["img", "c", "act", "flat", "last", "last.softmax"]
    assert net.nodes[2].node.layer.slope == 0.1  # type: ignore[attr-defined]
    assert net.graph.heading == "net"


def test_a_layer_called_twice_has_its_weights_once() -> None:
    convolution = layer("Conv2D", "c", "img", "sum", filters=3, kernel_size=[1, 1])
    text = functional(convolution, layer("Add", "sum", "img c"), outputs=(("c", 1), ("sum", 0)))
    net = found(text)
    assert net.totals.figures.params == 12
    assert [node.node.name for node in net.nodes if node.node.shares is not None] != []
    assert [shape.text() for shape in net.totals.outputs] == ["8x8x3", "8x8x3"]


def test_a_model_is_a_layer_of_a_model() -> None:
    inner = {
        "class_name": "Sequential",
        "config": {"name": "inner", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}]},
        "name": "inner",
        "inbound_nodes": [[["flat", 0, 0, {}]]],
    }
    net = found(functional(layer("Flatten", "flat", "img"), inner, outputs=(("inner", 0),)))
    assert [node.node.name for node in net.nodes if node.weights] == ["inner.d"]


def test_functions_of_keras_3_are_layers_of_its_configuration() -> None:
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 8, 8, 3], "keras_history": ["img", 0, 0]}}
    twice = {"module": "keras.src.ops.numpy", "class_name": "Multiply", "config": {"name": "twice"}, "name": "twice",
             "inbound_nodes": [{"args": [tensor, 2], "kwargs": {}}]}  # fmt: skip
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 3], "name": "img"}, "inbound_nodes": []}
    config = {"name": "net", "layers": [first, twice], "input_layers": ["img", 0, 0], "output_layers": ["twice", 0, 0]}
    net = found(json.dumps({"module": "keras", "class_name": "Functional", "config": config}))
    assert net.nodes[1].node.layer.factor == 2  # type: ignore[attr-defined]


def test_an_activation_may_be_a_layer_of_its_own() -> None:
    leaky = {"module": "keras.layers", "class_name": "LeakyReLU", "config": {"name": "l", "negative_slope": 0.25}}
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": leaky}}
    assert found(sequential(INPUT_2, dense)).nodes[-1].node.layer.slope == 0.25  # type: ignore[attr-defined]


def test_open_sizes_are_those_of_the_input_option() -> None:
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, None, None, 3], "name": "img"}}
    text = sequential(first, {"class_name": "Conv2D", "config": {"name": "c", "filters": 2, "kernel_size": [3, 3]}})
    assert found(text, "10x8x3").totals.outputs[0].text() == "8x6x2"
    assert "--input" in str(refused(text))


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (
            sequential(INPUT_2, {"class_name": "MyLayer", "config": {}}),
            "keras-config",
            "`MyLayer`, a class of a program",
        ),
        (sequential(INPUT_2, {"class_name": "Lambda", "config": {"name": "l"}}), "keras-config", "a Lambda"),
        (sequential(INPUT_2, {"class_name": "Conv2D", "config": {"filters": 2}}), "missing-operand", "kernel_size"),
        (sequential(INPUT_2, {"class_name": "Flatten"}), "keras-config", "`config` is missing"),
        (functional(layer("Flatten", "f", "nobody"), outputs=(("f", 0),)), "keras-config", "does not have"),
        (functional(layer("Flatten", "f", "f"), outputs=(("f", 0),)), "keras-config", "does not have"),
        (functional(layer("Flatten", "f", "img"), outputs=(("f", 7),)), "keras-config", "no such result"),
        ('{"class_name": "Sequential", "config": {"layers": 5}}', "keras-config", "a list is expected"),
        ('{"class_name": "Sequential"}', "keras-config", "`config` is missing"),
        ('{"class_name": 7, "config": {}}', "keras-config", "must be a text"),
        ('{"class_name": "Sequential", "config": [', "broken-json", ""),
    ],
)
def test_what_is_no_whole_model_is_refused_at_its_place(text: str, code: str, told: str) -> None:
    fault = refused(text)
    assert fault.code == code
    assert told in fault.message
    assert fault.span is not None


def test_a_place_in_the_json_is_that_of_the_layer() -> None:
    text = sequential(INPUT_2, {"class_name": "Conv2D", "config": {"name": "c", "filters": 2, "kernel_size": [9, 9]}})
    fault = refused(text)
    assert (fault.code, fault.span and text.split("\n")[fault.span.line - 1].strip()) == (
        "kernel-too-large",
        '"class_name": "Conv2D",',
    )
