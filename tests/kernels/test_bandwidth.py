"""The measured bandwidth: every number is read, and the slowest of what runs at the same time counts."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import bandwidth, jit


@pytest.mark.skipif(jit.disabled(), reason="nothing is compiled here")
def test_every_number_is_read() -> None:
    found = np.empty(1, np.int64)
    bandwidth.total(np.arange(4_000), found)
    assert found[0] == 7_998_000  # 3999 * 4000 / 2


@pytest.mark.skipif(jit.disabled(), reason="nothing is compiled here")
def test_memory_gives_more_than_a_disk_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bandwidth, "SECONDS", 0.05)
    measured = bandwidth.memory_bandwidth(2)
    assert measured is not None
    assert 5e8 < measured < 1e13


def test_a_thread_that_was_held_up_during_a_burst_counts_as_slow_as_it_was() -> None:
    other = [(0.0, 1.0, 8.0), (1.0, 3.0, 4.0), (4.0, 5.0, 8.0)]
    assert bandwidth._slower(other, 0.2, 0.8) == 8.0
    assert bandwidth._slower(other, 0.5, 1.5) == 4.0
    assert bandwidth._slower(other, 2.5, 3.5) == 0.0


def test_without_compiling_there_is_no_bandwidth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bandwidth, "disabled", lambda: True)
    assert bandwidth.memory_bandwidth(1) is None
