"""Every prediction holds for nets that nobody would draw, and no receptive field is refuted.

Kernels smaller than their strides, pads wider than maps, pools that stick out: what the analysis derives from formulas
and what a run shows must agree on all of them.
"""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.weights import seeded

from ..runtime.nets import given
from .arguments import Choose
from .drawing import graph_of, net

ROUNDED_OFF = 1e-6
"""Where numbers of about 1 cancel, as in the mean of what `instancenorm` centred, this is left: rounding alone."""

NETS = 12
"""In each of the tests."""


@pytest.mark.parametrize("first", range(0, 12 * NETS, NETS))
def test_every_prediction_holds_for_nets_that_nobody_would_draw(first: int) -> None:
    for number in range(first, first + NETS):
        text = net(Choose(number), longest=5)
        graph = graph_of(text)
        assert graph is not None
        analysis = analyse(graph)
        confirmation = confirm(analysis, seeded(analysis), given(analysis), verify=True)
        if any(abs(output.values).max(initial=0) < ROUNDED_OFF for output in confirmation.outputs):
            continue
        assert confirmation.differences == (), text
