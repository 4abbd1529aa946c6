"""Numbers in memory that several threads read and change, and what a thread does that waits for one of them.

`load`, `fetch_add` and `compare_exchange` are sequentially consistent; all are for compiled Python.
"""

from __future__ import annotations

import sys
from typing import Any

from cnncalc.kernels.engine.fields import I64
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, ir, types


def _word(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, I64.as_pointer())


@intrinsic
def load(context: Any, address: Any) -> Any:
    """The number there, as other threads wrote it."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(_word(builder, arguments[0]), "seq_cst", 8)

    return types.intp(types.intp), emit


@intrinsic
def fetch_add(context: Any, address: Any, value: Any) -> Any:
    """Add to the number there; returns what it was."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.atomic_rmw("add", _word(builder, arguments[0]), arguments[1], "seq_cst")

    return types.intp(types.intp, types.intp), emit


@intrinsic
def compare_exchange(context: Any, address: Any, expected: Any, value: Any) -> Any:
    """Replace the number there if it is what is expected; whether it was."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = builder.cmpxchg(_word(builder, arguments[0]), arguments[1], arguments[2], "seq_cst", "seq_cst")
        return builder.extract_value(found, 1)

    return types.boolean(types.intp, types.intp, types.intp), emit


@intrinsic
def store(context: Any, address: Any, value: Any) -> Any:
    """Put a number there."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[1], _word(builder, arguments[0]))
        return target.get_dummy_value()

    return types.void(types.intp, types.intp), emit


@intrinsic
def pause(context: Any) -> Any:
    """Tell the CPU that this is a waiting loop, where it can be told."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if "x86" in builder.module.triple:
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])
        return target.get_dummy_value()

    return types.void(), emit


@intrinsic
def sched_yield(context: Any) -> Any:
    """Let another thread run on this core, where the system has a call for it."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if sys.platform != "win32":
            kind = ir.FunctionType(ir.IntType(32), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return target.get_dummy_value()

    return types.void(), emit
