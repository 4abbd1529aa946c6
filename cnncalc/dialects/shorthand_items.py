"""A shorthand cut into units: `784-2x(32C5-P2)-10` is six units, each with its place; brackets are written out.

Dashes, arrows, plus signs, commas and line ends part units; two pieces of one unit that a dash parts, `32-C5` or VGG's
`conv3-64`, are put together.  What a unit means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.graph.faults import Fault

MOST_UNITS = 20_000
"""Units of a net, repeated ones each time."""

DEEPEST = 50
"""Brackets inside each other."""

LONGEST_TEXT = 100_000
"""Characters."""

_SPACE = re.compile(r"[^\S\n]+|#[^\n]*")
_PARTING = re.compile(r"\n|[-=]{1,3}>|[-\u2013\u2014\u2212]{1,3}|[+,;\u2192\u21d2|>]")
_BEFORE = re.compile(r"(\d{1,6})\s*[xX×*]\s*(?=[(\[{])")
_AFTER = re.compile(r"\s*[xX×*^_]\s*(\d{1,6}|[nmkNMKij]\b)")
_PIECE = re.compile(r"[^\s\-=\u2013\u2014\u2212+,;\u2192\u21d2|>()\[\]{}#]+")
_ARGUMENTS = re.compile(r"\(\s*[\w.=%@/×]+(?:\s*[,\s]\s*[\w.=%@/×]+){0,5}\s*\)")
_CLOSED_BY = {"(": ")", "[": "]", "{": "}"}

_COUNTLESS = re.compile(r"(?:c|conv) ?\d+(?:[x×]\d+)?(?:s\d+)?|fc|f", re.IGNORECASE)
_KERNEL_FIRST = re.compile(r"conv(\d+)(?:[x×]\d+)?", re.IGNORECASE)


class Unit(NamedTuple):
    """A unit as it was written, and its place; `paper` is VGG's way to write a convolution, `conv3-64`."""

    text: str
    span: Span
    dash: bool = False
    paper: bool = False


class _Group:
    """Units inside one pair of brackets, or of the whole text."""

    def __init__(self, opened: str = "", span: Span | None = None, times: int = 1) -> None:
        self.opened = opened
        self.span = span
        self.times = times
        self.units: list[Unit] = []


