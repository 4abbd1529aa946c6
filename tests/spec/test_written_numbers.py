"""Numbers as people of many countries write them: read as one number, or as two that may be meant."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.quantities import number
from cnncalc.written_numbers import MOST_DIGITS, Signs, has_too_many_digits, readings, signs_of

THE_SAME = {
    73984: [
        *("73984", "73,984", "73'984", "73’984", "73 984", "73\u00a0984", "73\u202f984", "73\u2009984", "73_984"),
        *("73984,0", "73984.00", "7.3984*10^4", "7,3984·10^4", "7.3984 x 10^4", "7.3984×10⁴", "7.3984e4", "7.3984E+04"),
        *("７３９８４", "７３，９８４", "٧٣٩٨٤", "٧٣٬٩٨٤", "७३९८४", "73.984 k", "73,984.", "73984;", "73984!"),
        *("$73{,}984$", r"7.3984 \times 10^{4}", r"73\,984", "+73984", "'73984'", "73\u200b984"),
    ],
    1168000: ["1.168.000", "1,168,000.00", "1.168.000,00", "1'168'000", "1 168 000,0", "11,68,000", "1168k", "116.8万"],
    1500000: ["1,5 Mio", "1.5 Mio.", "1,5M", "1.5 million", "1500 k", "15*10^5", "1.500.000", "15 lakh"],
    138000000: ["138M", "138 M", "138 Mio", "0,138 Mrd", "~138M", "≈ 138 M"],
    80: ["80", "80,00", "80.0", "80.", "80;", "80 ."],
    Fraction(3, 4): ["3/4", "75%", "75 %", "0.75", "0,75", ".75", "75 percent", "¾"],
    -3: ["-3", "−3", "–3", "- 3"],
}


@pytest.mark.parametrize(("value", "written"), [(value, text) for value, texts in THE_SAME.items() for text in texts])
def test_spelling_means_one_number(value: int | Fraction, written: str) -> None:
    read = readings(written, whole=value in (73984, 80))
    assert read is not None
    assert read.value == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", "e5", "1__0", "1/0", "1/2/3", "0x10", "²", "1e", "nan", "inf", "1 2", "26 26 8", "28x28", "1½"),
        *("1.2.3", "26.26.8", "0 640", "1,168 000", "1.168'000", "1'16", "5 apples", "1e400", "9" * 19, "9" * 5000),
    ],
)
def test_what_is_no_number_is_never_read_as_one(text: str) -> None:
    assert readings(text) is None


@pytest.mark.parametrize(
    ("written", "decimal", "whole", "value", "other"),
    [
        # the text says nothing of its signs: our own notation counts
        ("3.216", "", False, "3.216", "3216"),
        ("3,216", "", False, "3216", "3.216"),
        # a count has no decimals
        ("3.216", "", True, "3216", "3.216"),
        ("2.570", "", True, "2570", "2.57"),
        ("1.000", "", True, "1000", "1"),
        ("1.168", ".", True, "1168", "1.168"),
        ("3,216", ",", True, "3216", "3.216"),
        # the other numbers of the text say which sign stands before decimals
        ("3,216", ",", False, "3.216", "3216"),
        ("3.216", ",", False, "3216", "3.216"),
        ("3,216", ".,", False, "3.216", "3216"),
        # of a number of millions both readings are counts
        ("1.168M", "", True, "1168000", "1168000000"),
        ("1,168M", "", True, "1168000000", "1168000"),
        ("1,168M", ",", True, "1168000", "1168000000"),
    ],
)
def test_number_that_may_be_two_gives_both(written: str, decimal: str, whole: bool, value: str, other: str) -> None:
    read = readings(written, Signs(decimal), whole=whole)
    assert read is not None
    assert (read.value, read.other) == (Fraction(value), Fraction(other))


@pytest.mark.parametrize(
    "written",
    ["0.125", "0,125", "1234.567", "1.168e3", "1.168*10^3", "73'984", "1.168.000", "80,00", "1,1680", "73984"],
)
def test_number_with_one_meaning_has_no_other(written: str) -> None:
    read = readings(written)
    assert read is not None
    assert read.other is None
    assert read.doubt == ""


def test_doubt_is_written_so_that_it_has_one_meaning() -> None:
    assert [readings(text).doubt for text in ("3.216", "3,216")] == ["3,216", "3.216"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "digits"),
    [("7,600", 0), ("80.00", -2), ("138M", 6), ("1.25M", 4), ("7.4×10⁴", 3), ("1/3", None), ("12.5%", -3)],
)
def test_last_digit_that_was_written_is_known(written: str, digits: int | None) -> None:
    read = readings(written)
    assert read is not None
    assert read.digits == digits


@pytest.mark.parametrize(
    ("answers", "decimal"),
    [
        (["params 80,00"], ","),
        (["=> 26x26x8 params 1.168.000"], ","),
        (["1,168,000"], "."),
        (["1,168.50"], "."),
        (["73'984"], ".,"),
        (["73’984;", "80,00"], ","),
        (["80,5", "7.5"], ""),
        (["1.168", "3,216"], ""),
        (["(13,128,256)", "[1,168,000]", "26x26x8", "10,5x3"], ""),
        ([], ""),
    ],
)
def test_unmistakable_numbers_say_which_sign_stands_before_decimals(answers: list[str], decimal: str) -> None:
    assert signs_of(answers).decimal == decimal


@given(st.text(max_size=120))
def test_any_text_is_a_number_or_none(text: str) -> None:
    read = readings(text)
    assert read is None or abs(read.value) < 10 ** (3 * MOST_DIGITS)


@given(st.text("0123456789.,' _eE+-/kM%*^()×x", max_size=40))
def test_what_our_own_notation_reads_is_read_alike(text: str) -> None:
    ours, read = number(text), readings(text)
    if ours is not None:
        assert read is not None
        assert read.value == ours


@given(st.integers(0, 10**15), st.sampled_from([",", ".", "'", " ", "\u00a0", "\u202f", "’", "_", ""]))
def test_count_is_read_with_any_separator(value: int, sign: str) -> None:
    read = readings(f"{value:,}".replace(",", sign), whole=True)
    assert read is not None
    assert read.value == value


def test_number_with_far_too_many_digits_is_known_as_one() -> None:
    long = ["1" * 19, "1.111.111.111.111.111.111", "1e99"]
    assert all(map(has_too_many_digits, long))
    assert not any(map(has_too_many_digits, ["73'984", "1e5", "about eighty", ""]))


@pytest.mark.parametrize("piece", ["1", "1,", "1.", "1'", "1 ", "1/", "10^", "1e1", "~", "k", "{,}", "\\times ", "٣"])
def test_reading_a_long_text_takes_no_time(piece: str) -> None:
    begun = time.perf_counter()
    for most in (70, 1_000_000):
        text = piece * (most // len(piece))
        readings(text)
        has_too_many_digits(text)
        signs_of([text])
    assert time.perf_counter() - begun < 3
