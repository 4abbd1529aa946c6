"""Words are wrapped between them and measured in a terminal's columns."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics.wrapping import cells, wrapped
from tests.time_limits import allowed

WORDS = st.lists(
    st.sampled_from(["a", "conv", "1,234,567,890", "224x224x64", "畳み込み", "e\u0301t\u00e9", "/tmp/a.txt"])
)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("conv", 4), ("畳み", 4), ("e\u0301", 1), ("ｆ", 2), ("ก\u0e31", 1), ("✓", 1), ("a\ufe0fb", 2), ("", 0)],
)
def test_a_text_takes_as_many_columns_as_a_terminal_gives_it(text: str, columns: int) -> None:
    """East Asian wide and full-width letters two (UAX 11), combining marks, with or without a class, none."""
    assert cells(text) == columns


@given(WORDS, st.integers(20, 60), st.integers(0, 6))
def test_wrapped_lines_fit_and_hold_every_word_whole(words: list[str], width: int, hang: int) -> None:
    text = " ".join(words)
    lines = wrapped(text, width, hang)
    assert all(cells(line) <= width for line in lines)
    assert all(line.startswith(" " * hang) for line in lines[1:])
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    kept = [word for line in lines for word in line.split()]
    assert all(word in kept for word in words if "畳" not in word)


def test_a_word_is_never_broken_though_it_is_too_wide() -> None:
    assert wrapped("in /a/long/path/to/model.txt at 12,345,678,901", 10) == [
        "in",
        "/a/long/path/to/model.txt",
        "at",
        "12,345,678,901",
    ]


def test_wide_letters_are_broken_anywhere_and_numbers_among_them_nowhere() -> None:
    assert wrapped("畳み込み層は1,234,567個", 12) == ["畳み込み層は", "1,234,567個"]


def test_without_a_width_nothing_is_broken() -> None:
    assert wrapped("a " * 500, None) == ["a " * 500]


def test_spaces_inside_a_line_are_kept_and_those_at_a_break_are_not() -> None:
    assert wrapped("0.5  class 3     cat and dog", 18, 2) == ["0.5  class 3", "  cat and dog"]


@pytest.mark.parametrize("text", ["畳" * 30_000, "a " * 30_000, "e\u0301 " * 30_000, "畳1 " * 30_000])
def test_long_texts_are_wrapped_in_time_that_grows_with_their_length(text: str) -> None:
    begun = process_time()
    wrapped(text, 80, 4)
    assert process_time() - begun < allowed(2)
