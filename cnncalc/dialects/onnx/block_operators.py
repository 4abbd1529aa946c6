"""Operators that exchange blocks of places and channels, or repeat a tensor: DepthToSpace, SpaceToDepth, Tile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.onnx.window_operators import mapped
from cnncalc.dialects.traced.joins import concatenated
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.layers.blocks import DepthToSpace, SpaceToDepth

MOST_COPIES = 256
"""Copies of a tensor along one axis, at most."""


def _blocks(call: NodeCall, layer: type[Any]) -> Tensor:
    """`DCR`, ONNX' own order, counts the place in a block before the channel, `CRD` after it."""
    tensor = mapped(call)
    size, mode = call.whole("blocksize", 0), call.text("mode", "DCR")
    if size < 1 or len(tensor.dims) != 4:
        raise call.fault(f"{call.node.op} needs a blocksize and images with channels, height and width")
    if mode not in ("DCR", "CRD"):
        raise call.fault(f"`mode` of {call.node.op} should be DCR or CRD")
    if size == 1:
        return tensor.apart()
    return call.layer(layer(factor=(size,), place_first=mode == "DCR"), tensor)


def _depth_to_space(call: NodeCall) -> Tensor:
    return _blocks(call, DepthToSpace)


def _space_to_depth(call: NodeCall) -> Tensor:
    return _blocks(call, SpaceToDepth)


def _tile(call: NodeCall) -> Tensor:
    """Copies of the tensor one after the other, axis by axis."""
    tensor, times = call.map(), call.wholes("repeats", 1) or ()
    if len(times) != len(tensor.dims) or min(times, default=0) < 1:
        raise call.fault(f"Tile needs a number of copies for each axis of {tensor.text}")
    if max(times) > MOST_COPIES:
        call.refuse(f"Tile makes {max(times):,} copies, and at most {MOST_COPIES} are read here")
    for axis, many in enumerate(times):
        if many > 1:
            tensor = concatenated([tensor] * many, axis, call.here)
    return tensor.apart()


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    "DepthToSpace": _depth_to_space,
    "SpaceToDepth": _space_to_depth,
    "Tile": _tile,
}
