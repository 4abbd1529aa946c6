"""Random nets, layer by layer, beside PyTorch in float64 through a translation that shares no arithmetic with ours.

`pytest tests/against -n 0 --random-nets 2000` compares so many; 100 without.
"""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.layers.registry import LAYERS

from ..random_nets.arguments import Choose
from ..random_nets.drawing import graph_of, net
from ..random_nets.shrinking import shrunk
from ..random_nets.stepwise import Truth, truth_of

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")

CLOSE = 1e-10
"""Of a map's largest value: both sides compute in float64."""

NETS = 100


def test_every_layer_word_is_translated_anew() -> None:
    from .torch_by_words import JOINS, WORDS

    assert set(LAYERS) == {*WORDS, *JOINS, "attention", "input", "learned", "constant"}


def test_a_layer_that_pytorch_computes_otherwise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from . import torch_by_words

    monkeypatch.setattr(torch_by_words, "WORDS", {**torch_by_words.WORDS, "relu": lambda layer, w, x: x.abs()})
    assert difference("input 5x4x3\nconv 4 3x3 bn relu\ngap\n", 1).startswith("conv1.relu: ")
    assert difference("input 5x4x3\nconv 4 3x3 bn\ngap\n", 1) == ""


def difference(text: str, number: int) -> str:
    """The first layer that PyTorch computes otherwise, from the same maps; empty where none."""
    graph = graph_of(text)
    if graph is None:
        return ""
    truth = truth_of(analyse(graph), 1 + number % 2, number)
    return _difference(truth) if truth.is_finite else ""


def _difference(truth: Truth) -> str:
    from .torch_by_words import said_to_torch

    for node in truth.analysis.nodes:
        if not node.node.inputs:
            continue
        place, output = node.node, node.output
        maps = [
            torch.from_numpy(truth.maps[read]).reshape(truth.batch, shape.channels, *shape.spatial)
            for read, shape in zip(place.inputs, node.inputs, strict=True)
        ]
        weights = {
            weight.name: torch.from_numpy(truth.weights.arrays[f"{node.weights_name}.{weight.name}"].astype(np.float64))
            for weight in node.weights
        }
        try:
            theirs = said_to_torch(place.layer, weights, maps).numpy()
        except RuntimeError as error:
            return f"{place.name}: {error}"
        if theirs.shape != (truth.batch, output.channels, *output.spatial):
            return f"{place.name}: {theirs.shape[1:]} in PyTorch, {output.text('channels_first')} here"
        ours = truth.maps[place.index].reshape(theirs.shape)
        off = float(np.abs(ours - theirs).max())
        largest = max(float(np.abs(each).max()) for each in (ours, *(each.numpy() for each in maps)))
        if not off <= CLOSE * largest:
            return f"{place.name}: {off:g} of {largest:g} apart"
    return ""


def test_every_layer_computes_what_pytorch_computes(request: pytest.FixtureRequest) -> None:
    first, count = request.config.getoption("--random-nets")
    layers = 0
    for number in range(first, first + (count or NETS)):
        text = net(Choose(number))
        if difference(text, number):
            small = shrunk(text, lambda smaller, number=number: bool(difference(smaller, number)))
            pytest.fail(f"net {number}: {difference(small, number)}\n{small}")
        graph = graph_of(text)
        assert graph is not None
        layers += len(graph.nodes)
    print(f"{count or NETS} nets, {layers} layers, no difference")
