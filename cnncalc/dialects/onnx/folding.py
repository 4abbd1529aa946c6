"""Nodes that read no image, worked out: the arithmetic of sizes, and weights that are seen otherwise.

Bounded: nothing is made larger than `MOST_KNOWN` numbers.  What is not worked out gives None, and whoever reads it says
what is missing.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from math import prod
from typing import Any

from cnncalc.dialects.onnx.constant_arrays import MOST_KNOWN, Array, Numbers, held_array, known_array
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.onnx.onnx_records import FLOATS, TensorRecord
from cnncalc.geometry import LARGEST_SIZE
from cnncalc.graph.stored import Step, Stored

Folded = Array | Sequence[Array] | None


def folded(call: NodeCall) -> Folded:
    """What a node makes of arrays; None for an operator that is not worked out."""
    work = FOLDERS.get(call.node.op)
    return work(call) if work is not None else None


def _first(call: NodeCall) -> Array:
    array = call.array(0)
    if array is None:
        raise call.fault(f"{call.node.op} has no input")
    return array


def _name(call: NodeCall) -> str:
    return call.node.outputs[0] if call.node.outputs else call.node.op


# ---------------------------------------------------------------------- where arrays come from
def _constant(call: NodeCall) -> Folded:
    attributes = call.node.attributes
    tensor = attributes.get("value")
    if isinstance(tensor, TensorRecord):
        return held_array(tensor, _name(call), call.folder)
    for key, is_whole in (("value_int", True), ("value_ints", True), ("value_float", False), ("value_floats", False)):
        value = attributes.get(key)
        if value is not None:
            numbers = value if isinstance(value, tuple) else (value,)
            dims = (len(numbers),) if isinstance(value, tuple) else ()
            return known_array(_name(call), dims, numbers, is_whole=is_whole)
    return None


def _of_shape(call: NodeCall) -> Folded:
    """All alike; bounded before anything is made.  Floats of which the file has one are weights that it has."""
    dims, name = tuple(int(one) for one in call.known(_first(call))), _name(call)
    value = call.node.attributes.get("value")
    if not isinstance(value, TensorRecord):
        return known_array(name, dims, (0.0,) * _bounded(call, dims), is_whole=False)
    held = held_array(value, name, call.folder)
    if held.count != 1:
        raise call.fault(f"ConstantOfShape spreads one number, and has {held.text}")
    number = call.known(held)[0]
    if held.stored is None:
        return known_array(name, dims, (number,) * _bounded(call, dims), is_whole=held.is_whole)
    if not all(0 <= size <= LARGEST_SIZE for size in dims):
        raise call.fault(f"{call.node.op} has no array of {'x'.join(map(str, dims[:8]))}")
    step = Step("spread", dims) if dims else Step("reshape", ())
    return Array(name, dims, False, Stored(name, (step,)), lambda: (number,) * prod(dims))


def _bounded(call: NodeCall, dims: Sequence[int]) -> int:
    """How many numbers an array of these sizes has, which must not be too many."""
    if min(dims, default=1) < 0 or max(dims, default=1) > LARGEST_SIZE or prod(dims) > MOST_KNOWN:
        text = "x".join(map(str, dims[:8]))
        call.refuse(f"{call.node.op} would make {text} numbers, and at most {MOST_KNOWN:,} are worked out here")
    return prod(dims)


def _range(call: NodeCall) -> Folded:
    arrays = [call.array(at) for at in range(3)]
    start, end, step = (call.known(one)[0] if one is not None and one.count == 1 else 0 for one in arrays)
    if step == 0 or not all(math.isfinite(one) for one in (start, end, step)):
        raise call.fault("Range needs a start, an end and a step")
    count = max(0, math.ceil((end - start) / step))
    _bounded(call, (count,))
    whole = all(one is not None and one.is_whole for one in arrays)
    return known_array(_name(call), (count,), tuple(start + at * step for at in range(count)), is_whole=whole)


def _shape(call: NodeCall) -> Folded:
    last = call.wholes("end")
    dims = _first(call).dims[slice(call.whole("start", 0), last[0] if last else None)]
    return known_array(_name(call), (len(dims),), dims, is_whole=True)


def _size(call: NodeCall) -> Folded:
    return known_array(_name(call), (), (_first(call).count,), is_whole=True)


# ---------------------------------------------------------------------- the same numbers elsewhere
def _reshape(call: NodeCall) -> Folded:
    array, wanted = _first(call), call.wholes("shape", 1) or ()
    dims = [array.dims[axis] if size == 0 and axis < len(array.dims) else size for axis, size in enumerate(wanted)]
    if dims.count(-1) == 1:
        rest = prod(size for size in dims if size != -1)
        dims[dims.index(-1)] = array.count // rest if rest > 0 else 0
    if min(dims, default=1) < 0 or prod(dims) != array.count:
        raise call.fault(f"{array.text} numbers cannot be seen as {'x'.join(map(str, dims))}")
    return array.reshaped(tuple(dims))


def _flatten(call: NodeCall) -> Folded:
    array, axis = _first(call), call.whole("axis", 1)
    axis += len(array.dims) if axis < 0 else 0
    return array.reshaped((prod(array.dims[:axis]), prod(array.dims[axis:])))


def _unsqueeze(call: NodeCall) -> Folded:
    array, named = _first(call), call.wholes("axes", 1) or ()
    axes = call.axes(len(array.dims) + len(named), 1) or ()
    dims = list(array.dims)
    for axis in sorted(axes):
        dims.insert(axis, 1)
    return array.reshaped(tuple(dims))


def _squeeze(call: NodeCall) -> Folded:
    array = _first(call)
    axes = call.axes(len(array.dims), 1)
    gone = axes if axes is not None else [axis for axis, size in enumerate(array.dims) if size == 1]
    if any(array.dims[axis] != 1 for axis in gone):
        raise call.fault(f"Squeeze takes away axes of size 1, and {array.text} arrives")
    return array.reshaped(tuple(size for axis, size in enumerate(array.dims) if axis not in gone))


def _transpose(call: NodeCall) -> Folded:
    array = _first(call)
    order = call.axes(len(array.dims), None, "perm") or tuple(reversed(range(len(array.dims))))
    if len(order) != len(array.dims):
        raise call.fault(f"Transpose names {len(order)} axes, and {array.text} arrives")
    return array.transposed(order)


def _expand(call: NodeCall) -> Folded:
    array, wanted = _first(call), call.wholes("shape", 1) or ()
    dims = _spread(call, array.dims, wanted)
    _bounded(call, dims)
    return array.spread(dims)


def _spread(call: NodeCall, *each: Sequence[int]) -> tuple[int, ...]:
    """The sizes of what arrays make together."""
    rank = max(map(len, each))
    found = [1] * rank
    for dims in each:
        for axis, size in enumerate(dims, rank - len(dims)):
            if size != 1 and found[axis] not in (1, size):
                texts = " and ".join("x".join(map(str, one)) or "one number" for one in each)
                raise call.fault(f"arrays of {texts} do not fit each other", code="shapes-differ")
            found[axis] = size if size != 1 else found[axis]
    return tuple(found)


# ---------------------------------------------------------------------- parts
def _gather(call: NodeCall) -> Folded:
    array, entries = _first(call), call.array(1)
    axis = call.axis(len(array.dims), otherwise=0)
    if entries is None:
        raise call.fault("Gather has no entries")
    whole = array.dims[axis]
    known = [int(one) for one in call.known(entries)]
    if any(not -whole <= one < whole for one in known):
        raise call.fault(f"Gather picks an entry that an axis of {whole} does not have")
    _bounded(call, (*array.dims[:axis], len(known), *array.dims[axis + 1 :]))
    picked = array.picked(axis, [one % whole for one in known])
    return picked.reshaped((*array.dims[:axis], *entries.dims, *array.dims[axis + 1 :]))


def _slice(call: NodeCall) -> Folded:
    array = _first(call)
    starts, ends = call.wholes("starts", 1) or (), call.wholes("ends", 2) or ()
    axes = call.axes(len(array.dims), 3)
    axes = tuple(range(len(starts))) if axes is None else axes
    steps = call.wholes("steps", 4) or (1,) * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps) or max(axes, default=-1) >= len(array.dims):
        raise call.fault("Slice needs an end, an axis and a step for each start")
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        if step == 0:
            raise call.fault("Slice has a step of 0")
        kept = range(array.dims[axis])[start:end:step]
        array = array.part(axis, kept) if step > 0 else array.picked(axis, kept)
    return array


def _concat(call: NodeCall) -> Folded:
    arrays = [one for at in range(len(call.inputs)) if (one := call.array(at)) is not None]
    first = arrays[0] if arrays else _first(call)
    axis = call.axis(len(first.dims))
    rest = first.dims[:axis] + first.dims[axis + 1 :]
    if any(len(one.dims) != len(first.dims) or one.dims[:axis] + one.dims[axis + 1 :] != rest for one in arrays):
        raise call.fault("arrays that are put together have different sizes", code="shapes-differ")
    dims = (*first.dims[:axis], sum(one.dims[axis] for one in arrays), *first.dims[axis + 1 :])
    _bounded(call, dims)

    def together() -> Numbers | None:
        found: list[Any] = []
        known = [one.numbers for one in arrays]
        widths = [prod(one.dims[axis:]) for one in arrays]
        for outer in range(prod(dims[:axis])):
            for numbers, width in zip(known, widths, strict=True):
                if numbers is None:
                    return None
                found += numbers[outer * width : (outer + 1) * width]
        return tuple(found)

    return Array(_name(call), dims, all(one.is_whole for one in arrays), None, together)


def _split(call: NodeCall) -> Folded:
    array = _first(call)
    axis, pieces = call.axis(len(array.dims), otherwise=0), max(1, len(call.node.outputs))
    each = -(-array.dims[axis] // pieces)
    sizes = call.wholes("split", 1) or tuple(max(0, min(each, array.dims[axis] - at * each)) for at in range(pieces))
    if min(sizes, default=0) < 0 or sum(sizes) != array.dims[axis]:
        raise call.fault(f"Split makes {sum(sizes)} entries of {array.dims[axis]}")
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    return [array.part(axis, range(start, start + size)) for start, size in zip(starts, sizes, strict=True)]


# ---------------------------------------------------------------------- other numbers
def _each(call: NodeCall, work: Callable[..., Any], whole: bool | None = None) -> Folded:
    """A function of the numbers of all inputs, one by one, spread to one size."""
    arrays = [one for at in range(len(call.inputs)) if (one := call.array(at)) is not None]
    if not arrays:
        raise call.fault(f"{call.node.op} has no input")
    dims = _spread(call, *(one.dims for one in arrays))
    is_whole = all(one.is_whole for one in arrays) if whole is None else whole

    def worked_out() -> Numbers | None:
        known = [one.spread(dims).numbers for one in arrays]
        if prod(dims) > MOST_KNOWN or None in known:
            return None
        try:
            return tuple(_held(work(*each)) for each in zip(*known, strict=True))
        except (ArithmeticError, ValueError, TypeError):
            return None

    return Array(_name(call), dims, is_whole, None, worked_out)


def _held(number: Any) -> Any:
    """The number, where ONNX' largest type of whole numbers holds it; raises ArithmeticError for others."""
    if type(number) is int and not -(2**63) <= number < 2**64:
        raise OverflowError
    return number


