"""One number worked out as on a slide: what is printed adds up, and is what the whole result and the kernels give."""

from __future__ import annotations

import re
from fractions import Fraction
from math import sqrt

import pytest

from cnncalc.analysis.by_hand import values
from cnncalc.analysis.by_hand.volumes import Step
from cnncalc.analysis.worked_cells import ending_as_made, line_names, worked
from cnncalc.analysis.worked_cells.addresses import address_of, cell_name, nth
from cnncalc.analysis.worked_cells.one_number import Work, added_parts, one_digit_apart, rounded_to, written
from cnncalc.analysis.worked_cells.setting import WIDEST, lines_of
from cnncalc.analysis.worked_cells.sliding_cells import conv_cell
from cnncalc.diagnostics import InputError
from cnncalc.geometry import Shape
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import seeded

from .test_by_hand import FIVE, GREY, PICTURE, SIGNAL, X16

TWO = "data p = [1 2 0; 0 1 -1; 2 0 3] [0 1 1; 1 0 2; -1 1 0]\ninput from p\n"
"""A picture of two channels."""

W2 = "weights=[1 0; -1 2] [0 1; 1 1]"
NETS = [
    (PICTURE, "conv filter=sharpen padding=1 stride=2"),
    (PICTURE, "conv filter=emboss flip padding=1 fill=edge"),
    (PICTURE, "conv filter=laplacian padding=1 fill=reflect"),
    (PICTURE, "conv filter=laplacian padding=1 fill=wrap"),
    (PICTURE, "conv filter=sharpen full"),
    (PICTURE, "conv filter=[1 2; 3 4] dilation=2"),
    (PICTURE, "conv filter=sharpen same relu"),
    (SIGNAL, "conv filter=third full flip"),
    (FIVE, "conv filter=[1 -1 2] stride=2"),
    (TWO, f"conv 1 2x2 {W2} bias=[1/3]"),
    (TWO, f"conv 2 2x2 groups=2 {W2} bias=[1 -2]"),
    (TWO, f"dwconv 2x2 {W2} nobias"),
    (TWO, f"upconv 1 2x2 stride=2 {W2} bias=[1]"),
    (TWO, f"upconv 1 2x2 stride=1 padding=1 {W2} nobias"),
    (GREY, "maxpool 2 stride=1 padding=1"),
    (GREY, "maxpool 3x3 stride=2 ceil"),
    (GREY, "avgpool 2 padding=1"),
    (GREY, "avgpool 2 padding=1 countpad"),
    (GREY, "avgpool 2 stride=2 ceil countpad padding=1"),
    (GREY, "sumpool 2"),
    (X16, "l2pool 2"),
    (TWO, "gap"),
    (TWO, "globalmaxpool"),
    (TWO, "bn"),
    (TWO, "lrn"),
    (TWO, "ln"),
    (TWO, "rmsnorm"),
    (TWO, "gn 1"),
    (TWO, "softmax"),
    (TWO, "sigmoid"),
    (TWO, "leaky 0.1"),
    (TWO, f"flatten\nd: dense 2 weights=[{' '.join(map(str, range(36)))}] bias=[1 -1]"),
]


def cells(analysis):
    """Every cell of the last line, worked out, with what the definition gives."""
    known = values(analysis)
    row = analysis.rows[-1]
    made = known[row.row.last]
    count = row.output.elements
    for n in range(count):
        channel, place = nth(n, row.output)
        yield worked(row.nodes, known.get, channel, place), made[channel][place[0]][place[1]][place[2]]


def evaluated(text: str):
    """The value of a printed sum: exact, with `sqrt`, `max` and powers."""
    text = re.sub(r"\(bias\)", "", re.sub(r"^(?:[a-z ]+, )?(?:channel|pointwise)[^:]*: ", "", text))
    text = re.sub(r"(\d+(?:\.\d+)?)", r"Fraction('\1')", text.replace("^", "**"))
    return eval(text, {"Fraction": Fraction, "sqrt": sqrt, "max": lambda *all_of: max(all_of), "__builtins__": {}})


