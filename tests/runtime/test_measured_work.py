"""Work measured by the kernels that compute: published counts, and faults of kernels and of formulas that show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.geometry import Shape
from cnncalc.kernels import KERNELS
from cnncalc.layers.base import Cost, Layer
from cnncalc.runtime import execution
from cnncalc.runtime.confirmation import Confirmation, confirm
from cnncalc.runtime.measured_work import EXACT, FACTORS, MEASURES, POOLED, measured_macs, measured_pooling
from cnncalc.runtime.planning import plan, precision
from cnncalc.runtime.weights import seeded

from .nets import analysed, given


def verified(analysis: Analysis) -> Confirmation:
    weights = seeded(analysis, dtype=precision(analysis))
    return confirm(analysis, weights, given(analysis), verify=True)


def macs(text: str, dtype: str = "float32") -> int:
    """Of the last line, as measured."""
    analysis = analysed(text)
    step = plan(analysis, 1, dtype).steps[-1]  # type: ignore[arg-type]
    arriving = [plan(analysis).steps[read].output for read in step.reads]
    return measured_macs(step, arriving, dtype)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # LeNet-5 (LeCun et al. 1998): C1 122,304 connections less 4,704 biases; C3 151,600 less 1,600
        ("input 32x32x1\nconv 6 5x5\n", 117_600),
        # VGG16's first layer: 224 * 224 * 64 * 3 * 9
        ("input 224x224x3\nconv 64 3x3 same\n", 86_704_128),
        # MobileNet (Howard et al. 2017): 112 * 112 * 32 * 9
        ("input 112x112x32\ndwconv 3x3 same\n", 3_612_672),
        # U-Net's first way up: 28 * 28 * 1024 * 512 * 4, shortened to 64 and 32 channels
        ("input 28x28x64\nupconv 32 2x2 stride=2\n", 6_422_528),
        # every stamp counts, also where 1 row is cut off on each side: 5 * 5 * 6 * 4 * 9
        ("input 5x5x6\nupconv 4 3x3 stride=2 padding=1\n", 5_400),
        ("input 5x5x6\nupconv 8 3x3 stride=2 groups=2 same\n", 5_400),
        # AlexNet's second layer in two groups: 27 * 27 * 256 * 48 * 25
        ("input 27x27x96\nconv 256 5x5 padding=2 groups=2\n", 223_948_800),
        ("input 9x9x2\nconv 3 3x3 dilation=2 padding=1\n", 7 * 7 * 3 * 2 * 9),
        ("input 9x9x2\nconv 3 3x3 stride=2 full\n", 6 * 6 * 3 * 2 * 9),
        ("input 9x9x2\nconv 3 3x3 padding=2 reflect\n", 11 * 11 * 3 * 2 * 9),
        # Keras' SeparableConv2D: 3x3 depthwise, two channels of each, then 1x1
        ("input 6x6x8\nsepconv 5 3x3 multiplier=2\n", 16 * 16 * 9 + 16 * 16 * 5),
        ("input 6x6x3\nlocal 5 3x3\n", 16 * 5 * 27),
        ("input 400\ndense 120\n", 48_000),
        # PyTorch's MultiheadAttention(12, 3) over 5 places: 4 * 5 * 12 * 12 and 2 * 5 * 5 * 12
        ("input 5 channels 12\nattention heads=3\n", 2_880 + 600),
        # 3 heads, 5 queries by 7 keys of 4 numbers
        ("a: input 3x5x4\nb: input 3x7x4\nmatmul a b transpose\n", 3 * 5 * 7 * 4),
        ("filter t = [1 0 1; 1 1 0; 1 1 1]\ninput 14x14x3\nconv 3 5x5 connect=t\n", 100 * 25 * 7),
        ("input 14x14x3\nconv filter=sharpen\n", 144 * 27),
        ("input 1000 channels 8\nconv 16 9 stride=2\n", 496 * 16 * 8 * 9),
        ("input 6x12x12 channels 2\nconv 3 3x3x3 same\n", 864 * 3 * 2 * 27),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sums_over_ones_are_the_published_counts(text: str, expected: int, dtype: str) -> None:
    """float64 runs other kernels where there are two: the loops that a person can follow."""
    assert macs(text, dtype) == expected


def test_sums_beyond_what_float32_counts_exactly_are_made_in_float64() -> None:
    """One unit over 2^24 + 3 ones: float32 knows no odd numbers there."""
    units = EXACT["float32"] + 3
    assert macs(f"input {units}\ndense 1\n") == units


KINDS = {
    "conv": "conv 9 3x3 stride=2 same",
    "conv by loops": "conv 2 3x3",
    "conv 1x1": "conv 4 1x1 stride=2",
    "grouped": "conv 4 3x3 groups=2",
    "dilated": "conv 4 3x3 dilation=2 padding=2",
    "mirrored": "conv 4 3x3 padding=1 reflect",
    "table": "conv 3 3x3 connect=t",
    "filter": "conv filter=sharpen",
    "dwconv": "dwconv 3x3 multiplier=2",
    "sepconv": "sepconv 3 3x3",
    "local": "local 3 3x3",
    "upconv": "upconv 3 3x3 stride=2 padding=1",
    "dense": "flatten\ndense 5",
}
POOLS = {
    "maxpool": "maxpool 3x3 stride=2",
    "maxpool same": "maxpool 2x2 stride=1 same",
    "avgpool": "avgpool 2x2 padding=1 countpad",
    "sumpool": "sumpool 3x3",
    "l2pool": "l2pool 2x2",
    "subsample": "subsample 2x2",
}


def net(line: str) -> str:
    return f"filter t = [1 0 1; 1 1 0; 1 1 1; 0 1 1]\ninput 9x11x4\n{line}\n"


def without_one_tap(right: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel, but for one multiplication of each sum: its last weight is nothing to it."""

    def wrong(inputs: Any, weights: Any, numbers: Any) -> Any:
        changed = {}
        for name, array in weights.items():
            changed[name] = np.array(array)
            if name.endswith("weight"):
                changed[name][..., -1] = 0
        return right(inputs, changed, numbers)

    return wrong


