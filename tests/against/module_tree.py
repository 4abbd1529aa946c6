"""A net of ours as a tree of torch.nn modules, one a layer, as a program of PyTorch would have them.

Tools that count look at modules and the functions that they call, so that what is built here is what they see: joins
are operators, pads that differ on two sides are modules of their own.  Weights are as PyTorch makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cnncalc.analysis.model import Analysis, NodeAnalysis

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
nn = torch.nn

Layer = Any


class Joined(nn.Module):  # type: ignore[misc, name-defined]
    """A join by operators."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Any) -> Any:
        return self.function(*inputs)


def _of_rank(name: str, rank: int) -> Any:
    return getattr(nn, f"{name}{rank}d")


def _same_on_both_sides(axes: Any) -> bool:
    return all(axis.before == axis.after for axis in axes)


def _padded(module: Callable[..., Any], axes: Any, value: float = 0.0) -> Any:
    """The module with its own padding; with a module before it where the two sides of an axis differ."""
    if _same_on_both_sides(axes):
        return module(padding=tuple(axis.before for axis in axes))
    rows = [side for axis in reversed(axes) for side in (axis.before, axis.after)]
    return nn.Sequential(_of_rank("ConstantPad", len(axes))(tuple(rows), value), module(padding=0))


def _window(axes: Any) -> dict[str, tuple[int, ...]]:
    return {
        "kernel_size": tuple(axis.kernel for axis in axes),
        "stride": tuple(axis.stride for axis in axes),
        "dilation": tuple(axis.dilation for axis in axes),
    }


