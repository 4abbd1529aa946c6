"""`%%cnncalc`: the text of a network in a cell of a notebook, its table and its picture below.

`%load_ext cnncalc` registers it.  IPython is never imported: it hands its shell over, and asks what is shown how it
looks.
"""

from __future__ import annotations

import keyword
import shlex
from collections.abc import Callable
from typing import NamedTuple, NoReturn, Protocol

from cnncalc.api import Model
from cnncalc.diagnostics import InputError, Source, input_error
from cnncalc.net_files import checked

CELL = "<cell>"
"""The name of the text in errors."""

_USAGE = "write %%cnncalc, or %%cnncalc NAME --input 96x96 --set classes=10"


class Shell(Protocol):
    """What is needed of IPython's shell."""

    def register_magic_function(
        self, func: Callable[[str, str], object], magic_kind: str = ..., magic_name: str | None = ...
    ) -> object:
        """Makes a function the magic of this name."""

    def push(self, variables: dict[str, object]) -> object:
        """Gives the user variables."""


class CellLine(NamedTuple):
    """What follows `%%cnncalc` on its line."""

    name: str | None = None
    input_size: str | None = None
    settings: tuple[tuple[str, str], ...] = ()


class CellError(Exception):
    """What is wrong with a cell, as the command line prints it: IPython shows the text and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


def load_ipython_extension(shell: Shell) -> None:
    """Registers `%%cnncalc`; IPython calls this for `%load_ext cnncalc`."""

    def cnncalc(line: str, cell: str) -> Model:
        """%%cnncalc [NAME] [--input SIZE] [--set NAME=VALUE]: the network in this cell, kept in the variable NAME."""
        name, model = _read(line, cell)
        if name is not None:
            shell.push({name: model})
        return model

    shell.register_magic_function(cnncalc, magic_kind="cell", magic_name="cnncalc")


def _read(line: str, cell: str) -> tuple[str | None, Model]:
    try:
        words = cell_line(line)
        text = cell.replace("\r\n", "\n").replace("\r", "\n")
        source = Source(CELL, f"\n{text}")  # so that lines are counted as in the cell, where `%%cnncalc` is the first
        settings = dict(words.settings)
        return words.name, Model(checked(source, words.input_size, settings), settings, words.input_size)
    except InputError as fault:
        shown = str(fault)
    raise CellError(shown)


def cell_line(line: str) -> CellLine:
    """The words behind `%%cnncalc`.  Raises InputError."""
    try:
        words = shlex.split(line)
    except ValueError:
        _refuse(f"the line has a quote without its end: {line.strip()[:40]}", "write the other quote")
    found = CellLine()
    while words:
        word, equals, value = words.pop(0).partition("=")
        if word in ("--input", "--set"):
            if not equals and not words:
                _refuse(f"{word} has no value", _USAGE)
            value = value if equals else words.pop(0)
            found = _with_option(found, word, value)
        elif equals or not word.isidentifier() or keyword.iskeyword(word):
            _refuse(f"`{word[:40]}` is no option of %%cnncalc, and no name of a variable", _USAGE)
        elif found.name is not None:
            _refuse(f"the line has two names: {found.name} and {word[:40]}", "give one variable for the network")
        else:
            found = found._replace(name=word)
    return found


def _with_option(found: CellLine, word: str, value: str) -> CellLine:
    if word == "--input":
        if found.input_size is not None:
            _refuse("--input is given twice", "keep one of the two")
        return found._replace(input_size=value)
    name, equals, number = value.partition("=")
    if not equals or not name.strip():
        _refuse(f"--set {value[:40]} has no name and value", "write --set NAME=VALUE: --set classes=10")
    return found._replace(settings=(*found.settings, (name.strip(), number.strip())))


def _refuse(message: str, advice: str) -> NoReturn:
    raise input_error("wrong-value", message, help=advice)
