"""Every shipped net, written as Keras, is read again as the same net; some of them here, all in tests/against."""

from __future__ import annotations

import pytest

from cnncalc.questions.same_net import Same

from .again import compared, shipped

SOON = ("lenet5", "lenet5-1998", "resnet18", "googlenet", "unet", "mobilenet-v3", "yolov1", "convnext-tiny")


@pytest.mark.parametrize("name", SOON)
def test_a_shipped_net_is_the_same_after_keras(name: str) -> None:
    found = compared(shipped(name))
    assert isinstance(found, Same), found
