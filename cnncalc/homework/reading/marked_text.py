"""Signs that change what a text means: struck out, raised, or set as a formula, in HTML, Markdown and LaTeX.

Every kind of document writes a power as `10^5` and leaves a mark where something was struck out, so that one place
removes it and says so.  Time grows with the length of the text alone.
"""

from __future__ import annotations

import re

STRUCK = "~~-~~"
"""Stands for what was struck out, until `without_struck` takes it away."""

NOT_READ = "what is struck out is not read"

_STRUCK = re.compile(r"~~(?!~)[^~\n]{1,400}~~|(?:[^\s]\u0336)+")
_POWER = re.compile(r"\s*[-−+]?[0-9]{1,4}\s*")
_TAG = re.compile(r"<(sup|s|del|strike)\b[^<>]{0,200}>([^<>\n]{0,400})</\1\s*>", re.IGNORECASE)
_MATH = re.compile(r"\\\(([^\n\\]{0,200}(?:\\(?![()])[^\n\\]{0,200}){0,20})\\\)")


def raised(text: str) -> str:
    """A superscript as a power, where it is a number.

    >>> raised("5"), raised("st")
    ('^5', 'st')
    """
    return f"^{text.strip()}" if _POWER.fullmatch(text) else text


def plainly_marked(text: str) -> str:
    r"""A text that is no web page, with HTML's tags of this kind as signs and without LaTeX's brackets.

    >>> plainly_marked(r"<del>600</del> 3.2*10<sup>5</sup> \(14\)")
    '~~-~~ 3.2*10^5 14'
    """
    if "</" in text:
        text = _TAG.sub(lambda tag: raised(tag[2]) if tag[1].lower() == "sup" else STRUCK, text)
    return _MATH.sub(r"\1", text) if "\\(" in text else text


def without_struck(line: str) -> str:
    """A line without what is struck out in it."""
    return _STRUCK.sub(" ", line) if "~~" in line or "\u0336" in line else line
