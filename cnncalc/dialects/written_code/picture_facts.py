"""How pictures are made ready for a net, in lines for whoever uses the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from cnncalc.graph.ir import Graph
from cnncalc.layers.picture_words import USUAL, shorter_side

if TYPE_CHECKING:
    from cnncalc.layers.input import Input


def picture_facts(graph: Graph) -> tuple[str, ...]:
    """One line for each input that says something of its pictures."""
    inputs = [node for node in graph.nodes if node.is_input]
    found: list[str] = []
    for node in inputs:
        layer = cast("Input", node.layer)
        said = [*_size(layer, node.output.text()), *_values(layer)]
        if said:
            whose = "Pictures" if len(inputs) == 1 else f"Pictures of {node.name}"
            found.append(f"{whose}: {', then '.join(said)}.")
    return tuple(found)


def _size(layer: Input, size: str) -> Iterator[str]:
    side = shorter_side(layer, layer.output_shape(()))
    way = f" ({layer.interpolation})" if layer.interpolation else ""
    whole = size.rpartition("x")[0]
    if side is not None:
        yield f"the shorter side made {side} pixels long{way} and the middle {whole} cut out"
    elif layer.picture == "stretch":
        yield f"stretched to {whole}{way}"
    elif layer.picture == "crop":
        yield f"the middle {whole} cut out"
    elif layer.picture == "fit":
        border = 0 if layer.border is None else layer.border
        yield f"made to fit into {whole}{way}, the border {border:g}"
    if layer.ink:
        yield f"{layer.ink} writing"


def _values(layer: Input) -> Iterator[str]:
    usual = USUAL.get(layer.preprocessing)
    scale, mean, std = ((usual.scale,), usual.mean, usual.std) if usual else (layer.scale, layer.mean, layer.std)
    if usual.bgr if usual else layer.bgr:
        yield "blue first, then green and red"
    if not (scale or mean or std):
        return
    formula = "pixels of 0 to 255"
    if scale and scale[0] != 1:
        formula += f" times {_numbers(scale)}"
    if mean:
        formula += f" minus {_numbers(mean)}"
    yield f"{formula}, divided by {_numbers(std)}" if std else formula


def _numbers(values: tuple[float, ...]) -> str:
    if len(values) == 1 and 0 < values[0] < 0.1:
        return f"1/{1 / values[0]:g}"
    return f"{values[0]:g}" if len(values) == 1 else f"({', '.join(f'{one:g}' for one in values)})"
