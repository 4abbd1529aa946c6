"""A mistake is charged once wherever it shows, and what nobody worked out earns what is right about it and no more."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from cnncalc.homework.charging import right_share
from cnncalc.homework.grading import Grader
from cnncalc.homework.marks import Grade
from cnncalc.homework.policy import Policy

from .checking import analysed, found
from .test_grade_points import KEY, RIGHT, graded

HW2 = """homework "HW2: a small net"
input 28x28x1
conv1: conv 8 3x3 relu         => ?  params ?  worth 1 1
pool1: maxpool 2x2             => ?  worth 1
conv2: conv 16 3x3 same relu   => ?  params ?  worth 1 1
bn1: bn                        => ?  params ?  worth 1 1
conv3: conv 32 3x3 stride=2    => ?  params ?  worth 1 1
pool2: maxpool 2x2             => ?  worth 1
flat: flatten                  => ?  worth 1
fc1: dense 256 relu            => ?  params ?  worth 1 1
drop: dropout 0.5              => ?  worth 1
out: dense 10 softmax          => ?  params ?  worth 1 1
total                          => params ?  worth 2
answer 2a "receptive field of conv3, pixels on a side" conv3.rf = ? worth 1
"""
"""Worth 19."""

HW2_RIGHT = """conv1 => 26x26x8 params 80
pool1 => 13x13x8
conv2 => 13x13x16 params 1168
bn1 => 13x13x16 params 32
conv3 => 6x6x32 params 4640
pool2 => 3x3x32
flat => 288
fc1 => 256 params 73984
drop => 256
out => 10 params 2570
total => params 82474
answer 2a = 12
"""

SAME = """input 16x16x8
a: conv 8 3x3 same  => ? params ?
b: bn               => ? params ?
r: relu             => ?
c: conv 16 3x3 same => ? params ? macs ?
e: conv 16 3x3      => ? params ? rf ?
m: maxpool 2        => ?
g: gap              => ?
f: dense 10         => ? params ?
s: softmax          => ?
total               => params ?
"""
"""Lines that change nothing follow from any shape at all."""

SMALL = """input 4x4x2
a: conv 2 3x3  => ? params ?
b: relu        => ?
c: maxpool 2   => ? params ?
d: flatten     => ?
e: dense 2     => ? params ?
f: softmax     => ?
total          => params ?
"""
"""Sizes so small that 1 is nearly right."""

ONE_PART = (
    "input 28x28x1\na: conv 8 3x3 => ? params ?\nb: relu => ? params ?\nc: maxpool 2 => ? params ?\ntotal => params ?\n"
)
"""A total that equals its only part."""


def verdicts(text: str) -> list[tuple[str, str, str, str]]:
    """Of every answer that is not right: place, what was asked, status, and the place it follows from."""
    return [
        (one.place.label, one.asked, one.status, one.follows.label if one.follows else "")
        for one in found(text)
        if one.status != "right"
    ]


def total_of(text: str) -> Fraction:
    """The points, of 2, for the total of the small homework."""
    (grade,) = graded(text)
    return next(mark.points for mark in grade.marks if mark.question.name == "total")


# ---------------------------------------------------------------------- charged once
def test_a_misread_number_of_filters_is_charged_in_the_shape_and_not_in_the_parameters_too() -> None:
    """Case 19: 64 filters for 32: 6x6x64, and (3 * 3 * 16 + 1) * 64 = 9280."""
    (grade,) = graded('student "X" 1\nconv3 => 6x6x64 params 9280\n', key=HW2)
    earned = {(mark.question.name, mark.question.asked): mark for mark in grade.marks if mark.finding.answer.given}
    assert earned["conv3", "shape"].points == Fraction(67, 100)
    assert earned["conv3", "params"].points == 1
    assert earned["conv3", "params"].finding.follows == earned["conv3", "shape"].finding.place


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("dense 120", "84 params 33684 weights 33600"),  # (400 + 1) * 84
        ("dense 120 nobias", "84 params 33600"),
        ("dense 120 bn relu", "84 params 33852"),  # and 2 * 84 of the norm
    ],
)
def test_a_misread_number_of_units_too(line: str, wrong: str) -> None:
    text = f"input 400\nfc: {line} => {wrong}"
    first, *others = verdicts(text)
    assert first[:2] == ("fc", "shape")
    assert first[3] == ""
    assert {(asked, status, follows) for _, asked, status, follows in others} <= {
        ("params", "follows", "fc"),
        ("weights", "follows", "fc"),
    }
    assert others


def test_another_number_of_parameters_is_a_mistake_of_its_own() -> None:
    """64 filters claimed, but the parameters are neither those of 64 nor of 32."""
    assert verdicts("input 13x13x16\nc: conv 32 3x3 stride=2 => 6x6x64 params 9281") == [
        ("c", "shape", "wrong", ""),
        ("c", "params", "wrong", ""),
    ]


def test_a_slip_that_gives_two_answers_of_a_line_is_charged_in_the_first() -> None:
    """The input's depth forgotten: (25 + 1) * 16 = 416 parameters, 25 * 16 = 400 weights, 400 * 10 * 10 MACs."""
    assert verdicts("input 14x14x8\nc: conv 16 5x5 => params 416 weights 400 macs 40000") == [
        ("c", "params", "slip", ""),
        ("c", "weights", "follows", "c"),
        ("c", "macs", "follows", "c"),
    ]


