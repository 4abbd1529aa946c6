"""What the real tools print for a module of PyTorch: fvcore, thop, ptflops, torchinfo, calflops, PyTorch, onnx-tool."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")

Images = tuple[Any, ...]


def fvcore(net: Any, images: Images) -> int:
    found = pytest.importorskip("fvcore.nn", reason="fvcore is not installed")
    logging.getLogger("fvcore").setLevel(logging.ERROR)
    logging.getLogger("torch").setLevel(logging.ERROR)
    counted = found.FlopCountAnalysis(net, images)
    counted.unsupported_ops_warnings(False)
    counted.uncalled_modules_warnings(False)
    return int(counted.total())


def thop(net: Any, images: Images) -> int:
    found = pytest.importorskip("thop", reason="thop is not installed")
    return int(found.profile(net, images, verbose=False)[0])


def _ptflops(net: Any, images: Images, backend: str) -> int:
    found = pytest.importorskip("ptflops", reason="ptflops is not installed")
    names = [f"x{n}" for n in range(len(images))]

    class Named(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, **given: Any) -> Any:
            return self.net(*(given[name] for name in names))

    macs, _ = found.get_model_complexity_info(
        Named() if len(images) > 1 else net,
        tuple(images[0].shape[1:]),
        as_strings=False,
        print_per_layer_stat=False,
        backend=backend,
        input_constructor=(lambda _: dict(zip(names, images, strict=True))) if len(images) > 1 else None,
    )
    return int(macs)


def ptflops(net: Any, images: Images) -> int:
    return _ptflops(net, images, "pytorch")


def ptflops_aten(net: Any, images: Images) -> int:
    return _ptflops(net, images, "aten")


def torchinfo(net: Any, images: Images) -> int:
    found = pytest.importorskip("torchinfo", reason="torchinfo is not installed")
    return int(found.summary(net, input_data=list(images), verbose=0).total_mult_adds)


class _Nothing(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@contextlib.contextmanager
def _without_language_models() -> Iterator[None]:
    """Empty modules for a while in place of the parts of calflops that need packages for language models."""
    names = ("calflops.estimate", "calflops.flops_counter_hf")
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.modules.update({name: _Nothing(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(before)


def calflops(net: Any, images: Images) -> int:
    with _without_language_models():
        found = pytest.importorskip("calflops", reason="calflops cannot be imported", exc_type=ImportError)
    if not any(True for _ in net.parameters()):  # it asks the first one for its device
        net.register_parameter("unread", torch.nn.Parameter(torch.zeros(1)))
    flops, _, _ = found.calculate_flops(
        net, args=list(images), output_as_string=False, print_results=False, print_detailed=False
    )
    return int(flops)


def flop_counter(net: Any, images: Images) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as mode, torch.no_grad():
        net(*images)
    return int(mode.get_total_flops())


def onnx_tool(net: Any, images: Images) -> int:
    found = pytest.importorskip("onnx_tool", reason="onnx-tool is not installed")
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    file = io.BytesIO()
    torch.onnx.export(net, images, file, dynamo=False)
    model = found.Model(onnx.load_from_string(file.getvalue()))
    model.graph.shape_infer(None)
    model.graph.profile()
    return int(model.graph.macs[0])


TOOLS: dict[str, Callable[[Any, Images], int]] = {
    "fvcore": fvcore,
    "thop": thop,
    "ptflops": ptflops,
    "ptflops-aten": ptflops_aten,
    "torchinfo": torchinfo,
    "calflops": calflops,
    "torch": flop_counter,
    "onnx-tool": onnx_tool,
}
"""Convention -> the tool itself, run on a module."""


def printed(name: str, net: Any, images: Images) -> int:
    """What the tool prints, without what it says beside."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        return TOOLS[name](net, images)
