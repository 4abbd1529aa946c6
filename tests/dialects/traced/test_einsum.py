"""einsum of two tensors is a matrix product with views around it."""

from __future__ import annotations

import pytest

from cnncalc.dialects.traced.einsum import summed_products
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import flattened, permuted, reshaped, transposed
from cnncalc.python.program_error import PythonFault

from .symbolic import HERE, image, parameter, words


def heads(channels: int = 12) -> Tensor:
    """Three heads of four places: 1x3x4x4."""
    x = transposed(flattened(image(channels, 2, 2), 2, -1, HERE), 1, 2, HERE)
    return permuted(reshaped(x, (1, 4, 3, channels // 3), HERE), (0, 2, 1, 3), HERE)


@pytest.mark.parametrize("equation", ["bhid,bhjd->bhij", "b h i d, b h j d -> b h i j"])
def test_scores_of_attention_are_a_product_with_the_second_matrix_turned(equation: str) -> None:
    q = heads()
    scores = summed_products(equation, (q, q), HERE)
    assert (scores.dims, words(scores)[-1]) == ((1, 3, 4, 4), "matmul transpose")
    assert scores.trace.operations[scores.operation].output.text() == "3x4x4"


def test_what_is_weighed_by_scores_has_its_axes_in_the_order_of_the_result() -> None:
    q = heads(24)
    scores = summed_products("bhid,bhjd->bhij", (q, q), HERE)
    assert summed_products("bhij,bhjd->bihd", (scores, q), HERE).dims == (1, 4, 3, 8)


def test_a_parameter_may_be_one_of_the_two() -> None:
    x = image(5, 4, 4)
    made = summed_products("bchw,dc->bdhw", (x, parameter(x, 7, 5)), HERE)
    kinds = [one.layer.word for one in made.trace.operations]
    assert (made.dims, kinds[1:]) == ((1, 7, 4, 4), ["learned", "reshape", "matmul"])
    assert [one.layer.weights(())[0].shape for one in made.trace.operations if one.layer.word == "learned"] == [(7, 5)]


def test_heads_are_mixed_by_a_parameter() -> None:
    """DeepViT's re-attention: the image stays an axis of its own."""
    scores = heads()
    mixed = summed_products("b h i j, h g -> b g i j", (scores, parameter(scores, 3, 6)), HERE)
    assert (mixed.dims, mixed.batch) == ((1, 6, 4, 4), 0)


@pytest.mark.parametrize(
    ("equation", "message"),
    [
        ("bhid->bhdi", "einsum is read for two tensors and an equation with `->`"),
        ("bhid,bhid->bhid", "no layer here does what einsum `bhid,bhid->bhid` would"),
        ("bhid,bhdj->bhij", "no layer here|`d` of einsum is 4 in one tensor and|einsum"),
        ("bhi,bhjd->bhij", "einsum names 3 axes, and the tensor is 1x3x4x8"),
    ],
)
def test_other_sums_are_refused(equation: str, message: str) -> None:
    q = heads(24)
    with pytest.raises(PythonFault, match=message):
        summed_products(equation, (q, q), HERE)
