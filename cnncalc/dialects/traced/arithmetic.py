"""Arithmetic of tensors with tensors, numbers and constants: `x + y`, `1 - x`, `x * self.gamma`.

Two tensors meet in a join; a number makes a scale or an affine; a parameter of the program with one number a channel is
a learned scale or shift, whose weights are that parameter's.
"""

from __future__ import annotations

from math import log, prod
from typing import Any

from cnncalc.dialects.traced.joins import aligned, joined, spread_sizes
from cnncalc.dialects.traced.known_numbers import combined_numbers, made_of, with_numbers
from cnncalc.dialects.traced.stated_arrays import as_operation, as_read, is_parameter
from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.dialects.traced.views import seen_as, unsqueezed
from cnncalc.layers.base import Layer
from cnncalc.layers.functions import Function
from cnncalc.layers.matrix_product import MatMul
from cnncalc.layers.pointwise import Affine, Scale, Shift
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading, Unknown

JOINS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
"""The sign between two tensors -> the layer."""

_LEARNED: dict[str, type[Scale | Shift]] = {"*": Scale, "+": Shift}
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))


def combined(sign: str, left: Any, right: Any, here: Reading) -> Any:
    """`left sign right`, of which at least one side is a tensor."""
    for one in (left, right):
        if isinstance(one, Unknown):
            return one
    if sign in _COMPARISONS:
        return Unknown("a comparison with the numbers in a tensor depends on data", here.span)
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return _of_tensors(sign, left, right, here)
    tensor, number = (left, right) if isinstance(left, Tensor) else (right, left)
    if type(number) not in (int, float, bool):
        raise PythonFault("python-error", f"a tensor and a {type(number).__name__} cannot meet in `{sign}`", here.span)
    if tensor.is_constant and not is_parameter(tensor):
        return _constant_with(sign, tensor, int(number) if type(number) is bool else number, tensor is right)
    return with_number(sign, tensor, float(number), tensor is right, here)


def _of_tensors(sign: str, left: Tensor, right: Tensor, here: Reading) -> Tensor:
    if sign == "@":
        return product(left, right, here)
    dims = spread_sizes(left.dims, right.dims, here)
    if left.is_constant and right.is_constant:
        left = as_read(left, here)
        right = as_read(right, here) if left.is_constant else right
        if left.is_constant and right.is_constant:
            return _of_constants(sign, left, right, dims, here)
    for constant, tensor in ((left, right), (right, left)):
        if constant.is_constant and constant.constant is not None and dims == tensor.dims:
            made = _with_constant(sign, tensor, constant, constant.constant, here, is_first=constant is left)
            if made is not None:
                return made
    if sign not in JOINS:
        raise PythonFault("no-such-layer", f"no layer here is `{sign}` of two tensors", here.span)
    return joined(JOINS[sign], (left, right), here)


def _with_constant(
    sign: str, tensor: Tensor, shown: Tensor, constant: Constant, here: Reading, *, is_first: bool
) -> Tensor | None:
    """A tensor with a constant that is one number, or one a channel, by a layer that holds it; None for others."""
    if isinstance(constant.values, (int, float)) and not constant.is_parameter:
        return with_number(sign, tensor, float(constant.values), is_first, here)
    each = "shared" if prod(shown.dims) == 1 else "channels" if _is_by_channel(shown, tensor, here) else ""
    if not each:
        return None
    if constant.is_parameter:
        if sign not in _LEARNED:
            return None
        return tensor.trace.layer(_LEARNED[sign](each=each), (tensor,), here, constant)
    if not isinstance(constant.values, tuple) or len(constant.values) != prod(shown.dims):
        return None
    return _by_channel(sign, tensor, tuple(map(float, constant.values)), here, is_first=is_first)


def _by_channel(
    sign: str, tensor: Tensor, numbers: tuple[float, ...], here: Reading, *, is_first: bool
) -> Tensor | None:
    """A tensor with known numbers, one for each channel: `(x - mean) / std`."""
    if sign in "+-":
        factor = (-1.0,) if is_first and sign == "-" else (1.0,)
        offset = tuple(-one if sign == "-" and not is_first else one for one in numbers)
        return tensor.trace.layer(Affine(factor=factor, offset=offset), (tensor,), here)
    if sign == "*" or (sign == "/" and not is_first and all(numbers)):
        factors = tuple(one if sign == "*" else 1 / one for one in numbers)
        return tensor.trace.layer(Affine(factor=factors), (tensor,), here)
    return None


def _is_by_channel(constant: Tensor, tensor: Tensor, here: Reading) -> bool:
    """Whether the constant has one number for each channel of the tensor."""
    sizes = aligned(constant, tensor, here).dims
    channels = tensor.channels
    return channels is not None and sizes[channels] == tensor.dims[channels] == prod(sizes)


