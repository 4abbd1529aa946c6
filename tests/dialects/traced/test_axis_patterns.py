"""einops' patterns are views, permutes, repetitions and reductions."""

from __future__ import annotations

import pytest

from cnncalc.dialects.traced.axis_patterns import applied
from cnncalc.dialects.traced.views import permuted, reshaped
from cnncalc.python.program_error import PythonFault

from .symbolic import HERE, image, parameter, words
from .test_models_of_programs import HEAD, net, rows


def test_patches_are_the_view_permute_and_view_that_they_stand_for() -> None:
    x = image(3, 8, 8)
    found = applied("rearrange", (x, "b c (h p1) (w p2) -> b (h w) (p1 p2 c)"), {"p1": 4, "p2": 4}, HERE)
    by_hand = permuted(reshaped(image(3, 8, 8), (1, 3, 2, 4, 2, 4), HERE), (0, 2, 4, 3, 5, 1), HERE)
    expected = reshaped(by_hand, (1, 4, 48), HERE)
    assert found.dims == expected.dims == (1, 4, 48)
    assert words(found) == words(expected) == ['rearrange "f1=3 (f2=2 f3=4) (f4=2 f5=4) -> (f3 f5 f1) (f2 f4)"']


def test_a_reduction_and_a_repetition() -> None:
    mean = applied("reduce", (image(8, 4, 4), "b c h w -> b c", "mean"), {}, HERE)
    assert (mean.dims, words(mean)) == ((1, 8), ["gap"])
    token = parameter(mean, 1, 8)
    assert applied("repeat", (token, "... d -> b ... d"), {"b": 1}, HERE).dims == (1, 1, 8)


@pytest.mark.parametrize(
    ("pattern", "sizes", "message"),
    [
        ("b c h -> b h c", {}, "names 3 axes on its left side, and the tensor is 1x3x8x8"),
        ("b c (h p) w -> b c h (p w)", {"p": 3}, r"\(h p\) does not make an axis of 8"),
        ("b c h w -> b c h", {}, "does not name the same axes on both sides as rearrange needs it"),
        ("b c h w", {}, "a pattern is a text with `->` between its two sides"),
        ("b c h* w -> b c h* w", {}, r"`h\*` is no name of an axis"),
    ],
)
def test_a_pattern_that_does_not_fit_says_why(pattern: str, sizes: dict[str, int], message: str) -> None:
    with pytest.raises(PythonFault, match=message):
        applied("rearrange", (image(3, 8, 8), pattern), sizes, HERE)


def test_a_layer_of_einops_is_a_part_of_a_model() -> None:
    text = f"""{HEAD}from einops.layers.torch import Rearrange
model = nn.Sequential(Rearrange("b c (h p) (w q) -> b (h w) (p q c)", p=4, q=4), nn.Linear(48, 6))
"""
    graph = net(text, "8x8x3")
    assert rows(graph)[1:] == [
        'rearrange: rearrange "f1=3 (f2=2 f3=4) (f4=2 f5=4) -> (f3 f5 f1) (f2 f4)"',
        "1: conv 6 1",
        'rearrange2: rearrange "f1=6 f2=4 -> f2 f1"',  # the program gives 4 places of 6 numbers
    ]
    assert graph.uncalled == ()
