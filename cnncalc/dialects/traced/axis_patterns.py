"""einops: `rearrange(x, "b c (h p) w -> b h w (p c)", p=4)`, `repeat`, `reduce`, and their layers.

A pattern is a view, a permute and a view again, with axes that are repeated or reduced between; einops has the same
words for PyTorch and Keras, so that it belongs to neither.

Source: Rogozhnikov 2022 (einops).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.dialects.traced.einsum import summed_products
from cnncalc.dialects.traced.joins import reduced
from cnncalc.dialects.traced.trace import Module, Tensor
from cnncalc.dialects.traced.views import expanded, permuted, reshaped, unsqueezed
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Library, Reading, Unknown

LONGEST_PATTERN = 200

_AXIS = re.compile(r"\(([^()]*)\)|(\S+)")
_NAME = re.compile(r"[a-zA-Z_]\w*|1|\.\.\.|…")
_FUNCTIONS = frozenset(("rearrange", "repeat", "reduce"))

Side = list[list[str]]
"""The names on each axis of one side of a pattern; an axis of size 1 has none."""


@dataclass
class Pattern:
    """A pattern for a tensor of known sizes: the names of both sides, and the size of each name."""

    left: Side
    right: Side
    sizes: dict[str, int]

    @property
    def left_names(self) -> list[str]:
        """All names of the left side, in order."""
        return [name for axis in self.left for name in axis]

    @property
    def right_names(self) -> list[str]:
        """All names of the right side, in order."""
        return [name for axis in self.right for name in axis]


def rearranged(tensor: Tensor, pattern: Pattern, how: str, here: Reading) -> Tensor:
    """The tensor as the pattern says; `how` reduces the names that the right side leaves out."""
    sizes, names = pattern.sizes, pattern.left_names
    found = reshaped(tensor, [sizes[name] for name in names], here)
    gone = [axis for axis, name in enumerate(names) if name not in pattern.right_names]
    if gone:
        found = reduced(how, found, tuple(gone), False, here)
        names = [name for name in names if name in pattern.right_names]
    kept = [name for name in pattern.right_names if name in names]
    if kept != names:
        found = permuted(found, [names.index(name) for name in kept], here)
    new = [axis for axis, name in enumerate(pattern.right_names) if name not in kept]
    for axis in new:
        found = unsqueezed(found, axis, here)
    if new:
        found = expanded(found, [sizes[name] for name in pattern.right_names], here)
    return reshaped(found, [prod(sizes[name] for name in axis) for axis in pattern.right], here)


def read_pattern(text: Any, dims: tuple[int, ...], given: Mapping[str, Any], function: str, here: Reading) -> Pattern:
    """The pattern for a tensor of these sizes; raises PythonFault where it does not fit them."""
    for value in (text, *given.values()):
        if isinstance(value, Unknown):
            raise value.needed(f"the pattern of {function}", here.span)
    if not isinstance(text, str) or text.count("->") != 1 or len(text) > LONGEST_PATTERN:
        raise _unfit("a pattern is a text with `->` between its two sides", here)
    left, right = (_side(side, here) for side in text.split("->"))
    _spell_out(left, right, len(dims), here)
    if len(left) != len(dims):
        shown = "x".join(map(str, dims))
        raise _unfit(f"`{text}` names {len(left)} axes on its left side, and the tensor is {shown}", here)
    sizes = {name: value for name, value in given.items() if type(value) is int and value > 0}
    for axis, size in zip(left, dims, strict=True):
        _solve(axis, size, sizes, here)
    found = Pattern(left, right, sizes)
    _check_names(found, text, function, here)
    return found


def _side(text: str, here: Reading) -> Side:
    axes = [(group if alone == "" else alone).split() for group, alone in _AXIS.findall(text)]
    odd = next((name for axis in axes for name in axis if not _NAME.fullmatch(name)), "")
    if odd:
        raise _unfit(f"`{odd}` is no name of an axis", here)
    return [[name for name in axis if name != "1"] for axis in axes]


def _spell_out(left: Side, right: Side, axes: int, here: Reading) -> None:
    """Names for the axes that `...` stands for."""
    dots = (["..."], ["…"])
    hidden = [[f"axis {place}"] for place in range(axes - len([axis for axis in left if axis not in dots]))]
    for side in (left, right):
        for place in [place for place, axis in enumerate(side) if axis in dots]:
            side[place : place + 1] = hidden
        if any("..." in axis or "…" in axis for axis in side):
            raise _unfit("`...` within brackets is not read", here)


def _solve(axis: list[str], size: int, sizes: dict[str, int], here: Reading) -> None:
    """Write the size of the one name of an axis that is not given."""
    open_names = [name for name in axis if name not in sizes]
    stated = prod(sizes[name] for name in axis if name in sizes)
    if len(open_names) > 1 or size % stated or (not open_names and size != stated):
        raise _unfit(f"({' '.join(axis)}) does not make an axis of {size}", here)
    for name in open_names:
        sizes[name] = size // stated


def _check_names(pattern: Pattern, text: str, function: str, here: Reading) -> None:
    left, right = pattern.left_names, pattern.right_names
    new, gone = set(right) - set(left), set(left) - set(right)
    is_twice = len(set(left)) < len(left) or len(set(right)) < len(right)
    if is_twice or (new and function != "repeat") or (gone and function != "reduce") or new - pattern.sizes.keys():
        raise _unfit(f"`{text}` does not name the same axes on both sides as {function} needs it", here)


def _unfit(message: str, here: Reading) -> PythonFault:
    return PythonFault("reshape-does-not-fit", message, here.span)


@dataclass(eq=False, repr=False)
class PatternLayer(Module):
    """`einops.layers.torch.Rearrange` and `Reduce`."""

    function: str = ""
    words: tuple[Any, ...] = ()
    sizes: dict[str, Any] = field(default_factory=dict)

    def call(self, arguments: Arguments, here: Reading) -> Any:
        return applied(self.function, (*arguments.values[:1], *self.words), self.sizes, here)


def applied(function: str, values: tuple[Any, ...], sizes: Mapping[str, Any], here: Reading) -> Any:
    """The function of einops put to a tensor, a pattern and, for `reduce`, what is made of the numbers."""
    if not values or isinstance(values[0], Unknown):
        return values[0] if values else Unknown(f"einops.{function} without a tensor", here.span)
    tensor, *rest = values
    if not isinstance(tensor, Tensor) or not rest:
        raise PythonFault("not-read-here", f"{function} of several tensors is not read", here.span)
    how = rest[1] if len(rest) > 1 else sizes.get("reduction", "mean")
    if not isinstance(how, str):
        raise PythonFault("not-read-here", "a reduction by a function of the program is not read", here.span)
    given = {name: value for name, value in sizes.items() if name not in ("pattern", "reduction")}
    return rearranged(tensor, read_pattern(rest[0], tensor.dims, given, function, here), how, here)


class EinopsPackage:
    """einops, of which each function works on tensors of either framework."""

    roots = frozenset(("einops",))
    usual: Mapping[str, str] = {}

    def has(self, name: str) -> bool:
        return name.rpartition(".")[2].lower() in _FUNCTIONS

    def member(self, name: str, here: Reading) -> Any:
        return Library(name, self)

    def call(self, name: str, arguments: Arguments, here: Reading) -> Any:
        last = name.rpartition(".")[2]
        sizes = {key: given.value for key, given in arguments.keywords.items()}
        words = (*arguments.values, *(sizes.pop(key) for key in ("pattern", "reduction") if key in sizes))
        if last == "einsum":
            return summed_products(words[-1] if words else None, words[:-1], here)
        if last in _FUNCTIONS:
            return applied(last, words, sizes, here)
        if last.lower() in _FUNCTIONS:
            made = PatternLayer(None, made=here.span, library=name, package=self)
            made.function, made.words, made.sizes = last.lower(), words, sizes
            return made
        return Unknown(f"`{name}` is not read here", here.span)

    def instance(self, cls: Class, base: str, span: Span) -> Instance | Unknown:
        return Unknown(f"{cls.name} is a `{base}`, which is not read here", span)

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Reading) -> None:
        return None

    def method(self, this: Any, base: str, name: str) -> Any:
        return None

    def is_a(self, value: Any, name: str) -> bool:
        return isinstance(value, PatternLayer) and value.library == name

    def is_below(self, name: str, other: str) -> bool:
        return other in (name, "torch.nn.Module")

    def is_model(self, value: Any) -> bool:
        """A layer of einops alone is no model."""
        return False

    def numbers(self, module: Module) -> tuple[int, int]:
        """It has no weights."""
        return 0, 0
