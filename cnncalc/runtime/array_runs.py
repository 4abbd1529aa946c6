"""Running a net from Python with these weights or others: those of the last run stay in memory, ready for the next."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.caller_warnings import warn_caller
from cnncalc.runtime.planning import precision
from cnncalc.runtime.prepared_runs import PreparedRuns
from cnncalc.runtime.weights import Weights, load, seeded


class ArrayRuns:
    """The runs of one net; keeps what is ready with the weights that were used last."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._lock = Lock()
        self._last: tuple[object, PreparedRuns] | None = None

    def prepared(self, weights: str | None, seed: int) -> PreparedRuns:
        """With the weights of a file, as long as it does not change, or drawn from a seed."""
        key = seed if weights is None else _state_of(Path(weights))
        with self._lock:
            if self._last is None or self._last[0] != key:
                self._last = None  # the memory of other weights is free before these are read
                self._last = key, PreparedRuns(self.analysis, loaded_weights(self.analysis, weights, seed))
            return self._last[1]


def loaded_weights(analysis: Analysis, weights: str | None, seed: int) -> Weights:
    """The weights of a file, or drawn from a seed; what names and shapes could not tell is a warning."""
    dtype = precision(analysis)
    found = seeded(analysis, seed, dtype) if weights is None else load(Path(weights), analysis, dtype)
    for warning in found.warnings:
        warn_caller(f"{warning.message}; {warning.help}")
    return found


def _state_of(path: Path) -> object:
    """What changes when a file is written anew; nothing can be kept where there is none."""
    try:
        state = path.stat()
    except OSError:
        return object()
    return str(path), state.st_mtime_ns, state.st_size
