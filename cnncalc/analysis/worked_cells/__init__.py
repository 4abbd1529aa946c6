"""One number of a result worked out as on a slide: the window number by number, the products, the sum.

For lines of small nets whose numbers are all stated (`analysis.by_hand`).  What each kind of kernel does at one place
is in the modules beside this one, from the same windows, filters and pads as the definitions; here a line is gone
through from its layer to what is written behind it, and a kernel without a way of its own says its value alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cnncalc.analysis.by_hand import Number, Volume, stated
from cnncalc.analysis.by_hand.volumes import Place, Step
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.analysis.worked_cells import (
    activation_cells,
    joined_cells,
    moved_cells,
    norm_cells,
    place_cells,
    pool_cells,
    sliding_cells,
)
from cnncalc.analysis.worked_cells.addresses import Address
from cnncalc.analysis.worked_cells.one_number import Seen, Window, Work, one_digit_apart, written

__all__ = ["CELLS", "Seen", "Window", "Work", "ending_as_made", "line_names", "worked", "written"]

MOST_NAMED = 8
"""Inputs of a join that are named."""

Cell = Callable[[Step, int, Place], Work | None]

CELLS: dict[str, Cell] = {
    "conv": sliding_cells.conv_cell,
    "connected_conv": sliding_cells.connected_cell,
    "dwconv": sliding_cells.channel_cell,
    "sepconv": sliding_cells.sepconv_cell,
    "local": sliding_cells.local_cell,
    "upconv": sliding_cells.upconv_cell,
    "maxpool": pool_cells.windowed("maxpool", pool_cells.largest),
    "avgpool": pool_cells.windowed("avgpool", pool_cells.average),
    "sumpool": pool_cells.windowed("sumpool", pool_cells.total),
    "l2pool": pool_cells.windowed("l2pool", pool_cells.length),
    "subsample": pool_cells.subsample_cell,
    "global_avgpool": pool_cells.global_cell("gap", pool_cells.average),
    "global_maxpool": pool_cells.global_cell("gmp", pool_cells.largest),
    "adaptive_avgpool": pool_cells.adaptive_cell("adaptive_avgpool", pool_cells.average),
    "adaptive_maxpool": pool_cells.adaptive_cell("adaptive_maxpool", pool_cells.largest),
    "dense": place_cells.dense_cell,
    "bn": norm_cells.norm_cell,
    "ln": norm_cells.over_channels_cell("ln", norm_cells.by_variance),
    "rmsnorm": norm_cells.over_channels_cell("rmsnorm", norm_cells.by_mean_square),
    "gn": norm_cells.group_cell,
    "l2norm": norm_cells.length_cell,
    "lrn": norm_cells.lrn_cell,
    "softmax": place_cells.softmax_cell,
    "relu": place_cells.rectified_cell,
    **activation_cells.CELLS,
    "flatten": moved_cells.moved_cell("flatten", moved_cells.flattened),
    "reshape": moved_cells.moved_cell("reshape", moved_cells.reshaped),
    "rearrange": moved_cells.moved_cell("rearrange", moved_cells.rearranged),
    "crop": moved_cells.moved_cell("crop", moved_cells.cropped),
    "slice": moved_cells.moved_cell("slice", moved_cells.sliced),
    "shuffle": moved_cells.moved_cell("shuffle", moved_cells.shuffled),
    "space_to_depth": moved_cells.moved_cell("space_to_depth", moved_cells.deepened),
    "depth_to_space": moved_cells.moved_cell("depth_to_space", moved_cells.spread_out),
    "pad": moved_cells.pad_cell,
    "pad_value": moved_cells.pad_cell,
    "padchannels": moved_cells.pad_channels_cell,
    "upsample": moved_cells.resized_cell,
    "resize": moved_cells.resized_cell,
    "concat": joined_cells.concat_cell,
    "concat_padded": joined_cells.concat_cell,
    **{word: joined_cells.join_cell(word) for word in joined_cells.JOINS},
    **{f"{word}_padded": joined_cells.join_cell(word) for word in joined_cells.JOINS},
}
"""Kernel name -> how one of its numbers is worked out."""


def worked_nodes(nodes: Sequence[NodeAnalysis]) -> tuple[NodeAnalysis, ...]:
    """The nodes of a line in which one number of its result has a place: those behind another size are left out."""
    first = len(nodes) - 1
    while first and nodes[first - 1].output == nodes[-1].output:
        first -= 1
    return tuple(nodes[first:])


def worked(
    nodes: Sequence[NodeAnalysis],
    values: Callable[[int], Volume | None],
    channel: int,
    place: Place,
    weights: Callable[[NodeAnalysis], Mapping[str, Any]] | None = None,
    *,
    name: Callable[[int], str] | None = None,
) -> list[Work]:
    """How one number of a line's result comes about: by its layer, then by what is written behind that.

    `values` gives those of a node (`by_hand.values`), None where they are not known; `weights` a node's, those that the
    text states without it; `name` says what the line of a node is called.  Nodes before the last one of another size
    are left out: the number has no one place there.
    """
    return list(_worked(worked_nodes(nodes), values, weights or _stated, (channel, place), name))


def line_names(analysis: Analysis) -> Callable[[int], str]:
    """What the line of a node is called: by its label, else as its last layer."""

    def name(node: int) -> str:
        row = next((row.row for row in analysis.rows if row.row.first <= node <= row.row.last), None)
        return (row.label if row is not None else "") or analysis.nodes[node].node.name

    return name


def _stated(node: NodeAnalysis) -> Mapping[str, Any]:
    return stated(node.weights) or {}


def _worked(
    nodes: Sequence[NodeAnalysis],
    values: Callable[[int], Volume | None],
    weights: Callable[[NodeAnalysis], Mapping[str, Any]],
    address: Address,
    name: Callable[[int], str] | None,
) -> Iterator[Work]:
    channel, place = address
    for node in nodes:
        layer = node.node.layer
        call = layer.kernel_call(node.inputs)
        arriving = [volume for i in node.node.inputs if (volume := values(i)) is not None]
        made = values(node.node.index)
        if made is None or len(arriving) < len(node.node.inputs):
            return
        step, result = Step(arriving, weights(node), call.numbers), place_cells.at(made, channel, place)
        found = _cell(call.kernel, step, channel, place)
        if found is None:
            said = f"{layer.word} gives {written(result)} here"
            if layer.in_place:
                given = [place_cells.at(step.x, channel, place), *(v for k, v in call.numbers.items() if k != "name")]
                name_of = call.numbers.get("name", layer.word)
                said = f"{name_of}({', '.join(map(written, given))}) = {written(result)}"
            found = Work(layer.word, (said,), result)
        if name is not None and len(node.node.inputs) > 1:
            read = ", ".join(f"input {n} is {name(i)}" for n, i in enumerate(node.node.inputs[:MOST_NAMED], 1))
            more = len(node.node.inputs) - MOST_NAMED
            found = found._replace(sums=(read + (f" and {more:,} more" if more > 0 else ""), *found.sums))
        yield ending_as_made(found, result)._replace(word=layer.word)


def ending_as_made(found: Work, made: Number) -> Work:
    """Its last sum with the number that the next step reads, where float32 rounds that to another last digit."""
    own, read = written(found.result), written(made)
    end = f" = {own}"
    parted = own != read and found.sums and found.sums[-1].endswith(end)
    if not parted or not one_digit_apart(found.result, made):
        return found
    return found._replace(sums=(*found.sums[:-1], f"{found.sums[-1].removesuffix(end)} = {read}"))


def _cell(kernel: str, step: Step, channel: int, place: Place) -> Work | None:
    """By the kernel's own way; None where it has none, or its sums are no numbers (a variance below 0 in a file)."""
    if kernel not in CELLS:
        return None
    try:
        return CELLS[kernel](step, channel, place)
    except (ArithmeticError, ValueError):
        return None
