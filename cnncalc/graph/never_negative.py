"""Whether every number of a result is 0 or more, whatever picture and weights a net has.

Rows of zeros around such a map are as good as rows of minus infinity for a pool that keeps the largest number.
"""

from __future__ import annotations

from cnncalc.graph.ir import Graph

_MAKES = frozenset(("relu", "relu6", "sigmoid", "softmax", "hardsigmoid"))
"""Words whose results are 0 or more."""
_KEEPS = frozenset(
    (
        *(
            "maxpool",
            "avgpool",
            "sumpool",
            "l2pool",
            "gap",
            "gmp",
            "adaptavg",
            "adaptmax",
            "flatten",
            "reshape",
            "crop",
        ),
        *("dropout", "identity", "slice", "shuffle", "concat", "add", "mul", "max", "min", "avg", "padchannels"),
    )
)
"""Words whose results are 0 or more where all that they read is."""


def is_never_negative(graph: Graph, result: int) -> bool:
    """Whether the result of that operation has no number below 0."""
    known: dict[int, bool] = {}
    waiting = [result]
    while waiting:
        node = graph.nodes[waiting[-1]]
        word = node.layer.word
        if word in _KEEPS and node.inputs:
            missing = [one for one in node.inputs if one not in known]
            if missing:
                waiting += missing
                continue
            known[node.index] = all(known[one] for one in node.inputs)
        else:
            known[node.index] = word in _MAKES
        waiting.pop()
    return known[result]
