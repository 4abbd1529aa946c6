"""Which model of a program is meant: the one that is named, else the one that the program itself leaves no doubt about.

Without a name it is a variable that holds a model, else what the file tries out, else the one class or function that
needs no argument and is no part of another.  Where several may be meant they are named, as they would be typed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.traced.makers import (
    gives_a_model,
    is_ready_made,
    makes_a_model,
    names_in,
    names_put_in,
    needed_arguments,
    uses_a_class,
)
from cnncalc.dialects.traced.modules import framework_of
from cnncalc.dialects.traced.trace import Module
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.functions import Function
from cnncalc.python.objects import Class
from cnncalc.python.program import File
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Scope, Unknown

MOST_LISTED = 12

_AT_CELL = re.compile(r"(.*\S)\s*@\s*([0-9]{1,6})")


def entry_and_cell(entry: str) -> tuple[str, int | None]:
    """What is named, and the cell of the notebook after which it is meant.

    >>> entry_and_cell("model@7"), entry_and_cell("Net(10)")
    (('model', 7), ('Net(10)', None))
    """
    found = _AT_CELL.fullmatch(entry)
    return (found[1], int(found[2])) if found else (entry, None)


class Entry:
    """Finds the model of a program whose file has been worked out."""

    def __init__(self, here: Evaluator, file: File, scope: Scope) -> None:
        self.here = here
        self.file = file
        self.scope = scope
        self.named = ""
        """What stands for the model, as it would be typed."""

    def model(self, entry: str) -> Module:
        """The model; raises PythonFault where there is none of that name, or no one model without a name."""
        entry = self.named = entry or self._only()
        if entry.isidentifier() and entry not in self.scope.names:
            raise self._no_such(entry)
        value = self.here.evaluate(entry, self.scope)
        if isinstance(value, (Class, Function)):
            self._refuse_missing(value, entry)
            value = self.here.applied(value)
        if isinstance(value, Unknown):
            raise self._reason(value, entry)
        if not is_model(value):
            advice = self._listed()
            raise PythonFault("which-model", f"`{entry}` is no model of PyTorch or Keras", help=advice)
        found: Module = value
        return found

    def _no_such(self, entry: str) -> PythonFault:
        known = [*self._held(), *self._made_without_arguments(), *self._classes()]
        message = f"{self.file.name} has no `{entry}`"
        advice = did_you_mean(entry, dict.fromkeys(known), self._listed())
        return PythonFault("which-model", message, help=advice)

    def _reason(self, value: Unknown, entry: str) -> PythonFault:
        """Why the model is not known: the fault of the statement that was left out."""
        if value.fault is not None and value.fault.span is not None:
            return value.fault
        fault = value.needed(f"`{entry}`", value.span or self.here.span)
        if value.is_undefined:
            fault.help = fault.help or "state it: --set NAME=VALUE"
        return fault

    def _refuse_missing(self, value: Class | Function, entry: str) -> None:
        missing = needed_arguments(value)
        if missing:
            one = "an argument" if len(missing) == 1 else "arguments"
            given = ", ".join(f"{name}=..." for name in missing)
            names = " and ".join(f"`{name}`" for name in missing)
            message = f"{entry} needs {one}: {names}"
            raise PythonFault("which-model", message, help=f"give {self.file.name}:{entry}({given}) with values")

    # ------------------------------------------------------------------ without a name
    def _only(self) -> str:
        held = self._held()
        if held or self._lost(self._makers()):
            return self._one_of(held)
        tried = self._tried()
        if tried:
            return tried
        ready = self._made_without_arguments()
        if len(ready) == 1:
            return ready[0]
        if self.here.faults and not self._classes():
            raise self.here.faults[0]
        names = ready or self._classes()
        if not names and (ready_made := self._ready_made()):
            return ready_made
        if not names:
            message = f"there is no model of PyTorch or Keras in {self.file.name}"
            raise self.here.faults[0] if self.here.faults else self._hidden() or PythonFault("which-model", message)
        raise self._undecided(names)

    def _ready_made(self) -> str:
        """The variable that holds a net that Keras has ready made, which is refused by its name; empty for none."""
        for part in self.file.statements:
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name) and is_ready_made(part.value):
                return part.targets[0].id
        return ""

    def _hidden(self) -> PythonFault | None:
        """The fault that a model is only made where nothing outside can name it."""
        for part in self.file.statements:
            if not isinstance(part, (ast.FunctionDef, ast.If)):
                continue
            for one in ast.walk(part):
                if isinstance(one, ast.Assign) and makes_a_model(one.value, ()):
                    where = f"inside `{part.name}()`" if isinstance(part, ast.FunctionDef) else "under an `if`"
                    message = f"this model is made {where}, where it cannot be named from outside"
                    advice = "make it at the left edge of the file, or in a function that returns it"
                    return PythonFault("which-model", message, self.here.program.span(one), help=advice)
        return None

    def _undecided(self, names: list[str]) -> PythonFault:
        message = f"{self.file.name} has several models" if len(names) > 1 else f"{self.file.name} calls no model"
        return PythonFault("which-model", message, help=self._listed(names))

    def _one_of(self, held: list[str]) -> str:
        """The one of the models that variables hold that no other text of the file makes a part of a larger one."""
        makers = self._makers()
        lost = self._lost(makers)
        parts = set().union(*(put for name, put in self._put_in(makers)))
        names = [name for name in dict.fromkeys((*held, *lost)) if name not in parts]
        larger = [name for name, put in self._put_in(makers) if name and put & set(held)]
        if len(names) == 1:
            return names[0]
        if not names and len(larger) == 1 and not needed_arguments(makers[larger[0]]):
            return larger[0]
        if not names and not larger and len(held) == 1:
            message = f"`{held[0]}` of {self.file.name} is a part of a larger model that is not read"
            raise PythonFault("which-model", message, help=self._listed(held))
        raise self._undecided(names or [*larger, *held])

    def _makers(self) -> dict[str, Class | Function]:
        """The file's classes that are models, and its functions that give one."""
        classes = self._classes()
        found: dict[str, Class | Function] = {name: self.scope.names[name] for name in classes}
        users = self._users(classes)
        for name in self._written() - found.keys():
            value = self.scope.names.get(name)
            if isinstance(value, Function) and (name in users or gives_a_model(value, classes)):
                found[name] = value
        return found

    def _users(self, classes: Sequence[str]) -> set[str]:
        """The file's functions that use one of these classes, by themselves or by another function of it."""
        found: set[str] = set()
        waiting = {name: value for name in self._written() if isinstance(value := self.scope.names.get(name), Function)}
        while more := {name for name, value in waiting.items() if uses_a_class(value, [*classes, *found])}:
            found |= more
            waiting = {name: value for name, value in waiting.items() if name not in more}
        return found

    def _put_in(self, makers: Mapping[str, Class | Function]) -> Iterator[tuple[str, set[str]]]:
        """What makers put into their models, by their names, and the file's own last part, which has none."""
        for name, maker in makers.items():
            yield name, names_put_in(maker.node)
        for part in self.file.statements:
            if isinstance(part, ast.If) or isinstance(self._bound_to(part), Unknown):
                calls = [one for one in ast.walk(part) if makes_a_model(one, makers)]
                yield "", set().union(*map(names_put_in, calls)) if calls else set()

    def _bound_to(self, part: ast.stmt) -> Any:
        """What the one name that a statement assigns to is now."""
        target = part.targets[0] if isinstance(part, ast.Assign) else None
        return self.scope.names.get(target.id) if isinstance(target, ast.Name) else None

    def _lost(self, makers: Collection[str]) -> list[str]:
        """Variables that would hold a model, had the statement that makes it been read."""
        return [
            part.targets[0].id
            for part in self.file.statements
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name)
            if isinstance(self._bound_to(part), Unknown) and makes_a_model(part.value, makers)
        ]

    def _listed(self, names: list[str] | None = None) -> str:
        names = self._held() + self._made_without_arguments() or self._classes() if names is None else names
        if not names:
            return ""
        first = f"{self.file.name}:{self._typed(names[0])}"
        if len(names) == 1:
            return f"write {first}"
        more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        return f"name one of them, as in {first}: {', '.join(names[:MOST_LISTED])}{more}"

    def _typed(self, name: str) -> str:
        """The name, with the arguments that it needs."""
        value = self.scope.names.get(name)
        needed = needed_arguments(value) if isinstance(value, (Class, Function)) else []
        return f"{name}({', '.join(f'{one}=...' for one in needed)})" if needed else name

    def _held(self) -> list[str]:
        """Variables that hold whole models, each model once under its last name."""
        named = {id(value): (name, value) for name, value in self.scope.names.items() if is_model(value)}
        inside = _inside([value for _, value in named.values()])
        whole = [(name, value) for name, value in named.values() if id(value) not in inside] or [*named.values()]
        several = [name for name, value in whole if value.parts or value.cls]
        return several or [name for name, _ in whole]

    def _classes(self) -> list[str]:
        """The file's own classes that are models; those that it imports where it has none."""
        found = [
            name
            for name, value in self.scope.names.items()
            if isinstance(value, Class) and value.node is not None and _is_model_class(value, self.here)
        ]
        return [name for name in found if name in self._written()] or found

    def _written(self) -> set[str]:
        """The names of the classes and functions that the file itself defines."""
        return {one.name for one in self.file.statements if isinstance(one, (ast.ClassDef, ast.FunctionDef))}

    def _made_without_arguments(self) -> list[str]:
        """Classes and functions that make a model of nothing and are named by no other one that makes one."""
        classes = self._classes()
        users = self._users(classes)
        makers = {
            name: maker for name, maker in self._makers().items() if not classes or name in classes or name in users
        }
        inside = {name: set(names_in(value.node)) - {name} for name, value in makers.items()}
        parts = set().union(*inside.values()) if inside else set()
        order = [name for name in self.scope.names if name in makers]
        return [name for name in order if name not in parts and not needed_arguments(makers[name])]

    def _tried(self) -> str:
        """What a function of the file, or its end, builds and calls; empty where there is none."""
        found: dict[str, None] = {}
        makers = self._makers()
        for part in self.file.statements:
            for one in ast.walk(part):
                if isinstance(one, (ast.FunctionDef, ast.If)):
                    found |= dict.fromkeys(self._tried_in(one.body, makers))
        return next(iter(found)) if len(found) == 1 else ""

    def _tried_in(self, body: list[ast.stmt], makers: Collection[str]) -> Iterator[str]:
        made: dict[str, str] = {}
        for line in body:
            for one in ast.walk(line):
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in made and one.args:
                    yield made[one.func.id]
            if (
                isinstance(line, ast.Assign)
                and isinstance(line.targets[0], ast.Name)
                and self._is_made(line.value, makers)
            ):
                made[line.targets[0].id] = ast.unparse(line.value)

    def _is_made(self, value: ast.expr, makers: Collection[str]) -> bool:
        """Whether it is a call of a class of the file that is a model, or of a function that gives one."""
        name = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
        found = self.scope.names.get(name)
        return (isinstance(found, Class) and _is_model_class(found, self.here)) or name in makers


def is_model(value: Any) -> bool:
    """Whether a framework says that the value is a model."""
    return isinstance(value, Module) and value.package is not None and framework_of(value).is_model(value)


def _inside(models: Sequence[Module]) -> set[int]:
    """The identities of all modules that are parts of these."""
    found: set[int] = set()
    waiting: list[Any] = [part for model in models for part in model.parts.values()]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Module) and id(part) not in found:
            found.add(id(part))
            waiting += part.parts.values()
    return found


def _is_model_class(value: Class, here: Evaluator) -> bool:
    """Whether its objects are models; a loss is a module of PyTorch and no model."""
    library = value.library
    return (
        library is not None
        and not value.name.lower().endswith("loss")
        and is_model(library.package.instance(value, library.name, here.span))
    )
