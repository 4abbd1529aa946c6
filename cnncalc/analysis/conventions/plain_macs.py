"""`mac`: multiply-accumulates alone, as papers and torchvision give them."""

from __future__ import annotations

from cnncalc.analysis.conventions.counted_layer import CountedLayer, Part, Rules
from cnncalc.layers.registry import LAYERS


def _macs(layer: CountedLayer) -> tuple[Part, ...]:
    return (Part("macs", "1 x MACs", layer.macs),) if layer.macs else ()


RULES: Rules = dict.fromkeys(LAYERS, _macs)
