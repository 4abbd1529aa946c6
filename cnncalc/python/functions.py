"""Functions: of the program, bound to an object, and worked out by our own program.

How arguments are bound and a body is worked out is the evaluator's business.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Given, Reading, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.objects import Class


@dataclass(eq=False, repr=False)
class Function(Value):
    """A `def` or a `lambda`: its tree, its defaults, and the scope it was written in."""

    name: str
    node: ast.FunctionDef | ast.Lambda
    scope: Scope
    defaults: tuple[Any, ...] = ()
    keyword_defaults: Mapping[str, Any] = field(default_factory=dict)
    owner: Class | None = None
    flavour: str = ""
    """`staticmethod`, `classmethod`, `property` or nothing."""
    is_generator: bool = False
    noun = "a function"

    def attribute(self, name: str, here: Reading) -> Any:
        return _own_name(self, name, here)

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        """Notes that programs pin on their functions mean nothing to a model."""

    def call(self, arguments: Arguments, here: Reading) -> Any:
        return here.enter(self, arguments)


@dataclass(eq=False, repr=False)
class Bound(Value):
    """A function of the program with its first argument: `self` or the class."""

    function: Function
    this: Any
    noun = "a method"

    @property
    def name(self) -> str:
        """The function's."""
        return self.function.name

    def attribute(self, name: str, here: Reading) -> Any:
        if name in ("__self__", "__func__"):
            return self.this if name == "__self__" else self.function
        return _own_name(self, name, here)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        first = Given(self.this, arguments.span)
        return here.enter(self.function, arguments._replace(positional=(first, *arguments.positional)), self.this)


@dataclass(eq=False, repr=False)
class Known(Value):
    """A function that is worked out by our own program."""

    name: str
    compute: Callable[[Arguments, Reading], Any]
    noun = "a function"

    def attribute(self, name: str, here: Reading) -> Any:
        return _own_name(self, name, here)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        return self.compute(arguments, here)


class Default(Value):
    """`field(default=..., default_factory=...)` of a dataclass."""

    noun = "a field"

    def __init__(self, value: Any, factory: Any) -> None:
        self.value, self.factory = value, factory

    def content(self, here: Reading) -> Any:
        """What a new object has under the name."""
        return self.value if self.factory is None else here.call(self.factory)


def _own_name(one: Function | Bound | Known, name: str, here: Reading) -> Any:
    if name in ("__name__", "__qualname__"):
        return one.name
    if name.startswith("__"):
        return Unknown(f"`{name}` of a function is not read here", here.span)
    raise Raised("AttributeError", f"the function {one.name} has no `{name}`", here.span)
