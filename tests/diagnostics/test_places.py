"""A text put together of files and cells shows each line where its user finds it."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Diagnostic, Part, Source, Span
from cnncalc.diagnostics.places import brief_place, line_at, lines_in_words
from cnncalc.diagnostics.rendering import rendered

PROGRAM = Source(
    "net.py",
    "import blocks\n\nnet = blocks.Net()\nimport torch\nclass Net:\n    pass",
    entry="net",
    parts=(Part(1, "net.py"), Part(4, "blocks.py")),
)
NOTEBOOK = Source("net.ipynb", "a = 1\nb = 2\nc = 3\nd = 4", parts=(Part(1, "net.ipynb", 1), Part(3, "net.ipynb", 7)))
FAULT = Diagnostic("unknown-value", "this is not known", Span(5, 7, 3), trail=(Span(3, 7), Span(6, 5)))


def test_a_fault_in_a_file_beside_names_that_file_and_its_own_line() -> None:
    assert rendered(FAULT, PROGRAM).split("\n") == [
        "error[unknown-value]: this is not known",
        "   --> blocks.py:2:7",
        "   |",
        " 2 | class Net:",
        "   |       ^^^",
        "   |",
        "   = note: reached from line 3 of net.py",
        "   = note: reached from line 3 of blocks.py",
    ]


def test_a_fault_in_a_notebook_names_the_cell_and_the_line_in_it() -> None:
    fault = Diagnostic("unknown-value", "this is not known", Span(4, 5), trail=(Span(1, 1),))
    assert rendered(fault, NOTEBOOK).split("\n") == [
        "error[unknown-value]: this is not known",
        "   --> net.ipynb cell 7:2:5",
        "   |",
        " 2 | d = 4",
        "   |     ^",
        "   |",
        "   = note: reached from line 1 of cell 1",
    ]


def test_lines_of_a_text_without_parts_are_its_own() -> None:
    assert Source("net.txt", "input 3\n").place(2).head == "net.txt:2"
    assert Source("net.txt", "input 3\n").line_words(2) == "line 2"


def test_each_line_belongs_to_the_last_part_that_has_begun() -> None:
    assert [PROGRAM.place(line).head for line in (1, 3, 4, 6)] == ["net.py:1", "net.py:3", "blocks.py:1", "blocks.py:3"]
    assert [NOTEBOOK.line_words(line) for line in (2, 3)] == ["line 2 of cell 1", "line 1 of cell 7"]


def test_lines_in_words_are_put_together_by_file_and_cell() -> None:
    assert lines_in_words(PROGRAM, [5, 1, 3, 3]) == "lines 1 and 3, line 2 of blocks.py"
    assert lines_in_words(NOTEBOOK, [1, 2, 4]) == "lines 1 and 2 of cell 1, line 2 of cell 7"
    assert lines_in_words(Source("net.txt", ""), range(1, 21)) == "lines 1, 2, 3, 4, 5, 6, 7, 8 ... (20 lines)"


def test_a_place_for_a_column_names_only_what_is_not_the_file_itself() -> None:
    assert [brief_place(PROGRAM, line) for line in (3, 5)] == ["3", "blocks.py:2"]
    assert brief_place(NOTEBOOK, 4) == "cell 7:2"


@pytest.mark.parametrize(
    ("source", "text", "line"),
    [
        (PROGRAM, "3", 3),
        (PROGRAM, "4", None),
        (PROGRAM, "blocks.py:2", 5),
        (PROGRAM, "blocks.py:4", None),
        (PROGRAM, "0", None),
        (NOTEBOOK, "7:2", 4),
        (NOTEBOOK, "cell 7:2", 4),
        (NOTEBOOK, "2", None),
        (NOTEBOOK, "3:1", None),
        (Source("net.txt", "a\nb"), "2", 2),
        (Source("net.txt", "a\nb"), "two", None),
        (Source("net.txt", "a\nb"), "9" * 30, None),
        (Source("net.txt", "a\nb"), "²", None),
    ],
)
def test_what_is_typed_for_a_line_is_that_line(source: Source, text: str, line: int | None) -> None:
    assert line_at(source, text) == line
