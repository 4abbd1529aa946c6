"""A layer of Keras meets a tensor: what depends on the tensor is settled, then the table makes our layer.

Rows of the table know no tensor; where Keras asks the tensor (which axis is normalised, a Dense on a map, a reshape
with -1) the arguments are settled here first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from cnncalc.dialects.keras import multi_head, picture_layers
from cnncalc.dialects.keras.naming import MERGES, REFUSED
from cnncalc.dialects.keras.own_layers.stated_again import with_stated
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.joins import concatenated, reduced
from cnncalc.dialects.traced.table_faults import faults_of_the_table, made_at
from cnncalc.dialects.traced.trace import Module, Tensor, Trace
from cnncalc.dialects.traced.views import (
    axes_of,
    axis_of,
    channels_at,
    expanded,
    flattened,
    permuted,
    reshaped,
    unsqueezed,
)
from cnncalc.geometry import AXIS_NAMES
from cnncalc.graph.other_layers import Said, no_such_layer, other_kind
from cnncalc.graph.pasted import layers_of
from cnncalc.graph.pasted.arguments import Bound, Row, Words, nothing
from cnncalc.graph.pasted.keras_activations import IGNORED, NAMED, tokens
from cnncalc.graph.pasted.keras_calls import LAYERS
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.layers.along import SoftmaxAlong
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.input import Input
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading, Unknown
from cnncalc.spec.document import Token

_OWN: Mapping[str, str] = {
    "Lambda": "function output_shape=None mask=None arguments=None",
    "Permute": "dims",
    "RepeatVector": "n",
    "Concatenate": "axis=-1",
    "MultiHeadAttention": multi_head.SIGNATURE,
    **picture_layers.SIGNATURES,
}
"""Signatures of the layers that the table does not have."""

_IGNORED_ENDS = ("_initializer", "_regularizer", "_constraint")


class Surroundings(Protocol):
    """What layers need of the program around them."""

    trace: Trace
    channels_first: bool
    """Whether `data_format` means channels first where it is not given."""


def signature_of(kind: str) -> str:
    """The arguments of a layer's class as one string."""
    row = LAYERS.get(kind)
    return row.signature if row is not None else _OWN.get(kind, "")


def bound_layer(kind: str, arguments: Arguments) -> Bound:
    """The arguments of a layer's class under their names; raises PythonFault for those it does not take."""
    if kind in REFUSED:
        bound = Bound(PythonCall(kind, (), {}, arguments.span), "", "identity")
        bound.call = PythonCall(kind, arguments.positional, arguments.keywords, arguments.span)
        return bound
    row = LAYERS.get(kind) or Row(_OWN.get(kind, ""), "identity", nothing)
    keywords = {
        name: given
        for name, given in arguments.keywords.items()
        if not name.endswith(_IGNORED_ENDS) or name in row.signature
    }
    call = PythonCall(kind, arguments.positional, keywords, arguments.span)
    with faults_of_the_table():
        return Bound(call, row.signature, row.word, IGNORED)


