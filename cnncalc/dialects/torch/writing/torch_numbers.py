"""Layers that work on each number by itself, and norms, in PyTorch's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.dialects.torch.writing.torch_saying import (
    Place,
    Said,
    Usual,
    function,
    in_turn,
    one,
    part,
    unless,
)
from cnncalc.dialects.written_code.pieces import Made, Value
from cnncalc.geometry import Shape

EPSILON = 1e-5
"""PyTorch's own."""


# ---------------------------------------------------------------------- norms
def bn(place: Place) -> Said:
    """Factors and shifts, shifts none; PyTorch has no shifts without factors, which are then a layer of their own."""
    layer: Any = place.layer
    made = part(
        f"nn.BatchNorm{max(1, place.rank)}d",
        place.shape.channels,
        eps=unless(layer.epsilon, EPSILON),
        affine=unless(layer.scale, True),
        bias=unless(layer.shift or not layer.scale, True),
    )
    return _shifted(place, made)


def _shifted(place: Place, made: Made) -> Said:
    """The norm, then its shifts where they are there without factors."""
    layer: Any = place.layer
    if layer.scale or not layer.shift:
        return one(made)
    return in_turn(
        made._replace(name="norm"),
        _learned(place, "Shift", getattr(layer, "axes", "channels"))._replace(name="shift"),
    )


def _learned(place: Place, name: str, each: str, **words: Value | Usual) -> Made:
    """A learned array that meets a map: one number a channel, for all, or for each number."""
    shape = place.shape
    if each == "all":
        return part(f"Element{name}", *shape.sizes("channels_first"))
    return part(name, 1 if each == "shared" else shape.channels, shape.rank, **words)


def ln(place: Place) -> Said:
    """Over the channels of each place or over the whole map."""
    layer: Any = place.layer
    words: dict[str, Value | Usual] = {
        "eps": unless(layer.epsilon, EPSILON),
        "elementwise_affine": unless(layer.scale, True),
        "bias": unless(layer.shift or not layer.scale, True),
    }
    return _shifted(place, _over(place, "LayerNorm", words))


def rmsnorm(place: Place) -> Said:
    """The same without a mean."""
    layer: Any = place.layer
    return one(_over(place, "RMSNorm", {"eps": layer.epsilon, "elementwise_affine": unless(layer.scale, True)}))


def _over(place: Place, name: str, words: Mapping[str, Value | Usual]) -> Made:
    layer: Any = place.layer
    if place.rank == 0:
        return part(f"nn.{name}", place.shape.channels, **words)
    if layer.over_all:
        return part(f"nn.{name}", place.shape.sizes("channels_first"), **words)
    return part(f"Channel{name}", place.shape.channels, **words)


def gn(place: Place) -> Said:
    """Groups of channels over the whole map; as many groups as channels too."""
    layer: Any = place.layer
    made = part(
        "nn.GroupNorm",
        place.call.numbers["groups"],
        place.shape.channels,
        eps=unless(layer.epsilon, EPSILON),
        affine=unless(layer.scale, True),
        bias=unless(layer.shift or not layer.scale, True),
    )
    return _shifted(place, made)


def instancenorm(place: Place) -> Said:
    """Each channel over the whole map."""
    layer: Any = place.layer
    if not place.rank or not layer.scale or not layer.shift:
        return gn(place)
    words: dict[str, Value | Usual] = {"eps": unless(layer.epsilon, EPSILON), "affine": True}
    return one(part(f"nn.InstanceNorm{place.rank}d", place.shape.channels, **words))


def l2norm(place: Place) -> Said:
    """Vectors of length 1."""
    layer: Any = place.layer
    if layer.epsilon == 1e-12:
        return function("F.normalize({x0})")
    return function("F.normalize({x0}, eps={v0})", layer.epsilon)