class _Cutter:
    """Cuts one text; `groups` are the brackets that are open, the whole text first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line, self.begun = 1, 0
        self.groups = [_Group()]
        self.dash = False

    def cut(self) -> list[Unit]:
        while self.at < len(self.text):
            self._step()
        if len(self.groups) > 1:
            opened = self.groups[-1]
            assert opened.span is not None
            closed = _CLOSED_BY[opened.opened]
            raise Fault(
                "unclosed-bracket", f"this `{opened.opened}` is never closed", opened.span, help=f"write `{closed}`"
            )
        return self.groups[0].units

    def _span(self, length: int = 1) -> Span:
        return Span(self.line, self.at - self.begun + 1, length)

    def _step(self) -> None:
        text, at = self.text, self.at
        if space := _SPACE.match(text, at):
            self.at = space.end()
        elif parting := _PARTING.match(text, at):
            self.dash = parting[0][0] in "-\u2013\u2014\u2212" and len(parting[0]) == 1
            self.at = parting.end()
            if parting[0] == "\n":
                self.line, self.begun = self.line + 1, self.at
        elif times := _BEFORE.match(text, at):
            count, place = int(times[1]), self._span(len(times[1]))
            self.at = times.end()
            self._open(count, place)
        elif text[at] in _CLOSED_BY:
            self._open(1, self._span())
        elif text[at] in ")]}":
            self._close()
        else:
            self._piece()

    def _open(self, times: int, place: Span) -> None:
        if len(self.groups) > DEEPEST:
            raise Fault("nested-too-deeply", f"more than {DEEPEST} brackets are inside each other", place)
        if times < 1:
            raise Fault(
                "number-too-small", "units that are repeated 0 times are no units", place, help="leave them out"
            )
        self.groups.append(_Group(self.text[self.at], self._span(), times))
        self.at += 1

    def _close(self) -> None:
        sign = self.text[self.at]
        if len(self.groups) == 1 or _CLOSED_BY[self.groups[-1].opened] != sign:
            message = f"`{sign}` closes a bracket that was never opened"
            raise Fault("unexpected-bracket", message, self._span(), help="take it out, or open it before")
        group = self.groups.pop()
        self.at += 1
        times, found = group.times, _AFTER.match(self.text, self.at)
        if found:
            start = found.start(1)
            self.at = start
            place = self._span(found.end() - start)
            if not found[1].isdigit():
                raise Fault(
                    "pattern-not-a-net",
                    f"`{found[1]}` says how often, but no number: this is a pattern of nets, not one net",
                    place,
                    help="write a number: 2x(32C3-P2); `cnncalc explain pattern` says how a net is compared with one",
                )
            if not int(found[1]):
                raise Fault(
                    "number-too-small", "units that are repeated 0 times are no units", place, help="leave them out"
                )
            times *= int(found[1])
            self.at = found.end()
        self._add(merged(group.units), times, group.span)

    def _piece(self) -> None:
        """Words up to the next sign that parts units; a call's brackets belong to it: `Conv(32, 5x5)`."""
        start = end = self.at
        while piece := _PIECE.match(self.text, end):
            end = piece.end()
            arguments = _ARGUMENTS.match(self.text, end) if self.text[end - 1].isalpha() else None
            if arguments:
                end = arguments.end()
            space = _SPACE.match(self.text, end)
            following = space.end() if space and space[0][0] != "#" else end
            if following == end or not _PIECE.match(self.text, following) or _BEFORE.match(self.text, following):
                break
            end = following
        if end == start:
            raise Fault("unknown-unit", f"`{self.text[start]}` means nothing in a shorthand", self._span())
        unit = Unit(" ".join(self.text[start:end].split()), self._span(end - start), self.dash)
        self.at = end
        self._add([unit], 1, unit.span)
        self.dash = False

    def _add(self, units: list[Unit], times: int, span: Span | None) -> None:
        inside = self.groups[-1].units
        if len(inside) + len(units) * times > MOST_UNITS:
            assert span is not None
            raise Fault(
                "too-many-layers", f"this writes out more than {MOST_UNITS:,} units", span, help="repeat fewer times"
            )
        inside += units * times


def units_of(text: str) -> list[Unit]:
    """The units of a text in order, what is in brackets as often as is written; raises Fault."""
    if len(text) > LONGEST_TEXT:
        message = f"this text has {len(text):,} characters; a shorthand of at most {LONGEST_TEXT:,} is read"
        raise Fault(
            "text-too-long", message, Span(1, 1), help="write one layer a line: `cnncalc init` begins such a text"
        )
    return merged(_Cutter(text).cut())


def merged(units: Sequence[Unit]) -> list[Unit]:
    """The units, with those put together of which a dash had parted the number: `32-C5`, `conv3-64`, `FC-4096`."""
    found: list[Unit] = []
    for unit in units:
        before = found[-1] if found and unit.dash and found[-1].span.line == unit.span.line else None
        together = _together(before, unit) if before else None
        if together is None:
            found.append(unit)
        else:
            found[-1] = together
    return found


def _together(before: Unit, unit: Unit) -> Unit | None:
    """One unit of two neighbours, or None."""
    span, first, second = before.span.to(unit.span), before.text, unit.text
    kernel = _KERNEL_FIRST.fullmatch(first)
    if kernel and second.isdigit():
        return Unit(f"{second}C{first[4:]}", span, before.dash, paper=True)
    if first.isdigit() and _COUNTLESS.fullmatch(second):
        return Unit(f"{first}{second}", span, before.dash)
    if first.lower() in ("fc", "dense") and second.isdigit():
        return Unit(f"{second}FC", span, before.dash)
    if (first.lower(), second.lower()) in (("soft", "max"), ("max", "pool"), ("avg", "pool")):
        return Unit(first + second, span, before.dash)
    return None
