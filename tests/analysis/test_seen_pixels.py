"""The pixels that a number is said to depend on are those that change it when they are disturbed.

The nets are linear with random weights: each pixel is given as a vector of its own, the definitions by hand compute
with these vectors, and where a number's vector is not zero is what a change of a pixel changes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cnncalc.analysis import Analysis
from cnncalc.analysis.by_hand import DEFINITIONS, _lifted
from cnncalc.analysis.by_hand.volumes import Step, Volume, nested, places, sizes_of, volume
from cnncalc.analysis.seen_pixels import SeenAxis, SeenInput, seen_lines, seen_pixels
from cnncalc.analysis.worked_cells.addresses import address_of

Analysed = Callable[..., Analysis]


class Vector(np.ndarray[Any, Any]):
    """A vector that definitions take for a whole number."""

    denominator = 1

    @property
    def numerator(self) -> Vector:
        return self


def disturbed(analysis: Analysis) -> dict[int, Volume]:
    """For each node its numbers as vectors: how much each pixel of all inputs, one after the other, counts in it."""
    draw = np.random.default_rng(4).uniform
    inputs = [node for node in analysis.nodes if node.node.is_input]
    areas = [int(np.prod(node.output.spatial)) for node in inputs]
    known: dict[int, Volume] = {}
    for node in analysis.nodes:
        index = node.node.index
        if node.node.is_input:
            start = sum(areas[: inputs.index(node)])
            sizes: Any = (*(1,) * (3 - node.output.rank), *node.output.spatial)
            pixels = {place: n for n, place in enumerate(places(sizes), start)}
            unit = np.eye(sum(areas)).view(Vector)
            known[index] = volume(
                node.output.channels, sizes, lambda _, place, u=unit, p=pixels: draw(0.5, 1) * u[p[place]]
            )
            continue
        weights = {
            one.name: nested([0.0 if "bias" in one.name else draw(0.5, 1) for _ in range(one.count)], _lifted(one))
            for one in node.weights
        }
        call = node.node.layer.kernel_call(node.inputs)
        known[index] = DEFINITIONS[call.kernel](Step([known[i] for i in node.node.inputs], weights, call.numbers))
    return known


def said_places(axis: SeenAxis) -> set[int]:
    return {*axis.pixels, *(at for first, last in axis.copied for at in range(first, last + 1))}


def assert_is_seen(analysis: Analysis, seen: tuple[SeenInput, ...], number: Any, where: str) -> None:
    """What changes lies in the field; where that is exact, its first and last place along each axis are those said."""
    start, found = 0, {one.name: one for one in seen}
    inputs = [node for node in analysis.nodes if node.node.is_input]
    for node in inputs:
        spatial = node.output.spatial
        area = int(np.prod(spatial))
        counts = np.broadcast_to(np.asarray(number, float), (start + area if np.ndim(number) == 0 else len(number),))
        changing = np.argwhere(counts[start : start + area].reshape(spatial) != 0)
        start += area
        one = found.get(node.node.name)
        if one is None:
            assert not len(changing), where
            continue
        said = [said_places(axis) for axis in one.axes]
        assert all(at in axis for place in changing for at, axis in zip(place, said, strict=True)), where
        if not one.at_most:
            ends = [(min(axis), max(axis)) for axis in said] if all(said) else []
            right = [*zip(changing.min(0), changing.max(0), strict=True)] if len(changing) else []
            assert ends == right, where


def assert_all_are_seen(analysis: Analysis, text: str, cells: int = 6) -> None:
    node, chosen = analysis.nodes[-1], random.Random(text)
    made = disturbed(analysis)[node.node.index]
    spots = [(channel, place) for channel in range(len(made)) for place in places(sizes_of(made))]
    for channel, (z, y, x) in [spots[0], spots[-1], *chosen.sample(spots, min(cells, len(spots)))]:
        seen = seen_pixels(analysis, node, (z, y, x), channel)
        assert_is_seen(analysis, seen, made[channel][z][y][x], f"{text} at {channel}, {z, y, x}")


KEEPING = (
    *("conv 4 3x3 same", "conv 4 3x3 padding=1 fill=wrap", "conv 4 3x3 padding=1 fill=reflect", "dwconv 3x3 same"),
    *("conv 4 1x1 groups=2", "conv 4 3x3 padding=2 dilation=2 fill=edge", "shuffle 2", "conv 4 3x3 same groups=4"),
    *("conv 4 3x3 same dilation=2", "conv 4 1x3 same", "conv 4 3x1 same", "sepconv 4 3x3 same"),
)
"""On 6x6x4, and so is what they make."""

CHANGING = (
    *("pad 1,0,2,1 fill=reflect", "pad 2 fill=wrap", "pad 2 fill=edge", "pad 3", "crop 1", "padchannels 3"),
    *("spacetodepth 2", "depthtospace 2", "flatten", "slice 1:3", "slice 1:3 axis=width", "reshape 4x3x12"),
    *("reduce sum height", "reduce sum channels", "reduce sum height,width keep", "sumpool 2", "sumpool 3 stride=2"),
    *("upconv 2 3x3 stride=2", "upconv 4 2x2 stride=3 groups=2", "conv 2 3x3 stride=2"),
    *("slice 0:1\nupsample 2x1 bilinear", 'rearrange "h w c -> w h c"', "local 2 3x3"),
    *("flatten\nslice 3:40", "flatten\ndense 3", "flatten channels_first", "pad 2\nsumpool 3 stride=3"),
)

JOINING = (
    *("concat i a", "add i a", "concat i a axis=width", "sub a i", "concat a i axis=height\nconv 2 3x3 same"),
    *("concat i a\ndwconv 1x1", "concat i a\nconv 2 1x1 groups=2", "concat i a\nconv 4 3x3 same groups=2"),
    *("concat i a\nshuffle 2\ndwconv 3x3 padding=1 fill=wrap", "concat i a\nspacetodepth 2\nslice 5:9"),
)


PLAIN, BRANCHES = "input 8x8x4\n", "i: input 9x9x2\na: conv 3 1x1\nb: conv 3 5x5 same from i\n"
DILATED = ["rows 1 to 5 of 9 and columns 1 to 5 of 9, and padding: 4 rows before the first, 4 columns before the first"]
PAIR = "left: input 6x6x1\na: conv 2 3x3\nright: input 8x8x1\nb: conv 2 5x5\n"


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        (f"{PLAIN}pad 1,0,2,1 fill=reflect", "6,2", ["row 5 of 8 and column 2 of 8"]),
        (f"{PLAIN}pad 2 fill=wrap", "1,1", ["row 7 of 8 and column 7 of 8"]),
        (f"{PLAIN}pad 3 fill=reflect\nconv 2 3x3", "1,1", ["rows 2 to 4 of 8 and columns 2 to 4 of 8"]),
        (f"{PLAIN}conv 2 5x5\npad 3", "2,2", ["no pixel of the input"]),
        ("input 29x29x1\ncrop 1\ncrop 1\npad 1", "1,1", ["no pixel of the input"]),
        ("input 25x25x1\nmaxpool 2x2 stride=3\npad 1", "10,10", ["no pixel of the input"]),
        (
            "input 25x25x1\nmaxpool 2x2\nconv 2 3x3 same",
            "12,12",
            [
                (
                    "rows 21 to 24 of 25 and columns 21 to 24 of 25, and padding: 1 row after the last, "
                    "1 column after the last"
                )
            ],
        ),
        (
            "input 33x33x1\nmaxpool 5x5 stride=2\nmaxpool 5x5 stride=3\nconv 2 2x2 stride=1 dilation=2 padding=1",
            "1,1",
            [
                (
                    "rows 7 to 19 of 33 and columns 7 to 19 of 33, and padding: 6 rows before the first, "
                    "6 columns before the first"
                )
            ],
        ),
        (
            "input 8x8x1\nconv 3 3x3 fill=wrap padding=1",
            "1,8",
            [
                (
                    "rows 1 to 2 of 8 and columns 7 to 8 of 8, and padding: 1 row before the first, "
                    "1 column after the last, which copies row 8 and column 1"
                )
            ],
        ),
        (f"{BRANCHES}concat a b", "5,5,1", ["row 5 of 9 and column 5 of 9"]),
        (f"{BRANCHES}concat a b", "5,5,4", ["rows 3 to 7 of 9 and columns 3 to 7 of 9"]),
        (f"{BRANCHES}concat i b\ndwconv 1x1", "5,5,2", ["row 5 of 9 and column 5 of 9"]),
        (f"{BRANCHES}concat a b\nconv 2 1x1 groups=2", "5,5,1", ["row 5 of 9 and column 5 of 9"]),
        (f"{PLAIN}flatten", "84", ["row 3 of 8 and column 5 of 8"]),
        (f"{PLAIN}spacetodepth 2", "4,1,15", ["row 8 of 8 and column 1 of 8"]),
        (f"{PLAIN}reduce max height", "2,3", ["all 8 rows and column 2 of 8"]),
        (f"{PLAIN}padchannels 3", "3,6,8", ["no pixel of the input"]),
        (f"{PLAIN}adaptavg 3", "2,3", ["rows 3 to 6 of 8 and columns 6 to 8 of 8"]),
        ("input 9x9x1\nconv 1 3x3 dilation=4 padding=4", "1,1", DILATED),
        (
            f"{PAIR}sub a b",
            "2,3,2",
            [
                "in left: rows 2 to 4 of 6 and columns 3 to 5 of 6",
                "in right: rows 2 to 6 of 8 and columns 3 to 7 of 8",
            ],
        ),
        (f"{PAIR}conv 2 3x3 from a", "1,1", ["rows 1 to 5 of 6 and columns 1 to 5 of 6"]),
    ],
)
def test_the_field_is_that_of_the_numbers_which_are_read(
    analysed: Analysed, text: str, at: str, words: list[str]
) -> None:
    """Found by hand from what each layer reads."""
    analysis = analysed(f"{text}\n")
    node = analysis.nodes[-1]
    channel, place = address_of(at, node.output)
    found = seen_lines(seen_pixels(analysis, node, place, channel))
    assert found == [f"Receptive field{' ' if line.startswith('in ') else ': '}{line}." for line in words]


@pytest.mark.parametrize("last", CHANGING)
def test_what_a_pixel_changes_is_what_is_said_of_every_layer(analysed: Analysed, last: str) -> None:
    for before in ("", "dwconv 3x3 padding=1 fill=wrap\n", "dwconv 3x1 same\n"):
        text = f"input 6x6x4\n{before}{last}\n"
        assert_all_are_seen(analysed(text), text)


def test_what_a_pixel_changes_is_what_is_said_of_random_nets(analysed: Analysed) -> None:
    """Chains of layers, branches joined, and a last layer, drawn with one seed."""
    chosen = random.Random(7)
    for _ in range(6):
        ways = ["\n".join(chosen.choices(KEEPING, k=chosen.randrange(1, 4))) for _ in range(2)]
        branch = chosen.choice(("", f"a: {chosen.choice(KEEPING)}\n{chosen.choice(JOINING)}\n"))
        ends = chosen.choice(KEEPING[:3]) if not branch else ""
        text = f"input 6x6x4\n{ways[0]}\ni: {chosen.choice(KEEPING)}\n{branch}{ends}\n"
        assert_all_are_seen(analysed(text), text, 4)
