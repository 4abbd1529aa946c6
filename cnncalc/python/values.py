"""What a name of somebody's program can stand for while the program is read.

Numbers, texts, None, tuples, lists, dicts, sets, slices and ranges are Python's own.  Everything else is a `Value`,
which says itself what Python's operations do to it: functions and classes of the program are in
`cnncalc.python.objects`, tensors and modules are Values that the dialects bring.  A name of a library is only its
dotted text; no object of a library is ever held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cnncalc.diagnostics import Span
from cnncalc.python.program_error import PythonFault

if TYPE_CHECKING:
    from cnncalc.python.functions import Function
    from cnncalc.python.objects import Class, Instance


LONGEST_NAME = 200
"""Characters of a dotted name."""
SAYING_TRAINING = frozenset(("requires_grad", "trainable"))
"""Attributes that say whether training changes something."""
STEPS_OF_A_LIBRARY_CALL = 30
"""What a library's function or class costs in time, as steps: binding its arguments, making a module or a layer."""


class Given(NamedTuple):
    """An argument of a call: its value and the place where it is written."""

    value: Any
    span: Span


class Arguments(NamedTuple):
    """The arguments of a call; `span` is the place of the whole call."""

    positional: tuple[Given, ...]
    keywords: Mapping[str, Given]
    span: Span

    @property
    def values(self) -> tuple[Any, ...]:
        """The positional arguments alone."""
        return tuple(given.value for given in self.positional)


class Reading(Protocol):
    """The evaluator, as Values and packages see it: `here` in their methods."""

    @property
    def span(self) -> Span:
        """The place in the program that is being worked out: that of the innermost call."""

    @property
    def trail(self) -> tuple[Span, ...]:
        """The places of the calls around it, innermost first."""

    def note_training(self) -> None:
        """Remember this place: what training changes is not known because of it."""

    def line_words(self, line: int) -> str:
        """A line of the program in a sentence: `line 12`, `line 12 of blocks.py`, `line 3 of cell 7`."""

    def call(self, function: Any, *values: Any, **keywords: Any) -> Any:
        """Call a value with these arguments, at the place that is being worked out."""

    def call_with(self, function: Any, arguments: Arguments) -> Any:
        """Call a value with arguments that have places of their own."""

    def attribute(self, holder: Any, name: str) -> Any:
        """`holder.name`; raises PythonFault where there is none."""

    def set_attribute(self, holder: Any, name: str, value: Any) -> None:
        """`holder.name = value`."""

    def arithmetic(self, sign: str, left: Any, right: Any) -> Any:
        """`left sign right`, with sign one of + - * / // % ** @ & | ^ << >> == != < <= > >=."""

    def item(self, holder: Any, key: Any) -> Any:
        """`holder[key]`."""

    def truth(self, value: Any) -> bool:
        """Whether a condition that is this value holds; raises PythonFault where that is not known."""

    def entries(self, value: Any) -> list[Any]:
        """What a loop over the value goes through, bounded; raises PythonFault where it cannot be looped over."""

    def enter(self, function: Function, arguments: Arguments, this: Any = None) -> Any:
        """Work out the body of a function of the program; `this` is what `super()` in it speaks of."""

    def copied(self, value: Any, copies: dict[int, Any]) -> Any:
        """`copy.deepcopy(value)`; `copies` are those made so far, by the id of what they are copies of."""

    def charge(self, steps: int) -> None:
        """Count work against the bound; raises PythonFault when it is used up."""


