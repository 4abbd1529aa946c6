"""The confirmation holds for every kind of layer, and fails, with a readable reason, when a formula is wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from cnncalc.analysis import Analysis, AxisField, Piece
from cnncalc.geometry import Shape
from cnncalc.runtime.confirmation import Confirmation, Progress, confirm, measured_shape
from cnncalc.runtime.planning import precision
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import seeded

from .nets import analysed, given

LENET = """input 32x32x1
conv 6 5x5 tanh
avgpool 2x2
conv 16 5x5 tanh
avgpool 2x2
flatten
dense 120 tanh
dense 84 tanh
dense 10 softmax
"""


def confirmed(analysis: Analysis, verify: bool = True, batch: int = 1) -> Confirmation:
    return confirm(analysis, seeded(analysis, dtype=precision(analysis)), given(analysis, batch), verify)


NETS = {
    "lenet": LENET,
    "1-D, dilation, groups": "input 200 channels 8\nconv 16 9 stride=2 relu\nconv 16 3 dilation=4 groups=4\nmaxpool 4\n"
    "flatten\ndense 5\n",
    "3-D": "input 6x12x12 channels 2\nconv 3 3x3x3 same relu\nmaxpool 2x2x2\nflatten\ndense 2\n",
    "residual": "input 16x16x3\nsplit\nbranch\nconv 4 3x3 stride=2 padding=1 bn relu\n"
    "conv 4 3x3 padding=1 bn\nbranch\nconv 4 1x1 stride=2 bn\njoin add relu\ngap\ndense 3\n",
    "holes": "input 40x40x1\nconv 2 3x3 dilation=5\nconv 2 2x2 stride=3\nconv 2 3x3 dilation=2\n",
    "stride beyond the kernel": "input 41x37x2\nconv 3 1x1 stride=2\nconv 3 2x2 stride=4\n",
    "same": "input 29x31x2\nconv 3 4x4 stride=2 same\nconv 3 5x3 stride=3x1 same\nmaxpool 3x3 stride=2 same\n",
    "four sides": "input 9x9x2\nconv 3 3x3 padding=0,2,1,3\nmaxpool 3x3 stride=2 ceil\n",
    "full": "input 9x9x1\nconv 2 3x3 full\ncrop 1\npad 2\n",
    "mirrored pads": "input 20x20x1\nconv 2 3x3 padding=1 reflect\nconv 2 3x3 padding=2 wrap\n"
    "conv 2 3x3 padding=1 edge\nmaxpool 2x2\n",
    "transposed": "input 7x7x3\nupconv 2 4x4 stride=2 padding=1\nupconv 2 3x3 stride=3\nupconv 2 2x2 stride=3\n"
    "conv 2 3x3 same\n",
    "u-net": "input 32x32x1\nd1: conv 2 3x3 relu\nmaxpool 2x2\nconv 4 3x3 relu\nupconv 2 2x2 stride=2\n"
    "concat d1 crop\nconv 2 3x3\n",
    "squeeze": "input 8x8x4\na: conv 4 3x3 same relu\ngap\ndense 2 relu\ndense 4 sigmoid\nmul a\nconv 2 3x3\n",
    "inception": "input 16x16x3\nsplit\nbranch\nconv 2 1x1\nbranch\nconv 2 3x3 same\nbranch\nconv 2 5x5 same\n"
    "branch\nmaxpool 3x3 stride=1 padding=1\njoin concat\nmaxpool 3x3 stride=2\n",
    "a cross": "input 21x21x1\nsplit\nbranch\nconv 1 1x5 same\nbranch\nconv 1 5x1 same\njoin add\n"
    "conv 1 1x1 stride=2\nconv 2 3x3\n",
    "depthwise": "input 14x14x4\ndwconv 3x3 same multiplier=2 bn relu6\nsepconv 6 3x3 stride=2 same\n"
    "shuffle 3\nslice 0:3\n",
    "local": "input 9x9x2\nlocal 3 3x3 stride=2\nsubsample 2x2\nflatten\ndense 2\n",
    "pools": "input 17x17x2\nsumpool 2x2\nl2pool 3x3 stride=1\navgpool 2x2 padding=1 countpad\nadaptavg 3x3\ngmp\n",
    "adaptive": "input 17x17x2\nconv 2 3x3\nadaptmax 4x5\nconv 2 2x2\n",
    "norms": "input 8x8x4\nconv 4 3x3\nln\ngn 2\nlrn\nscale\nprelu\nsoftmax\n",
    "resizing": "input 8x8x2\nupsample 2\nconv 2 3x3 same\nupsample 3 bilinear\ncrop 1\nmaxpool 4x4\n",
    "reshape": "input 8x8x2\nreshape 4x4x8\nconv 2 3x3\nflatten\nreshape 2x2x2\nconv 1 2x2\n",
    "channels apart": "input 12x12x4\nspacetodepth 2\ndwconv 3x3\ndepthtospace 2\nconv 2 3x3\n",
    "a part of a concat": "input 12x12x2\na: conv 2 3x3 same\nconv 2 5x5 same\nconcat a\nslice 2:4\nconv 3 3x3\n",
    "empty channels alone": "input 9x9x2\nconv 2 3x3\npadchannels 0,2\nslice 2:4\nconv 2 3x3\n",
    "a table that leaves a channel out": "filter t = [1 1; 0 0]\ninput 9x9x1\na: conv 1 1x1\nb: conv 1 3x3 same\n"
    "concat a b\nconv 2 3x3 connect=t\n",
    "flat": "input 20\ndense 10 relu\ndense 3\n",
    "two inputs": "a: input 8x8x1\nb: input 8x8x1\nc: conv 2 3x3 from a\nd: conv 2 3x3 from b\nadd c d\n"
    "flatten\ndense 2\n",
    "two outputs": "input 12x12x1\na: conv 2 3x3\nb: conv 3 5x5 from a\noutput a b\n",
    "by hand": "data p = [1 2 3 4; 5 6 7 8; 9 1 2 3; 4 5 6 7]\nx: input from p\n"
    "conv filter=sharpen => 2x2x1\nconv filter=laplacian padding=1 stride=2 from x\n",
}


@pytest.mark.parametrize("text", NETS.values(), ids=NETS.keys())
def test_what_is_predicted_is_what_happens(text: str) -> None:
    confirmation = confirmed(analysed(text))
    assert confirmation.differences == ()
    assert confirmation.confirmed
    for row in confirmation.rows:
        assert row.measured == row.predicted
        assert row.params == row.row.figures.params
        assert row.macs == row.row.figures.cost.macs


def test_every_line_that_sees_the_picture_has_its_receptive_field_proved() -> None:
    confirmation = confirmed(analysed(LENET))
    assert [row.field_proved for row in confirmation.rows] == [None] + [True] * 8


def test_a_field_that_is_an_upper_bound_is_confirmed_by_containment() -> None:
    """Each channel of spacetodepth sees one pixel of four; depthtospace puts it back, so one pixel is all there is."""
    found = confirmed(analysed("input 8x8x4\nspacetodepth 2\ndepthtospace 2\nconv 3 3x3\n"))
    assert found.confirmed
    assert [row.field_proved for row in found.rows] == [None, True, True, True]
    fields = [row.row.receptive_field for row in found.rows]
    assert [(field.size, field.at_most) for field in fields if field] == [
        ((1, 1), False),
        ((2, 2), False),
        ((2, 2), True),
        ((4, 4), True),
    ]


def test_an_upper_bound_that_is_too_small_is_refuted() -> None:
    analysis = analysed("input 12x12x4\nspacetodepth 2\ndepthtospace 2\nconv 3 5x5\n")
    row = analysis.rows[-1]
    node = row.nodes[-1]
    assert node.fields is not None
    narrow = tuple(AxisField((Piece(1, 1, (2,), (3,)),)) for _ in node.fields)
    wrong = row._replace(nodes=(*row.nodes[:-1], node._replace(fields=narrow)))
    found = confirmed(analysis._replace(rows=(*analysis.rows[:-1], wrong)))
    assert not found.confirmed
    assert "receptive field: height" in found.differences[0]


def test_without_verify_only_shapes_and_parameters_are_measured() -> None:
    confirmation = confirmed(analysed(LENET), verify=False)
    assert not confirmation.verified
    assert {(row.macs, row.field_proved) for row in confirmation.rows} == {(None, None)}
    assert confirmation.confirmed


def test_the_memory_of_a_run_is_that_of_whoever_ran_it() -> None:
    """54 weights and 6 biases of four bytes, and what the engine has beside them; what a check hears has none."""
    analysis = analysed("input 10x10x1\nconv 6 3x3\n")
    readable, fast = confirmed(analysis), confirmed(analysis, verify=False)
    assert (readable.engine_bytes, readable.peak_bytes) == (0, readable.plan.peak_bytes)
    ready = prepare(fast.plan, seeded(analysis))
    assert ready.session is not None
    assert fast.engine_bytes == ready.session.engine.peak_bytes > 0
    assert fast.peak_bytes == 4 * 60 + fast.engine_bytes


def test_a_batch_is_confirmed_image_by_image() -> None:
    confirmation = confirmed(analysed(LENET), batch=3)
    assert confirmation.confirmed
    assert confirmation.plan.batch == 3
    assert confirmation.outputs[0].values.shape == (3, 10, 1, 1, 1)
    assert confirmation.rows[1].flops == 3 * (2 * 117_600 + confirmation.rows[1].row.figures.cost.others)


def test_every_output_is_handed_on_by_name() -> None:
    outputs = confirmed(analysed(NETS["two outputs"])).outputs
    assert [(output.name, output.values.shape) for output in outputs] == [
        ("a", (1, 2, 1, 10, 10)),
        ("b", (1, 3, 1, 6, 6)),
    ]


def test_only_a_net_that_ends_in_softmax_gives_probabilities() -> None:
    assert [output.probabilities for output in confirmed(analysed(LENET)).outputs] == [True]
    assert [output.probabilities for output in confirmed(analysed(NETS["flat"])).outputs] == [False]


def test_an_observer_sees_every_line_and_every_disturbance() -> None:
    analysis = analysed(LENET)
    events: list[Progress] = []
    confirm(analysis, seeded(analysis), given(analysis), verify=True, observe=events.append)
    running = [event for event in events if event.phase == "running"]
    assert [event.row.row.index for event in running if event.row is not None] == list(range(9))
    assert [event.done for event in running] == list(range(1, 15))
    assert {event.total for event in running} == {14}
    disturbed = [(event.done, event.total) for event in events if event.phase == "disturbing"]
    assert disturbed == [(8, 12), (12, 12)]


def test_times_and_speeds_are_told_for_lines_that_compute() -> None:
    rows = confirmed(analysed(LENET), verify=False).rows
    assert rows[0].gflops_per_second is None
    assert all(row.seconds > 0 and row.gflops_per_second for row in rows[1:3])


def doctored(analysis: Analysis, index: int, **changes: object) -> Analysis:
    """The analysis with one line's prediction changed (`fields` are its last node's)."""
    rows = list(analysis.rows)
    fields = changes.pop("fields", None)
    if fields is not None:
        last = rows[index].nodes[-1]._replace(fields=fields)  # type: ignore[arg-type]
        changes["nodes"] = (*rows[index].nodes[:-1], last)
    rows[index] = rows[index]._replace(**changes)  # type: ignore[arg-type]
    return analysis._replace(rows=tuple(rows))


def test_a_wrong_shape_is_found() -> None:
    analysis = doctored(analysed(LENET), 3, output=Shape(16, (11, 10)))
    confirmation = confirmed(analysis)
    assert not confirmation.confirmed
    assert "line 4, conv 16 5x5 tanh: shape: predicted 11x10x16, measured 10x10x16" in confirmation.differences


def test_a_wrong_parameter_count_is_found() -> None:
    analysis = analysed(LENET)
    figures = analysis.rows[3].figures._replace(params=416)  # the published slip: the input depth forgotten
    assert confirmed(doctored(analysis, 3, figures=figures), verify=False).differences == (
        "line 4, conv 16 5x5 tanh: params: predicted 416, measured 2,416",
    )


def test_a_wrong_count_of_work_is_found_only_by_counting() -> None:
    analysis = analysed(LENET)
    figures = analysis.rows[3].figures
    wrong = doctored(analysis, 3, figures=figures._replace(cost=replace(figures.cost, macs=480_000)))
    assert confirmed(wrong, verify=False).confirmed
    assert confirmed(wrong).differences == ("line 4, conv 16 5x5 tanh: macs: predicted 480,000, measured 240,000",)


FIELD_OF_CONV2 = Piece(1, 2, (0,), (13,))
"""LeNet-5's second convolution: 5 + (2 - 1) * 1 + (5 - 1) * 2 = 14 pixels, output o sees 2o to 2o + 13."""


