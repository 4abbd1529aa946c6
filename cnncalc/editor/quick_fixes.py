"""What an editor offers to do: the ways out that `help` names, and the canonical spelling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.diagnostics import Fix
from cnncalc.diagnostics.letters import printable
from cnncalc.editor.canonical_text import Edit, canonical_edits
from cnncalc.editor.positions import Range, range_of
from cnncalc.editor.problems import Problem
from cnncalc.editor.state import State
from cnncalc.layers.registry import WORDS
from cnncalc.spec.statements import STRUCTURAL

LONGEST_TITLE = 60
"""Letters of a change that its title shows."""


class Action(NamedTuple):
    """Something that can be done; `solves` is the problem that it ends, None for a matter of spelling.

    `is_only_way`: its problem has no other one.
    """

    title: str
    edits: tuple[Edit, ...]
    solves: Problem | None = None
    whole_text: bool = False
    is_only_way: bool = False


def quick_fixes(state: State, found: Iterable[Problem], place: Range) -> tuple[Action, ...]:
    """The fixes of the problems that a range touches."""
    touched = (one for one in found if one.range.start <= place.end and place.start <= one.range.end)
    return tuple(
        Action(
            _title(state, fix),
            (Edit(range_of(state.lines, fix.span), fix.text),),
            one,
            is_only_way=len(one.diagnostic.fixes) == 1 and not fix.text.startswith("\n"),
        )
        for one in touched
        if one.diagnostic is not None
        for fix in one.diagnostic.fixes
        if fix.span.line <= len(state.lines) and _begins_a_line(state, fix)
    )


def _begins_a_line(state: State, fix: Fix) -> bool:
    """Whether what a fix puts on a line of its own can begin one: a layer, a block, a word of the language."""
    words = fix.text.split() if fix.text.startswith("\n") else []
    known = {one.name.lower() for one in state.named if one.kind == "block"} | {"include"}
    return not words or words[0].lower() in known or words[0].lower() in WORDS or words[0].lower() in STRUCTURAL


def spellings(state: State, place: Range) -> tuple[Action, ...]:
    """The canonical spelling of the lines of a range, and of the whole text."""
    edits = canonical_edits(state.source)
    if not edits:
        return ()
    here = tuple(one for one in edits if place.start.line <= one.range.start.line <= place.end.line)
    here = tuple(one for one in here if one.range.start.line == one.range.end.line and "\n" not in one.text)
    one_line = (Action("Write this line in canonical spelling", here),) if here and len(here) < len(edits) else ()
    return (*one_line, Action("Write the text in canonical spelling", edits, whole_text=True))


def _title(state: State, fix: Fix) -> str:
    """`Write "conv"`, `Take "stride" out`, `Put "relu" on the next line`."""
    line = state.lines[fix.span.line - 1]
    old = line[fix.span.column - 1 : fix.span.column - 1 + fix.span.length].strip()
    if not fix.text.strip():
        return f"Take `{_cut(old)}` out"
    if fix.text.startswith("\n"):
        return f"Write `{_cut(fix.text.strip())}` on a line of its own"
    return f"Write `{_cut(fix.text)}`"


def _cut(text: str) -> str:
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= LONGEST_TITLE else f"{shown[: LONGEST_TITLE - 3]}..."
