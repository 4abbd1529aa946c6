"""Caffe's layers of one input as layers of ours: which fields their messages have, and what these mean.

Caffe's conventions that others do not share: pools round up, and an average counts the pads inside the padded map;
InnerProduct reads a map with its channels first; LRN divides alpha by the number of channels.  Source: the comments of
caffe.proto and the layers' own output shapes (Jia et al. 2014).
"""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.dialects.net_rows import Made, own_layer
from cnncalc.dialects.prototxt_text import Message
from cnncalc.geometry import Padding, Shape
from cnncalc.graph.faults import Fault
from cnncalc.layers.registry import layer_class

_FILLERS = ("weight_filler", "bias_filler", "filler", "engine", "param_str")
_WINDOW = ("pad", "kernel_size", "stride", "pad_h", "pad_w", "kernel_h", "kernel_w", "stride_h", "stride_w")
_CONVOLUTION = ("num_output", "bias_term", "group", "axis", "force_nd_im2col", "dilation", *_WINDOW, *_FILLERS)


class Kind(NamedTuple):
    """A layer type: its message of parameters, the fields in it, and what it makes of them and of what arrives."""

    parameters: str
    fields: tuple[str, ...]
    make: Callable[[Message, Shape], Made]


def _sizes(param: Message, name: str, otherwise: int, rank: int, *, smallest: int) -> tuple[int, ...]:
    """`kernel_size`, `pad` and their like for every axis: one number, several, or _h and _w."""
    short = name.removesuffix("_size")
    if f"{short}_h" in param or f"{short}_w" in param:
        found = [param.whole(f"{short}_h", otherwise), param.whole(f"{short}_w", otherwise)]
    else:
        found = param.wholes(name) or [otherwise]
    place = param.place(name, f"{short}_h", f"{short}_w")
    if min(found) < smallest:
        raise Fault("number-too-small", f"{name} is at least {smallest}, not {min(found)}", place)
    if len(found) not in (1, max(rank, 1)) or max(found) > 10**9:
        raise Fault("wrong-rank", f"{len(found)} numbers of {name} do not fit a {rank}-D input", place)
    return tuple(found) if len(found) > 1 else (found[0],) * max(rank, 1)


def _window(param: Message, shape: Shape) -> tuple[dict[str, tuple[int, ...]], Padding, dict[str, Span]]:
    """Kernel and stride, the padding, and where they are written."""
    kernel = _sizes(param, "kernel_size", 0, shape.rank, smallest=1)
    stride = _sizes(param, "stride", 1, shape.rank, smallest=1)
    pads = _sizes(param, "pad", 0, shape.rank, smallest=0)
    padding = Padding("explicit", tuple((pad, pad) for pad in _brief(pads))) if any(pads) else Padding()
    places = {
        "kernel_size": param.place("kernel_size", "kernel_h"),
        "stride": param.place("stride", "stride_h"),
        "padding": param.place("pad", "pad_h"),
    }
    return {"kernel_size": kernel, "stride": _brief(stride)}, padding, places


