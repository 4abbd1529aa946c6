"""Every slip that has a name, made on a line by hand: exactly its name comes back, and no right value with it."""

from __future__ import annotations

import re

import pytest

from cnncalc.homework.policy import Telling
from cnncalc.homework.slips import HINTS, SLIPS, hint
from cnncalc.homework.truth import Truth

from .checking import analysed, found, wrong

NG = "input 14x14x8\nconv 16 5x5 => params "
"""Andrew Ng's CONV2: (5 * 5 * 8 + 1) * 16 = 3216."""

GREY = "input 28x28x1\n"
WEEK_10 = GREY + "conv 32 3x3\nmaxpool 2\nconv 64 3x3\nflatten\ndense 128\ndense 10\ntotal => params "

PICTURE = "data p = [0 1 1 0 0; 0 1 1 0 0; 1 0 0 1 1; 0 1 1 0 1; 1 1 1 1 1]\ninput from p\n"
"""The picture of deck 001."""

SQUARE = "data p = [1 2; 3 4]\ninput from p\n"
NINE = "data p = [1 2 3; 4 5 6; 7 8 9]\ninput from p\n"
FOUR = "data p = [1 2 3 4; 5 6 7 8; 9 1 2 3; 4 5 6 7]\ninput from p\n"
ONES = "filter=[1 1 1; 1 1 1; 1 1 1]"
TWO_PLANES = "data p = [1 2; 3 4] [5 6; 7 8]\ninput from p\n"
THREE_DEPTHS = "input 32x32x3\nconv 8 3x3\nconv 12 3x3\nconv 20 3x3\n"
STAMPED = SQUARE + f"upconv {ONES} stride=2 "

