"""The lines of Python that an error prints for weights of Keras: run as printed, they give the same net."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.graph import load_graph
from cnncalc.runtime.weight_files.numpy_files import opened
from cnncalc.runtime.weights import load

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' own

NET = "input 8x8x1\nconv 4 3x3\nbn relu\nmaxpool 2x2\nflatten\ndense 5\n"


def converted(path: Path) -> Path:
    """Runs the lines that the refusal of this file prints, and gives the file that they write."""
    with pytest.raises(InputError) as refused, opened(path, "weights file"):
        pass
    (found,) = refused.value.diagnostics
    exec("\n".join(found.notes), {})
    return Path(found.help.rpartition(" ")[2])


def held(path: Path) -> list[Any]:
    graph, faults = load_graph(Source("net.txt", NET))
    assert not faults
    analysis = analyse(graph)
    return [*load(path, analysis).arrays.values()]


def same(found: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return len(found) == len(wanted) and all(np.array_equal(a, b) for a, b in zip(found, wanted, strict=True))


@pytest.mark.skipif(find_spec("keras") is None or find_spec("torch") is None, reason="Keras is not installed")
@pytest.mark.parametrize("name", ["net.keras", "net.h5"])
def test_a_network_of_keras_is_converted_as_the_error_says(tmp_path: Path, name: str) -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    layers = keras.layers
    net = keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.ReLU(), layers.MaxPool2D(),
         layers.Flatten(), layers.Dense(5)]
    )  # fmt: skip
    net.save(tmp_path / name)
    wanted = [w.transpose(3, 2, 0, 1) if w.ndim == 4 else w.T for w in net.get_weights()]
    assert same(held(converted(tmp_path / name)), wanted)
