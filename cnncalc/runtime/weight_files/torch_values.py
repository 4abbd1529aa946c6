"""Which arrays the pickle of a PyTorch file names: of a state dict, a checkpoint around one, a whole module.

A checkpoint holds state dicts next to other things; which is taken is chosen here, and said.  A module that was
pickled as a whole is walked like `state_dict` does it: its parameters, its buffers, its modules, in their order.
Classes are names and calls are records (`pickles`); no file and no number is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import Any, Literal, NamedTuple

from cnncalc.runtime.files import shown_name
from cnncalc.runtime.weight_files.pickles import Call, Name, Persistent

LONGEST_SEARCH = 5_000_000
"""Attributes of all modules that are looked at, and letters of the names of what is in them, paths included."""

DEEPEST_MODULE = 100
DEEPEST_CHECKPOINT = 4
"""How many dicts may be around a state dict."""

MOST_LISTED = 4
"""Names of parts in a remark."""

LARGEST_SIZE = 2**48
"""Of an axis, a step or a whole array, in numbers."""

_STORAGES = {
    "FloatStorage": ("float32", 4),
    "DoubleStorage": ("float64", 8),
    "HalfStorage": ("float16", 2),
    "BFloat16Storage": ("bfloat16", 2),
    "LongStorage": ("int64", 8),
    "IntStorage": ("int32", 4),
    "ShortStorage": ("int16", 2),
    "CharStorage": ("int8", 1),
    "ByteStorage": ("uint8", 1),
    "BoolStorage": ("bool", 1),
    "ComplexFloatStorage": ("complex numbers", 8),
    "ComplexDoubleStorage": ("complex numbers", 16),
    "QInt8Storage": ("quantised numbers", 1),
    "QUInt8Storage": ("quantised numbers", 1),
    "QInt32Storage": ("quantised numbers", 4),
    "QUInt4x2Storage": ("quantised numbers", 1),
    "QUInt2x4Storage": ("quantised numbers", 1),
    "UntypedStorage": ("bytes without a type", 1),
}
"""PyTorch's classes of storages -> the type of their numbers, and the bytes of each."""

_NOT_READ = ("complex numbers", "quantised numbers", "bytes without a type")

_TENSORS = ("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor")
_PARAMETERS = (
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
    "torch.nn.parameter.Parameter",
    "torch.nn.parameter.Buffer",
)
"""What stands around a tensor as its first argument."""

_SUBCLASS = "torch._tensor._rebuild_from_type_v2"

_OTHER_TENSORS = {
    "torch._utils._rebuild_qtensor": "quantised numbers",
    "torch._utils._rebuild_sparse_tensor": "a sparse tensor",
    "torch._utils._rebuild_sparse_csr_tensor": "a sparse tensor",
    "torch._utils._rebuild_nested_tensor": "a nested tensor",
    "torch._utils._rebuild_meta_tensor_no_storage": "a tensor without numbers (of the device meta)",
    "torch._utils._rebuild_wrapper_subclass": "a tensor of a class of its own",
    "torch._utils._rebuild_device_tensor_from_numpy": "a tensor of another device",
    "torch._utils._rebuild_device_tensor_from_cpu_tensor": "a tensor of another device",
}
_NUMPY = "multiarray._reconstruct"
_OF_A_NEW_TYPE = "torch._utils._rebuild_tensor_v3"

