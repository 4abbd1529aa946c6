"""An engine plan is data: fused, joined in place, placed in shared slots, and printed without an array in sight."""

from __future__ import annotations

from cnncalc.runtime.engine.engine_plan import EnginePlan
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.planning import plan

from .nets import analysed


def planned(text: str, batch: int = 1, algorithm: str = "auto") -> EnginePlan:
    return engine_plan(plan(analysed(text), batch), 16, 2, algorithm)


RESIDUAL = """input 32x32x3
conv 64 3x3 same bn relu
split
branch
  conv 64 3x3 same bn relu
  conv 64 3x3 same bn
branch
join add relu
maxpool 3x3 stride=2 padding=1
gap
dense 10 softmax
"""


PRINTED = """\
#  nodes                     kernel       shape            reads                  writes            slot
0  conv1 + bn + relu         convolution  11x1x2x16x1x1x0  3x32x32+1 planes       64x32x32+1        0 -> 1
1  conv2 + bn + relu         winograd     13x2x16x0x0x0    64x32x32+1             64x32x32+1        1 -> 2
2  conv3 + bn + add1 + relu  winograd     13x2x16x0x0x1    64x32x32+1 64x32x32+1  64x32x32+1,1,0,0  2 1 -> 3
3  maxpool1                  pool         8x3x32x16x16x1   64x32x32+1,1,0,0       64x16x16          3 -> 4
4  gap1                      region_pool  16x2             64x16x16               64x1x1            4 -> 5
5  dense1                    dense        4x1x16x0         64x1x1                 10x1x1            5 -> 4
6  dense1.softmax            softmax      -                10x1x1                 10x1x1 planes     4 -> 5
6 slots of 950,704 bytes, packed weights 1,187,456 bytes, workspace 1,216,512 bytes"""


def test_a_residual_block_is_two_steps() -> None:
    assert str(planned(RESIDUAL)) == PRINTED


def test_joins_of_whole_blocks_are_not_copied() -> None:
    text = "input 16x16x32\na: relu\nb: conv 16 3x3 same\nc: concat a b\nd: conv 16 3x3 same\nconcat c d\n"
    assert [step.op.kernel for step in planned(text).steps] == [
        "layout_copy",
        "pointwise",
        "convolution",
        "convolution",
        "layout_copy",
    ]


def test_a_join_that_begins_inside_a_block_is_copied() -> None:
    text = "input 16x16x32\na: conv 7 1x1\nb: conv 9 1x1\nconcat b a\nconv 16 1x1\n"
    assert [step.op.kernel for step in planned(text).steps].count("copy_channels") == 2


def test_a_cropped_part_of_a_join_is_copied_and_the_others_are_not() -> None:
    text = "input 16x16x32\na: relu\nb: conv 32 3x3\nconcat a b crop\nconv 16 1x1\n"
    kernels = [step.op.kernel for step in planned(text).steps]
    assert kernels == ["layout_copy", "pointwise", "winograd", "pointwise", "convolution", "layout_copy"]


def test_a_halo_of_minus_infinity_only_where_values_may_be_negative() -> None:
    pool = "maxpool 3x3 stride=2 padding=1\n"
    assert "of -inf" in str(planned(f"input 16x16x32\nconv 32 1x1\n{pool}"))
    assert "of -inf" not in str(planned(f"input 16x16x32\nconv 32 1x1 relu\n{pool}"))


def test_direct_means_no_winograd() -> None:
    text = "input 32x32x64\nconv 64 3x3 same\n"
    for algorithm, kernel in (("auto", "winograd"), ("direct", "convolution")):
        kernels = [step.op.kernel for step in planned(text, algorithm=algorithm).steps]
        assert kernels == ["layout_copy", kernel, "layout_copy"]


def test_slots_are_shared_by_maps_that_never_live_together() -> None:
    deep = planned("input 32x32x32\n" + "conv 32 1x1 relu\n" * 20)
    assert len(deep.slots) == 2


BOTTLENECK = """input 112x112x16
conv 96 1x1 bn relu6
dwconv 3x3 same stride=2 bn relu6
conv 24 1x1 bn
"""


def test_a_wide_map_between_two_steps_has_no_place_in_memory() -> None:
    engine = planned(BOTTLENECK)
    assert [(step.op.kernel, step.op.shape) for step in engine.steps][1:3] == [
        ("stripes", (8,)),
        ("convolution", (14, 1, 2, 16, 16, 4, 0)),
    ]
    wide = 4 * 96 * 112 * 112
    assert max(engine.slots) < wide
    # a stripe of 8 outputs sees 17 rows of 113 pixels in 32 channels; two threads; 16 numbers to spare each
    assert engine.workspace_bytes == 2 * 4 * (17 * 113 * 32 + 16)


TWICE = "input 16x16x32\na: conv 32 1x1\nb: relu from a\nc: relu from a\n"


def test_what_is_computed_twice_is_computed_once() -> None:
    pools = (
        "d: maxpool 3x3 same stride=1 from b\ne: maxpool 3x3 same stride=1 from c\nmaxpool 5x5 same stride=1 from c\n"
    )
    engine = planned(f"{TWICE}{pools}add d e\n")
    assert [step.nodes for step in engine.steps if step.op.kernel in ("pointwise", "pool")] == [(2,), (4,), (6,), (7,)]
    (summed,) = (step for step in engine.steps if step.nodes == (7,))
    assert [read.map.key for read in summed.reads] == [4, 4]


def test_results_that_are_handed_out_are_all_made() -> None:
    made = [step.nodes for step in planned(f"{TWICE}output b c\n").steps if step.op.kernel == "pointwise"]
    assert made == [(2,), (3,)]
