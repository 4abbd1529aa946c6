"""The text that `print(model)` shows, as a tree: indentation says what is in what, each line names one module.

    Net(
      (conv1): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))
      (blocks): ModuleList(
        (0-2): 3 x Block(
    ...

No layer is known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from cnncalc.diagnostics import Source, Span
from cnncalc.graph.faults import Fault

DEEPEST = 100
"""Modules in modules in modules."""

MOST_COPIES = 1000
"""Modules that one line may stand for: `(0-11): 12 x Block(`."""

_LINE = re.compile(
    r"(?:\((?P<name>[^()\s]{1,100})\): )?(?:(?P<copies>[0-9]{1,6}) x )?(?P<word>[A-Za-z_]\w{0,100})\((?P<rest>.*)"
)
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.|In \[\d*\]:|Out\[\d*\]:|print\(|#).*")
_RANGE = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")


@dataclass
class Printed:
    """One module: its class, what stands in its brackets (None: other modules do), and those modules by name."""

    word: str
    arguments: str | None
    span: Span
    parts: list[tuple[str, Printed]] = field(default_factory=list)

    @property
    def call(self) -> str:
        """As a call of Python, for a module without others in it."""
        return f"{self.word}({self.arguments or ''})"


class _Read(NamedTuple):
    names: tuple[str, ...]
    module: Printed
    is_open: bool


def tree(source: Source) -> Printed:
    """The module that is printed; raises Fault at a line that is none."""
    root: Printed | None = None
    opened: list[Printed] = []
    for number, line in enumerate(source.lines, 1):
        text = line.strip()
        if not text or _PROMPT.fullmatch(line):
            continue
        if text == ")" and opened:
            opened.pop()
            continue
        if root is not None and not opened:
            break  # what follows the model is no part of it
        read = _line(line, number)
        if opened:
            opened[-1].parts += [(name, read.module) for name in read.names]
        else:
            root = read.module
        if read.is_open:
            opened.append(read.module)
        if len(opened) > DEEPEST:
            raise Fault("nested-too-deeply", f"modules are nested more than {DEEPEST} deep", read.module.span)
    if root is None:
        raise Fault("pasted-print-cut", "there is no printed model in this text", Span(1, 1))
    if opened:
        message = f"the print ends inside `{opened[-1].word}`: its closing bracket is missing"
        raise Fault("pasted-print-cut", message, opened[-1].span, help="paste the whole print")
    return root


def _line(line: str, number: int) -> _Read:
    text = line.strip()
    span = Span(number, len(line) - len(line.lstrip()) + 1, max(1, len(text)))
    found = _LINE.fullmatch(text)
    rest = found["rest"].strip() if found else ""
    if found is None or (rest and not rest.endswith(")")):
        message = f"`{text[:60]}` is no line of a printed model"
        raise Fault("pasted-print-cut", message, span, help="each line is (name): Module(...) or a closing bracket")
    at = span.column + found.start("word")
    place = Span(number, at, max(1, len(text) - found.start("word")))
    module = Printed(found["word"], rest[:-1] if rest else None, place)
    return _Read(_names(found["name"] or "", int(found["copies"] or 1), place), module, not rest)


def _names(name: str, copies: int, span: Span) -> tuple[str, ...]:
    """`0-2` for three."""
    if copies == 1:
        return (name,)
    bounds = _RANGE.fullmatch(name)
    first, last = (int(bounds[1]), int(bounds[2])) if bounds else (0, copies - 1)
    if last - first + 1 != copies or copies > MOST_COPIES:
        raise Fault("pasted-print-cut", f"`({name}): {copies} x` does not name {copies} modules", span)
    return tuple(map(str, range(first, last + 1)))
