"""A pickle read as data: its opcodes are carried out on plain values, nothing is imported and nothing is called.

`pickle` itself does what a file says; even with `find_class` restricted, BUILD writes attributes and five bytes set
aside gigabytes of memo.  Here a class or a function is a `Name`, and what would have been called is a `Call`: a record
of that name, its arguments and its state, which nobody carries out.  Opcodes, texts and numbers are bounded.  What a
call means (an array, a module) is not known here.  The opcodes: Python's `pickletools`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

MOST_OPCODES = 1_000_000
"""60 for each array of the largest nets, optimizer included; each makes one value, or copies one item."""

LONGEST_TEXT = 1 << 16
"""Bytes of a text that is kept; of a longer one (a program's source) only the length is."""

LARGEST_TEXTS = 1 << 24
"""Bytes of all texts that are kept, with `TEXT_COST` for each."""

TEXT_COST = 32
"""Bytes that a text takes, however short it is."""

LONGEST_NUMBER = 255
"""Bytes of a whole number."""

MOST_DIGITS = 20
"""Of a whole number that is written out."""


class BadPickle(ValueError):
    """The stream is broken, or needs what no file of weights needs; the error's words say which."""


class Name(NamedTuple):
    """A class or a function: `module.attribute`, which nobody looks up."""

    text: str


class Persistent(NamedTuple):
    """A reference to something outside of the pickle; PyTorch's storages are such."""

    id: Any


class Skipped(NamedTuple):
    """A text or bytes too long to be kept."""

    size: int


@dataclass(slots=True, eq=False)
class Call:
    """What a call would have made: of what, with which arguments, what was then set and put into it."""

    name: str
    arguments: Any
    state: Any = None
    items: dict[Any, Any] | None = None


def read_pickle(data: memoryview, start: int = 0) -> tuple[Any, int]:
    """The value of the pickle that begins at `start`, and where it ends.  Raises BadPickle.

    >>> import pickle
    >>> read_pickle(memoryview(pickle.dumps({"epoch": 3, "run": print}, 2)))[0]
    {'epoch': 3, 'run': Name(text='__builtin__.print')}
    """
    machine = _Machine(data, start)
    value = machine.run()
    return value, machine.at


class _Machine:
    """The stack machine of the format: where it is in the stream, its stack with its marks, its memo."""

    def __init__(self, data: memoryview, start: int) -> None:
        self.data, self.at = data, start
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.kept, self.copied = 0, 0

    def run(self) -> Any:
        for _ in range(MOST_OPCODES):
            code = self.taken(1)[0]
            if code == _STOP:
                return self.pop()
            action = _ACTIONS[code]
            if action is None:
                raise BadPickle(f"opcode {code:#04x}, which no file of weights needs")
            action(self)
        raise BadPickle("it has more steps than any file of weights")

    # ---- the stream
    def taken(self, count: int) -> memoryview:
        end = self.at + count
        if end > len(self.data):
            raise BadPickle("it ends too early")
        found = self.data[self.at : end]
        self.at = end
        return found

    def unsigned(self, size: int) -> int:
        return int.from_bytes(self.taken(size), "little")

    def line(self) -> str:
        """The text before the next end of a line."""
        size = 64
        while (length := (start := bytes(self.data[self.at : self.at + size])).find(b"\n")) < 0:
            if len(start) < size or size >= LONGEST_TEXT:
                raise BadPickle("a line has no end")
            size *= 2
        self.at += length + 1
        self.keep(length)
        return start[:length].decode("utf-8", "replace")

    def whole(self) -> int:
        """A whole number that is written out on a line."""
        text = self.line().removesuffix("L")
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise BadPickle("a number is no whole number, or too long")
        return int(text)

    def keep(self, size: int) -> None:
        self.kept += size + TEXT_COST
        if self.kept > LARGEST_TEXTS:
            raise BadPickle("it has more text than any file of weights")

    def content(self, size: int) -> bytes | Skipped:
        """So many bytes, where they are worth keeping."""
        found = self.taken(size)
        if size > LONGEST_TEXT:
            return Skipped(size)
        self.keep(size)
        return bytes(found)

    # ---- the stack
    def pop(self) -> Any:
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise BadPickle("its stack is empty where a value is needed")
        return self.stack.pop()

    def top(self) -> Any:
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise BadPickle("its stack is empty where a value is needed")
        return self.stack[-1]

    def popped(self, count: int) -> tuple[Any, ...]:
        return tuple([self.pop() for _ in range(count)][::-1])

    def marked(self) -> list[Any]:
        """Everything above the last mark, which goes with it."""
        if not self.marks:
            raise BadPickle("a mark is missing")
        place = self.marks.pop()
        items = self.stack[place:]
        del self.stack[place:]
        return items

    def remembered(self, place: int) -> Any:
        if place not in self.memo:
            raise BadPickle("it uses a value that was never made")
        return self.memo[place]


# ---------------------------------------------------------------------- texts and numbers
def _text(machine: _Machine, size: int, encoding: str = "utf-8") -> None:
    found = machine.content(machine.unsigned(size))
    machine.stack.append(found if isinstance(found, Skipped) else found.decode(encoding, "replace"))


def _long(machine: _Machine, size: int) -> None:
    count = machine.unsigned(size)
    if count > LONGEST_NUMBER:
        raise BadPickle(f"a number has {count:,} bytes")
    machine.stack.append(int.from_bytes(machine.taken(count), "little", signed=True))


def _fixed(machine: _Machine, layout: str) -> None:
    machine.stack.append(struct.unpack(layout, machine.taken(struct.calcsize(layout)))[0])


def _float_line(machine: _Machine) -> None:
    try:
        machine.stack.append(float(machine.line()[:64]))
    except ValueError:
        raise BadPickle("a number is none") from None


def _protocol(machine: _Machine) -> None:
    if machine.unsigned(1) > 5:  # 2020, the newest yet
        raise BadPickle("its version is not known")


# ---------------------------------------------------------------------- lists, dicts, tuples
def _append(machine: _Machine, items: Iterable[Any]) -> None:
    target = machine.top()
    if isinstance(target, list):
        target.extend(items)
    elif not isinstance(target, Call):  # a list of a class of its own: what is in it matters to nobody
        raise BadPickle("it puts items into what is no list")


def _append_one(machine: _Machine) -> None:
    item = machine.pop()
    _append(machine, (item,))


def _put(machine: _Machine, items: list[Any]) -> None:
    target = machine.top()
    if isinstance(target, Call):
        held = target.items = {} if target.items is None else target.items
    else:
        held = target
    if not isinstance(held, dict) or len(items) % 2:
        raise BadPickle("it puts keys and values into what is no dict")
    for key, value in zip(items[::2], items[1::2], strict=True):
        held[_key(key)] = value


def _key(key: Any) -> Any:
    """Texts are looked up; every other key stands for itself, since hashing a deep or a chosen one costs at will."""
    return key if isinstance(key, str) else object()


def _put_one(machine: _Machine) -> None:
    items = list(machine.popped(2))
    _put(machine, items)


def _dict(machine: _Machine) -> None:
    items = machine.marked()
    machine.stack.append({})
    _put(machine, items)


# ---------------------------------------------------------------------- names and calls
_CALLED_FIRST = {"copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copy_reg.__newobj__"}
"""Functions whose first argument is the class to make one of."""


def _global_name(machine: _Machine) -> None:
    module, attribute = machine.line(), machine.line()
    machine.stack.append(Name(f"{module}.{attribute}"))


def _stack_name(machine: _Machine) -> None:
    module, attribute = machine.popped(2)
    if not (isinstance(module, str) and isinstance(attribute, str)):
        raise BadPickle("a name is no text")
    machine.keep(len(module) + len(attribute))
    machine.stack.append(Name(f"{module}.{attribute}"))


def _reduce(machine: _Machine) -> None:
    called, arguments = machine.popped(2)
    machine.stack.append(_called(machine, called, arguments))


def _new_with_words(machine: _Machine) -> None:
    called, arguments, _ = machine.popped(3)
    machine.stack.append(_called(machine, called, arguments))


def _instance(machine: _Machine) -> None:
    module, attribute = machine.line(), machine.line()
    machine.stack.append(_called(machine, Name(f"{module}.{attribute}"), tuple(machine.marked())))


def _object(machine: _Machine) -> None:
    called, *arguments = machine.marked() or [None]
    machine.stack.append(_called(machine, called, tuple(arguments)))


def _called(machine: _Machine, called: Any, arguments: Any) -> Any:
    """An OrderedDict is a dict; every other call is remembered, by whatever has no name as well."""
    if isinstance(called, Persistent) and isinstance(called.id, tuple) and called.id[:1] == ("module",):
        called = called.id[1] if len(called.id) > 1 else None  # PyTorch before 1.6: a class beside its program
    if not isinstance(called, Name):
        raise BadPickle("it calls what has no name")
    if called.text in _CALLED_FIRST and isinstance(arguments, tuple) and arguments and isinstance(arguments[0], Name):
        called = arguments[0]
    if called.text == "collections.OrderedDict":
        return _ordered(machine, arguments)
    return Call(called.text, arguments)


def _ordered(machine: _Machine, arguments: Any) -> dict[Any, Any]:
    pairs = arguments[0] if isinstance(arguments, tuple) and arguments else []
    if not isinstance(pairs, list) or not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in pairs):
        raise BadPickle("an OrderedDict is made of what are no pairs")
    machine.copied += len(pairs)
    if machine.copied > MOST_OPCODES:
        raise BadPickle("it has more steps than any file of weights")
    return {_key(key): value for key, value in pairs}


