"""Pictures against torchvision's own transforms, where it is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.layers.input import Input
from cnncalc.runtime.images import Preprocessing, read

SIZES = ((300, 200), (200, 301), (255, 257), (31, 640), (640, 33), (224, 224), (1, 1), (3, 500))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("side", "resize", "bicubic"), [(224, 256, False), (224, 232, True), (97, 131, False)])
def test_resize_and_the_middle_are_torchvisions_bit_for_bit(
    tmp_path: Path, size: tuple[int, int], side: int, resize: int, *, bicubic: bool
) -> None:
    transforms = pytest.importorskip("torchvision").transforms
    way = transforms.InterpolationMode.BICUBIC if bicubic else transforms.InterpolationMode.BILINEAR
    picture = Image.fromarray(np.random.default_rng(7).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    picture.save(tmp_path / "picture.png")
    theirs = transforms.Compose(
        [
            transforms.Resize(resize, interpolation=way),
            transforms.CenterCrop(side),
            transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )(picture).numpy()
    words = "bicubic" if bicubic else ""
    line = Input(size=(side, side, 3), preprocessing="imagenet", resize=resize, interpolation=words)
    shape = line.output_shape(())
    ours = read(tmp_path / "picture.png", shape, Preprocessing.of(line, shape))[0, :, 0]
    np.testing.assert_array_equal(ours, theirs)
