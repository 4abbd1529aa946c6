"""Answers in every spelling that homework uses (the list stands in the description of homework checking)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.diagnostics import Source
from cnncalc.matrices import matrix
from cnncalc.spec.document import Answer, Asked, Call, Total
from cnncalc.spec.parsing import parse


def call(text: str) -> Call:
    document, faults = parse(Source("m", f"relu => {text}"))
    assert not faults, faults
    found = document.statements[0]
    assert isinstance(found, Call)
    return found


def answers(text: str) -> tuple[Answer, ...]:
    return call(text).answers


@pytest.mark.parametrize(
    "text", ["28x28x6", "28 x 28 x 6", "(28,28,6)", "( 28, 28, 6 )", "28×28×6", "28 × 28 × 6", "[28, 28, 6]", "28X28X6"]
)
def test_shape_in_every_spelling(text: str) -> None:
    (answer,) = answers(text)
    assert (answer.asked, answer.given, answer.batch_dropped) == ("shape", (28, 28, 6), False)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("(None, 28, 28, 6)", (28, 28, 6)),
        ("[-1, 6, 28, 28]", (6, 28, 28)),
        ("(None,120)", (120,)),
        ("[N, 10]", (10,)),
        ("(?, 5, 5, 16)", (5, 5, 16)),
    ],
)
def test_batch_axis_is_dropped_and_that_is_recorded(text: str, sizes: tuple[int, ...]) -> None:
    (answer,) = answers(text)
    assert (answer.given, answer.batch_dropped) == (sizes, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7,600", 7600),
        ("7600", 7600),
        ("7_600", 7600),
        ("138M", 138_000_000),
        ("1.2e6", 1_200_000),
        ("500K", 500_000),
        ("4.09 G", 4_090_000_000),
        ("0.5", Fraction(1, 2)),
    ],
)
def test_number_in_every_spelling(text: str, value: int | Fraction) -> None:
    (answer,) = answers(f"params {text}")
    assert (answer.asked, answer.given, answer.approximate) == ("params", value, False)


@pytest.mark.parametrize("text", ["~138M", "~ 138M", "≈138M"])
def test_tilde_means_about(text: str) -> None:
    (answer,) = answers(f"params {text}")
    assert (answer.given, answer.approximate) == (138_000_000, True)


def test_question_mark_asks_without_answering() -> None:
    shape, params, values = answers("? params ? values ?")
    assert [shape.given, params.given, values.given] == [None, None, None]
    assert [shape.asked, params.asked, values.asked] == ["shape", "params", "values"]


def test_counts_follow_the_shape_with_commas_or_without() -> None:
    found = answers("26x26x32, params 320, macs 194,688, flops ~ 400K size=21632 rf 3 buffers 0 weights 288")
    assert [(one.asked, one.given) for one in found] == [
        *(("shape", (26, 26, 32)), ("params", 320), ("macs", 194_688), ("flops", 400_000)),
        *(("size", 21632), ("rf", 3), ("buffers", 0), ("weights", 288)),
    ]


@pytest.mark.parametrize("word", ["parameters 5", "param 5", "params=5", "params: 5", "PARAMS 5"])
def test_quantity_in_other_words(word: str) -> None:
    (answer,) = answers(word)
    assert (answer.asked, answer.given) == ("params", 5)


@pytest.mark.parametrize(("text", "scope"), [("params 5 each", "each"), ("params all 5", "all"), ("params 5", None)])
def test_answer_about_a_repeated_line_says_each_or_all(text: str, scope: str | None) -> None:
    assert answers(text)[0].scope == scope


def test_square_receptive_field_is_one_number_and_any_other_is_a_size() -> None:
    assert answers("rf 14x14")[0].given == 14
    assert answers("rf 14x15")[0].given == (14, 15)


def test_values_are_matrices_and_several_are_channels() -> None:
    assert answers("values [3 3; -2 4]")[0].given == matrix([[3, 3], [-2, 4]])
    assert answers("values [1 2] [3 4]")[0].given == matrix([[1, 2]], [[3, 4]])
    assert answers("values [[1, 2], [3, 4]]")[0].given == matrix([[1, 2], [3, 4]])
    assert answers("values 1/3 * [1 2]")[0].given == matrix([[Fraction(1, 3), Fraction(2, 3)]])
    assert answers("values 320")[0].given == matrix([[320]])


def test_points_go_with_the_answers_in_order() -> None:
    assert call("28x28x8 params 608 worth 1 2.5").worth == (1, Fraction(5, 2))


def test_answer_keeps_its_words_and_its_place() -> None:
    shape, params = answers("(None, 28, 28, 6)  params 7,600")
    assert (shape.text, params.text) == ("(None, 28, 28, 6)", "params 7,600")
    assert (shape.span.column, shape.span.length) == (9, 17)
    assert (params.span.column, params.span.length) == (28, 12)


def test_total_names_every_count() -> None:
    document, faults = parse(Source("m", "total => params 61,706 macs ~416K worth 2"))
    total = document.statements[0]
    assert not faults
    assert isinstance(total, Total)
    assert [(one.asked, one.given) for one in total.answers] == [("params", 61706), ("macs", 416_000)]
    assert total.worth == (2,)


@pytest.mark.parametrize("sign", ["=", "=>", " = "])
def test_numbered_question_names_a_line_and_a_quantity(sign: str) -> None:
    text = f'answer 2a "receptive field of conv2" conv2.rf {sign} 14 worth 1'
    document, faults = parse(Source("m", text))
    asked = document.statements[0]
    assert not faults
    assert isinstance(asked, Asked)
    assert (asked.number.text, asked.question, asked.label.text) == ("2a", "receptive field of conv2", "conv2")
    assert (asked.answer.asked, asked.answer.given, asked.worth) == ("rf", 14, (1,))
