"""A model as `print(model)` shows it: its layers with their arguments, in the order in which they are printed.

What is in a Sequential is certain to be called in this order; of any other module a print does not show how its parts
are joined, so that they are taken one after the other, with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.net_rows import chosen
from cnncalc.dialects.torch.names import CLASSES
from cnncalc.dialects.torch.package import TorchPackage
from cnncalc.dialects.torch.print_tree import Printed, tree
from cnncalc.dialects.torch.torch_modules import TorchModule
from cnncalc.dialects.traced.model_inputs import first_layer, input_layer, wanted
from cnncalc.dialects.traced.modules import put_at
from cnncalc.dialects.traced.to_graph import graph_of
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import as_output, flattened
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph
from cnncalc.graph.other_size import fitting_shape
from cnncalc.graph.pasted.pasted_call import Name, python_call
from cnncalc.graph.pasted.torch_calls import LAYERS
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.program import Program
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading

MOST_MODULES = 20_000
"""Modules of one print, copies included."""

_IN_ORDER = frozenset(("Sequential", "DataParallel"))
_PROGRAM = "give the program itself: cnncalc summary net.py:Net"
_HOLDERS = frozenset(("Module", "ModuleList", "ModuleDict", *_IN_ORDER))


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of the print; raises InputError for the first fault.  A print has no names that `settings` could set."""
    chosen(settings, {})
    here = _Reading(source.name)
    try:
        model = _Making(here).module(tree(source))
        image = _image(model, input_size, here)
        output = here.applied(model, image)
        output = as_output(output, model.framework.order, here)
        graph = graph_of(model, [output], {image.operation: "input"}, source, Span(1, 1))
    except Fault as fault:
        raise InputError((fault.diagnostic,), source) from None
    except PythonFault as fault:
        fault.span = fault.span or here.span
        raise InputError((fault.diagnostic(),), source) from None
    return replace(graph, warnings=tuple(map(_assumed, here.guessed[-1:]))), ()


def _assumed(module: TorchModule) -> Diagnostic:
    return Diagnostic(
        "order-assumed",
        f"a print does not show how the parts of {module.word} are joined: they are taken one after the other",
        module.made,
        help=f"where they are not, {_PROGRAM}",
        severity="warning",
    )


class _Reading(Evaluator):
    """What modules ask of the reading of a program; `place` is the line of the print that is being worked out."""

    def __init__(self, name: str) -> None:
        super().__init__(Program(name, ""), {})
        self.place = Span(1, 1)
        self.guessed: list[TorchModule] = []
        self.torch = TorchPackage()

    @property
    def span(self) -> Span:
        return self.place


@dataclass(eq=False)
class _PrintedModule(TorchModule):
    """A module with others in it, called one after the other in the order in which they are printed."""

    name: str = ""

    @property
    def word(self) -> str:
        return self.name

    @property
    def is_certain(self) -> bool:
        """Whether the order of its parts is that of the print."""
        return self.name in _IN_ORDER or len(self.parts) < 2

    def call(self, arguments: Arguments, here: Any) -> Any:
        with self.framework.trace.entering(self, here):
            value = arguments.values[0]
            for part in self.parts.values():
                here.place = part.made
                try:
                    value = here.call(part, value if self.is_certain else _flat(part, value, here))
                except PythonFault as fault:
                    raise fault if self.is_certain else _with_doubt(fault, self) from None
                here.place = self.made
        if not self.is_certain:
            here.guessed.append(self)
        return value


def _flat(part: Any, value: Any, here: Reading) -> Any:
    """The map in one row where a Linear is made for so many numbers: a `forward` flattens it, which no print shows."""
    first = next((one for _, one in part.walk(here) if one.is_layer), part)
    wanted = first.given["in_features"].value if "in_features" in first.given else None
    is_map = isinstance(value, Tensor) and len(value.dims) > 2
    if is_map and value.dims[-1] != wanted and prod(value.dims) == wanted:
        return flattened(value, 1, -1, here)
    return value


def _with_doubt(fault: PythonFault, module: _PrintedModule) -> PythonFault:
    """The innermost module whose order is not certain is named."""
    if fault.help != _PROGRAM:
        note = (
            f"the parts of {module.word} are taken one after the other, for a print does not show how they are joined"
        )
        fault.notes, fault.help = (*fault.notes, note), _PROGRAM
    return fault


class _Making:
    """Makes modules of what is printed."""

    def __init__(self, here: _Reading) -> None:
        self.here = here
        self.made = 0

    def module(self, printed: Printed) -> TorchModule:
        """The module and all that is in it."""
        self.made += 1
        if self.made > MOST_MODULES:
            raise Fault("python-bound", f"a print of more than {MOST_MODULES:,} modules is not read", printed.span)
        if printed.parts:
            return self._with_parts(printed)
        if printed.word in _HOLDERS or (printed.arguments is None and printed.word not in CLASSES):
            return self._with_parts(printed)
        return self._layer(printed)

    def _with_parts(self, printed: Printed) -> TorchModule:
        if printed.word in CLASSES - _HOLDERS:
            raise Fault("no-such-layer", f"no layer here is PyTorch's {printed.word}", printed.span)
        package = self.here.torch
        made = _PrintedModule(
            None,
            made=printed.span,
            library="torch.nn.Sequential",
            package=package,
            framework=package,
            name=printed.word,
        )
        for name, part in printed.parts:
            put_at(made, name, self.module(part), self.here)
        return made

    def _layer(self, printed: Printed) -> TorchModule:
        if printed.word not in CLASSES:
            advice = did_you_mean(printed.word, LAYERS, "a print shows nothing of what it computes: give the program")
            raise Fault(
                "unknown-word", f"`{printed.word}` is no layer of PyTorch that is known here", printed.span, help=advice
            )
        self.here.place = printed.span
        call = python_call(printed.call, printed.span)
        positional = tuple(one for one in map(_text, call.positional) if one.value != "inplace")
        keywords = {name: _text(one) for name, one in call.keywords.items() if name != "inplace"}
        made = self.here.torch.module(f"torch.nn.{printed.word}", printed.span)
        self.here.torch.begin(made, made.library, Arguments(positional, keywords, printed.span), self.here)
        return made


def _text(given: Given) -> Given:
    """Older versions print texts without quotes: `mode=bilinear`."""
    return given._replace(value=given.value.text) if isinstance(given.value, Name) else given


def _image(model: TorchModule, input_size: str | None, here: _Reading) -> Tensor:
    """The image that `--input` gives."""
    expected, size = first_layer(model), wanted(input_size)
    if not size.sizes:
        channels, rank = (expected.channels, expected.rank) if expected is not None else (3, 2)
        example = "x".join(map(str, (224,) * rank + (channels,)))
        takes = f"{channels} {'channels' if rank else 'numbers'}"
        message = f"a print does not show the size of the input; the first layer takes {takes}"
        raise PythonFault("input-size", message, model.made, help=f"give --input {example}")
    given = size.sizes[0][1]
    shape = (fitting_shape(given.sizes(), expected, "channels_last") if expected is not None else None) or given
    return model.framework.trace.input(
        input_layer(shape, "channels_first"), (1, *shape.sizes("channels_first")), 1, here
    )
