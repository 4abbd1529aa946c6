"""Running a plan: the right numbers come out, the caller is heard, and what only a run can know is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import Analysis
from cnncalc.diagnostics import InputError
from cnncalc.kernels import Kernel, thread_count
from cnncalc.runtime import execution, free_memory
from cnncalc.runtime.execution import StepDone, execute, limited_threads
from cnncalc.runtime.planning import Precision, plan
from cnncalc.runtime.weights import Weights, seeded

from .nets import analysed, given

SMALL = "input 4x4x2\nconv 9 3x3 relu\nflatten\ndense 3\n"


def naive(x: np.ndarray, weights: Weights) -> np.ndarray:
    """SMALL by the definition of its layers, in float64; `flatten` writes the channels last."""
    w = {name: array.astype(np.float64) for name, array in weights.arrays.items()}
    out = np.zeros((2, 2, 9))
    for y in range(2):
        for left in range(2):
            window = x[:, y : y + 3, left : left + 3]
            out[y, left] = np.tensordot(w["conv1.weight"], window, 3) + w["conv1.bias"]
    return w["dense1.weight"] @ np.maximum(out, 0).ravel() + w["dense1.bias"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_small_net_computes_what_its_definition_says(dtype: Precision) -> None:
    analysis = analysed(SMALL)
    weights, inputs = seeded(analysis, 4, dtype), given(analysis, batch=2)
    outputs = execute(plan(analysis, 2, dtype), weights, inputs)
    assert outputs.keys() == {"dense1"}
    for image in range(2):
        expected = naive(inputs["input1"][image, :, 0].astype(np.float64), weights)
        assert outputs["dense1"][image].ravel() == pytest.approx(expected, rel=1e-5 if dtype == "float32" else 1e-12)


def test_loops_and_columns_give_the_same_numbers() -> None:
    analysis = analysed("input 9x9x3\nconv 16 3x3 stride=2 padding=1 groups=1\n")
    weights, inputs = seeded(analysis), given(analysis)
    fast = execute(plan(analysis), weights, inputs)["conv1"]
    direct = execute(plan(analysis, algorithm="direct"), weights, inputs)["conv1"]
    assert fast == pytest.approx(direct, rel=1e-5, abs=1e-6)


def test_an_observer_hears_every_step_with_its_result_and_time() -> None:
    analysis = analysed(SMALL)
    heard: list[tuple[str, tuple[int, ...], int, int]] = []

    def hear(event: StepDone) -> None:
        heard.append((event.step.name, event.result.shape, event.done, event.total))
        assert event.seconds >= 0

    execute(plan(analysis), seeded(analysis), given(analysis), hear)
    assert heard == [
        ("input1", (1, 2, 1, 4, 4), 1, 5),
        ("conv1", (1, 9, 1, 2, 2), 2, 5),
        ("conv1.relu", (1, 9, 1, 2, 2), 3, 5),
        ("flatten1", (1, 36, 1, 1, 1), 4, 5),
        ("dense1", (1, 3, 1, 1, 1), 5, 5),
    ]


def test_the_time_of_a_first_call_leaves_compiling_out(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    kernels = {name: _noting(name, kernel, calls) for name, kernel in execution.KERNELS.items()}
    monkeypatch.setattr(execution, "KERNELS", kernels)
    analysis = analysed("input 4x4x1\nrelu\nrelu\n")
    execute(plan(analysis), seeded(analysis), given(analysis), lambda done: None)
    assert calls == ["relu"] * 3


def test_a_kernel_whose_time_nobody_asks_for_is_called_once_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    kernels = {name: _noting(name, kernel, calls) for name, kernel in execution.KERNELS.items()}
    monkeypatch.setattr(execution, "KERNELS", kernels)
    analysis = analysed("input 4x4x1\nrelu\nrelu\n")
    execute(plan(analysis), seeded(analysis), given(analysis))
    assert calls == ["relu"] * 2


def _noting(name: str, kernel: Kernel, calls: list[str]) -> Kernel:
    def noted(inputs: Any, weights: Any, numbers: Any) -> Any:
        calls.append(name)
        return kernel(inputs, weights, numbers)

    return noted


def test_inputs_that_the_text_states_need_not_be_given_and_serve_every_image() -> None:
    analysis = analysed("data p = [1 2; 3 4]\nx: input from p\nmaxpool 2x2\n")
    outputs = execute(plan(analysis, batch=2), seeded(analysis), {})
    assert outputs["maxpool1"].ravel().tolist() == [4, 4]
    other = np.full((1, 1, 1, 2, 2), 7.0)
    assert execute(plan(analysis), seeded(analysis), {"x": other})["maxpool1"].item() == 7


def test_channels_of_stated_inputs_are_the_planes() -> None:
    analysis = analysed("data p = [1 2; 3 4] [5 6; 7 8]\nx: input from p\ngmp\n")
    assert execute(plan(analysis), seeded(analysis), {})["gmp1"].ravel().tolist() == [4, 8]


def test_an_input_that_was_not_given_is_named() -> None:
    analysis = analysed("photo: input 4x4x1\nrelu\n")
    with pytest.raises(InputError, match="nothing was given for `photo`"):
        execute(plan(analysis), seeded(analysis), {})


def test_an_input_of_another_shape_is_refused() -> None:
    analysis = analysed("input 4x4x1\nrelu\n")
    with pytest.raises(InputError, match="is 1x4x4x1x1, but 1x1x1x4x4 is planned"):
        execute(plan(analysis), seeded(analysis), {"input1": np.zeros((1, 4, 4, 1, 1))})


def test_threads_are_limited_inside_and_restored_outside() -> None:
    before = thread_count()
    with limited_threads(1):
        assert thread_count() == 1
    assert thread_count() == before
    with pytest.raises(InputError, match="0 threads cannot be used"), limited_threads(0):
        pass


def test_one_thread_and_several_give_the_same_numbers() -> None:
    analysis = analysed("input 64x64x8\nconv 32 3x3 same relu\nmaxpool 2x2\nconv 32 3x3\n")
    weights, inputs = seeded(analysis), given(analysis)
    one, two = (execute(plan(analysis), weights, inputs, threads=threads)["conv2"] for threads in (1, 2))
    assert one == pytest.approx(two, rel=1e-5, abs=1e-5)


def test_a_run_that_does_not_fit_is_refused_before_anything_is_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysed(SMALL)
    weights, inputs = seeded(analysis), given(analysis)
    monkeypatch.setattr(free_memory, "available_bytes", lambda: 700)
    with pytest.raises(InputError) as error:
        execute(plan(analysis), weights, inputs)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == "not-enough-memory"
    assert "this machine has 700 bytes left" in diagnostic.message
    assert diagnostic.notes == (f"weights 1.1 kB, results and workspace at the worst step {needed(analysis)}",)
    assert "smaller" in diagnostic.help


def needed(analysis: Analysis) -> str:
    prepared = plan(analysis)
    return free_memory.bytes_text(prepared.peak_bytes - prepared.weight_bytes)


def test_a_gigantic_net_is_refused_by_its_plan() -> None:
    with pytest.raises(InputError, match="this run needs"):
        free_memory.refuse_plan(plan(analysed("input 500000x500000x3\nrelu\n")))
