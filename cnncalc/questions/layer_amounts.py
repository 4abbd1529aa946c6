"""What the layers of one line make and have: the shape that leaves, the params and MACs, and if those are as stated.

Nothing is searched here.
"""

from __future__ import annotations

from cnncalc.geometry import Shape
from cnncalc.layers.base import Layer, learned
from cnncalc.stated_numbers import StatedNumber


def amounts_of(layers: tuple[Layer, ...], shape: Shape) -> tuple[int, int]:
    """The params and the MACs of the layers of a line."""
    params = macs = 0
    for layer in layers:
        params += learned(layer.weights((shape,)))
        macs += layer.cost((shape,)).macs
        shape = layer.output_shape((shape,))
    return params, macs


def leaving(layers: tuple[Layer, ...], shape: Shape) -> Shape:
    """What leaves the last of the layers."""
    for layer in layers:
        shape = layer.output_shape((shape,))
    return shape


def is_near(found: int, stated: StatedNumber | None) -> bool:
    """Whether a count is the one that was stated, by the digits of that."""
    if stated is None:
        return True
    return found == stated.value if stated.step <= 1 else 2 * abs(found - stated.value) <= stated.step
