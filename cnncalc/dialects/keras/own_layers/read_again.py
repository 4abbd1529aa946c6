"""An object of a class that a written program brings along, read as the layer of ours that it was written from."""

from __future__ import annotations

from typing import Any

from cnncalc.dialects.keras.own_layers.own_class import OwnClass
from cnncalc.dialects.traced.table_faults import faults_of_the_table, made_at
from cnncalc.dialects.traced.trace import Module, Tensor, shape_of
from cnncalc.dialects.traced.views import channels_at
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading


def written_layer(known: OwnClass, module: Module, tensor: Tensor, here: Reading) -> Any:
    """What the layer makes of a tensor; raises PythonFault where its numbers make no layer."""
    seen = channels_at(tensor, len(tensor.dims) - 1, here)
    trace = seen.trace
    with faults_of_the_table(made_at(module.made, here)):
        try:
            arriving = shape_of(trace.settled(seen, here), here)
            layer = known.layer({**module.names, "arriving": arriving})
        except (TypeError, ValueError, KeyError, AttributeError):
            message = f"an argument of {known.name} is not of the kind that it takes"
            raise PythonFault("wrong-operand", message, here.span) from None
        made = trace.layer(layer, () if known.is_source else (seen,), here, module, like=seen)
    sizes = trace.operations[made.operation].output.sizes()
    return Tensor(trace, (1, *sizes), 0, len(sizes), made.operation)
