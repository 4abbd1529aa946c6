"""The measured receptive fields: a claim one pixel too large fails as one too small does, wherever it comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnncalc.analysis import Analysis
from cnncalc.geometry import AxisWindow, Shape, StampedWindow, Window
from cnncalc.layers.adaptive_pool import AdaptiveAvgPool
from cnncalc.layers.base import Layer
from cnncalc.layers.blocks import SpaceToDepth
from cnncalc.layers.conv import Conv
from cnncalc.layers.depthwise import DepthwiseConv, SeparableConv
from cnncalc.layers.joining import Concat
from cnncalc.layers.local import Local
from cnncalc.layers.pool import AvgPool, MaxPool
from cnncalc.layers.resizing import Crop, Pad
from cnncalc.layers.upconv import UpConv
from cnncalc.layers.upsampling import Upsample
from cnncalc.runtime.confirmation import Confirmation, confirm
from cnncalc.runtime.receptive_field_check import FieldVerdict, _claims, check_fields
from cnncalc.runtime.receptive_field_cuts import chosen
from cnncalc.runtime.receptive_field_reach import reaches
from cnncalc.runtime.weights import seeded

from .nets import analysed, given


def verified(analysis: Analysis) -> Confirmation:
    return confirm(analysis, seeded(analysis), given(analysis), verify=True)


def fields(text: str) -> list[tuple[tuple[int, ...] | None, bool | None, bool]]:
    """For each line after the first (size, proved, exact)."""
    found = verified(analysed(text))
    assert found.differences == ()
    return [
        (row.row.receptive_field and row.row.receptive_field.size, row.field_proved, row.field_exact)
        for row in found.rows[1:]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "input 8x8x1\npad 0,3,0,3 reflect\n",
        "input 8x8x1\nconv 2 1x1 padding=0,3,0,3 reflect\n",
        "input 8x8x1\npad 0,3,0,3 edge\n",
        "input 8x8x1\npad 0,3,0,3 wrap\n",
    ],
)
def test_pads_that_repeat_the_picture_leave_the_field_of_the_other_places_exact(text: str) -> None:
    assert fields(text) == [((1, 1), True, True)]


def test_what_repeated_pads_reach_is_known_to_the_pixel() -> None:
    """abcdefgh|gfe: places 8, 9, 10 repeat pixels 6, 5, 4; wrapped they repeat 0, 1, 2, at the edge 7."""
    for fill, repeated in (("reflect", [6, 5, 4]), ("wrap", [0, 1, 2]), ("edge", [7, 7, 7])):
        (reach,) = reaches(analysed(f"input 8 channels 1\npad 0,3 {fill}\n").nodes)[-1] or ()
        assert reach.first.tolist() == reach.last.tolist() == [*range(8), *repeated]
        assert reach.mirrored.tolist() == [False] * 8 + [True] * 3


def test_a_net_whose_every_place_sees_repeated_pads_is_confirmed_without_a_claim_about_its_field() -> None:
    assert fields("input 4x4x1\nconv 1 7x7 padding=3 wrap\n") == [((7, 7), None, False)]


def test_stamps_that_interlace_are_measured_to_see_one_pixel() -> None:
    assert fields("input 9x9x1\nupconv 1 3x3 stride=3 dilation=2\n") == [((1, 1), True, True)]


def test_a_field_larger_than_the_picture_is_an_upper_bound_and_a_smaller_one_is_exact() -> None:
    """Seven 3x3 convolutions on 12 pixels: 3, 5, 7, 9, 11 pixels fit in, 13 and 15 do not."""
    found = fields("input 12x12x1\n" + "conv 2 3x3 same\n" * 7)
    assert [size for size, _, _ in found] == [(n, n) for n in (3, 5, 7, 9, 11, 13, 15)]
    assert [exact for _, _, exact in found] == [True] * 5 + [False] * 2
    assert all(proved for _, proved, _ in found)


def test_channels_that_see_less_than_their_neighbours_make_an_upper_bound() -> None:
    found = fields("input 12x12x2\na: conv 2 3x3 same\nconv 2 5x5 same\nconcat a\nslice 2:4\n")
    assert [exact for _, _, exact in found] == [True, True, True, False]


def test_everything_that_a_vector_sees_is_exact_when_all_of_the_picture_is_used() -> None:
    assert fields("input 8x8x1\nconv 2 3x3 same\nflatten\ndense 3\n")[-1] == ((10, 10), True, True)


WINDOWED: list[tuple[type[Layer], str]] = [
    (Conv, "conv 2 3x3"),
    (Conv, "conv 2 1x1"),
    (Conv, "conv 2 3x3 stride=2 same"),
    (Conv, "conv 2 3x3 dilation=3"),
    (Conv, "conv 2 3x3 padding=2 reflect"),
    (DepthwiseConv, "dwconv 3x3 same"),
    (SeparableConv, "sepconv 2 5x5 stride=3"),
    (Local, "local 2 3x3"),
    (MaxPool, "maxpool 2x2"),
    (MaxPool, "maxpool 3x3 stride=2 padding=1"),
    (AvgPool, "avgpool 3x3 stride=2 ceil"),
    (AdaptiveAvgPool, "adaptavg 5x5"),
    (Pad, "pad 2"),
    (Crop, "crop 2"),
    (Upsample, "upsample 2"),
    (Upsample, "upsample 2 bilinear"),
    (Upsample, "upsample 2 bilinear corners"),
    (Upsample, "upsample 1.5 bicubic"),
    (SpaceToDepth, "spacetodepth 2"),
    (UpConv, "upconv 2 2x2 stride=2"),
    (UpConv, "upconv 2 4x4 stride=2 padding=1"),
    (UpConv, "upconv 2 1x1 stride=3"),
    (UpConv, "upconv 2 3x3 stride=3 dilation=2"),
]
CHANGES = ("wider after", "wider before", "narrower after", "narrower before", "moved on", "moved back", "stride")


def changed(window: AxisWindow, change: str) -> AxisWindow:
    """A window with one pixel more or less at one end, one pixel further on, or with another stride."""
    one = window.denominator
    if isinstance(window, StampedWindow):  # a plain hull: another pixel of the same map
        window = AxisWindow(window.numerator, window.low, window.high, one)
    before = {"wider before": -one, "narrower before": one, "moved on": one, "moved back": -one}.get(change, 0)
    after = {"wider after": one, "narrower after": -one, "moved on": one, "moved back": -one}.get(change, 0)
    step = 1 if before or after else window.step
    more = 1 if change == "stride" else 0
    return AxisWindow(window.numerator + more, window.low + before, window.high + after, one, step)


@pytest.mark.parametrize(("layer", "line"), WINDOWED, ids=[line for _, line in WINDOWED])
def test_a_window_with_one_pixel_too_many_or_too_few_is_refuted(
    layer: type[Layer], line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same wrong window reaches the analysis and the prediction of each run: only the measurement can tell."""
    text = f"input 24x24x2\n{line}\n"
    assert verified(analysed(text)).confirmed
    right = layer.window
    for axis in (0, 1):
        for change in CHANGES:

            def wrong(self: Layer, inputs: tuple[Shape, ...], axis: int = axis, change: str = change) -> Window | None:
                windows = right(self, inputs)
                assert isinstance(windows, tuple)
                return tuple(changed(own, change) if i == axis else own for i, own in enumerate(windows))

            monkeypatch.setattr(layer, "window", wrong)
            found = [verdict.difference for verdict in measured(text).values()]
            assert any("receptive field: " + ("height", "width")[axis] in difference for difference in found), change


