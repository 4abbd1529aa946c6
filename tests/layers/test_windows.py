"""Windows: which inputs an output reads, against a slow search over all pairs of positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.geometry import Padding, Shape
from cnncalc.layers.adaptive_pool import AdaptiveAvgPool, AdaptiveMaxPool
from cnncalc.layers.base import Layer
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.global_pool import GlobalAvgPool, GlobalMaxPool
from cnncalc.layers.joining import Add, Concat, Mul
from cnncalc.layers.norm import GroupNorm, InstanceNorm, L2Norm, LayerNorm, RMSNorm
from cnncalc.layers.reshaping import Flatten, Reshape
from cnncalc.layers.resizing import Crop, Pad
from cnncalc.layers.upconv import UpConv
from cnncalc.layers.upsampling import Upsample, UpsampleTo

SMALL = st.integers(1, 5)


def reads(layer: Layer, size: int, output: int) -> tuple[int, int]:
    """The first and last input that an output of a 1-D layer reads."""
    window = layer.window((Shape(1, (size,)),))
    assert isinstance(window, tuple)
    return window[0].first(output), window[0].last(output)


def inputs_of(layer: Layer, size: int, output: int) -> range:
    """All inputs that an output of a 1-D layer reads."""
    window = layer.window((Shape(1, (size,)),))
    assert isinstance(window, tuple)
    return window[0].reads(output)


def sides(before: int, after: int) -> Padding:
    return Padding("explicit", ((before, after),))


@given(SMALL, SMALL, SMALL, st.integers(0, 3), st.integers(0, 3))
def test_a_convolution_reads_its_taps(kernel: int, stride: int, dilation: int, before: int, after: int) -> None:
    layer = Conv(filters=1, kernel_size=(kernel,), stride=(stride,), dilation=(dilation,), padding=sides(before, after))
    size = 25
    for output in range(layer.output_shape((Shape(1, (size,)),)).width):
        taps = [output * stride + tap * dilation - before for tap in range(kernel)]
        assert list(inputs_of(layer, size, output)) == taps


@given(SMALL, SMALL, SMALL, st.integers(0, 3), st.integers(1, 6))
def test_a_transposed_convolution_reads_what_painted_it(
    kernel: int, stride: int, dilation: int, before: int, size: int
) -> None:
    layer = UpConv(
        filters=1,
        kernel_size=(kernel,),
        stride=(stride,),
        dilation=(dilation,),
        padding=sides(min(before, dilation * (kernel - 1)), 0),
    )
    cut = min(before, dilation * (kernel - 1))
    for output in range(layer.output_shape((Shape(1, (size,)),)).width):
        painters = [
            source
            for source in range(-40, size + 40)
            if any(source * stride + tap * dilation - cut == output for tap in range(kernel))
        ]
        assert list(inputs_of(layer, size, output)) == painters


@given(st.integers(1, 30), st.integers(1, 30))
def test_an_adaptive_pool_reads_pytorchs_windows_and_counts_them(size: int, wanted: int) -> None:
    """PyTorch: start floor(o * n / O), end ceil((o + 1) * n / O)."""
    layer = AdaptiveAvgPool(output_size=(wanted,))
    if wanted == 1:
        assert layer.window((Shape(1, (size,)),)) == "everywhere"
        assert layer.read((Shape(1, (size,)),)) == size
        return
    windows = [(o * size // wanted, -(-(o + 1) * size // wanted) - 1) for o in range(wanted)]
    assert [reads(layer, size, o) for o in range(wanted)] == windows
    assert layer.read((Shape(1, (size,)),)) == sum(last - first + 1 for first, last in windows)


@given(st.integers(1, 6), st.integers(2, 9))
def test_bilinear_upsampling_reads_the_two_neighbours(factor: int, size: int) -> None:
    layer = Upsample(factor=(factor,), mode="bilinear")
    for output in range(size * factor):
        doubled = 2 * output + 1 - factor  # twice the factor times the place in the input, half-pixel centres
        exact, rest = divmod(doubled, 2 * factor)
        assert reads(layer, size, output) == (exact, exact + (rest > 0))


def test_nearest_upsampling_reads_one_pixel() -> None:
    assert [reads(Upsample(factor=(3,)), 2, output) for output in range(6)] == [(0, 0)] * 3 + [(1, 1)] * 3


def test_cubic_upsampling_reads_four_pixels_around_a_place() -> None:
    """PyTorch, 4 to 6: output 1 lies at 0.5, output 5 at 19/6."""
    layer = UpsampleTo(size=(6,), mode="bicubic")
    assert [reads(layer, 4, output) for output in (1, 5)] == [(-1, 2), (2, 5)]


def test_with_corners_the_last_output_reads_the_last_pixel_alone() -> None:
    layer = UpsampleTo(size=(8,), mode="bilinear", corners=True)
    assert [reads(layer, 5, output) for output in (0, 1, 7)] == [(0, 0), (0, 1), (4, 4)]


def test_a_factor_with_a_fraction_reads_by_the_factor_and_not_by_the_sizes() -> None:
    """PyTorch, interpolate(scale_factor=1.5) of 5: 7 outputs 2/3 apart, where size=7 has them 5/7 apart."""
    assert [reads(Upsample(factor=(1.5,)), 5, o)[0] for o in range(7)] == [0, 0, 1, 2, 2, 3, 4]
    assert [reads(UpsampleTo(size=(7,)), 5, o)[0] for o in range(7)] == [0, 0, 1, 2, 2, 3, 4]
    assert [reads(Upsample(factor=(1.25,)), 7, o)[0] for o in range(8)] == [0, 0, 1, 2, 3, 4, 4, 5]
    assert [reads(UpsampleTo(size=(8,)), 7, o)[0] for o in range(8)] == [0, 0, 1, 2, 3, 4, 5, 6]


def test_pad_and_crop_shift() -> None:
    assert reads(Pad(padding=sides(2, 1)), 5, 0) == (-2, -2)
    assert reads(Crop(padding=sides(2, 1)), 5, 0) == (2, 2)


@pytest.mark.parametrize(
    "layer",
    [Flatten(), Reshape(size=(4, 4, 2)), GlobalAvgPool(), GlobalMaxPool(), AdaptiveMaxPool(output_size=(1,))],
)
def test_some_layers_read_the_whole_image(layer: Layer) -> None:
    assert layer.window((Shape(2, (4, 4)),)) == "everywhere"


@pytest.mark.parametrize("layer", [LayerNorm(axes="all"), RMSNorm(axes="all"), GroupNorm(groups=2), InstanceNorm()])
def test_a_norm_over_places_reads_its_own_place_and_the_statistics_of_the_map(layer: Layer) -> None:
    assert layer.window((Shape(2, (4, 4)),)) == "statistics"


def test_dense_reads_everything() -> None:
    assert Dense(units=3).window((Shape(8),)) == "everywhere"


@pytest.mark.parametrize("layer", [BatchNorm(), LayerNorm(), RMSNorm(), L2Norm()])
def test_others_read_their_own_place(layer: Layer) -> None:
    assert layer.window((Shape(2, (4, 4)),)) is None


def test_a_cropping_join_reads_the_larger_map_from_its_centre() -> None:
    small, large = Concat(crop=True).windows((Shape(1, (56,)), Shape(1, (65,))))
    assert small is None
    assert isinstance(large, tuple)
    assert (large[0].first(0), large[0].last(0)) == (4, 4)


def test_a_spread_factor_reads_everywhere_and_the_map_its_own_place() -> None:
    assert Mul().windows((Shape(4, (7, 7)), Shape(4), Shape(4, (1, 1)))) == (None, "everywhere", "everywhere")
    assert Add().windows((Shape(4, (7, 7)), Shape(4, (7, 7)))) == (None, None)
    assert Add(pad=True).windows((Shape(4, (7, 7)), Shape(4))) == (None, "everywhere")


def test_a_gate_of_one_channel_is_read_at_its_own_place() -> None:
    assert Mul().windows((Shape(4, (7, 7)), Shape(1, (7, 7)))) == (None, None)
    assert Mul().windows((Shape(4), Shape(1, (7, 7)))) == ("everywhere", None)


def test_a_column_is_read_at_its_own_row_by_all_columns() -> None:
    whole, column = Mul().windows((Shape(4, (7, 9)), Shape(4, (7, 1))))
    assert whole is None
    assert isinstance(column, tuple)
    assert [list(column[0].reads(row)) for row in range(7)] == [[row] for row in range(7)]
    assert [list(column[1].reads(x)) for x in range(9)] == [[0]] * 9