@pytest.mark.parametrize(("picture", "line"), NETS)
def test_every_number_is_that_of_the_whole_result(analysed, picture: str, line: str) -> None:
    analysis = analysed(picture + line)
    found = list(cells(analysis))
    assert found
    for work, right in found:
        assert work[-1].result == pytest.approx(right, rel=1e-12, abs=0)
        assert isinstance(right, float) or work[-1].result == right
        assert work[-1].sums[-1].endswith(f"= {written(right)}")


@pytest.mark.parametrize(("picture", "line"), NETS[:21])
def test_the_sums_that_are_printed_are_true(analysed, picture: str, line: str) -> None:
    """Each side of an equals sign, read as a formula, is the same number."""
    for work, _ in cells(analysed(picture + line)):
        for one in work:
            for said in one.sums:
                if " = " in said and "laid with" not in said:
                    first, *others = said.split(" = ")
                    assert all(float(evaluated(first)) == pytest.approx(float(evaluated(side))) for side in others), (
                        said
                    )


@pytest.mark.parametrize(("picture", "line"), NETS[:18])
def test_a_window_names_the_places_of_the_map_that_it_lies_on(analysed, picture: str, line: str) -> None:
    """A picture marks these; what lies there is what the window shows, and outside the map it is padding."""
    analysis = analysed(picture + line)
    arriving = values(analysis)[analysis.rows[-1].nodes[0].node.inputs[0]]
    for work, _ in cells(analysis):
        for window in work[0].windows or work[0].drawn:
            plane = arriving[window.channel][window.slice]
            assert (len(window.seen), len(window.seen[0])) == (len(window.rows), len(window.columns))
            for y, row in zip(window.rows, window.seen, strict=True):
                for x, one in zip(window.columns, row, strict=True):
                    inside = 0 <= y < len(plane) and 0 <= x < len(plane[0])
                    assert one.is_pad != inside
                    assert not inside or one.value == plane[y][x]


@pytest.mark.parametrize("line", [f"upconv 1 2x2 stride=2 {W2} nobias", f"upconv 1 2x2 stride=1 padding=1 {W2} nobias"])
def test_what_lands_on_a_place_times_its_weights_is_its_number(analysed, line: str) -> None:
    for work, right in cells(analysed(TWO + line)):
        assert right == sum(
            one.value * weight
            for window in work[0].drawn
            for row, weights in zip(window.seen, window.kernel, strict=True)
            for one, weight in zip(row, weights, strict=True)
        )


LEARNED = ("bn", "ln", "rmsnorm", "gn 1")
"""A run starts their factors at random; tests/analysis/test_oracle.py compares their definitions with the kernels."""


@pytest.mark.parametrize(("picture", "line"), [net for net in NETS if net[1] not in LEARNED])
def test_a_run_gives_the_same_numbers(analysed, picture: str, line: str) -> None:
    analysis = analysed(picture + line)
    measured: dict[int, list[float]] = {}
    execute(
        plan(analysis, dtype="float64"),
        seeded(analysis, 0),
        {},
        observe=lambda done: measured.update({done.step.node: done.result.ravel().tolist()}),
    )
    found = [float(work[-1].result) for work, _ in cells(analysis)]
    assert measured[analysis.rows[-1].row.last] == pytest.approx(found, rel=1e-6, abs=1e-6)


def shown(analysed, text: str, at: str) -> list[str]:
    analysis = analysed(text)
    row = analysis.rows[-1]
    return list(lines_of(worked(row.nodes, values(analysis).get, *address_of(at, row.output))))


def test_a_cell_reads_as_on_the_slide(analysed) -> None:
    """Deck 001: sharpen with padding 1; the pads are in brackets."""
    assert shown(analysed, PICTURE + "conv filter=sharpen padding=1", "1,1") == [
        "  window         kernel",
        "  (0) (0) (0)     0 -1  0",
        "  (0)   0   1    -1  5 -1",
        "  (0)   0   1     0 -1  0",
        "( ) marks the padding, which holds zeros",
        "0*0 + 0*(-1) + 0*0 + 0*(-1) + 0*5 + 1*(-1) + 0*0 + 0*(-1) + 1*0 = -1",
    ]