class LayerCall:
    """One call of a layer of `keras.layers`: its class, its arguments, and the module whose weights it uses."""

    def __init__(self, kind: str, bound: Bound, around: Surroundings, here: Reading, owner: Module | None) -> None:
        self.kind = kind
        self.given = bound
        self.around = around
        self.here = here
        self.owner = owner

    def result(self, arriving: Any) -> Any:
        """What the layer makes of a tensor, or of a list of them; raises PythonFault where it does not take it."""
        if self.kind in REFUSED:
            raise self._refused()
        with faults_of_the_table(made_at(self.owner.made if self.owner else None, self.here)):
            if self.kind == "Lambda":
                return _lambda(self, arriving)
            made = self._own(arriving)
            activation = self.given.given.get("activation")
            if activation is None or self.kind == "Activation":
                return made
            return activated(made, activation.value, self.here, self.owner)

    def _own(self, arriving: Any) -> Any:
        """What the layer makes before its activation; the operations that it makes are its own."""
        operations = self.around.trace.operations
        first = len(operations)
        if self.kind in MERGES:
            made = _merged(self, arriving)
        elif self.kind == "CustomScaleLayer":
            made = picture_layers.scaled_sum(self, arriving)
        elif not isinstance(arriving, Tensor):
            raise self.unread("takes one tensor")
        else:
            made = _RULES.get(self.kind, _from_table)(self, arriving)
        if self.kind == "Flatten":
            self.around.trace.settled(made, self.here)
        stated = getattr(self.owner, "stated_numbers", {})
        for index in range(first, len(operations)):
            if stated:
                operations[index] = operations[index]._replace(layer=with_stated(operations[index].layer, stated))
            if operations[index].owner is None:
                operations[index] = operations[index]._replace(owner=self.owner)
        return made

    def _refused(self) -> PythonFault:
        if other_kind(self.kind):
            call = self.given.call
            numbers = [one.value if type(one.value) is int else None for one in call.positional]
            named = {key: one.value for key, one in call.keywords.items() if type(one.value) is int}
            found = no_such_layer(Said(self.kind, self.here.span, "Keras", numbers, named)).diagnostic
            return PythonFault(found.code, found.message, found.span, notes=found.notes, help=found.help)
        what = REFUSED[self.kind]
        message = f"cnncalc has no `{self.kind}`" + (f", {what}" if what else "")
        return PythonFault("no-such-layer", message, self.here.span)

    def unread(self, what: str) -> PythonFault:
        """The fault of a tensor that the layer does not take."""
        return PythonFault("not-read-here", f"{self.kind} {what}", self.here.span)

    # ------------------------------------------------------------------ arguments
    def bound(self, *left_out: str) -> Bound:
        """The arguments without those that are settled already."""
        call, gone = self.given.call, {"activation", "data_format", "input_shape", "input_dim", *left_out}
        if self.kind not in LAYERS:
            raise self.unread("is no layer that is read here")
        row = LAYERS[self.kind]
        positional = dict(zip(self.given.declared, call.positional, strict=False))
        keywords = {name: one for name, one in {**positional, **call.keywords}.items() if name not in gone}
        return Bound(PythonCall(call.name, (), keywords, call.span), row.signature, row.word, IGNORED)

    def value(self, name: str) -> Any:
        """What is given for the argument, or its default."""
        return self.given.value(name)

    @property
    def channels_first(self) -> bool:
        """Whether axis 1 is the channels."""
        form = self.value("data_format") if "data_format" in self.given.declared else None
        if form not in (None, "channels_last", "channels_first"):
            raise self.given.wrong("data_format", "'channels_last' or 'channels_first'")
        return self.around.channels_first if form is None else bool(form == "channels_first")

    def placed(self, tensor: Tensor) -> Tensor:
        """The tensor with its channels where this layer's `data_format` has them."""
        if "data_format" not in self.given.declared or len(tensor.dims) < 3:
            return with_channels(tensor, self.here)
        return self.with_channels_at(tensor, 1 if self.channels_first else len(tensor.dims) - 1)

    def with_channels_at(self, tensor: Tensor, axis: int) -> Tensor:
        """The tensor with this axis as its channels; an input that nothing has read yet becomes such a one."""
        if tensor.channels == axis or tensor.is_constant:
            return tensor
        operations = self.around.trace.operations
        is_input = tensor.view is None and operations[tensor.operation].layer.word == "input"
        if is_input and not any(tensor.operation in one.inputs for one in operations):
            spatial = tuple(size for at, size in enumerate(tensor.dims[1:], 1) if at != axis)
            layer = Input(size=spatial, channels=tensor.dims[axis])
            operations[tensor.operation] = operations[tensor.operation]._replace(
                layer=layer, output=layer.output_shape(())
            )
            tensor.channels = axis
            return tensor
        return channels_at(tensor, axis, self.here)

    # ------------------------------------------------------------------ layers
    def say(self, bound: Bound) -> Words:
        """The words of the table's row for these arguments."""
        LAYERS[self.kind].say(bound)
        return bound.words

    def put(self, words: Words, tensor: Tensor) -> Tensor:
        """Our layers of these words, one after the other."""
        for one in words.expects:
            if one.kind == "axes" and one.stated != len(tensor.spatial):
                axes = f"{one.stated + 2} axes (images, {one.stated} of a map, channels)"
                message = f"{self.kind} expects {axes}, but {len(tensor.dims)} arrive"
                raise PythonFault(
                    "arriving-differs",
                    message,
                    self.here.span,
                    label=f"what arrives here is {tensor.text}",
                    notes=made_at(self.owner.made if self.owner else None, self.here),
                )
        return self.put_layers(layers_of(words), tensor)

    def put_layers(self, layers: Sequence[Layer], tensor: Tensor) -> Tensor:
        """These layers, one after the other; a fault of one has the place where it is made."""
        for layer in layers:
            try:
                tensor = self.around.trace.layer(layer, (tensor,), self.here, self.owner)
            except PythonFault as fault:
                if self.owner is not None:
                    fault.notes = (*fault.notes, *made_at(self.owner.made, self.here))
                raise
        return tensor


