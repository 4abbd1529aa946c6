"""The colours of the reports, by meaning.  rich is imported only when something is really coloured."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

Style = Literal[
    "plain", "title", "heading", "block", "total", "name", "faint", "bar", "good", "bad", "warning", "error", "help"
]
Paint = Callable[[str, Style], str]

_STYLES: dict[Style, str] = {
    "title": "bold",
    "heading": "bold",
    "block": "cyan",
    "total": "bold",
    "name": "bold",
    "faint": "bright_black",
    "bar": "blue",
    "good": "green",
    "bad": "bold red",
    "warning": "yellow",
    "error": "bold red",
    "help": "green",
}


def no_paint(text: str, _style: Style) -> str:
    """The text as it is."""
    return text


def terminal_paint(text: str, style: Style) -> str:
    """The text in the colour of its style, for a terminal."""
    if style not in _STYLES or not text.strip():
        return text
    before, after = _codes(style)
    return f"{before}{text}{after}"


@cache
def _codes(style: Style) -> tuple[str, str]:
    from rich.color import ColorSystem  # noqa: PLC0415 (a pipe needs no colours, and rich costs start-up time)
    from rich.style import Style as RichStyle  # noqa: PLC0415

    sign = "\1"
    before, after = RichStyle.parse(_STYLES[style]).render(sign, color_system=ColorSystem.STANDARD).split(sign)
    return before, after
