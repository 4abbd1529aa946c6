"""The calls of `tests/graph/pasted_calls.txt` made by PyTorch and Keras themselves: sizes and parameters are theirs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.other_layers import KINDS

LINES = (Path(__file__).parents[1] / "graph" / "pasted_calls.txt").read_text(encoding="utf-8").splitlines()[2:]
CALLS = [tuple(part.strip() for part in line.rsplit("|", 2)) for line in LINES]
TORCH = [
    (call, arriving)
    for call, arriving, _ in CALLS
    if call.removeprefix("torch.").startswith("nn.") and call[-1] in "),"
]
KERAS_STARTS = (
    "Conv",
    "layers.",
    "MaxP",
    "Average",
    "Global",
    "Dense",
    "Batch",
    "ZeroP",
    "Crop",
    "UpS",
    "Depth",
    "Sepa",
)
KERAS = [(call, arriving) for call, arriving, _ in CALLS if call.startswith(KERAS_STARTS) and "d(" not in call]


def ours(call: str, arriving: str) -> tuple[tuple[int, ...], list[int], int]:
    """The input's sizes, the output's, and the learned numbers; channels last."""
    graph, faults = load_graph(Source("m", f"input {arriving}\n{call}\n"))
    assert faults == ()
    read = [(node.layer, tuple(graph.nodes[index].output for index in node.inputs)) for node in graph.nodes]
    params = sum(one.count for layer, inputs in read for one in layer.weights(inputs) if one.trainable)
    return graph.nodes[0].output.sizes(), list(graph.nodes[-1].output.sizes()), params


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize(("call", "arriving"), TORCH, ids=[call for call, _ in TORCH])
def test_pytorch_makes_the_same_of_a_pasted_call(call: str, arriving: str) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
    sizes, made, params = ours(call, arriving)
    layer = eval(call.rstrip(","), {"torch": torch, "nn": torch.nn})  # a literal of our own corpus
    image = torch.zeros(2, sizes[-1], *sizes[:-1])
    if "Linear(" in call or ("LayerNorm(9" in call and len(sizes) > 1):
        image = image.movedim(1, -1)
    image = image.flatten(1) if "Linear(" in call else image
    found = layer.eval()(image)
    shape = list(found.shape[1:])
    last = shape if "LayerNorm(9" in call and len(sizes) > 1 else [*shape[1:], shape[0]]
    assert last == made
    assert sum(one.numel() for one in layer.parameters()) == params


@pytest.mark.parametrize(("call", "arriving"), KERAS, ids=[call for call, _ in KERAS])
def test_keras_makes_the_same_of_a_pasted_call(call: str, arriving: str) -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    if "alpha=" in call or "SAME" in call:
        pytest.skip("Keras 2 wrote it so")
    sizes, made, params = ours(call, arriving)
    names: dict[str, Any] = {**vars(keras.layers), "layers": keras.layers}
    layer = eval(call, names)  # a literal of our own corpus
    found = layer(keras.ops.zeros((2, *sizes)))
    assert list(found.shape[1:]) == made
    assert sum(int(keras.ops.size(one)) for one in layer.trainable_weights) == params


def test_layers_of_other_nets_have_the_parameters_that_the_message_tells() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
    nn = torch.nn
    made = {
        ("lstm", "PyTorch"): (nn.LSTM(7, 5), {"n": 7, "h": 5}),
        ("gru", "PyTorch"): (nn.GRU(7, 5), {"n": 7, "h": 5}),
        ("rnn", "PyTorch"): (nn.RNN(7, 5), {"n": 7, "h": 5}),
        ("embedding", "Keras and PyTorch"): (nn.Embedding(11, 3), {"v": 11, "d": 3}),
        ("multiheadattention", "PyTorch, where d = e / h"): (nn.MultiheadAttention(12, 3), {"e": 12}),
        ("transformer", "PyTorch's TransformerEncoderLayer"): (
            nn.TransformerEncoderLayer(12, 3, 20),
            {"d": 12, "f": 20},
        ),
    }
    for (name, framework), (layer, numbers) in made.items():
        count = next(one for one in KINDS[name].counts if one.framework == framework)
        assert count.params(**numbers) == sum(one.numel() for one in layer.parameters())
        assert eval(count.symbols, dict(numbers)) == count.params(**numbers)


def test_recurrent_layers_of_keras_have_the_parameters_that_the_message_tells() -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    layers, steps = keras.layers, keras.ops.zeros((1, 4, 7))
    made = {"lstm": layers.LSTM(5), "gru": layers.GRU(5), "rnn": layers.SimpleRNN(5)}
    for name, layer in made.items():
        layer(steps)
        count = next(one for one in KINDS[name].counts if one.framework == "Keras")
        assert count.params(n=7, h=5) == layer.count_params()
    attention = layers.MultiHeadAttention(3, 4)
    attention(steps, steps)
    count = next(one for one in KINDS["multiheadattention"].counts if one.framework == "Keras")
    assert count.params(e=7, h=3, d=4) == attention.count_params()
    recurrent = layers.ConvLSTM2D(6, 3)
    recurrent(keras.ops.zeros((1, 2, 8, 8, 5)))
    assert KINDS["convlstm"].counts[0].params(k=3, c=5, f=6) == recurrent.count_params()
