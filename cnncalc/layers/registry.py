"""The list of layers and the table of other spellings.

A layer's module is imported when its word is first used, so that `cnncalc summary` loads only what a net needs.
Adding a layer: one line in `LAYERS`; a class that is not whole is refused here, with what it lacks.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from importlib import import_module
from typing import NamedTuple

from cnncalc.layers.base import Layer


class Entry(NamedTuple):
    """Where a layer word is at home.  `post` words may follow a layer on its line (`conv 64 3x3 bn relu`).

    `variants` are (option, module.class): the class that is meant when that option is written, as `filter=` makes a
    conv a FilterConv.
    """

    module: str
    class_name: str
    aliases: tuple[str, ...] = ()
    post: bool = False
    variants: tuple[tuple[str, str], ...] = ()


def _ranks(*names: str) -> tuple[str, ...]:
    """The names alone and with 1d, 2d, 3d behind, as the frameworks spell them."""
    return tuple(f"{name}{rank}" for name in names for rank in ("", "1d", "2d", "3d"))


LAYERS: dict[str, Entry] = {
    "input": Entry("input", "Input", ("inputlayer", "inputs")),
    "conv": Entry(
        "conv",
        "Conv",
        (*_ranks("convolution"), "conv1d", "conv2d", "conv3d"),
        variants=(("filter", "fixed.FilterConv"), ("connect", "connected.ConnectedConv")),
    ),
    "dwconv": Entry("depthwise", "DepthwiseConv", _ranks("depthwise", "depthwiseconv", "depthwise_conv")),
    "sepconv": Entry("depthwise", "SeparableConv", _ranks("separable", "separableconv", "separable_conv")),
    "upconv": Entry(
        "upconv",
        "UpConv",
        (
            *_ranks("convtranspose", "deconv", "conv_transpose", "deconvolution"),
            *("conv1dtranspose", "conv2dtranspose", "conv3dtranspose", "transposedconv", "upconvolution"),
        ),
        variants=(("filter", "fixed.FilterUpConv"),),
    ),
    "local": Entry("local", "Local", _ranks("locallyconnected", "localconv")),
    "maxpool": Entry("pool", "MaxPool", (*_ranks("maxpooling", "max_pool"), "maxpool1d", "maxpool2d", "maxpool3d")),
    "avgpool": Entry(
        "pool",
        "AvgPool",
        (
            *_ranks("averagepooling", "averagepool", "avgpooling", "avg_pool", "meanpool"),
            *("avgpool1d", "avgpool2d", "avgpool3d"),
        ),
    ),
    "sumpool": Entry("pool", "SumPool", ("sumpooling", "sum_pool")),
    "l2pool": Entry("pool", "L2Pool", ("l2pooling", "l2_pool")),
    "subsample": Entry("pool", "Subsample", ("subsampling",)),
    "gap": Entry(
        "global_pool",
        "GlobalAvgPool",
        _ranks("globalavgpool", "globalaveragepooling", "globalaveragepool", "global_avg_pool"),
    ),
    "gmp": Entry("global_pool", "GlobalMaxPool", _ranks("globalmaxpool", "globalmaxpooling", "global_max_pool")),
    "adaptavg": Entry(
        "adaptive_pool", "AdaptiveAvgPool", _ranks("adaptiveavgpool", "adaptiveaveragepooling", "adaptive_avg_pool")
    ),
    "adaptmax": Entry(
        "adaptive_pool", "AdaptiveMaxPool", _ranks("adaptivemaxpool", "adaptivemaxpooling", "adaptive_max_pool")
    ),
    "reduce": Entry("reducing", "Reduce"),
    "rearrange": Entry("rearranging", "Rearrange", ("permute", "einops")),
    "flatten": Entry("reshaping", "Flatten"),
    "reshape": Entry("reshaping", "Reshape", ("unflatten",)),
    "dense": Entry("dense", "Dense", ("fc", "linear", "fullyconnected", "fully_connected")),
    "bn": Entry("batch_norm", "BatchNorm", _ranks("batchnorm", "batchnormalization", "batch_norm"), post=True),
    "ln": Entry("norm", "LayerNorm", ("layernorm", "layernormalization", "layer_norm"), post=True),
    "gn": Entry("norm", "GroupNorm", ("groupnorm", "groupnormalization", "group_norm")),
    "instancenorm": Entry(
        "norm", "InstanceNorm", ("instancenormalization", "instance_norm", "instancenormalisation"), post=True
    ),
    "rmsnorm": Entry("norm", "RMSNorm", ("rmsnormalization", "rms_norm"), post=True),
    "l2norm": Entry("norm", "L2Norm", ("unitnormalization", "l2normalization", "l2normalize", "l2_norm")),
    "lrn": Entry("norm", "LocalResponseNorm", ("localresponsenorm", "localresponsenormalization")),
    "relu": Entry("activation", "ReLU", ("rectifier",), post=True),
    "relu6": Entry("activation", "ReLU6", post=True),
    "leaky": Entry("sloped", "LeakyReLU", ("leakyrelu", "leaky_relu", "lrelu"), post=True),
    "elu": Entry("sloped", "ELU", post=True),
    "selu": Entry("activation", "SELU", post=True),
    "gelu": Entry("gated", "GELU", post=True),
    "silu": Entry("activation", "SiLU", ("swish",), post=True),
    "hardswish": Entry("activation", "HardSwish", ("hard_swish", "hswish", "hardsilu", "hard_silu"), post=True),
    "hardsigmoid": Entry("sloped", "HardSigmoid", ("hard_sigmoid", "hsigmoid"), post=True),
    "sigmoid": Entry("activation", "Sigmoid", ("logistic",), post=True),
    "tanh": Entry("activation", "Tanh", post=True),
    "softmax": Entry("activation", "Softmax", ("softmax2d",), post=True, variants=(("axis", "along.SoftmaxAlong"),)),
    "logsoftmax": Entry("activation", "LogSoftmax", ("log_softmax",), post=True),
    "softplus": Entry("sloped", "Softplus", post=True),
    "mish": Entry("gated", "Mish", post=True),
    "prelu": Entry("sloped", "PReLU", post=True),
    "clip": Entry("sloped", "Clip", ("clamp",), post=True),
    "glu": Entry("gated", "GLU"),
    "function": Entry("functions", "Function"),
    "scale": Entry("pointwise", "Scale"),
    "shift": Entry("pointwise", "Shift"),
    "affine": Entry("pointwise", "Affine", ("rescaling",)),
    "layerscale": Entry("pointwise", "LayerScale", ("layer_scale",)),
    "dropout": Entry("pointwise", "Dropout", ("dropout1d", "dropout2d", "dropout3d", *_ranks("spatialdropout"))),
    "identity": Entry("pointwise", "Identity", ("noop",)),
    "pad": Entry("resizing", "Pad", _ranks("zeropadding", "zeropad")),
    "crop": Entry("resizing", "Crop", _ranks("cropping")),
    "upsample": Entry(
        "upsampling",
        "Upsample",
        (*_ranks("upsampling"), "upsample1d", "upsample2d", "upsample3d"),
        variants=(("size", "upsampling.UpsampleTo"),),
    ),
    "slice": Entry("channels", "Slice", ("slicechannels",), variants=(("axis", "along.SliceAlong"),)),
    "padchannels": Entry("channels", "PadChannels", ("channelpad", "pad_channels", "channel_pad")),
    "shuffle": Entry("channels", "Shuffle", ("channelshuffle", "channel_shuffle")),
    "spacetodepth": Entry(
        "blocks", "SpaceToDepth", ("space_to_depth", "reorg", "pixelunshuffle", "pixel_unshuffle", "unshuffle")
    ),
    "depthtospace": Entry("blocks", "DepthToSpace", ("depth_to_space", "pixelshuffle", "pixel_shuffle")),
    "yolo": Entry("detection", "Yolo"),
    "region": Entry("detection", "Region"),
    "detection": Entry("detection", "Detection"),
    "matmul": Entry("matrix_product", "MatMul", ("bmm",)),
    "attention": Entry("attention", "Attention"),
    "learned": Entry("own_numbers", "Learned", ("parameter",)),
    "constant": Entry("own_numbers", "Constant", ("full",)),
    "add": Entry("joining", "Add", ("sum",)),
    "sub": Entry("joining", "Subtract", ("subtract",)),
    "mul": Entry("joining", "Mul", ("multiply",)),
    "div": Entry("joining", "Divide", ("divide",)),
    "max": Entry("joining", "Maximum", ("maximum",)),
    "min": Entry("joining", "Minimum", ("minimum",)),
    "avg": Entry("joining", "Average", ("average",)),
    "absdiff": Entry("joining", "AbsoluteDifference", ("absolutedifference",)),
    "concat": Entry("joining", "Concat", ("concatenate", "cat"), variants=(("axis", "along.ConcatAlong"),)),
}

ARGUMENT_ALIASES: dict[str, tuple[str, ...]] = {
    "stride": ("strides", "s"),
    "padding": ("pad", "pads", "p"),
    "kernel_size": ("kernel", "kernel_shape", "k"),
    "filters": ("out_channels", "num_filters", "nb_filter", "n_filters"),
    "bias": ("use_bias",),
    "dilation": ("dilation_rate", "dilations"),
    "groups": ("group", "num_groups"),
    "units": ("out_features", "output_dim"),
    "multiplier": ("depth_multiplier", "channel_multiplier"),
    "output_padding": ("out_padding",),
    "epsilon": ("eps",),
    "shift": ("center",),
    "init": ("init_value", "init_values", "layer_scale_init_value"),
    "slope": ("negative_slope", "alpha"),
    "rate": ("p", "drop_rate"),
    "factor": ("scale_factor",),
    "mode": ("interpolation",),
    "corners": ("align_corners",),
    "fill": ("padding_mode", "pad_mode"),
    "ceil": ("ceil_mode",),
    "countpad": ("count_include_pad",),
    "keep": ("keepdims", "keepdim"),
    "output_size": ("out_size",),
    "weights": ("weight",),
    "order": ("data_format",),
    "size": ("shape", "input_shape", "target_shape"),
    "channels": ("in_channels",),
    "colour": ("color",),
}
"""Canonical option name -> every other spelling that means it.

