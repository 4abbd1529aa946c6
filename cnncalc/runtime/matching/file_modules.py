"""The arrays of a file grouped into modules: what stands under one path and differs in its last word only.

Roles are PyTorch's words; those of Keras (`kernel`, `gamma`, `moving_mean`) and of other programs are translated.
Names and shapes only.  What the net wants is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from cnncalc.runtime.matching.match_records import Module, Part

COUNTERS = frozenset(("num_batches_tracked", "n_averaged", "total_ops", "total_params", "iterations"))
"""Last words of arrays with which no net computes: PyTorch's batch norm counts its batches, tools count operations."""

_WORDS = {
    "weight": ("weight", "weights", "kernel", "w", "gamma", "scale", "alpha", "filters"),
    "bias": ("bias", "biases", "b", "beta"),
    "running_mean": ("running_mean", "moving_mean", "mean"),
    "running_var": ("running_var", "moving_variance", "moving_var", "variance", "var"),
    "depthwise_weight": ("depthwise_weight", "depthwise_kernel", "depthwise_weights"),
    "pointwise_weight": ("pointwise_weight", "pointwise_kernel", "pointwise_weights"),
}
ROLES: Mapping[str, str] = {word: role for role, words in _WORDS.items() for word in words}
"""The last word of an array's name -> its role."""

DEPTHWISE, POINTWISE = "depthwise", "pointwise"
"""The halves of a separable convolution: two modules in PyTorch, one in Keras, so it is two here."""

_IN_ATTENTION = re.compile(r"in_proj_(weight|bias)|[qkv]_proj_weight")


class Described(Protocol):
    """An array of a file, as its header describes it."""

    @property
    def name(self) -> str: ...

    @property
    def shape(self) -> tuple[int, ...]: ...


def last_word(name: str) -> str:
    """`layer1.0.conv1.weight`, `layers/conv2d/vars/0`, `conv2d/kernel:0` -> `weight`, `0`, `kernel`."""
    return re.split(r"[./]", name.removesuffix(":0"))[-1]


def natural(name: str) -> list[tuple[int, int, str]]:
    """`features.10` after `features.2`, as people count; without the zeros before a number."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"([0-9]+)", name) if part]


def modules_of(entries: Iterable[Described]) -> tuple[Module, ...]:
    """The modules in the order of their first arrays.

    An array whose last word is no role is a module of its own, and so is a second one of the same role (`weight` and
    `alpha` under one path), so that nothing is left out.
    """
    grouped: dict[tuple[str, bool], dict[str, Part]] = {}
    for entry in entries:
        last, part = last_word(entry.name), Part(entry.name, entry.shape)
        path = entry.name.removesuffix(":0")[: -len(last)].rstrip("./") if last else entry.name
        role = ROLES.get(last, last)
        known = role in _WORDS or last.isdecimal() or _IN_ATTENTION.fullmatch(last)
        if known and role not in grouped.get((path, True), ()):
            grouped.setdefault((path, True), {})[role] = part
        else:
            grouped[entry.name, False] = {"weight": part}
    return tuple(module for (path, _), parts in grouped.items() for module in _separated(path, parts))


def _separated(path: str, parts: dict[str, Part]) -> tuple[Module, ...]:
    """One module, or the two halves of a separable convolution."""
    deep, point, *rest = ("depthwise_weight", "pointwise_weight", "bias")
    if {"0", "1"} <= parts.keys() <= {"0", "1", "2"} and min(len(parts[key].shape) for key in "01") > 2:
        deep, point, *rest = "012"
    if not {deep, point} <= parts.keys():
        whole = {("weight" if role == "depthwise_weight" else role): part for role, part in parts.items()}
        return (Module(path, _kind(whole), whole),)
    first, second = {"weight": parts[deep]}, {"weight": parts[point]}
    second |= dict(zip(["bias"], [parts[role] for role in rest if role in parts], strict=False))
    return (Module(f"{path}.{DEPTHWISE}", "conv", first), Module(f"{path}.{POINTWISE}", "conv", second))


def _kind(parts: Mapping[str, Part]) -> str:
    if "running_mean" in parts or [len(part.shape) for part in parts.values()] == [1] * 4:
        return "bn"
    axes = max(len(part.shape) for part in parts.values())
    return "conv" if axes > 2 else "dense" if axes == 2 else "other"
