"""Programs of PyTorch and Keras as nets: a file or a notebook is read, its model found, called once, and put together.

Nothing of the program is run.  A framework's names are loaded when the program first asks for them.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.dialects.traced.called_forward import refuse_slips, without_return
from cnncalc.dialects.traced.entry import Entry, entry_and_cell
from cnncalc.dialects.traced.model_inputs import ModelInputs, Wanted, called_function, wanted
from cnncalc.dialects.traced.modules import framework_of
from cnncalc.dialects.traced.notebook import code_cells
from cnncalc.dialects.traced.stated_names import constants, state_names
from cnncalc.dialects.traced.to_graph import graph_of
from cnncalc.dialects.traced.trace import Module, Tensor
from cnncalc.dialects.traced.tried_sizes import MOST_STEPS, SizeAsked
from cnncalc.dialects.traced.views import as_output, current
from cnncalc.graph.ir import Graph
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.objects import Instance
from cnncalc.python.options import Options
from cnncalc.python.program import File, Program
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Package, Scope, Unknown

PACKAGES = {
    "torch": ("torch.package", "TorchPackage"),
    "keras": ("keras.package", "KerasPackage"),
    "einops": ("traced.axis_patterns", "EinopsPackage"),
}
"""Each library's module among the dialects, and its package there."""

ENTRY = "the entry"
"""Under which name the evaluator takes in what names the model."""

_ROOTS = {
    **dict.fromkeys(("torch", "torchvision", "timm", "pytorch_lightning", "lightning"), "torch"),
    "einops": "einops",
    **dict.fromkeys(("keras", "tensorflow", "tensorflow_addons", "keras_core", "tf_keras"), "keras"),
}


