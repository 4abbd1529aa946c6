"""Numbers read and written: what is read back is what was written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import quantities


@given(st.fractions(-(10**12), 10**12, max_denominator=10**6))
def test_exact_number_is_read_back(value: Fraction) -> None:
    assert quantities.number(quantities.exact(value)) == value


@given(st.integers(0, 10**17))
def test_grouped_number_is_read_back(value: int) -> None:
    assert quantities.whole_number(quantities.grouped(value)) == value


@pytest.mark.parametrize(
    "text", ["", "-", ".", "e5", "1,00", "1,0000", "1__0", "1/0", "1/2/3", "0x10", "٣", "²", "1e", "nan", "inf", "1 2"]
)
def test_what_is_no_number(text: str) -> None:
    assert quantities.number(text) is None
    assert quantities.whole_number(text) is None


def test_minus_sign_of_word_processors_is_read() -> None:
    assert quantities.number("\N{MINUS SIGN}3") == -3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (999, "999"), (1000, "1.00 k"), (999_499, "999 k"), (999_500, "1.00 M"), (25_557_032, "25.6 M")),
        *((4_089_184_256, "4.09 G"), (15_470_264_320, "15.5 G"), (10**15, "1,000 T"), (Fraction(5, 2), "2.5")),
    ],
)
def test_short_form_has_three_digits(value: int | Fraction, text: str) -> None:
    assert quantities.short(value) == text


def test_mega_is_ten_to_the_sixth_and_mebi_two_to_the_twentieth() -> None:
    # VGG16: input, activations and three dense outputs, 15,237,608 numbers of 4 bytes (counting.md)
    assert quantities.megabytes(15_237_608 * 4) == "60.95 MB"
    assert quantities.mebibytes(15_237_608 * 4) == "58.13 MiB"


def test_share_of_something_never_reads_as_nothing() -> None:
    shares = [Fraction(n, 100_000) for n in (0, 1, 50, 51, 12_500, 100_000)]
    assert [quantities.percent(share) for share in shares] == ["0.0%", "<0.1%", "<0.1%", "0.1%", "12.5%", "100.0%"]