def lrn(place: Place) -> Said:
    """Over neighbouring channels."""
    numbers = place.call.numbers
    return one(
        part(
            "nn.LocalResponseNorm",
            numbers["size"],
            alpha=unless(numbers["alpha"], 1e-4),
            beta=unless(numbers["beta"], 0.75),
            k=unless(numbers["bias"], 1.0),
        )
    )


# ---------------------------------------------------------------------- activations
def _plain(code: str, made: str) -> Callable[[Place], Said]:
    return lambda _: function(f"{code}({{x0}})", chained=(part(made),))


def _with_number(code: str, made: str, usual: float, attribute: str = "") -> Callable[[Place], Said]:
    """A function with one number of its own, left out where it is PyTorch's own."""

    def said(place: Place) -> Said:
        value: float = getattr(place.layer, attribute or "slope")
        if value == usual:
            return function(f"{code}({{x0}})", chained=(part(made),))
        return function(f"{code}({{x0}}, {{v0}})", value, chained=(part(made, value),))

    return said


def gelu(place: Place) -> Said:
    """The exact one, or its tanh form."""
    layer: Any = place.layer
    if not layer.approximate:
        return function("F.gelu({x0})", chained=(part("nn.GELU"),))
    return function('F.gelu({x0}, approximate="tanh")', chained=(part("nn.GELU", approximate="tanh"),))


def clip(place: Place) -> Said:
    """Two limits are PyTorch's Hardtanh, one is a clamp."""
    layer: Any = place.layer
    if layer.low is not None and layer.high is not None:
        return function(
            "{x0}.clamp({v0}, {v1})", layer.low, layer.high, chained=(part("nn.Hardtanh", layer.low, layer.high),)
        )
    name, value = ("min", layer.low) if layer.high is None else ("max", layer.high)
    return function(f"{{x0}}.clamp({name}={{v0}})", value)


def hardsigmoid(place: Place) -> Said:
    """With another slope than 1/6 it is a line between two limits."""
    layer: Any = place.layer
    if layer.slope is None:
        return function("F.hardsigmoid({x0})", chained=(part("nn.Hardsigmoid"),))
    return function("({v0} * {x0} + 0.5).clamp(0, 1)", layer.slope)


def prelu(place: Place) -> Said:
    """A slope for each channel or for all of them."""
    layer: Any = place.layer
    if layer.slopes == "all":
        return one(_learned(place, "PReLU", "all"))
    return one(part("nn.PReLU") if layer.slopes == "shared" else part("nn.PReLU", place.shape.channels))


def softmax(place: Place) -> Said:
    """Over the channels."""
    name = "LogSoftmax" if place.layer.word == "logsoftmax" else "Softmax"
    code = "F.log_softmax" if name == "LogSoftmax" else "F.softmax"
    return function(f"{code}({{x0}}, dim=1)", chained=(part(f"nn.{name}", dim=1),))


_FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "softsign": ("F.softsign({x0})", (), "nn.Softsign"),
    "logsigmoid": ("F.logsigmoid({x0})", (), "nn.LogSigmoid"),
    "tanhshrink": ("F.tanhshrink({x0})", (), "nn.Tanhshrink"),
    "celu": ("F.celu({x0}, {v0})", ("slope",), "nn.CELU"),
    "softshrink": ("F.softshrink({x0}, {v0})", ("limit",), "nn.Softshrink"),
    "hardshrink": ("F.hardshrink({x0}, {v0})", ("limit",), "nn.Hardshrink"),
    "threshold": ("F.threshold({x0}, {v0}, {v1})", ("limit", "value"), "nn.Threshold"),
    "pow": ("{x0}.pow({v0})", ("exponent",), ""),
    "neg": ("-{x0}", (), ""),
    "squareplus": ("({x0} + ({x0}.square() + 4).sqrt()) / 2", (), ""),
}


