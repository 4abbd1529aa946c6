"""A .cfg as text: sections in brackets, and below each its options `key=value`, every one with its place.

Darknet takes all spaces and tabs out of a line before it looks at it, skips lines that begin with # or ;, and of a key
that is written twice it takes the first.  What the sections mean is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.graph.faults import Fault

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_REAL = re.compile(r"[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
MOST_SECTIONS = 20_000
LONGEST_LIST = 1000
"""Numbers in one value."""


class Field(NamedTuple):
    """An option: `key` and `value` without spaces, and where each of them is."""

    key: str
    value: str
    span: Span
    value_span: Span


@dataclass(frozen=True)
class Section:
    """A section: its name without brackets in small letters, where it is, and its options."""

    name: str
    span: Span
    fields: list[Field] = field(default_factory=list)

    def find(self, key: str) -> Field | None:
        """The option of that name; Darknet takes the first."""
        return next((one for one in self.fields if one.key == key), None)

    def __contains__(self, key: str) -> bool:
        return self.find(key) is not None

    def place(self, *keys: str) -> Span:
        """Where the value of the first of these options is that is written; else the section."""
        return next((one.value_span for key in keys if (one := self.find(key)) is not None), self.span)

    def text(self, key: str, otherwise: str) -> str:
        found = self.find(key)
        return otherwise if found is None else found.value

    def whole(self, key: str, otherwise: int, *, least: int | None = None) -> int:
        """A whole number; raises Fault for what is none, and for one below `least`."""
        found = self.find(key)
        if found is None:
            return otherwise
        number = _number(found, found.value, found.value_span)
        if least is not None and number < least:
            message = f"{key} is at least {least}, not {number}"
            raise Fault("number-too-small", message, found.value_span, help=f"write {key}={max(least, 1)} or more")
        return number

    def flag(self, key: str) -> bool:
        return self.whole(key, 0) != 0

    def real(self, key: str, otherwise: float) -> float:
        found = self.find(key)
        return otherwise if found is None else _real(found, found.value, found.value_span)

    def wholes(self, key: str) -> list[tuple[int, Span]]:
        """The whole numbers of a list with commas, each with its place."""
        found = self.find(key)
        return [] if found is None else [(_number(found, *part), part[1]) for part in _parts(found)]

    def reals(self, key: str) -> list[float]:
        found = self.find(key)
        return [] if found is None else [_real(found, *part) for part in _parts(found)]


def sections_of(text: str) -> list[Section]:
    """The sections in the order of the text; raises Fault where it is no .cfg."""
    found: list[Section] = []
    for number, line in enumerate(text.split("\n"), start=1):
        bare = "".join(line.split())
        if not bare or bare[0] in "#;":
            continue
        span = Span(number, len(line) - len(line.lstrip()) + 1, max(1, len(line.strip())))
        if bare[0] == "[":
            found.append(Section(_name(bare, span), span))
        elif not found:
            message = "there is an option before the first section"
            raise Fault("broken-cfg", message, span, help="a .cfg begins with [net]")
        else:
            found[-1].fields.append(_field(line, span, found[-1]))
        if len(found) > MOST_SECTIONS:
            raise Fault("too-many-layers", f"there are more than {MOST_SECTIONS:,} sections", span)
    return found


def _name(bare: str, span: Span) -> str:
    name, closing, behind = bare[1:].partition("]")
    if not closing or not name or (behind and behind[0] not in "#;"):
        message = "this is no name of a section"
        raise Fault("broken-cfg", message, span, help="a section is written `[convolutional]`, on a line of its own")
    return name.lower()


def _field(line: str, span: Span, section: Section) -> Field:
    """One option; a comment may stand behind its value, as Darknet reads numbers only up to it."""
    before, equals, behind = line.partition("=")
    key, value = "".join(before.split()), re.split("[#;]", behind, maxsplit=1)[0]
    if not equals or not key or not value.strip():
        message = f"[{section.name[:40]}] has an option without a {'value' if equals and key else 'key and a value'}"
        raise Fault("broken-cfg", message, span, help="an option is written `key=value`")
    start = len(before) + 1 + len(value) - len(value.lstrip())
    own = Span(span.line, span.column, max(1, len(before.strip())))
    return Field(key, "".join(value.split()), own, Span(span.line, start + 1, len(value.strip())))


def _parts(found: Field) -> list[tuple[str, Span]]:
    """The parts of a list with the place of the whole; an empty one at its end is dropped, as Darknet does."""
    parts = found.value.split(",")
    if len(parts) > LONGEST_LIST:
        raise Fault("too-many-operands", f"{found.key} lists more than {LONGEST_LIST:,} numbers", found.value_span)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    return [(part, found.value_span) for part in parts]


def _number(found: Field, text: str, span: Span) -> int:
    if not _WHOLE.fullmatch(text):
        advice = f"write a number of digits: {found.key}={_nearest_whole(text)}"
        raise Fault("unfit-value", f"{found.key} is a whole number, and `{text[:40]}` is none", span, help=advice)
    return int(text)


def _nearest_whole(text: str) -> str:
    digits = re.search(r"[0-9]{1,9}", text)
    return digits[0] if digits else "1"


def _real(found: Field, text: str, span: Span) -> float:
    if not _REAL.fullmatch(text) or not isfinite(float(text)):
        message = f"{found.key} is a number, and `{text[:40]}` is none"
        raise Fault("unfit-value", message, span, help=f"write a number of digits: {found.key}=0.1")
    return float(text)
