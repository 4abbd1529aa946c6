"""Numbers as papers and people state them: their value, what their last digit is worth, what they count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.stated_numbers import stated_bytes, stated_number


@pytest.mark.parametrize(
    ("text", "value", "step", "unit"),
    [
        ("4.11G", 4_110_000_000, 10**7, ""),
        ("25.6M", 25_600_000, 10**5, ""),
        ("138M", 138_000_000, 10**6, ""),
        ("0.6G", 600_000_000, 10**8, ""),
        ("25,557,032", 25_557_032, 1, ""),
        ("25_557_032", 25_557_032, 1, ""),
        ("98MB", 98_000_000, 10**6, "bytes"),
        ("93.2MiB", Fraction(932, 10) * 2**20, Fraction(2**20, 10), "bytes"),
        ("8GB", 8 * 10**9, 10**9, "bytes"),
        ("2 GiB", 2 * 2**30, 2**30, "bytes"),
        ("512 bytes", 512, 1, "bytes"),
        ("10T", 10**13, 10**12, ""),
        ("4.1 GFLOPs", 4_100_000_000, 10**8, "flops"),
        ("4.1GMac", 4_100_000_000, 10**8, "macs"),
        ("140.7 BFLOPs", 140_700_000_000, 10**8, "flops"),
        ("569 million mult-adds", 569_000_000, 10**6, "macs"),
        ("300M MAdds", 300_000_000, 10**6, "macs"),
        ("61 M params", 61_000_000, 10**6, "params"),
        ("5 macs", 5, 1, "macs"),
        ("7B", 7_000_000_000, 10**9, ""),
        ("246824 B", 246_824, 1, "bytes"),
        ("25.6M bytes", 25_600_000, 10**5, "bytes"),
        ("3.8×10^9", 3_800_000_000, 10**8, ""),
        ("3.8 x 10^9 MACs", 3_800_000_000, 10**8, "macs"),
        ("4.1 Gmul-adds", 4_100_000_000, 10**8, "macs"),
        ("15 470 264 320", 15_470_264_320, 1, ""),
        ("4.11 GFLOPs.", 4_110_000_000, 10**7, "flops"),
        ("1.2e9", 1_200_000_000, 10**8, ""),
        (".5k", 500, 100, ""),
        ("~4.1G", 4_100_000_000, 10**8, ""),
    ],
)
def test_a_number_keeps_its_value_its_last_digit_and_what_it_counts(
    text: str, value: Fraction | int, step: Fraction | int, unit: str
) -> None:
    found = stated_number(text)
    assert (found.text, found.value, found.step, found.unit) == (text, value, step, unit)


def test_a_rate_says_that_it_is_one() -> None:
    assert stated_number("900GB/s")[1:] == (900 * 10**9, 10**9, "bytes", True)
    assert stated_number("10 TFLOP/s")[1:] == (10**13, 10**12, "flops", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abc", "`abc` is no number"),
        ("", "the number is empty"),
        ("-3G", "`-3G` is negative"),
        ("4,1G", "`4,1G` has a comma or `_` that does not group three digits"),
        ("4.1 apples", "`4.1 apples` is no number: `apples` is no unit"),
        ("4.1.2G", "`4.1.2G` is no number: `.2G` is no unit"),
        ("1e400", "`1e400` has more than 18 digits"),
        ("9" * 30, f"`{'9' * 30}` has more than 18 digits"),
        ("9" * 400, f"`{'9' * 40}...` is too long for a number"),
        ("inf", "`inf` is no number"),
        ("\x1b[31m4G", "`\ufffd[31m4G` is no number"),
    ],
)
def test_what_is_no_number_is_refused_in_its_own_words(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        stated_number(text)
    (said,) = caught.value.diagnostics
    assert (said.code, said.message) == ("unreadable-number", message)


def test_an_error_names_the_option_and_a_spelling_that_is_read() -> None:
    with pytest.raises(InputError) as caught:
        stated_number("4,1G", "--peak")
    (said,) = caught.value.diagnostics
    assert said.message == "--peak: `4,1G` has a comma or `_` that does not group three digits"
    assert said.help == "write a point: 4.1G"
    assert stated_number("4.1G").value == 4_100_000_000


@pytest.mark.parametrize(
    ("text", "count"),
    [("8000000000B", 8 * 10**9), ("1B", 1), ("8G", 8 * 10**9), ("24 GiB", 24 * 2**30), ("1PB", 10**15)],
)
def test_memory_is_stated_in_bytes_or_with_a_prefix(text: str, count: int) -> None:
    assert stated_bytes(text, "--within") == count


@pytest.mark.parametrize("text", ["8000000", "8", "0", "nan", "8 GMACs", "8GB/s", "0B", "1e400GB", ".5"])
def test_the_help_about_memory_is_a_memory_that_is_read(text: str) -> None:
    with pytest.raises(InputError) as caught:
        stated_bytes(text, "--within")
    advice = caught.value.diagnostics[0].help
    assert stated_bytes(advice.rpartition("--within ")[2], "--within") > 0


def test_python_reads_its_own_spelling_in_the_help() -> None:
    with pytest.raises(InputError) as caught:
        stated_bytes("8", "within")
    assert caught.value.diagnostics[0].help == 'write the unit, for example within="8GB"'
