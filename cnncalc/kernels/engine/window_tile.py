"""Windows that see one channel at a time: what depthwise convolutions and pools have in common.

A tile is some neighbouring outputs, whose windows share what they load.  An average is the sum times a factor of each
place (windows at the rim count fewer taps).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import field, int_field, real_field
from cnncalc.kernels.engine.llvm import cgutils, intrinsic, types
from cnncalc.kernels.engine.simd import ACTIVATIONS, BLOCK, Simd, outlined

DEPTHWISE, LARGEST, AVERAGE = range(3)
"""What a window does with what it sees."""


class WindowTile:
    """Emits one tile of `columns` outputs; `step` and `tap` are distances of neighbouring windows and taps."""

    def __init__(self, columns: int, taps: int, step: int, tap: int, lanes: int, mode: int, activation: int) -> None:
        self.columns, self.taps, self.step, self.tap = columns, taps, step, tap
        self.lanes, self.mode, self.activation = lanes, mode, ACTIVATIONS[activation]
        self.name = f"window_tile_{columns}_{taps}_{step}_{tap}_{lanes}_{mode}_{activation}"

    def emit(
        self, builder: Any, row: Any, source: Any, weights: Any, target: Any, bias: Any, place_factors: Any
    ) -> None:
        """All lanes of a block, vector by vector: what is by channel moves on, the factors of places stay."""
        for lane in range(0, BLOCK, self.lanes):
            e = Simd(builder, self.lanes)
            by_channel = [e.at(e.pointer(address), lane) for address in (source, weights, target, bias)]
            self._emit_vector(e, row, by_channel, e.pointer(place_factors))

    def _emit_vector(self, e: Simd, row: Any, by_channel: list[Any], place_factors: Any) -> None:
        source, weights, target, bias = by_channel
        start = {DEPTHWISE: lambda: e.load(bias), LARGEST: lambda: e.load(source), AVERAGE: lambda: e.constant(0.0)}
        first = [start[self.mode]() if self.mode != LARGEST else None for _ in range(self.columns)]
        if self.mode == LARGEST:
            first = [e.load(e.at(source, x * self.step)) for x in range(self.columns)]
        sums = [e.variable(value) for value in first]
        with cgutils.for_range(e.builder, field(e.builder, row, "KERNEL_Y")) as ky:
            line = e.at(source, e.builder.mul(ky.index, field(e.builder, row, "TAP_ROW")))
            self._meet_row(e, line, e.at(weights, e.times(ky.index, self.taps * BLOCK)), sums)
        low, high = (e.splat(real_field(e.builder, row, name)) for name in ("LOW", "HIGH"))
        pixel = field(e.builder, row, "OUT_PIXEL")
        for x, variable in enumerate(sums):
            value = e.builder.load(variable)
            if self.mode == DEPTHWISE:
                value = e.activated(self.activation, value, low, high)
            elif self.mode == AVERAGE:
                value = e.multiply(value, e.splat(e.builder.load(e.at(place_factors, x))))
            e.store(value, e.at(target, e.times(pixel, x)))

    def _meet_row(self, e: Simd, line: Any, weights: Any, sums: Any) -> None:
        """One row of the kernel: each input is loaded once, though several windows see it."""
        seen: dict[int, Any] = {}
        for k in range(self.taps):
            weight = e.load(e.at(weights, k * BLOCK)) if self.mode == DEPTHWISE else None
            for x, variable in enumerate(sums):
                place = x * self.step + k * self.tap
                if place not in seen:
                    seen[place] = e.load(e.at(line, place))
                so_far = e.builder.load(variable)
                if self.mode == DEPTHWISE:
                    met = e.fma(seen[place], weight, so_far)
                elif self.mode == LARGEST:
                    met = e.largest_or_nan(so_far, seen[place])
                else:
                    met = e.add(so_far, seen[place])
                e.builder.store(met, variable)


@intrinsic
def window_tile(
    context: Any,
    columns: Any,
    taps: Any,
    step: Any,
    tap: Any,
    lanes: Any,
    mode: Any,
    activation: Any,
    row: Any,
    source: Any,
    weights: Any,
    target: Any,
    bias: Any,
    place_factors: Any,
) -> Any:
    """Compute one tile; the first seven numbers are known when it is compiled."""
    shape = (columns, taps, step, tap, lanes, mode, activation)
    tile = WindowTile(*(literal.literal_value for literal in shape))

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(tile.name, tile.emit, builder, arguments[len(shape) :])
        return target_context.get_dummy_value()

    return types.void(*shape, *[types.intp] * 6), emit


def slide_windows(
    columns: int, taps: int, step: int, tap: int, lanes: int, mode: int, activation: int
) -> Callable[[int, int, int, int], None]:
    """The kernel of all windows of that shape; one unit is SEGMENT rows of outputs of a channel block."""

    def slide_windows(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = int_field(row, "HEIGHT"), int_field(row, "WIDTH"), int_field(row, "BLOCKS")
        segment = int_field(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            block = unit % blocks
            start = int_field(row, "INPUT") + 4 * (
                image * int_field(row, "IN_IMAGE") + block * int_field(row, "IN_BLOCK")
            )
            into = int_field(row, "OUTPUT") + 4 * (
                image * int_field(row, "OUT_IMAGE") + block * int_field(row, "OUT_BLOCK")
            )
            weights = int_field(row, "WEIGHTS") + 4 * block * int_field(row, "WEIGHT_BLOCK")
            bias = int_field(row, "BIAS") + 64 * block
            for y in range(part * segment, min((part + 1) * segment, height)):
                source, target = start + 4 * y * int_field(row, "STRIDE_ROW"), into + 4 * y * int_field(row, "OUT_ROW")
                x = 0
                while True:
                    window_tile(
                        columns,
                        taps,
                        step,
                        tap,
                        lanes,
                        mode,
                        activation,
                        row,
                        source + 4 * x * step,
                        weights,
                        target + 4 * x * int_field(row, "OUT_PIXEL"),
                        bias,
                        int_field(row, "PLACE_FACTORS") + 4 * (y * width + x),
                    )
                    if x + columns >= width:
                        break
                    x = min(x + columns, width - columns)

    return slide_windows
