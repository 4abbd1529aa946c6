"""Numbers moved from one layout to another, and channels to other places among them.

`moved` goes number by number; it is used at the ends of a net and around layers that only the readable kernels know.
A map's first number, and the distances of its images, blocks, channels in a block, rows and pixels describe any layout:
planes, blocks, flat vectors.  `spliced` moves channels of blocked maps, a vector at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.kernels.engine.code import cgutils, generated, types
from cnncalc.kernels.engine.fields import field, number, put, taken
from cnncalc.kernels.engine.vectors import BLOCK, Emitter, outlined
from cnncalc.kernels.jit import jit


def moved() -> Callable[[int, int, int, int], None]:
    """The kernel; one unit is a row of sixteen channels.  Channels after CHANNELS, up to CHANNELS_PADDED, get zeros.

    Where a map becomes one vector of SIZE numbers, TAIL zeros follow them, to the end of their block.
    """

    def moved(row: int, first: int, last: int, thread: int) -> None:
        height, width = number(row, "HEIGHT"), number(row, "WIDTH")
        groups = (number(row, "CHANNELS_PADDED") + 15) // 16
        in_pixel, out_pixel = 4 * number(row, "IN_PIXEL"), 4 * number(row, "OUT_PIXEL")
        for unit in range(first, last):
            image = unit // (groups * height)
            y = unit // groups - image * height
            group = unit % groups
            for c in range(16 * group, min(16 * group + 16, number(row, "CHANNELS_PADDED"))):
                target = image * number(row, "OUT_IMAGE") + c // 16 * number(row, "OUT_BLOCK")
                target += c % 16 * number(row, "OUT_LANE") + y * number(row, "OUT_ROW")
                target = number(row, "OUTPUT") + 4 * target
                if c >= number(row, "CHANNELS"):
                    for x in range(width):
                        put(target + x * out_pixel, 0.0)
                    continue
                source = image * number(row, "IN_IMAGE") + c // 16 * number(row, "IN_BLOCK")
                source += c % 16 * number(row, "IN_LANE") + y * number(row, "IN_ROW")
                source = number(row, "INPUT") + 4 * source
                for x in range(width):
                    put(target + x * out_pixel, taken(source + x * in_pixel))
            if y == group == 0:
                end = number(row, "OUTPUT") + 4 * (image * number(row, "OUT_IMAGE") + number(row, "SIZE"))
                for place in range(number(row, "TAIL")):
                    put(end + 4 * place, 0.0)

    return moved


@generated
def spliced_row(
    context: Any,
    lanes: Any,
    row: Any,
    source: Any,
    further: Any,
    target: Any,
    start: Any,
    turn: Any,
    end: Any,
    first: Any,
    last: Any,
) -> Any:
    """A row of a block: lanes from start to end, before `turn` from `source`, then from `further`, zeros elsewhere.

    Lanes first .. last are written.
    """
    width = lanes.literal_value

    def emit_row(builder: Any, row: Any, *arguments: Any) -> None:
        e = Emitter(builder, width)
        bounds = arguments[3:]
        for lane in range(0, BLOCK, width):
            source, further, target = (e.at(e.pointer(address), lane) for address in arguments[:3])
            start, turn, end, first, last = bounds
            there, before = e.lanes_between(start, end, lane), e.lanes_between(start, turn, lane)
            near, far = builder.and_(there, before), builder.and_(there, e.lanes_between(turn, end, lane))
            written = e.lanes_between(first, last, lane)
            with cgutils.for_range(builder, field(builder, row, "WIDTH")) as x:
                distance = e.times(x.index, BLOCK)
                value = e.load_some(e.at(source, distance), near, e.constant(0.0))
                value = e.load_some(e.at(further, distance), far, value)
                e.store_some(value, e.at(target, distance), written)

    def emit(target_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        outlined(f"spliced_row_{width}", emit_row, builder, arguments[1:])
        return target_context.get_dummy_value()

    return types.void(lanes, *[types.intp] * 9), emit


def spliced(lanes: int) -> Callable[[int, int, int, int], None]:
    """Channels FIRST_CHANNEL .. CHANNELS_PADDED of a blocked map: channel d is c = d + SHIFT of another blocked map.

    Where c is below zero or not below CHANNELS it gets zeros.  One unit is SEGMENT rows of a block.
    """

    def spliced(row: int, first: int, last: int, thread: int) -> None:
        height, blocks, segment = number(row, "HEIGHT"), number(row, "BLOCKS"), number(row, "SEGMENT")
        segments = (height + segment - 1) // segment
        for unit in range(first, last):
            image = unit // (blocks * segments)
            part = unit // blocks - image * segments
            d = 16 * (number(row, "FIRST_CHANNEL") // 16 + unit % blocks)
            c = d + number(row, "SHIFT")
            block = c // 16
            turn, end = 16 * block + 16 - c, min(16, number(row, "CHANNELS") - c)
            source = image * number(row, "IN_IMAGE") + block * number(row, "IN_BLOCK") + c - 16 * block
            further = image * number(row, "IN_IMAGE") + (block + 1) * number(row, "IN_BLOCK") - turn
            target = image * number(row, "OUT_IMAGE") + d // 16 * number(row, "OUT_BLOCK")
            for y in range(part * segment, min((part + 1) * segment, height)):
                spliced_row(
                    lanes,
                    row,
                    number(row, "INPUT") + 4 * (source + y * number(row, "IN_ROW")),
                    number(row, "INPUT") + 4 * (further + y * number(row, "IN_ROW")),
                    number(row, "OUTPUT") + 4 * (target + y * number(row, "OUT_ROW")),
                    max(0, -c),
                    turn,
                    end,
                    number(row, "FIRST_CHANNEL") - d,
                    number(row, "CHANNELS_PADDED") - d,
                )

    return spliced


EDGE, REFLECT, WRAP = range(3)
"""What a border repeats: the last number, the numbers before it backwards, those of the other end."""


@jit
def _met(i: int, n: int, fill: int) -> int:
    """Which of n numbers stands at place i, that may lie before the first or after the last."""
    if fill == EDGE:
        return min(max(i, 0), n - 1)
    if fill == WRAP:
        return i % n
    back = i % max(1, 2 * n - 2)
    return back if back < n else 2 * n - 2 - back


def bordered(fill: int) -> Callable[[int, int, int, int], None]:
    """A blocked map with PADS_Y rows above and PADS_X columns before it, and more after it, all repeated from within.

    One unit is a row of a channel block.
    """

    def bordered(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = number(row, "HEIGHT"), number(row, "WIDTH"), number(row, "BLOCKS")
        tall, wide = number(row, "IN_HEIGHT"), number(row, "IN_WIDTH")
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            source = image * number(row, "IN_IMAGE") + block * number(row, "IN_BLOCK")
            source += _met(y - number(row, "PADS_Y"), tall, fill) * number(row, "IN_ROW")
            target = image * number(row, "OUT_IMAGE") + block * number(row, "OUT_BLOCK") + y * number(row, "OUT_ROW")
            for x in range(width):
                pixel = number(row, "INPUT") + 4 * (source + 16 * _met(x - number(row, "PADS_X"), wide, fill))
                for c in range(16):
                    put(number(row, "OUTPUT") + 4 * (target + 16 * x + c), taken(pixel + 4 * c))

    return bordered


SPACE_TO_DEPTH, DEPTH_TO_SPACE, SHUFFLE = range(3)
"""How `dealt` finds the channel and the place that a number comes from."""


def dealt(order: int) -> Callable[[int, int, int, int], None]:
    """Channels dealt out to places of KERNEL_Y x KERNEL_X, or the other way, or to each other (KERNEL_Y groups).

    Number by number between blocked maps; one unit is a row of a channel block.
    """

    def dealt(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = number(row, "HEIGHT"), number(row, "WIDTH"), number(row, "BLOCKS")
        down, across, channels = number(row, "KERNEL_Y"), number(row, "KERNEL_X"), number(row, "CHANNELS")
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            target = image * number(row, "OUT_IMAGE") + block * number(row, "OUT_BLOCK") + y * number(row, "OUT_ROW")
            target = number(row, "OUTPUT") + 4 * target
            for c in range(16 * block, 16 * block + 16):
                turns = across if order == DEPTH_TO_SPACE else 1
                for turn in range(turns):
                    if order == SPACE_TO_DEPTH:
                        channel, iy = c // (down * across), y * down + c // across % down
                        ix, step = c % across, across
                    elif order == DEPTH_TO_SPACE:
                        channel, iy, ix, step = (c * down + y % down) * across + turn, y // down, 0, 1
                    else:
                        channel, iy, ix, step = c % down * (channels // down) + c // down, y, 0, 1
                    source = channel // 16 * number(row, "IN_BLOCK") + iy * number(row, "IN_ROW") + 16 * ix
                    source = number(row, "INPUT") + 4 * (image * number(row, "IN_IMAGE") + source + channel % 16)
                    for x in range(turn, width, turns):
                        value = taken(source + 64 * step * (x // turns)) if c < channels else types.float32(0)
                        put(target + 4 * (16 * x + c - 16 * block), value)

    return dealt


def enlarged() -> Callable[[int, int, int, int], None]:
    """Each pixel of a blocked map KERNEL_Y x KERNEL_X times; one unit is a row of outputs of a channel block."""

    def enlarged(row: int, first: int, last: int, thread: int) -> None:
        height, width, blocks = number(row, "HEIGHT"), number(row, "WIDTH"), number(row, "BLOCKS")
        for unit in range(first, last):
            image = unit // (blocks * height)
            y = unit // blocks - image * height
            block = unit % blocks
            source = image * number(row, "IN_IMAGE") + block * number(row, "IN_BLOCK")
            source = number(row, "INPUT") + 4 * (source + y // number(row, "KERNEL_Y") * number(row, "IN_ROW"))
            target = image * number(row, "OUT_IMAGE") + block * number(row, "OUT_BLOCK") + y * number(row, "OUT_ROW")
            target = number(row, "OUTPUT") + 4 * target
            for x in range(width):
                pixel = source + 64 * (x // number(row, "KERNEL_X"))
                for c in range(16):
                    put(target + 64 * x + 4 * c, taken(pixel + 4 * c))

    return enlarged
