"""A net as a program of PyTorch: a class for each block, the net itself, and a trial of it on a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.dialects.torch.writing.class_units import ClassUnits, Unit
from cnncalc.dialects.torch.writing.forward_lines import ForwardLines
from cnncalc.dialects.torch.writing.laid_out import Bracket, Code, laid_out, made_code
from cnncalc.dialects.torch.writing.model_parts import HELPERS
from cnncalc.dialects.torch.writing.torch_pieces import pieces
from cnncalc.dialects.written_code.code_lines import argument_code, call_lines
from cnncalc.dialects.written_code.docstrings import docstring
from cnncalc.dialects.written_code.identifiers import class_name, unused, variable_name
from cnncalc.dialects.written_code.literal_numbers import literal_count, nested, unwritten_arrays
from cnncalc.dialects.written_code.outline import Definition, Outline, Parameter, outline
from cnncalc.dialects.written_code.picture_facts import picture_facts
from cnncalc.dialects.written_code.pieces import Argument, Made
from cnncalc.dialects.written_code.unneeded_lines import unneeded_lines
from cnncalc.graph.ir import Graph, Node

_HELPER = re.compile(rf"(?<![\w.])({'|'.join(HELPERS)})\(")


def write(graph: Graph, facts: tuple[str, ...] = ()) -> str:
    """The text of the program; raises InputError with every line that PyTorch has no words for."""
    return printed(outline(graph, pieces(graph)), facts)


def printed(program: Outline, facts: Sequence[str] = ()) -> str:
    """The text of an outline."""
    used = {*HELPERS, "F", "NN"}
    classes = {id(one): unused(class_name(one.name, "Block"), used) for one in program.definitions}
    net = unused(class_name(program.net.name), used)
    blocks = [_class(program.graph, one, classes[id(one)], classes) for one in program.definitions]
    blocks.append(_class(program.graph, program.net, net, classes, is_net=True))
    blocks.append(list(_trial(program, net)))
    code = "\n\n\n".join("\n".join(lines) for lines in blocks)
    helpers = [HELPERS[name].rstrip() for name in HELPERS if name in set(_HELPER.findall(code))]
    code = "\n\n\n".join([*helpers, code])
    return "\n".join([*_docstring(program.graph, facts), "", *_imports(code), "", "", code]) + "\n"


def _imports(code: str) -> Iterator[str]:
    if re.search(r"\btorch\.", code):
        yield "import torch"
    yield "from torch import nn"
    if re.search(r"\bF\.", code):
        yield "from torch.nn import functional as F"


# ---------------------------------------------------------------------- the docstring
def _docstring(graph: Graph, facts: Sequence[str]) -> list[str]:
    """The title, what is known of the net, how pictures are prepared."""
    said = [*facts, *unneeded_lines(graph), *picture_facts(graph), *_stated_weights(graph)]
    return docstring(graph.heading or "A net in PyTorch", said)


def _stated_weights(graph: Graph) -> Iterator[str]:
    """Which stated arrays have more numbers than a program has."""
    if names := [name for name, _ in unwritten_arrays(graph, lambda _, weight: literal_count(weight))]:
        yield f"Their many numbers are in the file of weights next to it: {', '.join(names)}."


# ---------------------------------------------------------------------- a class
def _class(
    graph: Graph, definition: Definition, name: str, classes: dict[int, str], *, is_net: bool = False
) -> list[str]:
    making = ClassUnits(graph, definition, classes, is_net=is_net)
    units = making.units()
    kept = [one.name for one in definition.parameters if one.name in making.kept]
    inputs = [variable_name(one) for one in definition.inputs]
    if not is_net and (items := _only_parts(definition, units)) is not None and not kept:
        signature = _signature("__init__", [_parameter(one) for one in definition.parameters])
        made = laid_out(items._replace(head="super().__init__"), 8)
        return [f"class {name}(nn.Sequential):", *signature, *made]
    lines = [f"class {name}(nn.Module):"]
    lines += _making(definition, units, kept)
    lines += ["", *_signature("forward", inputs)]
    lines += ForwardLines(definition, units, inputs).written()
    return lines


def _only_parts(definition: Definition, units: Sequence[Unit]) -> Bracket | None:
    """The parts of a block that is nothing but parts in a row."""
    if len(units) != 1 or not units[0].is_sequence or definition.results != (units[0].result,):
        return None
    code = units[0].made[0][1]
    return code if isinstance(code, Bracket) else None


def _making(definition: Definition, units: Sequence[Unit], kept: Sequence[str]) -> Iterator[str]:
    parameters = [_parameter(one) for one in definition.parameters]
    made = [one for unit in units for one in unit.made]
    if not made and not parameters:
        return
    yield from _signature("__init__", parameters)
    yield "        super().__init__()"
    for one in kept:
        yield f"        self.{one} = {one}"
    for name, code in made:
        yield from laid_out(code, 8, f"self.{name} = ")


def _signature(name: str, parameters: Sequence[str]) -> list[str]:
    return call_lines(f"def {name}", ["self", *parameters], ":", 4)


def _parameter(one: Parameter) -> str:
    return one.name if one.default is None else argument_code(Argument(one.name, one.default))


# ---------------------------------------------------------------------- a trial
def _trial(program: Outline, name: str) -> Iterator[str]:
    """The net called on numbers of its size, when the file is run."""
    given = [node for node in program.graph.nodes if node.is_input]
    yield 'if __name__ == "__main__":'
    yield f"    model = {name}()"
    yield "    model.eval()"
    names = [variable_name(one) for one in program.net.inputs]
    names = [f"{name}_" if name == "model" else name for name in names]
    for variable, node in zip(names, given, strict=False):
        yield from laid_out(_picture(node), 4, f"{variable} = ")
    if len(program.net.results) == 1:
        yield from laid_out(Bracket("print", (f"model({', '.join(names)}).shape",)), 4)
    else:
        yield from laid_out(Bracket("model", tuple(names)), 4, "results = ")
        yield "    for result in results:"
        yield "        print(result.shape)"


def _picture(node: Node) -> Code:
    """What the net is tried on: the numbers that its text states, else random ones."""
    layer: Any = node.layer
    sizes = (1, *node.output.sizes("channels_first"))
    if layer.data is None:
        return made_code(Made("torch.randn", tuple(Argument("", size) for size in sizes)))
    values = [float(value) for value in layer.data.matrix.values()]
    return made_code(Made("torch.tensor", (Argument("", nested(values, sizes)),)))
