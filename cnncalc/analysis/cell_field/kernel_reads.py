"""Which numbers of its inputs a layer reads to make some numbers of its result.

Places are read through the layer's own windows, with the places that a padding copies; which channels are read, and
where a number comes from that is only moved, is here by the name of the kernel.  What is not known exactly is more than
is read, and says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand.rearranging import pixels_around
from cnncalc.analysis.by_hand.volumes import Place, Step
from cnncalc.analysis.cell_field.map_parts import Along, Cells, Sizes
from cnncalc.analysis.cell_field.spans import (
    MOST_PLACES,
    Found,
    Spans,
    copied,
    count,
    hull,
    inside,
    moved,
    seen_through,
    tidied,
)
from cnncalc.analysis.model import NodeAnalysis
from cnncalc.analysis.worked_cells import moved_cells
from cnncalc.geometry import AxisWindow, Shape, Window

MOST_MOVED = 20_000
"""So many numbers are followed one by one where a layer only moves them."""

OWN_PLACE = AxisWindow(1, 0, 0)

Axes = tuple[Along, Along, Along]

ORIGINS: dict[str, moved_cells.Origin] = {
    "flatten": moved_cells.flattened,
    "reshape": moved_cells.reshaped,
    "rearrange": moved_cells.rearranged,
    "space_to_depth": moved_cells.deepened,
    "depth_to_space": moved_cells.spread_out,
}
"""Kernels that give each number another place."""

JOINS = ("add", "sub", "mul", "div", "max", "min", "avg", "absdiff")

INEXACT = ("yolo", "region", "detection", "matmul")
"""Kernels of whose channels only some are read, or not all places: all are said, as an upper bound."""


class Reader(NamedTuple):
    """A layer with its kernel and, for each input, its sizes and the window on it; axes lifted to three."""

    kernel: str
    numbers: Mapping[str, Any]
    sight: str
    channels: tuple[int, ...]
    sizes: tuple[Sizes, ...]
    made: tuple[int, Sizes]
    windows: tuple[Window | None, ...]

    @classmethod
    def of(cls, node: NodeAnalysis) -> Reader:
        layer, inputs = node.node.layer, node.inputs
        call = layer.kernel_call(inputs)
        sizes = tuple(map(_lifted, inputs))
        channels = tuple(shape.channels for shape in inputs)
        made = node.output.channels, _lifted(node.output)
        return cls(call.kernel, call.numbers, layer.channel_sight(inputs), channels, sizes, made, layer.windows(inputs))

    def step(self, n: int) -> Step:
        """A kernel call on a map without numbers, for what asks for its sizes alone."""
        depth, height, width = self.sizes[n]
        plane: Any = [[range(width)] * height] * depth
        return Step([[plane] * self.channels[n]], {}, self.numbers)

    def read(self, cells: Cells) -> Iterator[tuple[int, Cells]]:
        """What is read of each input for some numbers of the result: its place among the inputs, and the numbers."""
        for n in range(len(self.sizes)):
            for found in self._read_of(n, cells):
                yield n, found._replace(exact=found.exact and cells.exact)

    def _read_of(self, n: int, cells: Cells) -> Iterable[Cells]:
        if self.kernel in ORIGINS:
            return _moved(self, cells)
        if self.kernel == "reduce":
            return _reduced(self, cells)
        rule = CHANNELS.get(self.kernel)
        if rule is not None:
            channels = rule(self, n, cells.channels)
        elif self.sight == "own" and self.channels[n] == self.made[0] and self.kernel not in INEXACT:
            channels = Found(cells.channels)
        else:
            exact = self.sight == "all" and self.kernel not in INEXACT
            channels = Found(((0, self.channels[n] - 1),), exact and not self.numbers.get("causal"))
        axes, exact = _places(self, n, cells.axes)
        return [Cells(channels.spans, axes, exact and channels.exact)]


def _lifted(shape: Shape) -> Sizes:
    depth, height, width = (*(1,) * (3 - shape.rank), *shape.spatial)
    return depth, height, width


def _places(reader: Reader, n: int, axes: Axes) -> tuple[Axes, bool]:
    """The places that are read along each axis."""
    sizes, window = reader.sizes[n], reader.windows[n]
    if reader.kernel == "concat_along":
        return _along_joined(reader, n, axes), True
    if isinstance(window, str) or (window is None and sizes != reader.made[1]):
        return _whole(sizes), window is not None
    if window is None:
        return axes, True
    lifted = (OWN_PLACE,) * (3 - len(window)) + window
    fill = reader.numbers.get("fill", "zeros")
    read = [
        _resized(reader, axis, along, own, size)
        if reader.kernel in ("upsample", "resize")
        else _through(along, own, size, fill)
        for axis, (along, own, size) in enumerate(zip(axes, lifted, sizes, strict=True))
    ]
    (z, _), (y, _), (x, _) = read
    return (z, y, x), all(exact for _, exact in read)


def _through(along: Along, window: AxisWindow, size: int, fill: str) -> tuple[Along, bool]:
    """Through a window that may hang over the map; what lies there is zeros, or copied."""
    own, again = seen_through(along.own, window), seen_through(along.copied, window)
    reach = window.first(along.reach[0]), window.last(along.reach[1])
    exact = own.exact and again.exact
    repeated = Found(inside(again.spans, size))
    if fill != "zeros":
        filled = copied((*own.spans, *again.spans), size, fill)
        repeated, exact = tidied((*repeated.spans, *filled.spans)), exact and filled.exact
    return Along(inside(own.spans, size), repeated.spans, reach), exact and repeated.exact


def _resized(reader: Reader, axis: int, along: Along, window: AxisWindow, size: int) -> tuple[Along, bool]:
    """The pixels around a place, of which that at the edge goes on beyond it; those of no weight are none."""
    own, again = (_around(reader, axis, spans, window, size) for spans in (along.own, along.copied))
    seen = (*own.spans, *again.spans)
    low, high = hull(tidied(seen).spans) if seen else (0, size - 1)
    first, last = along.reach
    reach = (
        window.first(first) if first < 0 else low,
        window.last(last) if last >= reader.made[1][axis] else high,
    )
    return Along(own.spans, again.spans, reach), own.exact and again.exact


def _around(reader: Reader, axis: int, spans: Spans, window: AxisWindow, size: int) -> Found:
    if reader.numbers["mode"] in ("nearest", "bilinear") or count(spans) > MOST_PLACES:
        found = seen_through(spans, window)
        return Found(tuple((_on(first, size), _on(last, size)) for first, last in found.spans), found.exact)
    near = pixels_around(reader.step(0))
    spots: set[int] = set()
    for at in (at for first, last in spans for at in range(first, last + 1)):
        place = [0, 0, 0]
        place[axis] = at
        spots.update(spot[axis] for spot, _ in near((place[0], place[1], place[2])))
    return tidied((spot, spot) for spot in spots)


def _on(place: int, size: int) -> int:
    return min(max(place, 0), size - 1)


def _along_joined(reader: Reader, n: int, axes: Axes) -> Axes:
    """The stretch of an axis along which maps lie one after the other that is one of them."""
    z, y, x = (
        _cut_out(along, [sizes[axis] for sizes in reader.sizes], n) if is_marked else along
        for axis, (along, is_marked) in enumerate(zip(axes, reader.numbers["axis"], strict=True))
    )
    return z, y, x


def _cut_out(along: Along, sizes: list[int], n: int) -> Along:
    """What lies on the n-th of several maps; windows reach beyond the first and the last one only."""
    start, size = sum(sizes[:n]), sizes[n]
    own, again = (inside(moved(spans, -start), size) for spans in along[:2])
    first, last = along.reach[0] - start, along.reach[1] - start
    is_last = n == len(sizes) - 1
    return Along(own, again, (first if n == 0 else max(first, 0), last if is_last else min(last, size - 1)))


def _whole(sizes: Sizes) -> Axes:
    z, y, x = map(Along.whole, sizes)
    return z, y, x


def _moved(reader: Reader, cells: Cells) -> Iterable[Cells]:
    """Number by number, where a layer gives each another place."""
    channels, sizes = reader.channels[0], reader.sizes[0]
    if cells.is_all_of(*reader.made):
        return [Cells(((0, channels - 1),), _whole(sizes))]
    if cells.numbers > MOST_MOVED:
        (axes, _), every = _places(reader, 0, cells.axes), ((0, channels - 1),)
        whole_blocks = reader.kernel == "space_to_depth" and count(cells.channels) == reader.made[0]
        return [Cells(every, axes, exact=whole_blocks)]
    origin, step = ORIGINS[reader.kernel], reader.step(0)
    found: dict[int, set[Place]] = defaultdict(set)
    for channel, place in _numbers(cells):
        own, spot = origin(step, channel, place)
        found[own].add(spot)
    return [_reaching(reader, cells, part) for part in _parts(found)]


def _numbers(cells: Cells) -> Iterator[tuple[int, Place]]:
    channels = [c for first, last in cells.channels for c in range(first, last + 1)]
    depths, rows, columns = ([at for a, b in axis.read for at in range(a, b + 1)] for axis in cells.axes)
    return product(channels, product(depths, rows, columns))


def _parts(found: Mapping[int, set[Place]]) -> Iterator[Cells]:
    """Numbers as blocks: channels with the same places, rows with the same columns."""
    alike: dict[frozenset[Place], list[int]] = defaultdict(list)
    for channel, places in found.items():
        alike[frozenset(places)].append(channel)
    for spots, channels in alike.items():
        rows: dict[tuple[int, int], set[int]] = defaultdict(set)
        for z, y, x in spots:
            rows[z, y].add(x)
        blocks: dict[tuple[int, frozenset[int]], list[int]] = defaultdict(list)
        for (z, y), columns in rows.items():
            blocks[z, frozenset(columns)].append(y)
        for (z, xs), ys in blocks.items():
            axes = (Along.of(_spans([z])), Along.of(_spans(ys)), Along.of(_spans(xs)))
            yield Cells(_spans(channels), axes)


def _spans(places: Iterable[int]) -> Spans:
    return tidied((at, at) for at in places).spans


def _reaching(reader: Reader, cells: Cells, part: Cells) -> Cells:
    """The part with windows that reach as far into paddings as they do behind the layer, where blocks have windows."""
    window = reader.windows[0]
    if window is None or isinstance(window, str):
        return part
    lifted = (OWN_PLACE,) * (3 - len(window)) + window
    z, y, x = (
        own._replace(
            reach=(
                one.first(along.reach[0]) if along.reach[0] < 0 else own.reach[0],
                one.last(along.reach[1]) if along.reach[1] >= size else own.reach[1],
            )
        )
        for own, along, one, size in zip(part.axes, cells.axes, lifted, reader.made[1], strict=True)
    )
    return part._replace(axes=(z, y, x))


def _reduced(reader: Reader, cells: Cells) -> Iterable[Cells]:
    """All numbers along the axes that are gone, at the place along the others."""
    gone = (reader.numbers["channels"], *reader.numbers["over"])
    sizes = (reader.channels[0], *reader.sizes[0])
    if cells.numbers > MOST_MOVED:
        return [Cells(((0, sizes[0] - 1),), _whole(reader.sizes[0]), cells.is_all_of(*reader.made))]
    kept = [1 if over else size for size, over in zip(sizes, gone, strict=True)]
    depth, height, width = reader.made[1]
    found: dict[int, set[Place]] = defaultdict(set)
    for channel, (z, y, x) in _numbers(cells):
        rest = ((channel * depth + z) * height + y) * width + x
        rest, column = divmod(rest, kept[3])
        rest, row = divmod(rest, kept[2])
        own, plane = divmod(rest, kept[1])
        found[own].add((plane, row, column))
    return [_spread(part, gone, sizes) for part in _parts(found)]


def _spread(part: Cells, gone: tuple[bool, ...], sizes: tuple[int, ...]) -> Cells:
    channels, *axes = (
        ((0, size - 1),) if over else spans
        for spans, over, size in zip((part.channels, *(axis.own for axis in part.axes)), gone, sizes, strict=True)
    )
    z, y, x = map(Along.of, axes)
    return Cells(channels, (z, y, x))


ChannelRule = Callable[[Reader, int, Spans], Found]


def _each(rule: Callable[[Reader, int], Iterable[int]]) -> ChannelRule:
    """The channels of the input that each channel of the result reads, all together."""

    def channels(reader: Reader, n: int, spans: Spans) -> Found:
        if count(spans) > MOST_PLACES:
            return Found(((0, reader.channels[n] - 1),), exact=count(spans) == reader.made[0])
        reads = {c for first, last in spans for channel in range(first, last + 1) for c in rule(reader, channel)}
        return tidied((c, c) for c in reads)

    return channels


def _near(reader: Reader, channel: int) -> range:
    size = reader.numbers["size"]
    first = channel - size // 2
    return range(max(0, first), min(reader.channels[0], first + size))


def _concat(reader: Reader, n: int, spans: Spans) -> Found:
    """Those of the branch."""
    return Found(inside(moved(spans, -sum(reader.channels[:n])), reader.channels[n]))


def _join(reader: Reader, n: int, spans: Spans) -> Found:
    """The same channels; one is spread over all."""
    return Found(spans if reader.channels[n] > 1 else ((0, 0),))


def _in_groups(reader: Reader, _: int, spans: Spans) -> Found:
    groups = reader.numbers["groups"]
    if groups == 1:
        return Found(((0, reader.channels[0] - 1),))
    made, read = reader.made[0] // groups, reader.channels[0] // groups
    return tidied((first // made * read, last // made * read + read - 1) for first, last in spans)


def _shifted(name: str, sign: int) -> ChannelRule:
    def channels(reader: Reader, n: int, spans: Spans) -> Found:
        return Found(inside(moved(spans, sign * reader.numbers[name]), reader.channels[n]))

    return channels


CHANNELS: dict[str, ChannelRule] = {
    **dict.fromkeys(("conv", "upconv", "gn"), _in_groups),
    "dwconv": lambda reader, _, spans: tidied(
        (first // reader.numbers["multiplier"], last // reader.numbers["multiplier"]) for first, last in spans
    ),
    "connected_conv": _each(lambda reader, channel: reader.numbers["table"][channel]),
    "lrn": _each(_near),
    "glu": lambda reader, _, spans: tidied((*spans, *moved(spans, reader.made[0]))),
    "slice": _shifted("first", 1),
    "padchannels": _shifted("ahead", -1),
    "shuffle": _each(lambda reader, channel: [moved_cells.shuffled(reader.step(0), channel, (0, 0, 0))[0]]),
    **dict.fromkeys(("concat", "concat_padded"), _concat),
    **dict.fromkeys((name for word in JOINS for name in (word, f"{word}_padded")), _join),
}
"""Kernel name -> which channels of an input some channels of the result read; all others by the layer's own sight."""
