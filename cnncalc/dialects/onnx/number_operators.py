"""Arithmetic: sums and products number by number, matrix products and Gemm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from cnncalc.dialects.onnx.constant_arrays import Array
from cnncalc.dialects.onnx.node_call import FEW, NodeCall, Value
from cnncalc.dialects.traced.arithmetic import combined, product
from cnncalc.dialects.traced.einsum import summed_products
from cnncalc.dialects.traced.joins import joined
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at, permuted, reshaped
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense


def _binary(call: NodeCall, sign: str) -> Value:
    """A weight that is subtracted or divided by is one that is added or multiplied with."""
    second = _from_axis(call)
    if sign in "-/" and isinstance(second, Array) and second.count > FEW and second.stored is not None:
        other = second.negated() if sign == "-" else second.inverted()
        second = other
        sign = "+" if sign == "-" else "*"
    call.inputs = (call.input(0), second)
    made = combined(sign, call.tensor(0), call.tensor(1), call.here)
    if not isinstance(made, Tensor):
        call.refuse(f"{call.node.op} of these is read by no layer here")
    return made


def _from_axis(call: NodeCall) -> Value | None:
    """The second input; before opset 7 its axes may be those of the first one from `axis` on."""
    second, axis = call.input(1), call.wholes("axis")
    if call.opset > 6 or axis is None or second is None:
        return second
    behind = len(call.tensor(0).dims) - axis[0] - len(second.dims)
    if behind < 0:
        raise call.fault(f"{call.node.op} has no axis {axis[0]} for {second.text}")
    dims = (*second.dims, *(1,) * behind)
    return second.reshaped(dims) if isinstance(second, Array) else reshaped(second, dims, call.here)


def _power(call: NodeCall) -> Value:
    exponent = call.array(1)
    if exponent is None or exponent.count != 1:
        call.refuse("Pow is read with one exponent for all numbers")
    made = combined("**", call.tensor(0), float(call.known(exponent)[0]), call.here)
    assert isinstance(made, Tensor)
    return made


def _joined(call: NodeCall, word: str) -> Value:
    """Two or more together; one is itself."""
    tensors = [call.tensor(at) for at in range(len(call.inputs))]
    if len(tensors) == 1:
        return tensors[0]
    return joined(word, tensors, call.here)


def _gemm(call: NodeCall) -> Value:
    """`alpha * A @ B + beta * C`: a dense layer where B is an array."""
    weight, tensor = call.weight(1, 2), call.tensor()
    if call.whole("transA", 0):
        if tensor.batch is not None:
            call.refuse("Gemm with transA=1 puts the images into the columns")
        tensor = permuted(tensor, (1, 0), call.here)
    if not call.whole("transB", 0):
        weight = weight.transposed((1, 0))
    alpha, beta = call.number("alpha", 1.0), call.number("beta", 1.0)
    bias = call.array(2)
    units = weight.dims[0]
    by_row = bias is not None and bias.count not in (1, units)
    if bias is not None and by_row and (tensor.batch is not None or bias.dims != (tensor.dims[0], units)):
        call.refuse(f"Gemm adds {bias.text} numbers to {units:,} results")
    if alpha != 1.0 or by_row or (bias is not None and beta != 1.0):
        return _with_factors(call, dense(call, tensor, weight, None), bias, alpha, beta)
    if bias is not None and bias.count != units:
        bias = bias.reshaped((1,)).spread((units,))
    return dense(call, tensor, weight, bias)


def _with_factors(call: NodeCall, product: Value, bias: Array | None, alpha: float, beta: float) -> Value:
    made: Value = combined("*", product, alpha, call.here)
    if bias is None or beta == 0:
        return made
    flat = bias if len(bias.dims) > 1 else bias.reshaped((bias.count,))
    added = combined("*", call.weights.parameter(flat, call.trace, call.here), beta, call.here) if beta != 1 else None
    other = added if added is not None else call.weights.parameter(flat, call.trace, call.here)
    found = combined("+", made, other, call.here)
    assert isinstance(found, Tensor)
    return found


def dense(call: NodeCall, tensor: Tensor, weight: Array, bias: Array | None) -> Tensor:
    """The last axis mixed by a matrix, its outputs first: a 1x1 convolution where there are axes of a map."""
    units, arriving = weight.dims
    if tensor.dims[-1] != arriving:
        message = f"the matrix reads {arriving:,} numbers, and {tensor.text} arrives"
        raise call.fault(message, code="shapes-differ")
    seen = channels_at(tensor, len(tensor.dims) - 1, call.here)
    rank = len(seen.spatial)
    if rank > 3:
        call.refuse(f"a matrix put to {tensor.text}, with more than three axes of places, is read by no layer here")
    weights = {"weight": weight, "bias": bias}
    if not rank:
        return call.layer(Dense(units=units, bias=bias is not None), seen, weights=weights)
    layer = Conv(filters=units, kernel_size=(1,) * min(rank, 1), bias=bias is not None)
    return call.layer(layer, seen, weights=weights)


def _matmul(call: NodeCall) -> Value:
    """A dense layer for an array on the right; a third input is its bias, which `patterns` has put there."""
    first, second = call.input(0), call.input(1)
    if isinstance(second, Array) and isinstance(first, Tensor):
        matrix = second
        while len(matrix.dims) > 2 and matrix.dims[0] == 1:
            matrix = matrix.reshaped(matrix.dims[1:])
        if len(matrix.dims) == 2:
            bias = call.array(2)
            return dense(call, first, matrix.transposed((1, 0)), bias)
    return product(call.tensor(0), call.tensor(1), call.here)


def _einsum(call: NodeCall) -> Value:
    """Sums of products of two tensors."""
    tensors = [call.tensor(at) for at in range(len(call.inputs))]
    return summed_products(call.text("equation", ""), tensors, call.here)


OPERATORS: Mapping[str, Callable[[NodeCall], Value]] = {
    "Add": partial(_binary, sign="+"),
    "Sub": partial(_binary, sign="-"),
    "Mul": partial(_binary, sign="*"),
    "Div": partial(_binary, sign="/"),
    "Pow": _power,
    "Sum": partial(_joined, word="add"),
    "Mean": partial(_joined, word="avg"),
    "Max": partial(_joined, word="max"),
    "Min": partial(_joined, word="min"),
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Einsum": _einsum,
}
