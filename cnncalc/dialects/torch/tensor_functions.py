"""Functions of `torch`, `torch.nn.functional` and of tensors that are no single layer: views, parts, joins, arithmetic.

What they do to the axes is in `cnncalc.dialects.traced`; here are their names and arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import Any

from cnncalc.dialects.torch.function_calls import Function, FunctionCall, row_call
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.einsum import summed_products
from cnncalc.dialects.traced.joins import concatenated, joined, reduced, stacked
from cnncalc.dialects.traced.tensor_attributes import set_learned
from cnncalc.dialects.traced.tensor_slices import chunked, part, split
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import (
    axis_of,
    expanded,
    flattened,
    permuted,
    reshaped,
    squeezed,
    transposed,
    unsqueezed,
)
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Given, Unknown

Compute = Callable[[FunctionCall], Any]


# ---------------------------------------------------------------------- views
def _reshape(call: FunctionCall) -> Any:
    return reshaped(call.tensor("input"), call.value("shape"), call.here)


def _like(call: FunctionCall) -> Any:
    return reshaped(call.tensor("input"), call.tensor("other").dims, call.here)


def _flatten(call: FunctionCall) -> Any:
    return flattened(call.tensor("input"), call.value("start_dim"), call.value("end_dim"), call.here)


def _unflatten(call: FunctionCall) -> Any:
    tensor = call.tensor("input")
    axis = axis_of(tensor, call.value("dim"), call.here)
    sizes = list(call.here.entries(call.value("sizes")))
    if -1 in sizes:
        rest = prod(size for size in sizes if size != -1)
        sizes[sizes.index(-1)] = tensor.dims[axis] // max(1, rest)
    return reshaped(tensor, (*tensor.dims[:axis], *sizes, *tensor.dims[axis + 1 :]), call.here)


def _permute(call: FunctionCall) -> Any:
    return permuted(call.tensor("input"), call.value("dims"), call.here)


def _transpose(call: FunctionCall) -> Any:
    return transposed(call.tensor("input"), call.value("dim0"), call.value("dim1"), call.here)


def _turned(call: FunctionCall) -> Any:
    tensor = call.tensor("input")
    return transposed(tensor, 0, 1, call.here) if len(tensor.dims) > 1 else tensor


def _movedim(call: FunctionCall) -> Any:
    tensor = call.tensor("input")
    source, goal = (axis_of(tensor, call.value(name), call.here) for name in ("source", "destination"))
    order = [axis for axis in range(len(tensor.dims)) if axis != source]
    order.insert(goal, source)
    return permuted(tensor, order, call.here)


def _squeeze(call: FunctionCall) -> Any:
    return squeezed(call.tensor("input"), call.value("dim"), call.here)


def _unsqueeze(call: FunctionCall) -> Any:
    return unsqueezed(call.tensor("input"), call.value("dim"), call.here)


def _expand(call: FunctionCall) -> Any:
    return expanded(call.tensor("input"), call.value("sizes"), call.here)


def _expand_as(call: FunctionCall) -> Any:
    return expanded(call.tensor("input"), call.tensor("other").dims, call.here)


def _repeat(call: FunctionCall) -> Any:
    """Of axes of size 1 alone; others stand side by side."""
    tensor, times = call.tensor("input"), call.value("sizes")
    if any(type(one) is not int or one < 1 for one in times):
        raise PythonFault("unknown-value", "how often this tensor is repeated is not known", call.here.span)
    for _ in range(len(times) - len(tensor.dims)):
        tensor = unsqueezed(tensor, 0, call.here)
    times = (1,) * (len(tensor.dims) - len(times)) + tuple(times)
    sizes = [count if size == 1 else size for size, count in zip(tensor.dims, times, strict=True)]
    found = expanded(tensor, sizes, call.here)
    for axis, (size, count) in enumerate(zip(tensor.dims, times, strict=True)):
        if size > 1 and count > 1:
            call.here.charge(count)
            found = concatenated([found] * count, axis, call.here)
    return found.apart()


# ---------------------------------------------------------------------- parts and joins
def _part(call: FunctionCall, axis: Any, key: Any) -> Any:
    tensor = call.tensor("input")
    before = axis_of(tensor, axis, call.here)
    return part(tensor, (*(slice(None),) * before, key), call.here)


def _narrow(call: FunctionCall) -> Any:
    start, length = call.value("start"), call.value("length")
    if type(start) is not int or type(length) is not int:
        raise PythonFault("unknown-value", "the part that is taken here is not known", call.here.span)
    return _part(call, call.value("dim"), slice(start, start + length))


def _select(call: FunctionCall) -> Any:
    return _part(call, call.value("dim"), call.value("index"))


def _chunk(call: FunctionCall) -> Any:
    return chunked(call.tensor("input"), call.value("chunks"), call.value("dim"), call.here)


def _split(call: FunctionCall) -> Any:
    return split(call.tensor("input"), call.value("split_size"), call.value("dim"), call.here)


def _unbind(call: FunctionCall) -> Any:
    tensor = call.tensor("input")
    axis = axis_of(tensor, call.value("dim"), call.here)
    call.here.charge(tensor.dims[axis])
    return tuple(_part(call, axis, index) for index in range(tensor.dims[axis]))


def _cat(call: FunctionCall) -> Any:
    axis = call.value("axis") if call.value("axis") is not None else call.value("dim")
    found = call.here.entries(call.value("tensors"))
    unknown = next((one for one in found if isinstance(one, Unknown)), None)
    if unknown is not None:
        raise unknown.needed("a tensor that is joined here", call.here.span)
    return concatenated(call.tensors("tensors"), axis, call.here)


def _stack(call: FunctionCall) -> Any:
    return stacked(call.tensors("tensors"), call.value("dim"), call.here)


# ---------------------------------------------------------------------- arithmetic
def _arithmetic(call: FunctionCall, sign: str) -> Any:
    """With `alpha`, the other one is taken so many times."""
    other = call.value("other")
    if "alpha" in call.bound.declared and call.value("alpha") != 1:
        other = call.here.arithmetic("*", other, call.value("alpha"))
    return combined(sign, call.tensor("input"), other, call.here)


def _reversed(call: FunctionCall) -> Any:
    return combined("-", call.value("other"), call.tensor("input"), call.here)


def _matmul(call: FunctionCall) -> Any:
    return combined("@", call.tensor("input"), call.tensor("other"), call.here)


def _gated(call: FunctionCall) -> Any:
    """Half of the channels times the sigmoid of the other half."""
    left, right = chunked(call.tensor("input"), 2, call.value("dim"), call.here)
    gate = row_call(
        "sigmoid", call.arguments._replace(positional=(Given(right, call.here.span),), keywords={}), call.here
    )
    return combined("*", left, gate, call.here)


def _negative(call: FunctionCall) -> Any:
    return combined("*", call.tensor("input"), -1, call.here)


def _reduce(call: FunctionCall, word: str) -> Any:
    axes = call.value("dim") if call.value("axis") is None else call.value("axis")
    return reduced(word, call.tensor("input"), axes, bool(call.value("keepdim")), call.here)


def _spread_of(call: FunctionCall, word: str) -> Any:
    """The variance or its root: divided by n - 1 unless the program says otherwise."""
    axes = call.value("dim") if call.value("axis") is None else call.value("axis")
    correction = call.value("correction") if call.value("unbiased") is None else int(call.value("unbiased"))
    if correction not in (0, 1):
        raise PythonFault("no-such-layer", f"no layer here divides by n - {correction}", call.here.span)
    keep = bool(call.value("keepdim"))
    return reduced(word, call.tensor("input"), axes, keep, call.here, unbiased=correction == 1)


def _largest(call: FunctionCall, word: str) -> Any:
    """Of the whole tensor, along an axis (with its places), or of two tensors."""
    other = call.value("dim") if call.value("axis") is None else call.value("axis")
    if isinstance(other, Tensor):
        return joined(word, (call.tensor("input"), other), call.here)
    made = reduced(word, call.tensor("input"), other, bool(call.value("keepdim")), call.here)
    return (
        made if other is None else (made, Unknown("the place of a largest number depends on the image", call.here.span))
    )


def _larger(call: FunctionCall, word: str) -> Any:
    return joined(word, (call.tensor("input"), call.tensor("other")), call.here)


def _unknown_numbers(call: FunctionCall) -> Any:
    return Unknown(f"`{call.name}` gives numbers that depend on the image", call.here.span)


# ---------------------------------------------------------------------- the tensor itself
def _requires_grad(call: FunctionCall) -> Any:
    """The tensor, of which training changes the numbers or leaves them."""
    tensor, learned = call.tensor("input"), call.value("requires_grad")
    set_learned(tensor, learned, call.here)
    return tensor


def _itself(call: FunctionCall) -> Any:
    return call.tensor("input")


def _copy(call: FunctionCall) -> Any:
    """Another tensor with the same numbers, which writing in place leaves alone."""
    tensor = call.tensor("input")
    return tensor.apart()


def _contiguous(call: FunctionCall) -> Any:
    """The tensor itself, or a copy where its numbers are not in order."""
    tensor = call.tensor("input")
    return tensor if tensor.in_order else tensor.apart()


def _size(call: FunctionCall) -> Any:
    tensor, axis = call.tensor("input"), call.value("dim")
    return tensor.dims if axis is None else tensor.dims[axis_of(tensor, axis, call.here)]


def _yes(call: FunctionCall) -> bool:
    return isinstance(call.value("input"), Tensor)


_NEXT = "input dim=None keepdim=False dtype=None axis=None out=None"
_SPREAD = "input dim=None unbiased=None keepdim=False correction=1 axis=None out=None"
_TWO = "input other out=None"

TENSOR_FUNCTIONS: Mapping[str, Function] = {
    **dict.fromkeys(("view", "reshape"), Function("input *shape", _reshape)),
    **dict.fromkeys(("view_as", "reshape_as"), Function("input other", _like)),
    "flatten": Function("input start_dim=0 end_dim=-1", _flatten),
    "ravel": Function("input start_dim=0 end_dim=-1", _flatten),
    "unflatten": Function("input dim sizes", _unflatten),
    "permute": Function("input *dims", _permute),
    **dict.fromkeys(("transpose", "swapaxes", "swapdims"), Function("input dim0 dim1", _transpose)),
    "t": Function("input", _turned),
    **dict.fromkeys(("movedim", "moveaxis"), Function("input source destination", _movedim)),
    "squeeze": Function("input dim=None", _squeeze),
    "unsqueeze": Function("input dim", _unsqueeze),
    **dict.fromkeys(("expand", "broadcast_to"), Function("input *sizes", _expand)),
    "expand_as": Function("input other", _expand_as),
    **dict.fromkeys(("repeat", "tile"), Function("input *sizes", _repeat)),
    "narrow": Function("input dim start length", _narrow),
    "select": Function("input dim index", _select),
    "chunk": Function("input chunks dim=0", _chunk),
    "split": Function("input split_size dim=0", _split),
    "split_with_sizes": Function("input split_size dim=0", _split),
    "unbind": Function("input dim=0", _unbind),
    "cat": Function("tensors dim=0 axis=None out=None", _cat),
    "stack": Function("tensors dim=0 out=None", _stack),
    **dict.fromkeys(("add", "__add__"), Function("input other alpha=1 out=None", partial(_arithmetic, sign="+"))),
    **dict.fromkeys(("sub", "subtract"), Function("input other alpha=1 out=None", partial(_arithmetic, sign="-"))),
    "rsub": Function(_TWO, _reversed),
    **dict.fromkeys(("mul", "multiply"), Function(_TWO, partial(_arithmetic, sign="*"))),
    **dict.fromkeys(("div", "divide", "true_divide"), Function(_TWO, partial(_arithmetic, sign="/"))),
    "pow": Function(
        _TWO.replace("other", "exponent"),
        lambda call: call.here.arithmetic("**", call.value("input"), call.value("exponent")),
    ),
    **dict.fromkeys(("matmul", "bmm", "mm"), Function(_TWO, _matmul)),
    "einsum": Function(
        "equation *operands", lambda call: summed_products(call.value("equation"), call.value("operands"), call.here)
    ),
    "glu": Function("input dim=-1", _gated),
    **dict.fromkeys(("neg", "negative"), Function("input out=None", _negative)),
    **{word: Function(_NEXT, partial(_reduce, word=word)) for word in ("mean", "sum", "prod")},
    **{word: Function(_SPREAD, partial(_spread_of, word=word)) for word in ("std", "var")},
    **{f"a{word}": Function(_NEXT, partial(_reduce, word=word)) for word in ("max", "min")},
    **{word: Function(_NEXT, partial(_largest, word=word)) for word in ("max", "min")},
    "maximum": Function(_TWO, partial(_larger, word="max")),
    "minimum": Function(_TWO, partial(_larger, word="min")),
    **dict.fromkeys(
        ("argmax", "argmin", "topk", "sort", "argsort"),
        Function("input *rest dim=None keepdim=False", _unknown_numbers),
    ),
    **dict.fromkeys(
        (
            "detach",
            "detach_",
            "cuda",
            "cpu",
            "type_as",
        ),
        Function("input *rest memory_format=None dtype=None device=None non_blocking=False copy=False", _itself),
    ),
    **dict.fromkeys(
        ("retain_grad", "data", "numpy", "register_hook"),
        Function("input *rest", _itself),
    ),
    "requires_grad_": Function("input requires_grad=True", _requires_grad),
    "clone": Function("input memory_format=None", _copy),
    "contiguous": Function("input memory_format=None", _contiguous),
    "size": Function("input dim=None", _size),
    **dict.fromkeys(("dim", "ndimension"), Function("input", lambda call: len(call.tensor("input").dims))),
    **dict.fromkeys(("numel", "nelement"), Function("input", lambda call: prod(call.tensor("input").dims))),
    **dict.fromkeys(("is_floating_point", "is_contiguous"), Function("input *rest", _yes)),
}
"""By the name in `torch`, or of a tensor's method, whose first argument is the tensor."""