ONE_SLIP = [
    ("depth-forgotten", NG + "416"),  # (25 + 1) * 16: published, mbadry1/DeepLearning.ai-Summary issue 185
    ("depth-forgotten", "input 300x300x3\nconv 100 5x5 => params 2600"),  # (25 + 1) * 100: two public answer files
    ("depth-and-bias-forgotten", NG + "400"),  # 25 * 16
    ("depth-forgotten-one-bias", NG + "401"),  # 25 * 16 + 1
    ("output-depth-for-input-depth", NG + "6416"),  # (25 * 16 + 1) * 16
    ("depth-kept", "input 14x14x8\nconv 16 5x5 => 10x10x8"),
    ("depth-digits-multiplied", "input 13x13x32\nconv 64 3x3 => params 3520"),  # deck 000: (3x3x3x2+1)x64
    ("kernel-and-filters-exchanged", "input 32x32x3\nconv 6 5x5 => 27x27x5"),  # five 6x6 filters
    ("kernel-and-filters-exchanged", NG + "10245"),  # (16 * 16 * 8 + 1) * 5
    ("one-filter", NG + "201"),  # 5 * 5 * 8 + 1
    ("kernel-one-axis", NG + "656"),  # (5 * 8 + 1) * 16
    ("another-kernel-size", "input 32x30x3\nconv 6 5x5 => 30x28x6"),  # 3x3
    ("another-filter-count", NG + "4824"),  # (5 * 5 * 8 + 1) * 24
    ("weights-not-shared", "input 227x227x3\nconv 96 11x11 stride=4 => params 105705600"),  # CS231n notes: 290400 * 364
    ("groups-ignored", "input 28x28x64\nconv 128 3x3 groups=4 nobias => params 73728"),  # 9 * 64 * 128
    ("groups-ignored", "input 28x28x32\ndwconv 3x3 => params 9248"),  # (9 * 32 + 1) * 32
    ("bias-forgotten", NG + "3200"),
    ("bias-added", "input 14x14x8\nconv 16 5x5 nobias => params 3216"),
    ("one-bias", "input 120\ndense 84 => params 10081"),  # 120 * 84 + 1: published in the same table
    ("one-bias", NG + "3201"),
    ("bias-per-input-channel", NG + "3328"),  # 3200 + 16 * 8
    ("bias-per-input-channel", NG + "3208"),  # 3200 + 8
    ("padding-forgotten", "input 7x9x1\nconv 1 3x3 same => 5x7x1"),  # published, debug.school
    ("padding-forgotten", "input 7x9x1\nconv 1 3x3 padding=1 => 5x7x1"),
    ("padding-forgotten", "input 15x15x8\npad 2 => 15x15x8"),
    ("padding-once", "input 15x15x8\npad 2 => 17x17x8"),
    ("padding-twice", "input 7x9x1\nconv 1 3x3 padding=1 => 9x11x1"),
    ("same-for-valid", "input 32x32x3\nconv 6 5x5 => 32x32x6"),
    ("plus-one-forgotten", "input 32x32x3\nconv 6 5x5 => 27x27x6"),
    ("one-step-too-many", "input 32x30x3\nconv 6 5x5 => 29x27x6"),
    ("rounded-up", GREY + "conv 6 5x5 stride=2 => 13x13x6"),  # (28 - 5) / 2 + 1 = 12.5
    ("rounded-down", "input 112x112x64\nmaxpool 3x3 stride=2 ceil => 55x55x64"),
    ("stride-forgotten", GREY + "conv 6 3x3 stride=2 => 26x26x6"),
    ("pool-stride-one", "input 28x28x6\nmaxpool 2x2 => 27x27x6"),
    ("stride-of-window", "input 13x13x6\nmaxpool 3x3 stride=2 => 4x4x6"),
    ("dilation-forgotten", "input 32x32x1\nconv 1 3x3 dilation=3 => 30x30x1"),
    ("dilation-off-by-one", "input 32x32x1\nconv 1 3x3 dilation=3 => 28x28x1"),  # dilation 2
    ("dilation-off-by-one", "input 32x32x1\nconv 1 3x3 dilation=3 => 24x24x1"),  # dilation 4
    ("output-padding-forgotten", "input 14x14x8\nupconv 8 3x3 stride=2 padding=1 output_padding=1 => 27x27x8"),
    ("wrong-direction", "input 28x28x8\nupconv 8 4x4 stride=2 padding=1 => 14x14x8"),
    ("axes-exchanged", "input 7x9x1\nconv 1 3x3 => 7x5x1"),
    ("pool-learns", "input 28x28x6\nmaxpool 2x2 => params 30"),  # (4 + 1) * 6
    ("pool-learns", "input 28x28x6\nmaxpool 2x2 => params 150"),  # (4 * 6 + 1) * 6
    ("pool-changes-channels", "input 28x28x6\nmaxpool 2x2 => 14x14x3"),
    ("pool-changes-channels", "input 28x28x6\nmaxpool 2x2 => 14x14x1"),
    ("flatten-incomplete", "input 5x5x16\nflatten => 80"),  # 5 * 16
    ("flatten-incomplete", "input 5x5x16\nflatten => 25"),
    ("add-and-concat-exchanged", "a: input 8x8x4\nb: relu\nadd a b => 8x8x8"),
    ("add-and-concat-exchanged", "a: input 8x8x4\nb: relu\nconcat a b => 8x8x4"),
    ("as-many-outputs-as-inputs", "input 32x32x1\nflatten\ndense 2352 => params 3148800"),  # ISLRv2: 1025 * 3072
    ("norm-halved", "input 8x8x32\nbn => params 32"),
    ("two-operations-a-mac", GREY + "conv 32 3x3 nobias => macs 389376"),  # 2 * 26 * 26 * 32 * 9
    ("macs-for-flops", GREY + "conv 32 3x3 => flops 194688"),
    ("other-operations-forgotten", GREY + "conv 32 3x3 nobias relu => flops 389376"),
    ("bias-in-macs", GREY + "conv 32 3x3 => macs 216320"),  # (9 + 1) * 26 * 26 * 32
    ("one-position", GREY + "conv 32 3x3 => macs 288"),  # 9 * 32
    ("statistics-counted", "count torch\ninput 8x8x32\nbn => params 128"),
    ("statistics-forgotten", "count keras\ninput 8x8x32\nbn => params 64"),
    ("batch-counted", GREY + "conv 32 3x3 => size 1384448"),  # 64 images of 26 * 26 * 32
    ("batch-counted", GREY + "conv 32 3x3 => (64, 26, 26, 32)"),
    ("channels-forgotten", GREY + "conv 32 3x3 => size 676"),
    ("all-for-each", "input 64x64x64\nconv 64 3x3 same times 3 => params 110784 each"),  # 3 * 36,928
    ("all-for-each", "input 64x64x64\nconv 64 3x3 same times 3 => macs 452984832 each"),
    ("each-for-all", "input 64x64x64\nconv 64 3x3 same times 3 => params 36928 all"),
    ("each-for-all", "input 64x64x64\nconv 64 3x3 same times 3 => macs 150994944 all"),
    ("channels-left-out", "input 32x32x3\nconv 8 5x5 => 28x28"),
    ("one-filter", "input 32x32x3\nconv 8 5x5 => 28x28x1"),
    ("flatten-incomplete", "input 13x15x16\nflatten => 208"),  # 13 * 16
    ("flatten-incomplete", "input 13x15x16\nflatten => 240"),  # 15 * 16
    ("pool-learns", "input 28x28x6\navgpool 2x2 => params 12"),  # a weight and a bias for each channel
    ("rounded-down", "input 13\ndense 28 => share 0.52\ndense 12\n"),  # 392 of 740: 0.5297; 13 of 25 without biases
    ("channels-twice", GREY + "conv 10 3x3 => size 67600"),  # 26 * 26 * 10 * 10: published, click4ai problem 120
    ("another-quantity", GREY + "conv 32 3x3 => size 194688"),  # the MACs
    # deck 001, both ways
    ("kernel-flipped", PICTURE + "conv filter=[1 2 3; 4 5 6; 7 8 9] => values [27 29 18; 24 26 22; 24 24 31]"),
    ("kernel-not-flipped", PICTURE + "conv filter=[1 2 3; 4 5 6; 7 8 9] flip => values [23 21 22; 26 24 28; 36 36 39]"),
    ("pools-exchanged", "data p = [4 8 0 1; 0 0 2 4; 0 1 5 3; 7 1 0 0]\ninput from p\navgpool 2 => values [8 4; 7 5]"),
    ("activation-forgotten", "data p = [1 -2; -3 4]\ninput from p\nrelu => values [1 -2; -3 4]"),
    # deck 001 prints 5 at the bottom left: 5 * 1 - 0 - 1 = 4, the neighbour on the right passed over
    ("product-forgotten", PICTURE + "conv filter=sharpen padding=1 stride=2 => values [-1 3 0; 5 -3 3; 5 2 3]"),
    ("rows-and-columns-exchanged", "data p = [1 2; 3 4]\ninput from p\nrelu => values [1 3; 2 4]"),
    ("sign-exchanged", "data p = [1 2; 3 4]\ninput from p\nconv filter=[-1] => values [1 2; 3 4]"),
    ("strides-ignored", GREY + "conv 4 3x3 stride=2\nconv 4 3x3 => rf 5"),  # 1 + 2 + 2
    ("own-stride-counted", GREY + "conv 4 3x3 stride=2 => rf 5"),  # 1 + 2 * 2
    ("kernels-added", GREY + "conv 4 5x5\nmaxpool 2\nconv 4 5x5 => rf 12"),  # 5 + 2 + 5
    ("this-line-alone", GREY + "conv 4 3x3\nconv 4 3x3\nconv 4 3x3 => rf 3"),
    ("line-before", GREY + "conv 4 3x3\nconv 4 3x3\nconv 4 3x3 => rf 5"),
    # week10_practice_questions.md: the key flattens 5*5*64 = 1600 as if a second pool stood there (published)
    ("pool-not-there", WEEK_10 + "225034"),
    ("pool-forgotten", GREY + "conv 32 3x3\nmaxpool 2\nflatten => 21632"),  # 26 * 26 * 32
    ("line-forgotten", GREY + "conv 32 3x3\nflatten\ndense 10\ntotal => params 216330"),  # the dense layer alone
    ("line-twice", GREY + "conv 32 3x3\nflatten\ndense 10\ntotal => params 216970"),
    ("table-ignored", "filter t = [1 0; 1 1; 0 1]\ninput 14x14x3\nconv 2 5x5 connect=t => params 152"),  # (25*3+1)*2
    ("added-for-multiplied", "input 120\ndense 84 => params 204"),  # 120 + 84
    ("added-for-multiplied", "input 120\ndense 84 => params 205"),  # 120 + 84 + 1
    ("added-for-multiplied", "input 120\ndense 84 => params 288"),  # 120 + 84 + 84
    ("pool-without-parameters", "input 28x28x6\nsubsample 2x2 => params 0"),
    ("pool-weight-at-each-place", "input 28x28x6\nsubsample 2x2 => params 30"),  # (4 + 1) * 6
    ("bias-forgotten", "input 28x28x6\nsubsample 2x2 => connections 4704"),  # 4 * 14 * 14 * 6
    ("full-for-same", "input 7x7x1\nconv 1 3x3 => 9x9x1"),  # 7 + 2 + 2 - 3 + 1, no transposed convolution
    ("same-for-full", "input 7x9x1\nconv 1 3x3 full => 7x9x1"),
    ("half-kernel-rounded-up", "input 28x28x1\nconv 8 5x5 same => padding 3"),  # (5 + 1) / 2
    ("half-kernel-rounded-up", "input 28x24x1\nconv 8 5x5 padding=2 => 30x26x8"),
    ("axes-in-another-order", GREY + "conv 6 3x3 => 26x6x26"),
    ("channels-twice", NG + "51456"),  # 3216 * 16
    ("channels-twice", "input 14x14x8\nconv 16 5x5 nobias => weights 51200"),  # 5 * 5 * 8 * 16 * 16
    ("picture-depth-taken", "input 28x28x3\nconv 8 3x3\nconv 16 3x3 => params 448"),  # (9 * 3 + 1) * 16
    ("one-line-alone", GREY + "conv 32 3x3\nconv 16 3x3\nflatten\ndense 10\ntotal => params 92170"),  # dense alone
    ("one-position", "filter t = [1 0; 1 1; 0 1]\ninput 14x14x3\nconv 2 5x5 connect=t => connections 102"),
    ("dilation-forgotten", GREY + "conv 4 3x3 dilation=2\n" * 2 + "conv 4 3x3 dilation=2 => rf 7"),  # 1 + 2 + 2 + 2
    ("last-jump-forgotten", GREY + "conv 4 3x3 stride=2\nmaxpool 2\nconv 4 5x5 => rf 9"),  # 5 + 4
    ("pools-left-out", GREY + "conv 4 5x5\nmaxpool 2\nconv 4 5x5 => rf 9"),  # 5 + 4
    # 28 * 28 + 24 * 24 * 6 + 8 * 8 * 16
    ("pools-left-out", GREY + "conv 6 5x5\navgpool 2\nconv 16 5x5\navgpool 2\ntotal => size 5264"),
    ("fill-as-zeros", SQUARE + "pad 1 edge => values [0 0 0 0; 0 1 2 0; 0 3 4 0; 0 0 0 0]"),
    ("fill-as-zeros", "data s = [5 4 2 3 7]\ninput from s\npad 2 wrap => values [0 0 5 4 2 3 7 0 0]"),
    ("fill-as-zeros", NINE + f"conv {ONES} padding=1 fill=reflect => values [12 21 16; 27 45 33; 24 39 28]"),
    ("full-for-same", SQUARE + "conv filter=[1 0; 0 1] same => values [1 2 0; 3 5 2; 0 3 4]"),
    ("kernel-transposed", NINE + "conv filter=[1 2; 0 0] => values [9 12; 18 21]"),  # 1 + 2 * 4
    ("channel-forgotten", TWO_PLANES + "conv 1 1x1 weights=[1 1] nobias => values [1 2; 3 4]"),
    ("sign-lost", "data p = [1 5; 2 0]\ninput from p\nconv filter=[1 -1] => values [4; 2]"),  # 1 - 5 is -4
    ("overlaps-overwritten", STAMPED + "=> values [1 1 2 2 2; 1 1 2 2 2; 3 3 4 4 4; 3 3 4 4 4; 3 3 4 4 4]"),
    ("wrong-direction", SQUARE + "upconv filter=[1 1; 1 2] => values [14]"),  # 1 + 2 + 3 + 2 * 4
    # before a pool; turned: 5 - 2 * 1 = 3, 6 - 2 * 2, 8 - 2 * 4, 10 - 2 * 5
    ("kernel-flipped", NINE.replace("9", "10") + "conv filter=[1 0; 0 -2]\nmaxpool 2 => values [3]"),
    ("padding-forgotten", FOUR + f"conv {ONES} padding=1\ngap => values [40.5]"),  # (36 + 36 + 45 + 45) / 4
    ("activation-forgotten", SQUARE + "conv filter=[-1]\nrelu\navgpool 2 => values [-5/2]"),
    ("kernel-not-flipped+padding-forgotten", SQUARE + "conv filter=[1 2; 3 4] padding=1 flip => values [30]"),
    # made on two of three lines: 28 * 28 * 8, and 12 and 20 biases missing
    ("padding-forgotten", "input 32x32x3\n" + "conv 8 3x3 padding=1\n" * 3 + "flatten => 6272"),
    ("bias-forgotten", THREE_DEPTHS + "flatten\ndense 10\ntotal => params 138458"),
]  # fmt: skip

