"""The words for padding: how many rows each puts before and after, and where a word has no meaning."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Refusal, Source
from cnncalc.geometry import PADDING_WORDS, Shape, resolved_pads
from cnncalc.graph import load_graph
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.pool import MaxPool
from cnncalc.layers.upconv import UpConv


@pytest.mark.parametrize(
    ("word", "size", "kernel", "stride", "dilation", "pads"),
    [
        ("half", 224, 7, 2, 1, (3, 3)),  # torchvision's ResNet: Conv2d(3, 64, 7, 2, padding=3), 7 // 2
        ("half", 9, 3, 1, 4, (4, 4)),  # torchvision's conv3x3: padding=dilation
        ("half", 8, 4, 2, 1, (1, 1)),  # 3 // 2
        ("half", 8, 1, 2, 1, (0, 0)),
        ("causal", 9, 3, 1, 1, (2, 0)),  # van den Oord et al. 2016 (WaveNet), figure 2
        ("causal", 9, 2, 3, 4, (4, 0)),  # the same with dilation 4, figure 3
        ("same_lower", 8, 2, 1, 1, (1, 0)),  # ONNX, Conv: SAME_LOWER, the extra pad at the beginning
        ("same_lower", 7, 4, 2, 1, (2, 1)),
        ("same_upper", 8, 2, 1, 1, (0, 1)),  # ONNX, Conv: SAME_UPPER, the extra pad at the end
        ("same", 8, 2, 1, 1, (0, 1)),
    ],
)
def test_a_padding_word_pads_so_many_rows(
    word: str, size: int, kernel: int, stride: int, dilation: int, pads: tuple[int, int]
) -> None:
    assert resolved_pads(PADDING_WORDS[word], (size,), (kernel,), (stride,), (dilation,)) == (pads,)


def test_half_does_not_depend_on_the_stride_and_same_does() -> None:
    sizes = {
        word: Conv(filters=1, kernel_size=(3,), stride=(2,), padding=PADDING_WORDS[word])
        .output_shape((Shape(1, (8, 8)),))
        .text()
        for word in ("half", "same")
    }
    assert sizes == {"half": "4x4x1", "same": "4x4x1"}
    pads = {word: resolved_pads(PADDING_WORDS[word], (8,), (3,), (2,), (1,)) for word in ("half", "same", "same_lower")}
    assert pads == {"half": ((1, 1),), "same": ((0, 1),), "same_lower": ((1, 0),)}


def test_same_lower_makes_as_many_outputs_as_same() -> None:
    for layer in (Conv(filters=1, kernel_size=(4,), stride=(3,), padding=PADDING_WORDS["same_lower"]),):
        assert layer.output_shape((Shape(1, (10, 11)),)).text() == "4x4x1"


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            Conv(filters=1, kernel_size=(3,), padding=PADDING_WORDS["causal"]),
            (8, 8),
            "`causal` pads a signal's past, but the input here is 2-D",
        ),
        (
            MaxPool(kernel_size=(3,), padding=PADDING_WORDS["causal"]),
            (8, 8, 8),
            "`causal` pads a signal's past, but the input here is 3-D",
        ),
        *[
            (
                UpConv(filters=1, kernel_size=(3,), padding=PADDING_WORDS[word]),
                (8,),
                f"`{word}` pads an input, and a transposed convolution's padding cuts rows off its output",
            )
            for word in ("half", "causal", "same_lower")
        ],
    ],
)
def test_a_padding_word_without_a_meaning_is_refused(layer: Layer, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(Refusal) as refused:
        layer.output_shape((Shape(1, shape),))
    assert (refused.value.code, refused.value.message) == ("padding-word-unfit", message)


def test_a_text_may_name_its_padding() -> None:
    graph, faults = load_graph(Source("net.txt", "input 9 channels 2\nconv 3 3 padding=causal dilation=2\n"))
    assert not faults
    assert graph.nodes[-1].output == Shape(3, (9,))