@pytest.mark.parametrize("line", KINDS.values(), ids=KINDS)
def test_a_kernel_that_skips_a_tap_is_caught(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysed(net(line))
    assert verified(analysis).confirmed
    step = plan(analysis).steps[-1]
    name = step.kernel
    monkeypatch.setattr(execution, "KERNELS", {**KERNELS, name: without_one_tap(KERNELS[name])})
    differences = verified(analysis).differences
    assert any(": macs: predicted " in difference for difference in differences)


@pytest.mark.parametrize("stage", ["depthwise_weight", "pointwise_weight"])
def test_a_tap_left_out_of_either_stage_of_a_separable_convolution_is_caught(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = KERNELS["sepconv"]
    for index in (0, -1):

        def wrong(inputs: Any, weights: Any, numbers: Any, index: int = index) -> Any:
            changed = {name: np.array(array) for name, array in weights.items()}
            changed[stage][..., index] = 0
            return right(inputs, changed, numbers)

        monkeypatch.setattr(execution, "KERNELS", {**KERNELS, "sepconv": wrong})
        assert any(": macs: " in difference for difference in verified(analysed(net("sepconv 3 3x3"))).differences)


@pytest.mark.parametrize("line", [*KINDS.values(), *POOLS.values()], ids=[*KINDS, *POOLS])
def test_a_formula_that_is_off_by_one_is_caught(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer: type[Layer] = type(analysed(net(line)).nodes[-1].node.layer)
    right = layer.cost
    for more in (1, -1):
        kind = "macs" if line in KINDS.values() else "compare" if "max" in line else "add"

        def wrong(self: Any, inputs: tuple[Shape, ...], more: int = more, kind: str = kind) -> Cost:
            cost = right(self, inputs)
            return replace(cost, **{kind: getattr(cost, kind) + more})

        monkeypatch.setattr(layer, "cost", wrong)
        differences = verified(analysed(net(line))).differences
        assert len(differences) == 1
        assert f": {kind}: predicted " in differences[0]


@pytest.mark.parametrize("line", POOLS.values(), ids=POOLS)
def test_a_pool_that_skips_a_tap_or_takes_one_more_is_caught(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.kernels.sliding import Windows

    analysis = analysed(net(line))
    found = verified(analysis)
    assert found.confirmed
    assert [row.pool_measured for row in found.rows] == [False, True]
    right = Windows.taps
    step = plan(analysis).steps[-1]
    arriving = plan(analysis).steps[0].output
    predicted = analysis.nodes[-1].figures.cost
    assert measured_pooling(step, arriving, "float32") == predicted
    monkeypatch.setattr(Windows, "taps", lambda self: iter(list(right(self))[:-1]))
    fewer = measured_pooling(step, arriving, "float32")
    assert fewer is not None
    assert fewer.others < predicted.others


@pytest.mark.parametrize(
    ("line", "cost"),
    [
        # LeNet-5's S2 (LeCun et al. 1998): 4 inputs an output, added to a bias, times a coefficient
        ("input 28x28x6\nsubsample 2x2\n", Cost(add=4_704, multiply=1_176)),
        ("input 28x28x6\nmaxpool 2x2\n", Cost(compare=3_528)),
        ("input 7x7x2\nmaxpool 3x3 stride=2 padding=1\n", Cost(compare=256)),
        ("input 7x7x2\navgpool 3x3 stride=2\n", Cost(add=144, divide=18)),
        ("input 8x8x1\nl2pool 2x2\n", Cost(multiply=64, add=48, exp=16)),
    ],
)
def test_pools_are_measured_by_the_outputs_that_single_ones_light(line: str, cost: Cost) -> None:
    analysis = analysed(line)
    assert measured_pooling(plan(analysis).steps[-1], plan(analysis).steps[0].output, "float32") == cost


def test_a_window_that_ends_outside_the_pads_is_not_measured() -> None:
    found = verified(analysed("input 8x8x2\nmaxpool 3x3 stride=2 ceil\n"))
    assert found.confirmed
    assert [row.pool_measured for row in found.rows] == [False, False]


def test_every_kernel_that_is_measured_exists_and_no_kind_of_work_is_left_out() -> None:
    assert {*MEASURES, *FACTORS, *POOLED} <= set(KERNELS)
    kinds = [POOLED[name](9, 1) for name in POOLED]
    assert all(sum(getattr(cost, field.name) > 0 for field in fields(Cost)) for cost in kinds)


def test_a_layer_that_forgets_its_work_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel is measured whether work is predicted or not."""
    from cnncalc.layers.conv import Conv

    monkeypatch.setattr(Conv, "cost", lambda self, inputs: Cost())
    assert verified(analysed(net("conv 4 1x1 nobias"))).differences == (
        "line 3, conv 4 1x1 nobias: macs: predicted 0, measured 1,584",
    )


def test_a_kernel_that_nobody_listed_is_measured() -> None:
    """`conv_direct` is in no table: 6 * 6 outputs of 4 filters over 3 * 3 * 3 numbers."""
    step = plan(analysed("input 8x8x3\nconv 4 3x3\n")).steps[-1]
    assert step.kernel == "conv"
    assert measured_macs(replace(step, kernel="conv_direct"), [(1, 3, 1, 8, 8)], "float32") == 6 * 6 * 4 * 27


@pytest.mark.parametrize(
    "line",
    ["bn", "ln", "gn 2", "instancenorm", "rmsnorm", "scale", "layerscale", "prelu", "subsample 2", "maxpool 2", "relu"],
)
def test_what_only_scales_numbers_accumulates_none(line: str) -> None:
    assert macs(f"input 8x8x4\n{line}\n") == 0


def test_a_pool_that_would_take_too_long_to_measure_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """6 * 6 outputs of 2 channels, 3 * 3 taps, as many arrays of single ones: 5,832 steps."""
    step = plan(analysed("input 8x8x2\nmaxpool 3 stride=1\n")).steps[-1]
    for most, left_out in ((5832, False), (5831, True)):
        monkeypatch.setattr("cnncalc.runtime.measured_work.MOST_POOL_STEPS", most)
        assert (measured_pooling(step, (1, 2, 1, 8, 8), "float32") is None) == left_out


def test_a_large_weight_of_ones_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    known = execution.kernel_of

    def kernel_of(step: Any) -> Any:
        return lambda inputs, weights, numbers: (
            seen.append(max(weights["weight"].strides)),
            known(step)(inputs, weights, numbers),
        )[1]

    monkeypatch.setattr("cnncalc.runtime.measured_work.kernel_of", kernel_of)
    for largest in (480, 479):
        monkeypatch.setattr("cnncalc.runtime.measured_work.LARGEST_ONES", largest)
        assert macs("input 40\ndense 12\n") == 480
    assert [stride > 0 for stride in seen] == [True, False]


def test_an_analysis_of_several_images_is_held_against_as_many() -> None:
    """36 places of 3 filters over 18 numbers are 1,944 multiply-accumulates an image."""
    analysis = analyse(analysed("input 8x8x2\nconv 3 3x3\nmaxpool 2\n").graph, 3)
    found = confirm(analysis, seeded(analysis), given(analysis, 3), verify=True)
    assert found.differences == ()
    assert [row.macs for row in found.rows] == [0, 5832, 0]
    assert [row.pool_measured for row in found.rows] == [False, False, True]
