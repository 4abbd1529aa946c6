"""One number of a convolution: its windows, product by product; of a transposed one what lands on its place.

The windows, the filters and what the padding holds are those of `by_hand.sliding`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.sliding import (
    Filters,
    Numbers,
    biases,
    channel_filters,
    connected_filters,
    conv_filters,
    dwconv,
    taps,
    turned,
    window_starts,
)
from cnncalc.analysis.by_hand.volumes import Place, Step, places, sizes_of, source
from cnncalc.analysis.worked_cells.one_number import Seen, Window, Work, added, in_product, product_of, written

PADS = {
    "zeros": "zeros",
    "edge": "the number at the edge",
    "reflect": "the mirror image",
    "wrap": "the other end",
}
"""What the padding holds, in words."""


def conv_cell(step: Step, channel: int, place: Place) -> Work:
    """A filter over the channels of its group."""
    return _slid_cell("conv", step, conv_filters(step), channel, place)


def connected_cell(step: Step, channel: int, place: Place) -> Work:
    """A filter over the channels that the table gives it."""
    return _slid_cell("conv", step, connected_filters(step), channel, place)


def channel_cell(step: Step, channel: int, place: Place) -> Work:
    """One channel under its own kernel."""
    return _slid_cell("dwconv", step, channel_filters(step), channel, place)


def _slid_cell(word: str, step: Step, filters: Filters, channel: int, place: Place) -> Work:
    channels, kernels = filters[channel]
    return _summed(word, step, list(zip(channels, kernels, strict=True)), biased(step, len(filters))[channel], place)


def biased(step: Step, count: int) -> Sequence[Number | None]:
    """The biases; None where the layer has none."""
    return biases(step.weights, count) if step.weights.get("bias") else [None] * count


def local_cell(step: Step, channel: int, place: Place) -> Work:
    """A convolution whose weights are those of its place alone."""
    z, y, x = place
    offset = step.weights.get("bias")
    kernels = step.weights["weight"][z][y][x][channel]
    return _summed("local", step, list(enumerate(kernels)), offset[z][y][x][channel] if offset else None, place)


def _summed(word: str, step: Step, seen: list[tuple[int, Any]], bias: Number | None, place: Place) -> Work:
    """The sum over some channels of window times kernel, and the bias."""
    windows: list[Window] = []
    sums: list[str] = []
    totals: list[Number] = []
    for c, kernel in seen:
        own = list(windows_on(step.x, c, kernel, step.numbers, place))
        products = [
            (a.value, b)
            for window in own
            for row, weights in zip(window.seen, window.kernel or (), strict=True)
            for a, b in zip(row, weights, strict=True)
            if a.value is not None
        ]
        totals.append(sum(a * b for a, b in products))
        name = f"channel {c + 1}: " if len(seen) > 1 else ""
        sums.append(name + added([product_of(a, b) for a, b in products], totals[-1], what="products"))
        windows += own if len(seen) > 1 else [window._replace(name=window.name.partition(", ")[2]) for window in own]
    result = sum(totals, bias or 0)
    if len(seen) > 1 or bias is not None:
        terms = [*map(in_product, totals), *([f"{in_product(bias)} (bias)"] if bias is not None else [])]
        sums.append(added(terms, result))
    name = "kernel, flipped" if step.numbers.get("flip") else "kernel"
    pads = PADS[step.numbers.get("fill", "zeros")] if any(_pads(window) for window in windows) else ""
    return Work(word, tuple(sums), result, tuple(windows), name, pads)


def _pads(window: Window) -> bool:
    return any(one.is_pad for row in window.seen for one in row)


def windows_on(x: Volume, channel: int, kernel: Any, numbers: Numbers, place: Place) -> Iterator[Window]:
    """What one output sees of a channel, slice by slice of a kernel with depth."""
    grid = window_starts(numbers, sizes_of(x))
    start = [grid[axis][place[axis]] - numbers["before"][axis] for axis in range(3)]
    offsets = dict(taps(numbers))
    depth, height, width = numbers["kernel"]
    fill = numbers.get("fill", "zeros")
    for z in range(depth):
        seen = [
            [_seen(x[channel], start, offsets[z, y, column], fill) for column in range(width)] for y in range(height)
        ]
        name = f"channel {channel + 1}" + (f", slice {z + 1}" if depth > 1 else "")
        rows = [start[1] + offsets[z, y, 0][1] for y in range(height)]
        columns = [start[2] + offsets[z, 0, column][2] for column in range(width)]
        own = None if kernel is None else kernel[z]
        yield Window(name, seen, own, channel, start[0] + offsets[z, 0, 0][0], rows, columns)


def _seen(plane: Any, start: Sequence[int], offset: Place, fill: str) -> Seen:
    sizes = (len(plane), len(plane[0]), len(plane[0][0]))
    at = [s + o for s, o in zip(start, offset, strict=True)]
    is_pad = not all(0 <= i < n for i, n in zip(at, sizes, strict=True))
    z, y, x = (source(i, n, fill) for i, n in zip(at, sizes, strict=True))
    return Seen(0 if z is None or y is None or x is None else plane[z][y][x], is_pad)


def sepconv_cell(step: Step, channel: int, place: Place) -> Work:
    """A window of every channel by itself, then all of them mixed at their place."""
    inner = step._replace(weights={"weight": step.weights["depthwise_weight"]})
    middle = [channel_cell(inner, m, place) for m in range(len(dwconv(inner)))]
    mixing = step.weights["pointwise_weight"][channel]
    bias = biased(step, len(step.weights["pointwise_weight"]))[channel]
    sums = [f"depthwise, channel {m + 1}: {one.sums[-1]}" for m, one in enumerate(middle)]
    result = sum((w * one.result for w, one in zip(mixing, middle, strict=True)), bias or 0)
    terms = [product_of(one.result, w) for w, one in zip(mixing, middle, strict=True)]
    terms += [f"{in_product(bias)} (bias)"] if bias is not None else []
    windows = [window._replace(name=f"channel {m + 1}") for m, one in enumerate(middle) for window in one.windows]
    pads = next((one.pads for one in middle if one.pads), "")
    return Work("sepconv", (*sums, f"pointwise: {added(terms, result)}"), result, tuple(windows), pads=pads)


def upconv_cell(step: Step, channel: int, place: Place) -> Work:
    """Every number that arrives lays its multiple of the kernel on the result: what lands on one place is added."""
    x, kernels = step.x, step.weights["weight"]
    group_filters = len(kernels[0])
    group, m = divmod(channel, group_filters)
    each = len(x) // step.numbers["groups"]
    bias = biased(step, group_filters * step.numbers["groups"])[channel]
    sums: list[str] = []
    products: list[Number] = []
    drawn: list[Window] = []
    for c in range(group * each, (group + 1) * each):
        kernel = turned(kernels[c][m]) if step.numbers["flip"] else kernels[c][m]
        landing = list(_landing(x[c], kernel, step.numbers, place))
        drawn += _landing_windows(c, landing)
        for at, tap, value, weight in landing:
            products.append(value * weight)
            where = f"channel {c + 1}, " if len(x) > 1 else ""
            sums.append(
                f"{where}{_spot(at)} is {written(value)}, laid with {_spot(tap)} of the kernel: "
                f"{product_of(value, weight)} = {written(products[-1])}"
            )
    result = sum(products, bias or 0)
    terms = [*map(in_product, products), *([f"{in_product(bias)} (bias)"] if bias is not None else [])]
    return Work("upconv", (*_few(sums), added(terms, result)), result, drawn=tuple(drawn))


def _landing_windows(channel: int, landing: list[tuple[Place, Place, Number, Number]]) -> Iterator[Window]:
    """The numbers whose stamps reach the place, slice by slice, each with the weight that it lands with."""
    for z in sorted({at[0] for at, _, _, _ in landing}):
        own = [one for one in landing if one[0][0] == z]
        rows, columns = (sorted({at[axis] for at, _, _, _ in own}) for axis in (1, 2))
        seen = {(at[1], at[2]): (Seen(value), weight) for at, _, value, weight in own}
        yield Window(
            f"channel {channel + 1}",
            [[seen[y, x][0] for x in columns] for y in rows],
            [[seen[y, x][1] for x in columns] for y in rows],
            channel,
            z,
            rows,
            columns,
        )


MOST_LANDING = 16


def _few(sums: list[str]) -> list[str]:
    return sums if len(sums) <= MOST_LANDING else [*sums[: MOST_LANDING - 2], "...", sums[-1]]


def _landing(plane: Any, kernel: Any, numbers: Numbers, place: Place) -> Iterator[tuple[Place, Place, Number, Number]]:
    """The places of a channel whose stamp reaches one place, the tap that lands there, and both numbers."""
    offsets = taps(numbers)
    for at in places((len(plane), len(plane[0]), len(plane[0][0]))):
        for tap, offset in offsets:
            reached = tuple(
                p * s + o - b for p, s, o, b in zip(at, numbers["stride"], offset, numbers["before"], strict=True)
            )
            if reached == place:
                yield at, tap, plane[at[0]][at[1]][at[2]], kernel[tap[0]][tap[1]][tap[2]]


def _spot(at: Place) -> str:
    depth = f"slice {at[0] + 1}, " if at[0] else ""
    return f"{depth}row {at[1] + 1}, column {at[2] + 1}"
