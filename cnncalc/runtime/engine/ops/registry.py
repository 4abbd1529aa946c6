"""The first layer of a chain -> which op does it, and what may follow in the chain.

What has no op (kernels or factors of each place's own, more axes than an op knows) is left to the readable kernels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from cnncalc.runtime.engine.chain import ACTIVATIONS, FOLDED, NOTHING, Chain, Takes
from cnncalc.runtime.engine.ir import Step
from cnncalc.runtime.engine.lost_layers import lost
from cnncalc.runtime.engine.ops import (
    attention,
    border,
    channel_shuffle,
    concat,
    convolution,
    copy_channels,
    deep,
    dense,
    depthwise,
    function,
    join,
    layer_norm,
    layout_copy,
    lrn,
    pointwise,
    pool,
    region_pool,
    resize,
    separable,
    softmax,
    spread,
    transposed,
    winograd,
)
from cnncalc.runtime.engine.ops.lowering import Lower, Lowering, is_flat
from cnncalc.runtime.engine.ops.readable import lower_readable
from cnncalc.runtime.engine.window import unbordered
from cnncalc.runtime.planning import Step as LayerStep


class Rule(NamedTuple):
    """Ways to lower a layer, the best first, and what their ops take in."""

    ways: tuple[Lower, ...]
    takes: Takes = Takes.NOTHING


def _plain(lower: Lower) -> Rule:
    return Rule((lower,))


RULES: Mapping[str, Rule] = {
    "conv": Rule((winograd.lower_winograd, convolution.lower_conv), convolution.Convolution.takes),
    "connected_conv": Rule((convolution.lower_connected,), convolution.ConnectedConvolution.takes),
    "upconv": Rule((transposed.lower_upconv,), transposed.TransposedPhase.takes),
    "sepconv": Rule((separable.lower_sepconv,), separable.SeparableMixing.takes),
    "dwconv": Rule((depthwise.lower_dwconv,), depthwise.Depthwise.takes),
    "subsample": Rule((depthwise.lower_subsample,), depthwise.Depthwise.takes),
    **{word: _plain(lower) for word, lower in pool.LOWERED.items()},
    **dict.fromkeys(("global_avgpool", "adaptive_avgpool"), _plain(region_pool.lower_mean)),
    **dict.fromkeys(("global_maxpool", "adaptive_maxpool"), _plain(region_pool.lower_largest)),
    "dense": Rule((dense.lower_dense,), dense.Dense.takes),
    "softmax": _plain(softmax.lower_softmax),
    "flatten": _plain(layout_copy.lower_flatten),
    "reshape": _plain(layout_copy.lower_reshape),
    "concat": _plain(concat.lower_concat),
    "slice": _plain(copy_channels.lower_slice),
    "padchannels": _plain(copy_channels.lower_padchannels),
    "upsample": _plain(resize.lower_upsample),
    "resize": _plain(resize.lower_resize),
    "add": Rule((join.lower_add, spread.lower_spread(spread.Joining.ADD)), pointwise.Pointwise.takes),
    "mul": Rule((join.lower_mul, spread.lower_spread(spread.Joining.MUL)), join.TimesVector.takes),
    **{word: _plain(lower) for word, lower in spread.JOINED.items()},
    "pad": Rule((border.lower_pad,), pointwise.Affine.takes),
    "crop": Rule((border.lower_crop,), pointwise.Affine.takes),
    **{word: _plain(lower) for word, lower in channel_shuffle.LOWERED.items()},
    "prelu": Rule((pointwise.lower_prelu,), pointwise.PRelu.takes),
    "attention": Rule((attention.lower_attention,), attention.Projection.takes),
    "function": _plain(function.lower_function),
    "yolo": _plain(function.lower_yolo),
    "lrn": _plain(lrn.lower_lrn),
    "gn": Rule((layer_norm.lower_instance_norm, layer_norm.lower_group_norm)),
    "ln": _plain(layer_norm.lower_layer_norm),
    **dict.fromkeys((*FOLDED, *ACTIVATIONS, *NOTHING), Rule((pointwise.lower_pointwise,), pointwise.Affine.takes)),
}
"""The first layer of a chain -> its rule; a way yields nothing where it is not for this one."""


def takes_after(layer: LayerStep) -> Takes:
    """What may follow a layer in its chain."""
    rule = RULES.get(layer.kernel)
    return rule.takes if rule else Takes.NOTHING


def lowered(net: Lowering, chain: Chain) -> Iterator[Step]:
    """The steps of one chain: one, or two for a separable convolution, or one for each tap of a transposed one."""
    first = net.layers[chain.nodes[0]]
    rule = RULES.get(first.kernel)
    if rule is None:
        return lower_readable(net, chain)
    if is_flat(first, net.layers):
        found = _flat_steps(rule, net, chain, first)
    else:
        found = deep.lower_deep(net, chain, first, partial(_first_way, rule))
    return iter(found) if found and _is_whole(found, chain, net.layers) else lower_readable(net, chain)


def _flat_steps(rule: Rule, net: Lowering, chain: Chain, first: LayerStep) -> list[Step]:
    """Those of a layer without depth: with the pads before it, without them, or after a border that is made first."""
    found = _first_way(rule, net, chain, unbordered(first, net.layers)) or _first_way(rule, net, chain, first)
    repeated = None if found else border.filled(net, first)
    if repeated is None:
        return found
    after = _first_way(rule, net, chain, repeated[1])
    return [repeated[0], *after] if after else []


def _first_way(rule: Rule, net: Lowering, chain: Chain, layer: LayerStep) -> list[Step]:
    return next((found for way in rule.ways if (found := list(way(net, chain, layer)))), [])


def _is_whole(found: Sequence[Step], chain: Chain, layers: Sequence[LayerStep]) -> bool:
    """Whether the steps that store the chain's result do all of its layers, with sums that are not too long."""
    last = [step for step in found if step.write.map.key == chain.last]
    done = last and all(step.nodes == chain.nodes for step in last)
    return bool(done) and not any(lost(step, layers) or step.op.is_too_long for step in found)
