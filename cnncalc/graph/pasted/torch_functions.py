"""PyTorch's functions of one tensor, of `torch.nn.functional`, `torch` and the methods of tensors.

Each is a layer of `torch.nn` without weights; the tensor, their first argument, is left out of their signatures, which
are those of PyTorch 2.13's manual.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.graph.pasted.arguments import Bound, Row, nothing
from cnncalc.graph.pasted.torch_activations import clamped, dropout, of_number, softmax
from cnncalc.graph.pasted.torch_calls import LAYERS

_ALIKE = {
    **{name.lower(): name for name in ("ReLU", "ReLU6", "ELU", "SELU", "GELU", "SiLU", "Mish", "CELU", "Hardtanh")},
    **{name.lower(): name for name in ("Softplus", "Softsign", "Hardswish", "Hardsigmoid", "Sigmoid", "Tanh")},
    **{name.lower(): name for name in ("Tanhshrink", "Softshrink", "Hardshrink", "Threshold")},
    "leaky_relu": "LeakyReLU",
    "logsigmoid": "LogSigmoid",
    **{f"adaptive_avg_pool{rank}d": f"AdaptiveAvgPool{rank}d" for rank in (1, 2, 3)},
    **{f"adaptive_max_pool{rank}d": f"AdaptiveMaxPool{rank}d" for rank in (1, 2, 3)},
    **{f"avg_pool{rank}d": f"AvgPool{rank}d" for rank in (1, 2, 3)},
    **{f"lp_pool{rank}d": f"LPPool{rank}d" for rank in (1, 2)},
    "local_response_norm": "LocalResponseNorm",
    "pixel_shuffle": "PixelShuffle",
    "pixel_unshuffle": "PixelUnshuffle",
    "channel_shuffle": "ChannelShuffle",
}
"""Functions whose arguments are those of the layer."""


def _from_second(call: Bound) -> None:
    """`torch.flatten(x)` without a 1 flattens the batch as well."""
    if call.value("start_dim") != 1:
        raise call.refuse("start_dim", "torch.flatten(x) flattens the batch as well", "write torch.flatten(x, 1)")
    call.only_default("end_dim")


def _dropped(call: Bound) -> None:
    """Nothing where the program says that it is not training."""
    if "training" in call.given and call.given["training"].value is False:
        call.words.word = "identity"
    else:
        dropout(call)


_MAX_POOL = "kernel_size stride=None padding=0 dilation=1 ceil_mode=False return_indices=False"
_DROPOUT = Row("p=0.5 training=True inplace=False", "dropout", _dropped)
_RESIZED = "size=None scale_factor=None mode='nearest' align_corners=None recompute_scale_factor=None antialias=False"

_OF_NUMBERS = (
    *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "square", "abs", "neg", "sign", "reciprocal"),
    *("sin", "cos", "tan", "atan", "erf"),
)
_OTHER_NAMES = {"absolute": "abs", "negative": "neg", "sgn": "sign", "arctan": "atan"}

FUNCTIONS: Mapping[str, Row] = {
    **{name: LAYERS[layer] for name, layer in _ALIKE.items()},
    **{name: Row("inplace=False", name, nothing) for name in ("sigmoid", "tanh")},
    "softmax": Row("dim=None _stacklevel=3 dtype=None", "softmax", softmax),
    "log_softmax": Row("dim=None _stacklevel=3 dtype=None", "logsoftmax", softmax),
    **dict.fromkeys(("dropout", "alpha_dropout", "feature_alpha_dropout"), _DROPOUT),
    **{f"dropout{rank}d": _DROPOUT for rank in (1, 2, 3)},
    "flatten": Row("start_dim=0 end_dim=-1", "flatten", _from_second),
    **{f"max_pool{rank}d": Row(_MAX_POOL, "maxpool", LAYERS[f"MaxPool{rank}d"].say) for rank in (1, 2, 3)},
    **{name: of_number("out=None", name) for name in _OF_NUMBERS},
    **{name: of_number("out=None", ours) for name, ours in _OTHER_NAMES.items()},
    **dict.fromkeys(("clamp", "clip"), Row("min=None max=None out=None", "clip", clamped)),
    **dict.fromkeys(("interpolate", "upsample"), Row(_RESIZED, "upsample", LAYERS["Upsample"].say)),
}
"""By the name in `torch.nn.functional` or `torch`."""
