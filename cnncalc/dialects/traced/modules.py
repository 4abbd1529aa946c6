"""Modules that hold others: what containers contain, paths as in a state_dict, and what is never called.

Contents are plain data that both frameworks use.  A module's first path is its path; a module in itself is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from cnncalc.dialects.traced.tensor_methods import TensorMethods
from cnncalc.dialects.traced.trace import Module, Operation, Tensor, Trace
from cnncalc.geometry import Order
from cnncalc.graph.ir import Count
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Package, Reading, Unknown

STEPS_OF_A_PART = 10
"""What naming a part of a module costs in time, as steps."""

DEEPEST = 100
"""Modules in modules in modules."""


class Framework(Package, TensorMethods, Protocol):
    """What reading a model needs to know of PyTorch or of Keras."""

    count: Count
    order: Order
    trace: Trace

    def is_model(self, value: Any) -> bool:
        """Whether the value is a model, or a layer that could be one by itself."""

    def numbers(self, module: Module) -> tuple[int, int]:
        """How many numbers the module's own layer learns and keeps (running statistics), known from its arguments.

        Its parts and the parameters in `Module.parameters` are not counted.
        """

    def outputs(self, model: Module, here: Reading) -> Any:
        """What a model gives that was put together by calls on symbolic inputs; None where it is yet to be called."""

    def stated_input(self, model: Module) -> tuple[int, ...] | None:
        """The sizes of one input as the framework shows them, images left out, where the model itself states them."""


def framework_of(module: Module) -> Framework:
    """Whose module it is."""
    assert module.package is not None
    found: Any = module.package
    return found  # type: ignore[no-any-return]  # the packages of this floor are all frameworks


# ---------------------------------------------------------------------- contents
def put_in(container: Module, entries: Sequence[Any], here: Reading) -> None:
    """Add parts behind the others, named by their place: `0`, `1`, ..."""
    here.charge(len(entries))
    for entry in entries:
        put_at(container, str(len(container.parts)), entry, here)


def put_at(container: Module, name: str, entry: Any, here: Reading) -> None:
    """Add one part, or a parameter, under a name; raises PythonFault for what is neither."""
    here.charge(STEPS_OF_A_PART)
    if isinstance(entry, Tensor) and entry.constant is not None and entry.constant.is_parameter:
        container.parameters[name] = entry
        return
    if isinstance(entry, Unknown):
        raise entry.needed(f"part {name} of {container.word}", here.span)
    if not isinstance(entry, Module) and entry is not None:
        message = f"part {name} of {container.word} is no layer that is read here"
        raise PythonFault("not-read-here", message, here.span)
    container.parts[name] = entry


def put_before(container: Module, index: int, entry: Any, here: Reading) -> None:
    """Insert a part; those behind it are named anew."""
    entries = list(container.parts.values())
    entries.insert(index, entry)
    renamed(container, entries, here)


def renamed(container: Module, entries: Sequence[Any], here: Reading) -> None:
    """Let the container hold these parts, named by their place."""
    container.parts.clear()
    put_in(container, entries, here)


def part_at(container: Module, key: Any, here: Reading) -> Any:
    """A part by its place or its name; a slice gives a list of parts."""
    if isinstance(key, Unknown):
        raise key.needed(f"which part of {container.word} this is", here.span)
    entries = list(container.parts.values())
    if isinstance(key, slice):
        return entries[key]
    return container.parts[_name_at(container, key, here)]


def set_part(container: Module, key: Any, entry: Any, here: Reading) -> None:
    """Put another part into a place; a new name is added."""
    name = key if isinstance(key, str) else _name_at(container, key, here)
    put_at(container, name, entry, here)


def delete_part(container: Module, key: Any, here: Reading) -> None:
    """Take out a part, or a slice of them; those behind are named anew where the place names them."""
    names = list(container.parts)
    gone = names[key] if isinstance(key, slice) else [_name_at(container, key, here)]
    for name in gone:
        del container.parts[name]
    if names == [str(place) for place in range(len(names))]:
        renamed(container, list(container.parts.values()), here)


def _name_at(container: Module, key: Any, here: Reading) -> str:
    names = list(container.parts)
    if isinstance(key, str) and key in container.parts:
        return key
    if type(key) is int and -len(names) <= key < len(names):
        return names[key]
    message = f"{container.word} has no part {key!r}; it has {len(names)}"
    raise PythonFault("python-error", message, here.span, help=f"its parts: {', '.join(names[:8])}" if names else "")


# ---------------------------------------------------------------------- paths
class Found(NamedTuple):
    """A module or a parameter of a model at its first path."""

    path: str
    holder: Module | Tensor


def everything(model: Module) -> tuple[Found, ...]:
    """The model, its modules and their parameters in the order of a state_dict, each once, at its first path.

    Raises PythonFault for a module that is in itself.
    """
    return tuple(_below(model, []))


def second_paths(model: Module) -> tuple[str, ...]:
    """The further paths of modules and parameters that are held more than once; a state_dict has them as well."""
    again: list[str] = []
    for _ in _below(model, again):
        pass
    return tuple(again)


def _below(model: Module, again: list[str]) -> Iterator[Found]:
    """What the model holds at first paths; `again` gets the others."""
    seen: set[int] = set()
    around: list[int] = []
    waiting: list[tuple[str, Module, int]] = [("", model, 0)]
    while waiting:
        path, module, depth = waiting.pop()
        del around[depth:]
        if id(module) in around:
            name = path.rpartition(".")[2]
            message = f"`{name}` of {module.word} is the module itself, or one that holds it"
            raise PythonFault("module-in-itself", message, module.made)
        if depth > DEEPEST:
            raise PythonFault("python-bound", f"modules are nested more than {DEEPEST} deep", module.made)
        around.append(id(module))
        if id(module) in seen:
            again.append(path)
            continue
        seen.add(id(module))
        yield Found(path, module)
        yield from _parameters(path, module, seen, again)
        inner = [(_joined(path, name), part, depth + 1) for name, part in module.parts.items()]
        waiting += [one for one in reversed(inner) if isinstance(one[1], Module)]


def _parameters(path: str, module: Module, seen: set[int], again: list[str]) -> Iterator[Found]:
    for name, tensor in module.parameters.items():
        if id(tensor.constant) in seen:
            again.append(_joined(path, name))
        else:
            seen.add(id(tensor.constant))
            yield Found(_joined(path, name), tensor)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else str(name)


def set_paths(model: Module) -> dict[int, str]:
    """Write each module's path into it; the paths of parameters by the identity of their constants."""
    paths: dict[int, str] = {}
    for path, holder in everything(model):
        if isinstance(holder, Module):
            holder.path = path
        else:
            paths[id(holder.constant)] = path
    return paths


