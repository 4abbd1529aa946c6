"""Code as black lays it out: what is too long for a line is opened at its last bracket, one thing a line at need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Union

from cnncalc.dialects.written_code.code_lines import LONGEST, value_code
from cnncalc.dialects.written_code.pieces import Argument, Made, Value

_CLOSING = {")": "(", "]": "["}


class Bracket(NamedTuple):
    """Code before a bracket, the items in it; `is_open` puts each of them on a line of its own in any case."""

    head: str
    items: tuple[Code, ...]
    brackets: str = "()"
    is_open: bool = False


class Repeated(NamedTuple):
    """An item of a list that is made several times: `Block(64) for _ in range(3)`."""

    item: Code
    loop: str


Code = Union[str, Bracket, Repeated]  # noqa: UP007


def flat(code: Code) -> str:
    """The code on one line."""
    if isinstance(code, Bracket):
        return f"{code.head}{code.brackets[0]}{', '.join(map(flat, code.items))}{code.brackets[1]}"
    if isinstance(code, Repeated):
        return f"{flat(code.item)} {code.loop}"
    return code


def _is_open(code: Code) -> bool:
    if isinstance(code, Bracket):
        return code.is_open or any(map(_is_open, code.items))
    return isinstance(code, Repeated) and _is_open(code.item)


def laid_out(code: Code, indent: int, before: str = "", after: str = "") -> Iterator[str]:
    """The lines of the code with a text before and after it."""
    space, whole = " " * indent, f"{before}{flat(code)}{after}"
    if isinstance(code, str) or (not _is_open(code) and indent + len(whole) <= LONGEST):
        yield space + whole
    elif isinstance(code, Repeated):
        yield from laid_out(code.item, indent, before)
        yield f"{space}{code.loop}{after}"
    else:
        yield f"{space}{before}{code.head}{code.brackets[0]}"
        yield from _inside(code, indent + 4)
        yield f"{space}{code.brackets[1]}{after}"


def _inside(code: Bracket, indent: int) -> Iterator[str]:
    together = ", ".join(map(flat, code.items))
    if not _is_open(code) and indent + len(together) <= LONGEST:
        yield " " * indent + together
    elif len(code.items) == 1:
        yield from laid_out(code.items[0], indent)
    else:
        for item in code.items:
            yield from laid_out(item, indent, after=",")


def code_of(value: Value, name: str = "") -> Code:
    """A value, or an argument of that name."""
    before = f"{name}=" if name else ""
    if isinstance(value, Made):
        return made_code(value, before)
    if type(value) is tuple and value and type(value[0]) is tuple:
        return _listed(value, before)
    if type(value) is tuple and len(value) > 1:
        return Bracket(before, tuple(map(code_of, value)))
    return before + value_code(value)


def _listed(value: Value, before: str = "") -> Code:
    """Numbers in rows, as lists in lists."""
    if type(value) is tuple:
        return Bracket(before, tuple(map(_listed, value)), "[]")
    return before + value_code(value)


def made_code(made: Made, before: str = "") -> Bracket:
    """A part with its arguments."""
    return Bracket(before + made.callee, tuple(_argument(one) for one in made.arguments))


def _argument(one: Argument) -> Code:
    return code_of(one.value, one.keyword)


def sequence(items: Sequence[Code], callee: str = "nn.Sequential") -> Code:
    """Parts in a row, each on its line."""
    return Bracket(callee, tuple(items), is_open=len(items) > 1)


def parsed(text: str) -> Code:
    """Code that ends with a bracket, so that it can be opened there; a text where that is not so."""
    start = _match(text)
    if text[-1:] not in _CLOSING or (start == 0 and text[0] == "("):
        return text
    inside = text[start + 1 : -1]
    return Bracket(text[:start], tuple(map(parsed, _parted(inside))), text[start] + text[-1])


def _match(text: str) -> int:
    """Where the bracket begins that ends with the text."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in ")]") - (text[at] in "([")
        if depth == 0:
            return at
    return 0


def _parted(text: str) -> list[str]:
    """The items between commas that are in no bracket."""
    found, depth = [""], 0
    for one in text:
        depth += (one in "([") - (one in ")]")
        if one == "," and not depth:
            found.append("")
        else:
            found[-1] += one
    return [one.strip() for one in found if one.strip()]