ONE_OF = [
    # deck 003 prints NxN outputs for a 2x2 kernel (published)
    (("same-for-valid",), "input 5x5x1\nconv 1 2x2 => 5x5x1"),
    # ISLRv2 issue 16: 5@32x32 for three 5x5 filters on 32x32 (published)
    (("same-for-valid+kernel-and-filters-exchanged",), "input 32x32x1\nconv 3 5x5 => 32x32x5"),
    (("this-line-alone", "line-before"), GREY + "conv 4 3x3\nconv 4 3x3 => rf 3"),
    (("padding-once", "plus-one-forgotten"), "input 7x9x1\nconv 1 3x3 padding=1 => 6x8x1"),
    (("same-for-valid", "rounded-up"), GREY + "conv 6 3x3 stride=2 => 14x14x6"),
]


@pytest.mark.parametrize(("name", "text"), ONE_SLIP, ids=[f"{name}-{n}" for n, (name, _) in enumerate(ONE_SLIP)])
def test_a_slip_is_named(name: str, text: str) -> None:
    finding = wrong(text)
    assert (finding.status, finding.slips) == ("slip", (name,))


def told(text: str) -> str:
    """The last hint about the one wrong answer of a text."""
    return Telling(2).told(wrong(text), Truth(analysed(text))).sentences[-1]


