"""The part of a plan that some places of its result depend on: the same kernels on cut maps.

From the result backwards each step reads only the stretch of its inputs that its windows reach, and pads only where
that stretch ends at the picture's own edge.  A kernel that no rule here is for is given whole maps, which is always
right.  The rules know kernels by their numbers (`KernelCall`), no layer; nothing is run here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any, NamedTuple

from cnncalc.runtime.planning import BYTES, INPUT, Plan, Precision, Step, part_of
from cnncalc.runtime.workspace import workspace

Span = tuple[int, int]
"""The first and the last place of an axis."""

Box = tuple[Span, Span, Span]
"""A stretch of places along depth, height and width."""

Sizes = tuple[int, int, int]

UNITS = 16
"""Units of a dense layer that are computed around the one that is asked for: their size is what a rounding is held
against."""

OWN_NUMBER = (
    *("identity", "relu", "relu6", "leaky", "elu", "selu", "gelu", "gelu_approximate", "silu"),
    *("sigmoid", "tanh", "hardswish", "hardsigmoid", "clip"),
)
"""Kernels without weights whose every number depends on one number."""


class Reading(NamedTuple):
    """What a step reads of each of its inputs to make a stretch of its result, and with which numbers then."""

    boxes: tuple[Box, ...]
    numbers: dict[str, Any]


class SeenPart(NamedTuple):
    """A plan on cut maps; where each node of the whole plan is in it, and which stretch of its map is made there.

    `units`: of these nodes only some channels are made, from the first to the last of them.  `shapes` are
    those of the whole maps, `(c, z, y, x)`.
    """

    plan: Plan
    places: dict[int, int]
    boxes: dict[int, Box]
    units: dict[int, Span]
    shapes: dict[int, tuple[int, ...]]

    def first(self, node: int) -> tuple[int, int, int, int]:
        """Where what is made of a node begins in its whole map: channel, depth, height, width."""
        (z, _), (y, _), (x, _) = self.boxes[node]
        return self.units.get(node, (0, 0))[0], z, y, x

    def cut_inputs(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The arrays `[n, c, z, y, x]` of the inputs, each cut to what is read of it; stated ones as well."""
        found = {}
        by_place = {place: node for node, place in self.places.items()}
        for step in self.plan.steps:
            if step.kernel == INPUT and step.name in inputs:
                part = tuple(slice(first, last + 1) for first, last in self.boxes[by_place[step.node]])
                found[step.name] = inputs[step.name][(..., *part)]
        return found


def whole_part(whole: Plan) -> SeenPart:
    """The plan as it is."""
    nodes = {step.node: step for step in whole.steps}
    boxes = {node: _everywhere(_spatial(step)) for node, step in nodes.items()}
    return SeenPart(whole, {node: node for node in nodes}, boxes, {}, _shapes(whole))


def _shapes(whole: Plan) -> dict[int, tuple[int, ...]]:
    return {step.node: step.output[1:] for step in whole.steps}


def seen_part(whole: Plan, channel: int, place: Sizes) -> SeenPart:
    """The part that one number of the only output of a plan for one image depends on."""
    boxes, readings = _needed(whole, place)
    units = _units(whole, channel)
    steps: list[Step] = []
    places: dict[int, int] = {}
    for step in whole.steps:
        reads = []
        for read, box in zip(step.reads, readings[step.node].boxes, strict=True):
            if box != boxes[read]:
                steps.append(_cut(steps[places[read]], len(steps), boxes[read], box))
            reads.append(places[read] if box == boxes[read] else len(steps) - 1)
        places[step.node] = len(steps)
        cut = _on_cut_maps(step, readings[step.node], boxes[step.node], [steps[n].output for n in reads], whole.dtype)
        cut = replace(cut, node=len(steps), reads=tuple(reads))
        steps.append(_of_units(cut, units[step.node]) if step.node in units else cut)
    (output,) = whole.outputs
    return SeenPart(part_of(replace(whole, steps=tuple(steps)), places[output]), places, boxes, units, _shapes(whole))


def _on_cut_maps(step: Step, reading: Reading, box: Box, arriving: list[tuple[int, ...]], dtype: Precision) -> Step:
    numbers, output = {**step.numbers, **reading.numbers}, (*step.output[:2], *_sizes(box))
    if "stated" in numbers and output != step.output:
        numbers["stated"] = _cut_numbers(numbers["stated"], step.output[1:], box)
    needed = 0 if step.kernel == INPUT else BYTES[dtype] * workspace(step.kernel, numbers, arriving, output)
    return replace(step, numbers=numbers, output=output, workspace=needed)


