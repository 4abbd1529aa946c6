"""Compiles engine kernels on demand, and keeps what comes out: machine code, one file for each variant.

Only the variants that a net needs are compiled, each once a machine.  A kernel becomes a C function of integers, so
that one small loop can run any program of kernels by address.  Numba compiles it; its machine code is kept beside the
readable kernels' in the folder that stands for this state of all sources, and later processes load it by llvmlite
alone: numba would spend 0.2 s on getting its own library ready before it reads a cache.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any

from cnncalc.kernels.code_cache import keep, kept
from cnncalc.kernels.engine.llvm import CFunc, binding, types
from cnncalc.kernels.jit import OPTIONS, announce, disabled

Maker = Callable[..., Callable[..., Any]]

_missing: ContextVar[list[tuple[Maker, tuple[int, ...]]] | None] = ContextVar("missing", default=None)


def available() -> bool:
    """Whether anything can be compiled in this process."""
    return not disabled()


def kernel_address(make: Maker, *numbers: int, arguments: int = 4, returns: bool = False) -> int:
    """The address of the function that `make(*numbers)` describes, of so many integers; it may return one."""
    missing = _missing.get()
    if missing is None:
        return _address(make, *numbers, arguments=arguments, returns=returns)
    if (make, numbers) not in missing and kept(_file_name(make, numbers)) is None:
        missing.append((make, numbers))
    return 0


@contextlib.contextmanager
def only_listed() -> Iterator[list[tuple[Maker, tuple[int, ...]]]]:
    """Inside, nothing is compiled: `address` gives 0, and the list gets the functions that are not kept yet."""
    missing: list[tuple[Maker, tuple[int, ...]]] = []
    before = _missing.set(missing)
    try:
        yield missing
    finally:
        _missing.reset(before)


def _file_name(make: Maker, numbers: tuple[int, ...]) -> str:
    return "-".join(["engine", make.__module__.rpartition(".")[2], make.__name__, *map(str, numbers)]) + ".o"


@cache
def _address(make: Maker, *numbers: int, arguments: int, returns: bool) -> int:
    name = _file_name(make, numbers)
    content = kept(name)
    if content is None:
        announce(make.__name__)
        symbol, code = _compiled(make(*numbers), arguments, returns=returns)
        keep(name, symbol.encode() + b"\n" + code)
    else:
        before, code = content.split(b"\n", 1)
        symbol = before.decode()
    return _loaded(symbol, code)


def callable_at(place: int, arguments: int) -> Callable[..., int]:
    """The function at an address for plain Python; other threads run meanwhile."""
    function: Callable[..., int] = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * arguments)(place)
    return function


def _compiled(function: Callable[..., Any], arguments: int, *, returns: bool) -> tuple[str, bytes]:
    """(symbol, machine code)."""
    signature = (types.intp,) * arguments, types.intp if returns else types.void
    compiled = CFunc(function, signature, {}, dict(OPTIONS))
    compiled.compile()
    code: bytes = compiled._library.serialize_using_object_code()[2][0]
    return compiled.native_name, code


def _loaded(symbol: str, code: bytes) -> int:
    engine = _engine()
    engine.add_object_file(binding.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    place: int = engine.get_function_address(symbol)
    return place


@cache
def _engine() -> Any:
    """LLVM's loader of machine code; it stays for the rest of the process, with all that it loads."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(jit=True)
    return binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
