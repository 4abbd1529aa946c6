"""What answers are worth: right, by components, carried forward, known slips; and nobody touches another's mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.homework.grading import Grader
from cnncalc.homework.identity import submissions_of
from cnncalc.homework.marks import Grade
from cnncalc.homework.policy import Policy
from cnncalc.homework.reading.containers.container_limits import Found
from cnncalc.net_files import checked

KEY = """homework "HW1"
input 32x32x3
conv1: conv 8 5x5 relu      => ? params ?   worth 1 2
pool1: maxpool 2x2          => ? params ?   worth 1 1
conv2: conv 16 5x5 relu     => ? params ?   worth 1 2
maxpool 2x2
flatten                     => ?            worth 1
fc3: dense 120 relu         => ? params ?   worth 1 2
total                       => params ?     worth 2
"""
RIGHT = """student "Ana Gomez" 12345
conv1: => 28x28x8 params 608
pool1: => 14x14x8 params 0
conv2: => 10x10x16 params 3216
flatten => 400
fc3: => 120 params 48120
total => params 51944
"""


def graded(*texts: str, key: str = KEY, policy: Policy | None = None) -> list[Grade]:
    grader = Grader(analyse(checked(Source("key.txt", key))), policy or Policy())
    return grader.grades(submissions_of(files(texts)))


def files(texts: Sequence[str]) -> list[Found]:
    return [
        Found((f"{n:04}.txt",), f"subs/{n:04}.txt", lambda text=text: text.encode())  # type: ignore[misc]
        for n, text in enumerate(texts)
    ]


def points(text: str, key: str = KEY, policy: Policy | None = None) -> dict[str, Fraction]:
    """The questions that did not get all their points."""
    (grade,) = graded(text, key=key, policy=policy)
    return {
        f"{mark.question.name}.{mark.question.asked}": mark.points
        for mark in grade.marks
        if mark.points != mark.question.points
    }


def test_the_right_answers_get_every_point() -> None:
    (grade,) = graded(RIGHT)
    assert (grade.points, grade.most, grade.student) == (14, 14, ("12345", "Ana Gomez"))
    assert grade.fault == ""
    assert grade.notes == ()


def test_a_shape_is_judged_size_by_size() -> None:
    """Two sizes of three are right: 0.67 of a point, and what follows from it is right."""
    assert points(RIGHT.replace("28x28x8", "28x28x6")) == {"conv1.shape": Fraction(67, 100)}


def test_the_other_channel_order_gets_the_mark_and_a_remark() -> None:
    (grade,) = graded(RIGHT.replace("28x28x8", "8x28x28"))
    assert grade.points == 14
    assert grade.marks[0].finding.verdict.remark == "channels first; this file writes channels last"


WRONG_AT_THE_START = RIGHT.replace("28x28x8", "30x30x8").replace("14x14x8", "15x15x8").replace("10x10x16", "11x11x16")


@pytest.mark.parametrize(("follow", "lost"), [("1", Fraction(0)), ("1/2", Fraction(1)), ("0", Fraction(134, 100))])
def test_an_error_carried_forward_is_charged_once(follow: str, lost: Fraction) -> None:
    """30x30 halves to 15x15, and 5x5 makes 11x11 of that: two answers follow from the first mistake.

    The channels of both are right, a third of each: what follows never earns less than what does not.
    """
    (grade,) = graded(WRONG_AT_THE_START, policy=Policy(follow=Fraction(follow)))
    by_name = {(mark.question.name, mark.question.asked): mark for mark in grade.marks}
    assert by_name["pool1", "shape"].finding.follows.label == "conv1"
    assert by_name["conv2", "shape"].finding.follows.label == "conv1"
    assert sum(1 - by_name[name, "shape"].points for name in ("pool1", "conv2")) == lost
    assert by_name["conv1", "shape"].points == Fraction(33, 100)


@pytest.mark.parametrize(("share", "earned"), [("0", 0), ("1/2", 1), ("1", 2)])
def test_a_known_slip_gets_the_share_that_the_teacher_gives(share: str, earned: int) -> None:
    """416 for 3,216: the input depth forgotten, a published wrong answer."""
    text = RIGHT.replace("3216", "416")
    (grade,) = graded(text, policy=Policy(slip_share=Fraction(share)))
    mark = next(mark for mark in grade.marks if mark.finding.slips)
    assert mark.finding.slips == ("depth-forgotten",)
    assert mark.points == earned


def test_a_wrong_number_that_is_no_slip_gets_nothing_whatever_the_share() -> None:
    assert points(RIGHT.replace("48120", "31337"), policy=Policy(slip_share=Fraction(1)))["fc3.params"] == 0


def test_numbers_may_be_off_by_the_tolerance() -> None:
    text = RIGHT.replace("48120", "48000")
    assert points(text)["fc3.params"] == 0
    assert points(text, policy=Policy(tolerance=Fraction(1, 100))) == {}


def test_a_tolerance_of_the_teacher_replaces_the_students_own() -> None:
    """`~` allows 1 % unless the teacher says what is allowed."""
    text = RIGHT.replace("48120", "~48000")
    assert points(text) == {}
    assert points(text, policy=Policy(tolerance=Fraction(0)))["fc3.params"] == 0


def test_points_are_in_hundredths_and_add_up() -> None:
    (grade,) = graded(RIGHT.replace("28x28x8", "28x28x6").replace("10x10x16", "10x10x3"))
    assert all((mark.points * 100).denominator == 1 for mark in grade.marks)
    assert grade.points == sum(mark.points for mark in grade.marks)


def test_a_line_of_a_block_is_one_question_and_the_worst_place_counts() -> None:
    key = "block two\n  h: conv $in 3x3 same => params ?\nend\ninput 8x8x4\ntwo\nconv 8 1x1\ntwo\n"
    (right,) = graded("h: => params 148\n", key=key)
    assert [(mark.question.name, mark.points) for mark in right.marks] == [("h", 0)]
    same = "block two\n  h: conv 4 3x3 same => params ?\nend\ninput 8x8x4\ntwo\ntwo\n"
    (right,) = graded("h: => params 148\n", key=same)
    assert [(mark.question.name, mark.points) for mark in right.marks] == [("h", 1)]


def test_each_or_all_is_what_the_key_says() -> None:
    key = "input 8x8x4\nc: conv 4 3x3 same times 3 => params ? each\n"
    assert [grade.points for grade in graded("c: => params 148\n", "c: => params 444 all\n", key=key)] == [1, 1]


def test_the_keys_own_answers_are_never_the_truth() -> None:
    lying = KEY.replace("conv 16 5x5 relu     => ? params ?", "conv 16 5x5 relu     => 1x1x1 params 416")
    assert points(RIGHT, key=lying) == {}


def test_a_table_is_a_submission_too() -> None:
    table = """| layer | activation shape | # parameters |
