"""Fields, parameters and work of small nets, against what plain loops over their definitions find.

Fields: random 2-D nets with gates, norms and joins; for every value the set of pixels that it depends on, over all
paths and over local paths alone.  Counts: for every layer the pairs of an output and a weight that its definition
multiplies.
Neither side knows AxisWindow, Weight or Cost.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.receptive_field import receptive_fields
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph

Place = tuple[int, int]
Follow = Callable[[int, Place], frozenset[Place]]
"""The pixels that a line's value at a place depends on."""

Taps = Callable[[int], Iterable[int]]
"""The positions along one axis that one output reads; those outside the map are pads and count too."""

HEIGHT, WIDTH = 9, 11


class Line:
    """One line of a net: the lines it reads with their taps, and those that it reads all over."""

    def __init__(self, text: str, windows: list[tuple[int, Taps]], everywhere: tuple[int, ...] = ()) -> None:
        self.text, self.windows, self.everywhere = text, windows, everywhere


def _own(o: int) -> list[int]:
    return [o]


def _shifted(offset: int) -> Taps:
    return lambda o: [o + offset]


def _windowed(rng: random.Random, before: int) -> Line:
    k, s, d, p = rng.randint(1, 4), rng.choice((1, 1, 1, 2)), rng.choice((1, 1, 2)), rng.randint(0, 2)
    return Line(
        f"conv 2 {k}x{k} stride={s} dilation={d} padding={p}",
        [(before, lambda o: [o * s + j * d - p for j in range(k)])],
    )


def _pool(rng: random.Random, before: int) -> Line:
    k = rng.randint(2, 3)
    return Line(f"maxpool {k} stride=2", [(before, lambda o: [2 * o + j for j in range(k)])])


