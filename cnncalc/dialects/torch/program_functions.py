"""Functions of PyTorch that hand on what they are given, or say something about it: checkpoint, compile, is_tensor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.dialects.torch.function_calls import Function, FunctionCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.python.values import Unknown


def _checkpoint(call: FunctionCall) -> Any:
    """Calls the function; what it would compute twice while training is computed once."""
    own = ("use_reentrant", "preserve_rng_state", "context_fn", "determinism_check", "debug")
    keywords = {name: given for name, given in call.arguments.keywords.items() if name not in own}
    given = call.arguments._replace(positional=call.arguments.positional[1:], keywords=keywords)
    return call.here.call_with(call.value("function"), given)


def _handed_on(call: FunctionCall) -> Any:
    return call.value("input")


def _decorated(call: FunctionCall) -> Any:
    """The function under `@torch.no_grad`; `with torch.no_grad():` and `@torch.no_grad()` are given none."""
    given = call.value("input")
    is_function = given is not None and not isinstance(given, bool)
    return given if is_function else Unknown(f"`{call.name}` is no part of the model", call.here.span)


def _is_tensor(call: FunctionCall) -> Any:
    return isinstance(call.value("input"), Tensor)


def _size(call: FunctionCall) -> Any:
    return tuple(call.here.entries(call.value("sizes")))


def _pair(call: FunctionCall) -> Any:
    value = call.value("input")
    return (value, value) if type(value) is int else value


_FIRST = (
    "input *rest mode=None backend=None fullgraph=None dynamic=None name=None n_power_iterations=1 dim=None eps=1e-12"
)

PROGRAM_FUNCTIONS: Mapping[str, Function] = {
    "checkpoint": Function("function *rest use_reentrant=None preserve_rng_state=True", _checkpoint),
    **dict.fromkeys(("compile", "script", "spectral_norm"), Function(_FIRST, _handed_on)),
    **dict.fromkeys(("no_grad", "enable_grad", "inference_mode"), Function("input=None mode=None", _decorated)),
    "is_tensor": Function("input", _is_tensor),
    "Size": Function("sizes", _size),
    "_to_2tuple": Function("input", _pair),
}
"""By the last part of the name."""
