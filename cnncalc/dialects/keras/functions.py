"""Functions on tensors: `keras.ops`, `tf`, `tf.nn`, `tf.image`, `keras.backend`, `keras.activations`.

A function is known by the last part of its name, its signature also by the library where those differ.  What
computes is a layer of ours; what only sees numbers otherwise is in `cnncalc.dialects.traced`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from cnncalc.dialects.keras.function_calls import Entry, FunctionCall, bound_function
from cnncalc.dialects.keras.image_functions import IMAGE_FUNCTIONS
from cnncalc.dialects.keras.layers import Surroundings
from cnncalc.dialects.keras.number_functions import BY_LIBRARY, NUMBER_FUNCTIONS
from cnncalc.dialects.keras.tensor_methods import shown
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.joins import concatenated, stacked
from cnncalc.dialects.traced.table_faults import faults_of_the_table
from cnncalc.dialects.traced.tensor_slices import split
from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.dialects.traced.views import axis_of, expanded, flattened, permuted, reshaped, squeezed, unsqueezed
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Reading, Unknown

MOST_PLACES = 100_000
"""Numbers of a row that are kept one by one."""


def function_called(name: str, arguments: Arguments, around: Surroundings, here: Reading) -> Any:
    """What the function gives; Unknown where what it works on is."""
    library, last = ".".join(name.split(".")[:2]), name.rpartition(".")[2]
    entry = BY_LIBRARY.get((library, last)) or FUNCTIONS[last]
    with faults_of_the_table():
        bound = bound_function(last, arguments, entry.signature)
        first = next(iter(bound.given.values()), None)
        if first is not None and isinstance(first.value, Unknown):
            return first.value
        try:
            return entry.work(FunctionCall(name, bound, around, here))
        except (TypeError, ValueError, IndexError, AttributeError):
            message = f"an argument of {last} is not of the kind that it takes"
            raise PythonFault("wrong-operand", message, here.span) from None


def _concat(call: FunctionCall) -> Any:
    return concatenated(list(call["values"]), _axis(call), call.here)


def _axis(call: FunctionCall) -> Any:
    """Keras' backend joins along the last axis where none is named, its `ops` along the first one."""
    return (
        0
        if call["axis"] is None and call.name.startswith("keras.ops")
        else -1
        if call["axis"] is None
        else call["axis"]
    )


def _stack(call: FunctionCall) -> Any:
    return stacked(list(call["values"]), call["axis"], call.here)


def _unstack(call: FunctionCall) -> Any:
    tensor = call.tensor()
    at = axis_of(tensor, call["axis"], call.here)
    return [squeezed(one, at, call.here) for one in split(tensor, 1, at, call.here)]


