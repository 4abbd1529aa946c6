"""Nets that go down and up again are drawn as a U: level copies, the way up to the right, never wider than asked."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.pictures.nets.net_items import net_items
from cnncalc.pictures.nets.net_picture import PAPER, SLIDE, Look, net_picture
from cnncalc.pictures.nets.u_levels import ULevels, u_levels
from cnncalc.pictures.nets.u_plan import UPlan, u_plan
from cnncalc.pictures.nets.volumes import scale_of
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Circle, Line, Scene, Text
from tests.pictures.checklist import faults


def padded(depth: int, shape: str = "64x64x1", up: str = "upconv {f} {k} stride=2", join: str = "concat {d}") -> str:
    """A U-net of so many halvings with padded convolutions."""
    rank = shape.count("x")
    three, two = "x".join(["3"] * rank), "x".join(["2"] * rank)
    lines = [f"input {shape}" if rank > 1 else "input {} channels {}".format(*shape.split("x"))]
    for level in range(depth):
        lines += [f"conv {8 << level} {three} pad=1 relu", f"d{level}: conv {8 << level} {three} pad=1 relu"]
        lines += [f"maxpool {two}"]
    lines += [f"conv {8 << depth} {three} pad=1 relu"] * 2
    for level in reversed(range(depth)):
        lines += up.format(f=8 << level, k=two, three=three).split("; ")
        lines += join.format(d=f"d{level}").split("; ")
        lines += [f"conv {8 << level} {three} pad=1 relu"] * 2
    return "\n".join([*lines, f"conv 2 {'x'.join(['1'] * rank)}"]) + "\n"


HOURGLASSES = padded(2, "32x32x4").rsplit("conv 2 1x1", 1)[0] + "".join(
    padded(2).split("\n", 1)[1].replace("d0", "e0").replace("d1", "e1")
)
ODD = {
    "two hourglasses": HOURGLASSES,
    "steps of four": "input 64x64x1\na: conv 8 3x3 pad=1\nconv 8 4x4 stride=4\nb: conv 16 3x3 pad=1\nmaxpool 2\n"
    "conv 32 3x3 pad=1\nupsample 2\nconcat b\nconv 16 3x3 pad=1\nupsample 4\nconcat a\nconv 1 1x1\n",
    "a vector at the bottom": "input 32x32x1\na: conv 8 3x3 pad=1\nmaxpool 2\nb: conv 8 3x3 pad=1\nmaxpool 2\nflatten\n"
    "dense 512\nreshape 8x8x8\nupconv 8 2x2 stride=2\nconcat b\nupconv 8 2x2 stride=2\nconcat a\nconv 1 1x1\n",
    "the input added at the end": padded(2, "32x32x2").replace("input 32x32x2", "i: input 32x32x2") + "add i\n",
    "a second output": padded(3).replace("conv 2 1x1", "last: conv 2 1x1") + "other: conv 1 1x1 from=d0\n",
    "ten levels": padded(10, "1024x1024x1"),
}
RESIDUAL = """block res f
  a: conv $f 1x1
  conv $f 3x3 pad=1 bn relu
  conv $f 3x3 pad=1 bn
  add a
  relu
