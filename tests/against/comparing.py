"""Nets made ready for a comparison, the agreement of two results, and the table of all agreements.

`--agreement FILE` writes the table: every net or layer that was compared, with what, and the largest relative
difference.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.reference_run import ReferenceRun, reference_run
from cnncalc.runtime.running import prepare
from cnncalc.sources import find

Array = np.ndarray[Any, Any]

CLOSE = 1e-4
"""The largest difference over the largest value: float32 sums of a deep net, each in its own order."""


class NothingToCompareError(AssertionError):
    """A result that is 0 everywhere, as a wrong one may be too."""


agreements: list[tuple[str, str, float]] = []


def shipped(name: str, size: str | None = None) -> Analysis:
    """A network that ships, on an input of this size."""
    return _analysed(find(name), size)


def written(text: str) -> Analysis:
    """A net from its text."""
    return _analysed(Source("net.txt", text), None)


def _analysed(source: Source, size: str | None) -> Analysis:
    graph, faults = load_graph(source, size)
    assert not faults, faults
    return analyse(graph)


def ready(analysis: Analysis, batch: int = 1, shift: float = 0.0) -> tuple[ReferenceRun, list[Array]]:
    """Weights and an input (from 0 to 1, and `shift` more), and what the engine makes of them in float32."""
    given = reference_run(analysis, batch)
    for array in given.inputs.values():
        array[...] += np.float32(shift)
    prepared = plan(analysis, batch, "float32")
    outputs = list(prepare(prepared, given.weights).run(given.inputs).values())
    readable = list(execute(prepared, given.weights, given.inputs).values())
    assert difference(outputs, readable) <= CLOSE, "the engine differs from the readable kernels"
    return given, outputs


def difference(ours: list[Array], theirs: list[Array]) -> float:
    """The largest difference over the largest value, of whichever output is worst."""
    assert len(ours) == len(theirs)
    worst = 0.0
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.size == other.size
        assert np.isfinite(other).all()
        if not np.abs(other).max() > 0:
            raise NothingToCompareError
        worst = max(worst, float(np.abs(mine.reshape(other.shape) - other).max() / np.abs(other).max()))
    return worst


def agree(what: str, with_whom: str, ours: list[Array], theirs: list[Array]) -> None:
    """Note the difference for the table, and insist that it is small."""
    found = difference(ours, theirs)
    agreements.append((what, with_whom, found))
    assert found <= CLOSE
