"""How a stranger's words, numbers and pictures are put into a page: escaped, bounded, one function for each.

What a text, a label or a file's name says can neither end an element nor steer the page; letters that turn a line
about are replaced as everywhere else.  Nothing here knows a net.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import escape
from typing import Any

from cnncalc.diagnostics.letters import printable
from cnncalc.quantities import grouped, short

LONGEST_TEXT = 300
"""Letters of a line, a title or a name that a page shows."""

ROUNDED_FROM = 10_000
"""Smaller numbers are written out on narrow screens too."""


def shown(text: str) -> str:
    """A text in one line, letters that are not shown replaced, what is too long cut.

    >>> shown("a\\tb"), len(shown("x" * 10**5))
    ('a b', 300)
    """
    line = printable(text[: 2 * LONGEST_TEXT])
    return line if len(line) <= LONGEST_TEXT and len(text) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def words(text: str) -> str:
    """A text as HTML.

    >>> words("</script>&")
    '&lt;/script&gt;&amp;'
    """
    return escape(shown(text))


def with_times(text: str) -> str:
    """Sizes with the sign that books have.

    >>> with_times("28x28x6, pad 1")
    '28×28×6, pad 1'
    """
    return re.sub(r"(?<=\d)x(?=\d)", "×", text)


def with_code(html: str) -> str:
    """HTML in which words between backticks are set as code.

    >>> with_code("`flip` asks for it")
    '<code>flip</code> asks for it'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", html)


def number(value: int) -> str:
    """All digits for whoever reads or hears them, and few for narrow screens.

    >>> number(850)
    '850'
    >>> number(25557032)
    '<span class="full">25,557,032</span><span class="brief" aria-hidden="true">25.6 M</span>'
    """
    if value < ROUNDED_FROM:
        return grouped(value)
    brief = f'<span class="brief" aria-hidden="true">{short(value)}</span>'
    return f'<span class="full">{grouped(value)}</span>{brief}'


def data_uri(data: bytes, media: str) -> str:
    """A picture file as an address that asks nobody."""
    return f"data:image/{media};base64,{b64encode(data).decode()}"


def script_json(value: Any) -> str:
    """JSON that may stand in a script element, whatever texts are in it.

    >>> script_json("</script>")
    '"\\\\u003c/script>"'
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
