"""Published numbers and what they count: by their own digits, the likeliest first, with what makes the difference."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked
from cnncalc.questions.padding_work import macs_inside
from cnncalc.questions.reconcile import Reconciled, Reconciliation, reconciled, stated_counts, way
from cnncalc.report.canvas import Canvas
from cnncalc.report.reconciled_page import reconciled_text
from cnncalc.sources import find
from cnncalc.stated_numbers import stated_number

SMALL = "title small\ninput 32x32x3\nconv 8 3x3 padding=1 nobias bn relu\nmaxpool 2\nflatten\ndense 10\n"


QUICK = ("25557032", "25.6M", "4.09G", "8.2G", "4.1 GMACs", "4.1 GFLOPs", "3.8G", "4.11G", "98MB", "102.2MB", "5.370G")
EVERY = ("25.6M params", "4.1G", "11.69M")


@pytest.fixture(scope="module")
def resnet50() -> Reconciliation:
    """Every number about ResNet-50 at once: the near nets are made once."""
    return reconciled(analyse(checked(find("resnet50"))), stated_counts(QUICK))


@pytest.fixture(scope="module")
def resnet50_wholly() -> Reconciliation:
    """The same with everything that a number may be."""
    return reconciled(analyse(checked(find("resnet50"))), stated_counts(EVERY), every=True)


@pytest.fixture(scope="module")
def small() -> Analysis:
    return analyse(checked(Source("small.txt", SMALL)))


def number(found: Reconciliation, text: str) -> Reconciled:
    return next(one for one in found.numbers if one.stated.text == text)


def one(analysis: Analysis, text: str) -> Reconciled:
    return reconciled(analysis, stated_counts([text])).numbers[0]


def first(found: Reconciled) -> tuple[str, int, str]:
    best = found.findings[0]
    return best.candidate.claim, best.candidate.amount, best.way


@pytest.mark.parametrize(
    ("number", "count", "expected"),
    [
        ("4.11G", 4_105_000_000, ("rounded", 3)),
        ("4.11G", 4_114_999_999, ("rounded", 3)),
        ("4.11G", 4_104_999_999, None),
        ("4.11G", 4_115_000_000, ("cut", 3)),
        ("4.11G", 4_120_000_000, None),
        ("8.2G", 8_250_000_000, ("cut", 2)),
        ("25,557,032", 25_557_032, ("exact", 8)),
        ("25,557,032", 25_557_033, None),
        ("240M", 243_860_896, ("zeros", 2)),
        ("242M", 243_860_896, None),
        ("3M", 3_900_000, None),
    ],
)
def test_a_number_is_compared_by_its_own_digits(number: str, count: int, expected: tuple[str, int] | None) -> None:
    assert way(stated_number(number), Fraction(count)) == expected


def test_numbers_of_resnet50_that_are_its_own(resnet50: Reconciliation) -> None:
    assert first(number(resnet50, "25557032")) == ("parameters", 25_557_032, "exact")
    assert first(number(resnet50, "25.6M")) == ("parameters", 25_557_032, "rounded")
    assert first(number(resnet50, "4.09G")) == ("MACs", 4_089_184_256, "rounded")
    assert first(number(resnet50, "8.2G")) == ("FLOPs, two for each MAC", 8_178_368_512, "rounded")


def test_a_word_after_a_number_says_what_it_counts(
    resnet50: Reconciliation, resnet50_wholly: Reconciliation, small: Analysis
) -> None:
    params = number(resnet50_wholly, "25.6M params").findings
    assert {finding.candidate.quantity for finding in params} == {"params"}
    assert {finding.candidate.quantity for finding in number(resnet50, "4.1 GMACs").findings} == {"macs"}
    assert first(number(resnet50, "4.1 GFLOPs"))[0] == "MACs"
    assert one(small, "221,184").findings[0].candidate.quantity == "macs"
    assert one(small, "221,184 params").findings == ()


def test_the_count_of_fvcore_is_ours_and_its_terms(resnet50: Reconciliation) -> None:
    """4,111,512,576: measured with fvcore 0.1.5 on torchvision's ResNet-50."""
    found = number(resnet50, "4.11G").findings[0]
    assert (found.candidate.convention, found.candidate.amount) == ("fvcore", 4_111_512_576)
    assert found.gap is not None
    assert found.gap.ours == 4_089_184_256
    assert [(term.amount, term.rule, term.what, term.layers) for term in found.gap.terms] == [
        (22_227_968, "2 x elements", "batch norms", 53),
        (100_352, "1 x elements", "global average pools", 1),
    ]


