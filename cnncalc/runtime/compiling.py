"""Hearing that kernels are being compiled, for whoever shows progress: only the runtime goes to the kernels."""

from __future__ import annotations

from cnncalc.kernels.jit import on_compile

__all__ = ["on_compile"]
