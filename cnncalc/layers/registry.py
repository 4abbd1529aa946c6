"""The list of layers and the one table of aliases.

A layer's module is imported when its word is first used, so that `cnncalc summary` loads only what a net needs.
Adding a layer: one line in `LAYERS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from cnncalc.layers.base import Layer


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a layer word is at home.  `post` words may follow a layer on its line (`conv 64 3x3 bn relu`)."""

    module: str
    class_name: str
    aliases: tuple[str, ...] = ()
    post: bool = False
    variants: tuple[tuple[str, str], ...] = ()
    """(option, class name): the class that is meant when that option is written, as `filter=` makes a conv a FilterConv."""


LAYERS: dict[str, Entry] = {
    "conv": Entry("conv", "Conv", ("conv1d", "conv2d", "conv3d", "convolution"), variants=(("filter", "FilterConv"), ("connect", "ConnectedConv"))),
}

ARGUMENT_ALIASES: dict[str, tuple[str, ...]] = {
    "stride": ("strides",),
    "padding": ("pad",),
    "kernel_size": ("kernel", "pool_size", "window"),
    "filters": ("out_channels",),
    "bias": ("use_bias",),
    "dilation": ("dilation_rate",),
    "units": ("out_features",),
    "multiplier": ("depth_multiplier",),
    "epsilon": ("eps",),
    "slope": ("negative_slope", "alpha"),
}
"""Canonical option name -> every other spelling that means it; `activation=relu` is a post word and stands in binding."""

WORDS: dict[str, str] = {alias: word for word, entry in LAYERS.items() for alias in (word, *entry.aliases)}
"""Every spelling of a layer word -> the canonical one."""

POST_WORDS: frozenset[str] = frozenset(word for word, entry in LAYERS.items() if entry.post)


@cache
def layer_class(word: str, variant: str = "") -> type[Layer]:
    """The class of a canonical layer word, or of its variant for the option `variant`."""
    entry = LAYERS[word]
    name = dict(entry.variants).get(variant, entry.class_name)
    found: type[Layer] = getattr(import_module(f"cnncalc.layers.{entry.module}"), name)
    return found
