"""The text form of protobuf messages, as Caffe's .prototxt files have it, with the place of everything.

    message = {field}
    field   = name [":"] (scalar | "[" scalars "]" | "{" message "}" | "<" message ">") [";" | ","]

A field may be written several times.  Which fields there are is not known here.  Depth and size are bounded; whatever
is wrong with the text raises `Fault`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.faults import Fault
from cnncalc.quantities import number

DEEPEST = 60
MOST_FIELDS = 150_000

_SKIP = re.compile(r"[ \t\r\f\v]+|#[^\n]*")
_PIECE = re.compile(
    r"(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(?P<word>[A-Za-z_][\w./-]*|\[[A-Za-z_][\w./]*\])"
    r"|(?P<number>[+-]?(?:\d|\.\d)[\w.]*(?:(?<=[eE])[+-]?\d+)?f?|-inf|-nan)|(?P<sign>[{}<>\[\]:;,])"
)
_CLOSED_BY = {"{": "}", "<": ">"}
_ESCAPE = re.compile(r"\\(.)")
_TRUTHS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}

_T = TypeVar("_T")


class Scalar(NamedTuple):
    """A number, a word or a text without its quotes, as it was written."""

    text: str
    span: Span
    quoted: bool = False


class Message:
    """The fields of one message in order; reading one that is of another kind raises `Fault` at its value."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.fields: list[tuple[Scalar, Scalar | Message]] = []
        self._by_name: dict[str, list[Scalar | Message]] = {}

    def add(self, name: Scalar, value: Scalar | Message) -> None:
        self.fields.append((name, value))
        self._by_name.setdefault(name.text, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def refuse_unknown(self, known: Iterable[str], what: str) -> None:
        """Refuse a field that is none of these: it may be a slip that changes the net."""
        names = frozenset(known)
        for name, _ in self.fields:
            if name.text not in names:
                advice = did_you_mean(name.text, names, f"known there: {', '.join(sorted(names))}")
                raise Fault("unknown-member", f"`{name.text[:40]}` means nothing in {what}", name.span, help=advice)

    def messages(self, name: str) -> list[Message]:
        return [self._message(name, value) for value in self._by_name.get(name, ())]

    def message(self, name: str) -> Message:
        """The last message of that name; one without fields where there is none."""
        found = self.messages(name)
        return found[-1] if found else Message(self.span)

    def scalars(self, name: str) -> list[Scalar]:
        return [self._scalar(name, value) for value in self._by_name.get(name, ())]

    def place(self, *names: str) -> Span:
        """Where the first of these fields that there is has its value, else the message itself."""
        found = next((self._by_name[name][0] for name in names if name in self._by_name), None)
        return found.span if found is not None else self.span

    def text(self, name: str, otherwise: str = "") -> str:
        found = self.scalars(name)
        return found[-1].text if found else otherwise

    def texts(self, name: str) -> list[str]:
        return [one.text for one in self.scalars(name)]

    def flag(self, name: str, *, otherwise: bool) -> bool:
        return self._last(name, otherwise, lambda text: _TRUTHS.get(text.lower()), "true or false")

    def whole(self, name: str, otherwise: int) -> int:
        return self._last(name, otherwise, _whole, "a whole number of at least 0")

    def wholes(self, name: str) -> list[int]:
        return [self._read(one, _whole, "a whole number of at least 0") for one in self.scalars(name)]

    def signed(self, name: str) -> list[int]:
        return [self._read(one, _signed, "a whole number") for one in self.scalars(name)]

    def real(self, name: str, otherwise: float) -> float:
        return self._last(name, otherwise, _real, "a number")

    def reals(self, name: str) -> list[float]:
        return [self._read(one, _real, "a number") for one in self.scalars(name)]

    def _last(self, name: str, otherwise: _T, reading: Callable[[str], _T | None], expected: str) -> _T:
        found = self.scalars(name)
        return self._read(found[-1], reading, expected) if found else otherwise

    def _read(self, one: Scalar, reading: Callable[[str], _T | None], expected: str) -> _T:
        value = None if one.quoted else reading(one.text)
        if value is None:
            raise Fault("unfit-value", f"`{one.text[:40]}` is not {expected}", one.span, help=f"write {expected}")
        return value

    def _scalar(self, name: str, value: Scalar | Message) -> Scalar:
        if isinstance(value, Message):
            raise Fault("unfit-value", f"`{name}` has one value, and fields in brackets are written", value.span)
        return value

    def _message(self, name: str, value: Scalar | Message) -> Message:
        if isinstance(value, Scalar):
            advice = f"write `{name} {{ ... }}`"
            raise Fault("unfit-value", f"`{name}` has fields in brackets, not one value", value.span, help=advice)
        return value


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\+?\d{1,12}", text) else None


def _signed(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?\d{1,12}", text) else None


def _real(text: str) -> float | None:
    found = number(text.rstrip("fF").removeprefix("+"))
    return None if found is None else float(found)


class _Reader:
    """Reads one text; `at` is the place of what comes next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at, self.line, self.begun, self.count = 0, 1, 0, 0

    def read(self) -> Message:
        open_messages = [(Message(Span(1, 1)), "", Span(1, 1))]
        while (piece := self._next()) is not None:
            kind, word = piece
            if kind == "sign" and word.text == open_messages[-1][1]:
                open_messages.pop()
            elif kind == "sign" and word.text in ";,":
                continue
            elif kind in ("word", "text"):
                opened = self._field(open_messages[-1][0], word)
                if opened is not None:
                    open_messages.append(opened)
            else:
                raise Fault("broken-prototxt", f"a field's name is expected here, not `{word.text[:40]}`", word.span)
            if len(open_messages) > DEEPEST:
                raise Fault("nested-too-deeply", f"more than {DEEPEST} messages are inside each other", word.span)
        if len(open_messages) > 1:
            _, closed, place = open_messages[-1]
            raise Fault("unclosed-bracket", "this bracket is never closed", place, help=f"write `{closed}` at its end")
        return open_messages[0][0]

    def _field(self, message: Message, name: Scalar) -> tuple[Message, str, Span] | None:
        """Add the field that begins with this name; a message that it opens is given back, with what closes it."""
        self.count += 1
        if self.count > MOST_FIELDS:
            raise Fault("text-too-long", f"more than {MOST_FIELDS:,} fields are written", name.span)
        kind, value = self._needed(name)
        has_colon = value.text == ":" and kind == "sign"
        if has_colon:
            kind, value = self._needed(name)
        if kind == "sign" and value.text in _CLOSED_BY:
            inside = Message(name.span)
            message.add(name, inside)
            return inside, _CLOSED_BY[value.text], value.span
        if kind == "sign" and value.text == "[":
            self._list(message, name, value)
            return None
        if kind == "sign" or not has_colon:
            shown = f"`{name.text[:40]}` is followed by `{value.text[:40]}`"
            raise Fault("broken-prototxt", shown, value.span, help="write `name: value` or `name { ... }`")
        message.add(name, value)
        return None

    def _list(self, message: Message, name: Scalar, bracket: Scalar) -> None:
        while True:
            kind, value = self._needed(bracket)
            if kind == "sign" and value.text == "]":
                return
            if kind == "sign" and value.text == ",":
                continue
            if kind == "sign":
                raise Fault(
                    "broken-prototxt", f"`{value.text}` is no value of a list", value.span, help="close it: `]`"
                )
            self.count += 1
            if self.count > MOST_FIELDS:
                raise Fault("text-too-long", f"more than {MOST_FIELDS:,} fields are written", value.span)
            message.add(name, value)

    def _needed(self, before: Scalar) -> tuple[str, Scalar]:
        piece = self._next()
        if piece is None:
            message = f"the text ends after `{before.text[:40]}`"
            raise Fault("broken-prototxt", message, before.span, help="the file may be cut off: take a whole one")
        return piece

    def _next(self) -> tuple[str, Scalar] | None:
        text = self.text
        while self.at < len(text):
            if text[self.at] == "\n":
                self.at += 1
                self.line, self.begun = self.line + 1, self.at
            elif skipped := _SKIP.match(text, self.at):
                self.at = skipped.end()
            else:
                break
        if self.at >= len(text):
            return None
        match = _PIECE.match(text, self.at)
        column = self.at - self.begun + 1
        if match is None:
            shown = text[self.at]
            advice = "close the text with its quote on the same line" if shown in "\"'" else "take it out"
            raise Fault("broken-prototxt", f"`{shown}` means nothing here", Span(self.line, column), help=advice)
        self.at = match.end()
        kind = match.lastgroup or ""
        span = Span(self.line, column, len(match[0]))
        if kind == "text":
            return kind, Scalar(_ESCAPE.sub(r"\1", match[0][1:-1]), span, quoted=True)
        return kind, Scalar(match[0], span)


def message_of(text: str) -> Message:
    """The whole text as one message; raises Fault."""
    return _Reader(text).read()