@pytest.mark.parametrize(("names", "text"), ONE_OF)
def test_what_several_slips_give_is_one_of_them(names: tuple[str, ...], text: str) -> None:
    finding = wrong(text)
    assert set(finding.slips) == set(names)
    if len(names) > 1:
        assert told(text) == f"looks as if {HINTS[finding.slips[0]]}, or as if {HINTS[finding.slips[1]]}"


def test_several_slips_are_one_sentence() -> None:
    assert told("input 7x9x1\nconv 1 3x3 padding=1 => 6x8x1") == (
        "looks as if the padding was counted on one side only, or as if the +1 at the end of the formula was left out"
    )


def test_every_slip_is_made_above() -> None:
    assert {part for name, _ in ONE_SLIP for part in name.split("+")} == set(HINTS)
    assert len(HINTS) == len(SLIPS)


@pytest.mark.parametrize("name", HINTS)
def test_a_hint_is_half_a_sentence_without_numbers_of_the_answer(name: str) -> None:
    assert name == name.lower()
    assert " " not in name
    assert not re.search(r"[0-9]", HINTS[name].replace("+1", "").replace("dilation 1", ""))
    assert not HINTS[name].endswith(".")


def test_two_slips_made_together_are_both_told() -> None:
    assert hint("padding-forgotten+one-filter") == "the padding was left out, and the layer had a single filter"