end
input 96x96x3
one: res 16
maxpool 2
two: res 32
maxpool 2
three: res 64
maxpool 2
res 128
upconv 64 2x2 stride=2
concat three
res 64
upconv 32 2x2 stride=2
concat two
res 32
upconv 16 2x2 stride=2
concat one
res 16
conv 1 1x1 sigmoid
"""
NETS = {
    "residual blocks": RESIDUAL,
    "two levels": padded(2),
    "six levels": padded(6),
    "upsample and convolution": padded(3, up="upsample 2; conv {f} {three} pad=1 relu"),
    "added": padded(3, join="add {d}"),
    "signal": padded(3, "256x4"),
    "volume": padded(3, "32x32x32x1"),
    "not square": padded(3, "96x64x3"),
    "odd sizes": padded(3, "101x77x3", up="upconv {f} 3x3 stride=2", join="concat {d} crop"),
}


def laid(text: str, width: float = PAPER) -> tuple[ULevels, UPlan]:
    levels = u_levels(net_items(cnncalc.load(text).analysis))
    assert levels is not None
    plan = u_plan(levels, width)
    assert plan is not None
    return levels, plan


def dashed(scene: Scene) -> list[Line]:
    """The copies across the U, without the one in the legend."""
    return [shape for shape in flat(scene.shapes) if isinstance(shape, Line) and shape.dash == "6 3"][:-1]


@pytest.mark.parametrize("name", NETS)
def test_a_net_that_goes_down_and_up_again_is_a_u_of_the_width_asked_for(name: str) -> None:
    analysis = cnncalc.load(NETS[name]).analysis
    for width in (SLIDE, PAPER, 500.0):
        scene = net_picture(analysis, Look(width))
        assert faults(scene, len(analysis.rows)) == []
        assert scene.width <= width
    assert dashed(net_picture(analysis, Look(PAPER)))


@pytest.mark.parametrize("name", ODD)
def test_an_odd_u_has_no_fault_whether_it_fits_or_becomes_a_strip(name: str) -> None:
    analysis = cnncalc.load(ODD[name]).analysis
    assert u_levels(net_items(analysis)) is not None
    for width in (SLIDE, PAPER, 500.0):
        scene = net_picture(analysis, Look(width))
        assert faults(scene, len(analysis.rows)) == []
        assert scene.width <= width


@pytest.mark.parametrize("width", [SLIDE, PAPER])
def test_the_unet_of_the_paper_has_five_levels_four_level_copies_and_four_green_ups(width: float) -> None:
    scene = net_picture(cnncalc.load("unet").analysis, Look(width))  # Ronneberger 2015, figure 1
    copies = dashed(scene)
    assert len(copies) == 4
    assert all(len({y for _, y in copy.points}) == 1 for copy in copies)
    ups = [shape for shape in flat(scene.shapes) if isinstance(shape, Line) and shape.stroke == "rise"]
    assert len(ups) == 4
    assert all(up.points[0][1] > up.points[-1][1] for up in ups)
    assert scene.width <= width
    assert not any(isinstance(shape, Circle) for shape in flat(scene.shapes))


def test_each_level_of_a_u_has_the_way_up_to_the_right_of_the_way_down() -> None:
    levels, plan = laid("unet")
    assert [levels.level[place] for place in levels.main] == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3 + [
        3
    ] * 3 + [2] * 3 + [1] * 3 + [0] * 4
    for source, reader in levels.skips:
        assert plan.spots[source].right + 46 <= plan.spots[reader].left


def test_at_17_cm_letters_keep_their_size_and_square_sizes_are_written_short() -> None:
    scene = net_picture(cnncalc.load("unet").analysis, Look(PAPER))
    texts = [shape for shape in flat(scene.shapes) if isinstance(shape, Text)]
    assert min(text.size for text in texts) == 9
    assert {"572²", "28²", "572² is 572×572"} <= {text.text for text in texts}


def test_a_net_with_one_up_sampling_or_without_copies_is_a_strip() -> None:
    one_up = "input 32x32x3\na: conv 8 3x3 pad=1\nmaxpool 2\nconv 8 3x3 pad=1\nupsample 2\nconcat a\nconv 2 1x1\n"
    autoencoder = "input 32x32x3\nmaxpool 2\nmaxpool 2\nupsample 2\nconv 8 3x3 pad=1\nupsample 2\nconv 3 1x1\n"
    for text in (one_up, autoencoder, "resnet50"):
        assert u_levels(net_items(cnncalc.load(text).analysis)) is None


def test_an_up_sampling_and_its_concat_are_one_volume_of_two_halves() -> None:
    levels, _ = laid("unet")
    joined = [item for item in levels.items if item.part_kinds]
    assert [(item.words, item.after, item.part_kinds, item.parts) for item in joined[:1]] == [
        (("upconv", "2×2", "stride 2"), ("concat",), ("up", "conv"), (512, 512))
    ]
    assert [(item.first, item.last) for item in joined] == [(15, 16), (19, 20), (23, 24), (27, 28)]


def test_an_up_sampling_with_its_convolution_is_one_arrow_that_says_both() -> None:
    levels, plan = laid(NETS["upsample and convolution"])
    assert {words.lines for place, words in plan.upright.items() if levels.items[place].kind == "up"} == {
        ("upsample ×2, conv 3×3 pad 1,", "relu, concat")
    }


def test_words_of_an_upright_arrow_do_not_lie_on_the_next_one() -> None:
    scene = net_picture(cnncalc.load(NETS["volume"]).analysis, Look(PAPER))
    ups = [shape for shape in flat(scene.shapes) if isinstance(shape, Line) and shape.stroke == "rise"]
    words = [shape for shape in flat(scene.shapes) if isinstance(shape, Text) and shape.text == "max pool 2×2×2 /2"]
    assert [text.anchor for text in words] == ["start", "start", "end"]
    lowest = min(x for x, _ in max(ups, key=lambda up: up.points[0][1]).points)
    assert all(text.x <= lowest for text in words)


def test_a_map_of_three_sides_is_drawn_as_slices_that_grow_fewer_with_its_depth() -> None:
    items = net_items(cnncalc.load(NETS["volume"]).analysis)
    slices = {item.shape.spatial[0]: scale_of(items).box(item).slices for item in items}
    assert slices == {32: 6, 16: 4, 8: 3, 4: 2}  # round(6 sqrt(depth / 32))
    flat_items = net_items(cnncalc.load("lenet5").analysis)
    assert {scale_of(flat_items).box(item).slices for item in flat_items} == {1}


def test_the_empty_corner_of_a_detector_holds_the_inside_of_its_blocks() -> None:
    scene = net_picture(cnncalc.load("yolov3").analysis, Look(SLIDE))
    assert "block (inside above)" in [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]
    assert scene.height < 900  # 1,278 as a strip with the panels below it


def test_heads_lie_to_the_right_of_what_they_read_at_its_level() -> None:
    levels, plan = laid("yolov3", SLIDE)
    assert [levels.items[head[-1]].label for head in levels.heads] == ["large", "medium"]
    for source, *head in levels.heads:
        assert plan.head_starts[source] > plan.spots[source].right
        assert all(plan.spots[place].left > plan.head_starts[source] for place in head)
