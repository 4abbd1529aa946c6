"""Files that PyTorch itself has saved: every form has the names and the numbers of its state dict, bit for bit."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.diagnostics import InputError
from cnncalc.runtime.weight_files.opening import opened

pytestmark = pytest.mark.filterwarnings("ignore")  # PyTorch's own

NET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.randn(3))
        self.conv1 = nn.Conv2d(3, 4, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layers = nn.Sequential(nn.Conv2d(4, 4, 1), nn.ReLU(), nn.Conv2d(4, 2, (3, 1)))
        self.fc = nn.Linear(2, 5)
        self.register_buffer("mean", torch.arange(3))
        self.register_buffer("anchors", torch.randn(2), persistent=False)

    def forward(self, x):
        x = self.layers(torch.relu(self.bn1(self.conv1(x * self.scale.reshape(1, 3, 1, 1)))))
        return self.fc(x.mean(dim=(2, 3)))
"""
"""A class in a module of its own, which the pickle of a whole module names."""


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    torch = pytest.importorskip("torch")
    (tmp_path / "nets_of_the_test.py").write_text(NET, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("nets_of_the_test", None)
    torch.manual_seed(7)
    return importlib.import_module("nets_of_the_test").Net().eval()


def same(path: Path, wanted: Mapping[str, Any]) -> str:
    """Asserts that names, order, shapes and bits are those of the state dict; gives what is said of the file."""
    with opened(path) as file:
        found = {entry.name: file.read(entry.name) for entry in file.entries}
        assert list(found) == list(wanted)
        for name, tensor in wanted.items():
            numbers = tensor.detach().float() if str(tensor.dtype) == "torch.bfloat16" else tensor.detach()
            assert found[name].shape == tuple(tensor.shape), name
            np.testing.assert_array_equal(found[name], numbers.numpy(), err_msg=name)
            assert found[name].dtype == numbers.numpy().dtype
        return f"{file.about.form}: {file.about.remark}"


FORMS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "state dict": (lambda torch, net: net.state_dict(), "a PyTorch state dict: "),
    "checkpoint": (
        lambda torch, net: {
            "epoch": 3,
            "best": torch.tensor(0.5),
            "state_dict": net.state_dict(),
            "optimizer": torch.optim.Adam(net.parameters()).state_dict(),
            "rng": np.random.default_rng(0).bit_generator.state,
            "numbers": np.arange(9),
        },
        "a PyTorch checkpoint: the weights in `state_dict`",
    ),
    "whole module": (
        lambda torch, net: net,
        "a PyTorch module: from a whole module, nets_of_the_test.Net, whose code was not run",
    ),
    "module in a checkpoint": (
        lambda torch, net: {"model": net, "ema": None},
        "a PyTorch module: the weights in `model`; from a whole module, nets_of_the_test.Net, whose code was not run",
    ),
    "parallel": (
        lambda torch, net: torch.nn.DataParallel(net).state_dict(),
        "a PyTorch state dict: `module.` before each name left out",
    ),
    "compiled": (
        lambda torch, net: torch.compile(net).state_dict(),
        "a PyTorch state dict: `_orig_mod.` before each name left out",
    ),
}


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize("form", FORMS)
def test_what_torch_save_writes_has_the_arrays_of_the_state_dict(
    net: Any, tmp_path: Path, form: str, zipped: bool
) -> None:
    import torch

    make, said = FORMS[form]
    torch.save(make(torch, net), tmp_path / "net.pth", _use_new_zipfile_serialization=zipped)
    assert same(tmp_path / "net.pth", net.state_dict()) == said


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_every_version_of_pickle_that_pytorch_writes_is_read(
    net: Any, tmp_path: Path, zipped: bool, protocol: int
) -> None:
    import torch

    torch.save(net, tmp_path / "net.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
    same(tmp_path / "net.pth", net.state_dict())


@pytest.mark.parametrize("traced", [True, False], ids=["trace", "script"])
def test_torchscript_has_the_arrays_of_the_module(net: Any, tmp_path: Path, traced: bool) -> None:
    """TorchScript keeps the buffers that a state dict leaves out."""
    import torch

    made = torch.jit.trace(net, torch.zeros(1, 3, 9, 9)) if traced else torch.jit.script(net)
    made.save(tmp_path / "net.pt")
    said = same(tmp_path / "net.pt", made.state_dict())
    assert said.startswith("TorchScript: from a whole module, ")
    assert said.endswith("Net, whose code was not run")


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_views_and_types_come_out_as_pytorch_shows_them(tmp_path: Path, zipped: bool) -> None:
    torch = pytest.importorskip("torch")
    base = torch.arange(24.0)
    made = {
        "turned": base.reshape(2, 3, 4).permute(2, 0, 1),
        "part": base[3:20:5],
        "shared": base,
        "spread": torch.ones(1).expand(5, 6),
        "single": torch.tensor(3.0),
        "empty": torch.empty(0, 3),
        "channels_last": torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
        **{
            str(kind): torch.arange(-3, 3).to(kind)
            for kind in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16)
        },
        **{str(kind): torch.arange(0, 3).to(kind) for kind in (torch.int8, torch.uint8, torch.bool)},
    }
    torch.save(made, tmp_path / "w.pt", _use_new_zipfile_serialization=zipped)
    same(tmp_path / "w.pt", made)


def test_a_file_without_checksums_is_read(net: Any, tmp_path: Path) -> None:
    import torch
    from torch.serialization import get_crc32_options, set_crc32_options

    before = get_crc32_options()
    set_crc32_options(False)
    try:
        torch.save(net.state_dict(), tmp_path / "net.pth")
    finally:
        set_crc32_options(before)
    same(tmp_path / "net.pth", net.state_dict())


REFUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "complex": (lambda torch: torch.ones(2, dtype=torch.complex64), "complex numbers"),
    "quantised": (lambda torch: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), "quantised numbers"),
    "sparse": (lambda torch: torch.eye(2).to_sparse(), "a sparse tensor"),
    "compressed": (lambda torch: torch.eye(2).to_sparse_csr(), "a sparse tensor"),
    "float8": (lambda torch: torch.ones(2).to(torch.float8_e4m3fn), "float8_e4m3fn numbers"),
    "meta": (lambda torch: torch.ones(2, device="meta"), "a tensor without numbers (of the device meta)"),
}


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize("what", REFUSED)
def test_numbers_that_are_not_read_are_refused_by_name(tmp_path: Path, what: str, zipped: bool) -> None:
    torch = pytest.importorskip("torch")
    make, said = REFUSED[what]
    path = tmp_path / "w.pt"
    torch.save({"w": make(torch)}, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(InputError) as refused, opened(path):
        pass
    assert refused.value.diagnostics[0].message == f"`{path}` holds {said} in `w`"


def test_safetensors_of_pytorch_with_bfloat16_are_the_same_numbers(net: Any, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    halved = {name: tensor.to(torch.bfloat16) for name, tensor in sorted(net.state_dict().items())}
    save_file(halved, tmp_path / "w.safetensors", {"format": "pt"})
    with opened(tmp_path / "w.safetensors") as file:
        assert file.about.program == "PyTorch"
        assert {entry.kind for entry in file.entries} == {"BF16"}
    with opened(tmp_path / "w.safetensors") as file:
        for name, tensor in halved.items():
            np.testing.assert_array_equal(file.read(name), tensor.float().numpy())
