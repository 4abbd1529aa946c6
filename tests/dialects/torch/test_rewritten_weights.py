"""A layer whose weight is computed each time it is run is refused, and said how it can be read."""

from __future__ import annotations

import pytest

from .test_modules import fault


@pytest.mark.parametrize(
    ("function", "removed"),
    [
        ("weight_norm", "remove_weight_norm"),
        ("spectral_norm", "remove_spectral_norm"),
        ("parametrizations.weight_norm", "parametrize.remove_parametrizations"),
        ("parametrizations.spectral_norm", "parametrize.remove_parametrizations"),
    ],
)
def test_a_layer_whose_weight_is_computed_is_refused_with_what_helps(function: str, removed: str) -> None:
    found = fault(f"from torch import nn\nmodel = nn.Sequential(nn.utils.{function}(nn.Conv2d(3, 8, 3)))\n")
    assert (found.code, found.message, found.help) == (
        "not-read-here",
        f"`torch.nn.utils.{function}` is not read: its layer computes its weight from other arrays each time",
        f"write the layer without it, and save the weights after torch.nn.utils.{removed}",
    )
