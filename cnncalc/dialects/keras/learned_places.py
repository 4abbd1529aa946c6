"""An Embedding of the places 0, 1, 2, ... of a row: its whole table, which a layer that holds it learns.

An Embedding of words, which an image does not have, is no layer here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.graph.pasted.arguments import Bound
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading

if TYPE_CHECKING:
    from cnncalc.dialects.keras.models import KerasModule

_SIGNATURE = (
    "input_dim output_dim embeddings_initializer=None embeddings_regularizer=None embeddings_constraint=None "
    "mask_zero=False weights=None input_length=None lora_rank=None"
)


def table_of_places(module: KerasModule, given: Any, here: Reading) -> Tensor | None:
    """What an Embedding gives for all its places in their order; None for everything else."""
    if module.kind != "Embedding" or module.bound is None or not isinstance(given, Tensor) or given.constant is None:
        return None
    call = module.bound.call
    bound = Bound(PythonCall(module.kind, call.positional, call.keywords, call.span), _SIGNATURE, "")
    count, size = bound.count("input_dim"), bound.count("output_dim")
    if given.constant.values != tuple(float(place) for place in range(count)):
        return None
    trace = module.room.trace
    if not trace.entered:
        message = f"Keras makes a constant of what `{module.name}` gives here: no model holds its table"
        raise PythonFault("not-read-here", message, here.span, help="call it in `call` of a layer of the program")
    if "embeddings" not in module.parameters:
        constant = Constant(f"the table of `{module.name}`", is_parameter=True)
        module.parameters["embeddings"] = trace.constant((*given.dims, size), constant, here)
    return module.parameters["embeddings"]
