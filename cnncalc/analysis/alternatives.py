"""The same mapping of one layer by other layers: dense, locally connected, a plain convolution, a cheaper one.

Each alternative has the shape that arrives and the shape that leaves, and is made of real layers, which are asked for
their weights, work and connections: nothing is counted by a formula of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from math import prod
from typing import Any, Literal, NamedTuple, TypeGuard

from cnncalc.analysis import Analysis, analyse
from cnncalc.geometry import SAME, VALID, Padding, Shape
from cnncalc.layers.base import Formula, Layer, learned
from cnncalc.layers.connected import ConnectedConv
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.depthwise import DepthwiseConv, SeparableConv
from cnncalc.layers.local import Local
from cnncalc.layers.pointwise import Shift
from cnncalc.layers.upconv import UpConv

Weighted = Conv | ConnectedConv | DepthwiseConv | SeparableConv | Local | UpConv | Dense
"""The layers whose outputs are weighted sums of what arrives: those that a dense layer could replace."""

Kind = Literal["own", "local", "dense", "plain", "separable", "factorised", "stack", "conv"]
"""own         the layer as it is
local       a kernel of its own at every place
dense       every output reads every number that arrives
plain       one convolution that reads all channels, with the same window
separable   depthwise, then 1x1
factorised  one convolution along each axis: 1xn and nx1
stack       several 3x3 with the same field
conv        a dense layer as a convolution over the whole map
"""

LARGEST_STACK = 15
"""The largest kernel for which a stack of 3x3 is shown: seven of them."""


class Part(NamedTuple):
    """One layer of an alternative, and how many of it there are: one for each group."""

    layer: Layer
    inputs: tuple[Shape, ...]
    times: int = 1

    @property
    def params(self) -> int:
        return self.times * learned(self.layer.weights(self.inputs))

    @property
    def macs(self) -> int:
        return self.times * self.layer.cost(self.inputs).macs

    @property
    def connections(self) -> int:
        return self.times * self.layer.connections(self.inputs)

    @property
    def output(self) -> Shape:
        return self.layer.output_shape(self.inputs)

    def formulas(self) -> tuple[Formula, ...]:
        """The layer's own formulas of params and MACs, of one of the times."""
        return tuple(one for one in self.layer.formulas(self.inputs) if one.quantity in ("params", "macs"))


class Alternative(NamedTuple):
    """Layers that together do the mapping of another one."""

    kind: Kind
    parts: tuple[Part, ...]

    @property
    def params(self) -> int:
        return sum(part.params for part in self.parts)

    @property
    def macs(self) -> int:
        return sum(part.macs for part in self.parts)

    @property
    def connections(self) -> int:
        return sum(part.connections for part in self.parts)


def is_weighted(layer: Layer) -> bool:
    """Whether the layer's outputs are weighted sums with learned weights, which other layers could make too.

    >>> from cnncalc.layers.pool import MaxPool
    >>> is_weighted(Conv(filters=6, kernel_size=(5,))), is_weighted(MaxPool(kernel_size=(2,)))
    (True, False)
    """
    return isinstance(layer, Weighted)


