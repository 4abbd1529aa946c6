"""The lines of a block: a statement a layer, loops for what is repeated, calls of other blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.dialects.keras.writing.value_names import Held, held, is_nothing
from cnncalc.dialects.written_code.code_lines import LONGEST, argument_code, call_lines, expression_lines, value_code
from cnncalc.dialects.written_code.identifiers import unused, variable_name
from cnncalc.dialects.written_code.outline import Apply, Call, Definition, Repeat, Result, Step
from cnncalc.dialects.written_code.pieces import Argument, Made

_PLACE = re.compile(r"\{([xmv])(\d+)\}")


class Functions(NamedTuple):
    """The functions of a program by the identity of their blocks.

    `makers` are blocks some calls of which share their layers: such a function gives a function, which may be called
    more than once.
    """

    names: Mapping[int, str]
    makers: frozenset[int] = frozenset()


class FunctionBody:
    """The statements of a block, which calls these functions.

    Layers that are used more than once are made by a statement of their own.  With `every_part` the statements that
    make layers are kept in `made`, four spaces deep.
    """

    def __init__(
        self,
        definition: Definition,
        inputs: Sequence[str],
        functions: Functions,
        names: Mapping[int, str] | None = None,
        *,
        every_part: bool = False,
        is_net: bool = False,
    ) -> None:
        self.definition, self.functions = definition, functions
        self.layer_names = names or {}
        self.every_part = every_part
        self.made: list[str] = []
        self.taken = {*functions.names.values(), *(one.name for one in definition.parameters), "layers", "ops", "keras"}
        self.variables: Held = held(definition, inputs, self.taken, keeps_inputs=is_net)
        self.taken |= set(self.variables.names.values())
        self.lenders = {step.again for step in definition.steps if not isinstance(step, Repeat)} - {None}
        self.parts: dict[int, tuple[str, ...]] = {}
        """The step that others share their layers with -> the variables of those layers."""

    def lines(self, indent: int) -> list[str]:
        """All statements, without the last one that returns."""
        found: list[str] = []
        for place, step in enumerate(self.definition.steps):
            if not is_nothing(step):
                found += self._step(place, step, indent)
        return found

    def results(self) -> list[str]:
        """The variables of what the block gives."""
        return [self.variables.names[result] for result in self.definition.results]

    def _step(self, place: int, step: Step, indent: int) -> Iterator[str]:
        target = self.variables.names[Result(place)]
        reads = [self.variables.names[read] for read in step.reads]
        if isinstance(step, Repeat):
            if place in self.variables.copied:
                yield f"{' ' * indent}{target} = {reads[0]}"
            counter = (self._lists(place, step) if self.every_part else "") or step.counter or "_"
            yield f"{' ' * indent}for {counter} in range({value_code(step.times)}):"
            yield from self._statements(place, step.step, [target, *reads[1:]], target, indent + 4)
        else:
            yield from self._statements(place, step, reads, target, indent)

    def _lists(self, place: int, step: Repeat) -> str:
        """Make a list of the layers of all times, each time with its own; what counts through it, if there are any."""
        one = step.step
        if isinstance(one, Call):
            function = self.functions.names[id(one.definition)]
            arguments = [argument_code(argument) for argument in one.arguments]
            made = [(variable_name(step.name or one.definition.name), function, arguments)]
        else:
            base = variable_name(step.name or one.piece.word)
            made = [(part.name or base, part.callee, _arguments(part)) for part in one.piece.made]
        counter = step.counter or unused("i", self.taken)
        loop = f"for {step.counter or '_'} in range({value_code(step.times)})"
        names = [unused(name, self.taken) for name, _, _ in made]
        for name, (_, callee, arguments) in zip(names, made, strict=True):
            lines = [f"    {name} = [{callee}({', '.join(arguments)}) {loop}]"]
            folded = [f"    {name} = [", *call_lines(callee, arguments, "", 8), f"        {loop}", "    ]"]
            self.made += lines if len(lines[0]) <= LONGEST else folded
        self.parts[place] = tuple(f"{name}[{counter}]" for name in names)
        return counter if names else ""

    def _statements(self, place: int, step: Apply | Call, reads: list[str], target: str, indent: int) -> Iterator[str]:
        if isinstance(step, Call):
            yield from self._call(place, step, reads, target, indent)
        else:
            yield from self._apply(place, step, reads, target, indent)

    # ------------------------------------------------------------------ blocks
    def _call(self, place: int, step: Call, reads: list[str], target: str, indent: int) -> Iterator[str]:
        function = self.functions.names[id(step.definition)]
        arguments = [argument_code(one) for one in step.arguments]
        targets = ", ".join([target, *(self.variables.names[Result(place, n)] for n in range(1, self._count(step)))])
        if id(step.definition) not in self.functions.makers:
            yield from call_lines(f"{targets} = {function}", [*reads, *arguments], "", indent)
            return
        lender = place if step.again is None else step.again
        if lender not in self.parts:
            self.parts[lender] = (unused(variable_name(step.name or step.definition.name), self.taken),)
            yield from self._making(self.parts[lender][0], function, arguments, indent)
        yield from call_lines(f"{targets} = {self.parts[lender][0]}", reads, "", indent)

    def _making(self, variable: str, callee: str, arguments: list[str], indent: int) -> list[str]:
        """The statement that makes a layer, or a block with layers of its own."""
        if not self.every_part:
            return call_lines(f"{variable} = {callee}", arguments, "", indent)
        self.made += call_lines(f"{variable} = {callee}", arguments, "", 4)
        return []

    def _count(self, step: Call) -> int:
        return len(step.definition.results)

    # ------------------------------------------------------------------ layers
    def _apply(self, place: int, step: Apply, reads: list[str], target: str, indent: int) -> Iterator[str]:
        piece, lender = step.piece, place if step.again is None else step.again
        made = self._named(place, step)
        values = [value_code(one) for one in piece.values]
        if made and (self.every_part or place in self.lenders or step.again is not None):
            if lender not in self.parts:
                base = variable_name(step.name or piece.word)
                self.parts[lender] = tuple(unused(one.name or base, self.taken) for one in made)
                for variable, one in zip(self.parts[lender], made, strict=True):
                    yield from self._making(variable, one.callee, _arguments(one), indent)
            code = _filled(piece.code, {"x": reads, "m": self.parts[lender], "v": values})
            yield from expression_lines(f"{target} = {code}", "", indent)
            return
        if piece.chained and piece.chained == piece.made:
            for number, one in enumerate(made):
                read = reads[0] if number == 0 else target
                yield from call_lines(f"{target} = {one.callee}", _arguments(one), f"({read})", indent)
            return
        parts = [value_code(one) for one in made]
        code = _filled(piece.code, {"x": reads, "m": parts, "v": values})
        yield from expression_lines(f"{target} = {code}", "", indent)

    def _named(self, place: int, step: Apply) -> tuple[Made, ...]:
        """The layers, the last one with its name."""
        made, name = step.piece.made, self.layer_names.get(place, "")
        if not name or not made:
            return made
        at = len(made) - 1 if step.piece.chained else 0
        named = made[at]._replace(arguments=(*made[at].arguments, Argument("name", name)))
        return (*made[:at], named, *made[at + 1 :])


def _arguments(made: Made) -> list[str]:
    return [argument_code(one) for one in made.arguments]


def _filled(code: str, parts: Mapping[str, Sequence[str]]) -> str:
    return _PLACE.sub(lambda found: parts[found[1]][int(found[2])], code)
