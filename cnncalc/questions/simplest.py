"""Which of two answers is the simpler one: the fewer unusual words and unequal numbers, the odd kernel, the small step.

Numbers of an order, not of a quality: an answer that comes later is as right as the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.geometry import Padding, Shape
from cnncalc.layers.base import Layer
from cnncalc.questions.layer_search import axes_of
from cnncalc.questions.layer_unknowns import AskedLayer

UNEVEN_AXES = 100
"""For values that differ from axis to axis, though one `?` stands for all."""

WORDS = {"valid": 0, "same": 0, "half": 3, "full": 6, "causal": 20, "same_lower": 25}
"""For each named padding; numbers have 1."""

UNEVEN_SIDES = 30
EVEN_KERNEL = 8
SKIPPING = 20
"""For a kernel smaller than its step, which passes over pixels."""

USUAL_KERNEL = 3


def effort(
    asked: AskedLayer, layer: Layer, values: Mapping[str, Any], arriving: Shape, is_even: bool
) -> tuple[int | str, ...]:
    """What an answer is sorted by: the smaller comes first."""
    points = 0 if is_even else UNEVEN_AXES
    for name, value in values.items():
        points += _padding(value) if isinstance(value, Padding) else _number(name, value)
    axes = axes_of(layer, arriving)
    unknown = {one.field for one in asked.unknowns}
    for axis in axes:
        before, after = getattr(axis, "before", 0), getattr(axis, "after", 0)
        kernel, stride = getattr(axis, "kernel", 1), getattr(axis, "stride", 1)
        points += min(getattr(axis, "unused", 0), 5)
        if "padding" in unknown:
            points += 8 * (before != after) + 12 * (max(before, after) > kernel // 2)
        if unknown & {"kernel_size", "stride"} and kernel < stride:
            points += SKIPPING
    return points, *(_size(value) for value in values.values()), str(sorted(map(str, values.values())))


def _padding(padding: Padding) -> int:
    if padding.mode != "explicit":
        return WORDS[padding.mode]
    return 1 + sum(UNEVEN_SIDES + abs(before - after) for before, after in padding.sides if before != after)


def _number(name: str, value: Any) -> int:
    if not isinstance(value, tuple):
        return (
            int(value is False)
            if isinstance(value, bool)
            else (2 * (value - 1).bit_length() if name == "groups" else 0)
        )
    if name == "kernel_size":
        far: list[int] = [abs(one - USUAL_KERNEL) + EVEN_KERNEL * (one % 2 == 0) for one in value]
        return max(far)
    weight = {"stride": 6, "dilation": 10, "output_padding": 4}.get(name, 1)
    least = 0 if name == "output_padding" else 1
    return sum(round(weight * (one - least)) + 20 * isinstance(one, float) for one in value)


def _size(value: Any) -> int:
    """What tells answers of the same effort apart: the smaller number first."""
    if isinstance(value, Padding):
        return sum(map(sum, value.sides))
    return round(100 * sum(value)) if isinstance(value, tuple) else int(value)
