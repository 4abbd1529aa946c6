"""Where a diagnostic says "write `...`", writing it helps: the example of its code is then without a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.diagnostics.catalogue import PARTS
from cnncalc.graph import load_graph

MODEL_PARTS = ("spec", "graph", "layers", "analysis")

ELSEWHERE = {
    "unclosed-block": "block b\nconv 2 1x1\nend\ninput 4x4x1\nb",
    "unclosed-split": "input 4x4x1\nsplit\nbranch\nrelu\nbranch\njoin add",
    "unclosed-matrix": "filter f = [1 2\n3 4]\ninput 28x28x1",
    "missing-name": "input 28x28x1\na: relu\nconv 6 5x5 from a",
    "unexpected-else": "block b stride=1\n  if $stride == 1\n    relu\n  else\n    tanh\n  end\nend\ninput 28x28x1\nb",
    "unexpected-branch": "input 28x28x1\nsplit\nbranch\n  relu\nbranch\njoin add",
    "unexpected-join": "input 28x28x1\nsplit\nbranch\n  relu\nbranch\njoin add",
    "inexact-division": "block half\n  conv $in//2 1x1\nend\ninput 28x28x3\nhalf",
    "unknown-label": "input 28x28x1\nskip: relu\nconv 6 5x5 from skip",
    "shapes-differ": "input 8x8x4\na: conv 4 3x3\nconv 4 3x3 same\nadd a",
    "unread-result": "input 28x28x1\na: conv 8 3x3 same\nb: conv 8 5x5 same from a\nc: conv 8 1x1\nd: concat a b\n"
    "output c d",
    "dense-heavy": "input 28x28x1\nconv 32 3x3 relu\ngap\ndense 128\ndense 10",
}
"""What is to be written on another line than the guilty one: the whole example as the help has it."""


def diagnostics_of(text: str) -> list[Diagnostic]:
    """The faults of a text; of one without any, its warnings."""
    graph, faults = load_graph(Source("example.txt", text))
    return list(faults or analyse(graph).warnings)


def written() -> Iterator[tuple[str, str, Diagnostic, str]]:
    """(code, example, its diagnostic, what the help says to write)."""
    for part in PARTS:
        if part in MODEL_PARTS:
            for code, entry in import_module(f"cnncalc.diagnostics.catalogue_{part}").ENTRIES.items():
                for one in diagnostics_of(entry.example):
                    if one.code == code:
                        for fix in re.findall(r"\bwrite (?:for instance )?`([^`]+)`", one.help):
                            yield code, entry.example, one, fix


def rewritten(text: str, diagnostic: Diagnostic, fix: str) -> Iterator[str]:
    """The text with the fix in each place that a reader would try: for the guilty words, the line, or beside them."""
    assert diagnostic.span is not None
    lines = text.split("\n")
    at = diagnostic.span.line - 1
    line, start = lines[at], diagnostic.span.column - 1
    end = start + diagnostic.span.length
    first = re.match(r"\s*(?:\w+:\s*)?(\S+)", line)
    for new in (
        f"{line[:start]}{fix}{line[end:]}",
        fix,
        f"{line} {fix}",
        f"{line[:start]}{fix}",
        f"{line[: first.start(1)]}{fix}{line[first.end(1) :]}" if first else fix,
        f"{line}\n{fix}",
        f"{fix}\n{line}",
    ):
        yield "\n".join([*lines[:at], new, *lines[at + 1 :]])


CASES = list(dict.fromkeys((code, example, fix) for code, example, _, fix in written()))


@pytest.mark.parametrize(("code", "example", "fix"), CASES, ids=[f"{code}: {fix}" for code, _, fix in CASES])
def test_what_the_help_says_to_write_can_be_written(code: str, example: str, fix: str) -> None:
    if code in ELSEWHERE:
        assert [one for one in diagnostics_of(ELSEWHERE[code]) if one.severity == "error" or one.code == code] == []
        return
    found = next(one for other, text, one, words in written() if (other, text, words) == (code, example, fix))
    left = [diagnostics_of(text) for text in rewritten(example, found, fix)]
    assert any(all(one.code != code and one.severity != "error" for one in ones) for ones in left), found.help


def test_many_a_diagnostic_says_what_to_write() -> None:
    assert len(CASES) > 25


@pytest.mark.parametrize("code", ELSEWHERE)
def test_an_example_that_is_rewritten_by_hand_still_says_so(code: str) -> None:
    """Its help still says what to write, and that is in the text by hand."""
    fixes = [fix for other, _, _, fix in written() if other == code]
    assert fixes
    assert any(fix.split("`")[0].strip() in ELSEWHERE[code] for fix in fixes)