@pytest.mark.parametrize(
    ("fill", "holds", "corner"),
    [
        ("edge", "the number at the edge", "(105) (105)"),
        ("reflect", "the mirror image", "(99) (103)"),
        ("wrap", "the other end", "(98) (104)"),
    ],
)
def test_pads_are_shown_as_what_they_hold(analysed, fill: str, holds: str, corner: str) -> None:
    """The grey picture begins 105 102, its second row 103 99, its last one 104 104 104 100 98."""
    lines = shown(analysed, GREY + f"conv filter=sharpen padding=1 fill={fill}", "1,1")
    assert lines[1].split("    ")[0].strip().startswith(corner)
    assert f"( ) marks the padding, which holds {holds}" in lines


def test_a_flipped_kernel_is_shown_as_it_lies_there(analysed) -> None:
    lines = shown(analysed, "data x = [1 0; 0 0]\ninput from x\nconv filter=[1 2; 3 4] flip", "1,1")
    assert lines[0].endswith("kernel, flipped")
    assert [line.split()[2:] for line in lines[1:3]] == [["4", "3"], ["2", "1"]]


def test_each_channel_has_its_window_and_all_are_added_with_the_bias(analysed) -> None:
    """1 + 0 + 0 + 2 = 3; 0 + 1 + 1 + 0 = 2; with 1/3 that is 16/3."""
    lines = shown(analysed, TWO + f"conv 1 2x2 {W2} bias=[1/3]", "1,1")
    assert [line for line in lines if line.startswith("channel") and "=" in line] == [
        "channel 1: 1*1 + 2*0 + 0*(-1) + 1*2 = 3",
        "channel 2: 0*0 + 1*1 + 1*1 + 0*1 = 2",
    ]
    assert lines[-1] == "3 + 2 + (1/3) (bias) = 16/3"


def test_what_lands_on_one_place_of_a_transposed_convolution_is_added(analysed) -> None:
    text = "data x = [1 2; 3 4]\ninput from x\nupconv 1 2x2 stride=1 weights=[1 10; 100 1000] nobias"
    assert shown(analysed, text, "2,2") == [
        "row 1, column 1 is 1, laid with row 2, column 2 of the kernel: 1*1000 = 1000",
        "row 1, column 2 is 2, laid with row 2, column 1 of the kernel: 2*100 = 200",
        "row 2, column 1 is 3, laid with row 1, column 2 of the kernel: 3*10 = 30",
        "row 2, column 2 is 4, laid with row 1, column 1 of the kernel: 4*1 = 4",
        "1000 + 200 + 30 + 4 = 1234",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("maxpool 2", "max(0, 1, 4, 5) = 5"),
        ("avgpool 2", "(0 + 1 + 4 + 5) / 4 = 2.5"),
        ("sumpool 2", "0 + 1 + 4 + 5 = 10"),
        ("l2pool 2", "sqrt(0^2 + 1^2 + 4^2 + 5^2) = sqrt(42) = 6.480740698"),
    ],
)
def test_a_pool_says_what_it_does_with_its_window(analysed, line: str, said: str) -> None:
    assert shown(analysed, X16 + line, "1,1")[-1] == said


def test_a_normalisation_says_its_numbers(analysed) -> None:
    """Before anything was learned: the mean is 0, the variance 1, and 4 / sqrt(1.00001) = 3.99998."""
    assert shown(analysed, "data x = [4]\ninput from x\nbn", "1,1") == [
        "mean 0, variance 1",
        "(4 - 0) / sqrt(1 + 1e-05) = 3.99998",
        "3.99998*1 + 0 = 3.99998",
    ]


def test_what_is_written_behind_a_layer_is_worked_out_behind_it(analysed) -> None:
    lines = shown(analysed, PICTURE + "conv filter=sharpen padding=1 relu", "1,1")
    assert (lines[0], lines[-2:]) == ("conv:", ["relu:", "max(0, -1) = 0"])


