"""Arrays that no image decides as operations: parameters that a join reads, and constants of one number.

The layer has the order of axes of the parameter itself, so that its numbers in a state_dict are the layer's.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import isfinite, prod

from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.geometry import Order
from cnncalc.layers import own_numbers
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.matrices import Matrix
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading


def is_parameter(tensor: Tensor) -> bool:
    """Whether the tensor is a parameter that no operation has read."""
    return tensor.is_constant and tensor.constant is not None and tensor.constant.is_parameter


def as_read(tensor: Tensor, here: Reading) -> Tensor:
    """A parameter as an operation of its own, so that a part of it, or its axes in another order, can be taken."""
    if not is_parameter(tensor) or not 0 < len(tensor.dims) < 5:
        return tensor
    tensor = tensor.spread_from or tensor
    batch = 0 if len(tensor.dims) > 1 and tensor.dims[0] == 1 else None
    return as_operation(tensor, Tensor(tensor.trace, tensor.dims, batch, len(tensor.dims) - 1), here)


def _are_known(constant: Constant, count: int) -> bool:
    """Whether all its numbers are stated, one by one."""
    values = constant.values
    return isinstance(values, tuple) and len(values) == count and all(map(isfinite, values))


NOISE = "noise of "
"""How numbers are called that are drawn around 0 anew at each call of the model; without noise they are 0."""


def as_operation(tensor: Tensor, like: Tensor, here: Reading) -> Tensor:
    """A constant with as many axes as `like` as a tensor that an operation makes, its axes in the same roles."""
    if not tensor.is_constant:
        return tensor
    constant = tensor.constant or Constant("these numbers")
    trace, channels = like.trace, like.channels
    spatial = [axis for axis in like.spatial if channels is not None]
    if channels is None or len(spatial) > 3 or (like.batch is not None and tensor.dims[like.batch] != 1):
        message = f"{constant.what} of {tensor.text} is read by no layer here"
        raise PythonFault("no-such-layer", message, here.span)
    order: Order = "channels_last" if spatial and channels > spatial[0] else "channels_first"
    places = tuple(tensor.dims[axis] for axis in spatial)
    width = tensor.dims[channels]
    sizes = (width, *places) if order == "channels_first" else (*places, width)
    layer: Layer
    if constant.is_parameter:
        layer = own_numbers.Learned(size=sizes, order=order)
    elif isinstance(constant.values, (int, float)):
        layer = own_numbers.Constant(size=sizes, order=order, value=float(constant.values))
    elif _are_known(constant, prod(sizes)):
        numbers = Matrix(((tuple(map(Fraction, constant.values)),),))  # type: ignore[arg-type]
        name = f"numbers{len(trace.operations)}"
        layer = own_numbers.Constant(size=sizes, order=order, numbers=NamedMatrix(name, numbers))
    elif constant.what.startswith(NOISE):
        trace.noise.append(here.span)
        layer = own_numbers.Constant(size=sizes, order=order, value=0.0)
    else:
        message = f"the numbers of {constant.what} ({tensor.text}) are not known, and a layer reads them"
        raise PythonFault("no-such-layer", message, here.span)
    made = trace.own_numbers(layer, constant if constant.is_parameter else None, here)
    return replace(like, dims=tensor.dims, operation=made, constant=None, spread_from=None, view=None)
