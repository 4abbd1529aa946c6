"""What is done to symbolic tensors: which of it is an operation, and which."""

from __future__ import annotations

import pytest

from cnncalc.dialects.traced.joins import concatenated, reduced
from cnncalc.dialects.traced.tensor_slices import chunked, part, split
from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.dialects.traced.views import (
    channels_at,
    expanded,
    flattened,
    permuted,
    reshaped,
    squeezed,
    transposed,
    unsqueezed,
)
from cnncalc.layers.activation import ReLU
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.global_pool import GlobalAvgPool
from cnncalc.python.program_error import PythonFault

from .symbolic import HERE, image, keras_image, parameter, words


def called(tensor: Tensor, layer: object = None) -> Tensor:
    return tensor.trace.layer(layer or ReLU(), (tensor,), HERE)  # type: ignore[arg-type]


def test_a_permute_of_a_map_changes_roles_and_adds_no_operation() -> None:
    x = image(64, 8, 6)
    last = permuted(x, (0, 2, 3, 1), HERE)
    assert (last.dims, last.batch, last.channels) == ((1, 8, 6, 64), 0, 3)
    assert words(called(last)) == ["relu"]
    back = permuted(called(last), (0, 3, 1, 2), HERE)
    assert (back.dims, back.channels, words(back)) == ((1, 64, 8, 6), 1, ["relu", "relu"])


def test_view_permute_view_is_a_channel_shuffle() -> None:
    x = image(116, 28, 28)
    y = permuted(reshaped(x, (1, 2, 58, 28, 28), HERE), (0, 2, 1, 3, 4), HERE)
    assert words(reshaped(y, (1, -1, 28, 28), HERE)) == ["shuffle 2"]


def test_a_flatten_follows_the_axes_as_they_are_shown() -> None:
    assert words(flattened(image(64, 4, 4), 1, -1, HERE)) == ["flatten"]
    x = flattened(permuted(image(64, 4, 4), (0, 2, 3, 1), HERE), 1, -1, HERE)
    assert words(x) == ["flatten channels_last"]
    y = flattened(keras_image(4, 4, 64), 1, -1, HERE)
    assert words(y) == ["flatten channels_last"]


def test_a_generator_s_vector_becomes_a_map() -> None:
    x = reshaped(called(image(100), Dense(units=8192)), (-1, 128, 8, 8), HERE)
    assert (x.dims, x.channels, words(x)) == ((1, 128, 8, 8), 1, ["dense 8192", "reshape 128x8x8"])


def test_tokens_of_a_map_are_its_places() -> None:
    x = transposed(flattened(image(768, 14, 14), 2, -1, HERE), 1, 2, HERE)
    assert (x.dims, x.channels) == ((1, 196, 768), 2)
    assert words(x) == ["reshape 768x196"]


def test_axes_in_an_order_that_no_view_has_are_rearranged() -> None:
    turned = transposed(image(3, 4, 6), 2, 3, HERE)
    assert (turned.dims, words(turned)) == ((1, 3, 6, 4), ['rearrange "f1=3 f2=4 f3=6 -> f1 f3 f2"'])
    blocks = permuted(reshaped(image(8, 4, 4), (1, 2, 2, 2, 4, 4), HERE), (0, 1, 4, 2, 5, 3), HERE)
    assert words(reshaped(blocks, (1, 2, 8, 8), HERE)) == [
        'rearrange "(f1=2 f2=2 f3=2) f4=4 f5=4 -> f1 (f4 f2) (f5 f3)"'
    ]


def test_a_row_of_places_keeps_the_channels_and_pieces_of_an_image_are_refused() -> None:
    rows = reshaped(permuted(image(10, 4, 4), (0, 2, 3, 1), HERE), (-1, 10), HERE)
    assert (rows.dims, rows.batch, rows.channels, words(rows)) == ((16, 10), None, 1, ["reshape 10x16"])
    with pytest.raises(PythonFault, match="1x16x5x10 seen as 2x400 makes 2 rows of one image") as fault:
        reshaped(image(16, 5, 10), (-1, 400), HERE)
    assert fault.value.code == "image-in-several-rows"
    assert fault.value.notes == ("one image has 16 * 5 * 10 = 800 numbers, and a row 400",)


