"""The cycle counter of the CPU: it tells when a step was done for a hundredth of what asking the system costs.

Only x86 lets every program read it (on AArch64 reading it ends the program), and there it ticks evenly, alike on all
cores, whatever the clock of a core does.  Elsewhere there is no counter, and steps are timed from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from statistics import median
from time import perf_counter, sleep
from typing import Any

from cnncalc.kernels.engine.fields import I64
from cnncalc.kernels.engine.llvm import binding, cgutils, intrinsic, ir, types
from cnncalc.kernels.engine.machine_code import callable_at, kernel_address

TRIALS, SECONDS = 5, 0.004
"""The counter is held against the system's clock so often, so long each time: right to about one part in 1,000."""


@intrinsic
def cycles(context: Any) -> Any:
    """The counter now; 0 where there is none."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if "x86" not in builder.module.triple:
            return I64(0)
        kind = ir.FunctionType(I64, [])
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.readcyclecounter"), [])

    return types.intp(), emit


def cycles_now() -> Callable[[], int]:
    """A function that returns the counter."""

    def cycles_now() -> int:
        return cycles()  # type: ignore[no-any-return]

    return cycles_now


def has_counter() -> bool:
    """Whether this machine's counter may be read."""
    return "x86" in binding.get_process_triple()


@cache
def _counter() -> Callable[[], int]:
    return callable_at(kernel_address(cycles_now, arguments=0, returns=True), 0)


def cycles_here() -> int:
    """The counter now, for plain Python; 0 where there is none."""
    return _counter()()


@cache
def cycle_rate() -> float:
    """How many cycles the counter counts in a second."""

    def rate() -> float:
        began, start = cycles_here(), perf_counter()
        sleep(SECONDS)
        return (cycles_here() - began) / (perf_counter() - start)

    cycles_here()
    return median(rate() for _ in range(TRIALS))