def arrays_of(module: Module) -> Iterator[tuple[str, Tensor]]:
    """The parameters of a module, and the arrays of the layer that it is as far as the program has seen them."""
    for name, one in (*module.parameters.items(), *module.names.items()):
        if isinstance(one, Tensor) and one.constant is not None and one.constant.is_parameter:
            yield name, one


def frozen_parameters(model: Module) -> frozenset[int]:
    """The parameters in a model that training leaves as they are, by the identity of their constants."""
    held = (one.holder for one in everything(model))
    return frozenset(id(one.constant) for one in held if isinstance(one, Tensor) and not one.is_learned)


def uncalled(model: Module, operations: Sequence[Operation]) -> tuple[tuple[str, int, int, int], ...]:
    """What the model holds and no operation uses: path, params, buffers, and how many of the params are frozen."""
    owners = [operation.owner for operation in operations if operation.owner is not None]
    whole = [one for one in owners if isinstance(one, Module) and one.is_read_whole]
    used = {id(one) for one in (*owners, *(array.constant for one in whole for array in one.parameters.values()))}
    found: list[tuple[str, int, int, int]] = []
    for path, holder in everything(model):
        if isinstance(holder, Tensor):
            count = _count(holder) if id(holder.constant) not in used else 0
            params, buffers, frozen = count, 0, 0 if holder.is_learned else count
        else:
            params, buffers = framework_of(holder).numbers(holder) if id(holder) not in used else (0, 0)
            own = [one for name, one in arrays_of(holder) if name not in holder.parameters and not one.is_learned]
            frozen = params if holder.frozen or model.frozen else min(params, sum(map(_count, own)))
        if params or buffers:
            found.append((path, params, buffers, frozen))
    return tuple(found)


def _count(tensor: Tensor) -> int:
    count = 1
    for size in tensor.dims:
        count *= size
    return count