def _upsample(rng: random.Random, before: int) -> Line:
    return Line("upsample 2", [(before, lambda o: [o // 2])])


def _upconv(rng: random.Random, before: int) -> Line:
    k = rng.randint(2, 4)
    return Line(
        f"upconv 2 {k}x{k} stride=2", [(before, lambda o: [(o - j) // 2 for j in range(k) if (o - j) % 2 == 0])]
    )


def _border(rng: random.Random, before: int) -> Line:
    rows = rng.randint(1, 2)
    word, offset = rng.choice((("pad", -rows), ("crop", rows)))
    return Line(f"{word} {rows}", [(before, _shifted(offset))])


def _norm(rng: random.Random, before: int) -> Line:
    return Line(rng.choice(("gn 1", "ln all")), [(before, _own)], (before,))


class Net:
    """A random net of up to nine lines, some of them a gate: a global pool and a product with an earlier map."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.lines = [Line(f"l0: input {HEIGHT}x{WIDTH}x2", [])]
        self.graph = self._read()
        while len(self.lines) < 9:
            for line in self._next(rng):
                self.lines.append(Line(f"l{len(self.lines)}: {line.text}", line.windows, line.everywhere))
            graph = self._read()
            if graph is None or max(graph.nodes[-1].output.spatial) > 20:
                del self.lines[len(self.graph.nodes) :]
                break
            self.graph = graph
        self.local = cache(lambda line, place: self._depends(line, place, self.local))
        self.every = cache(lambda line, place: self._depends(line, place, self.every))
        self.inside = cache(lambda line, place: self._depends(line, place, self.inside))

    def _read(self) -> Graph | None:
        graph, faults = load_graph(Source("", "".join(f"{line.text}\n" for line in self.lines)))
        return None if faults else graph

    def _next(self, rng: random.Random) -> list[Line]:
        before, draw = len(self.lines) - 1, rng.random()
        if draw < 0.2:
            pool = Line(rng.choice(("gap", "gmp")), [], (before,))
            return [pool, Line(f"mul l{before}", [(before, _own)], (before + 1,))]
        if draw < 0.4 and before:
            other = rng.choice([i for i in range(before) if self.graph.nodes[i].output.rank])
            return [self._join(rng.choice(("add", "concat")), before, other)]
        return [rng.choice((_windowed, _windowed, _windowed, _pool, _upsample, _upconv, _border, _norm))(rng, before)]

    def _join(self, word: str, one: int, other: int) -> Line:
        sizes = [self.graph.nodes[i].output.spatial for i in (one, other)]
        offsets = [tuple((n - min(pair)) // 2 for n, *pair in zip(own, *sizes, strict=True)) for own in sizes]
        if any(len(set(offset)) > 1 for offset in offsets):  # a different cut on each axis: taps here know one axis
            return _norm(random.Random(one), one)
        return Line(f"{word} l{other} crop", [(i, _shifted(o[0])) for i, o in zip((one, other), offsets, strict=True)])

    def places(self, line: int) -> Iterator[Place]:
        spatial = self.graph.nodes[line].output.spatial
        return product(range(spatial[0]), range(spatial[1])) if spatial else iter([(0, 0)])

    def _depends(self, line: int, place: Place, follow: Follow) -> frozenset[Place]:
        """The pixels that a value depends on: over local paths; over all; over all, where pads hold nothing."""
        if line == 0:
            return frozenset((place,))
        found = [
            follow(i, at)
            for i, taps in self.lines[line].windows
            for at in product(taps(place[0]), taps(place[1]))
            if follow is not self.inside or at in self._inside(i)
        ]
        if follow is not self.local:
            found += [self._all(i, follow) for i in self.lines[line].everywhere]
        return frozenset().union(*found)

    @cache  # noqa: B019 - a net lives as long as its test
    def _inside(self, line: int) -> frozenset[Place]:
        return frozenset(self.places(line))

    @cache  # noqa: B019
    def _all(self, line: int, follow: Follow) -> frozenset[Place]:
        return frozenset().union(*(follow(line, place) for place in self.places(line)))


def hulls(pixels: frozenset[Place]) -> list[tuple[int, int]]:
    """The first and last pixel along each axis."""
    return [(min(along), max(along)) for along in zip(*pixels, strict=True)]


@pytest.mark.parametrize("seed", range(40))
def test_fields_are_the_hulls_of_the_pixels_that_plain_sets_find(seed):
    net = Net(seed)
    analysis = analyse(net.graph)
    text = "\n".join(line.text for line in net.lines)
    windows = [node.node.layer.windows(node.inputs) for node in analysis.nodes]
    found = receptive_fields(net.graph.nodes, windows)
    for line, node in enumerate(analysis.nodes):
        sizes = []
        for place in net.places(line):
            spans = [field.span_at(o) for field, o in zip(found.every[line], place, strict=True)]
            most = hulls(net.every(line, place))
            if node.receptive_field.whole:  # pads of a map whose every value sees all count as no more than these
                least = hulls(net.inside(line, place)) if net.inside(line, place) else spans
                assert all(
                    m[0] <= s[0] <= n[0] <= n[1] <= s[1] <= m[1] for m, s, n in zip(most, spans, least, strict=True)
                )
            else:
                assert spans == most, (text, line, place)
            local = net.local(line, place)
            assert bool(local) == (found.local[line] is not None), (text, line)
            if local:
                spans = hulls(local)
                assert [f.span_at(o) for f, o in zip(found.local[line], place, strict=True)] == spans, (text, line)
                sizes.append([last - first + 1 for first, last in spans])
        field = node.receptive_field
        assert field.whole == any(net.lines[i].everywhere for i in ancestors(net, line)), text
        assert field.local == bool(sizes)
        if sizes:
            assert field.size == tuple(map(max, zip(*sizes, strict=True))), (text, line)
            centres = [[(a + b + 1) / 2 for a, b in hulls(net.local(line, (o, o)))] for o in (0, 1)]
            assert field.start == tuple(centres[0])
            if not any(word in text for word in ("up", "crop")):
                assert field.jump == tuple(b - a for a, b in zip(*centres, strict=True)), (text, line)


def ancestors(net: Net, line: int) -> set[int]:
    """The line and all lines that it depends on."""
    read = [i for i, _ in net.lines[line].windows] + list(net.lines[line].everywhere)
    return {line}.union(*(ancestors(net, i) for i in read))


def test_the_random_nets_have_gates_and_norms_with_kernels_behind_them():
    nets = [Net(seed) for seed in range(40)]
    fields = [node.receptive_field for net in nets for node in analyse(net.graph).nodes]
    assert sum(field.whole and field.local for field in fields) > 50
    assert sum(field.whole and not field.local for field in fields) > 10
    assert sum(not field.whole for field in fields) > 50


# ---------------------------------------------------------------------- counts: every output with every weight
Pair = tuple[tuple[int, ...], object]
"""An output, and the weight that is multiplied for it; a bias is the weight `("bias", ...)`."""

CHANNELS, SIZE = 4, 6


def conv(filters: int, k: int, s: int, p: int, groups: int = 1, *, local: bool = False) -> Iterator[Pair]:
    outputs = range((SIZE + 2 * p - k) // s + 1)
    own = CHANNELS // groups
    for f, y, x in product(range(filters), outputs, outputs):
        place = (y, x) if local else ()
        for c, i, j in product(range(own), range(k), range(k)):
            yield (f, y, x), (f, f // (filters // groups) * own + c, i, j, *place)
        yield (f, y, x), ("bias", f, *place)


def depthwise(times: int, k: int) -> Iterator[Pair]:
    outputs = range(SIZE - k + 1)
    for c, y, x in product(range(CHANNELS * times), outputs, outputs):
        for i, j in product(range(k), range(k)):
            yield (c, y, x), (c, i, j)
        yield (c, y, x), ("bias", c)


def separable(filters: int, k: int, times: int) -> Iterator[Pair]:
    outputs = range(SIZE - k + 1)
    for y, x in product(outputs, outputs):
        for c, i, j in product(range(CHANNELS * times), range(k), range(k)):
            yield (c, y, x), ("depthwise", c, i, j)
        for f, c in product(range(filters), range(CHANNELS * times)):
            yield (f, y, x), ("pointwise", f, c)
        for f in range(filters):
            yield (f, y, x), ("bias", f)


def transposed(filters: int, k: int, s: int, groups: int = 1) -> Iterator[Pair]:
    """Every input value paints a kernel for each filter of its group."""
    own, made = CHANNELS // groups, filters // groups
    for c, y, x in product(range(CHANNELS), range(SIZE), range(SIZE)):
        for f, i, j in product(range(made), range(k), range(k)):
            yield (c // own * made + f, y * s + i, x * s + j), (c, f, i, j)
    size = (SIZE - 1) * s + k
    for f, y, x in product(range(filters), range(size), range(size)):
        yield (f, y, x), ("bias", f)


def dense(units: int, inputs: int = CHANNELS * SIZE * SIZE) -> Iterator[Pair]:
    for unit in range(units):
        yield from (((unit,), (unit, i)) for i in range(inputs))
        yield (unit,), ("bias", unit)


COUNTED = [
    ("conv 6 3x3 stride=2 padding=1", conv(6, 3, 2, 1)),
    ("conv 6 3x3 groups=2", conv(6, 3, 1, 0, 2)),
    ("conv 4 2x2 groups=4 stride=2", conv(4, 2, 2, 0, 4)),
    ("local 3 3x3 padding=1", conv(3, 3, 1, 1, local=True)),
    ("dwconv 3x3 multiplier=2", depthwise(2, 3)),
    ("sepconv 5 3x3", separable(5, 3, 1)),
    ("sepconv 5 2x2 multiplier=3", separable(5, 2, 3)),
    ("upconv 6 3x3 stride=2", transposed(6, 3, 2)),
    ("upconv 6 2x2 stride=3 groups=2", transposed(6, 2, 3, 2)),
    ("flatten; dense 7", dense(7)),
    ("gap; dense 7", dense(7, CHANNELS)),
]


@pytest.mark.parametrize(("lines", "pairs"), COUNTED, ids=[row[0] for row in COUNTED])
def test_parameters_are_the_weights_in_use_and_macs_the_times_they_are_used(analysed, lines, pairs):
    pairs = list(pairs)
    text = f"input {SIZE}x{SIZE}x{CHANNELS}\n" + lines.replace("; ", "\n")
    figures = analysed(text).rows[-1].figures
    used = [weight for _, weight in pairs if "bias" not in weight]
    assert figures.params == len({weight for _, weight in pairs})
    assert figures.cost.macs == len(used)
    assert figures.cost.add == len(pairs) - len(used)
    assert figures.connections == len(pairs)
    bare = analysed(f"{text} nobias").rows[-1].figures
    assert (bare.params, bare.cost.macs, bare.cost.add) == (len(set(used)), len(used), 0)
