"""One number that a layer only moves, or makes of the pixels around its place: where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.rearranging import pixels_around, position_in
from cnncalc.analysis.by_hand.volumes import Place, Step, places, sizes_of, source
from cnncalc.analysis.worked_cells.one_number import Seen, Window, Work, added, product_term, written
from cnncalc.analysis.worked_cells.rounding import of_products
from cnncalc.analysis.worked_cells.sliding_cells import PADS
from cnncalc.quantities import decimal

Spot = tuple[int, Place]
"""A channel and a place of what arrives."""

Origin = Callable[[Step, int, Place], Spot]
"""Where the number at a channel and place of the result stands in what arrives."""


def spot_words(x: Volume, channel: int, place: Place) -> str:
    """`channel 2, row 1, column 3` of a map, `number 4` of a row; counted from 1, what is one of one is left out."""
    depth, height, width = sizes_of(x)
    if depth == height == width == 1:
        return f"number {channel + 1:,}"
    said = [f"channel {channel + 1:,}"] if len(x) > 1 else []
    said += [f"slice {place[0] + 1:,}"] if depth > 1 else []
    said += [f"row {place[1] + 1:,}"] if height > 1 or depth > 1 else []
    return ", ".join([*said, f"column {place[2] + 1:,}"])


def _taken(step: Step, spot: Spot) -> tuple[str, Number]:
    channel, (z, y, x) = spot
    value = step.x[channel][z][y][x]
    return f"{spot_words(step.x, *spot)} of what arrives = {written(value)}", value


def moved_cell(word: str, origin: Origin) -> Callable[[Step, int, Place], Work]:
    """The cell of a layer that gives each number another place."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        said, value = _taken(step, origin(step, channel, place))
        return Work(word, (said,), value)

    return cell


def flattened(step: Step, channel: int, _: Place) -> Spot:
    """Number n of the row."""
    return _counted(step, channel, step.numbers["order"])


def reshaped(step: Step, channel: int, place: Place) -> Spot:
    """The number that the order brings there."""
    return _counted(step, position_in(step, channel, place), step.numbers["order"])


def _counted(step: Step, number: int, order: str) -> Spot:
    """Number n of what arrives, channel by channel or place by place."""
    depth, height, width = sizes_of(step.x)
    if order == "channels_first":
        c, position = divmod(number, depth * height * width)
    else:
        position, c = divmod(number, len(step.x))
    return c, (position // (height * width), position // width % height, position % width)


def rearranged(step: Step, channel: int, place: Place) -> Spot:
    """The factors of the place, counted in their old order."""
    factors: Sequence[tuple[int, int]] = step.numbers["factors"]
    depth, height, width = step.numbers["spatial"]
    rest = ((channel * depth + place[0]) * height + place[1]) * width + place[2]
    counted = [0] * len(factors)
    for factor in sorted(range(len(factors)), key=lambda factor: factors[factor][1], reverse=True):
        rest, counted[factor] = divmod(rest, factors[factor][0])
    number = 0
    for (size, _), count in zip(factors, counted, strict=True):
        number = number * size + count
    return _counted(step, number, "channels_first")


def cropped(step: Step, channel: int, place: Place) -> Spot:
    """The border is left out."""
    before: Place = step.numbers["before"]
    return channel, (place[0] + before[0], place[1] + before[1], place[2] + before[2])


def sliced(step: Step, channel: int, place: Place) -> Spot:
    """Some of the channels."""
    return channel + step.numbers["first"], place


def shuffled(step: Step, channel: int, place: Place) -> Spot:
    """The first channel of every group, then the second of every group, and so on."""
    groups: int = step.numbers["groups"]
    return channel % groups * (len(step.x) // groups) + channel // groups, place


def deepened(step: Step, channel: int, place: Place) -> Spot:
    """Channels of one place of every block each."""
    factor: Place = step.numbers["factor"]
    corners = list(places(factor))
    corner = corners[channel % len(corners)]
    z, y, x = (p * f + i for p, f, i in zip(place, factor, corner, strict=True))
    return channel // len(corners), (z, y, x)


def spread_out(step: Step, channel: int, place: Place) -> Spot:
    """Blocks filled from as many channels."""
    factor: Place = step.numbers["factor"]
    corners = list(places(factor))
    z, y, x = (p // f for p, f in zip(place, factor, strict=True))
    dz, dy, dx = (p % f for p, f in zip(place, factor, strict=True))
    return channel * len(corners) + corners.index((dz, dy, dx)), (z, y, x)


def pad_cell(step: Step, channel: int, place: Place) -> Work:
    """The map, or what its border holds."""
    fill = step.numbers.get("fill", "zeros")
    sizes = sizes_of(step.x)
    at = [p - b for p, b in zip(place, step.numbers["before"], strict=True)]
    is_pad = not all(0 <= p < n for p, n in zip(at, sizes, strict=True))
    z, y, x = (source(p, n, fill) for p, n in zip(at, sizes, strict=True))
    if z is None or y is None or x is None:
        value: Number = decimal(step.numbers["value"]) if "value" in step.numbers else 0
        return Work("pad", (f"this place lies on the padding, which holds {written(value)}",), value)
    said, value = _taken(step, (channel, (z, y, x)))
    return Work("pad", (f"padding, {PADS[fill]}: {said}" if is_pad else said,), value)


def pad_channels_cell(step: Step, channel: int, place: Place) -> Work:
    """A channel that arrives, or an empty one ahead of them or behind."""
    own = channel - step.numbers["ahead"]
    if not 0 <= own < len(step.x):
        return Work("padchannels", ("this channel is added: it holds 0",), 0)
    said, value = _taken(step, (own, place))
    return Work("padchannels", (said,), value)


def resized_cell(step: Step, channel: int, place: Place) -> Work:
    """The nearest pixel, or the pixels around by their weights."""
    weights: dict[Place, Fraction] = {}
    for spot, weight in pixels_around(step)(place):
        weights[spot] = weights.get(spot, Fraction(0)) + weight
    if len(weights) == 1:
        said, value = _taken(step, (channel, next(iter(weights))))
        return Work("upsample", (said,), value)
    slices, rows, columns = (sorted({spot[axis] for spot in weights}) for axis in range(3))
    plane = step.x[channel]
    windows = tuple(
        Window(
            f"slice {z + 1}" if len(slices) > 1 else "",
            [[Seen(plane[z][y][x]) for x in columns] for y in rows],
            [[_exact(weights[z, y, x]) for x in columns] for y in rows],
            channel,
            z,
            rows,
            columns,
        )
        for z in slices
    )
    terms = [product_term(plane[z][y][x], _exact(weight)) for (z, y, x), weight in weights.items()]
    value = sum(term.value for term in terms)
    named = zip(("slice", "row", "column"), (slices, rows, columns), sizes_of(step.x), strict=True)
    where = " and ".join(_stretch(name, spots) for name, spots, size in named if size > 1)
    sums = (f"the window lies on {where} of what arrives", added(terms, value, what="products"))
    off = of_products([term.value for term in terms])
    return Work("upsample", sums, value, windows, "weights", rounding=off)


def _stretch(name: str, spots: Sequence[int]) -> str:
    first, last = spots[0] + 1, spots[-1] + 1
    return f"{name} {first:,}" if first == last else f"{name}s {first:,} to {last:,}"


def _exact(weight: Fraction) -> Number:
    return weight.numerator if weight.denominator == 1 else weight
