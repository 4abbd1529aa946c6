"""Layers and kernels mirror each other: each layer names a kernel that exists and reads just the numbers it is given.

The lines of `tests/written.py`; every kernel is handed a table that notes which numbers it looks up, the weights that
the layer declares, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from cnncalc import kernels
from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.kernels import KERNELS
from cnncalc.layers.registry import LAYERS
from cnncalc.runtime.planning import array_shape, lifted_weight

from ..written import INPUT, LINES


class Noted(Mapping):
    """Numbers that remember which of them were asked for."""

    def __init__(self, numbers):
        self.numbers, self.read = numbers, set()

    def __getitem__(self, key):
        self.read.add(key)
        return self.numbers[key]

    def __iter__(self):
        return iter(self.numbers)

    def __len__(self):
        return len(self.numbers)

    def keys(self):
        return self.numbers.keys()


def nodes(lines):
    graph, faults = load_graph(Source("test", f"{INPUT}\n{lines}\n"))
    assert not faults
    return analyse(graph).nodes


@pytest.mark.parametrize(("word", "lines"), [(word, text) for word, texts in LINES.items() for text in texts])
def test_layer_and_kernel_understand_each_other(word, lines):
    rng = np.random.default_rng(0)
    for node in nodes(lines):
        if not node.node.inputs:
            continue
        call = node.node.layer.kernel_call(node.inputs)
        numbers = Noted(call.numbers)
        inputs = [rng.standard_normal(array_shape(shape, 2)) for shape in node.inputs]
        weights = {weight.name: abs(rng.standard_normal(lifted_weight(weight))) for weight in node.weights}
        out = KERNELS[call.kernel](inputs, weights, numbers)
        assert out.shape == array_shape(node.output, 2)
        assert np.isfinite(out).all()
        assert numbers.read == set(call.numbers)


def test_every_layer_word_is_written_somewhere():
    assert {written.split()[0] for written in LINES} == set(LAYERS) - {"input"}


def test_no_two_kernels_have_one_name():
    sources = (path.read_text(encoding="utf-8") for path in Path(kernels.__file__).parent.glob("*.py"))
    names = [name for source in sources for name in re.findall(r'^@?kernel\("(\w+)"\)', source, re.MULTILINE)]
    assert sorted(names) == sorted(KERNELS)
