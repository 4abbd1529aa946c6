"""Arrays that are the same for every image."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.by_hand.volumes import Number, Step, Volume, nested, volume
from cnncalc.quantities import decimal


def learned(step: Step) -> Volume:
    """The weight, in the order in which it is kept."""
    weight, spatial = step.weights["weight"], step.numbers["spatial"]
    values = _leaves(weight)
    channels = len(values) // (spatial[0] * spatial[1] * spatial[2])
    if step.numbers["order"] == "channels_last":
        values = [value for c in range(channels) for value in values[c::channels]]
    found: Volume = nested(values, (channels, *spatial))
    return found


def constant(step: Step) -> Volume:
    """One number everywhere."""
    value = decimal(step.numbers["value"])
    return volume(step.numbers["channels"], step.numbers["spatial"], lambda _, __: value)


def _leaves(values: Any) -> list[Number]:
    return [leaf for inner in values for leaf in _leaves(inner)] if isinstance(values, list) else [values]
