"""`F.pad`: pairs of numbers from the last axis backwards, rows and channels, added or cut off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.geometry import Padding
from cnncalc.layers.base import Layer
from cnncalc.layers.channels import PadChannels, Slice
from cnncalc.layers.resizing import Crop, Pad
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.torch.function_calls import FunctionCall

FILLS = {"constant": "zeros", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def pad(call: FunctionCall) -> Tensor:
    """`F.pad(x, pad, mode, value)`."""
    tensor, fill, value = call.tensor("input"), FILLS.get(call.value("mode"), ""), call.value("value") or 0
    if not fill or type(value) not in (int, float):
        message = "rows are filled with a number here, or with numbers of the map"
        raise PythonFault("no-counterpart", message, call.here.span)
    return padded(tensor, call.here.entries(call.value("pad")), fill, call.here, value)


def padded(tensor: Tensor, given: Sequence[Any], fill: str, here: Reading, value: float = 0) -> Tensor:
    """The tensor with rows and channels added, then with what is negative cut off."""
    pairs = _pairs(given, tensor, here)
    if tensor.channels is None:
        tensor = channels_at(tensor, max(1, len(tensor.dims) - 3), here)
    if any(pairs[axis] != (0, 0) for axis in range(len(tensor.dims)) if axis == tensor.batch):
        raise PythonFault("image-in-several-rows", "this pad makes several images of one", here.span)
    for layer in _layers(tensor, pairs, fill, here, value):
        tensor = tensor.trace.layer(layer, (tensor,), here)
    return tensor


def _pairs(given: Sequence[Any], tensor: Tensor, here: Reading) -> list[tuple[int, int]]:
    """Before and after, for each axis of the tensor."""
    for one in given:
        if isinstance(one, Unknown):
            raise one.needed("how much is added here", here.span)
    if len(given) % 2 or len(given) > 2 * len(tensor.dims) or any(type(one) is not int for one in given):
        message = f"a pad takes pairs of whole numbers, at most {len(tensor.dims)} for {tensor.text}"
        raise PythonFault("wrong-operand", message, here.span)
    pairs = list(zip(given[::2], given[1::2], strict=True))
    return [(0, 0)] * (len(tensor.dims) - len(pairs)) + pairs[::-1]


def _layers(tensor: Tensor, pairs: list[tuple[int, int]], fill: str, here: Reading, value: float) -> list[Layer]:
    found: list[Layer] = []
    assert tensor.channels is not None
    before, after = pairs[tensor.channels]
    if before > 0 or after > 0:
        if fill != "zeros" or value:
            raise PythonFault("no-counterpart", "channels are added as zeros alone", here.span)
        found.append(PadChannels(channels=Padding("explicit", ((max(0, before), max(0, after)),))))
    if before < 0 or after < 0:
        size = tensor.dims[tensor.channels] + max(0, before) + max(0, after)
        found.append(Slice(channels=(max(0, -before), size - max(0, -after))))
    sides: list[Any] = [pairs[axis] for axis in tensor.spatial]
    if any(one > 0 for side in sides for one in side):
        found.append(Pad(padding=_each(sides, 1), fill=fill, value=float(value) if fill == "zeros" else 0.0))
    if any(one < 0 for side in sides for one in side):
        found.append(Crop(padding=_each(sides, -1)))
    return found


def _each(sides: list[Any], sign: int) -> Padding:
    return Padding("explicit", tuple((max(0, sign * before), max(0, sign * after)) for before, after in sides))
