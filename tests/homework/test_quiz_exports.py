r"""Exports for learning platforms, read back by the rules of those platforms.

GIFT as Moodle's importer splits it (blank lines, `::name::`, first `{` to first `}`, `=%share%value:tolerance`),
Cloze as Moodle's pattern for embedded answers finds it, text2qti by the line starts of its parser.
"""

from __future__ import annotations

import html
import re
from fractions import Fraction

import pytest

from cnncalc.homework.identity import Student
from cnncalc.homework.quiz.blanks import asked_in
from cnncalc.homework.quiz.cloze import cloze
from cnncalc.homework.quiz.exercises import Difficulty
from cnncalc.homework.quiz.gift import escaped, gift
from cnncalc.homework.quiz.keys import Key, key_of
from cnncalc.homework.quiz.kinds import KINDS
from cnncalc.homework.quiz.making import make_quiz
from cnncalc.homework.quiz.markdown import escaped as markdown_escaped
from cnncalc.homework.quiz.markdown import markdown
from cnncalc.homework.quiz.text2qti import text2qti
from cnncalc.homework.slips import HINTS

LEVELS: tuple[Difficulty, ...] = ("easy", "medium", "hard")
STUDENT = Student("12:3", "A {b} = ~c #d \\ <e> `f` *g*")
SHARE = 25


def key(seed: int, level: Difficulty, student: Student | None = STUDENT) -> Key:
    return key_of(make_quiz(seed, student, tuple(KINDS), 6, level))


KEYS = [key(seed, level) for level in LEVELS for seed in range(3)]
each_key = pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key.quiz.difficulty}-{key.quiz.seed}")


def rights(key: Key) -> list[Fraction]:
    """The right numbers, in order."""
    return [blank.right for one in key.quiz.exercises for asked in asked_in(key, one) for blank in asked.blanks]


# ---------------------------------------------------------------------- GIFT
PLACES = {":": "\x01", "#": "\x02", "=": "\x03", "{": "\x04", "}": "\x05", "~": "\x06", "n": "\x07"}


def hidden(text: str) -> str:
    """Escaped characters out of sight, as the importer hides them first."""
    text = text.replace("\\\\", "\x08")
    for character, place in PLACES.items():
        text = text.replace(f"\\{character}", place)
    return text


def shown(text: str) -> str:
    for character, place in PLACES.items():
        text = text.replace(place, "\n" if character == "n" else character)
    return text.replace("\x08", "\\")


def gift_questions(text: str) -> list[tuple[str, str, list[tuple[int, Fraction, Fraction, str]]]]:
    """Name, text and answers (share, value, tolerance, feedback) of each question."""
    found = []
    for block in re.split(r"\n\s*\n", hidden(text.strip())):
        if block.startswith("$CATEGORY:"):
            continue
        match = re.fullmatch(r"::(.*?)::\[html\]([^{}]*)\{([^{}]*)\}", block, re.DOTALL)
        assert match, block
        answers = match[3].strip()
        assert answers.startswith("#")
        assert "~" not in answers
        parsed = []
        for answer in answers[1:].split("=")[1:]:
            share = re.match(r"%([0-9]{1,2}[0-9]*)%", answer)
            value, _, feedback = answer[share.end() if share else 0 :].partition("#")
            number, _, tolerance = value.partition(":")
            parsed.append((int(share[1]) if share else 100, Fraction(number), Fraction(tolerance), shown(feedback)))
        found.append((shown(match[1]), shown(match[2]), parsed))
    return found


@each_key
def test_gift_asks_every_number_and_its_first_answer_is_right(key: Key) -> None:
    questions = gift_questions(gift(key, SHARE))
    assert [answers[0][:2] for _, _, answers in questions] == [
        (100, Fraction(f"{float(right):.4f}")) for right in rights(key)
    ]
    assert len({name for name, _, _ in questions}) == len(questions)


@each_key
def test_gift_shows_the_net_as_it_is(key: Key) -> None:
    text = gift_questions(gift(key, SHARE))[0][1]
    assert html.unescape(text.partition("<pre>")[2].partition("</pre>")[0]).startswith("input ")
    assert "=> ?" in html.unescape(text)


@each_key
def test_wrong_answers_earn_their_share_and_say_why(key: Key) -> None:
    wrong = [(answers[0], answer) for _, _, answers in gift_questions(gift(key, SHARE)) for answer in answers[1:]]
    assert len(wrong) > 10
    for right, (share, value, _, feedback) in wrong:
        assert share == SHARE
        assert value != right[1]
        assert feedback.startswith("This looks as if ")


def test_gift_offers_the_depth_forgotten() -> None:
    """A 5x5 kernel over 8 channels, 16 filters: 3,216 parameters; 416 with the depth forgotten, as once published."""
    keys = (key_of(make_quiz(seed, None, ("params",), 1, "medium")) for seed in range(200))
    answers = (asked for found in keys for asked in asked_in(found, found.quiz.exercises[0]))
    asked = next(asked for asked in answers if asked.blanks[0].right == 3216)
    hints = {wrong.value: wrong.hint for wrong in asked.blanks[0].wrong}
    assert hints[Fraction(416)] == "This looks as if each filter had only one channel."


