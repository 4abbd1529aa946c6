"""Errors of the program's own: what `raise` raises, and which `except` catches it."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics import Span
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Given, Library, Reading, Scope, Unknown, Value

if TYPE_CHECKING:
    from cnncalc.python.evaluator import Evaluator

EXCEPTIONS: dict[str, type[BaseException]] = {
    name: one for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
}


class Error(Value):
    """An error of one of Python's own classes."""

    noun = "an error"

    def __init__(self, name: str, arguments: Arguments) -> None:
        self.name = name
        self.arguments = arguments

    @classmethod
    def of(cls, error: Raised, span: Span) -> Any:
        """What `except ... as name` calls an error: an object of the program, or one of Python's own with its text."""
        if not isinstance(error.exception, str):
            return error.exception
        return cls(error.exception, Arguments((Given(error.message, span),), {}, span))

    @property
    def text(self) -> str:
        """What `str(error)` gives, where that is plain."""
        return ", ".join(str(one) for one in self.arguments.values if isinstance(one, (str, int, float)))

    def attribute(self, name: str, here: Reading) -> Any:
        if name == "args":
            return self.arguments.values
        return Unknown(f"`{name}` of an error is not read here", here.span)


def raised(here: Evaluator, exception: Any, span: Span) -> Raised:
    """What `raise exception` raises; None: the error that is being handled."""
    if exception is None:
        if here.handled:
            return here.handled[-1]
        return Raised("RuntimeError", "there is no error that could be raised again", span)
    if isinstance(exception, (Class, Library)):
        exception = here.call(exception)
    name, said = _words(exception)
    message = f"the program raises {name}: {said}" if said else f"the program raises {name}"
    return Raised(exception, message[:500], span, code="program-raises")


def _words(exception: Any) -> tuple[str, str]:
    if isinstance(exception, Error):
        return exception.name, exception.text
    if isinstance(exception, Instance) and exception.cls:
        said = [one for one in exception.names.get("args", ()) if isinstance(one, (str, int, float))]
        return exception.cls.name, ", ".join(map(str, said))
    return "an error", exception.reason if isinstance(exception, Unknown) else ""


def catches(here: Evaluator, handler: ast.ExceptHandler, error: Raised, scope: Scope) -> bool:
    """Whether an `except` is for the error; raises the error where that is not known."""
    if handler.type is None:
        return True
    kinds = here.value(handler.type, scope)
    return any(_is_for(one, error.exception) for one in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _is_for(kind: Any, exception: Any) -> bool:
    above = _classes(exception)
    if isinstance(kind, Class):
        return kind in above
    if isinstance(kind, Library):
        wanted = EXCEPTIONS.get(kind.name.removeprefix("builtins."))
        return wanted is not None and any(isinstance(one, type) and issubclass(one, wanted) for one in above)
    return False


def _classes(exception: Any) -> tuple[Any, ...]:
    """The classes of the program above an error, and the first of Python's own."""
    if isinstance(exception, Instance) and exception.cls:
        library = exception.cls.library
        own = EXCEPTIONS.get(library.name.removeprefix("builtins."), Exception) if library else Exception
        return (*exception.cls.line, own)
    name = exception.name if isinstance(exception, Error) else exception
    return (EXCEPTIONS.get(name, Exception) if isinstance(name, str) else Exception,)
