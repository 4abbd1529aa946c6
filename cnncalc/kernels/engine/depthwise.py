"""Depthwise convolutions: each channel by a filter of its own, with bias and activation."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.machine_code import unrolled
from cnncalc.kernels.engine.window_tile import DEPTHWISE, slide_windows


@unrolled
def depthwise(
    columns: int, taps: int, step: int, tap: int, lanes: int, activation: int
) -> Callable[[int, int, int, int], None]:
    """The kernel for tiles of `columns` outputs and kernels of `taps` columns; `step` and `tap` are distances."""
    return slide_windows(columns, taps, step, tap, lanes, DEPTHWISE, activation)
