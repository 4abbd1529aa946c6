"""A call of a function of `torch`, `torch.nn.functional` or of a tensor's method, with its arguments under their names.

Signatures stand as one string, the tensor first; `*sizes` takes what is left, as several numbers or one list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dialects.torch.layer_calls import LayerCall
from cnncalc.dialects.traced.table_faults import faults_of_the_table
from cnncalc.dialects.traced.trace import Constant, Module, Tensor, Trace
from cnncalc.graph.pasted.arguments import Bound, Row
from cnncalc.graph.pasted.pasted_call import PythonCall
from cnncalc.graph.pasted.torch_functions import FUNCTIONS
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Arguments, Given, Reading, Unknown

if TYPE_CHECKING:
    from cnncalc.dialects.torch.package import TorchPackage


class FunctionCall:
    """The arguments of one call; `name` is the last part of what is called."""

    def __init__(self, name: str, signature: str, arguments: Arguments, here: Reading, package: TorchPackage) -> None:
        self.name = name
        self.arguments = arguments
        self.here = here
        self.package = package
        self.bound = _bound(name, signature, arguments)

    @property
    def trace(self) -> Trace:
        """Where operations are kept."""
        return self.package.trace

    def value(self, name: str) -> Any:
        """What is given, as it is; else the default."""
        return self.bound.given[name].value if name in self.bound.given else self.bound.declared[name]

    def tensor(self, name: str) -> Tensor:
        """A tensor."""
        value = self.value(name)
        if isinstance(value, Unknown):
            raise value.needed(f"{name} of {self.name}", self.here.span)
        if not isinstance(value, Tensor):
            raise PythonFault("python-error", f"{self.name} works on a tensor", self.bound.span(name))
        return value

    def tensors(self, name: str) -> list[Tensor]:
        """The tensors of a list."""
        found = self.here.entries(self.value(name))
        for one in found:
            if isinstance(one, Unknown):
                raise one.needed(f"a tensor of {self.name}", self.here.span)
            if not isinstance(one, Tensor):
                raise PythonFault("python-error", f"{self.name} joins tensors", self.bound.span(name))
        return found

    def layer(self, kind: str, row: Row, tensor: Tensor, *given: Any, owner: Any = None, **named: Any) -> Any:
        """A layer of the table, with these arguments, put to the tensor."""
        place = self.here.span
        keywords = {name: Given(value, place) for name, value in named.items()}
        call = PythonCall(self.name, tuple(Given(one, place) for one in given), keywords, place)
        with faults_of_the_table():
            return LayerCall(kind, row, Bound(call, row.signature, row.word), self.here, owner).result(tensor)

    def weights_owner(self, weight: Any, bias: Any = None) -> Module | Constant | None:
        """Whose weights a function uses that is given them: the module's that has both, else the parameter itself."""
        entered = self.trace.entered[-1] if self.trace.entered else None
        if not isinstance(weight, Tensor) or weight.constant is None or not weight.constant.is_parameter:
            if weight is None:
                return None
            raise PythonFault(
                "not-read-here",
                f"the weights of this {self.name} are worked out by the program",
                self.here.span,
                help="weights are read where they are parameters of the program as they are",
            )
        if entered is not None and _has(entered, "weight", weight) and (bias is None or _has(entered, "bias", bias)):
            return entered
        return weight.constant


def _has(module: Module, name: str, value: Tensor) -> bool:
    found = module.parameters.get(name, module.names.get(name))
    return isinstance(found, Tensor) and found.constant is value.constant


class Function(NamedTuple):
    """What a function takes, and how its result is worked out."""

    signature: str
    compute: Callable[[FunctionCall], Any]


def _bound(name: str, signature: str, arguments: Arguments) -> Bound:
    """The arguments under their names; those of `*name` as one tuple."""
    star = next((part[1:] for part in signature.split() if part.startswith("*")), "")
    positional = arguments.positional
    keywords = dict(arguments.keywords)
    if star:
        before = signature.split().index(f"*{star}")
        rest = positional[before:]
        positional = positional[:before]
        if rest:
            values = (
                rest[0].value
                if len(rest) == 1 and isinstance(rest[0].value, (tuple, list))
                else [one.value for one in rest]
            )
            keywords[star] = Given(tuple(values), rest[0].span)
        signature = signature.replace(f"*{star}", f"{star}=()")
    with faults_of_the_table():
        return Bound(PythonCall(name, positional, keywords, arguments.span), signature, "")


def row_call(name: str, arguments: Arguments, here: Reading) -> Any:
    """A function that is a layer of the table: the tensor first, then the layer's arguments."""
    row = FUNCTIONS[name]
    tensor, rest = tensor_first(name, arguments)
    if isinstance(tensor, Unknown):
        return tensor
    if not isinstance(tensor, Tensor):
        return Unknown(f"`{name}` of what is no tensor is not read here", here.span)
    with faults_of_the_table():
        bound = Bound(PythonCall(name, rest.positional, rest.keywords, rest.span), row.signature, row.word)
        return LayerCall(kind_of(name), row, bound, here).result(tensor)


def tensor_first(name: str, arguments: Arguments) -> tuple[Any, Arguments]:
    """The tensor that a function works on, and its other arguments."""
    if arguments.positional:
        return arguments.positional[0].value, arguments._replace(positional=arguments.positional[1:])
    keywords = dict(arguments.keywords)
    given = keywords.pop("input", None) or keywords.pop("x", None)
    if given is None:
        raise PythonFault("python-error", f"{name} is given no tensor", arguments.span)
    return given.value, arguments._replace(keywords=keywords)


def kind_of(function: str) -> str:
    """The layer that a function is.

    >>> kind_of("adaptive_avg_pool2d"), kind_of("lp_pool2d")
    ('AdaptiveAvgPool2d', 'LPPool2d')
    """
    name = "".join(part[:1].upper() + part[1:] for part in function.split("_"))
    return name.replace("LpPool", "LPPool")