def test_the_same_slip_on_an_independent_line_is_charged_again() -> None:
    text = "input 14x14x8\na: conv 16 5x5 => params 416\nb: conv 16 5x5 => params 416"
    assert verdicts(text)[0] == ("a", "params", "slip", "")
    assert verdicts(text.replace("b: conv 16 5x5 => params 416", "b: conv 8 3x3 => params 80"))[1] == (
        *("b", "params", "slip", ""),
    )


def test_what_a_charged_slip_gives_further_down_follows_though_nothing_between_was_asked() -> None:
    """`same` read as valid: 22 * 22 * 8 outputs of 49 MACs, and 11 * 11 * 8 = 968 behind the pool."""
    text = "input 28x28x1\nc1: conv 8 7x7 same => macs 189728\nmaxpool 2\nf: flatten => 968"
    assert verdicts(text) == [("c1", "macs", "slip", ""), ("f", "shape", "follows", "c1")]


TWICE_THE_FILTERS = """input 40x47x1
conv 6 3x3
b: conv 16 3x3 padding=1 => params 1760 macs 2954880
maxpool 2
flatten
d: dense 64 => params 856128 macs 856064
o: dense 10 => params 650
total => params 858598
"""
"""32 filters for 16: (54 + 1) * 32, 54 * 32 * 38 * 45; 19 * 22 * 32 = 13,376 inputs of 64 units; 60 in all above."""


def test_twice_the_filters_are_charged_once_where_no_shape_is_asked() -> None:
    assert verdicts(TWICE_THE_FILTERS) == [
        ("b", "params", "slip", ""),
        ("b", "macs", "follows", "b"),
        ("d", "params", "follows", "b"),
        ("d", "macs", "follows", "b"),
        ("total", "params", "follows", "b"),
    ]


def test_what_gives_both_answers_of_a_line_is_named_whichever_of_them_is_first() -> None:
    """The MACs alone are also twice the right ones: two operations."""
    text = "input 40x47x1\nconv 6 3x3\nb: conv 16 3x3 padding=1 => "
    for answers in ("params 1760 macs 2954880", "macs 2954880 params 1760"):
        first, second = found(text + answers)
        assert (first.slips, second.follows) == (("another-filter-count",), first.place)
    assert found(text + "params 880 macs 2954880")[1].slips == ("two-operations-a-mac",)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("c: conv 4 3x3\nd: conv 4 5x5 dilation=2 => 58x58x4 rf 7", "d"),  # 3 + 4, as without dilation
        ("d: conv 4 5x5 => 62x62x4 rf 3", "d"),  # a window of 3x3
        ("c: conv 4 3x3 stride=2 => 62x62x4\nd: conv 4 3x3 => 60x60x4 rf 5", "c"),  # 3 + 2 without the stride
    ],
)
def test_a_field_follows_from_the_slip_that_a_shape_shows(text: str, cause: str) -> None:
    field = found(f"input 64x64x1\n{text}")[-1]
    assert (field.asked, field.status, field.follows and field.follows.label) == ("rf", "follows", cause)


def test_a_field_that_another_slip_gives_is_charged() -> None:
    """6 is neither the field without dilation, 7, nor the right one, 11."""
    text = "input 64x64x1\nc: conv 4 3x3\nd: conv 4 5x5 dilation=2 => 58x58x4 rf 6"
    assert verdicts(text)[1][2] != "follows"


