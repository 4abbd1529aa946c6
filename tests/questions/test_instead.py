"""What a layer would count as another one, against numbers that books, courses and papers print."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from cnncalc import InputError, load
from cnncalc.analysis import analyse
from cnncalc.analysis.alternatives import with_other_layers
from cnncalc.analysis.plain_convolution import stretches
from cnncalc.questions.instead import Instead, Together, all_plain, instead_of_block, instead_of_row
from cnncalc.report.sharing_facts import sharing_facts


def of(text: str, row: int) -> Instead:
    analysis = load(text + "\n").analysis
    found = instead_of_row(analysis, analysis.rows[row])[0]
    assert isinstance(found, Instead)
    return found


def params(found: Instead, kind: str) -> int:
    return next(one.params for one in found.others if one.kind == kind)


@pytest.mark.parametrize(
    ("text", "dense"),
    [
        ("input 32x32x1\nconv 3 5x5", 2_410_800),  # ISLR, chapter 10, exercise 4: (1,024 + 1) * 2,352
        ("input 32x32x3\nconv 1 32x32 nobias", 3_072),  # CS231n: one neuron on a CIFAR picture has 3,072 weights
        ("input 200x200x3\nconv 1 200x200 nobias", 120_000),  # CS231n: and on 200x200x3 it has 120,000
        ("input 1000x1000x1\nconv 1 10x10 same nobias", 10**12),  # Ranzato: 1,000,000 hidden units on 1000x1000
        ("input 320x280x1\nconv 1 1x2 nobias", 320 * 280 * 320 * 279),  # Goodfellow, Deep Learning, example 9.1
    ],
)
def test_a_dense_layer_in_the_place_of_a_convolution_has_a_weight_for_each_pair(text: str, dense: int) -> None:
    assert params(of(text, 1), "dense") == dense


def test_the_edge_detector_of_the_book_needs_over_eight_billion_numbers_as_a_matrix() -> None:
    found = of("input 320x280x1\nconv 1 1x2 nobias", 1)
    assert found.own is not None
    assert found.own.params == 2
    assert params(found, "dense") == 7_999_488_000  # "over eight billion" with 320 * 280 * 319 * 280 entries


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("input 28x28x1\nconv 32 3x3", 216_320),  # Keras' LocallyConnected2D(32, 3)
        ("input 1000x1000x1\nconv 1 10x10 same nobias", 10**8),  # Ranzato: 10x10 each, for 1,000,000 hidden units
        ("input 32x32x1\nconv 6 5x5", 122_304),  # LeCun 1998: the connections of C1
        ("input 9x9x4\nconv 8 3x3 groups=2 dilation=2 nobias", 5 * 5 * 9 * 2 * 8),
        ("input 9x9x4\ndwconv 3x3 multiplier=2", 7 * 7 * 8 * 10),
        ("input 9x9x4\nsepconv 8 3x3", 7 * 7 * (4 * 9 + 8 * 5)),
    ],
)
def test_a_locally_connected_layer_has_as_many_weights_as_the_convolution_has_connections(
    text: str, local: int
) -> None:
    found = of(text, 1)
    assert params(found, "local") == local
    assert found.own is not None
    assert found.own.connections == local


def test_a_transposed_convolution_without_shared_weights_has_its_connections_too() -> None:
    found = of("input 4x4x3\nupconv 5 3x3 stride=2", 1)
    assert found.own is not None
    assert params(found, "local") == found.own.connections == 16 * 3 * 45 + 9 * 9 * 5


def test_a_table_of_connections_is_kept_without_shared_weights() -> None:
    analysis = with_other_layers(load("lenet5-1998").analysis)
    row = next(row for row in analysis.rows if row.output.sizes() == (10, 10, 16))
    assert (row.figures.params, row.figures.local_params) == (1_516, 151_600)  # LeCun 1998, C3


@pytest.mark.parametrize(
    ("text", "row", "kind", "own", "other"),
    [
        ("input 56x56x32\nsepconv 64 3x3 same nobias", 1, "plain", 2_336, 18_432),  # PyTorch's arithmetic of homework
        ("input 28x28x64\nconv 64 5x5 same nobias", 1, "stack", 25 * 64**2, 18 * 64**2),  # Szegedy 2016: 18 to 25
        ("input 28x28x64\nconv 64 7x7 same nobias", 1, "stack", 49 * 64**2, 27 * 64**2),  # Simonyan 2015, section 2.3
        ("input 17x17x192\nconv 192 7x7 same nobias", 1, "factorised", 49 * 192**2, 14 * 192**2),
        ("input 7x7x512\nflatten\ndense 4096 nobias", 2, "conv", 102_760_448, 102_760_448),  # CS231n: FC as conv 7x7
        ("input 28x28x256\nconv 256 3x3 same groups=32 nobias", 1, "plain", 18_432, 589_824),
    ],
)
def test_other_convolutions_that_do_the_same(text: str, row: int, kind: str, own: int, other: int) -> None:
    found = of(text, row)
    assert found.own is not None
    assert (found.own.params, params(found, kind)) == (own, other)


@pytest.mark.parametrize(
    ("text", "kind", "own", "plain"),
    [
        # Andrew Ng's course: 28x28x192 to 28x28x32 by 5x5, and with a 1x1 to 16 channels first: 120M and 12.4M
        ("input 28x28x192\nconv 16 1x1 nobias\nconv 32 5x5 same nobias", "reduction", 12_443_648, 120_422_400),
        ("input 6x6x3\ndwconv 3x3 nobias\nconv 5 1x1 nobias", "separable", 672, 2_160),  # the same course
        ("input 12x12x3\nsepconv 256 5x5 nobias", "separable", 53_952, 1_228_800),  # Wang, separable convolutions
    ],
)
def test_steps_against_the_one_convolution_in_multiplications(text: str, kind: str, own: int, plain: int) -> None:
    (found,) = stretches(load(text + "\n").analysis)
    assert (found.kind, found.macs, found.plain.macs) == (kind, own, plain)


def test_mobilenet_with_plain_convolutions_is_the_one_of_the_paper() -> None:
    """Howard 2017, table 4: 4,866 million mult-adds and 29.3 million parameters, against 569 and 4.2 million.

    The paper does not count the 1,024 * 1,000 of the classifier among the 4,866 million.
    """
    analysis = load("mobilenet").analysis
    whole = all_plain(analysis)
    assert [(sums.kind, sums.many) for sums in whole.kinds] == [("separable", 13)]
    assert whole.macs - 1_024_000 == 4_866_269_184
    assert whole.params == 29_304_008


def test_a_block_is_held_against_one_convolution_with_its_stride_and_field() -> None:
    text = "block twice\n  conv 8 3x3 stride=2 same nobias\n  conv 8 3x3 same nobias\nend\ninput 32x32x8\nb: twice\n"
    analysis = load(text).analysis
    found = instead_of_block(analysis, analysis.groups[0])
    assert found.plain is not None
    layer = found.plain.parts[0].layer
    assert (layer.kernel_size, layer.stride, layer.filters) == ((7, 7), (2,), 8)  # type: ignore[attr-defined]
    assert (found.params, found.plain.params) == (2 * 9 * 64, 49 * 64)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("input 8x8x2\nmaxpool 2x2", "`maxpool` has no weights: there is nothing to compare"),
        ("input 8x8x2\nbn", "`bn` learns no weighted sums"),
        ("input 8x8x2\nconv filter=sharpen", "the weights of this `conv` are fixed"),
    ],
)
def test_a_layer_without_learned_sums_says_why_nothing_is_compared(text: str, why: str) -> None:
    assert of(text, 1).nothing.startswith(why)


def test_a_block_that_sees_the_whole_map_is_no_convolution() -> None:
    analysis = load("block all\n  conv 8 3x3\n  gap\nend\ninput 9x9x3\nb: all\n").analysis
    found = instead_of_block(analysis, analysis.groups[0])
    assert isinstance(found, Together)
    assert found.plain is None
    assert "no map arrives or none leaves" in found.nothing


def test_the_sums_of_a_net_are_those_of_its_lines() -> None:
    analysis = with_other_layers(load("lenet5").analysis)
    figures = analysis.totals.figures
    assert figures.dense_params == 4_821_600 + 1_883_200 + 48_120 + 10_164 + 850
    assert figures.local_params == 122_304 + 241_600 + 48_120 + 10_164 + 850


THREE_OF_ONE = "input 16x16x8\nx: conv 8 3x3 same relu\n" + "conv 8 3x3 same relu shared=x\n" * 2 + "gap\ndense 10\n"


def test_weights_that_lines_share_count_once_in_steps_and_in_the_whole_network() -> None:
    """Three 3x3 with the same 584 weights against one 7x7, worked by hand: (49 * 8 + 1) * 8 = 3,144; dense: 90."""
    whole = all_plain(load(THREE_OF_ONE).analysis)
    assert [(sums.kind, sums.params, sums.plain_params) for sums in whole.kinds] == [("stack", 584, 3_144)]
    assert (whole.params, whole.macs) == (3_144 + 90, 16 * 16 * 49 * 64 + 80)
    stack = load(THREE_OF_ONE).instead("x").found[-1]
    assert isinstance(stack, Together)
    assert (stack.params, stack.shares) == (584, True)
    assert stack.plain is not None
    assert stack.plain.times_params == Fraction(3_144, 584)


def test_a_block_that_shares_its_weights_could_share_one_convolution() -> None:
    """Depthwise 3x3 and 1x1 three times with the same 72 + 72 weights: one 3x3 has (9 * 8 + 1) * 8 = 584."""
    block = "block b\n  dwconv 3x3 same nobias relu\n  conv 8 1x1 relu\nend\n"
    whole = all_plain(load(f"{block}input 16x16x8\nx: b\nb shared=x\nb shared=x\ngap\ndense 10\n").analysis)
    assert [(sums.many, sums.params, sums.plain_params) for sums in whole.kinds] == [(3, 144, 584)]
    assert whole.params == 584 + 90


def test_weights_that_another_line_uses_too_stay_in_the_network_without_steps() -> None:
    text = "input 8x8x4\na: conv 4 3x3 same nobias\nconv 4 3x3 same nobias\nmaxpool 2\nconv 4 3x3 nobias shared=a\n"
    whole = all_plain(load(text).analysis)
    assert whole.params == 5 * 5 * 16 + 9 * 16  # one 5x5, and a, which the last line still uses


@pytest.mark.parametrize("batch", [1, 4])
def test_each_number_is_used_as_often_for_one_image_of_a_batch(batch: int) -> None:
    analysis = with_other_layers(analyse(load("lenet5").graph, batch))
    (said,) = (fact.text for fact in sharing_facts(analysis) if fact.name == "Weight sharing")
    image = " for one image" if batch > 1 else ""
    assert said == f"61,706 params make 423,038 connections{image}: each is used 6.86 times on average"


def test_steps_of_a_batch_count_the_macs_of_all_images() -> None:
    four, one = (all_plain(analyse(load(THREE_OF_ONE).graph, batch)) for batch in (4, 1))
    assert [four.macs, four.kinds[0].macs, four.kinds[0].plain_macs] == [
        4 * number for number in (one.macs, one.kinds[0].macs, one.kinds[0].plain_macs)
    ]
    assert (four.params, four.kinds[0].params) == (one.params, one.kinds[0].params)


@pytest.mark.parametrize("place", ["22", "stage1.bottleneck2"])
def test_of_a_repeated_block_one_copy_is_compared(place: str) -> None:
    """A bottleneck of ResNet-50 against one 3x3: 69,632 weights and 3 * 3 * 256 * 256 = 589,824."""
    first = load("resnet50").instead(place).found[0]
    assert isinstance(first, Together)
    assert (first.name, first.params, first.many) == ("stage1.bottleneck2", 69_632, 2 if place == "22" else 1)
    assert first.plain is not None
    assert first.plain.params == 589_824
    assert first.plain.parts[0].layer.kernel_size == (3, 3)  # type: ignore[attr-defined]


def test_copies_that_count_differently_are_each_compared() -> None:
    text = "block b\n  conv 8 3x3 same nobias\nend\ninput 8x8x2\nb times 3\n"
    found = load(text).instead("5").found
    assert [(one.name, one.params) for one in found] == [("b1", 144), ("b2", 576)]  # type: ignore[union-attr]


def test_a_dense_layer_of_a_flat_input_has_nothing_to_compare() -> None:
    found = of("input 784\ndense 100", 1)
    assert found.others == ()
    assert found.nothing == "it reads every number that arrives, each with a weight of its own, as a dense layer does"


def test_a_fire_module_is_one_convolution_in_steps() -> None:
    """Squeeze 1x1 to 16, expand 1x1 and 3x3 to 64 each: 11,920 numbers; one 3x3 of 96 to 128 channels has 110,720."""
    branches = "branch\n  conv 64 1x1 relu\nbranch\n  conv 64 3x3 same relu\n"
    text = f"input 54x54x96\nconv 16 1x1 relu\nsplit\n{branches}join concat\n"
    (sums,) = all_plain(load(text).analysis).kinds
    assert (sums.kind, sums.params, sums.plain_params) == ("fire", 11_920, 110_720)


def test_a_signal_has_kernels_of_one_axis_on_each_other() -> None:
    assert "\n3 on each other, with the same field:\n" in str(load("input 100 channels 4\nconv 16 5 same\n").instead(2))


@pytest.mark.parametrize("place", [12.0, True, None, ["conv1"]])
def test_what_is_no_text_and_no_number_names_no_line(place: object) -> None:
    with pytest.raises(InputError, match=re.escape(f"`{place!r}` is neither a text nor the number of a line")):
        load("lenet5").instead(place)  # type: ignore[arg-type]
