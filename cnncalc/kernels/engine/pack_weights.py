"""Weights as the tiles read them: filters in blocks side by side, for each input block, tap and channel.

Packing in numpy took seconds for VGG-16.  The factor of each filter (a batch norm's, folded in) is applied here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.fields import F64, I64, int_field, load_float, store_float
from cnncalc.kernels.engine.llvm import intrinsic, ir, types
from cnncalc.kernels.engine.winograd import FAR, NEAR

WIDE = 5
"""Taps of the larger window, on each axis."""


def _line(y: int) -> tuple[float, float, float]:
    """Row y of Winograd's G: the powers 0 to 2 of a point over the product of its distances from the others."""
    if y == 0:
        return 1 / (NEAR**2 * FAR**2), 0.0, 0.0
    if y == 5:
        return 0.0, 0.0, 1.0
    point, other = (NEAR, FAR) if y < 3 else (FAR, NEAR)
    distances = 2 * point**2 * (point**2 - other**2)
    sign = 1.0 if y % 2 == 1 else -1.0
    return 1 / distances, sign * point / distances, point**2 / distances


@intrinsic
def wide_factor(context: Any, y: Any, power: Any) -> Any:
    """A number of row y of the G for five taps: the powers 0 to 4."""
    kind, values = ir.ArrayType(F64, 6 * WIDE), [number for row in range(6) for number in _wide_line(row)]

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = builder.module.globals.get("wide_factors")
        if table is None:
            table = ir.GlobalVariable(builder.module, kind, "wide_factors")
            table.initializer, table.global_constant, table.linkage = ir.Constant(kind, values), True, "internal"
        place = builder.add(builder.mul(arguments[0], I64(WIDE)), arguments[1])
        return builder.load(builder.gep(table, [I64(0), place]))

    return types.float64(types.intp, types.intp), emit


def _wide_line(y: int) -> tuple[float, ...]:
    """The same for five taps: the powers 0 to 4, and the last alone for infinity."""
    if y == 5:
        return (0.0,) * (WIDE - 1) + (1.0,)
    first, second, _ = _line(y)
    point = second / first
    return tuple(first * point**power for power in range(WIDE))


@intrinsic
def transform_factor(context: Any, y: Any, power: Any) -> Any:
    """A number of row y of G."""
    kind = ir.ArrayType(F64, 6)
    name, values = f"transform_factors_{power.literal_value}", [_line(row)[power.literal_value] for row in range(6)]

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = builder.module.globals.get(name)
        if table is None:
            table = ir.GlobalVariable(builder.module, kind, name)
            table.initializer, table.global_constant, table.linkage = ir.Constant(kind, values), True, "internal"
        return builder.load(builder.gep(table, [I64(0), arguments[0]]))

    return types.float64(types.intp, power), emit


def pack_filters() -> Callable[[int, int, int, int], None]:
    """weight[filter, channel, ky, kx] -> [filter block][input block][ky][kx][channel][filter].

    One unit is a filter block (WIDTH filters) and an input block (INNER channels).  What does not exist is zero.
    SIZE is how many filters there are, CHANNELS how many channels one of them sees; BIAS holds their factors.
    """

    def pack_filters(row: int, first: int, last: int, thread: int) -> None:
        filters, seen, width = int_field(row, "SIZE"), int_field(row, "CHANNELS"), int_field(row, "WIDTH")
        taps, inner = int_field(row, "KERNEL_Y") * int_field(row, "KERNEL_X"), int_field(row, "INNER")
        blocks = int_field(row, "BLOCKS")
        for unit in range(first, last):
            filter_block = unit // blocks
            block = unit - filter_block * blocks
            depth = int_field(row, "LAST") if block == blocks - 1 else inner
            target = filter_block * int_field(row, "WEIGHT_BLOCK") + block * taps * inner * width
            target = int_field(row, "OUTPUT") + 4 * target
            for k in range(width):
                filter_ = filter_block * width + k
                if filter_ >= filters:
                    continue
                factor = load_float(int_field(row, "BIAS") + 4 * filter_)
                source = int_field(row, "INPUT") + 4 * (filter_ * seen + block * inner) * taps
                for c in range(min(inner, seen - block * inner)):
                    for tap in range(taps):
                        value = load_float(source + 4 * (c * taps + tap)) * factor
                        store_float(target + 4 * ((tap * depth + c) * width + k), value)

    return pack_filters


def pack_frequencies() -> Callable[[int, int, int, int], None]:
    """weight[filter, channel, 3, 3] -> [frequency][filter block][channel][filter], by Winograd's G in float64.

    One unit is a channel of a filter block.
    """

    def pack_frequencies(row: int, first: int, last: int, thread: int) -> None:
        filters, seen, width = int_field(row, "SIZE"), int_field(row, "CHANNELS"), int_field(row, "WIDTH")
        deep = int_field(row, "BLOCKS") * 16
        for unit in range(first, last):
            filter_block = unit // seen
            c = unit - filter_block * seen
            for k in range(min(width, filters - filter_block * width)):
                filter_ = filter_block * width + k
                factor = load_float(int_field(row, "BIAS") + 4 * filter_)
                source = int_field(row, "INPUT") + 36 * (filter_ * seen + c)
                target = int_field(row, "OUTPUT") + 4 * ((filter_block * deep + c) * width + k)
                for y in range(6):
                    a, b, d = transform_factor(y, 0), transform_factor(y, 1), transform_factor(y, 2)
                    w0 = a * load_float(source) + b * load_float(source + 12) + d * load_float(source + 24)
                    w1 = a * load_float(source + 4) + b * load_float(source + 16) + d * load_float(source + 28)
                    w2 = a * load_float(source + 8) + b * load_float(source + 20) + d * load_float(source + 32)
                    for x in range(6):
                        a2, b2, d2 = transform_factor(x, 0), transform_factor(x, 1), transform_factor(x, 2)
                        value = (a2 * w0 + b2 * w1 + d2 * w2) * factor
                        store_float(target + 4 * (6 * y + x) * int_field(row, "WEIGHT_FREQUENCY"), value)

    return pack_frequencies


def pack_wide_frequencies() -> Callable[[int, int, int, int], None]:
    """The same for weight[filter, channel, 5, 5]."""

    def pack_wide_frequencies(row: int, first: int, last: int, thread: int) -> None:
        filters, seen, width = int_field(row, "SIZE"), int_field(row, "CHANNELS"), int_field(row, "WIDTH")
        deep = int_field(row, "BLOCKS") * 16
        for unit in range(first, last):
            filter_block = unit // seen
            c = unit - filter_block * seen
            for k in range(min(width, filters - filter_block * width)):
                filter_ = filter_block * width + k
                factor = load_float(int_field(row, "BIAS") + 4 * filter_)
                source = int_field(row, "INPUT") + 100 * (filter_ * seen + c)
                target = int_field(row, "OUTPUT") + 4 * ((filter_block * deep + c) * width + k)
                for y in range(6):
                    for x in range(6):
                        total = 0.0
                        for i in range(5):
                            line = 0.0
                            for j in range(5):
                                line += wide_factor(x, j) * load_float(source + 4 * (5 * i + j))
                            total += wide_factor(y, i) * line
                        store_float(target + 4 * (6 * y + x) * int_field(row, "WEIGHT_FREQUENCY"), total * factor)

    return pack_wide_frequencies
