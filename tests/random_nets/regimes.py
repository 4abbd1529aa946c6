"""What decides how the engine goes about a net, set so that nets of a few thousand numbers meet every way of it.

Each regime is a set of thresholds, by module and name; one that no longer exists fails with its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from unittest.mock import patch

ENGINE = "cnncalc.runtime.engine"

Thresholds = Mapping[str, float]

ALWAYS_WINOGRAD: Thresholds = {
    f"{ENGINE}.ops.winograd.FEWEST_CHANNELS": 1,
    f"{ENGINE}.ops.winograd.FEWEST_TILES": 1,
}
ALWAYS_STRIPES: Thresholds = {
    f"{ENGINE}.ops.stripes.WIDE_BYTES": 0,
    f"{ENGINE}.ops.stripes.MOST_TWICE": float("inf"),
    f"{ENGINE}.ops.stripes.STRIPE_BYTES": 2_000,
}
ALWAYS_SWEEPS: Thresholds = {
    f"{ENGINE}.ops.winograd.CACHE_BYTES": 0,
    f"{ENGINE}.ops.winograd.NEAR_BYTES": 0,
    f"{ENGINE}.ops.winograd.MOST_SWEPT": 3,
}
SMALL_UNITS: Thresholds = {
    f"{ENGINE}.session.FEWEST_MULTIPLICATIONS": 0,
    f"{ENGINE}.ops.convolution.SEGMENT_BYTES": 512,
}
IMAGE_BY_IMAGE: Thresholds = {
    "cnncalc.runtime.running.MOVED": float("inf"),
    "cnncalc.runtime.running.HEAVY": float("inf"),
    "cnncalc.runtime.running.CACHE_BYTES": 0,
    "cnncalc.runtime.running.PORTION_BYTES": 0,
}

REGIMES: Mapping[str, Thresholds] = {
    "as it is": {},
    "Winograd and stripes": {**ALWAYS_WINOGRAD, **ALWAYS_STRIPES, **SMALL_UNITS},
    "sweeps, image by image": {**ALWAYS_WINOGRAD, **ALWAYS_SWEEPS, **SMALL_UNITS, **IMAGE_BY_IMAGE},
}


@contextmanager
def regime(name: str) -> Iterator[None]:
    """Inside, the engine plans and binds with these thresholds."""
    changes = [
        (import_module(path.rpartition(".")[0]), path.rpartition(".")[2], value)
        for path, value in REGIMES[name].items()
    ]
    patches = [patch.object(module, threshold, value) for module, threshold, value in changes]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()
