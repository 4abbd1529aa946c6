r"""Exports for learning platforms, read back by the rules of those platforms.

GIFT as Moodle's importer splits it (blank lines, `::name::`, first `{` to first `}`, `=%share%value:tolerance`),
Cloze as Moodle's pattern for embedded answers finds it, text2qti by the line starts of its parser.
"""

from __future__ import annotations

import html
import re
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import pytest

from cnncalc.diagnostics.markdown_text import in_markdown
from cnncalc.homework.quiz.blanks import asked_in
from cnncalc.homework.quiz.cloze import cloze
from cnncalc.homework.quiz.exercises import Difficulty, Exercise, Line, Quiz, labelled, plain_net
from cnncalc.homework.quiz.gift import escaped, gift
from cnncalc.homework.quiz.keys import Key, key_of
from cnncalc.homework.quiz.kinds import KINDS
from cnncalc.homework.quiz.making import make_quiz
from cnncalc.homework.quiz.markdown import markdown
from cnncalc.homework.quiz.text2qti import text2qti
from cnncalc.homework.slips import HINTS
from cnncalc.homework.student_names import Student

LEVELS: tuple[Difficulty, ...] = ("easy", "medium", "hard")
STUDENT = Student("12:3", "A {b} = ~c #d \\ <e> `f` *g*")
SHARE = 25


def key(seed: int, level: Difficulty, student: Student | None = STUDENT) -> Key:
    return key_of(make_quiz(seed, student, tuple(KINDS), len(KINDS), level))


KEYS = [key(seed, level) for level in LEVELS for seed in range(2)]
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


class Answer(NamedTuple):
    """One listed answer of a GIFT question: its share, its text (of a number without its tolerance), the feedback."""

    share: int
    text: str
    tolerance: str
    feedback: str


class Question(NamedTuple):
    name: str
    text: str
    is_number: bool
    answers: list[Answer]

    def score(self, typed: str) -> tuple[int, str]:
        """Share and feedback of the first answer that fits, as Moodle grades what a student typed."""
        for answer in self.answers:
            if self.is_number:
                value = moodle_number(typed)
                fits = value is not None and abs(value - Fraction(answer.text)) <= Fraction(answer.tolerance)
            else:
                bits = re.split(r"(?<!\\)\*+", answer.text)
                pattern = ".*".join(re.escape(bit.replace("\\*", "*")) for bit in bits)
                fits = re.fullmatch(pattern, typed.strip(), re.IGNORECASE) is not None
            if fits:
                return answer.share, answer.feedback
        return 0, ""


