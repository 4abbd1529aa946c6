"""What is typed reaches the text: columns in units of UTF-16, all line ends, ranges that do not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import Span
from cnncalc.editor.edited_text import Change, changed, plain_lines
from cnncalc.editor.positions import Position, Range, column_at, end_of, index_at, range_of, units


def at(line: int, start: int, end: int, last: int | None = None) -> Range:
    return Range(Position(line, start), Position(line if last is None else last, end))


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ("conv 6\n", Change("1", at(0, 5, 5)), "conv 16\n"),
        ("a😀b\n", Change("X", at(0, 3, 4)), "a😀X\n"),  # the emoji takes two units
        ("é×b\n", Change("X", at(0, 2, 3)), "é×X\n"),  # these take one
        ("a\nb\nc\n", Change("", at(0, 1, 1, 1)), "a\nc\n"),
        ("a\nb", Change("\r\nc", at(1, 1, 1)), "a\nb\nc"),
        ("a", Change("b\rc\r\nd"), "b\nc\nd"),
        ("a\n", Change("b", at(9, 9, 9)), "a\nb"),  # beyond the end is the end
        ("a\n", Change("b", at(0, 99, 99)), "ab\n"),
        ("a\x0bb\u2028c\nd\n", Change("X", at(1, 0, 1)), "a\x0bb\u2028c\nX\n"),  # neither of these ends a line
    ],
)
def test_a_change_is_made_where_it_is_meant(text: str, change: Change, wanted: str) -> None:
    assert changed(text, [change]) == wanted


def test_changes_follow_each_other() -> None:
    typed = [Change(letter, at(0, index, index)) for index, letter in enumerate("conv 6")]
    assert changed("", typed) == "conv 6"


def test_a_byte_order_mark_and_line_ends_are_no_part_of_the_text() -> None:
    assert plain_lines("\ufeffa\r\nb\rc\n") == "a\nb\nc\n"


def test_spans_and_positions_meet() -> None:
    lines = ("title 😀", "conv 6  ")
    assert range_of(lines, Span(1, 7, 1)) == at(0, 6, 8)
    assert range_of(lines, Span(2, 6, 99)) == at(1, 5, 8)
    assert column_at(lines, Position(0, 8)) == 8
    assert end_of(lines, 2) == Position(1, 6)
    assert range_of(lines, Span(7, 1, 1)) == at(6, 0, 0)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.integers(0, 40))
def test_columns_are_those_of_utf_16(text: str, index: int) -> None:
    line = text.replace("\n", "").replace("\r", "")
    before = line[:index]
    assert units(before) == len(before.encode("utf-16-le")) // 2
    assert index_at(line, units(before)) == len(before)