def _quotient(one: Any, other: Any) -> Any:
    """Whole numbers are divided towards 0."""
    if type(one) is int and type(other) is int:
        return abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
    return one / other


def _power(one: Any, other: Any) -> Any:
    if abs(other) > 64:
        raise ValueError
    return type(one)(one**other)


def _remainder(one: Any, other: Any) -> Any:
    return one % other


def _cast(call: NodeCall) -> Folded:
    """Whole numbers and floats; a float type keeps where the array stands in the file."""
    array, kind = _first(call), call.whole("to", 1)
    if kind in FLOATS:
        made = array.made(array.dims, lambda numbers: tuple(map(float, numbers)), whole=False)
        made.stored = array.stored
        return made
    change: Callable[[Any], Any] = bool if kind == 9 else int
    return _each(call, change, whole=True)


def _same(call: NodeCall) -> Folded:
    """The array under another name: arrays that are equal stand once in a file of PyTorch."""
    return replace(_first(call), name=_name(call))


def _reduced(call: NodeCall, work: Callable[[Sequence[Any]], Any]) -> Folded:
    array = _first(call)
    rank = len(array.dims)
    axes = call.axes(rank, 1)
    gone = set(range(rank) if axes is None else axes)
    keep = bool(call.whole("keepdims", 1))
    kept = [axis for axis in range(rank) if axis not in gone]
    ordered = array.transposed([*kept, *sorted(gone)])
    together = prod(array.dims[axis] for axis in gone)
    dims = tuple(1 if axis in gone else size for axis, size in enumerate(array.dims) if keep or axis not in gone)

    def worked_out(numbers: Numbers) -> Numbers | None:
        if not together:
            return None
        try:
            return tuple(_held(work(numbers[at : at + together])) for at in range(0, len(numbers), together))
        except (ArithmeticError, ValueError, TypeError):
            return None

    return ordered.made(dims, worked_out)


