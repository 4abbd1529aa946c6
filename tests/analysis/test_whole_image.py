"""Fields over global layers: the whole image, and beside it the field of the local paths alone.

Published fields are those of Araujo et al. 2019, "Computing Receptive Fields of Convolutional Neural Networks"
(distill.pub), at the last map before global pooling; the rest is worked out by hand beside the test.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.field_terms import field_terms
from cnncalc.graph import load_graph
from cnncalc.sources import find

DISTILL = [
    ("alexnet-2012", 195, 32),
    ("vgg16", 212, 32),
    ("mobilenet", 315, 32),
    ("resnet50-keras", 483, 32),
    ("resnet101-keras", 1027, 32),
    ("resnet152-keras", 1507, 32),
    ("resnet50-v2", 483, 32),
    ("resnet101-v2", 1027, 32),
    ("resnet152-v2", 1507, 32),
    ("inception-v3", 1311, 32),
    ("inception-v3-keras", 1311, 32),
    ("inception-resnet-v2", 3039, 32),
    # not in that table: with the stride on the 3x3, as torchvision has it, each of three blocks adds (3 - 1) * j less
    ("resnet50", 427, 32),
    ("densenet121", 2071, 32),
]

GATED = "input 32x32x4\nconv 4 3x3 same\nsplit\nbranch\nbranch\n gap\njoin mul\nconv 4 3x3 same\n"

EFFICIENTNET_B0 = """
block mb kernel filters wide stride=1
  conv $wide 1x1 nobias bn silu
  d: dwconv ${kernel}x${kernel} stride=$stride same nobias bn silu
  gap
  dense 8 silu
  s: dense $wide sigmoid
  mul d s
  conv $filters 1x1 nobias bn
end
input 224x224x3
conv 32 3x3 stride=2 same nobias bn silu
mb 3 16 32
mb 3 24 96 2
mb 3 24 144
mb 5 40 144 2
mb 5 40 240
mb 3 80 240 2
mb 3 80 480 times 2
mb 5 112 480
mb 5 112 672 times 2
mb 5 192 672 2
mb 5 192 1152 times 3
mb 3 320 1152
conv 1280 1x1 nobias bn silu
"""


def numbers(field) -> tuple:
    """Size and jump along the first axis, and whether it is the whole image."""
    return field.size[0], field.jump[0], field.whole


@pytest.mark.parametrize(("name", "size", "jump"), DISTILL, ids=[row[0] for row in DISTILL])
def test_the_last_map_of_a_published_net_has_its_published_field(name, size, jump):
    graph, _ = load_graph(find(name))
    rows = [row for row in analyse(graph).rows if row.output.rank and row.receptive_field.local]
    assert numbers(rows[-1].receptive_field) == (size, jump, False)


def test_efficientnet_b0_sees_851_pixels_32_apart_over_local_paths_and_the_whole_image_over_its_gates(analysed):
    """851 is 1 + 2 + the sum over its depthwise windows (Tan and Le 2019, table 1), without squeeze-excitation."""
    field = analysed(EFFICIENTNET_B0).rows[-1].receptive_field
    assert numbers(field) == (851, 32, True)


def test_behind_a_gate_kernels_still_add_to_the_local_field(analysed):
    rows = analysed(GATED).rows
    assert numbers(rows[3].receptive_field) == (3, 1, True)
    assert numbers(rows[4].receptive_field) == (5, 1, True)
    assert rows[4].receptive_field.start == (Fraction(1, 2),) * 2


def test_the_whole_field_of_a_gated_line_still_holds_all_pixels(analysed):
    """What `run --verify` puts to the proof is the field over all paths: with its pads -1 to 32."""
    for field in analysed(GATED).nodes[-1].fields:
        assert [field.span_at(output) for output in (0, 13, 31)] == [(-1, 32)] * 3


def test_where_no_path_is_local_the_field_is_the_whole_image_with_its_pads_and_no_jump(analysed):
    field = (
        analysed("input 32x32x4\nconv 4 3x3 same\ngap\ndense 16\nreshape 4x4x1\nconv 1 3x3\n").rows[-1].receptive_field
    )
    assert (field.whole, field.local, field.size, field.jump) == (True, False, (34, 34), (0, 0))
    assert field.start == (16, 16)


@pytest.mark.parametrize(
    "lines", ["gap", "gmp", "adaptavg 1", "adaptmax 1", "flatten", "flatten; dense 3", "reshape 8x8x1"]
)
def test_a_global_layer_ends_every_local_path(analysed, lines):
    field = analysed("input 8x8x1\n" + lines.replace("; ", "\n")).rows[-1].receptive_field
    assert (field.whole, field.local, field.seen) == (True, False, ())


@pytest.mark.parametrize("line", ["gn 1", "ln all"])
def test_a_norm_over_places_sees_the_whole_image_but_its_local_path_is_pointwise(analysed, line):
    field = analysed(f"input 8x8x2\nconv 2 3x3 same\n{line}\nconv 2 3x3 same\n").rows[-1].receptive_field
    assert (*numbers(field), field.local) == (5, 1, True, True)


@pytest.mark.parametrize("line", ["ln", "bn", "softmax", "lrn", "adaptavg 4", "conv 2 8x8", "avgpool 8"])
def test_what_is_found_place_by_place_or_through_a_window_is_not_global(analysed, line):
    """A window that happens to be as large as the map stays a window, as in the published fields of VGG's 7x7."""
    field = analysed(f"input 8x8x2\n{line}\n").rows[-1].receptive_field
    assert (field.whole, field.local) == (False, True)


