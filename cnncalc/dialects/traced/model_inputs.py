"""Which image a model is called on: the size that is given, that the model states, or that the program itself tries.

`--input` is read in our order (height, width, channels) whatever the framework; sizes of a program stand as its
framework shows them, images first.  A size is never guessed: where none is certain it is asked for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.traced.called_forward import without_self
from cnncalc.dialects.traced.modules import everything, framework_of
from cnncalc.dialects.traced.trace import Module, Tensor
from cnncalc.dialects.traced.tried_sizes import SizeAsked
from cnncalc.geometry import LARGEST_SIZE, Order, Shape, shape_of
from cnncalc.graph.other_size import OPTION, WantedSize, fitting_shape, wanted_sizes
from cnncalc.layers.base import counted
from cnncalc.layers.input import Input
from cnncalc.python.evaluator import Evaluator
from cnncalc.python.functions import Function
from cnncalc.python.program import File
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Scope

_SIZE = re.compile(r"[0-9]{1,10}(?:[xX×][0-9]{1,10}){0,3}")
_MADE = frozenset(("randn", "rand", "zeros", "ones", "empty", "normal", "uniform", "random", "rand_like"))
_SHOWN = frozenset(("summary", "profile", "get_model_complexity_info", "stat"))
_NO_IMAGES = frozenset(("training", "mask"))
"""What Keras gives a model by itself where its `call` asks for it."""
_KEYWORDS = frozenset(("input_size", "input_shape", "input_res", "size"))


class Wanted(NamedTuple):
    """The sizes that `--input` gives: of the one input, or by the names of several."""

    option: str
    sizes: tuple[tuple[WantedSize, Shape], ...]

    def of(self, name: str) -> Shape | None:
        """The size of that input; one without a name is that of all."""
        return next((shape for size, shape in self.sizes if size.name in ("", name)), None)


def wanted(option: str | None) -> Wanted:
    """What `--input` says; raises InputError for what is no size."""
    if option is None:
        return Wanted("", ())
    found = wanted_sizes(option.replace(",", " ") if "=" in option else option)
    return Wanted(option, tuple((one, _shape(option, one)) for one in found))


def _shape(option: str, size: WantedSize) -> Shape:
    numbers = [int(number) for number in re.split("[xX×]", size.text)] if _SIZE.fullmatch(size.text) else []
    if not numbers or 0 in numbers or max(numbers) > LARGEST_SIZE:
        raise _of_option(
            option, f"`{size.text}` is no size", size, "write height, width and channels: --input 224x224x3"
        )
    return shape_of(tuple(numbers))


def _of_option(option: str, message: str, size: WantedSize, help: str) -> InputError:
    place = Span(1, len(OPTION) + 1 + size.column, max(1, len(size.text)))
    return InputError((Diagnostic("wrong-operand", message, place, help=help),), Source(COMMAND_LINE, OPTION + option))


def called_function(model: Module) -> Function | None:
    """The function of the program that is called with the image; None where it is the framework's."""
    found = (model.cls.find("forward") or model.cls.find("call")) if model.cls is not None else None
    return found[0] if found is not None and isinstance(found[0], Function) else None


def input_layer(shape: Shape, order: Order) -> Input:
    """The line of an input with these sizes, in this order."""
    if len(shape.spatial) in (0, 2):
        return Input(size=shape.sizes(order), order=order)
    return Input(size=shape.spatial, channels=shape.channels, order=order)