@pytest.mark.parametrize(
    "piece",
    [
        Piece(1, 2, (0,), (12,)),  # one pixel too small
        Piece(1, 2, (1,), (13,)),
        Piece(1, 2, (0,), (14,)),  # one pixel too large
        Piece(1, 2, (-1,), (13,)),
        Piece(1, 2, (1,), (14,)),  # shifted by one pixel
        Piece(1, 2, (-1,), (12,)),
        Piece(1, 1, (0,), (13,)),  # another jump
        Piece(1, 4, (0,), (13,)),
        Piece(1, 0, (0,), (31,)),  # everywhere
    ],
)
def test_a_receptive_field_that_is_off_by_one_pixel_is_found(piece: Piece) -> None:
    analysis = analysed(LENET)
    assert analysis.rows[3].nodes[-1].fields == (AxisField((FIELD_OF_CONV2,)),) * 2
    right = AxisField((FIELD_OF_CONV2,))
    for fields, axis in (((AxisField((piece,)), right), "height"), ((right, AxisField((piece,))), "width")):
        confirmation = confirmed(doctored(analysis, 3, fields=fields))
        (difference,) = confirmation.differences
        assert difference.startswith(f"line 4, conv 16 5x5 tanh: receptive field: {axis} ")
        assert " of the output should see " in difference
        assert [row.field_proved for row in confirmation.rows].count(False) == 1


