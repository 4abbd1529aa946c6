"""A layer of `torch.nn` meets a tensor: what it expects is held against what arrives, then the table makes our layer.

Rows of the table know no tensor; where PyTorch asks the tensor (an adaptive pool that keeps a size, a norm over the
last axes, a softmax along an axis, a size that is a factor of what arrives) the arguments are settled here first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite, prod
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.dialects.torch.padding_calls import padded
from cnncalc.dialects.torch.stated_parameters import with_stated_arrays
from cnncalc.dialects.traced.known_numbers import of_each
from cnncalc.dialects.traced.stated_arrays import as_read
from cnncalc.dialects.traced.table_faults import faults_of_the_table, made_at
from cnncalc.dialects.traced.trace import Module, Tensor
from cnncalc.dialects.traced.views import channels_at, current, flattened
from cnncalc.graph.pasted import layers_of
from cnncalc.graph.pasted.arguments import Bound, Row, Words
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.input import Input
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Given, Reading, Unknown

MOST_TIMES = 10**6
"""Times as large that a map can become."""

CHECKED_WHEN_MADE = frozenset(
    ("Conv", "ConvTranspose", "Linear", "BatchNorm", "InstanceNorm", "GroupNorm", "MaxPool", "AvgPool", "LPPool")
)
"""Layers whose arguments can be judged before anything arrives: their faults stand where they are made."""

AXES = {"1": "a signal", "2": "a map", "3": "a volume"}


class LayerCall:
    """One call of a layer: its class or function, its arguments, what arrives, and the module whose weights it uses."""

    def __init__(self, kind: str, row: Row, bound: Bound, here: Reading, owner: Module | None = None) -> None:
        self.kind = kind
        self.row = row
        self.bound = bound
        self.here = here
        self.owner = owner

    @property
    def rank(self) -> int:
        """How many axes of a map its name says, 0 for none."""
        return int(self.kind[-2]) if self.kind[-2:] in ("1d", "2d", "3d") else 0

    def settle(self, name: str, value: Any) -> None:
        """Give an argument the value that follows from what arrives."""
        self.bound.given[name] = Given(value, self.bound.span(name))

    def result(self, tensor: Tensor) -> Any:
        """What the layer makes of the tensor; raises PythonFault where it does not take it."""
        rule = _RULES.get(self.family, _pointwise)
        tensor = as_read(current(tensor, self.here), self.here)
        if tensor.is_constant and rule in _KEEPING_SIZES:
            return of_each(self.bound.call.name, tensor)
        if tensor.is_constant:
            tensor = trial_image(tensor, self.here)
        with faults_of_the_table():
            made = rule(self, tensor)
            if "inplace" in self.bound.declared and self.bound.value("inplace") and isinstance(made, Tensor):
                return tensor.overwritten(made)
            return tensor.viewed_as(made) if self.family == "Identity" or rule is _dropout else made

    @property
    def family(self) -> str:
        """The name without its axes: `Conv`, `MaxPool`."""
        plain = self.kind[:-2] if self.rank else self.kind
        return plain.removeprefix("Lazy")

    def layer(self, tensor: Tensor) -> Tensor:
        """Our layer of the table, put to a tensor whose channels stand where they are read."""
        self.row.say(self.bound)
        self._check(self.bound.words, tensor)
        return self.put(layers_of(self.bound.words), tensor)

    def put(self, layers: tuple[Layer, ...], tensor: Tensor) -> Tensor:
        """These layers, one after the other."""
        for layer in layers:
            try:
                made = with_stated_arrays(layer, self.owner)
                tensor = tensor.trace.layer(made, (tensor,), self.here, self.owner)
            except PythonFault as fault:
                raise self._with_place_made(fault) from None
        return tensor

    def _with_place_made(self, fault: PythonFault) -> PythonFault:
        if self.owner is not None and self.owner.made is not None:
            fault.notes = (*fault.notes, *made_at(self.owner.made, self.here))
        return fault

    def _check(self, words: Words, tensor: Tensor) -> None:
        assert tensor.channels is not None
        for one in words.expects:
            if one.kind == "channels" and one.stated != tensor.dims[tensor.channels]:
                arrive = tensor.dims[tensor.channels]
                advice = self._written_for(arrive, one.stated)
                raise self.unexpected(f"{one.stated:,} channels", f"{arrive:,} arrive", tensor, one.span, advice)

    def _written_for(self, channels: int, stated: int) -> str:
        """The layer as it would be written for so many channels; empty where more than that would have to change."""
        given = {name: one.value for name, one in self.bound.given.items()}
        names = list(self.bound.declared)
        if self.owner is None or not given or given.get(names[0]) != stated or given.get("groups", 1) != 1:
            return ""
        if not all(isinstance(one, (bool, int, float, str)) for one in given.values()):
            return ""
        given[names[0]] = channels
        ordered = [name for name in names if name in given]
        texts = [
            f"{given[name]!r}" if ordered[: i + 1] == names[: i + 1] else f"{name}={given[name]!r}"
            for i, name in enumerate(ordered)
        ]
        return f"write nn.{self.kind}({', '.join(texts)})"

    def unexpected(self, wanted: str, arrives: str, tensor: Tensor, span: Span, help: str = "") -> PythonFault:
        """The fault of a tensor that is not what the layer was made for; `span` is the argument that says so."""
        return PythonFault(
            "arriving-differs",
            f"{self.bound.title} expects {wanted}, but {arrives}",
            self.here.span,
            label=f"what arrives here is {tensor.text}",
            notes=made_at(span, self.here),
            help=help,
        )


def trial_image(tensor: Tensor, here: Reading) -> Tensor:
    """An image in the place of a constant with which a program only tries out which size comes out.

    `self.features(torch.zeros(1, 3, 32, 32)).shape` in an `__init__` is such a trial; a call of a whole model on the
    level of the file is none, for nothing depends on it.
    """
    inside = len(here.trail) > sum(module.cls is not None for module in tensor.trace.entered)
    is_learned = tensor.constant is None or tensor.constant.is_parameter
    if is_learned or not inside or not 2 <= len(tensor.dims) <= 5 or tensor.dims[0] != 1:
        raise PythonFault(
            "not-read-here", f"a layer is put to numbers of {tensor.text} that no image decides", here.span
        )
    layer = Input(size=tensor.dims[1:], channels=None, order="channels_first")
    return tensor.trace.input(layer, tensor.dims, 1, here)


def with_channels(tensor: Tensor, here: Reading) -> Tensor:
    """The tensor with some axis of channels, for what works on each number alone."""
    if tensor.channels is not None:
        return tensor
    return channels_at(tensor, len(tensor.dims) - 1, here)


# ---------------------------------------------------------------------- the rules, by family
def _pointwise(call: LayerCall, tensor: Tensor) -> Tensor:
    return call.layer(with_channels(tensor, call.here))


def _on_map(call: LayerCall, tensor: Tensor) -> Tensor:
    return call.layer(_map(call, tensor))


def _map(call: LayerCall, tensor: Tensor) -> Tensor:
    """The tensor as images, channels, then as many axes as the layer's name says."""
    if call.rank and len(tensor.dims) != call.rank + 2:
        wanted = f"{call.rank + 2} axes (images, channels and {AXES[str(call.rank)]} of {call.rank})"
        raise call.unexpected(wanted, f"{len(tensor.dims)} arrive", tensor, call.bound.call.span)
    if len(tensor.dims) < 2:
        raise call.unexpected("images and channels", "one axis arrives", tensor, call.bound.call.span)
    return channels_at(tensor, 1, call.here)


