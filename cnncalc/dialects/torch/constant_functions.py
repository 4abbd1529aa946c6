"""Functions on numbers that no image decides: of each number, to another type, grids, and out to Python again.

Their sizes are always known; their numbers as far as `known_numbers` follows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.dialects.torch.creation import as_type, is_whole
from cnncalc.dialects.torch.function_calls import Function, FunctionCall
from cnncalc.dialects.traced.known_numbers import FUNCTIONS as OF_EACH
from cnncalc.dialects.traced.known_numbers import Numbers, combined_numbers, of_each, with_numbers
from cnncalc.dialects.traced.stated_arrays import is_parameter
from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.graph.pasted.torch_functions import FUNCTIONS
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Library, Unknown


def _numbers(tensor: Tensor) -> Numbers:
    """The numbers of a constant; None where they are not known."""
    return tensor.constant.values if tensor.is_constant and tensor.constant is not None else None


def _constant(call: FunctionCall, name: str = "input") -> Tensor:
    tensor = call.tensor(name)
    if not tensor.is_constant:
        raise PythonFault("no-such-layer", f"no layer here is `{call.name}` of an image", call.here.span)
    return tensor


def _each(call: FunctionCall) -> Tensor:
    return of_each(call.name, _constant(call))


def arranged(call: FunctionCall) -> Tensor:
    """The same sizes, other numbers in each place."""
    return with_numbers(_constant(call), None, f"`{call.name}` of a constant")


def _differences(call: FunctionCall) -> Any:
    """Of neighbours along the one axis."""
    tensor = _constant(call)
    if len(tensor.dims) != 1 or tensor.dims[0] < 2 or call.arguments.values[1:] or call.arguments.keywords:
        return Unknown(f"this `{call.name}` is not followed", call.here.span)
    values = _numbers(tensor)
    one_less = (tensor.dims[0] - 1,)
    found = combined_numbers("-", values[1:], values[:-1]) if isinstance(values, tuple) else None
    return call.trace.constant(one_less, Constant("differences of a constant", values=found), call.here)


def _grids(call: FunctionCall) -> Any:
    """One array for each row of numbers, with an axis for each of them."""
    given = call.value("tensors")
    rows = given[0] if len(given) == 1 and isinstance(given[0], (list, tuple)) else given
    for one in rows:
        if isinstance(one, Unknown):
            return one
        if not isinstance(one, Tensor) or not one.is_constant or len(one.dims) > 1:
            raise PythonFault("no-such-layer", "no layer here makes grids of an image", call.here.span)
    dims = tuple(prod(one.dims) for one in rows)
    if len(dims) > 1 and call.value("indexing") == "xy":
        dims = (dims[1], dims[0], *dims[2:])
    return tuple(call.trace.constant(dims, Constant("meshgrid"), call.here) for _ in rows)


def _outer(call: FunctionCall) -> Tensor:
    left, right = _constant(call), _constant(call, "vec2")
    dims = (prod(left.dims), prod(right.dims))
    return call.trace.constant(dims, Constant("outer"), call.here)


# ---------------------------------------------------------------------- types
def _converted(call: FunctionCall) -> Tensor:
    """`x.to(...)`, `x.float()`, `x.long()`: an image keeps its numbers where they stay real."""
    tensor = call.tensor("input")
    named = Library(f"torch.{call.name}", call.package)
    kinds = [one for one in (named, *call.arguments.values, call.value("dtype")) if isinstance(one, Library)]
    is_cut = any(is_whole(one) or one.name == "torch.bool" for one in kinds)
    if not tensor.is_constant and is_cut:
        raise PythonFault("no-such-layer", "no layer here makes whole numbers of an image", call.here.span)
    if not tensor.is_constant or is_parameter(tensor):
        return tensor
    values = _numbers(tensor)
    for kind in kinds:
        values = as_type(values, kind)
    return tensor if values == _numbers(tensor) and not is_cut else with_numbers(tensor, values)


# ---------------------------------------------------------------------- out to Python
def _item(call: FunctionCall) -> Any:
    values = _numbers(call.tensor("input"))
    if isinstance(values, tuple) and len(values) == 1:
        values = values[0]
    if isinstance(values, (int, float)):
        return values
    return Unknown("a number in a tensor is not known before the net runs", call.here.span)


def _listed(call: FunctionCall) -> Any:
    """A constant of one axis as a list."""
    tensor = call.tensor("input")
    values = _numbers(tensor)
    if isinstance(values, (int, float)) and len(tensor.dims) <= 1 and prod(tensor.dims) <= 10**5:
        return [values] * tensor.dims[0] if tensor.dims else values
    if isinstance(values, tuple) and len(tensor.dims) == 1:
        return list(values)
    return Unknown("the numbers in a tensor are not known before the net runs", call.here.span)


_KINDS = ("to", "type", "float", "half", "double", "bfloat16", "int", "long", "short", "bool")
_ARRANGED = ("tril", "triu", "cumsum", "cumprod", "flip", "fliplr", "flipud")

CONSTANT_FUNCTIONS: Mapping[str, Function] = {
    **{name: Function("input out=None", _each) for name in OF_EACH if name not in FUNCTIONS},
    **dict.fromkeys(_ARRANGED, Function("input *rest dims=None dim=None diagonal=0", arranged)),
    "diff": Function("input *rest n=1 dim=-1", _differences),
    "meshgrid": Function("*tensors indexing='ij'", _grids),
    **dict.fromkeys(("outer", "ger"), Function("input vec2 out=None", _outer)),
    **dict.fromkeys(
        _KINDS,
        Function("input *rest memory_format=None dtype=None device=None non_blocking=False copy=False", _converted),
    ),
    "item": Function("input", _item),
    "tolist": Function("input", _listed),
}
"""By the name in `torch`, or of a tensor's method."""