@pytest.mark.parametrize("text", ["a: b", "{x} = ~y #z", "back\\slash", "two\nlines", "\\n is no line end", "50% off"])
def test_gift_escapes_are_read_back(text: str) -> None:
    assert not set(re.sub(r"\\.", "", escaped(text))) & set(":={}~#\\\n")
    assert shown(hidden(escaped(text))) == text


def test_a_category_is_one_line_without_levels() -> None:
    first = gift(key(1, "easy", Student("a/b: {c}")), 0).split("\n")[0]
    assert first == "$CATEGORY: Quiz, seed 1 (easy), a-b\\: \\{c\\}"


# ---------------------------------------------------------------------- Cloze
NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
ALTERNATIVE = r"(?:=|%-?[0-9]+%)?.+?(?<!\\|&)(?:(?=[~#}]|$))(?:#.*?(?<!\\)(?=[~}]|$))?"
GAP = re.compile(r"\{([0-9]*):NUMERICAL:((?:" + ALTERNATIVE + r")(?:~" + ALTERNATIVE + r")*)\}")


def gaps(text: str) -> list[tuple[int, list[str]]]:
    return [(int(match[1]), re.split(r"(?<!\\)~", match[2])) for match in GAP.finditer(text)]


@each_key
def test_cloze_has_a_gap_for_every_number(key: Key) -> None:
    text = cloze(key, SHARE).replace("\n", "")
    found = gaps(text)
    assert [answers[0] for _, answers in found] == [
        f"={float(right):.4f}".rstrip("0").rstrip(".") + ":0" for right in rights(key)
    ]
    for _, answers in found:
        for answer in answers[1:]:
            assert re.fullmatch(rf"%{SHARE}%{NUMBER}:0#This looks as if .*", answer), answer
    outside = GAP.sub("", text)
    assert "{" not in outside
    assert "}" not in outside


@each_key
def test_gaps_weigh_what_their_answers_are_worth(key: Key) -> None:
    """Relative to all gaps, as Moodle adds them up."""
    weights = [weight for weight, _ in gaps(cloze(key, SHARE))]
    place = 0
    for exercise in key.quiz.exercises:
        for asked in asked_in(key, exercise):
            own = sum(weights[place : place + len(asked.blanks)])
            assert Fraction(own, sum(weights)) == Fraction(asked.points, key.quiz.points)
            place += len(asked.blanks)


def test_cloze_needs_no_line_ends_and_hides_braces() -> None:
    text = cloze(key(1, "easy", Student("{1:NUMERICAL:=5}")), 0)
    assert "{1:NUM" not in text.split("\n")[0]
    assert "<br />" in text


# ---------------------------------------------------------------------- text2qti
@each_key
def test_text2qti_lines_are_what_its_parser_expects(key: Key) -> None:
    text = text2qti(key)
    found = []
    for block in re.split(r"\n\n(?=Title: )", text.strip())[1:]:
        lines = block.split("\n")
        assert lines[0].startswith("Title: q")
        assert re.fullmatch(r"Points: [0-9]+(\.5)?", lines[1])
        number = re.match(r"[0-9]+\.[ ]+", lines[2])
        assert number
        body = [line for line in lines[3:] if not re.match(r"[-=*] {3}", line)]
        assert all(not line or line.startswith(" " * number.end()) for line in body)
        assert re.match(r"[=*] {3}", lines[-1])
        assert "((" not in block
        found.append(lines[-1])
    assert len(found) == len(rights(key))
    for line, right in zip(found, rights(key), strict=True):
        if right == 0:
            assert line == "*   0"  # a numerical answer below 0.0001 is refused there
        else:
            assert Fraction(line[4:].partition(" +-")[0]) == Fraction(f"{float(right):.4f}")


@each_key
def test_text2qti_itself_takes_it(key: Key) -> None:
    quiz = pytest.importorskip("text2qti.quiz", reason="text2qti is not installed")
    config = pytest.importorskip("text2qti.config").Config()
    config.load()
    read = quiz.Quiz(text2qti(key), config=config)
    assert len(read.questions_and_delims) == len(rights(key))


# ---------------------------------------------------------------------- Markdown
@each_key
def test_markdown_shows_nets_as_code_and_the_key_only_when_asked(key: Key) -> None:
    plain, solved = markdown(key, with_key=False), markdown(key, with_key=True)
    assert plain.count("```text") == plain.count("\n```\n") == len(key.quiz.exercises)
    answers = [line.partition("=>")[2].partition("worth")[0] for line in plain.splitlines() if "=>" in line]
    assert all("?" in answer and not any(map(str.isdigit, answer)) for answer in answers)
    assert "=> ?" not in solved
    assert "**Key**" in solved


def test_markdown_escapes_names() -> None:
    assert markdown_escaped("*a* <b> [c](d) `e` _f_ # g | h") == (
        "\\*a\\* \\<b\\> \\[c\\]\\(d\\) \\`e\\` \\_f\\_ \\# g \\| h"
    )


def test_our_own_words_need_no_escaping() -> None:
    """Tasks and hints go into Markdown and HTML as they are, but for `code`."""
    tasks = {exercise.task for key in KEYS for exercise in key.quiz.exercises}
    for text in (*tasks, *HINTS.values()):
        assert not set(text) & set("*_<>&#|\\{}~$"), text
