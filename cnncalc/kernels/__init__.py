"""The kernels: what computes a layer, by name.  An island: numpy and numba, and no import of the rest of the package.

A kernel gets arrays and resolved numbers (`cnncalc.kernels.contract`), slides its windows over what it was given and
returns what came out; it knows no formula for sizes.  Kernels never validate and never raise: what could go wrong was
refused when planning.  A NaN passes through every kernel to all that depends on it and to nothing else.

Every module here that is not a package is imported, so that a kernel needs no other entry than its `@kernel("name")`.
`compile_cache_dir` tells where compiled kernels are kept; `on_compile` announces a compilation; `at_most_threads`
limits the compiled loops to so many threads (BLAS has its own setting).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from cnncalc.kernels.code_cache import compile_cache_dir
from cnncalc.kernels.compilation import on_compile
from cnncalc.kernels.contract import KERNELS, Kernel
from cnncalc.kernels.threads import at_most_threads, thread_count

__all__ = ["KERNELS", "Kernel", "at_most_threads", "compile_cache_dir", "on_compile", "thread_count"]

for _module in iter_modules(__path__):
    if not _module.ispkg:
        import_module(f"{__name__}.{_module.name}")
