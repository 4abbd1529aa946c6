"""Writes a network's weights under its own names, in the format that the name of the file says."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.runtime.weights import Weights

ENDINGS = (".safetensors", ".npz", ".weights")


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


def save_network_weights(
    path: str, analysis: Analysis, weights: Weights, *, inputs: Iterable[str], force: bool
) -> None:
    """Writes every weight of the network; a .weights file of Darknet's has no names, only the order of the layers.

    Raises InputError for a network that Darknet does not have.
    """
    from pathlib import Path

    from cnncalc.runtime.weights import save

    if path.lower().endswith(".weights"):
        from cnncalc.destinations import write_stream
        from cnncalc.runtime.weight_files.darknet_files import write_darknet

        write_stream(path, lambda file: write_darknet(analysis, weights.arrays, file), inputs=inputs, force=force)
        return
    save(Path(path), weights.arrays, inputs=inputs, force=force)
