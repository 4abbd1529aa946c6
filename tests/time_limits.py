"""How long a test may take that shows that something is bounded in time.

A machine that tests for others is several times as slow as one at a desk, and its processors are shared: a bound is
there to catch what grows with the square or never ends, not to measure speed.
"""

from __future__ import annotations

SLACK = 6
"""How many times as slow as a quiet machine the slowest one is, when all its processors are busy with other tests."""


def allowed(seconds: float) -> float:
    """The seconds allowed where a quiet machine needs no more than `seconds`."""
    return SLACK * seconds
