"""A diagnostic fits the terminal: words are wrapped, the source's line is cut around the guilty word."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.rendering import rendered, rendered_lines
from cnncalc.diagnostics.wrapping import cells
from tests.time_limits import allowed

LONG = "input 224x224x3 " + " ".join(f"word{n}" for n in range(40))
FAULT = Diagnostic(
    "kernel-too-large",
    "a 5x5 kernel does not fit a 3x3 input",
    Span(1, LONG.index("word20") + 1, 6),
    label="the input here is 3x3x16",
    notes=("height = floor((3 + 0 - 5) / 1) + 1 = -1",),
    help="use `same` padding or a smaller kernel",
)
PATH = "a/long/path/to/the/homework/of/somebody/lenet.txt"


def test_at_40_columns_nothing_wraps_but_the_path_which_is_whole() -> None:
    assert rendered(FAULT, Source(PATH, LONG), 40).split("\n") == [
        "error[kernel-too-large]: a 5x5 kernel",
        "  does not fit a 3x3 input",
        f"   --> {PATH}:1:147",
        "   |",
        " 1 | ... ord18 word19 word20 word21  ...",
        "   |                  ^^^^^^",
        "   |            the input here is 3x3x16",
        "   |",
        "   = note: height = floor((3 + 0 - 5) /",
        "           1) + 1 = -1",
        "   = help: use `same` padding or a",
        "           smaller kernel",
    ]


@pytest.mark.parametrize("place", [1, 147, len(LONG) - 5, len(LONG) + 1])
@pytest.mark.parametrize("letters", ["", "畳み込み", "e\u0301"])
@pytest.mark.parametrize("width", [*range(30, 60), 80, 100, 120, 200])
def test_every_line_fits_and_the_carets_are_under_the_guilty_word(place: int, letters: str, width: int) -> None:
    line = LONG[: place - 1] + "guilty" + letters + LONG[place + 5 :]
    fault = Diagnostic("a-code", FAULT.message, Span(1, place, 6), FAULT.label, FAULT.notes, FAULT.help)
    shown = rendered(fault, Source("net.txt", line), width).split("\n")
    assert [text for text in shown if cells(text) > width] == []
    source = next(text for text in shown if text.startswith(" 1 | "))
    carets = shown[shown.index(source) + 1]
    before = source.index("guilty")
    assert cells(source[:before]) == carets.index("^")
    assert carets.count("^") == 6


@given(st.text(max_size=300), st.integers(1, 320), st.integers(1, 40), st.integers(20, 200))
def test_any_source_line_is_cut_to_the_width(text: str, column: int, length: int, width: int) -> None:
    line = text.replace("\n", " ")
    lines = list(rendered_lines(Diagnostic("a-code", "m", Span(1, column, length), "l"), Source("s", line), width))
    assert all(cells("".join(piece.text for piece in line)) <= max(width, 22) for line in lines)


def test_without_a_width_words_are_not_wrapped() -> None:
    shown = rendered(FAULT, Source(PATH, LONG)).split("\n")
    assert shown[0] == "error[kernel-too-large]: a 5x5 kernel does not fit a 3x3 input"
    assert shown[-1] == "   = help: use `same` padding or a smaller kernel"


@pytest.mark.parametrize("line", ["x" * 10**6, "e" + "\u0301" * 10**6, "畳" * 10**6])
def test_a_line_of_a_million_letters_is_cut_at_once(line: str) -> None:
    begun = process_time()
    for column in (1, 500_000, 10**6):
        rendered(Diagnostic("a-code", "m", Span(1, column, 10**6)), Source("s", line), 80)
    assert process_time() - begun < allowed(2)
