"""Upper bounds: what each layer says of the channels it reads, against channels followed one by one as sets of pixels.

The naive side knows neither fields nor bounds: for every channel of every place it keeps the set of pixels that the
value depends on, by the layer's definition, through windows that stay inside the map.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph

Map = list[list[frozenset[int]]]
"""Channels of places of the pixels that a value depends on."""

MIXED = "input 8x8x2\nsplit\nbranch\n conv 2 1x1\nbranch\n conv 2 3x3 same\njoin concat\n"
"""Four channels; two of them see one pixel, two see 3x3."""

TABLE = "data all = [1 0; 1 0; 0 1; 0 1]\ndata most = [1 0; 1 0; 0 1; 0 0]\n"

SEEN = [
    ("a plain convolution mixes the channels", "conv 4 1x1; slice 0:2", False),
    ("a grouped one does not", "conv 4 1x1 groups=2; slice 0:2", True),
    ("a depthwise one does not", "dwconv 3x3; slice 0:2", True),
    ("a separable one mixes them", "sepconv 4 3x3; slice 0:2", False),
    ("a transposed one mixes them", "upconv 4 2x2; slice 0:2", False),
    ("a grouped transposed one does not", "upconv 4 2x2 groups=4; slice 0:2", True),
    ("a local one mixes them", "local 4 3x3; slice 0:2", False),
    ("a softmax mixes them", "softmax; slice 0:2", False),
    ("a layer norm over channels mixes them", "ln; slice 0:2", False),
    ("an activation does not", "relu; slice 0:2", True),
    ("nor does a norm by running statistics", "bn; slice 0:2", True),
    ("nor a pool", "maxpool 2; slice 0:2", True),
    ("nor a shuffle", "shuffle 2; slice 0:2", True),
    ("a slice alone leaves channels out", "slice 0:2", True),
    ("what was left out stays so through a convolution", "slice 0:2; conv 4 3x3", True),
    ("and beside others", "a: slice 0:2; relu; concat a", True),
    ("a place picked from channels leaves some out", "depthtospace 2", True),
    ("not from channels that are alike", "conv 4 1x1; depthtospace 2", False),
    ("a block's places are spread over channels", "conv 4 1x1; spacetodepth 2; slice 0:2", True),
    ("until they are mixed", "conv 4 1x1; spacetodepth 2; conv 4 1x1; slice 0:2", False),
    ("empty channels see nothing", "conv 4 1x1; padchannels 0,2; slice 0:2", True),
    ("concat of equal fields keeps the channels alike", "a: conv 4 1x1; concat a a; slice 0:2", False),
    ("concat of channels that are not does not", "a: relu; concat a a; slice 0:2", True),
    ("a flat vector holds every value, each of one place", "conv 4 1x1; flatten; reshape 8x8x4", True),
    ("a dense layer mixes them all", "conv 4 1x1; flatten; dense 256; reshape 8x8x4", False),
    ("a global pool keeps channels apart", "gap; slice 0:2", True),
    ("reshaping a map deals its places out", "conv 4 1x1; reshape 4x4x16", True),
    ("and leaves nothing alike", "conv 4 1x1; flatten; dense 256; reshape 8x8x4; slice 0:2", False),
    ("a table that connects every channel leaves none out", "conv 2 1x1 connect=all", False),
    ("one that forgets a channel does", "conv 2 1x1 connect=most", True),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "at_most"), [row[1:] for row in SEEN], ids=[row[0] for row in SEEN])
def test_a_field_is_an_upper_bound_exactly_where_channels_that_see_less_are_picked(analysed, lines, at_most):
    node = analysed(TABLE + MIXED + lines.replace("; ", "\n")).nodes[-1]
    assert node.fields_at_most is at_most
    assert node.receptive_field.at_most is at_most


def test_what_sees_the_same_everywhere_is_dealt_out_exactly(analysed):
    """Each number of a global pool sees the whole image, so a reshape of them leaves nothing out."""
    assert not analysed("input 8x8x4\ngap\nreshape 2x2x1\n").nodes[-1].fields_at_most
    assert not analysed("input 8x8x4\ngap\nflatten\nreshape 4x1x1\nslice 0:1\n").nodes[-1].fields_at_most


def test_a_picture_that_is_not_the_first_sees_nothing_of_it(analysed):
    text = "a: input 4x4x2\nb: input 4x4x2\nc: concat a b\nslice 2:4\n"
    node = analysed(text).nodes[-1]
    assert (node.fields_at_most, node.receptive_field.size) == (True, (1, 1))


# ---------------------------------------------------------------------- random nets, channel by channel
def _union(sets: list[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def _conv(rng: random.Random, x: Map) -> tuple[str, Map]:
    groups = rng.choice([g for g in range(1, len(x) + 1) if len(x) % g == 0])
    kernel, stride, dilation = rng.randint(1, 3), rng.choice((1, 1, 2)), rng.choice((1, 1, 2))
    filters = groups * rng.randint(1, 2)
    outputs = range((len(x[0]) - dilation * (kernel - 1) - 1) // stride + 1)
    own, made = len(x) // groups, filters // groups

    def value(f: int, o: int) -> frozenset[int]:
        first = f // made * own
        taps = [o * stride + j * dilation for j in range(kernel)]
        return _union([x[c][i] for c in range(first, first + own) for i in taps])

    line = f"conv {filters} {kernel} stride={stride} dilation={dilation} groups={groups}"
    return line, [[value(f, o) for o in outputs] for f in range(filters)]


def _depthwise(rng: random.Random, x: Map) -> tuple[str, Map]:
    times = rng.randint(1, 2)
    rows = [[_union([c[o], c[o + 1]]) for o in range(len(c) - 1)] for c in x for _ in range(times)]
    return f"dwconv 2 multiplier={times}", rows


def _pool(rng: random.Random, x: Map) -> tuple[str, Map]:
    return "maxpool 2", [[_union(c[2 * o : 2 * o + 2]) for o in range(len(c) // 2)] for c in x]


def _softmax(rng: random.Random, x: Map) -> tuple[str, Map]:
    return rng.choice(("softmax", "ln")), [[_union([c[o] for c in x]) for o in range(len(x[0]))] for _ in x]


def _slice(rng: random.Random, x: Map) -> tuple[str, Map]:
    first = rng.randrange(len(x))
    last = rng.randint(first + 1, len(x))
    return f"slice {first}:{last}", x[first:last]


def _shuffle(rng: random.Random, x: Map) -> tuple[str, Map]:
    groups = rng.choice([g for g in range(1, len(x) + 1) if len(x) % g == 0])
    return f"shuffle {groups}", [x[c % groups * (len(x) // groups) + c // groups] for c in range(len(x))]


def _padchannels(rng: random.Random, x: Map) -> tuple[str, Map]:
    return "padchannels 0,1", [*x, [frozenset()] * len(x[0])]


def _space_to_depth(rng: random.Random, x: Map) -> tuple[str, Map]:
    return "spacetodepth 2", [c[place::2] for c in x for place in range(2)]


def _depth_to_space(rng: random.Random, x: Map) -> tuple[str, Map]:
    pairs = zip(x[::2], x[1::2], strict=True)
    return "depthtospace 2", [[pair[o % 2][o // 2] for o in range(2 * len(x[0]))] for pair in pairs]


def _upsample(rng: random.Random, x: Map) -> tuple[str, Map]:
    return "upsample 2", [[c[o // 2] for o in range(2 * len(c))] for c in x]


def _reshape(rng: random.Random, x: Map) -> tuple[str, Map]:
    channels = 2 * len(x)
    values = [c[o] for o in range(len(x[0])) for c in x]
    return f"reshape {len(values) // channels}x{channels}", [values[c::channels] for c in range(channels)]


def _gap(rng: random.Random, x: Map) -> tuple[str, Map]:
    return "adaptavg 1", [[_union(c)] for c in x]


Step = Callable[[random.Random, Map], tuple[str, Map]]
STEPS: tuple[Step, ...] = (
    _conv, _conv, _conv, _depthwise, _pool, _softmax, _slice, _slice, _shuffle, _padchannels, _space_to_depth,
    _depth_to_space, _upsample, _reshape, _gap,
)  # fmt: skip


def _fits(step: Step, x: Map) -> bool:
    places, channels = len(x[0]), len(x)
    even_places = step in (_space_to_depth, _pool, _reshape)
    return not (
        (step in (_conv, _depthwise) and places < 6)
        or (even_places and places % 2)
        or (step is _reshape and channels > 4)
        or (step is _depth_to_space and channels % 2)
        or (step in (_upsample, _depth_to_space) and places > 24)
        or (step in (_padchannels, _space_to_depth) and channels > 6)
    )


def random_net(seed: int) -> tuple[str, list[Map]]:
    """A net of one axis as text, and the map of every line."""
    rng = random.Random(seed)
    lines = ["l0: input 24 channels 1"]
    maps: list[Map] = [[[frozenset((i,)) for i in range(24)]]]
    for number in range(1, 9):
        x = maps[-1]
        others = [i for i in range(number - 1) if len(maps[i][0]) == len(x[0]) > 1]
        if others and rng.random() < 0.3:
            other = rng.choice(others)
            equal = len(maps[other]) == len(x) and rng.random() < 0.5
            both = zip(x, maps[other], strict=False)
            made = [[a | b for a, b in zip(*pair, strict=True)] for pair in both] if equal else [*x, *maps[other]]
            line = f"{'add' if equal else 'concat'} l{number - 1} l{other}"
        else:
            line, made = rng.choice([step for step in STEPS if _fits(step, x)])(rng, x)
        lines.append(f"l{number}: {line}")
        maps.append(made)
    return "\n".join(lines) + "\n", maps


def hull(sets: list[frozenset[int]]) -> tuple[int, int] | None:
    pixels = _union(sets)
    return (min(pixels), max(pixels)) if pixels else None


@pytest.mark.parametrize("seed", range(150))
def test_a_field_holds_what_any_channel_depends_on_and_is_exact_unless_it_is_an_upper_bound(seed):
    text, maps = random_net(seed)
    graph, faults = load_graph(Source("", text))
    assert not faults, (text, faults[0].message)
    for node, made in zip(analyse(graph).nodes, maps, strict=True):
        if node.fields is None:
            continue
        assert (node.output.width, node.output.channels) == (len(made[0]), len(made)), text
        for place in range(len(made[0])):
            first, last = node.fields[0].span_at(place)
            found = hull([channel[place] for channel in made])
            if node.fields_at_most:
                assert found is None or first <= found[0] <= found[1] <= last, (text, node.node.name, place)
            else:
                assert found == ((first, last) if first <= last else None), (text, node.node.name, place)


def test_the_random_nets_have_bounds_and_exact_fields_behind_picked_channels():
    """Worth the name: both kinds occur behind a line that picks channels."""
    behind: dict[bool, int] = {True: 0, False: 0}
    for seed in range(150):
        graph, _ = load_graph(Source("", random_net(seed)[0]))
        picked = False
        for node in analyse(graph).nodes:
            picked = picked or node.node.layer.word in ("slice", "depthtospace", "reshape")
            behind[node.fields_at_most] += picked
    assert min(behind.values()) > 100
