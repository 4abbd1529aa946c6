"""Classes and objects of the program that is read.

What calling them does is Python's: the order of bases, `super()`, properties, the methods with two underscores.
What a library's class above them does is asked of its package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, fields
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.python.functions import Bound, Default, Function, Known
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Given, Library, Reading, Unknown, Value

OPERATORS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
}  # fmt: skip
COMPARISONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(eq=False, repr=False)
class Class(Value):
    """A class of the program.

    `order` are the classes and library names in which names are looked for, worked out once; `line` the classes of it.
    """

    name: str
    bases: tuple[Any, ...]
    names: dict[str, Any]
    node: ast.ClassDef | None = None
    fields: tuple[str, ...] | None = None
    """The fields of a dataclass or a named tuple, in order."""
    is_tuple: bool = False
    order: tuple[Class | Library | Unknown, ...] = ()
    members: dict[str, Instance] = field(default_factory=dict)
    """The entries of an enumeration."""
    noun = "a class"

    @property
    def line(self) -> tuple[Class, ...]:
        """This class and the program's classes above it, in the order in which names are looked for."""
        return tuple(one for one in self.order if isinstance(one, Class))

    @property
    def library(self) -> Library | None:
        """The first library class above it: `torch.nn.Module`."""
        return next((one for one in self.order if isinstance(one, Library)), None)

    @property
    def unread(self) -> Unknown | None:
        """A base that is not known."""
        return next((one for one in self.order if isinstance(one, Unknown)), None)

    def find(self, name: str, after: Class | None = None) -> tuple[Any, Class] | None:
        """The first class of the line that has the name, with what it has; `after`: only those after that class."""
        found = next(self.places(name, after), None)
        return (found.names[name], found) if isinstance(found, Class) else None

    def places(self, name: str, after: Class | None = None) -> Iterator[Class | Library]:
        """The classes that have the name, and the library classes that may have it, in order."""
        start = self.order.index(after) + 1 if after is not None and after in self.order else 0
        for one in self.order[start:]:
            if isinstance(one, Library) or (isinstance(one, Class) and name in one.names):
                yield one

    def attribute(self, name: str, here: Reading) -> Any:
        if name in ("__name__", "__qualname__"):
            return self.name
        if name in self.members:
            return self.members[name]
        held = self.find(name)
        if held is not None:
            found = held[0]
            return Bound(found, self) if isinstance(found, Function) and found.flavour == "classmethod" else found
        if name == "__init__" and not self.unread:
            return Known(name, self._begin)
        if self.unread or (name.startswith("__") and name.endswith("__")):
            return self.unread or Unknown(f"`{name}` of a class is not read here", here.span)
        for one in self.places(name):
            if isinstance(one, Library):
                return one.attribute(name, here)
        raise Raised("AttributeError", f"the class {self.name} has no `{name}`", here.span)

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        self.names[name] = value

    def item(self, key: Any, here: Reading) -> Any:
        """An entry of an enumeration by name; else `Stack[int]`: a type is a type."""
        return self.members.get(key, self) if isinstance(key, str) else self

    def entries(self, here: Reading) -> list[Any]:
        return list(self.members.values()) if self.members else super().entries(here)

    def type(self, here: Reading) -> Any:
        return Unknown("the class of a class is not read here", here.span)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        """An object of the class, after its `__init__`."""
        if self.unread:
            return self.unread
        if self.members:
            return self._member(arguments, here)
        library = self.library
        made = library.package.instance(self, library.name, here.span) if library else Instance(self, made=here.span)
        if isinstance(made, Instance):
            made.begin(None, arguments, here)
        return made

    def _begin(self, arguments: Arguments, here: Reading) -> None:
        """`Base.__init__(self, ...)` of a class that has none of its own: that of what is above it."""
        if not arguments.positional or not isinstance(arguments.positional[0].value, Instance):
            raise Raised("TypeError", f"`{self.name}.__init__` needs the object itself", here.span)
        first, *rest = arguments.positional
        first.value.begin(self, arguments._replace(positional=tuple(rest)), here)

    def _member(self, arguments: Arguments, here: Reading) -> Any:
        wanted = arguments.values[:1]
        for member in self.members.values():
            if (member.names["value"],) == wanted or (member,) == wanted:
                return member
        raise Raised("ValueError", f"{self.name} has no entry with this value", here.span)


