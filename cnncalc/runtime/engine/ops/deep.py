"""Layers of volumes, lowered as flat ones: over slices, or along the depth, or first the one and then the other.

The ways are those of flat layers; they are given maps that are as flat as the ops see them, and what they yield is
turned back into steps of the volumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cnncalc.runtime.engine.chain import FOLDED, Chain
from cnncalc.runtime.engine.ir import Access, Map, PhasePart, Step
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.transposed import Phase
from cnncalc.runtime.engine.ops.viewed import DepthTaps, View, Viewed
from cnncalc.runtime.engine.storage import BARE, BLOCK, ORIGIN, Halo, Triple
from cnncalc.runtime.engine.window import ADDED, ZEROS, Window, zero_fill
from cnncalc.runtime.planning import Step as LayerStep

Ways = Callable[[Lowering, Chain, LayerStep], list[Step]]
"""The steps of a flat layer by the first way that serves it."""

SUMMING = ("conv",)
"""Layers whose window sees all channels: neighbouring slices are more of them."""

TRANSPOSED = ("upconv",)

ALONG = (
    *("maxpool", "avgpool", "sumpool", "dwconv", "subsample"),
    *("global_avgpool", "global_maxpool", "adaptive_avgpool", "adaptive_maxpool", "upsample", "resize"),
)
"""Layers that do the same along each axis, so that the depth may be done by itself."""

REGIONS = ("global_avgpool", "global_maxpool", "adaptive_avgpool", "adaptive_maxpool")

ONE_AXIS = ("dwconv", "subsample")
"""Layers that do one axis after the other only where the other axes do nothing."""

OWN = ("flatten", "gn")
"""Layers whose ops know volumes."""

PLACE_BY_PLACE = (*FOLDED, "lrn")
"""Layers that never look at other places: their factors and sizes are of channels, not of axes."""

ACROSS = ("attention",)
"""Layers in which every place meets those of all slices, for which there is no way."""

NEUTRAL: Mapping[str, Any] = {"kernel": 1, "stride": 1, "dilation": 1, "before": 0, "after": 0, "factor": 1}
"""Numbers of a layer for each axis -> what they are where nothing happens."""

UNMOVED = (1, 0, 1)
"""Where a resized axis is read (`cnncalc.kernels.shape.resize`): as it is."""


@dataclass(frozen=True, slots=True)
class Depth:
    """What a layer does in depth: its window there, from where on, and which of its taps."""

    window: Window
    start: int = 0
    halo: tuple[int, int] = (0, 0)
    taps: DepthTaps | None = None
    view: View = View.SLICES
    part: Triple | None = None
    """Of a transposed convolution: the first slice that is written, how far apart they are, how many."""


class _FlatMaps(dict[int, Map]):
    """Volumes as a flat way sees them, each when it is asked for."""

    def __init__(self, volumes: Mapping[int, Map], view: View, count: int) -> None:
        super().__init__()
        self._volumes, self._upright, self._count = volumes, view is View.UPRIGHT, count

    def __missing__(self, key: int) -> Map:
        whole = self._volumes[key]
        _, channels, depth, height, width = whole.shape
        shape = (height, channels, 1, depth, width) if self._upright else (self._count, channels, 1, height, width)
        self[key] = replace(whole, shape=shape)
        return self[key]


class FlatView(Lowering):
    """The maps of volumes as a flat way sees them."""

    def __init__(self, net: Lowering, target: Map, source: Map, depth: Depth) -> None:
        super().__init__((), net.lanes, net.threads, direct=net.direct, pictures=net.pictures)
        self.layers, self.nonnegative = net.layers, net.nonnegative
        self._net, self.depth, self._images = net, depth, target.images
        self.count = depth.part[2] if depth.part else target.size[0]
        self.maps = _FlatMaps(net.maps, depth.view, self.count)
        if depth.taps is not None:
            channels = source.blocks * BLOCK if depth.taps.padded else source.channels
            flat = self.maps[source.key]
            self.maps[source.key] = replace(flat, shape=(flat.shape[0], depth.window.kernel[0] * channels, *flat.size))

    def new_map(self, origin: int, shape: tuple[int, ...]) -> Map:
        images, channels, _, height, width = shape
        upright = self.depth.view is View.UPRIGHT
        size = (height, images, width) if upright else (self.count, height, width)
        made = self._net.new_map(origin, (self._images, channels, *size))
        self.maps[made.key] = replace(made, shape=shape)
        return self.maps[made.key]

    def reads_planes(self, source: Map) -> bool:
        return self._net.reads_planes(self._net.maps[source.key])

    def volume(self, flat: Map) -> Map:
        """The map that is seen so."""
        return self._net.maps[flat.key]


def lower_deep(net: Lowering, chain: Chain, layer: LayerStep, ways: Ways) -> list[Step]:
    """The steps of a chain over volumes; none where there is no way."""
    if layer.kernel in OWN:
        return ways(net, chain, layer)
    if layer.kernel in PLACE_BY_PLACE:
        return _viewed(net, chain, layer, ways, Depth(Window()))
    if layer.kernel in TRANSPOSED:
        return list(_transposed(net, chain, layer, ways))
    depth = _depth(net, layer, net.maps[chain.last])
    if depth is None:
        return []
    alone = depth.window == Window() and depth.halo == (0, 0) and depth.start == 0
    if layer.kernel not in ALONG or (alone and layer.kernel not in REGIONS and not _resizes(layer, net.source(layer))):
        return _viewed(net, chain, _flat_layer(layer), ways, depth)
    return _along(net, chain, layer, ways, depth)


def _depth(net: Lowering, layer: LayerStep, target: Map) -> Depth | None:
    """What a layer does in depth; None where no flat way can do it."""
    n, sign = layer.numbers, ADDED.get(layer.kernel, 0)
    if layer.kernel in ACROSS or (n.get("factor", (1,))[0] != 1 and layer.kernel not in ALONG):
        return None
    if "before" not in n:
        return Depth(Window())
    before, after = n["before"][0], n["after"][0]
    if (before or after) and n.get("fill", *ZEROS) not in ZEROS:
        return None
    if sign:
        return Depth(Window(), -sign * before, (max(0, sign * before), max(0, sign * after)))
    return _sliding(net, layer, target)


def _sliding(net: Lowering, layer: LayerStep, target: Map) -> Depth | None:
    """The same of a layer with a window."""
    n, source, before = layer.numbers, net.source(layer), layer.numbers["before"][0]
    window = Window((n["kernel"][0], 1, 1), (n["stride"][0], 1, 1), (n["dilation"][0], 1, 1))
    back = max(0, window.seen(target.size[0], 0) - before - source.size[0])
    depth = Depth(window, -before, (max(0, before), back))
    if window.kernel[0] == 1 or layer.kernel in ALONG:
        return depth
    if layer.kernel not in SUMMING or n["groups"] > 1 or n["dilation"][0] > 1 or not zero_fill(layer):
        return None
    return replace(depth, taps=DepthTaps(padded=not net.reads_planes(source), flip=n["flip"]))


def _resizes(layer: LayerStep, source: Map) -> bool:
    """Whether there are other slices afterwards."""
    n = layer.numbers
    if "size" in n:
        return bool(n["size"][0] != source.size[0] or n["places"][0] != UNMOVED)
    return bool(n.get("factor", (1,))[0] != 1)


def _flat_layer(layer: LayerStep) -> LayerStep:
    """The layer without what it does in depth."""
    n = layer.numbers
    neutral = {name: (value, *n[name][1:]) for name, value in NEUTRAL.items() if name in n}
    if "size" in n:
        neutral |= {"size": (1, *n["size"][1:]), "places": (UNMOVED, *n["places"][1:])}
    return replace(layer, numbers={**n, **neutral})


def _upright_layer(layer: LayerStep) -> LayerStep:
    """What the layer does in depth, as if its slices were rows."""
    n = layer.numbers
    neutral = {name: (value, n[name][0], value) for name, value in NEUTRAL.items() if name in n}
    if "size" in n:
        neutral |= {"size": (1, n["size"][0], n["size"][2]), "places": (UNMOVED, n["places"][0], UNMOVED)}
    return replace(layer, numbers={**n, **neutral})


def _along(net: Lowering, chain: Chain, layer: LayerStep, ways: Ways, depth: Depth) -> list[Step]:
    """First every slice by itself, into a map of its own, then along the depth; or only the one that does anything."""
    source, target = net.source(layer), net.maps[chain.last]
    if layer.kernel in ONE_AXIS or source.size[1:] == target.size[1:]:
        flat = all(layer.numbers[name][1:] == (NEUTRAL[name],) * 2 for name in NEUTRAL if name in layer.numbers)
        if flat:
            return _viewed(net, chain, _upright_layer(layer), ways, replace(depth, view=View.UPRIGHT))
        if layer.kernel in ONE_AXIS:
            in_plane = depth.window.kernel[0] == 1
            return _viewed(net, chain, _flat_layer(layer), ways, depth) if in_plane else []
    middle = net.new_map(layer.node, (*source.shape[:3], *target.size[1:]))
    before = _viewed(net, Chain((layer.node,)), _flat_layer(layer), ways, Depth(Window()), into=middle)
    after = replace(_upright_layer(layer), reads=(middle.key, *layer.reads[1:]))
    return [*before, *_viewed(net, chain, after, ways, replace(depth, view=View.UPRIGHT))] if before else []


def _transposed(net: Lowering, chain: Chain, layer: LayerStep, ways: Ways) -> Iterator[Step]:
    """A flat one for each phase of the depth."""
    n, source, target = layer.numbers, net.source(layer), net.maps[chain.last]
    kernel, stride = n["kernel"][0], n["stride"][0]
    if n["groups"] > 1 or n["dilation"][0] > 1 or kernel < stride:
        return
    for tap in range(stride):
        phase = Phase(kernel, stride, n["before"][0], target.size[0], tap)
        if phase.count <= 0:
            continue
        halo = max(0, phase.before), max(0, phase.after(source.size[0]))
        taps = DepthTaps(tap, stride, transposed=True, flip=n["flip"])
        part = phase.first, stride, phase.count
        depth = Depth(Window((phase.taps, 1, 1)), -phase.before, halo, taps, part=part)
        yield from _viewed(net, chain, _flat_layer(layer), ways, depth)


def _viewed(
    net: Lowering, chain: Chain, layer: LayerStep, ways: Ways, depth: Depth, *, into: Map | None = None
) -> list[Step]:
    """The steps of a flat layer, as steps of volumes."""
    flat = FlatView(net, into or net.maps[chain.last], net.source(layer), depth)
    if into is not None:
        flat.maps[chain.last] = flat.maps[into.key]
    return [_volume_step(flat, step, layer.reads[0]) for step in ways(flat, chain, layer)]


def _volume_step(flat: FlatView, step: Step, source: int) -> Step:
    """A flat step with the volumes that it stands for; only what reads the layer's own source moves in depth."""
    depth, still = flat.depth, replace(flat.depth, window=Window(), start=0, halo=(0, 0), taps=None)
    own = depth if step.reads[0].map.key == source else still
    op = Viewed(step.op, depth.view, _volume_window(step.op.sliding or Window(), own), own.taps)
    reads = tuple(_volume_access(flat, read, still if i else own) for i, read in enumerate(step.reads))
    write = _volume_access(flat, step.write, still)
    if depth.part is not None:
        write = replace(write, part=_volume_part(write, depth.part))
    return Step(op, step.nodes, reads, replace(write, start=ORIGIN))


