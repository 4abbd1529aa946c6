"""The work of a net as ten tools and conventions count it, exactly, each with the terms that it is the sum of.

Papers and tools print different numbers for the same net, since they count different things and call them by the same
name.  The rules are in one module a tool, a table from layer words; a word without a rule makes a row, and the total,
unknown, never 0.  Nothing is printed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Literal, NamedTuple

from cnncalc.analysis.conventions.counted_layer import CountedLayer, Part, Rules
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean


class Convention(NamedTuple):
    """One way to count: the tool with its version, what it calls its number, and one sentence about it."""

    name: str
    tool: str
    counts: Literal["MACs", "FLOPs"]
    about: str
    module: str
    """Where its rules are."""


class Term(NamedTuple):
    """One part of a total: what is counted, in how many layers, by which rule, and how much it is.

    `kind` is a stable key: `macs`, `bias`, else the layer's word.
    """

    what: str
    layers: int
    rule: str
    amount: int
    kind: str


class ConventionCounts(NamedTuple):
    """What one convention gives for a net; None is unknown, where `unknown` names the words without a rule.

    `rows` and `nodes` are in the order of the analysis.  The terms sum to the total where that is known; the first are
    the multiply-accumulates, twice where FLOPs are counted.
    """

    convention: Convention
    rows: tuple[int | None, ...]
    nodes: tuple[int | None, ...]
    total: int | None
    unknown: tuple[str, ...]
    terms: tuple[Term, ...]


CONVENTIONS: dict[str, Convention] = {
    one.name: one
    for one in (
        Convention(
            "mac", "papers and torchvision", "MACs", "Multiply-accumulates alone, without biases.", "plain_macs"
        ),
        Convention(
            "fvcore",
            "fvcore 0.1.5",
            "MACs",
            "Multiply-accumulates, norms, adaptive average pools and upsampling; it calls its number flops.",
            "fvcore",
        ),
        Convention(
            "thop",
            "thop 0.1.1",
            "MACs",
            "Multiply-accumulates and four operations a number of batch norms; softmax and average pools, no ReLU.",
            "thop",
        ),
        Convention(
            "ptflops",
            "ptflops 0.7.5",
            "MACs",
            "Multiply-accumulates, biases, norms, activations and pools; a ReLU or pool that is a module counts twice.",
            "ptflops",
        ),
        Convention(
            "ptflops-aten",
            "ptflops 0.7.5, backend aten",
            "MACs",
            "Multiply-accumulates and one addition for each output with a bias.",
            "ptflops_aten",
        ),
        Convention(
            "torchinfo",
            "torchinfo 1.8",
            "MACs",
            "Its mult-adds: multiply-accumulates, biases, and the parameters of norms once, not for each number.",
            "torchinfo",
        ),
        Convention(
            "calflops",
            "calflops 0.3.2",
            "FLOPs",
            "Two for each multiply-accumulate, biases of convolutions, norms, most activations and pools.",
            "calflops",
        ),
        Convention(
            "torch",
            "torch.utils.flop_counter 2.13",
            "FLOPs",
            "Two for each multiply-accumulate, and nothing else.",
            "flop_counter",
        ),
        Convention(
            "keras",
            "TensorFlow 2's profiler",
            "FLOPs",
            "Two a multiply-accumulate (0 in grouped convolutions), biases, batch norms, pools, softmax, adds.",
            "tf_profiler",
        ),
        Convention(
            "onnx-tool",
            "onnx-tool 1.0.1",
            "MACs",
            "Multiply-accumulates, biases (batch norms are folded into them), activations, pools and adds.",
            "onnx_tool",
        ),
    )
}
"""Every convention by its name."""

WHAT = {
    "macs": "convolutions and dense layers",
    "matmul": "matrix products",
    "bias": "biases",
    "bn": "batch norms",
    "ln": "layer norms",
    "gn": "group norms",
    "instancenorm": "instance norms",
    "rmsnorm": "RMS norms",
    "lrn": "local response norms",
    "relu": "ReLUs",
    "relu6": "ReLU6",
    "leaky": "leaky ReLUs",
    "prelu": "PReLUs",
    "elu": "ELUs",
    "gelu": "GELUs",
    "silu": "SiLUs",
    "mish": "Mish",
    "hardswish": "hard swishes",
    "hardsigmoid": "hard sigmoids",
    "softplus": "softplus",
    "logsoftmax": "log-softmax",
    "sigmoid": "sigmoids",
    "tanh": "tanhs",
    "softmax": "softmax",
    "clip": "clips",
    "maxpool": "max pools",
    "avgpool": "average pools",
    "gap": "global average pools",
    "gmp": "global max pools",
    "adaptavg": "adaptive average pools",
    "adaptmax": "adaptive max pools",
    "upsample": "upsamplings",
    "add": "adds",
    "sub": "subtractions",
    "mul": "products",
    "div": "divisions",
    "max": "maxima",
    "min": "minima",
}
"""The key of a term -> what it is called, in the plural."""

_ONE = {"macs": "convolution or dense layer", "bias": "bias", "max": "maximum", "min": "minimum"}
"""What a single one is called where that is not the plural without its `s`."""


def named(kind: str, layers: int) -> str:
    """What so many of a kind are called.

    >>> named("bn", 53), named("gap", 1), named("softmax", 1)
    ('batch norms', 'global average pool', 'softmax')
    """
    plural = WHAT.get(kind, kind)
    return _ONE.get(kind, plural.removesuffix("s")) if layers == 1 else plural


def convention(name: str) -> Convention:
    """The convention of that name.  Raises InputError for one that does not exist."""
    found = CONVENTIONS.get(name.strip().lower().replace("_", "-"))
    if found is None:
        known = did_you_mean(name[:40], CONVENTIONS, f"the conventions are: {', '.join(CONVENTIONS)}")
        raise input_error("unknown-convention", f"there is no convention `{printable(name[:40])}`", help=known)
    return found


def convention_counts(analysis: Analysis, name: str) -> ConventionCounts:
    """What a convention gives for every node and row, and in total, with the terms of the sum.

    Raises InputError for a name that is no convention.
    """
    chosen = convention(name)
    rules: Rules = import_module(f"{__name__}.{chosen.module}").RULES
    found = [_parts(layer, rules) for layer in _layers(analysis)]
    nodes = tuple(_sum(None if parts is None else [part.amount for part in parts]) for parts in found)
    unknown = [node.node.layer.word for node, parts in zip(analysis.nodes, found, strict=True) if parts is None]
    return ConventionCounts(
        chosen,
        tuple(total_of(nodes[row.row.first : row.row.last + 1]) for row in analysis.rows),
        nodes,
        total_of(nodes),
        tuple(dict.fromkeys(unknown)),
        _terms(found),
    )


def total_of(amounts: Sequence[int | None]) -> int | None:
    """The sum; None where one of them is unknown."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _sum(amounts: list[int] | None) -> int | None:
    return None if amounts is None else sum(amounts)


