"""A batch that moves much and computes little is run in portions: as many images at once as may be held."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import thread_count
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import lanes_here
from cnncalc.runtime.planning import plan
from cnncalc.runtime.running import prepare

from .comparing import LARGEST_ERROR, exact, livened
from .nets import analysed, given


@pytest.mark.parametrize(("held", "images"), [(0.5, 1), (2.5, 2), (5.5, 3), (6, 6)])
def test_of_six_images_so_many_are_run_at_once(monkeypatch: pytest.MonkeyPatch, held: float, images: int) -> None:
    analysis = analysed("input 32x32x3\nconv 16 1x1 relu\ndwconv 3x3 same relu\nconv 8 1x1\ngap\n")
    weights, inputs = livened(analysis), given(analysis, 6)
    single = engine_plan(plan(analysis), lanes_here(), thread_count())
    monkeypatch.setattr("cnncalc.runtime.running.CACHE_BYTES", 0)
    monkeypatch.setattr("cnncalc.runtime.running.PORTION_BYTES", held * sum(single.slots))
    ready = prepare(plan(analysis, 6), weights)
    assert ready.session is not None
    assert ready.session.plan.batch == images
    found, wanted = ready.run(inputs)["gap1"], exact(analysis, weights, inputs, 6)["gap1"]
    assert found.shape == wanted.shape
    assert float(np.abs(found - wanted).max() / np.abs(wanted).max()) <= LARGEST_ERROR
    assert min(ready.seconds(inputs).values()) > 0