def read(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of the program's model, `source.entry` where it is named; raises InputError for the first fault.

    `input_size` is the size of the image as `--input` has it, `settings` are global names of the file whose values are
    stated from outside, as literals of Python.
    """
    program = Program(source.name, source.entry)
    reader = _Reader(program, source, wanted(input_size))
    try:
        return reader.graph(settings or {}), ()
    except SizeAsked as asked:
        fault = asked.with_fitting_size(lambda size: _is_read(source, size, settings or {}, reader.steps))
    except PythonFault as stopped:
        fault = stopped
    raise InputError((_in_files(fault.diagnostic(), program),), program.source())


def number_names(source: Source) -> Mapping[str, str]:
    """The global names of a program to which its file gives a number; the program can be read."""
    return constants(_Reader(Program(source.name), source, wanted(None)).file())


def _is_read(source: Source, input_size: str, settings: Mapping[str, str], steps: int) -> bool:
    """Whether the program, which takes about so many steps to read, is read to its end with this size."""
    if steps > MOST_STEPS:
        return False
    try:
        _Reader(Program(source.name, source.entry), source, wanted(input_size)).graph(settings)
    except (PythonFault, InputError):
        return False
    return True


def _in_files(fault: Diagnostic, program: Program) -> Diagnostic:
    """The fault with the calls that lead to it, without the first one: that is in none of the files."""
    whole, names = program.source(), {file.name for file in program.files if file.name != ENTRY}
    nowhere = program.span(ast.Pass())
    trail = tuple(one for one in fault.trail if one != nowhere and whole.place(one.line).name in names)
    return fault._replace(trail=trail)


class Frameworks(Mapping[str, Package]):
    """The packages of both frameworks by the roots of their names, each loaded when it is first asked for."""

    def __init__(self, text: str, size: Wanted) -> None:
        self._size = size
        self._loaded: dict[str, Package] = {}
        first = {name: text.find(name) for name in PACKAGES}
        self._order = sorted(first, key=lambda name: (first[name] < 0, first[name]))

    def __getitem__(self, root: str) -> Package:
        return self._package(_ROOTS[root])

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def _package(self, name: str) -> Package:
        if name not in self._loaded:
            module, package = PACKAGES[name]
            made: Any = getattr(import_module(f"cnncalc.dialects.{module}"), package)()
            if name == "keras" and self._size.sizes:
                made.size = self._size.sizes[0][1]
            self._loaded[name] = made
        return self._loaded[name]


class _Reader:
    """Reads one program."""

    def __init__(self, program: Program, source: Source, size: Wanted) -> None:
        self.program = program
        self.source = source
        self.size = size
        self.steps = 0

    def graph(self, settings: Mapping[str, str]) -> Graph:
        file = self.file()
        here = Evaluator(self.program, Frameworks(self.source.text, self.size))
        try:
            return self._worked_out(file, here, settings)
        except PythonFault as fault:
            fault.help = fault.help or _way_to_state(fault, here.modules.get(file.path or file.name))
            raise
        finally:
            self.steps = here.bounds.steps

    def _worked_out(self, file: File, here: Evaluator, settings: Mapping[str, str]) -> Graph:
        state_names(file, settings, self.source, _ROOTS)
        entry, cell = entry_and_cell(self.source.entry) if self._is_notebook else (self.source.entry, None)
        scope = here.run(file, last_cell=cell)
        found = Entry(here, file, scope)
        model = found.model(entry)
        outputs, inputs = self._called(model, here, file, scope)
        graph = graph_of(model, outputs, inputs, self._files(), self.program.span(ast.Pass()))
        if graph.count == "keras":
            graph = import_module("cnncalc.dialects.keras.raw_pixels").with_raw_pixels(graph)
        is_read = any(node.layer.word == "constant" for node in graph.nodes)
        noise = _without_noise(framework_of(model).trace.noise if is_read else [])
        return replace(graph, warnings=(*_remarks(here.assumed), *_kept(found.named, here), *noise, *_training(here)))

    def _files(self) -> Source:
        """All files that were read, without what names the model."""
        whole = self.program.source()
        last = whole.parts[-1]
        if last.name != ENTRY:
            return whole
        return replace(whole, text="\n".join(whole.lines[: last.first - 1]), parts=whole.parts[:-1])

    @property
    def _is_notebook(self) -> bool:
        return self.source.name.lower().endswith(".ipynb") or self.source.text.lstrip().startswith("{")

    def file(self) -> File:
        """The file of the program, or the cells of its notebook."""
        name = self.source.name
        path = os.path.abspath(name) if os.path.isfile(name) else ""
        if not self._is_notebook:
            return self.program.file(name, self.source.text, path)
        try:
            cells = code_cells(self.source.text)
        except PythonFault as fault:
            raise InputError((fault.diagnostic(),), self.source) from None
        return self.program.notebook(name, cells, path)

    def _called(self, model: Module, here: Evaluator, file: File, scope: Scope) -> tuple[list[Tensor], dict[int, str]]:
        """What the model makes of its images, and the names of those."""
        framework = framework_of(model)
        made = framework.outputs(model, here)
        names: dict[int, str] = {}
        if made is None:
            refuse_slips(model, "call" if framework.count == "keras" else "forward", here)
            images = ModelInputs(here, file, scope, self.size).tensors(model)
            names = {one.operation: name if len(images) > 1 else "input" for name, one in images.items()}
            made = here.applied(model, *images.values())
        outputs = [one for one in _leaves(made) if isinstance(one, Tensor) and not one.is_constant]
        lost = next((one for one in _leaves(made) if isinstance(one, Unknown)), None)
        if not outputs:
            if lost is not None:
                raise lost.needed(f"what {model.word} gives", lost.span or here.span)
            called = called_function(model)
            forgotten = without_return(called, model.word, here) if called is not None and made is None else None
            if forgotten is not None:
                raise forgotten
            raise PythonFault("which-model", f"calling {model.word} gives no tensor", model.made)
        return [as_output(current(one, here), framework.order, here) for one in outputs], names


def _remarks(assumed: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Names that nothing defines and that were taken for what they usually are."""
    if not assumed:
        return ()
    pairs = ", ".join(f"`{name}` for {meant}" for name, meant in assumed.items())
    message = f"the program does not import everything that it uses: reading takes {pairs}"
    return (Diagnostic("names-assumed", message, help="add the imports, or leave it so", severity="warning"),)


def _without_noise(places: list[Span]) -> Iterator[Diagnostic]:
    """Where the model draws random numbers as it is called: a net gives the same for the same image."""
    if places:
        message = "the random numbers that are drawn here are taken as 0: counts are the same, and a run has no noise"
        yield Diagnostic("noise-left-out", message, places[0], severity="warning")


def _training(here: Evaluator) -> Iterator[Diagnostic]:
    """Where the program says what training changes in a way that is not read."""
    if here.unclear_training:
        message = "what training changes here is not known: trainable and frozen are counted without this line"
        yield Diagnostic("training-unclear", message, here.unclear_training[0], severity="warning")


def _kept(entry: str, here: Evaluator) -> Iterator[Diagnostic]:
    """Where the model's name stands for another model in the end, which is not read."""
    other = here.kept.get(entry)
    if other is not None:
        message = f"`{entry}` is the model before this line: {other.reason}"
        yield Diagnostic("model-kept", message, other.span, severity="warning")


def _leaves(value: Any) -> Iterator[Any]:
    """The entries of what a model gives, lists, dicts and objects in each other, in their order."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        held: list[Any] | None = None
        if isinstance(one, (list, tuple)):
            held = list(one)
        elif isinstance(one, dict):
            held = list(one.values())
        elif isinstance(one, Instance) and not isinstance(one, Module):
            held = list(one.names.values())
        if held is None:
            yield one
        elif id(one) not in seen:
            seen.add(id(one))
            waiting += reversed(held)


def _way_to_state(fault: PythonFault, scope: Scope | None) -> str:
    """How a value that is needed is stated from outside, where a global name or an option of the program holds it."""
    unknown = fault.unknown
    if not isinstance(unknown, Unknown) or scope is None:
        return ""
    advice = "give its value where it is a number, a text or a list: --set "
    for name, value in scope.names.items():
        is_model = fault.needed == f"`{name}`"
        if value is unknown and not is_model:
            return f"{advice}{name}=VALUE"
        options = value.names if isinstance(value, Options) else {}
        for option, one in options.items():
            if one is unknown:
                return f"{advice}{name}.{option}=VALUE"
    return ""
