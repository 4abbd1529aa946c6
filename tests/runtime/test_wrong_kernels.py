"""A readable kernel that computes something else than its layer says is never confirmed by `--verify`.

Each is wrong in one way; what notices it is named: the work on ones, the field that NaN draws, or the engine's values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from cnncalc.runtime import execution, measured_work
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.planning import Step
from cnncalc.runtime.weights import seeded

from .nets import Array, analysed, given

NET = """input 14x11x3
conv 8 3x2 stride=2x1 padding=0,1,2,0 bn relu
dwconv 3x2 padding=1,0,0,2 stride=1x2
maxpool 2x3 stride=1x2 padding=0,1,1,0
conv 6 2x3 dilation=2x1 same nobias
upconv 4 3x2 stride=2x1 padding=1,0,0,1
avgpool 3x2 stride=2x1 padding=1,0,0,1
local 5 2x1
flatten
dense 7 softmax
"""
"""Nothing in it is the same at both sides, or along both axes."""

Kernel = Callable[[Sequence[Array], Mapping[str, Array], Mapping[str, Any]], Array]
Wrong = Callable[[Kernel, Sequence[Array], Mapping[str, Array], Mapping[str, Any]], Array]


def without_last_tap(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    weight = np.array(weights["weight"])
    weight[..., -1] = 0
    return kernel(inputs, {**weights, "weight": weight}, numbers)


def without_bias(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    return kernel(inputs, {name: array for name, array in weights.items() if name != "bias"}, numbers)


def flipped(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    return kernel(inputs, {**weights, "weight": np.ascontiguousarray(weights["weight"][..., ::-1])}, numbers)


def padded_at_the_other_side(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    return kernel(inputs, weights, {**numbers, "before": numbers["after"], "after": numbers["before"]})


def another_epsilon(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    return kernel(inputs, weights, {**numbers, "epsilon": 1e-2})


def left_out(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    return np.array(inputs[0])


def one_place_later(kernel: Kernel, inputs: Any, weights: Any, numbers: Any) -> Array:
    return np.roll(kernel(inputs, weights, numbers), 1, axis=-1)


WRONG: list[tuple[str, Wrong, str]] = [
    *((word, without_last_tap, "macs: ") for word in ("conv", "dwconv", "upconv", "local", "dense")),
    *((word, without_bias, "engine: ") for word in ("conv", "dwconv", "upconv", "local", "dense")),
    *((word, flipped, "engine: ") for word in ("conv", "dwconv", "upconv", "dense")),
    *((word, padded_at_the_other_side, "receptive field: ") for word in ("conv", "dwconv", "upconv", "maxpool")),
    ("avgpool", padded_at_the_other_side, "receptive field: "),
    *((word, one_place_later, "receptive field: ") for word in ("conv", "dwconv", "upconv", "maxpool")),
    ("avgpool", one_place_later, "engine: "),  # behind the upconv every place sees the whole width
    ("bn", another_epsilon, "engine: "),
    ("bn", left_out, "engine: "),
    ("relu", left_out, "engine: "),
    ("softmax", left_out, "engine: "),
]


def test_the_net_with_its_own_kernels_is_confirmed() -> None:
    analysis = analysed(NET)
    assert confirm(analysis, seeded(analysis), given(analysis), verify=True).confirmed


@pytest.mark.parametrize(("word", "wrong", "said"), WRONG, ids=[f"{word} {wrong.__name__}" for word, wrong, _ in WRONG])
def test_a_wrong_kernel_is_not_confirmed(word: str, wrong: Wrong, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = execution.kernel_of

    def kernel_of(step: Step) -> Any:
        kernel = known(step)
        if step.kernel != word:
            return kernel
        return lambda inputs, weights, numbers: wrong(kernel, inputs, weights, numbers)

    for module in (execution, measured_work):
        monkeypatch.setattr(module, "kernel_of", kernel_of)
    analysis = analysed(NET)
    differences = confirm(analysis, seeded(analysis), given(analysis), verify=True).differences
    assert any(said in difference for difference in differences), differences
