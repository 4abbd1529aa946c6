"""Quizzes: the same for the same seed everywhere, sane, and with keys that the checker and the executor confirm."""

from __future__ import annotations

import random
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import own_claims
from cnncalc.homework.quiz.draws import Draws
from cnncalc.homework.quiz.exercises import Difficulty, quiz_text
from cnncalc.homework.quiz.keys import key_of
from cnncalc.homework.quiz.kinds import KINDS
from cnncalc.homework.quiz.making import make_quiz
from cnncalc.homework.student_names import Student
from cnncalc.runtime.noise import tried

LEVELS: tuple[Difficulty, ...] = ("easy", "medium", "hard")
ALL = tuple(KINDS)

SEED_7_EASY = """\
homework "Quiz, seed 7 (easy)"
student "Ana Gomez" 12345

# 1. (3 points) Sizes. Which shape comes out of each line (height x width x channels, or the length of
# a vector)?
input 28x28x3
q1a: conv 12 5x5 relu  => ?  worth 1
q1b: maxpool 2x2       => ?  worth 1
q1c: conv 12 3x3 relu  => ?  worth 1

# 2. (3 points) By hand. Work out the matrix that comes out, row by row: [1 2; 3 4] has the rows 1 2
# and 3 4.
data x2 = [4 3 0 3; 3 1 2 4; 0 0 3 1; 4 2 3 3]
input from x2
q2: maxpool 2x2  => values ?  worth 3
"""
SEED_7_DIGEST = {
    "easy": "ef494b366a6862d5",
    "medium": "650017e1c50e40a7",
    "hard": "6b64c1ed9c63ba97",
}
"""Of all kinds twice.  Another text is another quiz than the one that was handed out: it needs a new edition."""


def test_the_text_of_a_seed_is_what_it_was() -> None:
    quiz = make_quiz(7, Student("12345", "Ana Gomez"), ("sizes", "matrix"), 2, "easy")
    assert quiz_text(quiz) == SEED_7_EASY


@pytest.mark.parametrize("level", LEVELS)
def test_a_seed_gives_the_same_quiz_on_every_machine(level: Difficulty) -> None:
    random.seed(level)  # whatever others draw changes nothing
    key = key_of(make_quiz(7, None, ALL, 2 * len(ALL), level))
    assert sha256(key.text.encode()).hexdigest()[:16] == SEED_7_DIGEST[level]


def test_draws_are_sha_256_and_nothing_else() -> None:
    """Worked out from the digest of `quiz 0x1f 7 0x1f 0`: its first four bytes, big end first, below 2^32."""
    block = sha256(b"quiz\x1f7\x1f0").digest()
    draws = Draws("quiz", 7)
    expected = [int.from_bytes(block[i : i + 4], "big") % 1000 for i in range(0, 32, 4)]
    assert [draws.below(1000) for _ in range(8)] == expected


@given(st.integers(1, 50), st.text(max_size=8))
def test_draws_stay_in_their_range(count: int, seed: str) -> None:
    draws = Draws(seed)
    assert {draws.below(count) for _ in range(20)} <= set(range(count))
    assert all(3 <= draws.between(3, 5) <= 5 for _ in range(20))


def test_draws_are_even() -> None:
    draws = Draws("even")
    counts = Counter(draws.below(6) for _ in range(6000))
    assert set(counts) == set(range(6))
    assert all(850 < count < 1150 for count in counts.values())


@pytest.mark.parametrize("level", LEVELS)
def test_every_key_is_confirmed_by_running_it(level: Difficulty) -> None:
    for seed in range(4):
        key = key_of(make_quiz(seed, None, ALL, len(ALL), level))
        confirmation = tried(key.analysis)
        assert confirmation.confirmed, confirmation.differences
        fields = [row.field_proved for row in confirmation.rows if any(a.asked == "rf" for a in row.row.row.answers)]
        assert fields
        assert None not in fields


def test_a_wrong_key_is_refuted_by_running_it() -> None:
    text = "data x = [1 2; 3 4]\ninput from x\nmaxpool 2x2 => values "
    verdicts = []
    for claimed in ("[4]", "[5]"):
        graph, faults = load_graph(Source("key", text + claimed))
        assert not faults
        verdicts.append(tried(analyse(graph)).confirmed)
    assert verdicts == [True, False]


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("level", LEVELS)
def test_the_checker_marks_its_own_key_100_percent(kind: str, level: Difficulty) -> None:
    for seed in range(5):
        key = key_of(make_quiz(seed, None, (kind,), 3, level))
        graph, faults = load_graph(Source("key", key.text))
        assert not faults
        analysis = analyse(graph)
        found = findings(analysis, own_claims(analysis))
        assert found
        assert {one.status for one in found} == {"right"}


def test_a_quiz_asks_what_its_key_answers_and_nothing_is_given_away() -> None:
    quiz = make_quiz(3, None, ALL, 6, "medium")
    key = key_of(quiz)
    asked = quiz_text(quiz)
    assert asked.count("=> ") == key.text.count("=> ")
    assert "?" not in "".join(line.partition("=>")[2] for line in key.text.splitlines() if "=>" in line)
    for line in asked.splitlines():
        answers = line.partition("=>")[2].partition("worth")[0]
        assert not any(character.isdigit() for character in answers), line


def test_students_get_variants_and_their_own_again() -> None:
    ana, bo = Student("1", "Ana"), Student("2", "Bo")
    texts = {quiz_text(make_quiz(7, who, ALL, 6, "easy")) for who in (ana, bo, None)}
    assert len(texts) == 3
    renamed = make_quiz(7, Student("1", "Ana Gomez"), ALL, 6, "easy")
    assert renamed.exercises == make_quiz(7, ana, ALL, 6, "easy").exercises


def test_an_exercise_does_not_depend_on_how_many_follow() -> None:
    few, many = (make_quiz(7, None, ALL, count, "hard").exercises for count in (6, 18))
    assert few == many[:6]


def test_exercises_of_a_quiz_are_all_different() -> None:
    quiz = make_quiz(1, None, ("padding",), 12, "easy")
    nets = {tuple(line.text for line in exercise.lines) for exercise in quiz.exercises}
    assert len(nets) >= 11


@pytest.mark.parametrize("level", LEVELS)
def test_numbers_fit_on_paper(level: Difficulty) -> None:
    for seed in range(6):
        for finding in key_of(make_quiz(seed, None, ALL, len(ALL), level)).findings:
            if isinstance(finding.right, int):
                assert finding.right < 2_000_000
            if finding.asked == "values":
                cells = [cell for plane in finding.right for sheet in plane for row in sheet for cell in row]  # type: ignore[union-attr]
                assert len(cells) <= 36
                assert all(abs(cell) < 100 for cell in cells)


HOSTILE = ['a"b', "x\\", "#1", '"', "=> 3", "=cmd|' /C calc'!A0", "é ü", "{a}", "1 2", "-1", "../../x"]


@pytest.mark.parametrize("number", HOSTILE)
def test_a_student_is_read_back_whatever_the_name(number: str) -> None:
    quiz = make_quiz(7, Student(number, f"N {number}"), ("padding",), 1, "easy")
    graph, faults = load_graph(Source("quiz", quiz_text(quiz)))
    assert not faults
    assert graph.student == (f"N {number}", number)