def measured(text: str) -> dict[int, FieldVerdict]:
    analysis = analysed(text)
    return check_fields(analysis, seeded(analysis), given(analysis), lambda done, total: None)


def test_a_join_that_crops_elsewhere_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "input 16x16x1\na: conv 1 3x3\nb: conv 1 3x3\nconcat a crop\n"
    assert verified(analysed(text)).confirmed
    monkeypatch.setattr(Concat, "windows", lambda self, inputs: (None, (AxisWindow(1, 3, 3),) * 2))
    assert "receptive field" in verified(analysed(text)).differences[0]


@pytest.mark.parametrize("shift", [(-1, 0), (1, 0), (0, 1), (0, -1)])
def test_an_analysis_that_adds_fields_up_wrongly_is_refuted(shift: tuple[int, int]) -> None:
    """All windows are right, and what the analysis made of them is one pixel off, in the last line."""
    analysis = analysed("input 24x24x1\nconv 2 3x3 same\nmaxpool 2x2\nconv 2 3x3 same\n")
    row = analysis.rows[-1]
    node = row.nodes[-1]
    assert node.fields is not None
    right = node.fields[0]
    (piece,) = right.pieces
    ends = {"first": (piece.first[0] + shift[0],), "last": (piece.last[0] + shift[1],)}
    wrong = right._replace(pieces=(replace(piece, **ends),))
    broken = row._replace(nodes=(*row.nodes[:-1], node._replace(fields=(right, wrong))))
    (difference,) = verified(analysis._replace(rows=(*analysis.rows[:-1], broken))).differences
    assert difference.startswith("line 4, conv 2 3x3 same: receptive field: width ")


