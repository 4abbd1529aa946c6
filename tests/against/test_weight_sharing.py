"""One module of PyTorch called twice: the same numbers, and as many parameters."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import seeded
from tests.runtime.nets import analysed, given
from tests.runtime.test_weight_sharing import SIAMESE

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")


@pytest.mark.parametrize("engine", [True, False])
def test_a_siamese_net_is_one_module_called_twice(engine: bool) -> None:
    nn = torch.nn
    tower = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU()
    ).eval()
    head = nn.Linear(64, 1)
    analysis = analysed(SIAMESE.replace("output left right d\n", ""))
    assert analysis.totals.figures.params == sum(one.numel() for one in (*tower.parameters(), *head.parameters()))
    weights, pictures = seeded(analysis), given(analysis, 2)
    names = {"left.conv1": tower[0], "left.conv1.bn": tower[1], "left.conv2": tower[4], "dense1": head}
    for name, module in names.items():
        own = [key for key in module.state_dict() if "batches" not in key]
        module.load_state_dict({key: torch.from_numpy(weights.arrays[f"{name}.{key}"]) for key in own}, strict=False)
    with torch.inference_mode():
        left, right = (tower(torch.from_numpy(pictures[name][:, :, 0])).mean((2, 3)) for name in ("a", "b"))
        theirs = torch.sigmoid(head((left - right).abs())).numpy()
    prepared = plan(analysis, 2, "float32")
    ready = prepare(prepared, weights, 1)
    ours = ready.run(pictures) if engine else execute(prepared, weights, pictures)
    np.testing.assert_allclose(next(iter(ours.values())).reshape(2, 1), theirs, rtol=2e-6)
    assert abs(float(theirs[0, 0]) - 0.5) > 1e-3