@dataclass(eq=False, repr=False)
class Super(Value):
    """`super()`: a name is looked for after the class `after`."""

    this: Any
    after: Class
    noun = "super()"

    def attribute(self, name: str, here: Reading) -> Any:
        if name == "__init__" and isinstance(self.this, Instance):
            return Known(name, self._begin)
        found = _found(self.this, name, self.after, here)
        if found is not None:
            return found
        raise Raised("AttributeError", f"no class above {self.after.name} has `{name}`", here.span)

    def _begin(self, arguments: Arguments, here: Reading) -> None:
        self.this.begin(self.after, arguments, here)


@dataclass(eq=False, repr=False)
class Instance(Value):
    """An object of a class of the program, of a library's class, or of both.

    `made` is the place of the call that made it.
    """

    cls: Class | None
    names: dict[str, Any] = field(default_factory=dict)
    made: Span | None = None
    noun = "an object"
    is_object = True

    @property
    def _said(self) -> str:
        return f"an object of {self.cls.name}" if self.cls else self.noun

    def begin(self, after: Class | None, arguments: Arguments, here: Reading) -> None:
        """The first `__init__` after that class (None: of all): of the program, of a dataclass, or of a library."""
        for one in self.cls.order if self.cls else ():
            if after is not None:
                after = None if one is after else after
            elif isinstance(one, Library):
                return one.package.begin(self, one.name, arguments, here)
            elif isinstance(one, Class) and "__init__" in one.names:
                here.call_with(_bound(one.names["__init__"], self, here), arguments)
                return None
            elif isinstance(one, Class) and one.fields is not None:
                return self._fill(one.fields, arguments, here)
        if arguments.positional or arguments.keywords:
            raise Raised("TypeError", f"{self.cls.name if self.cls else 'this class'} takes no arguments", here.span)
        return None

    def _fill(self, names: tuple[str, ...], arguments: Arguments, here: Reading) -> None:
        """What the `__init__` does that `@dataclass` writes."""
        assert self.cls is not None
        given = dict(zip(names, arguments.values, strict=False))
        given |= {name: one.value for name, one in arguments.keywords.items()}
        odd = next((name for name in given if name not in names), "")
        if odd or len(arguments.positional) > len(names):
            what = f"no field `{odd}`" if odd else f"{len(names)} fields, and {len(arguments.positional)} are given"
            raise Raised("TypeError", f"{self.cls.name} has {what}", here.span)
        for name in names:
            default = self.cls.find(name)
            if name not in given and default is None:
                raise Raised("TypeError", f"{self.cls.name} needs a value for `{name}`", here.span)
            value = given[name] if default is None or name in given else default[0]
            self.names[name] = value.content(here) if isinstance(value, Default) else value
        if after := self.cls.find("__post_init__"):
            here.call(_bound(after[0], self, here))

    def attribute(self, name: str, here: Reading) -> Any:
        if name in self.names:
            return self.names[name]
        found = _found(self, name, None, here)
        if found is not None:
            return found
        if name == "__class__":
            return self.type(here)
        if name == "__dict__":
            return self.names
        if self.cls is not None and (self.cls.find("__getattr__") or name in ("__doc__", "__module__")):
            return Unknown(f"`{name}` of {self._said} is not read here", here.span)
        message = f"{self._said} has no `{name}`"
        raise Raised("AttributeError", message, here.span, help=did_you_mean(name, self.known_names()))

    def known_names(self) -> list[str]:
        """What the object and its class have by name, for advice."""
        found = [*self.names, *(name for one in (self.cls.line if self.cls else ()) for name in one.names)]
        return [name for name in found if not name.startswith("__")]

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        setter = self.cls.find(f"{name}.setter") if self.cls else None
        if setter is not None:
            here.call(Bound(setter[0], self), value)
        else:
            self.names[name] = value

    def delete_attribute(self, name: str, here: Reading) -> None:
        if name not in self.names:
            raise Raised("AttributeError", f"{self._said} has no `{name}`", here.span)
        del self.names[name]

    def type(self, here: Reading) -> Any:
        return self.cls or super().type(here)

    def copied(self, copies: dict[int, Any], here: Reading) -> Any:
        """The object and everything that it holds in its dictionaries."""
        copies[id(self)] = made = copy(self)
        for one in fields(self):
            if isinstance(held := self.__dict__[one.name], dict):
                made.__dict__[one.name] = here.copied(held, copies)
        return made

    def _special(self, name: str) -> Value | None:
        found = self.cls.find(name) if self.cls else None
        return Bound(found[0], self) if found and isinstance(found[0], Function) else None

    def item(self, key: Any, here: Reading) -> Any:
        if method := self._special("__getitem__"):
            return here.call(method, key)
        return here.item(self._tuple(here), key) if self.cls and self.cls.is_tuple else super().item(key, here)

    def set_item(self, key: Any, value: Any, here: Reading) -> None:
        if method := self._special("__setitem__"):
            here.call(method, key, value)
        else:
            super().set_item(key, value, here)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        if method := self._special("__call__"):
            return here.call_with(method, arguments)
        if self.cls and (library := self.cls.library):
            method = library.package.method(self, library.name, "__call__")
            return here.call_with(method, arguments) if method else super().call(arguments, here)
        raise Raised("TypeError", f"{self._said} cannot be called", here.span)

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        if sign in COMPARISONS:
            method = self._special(f"__{COMPARISONS[MIRRORED.get(sign, sign) if reflected else sign]}__")
        else:
            method = self._special(f"__{'r' if reflected else ''}{OPERATORS[sign]}__")
        if method is not None:
            return here.call(method, other)
        if self.cls and self.cls.fields is not None and isinstance(other, Instance) and sign in COMPARISONS:
            return self.cls is other.cls and here.arithmetic(sign, self._tuple(here), other._tuple(here))  # noqa: SLF001 - it has this method too
        if isinstance(other, Value) and not reflected and sign not in ("==", "!="):
            return other.arithmetic(sign, self, here, reflected=True)
        return super().arithmetic(sign, other, here, reflected=reflected)

    def _tuple(self, here: Reading) -> tuple[Any, ...]:
        return tuple(self.names.get(name) for name in (self.cls and self.cls.fields) or ())

    def negative(self, sign: str, here: Reading) -> Any:
        method = self._special({"-": "__neg__", "+": "__pos__", "~": "__invert__"}[sign])
        return here.call(method) if method else super().negative(sign, here)

    def entries(self, here: Reading) -> list[Any]:
        if method := self._special("__iter__"):
            return here.entries(here.call(method))
        if self._special("__getitem__") and self._special("__len__"):
            return [self.item(index, here) for index in range(self.length(here))]
        return list(self._tuple(here)) if self.cls and self.cls.is_tuple else super().entries(here)

    def contains(self, key: Any, here: Reading) -> bool:
        method = self._special("__contains__")
        return here.truth(here.call(method, key)) if method else super().contains(key, here)

    def length(self, here: Reading) -> int:
        if method := self._special("__len__"):
            found = here.call(method)
            if isinstance(found, Unknown):
                raise found.needed("this length", here.span)
            if isinstance(found, int) and found >= 0:
                here.charge(found)
                return found
            raise Raised("TypeError", f"`__len__` of {self._said} gives no whole number", here.span)
        return super().length(here)

    def truth(self, here: Reading) -> bool:
        for name in ("__bool__", "__len__"):
            if method := self._special(name):
                return here.truth(here.call(method))
        return True