def test_two_gates_in_a_row_leave_the_local_field_to_the_kernels(analysed):
    gate = "x: conv 4 3x3 same\ngap\ns: dense 4 sigmoid\nmul x s\n"
    rows = analysed("input 16x16x4\n" + gate + gate.replace("x:", "y:").replace("s:", "t:").replace("x s", "y t")).rows
    assert [row.receptive_field.size[0] for row in rows if row.row.word in ("conv", "mul")] == [3, 3, 5, 5]


def test_pixels_that_a_crop_or_a_stride_leaves_unread_are_no_part_of_the_whole_image(analysed):
    """A 3x3 window with stride 2 reads 31 of 32 rows; a crop of 8 on each side leaves 16."""
    assert analysed("input 32x32x1\nconv 1 3x3 stride=2\ngap\n").rows[-1].receptive_field.seen == (31, 31)
    assert analysed("input 32x32x1\ncrop 8\ngap\n").rows[-1].receptive_field.seen == (16, 16)


def test_a_net_without_global_layers_has_no_whole_field(analysed):
    assert not any(row.receptive_field.whole for row in analysed("input 9x9x1\nconv 1 3x3\nmaxpool 2\n").rows)


def test_a_second_inputs_gap_does_not_make_the_first_image_whole(analysed):
    """Fields are those of the first input: a gate from another image tells nothing of it."""
    rows = analysed("a: input 8x8x2\nb: input 8x8x2\ns: gap\nx: conv 2 3x3 same from a\nmul x s\n").rows
    assert numbers(rows[-1].receptive_field) == (3, 1, False)


def test_an_upper_bound_of_the_local_field_is_none_of_the_whole_one(analysed):
    """Half of a concat of 1x1 and 5x5 sees 5x5 at most; but its gate, from all channels, sees the whole image."""
    branches = "input 16x16x2\nsplit\nbranch\n conv 2 1x1\nbranch\n conv 2 5x5 same\njoin concat\nslice 0:2\n"
    field = analysed(branches).nodes[-1]
    assert (field.receptive_field.at_most, field.fields_at_most) == (True, True)
    gated = branches + "split\nbranch\nbranch\n gap\njoin mul\n"
    assert analysed(gated).nodes[-1].receptive_field.at_most


# ---------------------------------------------------------------------- the sum, term by term
def terms_of(analysed, text: str, axis: int = 0) -> list[tuple[str, int, Fraction, int]]:
    nodes = analysed(text).nodes
    found = field_terms(nodes, len(nodes) - 1, axis)
    return [(term.node.node.name, term.extent, term.jump, term.growth) for term in found]


def test_every_term_is_the_extent_less_one_times_the_strides_before(analysed):
    text = "input 64x64x1\nconv 1 7x7 stride=2\nrelu\nmaxpool 3x3 stride=2\nconv 1 3x3 dilation=2\nconv 1 1x1\n"
    assert terms_of(analysed, text) == [("conv1", 7, 1, 6), ("maxpool1", 3, 2, 4), ("conv2", 5, 4, 16)]


def test_the_sum_follows_the_branch_with_the_largest_field(analysed):
    wide = "branch\n b: conv 1 5x5 same\n c: conv 1 3x3 same\n"
    text = f"input 32x32x1\nsplit\nbranch\n a: conv 1 3x3 same\n{wide}join add\n"
    assert terms_of(analysed, text) == [("b", 5, 1, 4), ("c", 3, 1, 2)]


def test_each_axis_has_its_own_sum(analysed):
    text = "input 30x40x1\nconv 1 3x5 stride=1x2\nconv 1 3x3\n"
    assert terms_of(analysed, text, 0) == [("conv1", 3, 1, 2), ("conv2", 3, 1, 2)]
    assert terms_of(analysed, text, 1) == [("conv1", 5, 1, 4), ("conv2", 3, 2, 4)]


def test_branches_beside_each_other_add_what_no_window_explains(analysed):
    """One branch looks two pixels to the left, one two to the right: together they span 5."""
    text = "input 32 channels 1\nsplit\nbranch\n crop 0,4\nbranch\n crop 4,0\njoin add\n"
    assert terms_of(analysed, text) == [("add1", 0, Fraction(1), 4)]


def test_the_terms_and_one_are_the_size_in_nets_that_ship():
    for name in ("resnet50-v2", "yolov3", "unet", "nasnet-mobile"):
        analysis = analyse(load_graph(find(name))[0])
        for node in analysis.nodes:
            if node.receptive_field is not None and node.receptive_field.local:
                terms = field_terms(analysis.nodes, node.node.index, 0)
                assert 1 + sum(term.growth for term in terms) == node.receptive_field.size[0], (name, node.node.name)


def test_a_global_layer_ends_the_sum_and_is_named(analysed):
    nodes = analysed(GATED).nodes
    assert nodes[2].node.name == "gap1"
    assert [node.receptive_field.over for node in nodes] == [None, None, 2, 2, 2]
    assert field_terms(nodes, 2, 0) == ()
    assert terms_of(analysed, GATED) == [("conv1", 3, 1, 2), ("conv2", 3, 1, 2)]


def test_a_gate_that_was_one_place_already_is_named_by_the_join_that_spreads_it(analysed):
    text = "x: input 8x8x4\nconv 4 8x8\nmul x\n"
    nodes = analysed(text).nodes
    assert [node.receptive_field.over for node in nodes] == [None, None, 2]