def test_a_size_that_does_not_come_out_even_shows_the_division() -> None:
    with pytest.raises(PythonFault, match="1x16x5x5 = 400 numbers cannot be seen as -1x256") as fault:
        reshaped(image(16, 5, 5), (-1, 256), HERE)
    assert fault.value.notes == ("1 * 16 * 5 * 5 = 400", "400 / 256 leaves a remainder of 144")


def test_a_vector_seen_as_a_map_of_one_place_is_spread_without_an_operation() -> None:
    x = image(64, 8, 8)
    weights = called(called(x, GlobalAvgPool()), Dense(units=64))
    y = x.arithmetic("*", reshaped(weights, (1, 64, 1, 1), HERE), HERE)
    assert (y.dims, y.channels, words(y)) == ((1, 64, 8, 8), 1, ["gap", "dense 64", "mul"])
    z = x.arithmetic("*", expanded(unsqueezed(unsqueezed(weights, -1, HERE), -1, HERE), (-1, -1, 8, 8), HERE), HERE)
    assert (z.dims, words(z)[-1], z.trace.operations[-1].output.text()) == ((1, 64, 8, 8), "mul", "8x8x64")


def test_squeeze_takes_the_place_out_only_where_somebody_reads_it() -> None:
    x = squeezed(squeezed(called(image(64, 8, 8), GlobalAvgPool(keep=True)), 3, HERE), 2, HERE)
    assert x.dims == (1, 64)
    assert words(called(x, Dense(units=10))) == ["gap keep", "flatten", "dense 10"]


@pytest.mark.parametrize(
    ("key", "dims", "expected"),
    [
        ((slice(None), slice(0, 3)), (1, 3, 8, 8), ["slice 0:3"]),
        ((slice(None), slice(None), slice(1, None), slice(1, None)), (1, 6, 7, 7), ["crop 1,0,1,0"]),
        ((Ellipsis, slice(None, None, 2)), (1, 6, 8, 4), ["maxpool 1 stride=1x2"]),
        ((Ellipsis, slice(None, None, 2), slice(1, None, 2)), (1, 6, 4, 4), ["crop 0,0,1,0", "maxpool 1 stride=2"]),
        ((slice(None), slice(1, 5), 3, slice(-2, None)), (1, 4, 2), ["slice 1:5", "crop 3,4,6,0", "reshape 4x2"]),
        ((0,), (6, 8, 8), []),
        ((slice(None), None), (1, 1, 6, 8, 8), ["reshape 6x1x8x8"]),
    ],
)
def test_parts_are_slices_crops_and_pools_of_one_place(key: object, dims: tuple[int, ...], expected: list[str]) -> None:
    found = part(image(6, 8, 8), key, HERE)
    assert (found.dims, words(found)) == (dims, expected)


def test_a_channel_that_is_picked_leaves_a_map_of_one_channel() -> None:
    x = part(image(6, 8, 8), (slice(None), 2), HERE)
    assert (x.dims, words(x)) == ((1, 8, 8), ["slice 2:3"])
    assert words(called(unsqueezed(x, 1, HERE), Conv(filters=4, kernel_size=(3, 3)))) == ["slice 2:3", "conv 4 3x3"]


def test_queries_keys_and_values_are_three_slices_of_the_channels() -> None:
    x = transposed(flattened(image(12, 2, 2), 2, -1, HERE), 1, 2, HERE)
    qkv = permuted(reshaped(x, (1, 4, 3, 2, 2), HERE), (2, 0, 3, 1, 4), HERE)
    assert [part(qkv, i, HERE).dims for i in range(3)] == [(1, 2, 4, 2)] * 3
    taken = [one.layer.word for one in x.trace.operations]
    assert taken == ["input", "slice", "slice", "slice"]


def test_split_and_chunk_cut_the_channels() -> None:
    x = image(7, 4, 4)
    assert [one.dims[1] for one in chunked(x, 3, 1, HERE)] == [3, 3, 1]
    assert [one.dims[1] for one in split(x, [5, 2], 1, HERE)] == [5, 2]
    with pytest.raises(PythonFault, match="the pieces have 6 entries together, and the axis has 7"):
        split(x, [4, 2], 1, HERE)