| --- | --- | --- |
| conv1 | (28,28,8) | 608 |
| pool1 | (14,14,8) | 0 |
| conv2 | (10,10,16) | 416 |
| fc3 | (120,1) | 48120 |
"""
    (grade,) = graded('student "Ana Gomez" 7\n' + table)
    assert grade.student == ("7", "Ana Gomez")
    assert grade.points == 9
    assert [mark.finding.slips for mark in grade.marks if mark.finding.slips] == [("depth-forgotten",)]


def test_a_keras_print_is_a_submission_too() -> None:
    print_out = """Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 conv2d (Conv2D)             (None, 28, 28, 8)         608
 max_pooling2d (MaxPooling2D) (None, 14, 14, 8)        0
 conv2d_1 (Conv2D)           (None, 10, 10, 16)        3216
 max_pooling2d_1 (MaxPooling2D) (None, 5, 5, 16)       0
 flatten (Flatten)           (None, 400)               0
 dense (Dense)               (None, 120)               48120
=================================================================
Total params: 51,944
"""
    (grade,) = graded(print_out)
    assert grade.points == 14


# ---------------------------------------------------------------------- nobody touches another's mark
def test_two_students_with_one_id_are_both_graded_and_told_apart() -> None:
    first, second = graded(RIGHT, RIGHT.replace("3216", "416"))
    assert (first.student.id, second.student.id) == ("12345 (0000.txt)", "12345 (0001.txt)")
    assert (first.points, second.points) == (14, 12)
    assert first.notes == second.notes == ("another submission has the id 12345 too",)


def test_without_an_id_the_file_stands_for_it() -> None:
    (grade,) = graded(RIGHT.replace('student "Ana Gomez" 12345', ""))
    assert grade.student.id == "0000"
    assert "no `student` line" in grade.notes[0]


def test_the_platform_knows_better_than_the_text_whose_it_is() -> None:
    folder = "Bob Ray_7_assignsubmission_file_"
    grader = Grader(analyse(checked(Source("key.txt", KEY))))
    (grade,) = grader.grades(submissions_of([Found((folder, "hw1.txt"), f"{folder}/hw1.txt", RIGHT.encode)]))
    assert grade.student == ("7", "Bob Ray")
    assert grade.notes == ("the text says that it is Ana Gomez's",)


def test_of_several_files_the_one_with_most_answers_is_graded() -> None:
    texts = {"a.txt": "notes", "b.txt": RIGHT, "c.txt": "conv1: => 1x1x1", "d.pdf": "%PDF-1.7"}
    found = [Found(("ana", name), f"ana/{name}", text.encode) for name, text in texts.items()]
    (grade,) = Grader(analyse(checked(Source("key.txt", KEY)))).grades(submissions_of(found))
    assert (grade.points, grade.shown) == (14, "ana/b.txt")
    assert grade.notes == (
        "graded b.txt",
        "b.txt and c.txt answer 1 question differently; b.txt counts",
        (
            "d.pdf is a PDF document, which is not read here: copy the answers into a text file, or save the table "
            "that it was made of as CSV"
        ),
    )


FILES = [
    ({"hw.txt": "conv1: => 1x1x1", "hw_v2.txt": RIGHT}, 14, "hw_v2.txt", ["graded hw_v2.txt", "hw_v2.txt and hw.txt"]),
    ({"hw_v2.txt": "conv1: => 1x1x1", "hw.txt": RIGHT}, 13, "hw_v2.txt", ["graded hw_v2.txt and hw.txt together"]),
    ({"README.md": RIGHT, "hw.txt": "conv1: => 28x28x8"}, 1, "hw.txt", ["graded hw.txt", "not graded: README.md"]),
    ({"README.md": RIGHT, "hw.txt": "nothing"}, 14, "README.md", ["graded README.md"]),
    ({"hw.txt": RIGHT.replace('"Ana Gomez"', '"Your Name"'), "my.txt": "conv1: => 28x28x8"}, 1, "my.txt", []),
    ({"a.txt": RIGHT.partition("conv2")[0], "b.txt": "conv2" + RIGHT.partition("conv2")[2]}, 14, "b.txt", ["graded"]),
]


@pytest.mark.parametrize(("texts", "points", "shown", "notes"), FILES, ids=range(len(FILES)))
def test_several_files_are_put_together_and_the_newest_counts(
    texts: dict[str, str], points: int, shown: str, notes: list[str]
) -> None:
    found = [Found(("ana", name), f"ana/{name}", text.encode) for name, text in texts.items()]
    (grade,) = Grader(analyse(checked(Source("key.txt", KEY)))).grades(submissions_of(found))
    assert (grade.points, grade.shown) == (points, f"ana/{shown}")
    assert all(any(note.startswith(start) for note in grade.notes) for start in notes)


def test_a_file_changed_later_counts_before_one_that_answers_as_much() -> None:
    other = RIGHT.replace("28x28x8", "27x27x8")
    texts = {"a.txt": (other, 10_000.0), "b.txt": (RIGHT, 20_000.0), "c.txt": ("conv1: => 1x1x1", 30_000.0)}
    found = [Found(("ana", name), f"ana/{name}", text.encode, when) for name, (text, when) in texts.items()]
    (grade,) = Grader(analyse(checked(Source("key.txt", KEY)))).grades(submissions_of(found))
    assert (grade.points, grade.shown) == (14, "ana/b.txt")


def test_what_was_printed_answers_only_what_was_not_answered_by_hand() -> None:
    printed = "conv1 (Conv2D)  (None, 1, 1, 8)  608\nconv2 (Conv2D)  (None, 1, 1, 16)  3216\n"
    texts = {"hw.txt": "conv1: => 28x28x8", "print.txt": printed}
    found = [
        Found(("ana", name), f"ana/{name}", text.encode, 5e9 * (name == "print.txt")) for name, text in texts.items()
    ]
    (grade,) = Grader(analyse(checked(Source("key.txt", KEY)))).grades(submissions_of(found))
    assert grade.shown == "ana/hw.txt"
    assert [mark.points > 0 for mark in grade.marks[:2]] == [True, True]


def test_what_a_student_may_make_us_read_is_bounded() -> None:
    large = b"conv1: => 1x1x1\n" * 12_000
    found = [
        *(Found(("ana", name), f"ana/{name}", lambda: large) for name in map("{}.txt".format, range(4))),
        Found(("ana", "z.txt"), "ana/z.txt", RIGHT.encode),
    ]
    (grade,) = Grader(analyse(checked(Source("key.txt", KEY)))).grades(submissions_of(found))
    assert grade.points == 14


def test_another_homework_is_noted() -> None:
    (grade,) = graded('homework "HW7"\n' + RIGHT)
    assert grade.notes == ("it says it is the homework `HW7`",)


ANYTHING = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                *('student "Ana Gomez" 12345', "homework HW9", "input 1x1x1", "order channels_first", "count keras"),
                *(
                    "conv1: conv 1 1x1 => 1x1x1 params 99 worth 1000",
                    "total => params 1 worth 1000",
                    "total => params -1",
                ),
                *(
                    "block conv1 a",
                    "repeat 1000000000",
                    "end",
                    "data x = [1 2",
                    "answer 2a = 3",
                    "conv2: => ? params NaN",
                ),
            ]
        ),
        max_size=12,
    ).map("\n".join),
)


@given(st.lists(ANYTHING, max_size=4))
def test_no_submission_changes_the_key_or_anothers_mark(others: list[str]) -> None:
    grades = graded(RIGHT, *others)
    mine = next(grade for grade in grades if grade.shown == "subs/0000.txt")
    alone = graded(RIGHT)[0]
    assert replace(mine, student=alone.student, notes=()) == replace(alone, notes=())
    assert len(grades) == len(others) + 1
    assert all(0 <= mark.points <= mark.question.points for grade in grades for mark in grade.marks)
    assert {grade.most for grade in grades} == {14}


@settings(max_examples=30)
@given(ANYTHING)
def test_the_same_text_always_gets_the_same_marks(text: str) -> None:
    assert graded(text) == graded(text)
