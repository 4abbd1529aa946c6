"""A net from its text, analysed; the text must be free of faults."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph


@pytest.fixture(scope="session")
def analysed() -> Callable[..., Analysis]:
    def of_text(text: str, batch: int = 1) -> Analysis:
        source = Source("net.txt", text)
        graph, faults = load_graph(source)
        assert not faults, "\n".join(rendered(fault, source) for fault in faults)
        return analyse(graph, batch)

    return of_text