def test_a_large_window_is_abridged_and_its_sum_is_of_all(analysed) -> None:
    """11 by 11 ones under a kernel of twos."""
    row = " ".join(["1"] * 11)
    picture = f"data x = [{'; '.join([row] * 11)}]\nfilter two = 2 * [{'; '.join([row] * 11)}]\ninput from x\n"
    lines = shown(analysed, picture + "conv filter=two", "1,1")
    assert lines[1].split() == ["1", "1", "1", "...", "1", "2", "2", "2", "...", "2"]
    assert len(lines) == 7
    assert lines[-1] == "1*2 + 1*2 + 1*2 + 1*2 + 1*2 + 1*2 + 230 (the other 115 products) = 242"
    assert max(map(len, lines[:-1])) <= WIDEST


# ---------------------------------------------------------------------- addresses
@pytest.mark.parametrize(
    ("text", "shape", "name"),
    [
        ("2,1", Shape(1, (3, 3)), "row 2, column 1"),
        ("2, 1, 3", Shape(3, (3, 3)), "channel 3, row 2, column 1"),
        ("2,1", Shape(3, (3, 3)), "channel 1, row 2, column 1"),
        ("4", Shape(10, ()), "number 4"),
        ("5,2", Shape(2, (7,)), "channel 2, column 5"),
        ("1,2,3", Shape(1, (2, 3, 4)), "slice 1, row 2, column 3"),
    ],
)
def test_an_address_is_named_as_wrong_cells_are(text: str, shape: Shape, name: str) -> None:
    assert cell_name(address_of(text, shape), shape) == name


@pytest.mark.parametrize(
    ("text", "shape", "message"),
    [
        ("4,1", Shape(1, (3, 3)), "there is no row 4: the result has rows 1 to 3"),
        ("0,1", Shape(1, (3, 3)), "there is no row 0: the result has rows 1 to 3"),
        ("1,1,2", Shape(1, (3, 3)), "there is no channel 2: the result has only channel 1"),
        ("1", Shape(1, (3, 3)), "`--at 1` has 1 number, a cell here has 2 or, with its channel, 3"),
        ("1,1,1,1", Shape(1, (3, 3)), "`--at 1,1,1,1` has 4 numbers, a cell here has 2 or, with its channel, 3"),
        ("1,1", Shape(9, ()), "`--at 1,1` has 2 numbers, a cell here has 1"),
        ("", Shape(1, (3, 3)), "`--at ` is no cell: it takes whole numbers with commas between"),
        ("a,1", Shape(1, (3, 3)), "`--at a,1` is no cell: it takes whole numbers with commas between"),
        ("-1,1", Shape(1, (3, 3)), "`--at -1,1` is no cell: it takes whole numbers with commas between"),
        ("1.5,1", Shape(1, (3, 3)), "`--at 1.5,1` is no cell: it takes whole numbers with commas between"),
        ("٣,1", Shape(1, (3, 3)), "`--at ٣,1` is no cell: it takes whole numbers with commas between"),
    ],
)
def test_what_is_no_address_is_said(text: str, shape: Shape, message: str) -> None:
    with pytest.raises(InputError) as refused:
        address_of(text, shape)
    (fault,) = refused.value.diagnostics
    assert (fault.code, fault.message) == ("no-such-cell", message)


def test_the_help_of_a_wrong_address_names_right_ones() -> None:
    with pytest.raises(InputError) as refused:
        address_of("9,9", Shape(2, (3, 4)))
    assert refused.value.diagnostics[0].help == (
        "write --at row,column,channel, counted from 1: here from --at 1,1 to --at 3,4,2"
    )


def test_a_layer_without_a_sum_says_its_number(analysed) -> None:
    assert shown(analysed, TWO + "glu", "1,1") == ["glu gives 0.5 here"]
    assert shown(analysed, "data x = [1 -2]\ninput from x\ntanh", "2") == ["tanh(-2) = -0.9640275801"]


MOVED = [
    ("upsample 2", "4,4,1", "channel 1, row 2, column 2 of what arrives = 1"),
    ("pad 1", "2,3,2", "channel 2, row 1, column 2 of what arrives = 1"),
    ("pad 1", "1,3,2", "this place lies on the padding, which holds 0"),
    ("pad 1 fill=reflect", "1,3,2", "padding, the mirror image: channel 2, row 2, column 2 of what arrives = 0"),
    ("pad 1 value=7", "1,1", "this place lies on the padding, which holds 7"),
    ("crop 1", "1,1,2", "channel 2, row 2, column 2 of what arrives = 0"),
    ("flatten", "12", "channel 2, row 2, column 3 of what arrives = 2"),
    ("shuffle 2", "1,2,2", "channel 2, row 1, column 2 of what arrives = 1"),
]


