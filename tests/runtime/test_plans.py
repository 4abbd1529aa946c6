"""A plan is data: printed and compared without an array in sight; its peak is never less than what a run takes."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.kernels import connections, dense, pool
from cnncalc.layers.base import Weight
from cnncalc.runtime import workspace
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import lifted_weight, plan, precision
from cnncalc.runtime.weights import seeded

from .nets import analysed, given

RESIDUAL = """input 8x8x2
split
branch
  conv 2 3x3 same relu
branch
join add relu
dropout 0.5
flatten
dense 3 softmax
"""


def test_a_plan_prints_what_will_be_done_and_what_is_freed_when() -> None:
    assert str(plan(analysed(RESIDUAL), batch=2)) == (
        "plan for 2 images in float32\n"
        "#  node            kernel    algorithm  reads  output              frees\n"
        "0  input1          input     -          -      2x2x1x8x8           -\n"
        "1  conv1           conv      auto       0      2x2x1x8x8           -\n"
        "2  conv1.relu      relu      auto       1      2x2x1x8x8           1\n"
        "3  add1            add       auto       2 0    2x2x1x8x8           0 2\n"
        "4  add1.relu       relu      auto       3      2x2x1x8x8           3\n"
        "5  dropout1        identity  auto       4      2x2x1x8x8 (shared)  4\n"
        "6  flatten1        flatten   auto       5      2x128x1x1x1         5\n"
        "7  dense1          dense     auto       6      2x3x1x1x1           6\n"
        "8  dense1.softmax  softmax   auto       7      2x3x1x1x1           7\n"
        "weights 1,700 bytes, at most 9,956 bytes in all"
    )


def test_planning_needs_no_numpy() -> None:
    program = (
        "import sys, cnncalc.runtime.planning, cnncalc.runtime.workspace; "
        "sys.exit(bool({'numpy', 'numba', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input 8x8x1\nconv 2 3x3\n", "float32"),
        ("data p = [1 2; 3 4]\ninput from p\nconv 1 1x1\n", "float32"),
        ("data p = [1 2; 3 4]\ninput from p\nconv filter=identity padding=1\n", "float64"),
        ("data p = [1 2; 3 4]\ninput from p\nmaxpool 2x2 => 1x1x1 values [4]\n", "float64"),
    ],
)
def test_what_a_person_checks_by_hand_is_computed_in_float64(text: str, expected: str) -> None:
    assert precision(analysed(text)) == expected


def test_float64_convolutions_are_plain_loops() -> None:
    analysis = analysed("input 8x8x1\nconv 9 3x3\nrelu\n")
    assert [step.algorithm for step in plan(analysis, dtype="float64").steps] == ["-", "direct", "auto"]
    assert plan(analysis, algorithm="direct").steps[1].algorithm == "direct"
    assert plan(analysis).steps[1].algorithm == "auto"


def test_a_batch_of_no_images_is_refused() -> None:
    with pytest.raises(InputError, match="a batch of 0 images"):
        plan(analysed("input 8x8x1\nrelu\n"), batch=0)


@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        ((("filters", 4),), (4,)),
        ((("filters", 4), ("channels", 3), ("width", 5)), (4, 3, 1, 1, 5)),
        ((("filters", 4), ("channels", 3), ("height", 7), ("width", 5)), (4, 3, 1, 7, 5)),
        ((("filters", 4), ("channels", 3), ("depth", 2), ("height", 7), ("width", 5)), (4, 3, 2, 7, 5)),
        (
            (("out_height", 9), ("out_width", 8), ("filters", 4), ("channels", 3), ("height", 7), ("width", 5)),
            (1, 9, 8, 4, 3, 1, 7, 5),
        ),
        ((("out_width", 8), ("filters", 4)), (1, 1, 8, 4)),
    ],
)
def test_the_spatial_axes_of_weights_are_lifted_to_three(
    axes: tuple[tuple[str, int], ...], expected: tuple[int, ...]
) -> None:
    assert lifted_weight(Weight("weight", axes)) == expected


LINES = [
    *("conv 32 3x3 same", "conv 32 1x1", "conv 4 3x3 padding=1", "conv 64 5x5", "conv 64 3x3 stride=2 padding=1"),
    *("conv 16 3x3 flip edge padding=2", "conv 64 3x3 groups=4 same", "dwconv 3x3 same multiplier=2"),
    *("sepconv 64 3x3 same", "upconv 16 4x4 stride=2 padding=1", "maxpool 4x4\nlocal 8 3x3"),
    *("maxpool 3x3 stride=1 same", "maxpool 3x3 stride=2 ceil", "avgpool 3x3 stride=2 padding=1", "sumpool 2x2"),
    *("l2pool 2x2", "subsample 2x2", "gap", "gmp", "adaptavg 7x7", "adaptmax 64x64"),
    *("flatten", "flatten\nrelu\nflatten", "reshape 48x48x128", "flatten\ndense 10"),
    *("bn", "ln", "gn 4", "lrn", "pad 3", "pad 3 reflect", "crop 3\nrelu\ncrop 1\nrelu", "shuffle 4", "scale"),
    *(
        "upsample 2",
        "upsample 2 bilinear",
        "relu\nslice 0:4\nmaxpool 2x2\nrelu",
        "dropout 0.5\nrelu\ndropout 0.5\nrelu",
    ),
    *("a: relu\nb: tanh\nadd a b", "a: relu\nb: gap\nmul a b", "a: relu\nb: tanh\nconcat a b"),
    *("a: relu\nb: crop 2\nadd a b crop", "a: relu\nrelu\nrelu\nadd a\nrelu"),
    *("relu", "relu6", "leaky", "elu", "selu", "gelu", "silu", "hardswish", "hardsigmoid", "sigmoid", "tanh"),
    *("softmax", "softplus", "mish", "prelu"),
    "conv 32 3x3 same bn relu\nconv 32 3x3 same bn relu\nmaxpool 2x2\nconv 64 3x3 same bn relu\ngap\ndense 10 softmax",
]


LONG_SUMS = (
    "avgpool 3x3 stride=1",
    "l2pool 3x3 stride=1",
    "conv 7 3x3",
    "dwconv 3x3",
    "sepconv 32 3x3",
    "subsample 3x3",
)


@pytest.mark.parametrize("line", LONG_SUMS)
def test_sums_in_float64_are_predicted(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (pool.LONGEST_SUM, connections.LONGEST_SUM) == (workspace.LONGEST_SUM,) * 2
    for module in (pool, connections, workspace):
        monkeypatch.setattr(module, "LONGEST_SUM", 8)
    predictions_hold(line, 1)


def test_products_in_parts_are_predicted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dense.LONGEST_PRODUCT == workspace.LONGEST_PRODUCT
    for module in (dense, workspace):
        monkeypatch.setattr(module, "LONGEST_PRODUCT", 8)
    predictions_hold("gap\ndense 100000", 2)


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("line", LINES)
def test_a_run_never_takes_more_memory_than_was_predicted(line: str, batch: int) -> None:
    predictions_hold(line, batch)


def predictions_hold(line: str, batch: int) -> None:
    analysis = analysed(f"input 96x96x32\n{line}\n")
    prepared, weights, inputs = plan(analysis, batch), seeded(analysis), given(analysis, batch)
    execute(prepared, weights, inputs)  # compiling takes memory once
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    execute(prepared, weights, inputs)
    measured = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    predicted = prepared.peak_bytes - prepared.weight_bytes - sum(array.nbytes for array in inputs.values())
    assert measured <= predicted + 130_000  # what Python itself takes, and a buffer of NumPy's for sums in float64
    assert predicted <= 2 * measured + 10_000_000  # and the prediction is worth something
