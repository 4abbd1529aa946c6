"""A library that the programs of these tests import: `lib.Part` makes parts, everything else of it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.diagnostics import Source, Span
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.functions import Bound, Known
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program import Program
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Library, Scope, Unknown


class Toy:
    """Parts are objects; those of the program's own classes below `lib.Part` are called through `forward`."""

    roots = frozenset({"lib"})
    usual: Mapping[str, str] = {"parts": "lib.parts"}

    def has(self, name: str) -> bool:
        return name in ("lib.Part", "lib.parts")

    def member(self, name: str, here: Any) -> Any:
        return {"lib.training": False}.get(name, Library(name, self))

    def call(self, name: str, arguments: Arguments, here: Any) -> Any:
        if name != "lib.Part":
            return Unknown(f"`{name}` is not read here", here.span)
        return Instance(None, {"sizes": arguments.values}, here.span)

    def instance(self, cls: Class, base: str, span: Span) -> Instance | Unknown:
        return Instance(cls, made=span) if base == "lib.Part" else Unknown(f"{cls.name} is no part of a model", span)

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Any) -> None:
        this.names["begun"] = arguments.values

    def method(self, this: Any, base: str, name: str) -> Any:
        if name == "__call__":
            forward = this.cls.find("forward")
            return Bound(forward[0], this) if forward else None
        return Known(name, lambda arguments, here: "the library's") if name == "describe" else None

    def is_a(self, value: Any, name: str) -> bool:
        return isinstance(value, Instance) and name == "lib.Part"

    def is_below(self, name: str, other: str) -> bool:
        return name == other


PACKAGES = {"lib": Toy()}


class Read:
    """A program that has been worked out."""

    def __init__(self, text: str, path: str = "", name: str = "net.py") -> None:
        self.program = Program(name)
        file = self.program.file(name, text, path)
        self.evaluator = Evaluator(self.program, PACKAGES)
        self.scope: Scope = self.evaluator.run(file)

    def __getitem__(self, name: str) -> Any:
        return self.scope.names[name]

    def value(self, entry: str) -> Any:
        """The value of an expression."""
        return self.evaluator.evaluate(entry, self.scope)

    def reason(self, name: str) -> str:
        """Why a name is not known; "" where it is."""
        value = self.scope.names[name]
        return value.reason if isinstance(value, Unknown) else ""

    @property
    def source(self) -> Source:
        """The whole text."""
        return self.program.source()


def fault_of(text: str, entry: str = "f()") -> PythonFault:
    """The fault that ends the reading of an entry."""
    try:
        Read(text).value(entry)
    except PythonFault as fault:
        return fault
    raise AssertionError("it is read")