@pytest.mark.parametrize(
    ("sign", "number", "reflected", "expected"),
    [
        ("*", 2, False, ["scale 2.0"]),
        ("/", 4, False, ["scale 0.25"]),
        ("+", 0, False, []),
        ("*", 1.0, True, []),
        ("+", 3, False, ["affine offset=3.0"]),
        ("-", 3, False, ["affine offset=-3.0"]),
        ("-", 1, True, ["affine -1.0 1.0"]),
        ("/", 2, True, ["function reciprocal", "scale 2.0"]),
        ("**", 2, False, ["function square"]),
        ("**", 3, False, ["function pow exponent=3.0"]),
        ("**", 1, False, []),
    ],
)
def test_a_number_makes_a_layer_of_one_number(sign: str, number: float, reflected: bool, expected: list[str]) -> None:
    assert words(image(3, 4, 4).arithmetic(sign, number, HERE, reflected=reflected)) == expected


def test_known_numbers_of_the_channels_are_one_affine_each() -> None:
    x = image(2, 4, 4)
    mean, deviation = (
        x.trace.constant((2, 1, 1), Constant("torch.tensor", values=values), HERE)
        for values in ((0.5, 0.25), (2.0, 4.0))
    )
    y = x.arithmetic("-", mean, HERE).arithmetic("/", deviation, HERE)
    assert words(y) == ["affine offset=-0.5,-0.25", "affine 0.5,0.25"]


def test_a_parameter_with_a_number_a_channel_is_a_learned_scale_of_its_own() -> None:
    x = image(3, 4, 4)
    gamma = parameter(x, 3, 1, 1)
    y = x.arithmetic("*", gamma, HERE, reflected=True)
    assert (y.dims, words(y)) == ((1, 3, 4, 4), ["scale"])
    assert y.trace.operations[-1].owner is gamma.constant
    assert words(x.arithmetic("+", parameter(x, 1, 3, 1, 1), HERE))[-1] == "shift"
    assert words(x.arithmetic("*", parameter(x, 1), HERE))[-1] == "scale shared"


def test_what_is_written_in_place_changes_every_name_of_the_tensor() -> None:
    x = image(3, 4, 4)
    other = x
    x.written_over("+", called(x), HERE)
    assert [other.trace.operations[i].layer.word for i in (1, other.operation)] == ["relu", "add"]
    new = keras_image(4, 4, 3)
    assert new.written_over("+", new, HERE) is not new


def test_tensors_that_do_not_fit_name_both_sizes() -> None:
    x = image(3, 4, 4)
    with pytest.raises(PythonFault, match="tensors of 1x3x4x4 and 1x3x2x4 do not fit each other") as fault:
        x.arithmetic("+", part(x, (Ellipsis, slice(0, 2), slice(None)), HERE), HERE)
    assert fault.value.notes == ("axis 2 is 4 and 2",)
    with pytest.raises(PythonFault, match="1x3x4x4 and 1x3x2x4 cannot be put together along axis 1"):
        concatenated([x, part(x, (Ellipsis, slice(0, 2), slice(None)), HERE)], 1, HERE)


def test_maps_stand_one_after_the_other_along_their_channels() -> None:
    x = image(3, 4, 4)
    assert words(concatenated([x, called(x)], 1, HERE)) == ["relu", "concat"]
    with pytest.raises(PythonFault, match="make several images of one"):
        concatenated([x, x], 0, HERE)


def test_means_over_the_map_are_pools() -> None:
    x = reduced("mean", image(8, 4, 6), (2, 3), False, HERE)
    assert (x.dims, words(x)) == ((1, 8), ["gap"])
    y = reduced("max", image(8, 4, 6), 3, True, HERE)
    assert (y.dims, words(y)) == ((1, 8, 4, 1), ["adaptmax 4x1"])
    z = reduced("mean", image(8, 4, 6), 1, False, HERE)
    assert (z.dims, z.channels, words(z)) == ((1, 4, 6), None, ["reduce mean channels"])
    both = reduced("var", image(8, 4, 6), (1, -1), True, HERE, unbiased=True)
    assert (both.dims, words(both)) == ((1, 1, 4, 1), ["reduce var channels,width keep unbiased"])


