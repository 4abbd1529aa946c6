"""The weights of PyTorch's layers, known from their arguments alone: of layers too that are never called.

Names and shapes are those of a state_dict of PyTorch 2.13, without the counters of batch norms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import prod
from typing import Any, NamedTuple

from cnncalc.graph.pasted.arguments import Bound


class Own(NamedTuple):
    """An array that a layer has: its name, its shape, whether it is learned."""

    name: str
    shape: tuple[int, ...]
    learned: bool = True

    @property
    def numbers(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


def _conv(call: Bound, axes: int) -> Iterator[Own]:
    filters, groups = call.count("out_channels"), call.count("groups")
    yield Own("weight", (filters, call.count("in_channels") // max(1, groups), *call.sizes("kernel_size", axes)))
    yield from _bias(call, filters)


def _transposed(call: Bound, axes: int) -> Iterator[Own]:
    filters, groups = call.count("out_channels"), call.count("groups")
    yield Own("weight", (call.count("in_channels"), filters // max(1, groups), *call.sizes("kernel_size", axes)))
    yield from _bias(call, filters)


def _linear(call: Bound) -> Iterator[Own]:
    units = call.count("out_features")
    yield Own("weight", (units, call.count("in_features")))
    yield from _bias(call, units)


def _bias(call: Bound, count: int) -> Iterator[Own]:
    if call.flag("bias"):
        yield Own("bias", (count,))


def _norm(call: Bound, size: str, affine: str = "affine") -> Iterator[Own]:
    shape = call.value(size)
    shape = shape if isinstance(shape, tuple) else (call.count(size),)
    if call.flag(affine):
        yield Own("weight", shape)
        if "bias" not in call.declared or call.flag("bias"):
            yield Own("bias", shape)
    if "track_running_stats" in call.declared and call.flag("track_running_stats"):
        yield Own("running_mean", shape, learned=False)
        yield Own("running_var", shape, learned=False)


def _rms_norm(call: Bound) -> Iterator[Own]:
    yield from (one for one in _norm(call, "normalized_shape", "elementwise_affine") if one.name == "weight")


def _prelu(call: Bound) -> Iterator[Own]:
    yield Own("weight", (call.count("num_parameters"),))


def _embedding(call: Bound) -> Iterator[Own]:
    yield Own("weight", (call.count("num_embeddings"), call.count("embedding_dim")))


def _recurrent(call: Bound, gates: int) -> Iterator[Own]:
    """Each layer, and each direction of it, reads what arrives and its own last state."""
    hidden, directions = call.count("hidden_size"), 1 + call.flag("bidirectional")
    for layer in range(call.count("num_layers")):
        arriving = call.count("input_size") if layer == 0 else hidden * directions
        for back in ("", "_reverse")[:directions]:
            yield Own(f"weight_ih_l{layer}{back}", (gates * hidden, arriving))
            yield Own(f"weight_hh_l{layer}{back}", (gates * hidden, hidden))
            if call.flag("bias"):
                yield Own(f"bias_ih_l{layer}{back}", (gates * hidden,))
                yield Own(f"bias_hh_l{layer}{back}", (gates * hidden,))


def _attention(call: Bound) -> Iterator[Own]:
    size = call.count("embed_dim")
    keys, values = (size if call.value(name) is None else call.count(name) for name in ("kdim", "vdim"))
    if keys == values == size:
        yield Own("in_proj_weight", (3 * size, size))
    else:
        for name, channels in (("q", size), ("k", keys), ("v", values)):
            yield Own(f"{name}_proj_weight", (size, channels))
    if call.flag("bias"):
        yield Own("in_proj_bias", (3 * size,))
    yield Own("out_proj.weight", (size, size))
    if call.flag("bias"):
        yield Own("out_proj.bias", (size,))
    if call.flag("add_bias_kv"):
        yield from (Own(name, (1, 1, size)) for name in ("bias_k", "bias_v"))


_RECURRENT = (
    "input_size hidden_size num_layers=1 bias=True batch_first=False dropout=0.0 bidirectional=False proj_size=0 "
    "device=None dtype=None"
)

TRANSFORMERS: Mapping[str, str] = {
    "TransformerEncoderLayer": "d_model nhead dim_feedforward=2048 dropout=0.1 activation='relu' layer_norm_eps=1e-5 "
    "batch_first=False norm_first=False bias=True device=None dtype=None",
    "TransformerEncoder": "encoder_layer num_layers norm=None enable_nested_tensor=True mask_check=True",
}
"""Of modules that are made of others."""

SIGNATURES: Mapping[str, str] = {
    **TRANSFORMERS,
    "Embedding": "num_embeddings embedding_dim padding_idx=None max_norm=None norm_type=2.0 scale_grad_by_freq=False "
    "sparse=False _weight=None _freeze=False device=None dtype=None",
    **dict.fromkeys(("LSTM", "GRU"), _RECURRENT),
    "RNN": _RECURRENT.replace("num_layers=1", "num_layers=1 nonlinearity='tanh'"),
    "MultiheadAttention": "embed_dim num_heads dropout=0.0 bias=True add_bias_kv=False add_zero_attn=False kdim=None "
    "vdim=None batch_first=False device=None dtype=None",
    "GLU": "dim=-1",
    "Unflatten": "dim unflattened_size",
}
"""Of classes of `torch.nn` that are no single layer here."""

_WEIGHTS: Mapping[str, Callable[[Bound], Iterator[Own]]] = {
    **{f"Conv{rank}d": partial(_conv, axes=rank) for rank in (1, 2, 3)},
    **{f"ConvTranspose{rank}d": partial(_transposed, axes=rank) for rank in (1, 2, 3)},
    "Linear": _linear,
    **{f"BatchNorm{rank}d": partial(_norm, size="num_features") for rank in (1, 2, 3)},
    "SyncBatchNorm": partial(_norm, size="num_features"),
    **{f"InstanceNorm{rank}d": partial(_norm, size="num_features") for rank in (1, 2, 3)},
    "GroupNorm": partial(_norm, size="num_channels"),
    "LayerNorm": partial(_norm, size="normalized_shape", affine="elementwise_affine"),
    "RMSNorm": _rms_norm,
    "PReLU": _prelu,
    "Embedding": _embedding,
    "LSTM": partial(_recurrent, gates=4),
    "GRU": partial(_recurrent, gates=3),
    "RNN": partial(_recurrent, gates=1),
    "MultiheadAttention": _attention,
}


def own_weights(kind: str, call: Bound) -> tuple[Own, ...]:
    """The arrays of a layer of that class of `torch.nn`, in the order of a state_dict; none where it has no weights.

    Raises Fault where an argument that decides them is of another kind, PythonFault where it is not known.
    """
    return tuple(_WEIGHTS[kind](call)) if kind in _WEIGHTS else ()


def attribute_of(kind: str, call: Bound, name: str) -> Any:
    """An argument of a layer as its attribute: sizes of a window are one an axis, as PyTorch keeps them."""
    value = call.value(name)
    is_window = name in ("kernel_size", "stride", "padding", "dilation", "output_padding")
    if is_window and kind.startswith(("Conv", "LazyConv")) and type(value) is int:
        return (value,) * int(kind[-2])
    return value
