"""What can be wrong with a user's input, said in one form everywhere.

A `Diagnostic` is a record of facts: which rule was broken, where, in which words, with which arithmetic and
which way out.  Text is derived from it (`cnncalc.diagnostics.rendering`); the long explanation of each rule stands in
`cnncalc.diagnostics.catalogue`.  Nothing here knows the model language, layers or the terminal.
"""

from __future__ import annotations

from cnncalc.diagnostics.facts import Diagnostic, Fix, Part, Place, Severity, Source, Span, by_places

__all__ = [
    "COMMAND_LINE",
    "Diagnostic",
    "Fix",
    "InputError",
    "Part",
    "Place",
    "Refusal",
    "Severity",
    "Source",
    "Span",
    "by_places",
    "input_error",
]

COMMAND_LINE = "command line"
"""The name of a source whose text is an option of a command: what is wrong in it has no place in a file."""

LONGEST_SHOWN = 120
"""Letters of a message in the `repr` of an error."""


class Refusal(Exception):
    """What floors 0 and 1 raise when the numbers do not fit: they know the guilty argument, not its place.

    `graph/` catches it, finds where `argument` was written and makes a `Diagnostic` of it.  `argument` is the
    name of a layer's argument, "input" for what arrives at the layer, or "" for the layer as a whole.  `values` are
    what may stand there instead, each of them told in `help` and meant by what was written.
    """

    def __init__(
        self,
        code: str,
        message: str,
        argument: str = "",
        *,
        label: str = "",
        notes: tuple[str, ...] = (),
        help: str = "",
        values: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.argument = argument
        self.label = label
        self.notes = notes
        self.help = help
        self.values = values


class InputError(Exception):
    """The only exception that a user's input may cause: every independent fault found, and the text it was found in."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...] | str, source: Source | None = None) -> None:
        super().__init__(diagnostics, source)
        self.diagnostics: tuple[Diagnostic, ...] = (
            (Diagnostic("wrong-value", diagnostics),)  # made by hand, as in somebody's test
            if isinstance(diagnostics, str)
            else diagnostics
        )
        self.source = source

    def __repr__(self) -> str:
        first = self.diagnostics[0] if self.diagnostics else None
        more = f" and {len(self.diagnostics) - 1} more" if len(self.diagnostics) > 1 else ""
        return f"<InputError {first.code}: {_short(first.message)}{more}>" if first else "<InputError>"

    def __str__(self) -> str:
        from cnncalc.diagnostics.rendering import rendered  # noqa: PLC0415 (most errors are shown elsewhere)

        return "\n\n".join(rendered(diagnostic, self.source) for diagnostic in self.diagnostics)


def _short(message: str) -> str:
    """The beginning of a message, in one line."""
    line = " ".join(message[: 2 * LONGEST_SHOWN].split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}..."


def input_error(code: str, message: str, *, help: str = "", notes: tuple[str, ...] = ()) -> InputError:
    """An error about the input as a whole, where no line can be named (a missing file, a picture that is not one)."""
    return InputError((Diagnostic(code, message, notes=notes, help=help),))
