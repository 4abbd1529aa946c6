"""Networks that PyTorch itself exports, read from their .onnx files and run with their weights: PyTorch's values."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.api import load

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

NETS = ("plain", "residual", "separable", "squeeze", "tokens", "upsampled")


def network(name: str) -> Any:
    """A small network of a kind, in the state of use; every weight and statistic is drawn."""
    nn = torch.nn

    class Residual(nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.bn, self.short = nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.Conv2d(3, 8, 1, 2)

        def forward(self, x: Any) -> Any:
            return torch.relu(self.bn(self.conv(x)) + self.short(x))

    class Squeeze(nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.small, self.wide = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1)

        def forward(self, x: Any) -> Any:
            x = nn.functional.silu(self.conv(x))
            gate = self.wide(torch.relu(self.small(x.mean((2, 3), keepdim=True))))
            return torch.cat([x * torch.sigmoid(gate), nn.functional.hardswish(x)], 1)

    class Tokens(nn.Module):  # type: ignore[name-defined,misc]
        def __init__(self) -> None:
            super().__init__()
            self.cut, self.norm, self.qkv, self.out = (
                nn.Conv2d(3, 8, 4, 4),
                nn.LayerNorm(8),
                nn.Linear(8, 24),
                nn.Linear(8, 5),
            )

        def forward(self, x: Any) -> Any:
            x = self.norm(self.cut(x).flatten(2).transpose(1, 2))
            q, k, v = self.qkv(x).chunk(3, -1)
            return self.out(nn.functional.gelu(torch.softmax(q @ k.transpose(1, 2) * 0.35, -1) @ v)).mean(1)

    made = {
        "plain": lambda: nn.Sequential(
            nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(216, 10), nn.LogSoftmax(1)
        ),
        "residual": Residual,
        "separable": lambda: nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1, groups=1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU6(),
            nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8, 4),
        ),
        "squeeze": Squeeze,
        "tokens": Tokens,
        "upsampled": lambda: nn.Sequential(
            nn.ConvTranspose2d(3, 4, 3, 2, 1, output_padding=1),
            nn.PReLU(4),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(4, 2, 3),
        ),
    }[name]()
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for key, value in made.state_dict().items():
            if value.is_floating_point():
                drawn = torch.randn(value.shape, generator=generator)
                value.copy_(drawn.abs() + 0.5 if "var" in key else 0.3 * drawn)
    return made.eval()


@pytest.mark.parametrize("opset", [11, 13, 17])
@pytest.mark.parametrize("name", NETS)
def test_an_exported_network_has_the_values_of_the_network(tmp_path: Path, name: str, opset: int) -> None:
    path, model = tmp_path / "net.onnx", network(name)
    image = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(4))
    wanted = model(image).detach().numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, (image,), str(path), dynamo=False, opset_version=opset)
    net = load(str(path))
    assert net.analysis.totals.figures.params == sum(one.numel() for one in model.parameters()) - _merged(model)
    found = np.asarray(net.run(image[0].numpy()))
    assert float(np.abs(found - wanted.reshape(found.shape)).max()) <= 3e-6 * float(np.abs(wanted).max())


def _merged(model: Any) -> int:
    """How many params go where the exporter merges each batch norm into the convolution before it.

    Scale and shift of a channel become the kernel's and one bias, which that convolution may have had before.
    """
    convs = [one for one in model.modules() if isinstance(one, torch.nn.Conv2d)]
    norms = [one for one in model.modules() if isinstance(one, torch.nn.BatchNorm2d)]
    return sum(one.num_features * (2 if convs[0].bias is not None else 1) for one in norms)
