"""Compiles engine kernels on demand: only the variants that a net needs, each once a machine.

A kernel becomes a C function of four integers, so that one small loop can run any program of kernels by address.  It
is kept in the same cache as the readable kernels' loops; numba looks at the numbers a kernel was made with by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from cnncalc.kernels.engine.code import CFunc, types
from cnncalc.kernels.jit import OPTIONS, compile_cache_dir, disabled, function_cache

SIGNATURE = (types.intp,) * 4, types.void

Maker = Callable[..., Callable[[int, int, int, int], None]]


def available() -> bool:
    """Whether anything can be compiled in this process."""
    return not disabled()


@cache
def address(make: Maker, *numbers: int) -> int:
    """The address of the kernel that `make(*numbers)` describes, compiled or from the cache."""
    function = make(*numbers)
    compiled: Any = CFunc(function, SIGNATURE, {}, {**OPTIONS, "boundscheck": False})
    folder = compile_cache_dir()
    if folder is not None:
        compiled._cache = function_cache(folder, function)
    compiled.compile()
    found: int = compiled.address
    return found
