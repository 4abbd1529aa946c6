"""Every count that a stated number may be: of the net itself, of a tool's convention, of a near net, of one that ships.

A candidate is a claim with its exact count.  Which of them a number is, is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis import analyse
from cnncalc.analysis.conventions import CONVENTIONS, convention_counts
from cnncalc.analysis.counting import Known, net_figures
from cnncalc.analysis.model import Analysis, Figures
from cnncalc.layers.base import Cost
from cnncalc.questions.measures import MEASURES, PLAINER, Quantity
from cnncalc.questions.near_nets import NearNet
from cnncalc.questions.padding_work import macs_inside
from cnncalc.questions.shipped_totals import family, shipped_totals

BYTES = ((4, "float32"), (2, "float16"), (1, "int8"), (8, "float64"))
"""Bytes of one number, the usual first."""

USUAL_BYTES = 4

FAR = 6.0
"""The rank from which a candidate is about another net, so that it explains nothing."""


class Candidate(NamedTuple):
    """A count and what it is.

    `claim` is what the amount is of (`MACs`, `parameters without the top`); `rank` is how far-fetched it is: below 1 it
    is the net's own, below 3 another way to count, from 3 a near net, from `FAR` another net.  One of `convention`,
    `near` and `shipped` says where it is from, none where it is the net's own; `measure` is what of it is counted, as
    `MEASURES` has it, and empty for what has no difference to show; `numbers` of `each` bytes make up bytes.
    """

    quantity: Quantity
    amount: int
    claim: str
    rank: float
    measure: str = ""
    convention: str = ""
    near: NearNet | None = None
    shipped: str = ""
    numbers: int = 0
    each: int = 0


def own_candidates(analysis: Analysis) -> Iterator[Candidate]:
    """What the analysis itself counts."""
    figures, totals = analysis.totals.figures, analysis.totals
    yield from _of_figures(figures, "", 0.0)
    if figures.frozen:
        yield Candidate("params", figures.trainable_params, "trainable parameters", 0.4)
    if figures.buffers:
        yield Candidate("params", figures.buffers, "running means and variances", 2.0)
    yield Candidate("activations", figures.activation_size, "numbers in the results of all layers", 1.5)
    yield Candidate("activations", totals.peak_activation_size, "numbers alive at once, at most", 1.6)
    yield Candidate("connections", figures.connections, "connections", 1.8)
    yield from _in_bytes(figures.activation_size, "the results of all layers", 1.5)
    yield from _in_bytes(totals.peak_activation_size, "all numbers alive at once, at most", 1.6)
    yield from _in_parts(analysis)
    yield Candidate("macs", macs_inside(analysis), "MACs without those of padding", 3.25)


def _of_figures(figures: Figures, suffix: str, rank: float) -> Iterator[Candidate]:
    """The counts that any net has; `suffix` says which net it is."""
    for name, measure in MEASURES.items():
        amount = measure.of(figures)
        if name not in PLAINER or amount != MEASURES[PLAINER[name]].of(figures):
            yield Candidate(measure.quantity, amount, measure.claim.format(suffix), rank + measure.rank, name)
    yield from _in_bytes(figures.params, f"the parameters{suffix}", rank)
    if figures.buffers:
        yield from _in_bytes(figures.total_params, f"parameters and buffers{suffix}", rank + 0.2)


def _in_bytes(numbers: int, what: str, rank: float) -> Iterator[Candidate]:
    for place, (each, dtype) in enumerate(BYTES):
        yield Candidate("bytes", numbers * each, f"{what} as {dtype}", rank + place * 0.6, numbers=numbers, each=each)


def _in_parts(analysis: Analysis) -> Iterator[Candidate]:
    """The convolutions alone, the dense layers alone, where the net has both."""
    dense = [node for node in analysis.nodes if node.node.layer.word == "dense"]
    others = [node for node in analysis.nodes if node.figures.cost.macs and node.node.layer.word != "dense"]
    for part, name in ((others, "the convolutions alone"), (dense, "the dense layers alone")):
        if dense and others:
            yield Candidate("macs", sum(node.figures.cost.macs for node in part), f"MACs of {name}", 3.15)
            yield Candidate("params", sum(node.figures.params for node in part), f"parameters of {name}", 3.15)


def convention_candidates(analysis: Analysis, suffix: str = "", rank: float = 1.0) -> Iterator[Candidate]:
    """What each tool counts, where its rules are known for every layer."""
    for place, (name, convention) in enumerate(CONVENTIONS.items()):
        total = convention_counts(analysis, name).total
        if total is not None:
            claim = f"{convention.counts}{suffix} counted by {convention.tool}"
            measure = "mac_flops" if convention.counts == "FLOPs" else "macs"
            quantity = MEASURES[measure].quantity
            yield Candidate(quantity, total, claim, rank + place * 0.01, measure, convention=name)


def near_candidates(analysis: Analysis, near: NearNet, known: Known) -> Iterator[Candidate]:
    """The counts of a near net that differ from those of the net itself."""
    own = {(one.quantity, one.amount) for one in _of_figures(analysis.totals.figures, "", 0)}
    for one in _of_figures(net_figures(near.net.graph, known), f" {near.claim}", near.rank):
        if one.each in (0, USUAL_BYTES) and (one.quantity, one.amount) not in own:
            yield one._replace(near=near)


def combined_candidates(near: NearNet) -> Iterator[Candidate]:
    """What each tool counts in a near net: two things are different then."""
    for one in convention_candidates(analyse(near.net.graph), f" {near.claim}", near.rank + 1.5):
        yield one._replace(near=near)


def batch_candidates(analysis: Analysis, batch: int) -> Iterator[Candidate]:
    """The work for several images at once."""
    whole = analysis.totals.figures._replace(cost=analysis.totals.figures.cost * batch)
    for name in ("macs", "mac_flops"):
        measure = MEASURES[name]
        claim = measure.claim.format(f" for a batch of {batch}")
        yield Candidate(measure.quantity, measure.of(whole), claim, 4.5 + measure.rank)


def shipped_candidates(analysis: Analysis) -> Iterator[Candidate]:
    """The totals of the networks that ship; those of the same family are near, all others are other nets."""
    graph = analysis.graph
    families = {family(name) for name in (graph.source.name.rpartition("/")[2], graph.heading) if family(name)}
    for one in shipped_totals():
        rank = 3.4 if family(one.name) in families else FAR
        if one.name != graph.source.name or graph.cut is not None or graph.has_other_size:
            figures = Figures(one.params, one.buffers, Cost(macs=one.macs), 0, 0)
            for each in _of_figures(figures, f" of {one.name}", rank):
                if each.measure != "flops" and (rank < FAR or each.quantity in ("macs", "params")):
                    yield each._replace(shipped=one.name)