def test_a_slip_is_charged_once_where_only_counts_are_asked_line_after_line() -> None:
    """16x18 for 15x17, rounded up: 16 * 18 * 432; 8 * 9 * 2,304; 4 * 4 * 3,200."""
    text = (
        "input 32x36x3\nc1: conv 16 3x3 stride=2 => macs 124416\nmaxpool 2x2\n"
        "c2: conv 16 3x3 padding=1 => macs 165888\nmaxpool 2x2\nc3: conv 8 5x5 padding=2 => macs 51200\n"
    )
    assert verdicts(text) == [
        ("c1", "macs", "slip", ""),
        ("c2", "macs", "follows", "c1"),
        ("c3", "macs", "follows", "c1"),
    ]
    assert verdicts(text.replace("macs 51200", "macs 51201"))[2] == ("c3", "macs", "wrong", "")


# ---------------------------------------------------------------------- what follows, and what does not
def test_a_total_does_not_follow_from_parts_that_were_asked_and_left_open() -> None:
    """3,200 for 3,216 makes 51,928, but the dense line's count is missing: nobody added that up."""
    text = RIGHT.replace("3216", "3200").replace("51944", "51928")
    assert total_of(text) == 2
    assert total_of(text.replace("fc3: => 120 params 48120", "fc3: => 120")) == 0


def test_a_total_does_not_follow_from_a_part_that_nobody_worked_out() -> None:
    """48,120 with 7 instead: the sum 3,831 is of numbers one of which is no number of parameters."""
    assert total_of(RIGHT.replace("48120", "7").replace("51944", "3831")) == 0
    assert total_of(RIGHT.replace("48120", "40000").replace("51944", "43824")) == 2


def test_a_layer_taken_for_one_without_weights_is_carried_into_the_total() -> None:
    """Batch norm with 0 instead of 32: 82,474 - 32."""
    text = HW2_RIGHT.replace("params 32\n", "params 0\n").replace("82474", "82442")
    (grade,) = graded(text, key=HW2)
    marks = {(mark.question.name, mark.question.asked): mark.points for mark in grade.marks}
    assert (marks["bn1", "params"], marks["total", "params"], grade.points) == (0, 2, 18)


def test_a_total_follows_from_the_units_that_the_shape_of_a_line_claims() -> None:
    """(400 + 1) * 20 = 8,020, which is also twice 4,010; below it (20 + 1) * 5 = 105 for (10 + 1) * 5 = 55."""
    text = "input 400\nd: dense 10 => 20\n"
    assert verdicts(f"{text}total => params 8020") == [("d", "shape", "wrong", ""), ("total", "params", "follows", "d")]
    assert verdicts(f"{text}dense 5\ntotal => params 8125")[1] == ("total", "params", "follows", "d")
    assert found("input 400\nd: dense 10 => 10\ntotal => params 8020")[1].slips == ("line-twice",)


def test_a_shape_that_nobody_worked_out_carries_nothing() -> None:
    """3x90x7 for 26x26x8: what would follow from it earns nothing."""
    text = "input 28x28x1\na: conv 8 3x3 => {}\nb: relu => {}\n"
    assert verdicts(text.format("3x90x7", "3x90x7")) == [("a", "shape", "wrong", ""), ("b", "shape", "wrong", "")]
    assert verdicts(text.format("20x20x8", "20x20x8"))[1] == ("b", "shape", "follows", "a")


def test_what_follows_is_believed_however_far_it_is_off() -> None:
    """13x13 for 26x26 is half; three pools later 1x1 stands for 3x3, and that follows too."""
    text = (
        "input 28x28x1\na: conv 8 3x3 => 13x13x8\nmaxpool 2\nmaxpool 2\nb: maxpool 2 => 1x1x8\nc: conv 4 1x1 => 1x1x4"
    )
    assert verdicts(text)[1:] == [("b", "shape", "follows", "a"), ("c", "shape", "follows", "a")]


def test_a_field_that_nobody_worked_out_carries_nothing() -> None:
    """Right: 5, 6, 14.  From 4 follows 12, from 100 nothing."""
    text = "input 32x32x1\nconv 6 5x5\np: avgpool 2 => rf {}\nq: conv 16 5x5 => rf {}"
    assert verdicts(text.format(4, 12))[1] == ("q", "rf", "follows", "p")
    assert verdicts(text.format(100, 108))[1][2] == "wrong"