@pytest.mark.parametrize(("line", "at", "said"), MOVED)
def test_a_number_that_is_only_moved_says_where_it_stood(analysed, line: str, at: str, said: str) -> None:
    """TWO's first channel is 1 2 0; 0 1 -1; 2 0 3, its second 0 1 1; 1 0 2; -1 1 0."""
    assert shown(analysed, TWO + line, at)[-1] == said


def test_an_enlarged_picture_shows_the_pixels_and_their_weights(analysed) -> None:
    """Row 2 lies a quarter above the middle between rows 1 and 2 of 2, column 3 a quarter behind: 9/16, 3/16, 1/16."""
    assert shown(analysed, "data x = [16 32; 48 64]\ninput from x\nupsample 2 bilinear", "2,3") == [
        "  window    weights",
        "  16 32     0.1875 0.5625",
        "  48 64     0.0625 0.1875",
        "the window lies on rows 1 to 2 and columns 1 to 2 of what arrives",
        "16*0.1875 + 32*0.5625 + 48*0.0625 + 64*0.1875 = 36",
    ]


def test_a_join_names_its_inputs_and_says_which_cell_of_which(analysed) -> None:
    """The pool has one place; of the 2x2 the crop keeps the first."""
    text = TWO + "a: dwconv 2x2 weights=[1 0; 0 0] [1 0; 0 0] nobias\nmaxpool 2\nconcat a crop"
    analysis = analysed(text)
    row = analysis.rows[-1]

    def said(at: str) -> tuple[str, ...]:
        (work,) = worked(row.nodes, values(analysis).get, *address_of(at, row.output), name=line_names(analysis))
        return work.sums

    assert said("1,1,2") == ("input 1 is maxpool1, input 2 is a", "number 2 of input 1 = 1")
    assert said("1,1,4") == ("input 1 is maxpool1, input 2 is a", "channel 2, row 1, column 1 of input 2 = 0")


def test_an_addition_is_written_with_the_numbers_of_all_inputs(analysed) -> None:
    assert shown(analysed, TWO + "a: relu\nleaky 0.5\nadd a", "1,2") == ["2 + 2 = 4"]


def test_a_softmax_says_its_powers_and_their_sum(analysed) -> None:
    """e^0 = 1 of 1 + e = 3.718281828: 0.2689414214."""
    assert shown(analysed, "data x = [0 1]\ninput from x\nflatten\nsoftmax", "1") == [
        "e^0 = 1",
        "sum over all channels: e^0 + e^1 = 3.718281828",
        "1 / 3.718281828 = 0.2689414214",
    ]


def test_powers_that_no_float_can_say_are_taken_without_the_largest(analysed) -> None:
    """e^1000 is infinite for a float; 1 / (1 + e^-1) = 0.7310585786."""
    assert shown(analysed, "data x = [999 1000]\ninput from x\nflatten\nsoftmax", "2") == [
        "the largest, 1000, is taken off each: so no power is too large",
        "e^(1000 - 1000) = 1",
        "sum over all channels: e^(999 - 1000) + e^(1000 - 1000) = 1.367879441",
        "1 / 1.367879441 = 0.7310585786",
    ]


def test_a_normalisation_over_channels_says_mean_and_variance_of_which_numbers(analysed) -> None:
    """1 and 3: the mean is 2, each is 1 away; 1 / sqrt(1.00001) = 0.999995."""
    assert shown(analysed, "data x = [1] [3]\ninput from x\nln", "1,2")[:3] == [
        "mean = (1 + 3) / 2 = 2",
        "variance = ((1 - 2)^2 + (3 - 2)^2) / 2 = 1",
        "(3 - 2) / sqrt(1 + 1e-05) = 0.999995",
    ]


