"""What is read of a submission: labels, numbers and answers, whatever its model lines say."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from cnncalc.diagnostics import Source
from cnncalc.homework.questions import KeySheet
from cnncalc.homework.reading.answer_lines import Reading, reading_of
from cnncalc.net_files import checked
from tests.time_limits import allowed

KEY = """homework "HW1: shapes and parameters"
input 32x32x3
conv1: conv 8 5x5 relu      => ? params ?   worth 1 2
pool1: maxpool 2x2          => ? params ?   worth 1 1
conv2: conv 16 5x5 relu     => ? params ?   worth 1 2
maxpool 2x2
flatten                     => ?            worth 1
fc3: dense 120 relu         => ? params ?   worth 1 2
fc4: dense 84 relu          => ? params ?   worth 1 2
total                       => params ?     worth 2
answer 2a "receptive field of conv2" conv2.rf = ?  worth 1
"""


def read(text: str, key: str = KEY) -> Reading:
    return reading_of(text, KeySheet(checked(Source("key.txt", key))))


def given(text: str, key: str = KEY) -> dict[str, object]:
    """`conv1.params` -> what was claimed; a text where it could not be read."""
    sheet = KeySheet(checked(Source("key.txt", key)))
    found = reading_of(text, sheet).answers.items()
    return {
        f"{sheet.sites[line].name}.{asked}": piece.answer.text if piece.fault else piece.answer.given
        for (line, asked), piece in found
        if piece.given
    }


def test_a_key_lists_its_questions_with_their_points() -> None:
    sheet = KeySheet(checked(Source("key.txt", KEY)))
    assert [(one.name, one.asked, int(one.points)) for one in sheet.questions] == [
        *(("conv1", "shape", 1), ("conv1", "params", 2), ("pool1", "shape", 1), ("pool1", "params", 1)),
        *(("conv2", "shape", 1), ("conv2", "params", 2), ("flatten1", "shape", 1), ("fc3", "shape", 1)),
        *(("fc3", "params", 2), ("fc4", "shape", 1), ("fc4", "params", 2), ("total", "params", 2), ("2a", "rf", 1)),
    ]


def test_an_answer_is_worth_a_point_only_where_no_line_says_worth() -> None:
    without = KeySheet(checked(Source("k", "input 8x8x1\nconv 2 3x3 => ? params ?\n")))
    partly = KeySheet(checked(Source("k", "input 8x8x1\nconv 2 3x3 => ? params ? worth 3\n")))
    assert [one.points for one in without.questions] == [1, 1]
    assert [one.points for one in partly.questions] == [3, 0]


ANSWERS = [
    ("conv1: conv 8 5x5 relu => 28x28x8 params 608", {"conv1.shape": (28, 28, 8), "conv1.params": 608}),
    ("conv1: conv 99 7x7 same => (None, 28, 28, 8)", {"conv1.shape": (28, 28, 8)}),
    ("conv1: => params 608 worth 100", {"conv1.params": 608}),
    ("conv1: 28x28x8, params: 608", {"conv1.shape": (28, 28, 8), "conv1.params": 608}),
    ("conv1 => 28x28x8 and params = 608", {"conv1.shape": (28, 28, 8), "conv1.params": 608}),
    ("Conv_1: conv => params 608", {"conv1.params": 608}),
    ("conv1: conv 8 (((5x5 => params 608", {"conv1.params": 608}),
    ('conv1: "conv 8 5x5 => params 608', {"conv1.params": 608}),
    ("conv1: conv 8 => params 608 (8*(5*5*3+1))", {"conv1.params": 608}),
    ("conv1: conv 8 => params 608 parameters", {"conv1.params": 608}),
    ("conv1: conv 8 => params 60.8K # my guess", {"conv1.params": 60_800}),
    ("conv1: conv 8 => params ~600", {"conv1.params": 600}),
    ("fc3: dense => 120 params 48,120", {"fc3.shape": (120,), "fc3.params": 48_120}),
    ("flatten => 400", {"flatten1.shape": (400,)}),
    ("Flatten() => 400", {"flatten1.shape": (400,)}),
    ("total => 62108", {"total.params": 62_108}),
    ("total params 62,108", {"total.params": 62_108}),
    ('answer 2a "what I think" conv1.rf = 14', {"2a.rf": 14}),
    ("answer 2a = 14", {"2a.rf": 14}),
    ("2a: 14", {"2a.rf": 14}),
    ("conv1: conv 8 => ? params ?", {}),
    ("conv1: conv 8 => 28x28x8 macs 7", {"conv1.shape": (28, 28, 8)}),
]


@pytest.mark.parametrize(("line", "expected"), ANSWERS, ids=[line for line, _ in ANSWERS])
def test_one_line_is_read(line: str, expected: dict[str, object]) -> None:
    assert given(line) == expected


@pytest.mark.parametrize("written", ["NaN", "inf", "many", "0x1F", "1e999", "--5", "608+0"])
def test_what_is_no_number_is_kept_as_it_was_written(written: str) -> None:
    reading = read(f"conv1: conv 8 5x5 => 28x28x8 params {written}\nconv2: => params 3216\n")
    (faulty,) = [piece for piece in reading.answers.values() if piece.fault]
    assert faulty.answer.text == written
    assert reading.answered == 3


def test_one_unreadable_answer_costs_no_other() -> None:
    assert given("conv1: conv 8 => big params 608") == {"conv1.shape": "big", "conv1.params": 608}


def test_lines_without_labels_are_found_by_their_place() -> None:
    text = KEY.replace("?", "7")
    for label in ("conv1: ", "pool1: ", "conv2: ", "fc3: ", "fc4: "):
        text = text.replace(label, "")
    assert len(given(text)) == 13


def test_a_line_left_out_shifts_no_other() -> None:
    text = "conv 16 5x5 relu => 10x10x16\nmaxpool 2x2\nflatten => 400\ndense 84 relu => params 10164\n"
    assert given(text) == {"conv2.shape": (10, 10, 16), "flatten1.shape": (400,), "fc4.params": 10_164}


def test_a_line_too_many_shifts_no_other() -> None:
    text = (
        "conv 8 5x5 relu => params 608\nrelu\ndropout 0.5\nmaxpool 2x2 => params 0\nconv 16 5x5 relu => params 3216\n"
    )
    assert given(text) == {"conv1.params": 608, "pool1.params": 0, "conv2.params": 3216}


def test_a_changed_line_is_found_by_its_word() -> None:
    assert given("conv1: conv 8 5x5\npool1: maxpool 2x2\nConv2D 99 3x3 => params 5\n") == {"conv2.params": 5}


def test_renamed_labels_are_found_by_the_lines_themselves() -> None:
    assert given("a: conv 8 5x5 relu => params 608\nb: maxpool 2x2 => params 0\n") == {
        "conv1.params": 608,
        "pool1.params": 0,
    }


def test_a_layer_that_does_not_exist_is_reported_and_taken_for_no_other() -> None:
    reading = read("conv9: conv 7 3x3 => 3x3x3\nanswer 5 x.rf = 3\nfc3: => params 1\n")
    assert sorted(reading.notes) == [
        "line 1: the homework has no line `conv9`",
        "line 2: the homework has no question `5`",
    ]
    assert reading.answered == 1


def test_of_two_answers_the_first_counts() -> None:
    reading = read("conv1: => params 608\nconv1: => params 7\n")
    assert [piece.answer.given for piece in reading.answers.values()] == [608]
    assert reading.notes == ["line 2: `params` is answered again; the first answer counts"]


def test_an_open_answer_gives_way_to_a_later_one() -> None:
    assert given("conv1: => params ?\nconv1: => params 608\n") == {"conv1.params": 608}


STUDENTS = [
    ('student "Ana Gomez" 12345', ("12345", "Ana Gomez")),
    ("student Ana Gomez 12345", ("12345", "Ana Gomez")),
    ("student: Ana Gomez", ("", "Ana Gomez")),
    ("student 12345", ("12345", "")),
    ('student "Ana Gomez"', ("", "Ana Gomez")),
    *(
        (f"student {line}", ("4003", 'Chen "C" Wu'))
        for line in ('Chen "C" Wu 4003', '"Chen "C" Wu" 4003', r'"Chen \"C\" Wu" 4003', '4003 "Chen "C" Wu"')
    ),
    ('student: Chen "C" Wu', ("", 'Chen "C" Wu')),
    ('student "Ana Gomez" "12345"', ("12345", "Ana Gomez")),
    ("student 'Ana Gomez' 12345", ("12345", "Ana Gomez")),
    ("student: Chen O'Neil, 12345", ("12345", "Chen O'Neil")),
    ('student "Ana Gomez" ana-g', ("ana-g", "Ana Gomez")),
    ('student "Ana\u202e\u200b Gomez" 1', ("1", "Ana Gomez")),
]


@pytest.mark.parametrize(("line", "expected"), STUDENTS, ids=[line for line, _ in STUDENTS])
def test_the_student_line_names_name_and_id(line: str, expected: tuple[str, str]) -> None:
    assert read(line).student == expected


def test_only_the_first_student_line_counts() -> None:
    assert read('student "Ana" 1\nstudent "Bob" 2\n').student == ("1", "Ana")


def test_a_matrix_may_go_on_over_several_lines() -> None:
    key = "data p = [1 2 3; 4 5 6; 7 8 9]\ninput from p\nblur: conv filter=box3 padding=1 => values ?\n"
    text = "blur: conv filter=box3 => values [1 2 3\n 4 5 6\n 7 8 9]\n"
    (matrix,) = given(text, key).values()
    assert list(matrix.values()) == [Fraction(n) for n in range(1, 10)]  # type: ignore[attr-defined]


HOSTILE = {
    "a line of brackets": "[" * 1000 + "\n" * 100_000,
    "unclosed brackets": "[1\n" * 60_000,
    "round brackets": ("(" * 15_000 + "\n") * 13,
    "quotes": '"\n' * 100_000,
    "sums": ("1 x " * 4900 + "\n") * 10,
    "long words": ("a" * 19_999 + "\n") * 10,
    "answers": "conv1: => " + "params 3 " * 2000 + "\n",
    "lines": "conv 8 5x5 => 3\n" * 12_000,
    "fractions": "conv1: => params " + "1/" * 9900 + "\n",
    "repeats": "repeat 1000000000\n" * 10_000,
    "arrows": "=>" * 9990 + "\n",
    "matrix": "conv1: => values [" + ("1 " * 9000 + "\n") * 10 + "]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read_in_bounded_time(name: str) -> None:
    start = time.process_time()
    reading = read(HOSTILE[name][:200_000])
    assert time.process_time() - start < allowed(10)
    assert len(reading.notes) <= 6


def test_a_repeat_is_never_carried_out() -> None:
    text = (
        "repeat 1000000000\nconv1: conv 8 5x5 => params 608\nend\nconv2: conv 16 5x5 times 1000000000 => params 3216\n"
    )
    assert given(text) == {"conv1.params": 608, "conv2.params": 3216}


@pytest.mark.parametrize("line", ["q1a: conv 4 3x3  => 6x6x4  worth 1", "q1a = 6x6x4", "q1a 6x6x4"])
def test_a_label_that_looks_like_a_question_is_a_label(line: str) -> None:
    """The lines of our own quizzes are called `q1a`."""
    key = KeySheet(checked(Source("key.txt", "input 8x8x1\nq1a: conv 4 3x3 => ? worth 1\n")))
    reading = reading_of(line, key)
    assert (reading.answered, reading.notes) == (1, [])


def test_a_dense_layer_behind_a_map_is_asked_for_though_nobody_wrote_its_flatten() -> None:
    sheet = KeySheet(checked(Source("k", "input 28x28x1\nfc1: dense 10 => ? params ?\n")))
    assert [(one.name, one.asked) for one in sheet.questions] == [("fc1", "shape"), ("fc1", "params")]
