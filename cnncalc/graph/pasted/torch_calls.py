"""PyTorch's layers: each one's arguments in PyTorch's order with PyTorch's defaults, and what they are in our words.

Signatures are those of PyTorch 2.13's manual.  A number of padding is per side; `same` puts the odd pixel after, as
ours does with stride 1, the only one for which PyTorch has it; a pool's stride is its window unless written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from cnncalc.graph.pasted.arguments import Bound, short

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
_NORM = "num_features eps=1e-5 momentum=0.1 affine=True track_running_stats=True device=None dtype=None"
_LINEAR = "in_features out_features bias=True device=None dtype=None"
_FILLS = {"zeros": "zeros", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


class Row(NamedTuple):
    """A layer of a framework: its signature, our word for it, and what makes our line of its arguments."""

    signature: str
    word: str
    say: Callable[[Bound], None]


def nothing(call: Bound) -> None:
    """The word alone says it all."""


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
    call.say_sizes("padding", "padding", axes)
    if call.flag("ceil_mode"):
        call.say_word("ceil", "ceil_mode")


def _max_pool(call: Bound, axes: int) -> None:
    _pool(call, axes)
    call.only_default("dilation", "return_indices")


def _avg_pool(call: Bound, axes: int) -> None:
    _pool(call, axes)
    if any(call.sizes("padding", axes)) and call.flag("count_include_pad"):
        call.say_word("countpad", "count_include_pad")
    call.only_default("divisor_override")


def _adaptive(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    call.say_kernel("output_size", axes, "output_size")


def _batch_norm(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    call.expect("channels", call.count("num_features"), "num_features")
    call.say_number("epsilon", "eps", 1e-5)
    if not call.flag("affine"):
        call.say_word("noscale", "affine")
        call.say_word("noshift", "affine")
    call.only_default("track_running_stats")


def _batch_norm_1d(call: Bound) -> None:
    """A signal or a flat vector, so the axes are left unchecked."""
    _batch_norm(call, 1)
    call.words.expects = [one for one in call.words.expects if one.kind != "axes"]


def _layer_norm(call: Bound) -> None:
    shape = call.value("normalized_shape")
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if len(sizes) != 1 or type(sizes[0]) is not int:
        raise call.refuse(
            "normalized_shape",
            "only one number, the channels, is read",
            "to normalise over the whole map write `ln all`",
        )
    call.expect("channels", sizes[0], "normalized_shape")
    call.say_number("epsilon", "eps", 1e-5)
    call.only_default("elementwise_affine", "bias")


def _group_norm(call: Bound) -> None:
    call.expect("channels", call.count("num_channels"), "num_channels")
    call.say("groups", str(call.count("num_groups")), "num_groups")
    call.say_number("epsilon", "eps", 1e-5)
    call.only_default("affine")


def _response_norm(call: Bound) -> None:
    call.say("size", str(call.count("size")), "size")
    call.say_number("alpha", "alpha", 1e-4)
    call.say_number("beta", "beta", 0.75)
    call.say_number("bias", "k", 1.0)


def _slope(call: Bound, name: str, usual: float) -> None:
    call.say_number("slope", name, usual)


def _softmax(call: Bound) -> None:
    if call.value("dim") not in (None, 1, -1, -3):
        raise call.refuse("dim", "softmax works on the channels here", "they are dim=1 in PyTorch")


def _prelu(call: Bound) -> None:
    """PyTorch's default is a single slope for all channels; ours has one for each."""
    slopes = call.count("num_parameters")
    if slopes == 1:
        raise call.refuse(
            "num_parameters",
            "one slope for all channels has no counterpart here",
            "write the number of channels: `prelu` learns one slope a channel",
        )
    call.expect("channels", slopes, "num_parameters")


def _flatten(call: Bound) -> None:
    call.only_default("start_dim", "end_dim")


def _from_second(call: Bound) -> None:
    """`torch.flatten(x)` without a 1 flattens the batch as well."""
    if call.value("start_dim") != 1:
        raise call.refuse("start_dim", "torch.flatten(x) flattens the batch as well", "write torch.flatten(x, 1)")
    call.only_default("end_dim")