def test_zeros_of_a_long_sum_are_left_out(analysed) -> None:
    """6 by 6 of which two are not 0."""
    row = "; ".join(["0 0 0 0 0 0"] * 4 + ["0 3 0 0 0 0", "0 0 0 0 0 5"])
    picture = f"data x = [{row}]\nfilter two = 2 * [{'; '.join(['1 1 1 1 1 1'] * 6)}]\ninput from x\n"
    assert shown(analysed, picture + "conv filter=two", "1,1")[-1] == "3*2 + 5*2 + 0 (the other 34 products) = 16"


def test_the_parts_of_a_sum_of_floats_have_the_decimals_of_their_result() -> None:
    """So that what is printed adds up: 1.2346 + 0.0002 - 0.3333 is 0.9015."""
    with rounded_to(4):
        assert added_parts([(1.23456, ""), (0.00017, "(bias)"), (-1 / 3, "")], 1.23456 + 0.00017 - 1 / 3) == (
            "1.2346 + 0.00017 (bias) + (-0.3333) = 0.9014"
        )


def test_an_addend_that_is_small_beside_the_sum_keeps_its_own_digits() -> None:
    with rounded_to(5):
        assert added_parts([(-20359.4, ""), (-0.0034, "(bias)")], -20359.4034) == "(-20359) + (-0.0034) (bias) = -20359"
        assert added_parts([(20359.4, ""), (0.6, "(bias)")], 20360.0) == "20359 + 0.6 (bias) = 20360"
        assert added_parts([(1.0, ""), (3e-7, "(bias)")], 1.0000003) == "1 + 3e-07 (bias) = 1"
        assert added_parts([(1e-13, ""), (2e-13, "")], 3e-13) == "1e-13 + 2e-13 = 3e-13"
        assert added_parts([(1.0, ""), (0.0, "(bias)")], 1.0) == "1 + 0 (bias) = 1"


def test_numbers_that_float32_parts_in_their_last_digit_are_one_digit_apart() -> None:
    with rounded_to(5):
        assert one_digit_apart(0.36994498, 0.36994502)
        assert not one_digit_apart(0.36994, 0.36997)
        assert not one_digit_apart(7e-9, 0.0)


def test_what_a_step_ends_with_is_what_the_next_one_begins_with() -> None:
    """In float64 the sum is 0.36994498; the kernels' float32 made 0.36994502 of it, which the next step reads."""
    with rounded_to(5):
        work = Work("dense", ("0.2*0.6 + 0.24994498 (bias) = 0.36994",), 0.36994498)
        assert ending_as_made(work, 0.36994502).sums == ("0.2*0.6 + 0.24994498 (bias) = 0.36995",)
        assert ending_as_made(work, 0.3812) == work


def test_the_parts_of_a_huge_sum_have_no_more_digits_than_it_needs() -> None:
    """Of two that nearly cancel as many as reach the last digit of the result."""
    with rounded_to(5):
        assert added_parts([(-2.035936e31, ""), (1.0, "(bias)")], -2.035936e31) == (
            "(-2.0359e+31) + 1 (bias) = -2.0359e+31"
        )
        assert added_parts([(1.23456789e12, ""), (-1.234e12, "")], 5.6789e8) == (
            "1.23456789e+12 + (-1.234e+12) = 5.6789e+08"
        )


def test_a_window_with_a_depth_names_the_slices_of_the_map_that_it_lies_on() -> None:
    x = [[[[float(z)] * 3] * 3 for z in range(6)]]
    numbers = {**dict.fromkeys(("stride", "dilation"), (1, 1, 1)), **dict.fromkeys(("before", "after"), (1, 1, 1))}
    numbers |= {"kernel": (3, 3, 3), "groups": 1, "flip": False, "fill": "zeros"}
    step = Step([x], {"weight": [[[[[1.0] * 3] * 3] * 3]]}, numbers)
    names = ["slice 3", "slice 4", "slice 5"], ["padding before the slices", "slice 1", "slice 2"]
    for at, own in zip((3, 0), names, strict=True):
        assert [window.name for window in conv_cell(step, 0, (at, 1, 1)).windows] == own
