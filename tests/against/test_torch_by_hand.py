"""Networks built by hand in PyTorch, with the weights of our run: the same outputs."""

from __future__ import annotations

import numpy as np
import pytest

from .comparing import agree, ready, shipped

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")

NETS = [
    ("alexnet-2012", "alexnet_2012", None),
    ("vgg11", "vgg11", None),
    ("resnet18", "resnet18", None),
    ("resnext50", "resnext50", "97x97x3"),
    ("densenet121", "densenet121", "97x97x3"),
    ("googlenet", "googlenet", None),
    ("mobilenet-v2", "mobilenet_v2", None),
    ("unet", "unet", "188x188x1"),
    ("resnet20-cifar", "resnet20", None),
]


@pytest.mark.parametrize(("name", "builder", "size"), NETS, ids=[name for name, _, _ in NETS])
def test_a_net_built_by_hand_gives_the_same(name: str, builder: str, size: str | None) -> None:
    from . import tape

    analysis = shipped(name, size)
    given, ours = ready(analysis)
    (picture,) = given.inputs.values()
    layers = tape.Tape(analysis, given.weights)
    with torch.inference_mode():
        theirs = torch.softmax(getattr(tape, builder)(layers, torch.from_numpy(picture[:, :, 0])), 1).numpy()
    assert layers.used_up()
    agree(name, "PyTorch, built by hand", ours, [theirs])
    assert np.ptp(theirs, 1).max() > theirs.mean(), "an output that is the same everywhere proves nothing"
