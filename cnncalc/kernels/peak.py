"""The machine's own limit: how many fused multiply-adds its vector units finish when they wait for nothing.

A dozen sums in registers, no memory: enough to hide the latency of an FMA (4 cycles, two a cycle), few enough for the
16 registers of AVX2.  Vectors of 4, 8 and 16 floats are tried: the best is what this processor has.  The rate of a
benchmark is told as a share of this.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from threading import Thread
from time import perf_counter
from typing import Any

from cnncalc.kernels.compilation import disabled
from cnncalc.kernels.engine.fields import F32, store_float
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, ir, types
from cnncalc.kernels.engine.machine_code import callable_at, kernel_address

SUMS = 12
STARTS = tuple(float(number) for number in range(2, 2 + SUMS))
"""Where the sums begin: none at 1, which stays 1 for ever, so that the compiler would leave that sum out."""

WIDTHS = (4, 8, 16)
"""Floats in one vector."""

ROUNDS = 100_000
"""Of one burst: a fifth of a millisecond, so that some bursts fall between a neighbour's turns."""

SECONDS = 0.15
"""How long one width is tried."""


def peak_flops(threads: int) -> float | None:
    """FLOPs a second of so many threads at once, each in its best burst; None where nothing is compiled."""
    if disabled():
        return None
    return max(_rate(width, threads) for width in WIDTHS)


def _rate(width: int, threads: int) -> float:
    """The sum over threads that run side by side: a neighbour takes turns from each of them, but not all."""
    multiply_adds(1, width)
    rates = [0.0] * threads

    def burst(place: int) -> None:
        end = perf_counter() + SECONDS
        while (start := perf_counter()) < end:
            multiply_adds(ROUNDS, width)
            rates[place] = max(rates[place], 2.0 * width * SUMS * ROUNDS / (perf_counter() - start))

    workers = [Thread(target=burst, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(rates)


def multiply_adds(rounds: int, width: int) -> float:
    """So many rounds of one FMA into each sum, in vectors of so many floats; all sums together."""
    total = ctypes.c_float()
    _compiled_sums(width)(rounds, ctypes.addressof(total))
    return total.value


@cache
def _compiled_sums(width: int) -> Callable[..., int]:
    return callable_at(kernel_address(fma_sums, width, arguments=2), 2)


def fma_sums(width: int) -> Callable[[int, int], None]:
    """The kernel: rounds, and the address where the first lane of all sums together goes."""

    def fma_sums(rounds: int, place: int) -> None:
        store_float(place, _summed(rounds, width))

    return fma_sums


@intrinsic
def _summed(_typing: Any, rounds: Any, width: Any) -> Any:
    lanes = width.literal_value

    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(F32, lanes)
        fma = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(vector, [vector] * 3), f"llvm.fma.v{lanes}f32"
        )
        factor, more = (ir.Constant(vector, [number] * lanes) for number in (0.999, 0.001))
        starts = (ir.Constant(vector, [number] * lanes) for number in STARTS)
        sums = [cgutils.alloca_once_value(builder, start) for start in starts]
        with cgutils.for_range(builder, arguments[0]):
            for place in sums:
                builder.store(builder.call(fma, [builder.load(place), factor, more]), place)
        total = builder.load(sums[0])
        for place in sums[1:]:
            total = builder.fadd(total, builder.load(place))
        return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))

    return types.float32(types.intp, width), emit
