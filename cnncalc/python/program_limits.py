"""Every limit of what a program may cost to read, and the measuring of values against them.

A step is about one node of the program's tree; work whose size the tree does not show (a long list, a join, a
comparison) is charged by its size.  Which operation charges what is decided where the operation is.
"""

from __future__ import annotations

from typing import Any

from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Unknown, Value

MOST_STEPS = 700_000
"""In all.  EfficientNetV2-L of torchvision needs 264,000, PolyNet 198,000, DenseNet-201 118,000."""
STEPS_OF_A_STATEMENT = 250_000
"""Of one statement at the level of the file: a loop that trains is left out when it has taken them."""
DEEPEST_CALL = 100
DEEPEST_VALUE = 100
"""Lists in lists."""
LONGEST_LIST = 100_000
LONGEST_TEXT = 100_000
LARGEST_WHOLE = 10**18
LARGEST_POWER = 64
"""Of exponents and shifts of whole numbers."""
WIDEST_FORMAT = 999
LONGEST_ORDER = 200
"""Classes above a class."""


def exceeded(what: str) -> PythonFault:
    """The fault of a program that wants more than reading allows."""
    return PythonFault("python-bound", what, help="if this is no slip: give the part of the program that has the model")


class Bounds:
    """Counts the steps of one program."""

    def __init__(self) -> None:
        self.steps = 0
        self.limit = MOST_STEPS

    def charge(self, steps: int) -> None:
        """Count work; raises PythonFault when the limit is passed, and counts no further than that."""
        self.steps += steps
        if self.steps > self.limit:
            self.steps = self.limit + 1
            most = MOST_STEPS if self.limit == MOST_STEPS else STEPS_OF_A_STATEMENT
            raise exceeded(f"reading this takes more than {most:,} steps")

    def kept(self, value: Any) -> Any:
        """A value that an operation gave, if it is not too large; its size is charged."""
        kind = type(value)
        if kind is int:
            if not -LARGEST_WHOLE < value < LARGEST_WHOLE:
                raise exceeded("a whole number has more than 18 digits")
        elif kind is str:
            if len(value) > LONGEST_TEXT:
                raise exceeded(f"a text has more than {LONGEST_TEXT:,} characters")
            self.charge(len(value) // 8)
        elif kind in (list, tuple):
            self.charge(len(self.limited(value)) // 4)
        elif kind in (dict, set):
            self.charge(len(self.limited(value)))
        elif kind is complex:
            return Unknown("a complex number")
        return value

    def limited(self, value: Any) -> Any:
        """A list, dictionary or set, if it is not too long."""
        if len(value) > LONGEST_LIST:
            raise exceeded(f"a list has more than {LONGEST_LIST:,} entries")
        return value

    def whole(self, value: Any) -> Unknown | None:
        """Go through everything in a list, as comparing, sorting and printing do; charges each entry.

        Gives the first value in it that is not known; raises PythonFault for lists nested too deeply.
        """
        waiting: list[tuple[Any, int]] = [(value, 0)]
        unknown = None
        while waiting:
            one, depth = waiting.pop()
            if isinstance(one, Unknown):
                unknown = unknown or one
            elif isinstance(one, (list, tuple, dict, set, frozenset)):
                self.charge(len(one) + 1)
                if depth > DEEPEST_VALUE:
                    raise exceeded(f"lists are nested more than {DEEPEST_VALUE} deep")
                waiting += [(each, depth + 1) for each in one]
                if isinstance(one, dict):
                    waiting += [(each, depth + 1) for each in one.values()]
            elif isinstance(one, str):
                self.charge(len(one) // 8)
        return unknown

    def key(self, value: Any) -> Any:
        """A value that is used as a key of a dict or an entry of a set; raises PythonFault where it is not known."""
        if isinstance(value, tuple):
            unknown = self.whole(value)
            if unknown is not None:
                value = unknown
        if isinstance(value, Unknown):
            raise value.needed("a key", None)
        return value


def has_values(value: Any) -> bool:
    """Whether a list holds anything that is not Python's own; call it after `Bounds.whole`."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(map(has_values, value))
    if isinstance(value, dict):
        return any(map(has_values, value)) or any(map(has_values, value.values()))
    return isinstance(value, Value)
