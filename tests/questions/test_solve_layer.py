"""`solve` for one layer: worked numbers of lectures and papers, each found by asking for it."""

from __future__ import annotations

import json

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.questions.layer_unsolved import no_even_padding, unsolved
from cnncalc.questions.solve_layer import LayerSolutions, solve_layer
from cnncalc.report.canvas import Canvas
from cnncalc.report.solve_report import solve_json, solve_text

LECTURES = [
    ("conv 1 3x3 stride=?", "7x7", "5x5", "conv 1 3x3 stride=1"),  # deck 000, stride 1
    ("conv 1 3x3 stride=?", "7x7", "3x3", "conv 1 3x3 stride=2"),  # deck 000, stride 2
    ("conv 1 3x3 padding=?", "5x5", "5x5", "conv 1 3x3 padding=same"),  # deck 000, 25 patches of 3x3
    ("conv 1 ?x? padding=valid", "5x5", "3x3", "conv 1 3x3 padding=valid"),  # deck 001
    ("conv 32 ?", "28x28x1", "26x26x32", "conv 32 3x3"),  # deck 000, the MNIST network
    ("maxpool ?", "11x11x64", "5x5x64", "maxpool 2x2"),  # deck 000, the MNIST network
    ("conv 1 3 padding=?", "3", "5", "conv 1 3 padding=2"),  # deck 004, M + N - 1
    ("conv 96 11x11 stride=4 padding=?", "224x224x3", "55x55x96", "conv 96 11x11 stride=4 padding=2"),  # torchvision
    ("conv 64 7x7 stride=2 padding=?", "224x224x3", "112x112x64", "conv 64 7x7 stride=2 padding=3"),  # He et al. 2015
    ("maxpool ? stride=?", "13x13x256", "6x6x256", "maxpool 3x3 stride=2"),  # Krizhevsky et al. 2012
    ("conv 1 ?", "250x250", "80x80", "conv 1 171x171"),
    ("conv 1 11x11 stride=?", "250x250", "80x80", "conv 1 11x11 stride=3"),
    ("upconv 1 11x11 stride=?", "80x80", "248x248", "upconv 1 11x11 stride=3"),
    ("upconv 1 11x11 stride=3 output_padding=?", "80x80", "250x250", "upconv 1 11x11 stride=3 output_padding=2"),
    ("upconv 512 2x2 stride=?", "28x28x1024", "56x56x512", "upconv 512 2x2 stride=2"),  # Ronneberger et al. 2015
    ("upsample ?", "4x4x8", "6x6x8", "upsample 1.5"),
    ("crop ?", "64x64x512", "56x56x512", "crop 4"),  # Ronneberger et al. 2015
    ("pad ?", "5x5x1", "7x7x1", "pad 1"),
    ("dwconv 3x3 multiplier=? same", "8x8x32", "8x8x64", "dwconv 3x3 multiplier=2 same"),
    ("conv ? 3x3x3 same", "16x112x112x3", "16x112x112x64", "conv 64 3x3x3 same"),  # Tran et al. 2015, C3D
    ("adaptavg ?", "13x13x256", "6x6x256", "adaptavg 6"),  # torchvision's AlexNet
    ("local ? 3x3", "28x28x1", "26x26x32", "local 32 3x3"),
    ("spacetodepth ?", "26x26x64", "13x13x256", "spacetodepth 2"),  # Redmon and Farhadi 2016
    ("conv1d 8 5 padding=causal dilation=?", "100x3", "100x8", "conv1d 8 5 padding=causal dilation=1"),
]


@pytest.mark.parametrize(("text", "arrives", "leaves", "simplest"), LECTURES)
def test_the_simplest_answer_is_the_one_that_is_taught(text: str, arrives: str, leaves: str, simplest: str) -> None:
    assert texts(solve_layer(text, arrives, leaves))[0] == simplest


def texts(found: LayerSolutions) -> list[str]:
    return [one.text for one in found.solutions]


def test_every_answer_is_confirmed_by_the_whole_layer() -> None:
    found = solve_layer("conv ? ? stride=2 padding=?", "32x30x3", "16x15x8")
    assert len(found.solutions) > 50
    assert {one.output.text() for one in found.solutions} == {"16x15x8"}