def _build(machine: _Machine) -> None:
    state, built = machine.pop(), machine.top()
    if isinstance(built, Call):
        built.state = state
    elif not isinstance(built, dict):  # a dict's own attributes (`_metadata`) matter to nobody
        raise BadPickle("it sets attributes of what has none")


# ---------------------------------------------------------------------- the table
_Action = Callable[[_Machine], Any]


def _pushes(made: Callable[[_Machine], Any]) -> _Action:
    return lambda machine: machine.stack.append(made(machine))


def _remembers(place: Callable[[_Machine], int]) -> _Action:
    return lambda machine: machine.memo.__setitem__(place(machine), machine.top())


_TABLE: dict[bytes, _Action] = {
    b"N": _pushes(lambda _: None),
    b"\x88": _pushes(lambda _: True),
    b"\x89": _pushes(lambda _: False),
    b"K": lambda machine: _fixed(machine, "<B"),
    b"M": lambda machine: _fixed(machine, "<H"),
    b"J": lambda machine: _fixed(machine, "<i"),
    b"G": lambda machine: _fixed(machine, ">d"),
    b"I": _pushes(_Machine.whole),
    b"L": _pushes(_Machine.whole),
    b"F": _float_line,
    b"\x8a": lambda machine: _long(machine, 1),
    b"\x8b": lambda machine: _long(machine, 4),
    b"X": lambda machine: _text(machine, 4),
    b"\x8c": lambda machine: _text(machine, 1),
    b"\x8d": lambda machine: _text(machine, 8),
    b"U": lambda machine: _text(machine, 1, "latin-1"),
    b"T": lambda machine: _text(machine, 4, "latin-1"),
    b"S": _pushes(lambda machine: machine.line()[1:-1]),
    b"V": _pushes(_Machine.line),
    b"C": _pushes(lambda machine: machine.content(machine.unsigned(1))),
    b"B": _pushes(lambda machine: machine.content(machine.unsigned(4))),
    b"\x8e": _pushes(lambda machine: machine.content(machine.unsigned(8))),
    b"\x96": _pushes(lambda machine: machine.content(machine.unsigned(8))),
    b")": _pushes(lambda _: ()),
    b"]": _pushes(lambda _: []),
    b"}": _pushes(lambda _: {}),
    b"\x8f": _pushes(lambda _: []),  # a set: what is in it is all that is asked
    b"(": lambda machine: machine.marks.append(len(machine.stack)),
    b"t": _pushes(lambda machine: tuple(machine.marked())),
    b"\x85": _pushes(lambda machine: machine.popped(1)),
    b"\x86": _pushes(lambda machine: machine.popped(2)),
    b"\x87": _pushes(lambda machine: machine.popped(3)),
    b"l": _pushes(_Machine.marked),
    b"\x91": _pushes(_Machine.marked),
    b"d": _dict,
    b"a": _append_one,
    b"e": lambda machine: _append(machine, machine.marked()),
    b"\x90": lambda machine: _append(machine, machine.marked()),
    b"s": _put_one,
    b"u": lambda machine: _put(machine, machine.marked()),
    b"q": _remembers(lambda machine: machine.unsigned(1)),
    b"r": _remembers(lambda machine: machine.unsigned(4)),
    b"p": _remembers(_Machine.whole),
    b"\x94": _remembers(lambda machine: len(machine.memo)),
    b"h": _pushes(lambda machine: machine.remembered(machine.unsigned(1))),
    b"j": _pushes(lambda machine: machine.remembered(machine.unsigned(4))),
    b"g": _pushes(lambda machine: machine.remembered(machine.whole())),
    b"c": _global_name,
    b"\x93": _stack_name,
    b"Q": _pushes(lambda machine: Persistent(machine.pop())),
    b"P": _pushes(lambda machine: Persistent(machine.line())),
    b"R": _reduce,
    b"\x81": _reduce,
    b"\x92": _new_with_words,
    b"i": _instance,
    b"o": _object,
    b"b": _build,
    b"0": lambda machine: machine.pop(),
    b"1": _Machine.marked,
    b"2": _pushes(_Machine.top),
    b"\x80": _protocol,
    b"\x95": lambda machine: machine.taken(8),
}
"""The opcodes that files of weights need; extensions and buffers outside of the stream are not among them."""

_ACTIONS: tuple[_Action | None, ...] = tuple(_TABLE.get(bytes([code])) for code in range(256))
_STOP = ord(".")
