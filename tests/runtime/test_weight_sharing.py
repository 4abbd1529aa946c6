"""Shared weights in a run: one array for all who use it, drawn, stored and counted once, in both executors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import load, save, seeded

from .comparing import LARGEST_ERROR, errors
from .nets import analysed, given

SIAMESE = """block tower n
  conv $n 3x3 bn relu
  maxpool 2
  conv 2*$n 3x3 relu
  gap
end
a: input 16x16x1
left: tower 32
b: input 16x16x1
right: tower 32 from b shared=left
d: absdiff left right
dense 1 sigmoid
output left right d
"""
NAMES = [
    *(f"left.conv1.{name}" for name in ("weight", "bias")),
    *(f"left.conv1.bn.{name}" for name in ("weight", "bias", "running_mean", "running_var")),
    *(f"left.conv2.{name}" for name in ("weight", "bias")),
    *(f"dense1.{name}" for name in ("weight", "bias")),
]
RECURRENT = (
    "input 8x8x20\na: conv 20 3x3 same\nbn relu\nconv 20 3x3 same shared=a\nbn relu\nconv 20 3x3 same shared=a\n"
)
"""Each use has a batch norm of its own to be folded in (Liang and Hu, 2015)."""


def test_weights_are_drawn_once_under_the_owners_name() -> None:
    assert list(seeded(analysed(SIAMESE)).arrays) == NAMES


@pytest.mark.parametrize("engine", [True, False])
def test_both_branches_give_the_same_of_the_same_picture_and_differ_otherwise(engine: bool) -> None:
    analysis = analysed(SIAMESE)
    weights, pictures = seeded(analysis), given(analysis)
    prepared = plan(analysis, 1, "float32")

    def outputs(inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return prepare(prepared, weights, 1).run(inputs) if engine else execute(prepared, weights, inputs)

    same = outputs({"a": pictures["a"], "b": pictures["a"]})
    left, right, difference = same.values()
    np.testing.assert_array_equal(left, right)
    assert not difference.any()
    assert np.ptp(left) > 0.1
    assert list(outputs(pictures).values())[2].max() > 0.01


@pytest.mark.parametrize("lanes", [16, 8, 4])
@pytest.mark.parametrize("text", [SIAMESE, RECURRENT, "input 6\na: dense 6 prelu\ndense 6 prelu shared=a\nln\n"])
def test_the_engine_agrees_with_the_readable_kernels(text: str, lanes: int) -> None:
    assert errors(text, 2, lanes)[0] < LARGEST_ERROR


def test_weights_take_memory_once() -> None:
    """18,945 parameters and 64 running statistics, of 4 bytes."""
    assert plan(analysed(SIAMESE), 1, "float32").weight_bytes == 4 * (18945 + 64)


def test_a_verified_run_counts_parameters_once_and_macs_each_time() -> None:
    analysis = analysed(SIAMESE)
    found = confirm(analysis, seeded(analysis), given(analysis), verify=True)
    assert found.confirmed, found.differences
    convolutions = [(row.params, row.macs) for row in found.rows if row.row.row.word == "conv"]
    assert convolutions == [(384, 56448), (18496, 460800), (0, 56448), (0, 460800)]


def test_a_file_holds_each_weight_once(tmp_path: Path) -> None:
    analysis, file = analysed(SIAMESE), tmp_path / "weights.npz"
    weights = seeded(analysis, 3)
    save(file, weights.arrays)
    read = load(file, analysis)
    assert sorted(read.arrays) == sorted(NAMES)
    np.testing.assert_array_equal(read.arrays["left.conv1.weight"], weights.arrays["left.conv1.weight"])


def test_arrays_for_a_layer_that_shares_are_left_out_and_the_run_says_so(tmp_path: Path) -> None:
    analysis, file = analysed(SIAMESE), tmp_path / "weights.npz"
    arrays = dict(seeded(analysis).arrays)
    save(file, arrays | {"right.conv1.weight": arrays["left.conv1.weight"]})
    read = load(file, analysis)
    assert read.origin == f"from {file} (matched by name; right not used)"
    assert sorted(read.arrays) == sorted(NAMES)


def test_a_net_worked_by_hand_reads_the_stated_weights_of_the_owner() -> None:
    lines = "a: conv 1 1x1 weights=[2] bias=[1]\nconv 1 1x1 shared=a => values [7 11; 15 19]\n"
    analysis = analysed(f"data d = [1 2; 3 4]\ninput from d\n{lines}")
    found = confirm(analysis, seeded(analysis), {}, verify=True)
    assert found.confirmed, found.differences
    assert found.outputs[0].values.ravel().tolist() == [7, 11, 15, 19]