def test_alexnet_makes_55_of_227_to_230_and_of_227_without_a_row_left() -> None:
    (one,) = solve_layer("conv 96 11x11 stride=4", "?", "55x55x96").solutions
    assert one.inputs == ((227, 230), (227, 230))
    assert one.unused == (0, 0)


@pytest.mark.parametrize(
    ("text", "arrives", "params", "answers"),
    [
        ("conv ? ?", "28x28x3", "2432", ["conv 608 1x1", "conv 32 5x5"]),
        ("dense ?", "784", "7850", ["dense 10"]),
        ("conv 6 5x5 bias=?", "32x32x1", "156", ["conv 6 5x5 bias=yes"]),  # LeCun et al. 1998, C1
        ("conv 64 3x3 groups=?", "8x8x16", "4672", ["conv 64 3x3 groups=2"]),  # (3 * 3 * 8 + 1) * 64
    ],
)
def test_the_parameters_say_what_a_size_does_not(text: str, arrives: str, params: str, answers: list[str]) -> None:
    assert texts(solve_layer(text, arrives, None, params)) == answers


@pytest.mark.parametrize(
    ("text", "arrives", "leaves", "code"),
    [
        ("conv 8 3x3 padding=?", None, "26x26x8", "no-question"),
        ("conv 8 3x3 padding=?", "28x28x1", None, "no-question"),
        ("conv 8 3x3 padding=?", "28x28x1", "?", "no-question"),
        ("conv 8 3x3", "?", None, "no-question"),
        ("conv 8 ? stride=? padding=? dilation=?", "28x28x1", "14x14x8", "too-many-unknowns"),
        ("conv 8 5x5 padding=?", "28", "28", "ranks-differ"),
        ("conv 8 5x5 padding=?", "28x28x1", "28x28x28x8", "ranks-differ"),
        ("conv 8 3x3 fill=?", "28x28x1", "26x26x8", "unknown-not-solved"),
        ("conv 8 3x3 ?", "28x28x1", "26x26x8", "unknown-not-solved"),
        ("conv 8 3x3 padding=2*?", "28x28x1", "26x26x8", "unknown-not-solved"),
        ("conv 8 3x3 strid=?", "28x28x1", "26x26x8", "unknown-option"),
        ("cnv 8 ?", "28x28x1", "26x26x8", "unknown-word"),
        ("add ?", "28x28x1", "26x26x8", "unknown-word"),
        ("conv 8 3x3 padding=?\nrelu", "28x28x1", "26x26x8", "no-question"),
        ("conv 8 3x3 padding=?", "28x28x0", "26x26x8", "wrong-operand"),
        ("conv 8 3x3 padding=?", "x" * 5000, "26x26x8", "wrong-operand"),
        ("conv 8 3x3 padding=?", "9" * 400, "26x26x8", "wrong-operand"),
        ("conv 8 ?" + " " * 5000 + "relu", "28x28x1", "26x26x8", "line-too-long"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(text: str, arrives: str | None, leaves: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        solve_layer(text, arrives, leaves)
    assert error.value.diagnostics[0].code == code


NO_ANSWERS = [
    # 224 - 11 = 213 = 53.25 * 4: the rounding of AlexNet's first layer
    (
        ("conv 96 11x11 stride=4", "224x224x3", "55x55x96"),
        "height and width: 224 becomes 54, not 55: floor((224 - 11) / 4) + 1 = 54, rounded from 54.25",
        ("an input of 227x227 to 230x230", "conv 96 11x11 stride=4 padding=2"),
    ),
    # 28 + 2p - 4 + 1 = 28 needs 2p = 3
    (
        ("conv 8 4x4 padding=?x?", "28x28x1", "28x28x8"),
        "height and width: no padding that was tried makes 28 of 28",
        ("an input of 31x31: conv 8 4x4 padding=0", "conv 8 4x4 padding=same"),
    ),
    (("conv 64 3x3 same", "8x8x3", "8x8x32"), "it makes 64 channels, not 32", ()),
    (
        ("upconv 1 11x11 stride=3", "80x80", "250x250"),
        "height and width: 80 becomes 248, not 250: (80 - 1) * 3 + 11 = 248",
        ("upconv 1 11x11 stride=3 output_padding=2",),
    ),
    (
        ("maxpool ?", "3x224x224", "3x112x112"),
        "the sizes can be had, but not with 112 channels: it makes 224",
        ("--input 224x224x3, if 3x224x224 has its channels first: here they are the last",),
    ),
]


@pytest.mark.parametrize(("asked", "reason", "ways"), NO_ANSWERS)
def test_where_there_is_no_answer_it_says_why_and_what_would_do(
    asked: tuple[str, str, str], reason: str, ways: tuple[str, ...]
) -> None:
    found = solve_layer(*asked)
    assert found.solutions == ()
    said = unsolved(found.question)
    assert said.reasons == (reason,)
    assert said.ways == ways


def test_the_nearest_sizes_are_named_with_what_makes_them() -> None:
    said = unsolved(solve_layer("conv 16 3x3 stride=?", "224x224x3", "113x113x16").question)
    assert said.nearest == (
        "height and width: 111 by conv 16 3x3 stride=2",
        "height and width: 222 by conv 16 3x3 stride=1",
    )


def test_no_equal_pads_are_explained_by_the_odd_number_of_rows() -> None:
    found = solve_layer("conv 8 4x4 padding=?", "28x28x1", "28x28x8")
    assert found.solutions[0].same_as == ("1,2,1,2",)
    assert no_even_padding(found) == (
        "equal pads p on both sides would need 2p = 3 for height and width, and no whole p does that: "
        "one side gets a row more"
    )


def test_dense_says_that_a_map_is_flattened_first() -> None:
    with pytest.raises(InputError, match="dense reads a flat vector"):
        solve_layer("dense ?", "7x7x64", "10")


def test_a_page_shows_each_answer_with_its_numbers_and_fits_any_width() -> None:
    found = solve_layer("conv ? 5x5 stride=2 padding=?", "224x224x3", "112x112x64")
    wide = solve_text(found, Canvas(80))
    assert "same        floor((224 + 1 + 2 - 5) / 2) + 1 = 112                   1,2,1,2\n" in wide
    assert "Formula   height, width = floor((n + p_before + p_after - k) / s) + 1\n" in wide
    for width in (40, 60, 80):
        assert max(map(len, solve_text(found, Canvas(width)).split("\n"))) <= width
    first = json.loads(solve_json(found))["solutions"][0]
    assert (first["layer"], first["values"]) == (
        "conv 64 5x5 stride=2 padding=2",
        {"filters": "64", "padding": "2"},
    )


def test_a_transposed_convolution_says_which_sizes_its_convolution_makes_equal() -> None:
    # floor((250 - 11) / 3) + 1 = floor((248 - 11) / 3) + 1 = 80, and (80 - 1) * 3 + 11 = 248
    found = solve_layer("upconv 1 11x11 stride=3 output_padding=?", "80x80", "250x250")
    assert found.solutions[0].undone == (("height", (248, 250)), ("width", (248, 250)))
    assert "a convolution with the same numbers makes 80 of each size from 248 to 250" in solve_text(
        found, Canvas(None)
    )


@pytest.mark.parametrize(
    ("text", "leaves", "reason"),
    [
        ("relu", "4x4x16", "it makes 8x8x16, not 4x4x16"),
        ("gn ?", "4x4x16", "it makes 8x8x16, not 4x4x16"),
        ("glu", "4x4x16", "it makes 8x8x8, not 4x4x16"),
        ("gap", "1x1x16", "it makes 16, not 1x1x16"),
        ("flatten", "16", "it makes 1024, not 16"),  # 8 * 8 * 16
    ],
)
def test_a_layer_without_axes_says_what_it_makes_instead(text: str, leaves: str, reason: str) -> None:
    found = solve_layer(text, "8x8x16", leaves)
    assert unsolved(found.question).reasons == (reason,)
    assert reason in solve_text(found, Canvas(None))


@pytest.mark.parametrize(
    ("text", "arrives", "leaves"),
    [("gap", "7x7x512", "512"), ("flatten", "7x7x512", "25088"), ("ln", "8x8x16", "8x8x16")],
)
def test_what_makes_a_vector_or_keeps_a_map_is_worked_out(text: str, arrives: str, leaves: str) -> None:
    assert [one.output.text() for one in solve_layer(text, arrives).solutions] == [leaves]
    assert len(solve_layer(text, arrives, leaves).solutions) == 1


@pytest.mark.parametrize(
    ("text", "leaves", "code"),
    [("gap", "16", "no-question"), ("flatten", "16", "no-question"), ("padchannels ?", "16", "unknown-not-solved")],
)
def test_an_input_that_no_output_determines_is_refused(text: str, leaves: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        solve_layer(text, "?", leaves)
    assert error.value.diagnostics[0].code == code


@pytest.mark.parametrize(
    ("text", "arrives", "params", "nearest"),
    [
        # (9 * 16) + 17 * f, 145 f, 785 u, 65 f, 160 m
        ("sepconv ? 3x3", "32x32x16", "1000", ("994 params by sepconv 50 3x3", "1,011 params by sepconv 51 3x3")),
        ("conv ? 3x3", "32x32x16", "1000", ("1,015 params by conv 7 3x3", "870 params by conv 6 3x3")),
        ("dense ?", "784", "7000", ("7,065 params by dense 9", "6,280 params by dense 8")),
        ("upconv ? 2x2", "32x32x16", "1000", ("975 params by upconv 15 2x2", "1,040 params by upconv 16 2x2")),
    ],
)
def test_no_count_has_the_params_so_the_nearest_two_are_named(
    text: str, arrives: str, params: str, nearest: tuple[str, str]
) -> None:
    found = solve_layer(text, arrives, None, params)
    assert unsolved(found.question)[:2] == ((f"no answer has {params} params",), nearest)


def test_a_rounded_number_is_read_by_its_digits_and_the_nearest_is_the_first() -> None:
    found = solve_layer("conv ? 3x3", "32x32x16", macs="1M")  # 129,600 a filter
    assert [one.macs for one in found.solutions[:3]] == [1_036_800, 907_200, 1_166_400]
    page = solve_text(found, Canvas(None))
    assert "Nearest  conv 8 3x3\n" in page
    assert "1M MACs by its digits: 500,000 to 1,500,000, the nearest first" in page


@pytest.mark.parametrize(
    ("text", "arrives", "leaves", "simplest"),
    [
        ("conv 8 5x5 stride=?", "100000x100000x3", "50x50x8", "conv 8 5x5 stride=2000"),  # 99995 // 2000 + 1
        ("conv 8 ?", "100000x100000x3", "77777x77777", "conv 8 22224x22224"),
        ("conv 8 5 padding=?", "1000x3", "6001x8", "conv 8 5 padding=2502,2503"),
        ("spacetodepth ?", "100000x100000x3", "50x50", "spacetodepth 2000"),
        ("upsample ?", "3x3x1", "6000x6000", "upsample 2000"),
    ],
)
def test_one_unknown_is_found_however_large_it_is(text: str, arrives: str, leaves: str, simplest: str) -> None:
    assert texts(solve_layer(text, arrives, leaves))[0] == simplest


@pytest.mark.parametrize(
    ("text", "arrives", "leaves", "reason"),
    [
        ("conv 8 5x5 stride=2", "?x33x3", "14x14x8", "width: 33 becomes 15, not 14: floor((33 - 5) / 2) + 1 = 15"),
        ("conv 8 5x5 full", "?", "3x3x8", "height and width: no input gives 3: 1 gives 5"),
        ("upconv 8 2x2 stride=2", "?", "5x5x8", "height and width: no input gives 5: 2 gives 4, 3 gives 6"),
    ],
)
def test_an_unknown_input_is_no_reason_against_the_sizes_that_are_known(
    text: str, arrives: str, leaves: str, reason: str
) -> None:
    assert unsolved(solve_layer(text, arrives, leaves).question).reasons == (reason,)


def test_what_has_no_formula_shows_none_and_channels_that_follow_from_the_output_are_shown() -> None:
    assert "the numbers put in" not in solve_text(solve_layer("dense ?", "10"), Canvas(None))
    assert [one.input.text() for one in solve_layer("relu", "?", "4x4x8").solutions] == ["4x4x8"]
    assert "4x4x8\n" in solve_text(solve_layer("relu", "?", "4x4x8"), Canvas(None)).split("input", 1)[1]


def test_an_output_of_only_a_question_mark_is_none() -> None:
    with pytest.raises(InputError) as error:
        solve_layer("conv 8 5x5 stride=2", "?", "?")
    assert error.value.diagnostics[0].help == "add --output SIZE"
