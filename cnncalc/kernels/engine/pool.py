"""Maximum, average and sum pools: what a window sees of one channel becomes one number."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.kernels.engine.window_tile import slide_windows


def pool(columns: int, taps: int, step: int, tap: int, lanes: int, mode: int) -> Callable[[int, int, int, int], None]:
    """The kernel for tiles of `columns` outputs and windows of `taps` columns; `step` and `tap` are distances.

    `mode` is LARGEST or AVERAGE; for an average, PLACE_FACTORS holds a factor for each output place.
    """
    return slide_windows(columns, taps, step, tap, lanes, mode, 0)