_INSIDE = (
    *("state_dict_ema", "ema_state_dict", "model_ema", "ema", "params_ema"),
    *("state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "weights", "params"),
)
"""Under which names checkpoints hold their weights, the averaged ones first: with these nets are evaluated."""

_WRAPPERS = ("module.", "_orig_mod.", "_fsdp_wrapped_module.")
"""What PyTorch's wrappers (DataParallel, compile, FSDP) put before each name."""


Code = Literal["arrays-unknown-format", "arrays-damaged", "arrays-not-numbers"]


class NotWeights(ValueError):
    """There are no arrays with names, or they hold what is not read; `code` is the diagnostic's."""

    def __init__(self, words: str, code: Code = "arrays-unknown-format") -> None:
        super().__init__(words)
        self.code = code


class Storage(NamedTuple):
    """Numbers in the file: the key under which they are, their type, the bytes of each, how many in all.

    `first` is where a view of them begins (PyTorch before 0.4).
    """

    key: str
    kind: str
    size: int
    total: int
    first: int = 0


class View(NamedTuple):
    """An array: where it begins in its storage, its sizes, and the steps between neighbours, all in numbers."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]

    @property
    def span(self) -> int:
        """How many numbers of the storage there are from the first to the last of the array."""
        reach = sum((size - 1) * step for size, step in zip(self.shape, self.steps, strict=True))
        return reach + 1 if prod(self.shape) else 0


class Found(NamedTuple):
    """The arrays by name, in the order in which the module defines them, and what a user should know of the choice."""

    views: dict[str, View]
    form: str
    remark: str


def found_in(top: Any, script: bool = False) -> Found:
    """The weights in what a PyTorch file holds; `script` where it is TorchScript.  Raises NotWeights."""
    search = _Search()
    chosen = search.chosen(top, ()) or search.joined(top)
    if chosen is None:
        raise NotWeights(_nothing(top))
    views, wrapper = _unwrapped({name: _view(value, name) for name, value in chosen.values.items()})
    others = f", not those in {_listed(chosen.others)}" if chosen.others else ""
    remarks = (
        f"the weights in {_listed(chosen.places)}{others}" if chosen.places else "",
        f"from a whole module, {chosen.module}, whose code was not run" if chosen.module else "",
        f"`{wrapper}` before each name left out" if wrapper else "",
    )
    if script:
        form = "TorchScript"
    elif chosen.module:
        form = "a PyTorch module"
    else:
        form = "a PyTorch checkpoint" if chosen.places else "a PyTorch state dict"
    return Found(views, form, "; ".join(filter(None, remarks)))


def storages(top: Any) -> Iterator[Storage]:
    """Every storage that is named anywhere, in whatever part of the file."""
    seen: set[int] = set()
    todo = [top]
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Persistent):
            if isinstance(value.id, tuple) and value.id[:1] == ("storage",):
                yield _storage(value)
        elif isinstance(value, dict):
            todo.extend(value.values())
        elif isinstance(value, (list, tuple)):
            todo.extend(value)
        elif isinstance(value, Call):
            todo += [value.arguments, value.state, value.items]


# ---------------------------------------------------------------------- which part of a file
class _Chosen(NamedTuple):
    """The tensors by name; in which parts of a checkpoint they are, and in which others more are; of which class."""

    values: dict[str, Any]
    places: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    module: str = ""


class _Search:
    """Looks through dicts and modules, each dict once, and no longer than any real file needs."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.effort = 0

    def chosen(self, value: Any, path: tuple[str, ...]) -> _Chosen | None:
        """The first state dict or module: below a name that checkpoints use, else what is here."""
        if id(value) in self.seen or len(path) > DEEPEST_CHECKPOINT:
            return None
        self.seen.add(id(value))
        places = (".".join(path),) if path else ()
        inside = _mapping(value)
        if inside is None:
            values = self.of_module(value) if isinstance(value, Call) else {}
            return _Chosen(values, places, module=shown_name(_plain_name(value.name))) if values else None
        for key in _INSIDE:
            if key in inside and (found := self.chosen(inside[key], (*path, key))):
                others = (one for one in _INSIDE if one != key and _may_hold(inside.get(one)))
                return found._replace(others=found.others or tuple(others))
        values = _tensors(inside)
        return _Chosen(values, places) if values else None

    def joined(self, top: Any) -> _Chosen | None:
        """State dicts and modules under names of a user's own: of one all names, of several each after its own."""
        parts = [
            found
            for key, value in (_mapping(top) or {}).items()
            if isinstance(key, str) and "optim" not in key and (found := self.chosen(value, (key,)))
        ]
        if len(parts) == 1:
            return parts[0]
        values = {f"{part.places[0]}.{name}": value for part in parts for name, value in part.values.items()}
        return _Chosen(values, tuple(part.places[0] for part in parts)) if values else None

    def of_module(self, module: Call) -> dict[str, Any]:
        """The tensors of a module and of those in it by their paths; a module at two paths has both, as in PyTorch."""
        found: dict[str, Any] = {}
        todo = [(module, "", 0)]
        while todo:
            value, prefix, depth = todo.pop()
            tensors, modules = _parts(value.state)
            self.effort += (
                1 + _breadth(value.state) + sum(len(prefix) + len(str(name)) + 1 for name in (*tensors, *modules))
            )
            if depth > DEEPEST_MODULE or self.effort > LONGEST_SEARCH:
                raise NotWeights("it holds modules in modules without an end", "arrays-damaged")
            found |= {prefix + name: tensor for name, tensor in tensors.items()}
            todo += [(child, f"{prefix}{name}.", depth + 1) for name, child in reversed(modules.items())]
        return found


def _nothing(top: Any) -> str:
    if _is_tensor(top):
        return "holds one array, which has no name"
    if isinstance(top, Call):
        return f"holds no arrays with names: it is one call of {shown_name(_plain_name(top.name))}, which was not made"
    if isinstance(top, (list, tuple)):
        return "holds a list, and no arrays with names"
    if any(isinstance(value, Call) and value.name.endswith(_NUMPY) for value in (_mapping(top) or {}).values()):
        return "holds arrays of NumPy in a pickle, which are not read (numpy.savez writes some that are)"
    return "holds no arrays with names"


def _mapping(value: Any) -> dict[Any, Any] | None:
    """A dict, or an object of a class of dicts; None for anything else, a module among them."""
    if isinstance(value, Call) and value.items and not (isinstance(value.state, dict) and "_modules" in value.state):
        return value.items
    return value if isinstance(value, dict) else None


def _tensors(mapping: dict[Any, Any]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if isinstance(key, str) and _is_tensor(value)}


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Call) and (
        value.name in (*_TENSORS, *_PARAMETERS, _SUBCLASS, _OF_A_NEW_TYPE) or value.name in _OTHER_TENSORS
    )


