"""What only the whole net can add to a layer's refusal.

How the size came about on the way from the input, and which input would be large enough.
"""

from __future__ import annotations

import re

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Order, Shape
from cnncalc.graph.ir import Node
from cnncalc.graph.read_layer import ReadLayer
from cnncalc.layers.base import Layer

LONGEST_CHAIN = 400
"""Layers on the way back to the input; the advice is left out beyond."""
LARGEST_ADVISED = 4096
"""The largest input that is worth advising."""


def with_advice(
    refusal: Refusal, reader: ReadLayer, nodes: list[Node], inputs: tuple[int, ...], order: Order
) -> Refusal:
    """The refusal of a layer with the sizes on the way from the input, and the smallest input that would do."""
    _write_in_order(refusal, [nodes[index].output for index in inputs], order)
    if refusal.code == "needs-volume" and inputs and nodes[inputs[0]].layer.word == "input":
        size = nodes[inputs[0]].output.channels
        refusal.help = (
            f"give the input its axes: `input {size} channels 1` is a signal of {size} numbers, "
            f"`input {size}x{size}x1` a picture"
        )
    if refusal.code != "kernel-too-large" or not inputs:
        return refusal
    chain = _chain(nodes, inputs[0])
    if not chain:
        return refusal
    swapped = next((n.help for n in chain[0].layer.notices(()) if n.code == "channels-first-input"), "")
    refusal.label = f"the input here is {nodes[inputs[0]].output.text(order)}{_history(chain)}"
    smallest = _smallest_input(chain, reader.build({"order": order}))
    if swapped:
        refusal.help = swapped
    elif smallest:
        refusal.help += f", or an input of at least {smallest}"
    return refusal


def _write_in_order(refusal: Refusal, arriving: list[Shape], order: Order) -> None:
    """Layers know no order: write the shapes that arrive as the file writes shapes."""
    for shape in arriving:
        if shape.text() != shape.text(order):
            written = re.compile(rf"(?<![\dx]){shape.text()}(?![\dx])")

            def ordered(text: str, written: re.Pattern[str] = written, shape: Shape = shape) -> str:
                return written.sub(shape.text(order), text)

            refusal.message, refusal.label = ordered(refusal.message), ordered(refusal.label)


def _chain(nodes: list[Node], index: int) -> list[Node]:
    """The nodes from the input to `index`, when every one of them works on a single result; else nothing."""
    chain = [nodes[index]]
    while chain[-1].inputs:
        if len(chain[-1].inputs) > 1 or len(chain) > LONGEST_CHAIN:
            return []
        chain.append(nodes[chain[-1].inputs[0]])
    return chain[::-1]


def _history(chain: list[Node]) -> str:
    sizes: list[str] = []
    for node in chain:
        spatial = node.output.spatial or (node.output.channels,)
        text = str(spatial[0]) if len(set(spatial)) == 1 else node.output.spatial_text
        if not sizes or sizes[-1] != text:
            sizes.append(text)
    if len(sizes) < 2:
        return ""
    shown = sizes if len(sizes) <= 8 else [*sizes[:2], "...", *sizes[-4:]]
    return f"  ({' -> '.join(shown)})"


def _smallest_input(chain: list[Node], layer: Layer) -> str:
    """The smallest input size, equal on every axis, through which the layer fits; empty when none is near."""
    if not chain[0].output.rank:
        return ""
    low, high = max(chain[0].output.spatial), LARGEST_ADVISED
    if not _fits(chain, layer, high):
        return ""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(chain, layer, middle) else (middle + 1, high)
    return "x".join([str(low)] * chain[0].output.rank)


def _fits(chain: list[Node], layer: Layer, size: int) -> bool:
    shape = Shape(chain[0].output.channels, (size,) * chain[0].output.rank)
    try:
        for node in chain[1:]:
            shape = node.layer.output_shape((shape,))
        layer.output_shape((shape,))
    except Refusal:
        return False
    return True