UNEXPLAINED = [
    "input 32x32x3\nconv 6 5x5 => 13x17x6",
    NG + "12345",
    GREY + "conv 4 3x3 => rf 17",
    # week10_practice_questions.md says "about 500K" where 175,018 is right; no formula gives that
    (
        "input 32x32x3\nconv 32 3x3 times 2\nmaxpool 2\nconv 64 3x3 times 2\nmaxpool 2\nconv 128 3x3\nmaxpool 2\n"
        "flatten\ndense 256\ndense 10\ntotal => params ~500K"
    ),
]


@pytest.mark.parametrize("text", UNEXPLAINED)
def test_what_no_slip_gives_is_only_wrong(text: str) -> None:
    assert (wrong(text).status, wrong(text).slips) == ("wrong", ())


def test_a_slip_further_up_is_named_with_its_line() -> None:
    text = "input 28x28x1\nc1: conv 8 7x7 same\nmaxpool 2\nflatten => 968"  # 11 * 11 * 8, as without padding
    finding = wrong(text)
    assert finding.slips[0] == "padding-forgotten"
    assert told(text) == "looks as if the padding was left out (on the line c1)"


def test_a_slip_on_every_line_is_found_in_the_total() -> None:
    """61706 without its 236 biases."""
    text = (
        "input 32x32x1\nconv 6 5x5\navgpool 2\nconv 16 5x5\navgpool 2\nflatten\n"
        "dense 120\ndense 84\ndense 10\ntotal => params 61470"
    )
    assert wrong(text).slips == ("bias-forgotten",)


