"""Layers and kernels mirror each other: each layer names a kernel that exists and reads just the numbers it is given.

One model for each layer word; every kernel is handed a table that notes which numbers it looks up, the weights that
the layer declares, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.kernels import KERNELS
from cnncalc.kernels.counting import count_macs
from cnncalc.layers.registry import LAYERS
from cnncalc.runtime.planning import array_shape, lifted_weight

MODELS = {
    "conv": ["conv 6 3x3 stride=2 padding=1 groups=2 flip edge", "conv 16 5 same dilation=2 nobias"],
    "conv filter": ["conv filter=sharpen padding=1 stride=2"],
    "conv connect": ["conv 3 3x3 connect=[1 1 0 0; 0 1 1 0; 1 0 0 1]"],
    "dwconv": ["dwconv 3x3 multiplier=2 stride=2 same"],
    "sepconv": ["sepconv 5 3x3 multiplier=2 padding=1 reflect"],
    "upconv": ["upconv 6 3x3 stride=2 padding=1 output_padding=1 groups=2 flip"],
    "local": ["local 3 3x3 stride=2 padding=1"],
    "maxpool": ["maxpool 3x3 stride=2 ceil"],
    "avgpool": ["avgpool 3x3 stride=2 padding=1 countpad"],
    "sumpool": ["sumpool 2"],
    "l2pool": ["l2pool 2 stride=1"],
    "subsample": ["subsample 2x2"],
    "gap": ["gap"],
    "gmp": ["gmp"],
    "adaptavg": ["adaptavg 3x2"],
    "adaptmax": ["adaptmax 3x2"],
    "flatten": ["flatten"],
    "reshape": ["reshape 12x7x8"],
    "dense": ["flatten\ndense 5", "flatten\ndense 5 nobias"],
    "bn": ["bn", "bn noscale noshift"],
    "ln": ["ln", "ln all"],
    "gn": ["gn 2"],
    "lrn": ["lrn 3"],
    "leaky": ["leaky slope=0.1"],
    "elu": ["elu slope=0.5"],
    "dropout": ["dropout 0.5"],
    "pad": ["pad 1,2,0,1 reflect"],
    "crop": ["crop 1,2,0,1"],
    "upsample": ["upsample 2", "upsample 3 bilinear"],
    "slice": ["slice 1:3"],
    "padchannels": ["padchannels 1,2"],
    "shuffle": ["shuffle 2"],
    "spacetodepth": ["spacetodepth 2", "spacetodepth 3x2"],
    "depthtospace": ["depthtospace 2", "depthtospace 1x4"],
    "scale": ["scale", "scale 0.17"],
    "add": ["a: conv 4 3x3 padding=1\nadd p a", "a: conv 4 3x3\nadd p a crop"],
    "mul": ["gap\nmul p"],
    "concat": ["a: conv 2 3x3\nconcat p a crop"],
    **{word: [word] for word in ("prelu", "identity", "relu", "relu6", "selu", "gelu", "silu", "hardswish")},
    **{word: [word] for word in ("hardsigmoid", "sigmoid", "tanh", "softmax", "softplus", "mish")},
}


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
    graph, faults = load_graph(Source("test", f"p: input 12x14x4\n{lines}\n"))
    assert not faults
    return analyse(graph).nodes


@pytest.mark.parametrize(("word", "lines"), [(word, text) for word, texts in MODELS.items() for text in texts])
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
        shapes = {name: array.shape for name, array in weights.items()}
        macs = count_macs(call.kernel, call.numbers, [x.shape for x in inputs], shapes, out.shape)
        assert macs == 2 * node.figures.cost.macs


def test_every_layer_word_has_a_model_here():
    assert {model.split()[0] for model in MODELS} == set(LAYERS) - {"input"}
