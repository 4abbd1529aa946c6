"""Whatever is typed, every question has an answer: on texts with every fault there is, and with any letters changed."""

from __future__ import annotations

import gc
import time
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.diagnostics import Source
from cnncalc.editor.canonical_text import Edit, canonical_edits
from cnncalc.editor.edited_text import Change, changed
from cnncalc.editor.hints import EVERY, hints
from cnncalc.editor.hovers import hover_at
from cnncalc.editor.operand_help import operand_help
from cnncalc.editor.outline_of_text import folds, symbols
from cnncalc.editor.positions import Position, Range, whole_of
from cnncalc.editor.problems import problems
from cnncalc.editor.proposed_words import proposed_words
from cnncalc.editor.quick_fixes import quick_fixes, spellings
from cnncalc.editor.renaming import renamed
from cnncalc.editor.state import State, state_of
from cnncalc.graph.formatting import formatted
from cnncalc.net_files import unspelled
from cnncalc.spec.parsing import parse

TESTS = Path(__file__).parents[1]


def texts() -> dict[str, str]:
    """Every text with a fault that the other tests have."""
    found = {}
    for name in (TESTS / "graph" / "slips.txt", TESTS / "spec" / "faults.txt"):
        for case in name.read_text(encoding="utf-8").split("\n=== ")[1:]:
            claim, _, rest = case.partition("\n")
            found[claim] = rest.partition("\n--- output\n")[0]
    for part in ("spec", "graph", "layers", "analysis"):
        for code, entry in import_module(f"cnncalc.diagnostics.catalogue_{part}").ENTRIES.items():
            if len(entry.example) < 2000:
                found[code] = entry.example
    return found


TEXTS = texts()


def state(text: str) -> State:
    return state_of(Source("net.txt", text))


def answered(found: State, positions: list[Position]) -> None:
    """Asks everything."""
    shown = problems(found, "right")
    whole = whole_of(found.lines)
    for one in shown:
        assert whole.start <= one.range.start <= one.range.end <= whole.end, one
    assert all(0 <= one.position.line < len(found.lines) for one in hints(found, 0, len(found.lines), EVERY))
    symbols(found)
    folds(found.lines)
    canonical_edits(found.source)
    quick_fixes(found, shown, whole)
    spellings(found, whole)
    for place in positions:
        line = found.lines[place.line] if place.line < len(found.lines) else ""
        hover_at(found, place)
        proposed_words(found, place.line + 1, line[: place.character])
        operand_help(found, line[: place.character])


@pytest.mark.parametrize("claim", TEXTS)
def test_every_question_about_a_text_with_a_fault_has_an_answer(claim: str) -> None:
    found = state(TEXTS[claim])
    places = [Position(n, c) for n, line in enumerate(found.lines[:8]) for c in range(0, min(len(line), 40) + 1, 3)]
    answered(found, places[:40])
    for place in places[:3]:
        renamed(found, place.line + 1, place.character + 1, "other")


def after(text: str, edits: tuple[Edit, ...]) -> str:
    """A text with edits made, the last first."""
    return changed(text, [Change(one.text, one.range) for one in sorted(edits, reverse=True)])


@pytest.mark.parametrize("claim", TEXTS)
def test_a_quick_fix_is_the_fix_and_the_spelling_that_of_fmt(claim: str) -> None:
    text = TEXTS[claim]
    found = state(text)
    for action in quick_fixes(found, problems(found), whole_of(found.lines)):
        assert action.solves is not None
        assert action.solves.diagnostic is not None
        made = after(text, action.edits)
        assert made in {fix.applied(text) for fix in action.solves.diagnostic.fixes}
        assert len(action.title) <= 90
    document, faults = parse(found.source)
    edits = canonical_edits(found.source)
    assert after(text, edits) == (text if faults or unspelled(document) else formatted(document))


def test_many_quick_fixes_were_tried() -> None:
    tried = [quick_fixes(found, problems(found), whole_of(found.lines)) for found in map(state, TEXTS.values())]
    assert sum(map(len, tried)) > 100


START = """\
title "é 😀"
block b w act=relu
  x: conv $w 3x3 same $act
  add x
end
input 8x8x2
a: b 2
b 4 times 2 => 8x8x4 params 99
concat a
"""
LETTERS = 'abx $={}[]()"#:;,.0159\n\t×😀é->\\%'


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(0, 6), st.text(LETTERS, max_size=4)), max_size=6
    )
)
def test_any_letters_may_change(edits: list[tuple[int, int, int, str]]) -> None:
    text = START
    for line, column, length, new in edits:
        place = Range(Position(line, column), Position(line, column + length))
        text = changed(text, [Change(new, place)])
    answered(state(text), [Position(line, column) for line, column, _, _ in edits])


@pytest.mark.parametrize(
    "text",
    [
        "input 8x8x1\n" + "repeat 1000\n" * 40 + "relu\n" + "end\n" * 40,
        "block a\n" + "  a\n" * 5000 + "end\ninput 8x8x1\na\n",
        "input 8x8x1\n" + "".join(f"block b{n}\n b{n + 1}\n b{n + 1}\nend\n" for n in range(40)) + "b0\n",
        "input 8x8x1\n" + "split\nbranch\n" * 3000,
        "input 8x8x1\nconv " + "9" * 15000 + " 3x3\n",
        "input 8x8x1\n" + "$" * 10000 + "\n",
        "input 8x8x1\nconv 4 3x3 => " + "params 3 " * 1500 + "\n",
        "a: " * 5000,
        "\ud800".encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") * 1000,
    ],
    ids=range(9),
)
def test_a_hostile_text_is_answered_within_seconds(text: str) -> None:
    begun = time.process_time()
    answered(state(text), [Position(1, 3), Position(0, 5000)])
    assert time.process_time() - begun < 10


def test_a_fault_has_its_place_in_units_of_utf_16() -> None:
    found = problems(state('title "😀"\ninput 8x8x1\nx: conv 3 3x3 from 😀 relu\n'))
    assert [(one.code, one.range) for one in found if one.severity == "error"] == [
        ("unknown-label", Range(Position(2, 19), Position(2, 21)))
    ]


def test_nothing_of_a_text_that_was_read_stays_in_memory() -> None:
    """An editor's server reads a text thousands of times, and garbage is not collected by itself."""
    source = Source("net.txt", START)
    state_of(source)
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            state_of(source)
        assert gc.collect() == 0
    finally:
        gc.enable()
