"""One number of a convolution: its windows, product by product; of a transposed one what lands on its place.

The windows, the filters and what the padding holds are those of `by_hand.sliding`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.sliding import (
    Filter,
    Numbers,
    channel_filter,
    connected_filter,
    conv_filter,
    taps,
    turned,
    window_starts,
)
from cnncalc.analysis.by_hand.volumes import Place, Step, sizes_of, source
from cnncalc.analysis.worked_cells.one_number import (
    CHANNELS_OF_MANY,
    MOST_CHANNELS,
    TERMS_OF_MANY,
    Seen,
    Window,
    Work,
    added,
    added_parts,
    in_product,
    others,
    product_of,
    product_term,
    rest_of,
    weightiest,
    written,
)
from cnncalc.analysis.worked_cells.rounding import of_products

PADS = {
    "zeros": "zeros",
    "edge": "the number at the edge",
    "reflect": "the mirror image",
    "wrap": "the other end",
}
"""What the padding holds, in words."""


def conv_cell(step: Step, channel: int, place: Place) -> Work:
    """A filter over the channels of its group."""
    return _summed("conv", step, conv_filter(step, channel), bias_of(step, channel), place)


def connected_cell(step: Step, channel: int, place: Place) -> Work:
    """A filter over the channels that the table gives it."""
    return _summed("conv", step, connected_filter(step, channel), bias_of(step, channel), place)


def channel_cell(step: Step, channel: int, place: Place) -> Work:
    """One channel under its own kernel."""
    return _summed("dwconv", step, channel_filter(step, channel), bias_of(step, channel), place)


def bias_of(step: Step, channel: int) -> Number | None:
    """The bias of a channel; None where the layer has none."""
    bias: Sequence[Number] | None = step.weights.get("bias")
    return bias[channel] if bias else None


def local_cell(step: Step, channel: int, place: Place) -> Work:
    """A convolution whose weights are those of its place alone."""
    z, y, x = place
    offset = step.weights.get("bias")
    kernels = step.weights["weight"][z][y][x][channel]
    own = range(len(kernels)), kernels
    return _summed("local", step, own, offset[z][y][x][channel] if offset else None, place)


def _summed(word: str, step: Step, own: Filter, bias: Number | None, place: Place) -> Work:
    """The sum over some channels of window times kernel, and the bias."""
    channels, kernels = own
    seen = [
        list(windows_on(step.x, c, kernel, step.numbers, place)) for c, kernel in zip(channels, kernels, strict=True)
    ]
    products = [[pair for window in windows for pair in pairs_of(window)] for windows in seen]
    totals: list[Number] = [sum(a * b for a, b in pairs) for pairs in products]
    several, chosen = len(seen) > 1, weightiest(totals, MOST_CHANNELS, CHANNELS_OF_MANY)
    sums = [
        f"{f'channel {channels[n] + 1:,}: ' if several else ''}"
        + added([product_term(a, b) for a, b in products[n]], totals[n], what="products")
        for n in chosen
    ]
    result = sum(totals, bias or 0)
    parts, rest = parts_of(totals, chosen)
    sums += [rest] if rest else []
    if several or bias is not None:
        sums.append(added_parts([*parts, *([(bias, "(bias)")] if bias is not None else [])], result))
    windows = [window for windows in seen for window in windows]
    if not several:
        windows = [window._replace(name=window.name.partition(", ")[2]) for window in windows]
    name = "kernel, flipped" if step.numbers.get("flip") else "kernel"
    pads = PADS[step.numbers.get("fill", "zeros")] if any(_pads(window) for window in windows) else ""
    heaviest = tuple(channels[n] for n in chosen) if len(chosen) < len(seen) else ()
    off = of_products([*(a * b for pairs in products for a, b in pairs), bias or 0])
    return Work(word, tuple(sums), result, tuple(windows), name, pads, heaviest=heaviest, rounding=off)


def pairs_of(window: Window) -> Iterator[tuple[Number, Number]]:
    """The numbers under a window, each with its weight."""
    for row, weights in zip(window.seen, window.kernel or (), strict=True):
        for one, weight in zip(row, weights, strict=True):
            if one.value is not None:
                yield one.value, weight


def parts_of(totals: Sequence[Number], chosen: Sequence[int]) -> tuple[list[tuple[Number, str]], str]:
    """The totals of the chosen channels and what the others add, as parts of a sum; and a line that says the latter."""
    parts = [(totals[n], "") for n in chosen]
    if len(chosen) == len(totals):
        return parts, ""
    rest = rest_of(totals, chosen)
    left = f"the other {len(totals) - len(chosen):,} channels"
    return [*parts, (rest, f"({left})")], f"{left} together: {written(rest)}"


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
        at = start[0] + offsets[z, 0, 0][0]
        name = f"channel {channel + 1}" + (f", {_slice_name(at, len(x[channel]))}" if depth > 1 else "")
        rows = [start[1] + offsets[z, y, 0][1] for y in range(height)]
        columns = [start[2] + offsets[z, 0, column][2] for column in range(width)]
        own = None if kernel is None else kernel[z]
        yield Window(name, seen, own, channel, at, rows, columns)


def _slice_name(at: int, depth: int) -> str:
    """A slice of the map that is seen, counted from 1; those of the padding have no number."""
    return f"slice {at + 1}" if 0 <= at < depth else f"padding {'before' if at < 0 else 'after'} the slices"


def _seen(plane: Any, start: Sequence[int], offset: Place, fill: str) -> Seen:
    sizes = (len(plane), len(plane[0]), len(plane[0][0]))
    at = [s + o for s, o in zip(start, offset, strict=True)]
    is_pad = not all(0 <= i < n for i, n in zip(at, sizes, strict=True))
    z, y, x = (source(i, n, fill) for i, n in zip(at, sizes, strict=True))
    return Seen(0 if z is None or y is None or x is None else plane[z][y][x], is_pad)


def sepconv_cell(step: Step, channel: int, place: Place) -> Work:
    """A window of every channel by itself, then all of them mixed at their place."""
    inner = step._replace(weights={"weight": step.weights["depthwise_weight"]})
    middle = [channel_cell(inner, m, place) for m in range(len(step.weights["depthwise_weight"]))]
    mixing = step.weights["pointwise_weight"][channel]
    bias = bias_of(step, channel)
    parts: list[Number] = [w * one.result for w, one in zip(mixing, middle, strict=True)]
    chosen, result = weightiest(parts, MOST_CHANNELS, CHANNELS_OF_MANY), sum(parts, bias or 0)
    sums = [f"depthwise, channel {m + 1:,}: {middle[m].sums[-1]}" for m in chosen]
    terms = [product_of(middle[m].result, mixing[m]) for m in chosen]
    if len(chosen) < len(parts):
        terms.append(f"{in_product(rest_of(parts, chosen))} {others(parts, chosen, 'channels')}")
    terms += [f"{in_product(bias)} (bias)"] if bias is not None else []
    sums.append(f"pointwise: {' + '.join(terms)} = {written(result)}")
    windows = [window._replace(name=f"channel {m + 1}") for m, one in enumerate(middle) for window in one.windows]
    pads = next((one.pads for one in middle if one.pads), "")
    heaviest = tuple(middle[m].windows[0].channel for m in chosen) if len(chosen) < len(parts) else ()
    before = sum((abs(float(w)) * one.rounding for w, one in zip(mixing, middle, strict=True)), 0.0)
    off = before + of_products([*parts, bias or 0])
    return Work("sepconv", tuple(sums), result, tuple(windows), pads=pads, heaviest=heaviest, rounding=off)


def upconv_cell(step: Step, channel: int, place: Place) -> Work:
    """Every number that arrives lays its multiple of the kernel on the result: what lands on one place is added."""
    x, kernels = step.x, step.weights["weight"]
    group, m = divmod(channel, len(kernels[0]))
    each = len(x) // step.numbers["groups"]
    landed: list[tuple[int, Landing]] = []
    drawn: list[Window] = []
    spots = list(_spots(sizes_of(x), step.numbers, place))
    for c in range(group * each, (group + 1) * each):
        kernel = turned(kernels[c][m]) if step.numbers["flip"] else kernels[c][m]
        landing = [_landing(x[c], kernel, at, tap) for at, tap in spots]
        drawn += _landing_windows(c, landing)
        landed += ((c, one) for one in landing)
    products: list[Number] = [one.value * one.weight for _, one in landed]
    chosen, bias = weightiest(products, MOST_LANDING, TERMS_OF_MANY), bias_of(step, channel)
    sums = [_landing_words(*landed[n], several=len(x) > 1) for n in chosen]
    parts: list[tuple[Number, str]] = [(products[n], "") for n in chosen]
    if len(chosen) < len(products):
        rest = rest_of(products, chosen)
        sums.append(f"the other {len(products) - len(chosen):,} products together: {written(rest)}")
        parts.append((rest, others(products, chosen, "products")))
    parts += [(bias, "(bias)")] if bias is not None else []
    result = sum(products, bias or 0)
    off = of_products([*products, bias or 0])
    return Work("upconv", (*sums, added_parts(parts, result)), result, drawn=tuple(drawn), rounding=off)


class Landing(NamedTuple):
    """A number whose stamp reaches a place, where it stands, and the tap of the kernel that lands there."""

    at: Place
    tap: Place
    value: Number
    weight: Number


def _landing(plane: Any, kernel: Any, at: Place, tap: Place) -> Landing:
    return Landing(at, tap, plane[at[0]][at[1]][at[2]], kernel[tap[0]][tap[1]][tap[2]])


def _landing_words(channel: int, one: Landing, *, several: bool) -> str:
    where = f"channel {channel + 1:,}, " if several else ""
    return (
        f"{where}{_spot(one.at)} is {written(one.value)}, laid with {_spot(one.tap)} of the kernel: "
        f"{product_of(one.value, one.weight)} = {written(one.value * one.weight)}"
    )


def _landing_windows(channel: int, landing: list[Landing]) -> Iterator[Window]:
    """The numbers whose stamps reach the place, slice by slice, each with the weight that it lands with."""
    for z in sorted({one.at[0] for one in landing}):
        own = [one for one in landing if one.at[0] == z]
        rows, columns = (sorted({one.at[axis] for one in own}) for axis in (1, 2))
        seen = {(one.at[1], one.at[2]): (Seen(one.value), one.weight) for one in own}
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


def _spots(sizes: Place, numbers: Numbers, place: Place) -> Iterator[tuple[Place, Place]]:
    """The places of a channel whose stamp reaches one place, the first ones first, each with the tap that lands."""
    along: list[list[tuple[int, int]]] = []
    axes = zip(place, *(numbers[name] for name in ("before", "dilation", "kernel", "stride")), sizes, strict=True)
    for at, before, dilation, kernel, stride, size in axes:
        taps = ((divmod(at + before - tap * dilation, stride), tap) for tap in reversed(range(kernel)))
        along.append([(p, tap) for (p, over), tap in taps if not over and 0 <= p < size])
    for (z, tz), (y, ty), (x, tx) in product(*along):
        yield (z, y, x), (tz, ty, tx)


def _spot(at: Place) -> str:
    depth = f"slice {at[0] + 1}, " if at[0] else ""
    return f"{depth}row {at[1] + 1}, column {at[2] + 1}"