def _may_hold(value: Any) -> bool:
    return bool(_tensors(value)) if isinstance(value, dict) else isinstance(value, Call) and value.state is not None


def _breadth(state: Any) -> int:
    """How much there is to look at in a module, whatever of it is used."""
    if not isinstance(state, dict):
        return 0
    groups = (state.get(key) for key in ("_parameters", "_buffers", "_modules"))
    kept_out = _kept_out(state.get("_non_persistent_buffers_set"))
    return len(state) + len(kept_out) + sum(len(group) for group in groups if isinstance(group, dict))


def _parts(state: Any) -> tuple[dict[str, Any], dict[str, Call]]:
    """The tensors that a module holds itself, and the modules in it; a TorchScript module has both as attributes."""
    if not isinstance(state, dict):
        return {}, {}
    groups = [state[key] for key in ("_parameters", "_buffers") if isinstance(state.get(key), dict)]
    modules = state.get("_modules") if groups else state
    tensors = {name: value for group in groups or [state] for name, value in _tensors(group).items()}
    for name in _kept_out(state.get("_non_persistent_buffers_set")):
        tensors.pop(name, None)
    called = modules.items() if isinstance(modules, dict) else ()
    return tensors, {name: one for name, one in called if isinstance(one, Call) and name not in tensors}


def _kept_out(names: Any) -> list[str]:
    """Buffers that a state dict leaves out: a set, which older pickles make by a call with a list."""
    if isinstance(names, Call):
        names = names.arguments[0] if isinstance(names.arguments, tuple) and names.arguments else []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _plain_name(name: str) -> str:
    """A class without what TorchScript puts into its name: `__torch__.net.___torch_mangle_3.Net` is net.Net."""
    return re.sub(r"(^__torch__\.)|(___torch_mangle_\d+\.)", "", name)


