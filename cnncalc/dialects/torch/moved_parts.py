"""Parts of a tensor put in another order or repeated: `roll`, `repeat_interleave`, rows of an `Embedding`.

Of an image they are stretches of an axis put one after the other, so that no layer of their own is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dialects.torch.constant_functions import arranged
from cnncalc.dialects.torch.function_calls import Function, FunctionCall
from cnncalc.dialects.traced.joins import concatenated
from cnncalc.dialects.traced.tensor_slices import stretch
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import axis_of, reshaped, unsqueezed
from cnncalc.layers.own_numbers import Learned
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading

if TYPE_CHECKING:
    from cnncalc.dialects.torch.torch_modules import TorchModule

MOST_COPIES = 64
"""Times that each entry of an axis is repeated, at most."""


def _rolled(call: FunctionCall) -> Tensor:
    """What is pushed out at one end of an axis comes in at the other."""
    tensor, shifts, axes = call.tensor("input"), call.value("shifts"), call.value("dims")
    if tensor.is_constant:
        return arranged(call)
    if axes is None:
        raise PythonFault("not-read-here", "roll without `dims` mixes the images", call.here.span)
    pairs = zip(_each(shifts), _each(axes), strict=False)
    if len(_each(shifts)) != len(_each(axes)):
        raise PythonFault("python-error", "roll needs a shift for each axis", call.here.span)
    for shift, axis in pairs:
        at = axis_of(tensor, axis, call.here)
        if type(shift) is not int:
            raise PythonFault("unknown-value", "how far roll pushes is not known", call.here.span)
        cut = -shift % tensor.dims[at]
        if cut:
            ends = (stretch(tensor, at, part, call.here) for part in (slice(cut, None), slice(None, cut)))
            tensor = concatenated(list(ends), at, call.here)
    return tensor


def _each(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def interleaved(tensor: Tensor, count: int, axis: int, here: Reading) -> Tensor:
    """Each entry of an axis that many times, one after the other."""
    if not 0 < count <= MOST_COPIES:
        raise PythonFault("not-read-here", f"entries are repeated 1 to {MOST_COPIES} times here", here.span)
    if count == 1:
        return tensor
    copies = [unsqueezed(tensor, axis + 1, here)] * count
    dims = (*tensor.dims[:axis], tensor.dims[axis] * count, *tensor.dims[axis + 1 :])
    return reshaped(concatenated(copies, axis + 1, here), dims, here)


def _interleaved(call: FunctionCall) -> Tensor:
    tensor, count = call.tensor("input"), call.value("repeats")
    if type(count) is not int or call.value("dim") is None:
        raise PythonFault("not-read-here", "repeat_interleave is read with one number and an axis", call.here.span)
    return interleaved(tensor, count, axis_of(tensor, call.value("dim"), call.here), call.here)


def embedded(module: TorchModule, places: Any, here: Reading) -> Tensor:
    """The rows of an `Embedding` for whole numbers in a row, such as positions from `arange`."""
    weight = here.attribute(module, "weight")
    values = places.constant.values if isinstance(places, Tensor) and places.constant is not None else None
    if not isinstance(values, tuple) or len(values) != places.dims[-1] or any(one != 1 for one in places.dims[:-1]):
        message = "no layer here is an Embedding of numbers that the image or the program decides"
        advice = "read are rows that follow each other: self.positions(torch.arange(n))"
        raise PythonFault("no-such-layer", message, here.span, help=advice)
    first = values[0]
    if list(values) != list(range(int(first), int(first) + len(values))) or not 0 <= first <= weight.dims[0] - len(
        values
    ):
        message = f"an Embedding of {weight.dims[0]:,} rows is asked for others, or not for rows that follow each other"
        raise PythonFault("no-such-layer", message, here.span)
    layer, trace = Learned(size=weight.dims, order="channels_last"), module.framework.trace
    rows = Tensor(trace, weight.dims, None, 1, operation=trace.own_numbers(layer, module, here))
    if len(values) != weight.dims[0]:
        rows = stretch(rows, 0, slice(int(first), int(first) + len(values)), here)
    for _ in places.dims[:-1]:
        rows = unsqueezed(rows, 0, here)
    return rows


MOVED_PARTS = {
    "roll": Function("input shifts dims=None", _rolled),
    "repeat_interleave": Function("input repeats dim=None output_size=None", _interleaved),
}
"""By the name in `torch`, or of a tensor's method."""
