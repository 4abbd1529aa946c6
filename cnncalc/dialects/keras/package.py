"""What Keras' and TensorFlow's names mean to the evaluator: classes, functions, and the methods of modules.

Layers are made here and called in `models.py`; functions on tensors are in `functions.py`.  What trains, loads or shows
is Unknown: it is no part of a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.dialects.keras import models
from cnncalc.dialects.keras.functions import FUNCTIONS, function_called
from cnncalc.dialects.keras.layers import bound_layer
from cnncalc.dialects.keras.models import KerasModule, unknown_in
from cnncalc.dialects.keras.module_methods import member_of, names_of_members
from cnncalc.dialects.keras.naming import (
    CLASSES,
    MERGES,
    NETWORK,
    NO_PART,
    ROOMS,
    ROOTS,
    SHIPPED,
    USUAL,
    LayerNames,
    canonical,
)
from cnncalc.dialects.keras.own_layers.stated_again import is_stated, stated_in
from cnncalc.dialects.keras.tensor_methods import KerasTensors
from cnncalc.dialects.traced.trace import Module, Tensor, Trace
from cnncalc.geometry import Order, Shape
from cnncalc.graph.ir import Count
from cnncalc.graph.pasted.arguments import parameters
from cnncalc.layers.input import Input
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Library, Reading, Unknown

_FUNCTIONAL_MERGES = {name.lower(): name for name in MERGES}
_MODULES = frozenset(("keras.Model", "keras.Layer", "keras.Sequential"))
_INPUT = parameters("shape=None batch_size=None dtype=None sparse=None batch_shape=None name=None tensor=None")


class KerasPackage(KerasTensors):
    """Keras as the evaluator and the reading of models see it; one for each program.

    `size` is the size of the image from outside, for an input whose sizes the program leaves open.
    """

    roots = ROOTS
    usual: Mapping[str, str] = USUAL
    count: Count = "keras"
    order: Order = "channels_last"

    def __init__(self) -> None:
        self.trace = Trace(self)
        self.names = LayerNames()
        self.channels_first = False
        self.size: Shape | None = None
        self.open: dict[int, tuple[int | None, ...]] = {}
        """The operation of an input -> its sizes as they are written, None where they are open."""
        self.inputs: dict[int, KerasModule] = {}

    # ------------------------------------------------------------------ names
    def has(self, name: str) -> bool:
        """Whether a star import brings it: layers, models, and functions of this room."""
        last = name.rpartition(".")[2]
        if canonical(name).startswith("keras.layers."):
            return last in CLASSES or last in ROOMS or last in _FUNCTIONAL_MERGES
        return last in CLASSES or last in ROOMS or last in FUNCTIONS

    def member(self, name: str, here: Reading) -> Any:
        """A `Library` of the canonical name; a number or text for the few names that stand for one."""
        name = canonical(name)
        if name in ("keras.__version__", "tensorflow.__version__"):
            return "3.0.0" if name.startswith("keras") else "2.16.0"
        return Library(name, self)

    def call(self, name: str, arguments: Arguments, here: Reading) -> Any:
        """A class or a function of Keras, called."""
        last = name.rpartition(".")[2]
        if name in _MODULES or (name.startswith("keras.layers.") and last in CLASSES):
            made = KerasModule(None, made=here.span, library=name, package=self, keras=self)
            self.begin(made, name, arguments, here)
            return made
        if name == "keras.Input":
            return self._input(arguments, here)
        if name.startswith("keras.layers.") and last in _FUNCTIONAL_MERGES:
            return self._merged(f"keras.layers.{_FUNCTIONAL_MERGES[last]}", arguments, here)
        setting = self._setting(last, arguments)
        return self._function(name, arguments, here) if setting is None else setting

    def _function(self, name: str, arguments: Arguments, here: Reading) -> Any:
        last = name.rpartition(".")[2]
        if network := NETWORK.fullmatch(name):
            return _from_elsewhere(network["name"], here)
        if NO_PART.fullmatch(name):
            return Unknown(f"`{last}` is no part of a model", here.span)
        if last in FUNCTIONS:
            return function_called(name, arguments, self, here)
        return Unknown(f"`{name}` is not read here", here.span)

    def _setting(self, last: str, arguments: Arguments) -> Any:
        """Where the channels come, and the names that Keras counts."""
        values = [*arguments.values, *(one.value for one in arguments.keywords.values())]
        if last in ("set_image_data_format", "set_image_dim_ordering") and values:
            self.channels_first = values[0] in ("channels_first", "th")
            return ()
        if last in ("image_data_format", "image_dim_ordering"):
            words = ("channels_last", "channels_first") if last == "image_data_format" else ("tf", "th")
            return words[self.channels_first]
        if last == "clear_session":
            self.names.restart()
            return ()
        return "tensorflow" if last == "backend" and not values else None

    def _merged(self, library: str, arguments: Arguments, here: Reading) -> Any:
        """`layers.concatenate([a, b], axis=3)`: the layer made and called."""
        positional = arguments.positional
        keywords = dict(arguments.keywords)
        tensors = positional[0] if positional else keywords.pop("inputs", None)
        if tensors is None:
            raise PythonFault("python-error", "this joins a list of tensors, and none is given", here.span)
        layer = self.call(library, Arguments(positional[1:], keywords, arguments.span), here)
        return here.call_with(layer, Arguments((tensors,), {}, arguments.span))

    # ------------------------------------------------------------------ inputs
    def _input(self, arguments: Arguments, here: Reading) -> Any:
        given = dict(zip(_INPUT, arguments.values, strict=False))
        given |= {name: one.value for name, one in arguments.keywords.items()}
        if isinstance(given.get("tensor"), Tensor):
            return given["tensor"]
        sizes = given.get("shape")
        whole = given.get("batch_shape", given.get("batch_input_shape"))
        if sizes is None and isinstance(whole, (tuple, list)):
            sizes = tuple(whole[1:])
        name = given.get("name")
        return self.input_tensor(sizes, name if isinstance(name, str) else "", here)

    def input_tensor(self, sizes: Any, name: str, here: Reading) -> Any:
        """A symbolic image of these sizes; open ones are those given from outside, else it is Unknown."""
        if isinstance(sizes, Unknown) or sizes is None:
            return sizes or Unknown("an Input without a shape", here.span)
        written = tuple(sizes) if isinstance(sizes, (tuple, list)) else (sizes,)
        if (lost := unknown_in(written)) is not None and self.size is None:
            return lost
        written = tuple(one if type(one) is int else None for one in written)
        dims = self._filled(written)
        if dims is None:
            shape = ", ".join("None" if one is None else str(one) for one in written)
            return Unknown(f"the sizes of this input are open, ({shape}): give --input 224x224x3", here.span)
        if not 1 <= len(dims) <= 4:
            return Unknown(f"an input with {len(dims)} axes is not read here", here.span)
        start = KerasModule(None, made=here.span, library="keras.layers.InputLayer", package=self, keras=self)
        start.name = start.path = name or self.names.next("InputLayer")
        layer = Input(size=dims) if len(dims) in (1, 3) else Input(size=dims[:-1], channels=dims[-1])
        tensor = self.trace.input(layer, (1, *dims), len(dims), here)
        operations = self.trace.operations
        operations[tensor.operation] = operations[tensor.operation]._replace(owner=start)
        self.open[tensor.operation], self.inputs[tensor.operation] = written, start
        start.seen, start.stated = (tensor, tensor), dims
        return tensor

    def _filled(self, written: tuple[int | None, ...]) -> tuple[int, ...] | None:
        given = self.size.sizes("channels_first" if self.channels_first else "channels_last") if self.size else ()
        if len(given) != len(written):
            given = (None,) * len(written)  # type: ignore[assignment]  # open sizes stay open
        dims = tuple(one if one is not None else other for one, other in zip(written, given, strict=True))
        return None if any(one is None for one in dims) else dims

    def fits(self, start: Tensor, tensor: Tensor) -> bool:
        """Whether a model whose input is `start` takes the tensor: open sizes take any."""
        written = self.open.get(start.operation, start.dims[1:])
        return len(start.dims) == len(tensor.dims) and all(
            own is None or own == other for own, other in zip(written, tensor.dims[1:], strict=True)
        )

    # ------------------------------------------------------------------ modules
    def instance(self, cls: Class, base: str, span: Span) -> Instance | Unknown:
        """An empty module; objects that train or load are Unknown."""
        if is_stated(cls):
            return Instance(cls, made=span)
        if base not in _MODULES and not base.startswith("keras.layers."):
            return Unknown(f"an object of {cls.name}, a `{base}`, is no part of a model", span)
        return KerasModule(cls, made=span, library=base, package=self, keras=self)

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Reading) -> None:
        """`__init__` of a library class: names are given, layers bound, a Sequential filled, a model put together."""
        assert isinstance(this, KerasModule)
        keywords = {name: one.value for name, one in arguments.keywords.items()}
        this.library = base
        this.is_begun = True
        self._name(this, keywords.get("name"))
        if base.startswith("keras.layers."):
            this.stated_numbers = stated_in(keywords)
            this.given = this.take(bound_layer(this.kind, arguments)).given
            this.stated = self._stated(this, keywords)
        elif base == "keras.Sequential":
            layers = arguments.values[0] if arguments.positional else keywords.get("layers")
            if isinstance(layers, Unknown):
                raise layers.needed("what this Sequential holds", here.span)
            for one in layers or ():
                models.add(this, one, here)
        elif base == "keras.Model":
            pair = dict(zip(("inputs", "outputs"), arguments.values, strict=False)) | keywords
            inputs, outputs = (pair.get(name, pair.get(name[:-1])) for name in ("inputs", "outputs"))
            if inputs is not None and outputs is not None:
                models.put_together(this, inputs, outputs, here)

    def _name(self, module: KerasModule, given: Any) -> None:
        if isinstance(given, str):
            module.name = given
        elif not module.name:
            kind = "Functional" if module.library == "keras.Model" and module.cls is None else module.kind
            module.name = self.names.next(module.cls.name if module.cls else kind)

    def _stated(self, layer: KerasModule, keywords: Mapping[str, Any]) -> tuple[int, ...] | None:
        """The sizes of an image that a first layer states; None where it does not, or leaves one open."""
        sizes = keywords.get("input_shape", keywords.get("shape"))
        whole = keywords.get("batch_input_shape", keywords.get("batch_shape"))
        if sizes is None and isinstance(whole, (tuple, list)):
            sizes = tuple(whole[1:])
        if sizes is None and "input_dim" in keywords:
            length = keywords.get("input_length")
            sizes = (keywords["input_dim"],) if length is None else (length, keywords["input_dim"])
        if layer.kind == "InputLayer" and sizes is None and layer.bound is not None and layer.bound.call.positional:
            sizes = layer.bound.call.positional[0].value
        if sizes is None:
            return None
        return self.sizes_of(sizes if isinstance(sizes, (tuple, list)) else (sizes,))

    def sizes_of(self, written: Sequence[Any]) -> tuple[int, ...] | None:
        """The sizes of an image; open ones are those given from outside, and without them there are none."""
        return self._filled(tuple(one if type(one) is int else None for one in written))

    def as_layer(self, entry: Any, here: Reading) -> KerasModule:
        """What is put into a Sequential and is no layer: a function is a Lambda."""
        if isinstance(entry, (str, int, float, list, dict)) or entry is None:
            raise PythonFault("python-error", "what is added to the model is no layer", here.span)
        made = self.call("keras.layers.Lambda", Arguments((Given(entry, here.span),), {}, here.span), here)
        assert isinstance(made, KerasModule)
        return made

    def method(self, this: Any, base: str, name: str) -> Any:
        """A method, or a value, of the library's class."""
        if not isinstance(this, KerasModule):
            return Unknown("a model from its configuration is not read here") if name == "from_config" else None
        return member_of(this, name)

    @staticmethod
    def methods_of(_: KerasModule) -> tuple[str, ...]:
        """The names of what Keras' own classes have."""
        return names_of_members()

    def is_a(self, value: Any, name: str) -> bool:
        """`isinstance(value, keras.layers.Conv2D)`."""
        if isinstance(value, Tensor):
            return name.rpartition(".")[2] in ("Tensor", "KerasTensor")
        return isinstance(value, KerasModule) and self.is_below(value.library, name)

    def is_below(self, name: str, other: str) -> bool:
        """`issubclass`: a Sequential is a Model, and all are layers."""
        return other in (name, "keras.Layer") or (name, other) == ("keras.Sequential", "keras.Model")

    # ------------------------------------------------------------------ models
    def is_model(self, value: Any) -> bool:
        """Models, and layers that the program itself defines."""
        return isinstance(value, KerasModule) and (value.library in _MODULES or value.cls is not None)

    def numbers(self, module: Module) -> tuple[int, int]:
        """A layer of Keras that is never called has no weights yet."""
        return 0, 0

    def outputs(self, model: Module, here: Reading) -> Any:
        """What a functional model gives, or a Sequential whose input is known."""
        assert isinstance(model, KerasModule)
        if model.heads is not None:
            return model.heads[1]
        if model.library == "keras.Sequential" and model.steps and len(model.steps) == len(model.sequence) + 1:
            return model.steps[-1]
        return None

    def stated_input(self, model: Module) -> tuple[int, ...] | None:
        """The sizes of the one input, images left out, where the model says them."""
        return models.stated_input(model) if isinstance(model, KerasModule) else None


def _from_elsewhere(name: str, here: Reading) -> Unknown:
    same = SHIPPED.get(name)
    advice = (
        f": `cnncalc summary {same}` has its layers" if same else ": `cnncalc models` lists the nets that ship here"
    )
    return Unknown(f"`{name}` of keras.applications comes from Keras itself{advice}", here.span)
