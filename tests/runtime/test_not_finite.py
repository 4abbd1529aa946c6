"""Numbers that are not finite: they are never confirmed, and where they first appear is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import cnncalc
from cnncalc.cli import main
from cnncalc.runtime.compare_values import apart
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.not_finite import first_not_finite, line_of
from cnncalc.runtime.number_types import is_finite
from cnncalc.runtime.weights import Weights, seeded

from .nets import Array, analysed, given

NET = "input 6x6x2\nconv 3 3x3 relu\nconv 2 3x3\nflatten\ndense 4 softmax\n"
FIRST = ": the first number that is not finite"
LARGE = 3e38


def differences(text: str, weights: Weights | None, inputs: dict[str, Array], *, verify: bool) -> tuple[str, ...]:
    analysis = analysed(text)
    found = confirm(analysis, weights or seeded(analysis), inputs, verify)
    assert found.confirmed is not bool(found.differences)
    return found.differences


@pytest.mark.parametrize("verify", [False, True])
@pytest.mark.parametrize(("value", "said"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_a_weight_that_is_not_finite_is_named_with_its_index(value: float, said: str, verify: bool) -> None:
    analysis = analysed(NET)
    weights = seeded(analysis)
    weights.arrays["conv2.weight"][1, 2, 0, 1] = value
    found = differences(NET, weights, given(analysis), verify=verify)
    assert f"line 3, conv 2 3x3: weights: conv2.weight[1, 2, 0, 1] is {said}, not a finite number" in found


def test_every_layer_with_such_a_weight_is_named() -> None:
    analysis = analysed(NET)
    weights = seeded(analysis)
    weights.arrays["conv1.weight"][0, 0, 0, 1] = weights.arrays["dense1.bias"][3] = np.nan
    found = [said for said in differences(NET, weights, given(analysis), verify=False) if "weights: " in said]
    assert found == [
        "line 2, conv 3 3x3 relu: weights: conv1.weight[0, 0, 0, 1] is nan, not a finite number",
        "line 5, dense 4 softmax: weights: dense1.bias[3] is nan, not a finite number",
    ]


def test_a_bias_of_minus_infinity_is_not_confirmed_though_relu_hides_it() -> None:
    analysis = analysed(NET)
    weights = seeded(analysis)
    weights.arrays["conv1.bias"][0] = -np.inf
    first = differences(NET, weights, given(analysis), verify=True)[0]
    assert first == "line 2, conv 3 3x3 relu: weights: conv1.bias[0] is -inf, not a finite number"


@pytest.mark.parametrize("verify", [False, True])
def test_an_input_that_is_not_finite_is_named_with_its_place(verify: bool) -> None:
    inputs = given(analysed(NET), 3)
    inputs["input1"][2, 1, 0, 4, 5] = np.nan
    found = differences(NET, None, inputs, verify=verify)
    assert f"line 1, input 6x6x2: input: input1 holds nan (image 3, channel 2, row 5, column 6){FIRST}" in found


def test_an_input_too_large_for_the_type_is_shown_as_it_was_given() -> None:
    inputs = {"input1": np.full((1, 2, 1, 6, 6), 1e308)}
    first = differences(NET, None, inputs, verify=False)[0]
    assert first == (
        "line 1, input 6x6x2: input: input1 holds 1e+308, too large for float32 "
        f"(image 1, channel 1, row 1, column 1){FIRST}"
    )


@pytest.mark.parametrize("verify", [False, True])
def test_the_first_layer_that_overflows_is_named(verify: bool) -> None:
    text = "input 2x2x1\nscale 0.5\nscale 4\nscale 2\n"
    inputs = {"input1": np.full((1, 1, 1, 2, 2), LARGE, np.float32)}
    found = differences(text, None, inputs, verify=verify)
    assert f"line 3, scale 4: values: inf comes out (image 1, channel 1, row 1, column 1){FIRST}" in found
    assert not any(difference.startswith(("line 1", "line 2")) for difference in found)


def test_an_overflow_in_a_later_image_alone_is_found() -> None:
    """Only the first image is run by the readable kernels at first."""
    text = "input 2x2x1\nscale 4\nflatten\nscale 2\n"
    inputs = {"input1": np.ones((3, 1, 1, 2, 2), np.float32)}
    inputs["input1"][1, 0, 0, 1, 0] = LARGE
    found = differences(text, None, inputs, verify=False)
    assert found == (f"line 2, scale 4: values: inf comes out (image 2, channel 1, row 2, column 1){FIRST}",)


def test_numbers_that_are_large_and_finite_are_confirmed() -> None:
    inputs = {"input1": np.full((1, 1, 1, 2, 2), LARGE, np.float32)}
    assert differences("input 2x2x1\nscale 0.5\nmaxpool 2x2\n", None, inputs, verify=True) == ()


def test_a_run_from_python_can_ask_where_numbers_stop_being_finite() -> None:
    analysis = analysed(NET)
    weights, inputs = seeded(analysis), given(analysis, 2)
    assert first_not_finite(analysis, weights, inputs) is None
    inputs["input1"][1] = LARGE
    node, said = first_not_finite(analysis, weights, inputs) or (0, "")
    assert line_of(analysis, node) == "line 2, conv 3 3x3 relu"
    assert "comes out (image 2, " in said
    weights.arrays["dense1.bias"][3] = np.nan
    assert first_not_finite(analysis, weights, inputs) == (
        analysis.rows[-1].row.first,
        "weights: dense1.bias[3] is nan, not a finite number",
    )


def test_an_engine_whose_values_are_not_finite_where_they_should_be_is_found() -> None:
    right = np.ones((1, 2, 1, 1, 1), np.float32)
    for wrong in (np.nan, np.inf):
        fast = right.copy()
        fast[0, 1] = wrong
        assert apart(right, fast) == apart(fast, right) != []
        assert apart(fast, fast) == []


@pytest.mark.parametrize(("array", "finite"), [([], True), ([1.0], True), ([np.nan, 1], False), ([1, -np.inf], False)])
def test_is_finite(array: list[float], finite: bool) -> None:
    assert is_finite(np.array(array)) is finite


@pytest.mark.parametrize("options", [[], ["--verify"], ["--json"], ["--save", "out.npz"]])
def test_the_command_fails_and_prints_no_warning(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """An array of infinite numbers: once `nan %`, and CONFIRMED."""
    monkeypatch.chdir(tmp_path)
    Path("net.txt").write_text("input 4x4x1\nconv 2 3x3\nflatten\nsoftmax\n")
    np.save("large.npy", np.full((4, 4, 1), np.inf))
    assert main(["run", "net.txt", "--input-array", "large.npy", *options]) == 1
    out, err = capfd.readouterr()
    assert err == ""
    assert "nan %" not in out
    if "--json" in options:
        found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert found["confirmed"] is False
        assert found["outputs"][0]["results"] == [{"name": "softmax1", "top": None}]
    else:
        assert "no result: its values are not finite" in out
        assert "NOT CONFIRMED" in out
        assert "input1 holds inf (image 1, channel 1, row 1, column 1)" in " ".join(out.split())


def test_the_mean_of_the_largest_numbers_is_shown_without_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Their sum does not fit float32."""
    monkeypatch.chdir(tmp_path)
    Path("net.txt").write_text("input 40x40x1\nrelu\n")
    np.save("large.npy", np.full((40, 40, 1), LARGE, np.float32))
    assert main(["run", "net.txt", "--input-array", "large.npy"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert f"1,600 numbers from {LARGE:.4g} to {LARGE:.4g}, mean {LARGE:.4g}" in out


def test_a_shape_with_a_truth_value_in_it_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`True` counts as 1 in Python, and numpy does not take it for a size."""
    header = b"{'descr':'<f4','fortran_order':False,'shape':(True,4,4,1)}\n"
    path = tmp_path / "array.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(64))
    (tmp_path / "net.txt").write_text("input 4x4x1\nconv 2 3x3\n")
    assert main(["run", str(tmp_path / "net.txt"), "--input-array", str(path)]) == 2
    assert "has a shape whose sizes are not all whole numbers" in capfd.readouterr().err


def test_a_run_from_python_warns_where_numbers_stop_being_finite() -> None:
    net = cnncalc.load("input 2x2x1\nscale 0.5\nscale 4\n")
    with pytest.warns(RuntimeWarning, match=r"<text>: line 3, scale 4: values: inf comes out \(image 1, ") as caught:
        assert np.isinf(net.run(np.full((2, 2, 1), LARGE))).all()
    with pytest.warns(RuntimeWarning, match="line 1, input 2x2x1: input: input1 holds inf"):
        net.run(np.full((2, 2, 1), np.inf))
    assert [warning.filename for warning in caught] == [__file__]
    assert net.run(np.ones((2, 2, 1))).max() == 2
