"""Which operations are the same one: what a word is in plainer words, and what belongs to the operation after it.

Rules of `as_others` give the operations that compute a word; rules of `with_before` take into an operation what it
reads.  Every rule holds to the last bit, or to the rounding of a sum in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from cnncalc.geometry import Shape, lifted
from cnncalc.questions.axis_order import Digits, digits_of, in_turn
from cnncalc.questions.plain_windows import with_pad_within

if TYPE_CHECKING:
    from cnncalc.questions.plain_operations import Operation

FIRST, SECOND = -1, -2
"""In `reads`: the first and the second operation that the rule gives; 0, 1 ... are what the word itself reads."""

_ONES, _NONE = (1, 1, 1), (0, 0, 0)
Rule = Callable[["Operation", tuple[Shape, ...]], Sequence["Operation"]]


def as_others(word: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """The operations that compute it, none where it changes nothing.

    Their `reads` are places: from 0 on of what the word reads, from -1 down of the operations given here.
    """
    operation = word._replace(reads=tuple(range(len(word.reads))))
    rule = _OTHERS.get(operation.kernel)
    return [operation] if rule is None else rule(operation, shapes)


def with_before(operation: Operation, before: Sequence[Operation]) -> Operation:
    """The operation with what it reads taken in, where that is the same."""
    rule = _TAKEN_IN.get(operation.kernel)
    if rule is None or len(operation.reads) != 1:
        return operation
    return rule(operation, before)


# ---------------------------------------------------------------------- convolutions
def _depthwise(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    numbers = {name: value for name, value in operation.numbers.items() if name != "multiplier"}
    return [operation._replace(kernel="conv", numbers={**numbers, "groups": shapes[0].channels})]


def _separable(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    channels = shapes[0].channels
    numbers = {"flip": False, **operation.numbers, "groups": channels}
    middle = Shape(channels * numbers.pop("multiplier"), operation.output.spatial)
    depthwise, pointwise = (
        tuple(one._replace(role="weight") for one in operation.array(role))
        for role in ("depthwise_weight", "pointwise_weight")
    )
    first = operation._replace(kernel="conv", numbers=numbers, arrays=depthwise, made=middle)
    plain = {"kernel": _ONES, "stride": _ONES, "dilation": _ONES, "before": _NONE, "after": _NONE, "groups": 1}
    plain |= {"fill": "zeros", "flip": False}
    arrays = (*pointwise, *operation.array("bias"))
    second = operation._replace(kernel="conv", numbers=plain, reads=(FIRST,), arrays=arrays)
    return [first, second]


def _with_rows_cut(operation: Operation, all_before: Sequence[Operation]) -> Operation:
    """Rows cut off a transposed convolution are cut off by itself; two crops are one."""
    before = all_before[operation.reads[0]]
    if before.kernel not in ("upconv", "crop"):
        return operation
    rows = {
        side: tuple(a + b for a, b in zip(operation.numbers[side], before.numbers[side], strict=True))
        for side in ("before", "after")
    }
    return before._replace(numbers={**before.numbers, **rows}, made=operation.output)


def _upconv(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """Rows that are added after what would be cut off there are rows that are not cut off."""
    numbers = operation.numbers
    after = tuple(cut - more for cut, more in zip(numbers["after"], numbers["output_padding"], strict=True))
    return [operation._replace(numbers={**numbers, "after": after, "output_padding": _NONE})]


# ---------------------------------------------------------------------- pools
def _whole(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """A pool of the whole map leaves a single place; its numbers are a row where the axes are not kept."""
    kept = Shape(shapes[0].channels, (1,) * shapes[0].rank)
    pool = [] if kept == shapes[0] else [operation._replace(made=kept)]
    return [*pool, *_seen_as(operation, kept, len(pool))]


def _seen_as(operation: Operation, arriving: Shape, made: int) -> Sequence[Operation]:
    """The last step of a word: the same numbers on other axes, of `made` operations before."""
    flat = operation._replace(kernel="reshape", numbers={"order": "channels_first"}, reads=(-made or 0,))
    return _moved(flat, (arriving,))


def _reduced(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """With the axes that go as places of one number, then without them; a mean or maximum of places is a pool."""
    numbers, rank = operation.numbers, shapes[0].rank
    over = numbers["over"][3 - rank :] if rank else ()
    spatial = tuple(1 if gone else n for gone, n in zip(over, shapes[0].spatial, strict=True))
    kept = Shape(1 if numbers["channels"] else shapes[0].channels, spatial)
    pools = {"mean": "adaptive_avgpool", "max": "adaptive_maxpool"}
    if numbers["how"] == "norm":
        square = operation._replace(kernel="function", numbers={"name": "square"}, made=shapes[0])
        total = operation._replace(numbers={**numbers, "how": "sum", "left": lifted(spatial, 1)}, made=kept)
        found = [square, total._replace(reads=(FIRST,)), *_seen_as(operation, kept, 2)]
        return [*found, operation._replace(kernel="function", numbers={"name": "sqrt"}, reads=(-len(found),))]
    if numbers["how"] in pools and not numbers["channels"]:
        first = operation._replace(kernel=pools[numbers["how"]], numbers={"output": lifted(spatial, 1)}, made=kept)
    else:
        first = operation._replace(numbers={**numbers, "left": lifted(spatial, 1)}, made=kept)
    is_none = kept == shapes[0] and numbers["how"] in ("mean", "max", "min", "sum", "prod")
    found = [] if is_none else [first]
    return [*found, *_seen_as(operation, kept, len(found))]


def _without_fill(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """Without rows around a map there is nothing to fill them with."""
    numbers = operation.numbers
    if any((*numbers["before"], *numbers["after"])):
        return [operation]
    return [operation._replace(numbers={**numbers, "fill": "zeros"})]


def _after(before: Sequence[Operation], word: Operation) -> Sequence[Operation]:
    """The operations of a word that reads the last of those before."""
    last = len(before)
    made = _OTHERS[word.kernel](word, (word.output,))
    places = {0: -last}
    return [one._replace(reads=tuple(places[read] if read >= 0 else read - last for read in one.reads)) for one in made]


def _subsample(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """A sum, a factor for each channel, an offset for each channel."""
    pool = operation._replace(kernel="sumpool", arrays=())
    found = [pool]
    for kernel, role in (("scale", "weight"), ("shift", "bias")):
        found += _after(found, operation._replace(kernel=kernel, arrays=operation.array(role)))
    return found


# ---------------------------------------------------------------------- other axes
def _moved(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """Numbers in another order, or the same on other axes."""
    digits = digits_of(operation.kernel, operation.numbers, shapes[0], operation.output)
    if digits is None and operation.kernel == "reshape":
        row = Shape(shapes[0].elements)
        second = [one._replace(reads=(FIRST,)) for one in _moved(operation, (row,))]
        return [*_moved(operation._replace(kernel="flatten", made=row), shapes), *second]
    if digits is None:
        return [operation]
    is_same = len(digits) < 2 and operation.output == shapes[0]
    return [] if is_same else [_ordered(operation, digits, shapes[0])]


def _ordered(operation: Operation, digits: Digits, arriving: Shape) -> Operation:
    """A row of a map in one of the two usual orders is a flatten; all else is told by its digits."""
    orders = ("channels_first", "channels_last") if not operation.output.rank else ()
    for order in orders:
        if digits_of("flatten", {"order": order}, arriving, operation.output) == digits:
            return operation._replace(kernel="flatten", numbers={"order": order})
    return operation._replace(kernel="rearrange", numbers={"digits": digits})


def _in_turn(operation: Operation, before: Sequence[Operation]) -> Operation:
    """Two in turn are one."""
    first = before[operation.reads[0]]
    if first.kernel not in ("rearrange", "flatten"):
        return operation
    arriving = before[first.reads[0]].output
    both = _digits(first, arriving), _digits(operation, first.output)
    digits = None if None in both else in_turn(*both)  # type: ignore[arg-type]  # none of them is None
    return operation if digits is None else _ordered(operation._replace(reads=first.reads), digits, arriving)


def _digits(operation: Operation, arriving: Shape) -> Digits | None:
    found: Digits | None = operation.numbers.get("digits")
    return found or digits_of(operation.kernel, operation.numbers, arriving, operation.output)


# ---------------------------------------------------------------------- joins
def _average(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """A sum, divided by how many there are."""
    share = _line(1 / len(shapes), 0.0)
    return [operation._replace(kernel="add"), operation._replace(kernel="affine", numbers=share, reads=(FIRST,))]


def _distance(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """A difference without its sign."""
    sign = operation._replace(kernel="function", numbers={"name": "abs"}, reads=(FIRST,))
    return [operation._replace(kernel="sub"), sign]


def _attention(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """What asks, the keys and the values, each named."""
    first, *others = operation.reads
    key, value = (others * 2)[:2] if others else (first, first)
    return [operation._replace(reads=(first, key, value))]


def _matmul(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """A product with a transposed matrix is one with the matrix whose two axes change places."""
    right = shapes[1]
    if not operation.numbers["transpose"] or not right.rank:
        return [operation]
    *leading, rows = right.spatial
    factors = ((right.channels, len(leading) + 1), *((size, at + 1) for at, size in enumerate(leading)), (rows, 0))
    made = Shape(rows, (*leading, right.channels))
    turn = operation._replace(kernel="rearrange", numbers={"factors": factors}, reads=(1,), made=made)
    turns = _moved(turn, (right,))
    plain = operation._replace(numbers={"transpose": False}, reads=(0, FIRST if turns else 1))
    return [*turns, plain]


# ---------------------------------------------------------------------- arrays of their own
def _learned_with(kernel: str, join: str) -> Rule:
    """Learned factors are a learned array and a product, learned offsets one and a sum."""

    def rule(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
        shape = shapes[0]
        count = operation.arrays[0].numbers
        if not kernel.endswith("_all"):
            shape = Shape(count, (1,) * shape.rank)
        numbers = {"order": "channels_first", "spatial": lifted(shape.spatial, 1)}
        arrays = tuple(one._replace(role="weight") for one in operation.arrays)
        own = operation._replace(kernel="learned", numbers=numbers, reads=(), arrays=arrays, made=shape)
        return [own, operation._replace(kernel=join, numbers={}, reads=(0, FIRST), arrays=())]

    return rule


def _own(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """Stated numbers are compared one by one; of one number a place there is one order."""
    layer: Any = operation.node.layer
    numbers = getattr(layer, "numbers", None)
    if numbers is not None:
        values = tuple(numbers.matrix.values())
        if layer.order == "channels_last":
            channels = operation.output.channels
            values = tuple(value for channel in range(channels) for value in values[channel::channels])
        return [operation._replace(kernel="stated", numbers={"values": values}, arrays=())]
    if _is_one_order(operation.output):
        return [operation._replace(numbers={**operation.numbers, "order": "channels_first"})]
    return [operation]


def _is_one_order(shape: Shape) -> bool:
    """Whether its numbers stand in one order wherever its channels are."""
    return shape.channels == 1 or all(size == 1 for size in shape.spatial)


def _along(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """A softmax along an axis is one over channels that stand there."""
    axis = 1 + operation.numbers["axis"][3 - shapes[0].rank :].index(1)
    sizes = list(shapes[0].sizes("channels_first"))
    order = [axis, *(at for at in range(len(sizes)) if at != axis)]
    turned = Shape(sizes[axis], tuple(sizes[at] for at in order[1:]))
    there = {"factors": tuple((sizes[at], order.index(at)) for at in range(len(sizes)))}
    back = {"factors": tuple((sizes[at], at) for at in order)}
    first = _moved(operation._replace(kernel="rearrange", numbers=there, made=turned), shapes)
    middle = operation._replace(kernel="softmax", numbers={}, reads=(-len(first) or 0,), made=turned)
    last = operation._replace(kernel="rearrange", numbers=back, reads=(-len(first) - 1,))
    return [*first, middle, *_moved(last, (turned,))]


# ---------------------------------------------------------------------- numbers
def _line(factor: float, offset: float) -> dict[str, Any]:
    return {"factor": (factor,), "offset": (offset,)}


def _times(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    return _affine(operation._replace(kernel="affine", numbers=_line(operation.numbers["factor"], 0.0)), shapes)


def _affine(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    numbers = {name: one[:1] if len(set(one)) == 1 else one for name, one in operation.numbers.items()}
    return [] if numbers == _line(1.0, 0.0) else [operation._replace(numbers=numbers)]


def _with_factor(operation: Operation, all_before: Sequence[Operation]) -> Operation:
    """An offset after a factor is one line."""
    before = all_before[operation.reads[0]]
    if before.kernel != "affine" or before.numbers["offset"] != (0.0,) or operation.numbers["factor"] != (1.0,):
        return operation
    return operation._replace(numbers={**operation.numbers, "factor": before.numbers["factor"]}, reads=before.reads)


def _gated(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """Half of the channels times the logistic of the others."""
    half = shapes[0].channels // 2
    first, second = (
        operation._replace(kernel="slice", numbers={"first": begin, "last": begin + half}) for begin in (0, half)
    )
    gate = operation._replace(kernel="sigmoid", numbers={}, reads=(SECOND,))
    return [first, second, gate, operation._replace(kernel="mul", numbers={}, reads=(FIRST, SECOND - 1))]


def _gate(*gates: str) -> Rule:
    """What arrives times functions of it, one after the other."""

    def rule(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
        steps = [operation._replace(kernel=kernel, reads=(-at or 0,)) for at, kernel in enumerate(gates)]
        return [*steps, operation._replace(kernel="mul", reads=(0, -len(gates)))]

    return rule


_POWERS = {2.0: "square", 0.5: "sqrt", -0.5: "rsqrt", -1.0: "reciprocal"}


def _clip(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    if (operation.numbers["low"], operation.numbers["high"]) == (0, inf):
        return [operation._replace(kernel="relu", numbers={})]
    if (operation.numbers["low"], operation.numbers["high"]) == (0.0, 6.0):
        return [operation._replace(kernel="relu6", numbers={})]
    return [operation]


def _unchanged(operation: Operation, shapes: tuple[Shape, ...]) -> Sequence[Operation]:
    """All of what arrives, place by place, is nothing done."""
    return [] if operation.output == shapes[0] else [operation]


def _function(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    if operation.numbers["name"] == "squareplus":
        square = operation._replace(numbers={"name": "square"})
        more = operation._replace(kernel="affine", numbers=_line(1.0, 4.0), reads=(FIRST,))
        root = operation._replace(numbers={"name": "sqrt"}, reads=(SECOND,))
        total = operation._replace(kernel="add", numbers={}, reads=(0, SECOND - 1))
        return [square, more, root, total, operation._replace(kernel="affine", numbers=_line(0.5, 0.0), reads=(-4,))]
    name = _POWERS.get(operation.numbers.get("exponent", 0.0)) if operation.numbers["name"] == "pow" else None
    if operation.numbers["name"] == "pow" and operation.numbers["exponent"] == 1:
        return []
    return [operation if name is None else operation._replace(numbers={"name": name})]


def _sloped(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    line = operation._replace(kernel="affine", numbers=_line(operation.numbers["slope"], 0.5))
    return [line, operation._replace(kernel="clip", numbers={"low": 0.0, "high": 1.0}, reads=(FIRST,))]


def _shifted(operation: Operation, _: tuple[Shape, ...]) -> Sequence[Operation]:
    """A norm that learns shifts and no factors is one that learns neither, and shifts."""
    if operation.array("weight") or not operation.array("bias"):
        return [operation]
    arrays = tuple(one for one in operation.arrays if one.role != "bias")
    shift = "shift_all" if operation.numbers.get("axes") == "all" else "shift"
    norm = operation._replace(arrays=arrays)
    return [norm, *_after([norm], operation._replace(kernel=shift, arrays=operation.array("bias")))]


_OTHERS: Mapping[str, Rule] = {
    "attention": _attention,
    "dwconv": _depthwise,
    "sepconv": _separable,
    "upconv": _upconv,
    **dict.fromkeys(("global_avgpool", "global_maxpool"), _whole),
    **dict.fromkeys(("adaptive_avgpool", "adaptive_maxpool", "slice", "crop", "upsample"), _unchanged),
    "subsample": _subsample,
    **dict.fromkeys(("flatten", "reshape", "rearrange", "shuffle", "space_to_depth", "depth_to_space"), _moved),
    "avg": _average,
    "reduce": _reduced,
    "glu": _gated,
    "function": _function,
    "clip": _clip,
    **dict.fromkeys(("local", "connected_conv"), _without_fill),
    "absdiff": _distance,
    "matmul": _matmul,
    "silu": _gate("sigmoid"),
    "mish": _gate("softplus", "tanh"),
    "hardswish": _gate("hardsigmoid"),
    "times": _times,
    "affine": _affine,
    "hardsigmoid_sloped": _sloped,
    **dict.fromkeys(("bn", "ln", "gn"), _shifted),
    **{kernel: _learned_with(kernel, "mul") for kernel in ("scale", "scale_all")},
    **{kernel: _learned_with(kernel, "add") for kernel in ("shift", "shift_all")},
    "learned": _own,
    "softmax_along": _along,
}
"""By kernel."""

IN_ANY_ORDER = frozenset(("add", "mul", "max", "min"))
"""Joins of any number of maps: of two in turn all parts meet at once, where nobody else reads the first."""

_TAKEN_IN: Mapping[str, Callable[[Operation, Sequence[Operation]], Operation]] = {
    "crop": _with_rows_cut,
    **dict.fromkeys(("pad", "pad_value"), with_pad_within),
    "affine": _with_factor,
    **dict.fromkeys(("rearrange", "flatten"), _in_turn),
}
"""By the kernel that takes in."""