def _dropout(call: Bound) -> None:
    call.say("rate", f"{call.number('p'):g}", "p")


def _dropout_of_axes(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    _dropout(call)


def _pad(call: Bound, axes: int, fill: str = "zeros") -> None:
    """PyTorch's sides are left, right, top, bottom: the last axis first."""
    call.expect("axes", axes)
    sides = call.value("padding")
    found = sides if isinstance(sides, tuple) else (sides,) * (2 * axes)
    if len(found) != 2 * axes or any(type(one) is not int for one in found):
        raise call.wrong("padding", f"a whole number, or {2 * axes} of them")
    pairs = [found[at : at + 2] for at in range(0, 2 * axes, 2)][::-1]
    equal = len(set(found)) == 1
    call.say("padding", str(found[0]) if equal else ",".join(str(one) for pair in pairs for one in pair), "padding")
    if fill != "zeros":
        call.say("fill", fill, "padding")


def _upsample(call: Bound, axes: int) -> None:
    if axes:
        call.expect("axes", axes)
    option, name = ("factor", "scale_factor") if call.value("size") is None else ("size", "size")
    given = call.value(name)
    sizes = given if isinstance(given, tuple) else (given,)
    if any(type(one) not in (int, float) or one != int(one) for one in sizes):
        raise call.wrong(name, "a whole number")
    call.say(option, short(tuple(int(one) for one in sizes)), name)
    mode = call.value("mode") if "mode" in call.declared else "nearest"
    if mode not in ("nearest", "bilinear"):
        raise call.refuse("mode", f"{mode} has no counterpart here", "it is read with 'nearest' or 'bilinear'")
    if mode == "bilinear":
        call.say_word("bilinear", "mode")
    if "align_corners" in call.declared and call.value("align_corners"):
        call.only_default("align_corners")


def _shuffle(call: Bound, name: str, option: str) -> None:
    call.say(option, str(call.count(name)), name)


def _ranks(name: str, signature: str, word: str, say: Callable[..., None], axes: str = "123") -> dict[str, Row]:
    return {f"{name}{rank}d": Row(signature, word, partial(say, axes=int(rank))) for rank in axes}


LAYERS: Mapping[str, Row] = {
    **_ranks("Conv", _CONV, "conv", _conv),
    **_ranks("LazyConv", _LAZY_CONV, "conv", _conv),
    **_ranks("ConvTranspose", _TRANSPOSED, "upconv", _transposed),
    "Linear": Row(_LINEAR, "dense", _linear),
    "LazyLinear": Row(_LINEAR.removeprefix("in_features "), "dense", _linear),
    **_ranks("MaxPool", _MAX_POOL, "maxpool", _max_pool),
    **_ranks("AvgPool", _AVG_POOL, "avgpool", _avg_pool),
    **_ranks("AdaptiveAvgPool", "output_size", "adaptavg", _adaptive),
    **_ranks("AdaptiveMaxPool", "output_size return_indices=False", "adaptmax", _adaptive),
    **_ranks("BatchNorm", _NORM, "bn", _batch_norm, "23"),
    "BatchNorm1d": Row(_NORM, "bn", _batch_norm_1d),
    "LayerNorm": Row(
        "normalized_shape eps=1e-5 elementwise_affine=True bias=True device=None dtype=None", "ln", _layer_norm
    ),
    "GroupNorm": Row("num_groups num_channels eps=1e-5 affine=True device=None dtype=None", "gn", _group_norm),
    "LocalResponseNorm": Row("size alpha=0.0001 beta=0.75 k=1.0", "lrn", _response_norm),
    "Flatten": Row("start_dim=1 end_dim=-1", "flatten", _flatten),
    "Identity": Row("", "identity", nothing),
    "Dropout": Row("p=0.5 inplace=False", "dropout", _dropout),
    **_ranks("Dropout", "p=0.5 inplace=False", "dropout", _dropout_of_axes),
    "ReLU": Row("inplace=False", "relu", nothing),
    "ReLU6": Row("inplace=False", "relu6", nothing),
    "LeakyReLU": Row("negative_slope=0.01 inplace=False", "leaky", partial(_slope, name="negative_slope", usual=0.01)),
    "ELU": Row("alpha=1.0 inplace=False", "elu", partial(_slope, name="alpha", usual=1.0)),
    "SELU": Row("inplace=False", "selu", nothing),
    "GELU": Row("approximate='none'", "gelu", lambda call: call.only_default("approximate")),
    "SiLU": Row("inplace=False", "silu", nothing),
    "Mish": Row("inplace=False", "mish", nothing),
    "Softplus": Row("beta=1.0 threshold=20.0", "softplus", lambda call: call.only_default("beta", "threshold")),
    "Hardswish": Row("inplace=False", "hardswish", nothing),
    "Hardsigmoid": Row("inplace=False", "hardsigmoid", nothing),
    "Sigmoid": Row("", "sigmoid", nothing),
    "Tanh": Row("", "tanh", nothing),
    "Softmax": Row("dim=None", "softmax", _softmax),
    "Softmax2d": Row("", "softmax", nothing),
    "PReLU": Row("num_parameters=1 init=0.25 device=None dtype=None", "prelu", _prelu),
    **_ranks("ZeroPad", "padding", "pad", _pad),
    **_ranks("ReflectionPad", "padding", "pad", partial(_pad, fill="reflect")),
    **_ranks("ReplicationPad", "padding", "pad", partial(_pad, fill="edge")),
    **_ranks("CircularPad", "padding", "pad", partial(_pad, fill="wrap")),
    "Upsample": Row(
        "size=None scale_factor=None mode='nearest' align_corners=None recompute_scale_factor=None",
        "upsample",
        partial(_upsample, axes=0),
    ),
    "UpsamplingNearest2d": Row("size=None scale_factor=None", "upsample", partial(_upsample, axes=2)),
    "PixelShuffle": Row("upscale_factor", "depthtospace", partial(_shuffle, name="upscale_factor", option="factor")),
    "PixelUnshuffle": Row(
        "downscale_factor", "spacetodepth", partial(_shuffle, name="downscale_factor", option="factor")
    ),
    "ChannelShuffle": Row("groups", "shuffle", partial(_shuffle, name="groups", option="groups")),
}
"""By PyTorch's own name (`torch.nn.` taken off)."""

FUNCTIONS: Mapping[str, Row] = {
    **{name: Row("inplace=False", name, nothing) for name in ("relu", "relu6", "selu", "silu", "mish")},
    **{name: Row("inplace=False", name, nothing) for name in ("hardswish", "hardsigmoid")},
    **{name: Row("", name, nothing) for name in ("sigmoid", "tanh")},
    "leaky_relu": LAYERS["LeakyReLU"],
    "elu": LAYERS["ELU"],
    "gelu": LAYERS["GELU"],
    "softplus": LAYERS["Softplus"],
    "softmax": Row("dim=None _stacklevel=3 dtype=None", "softmax", _softmax),
    "dropout": Row("p=0.5 training=True inplace=False", "dropout", _dropout),
    "flatten": Row("start_dim=0 end_dim=-1", "flatten", _from_second),
    **{
        f"max_pool{rank}d": Row(
            "kernel_size stride=None padding=0 dilation=1 ceil_mode=False return_indices=False",
            "maxpool",
            partial(_max_pool, axes=rank),
        )
        for rank in (1, 2, 3)
    },
    **{f"avg_pool{rank}d": Row(_AVG_POOL, "avgpool", partial(_avg_pool, axes=rank)) for rank in (1, 2, 3)},
    **{f"adaptive_avg_pool{rank}d": LAYERS[f"AdaptiveAvgPool{rank}d"] for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": LAYERS[f"AdaptiveMaxPool{rank}d"] for rank in (1, 2, 3)},
    "interpolate": LAYERS["Upsample"],
    "pixel_shuffle": LAYERS["PixelShuffle"],
}
"""By the name in `torch.nn.functional` or `torch`; the tensor, their first argument, is left out of the signature."""
