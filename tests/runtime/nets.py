"""Nets as texts, analysed, with inputs to run them on."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.runtime.planning import INPUT, plan

Array = np.ndarray[Any, Any]


def analysed(text: str) -> Analysis:
    """The analysis of a text that has no faults."""
    graph, faults = load_graph(Source("net.txt", text))
    assert not faults, faults
    return analyse(graph)


def given(analysis: Analysis, batch: int = 1, seed: int = 0) -> dict[str, Array]:
    """Random numbers for every input that the text does not state."""
    random = np.random.default_rng(seed)
    steps = plan(analysis, batch).steps
    return {
        step.name: random.standard_normal(step.output).astype(np.float32)
        for step in steps
        if step.kernel == INPUT and not step.numbers
    }