def test_a_matrix_that_nobody_worked_out_carries_nothing() -> None:
    text = "data p = [1 2; 3 4]\ninput from p\na: relu => values {}\nb: relu => values {}\n"
    assert verdicts(text.format("[1 2; 3 9]", "[1 2; 3 9]"))[1] == ("b", "values", "follows", "a")
    assert verdicts(text.format("[70 81; 92 9]", "[70 81; 92 9]"))[1][2] == "wrong"


# ---------------------------------------------------------------------- what follows never ranks below what does not
def test_what_follows_earns_its_right_parts_even_where_nothing_is_given_for_following() -> None:
    """28x28x8 halves to 14x14x8, and 20x20x8 to 10x10x8, of which one size of three is right."""
    key = "input 28x28x1\na: conv 8 3x3 same => ?\nb: maxpool 2 => ?\n"
    policy = Policy(follow=Fraction(0))
    (follows,) = graded("a => 20x20x8\nb => 10x10x8\n", key=key, policy=policy)
    (wrong,) = graded("a => 20x20x8\nb => 5x12x8\n", key=key, policy=policy)
    assert [mark.finding.status for mark in (follows.marks[1], wrong.marks[1])] == ["follows", "wrong"]
    assert follows.marks[1].points == wrong.marks[1].points == Fraction(33, 100)


# ---------------------------------------------------------------------- constant hand-ins
def filled_in(key: str, shape: str, number: str) -> Grade:
    """A submission with one shape for every map and one number for everything else."""
    grader = Grader(analysed(key))
    lines = []
    for site in grader.sheet.sites:
        is_map = grader.examiner.truth.subject(*site.places[0]).output.rank > 0
        said = [
            (shape if is_map else number) if answer.asked == "shape" else f"{answer.asked} {number}"
            for answer in site.asked
        ]
        if said and site.is_question:
            lines.append(f"answer {site.name} = {number}")
        elif said:
            lines.append(f"{site.name} => {' '.join(said)}")
    (grade,) = graded("\n".join(lines), key=key)
    return grade


CONSTANTS = [
    *((f"{n}x{n}x{n}", str(n)) for n in (1, 2, 7, 8, 10, 14, 16, 32, 100, 3000)),
    *(("1x1x1", "0"), ("13x13x16", "288"), ("14x14x14", "3000"), ("6x6x32", "1")),
]


@pytest.mark.parametrize(("key", "constant"), [*product((HW2, KEY, SAME, ONE_PART), CONSTANTS)])
def test_one_answer_everywhere_earns_what_is_right_of_it_and_no_more(key: str, constant: tuple[str, str]) -> None:
    grade = filled_in(key, *constant)
    for mark in grade.marks:
        one = mark.finding
        right = Fraction(1) if one.status == "right" else right_share(one.answer, one.right, one.verdict.wrong)
        assert abs(mark.points - mark.question.points * right) < Fraction(1, 100), one


def test_another_number_of_the_line_is_no_excuse_for_one_number_everywhere() -> None:
    """16 is the number of filters: size and MACs could be `another quantity`, were it not written everywhere."""
    key = (
        "input 32x32x1\nc1: conv 6 5x5 => ? params ? macs ?\nc3: conv 16 5x5 => ? params ? macs ? size ?\n"
        "flatten => ?\no: dense 10 => ? params ?\ntotal => params ? macs ?\n"
    )
    marks = filled_in(key, "10x10x10", "16").marks
    assert [mark.question.name for mark in marks if mark.finding.status in ("follows", "slip")] == []


def test_ones_everywhere_earn_nothing() -> None:
    """Case 20: 5.67 of 19 once."""
    assert filled_in(HW2, "1x1x1", "1").points == 0


def test_zeros_everywhere_earn_the_counts_that_are_none() -> None:
    assert filled_in(KEY, "1x1x1", "0").points == 1  # the pool's parameters


def test_a_key_handed_in_with_all_its_answers_open_earns_nothing() -> None:
    for key in (HW2, KEY, SAME, SMALL):
        (grade,) = graded('student "A" 1\n' + key, key=key)
        assert grade.points == 0
        assert {mark.finding.status for mark in grade.marks} == {"none"}


def test_cells_left_open_are_not_in_the_way_of_what_follows() -> None:
    """One of four numbers is right; below, the open ones count as they rightly are, the wrong one as it was claimed."""
    text = "data p = [1 2; 3 4]\ninput from p\na: relu => values [1 ?; ? 9]\nb: relu => values [1 2; 3 9]\n"
    first, second = found(text)
    assert first.share == Fraction(1, 4)
    assert (second.status, second.follows) == ("follows", first.place)