def test_a_field_said_to_be_small_where_everything_is_seen_is_found() -> None:
    analysis = analysed(LENET)
    small = AxisField((Piece(1, 0, (4,), (20,)),))
    confirmation = confirmed(doctored(analysis, 6, fields=(small, small)))
    assert len(confirmation.differences) == 1
    assert "line 7, dense 120 tanh: receptive field" in confirmation.differences[0]


def test_a_layer_whose_formula_is_tampered_with_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.layers.base import Cost
    from cnncalc.layers.pool import AvgPool

    def one_too_many(layer: AvgPool, inputs: tuple[Shape, ...]) -> Shape:
        spatial = layer.output_spatial(inputs[0])
        return Shape(inputs[0].channels, (spatial[0] + 1, spatial[1]))

    text = "input 12x12x1\nconv 2 3x3\navgpool 2x2\n"
    monkeypatch.setattr(AvgPool, "output_shape", one_too_many)
    assert "line 3, avgpool 2x2: shape: predicted 6x5x2, measured 5x5x2" in confirmed(analysed(text)).differences
    monkeypatch.undo()
    monkeypatch.setattr(AvgPool, "window", lambda layer, inputs: None)
    assert "line 3, avgpool 2x2: receptive field" in confirmed(analysed(text)).differences[0]
    monkeypatch.undo()
    monkeypatch.setattr(AvgPool, "cost", lambda layer, inputs: Cost(macs=50))
    assert set(confirmed(analysed(text)).differences) == {
        "line 3, avgpool 2x2: macs: predicted 50, measured 0",
        "line 3, avgpool 2x2: add: predicted 0, measured 150",
        "line 3, avgpool 2x2: divide: predicted 0, measured 50",
    }