def _flatten(call: LayerCall, tensor: Tensor) -> Tensor:
    return flattened(tensor, call.bound.value("start_dim"), call.bound.value("end_dim"), call.here)


def _padding(call: LayerCall, tensor: Tensor) -> Tensor:
    """Negative numbers cut rows off; minus infinity, which a maximum never takes, is no number in our words."""
    sides = call.bound.value("padding")
    is_endless = call.family == "ConstantPad" and not isfinite(call.bound.number("value"))
    if isinstance(sides, tuple) and (is_endless or any(type(one) is int and one < 0 for one in sides)):
        fill = {"Reflection": "reflect", "Replication": "edge", "Circular": "wrap"}.get(call.family.removesuffix("Pad"))
        value = call.bound.number("value") if call.family == "ConstantPad" else 0
        return padded(_map(call, tensor), sides, fill or "zeros", call.here, value)
    return _on_map(call, tensor)


def _max_pool(call: LayerCall, tensor: Tensor) -> Any:
    """With its places, which are not known."""
    with_places = call.bound.flag("return_indices")
    call.settle("return_indices", False)
    made = call.layer(_adapted(call, tensor) if call.family.startswith("Adaptive") else _map(call, tensor))
    return (
        (made, Unknown("the places of a pool's maxima are numbers of the image", call.here.span))
        if with_places
        else made
    )


