"""Everybody who can run a net here, ready to run: PyTorch in three ways, and ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.peers import PEERS, missing
from cnncalc.runtime.reference_run import Array, ReferenceRun

Run = Callable[[], Any]
TORCH_WAYS = ("eager", "channels", "frozen")
"""As it is written; with the channels last in memory; frozen by TorchScript."""

COPIES = 7
"""The weights are held so often at most, while ONNX Runtime takes them in (6.4 times on VGG16, ours included)."""


def absences() -> dict[str, str]:
    """Which peers cannot run here, and why."""
    return {module: why for module in PEERS if (why := missing(module))}


def versions() -> dict[str, str]:
    """The name and version of each peer that can run."""
    from importlib.metadata import version  # noqa: PLC0415 (only when somebody asks)

    return {name: version(module) for module, name in PEERS.items() if not missing(module)}


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Inside, PyTorch uses `count` threads."""
    if missing("torch"):
        yield
        return
    import torch  # noqa: PLC0415 (an optional program, and a slow start)

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def contestants(analysis: Analysis, given: ReferenceRun, threads: int) -> tuple[dict[str, Run], dict[str, str]]:
    """What runs this net here by name (`pytorch eager`, `onnxruntime`), and why others cannot."""
    ready: dict[str, Run] = {}
    failed: dict[str, str] = {}
    if not missing("torch"):
        for way in TORCH_WAYS:
            _prepare(f"pytorch {way}", partial(_torch, analysis, given, way), ready, failed)
    if not missing("onnxruntime"):
        _prepare("onnxruntime", partial(_onnx, analysis, given, threads), ready, failed)
    return ready, failed


def forget() -> None:
    """Let go of what peers keep for the life of the process, once no contestant is left."""
    if not missing("torch"):
        from cnncalc.runtime.peers.torch_net import forget_frozen  # noqa: PLC0415

        forget_frozen()


def outputs_of(found: Any) -> list[Array]:
    """A peer's outputs as our kernels would hand them out."""
    from cnncalc.runtime.peers.torch_net import arrays  # noqa: PLC0415

    return arrays(found)


def _prepare(name: str, make: Callable[[], Run], ready: dict[str, Run], failed: dict[str, str]) -> None:
    """A peer that cannot take this net is told about and left out: its exporters have limits of their own."""
    try:
        ready[name] = make()
        ready[name]()
    except Exception as fault:  # noqa: BLE001 - whatever a peer's exporter raises
        ready.pop(name, None)
        first = str(fault).splitlines()[0][:100] if str(fault) else "no more is said"
        failed[name] = f"{_REASONS.get(type(fault).__name__, 'its own error')} ({type(fault).__name__}: {first})"


_REASONS = {
    "UnsupportedOperatorError": "PyTorch's exporter, which writes the net for it, has no ONNX operator for a layer",
    "Fail": "it refuses the net as PyTorch's exporter writes it",
    "NotImplemented": "it has no kernel for a layer as PyTorch's exporter writes it",
}
"""What errors of peers come to in plain words, by their names."""


def _torch(analysis: Analysis, given: ReferenceRun, way: str) -> Run:
    import torch  # noqa: PLC0415

    from cnncalc.runtime.peers.torch_net import TorchNet, channels_last, frozen  # noqa: PLC0415

    net: Any = TorchNet(analysis, given.weights).eval()
    inputs = net.tensors(given.inputs, analysis)
    if way == "channels":
        net, inputs = channels_last(net), tuple(map(_channels_last, inputs))
    elif way == "frozen":
        net = frozen(net, inputs)

    def run() -> Any:
        with torch.inference_mode():
            return net(*inputs)

    return run


def _channels_last(tensor: Any) -> Any:
    import torch  # noqa: PLC0415

    formats: Mapping[int, Any] = {4: torch.channels_last, 5: torch.channels_last_3d}
    return tensor.contiguous(memory_format=formats[tensor.ndim]) if tensor.ndim in formats else tensor


def _onnx(analysis: Analysis, given: ReferenceRun, threads: int) -> Run:
    from cnncalc.runtime.peers.onnx_session import session  # noqa: PLC0415
    from cnncalc.runtime.peers.torch_net import TorchNet  # noqa: PLC0415

    inputs = TorchNet(analysis, given.weights).tensors(given.inputs, analysis)
    return session(analysis, given.weights, inputs, threads)