def test_a_copy_of_a_repeated_line_is_named() -> None:
    analysis = analysed("input 8x8x1\nconv 1 3x3 same times 3\n")
    wrong = doctored(analysis, 2, output=Shape(1, (8, 9)))
    assert confirmed(wrong, verify=False).differences == (
        "line 2 (copy 2 of 3), conv 1 3x3 same: shape: predicted 8x9x1, measured 8x8x1",
    )


VALUES = "data p = [1 2; 3 4]\ninput from p\nconv 1 2x2 weights=[1 1; 1 1] bias=[{bias}] => 1x1x1 values [{claim}]\n"


@pytest.mark.parametrize(
    ("bias", "claim", "difference"),
    [
        ("0", "10", ""),
        ("0", "11", "values: 11 claimed, measured 10"),
        ("1/3", "10.33", ""),
        ("1/3", "10.34", "values: 10.34 claimed, measured 10.3333"),
        ("1/3", "31/3", ""),
        ("0", "10 10", "values: 1x2 are claimed, 1x1x1 were measured"),
    ],
)
def test_claimed_values_are_held_against_the_kernels(bias: str, claim: str, difference: str) -> None:
    analysis = analysed(VALUES.format(bias=bias, claim=claim))
    confirmation = confirmed(analysis)
    assert confirmation.plan.dtype == "float64"
    assert "".join(confirmation.differences).startswith("line 3, " if difference else "")
    assert difference in "".join(confirmation.differences)
    assert confirmation.confirmed is not bool(difference)


