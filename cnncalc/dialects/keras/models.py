"""Modules of Keras and how they are called: Sequential, functional models, classes of the program, layers.

A Sequential with a known input is worked out while it is put together; a functional model that is called as a layer is
its operations once more, with the same weights.  Which module holds which is known by who calls whom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cnncalc.dialects.keras.layers import LayerCall
from cnncalc.dialects.keras.learned_places import table_of_places
from cnncalc.dialects.keras.multi_head import attended
from cnncalc.dialects.keras.own_layers.known_classes import known_class
from cnncalc.dialects.keras.own_layers.read_again import written_layer
from cnncalc.dialects.keras.places import at
from cnncalc.dialects.keras.tensor_methods import shown
from cnncalc.dialects.traced.modules import everything
from cnncalc.dialects.traced.table_faults import faults_of_the_table, made_at
from cnncalc.dialects.traced.trace import Constant, Module, Tensor, Trace
from cnncalc.graph.pasted.arguments import Bound
from cnncalc.python.functions import Function
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.keras.package import KerasPackage


@dataclass(eq=False)
class KerasModule(Module):
    """A layer or a model; `name` is what Keras calls it.

    `sequence` are the layers of a Sequential and `steps` what each of them makes of the input, where that is known;
    `heads` are the inputs and the outputs of a functional model; `seen` is what arrived at its first call and what it
    made of it; `is_begun`: Keras' own `__init__` was called; `bound` are the arguments of a layer of
    `keras.layers`; `stated` are the sizes of an image, where the arguments say them,
    `stated_numbers` what its weights start from, where the program says it.
    """

    keras: KerasPackage | None = None
    name: str = ""
    sequence: list[KerasModule] = field(default_factory=list)
    steps: list[Tensor] = field(default_factory=list)
    heads: tuple[Any, Any] | None = None
    seen: tuple[Any, Any] | None = None
    bound: Bound | None = None
    stated: tuple[int, ...] | None = None
    stated_numbers: Mapping[str, Any] = field(default_factory=dict)
    is_built: bool = False
    is_begun: bool = False

    @property
    def room(self) -> KerasPackage:
        """The package that speaks for it."""
        assert self.keras is not None
        return self.keras

    def attribute(self, name: str, here: Reading) -> Any:
        if name in self.names or (self.cls is not None and self.cls.find(name)):
            return super().attribute(name, here)
        if self.bound is not None and name in self.bound.declared:
            return self.argument(name)
        found = self.room.method(self, self.library, name)
        return super().attribute(name, here) if found is None else found

    def known_names(self) -> list[str]:
        return [*super().known_names(), *self.room.methods_of(self)]

    def argument(self, name: str) -> Any:
        """An argument of a layer as its attribute: sizes of a window are one an axis, as Keras keeps them."""
        assert self.bound is not None
        value = self.bound.given[name].value if name in self.bound.given else self.bound.declared[name]
        if name == "data_format" and value is None:
            return "channels_first" if self.room.channels_first else "channels_last"
        is_window = name in ("kernel_size", "strides", "pool_size", "dilation_rate")
        rank = self.kind.removesuffix("Transpose")[-2:-1]
        return (value,) * int(rank) if is_window and type(value) is int and rank.isdigit() else value

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        if name in ("name", "_name") and isinstance(value, str):
            self.name = value
        if name == "trainable" and isinstance(value, bool):
            self._train(learned=value)
            return
        super().set_attribute(name, value, here)

    def _train(self, *, learned: bool) -> None:
        """Set what Keras sets on a model and on every layer in it."""
        waiting, seen = [self], set[int]()
        while waiting:
            one = waiting.pop()
            if id(one) not in seen:
                seen.add(id(one))
                one.frozen = not learned
                waiting += [part for part in (*one.parts.values(), *one.sequence) if isinstance(part, KerasModule)]

    def take(self, bound: Bound) -> Bound:
        """Keep the arguments with which a layer is made; `trainable=False` is one of them."""
        self.bound, said = bound, bound.call.keywords.get("trainable")
        self.frozen = said is not None and said.value is False
        return bound

    def call(self, arguments: Arguments, here: Reading) -> Any:
        if self.cls is not None and self.cls.find("__call__"):
            return super().call(arguments, here)
        return called(self, arguments, here)


def leaves(value: Any) -> Iterator[Any]:
    """The entries of lists, tuples and dicts in each other, in their order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def rebuilt(value: Any, entries: Iterator[Any]) -> Any:
    """The same lists, tuples and dicts with other entries."""
    if isinstance(value, dict):
        return {key: rebuilt(one, entries) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([rebuilt(one, entries) for one in value])
    return next(entries)


def unknown_in(value: Any) -> Unknown | None:
    """What is not known among the leaves."""
    return next((one for one in leaves(value) if isinstance(one, Unknown)), None)


# ---------------------------------------------------------------------- calls
def called(module: KerasModule, arguments: Arguments, here: Reading) -> Any:
    """What the module makes of its arguments; Unknown where one of them is."""
    given = [one.value for one in arguments.positional] + [
        one.value for name, one in arguments.keywords.items() if name not in ("training", "mask")
    ]
    if module.cls is not None and not module.is_begun:
        message = f"`super().__init__()` was not called when {module.word} was made"
        advice = "write super().__init__() as the first line of __init__"
        raise PythonFault("python-error", message, here.span, help=advice)
    lost = unknown_in(given)
    if lost is not None:
        return lost
    if not given:
        raise PythonFault("python-error", f"{module.word} is called without a tensor", here.span)
    trace = module.room.trace
    if all(not isinstance(one, Tensor) or one.is_constant for one in leaves(given[0])):
        return _tried_out(module, given[0], here)
    if trace.entered:
        hold(trace.entered[-1], module)
    with trace.entering(module, here):
        made = _worked_out(module, given[0], arguments, here)
    module.seen = module.seen or (given[0], made)
    return made


def _tried_out(module: KerasModule, given: Any, here: Reading) -> Any:
    """What a module makes of constants: only the sizes are known."""
    room = module.room
    with faults_of_the_table(made_at(module.made, here)):
        table = table_of_places(module, given, here)
    if table is not None:
        if room.trace.entered:
            hold(room.trace.entered[-1], module)
        return table
    if not any(isinstance(one, Tensor) for one in leaves(given)):
        raise PythonFault("python-error", f"{module.word} is called on what is no tensor", here.span)
    images = [room.input_tensor(one.dims[1:], "constant", here) for one in leaves(given) if isinstance(one, Tensor)]
    made = here.call(module, rebuilt(given, iter(images)))
    constants = [
        room.trace.constant(one.dims, Constant("what a layer makes of a constant"), here)
        if isinstance(one, Tensor)
        else one
        for one in leaves(made)
    ]
    return rebuilt(made, iter(constants))


def hold(holder: Module, module: KerasModule) -> None:
    """The module is a part of the holder, under its name; another one of that name gets a number."""
    name, number = module.name, 1
    while name in holder.parts and holder.parts[name] is not module:
        name, number = f"{module.name}_{number}", number + 1
    if module is not holder:
        holder.parts[name] = module


def _worked_out(module: KerasModule, given: Any, arguments: Arguments, here: Reading) -> Any:
    known = known_class(module.cls.node) if module.cls is not None and module.cls.node is not None else None
    if known is not None and isinstance(given, Tensor):
        return written_layer(known, module, given, here)
    if module.cls is not None and (found := module.cls.find("call")):
        build(module, given, here)
        return here.call_with(module.attribute("call", here), _accepted(found[0], arguments))
    if module.kind == "MultiHeadAttention" and module.bound is not None:
        with faults_of_the_table(made_at(module.made, here)):
            return attended(module, arguments, here)
    return library_call(module, given, here)


def library_call(module: KerasModule, given: Any, here: Reading) -> Any:
    """What the library's own class does with a tensor."""
    if module.library == "keras.Sequential":
        for part in module.sequence:
            given = _put_to(part, given, here)
        return given
    if module.heads is not None:
        return replayed(module, given, here)
    if module.bound is None:
        raise PythonFault("python-error", f"{module.word} has no method `call`", here.span)
    build(module, given, here)
    return LayerCall(module.kind, module.bound, module.room, here, module).result(given)


def _put_to(part: KerasModule, given: Any, here: Reading) -> Any:
    """A layer of a Sequential at work: its place is where it is made."""
    return at(here, part.made).call(part, given)


def _accepted(method: Any, arguments: Arguments) -> Arguments:
    """The arguments of `call`; `training` and `mask` only where it takes them, False and None where it needs them."""
    if not isinstance(method, Function):
        return arguments
    tree = method.node.args
    names = [one.arg for one in (*tree.posonlyargs, *tree.args, *tree.kwonlyargs)]
    keywords = {
        name: one
        for name, one in arguments.keywords.items()
        if name not in ("training", "mask") or name in names or tree.kwarg is not None
    }
    needed = names[1 : len(tree.args) + len(tree.posonlyargs) - len(tree.defaults)][len(arguments.positional) :]
    for name, usual in (("training", False), ("mask", None)):
        if name in needed and name not in keywords:
            keywords[name] = Given(usual, arguments.span)
    return arguments._replace(keywords=keywords)


def build(module: KerasModule, given: Any, here: Reading) -> None:
    """A layer of the program is built when a tensor first arrives: `build(input_shape)`."""
    if module.is_built:
        return
    module.is_built = True
    found = module.cls.find("build") if module.cls else None
    if found is not None:
        shapes = iter([shown(one) if isinstance(one, Tensor) else one for one in leaves(given)])
        here.call(module.attribute("build", here), rebuilt(given, shapes))


# ---------------------------------------------------------------------- Sequential
def add(model: KerasModule, entry: Any, here: Reading) -> None:
    """`model.add(layer)`: worked out at once where the input is known."""
    if isinstance(entry, Unknown):
        raise entry.needed("what is added to the model", here.span)
    if isinstance(entry, Tensor) and not model.steps:
        model.steps.append(entry)
        return
    if not isinstance(entry, KerasModule):
        entry = model.room.as_layer(entry, here)
    if any(found.holder is model for found in everything(entry)):
        raise PythonFault("module-in-itself", f"`{model.name}` would be a layer of itself", here.span)
    if entry.kind == "InputLayer":
        _start(model, entry.stated, here, entry.name)
        return
    if not model.steps and not model.sequence:
        _start(model, entry.stated or stated_input(entry), here)
    hold(model, entry)
    model.sequence.append(entry)
    if model.steps and len(model.steps) == len(model.sequence):
        made = _put_to(entry, model.steps[-1], here)
        if isinstance(made, Tensor):
            model.steps.append(made)


def _start(model: KerasModule, sizes: tuple[int, ...] | None, here: Reading, name: str = "") -> None:
    if sizes is not None and not model.steps:
        start = model.room.input_tensor(sizes, name, here)
        if isinstance(start, Tensor):
            model.steps.append(start)


def pop(model: KerasModule) -> None:
    """`model.pop()`: without its last layer."""
    if model.sequence:
        gone = model.sequence.pop()
        model.parts = {name: one for name, one in model.parts.items() if one is not gone}
        del model.steps[len(model.sequence) + 1 :]


def stated_input(module: KerasModule) -> tuple[int, ...] | None:
    """The sizes of the one input of a module, images left out, where it says them."""
    if module.stated is not None:
        return module.stated
    first = module.steps[0] if module.steps else None
    if module.heads is not None:
        inputs = list(leaves(module.heads[0]))
        first = inputs[0] if len(inputs) == 1 else None
    if first is None and module.sequence:
        return stated_input(module.sequence[0])
    return first.dims[1:] if isinstance(first, Tensor) else None


# ---------------------------------------------------------------------- functional models
def put_together(model: KerasModule, inputs: Any, outputs: Any, here: Reading) -> None:
    """`Model(inputs, outputs)`: the layers between the two are its parts."""
    trace = model.room.trace
    for one in (*leaves(inputs), *leaves(outputs)):
        if isinstance(one, Unknown):
            raise one.needed("an input or output of this model", here.span)
        if not isinstance(one, Tensor) or one.is_constant:
            raise PythonFault("python-error", "the inputs and outputs of a model are tensors", here.span)
        trace.settled(one, here)
    model.heads = (inputs, outputs)
    starts = {one.operation for one in leaves(inputs)}
    for index in _between(trace, starts, [one.operation for one in leaves(outputs)], here):
        operation = trace.operations[index]
        if operation.entered and index not in starts:
            hold(model, operation.entered[0])  # type: ignore[arg-type]  # modules of this package are all ours


def _between(trace: Trace, starts: set[int], ends: list[int], here: Reading) -> list[int]:
    """The operations on which the ends depend, in order, the starts left out."""
    found: set[int] = set()
    waiting = [end for end in ends if end not in starts]
    while waiting:
        index = waiting.pop()
        if index in found:
            continue
        found.add(index)
        operation = trace.operations[index]
        if operation.layer.word == "input":
            message = "the outputs of this model depend on an input that is not among its inputs"
            raise PythonFault("python-error", message, here.span, notes=made_at(operation.span, here))
        waiting += [one for one in operation.inputs if one not in starts]
    return sorted(found)


def replayed(model: KerasModule, given: Any, here: Reading) -> Any:
    """The operations of a functional model once more, on other tensors."""
    assert model.heads is not None
    trace, (inputs, outputs) = model.room.trace, model.heads
    if isinstance(given, dict) and isinstance(inputs, dict):
        given = {key: given.get(key) for key in inputs}
    starts, arriving, ends = list(leaves(inputs)), list(leaves(given)), list(leaves(outputs))
    _refuse_others(model, starts, arriving, here)
    known = {old.operation: trace.settled(new, here).operation for old, new in zip(starts, arriving, strict=True)}
    for index in _between(trace, set(known), [one.operation for one in ends], here):
        operation = trace.operations[index]
        known[index] = trace.again(operation, tuple(known[one] for one in operation.inputs))
    return rebuilt(outputs, iter([trace.result(known[one.operation], one) for one in ends]))


def _refuse_others(model: KerasModule, starts: list[Any], arriving: list[Any], here: Reading) -> None:
    fits = len(starts) == len(arriving) and all(
        isinstance(new, Tensor) and model.room.fits(old, new) for old, new in zip(starts, arriving, strict=True)
    )
    if not fits:
        wanted, found = (
            ", ".join(one.text if isinstance(one, Tensor) else repr(one)[:20] for one in row)
            for row in (starts, arriving)
        )
        message = f"the model `{model.name}` takes {wanted}, and {found} arrives"
        raise PythonFault("arriving-differs", message, here.span)