class ModelInputs:
    """Makes the symbolic images on which a model is called."""

    def __init__(self, here: Evaluator, file: File, scope: Scope, option: Wanted) -> None:
        self.here = here
        self.file = file
        self.scope = scope
        self.option = option

    def tensors(self, model: Module) -> dict[str, Tensor]:
        """The images by the names of the arguments that the model is called with; raises PythonFault without a size."""
        names = self._names(model)
        self._refuse_others(names)
        if not names:
            called = called_function(model)
            fault = without_self(model, called, self.here) if called is not None else None
            raise fault or PythonFault("input-size", f"{model.word} takes no image when it is called", model.made)
        sizes = {name: self._size(model, name, alone=len(names) == 1) for name in names}
        called = called_function(model)
        before, self.here.node = self.here.node, called.node if called is not None else self.here.node
        try:
            return {name: self._image(model, shape) for name, shape in sizes.items()}
        finally:
            self.here.node = before

    def _image(self, model: Module, shape: Shape) -> Tensor:
        framework = framework_of(model)
        order = framework.order
        dims = (1, *shape.sizes(order))
        channels = 1 if order == "channels_first" else len(dims) - 1
        return framework.trace.input(input_layer(shape, order), dims, channels, self.here)

    def _names(self, model: Module) -> list[str]:
        """The arguments without a default that `forward` or `call` takes, and those that are given by name."""
        called = called_function(model)
        if called is None:
            return ["x"]
        tree = called.node.args
        names = [one.arg for one in (*tree.posonlyargs, *tree.args)][1:]
        needed = names[: len(names) - len(tree.defaults)] if tree.defaults else names
        needed = [one for one in needed if one not in _NO_IMAGES]
        given = {size.name for size, _ in self.option.sizes}
        return [name for name in names if name in needed or name in given] or ([tree.vararg.arg] if tree.vararg else [])

    def _refuse_others(self, names: list[str]) -> None:
        for size, _ in self.option.sizes:
            if size.name and size.name not in names:
                message = f"the model has no input called `{size.name}`"
                advice = did_you_mean(size.name, names, f"its inputs: {', '.join(names)}")
                raise _of_option(self.option.option, message, size, advice)

    def _size(self, model: Module, name: str, *, alone: bool) -> Shape:
        expected = first_layer(model)
        order = framework_of(model).order
        given = self.option.of(name)
        if given is not None:
            return _as_expected(given, expected) if alone else given
        if alone:
            stated = framework_of(model).stated_input(model)
            if stated:
                return shape_of(stated, order)
            for dims in (*filter(None, (self._tried_as(name),)), *self._tried()):
                shape = shape_of(dims, order)
                if expected is None or (shape.channels == expected.channels and shape.rank == expected.rank):
                    return shape
        named = self._tried_as(name)
        if named:
            return shape_of(named, order)
        if alone and expected is not None and not expected.rank:
            return expected
        raise self._asked(model, name, expected, alone=alone)

    def _asked(self, model: Module, name: str, expected: Shape | None, *, alone: bool) -> PythonFault:
        channels = expected.channels if expected is not None else 3
        side = self._suggested() or 224
        place = self.here.program.span(model.cls.node) if model.cls is not None and model.cls.node else model.made
        size = "x".join(map(str, ((side,) * expected.rank if expected is not None else (side, side)) + (channels,)))
        what = "the size of its input is not known" if alone else f"the size of its input `{name}` is not known"
        if expected is not None and alone:
            what = f"the first layer takes {counted(channels, 'channel')}, and {what}"
            if expected.rank == 2:
                return SizeAsked(f"{model.word}: {what}", place, side, channels)
        names = self._names(model)
        option = size if alone else ",".join(f"{one}={size}" for one in names)
        return PythonFault("input-size", f"{model.word}: {what}", place, help=f"give --input {option}")

    # ------------------------------------------------------------------ what the program says
    def _tried(self) -> Iterator[tuple[int, ...]]:
        """The sizes of images that the program makes up or tells a summary, images left out."""
        for node in (one for part in self.file.statements for one in ast.walk(part)):
            if not isinstance(node, ast.Call):
                continue
            word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if word in _MADE:
                dims = self._numbers(node.args[0] if len(node.args) == 1 else ast.Tuple(node.args, ast.Load()))
                if len(dims) > 1:
                    yield dims[1:]
            elif word in _SHOWN:
                named = [keyword.value for keyword in node.keywords if keyword.arg in _KEYWORDS]
                for one in (*node.args[1:2], *named):
                    dims = self._numbers(one)
                    if dims:
                        yield dims[1:] if len(dims) == 4 else dims

    def _tried_as(self, name: str) -> tuple[int, ...]:
        """The size of the image that the program itself calls by this name: `x = torch.randn(1, 3, 32, 32)`."""
        waiting, found = list(self.file.statements), tuple[int, ...]()
        while waiting:
            one = waiting.pop()
            waiting += [*one.body, *one.orelse] if isinstance(one, ast.If) else []
            if not isinstance(one, ast.Assign) or not isinstance(one.value, ast.Call):
                continue
            call, goals = one.value, [goal.id for goal in one.targets if isinstance(goal, ast.Name)]
            word = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in goals and word in ("tensor", "array") and call.args:
                found = _nested_sizes(call.args[0])[1:] or found
            if name in goals and word in _MADE:
                sizes = self._numbers(call.args[0] if len(call.args) == 1 else ast.Tuple(call.args, ast.Load()))
                found = sizes[1:] or found
        return found

    def _numbers(self, node: ast.expr) -> tuple[int, ...]:
        """The whole numbers of a tuple or list, worked out with the file's names; empty where one is none."""
        if not isinstance(node, (ast.Tuple, ast.List)) or not 0 < len(node.elts) < 6:
            return ()
        found: list[int] = []
        for index, one in enumerate(node.elts):
            value = one.value if isinstance(one, ast.Constant) else self._known(one)
            if not index and len(node.elts) == 4 and isinstance(one, ast.Name) and type(value) is not int:
                value = 1  # how many images there are decides nothing
            if type(value) is not int or not 0 < value <= LARGEST_SIZE:
                return ()
            found.append(value)
        return tuple(found)

    def _known(self, node: ast.expr) -> Any:
        if not isinstance(node, (ast.Name, ast.Attribute, ast.BinOp)):
            return None
        try:
            return self.here.value(node, self.scope)
        except PythonFault:
            return None

    def _suggested(self) -> int:
        """The side of a picture of the program's data, as `transforms.Resize` makes it; 0 where nothing tells."""
        side = 0
        for node in (one for part in self.file.statements for one in ast.walk(part)):
            if isinstance(node, (ast.Name, ast.Attribute)):
                side = side or _SIDES.get((node.id if isinstance(node, ast.Name) else node.attr).lower(), 0)
            elif isinstance(node, ast.Call) and node.args:
                word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                first = node.args[0].elts[:1] if isinstance(node.args[0], (ast.Tuple, ast.List)) else node.args[:1]
                value = first[0].value if first and isinstance(first[0], ast.Constant) else None
                if word in _RESIZERS and type(value) is int and 0 < value <= LARGEST_SIZE:
                    return value
        return side


