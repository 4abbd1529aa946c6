"""The measured peak: sums that are right, and a rate that no ordinary code reaches."""

from __future__ import annotations

import pytest

from cnncalc.kernels import jit, peak


def after(rounds: int) -> float:
    """The twelve sums worked out one after the other."""
    total = 0.0
    for start in peak.STARTS:
        value = start
        for _ in range(rounds):
            value = value * 0.999 + 0.001
        total += value
    return total


@pytest.mark.skipif(jit.disabled(), reason="nothing is compiled here")
@pytest.mark.parametrize("width", peak.WIDTHS)
def test_every_multiply_add_is_done(width: int) -> None:
    assert peak.multiply_adds(0, width) == sum(peak.STARTS)
    assert peak.multiply_adds(500, width) == pytest.approx(after(500), rel=1e-5)


def test_no_sum_stays_what_it_is() -> None:
    """The compiler leaves such a sum out, and the rate would count multiply-adds that nobody does."""
    assert len(set(peak.STARTS)) == peak.SUMS
    assert all(start * 0.999 + 0.001 != start for start in peak.STARTS)


@pytest.mark.skipif(jit.disabled(), reason="nothing is compiled here")
def test_the_peak_is_beyond_what_single_additions_reach() -> None:
    measured = peak.peak_flops(1)
    assert measured is not None
    assert measured > 4e9


def test_without_compiling_there_is_no_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak, "disabled", lambda: True)
    assert peak.peak_flops(1) is None
