"""JSON read with the place of every value, so that a fault in a file has a line and a column.

The standard library's reader forgets where values stood.  This one is bounded in depth and length; whatever is wrong
with the text raises InputError.  Numbers come as int or float, strings as str, lists and objects hold further `Value`s.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple, NoReturn

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span

DEEPEST = 220
"""Lists and objects inside each other: four for each of the 50 splits and ifs that may stand in each other."""

LONGEST = 5_000_000
"""Characters of a text."""

_SPACE = re.compile(r"[ \t\r\n]*")
_SPACES = frozenset(" \t\r\n")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?(?![0-9.eE+-])")
_CONSTANTS = {"true": True, "false": False, "null": None}
_LETTERS = frozenset(word[0] for word in _CONSTANTS)


class Value(NamedTuple):
    """A JSON value, the offset at which it begins and the one after it; `name` is where a member's name begins."""

    content: Any
    offset: int
    end: int = -1
    name: int = -1


class JsonText:
    """A source read as JSON; `root` is its value."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        if len(self.text) > LONGEST:
            self.refuse(
                "text-too-long", f"this JSON has {len(self.text):,} characters; at most {LONGEST:,} are read", 0
            )
        self.root, end = self._value(self._skip(0), 0)
        if self._skip(end) != len(self.text):
            self._broken("the text goes on after its end", self._skip(end))

    def span(self, offset: int) -> Span:
        """The place of an offset."""
        line = bisect_right(self._line_starts, offset)
        return Span(line, offset - self._line_starts[line - 1] + 1)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def refuse(self, code: str, message: str, offset: int, *, help: str = "") -> NoReturn:
        """Raise the one fault of this text."""
        raise InputError((Diagnostic(code, message, self.span(offset), help=help),), self.source)

    def _broken(self, message: str, offset: int) -> NoReturn:
        place = min(offset, max(0, len(self.text) - 1))
        place -= place > 0 and self.text[place] == "\n" and self.text[place - 1] != "\n"
        self.refuse("broken-json", message, place, help="write the file again")

    def _skip(self, offset: int) -> int:
        if self.text[offset : offset + 1] not in _SPACES:
            return offset
        match = _SPACE.match(self.text, offset)
        return match.end() if match else offset

    def _value(self, start: int, depth: int) -> tuple[Value, int]:
        """value = object | list | string | number | true | false | null."""
        first = self.text[start : start + 1]
        if depth > DEEPEST:
            self._broken(f"lists and objects are nested more than {DEEPEST} deep", start)
        if first == "{":
            return self._members(start, depth, {})
        if first == "[":
            return self._items(start, depth)
        if first == '"':
            text, end = self._string(start)
            return Value(text, start, end), end
        if first in _LETTERS:
            for word, constant in _CONSTANTS.items():
                if self.text.startswith(word, start):
                    return Value(constant, start, start + len(word)), start + len(word)
        return self._number(start)

    def _number(self, start: int) -> tuple[Value, int]:
        match = _NUMBER.match(self.text, start)
        if match is None:
            self._broken("a value is expected here" if start < len(self.text) else "the text ends too early", start)
        number = float(match[0]) if match[1] or match[2] else int(match[0])
        if number in (float("inf"), float("-inf")):
            self._broken("this number is too large", start)
        return Value(number, start, match.end()), match.end()

    def _string(self, start: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, start + 1)
        except JSONDecodeError as problem:
            self._broken("this text is not closed, or holds a character that it may not hold", problem.pos)
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            self._broken("half of a character is written here, as \\ud800 alone, which no file can hold", start)
        return str(text), int(end)

    def _items(self, start: int, depth: int) -> tuple[Value, int]:
        items: list[Value] = []
        offset = self._skip(start + 1)
        while self.text[offset : offset + 1] != "]" or items:
            item, offset = self._value(offset, depth + 1)
            items.append(item)
            offset = self._skip(offset)
            if self.text[offset : offset + 1] == "]":
                break
            offset = self._comma(offset, "]")
        return Value(items, start, offset + 1), offset + 1

    def _members(self, start: int, depth: int, members: dict[str, Value]) -> tuple[Value, int]:
        offset = self._skip(start + 1)
        while self.text[offset : offset + 1] != "}" or members:
            if self.text[offset : offset + 1] != '"':
                self._broken("a name in quotes is expected here", offset)
            begins = offset
            name, after = self._string(offset)
            if name in members:
                self._broken(f"`{name[:40]}` is given twice here", offset)
            after = self._skip(after)
            if self.text[after : after + 1] != ":":
                self._broken("`:` is expected here", after)
            value, offset = self._value(self._skip(after + 1), depth + 1)
            members[name] = Value(value.content, value.offset, value.end, begins)
            offset = self._skip(offset)
            if self.text[offset : offset + 1] == "}":
                break
            offset = self._comma(offset, "}")
        return Value(members, start, offset + 1), offset + 1

    def _comma(self, offset: int, closing: str) -> int:
        if self.text[offset : offset + 1] != ",":
            self._broken(f"`,` or `{closing}` is expected here", offset)
        return self._skip(offset + 1)