def _parts(layer: CountedLayer, rules: Rules) -> tuple[Part, ...] | None:
    rule = rules.get(layer.word)
    return None if rule is None else rule(layer)


def _layers(analysis: Analysis) -> Iterator[CountedLayer]:
    graph = analysis.graph
    readers = Counter(read for node in graph.nodes for read in node.inputs)
    readers.update(graph.outputs)
    torch = graph.count == "torch" and graph.document is None
    for node in analysis.nodes:
        before: NodeAnalysis | None = analysis.nodes[node.node.inputs[0]] if node.node.inputs else None
        alone = before is not None and readers[before.node.index] == 1
        called = node.node.origin.called if torch else ""
        function = not called.isidentifier() if called else torch and node.node.origin.made is None
        yield CountedLayer(node, analysis.batch, before, alone, function, called)


def _terms(found: Sequence[tuple[Part, ...] | None]) -> tuple[Term, ...]:
    """The parts of all layers by kind and rule, the multiply-accumulates first, then biases, then as they come."""
    amounts: Counter[tuple[str, str]] = Counter()
    layers: Counter[tuple[str, str]] = Counter()
    for part in (part for parts in found for part in parts or ()):
        amounts[part.kind, part.rule] += part.amount
        layers[part.kind, part.rule] += 1
    first = {"macs": 0, "matmul": 1, "bias": 2}
    order = sorted(amounts, key=lambda term: first.get(term[0], 3))
    return tuple(
        Term(WHAT[kind], layers[kind, rule], rule, amounts[kind, rule], kind)
        for kind, rule in order
        if amounts[kind, rule]
    )