def with_channels(tensor: Tensor, here: Reading) -> Tensor:
    """The tensor with some axis of channels, for what works on each number alone."""
    return tensor if tensor.channels is not None else channels_at(tensor, len(tensor.dims) - 1, here)


def activated(tensor: Any, activation: Any, here: Reading, owner: Module | None = None) -> Any:
    """The tensor after an activation, which is a name, a function, a layer, or None."""
    if activation is None or not isinstance(tensor, Tensor):
        return tensor
    if isinstance(activation, Unknown):
        raise activation.needed("this activation", here.span)
    if not isinstance(activation, str):
        return here.call(activation, tensor)
    if activation.lower() not in NAMED:
        message = f"`{activation}` is no activation that is read here"
        raise PythonFault("unknown-word", message, here.span, help=f"known are {', '.join(sorted(NAMED))}")
    line = NAMED[activation.lower()]
    if line == "identity":
        return tensor
    if line in ("softmax", "logsoftmax", "glu"):
        tensor = channels_at(tensor, len(tensor.dims) - 1, here)
    return put_line(line, with_channels(tensor, here), here, owner)


def put_line(line: str, tensor: Tensor, here: Reading, owner: Module | None = None) -> Tensor:
    """Our layer that a short line names: `function exp`, `leaky slope=0.2`."""
    word, *rest = tokens(line, here.span)
    assert isinstance(word, Token)
    with faults_of_the_table():
        for layer in layers_of(Words(word.text, here.span, rest)):
            tensor = tensor.trace.layer(layer, (tensor,), here, owner)
    return tensor


# ---------------------------------------------------------------------- the rules, by class
def _from_table(call: LayerCall, tensor: Tensor) -> Tensor:
    return call.put(call.say(call.bound()), call.placed(tensor))


def _dense(call: LayerCall, tensor: Tensor) -> Tensor:
    """On the last axis: a 1x1 convolution where there are axes of a map."""
    seen = channels_at(tensor, len(tensor.dims) - 1, call.here)
    dense = layers_of(call.say(call.bound()))[0]
    assert isinstance(dense, Dense)
    if not seen.spatial:
        return call.put_layers((dense,), seen)
    return call.put_layers((Conv(filters=dense.units, kernel_size=(1,) * len(seen.spatial), bias=dense.bias),), seen)


def _flatten(call: LayerCall, tensor: Tensor) -> Tensor:
    """Always in the order of channels last."""
    axes = len(tensor.dims)
    if call.channels_first and axes > 2:
        tensor = permuted(call.placed(tensor), (0, *range(2, axes), 1), call.here)
    return flattened(tensor, 1, -1, call.here) if axes > 2 else tensor


def _reshape(call: LayerCall, tensor: Tensor) -> Tensor:
    shape = call.value("target_shape")
    sizes = shape if isinstance(shape, tuple) else (shape,)
    return reshaped(tensor, (tensor.dims[0], *sizes), call.here)


def _permute(call: LayerCall, tensor: Tensor) -> Tensor:
    dims = call.value("dims")
    return permuted(tensor, (0, *(dims if isinstance(dims, tuple) else (dims,))), call.here)


def _repeat(call: LayerCall, tensor: Tensor) -> Tensor:
    return expanded(unsqueezed(tensor, 1, call.here), (-1, call.given.count("n"), -1), call.here)


def _global(call: LayerCall, tensor: Tensor) -> Tensor:
    rank = int(call.kind[-2])
    if len(tensor.dims) != rank + 2:
        return _from_table(call, tensor)
    seen = call.placed(tensor)
    word = "max" if "Max" in call.kind else "mean"
    return reduced(word, seen, seen.spatial, call.given.flag("keepdims"), call.here)


