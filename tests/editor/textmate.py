"""A TextMate tokenizer in a page: what VS Code's makes of a grammar, for the rules that ours uses.

Compared by hand with VS Code's own (the packages vscode-textmate and vscode-oniguruma): equal on every text that ships.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

Rule = dict[str, Any]


class Piece(NamedTuple):
    """A part of a line and its scopes, the outermost first, without the language's own at their ends."""

    text: str
    scopes: tuple[str, ...]


def tokenized(grammar: Rule, text: str) -> Iterator[list[Piece]]:
    """The pieces of each line; those of spaces alone are left out."""
    open_rules: list[Rule] = []
    for line in text.split("\n"):
        scopes: list[tuple[str, ...]] = [()] * (len(line) + 1)
        position = 0
        while position <= len(line):
            found = _next(grammar, open_rules, line, position)
            inside = tuple(rule["name"] for rule in open_rules)
            if found is None:
                scopes[position:] = [inside] * (len(scopes) - position)
                break
            match, rule, ends = found
            scopes[position : match.start()] = [inside] * (match.start() - position)
            name = (rule["name"],) if "name" in rule else ()
            kind = "endCaptures" if ends else "beginCaptures" if "begin" in rule else "captures"
            outer = inside if ends else (*inside, *name)
            scopes[match.start() : match.end()] = [outer] * len(match[0])
            for group, capture in rule.get(kind, {}).items():
                start, end = match.span(int(group))
                if start >= 0 and "name" in capture:
                    scopes[start:end] = [(*outer, capture["name"])] * (end - start)
            if ends:
                open_rules.pop()
            elif "begin" in rule:
                open_rules.append(rule)
            elif match.end() == position:
                raise AssertionError(f"a rule matches nothing: {rule}")
            position = match.end() if ends or match.end() > position else position + 1
        yield _pieces(line, scopes)


def _next(grammar: Rule, open_rules: list[Rule], line: str, position: int) -> tuple[re.Match[str], Rule, bool] | None:
    """The first match from here on; of several at one place the end of the open rule, then the rule written first."""
    best: tuple[re.Match[str], Rule, bool] | None = None
    if open_rules and (end := _compiled(open_rules[-1]["end"]).search(line, position)):
        best = end, open_rules[-1], True
    for rule in _flat(grammar, (open_rules[-1] if open_rules else grammar)["patterns"]):
        match = _compiled(rule.get("match") or rule["begin"]).search(line, position)
        if match and (best is None or match.start() < best[0].start()):
            best = match, rule, False
    return best


def _flat(grammar: Rule, patterns: list[Rule]) -> Iterator[Rule]:
    for one in patterns:
        rule = grammar["repository"][one["include"][1:]] if "include" in one else one
        if "match" in rule or "begin" in rule:
            yield rule
        else:
            yield from _flat(grammar, rule["patterns"])


@lru_cache(1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _pieces(line: str, scopes: list[tuple[str, ...]]) -> list[Piece]:
    found: list[Piece] = []
    start = 0
    for at in range(1, len(line) + 1):
        if at == len(line) or scopes[at] != scopes[start]:
            text, inner = line[start:at], tuple(scope.removesuffix(".cnncalc") for scope in scopes[start])
            if text.strip():
                found.append(Piece(text.strip(), inner))
            start = at
    return found
