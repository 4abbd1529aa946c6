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


def call_lines(head: str, arguments: Sequence[str], tail: str, indent: int) -> list[str]:
    """`head(arguments)tail` at an indent: on one line, with the arguments on a line of their own, or one a line."""
    space, deeper = " " * indent, " " * (indent + 4)
    whole = f"{space}{head}({', '.join(arguments)}){tail}"
    if len(whole) <= LONGEST or not arguments:
        return [whole]
    inside = f"{deeper}{', '.join(arguments)}"
    if len(inside) <= LONGEST:
        return [f"{space}{head}(", inside, f"{space}){tail}"]
    return [f"{space}{head}(", *(f"{deeper}{one}," for one in arguments), f"{space}){tail}"]
