"""The nets that the report tests look at: all that ship, and the small ones of tests/cli."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.asked.comparing import Verdict
from cnncalc.diagnostics import Source, Span
from cnncalc.graph import load_graph
from cnncalc.homework.findings import Finding, Place
from cnncalc.sources import shipped, shipped_names
from cnncalc.spec.document import Answer

SMALL = Path(__file__).parents[1] / "cli" / "nets"
NAMES = (*shipped_names(), "small.txt", "wrong_answers.txt", "by_hand.txt", "blocks.txt")


@cache
def analysis_of(name: str) -> Analysis:
    """The analysis of a net by its name."""
    source = Source(name, (SMALL / name).read_text(encoding="utf-8")) if name.endswith(".txt") else shipped(name)
    graph, faults = load_graph(source)
    assert faults == ()
    return analyse(graph)


def analysis_of_text(text: str) -> Analysis:
    """The analysis of a text without faults."""
    graph, faults = load_graph(Source("net.txt", text))
    assert faults == ()
    return analyse(graph)


ODD = {
    "signal": "input 100 channels 8\nconv 4 3 bn relu\nmaxpool 2\nflatten\ndense 3 softmax\n",
    "volume": "input 6x8x9x2\nconv 4 3x3x3 same bn\nmaxpool 2\nupconv 3 2 stride=2\ngap\ndense 2\n",
    "vector": "input 784\ndense 10 relu\ndense 3\n",
    "channels first": "order channels_first\ninput 3x17x9\nconv 4 3x2 stride=2x1 bn prelu\npad 1,0,2,3\n",
    "keras": "count keras\ninput 8x8x3\nconv 4 3x3 bn relu => params 128\nsepconv 6 3x3 bn\ngap\ntotal => params ?\n",
    "torch": "count torch\ninput 8x8x3\nconv 4 3x3 bn relu => params 120\ntotal => params 120\n",
    "two inputs": "a: input 8x8x3\nb: input 8x8x3\nc: conv 4 3x3 from a bn\nd: conv 4 3x3 from b\nadd c d\n",
    "two outputs": "input 8x8x3\nt: conv 4 3x3 bn relu\nx: conv 2 1x1 softmax\ny: dwconv 3x3 from t\noutput x y\n",
    "two heads, none named": "input 8x8x3\nt: conv 4 3x3\nconv 2 1x1\nconv 9 1x1 from t\n",
    "blocks in repeats": (
        "block unit w\n  conv $w 3x3 same nobias bn relu\nend\n"
        "block stage w\n  split\n  branch\n    unit $w\n    conv $w 3x3 same\n  branch\n  join add relu\nend\n"
        "input 8x8x4\nrepeat 2 i\n  stage 4\n  first: conv 4 1x1\n  stage 4 times 2\nend\nlast: unit 7\n"
    ),
    "nothing in a block": (
        "block none\nend\nblock one\n  none\n  conv 2 1x1\nend\ninput 4x4x2\nnone\none times 3\nnone\n"
    ),
    "numbers in the text": (
        "data p = [1 2 3; 4 5 6; 7 8 9]\nfilter k = [1 0; 0 1]\nx: input from p\nconv filter=k => values [6 8; 12 14]\n"
        "conv filter=k flip from x\n"
    ),
    "every weight": (
        "input 12x12x4\nconv 8 3x3 groups=2 dilation=2\nlocal 3 2x2\ndwconv 3x3 multiplier=2\nln\ngn 2\nscale\nprelu\n"
        "subsample 2x2\nupconv 5 3x3 stride=2 nobias\n"
    ),
    "shared weights": (
        "block tower n\n  conv $n 3x3 bn relu\n  conv 2*$n 3x3\nend\n"
        "a: input 16x16x1\nleft: tower 4\nb: input 16x16x1\nright: tower 4 from b shared=left\nabsdiff left right\n"
        "c: conv 8 3x3 same bn\nconv 8 3x3 same bn relu shared=c\n"
    ),
    "nothing to learn": "input 8x8x1\nrelu\nmaxpool 2x2\nidentity\n",
    "an input alone": "input 8x8x3\n",
}
"""Nets of every odd kind, as texts."""


def answered(*, right: bool) -> Finding:
    """A finding about the params of some line."""
    span = Span(1, 1)
    return Finding(Place("row", 0, "", 1, ""), Answer("params", Fraction(1), span, "1"), Verdict(right))
