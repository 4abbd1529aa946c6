"""Darknet's words for activations, and the layers of ours that compute them.

`ramp` and `loggy` are two of ours; words that are none of ours (`plse`, `stair`, `lhtan`, `hard_mish`) are refused by
whoever reads them.  Source: activations.h of Darknet.
"""

from __future__ import annotations

ACTIVATIONS: dict[str, tuple[str, ...]] = {
    "linear": (),
    "leaky": ("leaky 0.1",),
    "relu": ("relu",),
    "relu6": ("relu6",),
    "logistic": ("sigmoid",),
    "tanh": ("tanh",),
    "mish": ("mish",),
    "swish": ("silu",),
    "elu": ("elu",),
    "selu": ("selu",),
    "gelu": ("gelu approximate",),
    "hardtan": ("clip -1 1",),
    "relie": ("leaky 0.01",),
    "revleaky": ("leaky 0.1",),
    "ramp": ("leaky 1/11", "scale 1.1"),
    "loggy": ("scale 0.5", "tanh"),
}
"""A word of Darknet -> our layers one after the other, as our text writes them; a layer is written back as the first
word that means it."""

FOREIGN = ("plse", "stair", "lhtan", "hard_mish", "normalize_channels", "normalize_channels_softmax")
"""Words of Darknet that there is no layer for."""
