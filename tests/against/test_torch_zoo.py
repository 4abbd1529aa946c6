"""Every network that ships, in PyTorch and in ONNX Runtime with the weights of our run: the same outputs.

Small inputs keep this quick; they change no layer but a first dense one.
"""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from cnncalc.runtime.peers import missing
from cnncalc.sources import shipped_names

from .comparing import agree, ready, shipped, written

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")

SIZES = {
    **dict.fromkeys(("alexnet", "zfnet"), "99x99x3"),
    "alexnet-2012": "99x99x3",
    **dict.fromkeys([f"vgg{depth}{bn}" for depth in (11, 13, 16, 19) for bn in ("", "-bn")], "64x64x3"),
    **dict.fromkeys(("googlenet", "googlenet-aux", "squeezenet", "darknet19"), "97x97x3"),
    **dict.fromkeys(("inception-v3", "inception-v3-keras", "inception-resnet-v2", "xception"), "107x107x3"),
    **dict.fromkeys([f"resnet{depth}{by}" for depth in (50, 101, 152) for by in ("", "-keras", "-v2")], "97x97x3"),
    **dict.fromkeys(("resnet18", "resnet34", "resnext50"), "97x97x3"),
    **dict.fromkeys([f"densenet{depth}" for depth in (121, 169, 201)], "97x97x3"),
    **dict.fromkeys(("mobilenet", "mobilenet-v2", "mobilenet-v2-keras", "nasnet-mobile", "nasnet-large"), "97x97x3"),
    "unet": "188x188x1",
    **dict.fromkeys(("yolov1", "yolov2", "yolov2-tiny", "yolov3", "yolov3-tiny", "yolov5n", "yolov5s"), "96x96x3"),
    "keras-cnn-100": "64x64x3",
}
"""The others run at their own size."""


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_network_gives_what_pytorch_gives(name: str) -> None:
    from cnncalc.runtime.peers.torch_net import TorchNet, arrays

    analysis = shipped(name, SIZES.get(name))
    given, ours = ready(analysis)
    net = TorchNet(analysis, given.weights).eval()
    with torch.inference_mode():
        theirs = arrays(net(*net.tensors(given.inputs, analysis)))
    agree(name, "PyTorch", ours, theirs)
    agree(name, "float64", ours, list(given.reference))


@pytest.mark.parametrize(
    "name", ["lenet5", "resnet18", "mobilenet", "mobilenet-v2", "googlenet-aux", "resnet50-v2", "yolov3-tiny"]
)
@pytest.mark.parametrize("way", ["pytorch channels", "pytorch frozen", "onnxruntime"])
def test_every_way_of_the_benchmark_runs_the_same_net(name: str, way: str) -> None:
    from cnncalc.runtime.peers.contestants import contestants, outputs_of

    if way == "onnxruntime" and (why := missing("onnxruntime")):
        pytest.skip(why)
    analysis = shipped(name, SIZES.get(name))
    given, ours = ready(analysis, batch=2)
    runs, failed = contestants(analysis, given, threads=1)
    assert failed == {}
    agree(f"{name}, two images", way, ours, outputs_of(runs[way]()))


def test_frozen_nets_do_not_pile_up_in_memory() -> None:
    """TorchScript keeps the weights of every frozen net for good, 4 MB here, unless it is told to forget."""
    from cnncalc.runtime.peers.contestants import contestants, forget

    analysis = written("input 1000\ndense 1000\n")
    given, _ = ready(analysis)
    resident: list[int] = []
    for _ in range(30):
        runs, _ = contestants(analysis, given, threads=1)
        del runs
        gc.collect()
        forget()
        resident.append(resident_bytes())
    assert resident[-1] - resident[9] < 40e6


def resident_bytes() -> int:
    """What this process holds in memory."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("this system does not say how much memory a process holds")
    return int(statm.read_text().split()[1]) * 4096


def test_every_size_is_that_of_a_network() -> None:
    assert set(SIZES) <= set(shipped_names())
