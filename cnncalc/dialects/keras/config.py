"""A model as Keras writes it with `to_json()`: Sequential and functional ones, of Keras 2 and 3, models in models.

Each layer is made and called through the same tables as in a program, at its place in the JSON.  A class that only its
program has, or a Lambda, whose function the text does not show, cannot be read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.dialects.json_text import JsonText, Value
from cnncalc.dialects.keras import models
from cnncalc.dialects.keras.functions import FUNCTIONS
from cnncalc.dialects.keras.layers import bound_layer, signature_of
from cnncalc.dialects.keras.models import KerasModule
from cnncalc.dialects.keras.naming import CLASSES, MERGES, counted_as
from cnncalc.dialects.keras.package import KerasPackage
from cnncalc.dialects.keras.places import at
from cnncalc.dialects.keras.raw_pixels import with_raw_pixels
from cnncalc.dialects.net_rows import chosen
from cnncalc.dialects.traced.model_inputs import wanted
from cnncalc.dialects.traced.to_graph import graph_of
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import as_output
from cnncalc.graph.ir import Graph
from cnncalc.graph.pasted.arguments import parameters
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.program import Program
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading

_MODELS = ("Model", "Functional", "Sequential")

SCALED_SUM = "CustomScaleLayer"
"""A class of `keras.applications` that is read: `picture_layers.scaled_sum`."""


def read(
    source: Source,
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a model's configuration; raises InputError for the first fault.

    `input_size` is the size of the image where the configuration leaves it open; it has no names that `settings` could
    set.
    """
    chosen(settings, {})
    text = JsonText(source)
    size = wanted(input_size)
    room = KerasPackage()
    room.size = size.sizes[0][1] if size.sizes else None
    reader = _Configuration(text, room, Evaluator(Program(source.name), {}))
    try:
        return reader.graph(text.root), ()
    except PythonFault as fault:
        found = fault.diagnostic()
        raise InputError((found._replace(span=found.span or Span(1, 1)),), source) from None