def test_the_famous_38_is_the_stride_on_the_1x1_cut_off(resnet50: Reconciliation) -> None:
    found = number(resnet50, "3.8G").findings[0]
    assert found.candidate.claim == "MACs with the stride on the 1x1 convolution of each bottleneck"
    assert (found.candidate.amount, found.way) == (3_857_973_248, "cut")
    assert [one.claim for one in found.same] == ["MACs of resnet50-keras"]
    assert found.gap is not None
    assert [(term.amount, term.what, term.layers) for term in found.gap.terms] == [
        (-231_211_008, "1x1 convolutions", 3)
    ]


def test_terms_always_add_up_to_the_whole_difference(resnet50_wholly: Reconciliation) -> None:
    gaps = [finding.gap for found in resnet50_wholly.numbers for finding in found.findings]
    known = [gap for gap in gaps if gap is not None and gap.terms]
    assert len(known) > 8
    assert [gap.amount - sum(term.amount for term in gap.terms) for gap in known] == [0] * len(known)


def test_mebibytes_that_are_written_as_mb_are_found_and_said(resnet50: Reconciliation) -> None:
    found = number(resnet50, "98MB").findings[0]
    assert (found.candidate.amount, found.candidate.numbers, found.mislabelled) == (102_440_608, 25_610_152, "MiB")
    assert number(resnet50, "102.2MB").findings[0].mislabelled == ""
    assert "= 97.69 MiB, written as MB" in reconciled_text(resnet50, Canvas())


def test_a_count_of_a_tool_at_another_size_is_found_where_nothing_simpler_is(resnet50: Reconciliation) -> None:
    """fvcore at 256x256: 5,340,348,416 MACs, 2 x 14,516,224 for batch norms and 131,072 for the pool."""
    found = number(resnet50, "5.370G").findings[0].candidate
    assert (found.claim, found.amount) == ("MACs at 256x256 counted by fvcore 0.1.5", 5_369_511_936)


def test_any_size_is_searched_where_no_usual_one_gives_the_number(small: Analysis) -> None:
    """216 MACs a place of 45x45 (8 filters of 3x3x3), and a dense layer of 10 units on 22x22x8 numbers."""
    macs = 216 * 45 * 45 + 22 * 22 * 8 * 10
    assert first(one(small, f"{macs}")) == ("MACs at 45x45", macs, "exact")


def test_macs_without_those_of_padding_are_those_that_read_the_image() -> None:
    """A 3x3 window on 5x5 pixels with a pad of 1 reads 13 * 13 of its 15 * 15 places: three of five rows read all 3."""
    padded = analyse(checked(Source("net.txt", "input 5x5x1\nconv 1 3x3 padding=1\n")))
    assert first(one(padded, "169 macs")) == ("MACs without those of padding", 169, "exact")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("input 8x8x4\nsepconv 6 3x3 same\n", 3472),  # 22 * 22 taps of 4 channels, and 64 * 24 of the 1x1 filters
        ("input 8x8x3\nlocal 4 3x3 padding=1\n", 5808),  # 22 * 22 * 12
        ("input 8x8x4\nupconv 6 4x4 stride=2 padding=1\n", 21600),  # 30 * 30 taps of 24 make rows that are kept
        ("input 8x8x3\npad 1\nconv 4 3x3\n", 5808),
    ],
)
def test_padding_has_no_part_in_those_macs_whatever_layer_pads(text: str, inside: int) -> None:
    assert macs_inside(analyse(checked(Source("net.txt", text)))) == inside


