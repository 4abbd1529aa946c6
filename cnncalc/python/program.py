"""The text of a program: a file or the cells of a notebook, and the files next to it that it imports.

All that is read becomes one text, so that a place is a line of it; `Source.parts` says which file or cell a line is
of.  A text is parsed into Python's tree and never compiled.  What the tree means is not known here.
"""

from __future__ import annotations

import ast
import re
import warnings
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from cnncalc.diagnostics import Part, Source, Span
from cnncalc.python.program_error import PythonFault
from cnncalc.python.program_limits import exceeded

LARGEST_PROGRAM = 5_000_000
"""Characters, all files together."""

MOST_TOKENS = 100_000
"""Words, numbers and signs, all files together; PyTorch's longest own file has about half as many."""

TOO_DEEP = "the program is nested too deeply to be read"

_TOKEN = re.compile(
    r"""
    \#[^\n]*+ | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:''')? | "{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?
    | '(?:[^'\\\n]|\\.)*+'? | "(?:[^"\\\n]|\\.)*+"? | \w++ | [^\s\w]
    """,
    re.VERBOSE | re.DOTALL,
)
_LONG_NAME = re.compile(r"(?:\.[\s\\]*+\w++[\s\\]*+){200}")
"""Python's parser makes a text of every part of a dotted name."""
_FOR_THE_SHELL = re.compile(r"^[ \t]*(?:[%!?].*|(?:pip|conda) install .*|\w[\w.]*\?+[ \t]*)$", re.MULTILINE)
_ASSIGNED_BY_THE_SHELL = re.compile(r"^([ \t]*\w+[ \t]*=[ \t]*)[%!].*$", re.MULTILINE)
_PYTHON_2 = re.compile(
    r"^[ \t]*(?:print[ \t]+[\w\"'(%]|exec[ \t]+[\"']|raise \w+, |except [\w.]+, *\w+:)", re.MULTILINE
)


class Cell(NamedTuple):
    """A stretch of Python: a whole file (number 0) or one cell of a notebook; the lines of the tree are the text's."""

    number: int
    first_line: int
    tree: ast.Module


@dataclass(frozen=True)
class File:
    """A file or notebook of the program; `path` is where it lies, "" where it lies nowhere."""

    name: str
    path: str
    cells: tuple[Cell, ...]

    @property
    def statements(self) -> list[ast.stmt]:
        """The statements of all cells."""
        return [statement for cell in self.cells for statement in cell.tree.body]


