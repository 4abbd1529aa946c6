"""PyTorch's layers of `torch.nn`: their arguments in PyTorch's order with its defaults, and what they are in our words.

Signatures are those of PyTorch 2.13's manual.  A number of padding is per side; `same` puts the odd pixel after, as
ours does with stride 1, the only one for which PyTorch has it; a pool's stride is its window unless written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import prod

from cnncalc.graph.pasted.arguments import Bound, Row, decimal, ranks, short
from cnncalc.graph.pasted.torch_activations import ACTIVATIONS

_CONV = (
    "in_channels out_channels kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True padding_mode='zeros' "
    "device=None dtype=None"
)
_LAZY_CONV = _CONV.removeprefix("in_channels ")
_TRANSPOSED = (
    "in_channels out_channels kernel_size stride=1 padding=0 output_padding=0 groups=1 bias=True dilation=1 "
    "padding_mode='zeros' device=None dtype=None"
)
_MAX_POOL = "kernel_size stride=None padding=0 dilation=1 return_indices=False ceil_mode=False"
_AVG_POOL = "kernel_size stride=None padding=0 ceil_mode=False count_include_pad=True divisor_override=None"
_NORM = "num_features eps=1e-5 momentum=0.1 affine=True track_running_stats=True device=None dtype=None bias=True"
_LINEAR = "in_features out_features bias=True device=None dtype=None"
_FILLS = {"zeros": "zeros", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def _conv(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    if "in_channels" in call.declared:
        call.expect("channels", call.count("in_channels"), "in_channels")
    call.say_count("filters", "out_channels")
    call.say_kernel("kernel_size", axes)
    call.say_sizes("stride", "stride", axes)
    _padding(call, axes)
    call.say_sizes("dilation", "dilation", axes)
    call.say_count("groups", "groups")
    call.say_bias("bias")
    fill = call.value("padding_mode")
    if fill not in _FILLS:
        raise call.wrong("padding_mode", "one of zeros, reflect, replicate, circular")
    if fill != "zeros":
        call.say("fill", _FILLS[fill], "padding_mode")


def _padding(call: Bound, axes: int) -> None:
    padding = call.value("padding")
    if padding == "valid":
        return
    if padding != "same":
        call.say_sizes("padding", "padding", axes)
        return
    if set(call.sizes("stride", axes)) != {1}:
        raise call.refuse(
            "padding",
            "PyTorch has 'same' only with a stride of 1",
            "write the padding as a number per side, `padding=1` for a kernel of 3",
        )
    call.say_word("same", "padding")


def _transposed(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    if "in_channels" in call.declared:
        call.expect("channels", call.count("in_channels"), "in_channels")
    call.say_count("filters", "out_channels")
    call.say_kernel("kernel_size", axes)
    for name in ("stride", "padding", "output_padding", "dilation"):
        call.say_sizes(name, name, axes)
    call.say_count("groups", "groups")
    call.say_bias("bias")
    call.only_default("padding_mode")


def _linear(call: Bound) -> None:
    if "in_features" in call.declared:
        call.expect("numbers", call.count("in_features"), "in_features")
    call.say_count("units", "out_features")
    call.say_bias("bias")


def _pool(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    call.say_kernel("kernel_size", axes)
    if call.value("stride") is not None and call.sizes("stride", axes) != call.sizes("kernel_size", axes):
        call.say("stride", short(call.sizes("stride", axes)), "stride")
    if "padding" in call.declared:
        call.say_sizes("padding", "padding", axes)
    if call.flag("ceil_mode"):
        call.say_word("ceil", "ceil_mode")


def _max_pool(call: Bound, axes: int) -> None:
    _pool(call, axes)
    call.say_sizes("dilation", "dilation", axes)
    call.only_default("return_indices")


def _avg_pool(call: Bound, axes: int) -> None:
    _pool(call, axes)
    if "divisor_override" in call.given and call.value("divisor_override") == 1:
        call.words.word = "sumpool"
        return
    if any(call.sizes("padding", axes)) and call.flag("count_include_pad"):
        call.say_word("countpad", "count_include_pad")
    call.only_default("divisor_override")


def _power_pool(call: Bound, axes: int) -> None:
    """The root of the sum of squares; other powers have no counterpart."""
    if call.number("norm_type") != 2:
        raise call.refuse("norm_type", "only the sum of squares is read", "it is read with norm_type=2")
    _pool(call, axes)


def _adaptive(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    call.say_kernel("output_size", axes, "output_size")


def _batch_norm(call: Bound, axes: int = 0) -> None:
    """A signal or a flat vector comes to BatchNorm1d, so its axes are left unchecked."""
    if axes:
        call.expect("axes", axes)
    if "num_features" in call.declared:
        call.expect("channels", call.count("num_features"), "num_features")
    call.say_number("epsilon", "eps", 1e-5)
    _affine(call, "affine")
    if not call.flag("track_running_stats"):
        why = "a net that is used then takes the mean and variance of all its images together"
        raise call.refuse("track_running_stats", why, "it is read with track_running_stats=True")


def _affine(call: Bound, name: str) -> None:
    if not call.flag(name):
        call.say_word("noscale", name)
    if not call.flag(name) or not call.flag("bias"):
        call.say_word("noshift", name)


def _instance_norm(call: Bound, axes: int) -> None:
    """With running statistics it is a batch norm, once it is trained."""
    call.expect("axes", axes)
    if call.flag("affine"):
        call.expect("channels", call.count("num_features"), "num_features")
    if call.flag("track_running_stats"):
        call.words.word = "bn"
    call.say_number("epsilon", "eps", 1e-5)
    _affine(call, "affine")


def _layer_norm_shape(call: Bound) -> None:
    """One number: the channels.  Several: the whole of what arrives."""
    shape = call.value("normalized_shape")
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not sizes or any(type(one) is not int for one in sizes):
        raise call.wrong("normalized_shape", "a whole number, or several")
    call.expect("channels" if len(sizes) == 1 else "numbers", prod(sizes), "normalized_shape")
    if len(sizes) > 1:
        call.say_word("all", "normalized_shape")


def _layer_norm(call: Bound) -> None:
    _layer_norm_shape(call)
    call.say_number("epsilon", "eps", 1e-5)
    _affine(call, "elementwise_affine")


def _rms_norm(call: Bound) -> None:
    """Without eps PyTorch adds the smallest step of its numbers, that of 32 bits here."""
    _layer_norm_shape(call)
    epsilon = call.value("eps")
    call.say("epsilon", decimal(1.1920928955078125e-07 if epsilon is None else call.number("eps")), "eps")
    if not call.flag("elementwise_affine"):
        call.say_word("noscale", "elementwise_affine")


def _group_norm(call: Bound) -> None:
    call.expect("channels", call.count("num_channels"), "num_channels")
    call.say("groups", str(call.count("num_groups")), "num_groups")
    call.say_number("epsilon", "eps", 1e-5)
    _affine(call, "affine")


def _response_norm(call: Bound) -> None:
    call.say("size", str(call.count("size")), "size")
    call.say_number("alpha", "alpha", 1e-4)
    call.say_number("beta", "beta", 0.75)
    call.say_number("bias", "k", 1.0)


def _flatten(call: Bound) -> None:
    call.only_default("start_dim", "end_dim")


def _pad(call: Bound, axes: int, fill: str = "zeros") -> None:
    """PyTorch's sides are left, right, top, bottom: the last axis first."""
    call.expect("axes", axes)
    if "value" in call.declared:
        call.say_number("value", "value", 0.0)
    sides = call.value("padding")
    found = sides if isinstance(sides, tuple) else (sides,) * (2 * axes)
    if len(found) != 2 * axes or any(type(one) is not int for one in found):
        raise call.wrong("padding", f"a whole number, or {2 * axes} of them")
    pairs = [found[at : at + 2] for at in range(0, 2 * axes, 2)][::-1]
    equal = len(set(found)) == 1
    call.say("padding", str(found[0]) if equal else ",".join(str(one) for pair in pairs for one in pair), "padding")
    if fill != "zeros":
        call.say("fill", fill, "padding")