def test_the_nearest_counts_come_the_nearest_first(small: Analysis) -> None:
    (asked,) = reconciled(small, stated_counts(["20123456 params"])).numbers
    far = [abs(candidate.amount - 20123456) for candidate in asked.nearest]
    assert len(far) == 3
    assert far == sorted(far)


def test_small_sizes_show_the_digits_that_agree() -> None:
    text = reconciled_text(reconciled(analyse(checked(find("lenet5"))), stated_counts(["247kB", "246824 B"])), Canvas())
    assert text.count("61,706 x 4 bytes = 246.8 kB = 241.0 KiB") == 2


def test_what_is_not_found_has_its_nearest_counts(small: Analysis) -> None:
    asked = reconciled(small, stated_counts(["20123456 params"]))
    assert asked.numbers[0].findings == ()
    assert not asked.explained
    assert asked.numbers[0].nearest[0].quantity == "params"
    assert "Not explained: no count of this network is this number." in reconciled_text(asked, Canvas())


def test_a_number_of_another_network_that_ships_explains_nothing(small: Analysis) -> None:
    found = one(small, "138,357,544 params")
    assert (found.findings, [other.shipped for other in found.elsewhere]) == ((), ["vgg16"])


def test_a_relative_of_the_same_family_is_a_near_net(resnet50_wholly: Reconciliation) -> None:
    claims = {finding.candidate.claim: finding for finding in number(resnet50_wholly, "11.69M").findings}
    assert claims["parameters of resnet18"].candidate.amount == 11_689_512


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("every", [False, True])
def test_the_answers_fit_their_width(resnet50_wholly: Reconciliation, width: int, every: bool) -> None:
    text = reconciled_text(resnet50_wholly, Canvas(width), every=every)
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["4.1G", "apples"], "`apples` is no number"),
        (["900GB/s"], "`900GB/s` is a rate, and a network has counts"),
        (["0"], "`0` is no count to look for"),
        (["4.1"], "`4.1` is no count: counts are whole numbers"),
        (["-4G"], "`-4G` is negative"),
        ([], "no number is given"),
        (["1"] * 51, "51 numbers are given; at most 50 are looked for at once"),
    ],
)
def test_what_is_no_count_is_refused(numbers: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        stated_counts(numbers)
    assert caught.value.diagnostics[0].message == message


def test_a_large_net_is_not_changed_in_every_way_and_that_is_said(
    small: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnncalc.questions.reconcile.MOST_REBUILT", 10)
    asked = reconciled(small, stated_counts(["20123456 params"]))
    assert asked.bounded
    assert "The network is large" in reconciled_text(asked, Canvas())
    assert not reconciled(small, stated_counts(["241,664"])).bounded


def test_macs_that_are_called_flops_are_said_to_be_macs(resnet50: Reconciliation) -> None:
    text = reconciled_text(resnet50, Canvas())
    assert "these are MACs: papers often call them FLOPs" in text


@pytest.mark.parametrize(("stated", "is_guess"), [("1.38M", True), ("1382400", False), ("118k", False)])
def test_another_input_size_that_few_digits_speak_for_is_called_a_guess(stated: str, is_guess: bool) -> None:
    """96 * 96 * 25 * 6 = 1,382,400 MACs at 100x100; the net's own 117,600 are none, however few digits agree."""
    text = str(cnncalc.reconcile("input 32x32x1\nconv 6 5x5\nflatten\n", stated))
    assert ("a guess: many input sizes were tried" in text) is is_guess
    assert ("1,382,400 MACs at 100x100" in text) is (stated != "118k")


def test_from_python_numbers_are_texts_or_numbers_with_the_digits_that_they_show() -> None:
    answers = cnncalc.reconcile("lenet5", "61.7k", 61_706, 61.7e3, 4.2e5)
    assert [found.stated.text for found in answers.numbers] == ["61.7k", "61706", "61.7k", "420k"]
    claims = [found.findings[0].candidate.claim for found in answers.numbers]
    assert claims == ["parameters", "parameters", "parameters", "MACs"]
    assert answers.explained
    assert "61706   61,706 parameters (every digit agrees)" in str(answers)
    assert "<pre>LeNet-5" in answers._repr_html_()