@dataclass
class Program:
    """All the text that is read, in the order in which it is met."""

    name: str
    entry: str = ""
    files: list[File] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _size: int = 0
    _tokens: int = 0
    _wide: dict[int, array[int]] = field(default_factory=dict)

    def file(self, name: str, text: str, path: str = "") -> File:
        """Take in a file of Python; raises PythonFault with its place where Python could not read it."""
        return self._taken(name, path, ((0, text),))

    def notebook(self, name: str, cells: tuple[tuple[int, str], ...], path: str = "") -> File:
        """Take in the code cells of a notebook with their numbers; lines for the shell are left out."""
        return self._taken(name, path, cells)

    def _taken(self, name: str, path: str, cells: tuple[tuple[int, str], ...]) -> File:
        for _, text in cells:
            self._count(text)
        placed = [(number, self._place_of(name, number, text), text) for number, text in cells]
        file = File(
            name, path, tuple(Cell(number, first, self._tree(text, first, number)) for number, first, text in placed)
        )
        self.files.append(file)
        return file

    def _place_of(self, name: str, number: int, text: str) -> int:
        """The line with which a text begins in the whole."""
        first = len(self._lines) + 1
        self.parts.append(Part(first, name, number))
        self._texts.append(text)
        self._lines += text.split("\n")
        return first

    def _tree(self, text: str, first: int, number: int) -> ast.Module:
        try:
            tree = _parsed(text, is_cell=number > 0)
        except SyntaxError as error:
            raise self._fault(error, text, first) from None
        except (RecursionError, MemoryError):
            raise PythonFault("program-too-deep", TOO_DEEP, Span(first, 1)) from None
        except ValueError as error:
            raise PythonFault("python-syntax", f"Python cannot read this: {error}", Span(first, 1)) from None
        return ast.increment_lineno(tree, first - 1) if first > 1 else tree

    def _count(self, text: str) -> None:
        """Refuse what is far too long before anything is made of it."""
        self._size += len(text)
        if self._size > LARGEST_PROGRAM:
            raise exceeded(f"the program has more than {LARGEST_PROGRAM // 1_000_000} MB of text")
        if _LONG_NAME.search(text):
            raise exceeded("a name has more than 200 dots")
        for _ in _TOKEN.finditer(text):
            self._tokens += 1
            if self._tokens > MOST_TOKENS:
                raise exceeded(f"the program has more than {MOST_TOKENS:,} words and signs")

    def _fault(self, error: SyntaxError, text: str, first: int) -> PythonFault:
        lines = text.split("\n")
        row = min(max(1, error.lineno or 1), len(lines))
        column = min(max(1, error.offset or 1), len(lines[row - 1]) + 1)
        span = Span(first + row - 1, column)
        said = str(error.msg).rstrip(".")
        if "too many nested" in said or "too complex" in said:
            return PythonFault("program-too-deep", TOO_DEEP, span)
        if _PYTHON_2.search(text):
            return PythonFault(
                "python-two", "this is a program for Python 2, which Python 3 cannot read", span,
                notes=(f"Python 3 says: {said}",),
                help="rewrite it for Python 3: `print(x)` for `print x`, `range` for `xrange`, "
                "`except E as e` for `except E, e`",
            )  # fmt: skip
        return PythonFault("python-syntax", f"Python cannot read this line: {said}", span)

    def source(self) -> Source:
        """All that was read so far as one text with its parts."""
        return Source(self.name, "\n".join(self._texts), self.entry, tuple(self.parts))

    def line_words(self, line: int) -> str:
        """A line in a sentence: `line 12`, `line 3 of cell 7`."""
        return Source(self.name, "", "", tuple(self.parts)).line_words(line)

    def span(self, node: ast.AST) -> Span:
        """The place of a part of the tree: its first line, as far as that goes."""
        row, start = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        line = self._lines[row - 1] if row <= len(self._lines) else ""
        end = getattr(node, "end_col_offset", start) if getattr(node, "end_lineno", row) == row else None
        if not line.isascii():
            start, end = self._character(row, start), None if end is None else self._character(row, end)
        return Span(row, start + 1, max(1, (len(line.rstrip()) if end is None else end) - start))

    def _character(self, row: int, byte: int) -> int:
        """Python's tree counts bytes."""
        if row not in self._wide:
            encoded = self._lines[row - 1].encode(errors="replace")
            self._wide[row] = array("I", (place for place, one in enumerate(encoded) if one & 0xC0 == 0x80))
        return byte - bisect_left(self._wide[row], byte)

    def words(self, node: ast.AST, most: int = 60) -> str:
        """The part of the tree as it is written, cut where it is long."""
        span = self.span(node)
        text = self._lines[span.line - 1][span.column - 1 :][: span.length] if span.line <= len(self._lines) else ""
        return text if len(text) <= most else f"{text[: most - 3]}..."


def _parsed(text: str, *, is_cell: bool) -> ast.Module:
    """The tree; what Python only warns of (`1if x`, `"\\d"`) is no business of a reader's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError:
            if not is_cell:
                raise
            return ast.parse(_without_shell(text))


def _without_shell(text: str) -> str:
    """The cell with lines for the shell and for the notebook itself made empty; as many lines, as many columns."""
    if text.lstrip().startswith("%%") and not text.lstrip().startswith(("%%time", "%%capture")):
        return "\n" * text.count("\n")
    text = _ASSIGNED_BY_THE_SHELL.sub(r"\1__shell__", text)
    return _FOR_THE_SHELL.sub(_as_nothing, text)


def _as_nothing(match: re.Match[str]) -> str:
    indent = match[0][: len(match[0]) - len(match[0].lstrip())]
    return f"{indent}pass" if indent else ""
