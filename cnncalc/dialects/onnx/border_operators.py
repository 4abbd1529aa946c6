"""Pad: rows and channels added around a tensor, or cut off where a number is negative."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.onnx.resizing_operators import channels_beside, short
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.geometry import LARGEST_SIZE, Padding
from cnncalc.layers.base import Layer
from cnncalc.layers.channels import PadChannels, Slice
from cnncalc.layers.resizing import Crop, Pad

FILLS = {"constant": "zeros", "reflect": "reflect", "edge": "edge", "wrap": "wrap"}


def _pad(call: NodeCall) -> Tensor:
    """Rows and channels added, then what is negative cut off."""
    tensor, mode = call.map(), call.text("mode", "constant")
    value = call.number("value", 0.0, 2) if mode == "constant" else 0.0
    if mode not in FILLS:
        raise call.fault(f"Pad knows no mode `{mode}`")
    if not isfinite(value):
        call.refuse(f"Pad fills with {value:g}, and the layer here with finite numbers")
    pairs = _pairs(call, tensor)
    changed = [axis for axis, pair in enumerate(pairs) if pair != (0, 0)]
    if not changed:
        return tensor.apart()
    if tensor.batch in changed:
        call.refuse("Pad changes the number of images")
    if tensor.channels is None or (tensor.channels in changed and (mode != "constant" or value)):
        tensor = channels_beside(call, tensor, changed)
    for layer in _layers(tensor, pairs, FILLS[mode], value):
        tensor = call.layer(layer, tensor)
    return tensor


def _pairs(call: NodeCall, tensor: Tensor) -> list[tuple[int, int]]:
    """Rows before and behind, for each axis."""
    rank = len(tensor.dims)
    pads, named = call.wholes("pads", 1) or call.wholes("paddings") or (), call.axes(rank, 3)
    chosen = tuple(range(rank)) if named is None else named
    if len(pads) != 2 * len(chosen) or any(abs(one) > LARGEST_SIZE for one in pads):
        raise call.fault(f"`pads` of Pad should be {2 * len(chosen)} numbers")
    found = [(0, 0)] * rank
    for axis, pair in zip(chosen, zip(pads[: len(chosen)], pads[len(chosen) :], strict=True), strict=True):
        found[axis] = pair
    return found


def _layers(tensor: Tensor, pairs: Sequence[tuple[int, int]], fill: str, value: float) -> list[Layer]:
    found: list[Layer] = []
    assert tensor.channels is not None
    before, after = pairs[tensor.channels]
    if before > 0 or after > 0:
        found.append(PadChannels(channels=Padding("explicit", ((max(0, before), max(0, after)),))))
    if before < 0 or after < 0:
        whole = tensor.dims[tensor.channels] + max(0, before) + max(0, after)
        found.append(Slice(channels=(max(0, -before), whole - max(0, -after))))
    sides = [pairs[axis] for axis in tensor.spatial]
    for sign in (1, -1):
        rows = tuple((max(0, sign * before), max(0, sign * after)) for before, after in sides)
        if any(map(any, rows)):
            padding = Padding("explicit", short(rows))
            found.append(Pad(padding=padding, fill=fill, value=value) if sign > 0 else Crop(padding=padding))
    return found


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {"Pad": _pad}
