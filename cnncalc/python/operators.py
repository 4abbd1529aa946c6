"""Arithmetic, comparisons and copies of Python's own values, each bounded.

Whatever Python refuses becomes an error that the program could catch; whatever would be too large is refused before it
is worked out.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from cnncalc.python.program_error import Raised
from cnncalc.python.program_limits import DEEPEST_VALUE, LARGEST_POWER, LONGEST_LIST, Bounds, exceeded
from cnncalc.python.texts import percent
from cnncalc.python.values import Reading, Value

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~",
}  # fmt: skip
_COMPUTED: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "@": operator.matmul, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
NOUNS = {
    bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "a list", tuple: "a tuple",
    dict: "a dictionary", set: "a set", range: "a range", slice: "a slice",
}  # fmt: skip
_LISTS = (list, tuple, dict, set, frozenset)


def plain(sign: str, left: Any, right: Any, bounds: Bounds) -> Any:
    """`left sign right` of Python's own values."""
    if isinstance(left, _LISTS) and isinstance(right, _LISTS):
        for one in (left, right):
            unknown = bounds.whole(one)
            if unknown is not None and sign not in ("+", "|"):
                return unknown
    _refuse_what_grows(sign, left, right)
    try:
        if sign == "%" and isinstance(left, str):
            return percent(left, right, bounds)
        return bounds.kept(_COMPUTED[sign](left, right))
    except (TypeError, ZeroDivisionError, ValueError, OverflowError) as error:
        raise Raised(type(error).__name__, f"`{sign}` of {noun(left)} and {noun(right)}: {error}") from None


def _refuse_what_grows(sign: str, left: Any, right: Any) -> None:
    if sign in ("**", "<<", ">>") and isinstance(left, int) and isinstance(right, int) and abs(right) > LARGEST_POWER:
        if sign == "**" and abs(left) <= 1:
            return
        raise exceeded(f"{'a power' if sign == '**' else 'a shift'} of more than {LARGEST_POWER} is not worked out")
    if sign == "*":
        for one, times in ((left, right), (right, left)):
            if isinstance(one, (list, tuple, str)) and isinstance(times, int) and len(one) * times > LONGEST_LIST:
                raise exceeded(f"a list has more than {LONGEST_LIST:,} entries")


def negative(sign: str, value: Any) -> Any:
    """`-value`, `+value`, `~value`."""
    try:
        return -value if sign == "-" else +value if sign == "+" else ~value
    except TypeError as error:
        raise Raised("TypeError", f"`{sign}` of {noun(value)}: {error}") from None


def is_in(key: Any, holder: Any, here: Reading, bounds: Bounds) -> Any:
    """`key in holder`; Unknown where an entry that is not known may be the one."""
    if isinstance(holder, Value):
        return holder.contains(key, here)
    if isinstance(holder, (list, tuple)):
        here.charge(len(holder))
        for one in holder:
            same = one is key or here.arithmetic("==", one, key)
            if isinstance(same, Value):
                return same
            if same:
                return True
        return False
    unknown = bounds.whole(key)
    if unknown is not None:
        return unknown
    try:
        return key in holder
    except TypeError as error:
        raise Raised("TypeError", str(error)) from None


def copied(value: Any, copies: dict[int, Any], here: Reading, depth: int = 0) -> Any:
    """A deep copy; what is met twice is copied once."""
    if depth > DEEPEST_VALUE:
        raise exceeded(f"lists are nested more than {DEEPEST_VALUE} deep")
    here.charge(1)
    if id(value) in copies:
        return copies[id(value)]
    made: Any = value
    if isinstance(value, Value):
        made = value.copied(copies, here)
    elif type(value) is list:
        copies[id(value)] = made = []
        made += [copied(one, copies, here, depth + 1) for one in value]
    elif type(value) is dict:
        copies[id(value)] = made = {}
        made.update({key: copied(one, copies, here, depth + 1) for key, one in value.items()})
    elif type(value) is tuple:
        made = tuple(copied(one, copies, here, depth + 1) for one in value)
    elif type(value) is set:
        made = set(value)
    copies[id(value)] = made
    return made


def noun(value: Any) -> str:
    """What a value is called in a message."""
    if isinstance(value, Value):
        return value.noun
    if value is None:
        return "None"
    return NOUNS.get(type(value), "this value")
