"""What only the net above a layer can add to its refusal: how the size came about on the way from the input.

Which input would fit the whole net is found later (`cnncalc.graph.size_advice`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Order, Shape
from cnncalc.graph.ir import Node

LONGEST_CHAIN = 400
"""Layers on the way back to the input; the advice is left out beyond."""


def with_advice(refusal: Refusal, nodes: list[Node], inputs: tuple[int, ...], order: Order) -> Refusal:
    """The refusal of a layer with the sizes on the way from the input."""
    _write_in_order(refusal, [nodes[index].output for index in inputs], order)
    if refusal.code == "needs-volume" and inputs and nodes[inputs[0]].layer.word == "input":
        size = nodes[inputs[0]].output.channels
        refusal.help = (
            f"give the input its axes: `input {size} channels 1` is a signal of {size} numbers, "
            f"`input {size}x{size}x1` a picture"
        )
    elif refusal.code == "needs-volume" and inputs:
        refusal.help = _about_flat(chain_to(nodes, inputs[0]), refusal.help)
    if refusal.code != "kernel-too-large" or not inputs:
        return refusal
    chain = chain_to(nodes, inputs[0])
    if not chain:
        return refusal
    swapped = next((n.help for n in chain[0].layer.notices(()) if n.code == "channels-first-input"), "")
    refusal.label = f"the input here is {nodes[inputs[0]].output.text(order)}{_history(chain)}"
    if swapped:
        refusal.help = swapped
    return refusal


def _write_in_order(refusal: Refusal, arriving: list[Shape], order: Order) -> None:
    """Layers know no order: write the shapes that arrive as the file writes shapes."""
    for shape in arriving:
        if shape.text() != shape.text(order):
            written = re.compile(rf"(?<![\dx]){shape.text()}(?![\dx])")

            def ordered(text: str, written: re.Pattern[str] = written, shape: Shape = shape) -> str:
                return written.sub(shape.text(order), text)

            refusal.message, refusal.label = ordered(refusal.message), ordered(refusal.label)


def chain_to(nodes: Sequence[Node], index: int) -> list[Node]:
    """The nodes from the input to `index`, by way of the first branch of every join; nothing where they are many."""
    chain = [nodes[index]]
    while chain[-1].inputs:
        if len(chain) > LONGEST_CHAIN:
            return []
        chain.append(nodes[chain[-1].inputs[0]])
    return chain[::-1]


def _about_flat(chain: list[Node], advice: str) -> str:
    """The advice where no `flatten` is written that a line could be moved before: the line that made the map flat."""
    flat = next((at for at in range(1, len(chain)) if chain[at - 1].output.rank and not chain[at].output.rank), 0)
    if not flat:
        return advice.partition(", or ")[2] if chain else advice
    made, after = chain[flat], chain[flat + 1 : flat + 2]
    is_written = made.layer.word == "flatten" and not any(one.origin.span == made.origin.span for one in after)
    return advice if is_written else advice.replace("before flatten", f"before line {made.origin.span.line}")


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