_MODES = {
    **dict.fromkeys(("linear", "bilinear", "trilinear"), "bilinear"),
    "nearest-exact": "nearestexact",
    "bicubic": "bicubic",
}


def _upsample(call: Bound, axes: int = 0, mode: str = "") -> None:
    """To a size or by a factor; `recompute_scale_factor` and the size that follows are the dialect's to settle."""
    if axes:
        call.expect("axes", axes)
    call.only_default(*(name for name in ("antialias", "recompute_scale_factor") if name in call.declared))
    mode = mode or call.value("mode")
    if mode == "area" and call.value("size") is not None:
        call.words.word = "adaptavg"
        call.say_operand(_sizes(call, "size"), "size")
        return
    if call.value("size") is None:
        call.say("factor", _factors(call), "scale_factor")
    else:
        call.say("size", _sizes(call, "size"), "size")
    if mode not in (*_MODES, "nearest"):
        raise call.refuse("mode", f"{mode} has no counterpart here", "it is read with 'nearest' or 'bilinear'")
    if mode != "nearest":
        call.say_word(_MODES[mode], "mode" if "mode" in call.declared else "scale_factor")
    if call.value("align_corners") if "align_corners" in call.declared else mode == "bilinear":
        call.say_word("corners", "align_corners" if "align_corners" in call.declared else "scale_factor")


