"""The methods of `nn.Module` and its containers; those that only train, load or move a model leave it as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from cnncalc.dialects.torch.torch_modules import TorchModule
from cnncalc.dialects.traced.modules import delete_part, part_at, put_at, put_before
from cnncalc.dialects.traced.table_faults import faults_of_the_table
from cnncalc.dialects.traced.tensor_attributes import set_learned
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Reading, Unknown


class MethodCall(NamedTuple):
    """One call of a module's method."""

    module: TorchModule
    arguments: Arguments
    here: Reading

    def given(self, name: str, place: int = 0, default: Any = None) -> Any:
        """An argument by its place or its name."""
        if len(self.arguments.positional) > place:
            return self.arguments.positional[place].value
        return self.arguments.keywords[name].value if name in self.arguments.keywords else default


Method = Callable[[MethodCall], Any]


def _itself(call: MethodCall) -> Any:
    return call.module


def _requires_grad(call: MethodCall) -> Any:
    """Whether training changes the module's parameters and those of all in it."""
    learned = call.given("requires_grad", 0, True)
    for _, one in call.module.walk(call.here):
        for _, array in one.learned_arrays(call.here):
            set_learned(array, learned, call.here)
    return call.module


def _nothing(_: MethodCall) -> Any:
    return None


def _add_module(call: MethodCall) -> None:
    name = call.given("name")
    if not isinstance(name, str):
        raise Raised("TypeError", "the name of a module is a text", call.here.span)
    call.module.names.pop(name, None)
    put_at(call.module, name, call.given("module", 1), call.here)


def _register_buffer(call: MethodCall) -> None:
    call.module.buffers[str(call.given("name"))] = call.given("tensor", 1)


def _register_parameter(call: MethodCall) -> None:
    call.module.set_attribute(str(call.given("name")), call.given("param", 1), call.here)


def _set_attribute(call: MethodCall) -> None:
    call.module.set_attribute(str(call.given("name")), call.given("value", 1), call.here)


def _get_attribute(call: MethodCall) -> Any:
    return call.here.attribute(call.module, str(call.given("name")))


def _append(call: MethodCall) -> Any:
    put_at(call.module, str(len(call.module.held)), call.given("module"), call.here)
    return call.module


def _extend(call: MethodCall) -> Any:
    for _, one in call.module.pairs(call.given("modules"), call.here):
        put_at(call.module, str(len(call.module.held)), one, call.here)
    return call.module


def _insert(call: MethodCall) -> Any:
    place = call.given("index")
    if type(place) is not int:
        raise Raised("TypeError", "the place of a module in a list is a whole number", call.here.span)
    put_before(call.module, place, call.given("module", 1), call.here)
    return call.module


def _update(call: MethodCall) -> None:
    for name, one in call.module.pairs(call.given("modules"), call.here):
        put_at(call.module, str(name), one, call.here)


def _pop(call: MethodCall) -> Any:
    key = call.given("key", 0, -1)
    found = part_at(call.module, key, call.here)
    delete_part(call.module, key, call.here)
    return found


def _modules(call: MethodCall) -> list[Any]:
    return [one for _, one in call.module.walk(call.here)]


def _walked(call: MethodCall, place: int) -> Iterator[tuple[str, TorchModule]]:
    """The modules whose arrays are asked for, each with what its path begins with; `recurse=False` is the first alone.

    `place` is that of `recurse`; `prefix` is right before it, where the method has one.
    """
    prefix = call.given("prefix", place - 1, "") if place else ""
    recurse = call.given("recurse", place, True)
    for asked, name in ((prefix, "prefix"), (recurse, "recurse")):
        if isinstance(asked, Unknown):
            raise asked.needed(f"{name} of these arrays", call.here.span)
    for path, one in call.module.walk(call.here):
        yield "".join(f"{part}." for part in (prefix, path) if part), one
        if not recurse:
            return


def _parameters(call: MethodCall, place: int = 0) -> list[tuple[str, Any]]:
    """Each parameter with its path, those of layers too; one that is held twice is given once."""
    found: dict[int, tuple[str, Any]] = {}
    for before, one in _walked(call, place):
        for name, tensor in one.learned_arrays(call.here):
            found.setdefault(id(tensor.constant), (before + name, tensor))
    return list(found.values())


