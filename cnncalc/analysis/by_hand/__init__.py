"""The values of small nets, worked out as a person would: exact fractions, every output by its definition.

For nets that read a stated `data` picture through weights that are all stated.  It interprets the very `KernelCall`s
that the compiled kernels execute, in plain Python, so that a table with `values` answers needs no arrays, and so that
the kernels have something to be compared with.  What is random, read from elsewhere or too large is not known here,
nor is what a kernel without a definition makes of its input (`without_definition` names it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any

from cnncalc.analysis.by_hand import (
    along,
    attention,
    box_numbers,
    functions,
    joining,
    matrix_product,
    normalising,
    own_numbers,
    pointwise,
    pooling,
    rearranging,
    reducing,
    sliding,
)
from cnncalc.analysis.by_hand.volumes import Number, Step, Volume, mapped, nested, of_matrix, plain
from cnncalc.analysis.model import Analysis, Figures, NodeAnalysis
from cnncalc.geometry import AXIS_NAMES
from cnncalc.layers.base import KernelCall, NamedMatrix, Weight

__all__ = ["DEFINITIONS", "Number", "Volume", "by_definition", "stated", "values", "without_definition"]

WORK_LIMIT = 2_000_000
"""About a second of work for one net, in multiply-accumulates; nodes beyond it stay unknown."""

OPERATION_WORK, RESULT_WORK = 5, 20
"""What another operation, and what each number of a result, costs beside a multiply-accumulate."""

Definition = Callable[[Step], Volume]


def _activation(change: Callable[[Number], Number]) -> Definition:
    return lambda step: mapped(step.x, lambda _, value: change(value))


DEFINITIONS: dict[str, Definition] = {
    **{name: _activation(change) for name, change in pointwise.SIMPLE.items()},
    "conv": sliding.conv,
    "connected_conv": sliding.connected_conv,
    "dwconv": sliding.dwconv,
    "sepconv": sliding.sepconv,
    "upconv": sliding.upconv,
    "local": sliding.local,
    "maxpool": pooling.maxpool,
    "avgpool": pooling.avgpool,
    "sumpool": pooling.sumpool,
    "l2pool": pooling.l2pool,
    "subsample": pooling.subsample,
    "global_avgpool": pooling.global_avgpool,
    "global_maxpool": pooling.global_maxpool,
    "adaptive_avgpool": pooling.adaptive_avgpool,
    "adaptive_maxpool": pooling.adaptive_maxpool,
    "reduce": reducing.reduce,
    "rearrange": rearranging.rearrange,
    "flatten": rearranging.flatten,
    "reshape": rearranging.reshape,
    "dense": rearranging.dense,
    "bn": normalising.bn,
    "ln": normalising.ln,
    "gn": normalising.gn,
    "rmsnorm": normalising.rmsnorm,
    "l2norm": normalising.l2norm,
    "lrn": normalising.lrn,
    "leaky": pointwise.leaky,
    "elu": pointwise.elu,
    "prelu": pointwise.prelu,
    "prelu_all": pointwise.prelu,
    "scale": pointwise.scale,
    "scale_all": pointwise.scale,
    "shift": pointwise.shift,
    "shift_all": pointwise.shift,
    "affine": pointwise.affine,
    "clip": pointwise.clip,
    "softplus_beta": pointwise.softplus_beta,
    "hardsigmoid_sloped": pointwise.hardsigmoid_sloped,
    "logsoftmax": pointwise.logsoftmax,
    "glu": pointwise.glu,
    "yolo": box_numbers.yolo,
    "region": box_numbers.region,
    "detection": box_numbers.detection,
    "function": functions.function,
    "times": pointwise.times,
    "softmax": pointwise.softmax,
    "pad": rearranging.pad,
    "pad_value": rearranging.pad_value,
    "crop": rearranging.crop,
    "upsample": rearranging.upsample,
    "resize": rearranging.resize,
    "slice": rearranging.channel_slice,
    "padchannels": rearranging.pad_channels,
    "shuffle": rearranging.shuffle,
    "space_to_depth": rearranging.space_to_depth,
    "depth_to_space": rearranging.depth_to_space,
    "softmax_along": along.softmax_along,
    "concat_along": along.concat_along,
    "attention": attention.attention,
    "matmul": matrix_product.matmul,
    "learned": own_numbers.learned,
    "constant": own_numbers.constant,
    "add": joining.add,
    "sub": joining.sub,
    "mul": joining.mul,
    "div": joining.div,
    "max": joining.maximum,
    "min": joining.minimum,
    "avg": joining.average,
    "absdiff": joining.absolute_difference,
    "concat": joining.concat,
    **{f"{name}_padded": definition for name, definition in joining.PADDED.items()},
}
"""Kernel name -> what it means; a layer whose kernel is not here is not worked out by hand."""


def values(analysis: Analysis) -> dict[int, Volume]:
    """The numbers of every node that can be worked out, by node index: `x[channel][depth][row][column]`."""
    known: dict[int, Volume] = {}
    work = 0
    for node in analysis.nodes:
        index, arriving = node.node.index, [known[i] for i in node.node.inputs if i in known]
        if node.node.is_input:
            picture = _picture(node)
            if picture is not None:
                known[index] = picture
        elif len(arriving) == len(node.node.inputs):
            work += _work(node.figures) // analysis.batch
            call = node.node.layer.kernel_call(node.inputs)
            weights = stated(node.weights) if work <= WORK_LIMIT and call.kernel in DEFINITIONS else None
            if weights is not None:
                known[index] = by_definition(call, arriving, weights)
    return known


def without_definition(analysis: Analysis, node: int) -> NodeAnalysis | None:
    """The node itself, or the first on the way to it, whose kernel has no definition here; None where all have one."""
    behind, waiting = {node}, [node]
    while waiting:
        new = set(analysis.nodes[waiting.pop()].node.inputs) - behind
        behind |= new
        waiting += new
    arriving = (analysis.nodes[i] for i in sorted(behind) if analysis.nodes[i].node.inputs)
    return next((n for n in arriving if n.node.layer.kernel_call(n.inputs).kernel not in DEFINITIONS), None)


def _work(figures: Figures) -> int:
    cost = figures.cost
    return cost.macs + OPERATION_WORK * cost.others + RESULT_WORK * figures.activation_size


def by_definition(call: KernelCall, inputs: list[Volume], weights: Mapping[str, Any]) -> Volume:
    """The result of a kernel call; `weights` as `stated` gives them: lists in lists, in storage order."""
    return DEFINITIONS[call.kernel](Step(inputs, weights, call.numbers))


def stated(weights: tuple[Weight, ...]) -> dict[str, Any] | None:
    """The weights as lists in lists, spatial axes lifted to three; None when one of them starts at random."""
    if any(weight.initial == "he" for weight in weights):
        return None
    return {weight.name: nested(_numbers(weight), _lifted(weight)) for weight in weights}


def _numbers(weight: Weight) -> list[Number]:
    if isinstance(weight.initial, tuple):
        return [plain(value) for value in weight.initial]
    if isinstance(weight.initial, Fraction):
        return [plain(weight.initial)] * weight.count
    return [1 if weight.initial == "ones" else 0] * weight.count


def _lifted(weight: Weight) -> list[int]:
    """The weight's shape with its positions and its kernel made three axes each, by ones in front."""
    sizes: list[int] = []
    for is_spatial, run in groupby(weight.axes, key=lambda axis: axis[0].removeprefix("out_") in AXIS_NAMES[3]):
        own = [size for _, size in run]
        sizes += [1] * (3 - len(own)) + own if is_spatial else own
    return sizes


def _picture(node: NodeAnalysis) -> Volume | None:
    """The stated data that an input line reads as it is; None for an input that waits for a picture."""
    layer: Any = node.node.layer
    given = getattr(layer, "data", None)
    if not isinstance(given, NamedMatrix) or layer.scale or layer.mean or layer.std:
        return None
    return of_matrix(given.matrix)
