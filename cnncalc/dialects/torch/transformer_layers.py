"""`nn.TransformerEncoderLayer` and `nn.TransformerEncoder`: made of the modules that PyTorch makes them of.

Their parts have PyTorch's names, so that a state_dict fits; what is computed is what their `forward` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dialects.torch.function_calls import FunctionCall
from cnncalc.dialects.traced.modules import put_at
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading

if TYPE_CHECKING:
    from cnncalc.dialects.torch.torch_modules import TorchModule

LAYER, ENCODER = "TransformerEncoderLayer", "TransformerEncoder"
_CALLED_WITH = {
    LAYER: "src src_mask=None src_key_padding_mask=None is_causal=False",
    ENCODER: "src mask=None src_key_padding_mask=None is_causal=None",
}


def fill_transformer(module: TorchModule, here: Reading) -> None:
    """The parts of a new module of one of these classes."""
    if module.kind == LAYER:
        _fill_layer(module, here)
    else:
        _fill_encoder(module, here)


def _fill_layer(module: TorchModule, here: Reading) -> None:
    bound = module.bound()
    width, inner = bound.count("d_model"), bound.count("dim_feedforward")
    bias = bound.flag("bias")
    norm = {"eps": bound.value("layer_norm_eps"), "bias": bias}
    attention = {"bias": bias, "batch_first": bound.flag("batch_first")}
    put_at(
        module, "self_attn", _made(module, "MultiheadAttention", here, width, bound.count("nhead"), **attention), here
    )
    put_at(module, "linear1", _made(module, "Linear", here, width, inner, bias=bias), here)
    for name in ("dropout", "dropout1", "dropout2"):
        put_at(module, name, _made(module, "Dropout", here, bound.value("dropout")), here)
    put_at(module, "linear2", _made(module, "Linear", here, inner, width, bias=bias), here)
    put_at(module, "norm1", _made(module, "LayerNorm", here, width, **norm), here)
    put_at(module, "norm2", _made(module, "LayerNorm", here, width, **norm), here)


def _fill_encoder(module: TorchModule, here: Reading) -> None:
    """As many layers as `num_layers` says, each made as the one that is given."""
    bound = module.bound()
    one, norm = bound.value("encoder_layer"), bound.value("norm")
    if getattr(one, "kind", "") != LAYER or one.cls is not None:
        raise PythonFault("not-read-here", f"nn.{ENCODER} is read with an nn.{LAYER}", here.span)
    layers = _made(module, "ModuleList", here)
    for place in range(bound.count("num_layers")):
        here.charge(1)
        put_at(layers, str(place), _call(module, LAYER, Arguments((), dict(one.given), one.made), here), here)
    put_at(module, "layers", layers, here)
    if norm is not None:
        put_at(module, "norm", norm, here)


def _made(module: TorchModule, kind: str, here: Reading, *given: Any, **named: Any) -> Any:
    place = module.made or here.span
    keywords = {name: Given(value, place) for name, value in named.items()}
    return _call(module, kind, Arguments(tuple(Given(one, place) for one in given), keywords, place), here)


def _call(module: TorchModule, kind: str, arguments: Arguments, here: Reading) -> Any:
    return module.framework.call(f"torch.nn.{kind}", arguments, here)


def transformed(module: TorchModule, arguments: Arguments, here: Reading) -> Any:
    """What the module makes of places and numbers."""
    call = FunctionCall(module.kind, _CALLED_WITH[module.kind], arguments, here, module.framework)
    for name in ("src_mask", "mask", "src_key_padding_mask", "is_causal"):
        if name in call.bound.declared and call.value(name) not in (None, False):
            raise PythonFault("no-such-layer", "no layer here is attention with a mask", here.span)
    tensor = call.tensor("src")
    with module.framework.trace.entering(module, here):
        if module.kind == ENCODER:
            for one in (
                *here.entries(module.parts["layers"]),
                *([module.parts["norm"]] if "norm" in module.parts else []),
            ):
                tensor = here.call(one, tensor)
            return tensor
        return _of_layer(module, tensor, here)


def _of_layer(module: TorchModule, tensor: Tensor, here: Reading) -> Any:
    """Attention and two dense layers, each added to what it reads; norms before or after."""

    def norm(place: int, value: Any) -> Any:
        return here.call(module.parts[f"norm{place}"], value)

    def dropped(name: str, value: Any) -> Any:
        return here.call(module.parts[name], value) if module.bound().value("dropout") else value

    def attention(value: Any) -> Any:
        asked = Arguments((Given(value, here.span),) * 3, {"need_weights": Given(False, here.span)}, here.span)
        return dropped("dropout1", here.call_with(module.parts["self_attn"], asked)[0])

    def dense(value: Any) -> Any:
        made = _activated(module, here.call(module.parts["linear1"], value), here)
        return dropped("dropout2", here.call(module.parts["linear2"], dropped("dropout", made)))

    if module.bound().flag("norm_first"):
        tensor = here.arithmetic("+", tensor, attention(norm(1, tensor)))
        return here.arithmetic("+", tensor, dense(norm(2, tensor)))
    tensor = norm(1, here.arithmetic("+", tensor, attention(tensor)))
    return norm(2, here.arithmetic("+", tensor, dense(tensor)))


def _activated(module: TorchModule, value: Any, here: Reading) -> Any:
    activation = module.bound().value("activation")
    if not isinstance(activation, str):
        return here.call(activation, value)
    if activation not in ("relu", "gelu"):
        raise PythonFault("python-error", f"activation is relu or gelu, not {activation!r}", here.span)
    return module.framework.function(activation, Arguments((Given(value, here.span),), {}, here.span), here)