def _adaptive(call: LayerCall, tensor: Tensor) -> Tensor:
    return call.layer(_adapted(call, tensor))


def _adapted(call: LayerCall, tensor: Tensor) -> Tensor:
    """None keeps the size of an axis."""
    seen = _map(call, tensor)
    wanted = call.bound.given["output_size"].value
    each = list(wanted) if isinstance(wanted, (tuple, list)) else [wanted] * call.rank
    kept = [size if one is None else one for one, size in zip(each, seen.dims[2:], strict=False)]
    call.settle("output_size", (*kept, *each[len(kept) :]))
    return seen


def _linear(call: LayerCall, tensor: Tensor) -> Tensor:
    """On the last axis: a 1x1 convolution where there are axes of a map."""
    bound, last = call.bound, len(tensor.dims) - 1
    units, has_bias = bound.count("out_features"), bound.flag("bias")
    if "in_features" in bound.declared and bound.count("in_features") != tensor.dims[last]:
        raise _wrong_numbers(call, tensor)
    seen = channels_at(tensor, last, call.here)
    if not seen.spatial:
        return call.put((Dense(units=units, bias=has_bias),), seen)
    return call.put((Conv(filters=units, kernel_size=(1,) * len(seen.spatial), bias=has_bias),), seen)


def _wrong_numbers(call: LayerCall, tensor: Tensor) -> PythonFault:
    """PyTorch's `mat1 and mat2 shapes cannot be multiplied`, with where the numbers come from."""
    stated, arrive = call.bound.count("in_features"), tensor.dims[-1]
    unflattened = len(tensor.dims) == 4 and prod(tensor.dims[1:]) == stated
    units = call.bound.count("out_features")
    advice = "flatten the map first: x = torch.flatten(x, 1)" if unflattened else f"write nn.Linear({arrive}, {units})"
    fault = call.unexpected(f"{stated:,} numbers", f"{arrive:,} arrive", tensor, call.bound.span("in_features"), advice)
    behind = tensor.view.behind if tensor.view is not None else None
    if behind is not None and behind.spatial and behind.elements == arrive:
        sizes = " * ".join(map(str, behind.sizes("channels_first")))
        fault.notes = (f"{arrive:,} = {sizes}, the map that is flattened", *fault.notes)
    return fault


def _layer_norm(call: LayerCall, tensor: Tensor) -> Tensor:
    """Over the last axes: the channels there, or all but the images."""
    shape = call.bound.value("normalized_shape")
    sizes = shape if isinstance(shape, tuple) else (call.bound.count("normalized_shape"),)
    arrive = tensor.dims[len(tensor.dims) - len(sizes) :]
    if sizes != arrive:
        wanted, found = "x".join(map(str, sizes)), "x".join(map(str, arrive))
        span = call.bound.span("normalized_shape")
        raise call.unexpected(f"{wanted} on the last axes", f"{found} arrives", tensor, span)
    if len(sizes) == 1:
        return call.layer(channels_at(tensor, len(tensor.dims) - 1, call.here))
    if len(sizes) == len(tensor.dims) - 1:
        return call.layer(with_channels(tensor, call.here))
    raise PythonFault(
        "no-such-layer", f"a norm over {len(sizes)} axes of {tensor.text} has no layer here", call.here.span
    )