def alternatives(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[Alternative, ...]:
    """Every alternative of a layer that there is: those that are larger, then those that are smaller.

    >>> [(one.kind, one.params) for one in alternatives(Conv(filters=6, kernel_size=(5,)), (Shape(1, (32, 32)),))][:2]
    [('local', 122304), ('dense', 4821600)]
    """
    found = (make(layer, inputs) for make in (as_local, as_dense, as_plain, as_separable, as_factorised, as_stack))
    return tuple(one for one in found if one is not None)


def by_other_layers(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[int, int, int]:
    """The params as a locally connected and as a dense layer, and the connections as the latter.

    A layer that they could not replace keeps its own.
    """
    local, dense = as_local(layer, inputs), as_dense(layer, inputs)
    if local is None or dense is None:
        params = learned(layer.weights(inputs))
        return params, params, layer.connections(inputs)
    return local.params, dense.params, dense.connections


def with_other_layers(analysis: Analysis) -> Analysis:
    """The same analysis, with what locally connected and dense layers would count in place of each layer."""
    return analyse(analysis.graph, analysis.batch, by_other_layers)


def as_dense(layer: Layer, inputs: tuple[Shape, ...]) -> Alternative | None:
    """One dense layer: every output reads every number that arrives, with a weight of its own.

    >>> as_dense(Conv(filters=3, kernel_size=(5,)), (Shape(1, (32, 32)),)).params  # ISLR, chapter 10, exercise 4
    2410800
    """
    if not isinstance(layer, Weighted):
        return None
    dense = Dense(units=layer.output_shape(inputs).elements, bias=layer.bias)
    return Alternative("dense", (Part(dense, (Shape(inputs[0].elements),)),))


def as_local(layer: Layer, inputs: tuple[Shape, ...]) -> Alternative | None:
    """The same connections without shared weights: a kernel of its own for every place.

    >>> as_local(Conv(filters=32, kernel_size=(3,)), (Shape(1, (28, 28)),)).params
    216320
    """
    if not isinstance(layer, Weighted):
        return None
    shape = inputs[0]
    if isinstance(layer, (Local, Dense)):
        parts = [Part(layer, inputs)]
    elif isinstance(layer, SeparableConv):
        parts = [_local(one, shape) for one, shape in _steps(layer, shape)]
    elif isinstance(layer, ConnectedConv):
        seen = Counter(map(len, layer.connected(shape.channels)))
        parts = [_of_places(layer, 1, Shape(many, shape.spatial), times) for many, times in seen.items()]
    elif isinstance(layer, UpConv):
        parts = [*_local_patches(layer, shape)]
    else:
        parts = [_local(layer, shape)]
    return Alternative("local", tuple(parts))


def as_plain(layer: Layer, inputs: tuple[Shape, ...]) -> Alternative | None:
    """The plain convolution with the same window, whose filters read all channels; None for one that does so."""
    shape = inputs[0] if inputs else Shape(1)
    if isinstance(layer, (Conv, UpConv)):
        plain: Layer | None = _with(layer, groups=1) if layer.groups > 1 else None
    elif isinstance(layer, DepthwiseConv):
        plain = _conv(layer, shape.channels * layer.multiplier)
    elif isinstance(layer, (SeparableConv, ConnectedConv, Local)):
        plain = _conv(layer, layer.filters)
    else:
        plain = None
    return None if plain is None else Alternative("plain", (Part(plain, inputs),))


def as_separable(layer: Layer, inputs: tuple[Shape, ...]) -> Alternative | None:
    """Depthwise, then 1x1, for a plain convolution whose window is larger than 1x1."""
    if not _is_plain(layer, inputs) or prod(layer.kernels(inputs[0].rank)) == 1 or inputs[0].channels == 1:
        return None
    made = SeparableConv(**_shared_fields(layer, SeparableConv))
    return Alternative("separable", tuple(Part(one, (shape,)) for one, shape in _steps(made, inputs[0])))


def as_factorised(layer: Layer, inputs: tuple[Shape, ...]) -> Alternative | None:
    """A convolution along each axis by itself, 1xn and nx1, with as many channels between as leave."""
    if not _is_plain(layer, inputs) or inputs[0].rank < 2 or min(layer.kernels(inputs[0].rank)) == 1:
        return None
    parts, shape, axes = [], inputs[0], layer.axes(inputs[0])
    for n, axis in reversed(list(enumerate(axes))):

        def along(own: int, other: int, n: int = n) -> tuple[int, ...]:
            return tuple(own if axis == n else other for axis in range(len(axes)))

        pads = tuple((axis.before, axis.after) if m == n else (0, 0) for m in range(len(axes)))
        one = _with(
            layer,
            kernel_size=along(axis.kernel, 1),
            stride=along(axis.stride, 1) if axis.stride > 1 else (1,),
            dilation=along(axis.dilation, 1) if axis.dilation > 1 else (1,),
            padding=Padding("explicit", pads) if axis.before or axis.after else VALID,
        )
        parts.append(Part(one, (shape,)))
        shape = parts[-1].output
    return Alternative("factorised", tuple(parts))


def as_stack(layer: Layer, inputs: tuple[Shape, ...]) -> Alternative | None:
    """Several 3x3 with the same field, for a plain convolution of 5x5, 7x7 ..., with as many channels between."""
    if not _is_plain(layer, inputs):
        return None
    rank = inputs[0].rank
    kernel = layer.kernels(rank)
    simple = set(layer.strides(rank)) == set(layer.dilations(rank)) == {1} and len(set(kernel)) == 1
    if not simple or kernel[0] % 2 == 0 or not 3 < kernel[0] <= LARGEST_STACK:
        return None
    reach = kernel[0] // 2
    sides = {(axis.before, axis.after) for axis in layer.axes(inputs[0])}
    if sides not in ({(reach, reach)}, {(0, 0)}):
        return None
    padding = SAME if sides == {(reach, reach)} else VALID
    parts, shape = [], inputs[0]
    for _ in range(reach):
        parts.append(Part(_with(layer, kernel_size=(3,) * rank, padding=padding), (shape,)))
        shape = parts[-1].output
    return Alternative("stack", tuple(parts))


def as_convolution(layer: Layer, whole: Shape) -> Alternative | None:
    """A dense layer over a flattened map as a convolution whose kernel is the whole map (CS231n).

    >>> as_convolution(Dense(units=4096, bias=False), Shape(512, (7, 7))).params
    102760448
    """
    if not isinstance(layer, Dense) or not whole.rank:
        return None
    conv = Conv(filters=layer.units, kernel_size=whole.spatial, bias=layer.bias)
    return Alternative("conv", (Part(conv, (whole,)),))


def _is_plain(layer: Layer, inputs: tuple[Shape, ...]) -> TypeGuard[Conv]:
    return isinstance(layer, Conv) and layer.groups == 1 and inputs[0].rank > 0


def _steps(layer: SeparableConv, shape: Shape) -> tuple[tuple[DepthwiseConv | Conv, Shape], ...]:
    """The two convolutions of a separable one, each with the shape that arrives."""
    depthwise = DepthwiseConv(**{**_shared_fields(layer, DepthwiseConv), "bias": False})
    pointwise = Conv(filters=layer.filters, kernel_size=(1,) * shape.rank, bias=layer.bias)
    return (depthwise, shape), (pointwise, depthwise.output_shape((shape,)))


def _local(layer: Conv | DepthwiseConv, shape: Shape) -> Part:
    """A locally connected layer for each group of channels."""
    groups = shape.channels if isinstance(layer, DepthwiseConv) else layer.groups
    filters = layer.multiplier if isinstance(layer, DepthwiseConv) else layer.filters // groups
    return _of_places(layer, filters, Shape(shape.channels // groups, shape.spatial), groups)


def _of_places(layer: Conv | DepthwiseConv | ConnectedConv, filters: int, shape: Shape, times: int) -> Part:
    """A locally connected layer over the same places; of a dilated one the places' patches lie next to each other."""
    kernel, out = layer.kernels(shape.rank), layer.output_spatial(shape)
    if set(layer.dilations(shape.rank)) == {1}:
        own = Local(**{**_shared_fields(layer, Local), "filters": filters})
        return Part(own, (shape,), times)
    patches = Shape(shape.channels, tuple(n * k for n, k in zip(out, kernel, strict=True)))
    return Part(Local(filters=filters, kernel_size=kernel, stride=kernel, bias=layer.bias), (patches,), times)


def _local_patches(layer: UpConv, shape: Shape) -> tuple[Part, ...]:
    """A transposed convolution without shared weights: a patch for each place, and a bias for each output."""
    painted = prod(layer.kernels(shape.rank)) * (layer.filters // layer.groups)
    patches = Local(filters=painted, kernel_size=(1,), bias=False)
    own = Part(patches, (Shape(shape.channels // layer.groups, shape.spatial),), layer.groups)
    return (own, Part(_Offsets(each="all"), (layer.output_shape((shape,)),))) if layer.bias else (own,)


class _Offsets(Shift):
    """The biases of a transposed convolution, which are its connections too."""

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        return inputs[0].elements


def _conv(layer: Layer, filters: int) -> Conv:
    return Conv(**{**_shared_fields(layer, Conv), "filters": filters, "groups": 1})


def _with(layer: Any, **changed: Any) -> Any:
    """The layer with other arguments, without the weights that it is given."""
    return replace(layer, **changed, weights_given=None, bias_given=None)


def _shared_fields(layer: Layer, other: Callable[..., Layer]) -> dict[str, Any]:
    """The arguments of a layer that another kind of layer has too; given weights do not fit it."""
    known = {one.name for one in fields(other)}  # type: ignore[arg-type]  # every layer is a dataclass
    return {
        one.name: getattr(layer, one.name)
        for one in fields(layer)  # type: ignore[arg-type]
        if one.name in known and one.name not in ("weights_given", "bias_given")
    }