def test_a_slip_after_an_earlier_error_is_seen_from_there() -> None:
    """The first shape is wrong; the second follows but for its padding, which is left out on top."""
    text = "input 28x28x1\nconv 8 3x3 => 23x23x8\nconv 8 5x5 padding=2 => 19x19x8"
    first, second = found(text)
    assert first.status == "wrong"
    assert (second.status, second.slips) == ("slip", ("padding-forgotten",))


def test_a_post_word_does_not_hide_the_slip() -> None:
    text = "input 14x14x8\nconv 16 5x5 bn relu => params 448"  # (25 + 1) * 16 + 2 * 16
    assert wrong(text).slips == ("depth-forgotten",)


def test_each_copy_of_a_repeated_line_has_the_slip() -> None:
    text = "input 14x14x8\nconv 8 3x3 same times 3 => params 240 all"  # 3 * (9 + 1) * 8
    assert wrong(text).slips == ("depth-forgotten",)


def test_shares_count_right_components() -> None:
    shares = {
        "input 32x32x3\nconv 8 5x5 => 28x28x6": "2/3",
        "input 32x32x3\nconv 8 5x5 => 28x17x6": "1/3",
        "input 32x32x3\nconv 8 5x5 => 28x28": "2/3",
        NG + "416": "0",
        PICTURE + "conv filter=sharpen padding=1 stride=2 => values [-1 3 0; 5 -3 3; 5 2 3]": "8/9",
    }
    assert {text: str(wrong(text).share) for text in shares} == shares


def test_what_is_right_of_another_copy_is_no_slip_of_layers_that_are_not_there() -> None:
    """As many MACs as connections, without biases: nothing was added to them."""
    for answer in ("macs 1327104 each", "connections 1327104 each"):  # 3 * 9 * 8 * 8 * 768
        assert wrong(f"input 32x24x8\nconv 8 3x3 same nobias times 3 => {answer}").slips == ("all-for-each",)
