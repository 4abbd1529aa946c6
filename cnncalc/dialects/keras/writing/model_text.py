"""A net as a program of Keras 3: a function a block, and one that puts the model together.

What is in the names and titles of a net stays a text: it never becomes code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cnncalc.dialects.keras.own_layers.known_classes import CLASS_TEXTS
from cnncalc.dialects.keras.writing.function_body import FunctionBody, Functions
from cnncalc.dialects.keras.writing.keras_pieces import pieces, unsaid
from cnncalc.dialects.keras.writing.layer_names import layer_names
from cnncalc.dialects.written_code.code_lines import argument_code, call_lines, text_code, value_code
from cnncalc.dialects.written_code.docstrings import docstring
from cnncalc.dialects.written_code.identifiers import unused, variable_name
from cnncalc.dialects.written_code.outline import Apply, Call, Definition, Outline, Repeat, Step, outline
from cnncalc.dialects.written_code.picture_facts import picture_facts
from cnncalc.dialects.written_code.pieces import Argument
from cnncalc.dialects.written_code.unneeded_lines import unneeded_lines
from cnncalc.graph.ir import Graph, Node


def write(graph: Graph, facts: tuple[str, ...] = ()) -> str:
    """The program; `facts` are lines for its docstring.  Raises InputError with every line that Keras cannot say."""
    return program_text(outline(graph, pieces(graph)), (*facts, *unsaid(graph)))


def program_text(program: Outline, facts: tuple[str, ...] = ()) -> str:
    """The text of a program whose structure is known."""
    return _Program(program, facts).text()


class _Program:
    def __init__(self, program: Outline, facts: tuple[str, ...]) -> None:
        self.program, self.graph, self.facts = program, program.graph, facts
        self.used = {"keras", "layers", "ops", "model", "x", "math", "itertools"}
        names = {id(one): self._function(one.name) for one in program.definitions}
        self.functions = Functions(names, _makers(program))
        name = self._net_name()
        self.net = unused("build_model" if name == "net" else name, self.used)

    def _function(self, name: str) -> str:
        return unused(variable_name(name, "block"), self.used)

    def _net_name(self) -> str:
        """`LeNet-5` becomes `lenet5`."""
        return variable_name(re.sub(r"-(?=\d|Net\b)", "", self.program.net.name), "net")

    def text(self) -> str:
        """The whole text."""
        body = [*self._definitions(), *self._net()]
        code = "\n".join(body)
        classes = [one for name, one in CLASS_TEXTS.items() if re.search(rf"(?<![\w.\"]){name}\(", code)]
        body = [*(line for text, _ in classes for line in ("", *text.split("\n"), "")), *body]
        code = "\n".join(body)
        modules = sorted({name for _, imported in classes for name in imported})
        imports = [*(f"import {name}" for name in modules), *([""] if modules else []), "import keras"]
        used = [name for name in ("layers", "ops") if re.search(rf"(?<![\w.\"]){name}\.\w", code)]
        if used:
            imports.append(f"from keras import {', '.join(used)}")
        lines = [*self._docstring(), "", *imports, "", *body]
        lines += ["", "", 'if __name__ == "__main__":', f"    model = {self.net}()", "    model.summary()"]
        return "\n".join(lines) + "\n"

    def _docstring(self) -> list[str]:
        said = [*self.facts, *unneeded_lines(self.graph), *picture_facts(self.graph)]
        return docstring(self.graph.heading or "A net in Keras", said)

    # ------------------------------------------------------------------ blocks
    def _definitions(self) -> Iterator[str]:
        for one in self.program.definitions:
            yield ""
            yield from self._definition(one)
            yield ""

    def _definition(self, one: Definition) -> Iterator[str]:
        parameters = [
            parameter.name if parameter.default is None else f"{parameter.name}={value_code(parameter.default)}"
            for parameter in one.parameters
        ]
        body = FunctionBody(one, one.inputs, self.functions)
        name, given = self.functions.names[id(one)], ", ".join(body.results())
        if id(one) not in self.functions.makers:
            yield from call_lines(f"def {name}", [*one.inputs, *parameters], ":", 0)
            yield from body.lines(4)
            yield f"    return {given}"
            return
        yield from call_lines(f"def {name}", parameters, ":", 0)
        yield from docstring("Returns the block as a function: all its calls use the same layers.", indent=4)
        yield ""
        yield from self._maker(one, given)

    def _maker(self, one: Definition, given: str) -> Iterator[str]:
        """A block whose layers are made once, and the function that calls them."""
        body = FunctionBody(one, one.inputs, self.functions, every_part=True)
        inner = body.lines(8)
        yield from body.made
        yield ""
        yield from call_lines("def call", list(one.inputs), ":", 4)
        yield from inner
        yield f"        return {given}"
        yield ""
        yield "    return call"

    # ------------------------------------------------------------------ the net itself
    def _net(self) -> Iterator[str]:
        inputs = [node for node in self.graph.nodes if node.is_input and node.layer.data is None]  # type: ignore[attr-defined]
        yield ""
        yield f"def {self.net}():"
        layers = self._chain(inputs)
        if layers is not None:
            yield from self._sequential(inputs[0], layers)
            return
        variables = self._inputs(inputs)
        for variable, node in zip(variables, inputs, strict=True):
            named = [] if len(inputs) == 1 else [f"name={text_code(variable)}"]
            shape = value_code(tuple(node.output.sizes()))
            yield from call_lines(f"{variable} = keras.Input", [f"shape={shape}", *named], "", 4)
        names = layer_names(self.program.net)
        body = FunctionBody(self.program.net, variables, self.functions, names, is_net=True)
        yield from body.lines(4)
        results = body.results()
        given = results[0] if len(results) == 1 else f"[{', '.join(results)}]"
        arriving = variables[0] if len(variables) == 1 else f"[{', '.join(variables)}]"
        yield from call_lines("return keras.Model", [arriving, given, *self._model_name()], "", 4)

    def _inputs(self, inputs: Sequence[Node]) -> list[str]:
        if len(inputs) == 1:
            return ["inputs"]
        used = set(self.used)
        return [unused(variable_name(node.name, "image"), used) for node in inputs]

    def _model_name(self) -> list[str]:
        return [f"name={text_code(self.net)}"] if self.net != "build_model" else []

    def _chain(self, inputs: Sequence[Node]) -> list[Apply] | None:
        """The steps of a net that is one chain of layers; None for every other net."""
        found: list[Apply] = []
        for place, step in enumerate(self.program.net.steps):
            is_next = [read.step for read in step.reads] == [place - 1]
            if not isinstance(step, Apply) or not is_next or step.again is not None:
                return None
            if not step.piece.chained and step.piece.code != "{x0}":
                return None
            found.append(step)
        ends = [result.step for result in self.program.net.results]
        return found if found and len(inputs) == 1 and ends == [len(found) - 1] else None

    def _sequential(self, given: Node, steps: Sequence[Apply]) -> Iterator[str]:
        names = layer_names(self.program.net)
        yield "    return keras.Sequential("
        yield "        ["
        yield f"            keras.Input(shape={value_code(tuple(given.output.sizes()))}),"
        for place, step in enumerate(steps):
            for number, made in enumerate(step.piece.chained):
                arguments = [argument_code(one) for one in made.arguments]
                if number == len(step.piece.chained) - 1 and place in names:
                    arguments.append(argument_code(Argument("name", names[place])))
                yield from call_lines(made.callee, arguments, ",", 12)
        yield "        ],"
        yield from (f"        {one}," for one in self._model_name())
        yield "    )"


def _makers(program: Outline) -> frozenset[int]:
    """The blocks whose layers some calls share, and all blocks that they call."""
    found: set[int] = set()
    for one in (*program.definitions, program.net):
        for step in one.steps:
            if isinstance(step, Call) and step.again is not None:
                found.add(id(step.definition))
    for one in reversed(program.definitions):
        if id(one) in found:
            found |= {id(call.definition) for step in one.steps if isinstance(call := _inner(step), Call)}
    return frozenset(found)


def _inner(step: Step) -> Apply | Call:
    return step.step if isinstance(step, Repeat) else step
