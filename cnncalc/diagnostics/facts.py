"""The records of a fault: a text, its lines, a place in it, and what is wrong there with the ways out.

Facts alone: how they are shown is known to `cnncalc.diagnostics.rendering`, what is raised to `cnncalc.diagnostics`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Span(NamedTuple):
    """A stretch of one source line: line and column count from 1, length in characters is at least 1."""

    line: int
    column: int
    length: int = 1

    def to(self, end: Span) -> Span:
        """The stretch from the start of this span to the end of `end`; `end` on another line is left out."""
        if end.line != self.line:
            return self
        return Span(self.line, self.column, max(1, end.column + end.length - self.column))


class Place(NamedTuple):
    """A line as the user finds it: the file it stands in, the cell of a notebook (0: none), the line there."""

    name: str
    cell: int
    line: int

    @property
    def head(self) -> str:
        """Before a column: `net.ipynb cell 7:3`, `blocks.py:12`."""
        return f"{self.name} cell {self.cell}:{self.line}" if self.cell else f"{self.name}:{self.line}"


class Part(NamedTuple):
    """A file or a cell of a notebook within a text put together of several.

    `first` is the line of the whole text with which it begins, counted from 1; it ends where the next part begins.
    `included`: it is a text in our own language that another one includes; `is_quoted`: errors may show its lines.
    """

    first: int
    name: str
    cell: int = 0
    included: bool = False
    is_quoted: bool = True

    def place(self, line: int) -> Place:
        """A line of the whole text, as the user finds it in this part."""
        return Place(self.name, self.cell, line - self.first + 1)


@dataclass(frozen=True)
class Source:
    """A text and the name under which its user knows it (a path, a shipped network's name, `<stdin>`).

    `entry` is what names the net in a program that may hold several (`ResNet18(num_classes=10)` of
    `net.py:ResNet18(num_classes=10)`); `parts` say which lines came from which file or cell, in order.  `file` is the
    path of a model that is no text, and `notation` what it is, as `cnncalc.dialects.READERS` has it: its reader opens
    it, and gives the source a text in which places can be shown.
    """

    name: str
    text: str
    entry: str = ""
    parts: tuple[Part, ...] = ()
    file: str = ""
    notation: str = ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; line n of a span is `lines[n - 1]`."""
        return tuple(self.text.split("\n"))

    @property
    def is_program(self) -> bool:
        """Whether it is put together of the files or cells of a program, or of another notation with modules."""
        return bool(self.parts) and not any(part.included for part in self.parts)

    def place(self, line: int) -> Place:
        """A line of the text, as the user finds it."""
        return self.part(line).place(line)

    def part(self, line: int) -> Part:
        """The part that a line of the text stands in."""
        begun = bisect_right(self.parts, line, key=lambda part: part.first)
        return self.parts[begun - 1] if begun else Part(1, self.name)

    def line_words(self, line: int) -> str:
        """A line in a sentence: `line 12`, in another file `line 12 of blocks.py`, in a notebook `line 3 of cell 7`."""
        place = self.place(line)
        return f"line {place.line}{self.behind(place)}"

    def behind(self, place: Place) -> str:
        """What tells a line from others of its number: ` of blocks.py`, ` of cell 7`; nothing in the file itself."""
        cell = f" of cell {place.cell}" if place.cell else ""
        return cell + (f" of {place.name}" if place.name != self.name else "")

    @property
    def shown(self) -> str:
        """Its name with its entry, as it is written on the command line."""
        return f"{self.name}:{self.entry}" if self.entry else self.name


class Fix(NamedTuple):
    """A change of the text that keeps what its user meant: `text` takes the place of what `span` covers.

    An empty `text` takes the words out; one with a line end begins a new line.
    """

    span: Span
    text: str

    def applied(self, source: str) -> str:
        """The source with the change made.

        >>> Fix(Span(2, 9, 4), "5x5").applied("input 28x28x1\\nconv 32 5, 5 relu")
        'input 28x28x1\\nconv 32 5x5 relu'
        """
        lines = source.split("\n")
        line, start = lines[self.span.line - 1], self.span.column - 1
        lines[self.span.line - 1] = line[:start] + self.text + line[start + self.span.length :]
        return "\n".join(lines)


class Diagnostic(NamedTuple):
    """One fault or warning.

    `message` stands alone; `label` is what is written beside the carets; `notes` hold the arithmetic with the
    user's own numbers; only `help` advises.  `trail` names the block calls that led to the place, innermost first.
    `fixes` are the ways out that `help` tells, each alone, as changes of the text: one that means what was meant,
    or one for each thing that may have been meant.  `follows`: it is a consequence of another fault, if there is one.
    """

    code: str
    message: str
    span: Span | None = None
    label: str = ""
    notes: tuple[str, ...] = ()
    help: str = ""
    severity: Severity = "error"
    trail: tuple[Span, ...] = ()
    fixes: tuple[Fix, ...] = ()
    follows: bool = False


def by_places(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of their places in the text; those without one first."""
    return tuple(sorted(diagnostics, key=lambda one: one.span[:2] if one.span else (0, 0)))
