"""Random nets of odd strides, pads, gaps and branches: every prediction holds, and no receptive field is refuted.

The nets are far odder than any that people draw: kernels smaller than their strides, pads wider than maps, pools that
stick out.  What the analysis derives from formulas and what NaN shows must agree on all of them.
"""

from __future__ import annotations

import random

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.weights import seeded

from .nets import given

LARGEST = 20_000
"""Numbers in a map; the nets stay small, so that hundreds are run in seconds."""

KERNELS = ("1x1", "2x2", "3x3", "5x3", "3x1", "4x4")
STRIDES = ("", "", "stride=2", "stride=3", "stride=2x1", "stride=4")
PADS = ("", "", "same", "padding=1", "full", "padding=0,1,2,1", "padding=2x0")
FILLS = ("", "", "edge", "reflect", "wrap")
OTHERS = (
    *("upsample 2", "upsample 3 bilinear", "pad 1", "pad 2 edge", "crop 1", "ln", "gn 1", "lrn", "softmax", "prelu"),
    *("subsample 2x2", "adaptavg 3x3", "adaptmax 4x2", "gap", "scale", "shuffle 1", "local 2 2x2 stride=2"),
    *("upconv 2 3x3 stride=2 padding=1", "upconv 1 1x1 stride=3", "upconv 2 4x4", "upconv 2 2x2 stride=2 same"),
)


def line(choose: random.Random, depth: int = 0) -> str:
    kind = choose.random()
    sliding = f"{choose.choice(KERNELS)} {choose.choice(STRIDES)} {choose.choice(PADS)}"
    if kind < 0.4:
        dilation = choose.choice(("", "", "dilation=2", "dilation=3x1"))
        post = choose.choice(("", "relu", "bn relu"))
        return f"conv {choose.randint(1, 3)} {sliding} {dilation} {choose.choice(FILLS)} {post}"
    if kind < 0.5:
        return f"{choose.choice(('dwconv', 'sepconv 2'))} {sliding}"
    if kind < 0.65:
        pool = choose.choice(("maxpool", "avgpool", "sumpool", "l2pool"))
        return f"{pool} {choose.choice(('2x2', '3x3', '2x3'))} {choose.choice(STRIDES)} {choose.choice(('', 'ceil'))}"
    if kind < 0.9 or depth > 1:
        return choose.choice(OTHERS)
    branches = (
        "branch\n" + "".join(f"{line(choose, depth + 1)}\n" for _ in range(n)) for n in (1, choose.randint(0, 2))
    )
    return f"split\n{''.join(branches)}join {choose.choice(('add', 'concat', 'add crop', 'concat crop'))} relu"


def net(choose: random.Random) -> Analysis:
    """A net of up to six lines; a line that the net refuses, or that makes it too large, is left out."""
    text = f"input {choose.randint(6, 40)}x{choose.randint(6, 40)}x{choose.randint(1, 3)}\n"
    graph, _ = load_graph(Source("net.txt", text))
    for _ in range(6):
        longer = f"{text}{line(choose)}\n"
        candidate, faults = load_graph(Source("net.txt", longer))
        if not faults and max(node.output.elements for node in candidate.nodes) < LARGEST:
            text, graph = longer, candidate
    return analyse(graph)


@pytest.mark.parametrize("seed", range(12))
def test_every_prediction_holds_for_nets_that_nobody_would_draw(seed: int) -> None:
    choose = random.Random(seed)
    for _ in range(25):
        analysis = net(choose)
        confirmation = confirm(analysis, seeded(analysis), given(analysis), verify=True)
        assert confirmation.differences == (), analysis.graph.source.text
