"""Receptive fields against published numbers, and against dependence followed naively, position by position.

The naive side knows no AxisWindow: it lists the taps of each layer from its definition and takes unions of sets.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import pytest

from cnncalc.analysis import analyse, influence
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph

CHAINS = [
    ("hw053: three 3x3", "conv 1 3x3; conv 1 3x3; conv 1 3x3", 7, 1),
    ("hw139: five 3x3", "conv 1 3x3; conv 1 3x3; conv 1 3x3; conv 1 3x3; conv 1 3x3", 11, 1),
    ("hw161: AlexNet", ("conv 1 11x11 stride=4; maxpool 3x3 stride=2; conv 1 5x5 same; maxpool 3x3 stride=2; "
     "conv 1 3x3 same; conv 1 3x3 same; conv 1 3x3 same; maxpool 3x3 stride=2"), 195, 32),
    ("Araujo et al. 2019: MobileNet v1", ("conv 1 3x3 stride=2 same; dwconv 3x3 same; dwconv 3x3 stride=2 same; "
     "dwconv 3x3 same; dwconv 3x3 stride=2 same; dwconv 3x3 same; dwconv 3x3 stride=2 same; dwconv 3x3 same; "
     "dwconv 3x3 same; dwconv 3x3 same; dwconv 3x3 same; dwconv 3x3 same; dwconv 3x3 stride=2 same; dwconv 3x3 same"),
     315, 32),
    ("dilation 1, 2, 4", "conv 1 3x3; conv 1 3x3 dilation=2; conv 1 3x3 dilation=4", 15, 1),
]  # fmt: skip


@pytest.mark.parametrize(("source", "lines", "size", "jump"), CHAINS, ids=[row[0] for row in CHAINS])
def test_published_chains(analysed, source, lines, size, jump):
    field = analysed("input 227x227x1\n" + lines.replace("; ", "\n")).rows[-1].receptive_field
    assert (field.size, field.jump) == ((size, size), (jump, jump))


def test_vgg16_last_pool_sees_212_pixels_32_apart(analysed):
    """hw159; after it a dense layer sees 404, as the papers on fully convolutional nets say (Long et al. 2015)."""
    text = "input 224x224x1\n" + "".join("conv 1 3x3 same\n" * convs + "maxpool 2x2\n" for convs in (2, 2, 3, 3, 3))
    rows = analysed(text + "flatten\ndense 5 relu\n").rows
    assert [row.receptive_field.size[0] for row in rows if row.row.word == "maxpool"] == [6, 16, 44, 100, 212]
    assert rows[-3].receptive_field.jump == (32, 32)
    for row in rows[-2:]:
        assert (row.receptive_field.size, row.receptive_field.jump) == ((404, 404), (0, 0))
        assert (row.receptive_field.whole, row.receptive_field.local) == (True, False)


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("conv 1 3x3", Fraction(3, 2)),
        ("conv 1 3x3 padding=1", Fraction(1, 2)),
        ("maxpool 2x2", Fraction(1)),
        ("upconv 1 2x2 stride=2", Fraction(1, 2)),
        ("crop 2", Fraction(5, 2)),
    ],
)
def test_start_is_the_centre_of_the_first_field(analysed, line, start):
    assert analysed(f"input 16x16x1\n{line}\n").rows[-1].receptive_field.start == (start, start)


def test_each_axis_has_its_own_field(analysed):
    field = analysed("input 30x40x1\nconv 1 3x5 stride=1x2\nconv 1 3x3\n").rows[-1].receptive_field
    assert (field.size, field.jump) == ((5, 9), (1, 2))


def test_a_shortcut_does_not_shrink_the_field(analysed):
    text = "input 32x32x4\nsplit\nbranch\n conv 4 3x3 same\n conv 4 3x3 same\nbranch\njoin add\n"
    assert analysed(text).rows[-1].receptive_field.size == (5, 5)


def test_a_line_that_does_not_depend_on_the_first_input_has_no_field(analysed):
    rows = analysed("a: input 8x8x1\nb: input 8x8x1\nconv 1 3x3 same\nadd a\n").rows
    assert [row.receptive_field is None for row in rows] == [False, True, True, False]
    assert rows[3].receptive_field.size == (1, 1)


def test_a_flat_input_has_no_field(analysed):
    assert analysed("input 10\ndense 3\n").rows[-1].receptive_field is None


def test_a_field_that_repeats_too_late_is_not_known_rather_than_wrong(analysed):
    rows = analysed("input 8 channels 1\nconv 1 3 stride=2\nupsample 300\nconv 1 3 same\n").rows
    assert rows[1].receptive_field is not None
    assert rows[2].receptive_field is rows[3].receptive_field is None


def test_two_equal_branches_with_gaps_keep_their_gaps(analysed):
    """A 1x1 stamp with stride 2 fills every second place; the places between depend on nothing."""
    up = "branch\n upconv 1 1 stride=2\n"
    (field,) = analysed(f"input 8 channels 1\nsplit\n{up}{up}join add\n").nodes[-1].fields
    assert [field.span_at(o) for o in range(4)] == [(0, 0), (1, 0), (1, 1), (1, 0)]


def test_stamps_that_interlace_see_one_pixel_each(analysed):
    """3x3 taps 2 apart, stamped 3 apart: 2*tap modulo 3 takes each value once, so each place has one painter."""
    row = analysed("input 9x9x1\nupconv 1 3x3 stride=3 dilation=2\n").rows[-1]
    assert row.receptive_field.size == (1, 1)
    assert [row.nodes[-1].fields[0].span_at(o) for o in range(6, 10)] == [(2, 2), (1, 1), (2, 2), (3, 3)]


def test_a_dilated_window_may_read_gaps_alone(analysed):
    """Taps 2 apart over stamps 2 apart: every second output meets nothing but gaps."""
    (field,) = analysed("input 8 channels 1\nupconv 1 1 stride=2\nconv 1 3 dilation=2\n").nodes[-1].fields
    assert [field.span_at(o) for o in range(3)] == [(0, 2), (1, 0), (1, 3)]


def test_places_between_stamps_see_nothing_even_behind_a_global_layer(analysed):
    (field, _) = analysed("input 4x4x1\nflatten\nreshape 4x4x1\nupconv 1 1x1 stride=2\n").nodes[-1].fields
    assert [field.span_at(o) for o in range(3)] == [(0, 3), (1, 0), (0, 3)]


def test_branches_of_different_jumps_are_summed_up_over_all_their_outputs(analysed):
    """Output o sees 2o and 2o + 1 of one branch and o of the other: o to 2o + 1, 17 pixels at the last of 16 outputs,
    and their centres lie 1.5 apart."""
    text = "input 32 channels 1\nsplit\nbranch\n maxpool 2\nbranch\n crop 0,16\njoin add\n"
    field = analysed(text).rows[-1].receptive_field
    assert (field.size, field.jump, field.start) == ((17,), (Fraction(3, 2),), (Fraction(1),))


def test_a_gap_in_all_branches_lies_between_the_neighbours_of_all(analysed):
    """Stamps 2 and 3 apart, cropped so that the first output is a gap of both: its neighbours are pixels 0 and 1 of one
    branch, 5 and 6 of the other."""
    one, other = "branch\n upconv 1 1 stride=2\n crop 1,11\n", "branch\n crop 5,3\n upconv 1 1 stride=3\n crop 1,2\n"
    analysis = analysed(f"input 16 channels 1\nsplit\n{one}{other}join add crop\n")
    (field,) = analysis.nodes[-1].fields
    assert field.span_at(0)[0] > field.span_at(0)[1]
    assert analysis.rows[-1].receptive_field.start == (Fraction(7, 2),)


def test_a_branch_that_is_not_known_makes_the_join_unknown(analysed):
    text = "input 8 channels 1\nsplit\nbranch\n conv 1 3 stride=2\n upsample 300\nbranch\njoin add crop\n"
    assert [row.receptive_field is None for row in analysed(text).rows] == [False, False, True, True]


def test_too_many_jumps_at_one_place_are_not_worked_out(analysed):
    text = "input 400 channels 1\nsplit\n" + "".join(
        f"branch\n maxpool 1 stride={s}\n crop 0,{-(-400 // s) - 20}\n" for s in range(2, 20)
    )
    assert analysed(text + "join add\n").nodes[-1].fields is None


def test_mirrored_pads_let_a_pixel_act_anywhere(analysed):
    node = analysed("input 16 channels 1\nconv 1 3 same fill=wrap\n").nodes[-1]
    assert influence(node.fields, node.node, 0, 15) == (0, 15)


def test_a_flat_vector_answers_for_its_single_place(analysed):
    node = analysed("input 8x8x1\nflatten\n").nodes[-1]
    assert influence(node.fields, node.node, 1, 7) == (0, 0)


# ---------------------------------------------------------------------- random nets, followed naively
Taps = Callable[[int], list[int]]
"""The input positions that one output reads; positions outside the map are pads and count too."""


def _conv(rng: random.Random) -> tuple[str, Taps]:
    k, s, p = rng.randint(1, 5), rng.choice((1, 1, 2, 3)), rng.randint(0, 2)
    return f"conv 1 {k} stride={s} padding={p}", lambda o: [o * s + j - p for j in range(k)]


def _dilated(rng: random.Random) -> tuple[str, Taps]:
    k, s, d = rng.randint(2, 3), rng.choice((1, 1, 2)), rng.randint(2, 3)
    return f"conv 1 {k} stride={s} dilation={d}", lambda o: [o * s + j * d for j in range(k)]


def _pool(rng: random.Random) -> tuple[str, Taps]:
    k, s = rng.randint(2, 3), rng.randint(1, 3)
    return f"maxpool {k} stride={s}", lambda o: [o * s + j for j in range(k)]


def _upconv(rng: random.Random) -> tuple[str, Taps]:
    s = rng.randint(1, 3)
    k, p = rng.randint(s, 5), rng.randint(0, 1) if s > 1 else 0
    return f"upconv 1 {k} stride={s} padding={p}", _stamped(k, s, p)


def _gappy(rng: random.Random) -> tuple[str, Taps]:
    s = rng.randint(2, 3)
    k = rng.randint(1, s - 1)
    return f"upconv 1 {k} stride={s}", _stamped(k, s, 0)


def _stamped(k: int, s: int, p: int, d: int = 1) -> Taps:
    return lambda o: [(o + p - d * j) // s for j in range(k) if (o + p - d * j) % s == 0]


def _spread(rng: random.Random) -> tuple[str, Taps]:
    k, s, d = rng.randint(1, 4), rng.randint(1, 4), rng.randint(2, 4)
    return f"upconv 1 {k} stride={s} dilation={d}", _stamped(k, s, 0, d)


def _nearest(rng: random.Random) -> tuple[str, Taps]:
    factor = rng.randint(2, 3)
    return f"upsample {factor}", lambda o: [o // factor]


def _bilinear(rng: random.Random) -> tuple[str, Taps]:
    factor = rng.randint(2, 3)

    def taps(o: int) -> list[int]:
        place = Fraction(2 * o + 1 - factor, 2 * factor)
        return [place.__floor__(), place.__ceil__()]

    return f"upsample {factor} bilinear", taps


def _border(rng: random.Random) -> tuple[str, Taps]:
    rows = rng.randint(1, 3)
    word, shift = rng.choice((("pad", -rows), ("crop", rows)))
    return f"{word} {rows}", lambda o: [o + shift]


LAYERS = (_conv, _conv, _conv, _pool, _upconv, _nearest, _bilinear, _border, _dilated, _dilated, _gappy, _spread)


class Naive:
    """A random 1-D net as text, and for every line the taps by which it reads earlier lines."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.lines = ["l0: input 37 channels 1"]
        self.reads: list[list[tuple[int, Taps]]] = [[]]
        sizes = [37]
        for number in range(1, 9):
            if number > 3 and rng.random() < 0.35:
                other = rng.randrange(number - 1)
                line, least = f"add l{other} crop", min(sizes[-1], sizes[other])
                read = [(i, _shifted((sizes[i] - least) // 2)) for i in (number - 1, other)]
            else:
                line, taps = rng.choice(LAYERS)(rng)
                read = [(number - 1, taps)]
            graph, faults = load_graph(Source("", "\n".join([*self.lines, f"l{number}: {line}"])))
            if faults or graph.nodes[-1].output.width > 400:
                break
            sizes.append(graph.nodes[-1].output.width)
            self.lines.append(f"l{number}: {line}")
            self.reads.append(read)
        self.analysis = analyse(load_graph(Source("", "\n".join(self.lines)))[0])
        self.depends = cache(self._depends)

    def _depends(self, line: int, output: int) -> frozenset[int]:
        if line == 0:
            return frozenset((output,))
        return frozenset().union(*(self.depends(i, p) for i, taps in self.reads[line] for p in taps(output)))


def _shifted(offset: int) -> Taps:
    return lambda o: [o + offset]


@pytest.mark.parametrize("seed", range(120))
def test_fields_are_the_hull_of_naive_dependence(seed):
    naive = Naive(seed)
    for line, node in enumerate(naive.analysis.nodes):
        (field,) = node.fields
        outputs = range(node.output.width)
        sets = [naive.depends(line, o) for o in outputs]
        for o, depends in zip(outputs, sets, strict=True):
            first, last = field.span_at(o)
            assert (first > last) if not depends else (first, last) == (min(depends), max(depends)), naive.lines
        largest = max((max(depends) - min(depends) + 1 if depends else 0) for depends in sets)
        assert node.receptive_field.size == (largest,), naive.lines


@pytest.mark.parametrize("seed", range(60))
def test_influence_holds_every_output_that_depends_on_a_pixel_and_none_whose_field_is_elsewhere(seed):
    naive = Naive(seed)
    for line, node in enumerate(naive.analysis.nodes):
        sets = [naive.depends(line, o) for o in range(node.output.width)]
        for position in (0, 5, 18, 36):
            near = [o for o, depends in enumerate(sets) if depends and min(depends) <= position <= max(depends)]
            reached = [o for o in near if position in sets[o]]
            first, last = influence(node.fields, node.node, 0, position) or (1, 0)
            assert all(first <= o <= last for o in reached), (naive.lines, line, position)
            if first <= last:
                assert near[0] <= first <= last <= near[-1], (naive.lines, line, position)


def test_influence_is_exact_through_contiguous_windows(analysed):
    """conv 3x3 twice and a pool: pixel 10 is read by 8..12 of the second map, so by pooled 4..6."""
    nodes = analysed("input 32 channels 1\nconv 1 3 same\nconv 1 3 same\nmaxpool 2\n").nodes
    assert [influence(node.fields, node.node, 0, 10) for node in nodes] == [(10, 10), (9, 11), (8, 12), (4, 6)]


def test_the_random_nets_are_worth_the_name():
    """Long enough, with joins of different jumps and with transposed windows among them."""
    nets = [Naive(seed) for seed in range(120)]
    text = "\n".join(line for net in nets for line in net.lines)
    assert sum(len(net.lines) for net in nets) > 600
    assert all(word in text for word in ("upconv 1 1 stride=3", "bilinear", "crop", "add", "dilation=2"))
    pieces = [node.fields[0].pieces for net in nets for node in net.analysis.nodes]
    assert sum(len(own) > 1 for own in pieces) > 20
    assert sum(any(piece.gaps for piece in own) for own in pieces) > 20