def test_a_linear_layer_on_the_last_axis_reads_it_as_the_channels() -> None:
    x = permuted(image(8, 4, 4), (0, 2, 3, 1), HERE)
    assert channels_at(x, -1, HERE) is x


def test_5_000_operations_are_read_and_one_more_is_refused() -> None:
    x = image(3, 4, 4)
    for _ in range(4_999):
        x = called(x)
    with pytest.raises(PythonFault, match="the model has more than 5,000 operations"):
        called(x)


def test_a_parameter_of_every_place_is_a_learned_array_in_its_own_order_of_axes() -> None:
    x = transposed(flattened(image(8, 2, 3), 2, -1, HERE), 1, 2, HERE)
    positions = parameter(x, 1, 6, 8)
    y = x.arithmetic("+", positions, HERE)
    assert (y.dims, y.channels, words(y)) == ((1, 6, 8), 2, ["reshape 8x6", "add"])
    learned = [one for one in y.trace.operations if one.layer.word == "learned"]
    assert [(one.layer.weights(())[0].shape, one.output.text()) for one in learned] == [((6, 8), "6x8")]
    assert learned[0].owner is positions.constant
    z = image(3, 4, 4).arithmetic("*", parameter(x, 1, 3, 4, 4), HERE)
    assert z.trace.operations[1].layer.weights(())[0].shape == (3, 4, 4)


def test_a_constant_of_one_number_is_that_number_and_unknown_numbers_are_refused() -> None:
    x = image(3, 4, 4)
    ones = x.trace.constant((1, 3, 4, 4), Constant("torch.ones", values=2.0), HERE)
    assert words(x.arithmetic("*", ones, HERE)) == ["scale 2.0"]
    table = x.trace.constant((3, 4, 4), Constant("a table", values=None), HERE)
    with pytest.raises(PythonFault, match=r"the numbers of a table \(1x3x4x4\) are not known, and a layer reads them"):
        x.arithmetic("*", table, HERE)


def test_heads_of_attention_are_matrix_products() -> None:
    x = transposed(flattened(image(12, 2, 2), 2, -1, HERE), 1, 2, HERE)
    heads = permuted(reshaped(x, (1, 4, 3, 4), HERE), (0, 2, 1, 3), HERE)
    scores = heads.arithmetic("@", transposed(heads, -2, -1, HERE), HERE)
    assert (scores.dims, scores.channels, words(scores)[-1]) == ((1, 3, 4, 4), 3, "matmul transpose")
    weighed = scores.arithmetic("@", heads, HERE)
    assert (weighed.dims, words(weighed)[-1]) == ((1, 3, 4, 4), "matmul")
    with pytest.raises(PythonFault, match="a matrix of 1x3x4x4 and one of 1x12x4 have no product"):
        scores.arithmetic("@", reshaped(x, (1, 12, 4), HERE), HERE)


def test_a_part_of_a_parameter_counts_the_whole_one_in_its_own_order() -> None:
    x = transposed(flattened(image(8, 2, 2), 2, -1, HERE), 1, 2, HERE)
    positions = parameter(x, 1, 9, 8)
    y = x.arithmetic("+", part(positions, (slice(None), slice(0, 4)), HERE), HERE)
    assert words(y) == ["crop 0,5", "reshape 8x4", "add"]
    turned = x.arithmetic("@", transposed(parameter(x, 5, 8), 0, 1, HERE), HERE)
    assert turned.dims == (1, 4, 5)
    shapes = [one.layer.weights(())[0].shape for one in x.trace.operations if one.layer.word == "learned"]
    assert shapes == [(9, 8), (5, 8)]


def test_what_is_written_into_a_parameter_leaves_it_the_parameter() -> None:
    x = image(3, 4, 4)
    gamma = parameter(x, 3, 1, 1)
    gamma.written_over("*", 0.1, HERE)
    assert gamma.constant is not None
    assert gamma.constant.is_parameter
    assert words(x.arithmetic("*", gamma, HERE))[-1] == "scale"
