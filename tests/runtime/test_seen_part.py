"""One number of a net from the part that it depends on: the same as from the whole maps, and cheaper."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.analysis.traced_cell import traced
from cnncalc.analysis.worked_cells.addresses import nth
from cnncalc.runtime.cell_runs import LineRun, NumberNotComputedError, computed, line_run
from cnncalc.runtime.planning import part_of, plan
from cnncalc.runtime.seen_part import seen_part, whole_part
from cnncalc.runtime.weights import load, save, seeded

from .nets import analysed, given

NETS = [
    "input 17x15x3\nconv 10 3x3 stride=2 padding=1 bn relu\nconv 8 3x3 padding=1 groups=2\nmaxpool 2\nconv 8 3x3 same",
    "input 16x16x2\na: conv 8 3x3 same relu\nconv 8 3x3 same dilation=2\nadd a\nconcat a\nconv 8 1x1 sigmoid",
    "input 20x20x2\na: conv 8 3x3\nconv 8 3x3 stride=2\nupconv 8 2x2 stride=2\nconcat a crop\nconv 8 3x3",
    "input 9x9x2\nupconv 4 3x3 stride=2 padding=1 output_padding=1\nupconv 8 2x2 stride=3",
    (
        "input 12x12x4\nsepconv 8 3x3 same ln\ndwconv 5x5 stride=2 padding=2 relu6\nupsample 2\n"
        "conv 8 3x3 padding=1 softmax"
    ),
    (
        "input 12x12x4\nconv 8 3x3 fill=reflect padding=1\navgpool 3x3 stride=2 padding=1 countpad\nlrn\n"
        "maxpool 3 stride=2 ceil"
    ),
    "input 12x12x4\nc: conv 8 3x3 same\ngap\ndense 8 sigmoid\nmul c\nconv 8 3x3 padding=1\ngn 2\nconv 8 3x3",
    "input 30 channels 2\nconv 8 3 stride=2\nmaxpool 2\nconv 8 3 dilation=2 padding=2",
    "input 7x8x9x2\nconv 8 3x3x3 padding=1 relu\nmaxpool 2\nconv 8 1x3x3",
    "input 10x10x3\nconv 8 3x3\nflatten\ndense 70 relu",
    "input 10x10x3\nconv 8 3x3\ncrop 1\nshuffle 2\nconv 8 3x3",
]


def runs(text: str, number: int) -> tuple[LineRun, LineRun, int, tuple[int, tuple[int, int, int]]]:
    analysis = analysed(text)
    row = analysis.rows[-1]
    whole = part_of(plan(analysis, 1, "float32"), row.row.last)
    address = nth(number, row.output)
    parts = (whole_part(whole), seen_part(whole, *address))
    first, second = (line_run(row, part, seeded(analysis, 1, part=part.plan), given(analysis)) for part in parts)
    return first, second, row.row.last, address


@pytest.mark.parametrize("text", NETS)
def test_a_number_is_the_same_from_its_part_as_from_the_whole_maps(text: str) -> None:
    count = analysed(text).rows[-1].output.elements
    for number in {0, count // 3, count // 2 + 1, count - 1}:
        whole, part, node, address = runs(text, number)
        scale = whole.largest
        assert scale > 0
        assert part.computed(node, *address) == pytest.approx(whole.computed(node, *address), abs=1e-5 * scale)


@pytest.mark.parametrize("text", NETS)
def test_what_is_worked_out_needs_no_number_beside_the_part(text: str) -> None:
    """And the kernels confirm it on their cut maps."""
    analysis = analysed(text)
    count = analysis.rows[-1].output.elements
    for number in {0, count // 2, count - 1}:
        _, part, _, address = runs(text, number)
        cell = traced(analysis, analysis.rows[-1], address, part.values, part.own_weights)
        assert cell.works
        assert all(one.confirmed for one in computed(cell, part))


def test_of_a_deep_net_only_the_receptive_field_is_computed() -> None:
    """Two 3x3 convolutions see 5x5; at the corner the padding is no part of that: 3x3."""
    whole = plan(analysed("input 200x200x3\nconv 8 3x3 padding=1\nconv 8 3x3 padding=1"), 1, "float32")
    sizes = [[step.output[2:] for step in seen_part(whole, 0, place).plan.steps] for place in ((0, 90, 7), (0, 0, 0))]
    assert sizes == [[(1, 5, 5), (1, 3, 3), (1, 1, 1)], [(1, 3, 3), (1, 2, 2), (1, 1, 1)]]


def test_a_number_beside_the_part_is_not_made_up() -> None:
    _, part, node, (channel, (z, y, x)) = runs("input 9x9x1\nconv 2 3x3\nconv 8 3x3", 0)
    values = part.values(node)
    assert values is not None
    assert (len(values), len(values[3]), len(values[3][0]), len(values[3][0][4])) == (8, 1, 5, 5)
    assert values[channel][z][y][x] == part.computed(node, channel, (z, y, x))
    with pytest.raises(NumberNotComputedError):
        values[0][0][4][4]


@pytest.mark.parametrize("unit", [0, 17, 69])
def test_of_a_dense_layer_only_some_units_are_drawn_and_they_are_those_of_all(unit: int, tmp_path) -> None:
    """Sixteen of them: the units beside one say how large its numbers are; a file gives the same rows."""
    analysis = analysed("input 3x3x2\nflatten\ndense 70 relu")
    whole = plan(analysis, 1, "float32")
    part = seen_part(whole, unit, (0, 0, 0)).plan
    every, some = seeded(analysis, 5), seeded(analysis, 5, part=part)
    first, last = unit // 16 * 16, min(unit // 16 * 16 + 16, 70)
    save(tmp_path / "w.npz", every.arrays)
    for found in (some, load(tmp_path / "w.npz", analysis, part=part)):
        assert {name: array.tolist() for name, array in found.arrays.items()} == {
            name: array[first:last].tolist() for name, array in every.arrays.items()
        }
    assert part.weight_bytes == (last - first) * (18 + 1) * 4


def test_a_row_far_within_a_large_weight_is_drawn_as_among_all() -> None:
    """Weights are drawn in blocks of 2,097,152 numbers; unit 2,000 of 2,048 begins in the second block."""
    analysis = analysed("input 1200\ndense 2048")
    part = seen_part(plan(analysis, 1, "float32"), 2000, (0, 0, 0)).plan
    every, some = (seeded(analysis, 5, part=one).arrays["dense1.weight"] for one in (None, part))
    assert np.array_equal(some, every[2000:2016])


def test_lent_weights_are_kept_whole() -> None:
    """Two lines use them: the rows of one are not those of the other."""
    analysis = analysed("input 8\na: dense 8\ndense 8 shared=a")
    part = seen_part(plan(analysis, 1, "float32"), 3, (0, 0, 0))
    assert part.units == {}
    assert part.plan.stored_rows == {}