def _buffers(call: MethodCall, place: int = 0) -> list[tuple[str, Any]]:
    return [(before + name, held) for before, one in _walked(call, place) for name, held in one.buffers.items()]


def _apply(call: MethodCall) -> Any:
    """A function put to every module, the innermost first: most set weights, some change layers."""
    for _, one in reversed(list(call.module.walk(call.here))):
        call.here.call(call.given("fn"), one)
    return call.module


def _get_submodule(call: MethodCall) -> Any:
    return _at_path(call, str(call.given("target", 0, "")))


def _get_parameter(call: MethodCall) -> Any:
    return _at_path(call, str(call.given("target")))


def _at_path(call: MethodCall, path: str) -> Any:
    found: Any = call.module
    for name in filter(None, path.split(".")):
        found = call.here.attribute(found, name)
    return found


def _state(call: MethodCall) -> Any:
    """The names of all arrays; what is in them is not known."""
    what = Unknown("the numbers in a model's weights are not read with it", call.here.span)
    found: dict[str, Any] = {}
    for path, one in call.module.walk(call.here):
        with faults_of_the_table():
            names = [array.name for array in one.own_weights()]
        names += [*one.parameters, *one.buffers]
        call.here.charge(len(names))
        found |= {f"{path}.{name}" if path else name: what for name in names}
    return found


METHODS: Mapping[str, Method] = {
    **dict.fromkeys(("train", "eval", "to", "cuda", "cpu", "xpu", "half", "float", "double", "bfloat16"), _itself),
    "requires_grad_": _requires_grad,
    **dict.fromkeys(("type", "share_memory", "to_empty", "_replicate_for_data_parallel"), _itself),
    **dict.fromkeys(("zero_grad", "reset_parameters", "load_state_dict", "register_forward_hook", "compile"), _nothing),
    **dict.fromkeys(
        ("register_forward_pre_hook", "register_backward_hook", "extra_repr", "save_hyperparameters"), _nothing
    ),
    **dict.fromkeys(("register_full_backward_hook", "log", "log_dict", "freeze", "__init_subclass__"), _nothing),
    **dict.fromkeys(("add_module", "register_module"), _add_module),
    "register_buffer": _register_buffer,
    "register_parameter": _register_parameter,
    "__setattr__": _set_attribute,
    **dict.fromkeys(("__getattr__", "__getattribute__"), _get_attribute),
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "update": _update,
    "pop": _pop,
    "children": lambda call: list(dict.fromkeys(filter(None, call.module.parts.values()))),
    "named_children": lambda call: list(call.module.parts.items()),
    "modules": _modules,
    "named_modules": lambda call: list(call.module.walk(call.here)),
    "parameters": lambda call: [one for _, one in _parameters(call)],
    "named_parameters": lambda call: _parameters(call, place=1),
    "buffers": lambda call: [one for _, one in _buffers(call)],
    "named_buffers": lambda call: _buffers(call, place=1),
    "keys": lambda call: list(call.module.held),
    "values": lambda call: list(call.module.held.values()),
    "items": lambda call: list(call.module.held.items()),
    "apply": _apply,
    "get_submodule": _get_submodule,
    "get_parameter": _get_parameter,
    "state_dict": _state,
}
"""Methods that every call.module has call.here; those of containers are asked of containers alone."""

OF_CONTAINERS = frozenset(("append", "extend", "insert", "update", "pop", "keys", "values", "items"))

WITHOUT_EFFECT = frozenset(
    (
        *("get_buffer", "get_extra_state", "has_uninitialized_params"),
        *("initialize_parameters", "ipu", "mtia", "set_extra_state", "register_full_backward_pre_hook"),
        *("register_load_state_dict_post_hook", "register_load_state_dict_pre_hook"),
        *("register_state_dict_post_hook", "register_state_dict_pre_hook", "dump_patches", "call_super_init"),
        *("save", "graph", "code", "unfreeze", "load_from_checkpoint", "to_onnx", "to_torchscript", "print"),
        *("log_grad_norm", "manual_backward", "optimizers", "lr_schedulers", "all_gather", "toggle_optimizer"),
        *("untoggle_optimizer", "clip_gradients", "trainer", "logger"),
    )
)
"""What PyTorch's modules, those that are scripted and those of Lightning have, too, that makes no part of a model."""