def _volume_window(window: Window, depth: Depth) -> Window:
    """The window of a flat op with what it does in depth."""
    if depth.view is View.UPRIGHT:
        return Window((window.kernel[1], 1, 1), (window.stride[1], 1, 1), (window.dilation[1], 1, 1))
    (kernel, *_), (stride, *_), (dilation, *_) = depth.window.kernel, depth.window.stride, depth.window.dilation
    return Window((kernel, *window.kernel[1:]), (stride, *window.stride[1:]), (dilation, *window.dilation[1:]))


def _volume_part(write: Access, depth: Triple) -> PhasePart:
    part, (first, apart, count) = write.part, depth
    assert isinstance(part, PhasePart)
    return PhasePart((first, *part.first[1:]), (apart, *part.apart[1:]), (count, *part.count[1:]))


def _volume_access(flat: FlatView, access: Access, depth: Depth) -> Access:
    """The middle of a deeper map is read, where the window does not say otherwise."""
    whole, halo, (_, y, x) = flat.volume(access.map), access.halo, access.start
    if depth.view is View.UPRIGHT:
        around = Halo(0, halo.left, 0, halo.right, halo.top, halo.bottom)
        return replace(access, map=whole, halo=around, start=(y, 0, x))
    around = Halo(*halo[:4], *depth.halo)
    fill = 0.0 if access.fill is None and around != BARE else access.fill
    cut = max(0, (whole.size[0] - flat.count) // 2) if depth.window == Window() and not depth.start else 0
    return replace(access, map=whole, halo=around, fill=fill, start=(depth.start + cut, y, x))
