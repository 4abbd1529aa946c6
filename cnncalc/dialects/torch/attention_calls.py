"""Attention as PyTorch writes it: `nn.MultiheadAttention` and `F.scaled_dot_product_attention`.

The module is our layer `attention`, whose weights have PyTorch's names; the function has no weights and is two products
of matrices with a softmax between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dialects.torch.function_calls import Function, FunctionCall
from cnncalc.dialects.torch.moved_parts import interleaved
from cnncalc.dialects.traced.arithmetic import combined, product, with_number
from cnncalc.dialects.traced.stated_arrays import as_operation
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import seen_as, transposed
from cnncalc.graph.pasted.torch_calls import LAYERS
from cnncalc.layers.attention import Attention
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.torch.torch_modules import TorchModule

CALLED_WITH = (
    "query key value key_padding_mask=None need_weights=True attn_mask=None average_attn_weights=True is_causal=False"
)
"""What a `MultiheadAttention` is called with."""


def multi_head(module: TorchModule, call: FunctionCall) -> tuple[Tensor, Any]:
    """What the module gives: the places weighed, and the weights, which depend on the image."""
    bound, here = module.bound(), call.here
    for name in ("add_bias_kv", "add_zero_attn"):
        if bound.flag(name):
            raise PythonFault("no-such-layer", f"no layer here is a MultiheadAttention with {name}", here.span)
    embedded, is_first = bound.count("embed_dim"), bound.flag("batch_first")
    given = [call.tensor(name) for name in ("query", "key", "value")]
    each = {id(one): _places(call, one, is_first=is_first) for one in given}
    read = [each[id(one)] for one in given]
    for tensor, name in zip(read, ("embed_dim", "kdim", "vdim"), strict=True):
        wanted = embedded if bound.value(name) is None else bound.count(name)
        if tensor.dims[-1] != wanted:
            message = f"MultiheadAttention expects {wanted:,} numbers a place, but {tensor.dims[-1]:,} arrive"
            raise PythonFault("arriving-differs", message, here.span, label=f"what arrives here is {tensor.text}")
    query, key, value = (call.trace.settled(tensor, here) for tensor in read)
    asked = (query, key, value)
    if key.operation == value.operation:
        asked = (query,) if query.operation == key.operation else (query, key)  # type: ignore[assignment]
    layer = Attention(heads=bound.count("num_heads"), bias=bound.flag("bias"), causal=_is_causal(call))
    weights = Unknown("the weights of attention depend on the image", here.span)
    return call.trace.layer(layer, asked, here, module, like=query), weights


def _places(call: FunctionCall, tensor: Tensor, *, is_first: bool) -> Tensor:
    """One of the three tensors, its images where the module expects them; without images it has two axes."""
    if not 2 <= len(tensor.dims) <= 3:
        message = f"MultiheadAttention reads images, places and numbers, but {tensor.text} arrives"
        raise PythonFault("arriving-differs", message, call.here.span)
    batch = None if len(tensor.dims) == 2 else 0 if is_first else 1
    if tensor.is_constant:
        return as_operation(tensor, Tensor(call.trace, tensor.dims, batch, len(tensor.dims) - 1), call.here)
    if tensor.batch is not None and tensor.batch != batch:
        advice = "" if batch is None else f"write `batch_first={not is_first}`, or exchange the axes"
        raise PythonFault(
            "arriving-differs",
            f"axis {tensor.batch} of {tensor.text} holds the images, and this MultiheadAttention reads it as places",
            call.here.span,
            help=advice,
        )
    return seen_as(tensor, batch, len(tensor.dims) - 1, call.here)


def _is_causal(call: FunctionCall) -> bool:
    """Whether a place reads only those before it; a mask is read only where the call says that it is this one."""
    is_causal, mask = call.value("is_causal"), call.value("attn_mask")
    for one in (is_causal, call.value("key_padding_mask"), None if is_causal is True else mask):
        if one not in (None, True, False):
            raise PythonFault("no-such-layer", "no layer here is attention with a mask", call.here.span)
    return is_causal is True


def _scaled_product(call: FunctionCall) -> Tensor:
    """`softmax(q @ k.T * scale + mask) @ v`, along the last two axes."""
    query, key, value = (call.tensor(name) for name in ("query", "key", "value"))
    here, mask, scale = call.here, call.value("attn_mask"), call.value("scale")
    is_stated = (
        isinstance(mask, Tensor) and mask.is_constant and (mask.constant is None or not mask.constant.is_parameter)
    )
    if call.value("is_causal") is not False or isinstance(mask, Unknown) or is_stated:
        raise PythonFault("no-such-layer", "no layer here is attention with a mask", here.span)
    if call.value("enable_gqa") not in (False, True) or min(len(one.dims) for one in (query, key, value)) < 2:
        raise PythonFault("no-such-layer", "no layer here is attention of these tensors", here.span)
    if call.value("enable_gqa"):
        key, value = (_for_each_question(query, one, here) for one in (key, value))
    if scale is not None and type(scale) not in (int, float):
        raise PythonFault("unknown-value", "the scale of this attention is not known", here.span)
    scale = query.dims[-1] ** -0.5 if scale is None else float(scale)
    scores = product(with_number("*", query, scale, False, here), transposed(key, -2, -1, here), here)
    if mask is not None:
        scores = combined("+", scores, mask, here)
    return product(call.layer("Softmax", LAYERS["Softmax"], scores, dim=-1), value, here)


def _for_each_question(query: Tensor, other: Tensor, here: Reading) -> Tensor:
    """Keys or values of fewer heads than there are questions, each head as often as it is asked."""
    axis = len(other.dims) - 3
    if axis < 0 or query.dims[axis] % other.dims[axis]:
        raise PythonFault("no-such-layer", "no layer here is attention of these tensors", here.span)
    return interleaved(other, query.dims[axis] // other.dims[axis], axis, here)


ATTENTION = {
    "scaled_dot_product_attention": Function(
        "query key value attn_mask=None dropout_p=0.0 is_causal=False scale=None enable_gqa=False", _scaled_product
    )
}
"""By the name in `torch.nn.functional`."""