class _Configuration:
    def __init__(self, text: JsonText, room: KerasPackage, here: Evaluator) -> None:
        self.text = text
        self.room = room
        self.evaluator = here

    def graph(self, root: Value) -> Graph:
        model = self.model(root)
        ends = self.room.outputs(model, self.evaluator)
        if ends is None:
            raise self._fault(
                "input-size", "the size of the model's input is not in it", root, "give --input 224x224x3"
            )
        tensors = [
            as_output(one, self.room.order, self.evaluator) for one in models.leaves(ends) if isinstance(one, Tensor)
        ]
        outside = self.evaluator.span
        graph = graph_of(model, tensors, {}, self.text.source, outside)
        return with_raw_pixels(replace(graph, title=model.name))

    # ------------------------------------------------------------------ the JSON
    def here(self, value: Value) -> Reading:
        """The evaluator at the place of a value."""
        return at(self.evaluator, self._span(value))

    def _span(self, value: Value) -> Span:
        """The place of a value; of a layer or a model its class, which is short."""
        inner = value.content.get("class_name") if isinstance(value.content, dict) else None
        value = inner if isinstance(inner, Value) else value
        start = self.text.span(value.offset)
        return start._replace(length=len(self.text.text[value.offset : value.end].split("\n", 1)[0]) or 1)

    def _fault(self, code: str, message: str, value: Value, help: str = "") -> PythonFault:
        return PythonFault(code, message, self._span(value), help=help)

    def member(self, value: Value, name: str) -> Value:
        """A member of an object, which must be there."""
        found = value.content.get(name) if isinstance(value.content, dict) else None
        if not isinstance(found, Value):
            raise self._fault("keras-config", f"`{name}` is missing in this part of the model", value)
        return found

    def text_of(self, value: Value, name: str) -> str:
        found = self.member(value, name)
        if not isinstance(found.content, str):
            raise self._fault("keras-config", f"`{name}` must be a text", found)
        return found.content

    def entries(self, value: Value) -> list[Value]:
        if not isinstance(value.content, list):
            raise self._fault("keras-config", "a list is expected here", value)
        return value.content

    def plain(self, value: Value) -> Any:
        """A value of the configuration as Python has it; lists are tuples."""
        if isinstance(value.content, list):
            return tuple(self.plain(one) for one in value.content)
        if isinstance(value.content, dict):
            return {name: self.plain(one) for name, one in value.content.items()}
        return value.content

    # ------------------------------------------------------------------ models and layers
    def model(self, value: Value) -> KerasModule:
        """A Sequential or a functional model."""
        kind, config = self.text_of(value, "class_name"), self.member(value, "config")
        if kind not in _MODELS:
            raise self._fault("keras-config", f"`{kind}` is no model of Keras' own", value)
        library = "keras.Sequential" if kind == "Sequential" else "keras.Model"
        made = self._module(library, value)
        if isinstance(config.content, list):  # Keras 2.0 wrote the layers of a Sequential alone
            made.name = self.room.names.next(kind)
            self._fill(made, config)
            return made
        made.name = self._name(config, value) or self.room.names.next(kind)
        if kind == "Sequential":
            self._fill(made, self.member(config, "layers"))
        else:
            self._connect(made, config)
        return made

    def _module(self, library: str, value: Value) -> KerasModule:
        return KerasModule(None, made=self._span(value), library=library, package=self.room, keras=self.room)

    def _name(self, config: Value, value: Value) -> str:
        for holder in (config, value):
            found = holder.content.get("name") if isinstance(holder.content, dict) else None
            if isinstance(found, Value) and isinstance(found.content, str):
                return found.content
        return ""

    def _fill(self, model: KerasModule, layers: Value) -> None:
        for one in self.entries(layers):
            models.add(model, self.layer(one), self.here(one))

    def layer(self, value: Value) -> KerasModule:
        """A layer, or a model that is one."""
        kind = self.text_of(value, "class_name")
        if kind in _MODELS:
            return self.model(value)
        config = self.member(value, "config")
        own = self._registered(value)
        if kind not in CLASSES or kind == "Lambda" or own:
            is_lambda = kind == "Lambda" and not own
            what = (
                "a Lambda, whose function is not in the JSON" if is_lambda else f"`{own or kind}`, a class of a program"
            )
            advice = "read the program that makes the model: `cnncalc summary net.py:model`"
            raise self._fault("keras-config", f"the model has {what}", value, advice)
        made = self._module(f"keras.layers.{kind}", value)
        made.name = self._name(config, value) or self.room.names.next(kind)
        known = parameters(signature_of(kind))  # what else a configuration has is a default of its version of Keras
        said = dict(self._arguments(config))
        given = {name: one for name, one in said.items() if name in known}
        arguments = Arguments((), given, self._span(value))
        made.given = made.take(bound_layer(kind, arguments)).given
        made.frozen = "trainable" in said and said["trainable"].value is False
        made.stated = self._stated(config)
        return made

    def _registered(self, value: Value) -> str:
        """The name under which Keras 3 knows a class that is not its own, whatever Keras' own classes are called."""
        found = value.content.get("registered_name")
        name = found.content if isinstance(found, Value) else None
        return name if isinstance(name, str) and name != SCALED_SUM else ""

    def _arguments(self, config: Value) -> Iterator[tuple[str, Given]]:
        for name, value in config.content.items() if isinstance(config.content, dict) else ():
            if name in ("activation", "recurrent_activation") and isinstance(value.content, dict):
                yield name, Given(self._activation(value), self._span(value))
            else:
                yield name, Given(self.plain(value), self._span(value))

    def _activation(self, value: Value) -> Any:
        """An activation that is a layer, or a function under its name."""
        kind = self.text_of(value, "class_name")
        if kind == "function":
            return self.text_of(value, "config")
        return self.layer(value) if kind in CLASSES else counted_as(kind)

    def _stated(self, config: Value) -> tuple[int, ...] | None:
        for name in ("batch_shape", "batch_input_shape"):
            found = config.content.get(name) if isinstance(config.content, dict) else None
            if isinstance(found, Value) and isinstance(found.content, list):
                return self.room.sizes_of(self.plain(found)[1:])
        return None

    # ------------------------------------------------------------------ functional models
    def _connect(self, model: KerasModule, config: Value) -> None:
        """Make the inputs and the layers, call each as often as it is called, and put the ends together."""
        made: dict[str, list[Any]] = {}
        waiting: list[_Calls] = []
        for one in self.entries(self.member(config, "layers")):
            inner = self.member(one, "config")
            name = self._name(inner, one)
            if self.text_of(one, "class_name") == "InputLayer":
                made[name] = [self.room.input_tensor(self._stated(inner), name, self.here(one))]
            else:
                nodes = self.entries(self.member(one, "inbound_nodes"))
                waiting.append(_Calls(name, self._entry(one), one, deque(self.plain(node) for node in nodes)))
        self._call_all(waiting, made)
        inputs, outputs = (self._ends(self.member(config, name), made) for name in ("input_layers", "output_layers"))
        models.put_together(model, inputs, outputs, self.here(config))

    def _entry(self, value: Value) -> Any:
        """A layer, or the name of the function of `keras.ops` for which a layer of Keras 3 stands."""
        kind, module = self.text_of(value, "class_name"), value.content.get("module")
        is_function = isinstance(module, Value) and isinstance(module.content, str) and ".ops" in module.content
        name = counted_as(kind)
        return f"keras.ops.{name}" if is_function and name in FUNCTIONS else self.layer(value)

    def _call_all(self, waiting: list[_Calls], made: dict[str, list[Any]]) -> None:
        while waiting:
            before = sum(len(one.nodes) for one in waiting)
            for one in waiting:
                while one.nodes and all(len(made.get(name, ())) > call for name, call, _ in _sources(one.nodes[0])):
                    made.setdefault(one.name, []).append(self._called(one, one.nodes.popleft(), made))
                self.evaluator.charge(1 + len(one.nodes))
            waiting = [one for one in waiting if one.nodes]
            if before == sum(len(one.nodes) for one in waiting) > 0:
                message = f"`{waiting[0].name}` reads a layer that the model does not have"
                raise self._fault("keras-config", message, waiting[0].place)

    def _called(self, one: _Calls, node: Any, made: Mapping[str, list[Any]]) -> Any:
        """One call: Keras 3 writes its arguments, Keras 2 a list of what arrives."""
        here, span = self.here(one.place), self._span(one.place)
        if isinstance(node, dict):
            values = [self._filled(value, made, one.place) for value in node.get("args", ())]
            keywords = {name: self._filled(value, made, one.place) for name, value in node.get("kwargs", {}).items()}
        else:
            tensors = [self._filled(value, made, one.place) for value in node]
            joins = isinstance(one.layer, KerasModule) and one.layer.kind in MERGES
            values, keywords = [tensors if len(tensors) != 1 or joins else tensors[0]], {}
        named = {name: Given(value, span) for name, value in keywords.items() if value is not None}
        arguments = Arguments(tuple(Given(value, span) for value in values), named, span)
        if isinstance(one.layer, str):
            return self.room.call(one.layer, arguments, here)
        return here.call_with(one.layer, arguments)

    def _ends(self, value: Value, made: Mapping[str, list[Any]]) -> Any:
        found = self._filled(self.plain(value), made, value)
        lost = models.unknown_in(found)
        if lost is not None:
            raise lost.needed("this end of the model", self._span(value))
        return found

    def _filled(self, value: Any, made: Mapping[str, list[Any]], place: Value) -> Any:
        """The tensors in the place of what names them."""
        found = _history(value)
        if found is not None:
            name, call, result = found
            results = list(models.leaves(made[name][call])) if call < len(made.get(name, ())) else []
            if not result < len(results):
                raise self._fault("keras-config", f"`{name}` has no such result in this model", place)
            return results[result]
        if isinstance(value, tuple):
            return [self._filled(one, made, place) for one in value]
        if isinstance(value, dict):
            return {name: self._filled(one, made, place) for name, one in value.items()}
        return value


class _Calls(NamedTuple):
    """A layer of a functional model, its place, and the calls of it that are still to be made."""

    name: str
    layer: Any
    place: Value
    nodes: deque[Any]


def _history(value: Any) -> tuple[str, int, int] | None:
    """Which layer, which call of it and which of its results is meant; None where a piece names no result."""
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        value = config.get("keras_history") if isinstance(config, dict) else None
    if isinstance(value, tuple) and len(value) >= 3 and isinstance(value[0], str):
        name, call, result = value[:3]
        if type(call) is int and type(result) is int and min(call, result) >= 0:
            return name, call, result
    return None


def _sources(value: Any) -> Iterator[tuple[str, int, int]]:
    """All results that a piece of a configuration names."""
    found = _history(value)
    if found is not None:
        yield found
    elif isinstance(value, (tuple, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _sources(one)
