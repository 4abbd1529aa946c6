"""Each op of the engine at each width, map by map beside the readable kernels; no op without a case."""

from __future__ import annotations

import pytest

from cnncalc.runtime.engine.ops.attention import KeyFilters, MapProduct, Projection, Questions, ScoresSoftmax
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.border import Border
from cnncalc.runtime.engine.ops.channel_shuffle import ChannelShuffle
from cnncalc.runtime.engine.ops.convolution import ConnectedConvolution, Convolution
from cnncalc.runtime.engine.ops.copy_channels import CopyChannels
from cnncalc.runtime.engine.ops.dense import Dense
from cnncalc.runtime.engine.ops.depthwise import Depthwise
from cnncalc.runtime.engine.ops.function import Boxes, Function
from cnncalc.runtime.engine.ops.join import TimesVector
from cnncalc.runtime.engine.ops.layer_norm import InstanceNorm, LayerNorm
from cnncalc.runtime.engine.ops.layout_copy import LayoutCopy, VolumeFlatten
from cnncalc.runtime.engine.ops.lrn import Lrn
from cnncalc.runtime.engine.ops.pointwise import Affine, Pointwise, PRelu
from cnncalc.runtime.engine.ops.pool import Pool
from cnncalc.runtime.engine.ops.readable import Readable
from cnncalc.runtime.engine.ops.region_pool import RegionPool
from cnncalc.runtime.engine.ops.resize import Bilinear, Nearest, Resample
from cnncalc.runtime.engine.ops.separable import SeparableDepthwise, SeparableMixing
from cnncalc.runtime.engine.ops.softmax import Softmax
from cnncalc.runtime.engine.ops.spread import Join, Share
from cnncalc.runtime.engine.ops.stripes import Stripes
from cnncalc.runtime.engine.ops.transposed import TransposedPhase
from cnncalc.runtime.engine.ops.winograd import PooledWinograd, Winograd
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.planning import plan

from ..house.test_engine_house import all_ops
from ..random_nets.regimes import regime
from .engine_maps import LANES, LARGEST_ERROR, worst_step
from .nets import analysed

ORDINARY, FORCED = "as it is", "Winograd and stripes"

CASES: dict[type[Op], tuple[str, str]] = {
    Convolution: (ORDINARY, "input 9x7x3\nconv 20 3x3 stride=2 padding=1 bn relu\nconv 20 1x1\nconv 20 2x2 groups=5\n"),
    ConnectedConvolution: (ORDINARY, "data t = [1 0 1\n          0 1 1]\ninput 9x7x2\nconv 3 3x3 connect=t bn tanh\n"),
    Winograd: (FORCED, "input 9x7x20\nrelu\nconv 17 3x3 same bn relu\n"),
    PooledWinograd: (FORCED, "input 9x8x20\nrelu\nconv 17 3x3 same relu\nmaxpool 2\n"),
    Stripes: (FORCED, "input 11x9x6\nconv 20 1x1 bn relu\ndwconv 3x3 same stride=2 relu6\n"),
    TransposedPhase: (ORDINARY, "input 5x4x20\nupconv 19 5x3 stride=3x2 flip bn relu\n"),
    SeparableDepthwise: (ORDINARY, "input 9x7x20\nsepconv 17 3x3 stride=2 bn relu\n"),
    SeparableMixing: (ORDINARY, "input 9x7x20\nsepconv 17 3x3 stride=2 bn relu\n"),
    Depthwise: (ORDINARY, "input 9x7x20\ndwconv 3x3 same flip bn relu6\nsubsample 2\n"),
    Pool: (ORDINARY, "input 9x7x20\ntanh\nmaxpool 3 stride=2 padding=1\navgpool 2 stride=1 padding=1\nsumpool 2\n"),
    RegionPool: (ORDINARY, "input 9x7x20\nadaptmax 4x3\ngap\n"),
    Dense: (ORDINARY, "input 9x7x5\nflatten\ndense 37 bn relu\ndense 3\n"),
    Softmax: (ORDINARY, "input 2x3x37\nsoftmax\n"),
    LayoutCopy: (ORDINARY, "input 9x7x20\nflatten\n"),
    CopyChannels: (ORDINARY, "input 9x7x20\na: slice 3:20\nb: padchannels 1,4\nconcat a b\n"),
    Pointwise: (ORDINARY, "input 9x7x20\na: tanh\nb: crop 1 from a\nadd a b crop\n"),
    Affine: (ORDINARY, "input 9x7x20\nbn\nscale relu\n"),
    PRelu: (ORDINARY, "input 9x7x20\nprelu\n"),
    TimesVector: (ORDINARY, "input 9x7x20\na: relu\nb: gap\nmul a b\n"),
    LayerNorm: (ORDINARY, "input 9x7x20\nln\ngn 5\n"),
    Lrn: (ORDINARY, "input 9x7x20\nlrn 5 alpha=3 bias=2\n"),
    Border: (ORDINARY, "input 9x7x20\npad 3,1,2,5 reflect\npad 1 edge bn\n"),
    Nearest: (ORDINARY, "input 9x7x20\nupsample 2x3\n"),
    Bilinear: (ORDINARY, "input 9x7x20\nupsample 2x3 bilinear\n"),
    ChannelShuffle: (ORDINARY, "input 8x6x20\nshuffle 5\nspacetodepth 2\ndepthtospace 2\n"),
    InstanceNorm: (ORDINARY, "input 9x7x20\ninstancenorm\n"),
    Resample: (ORDINARY, "input 9x7x20\nupsample size=11x5 bicubic\nupsample 1.5\n"),
    Join: (ORDINARY, "input 9x7x20\na: relu\nb: gmp keep\nc: conv 1 1x1 from a\nd: sub a b\nmin c d\n"),
    Share: (ORDINARY, "input 9x7x20\na: tanh\nb: gap keep\navg a b\n"),
    Function: (ORDINARY, "input 9x7x20\nfunction log1p\nfunction pow exponent=3\nconv 3 3x3\n"),
    Boxes: (ORDINARY, "input 9x7x24\nyolo anchors=10,13,16,30,33,23 classes=3 stretch=1.1\n"),
    Questions: (ORDINARY, "input 5x7x32\nattention heads=2 causal bn relu\n"),
    KeyFilters: (ORDINARY, "input 5x7x32\nattention heads=2\n"),
    MapProduct: (ORDINARY, "input 5x7x32\nattention heads=2 key=32 value=16\n"),
    ScoresSoftmax: (ORDINARY, "input 5x7x32\nattention heads=1 nobias\n"),
    Projection: (ORDINARY, "input 5x7x32\na: relu\nattention heads=2\nadd a\n"),
    VolumeFlatten: (ORDINARY, "input 3x4x5x20\nflatten\n"),
    Readable: (ORDINARY, "input 9x7x20\nl2norm\n"),
}
"""A kind of op -> a regime and a net in which it has a step."""


@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
def test_each_op_computes_what_the_readable_kernels_do(kind: type[Op], lanes: int) -> None:
    thresholds, text = CASES[kind]
    with regime(thresholds):
        steps = engine_plan(plan(analysed(text), 2, "float32"), lanes, 2).steps
        assert kind in {type(part.op) for step in steps for part in (step, *step.parts)}
        for threads in (1, 2):
            assert worst_step(text, lanes, 2, threads=threads).error <= LARGEST_ERROR


def test_no_op_is_without_a_case() -> None:
    assert all_ops() == set(CASES)