class Value:
    """What is not one of Python's own values; each method says what one operation of Python does to it."""

    noun = "this value"
    """What it is called in a message: `a tensor`, `a module`."""

    is_object = False
    """Whether it was made from a class of the program or of a library, so that it can be begun."""

    def attribute(self, name: str, here: Reading) -> Any:
        """`value.name`."""
        raise PythonFault("python-error", f"{self.noun} has no `{name}` that is read here", here.span)

    def type(self, here: Reading) -> Any:
        """`type(value)`."""
        return Unknown(f"the type of {self.noun} is not known", here.span)

    def copied(self, copies: dict[int, Any], here: Reading) -> Any:
        """`copy.deepcopy(value)`: itself, unless something of it can be changed."""
        return self

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        """`value.name = ...`."""
        raise PythonFault("python-error", f"`{name}` of {self.noun} cannot be set", here.span)

    def delete_attribute(self, name: str, here: Reading) -> None:
        """`del value.name`."""
        raise PythonFault("python-error", f"`{name}` of {self.noun} cannot be deleted", here.span)

    def item(self, key: Any, here: Reading) -> Any:
        """`value[key]`."""
        raise PythonFault("python-error", f"{self.noun} has no parts", here.span)

    def set_item(self, key: Any, value: Any, here: Reading) -> None:
        """`value[key] = ...`."""
        raise PythonFault("python-error", f"a part of {self.noun} cannot be set", here.span)

    def delete_item(self, key: Any, here: Reading) -> None:
        """`del value[key]`."""
        raise PythonFault("python-error", f"a part of {self.noun} cannot be deleted", here.span)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        """`value(...)`."""
        raise PythonFault("python-error", f"{self.noun} cannot be called", here.span)

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        """`value sign other`, or `other sign value` when reflected."""
        if sign in ("==", "!="):
            return (self == other) is (sign == "==")
        raise PythonFault("python-error", f"{self.noun} cannot be reckoned with", here.span)

    def written_over(self, sign: str, other: Any, here: Reading) -> Any:
        """What `value sign= other` leaves under the name: a new value, or this one with other content."""
        return self.arithmetic(sign, other, here)

    def negative(self, sign: str, here: Reading) -> Any:
        """`-value`, `+value` or `~value`."""
        raise PythonFault("python-error", f"{self.noun} has no sign", here.span)

    def entries(self, here: Reading) -> list[Any]:
        """What a loop over it goes through."""
        raise PythonFault("python-error", f"{self.noun} cannot be looped over", here.span)

    def contains(self, key: Any, here: Reading) -> bool:
        """`key in value`."""
        return key in self.entries(here)

    def length(self, here: Reading) -> int:
        """`len(value)`."""
        return len(self.entries(here))

    def truth(self, here: Reading) -> bool:
        """Whether a condition that is this value holds."""
        return True


@dataclass(frozen=True)
class Unknown(Value):
    """A value that reading cannot know, and why.

    It spreads through expressions without a fault and stops only where a size, a branch, a loop or a layer needs it.
    `name` is that of a library for which nobody speaks: what is in it has a longer name.  `fault` is that of the
    statement that was left out because of it, `is_undefined` says that nothing gives the name a value.
    """

    reason: str
    span: Span | None = None
    name: str = ""
    fault: PythonFault | None = field(default=None, compare=False, repr=False)
    is_undefined: bool = field(default=False, compare=False, repr=False)
    noun = "a value that is not known"

    @classmethod
    def library(cls, name: str, span: Span) -> Unknown:
        """A name of a library for which nobody speaks."""
        return cls(f"`{name}` is not read here", span, name)

    def attribute(self, name: str, here: Reading) -> Any:
        is_named = 0 < len(self.name) < LONGEST_NAME
        return Unknown.library(f"{self.name}.{name}", here.span) if is_named else self

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        if name in SAYING_TRAINING and value is not True:
            here.note_training()

    def delete_attribute(self, name: str, here: Reading) -> None:
        return None

    def item(self, key: Any, here: Reading) -> Any:
        return self

    def set_item(self, key: Any, value: Any, here: Reading) -> None:
        return None

    def delete_item(self, key: Any, here: Reading) -> None:
        return None

    def call(self, arguments: Arguments, here: Reading) -> Any:
        return Unknown(self.reason, self.span) if self.name else self

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        return self

    def type(self, here: Reading) -> Any:
        return self

    def negative(self, sign: str, here: Reading) -> Any:
        return self

    def entries(self, here: Reading) -> list[Any]:
        raise self.needed("what is looped over", here.span)

    def length(self, here: Reading) -> int:
        raise self.needed("this length", here.span)

    def truth(self, here: Reading) -> bool:
        raise self.needed("this condition", here.span)

    def needed(self, what: str, span: Span | None) -> PythonFault:
        """The fault of a place that cannot do without the value: `what` needs it there."""
        fault = PythonFault("unknown-value", f"{what} is not known: {self.reason}", span)
        fault.unknown, fault.needed = self, what
        return fault


