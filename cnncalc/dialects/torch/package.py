"""What PyTorch's names mean in a program: modules, functions, tensors' methods, and what is no part of a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.dialects.torch.attention_calls import ATTENTION, CALLED_WITH, multi_head
from cnncalc.dialects.torch.constant_functions import CONSTANT_FUNCTIONS
from cnncalc.dialects.torch.creation import CREATION
from cnncalc.dialects.torch.function_calls import Function, FunctionCall, row_call
from cnncalc.dialects.torch.layer_calls import CHECKED_WHEN_MADE
from cnncalc.dialects.torch.module_methods import METHODS, OF_CONTAINERS, WITHOUT_EFFECT, MethodCall
from cnncalc.dialects.torch.moved_parts import MOVED_PARTS, embedded
from cnncalc.dialects.torch.names import CLASSES, NO_PART, canonical
from cnncalc.dialects.torch.networks import refuse_from_elsewhere
from cnncalc.dialects.torch.own_weights import SIGNATURES, TRANSFORMERS
from cnncalc.dialects.torch.program_functions import PROGRAM_FUNCTIONS
from cnncalc.dialects.torch.rewritten_weights import refuse_rewritten_weights
from cnncalc.dialects.torch.tensor_functions import TENSOR_FUNCTIONS
from cnncalc.dialects.torch.torch_modules import TorchModule, method_of
from cnncalc.dialects.torch.transformer_layers import fill_transformer, transformed
from cnncalc.dialects.torch.weighted_functions import WEIGHTED
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.table_faults import faults_of_the_table
from cnncalc.dialects.traced.tensor_slices import part
from cnncalc.dialects.traced.trace import Module, Tensor, Trace
from cnncalc.dialects.traced.views import current
from cnncalc.geometry import Order
from cnncalc.graph.ir import Count
from cnncalc.graph.pasted import layers_of
from cnncalc.graph.pasted.arguments import Bound, parameters
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.graph.pasted.torch_calls import LAYERS
from cnncalc.graph.pasted.torch_functions import FUNCTIONS
from cnncalc.python.functions import Known
from cnncalc.python.objects import Class, Instance
from cnncalc.python.program_error import PythonFault, Raised
from cnncalc.python.values import STEPS_OF_A_LIBRARY_CALL, Arguments, Given, Library, Reading, Unknown

_NUMBERS = {"torch.pi": math.pi, "torch.inf": math.inf, "torch.e": math.e, "torch.__version__": "2.13.0"}
_FALSE = frozenset(
    (
        *("torch.cuda.is_available", "torch.jit.is_scripting", "torch.jit.is_tracing", "torch.is_grad_enabled"),
        *("torch.backends.mps.is_available", "torch.onnx.is_in_onnx_export", "torch.is_autocast_enabled"),
    )
)
_TENSOR_FACTS = frozenset(("device", "dtype", "grad", "requires_grad", "layout", "grad_fn", "is_leaf"))
_ASKING_SIZES = frozenset(
    (
        *("size", "dim", "ndimension", "numel", "nelement", "is_tensor", "is_floating_point", "is_contiguous"),
        *("new_zeros", "new_ones", "new_empty", "zeros_like", "ones_like", "empty_like", "rand_like", "randn_like"),
    )
)
"""Functions that read no numbers of a tensor."""
_SHORT = {"torch.nn.functional": "F", "torch.Tensor": ""}
"""How the name of a called function begins."""
_AS_FUNCTIONS = {"Unflatten": "unflatten", "GLU": "glu"}
_TABLES: tuple[Mapping[str, Function], ...] = (
    *(TENSOR_FUNCTIONS, CREATION, WEIGHTED, ATTENTION, MOVED_PARTS, CONSTANT_FUNCTIONS, PROGRAM_FUNCTIONS),
)


class TorchPackage:
    """PyTorch, torchvision and what is around them."""

    roots = frozenset(("torch", "torchvision", "timm", "pytorch_lightning", "lightning"))
    usual: Mapping[str, str] = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional"}
    is_written_in_place = True
    channels_stand_last = False
    count: Count = "torch"
    order: Order = "channels_first"

    def __init__(self, trace: Trace | None = None) -> None:
        self.trace = trace or Trace(self)

    # ------------------------------------------------------------------ names
    def has(self, name: str) -> bool:
        """Whether `from library import *` brings the last part of this dotted name."""
        name = canonical(name)
        owner, _, last = name.rpartition(".")
        known = last in FUNCTIONS or any(last in table for table in _TABLES)
        return self._kind(name) != "" or (known and owner in ("torch", "torch.nn.functional")) or name in _NUMBERS

    def member(self, name: str, here: Reading) -> Any:
        """What a dotted name stands for: a number, a library's name, or Unknown."""
        name = canonical(name)
        return _NUMBERS[name] if name in _NUMBERS else Library(name, self)

    @staticmethod
    def _kind(name: str) -> str:
        """The class of `torch.nn` that a canonical name is; empty for others."""
        library, _, kind = name.rpartition(".")
        return kind if library == "torch.nn" and kind in CLASSES else ""

    def call(self, name: str, arguments: Arguments, here: Reading) -> Any:
        """The function or class of that name, called."""
        if self._kind(name):
            _refuse_images(self._kind(name), arguments, here)
            made = self.module(name, here.span)
            self.begin(made, name, arguments, here)
            return made
        if name in _FALSE:
            return False
        last = name.rpartition(".")[2]
        owner = name.rpartition(".")[0]
        if owner in ("torch", "torch.nn.functional", "torch.nn", "torch.Tensor", "torch.utils.checkpoint", "torch.jit"):
            with self.trace.calling(f"{_SHORT.get(owner, owner)}.{last}"):
                found = self.function(last, arguments, here)
            if found is not _NOT_KNOWN:
                return found
        refuse_from_elsewhere(name, here.span)
        refuse_rewritten_weights(name, here.span)
        return self._other(name, arguments, here)

    def _other(self, name: str, arguments: Arguments, here: Reading) -> Any:
        """What is no part of a model, or what is not read."""
        is_given_images = any(isinstance(one, Tensor) and not one.is_constant for one in arguments.values)
        if NO_PART.fullmatch(name) or not is_given_images:
            return Unknown(f"`{name}` is no part of the model", here.span)
        raise PythonFault("not-read-here", f"`{name}` is not read here", here.span)

    def function(self, name: str, arguments: Arguments, here: Reading) -> Any:
        """A function by the last part of its name; `_NOT_KNOWN` where there is none."""
        if name not in _ASKING_SIZES:
            _read_now(arguments, here)
        if name in FUNCTIONS and name not in TENSOR_FUNCTIONS:
            return row_call(name, arguments, here)
        for table in _TABLES:
            if name in table:
                return self._computed(table[name], FunctionCall(name, table[name].signature, arguments, here, self))
        plain = name.removesuffix("_")
        if plain == name or name.startswith("_"):
            return _NOT_KNOWN
        made = self.function(plain, arguments, here)
        tensor = arguments.values[0] if arguments.values else None
        if not isinstance(made, Tensor) or not isinstance(tensor, Tensor):
            return made
        if made.storage is tensor.storage:
            tensor.region, tensor.in_order = made.region, made.in_order
            return tensor.becomes(made)
        return tensor.overwritten(made)

    @staticmethod
    def _computed(function: Function, call: FunctionCall) -> Any:
        """What is not known stays so."""
        call.here.charge(STEPS_OF_A_LIBRARY_CALL)
        first = next(iter(call.bound.declared), "")
        given = call.bound.given.get(first)
        if given is not None and isinstance(given.value, Unknown):
            return given.value
        return function.compute(call)

    # ------------------------------------------------------------------ modules
    def module(self, library: str, span: Span, cls: Class | None = None) -> TorchModule:
        """A new module of a class of the library, and of one of the program."""
        return TorchModule(cls, made=span, library=library, package=self, framework=self)

    def instance(self, cls: Class, base: str, span: Span) -> Instance | Unknown:
        """An empty object of a class of the program; Unknown for data sets, optimizers and the like."""
        base = canonical(base)
        if self._kind(base):
            return self.module(base, span, cls)
        node = cls.node
        written = Span(node.lineno, node.col_offset + 1, len(f"class {cls.name}")) if node is not None else span
        refuse_from_elsewhere(base, written)
        return Unknown(f"{cls.name} is a `{base}`, which is no part of a model that is read here", span)

    def begin(self, this: Instance, base: str, arguments: Arguments, here: Reading) -> None:
        """Fill a container, or bind and check the arguments of a layer."""
        kind = self._kind(canonical(base))
        if not isinstance(this, TorchModule):
            return
        this.is_begun = True
        if this.is_container:
            this.fill(arguments, here)
        elif kind in LAYERS or kind in SIGNATURES:
            self._bind(this, kind, arguments)
            if kind in TRANSFORMERS:
                fill_transformer(this, here)

    @staticmethod
    def _bind(this: TorchModule, kind: str, arguments: Arguments) -> None:
        """The arguments of a layer; those of most layers are checked at once, where they stand."""
        row = LAYERS.get(kind)
        signature, word = (row.signature, row.word) if row else (SIGNATURES[kind], "")
        if kind == "Identity":
            arguments = arguments._replace(positional=(), keywords={})
        with faults_of_the_table():
            call = PythonCall(kind, arguments.positional, arguments.keywords, arguments.span)
            bound = Bound(call, signature, word)
            this.given = bound.given
            is_known = not any(isinstance(one.value, Unknown) for one in bound.given.values())
            if (
                row is not None
                and is_known
                and kind.rstrip("d").rstrip("123").removeprefix("Lazy") in CHECKED_WHEN_MADE
            ):
                row.say(bound)
                layers_of(bound.words)

    def method(self, this: Any, base: str, name: str) -> Any:
        """A method of the library's class; None where it has none of that name."""
        if not isinstance(this, TorchModule):
            return None
        if (found := method_of(this, name)) is not None:
            return found
        if name in WITHOUT_EFFECT:
            return Unknown(f"`{name}` of a module is no part of the model")
        compute = METHODS.get(name)
        if compute is None or (name in OF_CONTAINERS and not this.is_container):
            return None
        return Known(name, lambda arguments, here: compute(MethodCall(this, arguments, here)))

    @staticmethod
    def methods_of(this: TorchModule) -> list[str]:
        """The names of the methods that a module of PyTorch has."""
        return [name for name in METHODS if this.is_container or name not in OF_CONTAINERS]

    def is_a(self, value: Any, name: str) -> bool:
        """`isinstance(value, nn.Conv2d)`."""
        name = canonical(name)
        if isinstance(value, Tensor):
            is_parameter = value.constant is not None and value.constant.is_parameter
            return name in ("torch.Tensor", "torch.autograd.Variable") or (
                name == "torch.nn.Parameter" and is_parameter
            )
        return isinstance(value, Module) and self.is_below(value.library, name)

    def is_below(self, name: str, other: str) -> bool:
        """`issubclass(nn.Conv2d, nn.Module)`."""
        name, other = canonical(name), canonical(other)
        kind, wanted = name.rpartition(".")[2], other.rpartition(".")[2]
        family = {
            "_ConvNd": "Conv",
            "_BatchNorm": "BatchNorm",
            "_InstanceNorm": "InstanceNorm",
            "_NormBase": "BatchNorm",
        }
        if wanted in family:
            return kind.startswith(family[wanted])
        return name == other or (self._kind(name) != "" and other == "torch.nn.Module")

    # ------------------------------------------------------------------ models
    def is_model(self, value: Any) -> bool:
        """Whether the value is a module."""
        return isinstance(value, TorchModule)

    def numbers(self, module: Module) -> tuple[int, int]:
        """How many numbers the module's own layer learns and keeps; the module's registered buffers are kept."""
        assert isinstance(module, TorchModule)
        with faults_of_the_table():
            own = module.own_weights()
        kept = sum(prod(one.dims) for one in module.buffers.values() if isinstance(one, Tensor))
        learned = sum(one.numbers for one in own if one.learned)
        return learned, kept + sum(one.numbers for one in own if not one.learned)

    def outputs(self, model: Module, here: Reading) -> Any:
        """A model of PyTorch is yet to be called."""
        return None

    def stated_input(self, model: Module) -> tuple[int, ...] | None:
        """A model of PyTorch does not say what it takes."""
        return None

    # ------------------------------------------------------------------ tensors
    def attribute(self, tensor: Tensor, name: str, here: Reading) -> Any:
        """A size of a tensor, or a method of it."""
        if name in ("shape", "ndim", "data", "T", "mT"):
            return (
                {"shape": tensor.dims, "ndim": len(tensor.dims), "data": tensor}.get(name)
                if name[-1] != "T"
                else (
                    self.function(
                        "transpose",
                        Arguments(
                            (Given(tensor, here.span), Given(-2, here.span), Given(-1, here.span)), {}, here.span
                        ),
                        here,
                    )
                )
            )
        if name == "is_cuda":
            return False
        if name == "requires_grad" and tensor.constant is not None and tensor.constant.is_parameter:
            return tensor.is_learned
        if name in _TENSOR_FACTS:
            return Unknown(f"`{name}` of a tensor says nothing about a net", here.span)
        return Known(name, lambda arguments, here: self._method(tensor, name, arguments, here))

    def _method(self, tensor: Tensor, name: str, arguments: Arguments, here: Reading) -> Any:
        given = arguments._replace(positional=(Given(tensor, here.span), *arguments.positional))
        with self.trace.calling(f".{name}"):
            found = self.function(name, given, here)
        if found is not _NOT_KNOWN:
            return found
        if tensor.is_constant:
            return self._of_constant(tensor, name)
        raise PythonFault("not-read-here", f"`{name}` of a tensor is not read here", here.span)

    @staticmethod
    def _of_constant(tensor: Tensor, name: str) -> Tensor:
        """A method that sets or changes numbers no image decides: they are not followed."""
        if tensor.constant is None:
            return tensor
        changed = Tensor(tensor.trace, tensor.dims, None, None, constant=tensor.constant._replace(values=None))
        if name.endswith("_") and not tensor.constant.is_parameter:
            return tensor.overwritten(changed)
        return tensor if tensor.constant.is_parameter else changed

    def arithmetic(self, sign: str, left: Any, right: Any, here: Reading) -> Any:
        """Arithmetic of which at least one side is a tensor."""
        left, right = (current(one, here) if isinstance(one, Tensor) else one for one in (left, right))
        with self.trace.calling(sign):
            return combined(sign, left, right, here)

    def item(self, tensor: Tensor, key: Any, here: Reading) -> Any:
        """`tensor[key]`; a number of a constant stays known."""
        constant = current(tensor, here).constant
        values = constant.values if tensor.is_constant and constant is not None else None
        if isinstance(values, tuple) and len(tensor.dims) == 1 and type(key) is int:
            if not -len(values) <= key < len(values):
                raise Raised("IndexError", f"there is no entry {key} among {len(values)}", here.span)
            assert constant is not None
            return Tensor(tensor.trace, (), None, None, constant=constant._replace(values=values[key]))
        return part(tensor, key, here)

    def called_layer(self, module: TorchModule, arguments: Arguments, here: Reading) -> Any:
        """A layer that the table does not have: as the function that it is, or refused."""
        _read_now(arguments, here)
        if module.kind == "MultiheadAttention":
            with faults_of_the_table():
                return multi_head(module, FunctionCall(module.kind, CALLED_WITH, arguments, here, self))
        if module.kind in TRANSFORMERS:
            return transformed(module, arguments, here)
        if module.kind == "Embedding":
            return embedded(module, next(iter(arguments.values), None), here)
        if module.kind not in _AS_FUNCTIONS:
            raise PythonFault("no-such-layer", f"no layer here is PyTorch's {module.kind}", here.span)
        place = module.made or here.span
        given = tuple(Given(module.attribute(name, here), place) for name in parameters(SIGNATURES[module.kind]))
        positional = (*arguments.positional[:1], *given)
        return self.function(_AS_FUNCTIONS[module.kind], arguments._replace(positional=positional), here)


_NOT_KNOWN = object()


def _read_now(arguments: Arguments, here: Reading) -> None:
    """All tensors given, alone or in lists, after what was written in place through their other views."""
    for given in (*arguments.positional, *arguments.keywords.values()):
        for one in given.value if isinstance(given.value, (list, tuple)) else (given.value,):
            if isinstance(one, Tensor):
                current(one, here)


def _refuse_images(kind: str, arguments: Arguments, here: Reading) -> None:
    """A class is given what its layer works on: the layer was never made."""
    if not any(isinstance(one, Tensor) and not one.is_constant for one in arguments.values):
        return
    by_itself = kind.lower() in FUNCTIONS and kind != "Flatten"
    advice = f"make the layer first, as in nn.{kind}{'()' if by_itself else '(...)'}(x)"
    advice += f", or write F.{kind.lower()}(x)" if by_itself else ""
    raise PythonFault("python-error", f"nn.{kind} makes a layer, and is given an image", here.span, help=advice)