def _split(call: FunctionCall) -> Any:
    """TensorFlow's and Keras' numbers are counts of pieces; in a list they are sizes there and places here."""
    tensor, wanted = call.tensor(), call["sizes"]
    at = axis_of(tensor, call["axis"], call.here)
    whole = tensor.dims[at]
    if isinstance(wanted, (list, tuple)):
        if call.name.startswith("keras.ops"):
            places = [0, *wanted, whole]
            wanted = [after - before for before, after in pairwise(places)]
        return list(split(tensor, list(wanted), at, call.here))
    if type(wanted) is not int or wanted < 1 or whole % wanted:
        raise PythonFault(
            "reshape-does-not-fit", f"an axis of {whole} cannot be split into {wanted!r} parts", call.here.span
        )
    return list(split(tensor, whole // wanted, at, call.here))


# ---------------------------------------------------------------------- views
def _reshape(call: FunctionCall) -> Any:
    tensor, sizes = call.tensor(), call["shape"]
    sizes = list(sizes) if isinstance(sizes, (list, tuple)) else [sizes]
    sizes = [
        tensor.dims[0] if index == 0 and size in (None, -1) and len(sizes) > 1 else size
        for index, size in enumerate(sizes)
    ]
    return reshaped(tensor, sizes, call.here)


def _flatten(call: FunctionCall) -> Any:
    return flattened(call.tensor(), 1 if call.last == "batch_flatten" else 0, -1, call.here)


def _transpose(call: FunctionCall) -> Any:
    tensor, order = call.tensor(), call["axes"]
    return permuted(tensor, tuple(range(len(tensor.dims)))[::-1] if order is None else tuple(order), call.here)


def _expand(call: FunctionCall) -> Any:
    return unsqueezed(call.tensor(), call["axis"], call.here)


def _squeeze(call: FunctionCall) -> Any:
    axes = call["axis"]
    return squeezed(call.tensor(), tuple(axes) if isinstance(axes, list) else axes, call.here)


def _broadcast(call: FunctionCall) -> Any:
    sizes = [1 if one is None else one for one in call["shape"]]
    return expanded(call.tensor(), sizes, call.here)


def _tile(call: FunctionCall) -> Any:
    """Copies one after the other along each axis."""
    tensor = call.tensor()
    for axis, count in enumerate(call["multiples"]):
        if type(count) is int and count > 1:
            call.here.charge(count)
            tensor = concatenated([tensor] * count, axis, call.here)
    return tensor


def _repeat(call: FunctionCall) -> Any:
    tensor = call.tensor()
    if len(tensor.dims) != 2 or call.last != "repeat":
        raise call.no_layer("to this tensor")
    return concatenated([unsqueezed(tensor, 1, call.here)] * call.bound.count("n"), 1, call.here)


def _same(call: FunctionCall) -> Any:
    return call["x"]


def _shape(call: FunctionCall) -> Any:
    value = call["x"]
    if not isinstance(value, Tensor):
        return Unknown("the shape of a value that is no tensor", call.here.span)
    if call.name in ("keras.backend.int_shape", "keras.ops.shape"):
        return shown(value)
    return tuple(value.dims) if call.last == "shape" else len(value.dims)


def _batch_dot(call: FunctionCall) -> Any:
    return combined("@", call["x"], call["y"], call.here)


# ---------------------------------------------------------------------- constants
def _filled(call: FunctionCall) -> Any:
    sizes = call["shape"]
    if isinstance(sizes, Tensor):
        sizes = sizes.dims
    whole = [1 if one is None else one for one in sizes] if isinstance(sizes, (list, tuple)) else [sizes]
    if any(type(one) is not int for one in whole):
        return Unknown("numbers of an open size", call.here.span)
    value = {"zeros": 0.0, "ones": 1.0}.get(call.last.removesuffix("_like"))
    what = call.last if value is not None else "random numbers"
    return call.around.trace.constant(tuple(whole), Constant(what, values=value), call.here)


def _variable(call: FunctionCall) -> Any:
    """What a program learns itself, with the size of its first value."""
    value = call["x"]
    if not isinstance(value, Tensor) or value.constant is None:
        return (
            value if isinstance(value, (int, float)) else Unknown("a variable whose size is not known", call.here.span)
        )
    learned = call["trainable"] is not False
    return call.around.trace.constant(value.dims, Constant("a variable", is_parameter=learned), call.here)


def _constant(call: FunctionCall) -> Any:
    value = call["x"]
    return value if isinstance(value, (int, float, Tensor)) else Unknown("a table of constants", call.here.span)


def _range(call: FunctionCall) -> Any:
    bounds = [call[name] for name in call.bound.declared if call[name] is not None]
    if any(type(one) is not int for one in bounds) or (len(bounds) == 3 and bounds[2] == 0):
        return Unknown("a row of numbers with open ends", call.here.span)
    places = range(*bounds)
    values = tuple(map(float, places)) if len(places) <= MOST_PLACES else None
    return call.around.trace.constant((len(places),), Constant("a row of numbers", values=values), call.here)


FUNCTIONS: Mapping[str, Entry] = {
    **NUMBER_FUNCTIONS,
    "concat": Entry("values axis", _concat),
    "concatenate": Entry("values axis=None", _concat),
    **dict.fromkeys(("stack",), Entry("values axis=0", _stack)),
    **dict.fromkeys(("unstack",), Entry("x num=None axis=0", _unstack)),
    "split": Entry("x sizes axis=0 num=None", _split),
    "reshape": Entry("x shape", _reshape),
    **dict.fromkeys(("flatten", "batch_flatten", "ravel"), Entry("x", _flatten)),
    **dict.fromkeys(("transpose", "permute_dimensions"), Entry("x axes=None", _transpose)),
    "expand_dims": Entry("x axis=-1", _expand),
    "squeeze": Entry("x axis=None", _squeeze),
    "broadcast_to": Entry("x shape", _broadcast),
    "tile": Entry("x multiples", _tile),
    "repeat": Entry("x n axis=None", _repeat),
    **dict.fromkeys(("identity", "stop_gradient", "cast", "convert_to_tensor", "linear"), Entry("x y=None", _same)),
    **dict.fromkeys(
        ("dropout", "ensure_shape", "check_numerics", "cast_to_floatx"), Entry("x y=None noise=None", _same)
    ),
    **dict.fromkeys(("shape", "int_shape", "rank", "ndim"), Entry("x", _shape)),
    **dict.fromkeys(("batch_dot", "dot"), Entry("x y axes=None", _batch_dot)),
    **dict.fromkeys(("zeros", "ones", "zeros_like", "ones_like"), Entry("shape dtype=None", _filled)),
    **dict.fromkeys(("random_normal", "random_uniform", "truncated_normal"), Entry("shape a=0 b=1 c=1", _filled)),
    **dict.fromkeys(("normal", "uniform"), Entry("shape a=0 b=1 c=1", _filled)),
    "Variable": Entry("x trainable=None", _variable),
    "variable": Entry("x trainable=None", _variable),
    "constant": Entry("x y=None", _constant),
    "range": Entry("start limit=None delta=None", _range),
    "arange": Entry("start stop=None step=None", _range),
    **IMAGE_FUNCTIONS,
}
"""By the last part of the name; the tensor, the first argument, is `x` however the library calls it."""
