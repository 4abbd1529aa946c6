"""Tensors as sizes, and the operations that calling a model leaves behind.

A tensor shows its axes in the order of its framework; `batch` and `channels` say which of them are the images and the
channels, so that a `permute` of a map changes roles and adds no operation.  An operation is one layer of ours; where
there is none for what a program does, that is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import takewhile
from math import prod
from typing import Any, NamedTuple

from cnncalc.diagnostics import Refusal, Span
from cnncalc.dialects.traced.digits import Digits, layers_between
from cnncalc.dialects.traced.shown_axes import shown_axes
from cnncalc.dialects.traced.storage import Region, Storage, Write
from cnncalc.dialects.traced.tensor_attributes import set_tensor_attribute
from cnncalc.dialects.traced.tensor_methods import TensorMethods
from cnncalc.geometry import Shape
from cnncalc.graph.building import Builder
from cnncalc.layers.base import Layer
from cnncalc.layers.upsampling import Upsample
from cnncalc.python.objects import Instance
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Given, Package, Reading, Value

MOST_OPERATIONS = 5_000
"""Operations of one program's model; more are refused.  PolyNet has 1,898, a ResNet of 1,202 layers about 4,200."""

STEPS_OF_A_MODULE_CALL = 20
"""What calling a module or putting a layer to tensors costs in time, as steps."""

MOST_NUMBERS = 10**12
"""Numbers in one tensor, however it is seen."""


class Call(NamedTuple):
    """One call of a module: its number among all, its place, and the calls around that, innermost first."""

    number: int
    span: Span
    trail: tuple[Span, ...]


class Operation(NamedTuple):
    """One layer at work: the operations it reads, what it gives, where it was called and in which modules.

    `owner` is the module, or the parameter of the program, whose weights it uses: an equal layer of the same owner has
    the same weights.  `entered` are the modules being called, outermost first, and `calls` those calls.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, for which nobody asks
    layer: Layer
    inputs: tuple[int, ...]
    output: Shape
    span: Span
    trail: tuple[Span, ...]
    owner: Module | Constant | None
    entered: tuple[Module, ...]
    calls: tuple[Call, ...] = ()
    called: str = ""


class Constant(NamedTuple):
    """Numbers that no image decides: `torch.zeros`, a parameter of the program, a table of positions.

    `is_parameter`: it is learned; `values` are its numbers in order where they are known (all equal: one number).  Each
    parameter of a program is an object of its own, and its views keep that object: by it the parameter is known again.
    """

    what: str
    is_parameter: bool = False
    values: tuple[float, ...] | float | None = None


class View(NamedTuple):
    """An operation's result seen otherwise: the digits of each axis shown, and where the program looks at it so.

    `dims`, `batch` and `channels` are those of the result itself, to whose axes the digits belong.
    """

    dims: tuple[int, ...]
    batch: int | None
    channels: int | None
    axes: tuple[Digits, ...]
    span: Span
    trail: tuple[Span, ...]
    entered: tuple[Module, ...]

    @property
    def named(self) -> tuple[int | None, ...]:
        """The result's own axes in the order of a `Shape`: channels (None: there is one, not shown), then spatial."""
        others = (axis for axis in range(len(self.dims)) if axis not in (self.batch, self.channels))
        return (self.channels, *others)

    @property
    def behind(self) -> Shape:
        """The shape of the result itself."""
        channels, *spatial = (1 if axis is None else self.dims[axis] for axis in self.named)
        return Shape(channels, tuple(spatial))


