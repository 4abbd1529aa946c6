"""The engine's only edge to numba and llvmlite: what writes instructions, with the types taken off.

Kernels are written as plain Python functions of integers; what they call is made by `generated`: functions that write
LLVM's instructions themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import binding as _binding
from llvmlite import ir as _ir
from numba import types as _types
from numba.core import cgutils as _cgutils
from numba.core.ccallback import CFunc as _CFunc
from numba.extending import intrinsic as _intrinsic

binding: Any = _binding
ir: Any = _ir
types: Any = _types
cgutils: Any = _cgutils
CFunc: Any = _CFunc


def intrinsic(function: Callable[..., Any]) -> Any:
    """For compiled Python: a function whose instructions are written by what `function` returns.

    Numbers that are known when the caller is compiled arrive as literals.
    """
    decorate: Any = _intrinsic(prefer_literal=True)
    return decorate(function)
