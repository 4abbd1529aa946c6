"""How numbers are written: what is small still shows, and lists end where they are said to end."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics.places import MOST_LINES_NAMED
from cnncalc.report.answer_marks import NO_ANSWERS
from cnncalc.report.foot import foot
from cnncalc.report.notation import bar, percentage

from .nets import analysis_of_text


@pytest.mark.parametrize(
    ("part", "whole", "drawn"),
    [(0, 9, ""), (1, 10**9, "▏"), (1, 64, "▏"), (1, 8, "▌"), (1, 2, "██"), (9, 9, "████")],
)
def test_a_share_above_nothing_always_shows_and_eighths_are_counted(part, whole, drawn):
    assert bar(part, whole, 4, ascii_only=False) == drawn


def test_in_ascii_a_small_share_is_one_sign():
    assert [bar(part, 100, 4, ascii_only=True) for part in (0, 1, 50, 100)] == ["", "#", "##", "####"]


def test_a_share_of_nothing_is_not_written():
    assert (percentage(0, 5), percentage(1, 4)) == ("", "25.0%")


@pytest.mark.parametrize(("count", "ending"), [(2, "lines 3 and 4"), (8, "9 and 10"), (9, "9, 10 ... (9 lines)")])
def test_a_warning_names_eight_lines_before_it_counts_them(count, ending):
    assert MOST_LINES_NAMED == 8
    text = "input 4096x4096x1\nconv 1 3x3 stride=2 padding=1\n" + "conv 1 3x3 stride=2 same\n" * count
    facts = foot(analysis_of_text(text), NO_ANSWERS, "channels_last")
    (warning,) = (fact.text for fact in facts if "[lopsided-padding]" in fact.text)
    assert warning.partition(":")[0].endswith(ending)
