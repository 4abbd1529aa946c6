"""The one exception that ends the reading of a program, with its place in the program."""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Diagnostic, Refusal, Span
from cnncalc.diagnostics.letters import printable


class PythonFault(Exception):
    """The program cannot be read further: the parts of a `Diagnostic`, whose place may be found on the way out.

    `trail` are the calls between the place and the file's own level, innermost first.
    """

    def __init__(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        label: str = "",
        notes: tuple[str, ...] = (),
        help: str = "",
        trail: tuple[Span, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.label = label
        self.notes = notes
        self.help = help
        self.trail = trail
        self.unknown: Any = None
        """The value that was needed and is not known."""
        self.needed = ""
        """What needed it, as the message names it."""

    @classmethod
    def of(cls, refusal: Refusal, span: Span | None = None, notes: tuple[str, ...] = ()) -> PythonFault:
        """What a layer or a size refused, at a place of the program; `notes` come before the refusal's own."""
        return cls(
            refusal.code,
            refusal.message,
            span,
            label=refusal.label,
            notes=(*notes, *refusal.notes),
            help=refusal.help,
        )

    def diagnostic(self) -> Diagnostic:
        """The fault as it is shown, without the letters that a program may have put into a message to mislead.

        A place is named once, however often a recursion passes it.
        """
        notes = tuple(map(printable, self.notes))
        return Diagnostic(
            self.code,
            printable(self.message),
            self.span,
            self.label,
            notes,
            self.help,
            trail=tuple(dict.fromkeys(self.trail)),
        )


class Raised(PythonFault):
    """What Python itself would raise here, or the program does: its own `try` can catch it.

    `exception` is what was raised: an object of the program, or the name of Python's class (`KeyError`).
    """

    def __init__(
        self, exception: Any, message: str, span: Span | None = None, *, code: str = "python-error", help: str = ""
    ) -> None:
        super().__init__(code, message, span, help=help)
        self.exception = exception
