"""A mean with an odd row of padding, which Keras counts on PyTorch and leaves out on TensorFlow."""

from __future__ import annotations

import pytest

from cnncalc.dialects.keras.writing.model_text import write

from .again import net


@pytest.mark.parametrize(
    ("size", "line"), [("input 32x32x2", "avgpool 3x3 stride=2 same"), ("input 8x8x2", "avgpool 3x3 stride=2 ceil")]
)
def test_a_lopsided_mean_says_itself_what_it_counts(size: str, line: str) -> None:
    assert "PaddedAveragePooling((3, 3), (2, 2)," in write(net(size, line))


def test_a_mean_with_equal_pads_is_keras_own() -> None:
    assert 'layers.AveragePooling2D(3, strides=1, padding="same")' in write(
        net("input 8x8x2", "avgpool 3x3 stride=1 same")
    )
