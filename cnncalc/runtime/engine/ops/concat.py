"""Maps joined by channels: a copy for each input, which falls away where the input is made in its place."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import Access, ChannelPart, Step
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.copy_channels import ChannelsTile, CopyChannels
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.pointwise import plain_copy
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.window import middle
from cnncalc.runtime.planning import Step as LayerStep


def lower_concat(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """One copy for each input, of its middle where it is cropped; whole blocks need no moving of channels."""
    target = net.maps[chain.last]
    channel = 0
    for node in layer.reads:
        source = net.maps[node]
        whole = channel % BLOCK == source.channels % BLOCK == 0
        op: Op = plain_copy(net.lanes) if whole else CopyChannels(ChannelsTile(net.lanes), -channel)
        read = Access(source, start=middle(source, target))
        yield net.step(op, chain, read, Access(target, part=ChannelPart(channel)))
        channel += source.channels
