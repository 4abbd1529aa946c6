"""The arguments of a call put to a signature as Python does it, and the line of our words that is made of them.

Signatures stand as one string (`"out_channels kernel_size stride=1"`), as the frameworks' manuals print them.  No
framework and no layer is known here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Literal, NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.faults import Fault
from cnncalc.graph.pasted.pasted_call import Name, PythonCall
from cnncalc.python.values import Given, Unknown
from cnncalc.spec.document import Argument, Expectation, Option, Token

_REQUIRED = object()


@cache
def parameters(signature: str) -> Mapping[str, Any]:
    """Each parameter's name -> its default, or a mark that it has none.

    >>> parameters("kernel_size stride=None padding=0")["padding"]
    0
    """
    found: dict[str, Any] = {}
    for part in signature.split():
        name, equals, default = part.partition("=")
        found[name] = ast.literal_eval(default) if equals else _REQUIRED
    return found


@dataclass
class Words:
    """A line in our words while it is made: the layer's word, its arguments, what is expected to arrive.

    `span` is the place of the whole call.
    """

    word: str
    span: Span
    arguments: list[Argument] = field(default_factory=list)
    expects: list[Expectation] = field(default_factory=list)
    shape: str = ""
    """The size of an `input` line to stand before this one."""


class Bound:
    """A call with each argument under its parameter's name; `words` is the line being made of it."""

    def __init__(self, call: PythonCall, signature: str, word: str, ignored: frozenset[str] = frozenset()) -> None:
        self.call = call
        self.title = call.name.rpartition(".")[2]
        self.declared = parameters(signature)
        self.words = Words(word, call.span)
        self.given = self._bound(ignored)

    def _bound(self, ignored: frozenset[str]) -> dict[str, Given]:
        names = list(self.declared)
        if len(self.call.positional) > len(names):
            extra = self.call.positional[len(names)]
            takes = f"its arguments are {', '.join(names)}" if names else "it takes no arguments"
            raise Fault("too-many-operands", f"{self.title} takes {len(names)} arguments", extra.span, help=takes)
        found = dict(zip(names, self.call.positional, strict=False))
        for name, value in self.call.keywords.items():
            if name in found:
                raise Fault("given-twice", f"{name} is given twice", value.span, help="keep one of the two")
            if name in self.declared:
                found[name] = value
            elif name not in ignored:
                advice = did_you_mean(name, names, f"its arguments are {', '.join(names)}")
                raise Fault("unknown-option", f"{self.title} has no argument `{name}`", value.span, help=advice)
        missing = [name for name, default in self.declared.items() if default is _REQUIRED and name not in found]
        if missing:
            message = f"{self.title} needs its {' and '.join(missing)}"
            raise Fault(
                "missing-operand", message, self.call.span, help=f"its arguments are, in order: {', '.join(names)}"
            )
        return found

    # ------------------------------------------------------------------ looking at arguments
    def value(self, name: str) -> Any:
        """What is given for the parameter, or its default, lists as tuples; what is not known is refused."""
        if name not in self.given:
            return self.declared[name]
        found = self.given[name]
        value = tuple(found.value) if isinstance(found.value, list) else found.value
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Unknown):
                raise part.needed(f"{name} of {self.title}", found.span)
            if isinstance(part, (Name, PythonCall)):
                text = part.text if isinstance(part, Name) else f"{part.name}(...)"
                raise Fault(
                    "wrong-operand",
                    f"the value of `{text}` is not known here",
                    found.span,
                    help=f"write the value of {name} itself",
                )
        return value

    def span(self, name: str) -> Span:
        """Where the argument stands; the call's name when it is not written."""
        return self.given[name].span if name in self.given else self.call.span

    def is_default(self, name: str) -> bool:
        """Whether the argument has the value that it has when it is not written."""
        return bool(self.value(name) == self.declared[name])

    def wrong(self, name: str, expected: str) -> Fault:
        """The fault of an argument whose value is of another kind."""
        return Fault("wrong-operand", f"{name} of {self.title} must be {expected}", self.span(name))

    def count(self, name: str) -> int:
        """A whole number."""
        value = self.value(name)
        if type(value) is float:
            fault = f"{name} of {self.title} must be a whole number, not {value}"
            advice = "`/` gives a fraction in Python 3; `//` divides whole numbers"
            raise Fault("wrong-operand", fault, self.span(name), help=advice)
        if type(value) is not int:
            raise self.wrong(name, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        """True or False."""
        value = self.value(name)
        if type(value) is not bool and value not in (0, 1):
            raise self.wrong(name, "True or False")
        return bool(value)

    def number(self, name: str) -> float:
        """A number, whole or not."""
        value = self.value(name)
        if type(value) not in (int, float):
            raise self.wrong(name, "a number")
        return float(value)

    def sizes(self, name: str, axes: int) -> tuple[int, ...]:
        """A whole number for all axes, or one each."""
        value = self.value(name)
        found = value if isinstance(value, tuple) else (value,)
        if any(type(one) is not int for one in found) or len(found) not in (1, axes):
            several = f", or {axes} of them" if axes > 1 else ""
            raise self.wrong(name, f"a whole number{several}")
        return found * axes if len(found) == 1 else found

    def refuse(self, name: str, why: str, help: str) -> Fault:
        """The fault of an argument that our words have nothing for."""
        return Fault("no-counterpart", f"{name} of {self.title}: {why}", self.span(name), help=help)

    def only_default(self, *names: str) -> None:
        """Refuse arguments that change the result and have no counterpart here, unless they change nothing."""
        for name in names:
            if not self.is_default(name):
                default = self.declared[name]
                raise self.refuse(name, "this has no counterpart here", f"it is read only with its default, {default}")

    # ------------------------------------------------------------------ making words
    def say(self, option: str, text: str, name: str) -> None:
        """Write `option=text`, whose place is that of the argument `name`."""
        span = self.span(name)
        self.words.arguments.append(Option(Token(option, span), Token(text, span)))

    def say_word(self, word: str, name: str) -> None:
        """Write a word that stands alone."""
        self.words.arguments.append(Token(word, self.span(name)))

    def expect(self, kind: Literal["channels", "numbers", "axes", "flat"], count: int, name: str = "") -> None:
        """Have what arrives checked when the net is put together."""
        written = f"{name} = {count}" if name in self.given else self.title
        self.words.expects.append(Expectation(kind, count, written, self.span(name)))

    def say_operand(self, text: str, name: str) -> None:
        """Write a number or a word that needs no name, the value of the argument `name`."""
        self.words.arguments.append(Token(text, self.span(name)))

    def say_count(self, option: str, name: str) -> None:
        """A whole number, left out when it is the default."""
        value = self.count(name)
        if self.declared[name] is _REQUIRED or value != self.declared[name]:
            self.say(option, str(value), name)

    def say_sizes(self, option: str, name: str, axes: int) -> None:
        """One size when all axes have the same; left out when it is the default."""
        found = self.sizes(name, axes)
        if self.declared[name] is _REQUIRED or found != self._default_sizes(name, axes):
            self.say(option, short(found), name)

    def _default_sizes(self, name: str, axes: int) -> Any:
        default = self.declared[name]
        return default * axes if isinstance(default, tuple) and len(default) == 1 else (default,) * axes

    def say_kernel(self, name: str, axes: int, option: str = "kernel_size") -> None:
        """The kernel's size, written axis by axis as in the papers: `3x3`."""
        self.say(option, "x".join(map(str, self.sizes(name, axes))), name)

    def say_number(self, option: str, name: str, usual: float) -> None:
        """A number, left out when it is the one that our word has."""
        value = self.number(name)
        if value != usual:
            self.say(option, decimal(value), name)

    def say_bias(self, name: str) -> None:
        """`nobias`, where there is none."""
        if not self.flag(name):
            self.say_word("nobias", name)


class Row(NamedTuple):
    """A layer of a framework: its signature, our word for it, and what makes our line of its arguments."""

    signature: str
    word: str
    say: Callable[[Bound], None]


def nothing(call: Bound) -> None:
    """The word alone says it all."""


def ranks(name: str, signature: str, word: str, say: Callable[..., None], axes: str = "123") -> dict[str, Row]:
    """The rows of `name1d`, `name2d` and `name3d`; `say` is given how many axes they work on."""
    return {f"{name}{rank}d": Row(signature, word, partial(say, axes=int(rank))) for rank in axes}


def decimal(value: float) -> str:
    """The number with all its digits, a whole one without a point.

    >>> decimal(0.1), decimal(2.0), decimal(1e-6)
    ('0.1', '2', '1e-06')
    """
    return repr(value).removesuffix(".0")


def short(sizes: tuple[int, ...]) -> str:
    """`2` for equal sizes, `2x1` for others."""
    return str(sizes[0]) if len(set(sizes)) == 1 else "x".join(map(str, sizes))