A spelling that means something in one layer only (`size` is a pool's window and an upsampling's factor) stands in the
field's own declaration, `also=`.  `activation=relu` is a post word and stands in binding.
"""

SPELLED_OPTIONS: dict[str, tuple[str, str]] = {f"conv{rank}dtranspose": ("padding", "valid") for rank in (1, 2, 3)}
"""Spellings that say more than their word, (option, value) where the option is not written: Keras' Conv2DTranspose pads
by Keras' `valid`, PyTorch's ConvTranspose2d cuts off no rows."""

_SPELLED_NAMES: dict[str, dict[str, str]] = {f"upsampling{rank}d": {"size": "factor"} for rank in (1, 2, 3)}
"""Spelling of a word -> what an option's name means there: the `size` of Keras' UpSampling2D is a factor."""

WORDS: dict[str, str] = {alias: word for word, entry in LAYERS.items() for alias in (word, *entry.aliases)}
"""Every spelling of a layer word -> the canonical one."""

JOINS: tuple[str, ...] = tuple(word for word, entry in LAYERS.items() if entry.module in ("joining", "matrix_product"))
"""The words that join branches: what may follow `join`."""

POST_WORDS: frozenset[str] = frozenset(word for word, entry in LAYERS.items() if entry.post)

NORMS: tuple[str, ...] = tuple(word for word, entry in LAYERS.items() if entry.module in ("batch_norm", "norm"))

ACTIVATIONS: frozenset[str] = POST_WORDS - set(NORMS)


@cache
def layer_class(word: str, variant: str = "") -> type[Layer]:
    """The class of a canonical layer word, or of its variant for the option `variant`."""
    entry = LAYERS[word]
    module, _, name = dict(entry.variants).get(variant, f"{entry.module}.{entry.class_name}").partition(".")
    found: type[Layer] = getattr(import_module(f"cnncalc.layers.{module}"), name)
    if getattr(found, "word", None) != word:
        raise TypeError(f'`{word}` is registered as {name}, whose `word` is not "{word}"')
    if found.kernel_call is Layer.kernel_call and found.largest_inputs:
        raise TypeError(f"layer {name} (`{word}`) has no `kernel_call`: say which kernel computes it")
    return found


def option_spelling(word: str, name: str) -> str:
    """The option's name as it is meant behind this spelling of a layer word.

    >>> option_spelling("UpSampling2D", "size"), option_spelling("upsample", "size")
    ('factor', 'size')
    """
    return _SPELLED_NAMES.get(word.lower(), {}).get(name.lower(), name.lower())


def argument_spellings(layer: type[Layer]) -> dict[str, str]:
    """Every spelling of an argument of this layer -> the name under which it is written canonically.

    >>> argument_spellings(layer_class("maxpool"))["pool_size"]
    'kernel_size'
    """
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        name = field.metadata.get("name", field.name)
        own[name] = name
        others |= dict.fromkeys((*ARGUMENT_ALIASES.get(name, ()), *field.metadata.get("also", ())), name)
    return others | own
