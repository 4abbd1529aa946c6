"""Which words are the same operations: each rule once where it holds, and where it does not."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net

ALIKE = {
    "a depthwise convolution is one with as many groups": (
        "input 8x8x4\ndwconv 3x3",
        "input 8x8x4\nconv 4 3x3 groups=4",
    ),
    "a separable one is two": (
        "input 8x8x4\nsepconv 6 3x3 multiplier=2",
        "input 8x8x4\nconv 8 3x3 groups=4 nobias\nconv 6 1x1",
    ),
    "zeros around a convolution": ("input 8x8x1\nconv 4 3x3 padding=0,1,0,1", "input 8x8x1\npad 0,1,0,1\nconv 4 3x3"),
    "a mirror around a convolution": (
        "input 8x8x1\nconv 4 3x3 padding=0,1,0,1 reflect",
        "input 8x8x1\npad 0,1,0,1 reflect\nconv 4 3x3",
    ),
    "rows after a maximum are rounding up": (
        "input 8x8x1\nmaxpool 3x3 stride=2 same",
        "input 8x8x1\nmaxpool 3x3 stride=2 ceil",
    ),
    "zeros that a mean counts": (
        "input 8x8x1\navgpool 3x3 stride=1 padding=0,2,0,2 countpad",
        "input 8x8x1\npad 0,2,0,2\navgpool 3x3 stride=1",
    ),
    "zeros that a sum counts": (
        "input 8x8x1\nsumpool 3x3 stride=1 padding=1",
        "input 8x8x1\npad 1\nsumpool 3x3 stride=1",
    ),
    "a pool of all that is there": ("input 8x8x3\ngap", "input 8x8x3\nadaptavg 1x1\nflatten"),
    "what is cut off a larger map": (
        "x: input 7x7x2\na: conv 2 4x4\nconcat x a crop",
        "x: input 7x7x2\na: conv 2 4x4\nc: crop 1,2,1,2 from x\nconcat c a",
    ),
    "rows cut off a transposed convolution": (
        "input 4x4x2\nupconv 3 3x3 stride=2 padding=0,1,0,1",
        "input 4x4x2\nupconv 3 3x3 stride=2\ncrop 0,1,0,1",
    ),
    "a mean is a sum and a factor": (
        "input 4x4x2\na: relu\nb: tanh\navg a b",
        "input 4x4x2\na: relu\nb: tanh\nadd a b\nscale 0.5",
    ),
    "a distance is a difference without its sign": (
        "input 4x4x2\na: relu\nb: tanh\nabsdiff a b",
        "input 4x4x2\na: relu\nb: tanh\nsub a b\nfunction abs",
    ),
    "shifts without factors": ("input 4x4x2\nbn noscale", "input 4x4x2\nbn noscale noshift\nshift"),
    "LeNet's pool": ("input 4x4x2\nsubsample 2x2", "input 4x4x2\nsumpool 2x2\nscale\nshift"),
    "the order of one number a place": ("input 4x4x1\nflatten", "input 4x4x1\nflatten channels_first"),
    "another slope": ("input 4x4x1\nhardsigmoid 0.2", "input 4x4x1\nscale 0.2\naffine 1 0.5\nclip 0 1"),
    "zeros around zeros": (
        "input 8x8x4\nupsample 2\npad 1,0,1,0\nconv 3 4x4 padding=1",
        "input 8x8x4\nupsample 2\npad 1,0,1,0\npad 1\nconv 3 4x4",
    ),
    "a matrix turned by the product or before it": (
        "x: input 8x6x4\na: relu\nmatmul x a transpose",
        'x: input 8x6x4\na: relu\nb: rearrange "h w c -> h c w"\nmatmul x b',
    ),
    "a map made as large as it is": ("input 4x4x2\nrelu\nupsample 1\ntanh", "input 4x4x2\nrelu\ntanh"),
    "a gate said in one word": ("input 4x4x2\nsilu", "x: input 4x4x2\ng: sigmoid\nmul x g"),
    "a gate of two functions": ("input 4x4x2\nmish", "x: input 4x4x2\nsoftplus\ng: tanh\nmul x g"),
    "a gate with corners": ("input 4x4x2\nhardswish", "x: input 4x4x2\ng: hardsigmoid\nmul x g"),
    "a sum that is also read by what no output needs": (
        "a: input 4x4x2\nb: relu from a\nc: add a b\nd: tanh from c\no: add c a\noutput o",
        "a: input 4x4x2\nb: relu from a\no: add a b a\noutput o",
    ),
}
OTHERS = {
    "zeros around a mirror": (
        "input 8x8x4\npad 1 reflect\npad 1\nrelu",
        "input 8x8x4\npad 2\nrelu",
    ),
    "a matrix that is not turned": (
        "x: input 8x4x4\na: relu\nmatmul x a transpose",
        "x: input 8x4x4\na: relu\nmatmul x a",
    ),
    "a gate of something else": (
        "x: input 4x4x2\na: tanh\nsilu",
        "x: input 4x4x2\na: tanh\ng: sigmoid\nmul x g",
    ),
    "more zeros": ("input 8x8x1\nconv 4 3x3 padding=0,1,0,1", "input 8x8x1\npad 1,0,1,0\nconv 4 3x3"),
    "zeros for a mirror": ("input 8x8x1\nconv 4 3x3 padding=1 reflect", "input 8x8x1\npad 1\nconv 4 3x3"),
    "a mirror beyond zeros": (
        "input 8x8x1\nconv 4 3x3 padding=2 reflect",
        "input 8x8x1\npad 1 reflect\nconv 4 3x3 padding=1",
    ),
    "a mean that does not count": (
        "input 8x8x1\navgpool 3x3 stride=1 padding=1",
        "input 8x8x1\npad 1\navgpool 3x3 stride=1",
    ),
    "windows that begin elsewhere": (
        "input 8x8x1\nmaxpool 3x3 stride=2 padding=1",
        "input 8x8x1\nmaxpool 3x3 stride=2 ceil",
    ),
    "a mean of more": ("input 4x4x2\na: relu\nb: tanh\navg a b", "input 4x4x2\na: relu\nb: tanh\nadd a b\nscale 0.25"),
    "the order of several": ("input 4x4x2\nflatten", "input 4x4x2\nflatten channels_first"),
    "factors without shifts": ("input 4x4x2\nbn noscale", "input 4x4x2\nbn noshift"),
    "another middle": (
        "x: input 7x7x2\na: conv 2 4x4\nconcat x a crop",
        "x: input 7x7x2\na: conv 2 4x4\nc: crop 2,1,2,1 from x\nconcat c a",
    ),
    "another cut": (
        "input 4x4x2\nupconv 3 3x3 stride=2 padding=0,1,0,1",
        "input 4x4x2\nupconv 3 3x3 stride=2\ncrop 1,0,1,0",
    ),
}


def compared(pair: tuple[str, str]) -> Same | Unequal:
    first, second = (checked(Source("net.txt", f"{text}\n")) for text in pair)
    return same_net(first, second)


@pytest.mark.parametrize("what", ALIKE)
def test_other_words_for_the_same_computation_are_the_same_net(what: str) -> None:
    assert isinstance(compared(ALIKE[what]), Same)


@pytest.mark.parametrize("what", OTHERS)
def test_what_computes_something_else_is_another_net(what: str) -> None:
    assert isinstance(compared(OTHERS[what]), Unequal)


def test_the_arrays_of_two_steps_are_those_of_the_word() -> None:
    found = compared(ALIKE["a separable one is two"])
    assert isinstance(found, Same)
    assert dict(found.arrays) == {
        "sepconv1.depthwise_weight": "conv1.weight",
        "sepconv1.pointwise_weight": "conv2.weight",
        "sepconv1.bias": "conv2.bias",
    }
