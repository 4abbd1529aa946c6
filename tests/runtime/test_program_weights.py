"""A net from a program is run with the weights of its state_dict, by name, and confirmed as any other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.programs import read
from cnncalc.graph import load_graph
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.weights import declared, load, save, seeded
from tests.programs import program_graph

ANALYSIS = analyse(program_graph())
IDLE = {"aux.weight": np.zeros((4, 8), np.float32), "aux.bias": np.zeros(4, np.float32)}


def test_weights_have_the_names_of_the_state_dict() -> None:
    names = list(declared(ANALYSIS))
    assert names[:3] == ["conv1.weight", "conv1.bias", "blocks.0.conv.weight"]
    assert "blocks.2.bn.running_var" in names
    assert names[-2:] == ["fc.weight", "fc.bias"]


def test_a_state_dict_is_taken_by_name_without_what_is_never_called(tmp_path: Path) -> None:
    own = dict(seeded(ANALYSIS, 3).arrays)
    file = tmp_path / "state.safetensors"
    save(file, dict(reversed([*own.items(), *IDLE.items(), ("blocks.0.bn.num_batches_tracked", np.zeros(1))])))
    loaded = load(file, ANALYSIS)
    assert all(np.array_equal(loaded.arrays[name], own[name]) for name in own)
    assert loaded.origin == (f"from {file} (PyTorch; matched by name; 2 of modules that are never called ignored)")


def test_a_parameter_of_a_module_and_a_linear_on_each_place_are_taken_by_name(tmp_path: Path) -> None:
    """PyTorch's own shapes: a parameter has no name behind its path, a Linear no axes of size 1."""
    text = "order channels_first\ninput 8x6x6\nblock.gamma: scale\nblock.fc: conv 4 1x1\n"
    graph, _ = load_graph(Source("net.txt", text))
    gamma, factors, offsets = np.arange(8, dtype=np.float32), np.eye(4, 8, dtype=np.float32), np.zeros(4, np.float32)
    file = tmp_path / "state.safetensors"
    save(file, {"block.gamma": gamma.reshape(8, 1, 1), "block.fc.weight": factors, "block.fc.bias": offsets})
    arrays = load(file, analyse(graph)).arrays
    assert arrays["block.gamma.weight"].tolist() == gamma.tolist()
    assert arrays["block.fc.weight"].shape == (4, 8, 1, 1)


TWICE = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
        self.first = self.features[:1]

    def forward(self, x):
        return self.features(x)
"""


def test_a_module_that_is_held_twice_may_have_its_arrays_twice(tmp_path: Path) -> None:
    """A state_dict of PyTorch has `features.0.weight` and, with the same numbers, `first.0.weight`."""
    graph, _ = read(Source("net.py", TWICE, "Net"), "8x8x1")
    assert graph.second_paths == ("first.0",)
    own = dict(seeded(analyse(graph), 3).arrays)
    file = tmp_path / "state.npz"
    save(file, own | {name.replace("features", "first"): array for name, array in own.items()})
    loaded = load(file, analyse(graph))
    assert list(loaded.arrays) == ["features.0.weight", "features.0.bias"]
    assert loaded.origin.endswith("2 of second names of modules ignored)")


def test_arrays_of_modules_that_no_program_makes_are_still_refused(tmp_path: Path) -> None:
    save(tmp_path / "state.npz", {**seeded(ANALYSIS, 3).arrays, "auxiliary.bias": np.zeros(4, np.float32)})
    with pytest.raises(InputError, match=r"not in this net: auxiliary\.bias"):
        load(tmp_path / "state.npz", ANALYSIS)


def test_a_run_confirms_every_number() -> None:
    picture = np.zeros((1, 3, 1, 16, 16), np.float32) + 0.5
    confirmation = confirm(ANALYSIS, seeded(ANALYSIS, 0), {"input": picture}, verify=True)
    assert confirmation.differences == ()
    assert confirmation.confirmed


def test_a_model_that_is_one_layer_has_weights_without_a_path(tmp_path: Path) -> None:
    analysis = analyse(read(Source("net.py", "import torch\nmodel = torch.nn.Linear(3, 2)\n"), "3")[0])
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    save(tmp_path / "state.npz", {"weight": matrix, "bias": np.zeros(2, np.float32)})
    assert (
        load(tmp_path / "state.npz", analysis).arrays[f"{analysis.nodes[1].node.name}.weight"].tolist()
        == matrix.tolist()
    )