def _normed(call: LayerCall, tensor: Tensor) -> Tensor:
    """Along one axis, or over the whole of each image."""
    axes = axes_of(tensor, call.value("axis"), call.here)
    bound = call.bound("axis")
    if len(axes) == 1:
        seen = call.with_channels_at(tensor, axes[0])
        if call.kind == "GroupNormalization" and call.value("groups") == -1:
            bound.given["groups"] = Given(seen.dims[axes[0]], bound.span("groups"))
        return call.put(call.say(bound), seen)
    if call.kind == "LayerNormalization" and sorted(axes) == list(range(1, len(tensor.dims))):
        words = call.say(bound)
        words.arguments.insert(0, Token("all", bound.span("axis")))
        return call.put(words, call.placed(tensor))
    message = f"{call.kind} over {len(axes)} axes of {tensor.text} has no layer here"
    raise PythonFault("no-such-layer", message, call.here.span)


def _softmax(call: LayerCall, tensor: Tensor) -> Tensor:
    axis = axis_of(tensor, call.value("axis"), call.here)
    if tensor.channels not in (None, axis) and axis in tensor.spatial and not tensor.is_constant:
        name = AXIS_NAMES[len(tensor.spatial)][tensor.spatial.index(axis)]
        return call.put_layers((SoftmaxAlong(axis=name),), tensor)
    return call.put(call.say(call.bound("axis")), channels_at(tensor, axis, call.here))


def _prelu(call: LayerCall, tensor: Tensor) -> Tensor:
    """A slope for every number, unless axes share it."""
    seen = with_channels(tensor, call.here)
    named = call.value("shared_axes")
    shared = set(axes_of(seen, named if named is not None else (), call.here))
    words = call.say(call.bound())
    words.arguments.clear()
    if shared == {*seen.spatial, seen.channels}:
        words.arguments.append(Token("shared", words.span))
    elif shared != set(seen.spatial):
        if shared:
            raise call.unread("that shares its slopes along some axes of a map is not read")
        words.arguments.append(Token("all", words.span))
    return call.put(words, seen)


def _activation(call: LayerCall, tensor: Tensor) -> Any:
    return activated(tensor, call.given.given["activation"].value, call.here, call.owner)


def _lambda(call: LayerCall, tensor: Any) -> Any:
    further = call.given.given.get("arguments")
    keywords = further.value if further is not None and isinstance(further.value, dict) else {}
    return call.here.call(call.given.given["function"].value, tensor, **keywords)


def _merged(call: LayerCall, arriving: Any) -> Any:
    """Several tensors become one; sizes that differ are spread as arithmetic spreads them."""
    tensors = list(arriving) if isinstance(arriving, (list, tuple)) else [arriving]
    if len(tensors) < 2 or not all(isinstance(one, Tensor) for one in tensors):
        raise call.unread("takes a list of two tensors or more")
    if call.kind == "Concatenate":
        return concatenated(tensors, call.value("axis"), call.here)
    first = tensors[0]
    is_same = all((one.dims, one.channels) == (first.dims, first.channels) for one in tensors)
    sign = {"Add": "+", "Multiply": "*", "Subtract": "-"}.get(call.kind)
    if is_same or sign is None:
        layer = layers_of(Words(MERGES[call.kind], call.here.span))[0]
        return call.around.trace.layer(layer, tuple(with_channels(one, call.here) for one in tensors), call.here)
    for other in tensors[1:]:
        first = combined(sign, first, other, call.here)
    return first


_RULES: Mapping[str, Callable[[LayerCall, Any], Any]] = {
    "Dense": _dense,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "RepeatVector": _repeat,
    **{
        f"Global{kind}{rank}D": _global
        for kind in ("AveragePooling", "AvgPool", "MaxPooling", "MaxPool")
        for rank in (1, 2, 3)
    },
    **dict.fromkeys(("BatchNormalization", "LayerNormalization", "GroupNormalization"), _normed),
    **dict.fromkeys(("RMSNormalization", "UnitNormalization"), _normed),
    "Softmax": _softmax,
    "PReLU": _prelu,
    "Activation": _activation,
    **picture_layers.RULES,
    "InputLayer": lambda _, tensor: tensor,
}
