"""What Keras' own classes have by name: `model.add`, `model.layers`, `layer.output`, `layer.add_weight`.

What trains, saves or shows a model has no effect; numbers that only a real model has are Unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cnncalc.dialects.keras import models
from cnncalc.dialects.keras.models import KerasModule, leaves, unknown_in
from cnncalc.dialects.keras.tensor_methods import shown
from cnncalc.dialects.traced.trace import Constant
from cnncalc.python.functions import Known
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Reading, Unknown

_NO_EFFECT = frozenset(
    (
        *("compile", "fit", "fit_generator", "train_on_batch", "summary", "add_loss", "add_metric"),
        *("load_weights", "set_weights", "save", "save_weights", "reset_states", "adapt", "load_own_variables"),
        *("export", "reset_metrics", "build_from_config", "track_variable", "compile_from_config"),
        *("enable_lora", "quantize", "make_predict_function", "make_test_function", "make_train_function"),
        *("add_update", "save_own_variables"),
    )
)
_NOT_KNOWN = frozenset(
    (
        *("evaluate", "predict", "predict_classes", "get_weights", "to_json", "to_yaml", "get_config"),
        *("count_params", "weights", "trainable_weights", "non_trainable_weights", "variables"),
        *("trainable_variables", "losses", "metrics", "optimizer", "loss", "history"),
        *("non_trainable_variables", "compute_output_shape", "input_spec", "dtype", "compute_dtype"),
        *("from_config", "predict_on_batch", "test_on_batch", "compute_mask", "metrics_names"),
        *("evaluate_generator", "predict_generator", "predict_proba", "predict_step", "train_step"),
        *("test_step", "compute_loss", "compute_metrics", "compute_output_spec", "compute_output_signature"),
        *("symbolic_call", "get_build_config", "get_compile_config", "get_metrics_result", "get_state_tree"),
        *("set_state_tree", "compiled", "jit_compile", "run_eagerly", "output_names", "input_names"),
        *("stateful", "updates", "train_function", "test_function", "predict_function", "metrics_variables"),
        *("path", "stateless_call", "get_losses_for", "get_updates_for", "get_input_at", "get_output_at"),
        *("get_input_shape_at", "get_output_shape_at", "distribute_strategy", "save_spec", "supports_masking"),
        *("submodules", "kernel_initializer", "activity_regularizer", "steps_per_execution", "dtype_policy"),
        *("variable_dtype", "compiled_metrics", "compiled_loss", "stop_training"),
    )
)


def member_of(this: KerasModule, name: str) -> Any:
    """A method, or a value, that the library's class has by this name; None where it has none."""
    if name in _METHODS or name in _NO_EFFECT:
        return Known(name, partial(_METHODS.get(name, _no_effect), this))
    if name in _NOT_KNOWN:
        return Unknown(f"`{name}` of a model is not worked out here", this.made)
    return _value(this, name)


def names_of_members() -> tuple[str, ...]:
    """The methods that a program calls on a model, for advice."""
    return (*_METHODS, *sorted(_NO_EFFECT), *sorted(_NOT_KNOWN), "layers", "input", "output")


def _value(this: KerasModule, name: str) -> Any:
    """`model.layers`, `layer.output`, `layer.name` and the like; None where there is no such name."""
    if name in ("name", "trainable", "built"):
        if name == "trainable":
            return not this.frozen
        return this.name if name == "name" else this.is_built
    if name in ("layers", "_layers"):
        return layers_of_model(this)
    if name in ("input", "inputs", "output", "outputs", "input_shape", "output_shape"):
        return _end(this, name)
    if name in ("__call__", "call"):
        return None
    return None


def _end(this: KerasModule, name: str) -> Any:
    is_input = name.startswith("input")
    pair = this.heads or this.seen
    if this.steps:
        pair = (this.steps[0], this.steps[-1])
    if pair is None:
        return Unknown(f"`{name}` of `{this.name}`, which has not been called yet", this.made)
    end = pair[0] if is_input else pair[1]
    if name.endswith("_shape"):
        return models.rebuilt(end, iter([shown(one) for one in leaves(end)]))
    return list(leaves(end)) if name.endswith("s") else end


def layers_of_model(model: KerasModule) -> list[Any]:
    """`model.layers`: those of a functional model begin with its inputs."""
    if model.library == "keras.Sequential":
        return list(model.sequence)
    starts = leaves(model.heads[0]) if model.heads else ()
    inputs = [model.room.inputs[one.operation] for one in starts if one.operation in model.room.inputs]
    return [*inputs, *model.parts.values()]


# ---------------------------------------------------------------------- methods
def _add(this: KerasModule, arguments: Arguments, here: Reading) -> None:
    for one in (*arguments.values, *(one.value for one in arguments.keywords.values())):
        models.add(this, one, here)


def _pop(this: KerasModule, _: Arguments, __: Reading) -> None:
    models.pop(this)


def _get_layer(this: KerasModule, arguments: Arguments, here: Reading) -> Any:
    given = dict(zip(("name", "index"), arguments.values, strict=False))
    given |= {name: one.value for name, one in arguments.keywords.items()}
    layers = layers_of_model(this)
    name, index = given.get("name"), given.get("index")
    if type(index) is int and -len(layers) <= index < len(layers):
        return layers[index]
    for one in layers:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in layers[:8])
    raise PythonFault("python-error", f"the model has no layer `{name}`", here.span, help=f"it has {names}")


def _add_weight(this: KerasModule, arguments: Arguments, here: Reading) -> Any:
    values = list(arguments.values)
    named = {name: one.value for name, one in arguments.keywords.items()}
    if values and isinstance(values[0], str):
        named.setdefault("name", values.pop(0))
    shape = named.get("shape", values[0] if values else ())
    if isinstance(shape, Unknown):
        return shape
    sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if any(type(one) is not int for one in sizes):
        return Unknown("a weight with an open size", here.span)
    name = named.get("name") if isinstance(named.get("name"), str) else "weight"
    constant = Constant(f"the weight `{name}`", is_parameter=named.get("trainable", True) is not False)
    made = this.room.trace.constant(sizes, constant, here)
    if constant.is_parameter:
        key, number = name, 1
        while key in this.parameters:
            key, number = f"{name}_{number}", number + 1
        this.parameters[str(key)] = made
    return made


def _call(this: KerasModule, arguments: Arguments, here: Reading) -> Any:
    """`super().call(x)`."""
    lost = unknown_in(arguments.values)
    if lost is not None or not arguments.positional:
        return lost
    return models.library_call(this, arguments.values[0], here)


def _no_effect(this: KerasModule, arguments: Arguments, here: Reading) -> None:
    """What trains, saves or shows."""


def _build(this: KerasModule, arguments: Arguments, here: Reading) -> None:
    """`model.build((None, 28, 28, 1))` states the input of a model."""
    shape = arguments.values[0] if arguments.positional else None
    if this.library not in ("keras.Model", "keras.Sequential") or not isinstance(shape, (tuple, list)):
        return
    this.stated = this.room.sizes_of(shape[1:])
    if this.library == "keras.Sequential" and not this.steps and this.stated:
        entries, this.sequence, this.parts = this.sequence, [], {}
        for one in entries:
            models.add(this, one, here)


_METHODS: Mapping[str, Callable[[KerasModule, Arguments, Reading], Any]] = {
    "add": _add,
    "pop": _pop,
    "build": _build,
    "get_layer": _get_layer,
    **dict.fromkeys(("add_weight", "add_variable"), _add_weight),
    "call": _call,
    "__call__": models.called,
}