def _softmax(call: LayerCall, tensor: Tensor) -> Tensor:
    """Along the axis that `dim` names; PyTorch's own choice without it is 0 for one or three axes, else 1."""
    axis, axes = call.bound.value("dim") if "dim" in call.bound.declared else 1, len(tensor.dims)
    if axis is None:
        axis = 0 if axes in (1, 3) else 1
    if type(axis) is not int or not -axes <= axis < axes:
        raise call.bound.wrong("dim", f"one of the {axes} axes")
    if "dim" in call.bound.declared:
        call.settle("dim", None)
    return call.layer(channels_at(tensor, axis % axes, call.here))


def _instance_norm(call: LayerCall, tensor: Tensor) -> Tensor:
    """PyTorch does not mind another number of channels where none has weights."""
    seen = _map(call, tensor)
    if not call.bound.flag("affine") and not call.bound.flag("track_running_stats"):
        call.settle("num_features", seen.dims[1])
    return call.layer(seen)


def _dropout(call: LayerCall, tensor: Tensor) -> Tensor:
    """Its share is of no effect where a net is used, known or not."""
    given = call.bound.given.get("p")
    if given is not None and (type(given.value) not in (int, float) or not 0 <= given.value < 1):
        call.settle("p", 0.5)
        call.bound.words.word = "identity"
        return call.put(layers_of(call.bound.words), with_channels(tensor, call.here))
    return call.layer(with_channels(tensor, call.here))


def _upsample(call: LayerCall, tensor: Tensor) -> Tensor:
    """The size that follows from a factor where PyTorch is told to forget the factor, or takes means of areas."""
    seen, bound = _map(call, tensor), call.bound
    is_area = "mode" in bound.declared and bound.value("mode") == "area"
    if bound.value("size") is None and (
        is_area or ("mode" in bound.declared and bound.value("recompute_scale_factor"))
    ):
        factor = bound.value("scale_factor")
        each = factor if isinstance(factor, tuple) else (factor,) * len(seen.dims[2:])
        if any(type(one) not in (int, float) or not 0 < one < MOST_TIMES for one in each):
            raise bound.wrong("scale_factor", "a number, or one for each axis")
        call.settle("size", tuple(max(1, int(n * one)) for n, one in zip(seen.dims[2:], each, strict=False)))
    if "recompute_scale_factor" in bound.declared:
        call.settle("recompute_scale_factor", None)
    return call.layer(seen)


def _batch_norm(call: LayerCall, tensor: Tensor) -> Tensor:
    """BatchNorm1d takes flat vectors as well as signals."""
    return call.layer(
        channels_at(tensor, 1, call.here) if len(tensor.dims) == 2 and call.rank == 1 else _map(call, tensor)
    )


def _prelu(call: LayerCall, tensor: Tensor) -> Tensor:
    """Several slopes are those of the channels."""
    is_one = call.bound.count("num_parameters") == 1
    return call.layer(with_channels(tensor, call.here) if is_one else _map(call, tensor))


_RULES: Mapping[str, Callable[[LayerCall, Tensor], Any]] = {
    **dict.fromkeys(("Conv", "ConvTranspose", "AvgPool", "LPPool", "SyncBatchNorm", "GroupNorm"), _on_map),
    **dict.fromkeys(("LocalResponseNorm", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle"), _on_map),
    **dict.fromkeys(("ZeroPad", "ConstantPad", "ReflectionPad", "ReplicationPad", "CircularPad"), _padding),
    **dict.fromkeys(("MaxPool", "AdaptiveMaxPool"), _max_pool),
    "AdaptiveAvgPool": _adaptive,
    "Flatten": _flatten,
    "Linear": _linear,
    **dict.fromkeys(("LayerNorm", "RMSNorm"), _layer_norm),
    **dict.fromkeys(("Softmax", "LogSoftmax", "Softmax2d"), _softmax),
    "BatchNorm": _batch_norm,
    "InstanceNorm": _instance_norm,
    "PReLU": _prelu,
    **dict.fromkeys(("Dropout", "AlphaDropout", "FeatureAlphaDropout"), _dropout),
    **dict.fromkeys(("Upsample", "UpsamplingNearest", "UpsamplingBilinear", "Interpolate"), _upsample),
}

_KEEPING_SIZES = frozenset((_pointwise, _softmax, _dropout))
"""Rules of what is put to each number, or gives as many numbers: a constant stays one."""
