"""Numba compiles a loop over arrays into one C function that gets all arguments as a row of 64-bit integers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from llvmlite import ir as _ir
from numba import njit
from numba import types as _types
from numba.core import compiler as _compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import intrinsic
from numba.np import arrayobj as _arrayobj

arrayobj: Any = _arrayobj
compiler: Any = _compiler
ir: Any = _ir
types: Any = _types
target: Any = cpu_target
untyped_intrinsic: Any = intrinsic

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}, "_nrt": False}
"""Why each of them: `cnncalc.kernels.jit`.  Nobody counts references to the arrays, which are Python's (`_nrt`)."""

WORD = ir.IntType(64)


def machine_code(function: Callable[..., None], symbol: str, kinds: tuple[str, ...]) -> bytes:
    """Code in which the C function `symbol` calls the loop with what stands in a row.

    What numba itself would put around a function calls its library where the function raises.  Kernels never do, and
    the library is not there in later processes.
    """
    flags = compiler.Flags()
    target.options.parse_as_flags(flags, dict(OPTIONS))
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    context = target.target_context
    with global_compiler_lock:
        found = compiler.compile_extra(
            target.typing_context, context, _of_a_row(function, kinds), (types.intp,), types.void, flags, {}
        )
        found.library.add_ir_module(_outermost(context, found.fndesc.llvm_func_name, symbol))
        found.library.finalize()
    code: bytes = found.library.serialize_using_object_code()[2][0]
    return code


def _outermost(context: Any, inner_name: str, symbol: str) -> Any:
    """A module with the C function, which calls numba's."""
    module = context.create_module(symbol)
    kind = context.call_conv.get_function_type(types.void, (types.intp,))
    inner = ir.Function(module, kind, inner_name)
    outer = ir.Function(module, ir.FunctionType(ir.VoidType(), [WORD]), symbol)
    builder = ir.IRBuilder(outer.append_basic_block())
    context.call_conv.call_function(builder, inner, types.void, (types.intp,), outer.args)
    builder.ret_void()
    return module


def _of_a_row(function: Callable[..., None], kinds: tuple[str, ...]) -> Callable[[int], None]:
    loop: Any = njit(**OPTIONS)(function)
    arguments = _reader(kinds)

    def of_a_row(row: int) -> None:
        loop(*arguments(row))

    return of_a_row


def _reader(kinds: tuple[str, ...]) -> Any:
    """For compiled code: the arguments that stand in a row."""
    found = [_numba_type(kind) for kind in kinds]

    def arguments(_typing: Any, _row: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            row = builder.inttoptr(given[0], WORD.as_pointer())
            words = (builder.load(builder.gep(row, [WORD(place)])) for place in range(sum(map(_length, found))))
            values = [_read(context, builder, kind, words) for kind in found]
            return context.make_tuple(builder, signature.return_type, values)

        return types.Tuple(found)(types.intp), emit

    return untyped_intrinsic(arguments)


def _numba_type(kind: str) -> Any:
    if kind == "i":
        return types.intp
    name, x, axes = kind.partition("x")
    return types.Array(getattr(types, name), int(axes), "C") if x else types.UniTuple(types.intp, int(kind.lstrip("t")))


def _length(kind: Any) -> int:
    """How many numbers of the row stand for a value of numba's type."""
    if isinstance(kind, types.Array):
        return 1 + int(kind.ndim)
    return len(kind) if isinstance(kind, types.UniTuple) else 1


def _read(context: Any, builder: Any, kind: Any, words: Iterator[Any]) -> Any:
    """Instructions that make a value of the next words."""
    if isinstance(kind, types.UniTuple):
        return context.make_tuple(builder, kind, [next(words) for _ in range(len(kind))])
    if not isinstance(kind, types.Array):
        return next(words)
    item = context.get_data_type(kind.dtype)
    data, *shape = (next(words) for _ in range(_length(kind)))
    size = WORD(context.get_abi_sizeof(item))
    strides = [size]
    for length in shape[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    made = context.make_array(kind)(context, builder)
    place = builder.inttoptr(data, item.as_pointer())
    arrayobj.populate_array(made, data=place, shape=shape, strides=strides, itemsize=size, meminfo=None)
    return made._getvalue()
