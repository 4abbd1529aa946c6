"""What whoever runs a net wants to hear of compiling: that it goes on, and why it will go on every time.

It is handed on from the kernels, to which only the runtime goes.
"""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic
from cnncalc.kernels.code_cache import REFUSALS, Refusal
from cnncalc.kernels.compilation import on_compile

__all__ = ["cache_warnings", "on_compile"]


def cache_warnings() -> tuple[Diagnostic, ...]:
    """What of the kernel cache was not used, and why; each is given once in a process."""
    return tuple(map(_warning, REFUSALS.taken()))


def _warning(refusal: Refusal) -> Diagnostic:
    place, reason = refusal.place, refusal.reason
    why = f"it{reason.removeprefix(str(place))}" if reason.startswith(f"{place} ") else reason
    if refusal.is_file:
        message, notes, way_out = f"the compiled kernel {place} is not used: {why}", ("it is compiled again",), ""
    else:
        message = f"the kernel cache in {place} is not used: {why}"
        notes = ("kernels are compiled for this run only, which takes longer",)
        way_out = "set NUMBA_CACHE_DIR to a folder that only you can write to"
    return Diagnostic("cache-not-used", message, notes=notes, help=way_out, severity="warning")
