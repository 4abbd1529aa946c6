"""What stands in front of a cursor: the words of the line so far, and which rooms of the text the line is in."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from cnncalc.editor.named_places import Named
from cnncalc.report.line_pages import word_of

Part = Literal["words", "answers", "comment", "quotes"]

_LABEL = re.compile(r"[^\W\d][\w.-]*:")
_BEGUN = re.compile(r"[^\s=]*$")
_ROOMS = {"block": "end", "repeat": "end", "if": "end", "split": "join"}


class TypedLine(NamedTuple):
    """A line up to the cursor.

    `words` are those before the one that is being written (`begun`), its label left out; `option` is the name in front
    of `=` where a value is being written.
    """

    part: Part
    words: tuple[str, ...] = ()
    begun: str = ""
    option: str = ""
    has_label: bool = False

    @property
    def first(self) -> str:
        """The first whole word in lower case; empty where it is still being written."""
        return self.words[0].lower() if self.words else ""

    @property
    def last(self) -> str:
        """The word before the one that is being written."""
        return self.words[-1].lower() if self.words else ""


def typed_line(before: str) -> TypedLine:
    """What is being written at the end of the first half of a line.

    >>> typed_line("a: conv 32 3x3 padding=sa")
    TypedLine(part='words', words=('conv', '32', '3x3'), begun='sa', option='padding', has_label=True)
    """
    quoted = False
    for at, letter in enumerate(before):
        if letter == '"':
            quoted = not quoted
        elif letter == "#" and not quoted and (at == 0 or before[at - 1].isspace()):
            return TypedLine("comment")
    if quoted:
        return TypedLine("quotes")
    begun = _BEGUN.search(before)
    word = begun[0] if begun else ""
    rest = before[: len(before) - len(word)]
    option = ""
    if rest.endswith("="):
        option = re.split(r"[\s=]", rest[:-1])[-1]
        rest = rest[: len(rest) - 1 - len(option)]
    words = tuple(rest.replace("=>", " => ").split())
    has_label = bool(words) and _LABEL.fullmatch(words[0]) is not None
    words = words[1:] if has_label else words
    part: Part = "answers" if "=>" in words else "words"
    return TypedLine(part, words, word, option, has_label)


def rooms_of(lines: tuple[str, ...]) -> list[tuple[int, ...]]:
    """For each line, counted from 1 (0 stands for none), the lines that open the blocks and repeats around it."""
    found: list[tuple[int, ...]] = [()]
    pile: list[tuple[str, int]] = []
    rooms: tuple[int, ...] = ()
    for number, line in enumerate(lines, 1):
        word = word_of(line)
        if pile and word == _ROOMS[pile[-1][0]]:
            pile.pop()
            rooms = _rooms(pile)
        found.append(rooms)
        if word in _ROOMS:
            pile.append((word, number))
            rooms = _rooms(pile)
    return found


def _rooms(pile: list[tuple[str, int]]) -> tuple[int, ...]:
    return tuple(number for word, number in pile if word in ("block", "repeat"))


def seen_from(named: tuple[Named, ...], lines: tuple[str, ...], line: int) -> tuple[Named, ...]:
    """The names that a line can use, counted from 1: labels above it in its room, values, blocks and matrices."""
    rooms = rooms_of(lines)
    here = rooms[line] if line < len(rooms) else ()
    return tuple(one for one in named if _is_seen(one, rooms, here, lines, line))


def _is_seen(
    one: Named, rooms: list[tuple[int, ...]], here: tuple[int, ...], lines: tuple[str, ...], line: int
) -> bool:
    if one.kind in ("block", "matrix"):
        return True
    given = one.span.line
    if one.kind in ("parameter", "counter"):
        return given in here
    there = rooms[given] if given < len(rooms) else ()
    if one.kind == "constant" and not there:
        return given < line or any(word_of(lines[room - 1]) == "block" for room in here)
    inner = here[len(there) :]
    return given < line and here[: len(there)] == there and all(word_of(lines[n - 1]) != "block" for n in inner)
