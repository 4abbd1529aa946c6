"""Nets written as Keras 3 and run by Keras with the weights of our run, from a `.weights.h5`: the same outputs.

The written code is imported from a temporary file, as a user would.  Small inputs keep this quick.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc import load
from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import InputError
from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.questions.same_net import Same
from cnncalc.runtime.weight_files.keras_writing import write_keras_weights
from cnncalc.sources import shipped_names

from ..dialects.keras_written.again import compared
from ..dialects.keras_written.again import shipped as graph_of_shipped
from ..dialects.keras_written.words import WORDS
from ..random_nets.arguments import Choose
from ..random_nets.drawing import graph_of, net
from .comparing import Array, NothingToCompareError, agree, ready, shipped, written
from .sizes_of_nets import SIZES

keras = pytest.importorskip("keras", reason="Keras is not installed (pip install keras torch)")
pytest.importorskip("h5py", reason="h5py is not installed (pip install h5py)")

pytestmark = pytest.mark.filterwarnings("ignore")  # Keras' and its backends' own

NETS = 60
"""Random nets."""


def model_of(text: str, folder: Path) -> Any:
    """The model of a written program."""
    (folder / "written_net.py").write_text(text)
    spec = importlib.util.spec_from_file_location("written_net", folder / "written_net.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    keras.backend.clear_session()
    return getattr(module, re.findall(r"model = (\w+)\(\)", text)[0])()


def run_by_keras(analysis: Analysis, given: Any, folder: Path) -> list[Array]:
    """What the written model gives, its weights loaded from the file."""
    graph = analysis.graph
    model = model_of(write(graph), folder)
    write_keras_weights(graph, given.weights.arrays, folder / "net.weights.h5")
    model.load_weights(folder / "net.weights.h5")
    inputs = []
    for node in graph.nodes:
        if node.is_input:
            array = given.inputs[node.name]
            shaped = array.reshape(len(array), node.output.channels, *node.output.spatial)
            inputs.append(np.moveaxis(shaped, 1, -1) if node.output.rank else shaped)
    made = model(inputs[0] if len(inputs) == 1 else inputs, training=False)
    outputs = [keras.ops.convert_to_numpy(one) for one in (made if isinstance(made, (list, tuple)) else [made])]
    return [np.moveaxis(one, -1, 1) if one.ndim > 2 else one for one in outputs]


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_written_as_keras_gives_the_same(name: str, tmp_path: Path) -> None:
    analysis = shipped(name, SIZES.get(name))
    given, ours = ready(analysis)
    theirs = run_by_keras(analysis, given, tmp_path)
    agree(f"{name}, written", "Keras", flat(ours), flat(theirs))
    found = compared(graph_of_shipped(name))
    assert isinstance(found, Same), found


def flat(arrays: list[Array]) -> list[Array]:
    """Each as one row an image: ours have axes of size 1."""
    return [one.reshape(len(one), -1) for one in arrays]


@pytest.mark.parametrize(("size", "line"), WORDS)
def test_a_word_written_as_keras_gives_the_same(size: str, line: str, tmp_path: Path) -> None:
    analysis = written(f"{size}\n{line}\n")
    given, ours = ready(analysis)
    agree(f"layer: {line}, written", "Keras", flat(ours), flat(run_by_keras(analysis, given, tmp_path)))


PICTURE = np.array([[0, 1, 1, 0, 0], [0, 1, 1, 0, 0], [1, 0, 0, 1, 1], [0, 1, 1, 0, 1], [1, 1, 1, 1, 1]], np.float32)
"""That of lecture deck 001 (examples/slides/deck001.txt), whose values are those of its slides."""

_COUNT = "filter=[1 2 3; 4 5 6; 7 8 9]"
FILTERED = (
    ("conv filter=sharpen", [[3, 3, -2], [-3, -3, 4], [3, 3, -4]]),
    (f"conv {_COUNT}", [[23, 21, 22], [26, 24, 28], [36, 36, 39]]),
    (f"conv {_COUNT} flip", [[27, 29, 18], [24, 26, 22], [24, 24, 31]]),
    ("conv 1 2x2 weights=[1 2; 3 4] bias=[10]", None),
    ("upconv filter=[1 2; 3 4] stride=2 flip", None),
    (f"flatten\ndense 1 weights=[{' '.join(map(str, range(25)))}] bias=[1]", None),
    ("dwconv 1x1 multiplier=2 weights=[1 2] bias=[3 4]\ndwconv 1x1 stride=2x1 weights=[5 6] bias=[7 8]", None),
)


@pytest.mark.parametrize(("line", "expected"), FILTERED)
def test_stated_numbers_need_no_file_of_weights(line: str, expected: list[list[int]] | None, tmp_path: Path) -> None:
    model = load(f"input 5x5x1\n{line}\n")
    made = keras.ops.convert_to_numpy(model_of(write(model.analysis.graph), tmp_path)(PICTURE[None, :, :, None]))
    agree(f"layer: {line}, written", "Keras", [model.run(PICTURE)], [made[0]])
    if expected is not None:
        assert made[0, :, :, 0].tolist() == expected


def test_random_nets_written_as_keras_give_the_same(tmp_path: Path) -> None:
    wrong, ran = [], 0
    for seed in range(NETS):
        text = net(Choose(seed), longest=3)
        graph = graph_of(text)
        assert graph is not None
        try:
            write(graph)
        except InputError:
            continue
        analysis = analyse(graph)
        if len(analysis.graph.nodes) < 2 or not isinstance(compared(graph), Same):
            continue
        try:
            given, ours = ready(analysis)
        except NothingToCompareError:
            continue
        if not all(np.isfinite(one).all() for one in ours):
            continue
        theirs = run_by_keras(analysis, given, tmp_path)
        ran += 1
        pairs = zip(flat(ours), flat(theirs), strict=True)
        worst = max(float(np.abs(a - b).max() / (np.abs(a).max() or 1)) for a, b in pairs)
        if worst > 1e-4:
            wrong.append((seed, worst, text))
    assert not wrong
    assert ran > NETS // 3
