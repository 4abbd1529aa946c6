"""Standard output and standard error: how wide they are, whether they show colours, and writing to them.

A terminal has a width and colours; a pipe or a file has neither, and nothing is wrapped there.  `appearance` knows what
else was asked for.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Literal, TextIO

from cnncalc.cli.appearance import has_24_bit_colours, has_256_colours, is_coloured, is_kitty, width_of
from cnncalc.cli.streams import discard
from cnncalc.diagnostics import Diagnostic, InputError, Source, input_error
from cnncalc.diagnostics.letters import printable, printable_lines
from cnncalc.diagnostics.rendering import Kind, rendered_lines
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.reading import Awaited
from cnncalc.report.canvas import Canvas
from cnncalc.report.paint import Paint, Style, no_paint, paint_of_16, paint_of_256


class ReaderGoneError(Exception):
    """Whoever read our output has closed it (`cnncalc summary vgg16 | head`)."""


def canvas(stream: TextIO | None = None) -> Canvas:
    """What a report is drawn on when it goes to standard output."""
    stream = stream or sys.stdout
    return Canvas(width_of(stream), _is_ascii(stream), paint(stream))


def paint(stream: TextIO) -> Paint:
    """The colours that a stream shows."""
    if not is_coloured(stream):
        return no_paint
    return paint_of_256 if has_256_colours() else paint_of_16


def picture_way() -> Literal["24-bit", "greys", "letters", "kitty"]:
    """How standard output shows a picture, by its environment alone: the terminal itself is never asked."""
    canvas_here = canvas()
    if canvas_here.ascii_only or not is_coloured(sys.stdout):
        return "letters"
    if sys.stdout.isatty() and is_kitty():
        return "kitty"
    if has_24_bit_colours():
        return "24-bit"
    return "greys" if has_256_colours() else "letters"


def write_pictures(text: str) -> None:
    """Writes commands of a graphics protocol to standard output: made here, and nothing of a stranger is in them."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as fault:
        raise unwritten(fault) from None


def write(text: str) -> None:
    """Writes to standard output; raises ReaderGoneError when nobody reads any more, InputError when it cannot be."""
    try:
        _emit(sys.stdout, text)
    except OSError as fault:
        raise unwritten(fault) from None


def write_data(text: str) -> None:
    """Writes what another program or an editor reads: a model, JSON, CSV.  In a pipe or a file it is always UTF-8."""
    stream = sys.stdout
    if stream.isatty() or not hasattr(stream, "buffer"):
        write(text)
        return
    try:
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        stream.buffer.flush()
    except OSError as fault:
        raise unwritten(fault) from None


def write_binary(content: bytes) -> None:
    """Writes a file that is no text to standard output, which is no terminal."""
    stream = sys.stdout
    try:
        stream.flush()
        stream.buffer.write(content)
        stream.buffer.flush()
    except OSError as fault:
        raise unwritten(fault) from None


def clear_screen() -> None:
    """Empties the terminal; in a pipe or a file a line is left out."""
    try:
        sys.stdout.write("\033[2J\033[H" if sys.stdout.isatty() else "\n")
        sys.stdout.flush()
    except OSError as fault:
        raise unwritten(fault) from None


def write_error(text: str) -> None:
    """Writes to standard error, wrapped on a terminal; where that is closed or full there is nobody left to tell."""
    width = width_of(sys.stderr)
    lines = (piece for line in text.split("\n") for piece in wrapped(line, width, _hang(line)))
    _write_last("\n".join(lines))


def _hang(line: str) -> int:
    """Two columns further in than the line begins."""
    return len(line) - len(line.lstrip(" ")) + 2


def _write_last(text: str) -> None:
    try:
        _emit(sys.stderr, text)
    except OSError:
        discard(sys.stderr)


def unwritten(fault: OSError) -> Exception:
    """What it means that standard output takes no more: its reader has gone, or it is full or closed."""
    discard(sys.stdout)
    if isinstance(fault, ConnectionError):
        return ReaderGoneError()
    reason = "it is closed" if fault.errno == errno.EBADF else (fault.strerror or str(fault)).lower()
    return input_error("cannot-write", f"standard output cannot be written: {reason}")


def say_waiting(name: str, awaited: Awaited) -> None:
    """Says on standard error what the program waits for."""
    ending = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
    if awaited == "terminal":
        write_error(f"reading from the terminal; end with {ending}, or stop with Ctrl-C\n")
    else:
        write_error(f"waiting for another program to write to {printable(name)}; stop with Ctrl-C\n")


def show_error(error: InputError) -> None:
    """Every fault on standard error, in colour on a terminal."""
    show_diagnostics(error.diagnostics, error.source)


_STYLES: dict[Kind, Style] = {
    "error": "error",
    "warning": "warning",
    "message": "title",
    "frame": "faint",
    "source": "plain",
    "caret": "error",
    "note": "plain",
    "help": "help",
}


def show_diagnostics(diagnostics: tuple[Diagnostic, ...], source: Source | None) -> None:
    """Diagnostics on standard error, one blank line between them."""
    width, colours = width_of(sys.stderr), paint(sys.stderr)
    texts = (_coloured(diagnostic, source, width, colours) for diagnostic in diagnostics)
    _write_last("\n\n".join(texts) + "\n")


def _coloured(diagnostic: Diagnostic, source: Source | None, width: int | None, colours: Paint) -> str:
    styles = _STYLES | {"caret": _STYLES[diagnostic.severity]}
    lines = rendered_lines(diagnostic, source, width)
    return "\n".join("".join(colours(piece.text, styles[piece.kind]) for piece in line) for line in lines)


def _emit(stream: TextIO, text: str) -> None:
    """Writes and flushes; what the stream's encoding cannot say is written plainly, or as an escape.

    Whatever text this is and wherever it is from, nothing in it but colours steers a terminal.
    """
    text = printable_lines(text, coloured=is_coloured(stream))
    try:
        stream.write(text)
    except UnicodeEncodeError:
        from cnncalc.report.plain_signs import PLAIN_SIGNS

        encoding = stream.encoding or "ascii"
        stream.write(text.translate(PLAIN_SIGNS).encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _is_ascii(stream: TextIO) -> bool:
    try:
        "✓█─…".encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return True
    return False