@dataclass(eq=False)
class Tensor(Value):
    """A symbolic tensor; `dims` are its sizes as the framework shows them, images included (one image: 1).

    `operation` made it; -1: it is a `constant` that no operation has read.  `spread_from` is the tensor of which
    `expand` shows every number several times.  `view` says how the axes come from those of the operation's result where
    they are others; `Trace.settled` makes operations of it as soon as a layer reads the tensor.  `storage` is shared
    with the tensors of which it is a view: `region` says which of the numbers there it shows (None: all), `in_order`
    whether it shows all of them in their order, and `version` how many changes of them it knows.
    """

    trace: Trace
    dims: tuple[int, ...]
    batch: int | None
    channels: int | None
    operation: int = -1
    constant: Constant | None = None
    spread_from: Tensor | None = None
    view: View | None = None
    storage: Storage = field(default_factory=Storage)
    region: Region | None = None
    in_order: bool = True
    version: int = 0
    is_learned: bool = True  # whether training changes it, where it is a parameter
    noun = "a tensor"

    @property
    def spatial(self) -> tuple[int, ...]:
        """The axes that are neither images nor channels."""
        return tuple(axis for axis in range(len(self.dims)) if axis not in (self.batch, self.channels))

    @property
    def text(self) -> str:
        """`1x64x32x32`."""
        return "x".join(map(str, self.dims)) or "one number"

    def seen(self, dims: tuple[int, ...], batch: int | None, channels: int | None) -> Tensor:
        """The same numbers with other roles of the axes."""
        same = self.view if dims == self.dims else None
        return replace(self, dims=dims, batch=batch, channels=channels, spread_from=None, view=same)

    def apart(self) -> Tensor:
        """Another tensor with the same numbers, which changes in place do not reach."""
        return replace(self, storage=Storage(), region=None, in_order=True, version=0)

    def viewed_as(self, made: Tensor) -> Tensor:
        """What is made of this tensor as a view of the same numbers in the same order."""
        made.storage, made.version, made.region, made.in_order = self.storage, self.version, self.region, self.in_order
        return made

    def copied(self, copies: dict[int, Any], here: Reading) -> Tensor:
        """A tensor of its own; the copy of a parameter is another parameter."""
        constant = self.constant._replace() if self.constant is not None else None
        copies[id(self)] = made = replace(self.apart(), constant=constant)
        return made

    @property
    def is_constant(self) -> bool:
        """Whether no image decides its numbers."""
        return self.operation < 0

    def attribute(self, name: str, here: Reading) -> Any:
        return self.trace.methods.attribute(self, name, here)

    def item(self, key: Any, here: Reading) -> Any:
        return self.trace.methods.item(self, key, here)

    set_attribute = set_tensor_attribute

    def set_item(self, key: Any, value: Any, here: Reading) -> None:
        is_image = isinstance(value, Tensor) and not value.is_constant
        if self.constant is None or self.constant.is_parameter or is_image:
            raise PythonFault("not-read-here", "writing into a part of a tensor is not read", here.span)
        self.overwritten(replace(self, constant=self.constant._replace(values=None)))

    def arithmetic(self, sign: str, other: Any, here: Reading, *, reflected: bool = False) -> Any:
        left, right = (other, self) if reflected else (self, other)
        return self.trace.methods.arithmetic(sign, left, right, here)

    def negative(self, sign: str, here: Reading) -> Any:
        return self if sign == "+" else self.trace.methods.arithmetic("*", self, -1, here)

    def written_over(self, sign: str, other: Any, here: Reading) -> Any:
        made = self.arithmetic(sign, other, here)
        if self.trace.methods.is_written_in_place and isinstance(made, Tensor):
            return self.overwritten(made)
        return made

    def overwritten(self, made: Tensor) -> Tensor:
        """This tensor with the numbers of another one: every name of it sees them.

        A parameter keeps its own: what a program writes into it when it begins is learned anew.
        """
        if self.is_constant and self.constant is not None and self.constant.is_parameter:
            return self
        self.becomes(made)
        self.storage.writes.append(Write(self, self.region))
        self.version = len(self.storage.writes)
        return self

    def becomes(self, made: Tensor) -> Tensor:
        """This tensor as another one is, without a change that others see."""
        self.operation, self.constant, self.spread_from = made.operation, made.constant, made.spread_from
        self.dims, self.batch, self.channels, self.view = made.dims, made.batch, made.channels, made.view
        return self

    def entries(self, here: Reading) -> list[Any]:
        here.charge(self.dims[0] if self.dims else 1)
        return [self.item(index, here) for index in range(self.dims[0] if self.dims else 0)]

    def length(self, here: Reading) -> int:
        return self.dims[0] if self.dims else 0

    def truth(self, here: Reading) -> bool:
        raise PythonFault("data-dependent", "this condition depends on the numbers in a tensor", here.span)


