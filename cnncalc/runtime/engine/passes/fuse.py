"""Which layers are computed together: a convolution with its batch norm, its residual sum and its activation.

A chain grows from its first node as long as the next one is the only reader of the last.  What is folded into weights
(batch norms, factors) must come before anything else.  A result with one reader only is never seen by anybody, so
nothing is lost by not storing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cnncalc.runtime.engine.chain import (
    ACTIVATIONS,
    FOLDED,
    NOTHING,
    Chain,
    Takes,
    activation_of,
    adds_map,
    adds_two,
)
from cnncalc.runtime.engine.ir import NO_EPILOGUE, Epilogue, Residual
from cnncalc.runtime.engine.ops.registry import takes_after
from cnncalc.runtime.planning import INPUT
from cnncalc.runtime.planning import Step as LayerStep

INPUTS = (INPUT,)


def chains(layers: Sequence[LayerStep], outputs: Sequence[int]) -> tuple[Chain, ...]:
    """All nodes but inputs, in chains; ordered so that each chain comes after what it reads."""
    readers: dict[int, list[int]] = {layer.node: [] for layer in layers}
    for layer in layers:
        for read in layer.reads:
            readers[read].append(layer.node)
    taken: set[int] = set()
    found = []
    for layer in layers:
        if layer.kernel not in INPUTS and layer.node not in taken:
            chain = _grown(layers, readers, outputs, layer, taken)
            taken.update(chain.nodes)
            found.append(chain)
    return tuple(sorted(found, key=lambda chain: chain.last))


def _grown(
    layers: Sequence[LayerStep],
    readers: Mapping[int, list[int]],
    outputs: Sequence[int],
    first: LayerStep,
    taken: set[int],
) -> Chain:
    chain, takes = _seed(first, layers), takes_after(first)
    while True:
        following = readers[chain.last]
        if chain.last in outputs or len(following) != 1 or following[0] in taken:
            return chain
        longer = _joined(chain, layers[following[0]], layers, takes)
        if longer is None:
            return chain
        chain = longer


def _seed(layer: LayerStep, layers: Sequence[LayerStep]) -> Chain:
    if layer.kernel in ACTIVATIONS:
        return Chain((layer.node,), epilogue=Epilogue(*activation_of(layer)))
    if layer.kernel in FOLDED:
        return Chain((layer.node,), folded=True)
    if adds_two(layer, layers):
        return Chain((layer.node,), epilogue=Epilogue(residual=Residual.FIRST), residual=layer.reads[1])
    return Chain((layer.node,))


def _joined(chain: Chain, layer: LayerStep, layers: Sequence[LayerStep], takes: Takes) -> Chain | None:
    """The chain with one more node; None where that node must begin a chain of its own."""
    nodes, after = (*chain.nodes, layer.node), chain.epilogue
    if layer.kernel in NOTHING:
        return replace(chain, nodes=nodes)
    if layer.kernel in FOLDED and Takes.AFFINE in takes and after == NO_EPILOGUE:
        return replace(chain, nodes=nodes, folded=True)
    if layer.kernel in ACTIVATIONS and Takes.ACTIVATION in takes:
        if after.activates or after.residual is Residual.LAST:
            return None
        return replace(chain, nodes=nodes, epilogue=Epilogue(*activation_of(layer), after.residual))
    if adds_map(layer, layers) and Takes.RESIDUAL in takes and chain.residual is None:
        other = next((read for read in layer.reads if read != chain.last), None)
        residual = Residual.LAST if after.activates else Residual.FIRST
        return (
            None
            if other is None
            else replace(chain, nodes=nodes, epilogue=replace(after, residual=residual), residual=other)
        )
    return None
