"""Tensors that a program makes itself: `torch.zeros(3)`, `torch.arange(10)`, `nn.Parameter(...)`.

Their numbers are kept where they are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.dialects.torch.function_calls import Function, FunctionCall
from cnncalc.dialects.traced.known_numbers import Numbers, float_numbers, whole_numbers
from cnncalc.dialects.traced.stated_arrays import NOISE
from cnncalc.dialects.traced.tensor_attributes import set_learned
from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Library, Unknown

MOST_VALUES = 100_000
"""Numbers of a constant that are kept one by one."""

_WHOLE = re.compile(r"u?int(8|16|32|64)?|long|short")
_FLOATS = re.compile(r"b?float(16|32|64)?|half|double")


def is_whole(kind: Library) -> bool:
    """Whether `torch.int64` and its like hold whole numbers."""
    return _WHOLE.fullmatch(kind.name.rpartition(".")[2]) is not None


def as_type(values: Numbers, kind: Any) -> Numbers:
    """The numbers after `.to(kind)`; what is no type that is read leaves them as they are."""
    if not isinstance(kind, Library):
        return values
    if is_whole(kind):
        return whole_numbers(values)
    name = kind.name.rpartition(".")[2]
    return None if name == "bool" else float_numbers(values) if _FLOATS.fullmatch(name) else values


def _made(call: FunctionCall, sizes: tuple[Any, ...], values: Any, what: str = "") -> Any:
    for one in sizes:
        if isinstance(one, Unknown):
            return one
        if isinstance(one, Tensor) or type(one) is not int or one < 0:
            return Unknown(f"a size of this `{call.name}` is not known", call.here.span)
    if prod(sizes) == 0:
        return Unknown(f"this `{call.name}` holds no numbers", call.here.span)
    is_noise = call.name in ("randn", "randn_like") and bool(call.trace.entered)
    name = NOISE + call.name if is_noise else call.name
    kind = call.value("dtype") if "dtype" in call.bound.declared else None
    return call.trace.constant(tuple(sizes), Constant(what or name, values=as_type(values, kind)), call.here)


def _filled(value: float | None) -> Function:
    """Sizes as several numbers or a list."""
    signature = "*size out=None dtype=None layout=None device=None requires_grad=False pin_memory=False generator=None"
    return Function(signature, lambda call: _made(call, call.value("size"), value))


def _full(call: FunctionCall) -> Any:
    sizes, value = call.value("size"), call.value("fill_value")
    known = value if type(value) in (int, float) else None
    return _made(call, tuple(sizes) if isinstance(sizes, (tuple, list)) else (sizes,), known)


def _like(value: float | None) -> Function:
    def compute(call: FunctionCall) -> Any:
        shown = call.value("input")
        return (
            _made(call, shown.dims, value)
            if isinstance(shown, Tensor)
            else Unknown("its size is not known", call.here.span)
        )

    return Function(
        "input dtype=None layout=None device=None requires_grad=False memory_format=None generator=None", compute
    )


def _arange(call: FunctionCall) -> Any:
    given = [
        *call.value("bounds"),
        *(call.value(name) for name in ("start", "end", "step") if call.value(name) is not None),
    ]
    unknown = next((one for one in given if isinstance(one, Unknown)), None)
    if unknown is not None:
        return unknown
    if not 1 <= len(given) <= 3 or any(type(one) not in (int, float) for one in given):
        return Unknown("the numbers of this `arange` are not known", call.here.span)
    start, end, step = (0, given[0], 1) if len(given) == 1 else (*given, 1)[:3]
    count = -int((start - end) // step) if step else 0
    if not 0 < count <= MOST_VALUES:
        return Unknown(f"this `arange` has {count} numbers", call.here.span)
    return _made(call, (count,), tuple(start + index * step for index in range(count)))


def _linspace(call: FunctionCall) -> Any:
    start, end, steps = (call.value(name) for name in ("start", "end", "steps"))
    for one in (start, end, steps):
        if isinstance(one, Unknown):
            return one
    if (
        any(type(one) not in (int, float) for one in (start, end))
        or type(steps) is not int
        or not 0 < steps <= MOST_VALUES
    ):
        return Unknown("the numbers of this `linspace` are not known", call.here.span)
    between = max(1, steps - 1)
    return _made(call, (steps,), tuple(float(start + (end - start) * index / between) for index in range(steps)))


def _tensor(call: FunctionCall) -> Any:
    """Nested lists of numbers; a tensor stays what it is."""
    data = call.value("data")
    if isinstance(data, (Tensor, Unknown)):
        return data
    rows = _flat(data)
    if rows is None:
        return Unknown("the numbers of this tensor are not known", call.here.span)
    dims, values = rows
    call.here.charge(len(values))
    if not values or len(values) > MOST_VALUES:
        return Unknown(f"this tensor has {len(values)} numbers", call.here.span)
    return _made(call, dims, values[0] if not dims else values)


def _sized_or_listed(call: FunctionCall) -> Any:
    """`torch.Tensor(3, 4)` has these sizes, `torch.Tensor([3, 4])` these numbers."""
    given = call.arguments.values
    if len(given) == 1 and isinstance(given[0], (list, tuple)):
        found = _flat(given[0])
        return _made(call, *found) if found else Unknown("the numbers of this tensor are not known", call.here.span)
    return _made(call, call.value("size"), None)


def _flat(data: Any) -> tuple[tuple[int, ...], tuple[float, ...]] | None:
    """The sizes and the numbers of nested lists; None where they are no such thing."""
    if type(data) in (int, float, bool):
        return (), (int(data) if type(data) is bool else data,)
    if not isinstance(data, (list, tuple)):
        return None
    rows = [_flat(one) for one in data]
    if any(row is None or row[0] != rows[0][0] for row in rows):  # type: ignore[index]
        return None
    inner = rows[0][0] if rows and rows[0] else ()
    return (len(rows), *inner), tuple(value for row in rows if row for value in row[1])


def _parameter(call: FunctionCall) -> Any:
    """A tensor that is learned: an object of its own, whatever it is made of."""
    data = call.value("data")
    if isinstance(data, Tensor) and data.is_constant and data.constant is not None:
        constant = data.constant._replace(is_parameter=True, what="a parameter")
        made = call.trace.constant(data.dims, constant, call.here)
        set_learned(made, call.value("requires_grad"), call.here)
        return made
    if isinstance(data, Tensor):
        raise PythonFault("not-read-here", "a parameter cannot be made of the numbers of an image", call.here.span)
    return data if isinstance(data, Unknown) else Unknown("the size of this parameter is not known", call.here.span)


def _new(value: float | None) -> Function:
    """`x.new_zeros(3, 4)`."""
    return Function(
        "input *size dtype=None device=None requires_grad=False", lambda call: _made(call, call.value("size"), value)
    )


CREATION: Mapping[str, Function] = {
    "zeros": _filled(0.0),
    "ones": _filled(1.0),
    **dict.fromkeys(("empty", "rand", "randn"), _filled(None)),
    **dict.fromkeys(("Tensor", "FloatTensor", "LongTensor"), Function("*size", _sized_or_listed)),
    "full": Function("size fill_value dtype=None device=None requires_grad=False layout=None out=None", _full),
    "zeros_like": _like(0.0),
    "ones_like": _like(1.0),
    **dict.fromkeys(("empty_like", "rand_like", "randn_like"), _like(None)),
    "arange": Function("*bounds start=None end=None step=None dtype=None device=None requires_grad=False", _arange),
    "linspace": Function("start end steps dtype=None device=None requires_grad=False out=None layout=None", _linspace),
    **dict.fromkeys(
        ("tensor", "as_tensor", "from_numpy"),
        Function("data dtype=None device=None requires_grad=False pin_memory=False", _tensor),
    ),
    "Buffer": Function("data persistent=True", lambda call: call.value("data")),
    "Parameter": Function("data=None requires_grad=True", _parameter),
    "new_zeros": _new(0.0),
    "new_ones": _new(1.0),
    "new_empty": _new(None),
    "new_tensor": Function("input data dtype=None device=None requires_grad=False", _tensor),
}
"""By the last part of the name: of `torch`, `torch.nn.Parameter`, or a tensor's method."""