def _unwrapped(views: dict[str, View]) -> tuple[dict[str, View], str]:
    """The names without what wrappers put before each of them, and what that was."""
    dropped = ""
    while wrapper := next((one for one in _WRAPPERS if all(name.startswith(one) for name in views)), ""):
        views = {name.removeprefix(wrapper): view for name, view in views.items()}
        dropped += wrapper
    return views, dropped


# ---------------------------------------------------------------------- one array
def _view(value: Any, name: str) -> View:
    tensor = _bare(value)
    arguments = tensor.arguments
    if tensor.name == _OF_A_NEW_TYPE:
        kinds = [part.text for part in arguments if isinstance(part, Name)] if isinstance(arguments, tuple) else []
        raise _other(name, f"{shown_name(next(iter(kinds), 'other')).removeprefix('torch.')} numbers")
    if tensor.name in _OTHER_TENSORS:
        raise _other(name, _OTHER_TENSORS[tensor.name])
    if tensor.name not in _TENSORS or not isinstance(arguments, tuple) or len(arguments) < 4:
        raise _strange(name)
    storage = _storage(arguments[0], name)
    if storage.kind in _NOT_READ:
        raise _other(name, storage.kind)
    offset, shape, steps = arguments[1], _sizes(arguments[2]), _sizes(arguments[3])
    if type(offset) is not int or offset < 0 or shape is None or steps is None or len(shape) != len(steps):
        raise _strange(name)
    if prod(shape) > LARGEST_SIZE:
        raise _strange(name)
    return View(storage, storage.first + offset, shape, steps)


def _bare(value: Any) -> Call:
    """The tensor in a parameter, or in an object of a subclass."""
    for _ in range(DEEPEST_CHECKPOINT):
        arguments = value.arguments if isinstance(value, Call) and isinstance(value.arguments, tuple) else ()
        if arguments and value.name in _PARAMETERS:
            value = arguments[0]
        elif len(arguments) == 4 and value.name == _SUBCLASS and isinstance(arguments[0], Name):
            value = Call(arguments[0].text, arguments[2])
    return value if isinstance(value, Call) else Call("", ())


def _sizes(value: Any) -> tuple[int, ...] | None:
    if isinstance(value, Call) and value.name == "torch.Size" and isinstance(value.arguments, tuple):
        value = value.arguments[0] if len(value.arguments) == 1 else None
    if not isinstance(value, tuple) or len(value) > 64:
        return None
    return value if all(type(size) is int and 0 <= size <= LARGEST_SIZE for size in value) else None


def _storage(value: Any, name: str = "") -> Storage:
    match value.id if isinstance(value, Persistent) else None:
        case ("storage", Name(text), str(key), _, int(count), *rest) if 0 <= count <= LARGEST_SIZE:
            last = text.rpartition(".")[2]
            if last not in _STORAGES:
                raise _other(name or key, f"numbers of an unknown type, {shown_name(text)}")
            first = rest[0][1] if rest and isinstance(rest[0], tuple) and len(rest[0]) == 3 else 0
            if type(first) is int and 0 <= first <= count:
                return Storage(key, *_STORAGES[last], count, first)
    raise _strange(name)


def _strange(name: str) -> NotWeights:
    what = f"`{shown_name(name)}`" if name else "an array"
    return NotWeights(f"it describes {what} as no array can be", "arrays-damaged")


def _other(name: str, what: str) -> NotWeights:
    return NotWeights(f"holds {what} in `{shown_name(name)}`", "arrays-not-numbers")


def _listed(names: tuple[str, ...]) -> str:
    shown = [f"`{shown_name(name)}`" for name in names[:MOST_LISTED]]
    return " and ".join(shown) + (f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else "")