def _brief(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """One number where all are the same."""
    return sizes[:1] if len(set(sizes)) == 1 else sizes


def _outputs(param: Message) -> int:
    count = param.whole("num_output", 0)
    if not 0 < count <= 10**9:
        raise Fault("number-too-small", "num_output is needed, and at least 1", param.place("num_output"))
    return count


def _convolution(param: Message, shape: Shape, word: str = "conv", group: int | None = None) -> Made:
    if param.whole("axis", 1) != 1:
        raise Fault("no-such-layer", "only convolutions over the spatial axes are read", param.place("axis"))
    sizes, padding, places = _window(param, shape)
    dilation = _sizes(param, "dilation", 1, shape.rank, smallest=1)
    groups = max(1, param.whole("group", 1)) if group is None else group
    layer = layer_class(word)(  # type: ignore[call-arg]
        filters=_outputs(param),
        **sizes,
        **({} if padding.is_nothing else {"padding": padding}),
        dilation=_brief(dilation),
        groups=groups,
        bias=param.flag("bias_term", otherwise=True),
    )
    return [(layer, {**places, "filters": param.place("num_output"), "groups": param.place("group")})]


def _pooling(param: Message, shape: Shape) -> Made:
    method = param.text("pool", "MAX").upper()
    words = {"MAX": "maxpool", "0": "maxpool", "AVE": "avgpool", "1": "avgpool"}
    if method not in words:
        message = f"`{method[:20]}` pooling depends on chance or is not known, and there is no layer for it"
        raise Fault("no-such-layer", message, param.place("pool"), help="MAX and AVE are read")
    if param.flag("global_pooling", otherwise=False):
        return [(layer_class("gmp" if words[method] == "maxpool" else "gap")(keep=True), {})]  # type: ignore[call-arg]
    sizes, padding, places = _window(param, shape)
    up = param.text("round_mode", "CEIL").upper() in ("CEIL", "0") and param.flag("ceil_mode", otherwise=True)
    axes = zip(shape.spatial, sizes["kernel_size"], sizes["stride"] * shape.rank, strict=False)
    if up and padding.is_nothing and any(-(-(n - kernel) // stride) * stride >= n for n, kernel, stride in axes):
        message = "Caffe rounds up here to a window that lies outside of the map"
        raise Fault("no-such-layer", message, places["stride"], help="write `round_mode: FLOOR`")
    average = {"countpad": True} if words[method] == "avgpool" and not padding.is_nothing else {}
    layer = layer_class(words[method])(  # type: ignore[call-arg]
        **sizes, **({} if padding.is_nothing else {"padding": padding}), ceil=up, **average
    )
    return [(layer, places)]


def _inner_product(param: Message, shape: Shape) -> Made:
    if param.signed("axis") not in ([], [1], [-3] if shape.rank == 2 else [1]):
        raise Fault("no-such-layer", "an InnerProduct along another axis is no dense layer", param.place("axis"))
    dense = layer_class("dense")(units=_outputs(param), bias=param.flag("bias_term", otherwise=True))  # type: ignore[call-arg]
    flat: Made = [(layer_class("flatten")(order="channels_first"), {})] if shape.rank else []  # type: ignore[call-arg]
    return [*flat, (dense, {"units": param.place("num_output")})]


def _relu(param: Message) -> Made:
    slope = param.real("negative_slope", 0.0)
    return [(layer_class("leaky")(slope=slope) if slope else layer_class("relu")(), {})]  # type: ignore[call-arg]


def _prelu(param: Message) -> Made:
    words = ["shared"] if param.flag("channel_shared", otherwise=False) else []
    return [(own_layer("prelu", *words, place=param.place("channel_shared")), {})]


def _elu(param: Message) -> Made:
    return [(layer_class("elu")(slope=param.real("alpha", 1.0)), {})]  # type: ignore[call-arg]


def _lrn(param: Message) -> Made:
    if param.text("norm_region", "ACROSS_CHANNELS").upper() not in ("ACROSS_CHANNELS", "0"):
        message = "there is no layer that normalises over the neighbours within a channel"
        raise Fault("no-such-layer", message, param.place("norm_region"))
    layer = layer_class("lrn")(  # type: ignore[call-arg]
        size=max(1, param.whole("local_size", 5)),
        alpha=param.real("alpha", 1.0),
        beta=param.real("beta", 0.75),
        bias=param.real("k", 1.0),
    )
    return [(layer, {})]


def _batch_norm(param: Message) -> Made:
    return [(layer_class("bn")(epsilon=param.real("eps", 1e-5), scale=False, shift=False), {})]  # type: ignore[call-arg]


def _scale(param: Message) -> Made:
    if param.signed("axis") not in ([], [1]) or param.signed("num_axes") not in ([], [1]):
        raise Fault("no-such-layer", "a Scale along other axes is no layer of ours", param.place("axis", "num_axes"))
    biased = param.flag("bias_term", otherwise=False)
    shift: Made = [(own_layer("shift", place=param.place("bias_term")), {})] if biased else []
    return [(layer_class("scale")(), {}), *shift]


def _bias(param: Message) -> Made:
    return [(own_layer("shift", place=param.span), {})]


def _power(param: Message) -> Made:
    """(shift + scale * x) ^ power."""
    power, place = param.real("power", 1.0), param.place("power")
    inner = _inside(param, param.real("scale", 1.0), param.real("shift", 0.0))
    if power == 1:
        return inner or [(layer_class("identity")(), {})]
    words = ["square"] if power == 2 else ["pow", f"exponent={_number(power)}"]
    return [*inner, (own_layer("function", *words, place=place), {})]


def _number(value: float) -> str:
    return f"{value:.16g}"


def _base(param: Message) -> float:
    """The natural logarithm of the base; -1 is e."""
    base = param.real("base", -1.0)
    if base != -1 and not 0 < base != 1:
        raise Fault("unfit-value", "a base is above 0 and not 1; -1 is e", param.place("base"), help="write `base: 2`")
    return 1.0 if base == -1 else log(base)


def _exponential(param: Message) -> Made:
    """base ^ (shift + scale * x)."""
    factor = _base(param)
    inner = _inside(param, factor * param.real("scale", 1.0), factor * param.real("shift", 0.0))
    return [*inner, (own_layer("function", "exp", place=param.span), {})]


def _logarithm(param: Message) -> Made:
    """The logarithm of shift + scale * x to the base."""
    inner = _inside(param, param.real("scale", 1.0), param.real("shift", 0.0))
    outer = _inside(param, 1 / _base(param), 0.0)
    return [*inner, (own_layer("function", "log", place=param.span), {}), *outer]


def _inside(param: Message, scale: float, shift: float) -> Made:
    """shift + scale * x; nothing where that is x."""
    place = param.place("scale", "shift", "base")
    if shift:
        return [(own_layer("affine", _number(scale), _number(shift), place=place), {})]
    return [(layer_class("scale")(factor=scale), {})] if scale != 1 else []  # type: ignore[call-arg]


def _dropout(param: Message) -> Made:
    return [(layer_class("dropout")(rate=param.real("dropout_ratio", 0.5)), {"rate": param.place("dropout_ratio")})]  # type: ignore[call-arg]


def _softmax(param: Message, shape: Shape) -> Made:
    if param.signed("axis") not in ([], [1], [-1 - shape.rank]):
        raise Fault("no-such-layer", "a softmax along another axis than the channels is not read", param.place("axis"))
    return [(layer_class("softmax")(), {})]


def _flatten(param: Message, shape: Shape) -> Made:
    if param.signed("axis") not in ([], [1]) or param.signed("end_axis") not in ([], [-1]):
        message = "only a Flatten of all that belongs to one image is read"
        raise Fault("no-such-layer", message, param.place("axis", "end_axis"))
    return [(layer_class("flatten")(order="channels_first"), {})] if shape.rank else [(layer_class("identity")(), {})]  # type: ignore[call-arg]


def _clip(param: Message) -> Made:
    least, most = param.real("min", 0.0), param.real("max", 6.0)
    if (least, most) == (0.0, 6.0):
        return [(layer_class("relu6")(), {})]
    return [(own_layer("clip", _number(least), _number(most), place=param.span), {})]


def _interpolation(param: Message, shape: Shape) -> Made:
    """Interp of the programs of DeepLab and PSPNet: bilinear, the corners of both maps on each other."""
    sizes = [param.whole("height", 0), param.whole("width", 0)]
    shrink, zoom = max(1, param.whole("shrink_factor", 1)), max(1, param.whole("zoom_factor", 1))
    if param.whole("pad_beg", 0) or param.whole("pad_end", 0) or shape.rank != 2:
        raise Fault("no-such-layer", "an Interp with pads is no layer of ours", param.place("pad_beg", "pad_end"))
    if not all(sizes):
        sizes = [(n - 1) // shrink * zoom + 1 for n in shape.spatial]
    size = "x".join(map(str, sizes))
    return [(own_layer("upsample", f"size={size}", "bilinear", "corners", place=param.span), {})]


def _word(word: str) -> Callable[[Message, Shape], Made]:
    return lambda param, _: [(own_layer(word, place=param.span), {})]


def _absolute(param: Message) -> Made:
    return [(own_layer("function", "abs", place=param.span), {})]


def _alone(make: Callable[[Message], Made]) -> Callable[[Message, Shape], Made]:
    """A layer that is the same whatever arrives."""
    return lambda param, _: make(param)


def _depthwise(param: Message, shape: Shape) -> Made:
    return _convolution(param, shape, group=shape.channels)


_AFFINE = ("scale", "shift", "base", "power")
KINDS: dict[str, Kind] = {
    "convolution": Kind("convolution_param", _CONVOLUTION, _convolution),
    "convolutiondepthwise": Kind("convolution_param", _CONVOLUTION, _depthwise),
    "depthwiseconvolution": Kind("convolution_param", _CONVOLUTION, _depthwise),
    "deconvolution": Kind("convolution_param", _CONVOLUTION, lambda param, shape: _convolution(param, shape, "upconv")),
    "pooling": Kind(
        "pooling_param", ("pool", "global_pooling", "round_mode", "ceil_mode", *_WINDOW, *_FILLERS), _pooling
    ),
    "innerproduct": Kind(
        "inner_product_param", ("num_output", "bias_term", "axis", "transpose", *_FILLERS), _inner_product
    ),
    "relu": Kind("relu_param", ("negative_slope", "engine"), _alone(_relu)),
    "prelu": Kind("prelu_param", ("filler", "channel_shared"), _alone(_prelu)),
    "elu": Kind("elu_param", ("alpha",), _alone(_elu)),
    "lrn": Kind("lrn_param", ("local_size", "alpha", "beta", "norm_region", "k", "engine"), _alone(_lrn)),
    "batchnorm": Kind(
        "batch_norm_param", ("use_global_stats", "moving_average_fraction", "eps", "engine"), _alone(_batch_norm)
    ),
    "scale": Kind("scale_param", ("axis", "num_axes", "filler", "bias_term", "bias_filler"), _alone(_scale)),
    "bias": Kind("bias_param", ("axis", "num_axes", "filler"), _alone(_bias)),
    "power": Kind("power_param", _AFFINE, _alone(_power)),
    "exp": Kind("exp_param", _AFFINE, _alone(_exponential)),
    "log": Kind("log_param", _AFFINE, _alone(_logarithm)),
    "dropout": Kind("dropout_param", ("dropout_ratio", "scale_train"), _alone(_dropout)),
    "softmax": Kind("softmax_param", ("engine", "axis"), _softmax),
    "flatten": Kind("flatten_param", ("axis", "end_axis"), _flatten),
    "interp": Kind(
        "interp_param", ("height", "width", "zoom_factor", "shrink_factor", "pad_beg", "pad_end"), _interpolation
    ),
    "clip": Kind("clip_param", ("min", "max"), _alone(_clip)),
    "sigmoid": Kind("sigmoid_param", ("engine",), _word("sigmoid")),
    "tanh": Kind("tanh_param", ("engine",), _word("tanh")),
    "bnll": Kind("bnll_param", (), _word("softplus")),
    "relu6": Kind("relu6_param", ("engine",), _word("relu6")),
    "selu": Kind("selu_param", (), _word("selu")),
    "swish": Kind("swish_param", (), _word("silu")),
    "absval": Kind("absval_param", (), _alone(_absolute)),
}
"""A type in small letters, without `_` (old files have INNER_PRODUCT) -> what it is."""
