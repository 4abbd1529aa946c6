"""What may be counted of any net: which figure it is, what it is called, and how likely a number is about it.

One table: what a stated number is compared with and what a difference is taken of are the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from cnncalc.analysis.model import Figures

Quantity = Literal["macs", "flops", "params", "bytes", "activations", "connections"]
"""What a word after a number can mean."""


class Measure(NamedTuple):
    """One figure of a net.

    `claim` names it, with `{}` for which net it is of; `called` is its name in a difference; `rank` is how far-fetched
    it is beside the other measures.
    """

    quantity: Quantity
    claim: str
    called: str
    of: Callable[[Figures], int]
    rank: float


MEASURES: Mapping[str, Measure] = {
    "macs": Measure("macs", "MACs{}", "MACs", lambda figures: figures.cost.macs, 0.0),
    "params": Measure("params", "parameters{}", "parameters", lambda figures: figures.params, 0.0),
    "mac_flops": Measure("flops", "FLOPs{}, two for each MAC", "FLOPs", lambda figures: figures.cost.mac_flops, 0.1),
    "flops": Measure(
        "flops",
        "FLOPs{}, two for each MAC and all other operations",
        "FLOPs with all operations",
        lambda figures: figures.cost.flops,
        0.2,
    ),
    "total_params": Measure(
        "params",
        "parameters{}, with running mean and variance as Keras adds them up",
        "parameters with running mean and variance",
        lambda figures: figures.total_params,
        0.3,
    ),
}
"""Every measure by a short name."""

PLAINER = {"total_params": "params"}
"""What a measure of the net itself is set against, where another one is better known."""