def _of_constants(sign: str, left: Tensor, right: Tensor, dims: tuple[int, ...], here: Reading) -> Tensor:
    each = [one.constant.values for one in (left, right) if one.constant and one.dims in (dims, (), (1,))]
    values = combined_numbers(sign, *each) if len(each) == 2 else None
    return left.trace.constant(dims, Constant(made_of(left.constant), values=values), here)


def with_number(sign: str, tensor: Tensor, number: float, reflected: bool, here: Reading) -> Tensor:
    """`tensor sign number`, or `number sign tensor` when reflected."""
    if not _changes_nothing(sign, number, reflected):
        tensor = as_read(tensor, here)
    if tensor.is_constant:
        is_same = _changes_nothing(sign, number, reflected)
        return tensor if is_same else _constant_with(sign, tensor, number, reflected)
    if _changes_nothing(sign, number, reflected):
        return tensor.apart()
    if sign == "/" and number == 0 and not reflected:
        raise PythonFault("python-error", "a tensor is divided by 0", here.span)
    for layer in _layers_of(sign, number, reflected, here):
        tensor = tensor.trace.layer(layer, (tensor,), here)
    return tensor


_POWERS = {2.0: "square", 0.5: "sqrt", -0.5: "rsqrt", -1.0: "reciprocal"}


def _layers_of(sign: str, number: float, reflected: bool, here: Reading) -> tuple[Layer, ...]:
    """What `x sign number` is in our layers, or `number sign x` when reflected."""
    if sign == "*" or (sign == "/" and not reflected):
        return (Scale(factor=number if sign == "*" else 1 / number),)
    if sign in "+-":
        factor, offset = (-1.0, number) if reflected and sign == "-" else (1.0, number if sign == "+" else -number)
        return (Affine(factor=(factor,), offset=(offset,)),)
    if sign == "/":
        turned = Function(name="reciprocal")
        return (turned,) if number == 1 else (turned, Scale(factor=number))
    if sign == "**" and not reflected:
        return (Function(name=_POWERS[number]) if number in _POWERS else Function(name="pow", exponent=number),)
    if sign == "**" and number > 0:
        return (Scale(factor=log(number)), Function(name="exp"))
    text = f"{number:g} {sign} x" if reflected else f"x {sign} {number:g}"
    raise PythonFault("no-such-layer", f"no layer here is `{text}`", here.span)


def _changes_nothing(sign: str, number: float, reflected: bool) -> bool:
    neutral = {"+": 0, "-": None if reflected else 0, "*": 1, "/": None if reflected else 1}
    neutral["**"] = None if reflected else 1
    return neutral.get(sign) == number


def _constant_with(sign: str, tensor: Tensor, number: float, reflected: bool) -> Tensor:
    """A constant that a number changes."""
    constant = tensor.constant or Constant("a constant")
    pair = (number, constant.values) if reflected else (constant.values, number)
    return with_numbers(tensor, combined_numbers(sign, *pair), made_of(constant))


def product(left: Tensor, right: Tensor, here: Reading) -> Tensor:
    """The matrix product of the last two axes."""
    if len(left.dims) < 2 or len(right.dims) < 2 or left.dims[-1] != right.dims[-2]:
        message = f"a matrix of {left.text} and one of {right.text} have no product"
        notes = (f"each row of the first has {left.dims[-1:]} numbers, each column of the second {right.dims[-2:-1]}",)
        raise PythonFault("shapes-differ", message, here.span, notes=notes)
    if left.is_constant and right.is_constant:
        return _of_constants("@", left, right, (*left.dims[:-1], right.dims[-1]), here)
    rank = max(len(left.dims), len(right.dims))
    for _ in range(rank - len(left.dims)):
        left = unsqueezed(left, 0, here)
    for _ in range(rank - len(right.dims)):
        right = unsqueezed(right, 0, here)
    batch = right.batch if left.is_constant else left.batch
    is_turned = not right.is_constant and right.channels == rank - 2
    first = _as_matrix(left, batch, rank - 1, here)
    second = _as_matrix(right, batch, rank - 2 if is_turned else rank - 1, here)
    dims = (*spread_sizes(left.dims[:-2], right.dims[:-2], here), left.dims[-2], right.dims[-1])
    like = Tensor(first.trace, dims, first.batch, rank - 1, first.operation)
    return first.trace.layer(MatMul(transpose=is_turned), (first, second), here, like=like)


def _as_matrix(tensor: Tensor, batch: int | None, channels: int, here: Reading) -> Tensor:
    """The tensor with its images on that axis, as far as it has them there, and its channels on the other one."""
    if tensor.is_constant:
        return as_operation(tensor, Tensor(tensor.trace, tensor.dims, batch, channels), here)
    is_there = batch is not None and len(tensor.dims) > 2 and tensor.dims[batch] == 1
    return seen_as(tensor, batch if is_there else tensor.batch, channels, here)