def _nested_sizes(node: ast.expr) -> tuple[int, ...]:
    """The sizes of lists in lists."""
    if not isinstance(node, (ast.List, ast.Tuple)) or not node.elts:
        return ()
    return (len(node.elts), *_nested_sizes(node.elts[0]))


_RESIZERS = frozenset(("Resize", "CenterCrop", "RandomCrop", "RandomResizedCrop"))
_SIDES = {
    **dict.fromkeys(("mnist", "fashionmnist", "kmnist", "emnist", "qmnist", "fashion_mnist"), 28),
    **dict.fromkeys(("cifar10", "cifar100", "svhn"), 32),
    "stl10": 96,
}
"""Data sets by name -> the side of their pictures."""

_ARRIVING = ("in_channels", "in_features")


def first_layer(model: Module) -> Shape | None:
    """What the first layer with weights is made for: its channels, and 1 for each axis of a map; None where unknown."""
    for _, module in everything(model):
        if not isinstance(module, Module) or not module.given:
            continue
        for name in _ARRIVING:
            value = module.given[name].value if name in module.given else None
            if type(value) is int and 0 < value <= LARGEST_SIZE:
                rank = int(module.kind[-2]) if module.kind[-2:] in ("1d", "2d", "3d") else 0
                return Shape(value, (1,) * rank)
        if any(framework_of(module).numbers(module)):
            return None
    return None


def _as_expected(given: Shape, expected: Shape | None) -> Shape:
    """The size as the first layer can take it: `224x224`, and channels first where the channels tell.

    The layer that a model holds first may not be the one that it calls first: `64x64x3` stays as it is written.
    """
    sizes = given.sizes()
    if expected is None or not expected.rank or (len(sizes) == expected.rank + 1 and sizes[0] > sizes[-1]):
        return given
    return fitting_shape(sizes, expected, "channels_last") or given
