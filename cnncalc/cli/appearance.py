"""How wide a stream is and whether it is coloured: what was asked for, and who wins where several say something.

Colours: `--color` over FORCE_COLOR and CLICOLOR_FORCE over NO_COLOR over the stream itself, which is coloured when it
is a terminal that is not dumb.  Width: `--width` over COLUMNS over the terminal.  A pipe or a file has no width, and
nothing is wrapped there, unless colours are asked for through a pipe: then somebody reads on the terminal behind it
(`| less -R`), whose width standard error knows.
"""

from __future__ import annotations

import os
import stat
import sys
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TextIO

NARROWEST = 20
"""Columns; no report is drawn for fewer."""

UNKNOWN = 80
"""Columns of a terminal that does not say how wide it is."""


class Color(StrEnum):
    """When there are colours: on a terminal, everywhere, or nowhere."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Appearance(NamedTuple):
    """What the options ask for; None is what was not asked."""

    color: Color | None = None
    width: int | None = None


_HANDLES = {1: -11, 2: -12}
"""STD_OUTPUT_HANDLE and STD_ERROR_HANDLE of Windows, by the number of the stream."""

_VIRTUAL_TERMINAL = 0x0004
"""ENABLE_VIRTUAL_TERMINAL_PROCESSING of the Windows console."""

_FEW_COLOURS = ("", "ansi", "cygwin", "dumb", "linux", "vt100", "vt220", "xterm-16color", "xterm-color")

NOTHING_ASKED = Appearance()
_asked: ContextVar[Appearance] = ContextVar("asked")


def forget() -> None:
    """Nothing is asked for: so every command begins."""
    _asked.set(NOTHING_ASKED)


def ask(color: Color | None = None, width: int | None = None) -> None:
    """From now on output looks like this; None leaves what was asked before."""
    before = _asked.get(NOTHING_ASKED)
    _asked.set(Appearance(color or before.color, width or before.width))


def is_coloured(stream: TextIO) -> bool:
    """Whether colours go to the stream."""
    color = _asked.get(NOTHING_ASKED).color or Color.AUTO
    if color is not Color.AUTO:
        return color is Color.ALWAYS
    if _is_forced():
        return True
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return _reads_codes(stream)


def has_256_colours() -> bool:
    """Whether the terminal has the 256 colours that nearly all have: not one that only knows the first 8 or 16."""
    term = os.environ.get("TERM", "")
    modern = os.environ.get("COLORTERM") or os.environ.get("WT_SESSION")
    return "256" in term or bool(modern) or term not in _FEW_COLOURS


def has_24_bit_colours() -> bool:
    """Whether the terminal says that it has every colour."""
    return os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")


def is_kitty() -> bool:
    """Whether the terminal is kitty, which shows pictures; behind tmux or screen it is not reached."""
    term = os.environ.get("TERM", "")
    between = os.environ.get("TMUX") or term.startswith(("tmux", "screen"))
    return not between and ("kitty" in term or bool(os.environ.get("KITTY_WINDOW_ID")))


def width_of(stream: TextIO) -> int | None:
    """The columns of the stream; None where nothing is wrapped."""
    asked = _asked.get(NOTHING_ASKED).width
    if asked is not None:
        return asked
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(NARROWEST, int(columns))
    if stream.isatty():
        return _terminal_width(stream) or UNKNOWN
    is_read_in_colour = is_coloured(stream) and _is_pipe(stream) and sys.stderr.isatty()
    return _terminal_width(sys.stderr) if is_read_in_colour else None


@cache
def _reads_codes(stream: TextIO) -> bool:
    """Whether the terminal understands the codes of colours: an old console of Windows must be asked to, once."""
    if os.name != "nt":
        return True
    import ctypes

    kernel, mode = ctypes.cdll.kernel32, ctypes.c_ulong()
    kernel.GetStdHandle.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.GetStdHandle(_HANDLES.get(stream.fileno(), _HANDLES[1])))
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return True
    return bool(kernel.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL))


def _is_forced() -> bool:
    return any(os.environ.get(name, "") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))


def _terminal_width(stream: TextIO) -> int | None:
    try:
        return max(NARROWEST, os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        return None


def _is_pipe(stream: TextIO) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False