def moodle_number(typed: str) -> Fraction | None:
    """As qtype_numerical's `apply_units` reads a response: spaces go, a single comma is a decimal point."""
    text = typed.replace(" ", "")
    several = "." in text or text.count(",") > 1
    found = re.match(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", text.replace(",", "" if several else "."))
    return Fraction(found[0]) if found else None


def gift_questions(text: str) -> list[Question]:
    found = []
    for block in re.split(r"\n\s*\n", hidden(text.strip())):
        if block.startswith("$CATEGORY:"):
            continue
        match = re.fullmatch(r"::(.*?)::\[html\]([^{}]*)\{([^{}]*)\}", block, re.DOTALL)
        assert match, block
        listed = match[3].strip()
        is_number = listed.startswith("#")
        assert "~" not in listed
        answers = []
        for answer in listed.removeprefix("#").split("=")[1:]:
            share = re.match(r"%([0-9]{1,2}[0-9]*)%", answer)
            value, _, feedback = answer[share.end() if share else 0 :].strip().partition("#")
            value, _, tolerance = value.partition(":") if is_number else (value, "", "0")
            answers.append(Answer(int(share[1]) if share else 100, shown(value), tolerance, shown(feedback)))
        found.append(Question(shown(match[1]), shown(match[2]), is_number, answers))
    return found


def in_question_form(key: Key) -> list[str]:
    """The right answers as a platform asks them: several sizes are one answer, everything else is number by number."""
    answers = []
    for exercise in key.quiz.exercises:
        for asked in asked_in(key, exercise):
            if asked.typed:
                answers.append(asked.answer)
            else:
                answers += [f"{float(blank.right):.4f}".rstrip("0").rstrip(".") for blank in asked.blanks]
    return answers


@each_key
def test_gift_takes_every_right_answer_and_asks_in_words(key: Key) -> None:
    questions = gift_questions(gift(key, SHARE))
    assert [question.answers[0].text for question in questions] == in_question_form(key)
    for question in questions:
        assert question.score(question.answers[0].text)[0] == 100
        assert "?</p>" in question.text or "?" in question.text.rpartition("<p>")[2]
    assert len({question.name for question in questions}) == len(questions)


@each_key
def test_students_see_nets_and_words_but_never_our_notation_of_answers(key: Key) -> None:
    """`=> ? worth 1` is for texts that are filled in and graded."""
    for text in (gift(key, SHARE), cloze(key, SHARE), text2qti(key), markdown(key, with_key=False)):
        said = html.unescape(shown(hidden(text)))
        assert "input " in said
        assert "=>" not in said
        assert "worth" not in said
        assert " ?" not in said


@pytest.mark.parametrize(
    "typed",
    [
        *("17x17x6", "17 x 17 x 6", "17X17X6", "17\u00d717\u00d76", "17,17,6", "17, 17, 6", "(17,17,6)", "(17, 17, 6)"),
        *("[17, 17, 6]", "17*17*6", "17 17 6", " 17x17x6 ", "6x17x17", "(6, 17, 17)"),
    ],
)
def test_gift_takes_a_shape_in_every_form_that_students_type(typed: str) -> None:
    question = gift_questions(gift(SHAPES, SHARE))[0]
    assert question.answers[0].text == "17x17x6"
    share, feedback = question.score(typed)
    assert (share, feedback) == (100, "Right, with the channels first." if typed.strip("( ")[0] == "6" else "")


@pytest.mark.parametrize(
    ("typed", "share", "feedback"),
    [
        ("34x34x6", SHARE, "This looks as if the stride was left out."),
        ("(34, 34, 6)", SHARE, "This looks as if the stride was left out."),
        ("17x17x3", SHARE, "This looks as if the layer had as many filters as its input has channels."),
        ("17x17x16", 0, ""),
        ("171x7x6", 0, ""),
        ("17", 0, ""),
    ],
)
def test_gift_names_the_slip_of_a_whole_shape(typed: str, share: int, feedback: str) -> None:
    assert gift_questions(gift(SHAPES, SHARE))[0].score(typed) == (share, feedback)


_LINES = (Line("input 34x34x3"), Line("conv 6 3x3 stride=2 padding=1 relu", ("shape",), (1,)))
SHAPES = key_of(Quiz(7, "medium", (Exercise("sizes", 1, "Sizes.", labelled(1, _LINES)),)))
"""input 34x34x3; conv 6 3x3 stride=2 padding=1 gives floor((34 + 2 - 3) / 2) + 1 = 17."""


@cache
def gift_with_3216() -> str:
    """The first quiz whose answer is 3,216, as GIFT."""
    keys = (key_of(make_quiz(seed, None, ("params",), 1, "medium")) for seed in range(200))
    return next(text for text in (gift(found, SHARE) for found in keys) if "=3216:0#" in text)


@pytest.mark.parametrize("typed", ["3216", "3,216", "3.216", "3 216"])
def test_moodle_takes_a_number_with_a_separator_of_thousands(typed: str) -> None:
    """qtype_numerical reads 3,216 as 3.216, so that this is listed as right, too."""
    text = gift_with_3216()
    question = next(one for one in gift_questions(text) if one.answers[0].text == "3216")
    assert question.score(typed) == (100, "")
    assert question.score("416") == (SHARE, "This looks as if each filter had only one channel.")
    assert question.score("3,215") == (0, "")


@each_key
def test_gift_shows_the_net_as_it_is(key: Key) -> None:
    text = gift_questions(gift(key, SHARE))[0].text
    assert html.unescape(text.partition("<pre>")[2].partition("</pre>")[0]) == plain_net(key.quiz.exercises[0])


@each_key
def test_wrong_answers_earn_their_share_and_say_why(key: Key) -> None:
    questions = gift_questions(gift(key, SHARE))
    wrong = [(question, answer) for question in questions for answer in question.answers if answer.share < 100]
    assert len(wrong) > 10
    for question, answer in wrong:
        assert answer.share == SHARE
        assert answer.text not in {other.text for other in question.answers if other.share == 100}
        assert answer.feedback.startswith("This looks as if ")


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
        right = answers[0][1:].partition(":")[0]
        also = f"={float(Fraction(right)) / 1000:g}"
        for answer in answers[1:]:
            if answer.startswith("="):  # as Moodle reads 1,168
                assert len(right) > 3
                assert answer.partition(":")[0] == also
            else:
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
        assert "((" not in block
        found.append(next(line for line in lines if re.match(r"[=*] {3}", line)))
    for line, right in zip(found, in_question_form(key), strict=True):
        assert line[:4] == ("*   " if right == "0" or "x" in right or "," in right else "=   ")
        assert line[4:].partition(" +-")[0] == right
    assert not re.search(r"^= {3}0$", text, re.MULTILINE)  # a numerical answer below 0.0001 is refused there


@each_key
def test_text2qti_says_no_slip_to_all_wrong_answers_alike(key: Key) -> None:
    assert not re.search(r"^[-+.]{1,3} |looks as if", text2qti(key), re.MULTILINE)


@each_key
def test_text2qti_itself_takes_it(key: Key) -> None:
    quiz = pytest.importorskip("text2qti.quiz", reason="text2qti is not installed")
    config = pytest.importorskip("text2qti.config").Config()
    config.load()
    read = quiz.Quiz(text2qti(key), config=config)
    assert len(read.questions_and_delims) == len(in_question_form(key))


# ---------------------------------------------------------------------- Markdown
@each_key
def test_markdown_shows_nets_as_code_and_the_key_only_when_asked(key: Key) -> None:
    plain, solved = markdown(key, with_key=False), markdown(key, with_key=True)
    assert plain.count("```text") == plain.count("\n```\n") == len(key.quiz.exercises)
    assert plain.count("|  |") == sum(len(line.asked) for one in key.quiz.exercises for line in one.lines)
    assert "|  |" not in solved
    assert "**Key**" in solved
    for answer in key.answers.values():
        assert f"| {in_markdown(answer)} |" in solved


def test_markdown_escapes_names() -> None:
    assert in_markdown("*a* <b> [c](d) `e` _f_ # g | h") == (
        "\\*a\\* &lt;b&gt; \\[c\\]\\(d\\) \\`e\\` \\_f\\_ \\# g \\| h"
    )


def test_our_own_words_need_no_escaping() -> None:
    """Tasks and hints go into Markdown and HTML as they are, but for `code`."""
    tasks = {exercise.task for key in KEYS for exercise in key.quiz.exercises}
    for text in (*tasks, *HINTS.values()):
        assert not set(text) & set("*_<>&#|\\{}~$"), text