def _sizes(call: Bound, name: str) -> str:
    value = call.value(name)
    return short(call.sizes(name, len(value) if isinstance(value, tuple) else 1))


def _factors(call: Bound) -> str:
    """Numbers, whole or not: PyTorch takes 2.0 for 2."""
    value = call.value("scale_factor")
    each = value if isinstance(value, tuple) else (value,)
    if not each or any(type(one) not in (int, float) for one in each):
        raise call.wrong("scale_factor", "a number, or one for each axis")
    texts = [decimal(float(one)) for one in each]
    return texts[0] if len(set(texts)) == 1 else "x".join(texts)


def _shuffle(call: Bound, name: str, option: str) -> None:
    call.say(option, str(call.count(name)), name)


def _blocks(option_of: str, word: str) -> Row:
    return Row(option_of, word, partial(_shuffle, name=option_of, option="factor"))


_NORM_LAZY = _NORM.removeprefix("num_features ")
_INSTANCE = "num_features eps=1e-5 momentum=0.1 affine=False track_running_stats=False device=None dtype=None bias=True"
_RESIZED = "size=None scale_factor=None mode='nearest' align_corners=None recompute_scale_factor=None"

LAYERS: Mapping[str, Row] = {
    **ACTIVATIONS,
    **ranks("Conv", _CONV, "conv", _conv),
    **ranks("LazyConv", _LAZY_CONV, "conv", _conv),
    **ranks("ConvTranspose", _TRANSPOSED, "upconv", _transposed),
    **ranks("LazyConvTranspose", _TRANSPOSED.removeprefix("in_channels "), "upconv", _transposed),
    "Linear": Row(_LINEAR, "dense", _linear),
    "LazyLinear": Row(_LINEAR.removeprefix("in_features "), "dense", _linear),
    **ranks("MaxPool", _MAX_POOL, "maxpool", _max_pool),
    **ranks("AvgPool", _AVG_POOL, "avgpool", _avg_pool),
    **ranks("LPPool", "norm_type kernel_size stride=None ceil_mode=False", "l2pool", _power_pool),
    **ranks("AdaptiveAvgPool", "output_size", "adaptavg", _adaptive),
    **ranks("AdaptiveMaxPool", "output_size return_indices=False", "adaptmax", _adaptive),
    "BatchNorm1d": Row(_NORM, "bn", _batch_norm),
    **ranks("BatchNorm", _NORM, "bn", _batch_norm, "23"),
    **ranks("LazyBatchNorm", _NORM_LAZY, "bn", _batch_norm),
    "SyncBatchNorm": Row(
        "num_features eps=1e-5 momentum=0.1 affine=True track_running_stats=True process_group=None device=None "
        "dtype=None bias=True",
        "bn",
        _batch_norm,
    ),
    **ranks("InstanceNorm", _INSTANCE, "instancenorm", _instance_norm),
    "LayerNorm": Row(
        "normalized_shape eps=1e-5 elementwise_affine=True bias=True device=None dtype=None", "ln", _layer_norm
    ),
    "RMSNorm": Row("normalized_shape eps=None elementwise_affine=True device=None dtype=None", "rmsnorm", _rms_norm),
    "GroupNorm": Row(
        "num_groups num_channels eps=1e-5 affine=True device=None dtype=None bias=True", "gn", _group_norm
    ),
    "LocalResponseNorm": Row("size alpha=0.0001 beta=0.75 k=1.0", "lrn", _response_norm),
    "Flatten": Row("start_dim=1 end_dim=-1", "flatten", _flatten),
    **ranks("ZeroPad", "padding", "pad", _pad),
    **ranks("ConstantPad", "padding value", "pad", _pad),
    **ranks("ReflectionPad", "padding", "pad", partial(_pad, fill="reflect")),
    **ranks("ReplicationPad", "padding", "pad", partial(_pad, fill="edge")),
    **ranks("CircularPad", "padding", "pad", partial(_pad, fill="wrap")),
    "Upsample": Row(_RESIZED, "upsample", _upsample),
    "UpsamplingNearest2d": Row("size=None scale_factor=None", "upsample", partial(_upsample, axes=2, mode="nearest")),
    "UpsamplingBilinear2d": Row("size=None scale_factor=None", "upsample", partial(_upsample, axes=2, mode="bilinear")),
    "PixelShuffle": _blocks("upscale_factor", "depthtospace"),
    "PixelUnshuffle": _blocks("downscale_factor", "spacetodepth"),
    "ChannelShuffle": Row("groups", "shuffle", partial(_shuffle, name="groups", option="groups")),
}
"""By PyTorch's own name (`torch.nn.` taken off)."""
