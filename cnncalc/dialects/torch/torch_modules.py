"""`nn.Module` and its containers: what a module holds by name, and what calling it does.

What a layer does to a tensor is in `layer_calls`, the methods of modules in `module_methods`; the class of the program
that a module belongs to is followed by `cnncalc.python.objects`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.torch import own_modules
from cnncalc.dialects.torch.layer_calls import LayerCall
from cnncalc.dialects.torch.names import CONTAINERS
from cnncalc.dialects.torch.own_weights import SIGNATURES, Own, attribute_of, own_weights
from cnncalc.dialects.traced.modules import delete_part, part_at, put_at, set_part
from cnncalc.dialects.traced.table_faults import faults_of_the_table
from cnncalc.dialects.traced.trace import Constant, Module, Tensor
from cnncalc.graph.pasted.arguments import Bound
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.graph.pasted.torch_calls import LAYERS
from cnncalc.python.functions import Known
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.values import Arguments, Given, Library, Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.torch.package import TorchPackage

_NOTHING = object()


@dataclass(eq=False)
class TorchModule(Module):
    """A module of PyTorch; `buffers` are its tensors that are registered and not learned."""

    framework: TorchPackage = field(kw_only=True)
    buffers: dict[str, Any] = field(default_factory=dict)
    is_begun: bool = False
    """Whether `nn.Module.__init__` has been called: before that it holds no modules and no parameters."""

    @property
    def is_layer(self) -> bool:
        """Whether its class is one of `torch.nn` with arguments, not a container or a bare module."""
        return self.kind in LAYERS or self.kind in SIGNATURES

    @property
    def is_container(self) -> bool:
        """Whether it holds modules or parameters by place or by name."""
        return self.kind in CONTAINERS

    @property
    def held(self) -> dict[str, Any]:
        """What a container holds."""
        return self.parameters if self.kind.startswith("Parameter") else self.parts

    def bound(self) -> Bound:
        """Its arguments under the names of PyTorch's signature; a new record each time."""
        row = LAYERS.get(self.kind)
        signature, word = (row.signature, row.word) if row else (SIGNATURES[self.kind], "")
        assert self.made is not None
        return Bound(PythonCall(self.kind, (), dict(self.given), self.made), signature, word)

    def own_weights(self) -> tuple[Own, ...]:
        """The arrays that it has as a layer; none for a container or a bare module."""
        return own_weights(self.kind, self.bound()) if self.is_layer else ()

    # ------------------------------------------------------------------ names
    def attribute(self, name: str, here: Reading) -> Any:
        for names in (self.parts, self.parameters, self.buffers, self.names):
            if name in names:
                return names[name]
        found = self._of_layer(name, here) if self.is_layer else _NOTHING
        if found is not _NOTHING:
            return found
        kept = {"_modules": self.parts, "_parameters": self.parameters, "_buffers": self.buffers, "training": False}
        if name in kept:
            return kept[name]
        if self.cls is not None:
            return super().attribute(name, here)
        if name == "__class__":
            return self.type(here)
        method = self.framework.method(self, self.library, name)
        if method is None:
            advice = did_you_mean(name, self.known_names())
            raise Raised("AttributeError", f"{self.kind} has no `{name}`", here.span, help=advice)
        return method

    def known_names(self) -> list[str]:
        return [*super().known_names(), *self.parts, *self.parameters, *self.buffers, *self.framework.methods_of(self)]

    def _of_layer(self, name: str, here: Reading) -> Any:
        """An argument of a layer, or one of its arrays."""
        with faults_of_the_table():
            bound = self.bound()
            if name in bound.declared and name != "bias":
                given = bound.given.get(name)
                return (
                    given.value if given and isinstance(given.value, Unknown) else attribute_of(self.kind, bound, name)
                )
            if name == "out_proj" and self.kind == "MultiheadAttention":
                return Unknown("the weights of `out_proj` are those of its attention", here.span)
            if name not in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
                return _NOTHING
            own = next((one for one in self.own_weights() if one.name == name), None)
        if own is None:
            return None
        if not own.learned:
            return Unknown(f"`{name}` is found while training", here.span)
        return self.array(own, here)

    def array(self, own: Own, here: Reading) -> Tensor:
        """One of its arrays as a parameter of the program, the same each time."""
        known = self.names.get(own.name)
        if isinstance(known, Tensor) and known.dims == own.shape:
            return known
        made = self.framework.trace.constant(own.shape, Constant(own.name, is_parameter=True), here)
        made.is_learned = known.is_learned if isinstance(known, Tensor) else True
        self.names[own.name] = made
        return made

    def learned_arrays(self, here: Reading) -> list[tuple[str, Tensor]]:
        """Its own parameters by name, and its arrays that training may change; not those of its parts."""
        with faults_of_the_table():
            own = [one for one in self.own_weights() if one.learned]
        here.charge(len(own) + len(self.parameters))
        return [*self.parameters.items(), *((one.name, self.array(one, here)) for one in own)]

    def set_attribute(self, name: str, value: Any, here: Reading) -> None:
        if self.is_layer and name in self.bound().declared and name != "bias":
            self.given[name] = Given(value, here.span)
            return
        if self._put_in_own_place(name, value, here):
            return
        if name in self.buffers and not isinstance(value, Module):
            self.buffers[name] = value
            return
        for names in (self.parts, self.parameters, self.buffers, self.names):
            names.pop(name, None)
        is_parameter = isinstance(value, Tensor) and value.constant is not None and value.constant.is_parameter
        if self.cls is not None and not self.is_begun and (is_parameter or isinstance(value, Module)):
            message = f"`{name}` is set before `super().__init__()` is called"
            advice = "write super().__init__() as the first line of __init__"
            raise Raised("AttributeError", message, here.span, help=advice)
        if isinstance(value, Module):
            self.parts[name] = value
        elif isinstance(value, Tensor) and is_parameter:
            self.parameters[name] = value
        else:
            super().set_attribute(name, value, here)

    def _put_in_own_place(self, name: str, value: Any, here: Reading) -> bool:
        """Whether one of the layer's own arrays is set: to another parameter of its size, or a bias to None.

        Raises PythonFault for a parameter of another size, with which the layer would be another layer.
        """
        with faults_of_the_table():
            own = next((one for one in self.own_weights() if one.name == name and one.learned), None)
        if own is None or self.is_container:
            return False
        if value is None and name == "bias" and "bias" in self.bound().declared:
            self.names.pop(name, None)
            self.given[name] = Given(value=False, span=here.span)
            return True
        if not isinstance(value, Tensor) or value.constant is None or not value.constant.is_parameter:
            return False
        if value.dims != own.shape:
            message = f"`{name}` of this {self.kind} is {'x'.join(map(str, own.shape))}, and {value.text} is set here"
            advice = f"make a new layer with the new sizes, `nn.{self.kind}(...)`"
            raise PythonFault("not-read-here", message, here.span, help=advice)
        self.names[name] = value
        return True

    def type(self, here: Reading) -> Any:
        return self.cls or Library(self.library, self.framework)

    # ------------------------------------------------------------------ contents
    def _is_followed(self, special: str) -> bool:
        """Whether the container itself answers, not a method of the program's class."""
        return self.is_container and not (self.cls and self.cls.find(special))

    def item(self, key: Any, here: Reading) -> Any:
        if not self._is_followed("__getitem__"):
            return super().item(key, here)
        if self.held is self.parameters:
            return self._parameter_at(key, here)
        found = part_at(self, key, here)
        if not isinstance(found, list):
            return found
        made = self.framework.module(self.library, here.span)
        for index, one in enumerate(found):
            put_at(made, str(index), one, here)
        return made

    def _parameter_at(self, key: Any, here: Reading) -> Any:
        names = list(self.parameters)
        name = names[key] if type(key) is int and -len(names) <= key < len(names) else key
        if name not in self.parameters:
            raise Raised("KeyError", f"{self.word} has no parameter {key!r}", here.span)
        return self.parameters[name]

    def set_item(self, key: Any, value: Any, here: Reading) -> None:
        if self._is_followed("__setitem__"):
            set_part(self, key, value, here)
        else:
            super().set_item(key, value, here)

    def delete_item(self, key: Any, here: Reading) -> None:
        if self._is_followed("__delitem__"):
            delete_part(self, key, here)
        else:
            super().delete_item(key, here)

    def entries(self, here: Reading) -> list[Any]:
        if not self._is_followed("__iter__"):
            return super().entries(here)
        here.charge(len(self.held))
        return list(self.held) if self.kind.endswith("Dict") else list(self.held.values())

    def contains(self, key: Any, here: Reading) -> bool:
        is_named = self._is_followed("__contains__") and self.kind.endswith("Dict")
        return key in self.held if is_named else super().contains(key, here)

    def length(self, here: Reading) -> int:
        return len(self.held) if self._is_followed("__len__") else super().length(here)

    def fill(self, arguments: Arguments, here: Reading) -> None:
        """The contents with which a container is made."""
        values = [*arguments.values, *(given.value for given in arguments.keywords.values())]
        if self.kind == "DataParallel":
            put_at(self, "module", values[0] if values else None, here)
            return
        if self.kind == "Sequential" and not (len(values) == 1 and isinstance(values[0], dict)):
            pairs = list(enumerate(values))
        else:
            pairs = self.pairs(values[0] if values else None, here)
        here.charge(len(pairs))
        for name, value in pairs:
            put_at(self, str(name), value, here)

    def pairs(self, given: Any, here: Reading) -> list[tuple[Any, Any]]:
        """What is given to a container, by name or by place."""
        if given is None:
            return []
        if isinstance(given, dict):
            return list(given.items())
        if isinstance(given, Unknown):
            raise given.needed(f"what {self.word} holds", here.span)
        found = here.entries(given)
        if not self.kind.endswith("Dict"):
            return list(enumerate(found))
        if isinstance(given, TorchModule):
            return list(given.held.items())
        return [(one[0], one[1]) for one in map(here.entries, found)]

    # ------------------------------------------------------------------ being called
    def call(self, arguments: Arguments, here: Reading) -> Any:
        """What `forward` does; the modules being called are kept, for places and groups."""
        if self.cls is not None and self.cls.find("__call__"):
            return super().call(arguments, here)
        if self.cls is None and not self.is_container:
            return self.forward(arguments, here)
        make = own_modules.read_as(self.cls)
        if make is not None:
            return own_modules.called(self, make, arguments, here)
        with self.framework.trace.entering(self, here):
            return here.call_with(self.attribute("forward", here), arguments)

    def forward(self, arguments: Arguments, here: Reading) -> Any:
        """What the library's own `forward` does."""
        if self.kind == "Sequential":
            value = next((given.value for given in (*arguments.positional, *arguments.keywords.values())), None)
            for part in self.parts.values():
                value = here.call(part, value)
            return value
        if self.kind == "DataParallel":
            return here.call_with(self.parts["module"], arguments)
        if self.kind in LAYERS:
            return self._met(arguments, here)
        if not self.is_layer:
            raise Raised("TypeError", f"{self.word} has no `forward`, so it cannot be called", here.span)
        return self.framework.called_layer(self, arguments, here)

    def _met(self, arguments: Arguments, here: Reading) -> Any:
        given = next((one.value for one in (*arguments.positional, *arguments.keywords.values())), None)
        if isinstance(given, Unknown):
            return given
        if not isinstance(given, Tensor):
            raise PythonFault("python-error", f"{self.word} works on a tensor", here.span)
        with faults_of_the_table():
            return LayerCall(self.kind, LAYERS[self.kind], self.bound(), here, self).result(given)

    # ------------------------------------------------------------------ walks
    def walk(self, here: Reading) -> Iterator[tuple[str, TorchModule]]:
        """This module and all below it, each once, with its path."""
        seen: set[int] = set()
        waiting: list[tuple[str, Any]] = [("", self)]
        while waiting:
            path, module = waiting.pop()
            if id(module) in seen or not isinstance(module, TorchModule):
                continue
            seen.add(id(module))
            here.charge(1)
            yield path, module
            parts = list(module.parts.items())
            waiting += [(f"{path}.{name}" if path else name, one) for name, one in reversed(parts)]


def method_of(module: TorchModule, name: str) -> Known | None:
    """`forward` of a library's class that can be called."""
    can = module.is_layer or module.kind in ("Sequential", "DataParallel")
    return Known(name, module.forward) if can and name in ("forward", "__call__") else None