def _cut(step: Step, node: int, made: Box, wanted: Box) -> Step:
    """The step that cuts a smaller stretch out of what a step made."""
    numbers = {
        "before": tuple(w[0] - m[0] for w, m in zip(wanted, made, strict=True)),
        "after": tuple(m[1] - w[1] for w, m in zip(wanted, made, strict=True)),
    }
    output = (*step.output[:2], *_sizes(wanted))
    return Step(node, f"{step.name}, cut", "crop", "auto", numbers, (step.node,), (), output, False, 0, ())


def _cut_numbers(numbers: Sequence[float], shape: tuple[int, ...], box: Box) -> tuple[float, ...]:
    """The numbers of a stretch of a map that are listed channel by channel."""
    channels, _, height, width = shape
    plane = prod(shape[1:])
    spots = [(z * height + y) * width + x for z, y, x in product(*(range(a, b + 1) for a, b in box))]
    return tuple(numbers[c * plane + spot] for c in range(channels) for spot in spots)


def _of_units(step: Step, units: Span) -> Step:
    """The step for some of its channels alone; of its weights, where it has any, only their rows."""
    count = units[1] - units[0] + 1
    weights = tuple((name, (count, *shape[1:])) for name, shape in step.weights)
    output = (step.output[0], count, *step.output[2:])
    return replace(step, weights=weights, output=output, rows=units if weights else None)


def _units(whole: Plan, channel: int) -> dict[int, Span]:
    """The nodes at the end of a plan of which some channels are enough: a dense layer and what follows it."""
    by_node = {step.node: step for step in whole.steps}
    step = by_node[whole.outputs[0]]
    found = [step.node]
    while step.kernel in OWN_NUMBER and len(step.reads) == 1:
        step = by_node[step.reads[0]]
        found.append(step.node)
    names = {step.stored_name(name) for name, _ in step.weights}
    lent = any(other is not step and names & {other.stored_name(w) for w, _ in other.weights} for other in whole.steps)
    if step.kernel != "dense" or lent:
        return {}
    first = channel // UNITS * UNITS
    return dict.fromkeys(found, (first, min(first + UNITS, step.output[1]) - 1))


def _needed(whole: Plan, place: Sizes) -> tuple[dict[int, Box], dict[int, Reading]]:
    """Which stretch of each node's map is made, and what each step reads for it."""
    z, y, x = place
    boxes: dict[int, Box] = {whole.outputs[0]: ((z, z), (y, y), (x, x))}
    readings: dict[int, Reading] = {}
    by_node = {step.node: step for step in whole.steps}
    for step in reversed(whole.steps):
        arriving = [_spatial(by_node[read]) for read in step.reads]
        if RULES.get(step.kernel) is _copied and step.numbers["mode"] == "nearest":
            boxes[step.node] = _whole_pixels(boxes[step.node], step.numbers["factor"])
        reading = _reading(step, boxes[step.node], arriving)
        if reading is None:
            boxes[step.node] = _everywhere(_spatial(step))
            reading = Reading(tuple(map(_everywhere, arriving)), {})
        readings[step.node] = reading
        for read, box in zip(step.reads, reading.boxes, strict=True):
            boxes[read] = _hull(boxes[read], box) if read in boxes else box
    return boxes, readings


def _reading(step: Step, box: Box, arriving: Sequence[Sizes]) -> Reading | None:
    """What a step reads for a stretch of its result; None where only its whole inputs will do."""
    rule = RULES.get(step.kernel)
    return None if rule is None else rule(step, box, arriving)


def _unread(*_: object) -> Reading:
    return Reading((), {})


def _own_place(step: Step, box: Box, _: Sequence[Sizes]) -> Reading | None:
    """The channels at the same place, where no weight is for one place."""
    whole = step.numbers.get("axes") == "all" or any(_has_places(shape) for _, shape in step.weights)
    return None if whole else Reading((box,), {})


