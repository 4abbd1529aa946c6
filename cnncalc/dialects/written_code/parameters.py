"""The parameters of a block: which numbers differ between its calls, what they are called, which follow from others.

A column holds one number of the block as it is in each call.  Where a column is a parameter that the net's own text
has, or a simple multiple of one, it is written so; else it is a parameter of its own, called as the argument it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from cnncalc.dialects.written_code.identifiers import unused, variable_name
from cnncalc.dialects.written_code.piece_numbers import Number
from cnncalc.dialects.written_code.pieces import Expression, Value
from cnncalc.dialects.written_code.program_structure import Parameter

TAKEN = frozenset({"self", "x", "i", "nn", "torch", "keras", "layers", "math", "name"})
"""Names that mean something else in the code of a block."""

GIVEN_OUT = frozenset({"out_channels", "out_features", "filters", "units"})
"""Arguments that are called otherwise where as much arrives as is given on."""

COUNTER = "i"
LEAST_MULTIPLIED = 8
"""Numbers below it are multiples of each other by chance."""


KINDS = ("pad", "stride", "dilation", "kernel", "repeats")
"""Numbers that are small and mean different things."""


class Progress(NamedTuple):
    """A number that grows along a run: its first value, and by how much; None where there is one copy alone."""

    start: Value
    step: int | None


@dataclass
class Drafted:
    """The numbers of a block with its parameters in them, the parameters, and what each call gives for them."""

    numbers: tuple[Number, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    arguments: tuple[tuple[Number, ...], ...] = ()
    counted: frozenset[int] = frozenset()
    """The places of those numbers that have the counter of a repeat in them."""


@dataclass
class _Column:
    """One number in all calls; `is_count` is how often a step is done."""

    numbers: list[Number]
    key: tuple[str, ...] = ()
    kind: str = ""

    def __post_init__(self) -> None:
        self.key = tuple(repr(one.value) for one in self.numbers)
        self.kind = next((kind for kind in KINDS if kind in self.numbers[0].name), "")

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        """What says which column it is: its numbers, and what they are."""
        return self.kind, self.key

    def is_as(self, other: _Column) -> bool:
        """Whether one may be said by the other: a stride is no padding, though the numbers may be equal by chance."""
        return self.kind == other.kind or not self.kind or not other.kind

    @property
    def values(self) -> list[Value]:
        return [one.value for one in self.numbers]

    @property
    def whole(self) -> list[int] | None:
        """The values, where all are whole numbers."""
        found = [one for one in self.values if type(one) is int]
        return found if len(found) == len(self.numbers) else None


@dataclass
class _Chosen:
    """A parameter so far."""

    name: str
    column: _Column
    order: int


@dataclass
class _Parameters:
    """The parameters that are found, column by column."""

    settings: dict[str, _Column]
    computed: frozenset[str] = frozenset()
    """Those whose default the text computes of others: `squeeze=$in//4`."""
    chosen: dict[str, _Chosen] = field(default_factory=dict)
    said: dict[tuple[str, tuple[str, ...]], Value] = field(default_factory=dict)
    used: set[str] = field(default_factory=lambda: set(TAKEN))
    names: dict[tuple[str, tuple[str, ...]], set[str]] = field(default_factory=dict)
    """What the arguments are called that have these numbers."""

    def find(self, columns: Sequence[_Column]) -> None:
        """Say every column that differs between the calls."""
        varied: dict[tuple[str, tuple[str, ...]], _Column] = {}
        for column in columns:
            if len(set(column.key)) > 1:
                varied.setdefault(column.place, column)
                self.names.setdefault(column.place, set()).add(column.numbers[0].name)
        bases = self._bases(varied)
        for column in varied.values():
            for name, setting in bases.items():
                said = _said_by(column, name, setting)
                if said is not None:
                    self._choose(name)
                    self.said[column.place] = said
                    break
        for column in varied.values():
            if column.place not in self.said:
                self.said[column.place] = self._derived(column) or self._named(column) or self._own(column)
        # a parameter that is there in any case is the plainest way to say its number
        for column in varied.values():
            for one in self.chosen.values():
                if column.key == one.column.key and column.is_as(one.column):
                    self.said[column.place] = Expression(one.name)

    def _bases(self, varied: Mapping[tuple[str, tuple[str, ...]], _Column]) -> dict[str, _Column]:
        """The parameters of the text that say something: those that are numbers of the block, smallest first."""
        given = {name: one for name, one in self.settings.items() if name not in self.computed}
        exact = {name: one for name, one in given.items() if one.key in {column.key for column in varied.values()}}
        found: dict[str, _Column] = {}
        for name, one in sorted(exact.items(), key=lambda item: _size(item[1])):
            if not any(_said_by(one, other, column) for other, column in found.items()):
                found[name] = one
        return {**{name: one for name, one in exact.items() if name in found}, **given}

    def _choose(self, name: str) -> None:
        if name not in self.chosen:
            self.chosen[name] = _Chosen(name, self.settings[name], list(self.settings).index(name))
            self.used.add(name)

    def _derived(self, column: _Column) -> Value:
        for one in self.chosen.values():
            said = _said_by(column, one.name, one.column)
            if said is not None:
                return said
        return None

    def _named(self, column: _Column) -> Value:
        """A parameter of the text that has a computed default there, and whose number is no simple multiple here."""
        for name, setting in self.settings.items():
            if name in self.computed and setting.key == column.key and column.is_as(setting):
                self._choose(name)
                return Expression(name)
        return None

    def _own(self, column: _Column) -> Value:
        wished = variable_name(column.numbers[0].name, "value")
        if wished.startswith("in_") and self.names[column.place] & GIVEN_OUT:
            wished = wished.removeprefix("in_")
        # 1.0 is the 1 of the text, and is written as it is
        given = (name for name, one in self.settings.items() if one.values == column.values and name not in self.used)
        name = next(given, "") or unused(wished, self.used | set(self.settings))
        self.used.add(name)
        is_first = (
            wished.startswith("in_")
            or wished == "channels"
            or (name.endswith("_channels") and not name.startswith("out_"))
        )
        order = -1 if is_first else len(self.settings) + len(self.chosen)
        self.chosen[name] = _Chosen(name, column, order)
        return Expression(name)

    def value(self, column: _Column) -> Number:
        """The number as the block has it."""
        first = column.numbers[0]
        if len(set(column.key)) == 1:
            return first._replace(default=all(one.default for one in column.numbers))
        return first._replace(value=self.said[column.place], default=False)


def drafted(
    calls: Sequence[Sequence[Number]],
    settings: Sequence[tuple[tuple[str, str], ...]],
    defaults: Mapping[str, str],
) -> Drafted:
    """The parameters of a block by the numbers of all its calls, and by the parameters that its text has."""
    if len(calls) == 1:
        return _of_one_call(calls[0])
    columns = [_Column(list(one)) for one in zip(*calls, strict=True)]
    parted = [_parts(column) for column in columns]
    computed = frozenset(name for name, text in defaults.items() if "$" in text)
    found = _Parameters(_setting_columns(settings), computed)
    found.find([one for parts in parted for one in parts.columns])
    chosen = sorted(found.chosen.values(), key=lambda one: one.order)
    with_default = {one.name: _default(one, defaults) for one in chosen}
    chosen.sort(key=lambda one: with_default[one.name] is not None)
    numbers = tuple(_joined(found, parts) for parts in parted)
    counted = frozenset(place for place, parts in enumerate(parted) if parts.kind == "progress")
    usual = [repr(with_default[one.name]) for one in chosen]
    rows = zip(*(one.column.values for one in chosen), strict=True) if chosen else [()] * len(calls)
    arguments = [
        tuple(Number(value, one.name, repr(value) == text) for one, value, text in zip(chosen, row, usual, strict=True))
        for row in rows
    ]
    parameters = tuple(Parameter(one.name, with_default[one.name]) for one in chosen)
    return Drafted(numbers, parameters, tuple(arguments), counted)


def _of_one_call(numbers: Sequence[Number]) -> Drafted:
    """A block that is called once has its numbers in it."""
    found, counted = [], set()
    for place, number in enumerate(numbers):
        if isinstance(number.value, Progress) and number.value.step:
            found.append(Number(grown(number.value.start, number.value.step), number.name))
            counted.add(place)
        else:
            found.append(_started(number))
    return Drafted(tuple(found), (), ((),), frozenset(counted))


class _Parted(NamedTuple):
    """A column as columns of single values: the sides of a size, or the first number and the step of a progress."""

    kind: Literal["one", "sides", "progress"]
    columns: list[_Column]


def _parts(column: _Column) -> _Parted:
    values = column.values
    if any(isinstance(value, Progress) for value in values):
        steps = {value.step for value in values if isinstance(value, Progress)} - {None}
        constant = {0} if any(not isinstance(value, Progress) for value in values) else set()
        start = _Column([_started(one) for one in column.numbers])
        if not steps:
            return _parts(start)
        only = next(iter(steps)) if len(steps | constant) == 1 else None
        found = [one.value.step if isinstance(one.value, Progress) else 0 for one in column.numbers]
        return _Parted("progress", [start, _Column([Number(only or step or 0, "step") for step in found])])
    lengths = {len(value) if isinstance(value, tuple) else -1 for value in values}
    if len(set(column.key)) > 1 and len(lengths) == 1 and lengths != {-1}:
        sides = zip(*(value for value in values if isinstance(value, tuple)), strict=True)
        return _Parted("sides", [_Column([Number(one, column.numbers[0].name) for one in side]) for side in sides])
    return _Parted("one", [column])


def _started(number: Number) -> Number:
    return number._replace(value=number.value.start) if isinstance(number.value, Progress) else number


def _joined(found: _Parameters, parts: _Parted) -> Number:
    numbers = [found.value(one) for one in parts.columns]
    if parts.kind == "progress":
        return Number(grown(numbers[0].value, numbers[1].value), numbers[0].name)
    if parts.kind == "sides":
        return Number(tuple(one.value for one in numbers), numbers[0].name)
    return numbers[0]


def grown(start: Value, step: Value) -> Value:
    """`start + step * i`."""
    times = step.text if isinstance(step, Expression) else str(abs(step) if isinstance(step, int) else step)
    times = f"({times})" if " " in times else times
    grown = COUNTER if times == "1" else f"{times} * {COUNTER}"
    if start == 0 and isinstance(start, int):
        return Expression(f"-{grown}" if isinstance(step, int) and step < 0 else grown)
    first = start.text if isinstance(start, Expression) else repr(start)
    return Expression(f"{first} {'-' if isinstance(step, int) and step < 0 else '+'} {grown}")


def _said_by(column: _Column, name: str, other: _Column) -> Value:
    """A column in terms of a parameter; None where that is not simple."""
    if not column.is_as(other) and (column.kind, other.kind) != ("pad", "kernel"):
        return None
    if column.key == other.key:
        return Expression(name)
    mine, base = column.whole, other.whole
    if mine is None or base is None or len(set(base)) < 2:
        return None
    if column.numbers[0].name == "repeats":
        more = mine[0] - base[0]
        if abs(more) < 3 and all(a - b == more for a, b in zip(mine, base, strict=True)):
            return Expression(f"{name} {'+' if more > 0 else '-'} {abs(more)}")
    return _multiple(
        list(zip(mine, base, strict=True)), name, has_pad=column.kind == "pad" or column.numbers[0].name == "value"
    )


def _multiple(pairs: list[tuple[int, int]], name: str, *, has_pad: bool) -> Value:
    """`4 * name`, `name // 2`: the first number of each pair by the second."""
    first, other = pairs[0]
    if all(a > 0 and b >= LEAST_MULTIPLIED and a % b == 0 for a, b in pairs) and len({a // b for a, b in pairs}) == 1:
        return Expression(f"{first // other} * {name}")
    if all(a >= 2 and b % a == 0 and b >= LEAST_MULTIPLIED for a, b in pairs) and len({b // a for a, b in pairs}) == 1:
        return Expression(f"{name} // {other // first}")
    less = other // 2 - first
    if has_pad and "kernel" in name and less in (0, 1) and all(a == b // 2 - less for a, b in pairs):
        return Expression(f"{name} // 2 - 1" if less else f"{name} // 2")
    return None


def _size(column: _Column) -> int:
    return sum(column.whole or [0])


def _default(one: _Chosen, defaults: Mapping[str, str]) -> Value:
    """What is taken where a call says nothing: as the net's text has it, or the framework for its own argument."""
    values = {repr(value): value for value in one.column.values}
    if one.name in defaults:
        return values.get(repr(setting_value(defaults[one.name])))
    return next((number.value for number in one.column.numbers if number.default), None)


def _setting_columns(settings: Sequence[tuple[tuple[str, str], ...]]) -> dict[str, _Column]:
    """The parameters of the block's text that all calls have and that differ, as columns."""
    tables = [dict(one) for one in settings]
    found = {}
    for name in tables[0]:
        if all(name in table for table in tables):
            column = _Column([Number(setting_value(table[name]), name) for table in tables])
            if len(set(column.key)) > 1:
                found[_free(variable_name(name), column)] = column
    return found


def _free(name: str, column: _Column) -> str:
    """The name of a parameter of the text, where it means something else in a program."""
    if name not in TAKEN:
        return name
    return f"{name}_" if column.whole is None else f"num_{name}"


def setting_value(text: str) -> Value:
    """A setting as a number, a size, or the word that it is: `5x5` is 5, as frameworks have it."""
    try:
        sides = tuple(map(int, text.lower().split("x")))
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text
    return sides[0] if len(set(sides)) == 1 else sides