def _where(condition: Any, one: Any, other: Any) -> Any:
    return one if condition else other


def _tile(call: NodeCall) -> Folded:
    array, times = _first(call), call.wholes("repeats", 1) or ()
    if len(times) != len(array.dims) or min(times, default=0) < 0:
        raise call.fault("Tile needs one number for each axis")
    _bounded(call, [size * many for size, many in zip(array.dims, times, strict=True)])
    for axis, many in enumerate(times):
        if many != 1:
            array = array.picked(axis, list(range(array.dims[axis])) * many)
    return array


FOLDERS: Mapping[str, Callable[[NodeCall], Folded]] = {
    "Constant": _constant,
    "ConstantOfShape": _of_shape,
    "Range": _range,
    "Shape": _shape,
    "Size": _size,
    **dict.fromkeys(("Identity", "Dropout"), _same),
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Transpose": _transpose,
    "Expand": _expand,
    "Tile": _tile,
    "Gather": _gather,
    "Slice": _slice,
    "Concat": _concat,
    "Split": _split,
    "Cast": _cast,
    "Add": partial(_each, work=operator.add),
    "Sub": partial(_each, work=operator.sub),
    "Mul": partial(_each, work=operator.mul),
    "Div": partial(_each, work=_quotient),
    "Mod": partial(_each, work=_remainder),
    "Pow": partial(_each, work=_power),
    "Min": partial(_each, work=min),
    "Max": partial(_each, work=max),
    "Neg": partial(_each, work=operator.neg),
    "Abs": partial(_each, work=abs),
    "Floor": partial(_each, work=lambda one: float(math.floor(one))),
    "Ceil": partial(_each, work=lambda one: float(math.ceil(one))),
    "Round": partial(_each, work=lambda one: float(round(one))),
    "Sqrt": partial(_each, work=math.sqrt),
    "Exp": partial(_each, work=math.exp),
    "Log": partial(_each, work=math.log),
    "Reciprocal": partial(_each, work=lambda one: 1 / one),
    "Equal": partial(_each, work=operator.eq, whole=True),
    "Greater": partial(_each, work=operator.gt, whole=True),
    "GreaterOrEqual": partial(_each, work=operator.ge, whole=True),
    "Less": partial(_each, work=operator.lt, whole=True),
    "LessOrEqual": partial(_each, work=operator.le, whole=True),
    "Not": partial(_each, work=operator.not_, whole=True),
    "And": partial(_each, work=lambda one, other: bool(one and other), whole=True),
    "Or": partial(_each, work=lambda one, other: bool(one or other), whole=True),
    "Where": partial(_each, work=_where),
    "ReduceProd": partial(_reduced, work=lambda numbers: reduce(operator.mul, numbers)),
    "ReduceSum": partial(_reduced, work=sum),
    "ReduceMax": partial(_reduced, work=max),
    "ReduceMin": partial(_reduced, work=min),
    "ReduceMean": partial(_reduced, work=lambda numbers: sum(numbers) / len(numbers)),
}
"""Operator -> what works it out; `Where` of whole numbers and floats gives what its last two are."""