def _copied(step: Step, box: Box, _: Sequence[Sizes]) -> Reading | None:
    """Every pixel of which the stretch holds copies; it holds all of them."""
    if step.numbers["mode"] != "nearest":
        return None
    spans = [(first // f, last // f) for (first, last), f in zip(box, step.numbers["factor"], strict=True)]
    return Reading((_box(spans),), {})


def _cropped(step: Step, box: Box, _: Sequence[Sizes]) -> Reading:
    """The same stretch, further in; nothing is left to be cut off."""
    spans = [(first + n, last + n) for (first, last), n in zip(box, step.numbers["before"], strict=True)]
    return Reading((_box(spans),), {"before": (0, 0, 0), "after": (0, 0, 0)})


def _has_places(shape: tuple[int, ...]) -> bool:
    """Whether a weight has a number for each place, not only for each channel."""
    return prod(shape[1:]) > 1


def _windowed(step: Step, box: Box, arriving: Sequence[Sizes]) -> Reading | None:
    """A window reads from its first to its last tap; pads are left where it hangs over the edge of the map."""
    numbers = step.numbers
    axes = zip(
        *(numbers[name] for name in ("kernel", "stride", "dilation", "before", "after")), arriving[0], strict=True
    )
    spans, before, after = [], [], []
    for (first, last), (kernel, stride, dilation, ahead, behind, size) in zip(box, axes, strict=True):
        start, end = first * stride - ahead, last * stride - ahead + dilation * (kernel - 1)
        before.append(max(0, -start))
        after.append(max(0, end - size + 1))
        over = after[-1] > behind and numbers.get("countpad")
        if over or ((start < 0 or end >= size) and numbers.get("fill", "zeros") != "zeros"):
            return None
        spans.append((max(0, start), min(size - 1, end)))
    box = _box(spans)
    return None if _is_empty(box) else Reading((box,), {"before": tuple(before), "after": tuple(after)})


def _stamped(step: Step, box: Box, arriving: Sequence[Sizes]) -> Reading | None:
    """The inputs whose stamps reach the stretch; what they stamp beside it is cut off as pads are."""
    numbers = step.numbers
    axes = zip(*(numbers[name] for name in ("kernel", "stride", "dilation", "before")), arriving[0], strict=True)
    spans, before, after = [], [], []
    for (first, last), (kernel, stride, dilation, ahead, size) in zip(box, axes, strict=True):
        reach = dilation * (kernel - 1)
        low = max(0, -((reach - first - ahead) // stride))
        high = min(size - 1, (last + ahead) // stride)
        if low > high:
            return None
        spans.append((low, high))
        before.append(first + ahead - low * stride)
        after.append((high - low) * stride + reach - before[-1] - (last - first))
    return Reading((_box(spans),), {"before": tuple(before), "after": tuple(after), "output_padding": (0, 0, 0)})


def _whole_pixels(box: Box, factors: Sequence[int]) -> Box:
    """The stretch with all copies of the pixels of which it holds some."""
    return _box([(first // f * f, last // f * f + f - 1) for (first, last), f in zip(box, factors, strict=True)])


def _joined(step: Step, box: Box, arriving: Sequence[Sizes]) -> Reading | None:
    """The same stretch of all inputs, moved by what `crop` takes off; one row or one place is read for all."""
    large = [size for size in arriving if step.kernel == "concat" or size != (1, 1, 1)]
    crop = bool(step.numbers.get("crop"))
    if crop and len(large) < len(arriving):
        return None
    least = [min(size[axis] for size in large) if crop and large else 0 for axis in range(3)]
    boxes = []
    for size in arriving:
        starts = [(n - m) // 2 if crop else 0 for n, m in zip(size, least, strict=True)]
        spans = [
            (0, 0) if n == 1 else (first + start, last + start)
            for (first, last), start, n in zip(box, starts, size, strict=True)
        ]
        boxes.append(_box(spans))
    return Reading(tuple(boxes), {})


def _spatial(step: Step) -> Sizes:
    z, y, x = step.output[2:]
    return z, y, x


def _everywhere(sizes: Sizes) -> Box:
    return _box([(0, size - 1) for size in sizes])


def _box(spans: Sequence[Span]) -> Box:
    z, y, x = spans
    return z, y, x


def _sizes(box: Box) -> Sizes:
    z, y, x = (last - first + 1 for first, last in box)
    return z, y, x


def _is_empty(box: Box) -> bool:
    return any(first > last for first, last in box)


def _hull(one: Box, other: Box) -> Box:
    return _box([(min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True)])


Rule = Callable[[Step, Box, Sequence[Sizes]], Reading | None]

RULES: dict[str, Rule] = {
    INPUT: _unread,
    "upconv": _stamped,
    "upsample": _copied,
    "crop": _cropped,
    **dict.fromkeys(("conv", "connected_conv", "dwconv", "sepconv"), _windowed),
    **dict.fromkeys(("maxpool", "avgpool", "sumpool", "l2pool", "subsample"), _windowed),
    **dict.fromkeys(("add", "sub", "mul", "div", "max", "min", "avg", "absdiff", "concat"), _joined),
    **dict.fromkeys(OWN_NUMBER, _own_place),
    **dict.fromkeys(("softplus", "mish", "softplus_beta", "hardsigmoid_sloped", "times"), _own_place),
    **dict.fromkeys(("prelu", "prelu_all", "scale", "scale_all", "shift", "shift_all", "affine"), _own_place),
    **dict.fromkeys(("softmax", "logsoftmax", "glu", "slice", "padchannels", "shuffle"), _own_place),
    **dict.fromkeys(("bn", "ln", "rmsnorm", "l2norm", "lrn"), _own_place),
}
"""Kernel name -> what it reads for a stretch of its result; every other kernel reads all."""
