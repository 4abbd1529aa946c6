"""The `forward` of a class: statements with names for what is read more than once, everything else within another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnncalc.dialects.torch.writing.class_units import Unit, uses_of
from cnncalc.dialects.torch.writing.laid_out import Bracket, flat, laid_out, parsed
from cnncalc.dialects.written_code.code_lines import LONGEST, value_code
from cnncalc.dialects.written_code.identifiers import unused, variable_name
from cnncalc.dialects.written_code.outline import Definition, Result

INDENT = 8
WITHIN = 56
"""Characters of code that may stand within other code."""

NOT_VARIABLES = frozenset(("self", "torch", "nn", "range", "super", "part", "enumerate", "len", "print"))
_NAME = re.compile(r"[a-z_]\w*")


@dataclass
class _Held:
    """What a result is called now: a variable, or code that is written where it is read."""

    text: str
    is_variable: bool


class ForwardLines:
    """Writes the statements of a block, unit by unit."""

    def __init__(self, definition: Definition, units: Sequence[Unit], inputs: Sequence[str]) -> None:
        self.definition = definition
        self.units = units
        self.left: Counter[Result] = uses_of(definition)
        self.held: dict[Result, _Held] = {}
        self.lines: list[str] = []
        self.inputs = inputs
        self.names: set[str] = set(NOT_VARIABLES) | set(inputs)
        self.labels: set[str] = set()
        for place, name in enumerate(inputs):
            self.held[Result(-1 - place)] = _Held(name, True)
        self.readers: dict[Result, list[Unit]] = {}
        for unit in units:
            for read in unit.reads:
                self.readers.setdefault(read, []).append(unit)

    def written(self) -> list[str]:
        """All lines, the return among them."""
        for unit in self.units:
            self._write(unit)
        results = [self._taken(one) for one in self.definition.results]
        self._put("return ", ", ".join(results))
        return self.lines

    # ------------------------------------------------------------------ one unit
    def _write(self, unit: Unit) -> None:
        text = self._text(unit)
        if unit.loop is not None:
            self._loop(unit)
            return
        is_last = unit is self.units[-1] and self.definition.results == (unit.result,)
        if unit.count == 1 and (is_last or self._is_within(unit, text)):
            self._release(unit)
            self.held[unit.result] = _Held(text, False)
            return
        self._release(unit)
        names = []
        for number in range(unit.count):
            result = Result(unit.steps[-1], number)
            names.append(self._name(unit, result) if unit.count == 1 or self.left[result] else "_")
            self.held[result] = _Held(names[-1], True)  # so that the next one gets another name
        self._put(f"{', '.join(names)} = ", text)

    def _text(self, unit: Unit) -> str:
        """The code of a unit; what is too long within it gets a name before."""
        while True:
            text = self._filled(unit)
            inner = [read for read in unit.reads if not self.held[read].is_variable]
            if _fits(text) or not inner:
                return text
            self._name_now(max(inner, key=lambda read: len(self.held[read].text)))

    def _filled(self, unit: Unit) -> str:
        code = unit.code
        for place, read in enumerate(unit.reads):
            code = _put_in(code, f"{{x{place}}}", self.held[read].text)
        return code

    def _name_now(self, read: Result) -> None:
        text = self.held[read].text
        unit = next(one for one in self.units if one.result == read)
        name = self._new_name(unit)
        self.held[read] = _Held(name, True)
        self._put(f"{name} = ", text)

    def _is_within(self, unit: Unit, text: str) -> bool:
        """Whether its code is written where it is read: by one unit, once, and not too long."""
        result = unit.result
        if self.left[result] != 1 or len(text) > WITHIN or unit.count != 1 or result in self.definition.results:
            return False
        reader = self.readers[result][0]
        place = reader.reads.index(result)
        if reader.loop is not None or reader.code.count(f"{{x{place}}}") != 1:
            return False
        if len(reader.reads) > 1:
            return text.count("(") <= 2
        same_row = unit.row >= 0 and unit.row == reader.row
        return not reader.is_sequence and (same_row or (reader.is_function and text.count("(") < 3))

    # ------------------------------------------------------------------ names
    def _release(self, unit: Unit) -> None:
        for read in unit.reads:
            self.left[read] -= 1

    def _taken(self, read: Result) -> str:
        self.left[read] -= 1
        return self.held[read].text

    def _name(self, unit: Unit, result: Result) -> str:
        """A name that is free again, else a new one; the label for what is read later."""
        next_units = self.units[self.units.index(unit) + 1 :][:1]
        is_kept = self.left[result] > 1 or not (next_units and result in next_units[0].reads)
        if not (unit.label and is_kept):
            found = self._free_names(unit)
            if found:
                return found[0]
        return self._new_name(unit)

    def _free_names(self, unit: Unit) -> list[str]:
        """Names that nobody reads any more, the first input's among them; a label stays what it is."""
        used = {name for read, held in self.held.items() if self.left[read] > 0 for name in _NAME.findall(held.text)}
        own = {held.text for held in self.held.values() if held.is_variable}
        read = [name for one in unit.reads for name in _NAME.findall(self.held[one].text) if name in own]
        found = [*self.inputs[:1], *read]
        return [name for name in dict.fromkeys(found) if name not in used and name not in self.labels]

    def _new_name(self, unit: Unit) -> str:
        if unit.label:
            found = unused(variable_name(unit.label), self.names)
            self.labels.add(found)
            return found
        if unit.is_sequence:
            return unused(unit.made[0][0], self.names)
        return unused("y", self.names)

    # ------------------------------------------------------------------ lines
    def _loop(self, unit: Unit) -> None:
        repeat = unit.loop
        assert repeat is not None
        begins = self._name_of_first(unit)
        self._release(unit)
        if unit.made:
            self.lines.append(f"{' ' * INDENT}for part in self.{unit.made[0][0]}:")
        else:
            self.lines.append(f"{' ' * INDENT}for {repeat.counter or '_'} in range({value_code(repeat.times)}):")
        code = unit.code
        for place, read in enumerate(unit.reads):
            code = _put_in(code, f"{{x{place}}}", begins if place == 0 else self.held[read].text)
        self.lines += laid_out(parsed(code), INDENT + 4, f"{begins} = ")
        self.held[unit.result] = _Held(begins, True)

    def _name_of_first(self, unit: Unit) -> str:
        """A variable that is written over in a loop: what is read, where nobody else reads it."""
        read = unit.reads[0]
        held = self.held[read]
        if held.is_variable and self.left[read] == unit.reads.count(read) == 1:
            return held.text
        name = self._new_name(unit)
        self._put(f"{name} = ", held.text)
        return name

    def _put(self, before: str, text: str) -> None:
        """A statement; a long chain of methods is written in two."""
        if INDENT + len(before) + len(text) <= LONGEST:
            self.lines.append(f"{' ' * INDENT}{before}{text}")
            return
        self.lines += _opened(before, text)


