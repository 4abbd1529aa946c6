"""Our own programs of Keras, worked out by Keras itself: parameters, sizes, and values with the weights of our run.

A weight is found in Keras by the name that our node has: the path of its layer's names.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.dialects import programs
from cnncalc.net_files import read as load

from ..dialects.keras_programs import PROGRAMS
from .comparing import CLOSE, Array, ready
from .keras_arrays import channels_last, in_keras_order

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' and its backends' own


NOT_IN_JSON = (
    *("residual blocks", "a subclassed model", "weights of the program's own"),
    *("squeeze and excitation, inception, two outputs", "functions"),
    *("functions of each number", "attention of several heads"),
)
"""Programs with classes of their own, a Lambda, parts of tensors, or functions whose axes Keras does not write."""


def read(name: str) -> Analysis:
    program = PROGRAMS[name]
    return analyse(programs.read(Source("net.py", program.text, entry="model"), program.size, {})[0])


def built(name: str) -> Any:
    """The model of Keras, its layers counted from nothing."""
    import keras

    keras.backend.clear_session()
    scope: dict[str, Any] = {}
    exec(PROGRAMS[name].text, scope)  # a program of our own corpus
    return scope["model"]


def by_path(model: Any, around: str = "") -> dict[str, Any]:
    """Each layer under the names of the layers around it."""
    found: dict[str, Any] = {}
    for layer in getattr(model, "layers", None) or model._layers:
        path = f"{around}{layer.name}"
        found[path] = layer
        if getattr(layer, "_layers", None):
            found |= by_path(layer, f"{path}.")
    return found


def give_weights(model: Any, found: Analysis, weights: Any) -> None:
    layers = by_path(model)
    for node in found.nodes:
        if not node.weights or node.node.shares is not None:
            continue
        if node.node.layer.word == "scale":
            own = [weights.arrays[f"{node.node.name}.{weight.name}"] for weight in node.weights]
        else:
            own = in_keras_order(node, weights)
        layer = layers[node.node.name.removesuffix(".gain")]
        layer.set_weights([array.reshape(held.shape) for array, held in zip(own, layer.weights, strict=True)])


def as_keras(array: Array, name: str) -> Array:
    """An image in the order of axes that the program gives Keras."""
    rank = array.ndim - 2
    return array if name == "channels first" else np.moveaxis(array, 1, -1) if rank else array


@pytest.mark.parametrize("name", PROGRAMS)
def test_keras_makes_the_same_of_a_program(name: str) -> None:
    keras = pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    found, model = read(name), built(name)
    given, outputs = ready(found, batch=2)
    give_weights(model, found, given.weights)
    shapes = [node.output for node in found.nodes if not node.node.inputs]
    images = [
        as_keras(array.reshape(2, shape.channels, *shape.spatial), name)
        for array, shape in zip(given.inputs.values(), shapes, strict=True)
    ]
    made = model(images[0] if len(images) == 1 else images, training=False)
    made = list(made.values()) if isinstance(made, dict) else made if isinstance(made, (list, tuple)) else [made]
    theirs = [keras.ops.convert_to_numpy(one) for one in made]
    assert model.count_params() == found.totals.figures.total_params == PROGRAMS[name].params
    for ours, other in zip(outputs, theirs, strict=True):
        seen = channels_last(ours, other.ndim - 2) if other.ndim > 2 else ours.reshape(other.shape)
        assert seen.shape == other.shape
        assert np.abs(seen - other).max() / np.abs(other).max() <= CLOSE


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in NOT_IN_JSON])
def test_what_keras_writes_of_a_program_is_the_same_net(name: str) -> None:
    pytest.importorskip("keras", reason="Keras is not installed (pip install keras)")
    text = built(name).to_json()
    found, program = analyse(load(Source("model.json", text), PROGRAMS[name].size)[0]), read(name)
    assert found.totals.figures[:3] == program.totals.figures[:3]
    assert sorted(shape.text() for shape in found.totals.outputs) == sorted(
        shape.text() for shape in program.totals.outputs
    )
