"""Options of Keras' and PyTorch's layers that change no number here, or that are said in another way.

Only faults come here: an option that means nothing to a layer is refused, and what it is for is said honestly.
"""

from __future__ import annotations

from typing import NamedTuple

_TRAINING = "is for training only and changes no result of a trained net"
_START = "says how weights start before training, which changes no count"
_TECHNICAL = "says how a program computes, not what"

_SAID = {
    _TRAINING: (
        "momentum kernel_regularizer bias_regularizer activity_regularizer depthwise_regularizer regularizer l1 l2 "
        "pointwise_regularizer kernel_constraint bias_constraint gamma_regularizer beta_regularizer gamma_constraint "
        "beta_constraint weight_decay decay lr learning_rate optimizer loss training seed "
        "noise_shape renorm renorm_momentum virtual_batch_size synchronized batch_size epochs"
    ),
    _START: (
        "kernel_initializer bias_initializer depthwise_initializer pointwise_initializer gamma_initializer initializer "
        "beta_initializer moving_mean_initializer moving_variance_initializer alpha_initializer "
        "weight_init init_weights"
    ),
    _TECHNICAL: "inplace device dtype autocast return_indices cudnn_enabled fused recompute_scale_factor",
}
_ABOUT: dict[str, str] = {name: about for about, names in _SAID.items() for name in names.split()}

_ELSEWHERE = {
    **dict.fromkeys(
        ("data_format", "dim_ordering"), "one line at the top holds for the whole file: `order channels_first`"
    ),
    **dict.fromkeys(
        ("input_shape", "batch_input_shape", "input_size", "input_dim"),
        "the size of the picture is written on a line of its own: `input 28x28x1`",
    ),
    "track_running_stats": "batch norm computes here with the running statistics that training has left",
    "return_sequences": "cnncalc computes convolutional nets, which read no sequences",
}
"""Options whose matter is said elsewhere -> where."""

_NO = frozenset(("no", "false", "0", "off"))
_AFFINE = frozenset(("affine", "elementwise_affine"))
_ACTIVATIONS = frozenset(("act", "activ", "activation_fn", "act_fn", "nonlinearity"))
_LABELS = frozenset(("name", "label", "id"))
_LEARNING = frozenset(("trainable", "requires_grad", "learnable"))
_FREEZING = frozenset(("freeze", "freezed", "froze", "fixed"))

LEFT_OUT = frozenset((*_ABOUT, *_LEARNING, "name", "input_shape", "batch_input_shape"))
"""Arguments of a call that change no number of the layer itself."""


class Meant(NamedTuple):
    """What is said of an option; `instead` is what may be written in its place ("": nothing; None: nothing is known).

    A `label` is written in front of the line.
    """

    about: str
    instead: str | None = None
    label: str = ""


def other_option(name: str, value: str, word: str) -> Meant | None:
    """What an option of another framework means on the line of a layer word; None for a name that is not known."""
    plain = name.lower()
    if plain in _ABOUT:
        return Meant(f"`{name}` {_ABOUT[plain]}: leave it out", "")
    if plain in _ELSEWHERE:
        return Meant(_ELSEWHERE[plain])
    if plain in _ACTIVATIONS:
        return Meant("an activation is written by its word alone", value.lower())
    if plain in _LABELS and value.isidentifier():
        return Meant("a line gets a name by a label in front", "", value)
    if plain in _LEARNING or plain in _FREEZING:
        return _freezing(name, is_frozen=(value.lower() in _NO) == (plain in _LEARNING))
    return _affine(value.lower() in _NO, word) if plain in _AFFINE else None


def _freezing(name: str, *, is_frozen: bool) -> Meant:
    """What other libraries say of a layer that training leaves as it is."""
    if is_frozen:
        return Meant("a layer whose weights training leaves as they are is written with `frozen`", "frozen")
    return Meant(f"`{name}`: every layer is trained unless it says `frozen`: leave it out", "")


def _affine(is_no: bool, word: str) -> Meant | None:
    """PyTorch's switch for the learned numbers of a norm."""
    if not is_no:
        return Meant(f"{word} has learned numbers here unless it says otherwise: leave it out", "")
    return Meant("batch norm without learned numbers", "noscale noshift") if word == "bn" else None