def _conv(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    shape, made = node.inputs[0], node.output.channels
    axes = layer.axes(shape)
    groups = shape.channels if layer.word == "dwconv" else layer.groups
    kind = _of_rank("Conv", shape.rank)

    def module(padding: Any) -> Any:
        return kind(shape.channels, made, **_window(axes), padding=padding, groups=groups, bias=layer.bias)

    return _padded(module, axes)


def _sepconv(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    shape, made = node.inputs[0], node.output.channels
    axes, middle = layer.axes(shape), shape.channels * layer.multiplier
    kind = _of_rank("Conv", shape.rank)

    def module(padding: Any) -> Any:
        return kind(shape.channels, middle, **_window(axes), padding=padding, groups=shape.channels, bias=False)

    return nn.Sequential(_padded(module, axes), kind(middle, made, 1, bias=layer.bias))


def _upconv(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    shape = node.inputs[0]
    axes = layer.axes(shape)
    pads = tuple(axis.before for axis in axes)
    sizes = zip(axes, node.output.spatial, pads, strict=True)
    more = tuple(n - ((a.size - 1) * a.stride - 2 * p + a.dilation * (a.kernel - 1) + 1) for a, n, p in sizes)
    return _of_rank("ConvTranspose", shape.rank)(
        shape.channels,
        node.output.channels,
        **_window(axes),
        padding=pads,
        output_padding=more,
        groups=layer.groups,
        bias=layer.bias,
    )


def _pool(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    axes, rank = layer.axes(node.inputs[0]), node.inputs[0].rank
    window = _window(axes)
    if layer.word == "avgpool":
        del window["dilation"]
        window["count_include_pad"] = layer.countpad
    kind = _of_rank("MaxPool" if layer.word == "maxpool" else "AvgPool", rank)
    return _padded(lambda padding: kind(**window, padding=padding, ceil_mode=layer.ceil), axes, float("-inf"))


def _adaptive(kind: str) -> Callable[[NodeAnalysis], Any]:
    def module(node: NodeAnalysis) -> Any:
        rank = node.inputs[0].rank
        found = _of_rank(kind, rank)(node.output.spatial or (1,) * rank)
        return found if node.output.rank else nn.Sequential(found, nn.Flatten())

    return module


def _batch_norm(node: NodeAnalysis) -> Any:
    return _of_rank("BatchNorm", node.inputs[0].rank or 1)(node.output.channels, affine=bool(node.figures.params))


def _instance_norm(node: NodeAnalysis) -> Any:
    return _of_rank("InstanceNorm", node.inputs[0].rank)(node.output.channels, affine=bool(node.figures.params))


def _group_norm(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    return nn.GroupNorm(layer.groups, node.output.channels, affine=bool(node.figures.params))


def _upsample(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    rank = node.inputs[0].rank
    mode = {"bilinear": {1: "linear", 2: "bilinear", 3: "trilinear"}[rank]}.get(layer.mode, layer.mode)
    if hasattr(layer, "size"):
        return nn.Upsample(size=node.output.spatial, mode=mode)
    factor = layer.factor[0] if len(set(layer.factor)) == 1 else tuple(layer.factor)
    return nn.Upsample(scale_factor=factor, mode=mode)


def _one(kind: Any) -> Callable[[NodeAnalysis], Any]:
    return lambda node: kind()


def _operator(function: Callable[..., Any]) -> Callable[[NodeAnalysis], Any]:
    return lambda node: Joined(function)


def _dense(node: NodeAnalysis) -> Any:
    layer: Layer = node.node.layer
    return nn.Linear(node.inputs[0].channels, layer.units, bias=layer.bias)


def _summed(*inputs: Any) -> Any:
    found = inputs[0]
    for one in inputs[1:]:
        found = found + one
    return found


MODULES: dict[str, Callable[[NodeAnalysis], Any]] = {
    "conv": _conv,
    "dwconv": _conv,
    "sepconv": _sepconv,
    "upconv": _upconv,
    "dense": _dense,
    "maxpool": _pool,
    "avgpool": _pool,
    "gap": _adaptive("AdaptiveAvgPool"),
    "gmp": _adaptive("AdaptiveMaxPool"),
    "adaptavg": _adaptive("AdaptiveAvgPool"),
    "adaptmax": _adaptive("AdaptiveMaxPool"),
    "bn": _batch_norm,
    "instancenorm": _instance_norm,
    "gn": _group_norm,
    "lrn": lambda node: nn.LocalResponseNorm(getattr(node.node.layer, "size", 5)),
    "upsample": _upsample,
    "relu": _one(nn.ReLU),
    "relu6": _one(nn.ReLU6),
    "leaky": _one(nn.LeakyReLU),
    "elu": _one(nn.ELU),
    "selu": _one(nn.SELU),
    "gelu": _one(nn.GELU),
    "silu": _one(nn.SiLU),
    "mish": _one(nn.Mish),
    "hardswish": _one(nn.Hardswish),
    "hardsigmoid": _one(nn.Hardsigmoid),
    "softplus": _one(nn.Softplus),
    "sigmoid": _one(nn.Sigmoid),
    "tanh": _one(nn.Tanh),
    "softmax": lambda node: nn.Softmax(dim=1),
    "logsoftmax": lambda node: nn.LogSoftmax(dim=1),
    "prelu": lambda node: nn.PReLU(node.figures.params),
    "dropout": _one(nn.Dropout),
    "identity": _one(nn.Identity),
    "flatten": _one(nn.Flatten),
    "add": _operator(_summed),
    "sub": _operator(lambda a, b: a - b),
    "mul": _operator(lambda a, b: a * b),
    "concat": _operator(lambda *inputs: torch.cat(inputs, 1)),
}
"""Layer word -> the module that a program has for it."""


class Tree(nn.Module):  # type: ignore[misc, name-defined]
    """The whole net; with one input its image, with several a tuple of them."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self.inputs = [node.node.index for node in analysis.nodes if node.node.is_input]
        self.reads = [node.node.inputs for node in analysis.nodes]
        self.parts = nn.ModuleList(
            nn.Identity() if node.node.is_input else MODULES[node.node.layer.word](node) for node in analysis.nodes
        )
        self.last = analysis.graph.outputs
        self.eval()

    def forward(self, *images: Any) -> Any:
        values = dict(zip(self.inputs, images, strict=True))
        for index, reads in enumerate(self.reads):
            if index not in values:
                values[index] = self.parts[index](*(values[read] for read in reads))
        found = tuple(values[index] for index in self.last)
        return found[0] if len(found) == 1 else found


def images(analysis: Analysis) -> tuple[Any, ...]:
    """An image for each input."""
    shapes = (node.output for node in analysis.nodes if node.node.is_input)
    return tuple(torch.zeros(1, shape.channels, *shape.spatial) for shape in shapes)
