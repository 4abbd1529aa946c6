"""Keras' MultiHeadAttention: our layer `attention`, asked by a query and read from values and keys.

Keras keeps a head's numbers on an axis of their own; written one head after the other they are the rows of our arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dialects.traced.stated_arrays import as_operation
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import axes_of, channels_at
from cnncalc.graph.pasted.arguments import Bound
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.layers.attention import Attention
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.keras.models import KerasModule

SIGNATURE = (
    "num_heads key_dim value_dim=None dropout=0.0 use_bias=True output_shape=None attention_axes=None "
    "flash_attention=None seed=None"
)
_CALLED_WITH = (
    "query value key=None query_mask=None value_mask=None key_mask=None attention_mask=None "
    "return_attention_scores=False training=None use_causal_mask=False"
)


def attended(module: KerasModule, arguments: Arguments, here: Reading) -> Any:
    """What the layer gives: each place of the query weighed, and with them the weights where they are asked for."""
    assert module.bound is not None
    made, trace = module.bound, module.room.trace
    call = Bound(PythonCall(module.kind, arguments.positional, arguments.keywords, here.span), _CALLED_WITH, "")
    for name in ("query_mask", "value_mask", "key_mask", "attention_mask"):
        if call.value(name) is not None:
            raise PythonFault("no-such-layer", "no layer here is attention with a mask", here.span)
    key = call.value("value") if call.value("key") is None else call.value("key")
    places = {id(one): _places(one, module, here) for one in (call.value("query"), key, call.value("value"))}
    query, keys, values = (places[id(one)] for one in (call.value("query"), key, call.value("value")))
    _refuse_others(made, query, here)
    asked: tuple[Tensor, ...] = (query, keys, values)
    if keys.operation == values.operation:
        asked = (query,) if query.operation == keys.operation else (query, keys)
    layer = Attention(
        heads=made.count("num_heads"),
        key=made.count("key_dim"),
        value=None if made.value("value_dim") is None else made.count("value_dim"),
        bias=made.flag("use_bias"),
        causal=call.flag("use_causal_mask"),
    )
    result = trace.layer(layer, asked, here, module, like=query)
    if call.flag("return_attention_scores"):
        return result, Unknown("the weights of attention depend on the image", here.span)
    return result


def _places(tensor: Any, module: KerasModule, here: Reading) -> Tensor:
    """One of the three tensors: images, places, and the numbers of a place on the last axis."""
    if not isinstance(tensor, Tensor) or len(tensor.dims) < 3:
        what = tensor.text if isinstance(tensor, Tensor) else "what is no tensor"
        message = f"{module.kind} reads images, places and numbers, but {what} arrives"
        raise PythonFault("arriving-differs", message, here.span)
    last, trace = len(tensor.dims) - 1, module.room.trace
    if tensor.is_constant:
        return as_operation(tensor, Tensor(trace, tensor.dims, 0, last), here)
    return trace.settled(channels_at(tensor, last, here), here)


def _refuse_others(made: Bound, query: Tensor, here: Reading) -> None:
    """Attention along some axes only, and results of another size than the query's, have no layer here."""
    axes, last = made.value("attention_axes"), len(query.dims) - 1
    if axes is not None and sorted(axes_of(query, axes, here)) != list(range(1, last)):
        raise PythonFault("no-such-layer", "no layer here is attention along some of the axes of a map", here.span)
    size = made.value("output_shape")
    if size is not None and size not in (query.dims[last], (query.dims[last],), [query.dims[last]]):
        raise PythonFault("no-such-layer", "no layer here is attention with an `output_shape` of its own", here.span)