def test_the_worked_filters_of_the_slides_are_confirmed_by_the_kernels() -> None:
    """Deck 001: the picture, sharpen, and a kernel with and without the flip."""
    text = (
        "data picture = [0 1 1 0 0\n0 1 1 0 0\n1 0 0 1 1\n0 1 1 0 1\n1 1 1 1 1]\n"
        "filter count = [1 2 3; 4 5 6; 7 8 9]\n"
        "p: input from picture\n"
        "conv filter=sharpen => 3x3x1 values [3 3 -2; -3 -3 4; 3 3 -4]\n"
        "conv filter=sharpen padding=1 stride=2 from p => values [-1 3 0; 5 -3 3; 4 2 3]\n"
        "conv filter=count from p => values [23 21 22; 26 24 28; 36 36 39]\n"
        "conv filter=count flip from p => values [27 29 18; 24 26 22; 24 24 31]\n"
    )
    assert confirmed(analysed(text)).confirmed
    slip = text.replace("4 2 3]", "5 2 3]")  # printed on the slide
    (difference,) = confirmed(analysed(slip)).differences
    assert difference.endswith("values: 5 claimed, measured 4 (channel 1, row 3, column 1)")


def test_kernels_that_compute_otherwise_than_by_hand_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.runtime import confirmation as module

    analysis = analysed("data p = [1 2; 3 4]\ninput from p\nmaxpool 2x2 => 1x1x1\nconv filter=identity padding=1\n")
    monkeypatch.setattr(module, "values", lambda analysis: {1: [[[[Fraction(3)]]]]})
    (difference,) = confirmed(analysis).differences
    assert difference == "line 3, maxpool 2x2: values: 3 by hand, measured 4 (channel 1, row 1, column 1)"


def test_numbers_that_overflow_cannot_be_verified() -> None:
    analysis = analysed("input 2x2x1\nconv 1 1x1\nsoftmax\n")
    inputs = {"input1": np.full((1, 1, 1, 2, 2), np.inf, np.float32)}
    differences = confirm(analysis, seeded(analysis), inputs, verify=True).differences
    assert differences == (
        (
            "line 1, input 2x2x1: input: input1 holds inf (image 1, channel 1, row 1, column 1): "
            "the first number that is not finite"
        ),
    )


@pytest.mark.parametrize(
    ("array", "rank", "expected"),
    [
        ((1, 6, 1, 28, 28), 2, Shape(6, (28, 28))),
        ((5, 10, 1, 1, 1), 0, Shape(10)),
        ((1, 4, 1, 1, 100), 1, Shape(4, (100,))),
        ((1, 4, 3, 5, 7), 3, Shape(4, (3, 5, 7))),
        ((1, 4, 1, 2, 1), 0, Shape(4, (1, 2, 1))),
        ((1, 4, 2, 5, 7), 2, Shape(4, (2, 5, 7))),
    ],
)
def test_an_array_is_read_as_a_shape_without_hiding_an_axis(array: tuple[int, ...], rank: int, expected: Shape) -> None:
    assert measured_shape(array, rank) == expected