@dataclass(frozen=True)
class Library(Value):
    """A name of a library, as text: `torch.nn.Conv2d`; `package` says what it means."""

    name: str
    package: Package = field(compare=False, repr=False)
    noun = "a name of a library"

    def attribute(self, name: str, here: Reading) -> Any:
        if name == "__init__":
            return Beginning(self)
        if name.startswith("__") or len(self.name) > LONGEST_NAME:
            return Unknown(f"`{name}` of `{self.name}` is not read here", here.span)
        return self.package.member(f"{self.name}.{name}", here)

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        """Settings of a library (`torch.backends.cudnn.benchmark`) mean nothing to a model."""

    def entries(self, here: Reading) -> list[Any]:
        raise Unknown(f"what is in `{self.name}` is not read here").needed("what is looped over", here.span)

    def item(self, key: Any, here: Reading) -> Any:
        """`List[int]`, `Callable[..., nn.Module]`: a type is a type."""
        return self

    def call(self, arguments: Arguments, here: Reading) -> Any:
        here.charge(STEPS_OF_A_LIBRARY_CALL)
        return self.package.call(self.name, arguments, here)

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        """`int | None` is two types; names are compared as texts."""
        return (self, other) if sign == "|" else super().arithmetic(sign, other, here, reflected=reflected)


@dataclass(frozen=True)
class Beginning(Value):
    """`torch.nn.Module.__init__`: called with an object, as programs did before `super()` was short."""

    library: Library
    noun = "a function"

    def call(self, arguments: Arguments, here: Reading) -> Any:
        first, *rest = arguments.positional or (None,)
        if first is None or not isinstance(first.value, Value) or not first.value.is_object:
            raise PythonFault("python-error", f"`{self.library.name}.__init__` needs the object itself", here.span)
        this: Any = first.value
        self.library.package.begin(this, self.library.name, arguments._replace(positional=tuple(rest)), here)
        return None


class Package(Protocol):
    """What the names of one or several libraries mean: PyTorch's, Keras', Python's own modules."""

    roots: frozenset[str]
    """The packages it speaks for: `torch`, `torchvision`."""

    usual: Mapping[str, str]
    """Names that pieces of programs take for granted -> what they mean: `nn` -> `torch.nn`."""

    def has(self, name: str) -> bool:
        """Whether `from library import *` brings the last part of this dotted name."""

    def member(self, name: str, here: Reading) -> Any:
        """What a dotted name stands for: a number, a `Library` of its canonical name, an `Unknown`."""

    def call(self, name: str, arguments: Arguments, here: Reading) -> Any:
        """The function or class of that canonical name, called."""

    def instance(self, cls: Class, base: str, span: Span) -> Instance | Unknown:
        """An empty object of a class of the program whose first library base is `base`; nothing is called yet.

        Where such objects are no part of any model (a data set, an optimizer): Unknown.
        """

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Reading) -> None:
        """What `super().__init__(...)` does when it reaches the library class `base`."""

    def method(self, this: Any, base: str, name: str) -> Any:
        """`this.name` and `super().name` where the library class `base` has it: a Value that is called without `self`.

        None where it has no such method.
        """

    def is_a(self, value: Any, name: str) -> bool:
        """`isinstance(value, <name>)` for a class of this library."""

    def is_below(self, name: str, other: str) -> bool:
        """`issubclass(<name>, <other>)` for two classes of this library."""


@dataclass(eq=False, repr=False)
class Scope:
    """Names of a file, a class body, a function call or a comprehension; `outer` is looked at next.

    `declared` are names that `global` or `nonlocal` speaks of; `owner` is the class around a method, `this` its first
    argument; `yielded` collects what a generator gives; `stars` are the libraries of `from library import *`;
    `path` is where a file lies.
    """

    kind: str
    names: dict[str, Any] = field(default_factory=dict)
    outer: Scope | None = None
    declared: dict[str, str] = field(default_factory=dict)
    owner: Class | None = None
    this: Any = None
    yielded: list[Any] | None = None
    stars: list[Library] = field(default_factory=list)
    path: str = ""