def _fits(text: str) -> bool:
    """Whether it fits into a line, or into one more where its last bracket is opened."""
    room = LONGEST - INDENT - len("return ")
    if len(text) <= room:
        return True
    code = parsed(text)
    if (
        not isinstance(code, Bracket)
        or any(f" {sign} " in _outside(text) for sign in "+-*/")
        or len(_methods(text)) > 1
    ):
        return False
    inside = ", ".join(map(flat, code.items))
    return len(code.head) < room and INDENT + 4 + len(inside) <= LONGEST


def _put_in(code: str, slot: str, text: str) -> str:
    """The text in a slot of code, in brackets where the code around it would bind it otherwise."""
    if slot not in code:
        return code
    is_compound = any(f" {sign} " in _outside(text) for sign in "+-*/") or text.startswith("-")
    if is_compound:
        before, after = code.split(slot, 1)
        is_bound = before[-2:] in ("+ ", "- ", "* ", "/ ") or before.endswith("-") or after[:1] in (".", "[")
        if is_bound or after[:2] in (" +", " -", " *", " /"):
            text = f"({text})"
    return code.replace(slot, text)


def _outside(text: str) -> str:
    """The code outside of all brackets."""
    depth, found = 0, ""
    for one in text:
        depth -= one in ")]"
        found += one if not depth else ""
        depth += one in "(["
    return found


def _opened(before: str, text: str) -> Iterator[str]:
    """A statement that is too long for a line: an operator or a method on each, or its last bracket opened."""
    outside = _outside(text)
    has_sign = any(f" {sign} " in outside for sign in "+-*/")
    terms = _terms(text) if has_sign else _methods(text)
    if not has_sign and len(terms) < 3:
        yield from laid_out(parsed(text), INDENT, before)
        return
    deeper = " " * (INDENT + 4)
    yield f"{' ' * INDENT}{before}("
    if len(deeper) + len(text) <= LONGEST:
        terms = [text]
    for term in terms:
        yield deeper + term
    yield f"{' ' * INDENT})"


def _methods(text: str) -> list[str]:
    """`x.a(1).b(2)` as `x.a(1)`, `.b(2)`."""
    found, depth = [""], 0
    for at, one in enumerate(text):
        if one == "." and not depth and text[at - 1 : at] in (")", "]"):
            found.append("")
        depth += (one in "([") - (one in ")]")
        found[-1] += one
    return found


def _terms(text: str) -> list[str]:
    """`a + b + c` as `a`, `+ b`, `+ c`."""
    found, depth = [""], 0
    for at, one in enumerate(text):
        if not depth and one in "+-*/" and text[at - 1 : at] == " " and text[at + 1 : at + 2] == " ":
            found[-1] = found[-1].rstrip()
            found.append("")
        depth += (one in "([") - (one in ")]")
        found[-1] += one
    return found
