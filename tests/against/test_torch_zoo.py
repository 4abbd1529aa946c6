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
from .sizes_of_nets import SIZES

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")


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