def test_a_kernel_that_reads_a_neighbour_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values may look right, as where neighbours are equal; what a pixel reaches does not."""
    from cnncalc.runtime import execution

    right = execution.KERNELS["maxpool"]

    def wrong(inputs: object, weights: object, numbers: object) -> object:
        out = right(inputs, weights, numbers)  # type: ignore[arg-type]
        return np.maximum(out, np.roll(out, 1, axis=-1))

    monkeypatch.setattr(execution, "KERNELS", {**execution.KERNELS, "maxpool": wrong})
    differences = verified(analysed("input 12x12x1\nmaxpool 2x2\n")).differences
    assert any("receptive field: width" in difference for difference in differences)


@pytest.mark.parametrize("text", [
    "input 12x12x4\nspacetodepth 2\ndepthtospace 2\nconv 3 3x3\n",  # an upper bound
    "input 4x4x1\nconv 2 3x3 same\nconv 2 3x3 same\n",  # every place sees pads
])  # fmt: skip
@pytest.mark.parametrize("shift", [(3, 0), (0, -3)])
def test_a_claim_that_leaves_out_pixels_at_either_end_is_refuted_where_it_need_not_be_exact(
    text: str, shift: tuple[int, int]
) -> None:
    analysis = analysed(text)
    row = analysis.rows[-1]
    node = row.nodes[-1]
    assert node.fields is not None
    narrow = tuple(
        field._replace(
            pieces=tuple(
                replace(
                    piece, first=tuple(f + shift[0] for f in piece.first), last=tuple(n + shift[1] for n in piece.last)
                )
                for piece in field.pieces
            ),
        )
        for field in node.fields
    )
    broken = row._replace(nodes=(*row.nodes[:-1], node._replace(fields=narrow)))
    found = verified(analysis._replace(rows=(*analysis.rows[:-1], broken)))
    assert "receptive field: height" in found.differences[0]


def test_a_line_for_which_no_cut_is_left_is_an_upper_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.runtime import receptive_field_cuts as cuts

    claims = _claims(analysed("input 40x40x1\nconv 1 3x3 stride=2\nconv 1 2x2\nconv 1 3x3 stride=2\n"))
    assert chosen(claims)[1] == {1, 2, 3}
    monkeypatch.setattr(cuts, "MOST_CUTS", 0)
    assert chosen(claims)[1] == set()


def test_a_field_is_measured_where_it_is_largest() -> None:
    """Enlarged by 3 between neighbours, the middle one of three places falls on a pixel and sees that one alone."""
    (claim,) = _claims(analysed("input 9 channels 1\nupsample 3 bilinear\n"))[1]
    assert claim.whole.tolist() == [False] + [False, True, True] * 8 + [False] * 2
