"""Numba for all kernels: its options, and how its compiled functions are kept.

The engine's kernels need none of it: LLVM compiles them (`cnncalc.kernels.engine.machine_code`).

The options, each with its reason:

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

import contextlib
import hashlib
import pickle
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numba
from numba.core import compiler, config, serialize

from cnncalc.kernels.code_cache import compile_cache_dir, keep, kept

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}

_settings: Any = config  # its attributes are made while it runs
_rebuilt: Any = compiler.CompileResult._rebuild
_dumps: Any = serialize.dumps

_listeners: list[Callable[[str], None]] = []


def jit(function: Function) -> Function:
    """The function, compiled by numba when it is first called with new types; one of these kernels is kept on disk."""
    compiled: Any = numba.njit(**OPTIONS)(function)
    if not disabled() and function.__module__.startswith(f"{__package__}."):
        compiled._cache = _KernelCache(function)
    result: Function = compiled
    return result


def disabled() -> bool:
    """Whether compiling is switched off in this process."""
    return bool(_settings.DISABLE_JIT)


@contextlib.contextmanager
def on_compile(listener: Callable[[str], None]) -> Iterator[None]:
    """Inside this context `listener(name)` is called just before a function is compiled, not when the cache has it.

    It is what a line like "compiling kernels (once)" hangs on.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def announce(name: str) -> None:
    """Tell the listeners that a function is about to be compiled."""
    for listener in _listeners:
        listener(name)


class _KernelCache:
    """What numba asks for a function's compiled forms, one for the types of its arguments."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    @property
    def cache_path(self) -> str:
        """The folder, as numba's statistics show it."""
        return str(compile_cache_dir() or "")

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The form for these types, ready to run; None where it must be compiled."""
        context.refresh()
        found = None
        content = kept(self._name(signature, context.codegen()))
        if content is not None:
            with contextlib.suppress(Exception):  # numba may meet something in it that this machine has not
                found = _rebuilt(context, *pickle.loads(content))
        if found is None:
            announce(self._function.__name__)
        return found

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep a form for later processes."""
        if compiled.library.has_dynamic_globals:  # addresses of this process stand in it
            return
        with contextlib.suppress(Exception):  # what cannot be kept is compiled anew
            keep(self._name(signature, compiled.codegen), _dumps(compiled._reduce()))

    def _name(self, signature: Any, codegen: Any) -> str:
        """One for each function, types and machine; the folder knows the sources."""
        key = f"{self._function.__module__} {self._function.__qualname__} {signature!r} {codegen.magic_tuple()!r}"
        return f"{self._function.__name__}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.nbc"