@dataclass(eq=False)
class Module(Instance):
    """A part of a model: an object of a class of the program, of a framework's layer class, or of both.

    `library` is the framework's class (`torch.nn.Conv2d`, `keras.Model`), `given` its bound arguments with their
    places, `parts` the modules in it by name, `parameters` its own parameters.  `path` is its first path from the
    model by attributes, as in a state_dict.  `frozen`: training leaves it as it is; `is_read_whole`: it is one layer.
    """

    library: str = ""
    package: Package | None = None
    given: dict[str, Given] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Tensor] = field(default_factory=dict)
    path: str = ""
    frozen: bool = False
    is_read_whole: bool = False
    noun = "a module"

    @property
    def kind(self) -> str:
        """`Conv2d`."""
        return self.library.rpartition(".")[2]

    @property
    def word(self) -> str:
        """The class as its program calls it: `BasicBlock`, `Conv2d`."""
        return self.cls.name if self.cls else self.kind


class Trace:
    """Collects the operations of one program; `entered` are the modules being called, outermost first."""

    def __init__(self, methods: TensorMethods) -> None:
        self.methods = methods
        self.operations: list[Operation] = []
        self.entered: list[Module] = []
        self.calls: list[Call] = []
        self.noise: list[Span] = []
        """Where a layer reads random numbers that are drawn while the model is called."""
        self._called = 0
        self._calling = ""
        self._builder = Builder()

    @contextmanager
    def entering(self, module: Module, here: Reading) -> Iterator[None]:
        """While the module is being called."""
        here.charge(STEPS_OF_A_MODULE_CALL)
        self._called += 1
        self.entered.append(module)
        self.calls.append(Call(self._called, here.span, here.trail))
        try:
            with self.calling(""):
                yield
        finally:
            self.entered.pop()
            self.calls.pop()

    @contextmanager
    def calling(self, name: str) -> Iterator[None]:
        """While a function (`F.relu`), a method (`.relu`), an operator (`+`) or a module (empty) works."""
        before, self._calling = self._calling, name
        try:
            yield
        finally:
            self._calling = before

    def input(self, layer: Layer, dims: tuple[int, ...], channels: int | None, here: Reading) -> Tensor:
        """A symbolic image; the first axis is that of the images."""
        operation = Operation(0, layer, (), self._output(layer, (), here.span), here.span, here.trail, None, ())
        return Tensor(self, dims, 0, channels, self._added(operation))

    def constant(self, dims: tuple[int, ...], constant: Constant, here: Reading) -> Tensor:
        """Numbers that no image decides."""
        if prod(dims) > MOST_NUMBERS:
            raise PythonFault("python-bound", f"{constant.what} would have {prod(dims):,} numbers", here.span)
        return Tensor(self, dims, None, None, constant=constant)

    def layer(
        self,
        layer: Layer,
        tensors: tuple[Tensor, ...],
        here: Reading,
        owner: Module | Constant | None = None,
        like: Tensor | None = None,
    ) -> Tensor:
        """The layer put to these tensors; the result's axes are in the order of those of `like`, else of the first one.

        A result with fewer spatial axes than that is images, then channels, then what is left.
        """
        here.charge(STEPS_OF_A_MODULE_CALL)
        tensors = tuple(self.settled(one, here) for one in tensors)
        output = self._output(layer, tuple(shape_of(one, here) for one in tensors), here.span)
        inputs = tuple(one.operation for one in tensors)
        entered, calls = tuple(self.entered), tuple(self.calls)
        operation = Operation(0, layer, inputs, output, here.span, here.trail, owner, entered, calls, self._calling)
        return Tensor(self, *shown_axes(output, like or tensors[0]), self._added(operation))

    def own_numbers(self, layer: Layer, owner: Module | Constant | None, here: Reading) -> int:
        """The operation that reads nothing and gives numbers that no image decides."""
        output, entered, calls = self._output(layer, (), here.span), tuple(self.entered), tuple(self.calls)
        return self._added(Operation(0, layer, (), output, here.span, here.trail, owner, entered, calls))

    def again(self, operation: Operation, inputs: tuple[int, ...]) -> int:
        """The operation once more, with its weights, reading these results; it is one of the modules being called."""
        output = self._output(operation.layer, tuple(self.operations[one].output for one in inputs), operation.span)
        entered, calls = (*self.entered, *operation.entered), (*self.calls, *operation.calls)
        return self._added(operation._replace(inputs=inputs, output=output, entered=entered, calls=calls))

    def result(self, index: int, like: Tensor) -> Tensor:
        """The result of an operation, its axes in the order of those of another tensor."""
        return Tensor(self, *shown_axes(self.operations[index].output, like), index)

    def settled(self, tensor: Tensor, here: Reading) -> Tensor:
        """The tensor itself, after the operations that bring its numbers into the order in which it is seen."""
        if tensor.spread_from is not None:
            tensor.becomes(self._repeated(tensor, tensor.spread_from, here))
        if tensor.view is None:
            return tensor
        shape_of(tensor, here)
        view, behind = tensor.view, tensor.view.behind
        channels, *spatial = (
            tuple(digit._replace(axis=view.named.index(digit.axis)) for digit in view.axes[axis])
            if axis is not None
            else ()
            for axis in (tensor.channels, *tensor.spatial)
        )
        layers = layers_between(behind, channels, tuple(spatial))
        entered = [
            one for one, _ in takewhile(lambda pair: pair[0] is pair[1], zip(view.entered, self.entered, strict=False))
        ]
        for layer in layers:
            behind = self._output(layer, (behind,), view.span)
            inputs, calls = (tensor.operation,), tuple(self.calls[: len(entered)])
            made = Operation(0, layer, inputs, behind, view.span, view.trail, None, tuple(entered), calls)
            tensor.operation = self._added(made)
        tensor.view = None
        return tensor

    def _repeated(self, tensor: Tensor, small: Tensor, here: Reading) -> Tensor:
        """What `expand` shows, where a layer needs every copy of the numbers."""
        small = self.settled(small, here)
        pairs = [(tensor.dims[axis], small.dims[axis]) for axis in range(len(small.dims))]
        if len(tensor.dims) != len(small.dims) or any(
            wide != narrow and axis not in small.spatial for axis, (wide, narrow) in enumerate(pairs)
        ):
            message = f"numbers of {small.text} repeated as {tensor.text} are read by no layer here"
            raise PythonFault("no-such-layer", message, here.span)
        factor = tuple(pairs[axis][0] // pairs[axis][1] for axis in small.spatial)
        with self.calling(".expand"):
            return self.layer(Upsample(factor=factor), (small,), here)

    def _output(self, layer: Layer, shapes: tuple[Shape, ...], span: Span) -> Shape:
        try:
            return self._builder.checked_shape(layer, shapes)
        except Refusal as refusal:
            raise PythonFault.of(refusal, span) from None

    def _added(self, operation: Operation) -> int:
        index = len(self.operations)
        if index >= MOST_OPERATIONS:
            message = f"the model has more than {MOST_OPERATIONS:,} operations"
            raise PythonFault("python-bound", message, operation.span)
        self.operations.append(operation._replace(index=index))
        return index


def shape_of(tensor: Tensor, here: Reading) -> Shape:
    """The tensor's named axes, whatever order its framework shows them in."""
    if tensor.is_constant:
        raise PythonFault(
            "not-read-here", f"numbers of {tensor.text} that no image decides are not read here", here.span
        )
    spatial = tuple(tensor.dims[axis] for axis in tensor.spatial)
    if len(spatial) > 3:
        raise PythonFault("not-read-here", f"this tensor of {tensor.text} has more than three axes of a map", here.span)
    return Shape(1 if tensor.channels is None else tensor.dims[tensor.channels], spatial)
