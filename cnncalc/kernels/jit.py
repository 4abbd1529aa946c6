"""Compiled loops over arrays: numba compiles them, and llvmlite alone loads them in later processes.

A loop takes whole numbers, tuples of them and contiguous arrays, and returns nothing: what it finds it writes into an
array.  For each kind of arguments there is one C function.  It gets the address of a row of 64-bit integers in which
all that was given stands: a number itself, an array as its address and its sizes.  So what is kept is machine code, and
a process that finds it needs nothing of numba, whose import takes 0.2 s (`cnncalc.kernels.by_numba`).
The engine's kernels need none of it: LLVM compiles them (`cnncalc.kernels.engine.machine_code`).

How numba is asked, each option with its reason:

- nogil: the loops run in several threads at once (`cnncalc.kernels.threads`).
- no `parallel`: numba's OpenMP workers spin while they wait, and so do BLAS's; on two cores the two starve each other
  (an im2col followed by a matrix product took 916 ms instead of 19 ms).  It also triples the time to compile.
- no explicit signatures: those compile at import; so only what a net needs is compiled, when it first runs.
- error_model "numpy": a division by zero gives inf or NaN, as in numpy, and costs no branch.
- fastmath only `contract`: a multiply and an add may fuse into one instruction.  `nnan` and `ninf` stay off, because
  a NaN must come out wherever it goes in, and `reassoc` stays off, so that sums run in the order that is written.
- the disk cache is our own (`cnncalc.kernels.code_cache`).  Numba's looks only at the file of the function that it
  loads, so it would go on running an old version of an imported one; it reads whatever lies in its folder, whoever has
  put it there; and two processes that compile at once can mix up its index.

With `NUMBA_DISABLE_JIT=1` in the environment the kernels are the plain Python functions one reads.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from cnncalc.kernels.code_cache import keep, kept
from cnncalc.kernels.compilation import announce, disabled

Function = TypeVar("Function", bound=Callable[..., None])


def jit(function: Function) -> Function:
    """The loop, compiled when it is first called with arguments of new kinds."""
    loop: Any = _Loop(function)
    result: Function = loop
    return result


class _Loop:
    def __init__(self, function: Callable[..., None]) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._compiling = Lock()
        self.calls: dict[tuple[str, ...], Callable[[int], int]] = {}
        """What was called so far, by the kinds of its arguments."""

    def __call__(self, *arguments: Any) -> None:
        if disabled():
            self._function(*arguments)
            return
        kinds = tuple(map(_kind, arguments))
        call = self.calls.get(kinds) or self._call_for(kinds)
        numbers = [number for argument in arguments for number in _numbers(argument)]
        row = (ctypes.c_int64 * len(numbers))(*numbers)
        call(ctypes.addressof(row))

    def _call_for(self, kinds: tuple[str, ...]) -> Callable[[int], int]:
        from cnncalc.kernels.engine.machine_code import callable_at  # noqa: PLC0415 - it takes time to load

        with self._compiling:
            if kinds not in self.calls:
                self.calls[kinds] = callable_at(self._address(kinds), 1)
        return self.calls[kinds]

    def _address(self, kinds: tuple[str, ...]) -> int:
        """Where the code is; that of a function from elsewhere is not kept, since the folder knows only our sources."""
        from cnncalc.kernels.engine.machine_code import load_code  # noqa: PLC0415

        name = self._function.__name__
        symbol, file = "_".join((name, *kinds)), "-".join((name, *kinds)) + ".o"
        is_ours = self._function.__module__.startswith(f"{__package__}.")
        if is_ours and (code := kept(file)) is not None:
            return load_code(symbol, code)
        from cnncalc.kernels.by_numba.array_loops import machine_code  # noqa: PLC0415 - most processes need none

        announce(name)
        code = machine_code(self._function, symbol, kinds)
        if is_ours:
            keep(file, code)
        return load_code(symbol, code)


def _kind(argument: Any) -> str:
    """`i` for a whole number, `t3` for a tuple of three, `float32x5` for an array of five axes.

    There is no loop for an array that is not in one piece: its numbers would be read from wrong places.
    """
    if isinstance(argument, np.ndarray):
        return f"{argument.dtype.name}x{argument.ndim}" if argument.flags.c_contiguous else "strided"
    return f"t{len(argument)}" if isinstance(argument, tuple) else "i"


def _numbers(argument: Any) -> tuple[int, ...]:
    """What stands for it in the row."""
    if isinstance(argument, np.ndarray):
        return (argument.__array_interface__["data"][0], *argument.shape)
    return argument if isinstance(argument, tuple) else (argument,)