def is_model(value: Any) -> bool:
    """An object with a library's class above it."""
    return isinstance(value, Instance) and (
        type(value) is not Instance or (value.cls is not None and value.cls.library is not None)
    )


def order_of(cls: Class) -> tuple[Class | Library | Unknown, ...]:
    """The class and what is above it in the order in which Python looks for names (its C3 merge).

    Raises Raised where Python finds no such order.
    """
    above = [list(base.order) if isinstance(base, Class) else [base] for base in cls.bases]
    rows = [row for row in (*above, list(cls.bases)) if row]
    found: list[Class | Library | Unknown] = [cls]
    while rows:
        tails = [row[1:] for row in rows]
        first = next((row[0] for row in rows if not any(row[0] in tail for tail in tails)), None)
        if first is None:
            raise Raised("TypeError", f"the bases of {cls.name} have no order that Python could follow")
        found.append(first)
        rows = [rest for row in rows if (rest := row[1:] if row[0] == first else row)]
    return tuple(found)


def _found(this: Any, name: str, after: Class | None, here: Reading) -> Any:
    """A name of the class of `this`, bound to it; None where no class has it."""
    cls = this.cls if isinstance(this, Instance) else this
    if not isinstance(cls, Class):
        return None
    for one in cls.places(name, after):
        if isinstance(one, Class):
            return _bound(one.names[name], this, here)
        if (method := one.package.method(this, one.name, name)) is not None:
            return method
    return None


def _bound(found: Any, this: Any, here: Reading) -> Any:
    if not isinstance(found, Function) or found.flavour == "staticmethod":
        return found
    if found.flavour == "property":
        return here.enter(found, Arguments((Given(this, here.span),), {}, here.span), this)
    if found.flavour == "classmethod":
        return Bound(found, this.cls if isinstance(this, Instance) else this)
    return Bound(found, this)