def of_number(place: Place) -> Said:
    """`function NAME`: most are methods of the same name."""
    layer: Any = place.layer
    code, names, made = _FUNCTIONS.get(layer.name, (f"{{x0}}.{layer.name}()", (), ""))
    values = [getattr(layer, name) for name in names]
    return function(code, *values, chained=(part(made, *values),) if made else ())


# ---------------------------------------------------------------------- factors and offsets
def scale(place: Place) -> Said:
    """A constant factor, or learned ones."""
    layer: Any = place.layer
    if layer.factor is not None:
        return function("{v0} * {x0}", layer.factor)
    return one(_learned(place, "Scale", layer.each))


def shift(place: Place) -> Said:
    """Learned numbers that are added."""
    layer: Any = place.layer
    return one(_learned(place, "Shift", layer.each))


def layerscale(place: Place) -> Said:
    """Learned factors that begin at a number."""
    layer: Any = place.layer
    return one(_learned(place, "Scale", "channels", start=unless(layer.init, 1.0)))


def affine(place: Place) -> Said:
    """Constants: one for all channels, or one for each."""
    layer: Any = place.layer
    if len(set(layer.factor)) > 1 or len(set(layer.offset)) > 1:
        channels = place.shape.channels
        numbers = [each * (channels if len(each) == 1 else 1) for each in (layer.factor, layer.offset)]
        return one(part("Affine", *numbers, place.rank))
    factor, offset = layer.factor[0], layer.offset[0]
    if factor == 1 or offset == 0:
        return function("{x0} + {v0}" if factor == 1 else "{v0} * {x0}", offset if factor == 1 else factor)
    return function("{v0} * {x0} + {v1}", factor, offset)


def dropout(place: Place) -> Said:
    """A share; of whole channels it is drawn in training alone."""
    layer: Any = place.layer
    return one(part("nn.Dropout", layer.rate) if layer.rate != 0.5 else part("nn.Dropout", p=Usual(0.5)))


def identity(_: Place) -> Said:
    """Nothing."""
    return function("{x0}", chained=(part("nn.Identity"),))


def dense(place: Place) -> Said:
    """On a flat vector."""
    layer: Any = place.layer
    return one(part("nn.Linear", place.shape.channels, layer.units, bias=unless(layer.bias, True)))


def flat(shape: Shape) -> bool:
    """Whether the order of flattening makes no difference."""
    return shape.channels == 1 or all(size == 1 for size in shape.spatial)


NUMBERS: Mapping[str, Callable[[Place], Said]] = {
    "dense": dense,
    "bn": bn,
    "ln": ln,
    "gn": gn,
    "instancenorm": instancenorm,
    "rmsnorm": rmsnorm,
    "l2norm": l2norm,
    "lrn": lrn,
    "relu": _plain("F.relu", "nn.ReLU"),
    "relu6": _plain("F.relu6", "nn.ReLU6"),
    "leaky": _with_number("F.leaky_relu", "nn.LeakyReLU", 0.01),
    "elu": _with_number("F.elu", "nn.ELU", 1.0),
    "selu": _plain("F.selu", "nn.SELU"),
    "gelu": gelu,
    "silu": _plain("F.silu", "nn.SiLU"),
    "hardswish": _plain("F.hardswish", "nn.Hardswish"),
    "hardsigmoid": hardsigmoid,
    "sigmoid": _plain("torch.sigmoid", "nn.Sigmoid"),
    "tanh": _plain("torch.tanh", "nn.Tanh"),
    "softmax": softmax,
    "logsoftmax": softmax,
    "softplus": _with_number("F.softplus", "nn.Softplus", 1.0, "beta"),
    "mish": _plain("F.mish", "nn.Mish"),
    "prelu": prelu,
    "clip": clip,
    "glu": lambda _: function("F.glu({x0}, dim=1)", chained=(part("nn.GLU", dim=1),)),
    "function": of_number,
    "scale": scale,
    "shift": shift,
    "affine": affine,
    "layerscale": layerscale,
    "dropout": dropout,
    "identity": identity,
}
"""By layer word."""
