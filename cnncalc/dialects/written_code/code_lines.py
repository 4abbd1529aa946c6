"""Lines of a program as black lays them out: calls that are too long for a line are folded at their arguments."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.dialects.written_code.pieces import Argument, Expression, Made, Plain, Value

LONGEST = 88
"""Characters of a line, as black has them."""


def value_code(value: Value) -> str:
    """A value as Python writes it, on one line; a text as black quotes it."""
    if isinstance(value, (Plain, Expression)):
        return value.text
    if isinstance(value, Made):
        return f"{value.callee}({', '.join(argument_code(one) for one in value.arguments)})"
    if isinstance(value, tuple):
        return f"({', '.join(map(value_code, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, str):
        return text_code(value)
    return repr(value)


def text_code(text: str) -> str:
    """A text in quotes, whatever characters are in it."""
    shown = repr(text)
    return shown if '"' in text or shown[0] == '"' else f'"{shown[1:-1]}"'.replace("\\'", "'")


def argument_code(one: Argument) -> str:
    """An argument on one line."""
    return f"{one.keyword}={value_code(one.value)}" if one.keyword else value_code(one.value)


def call_lines(head: str, arguments: Sequence[str], tail: str, indent: int, brackets: str = "()") -> list[str]:
    """`head(arguments)tail` at an indent: on one line, with the arguments on a line of their own, or one a line."""
    space, deeper, first, last = " " * indent, " " * (indent + 4), brackets[0], brackets[1]
    whole = f"{space}{head}{first}{', '.join(arguments)}{last}{tail}"
    if len(whole) <= LONGEST or not arguments:
        return [whole]
    called = f"{head}{first}{', '.join(arguments)}{last}"
    if (
        tail.startswith("(") and len(f"{space}{called}(") <= LONGEST
    ):  # black folds the last brackets that leave it short
        return call_lines(called, _arguments_in(tail[1:-1]), "", indent)
    inside = f"{deeper}{', '.join(arguments)}"
    if len(inside) <= LONGEST:
        return [f"{space}{head}{first}", inside, f"{space}{last}{tail}"]
    each = (line for one in arguments for line in expression_lines(one, ",", indent + 4))
    return [f"{space}{head}{first}", *each, f"{space}{last}{tail}"]


def expression_lines(code: str, tail: str, indent: int) -> list[str]:
    """An expression at an indent; one that is too long for a line is folded at its last brackets."""
    line = f"{' ' * indent}{code}{tail}"
    opened = _opening(code)
    if len(line) <= LONGEST or opened < 0:
        return [line]
    return call_lines(code[:opened], _arguments_in(code[opened + 1 : -1]), tail, indent, code[opened] + code[-1])


def _opening(code: str) -> int:
    """Where the bracket opens that the last character closes; -1 where there is none."""
    depth = 0
    for place in range(len(code) - 1, -1, -1):
        depth += {")": 1, "]": 1, "}": 1, "(": -1, "[": -1, "{": -1}.get(code[place], 0)
        if depth == 0:
            return place if place < len(code) - 1 else -1
    return -1


def _arguments_in(inside: str) -> list[str]:
    """What stands between commas that are in no brackets and no text."""
    found, depth, first, quote = [], 0, 0, ""
    for place, letter in enumerate(inside):
        if letter in "\"'" and (not quote or quote == letter):
            quote = "" if quote else letter
        depth += 0 if quote else {")": -1, "]": -1, "(": 1, "[": 1}.get(letter, 0)
        if letter == "," and depth == 0 and not quote:
            found.append(inside[first:place].strip())
            first = place + 1
    return [one for one in (*found, inside[first:].strip()) if one]
