"""What is said of a net, as the docstring of its program: no line is longer than others, and nothing in it is code."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from cnncalc.dialects.written_code.code_lines import LONGEST

QUOTES = '"""'


def docstring(title: str, facts: Sequence[str] = (), indent: int = 0) -> list[str]:
    """The title as a sentence, then the facts, each on lines of its own."""
    room = LONGEST - indent
    title = _plain(title)
    heading = _wrapped(title if title.endswith((".", "!", "?")) else f"{title}.", room - 2 * len(QUOTES))
    more = [line for fact in facts for line in _wrapped(_plain(fact), room)]
    heading[0] = QUOTES + heading[0]
    if more:
        lines = [*heading, "", *more, QUOTES]
    elif len(heading) > 1:
        lines = [*heading, QUOTES]
    else:
        lines = [heading[0] + QUOTES]
    return [f"{' ' * indent}{line}".rstrip() for line in lines]


def _wrapped(text: str, width: int) -> list[str]:
    """Backslashes are doubled after that, so that none of them is parted from its second."""
    return [line.replace("\\", "\\\\") for line in textwrap.wrap(text, width)]


def _plain(text: str) -> str:
    """A stranger's text in one line, with no quotes that would end it."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(shown.replace('"', "'").split())
