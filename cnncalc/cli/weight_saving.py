"""Writes a network's weights under its own names, in the format that the name of the file says."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.runtime.weights import Weights

ENDINGS = (".safetensors", ".npz")


def refuse_saving(path: str | None, *, inputs: Iterable[str], force: bool) -> None:
    """Raises InputError, before any work, for a file that may not be written or whose format is not known."""
    if path is None:
        return
    from cnncalc.destinations import refuse_destination
    from cnncalc.diagnostics import input_error

    ending = os.path.splitext(path)[1].lower()
    if ending not in ENDINGS:
        raise input_error(
            "unknown-ending",
            f"weights are not written as `{ending or path}`",
            help=f"end the name with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}",
        )
    refuse_destination(path, inputs=inputs, force=force)


def save_network_weights(path: str, weights: Weights, *, inputs: Iterable[str], force: bool) -> None:
    """Writes every weight of the network."""
    from pathlib import Path

    from cnncalc.runtime.weights import save

    save(Path(path), weights.arrays, inputs=inputs, force=force)
