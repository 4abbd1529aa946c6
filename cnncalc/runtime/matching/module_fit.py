"""Whether a module of a file is what a line of the net wants, and what is done to its arrays then.

Layouts are the program's: Keras stores h w in out, h w in multiplier, h w out in and in out; PyTorch out in h w, with
an axis of size 1 in a depthwise convolution.  A 1x1 convolution is a dense layer at each place, and a dense layer on a
flattened map a convolution over the whole map.  Order and names are not known here.
"""

from __future__ import annotations

from math import prod

from cnncalc.geometry import Order, Sizes
from cnncalc.graph.stored import Step, Stored
from cnncalc.runtime.matching.flat_order import reordering
from cnncalc.runtime.matching.match_records import Flattened, Layout, Module, Need, Part

Steps = tuple[Step, ...]

_MATRICES = frozenset(("conv", "dwconv", "upconv", "dense"))
"""Layers whose `weight` has axes that programs order in different ways."""

_SPREADING = frozenset(("prelu", "scale", "shift"))
"""Layers for which a program may store a single number for all channels."""


def fitting(need: Need, module: Module, layout: Layout) -> dict[str, Stored] | None:
    """The net's name of each weight -> where it is stored; None where the module is something else."""
    parts = _by_role(need, module)
    if parts is None:
        return None
    found: dict[str, Stored] = {}
    for role, wanted in need.parts.items():
        steps = steps_to(need, role, parts[role].shape, layout)
        if steps is None:
            return None
        found[wanted.name] = Stored(parts[role].name, steps)
    return found


def _by_role(need: Need, module: Module) -> dict[str, Part] | None:
    """The module's arrays under the roles of this line; None where it has others."""
    parts = dict(module.parts)
    if parts.keys() == need.parts.keys():
        return parts
    if len(parts) != len(need.parts):
        return None
    if all(role.isdecimal() for role in parts):  # Keras 3 numbers the variables of a layer, in the order used here too
        if need.word != "learned" and (module.kind in ("conv", "dense")) != (need.word in _MATRICES):
            return None
        return dict(zip(need.parts, (parts[role] for role in sorted(parts, key=int)), strict=True))
    if len(parts) == 1 and module.kind == "other":  # a parameter of its own, whatever it is called
        return dict(zip(need.parts, parts.values(), strict=True))
    return None


def steps_to(need: Need, role: str, shape: Sizes, layout: Layout) -> Steps | None:
    """What makes an array of this shape the weight of that role; None where nothing does."""
    wanted = need.parts[role].shape
    if need.word == "local" and layout.keras:
        return _by_place(wanted, shape)
    is_matrix = role == "weight" and need.word in _MATRICES
    steps = (_matrix if is_matrix else _numbers)(need, wanted, shape, layout)
    row = need.becoming if need.word == "dense" else need.flattened or need.becoming
    theirs = None if row is None else _order_in_file(row, layout)
    if steps is None or row is None or theirs is None or wanted[0] != row.size:
        return steps
    return (*steps, *reordering((), row, theirs, wanted[1:]))


def _order_in_file(row: Flattened, layout: Layout) -> Order | None:
    """How the program of the file writes that map in one row; None where nothing says it."""
    return row.order if row.on_purpose else layout.flatten


def _matrix(need: Need, wanted: Sizes, shape: Sizes, layout: Layout) -> Steps | None:
    """The weight of a convolution or a dense layer."""
    turned: Steps = ()
    if layout.keras:
        count, deep = len(shape), need.word == "dwconv"
        if count < (3 if deep else 2):
            return None
        last = (count - 2, count - 1) if deep else (count - 1, count - 2)
        turned = (Step("transpose", (*last, *range(count - 2))),)
        shape = tuple(shape[axis] for axis in turned[0].numbers)
    if need.word == "dwconv":
        return _depthwise(wanted, shape, turned, keras=layout.keras)
    if need.word == "dense":
        return _dense(need, wanted, shape, turned, layout)
    if layout.keras and shape[1] == 1 and len(shape) == len(wanted) + 1:  # a kernel for each connection of a table
        shape = (shape[0], *shape[2:])
        return (*turned, Step("reshape", wanted)) if shape == wanted else None
    return _reshaped(wanted, shape, turned) if _trimmed(shape) == _trimmed(wanted) else None


def _by_place(wanted: Sizes, shape: Sizes) -> Steps | None:
    """Kernels of their own for each place: Keras' kernel has the taps of all channels on one axis, then the filters."""
    rank = (len(wanted) - 2) // 2
    if shape == wanted:
        return ()
    (filters, channels), window = wanted[rank : rank + 2], wanted[rank + 2 :]
    if not rank or shape != (*wanted[:rank], channels * prod(window), filters):
        return None
    split = (*wanted[:rank], *window, channels, filters)
    last = len(split) - 1
    return Step("reshape", split), Step("transpose", (*range(rank), last, last - 1, *range(rank, 2 * rank)))


def _depthwise(wanted: Sizes, shape: Sizes, turned: Steps, *, keras: bool) -> Steps | None:
    """Here C h w, C being the channels times the multiplier; PyTorch has an axis of size 1 behind them."""
    if not keras and shape == wanted:
        return turned
    if len(shape) < 2 or (shape[0] * shape[1], *shape[2:]) != wanted or not (keras or shape[1] == 1):
        return None
    return _reshaped(wanted, shape, turned)


def _dense(need: Need, wanted: Sizes, shape: Sizes, turned: Steps, layout: Layout) -> Steps | None:
    """Units x inputs; behind a flatten the inputs are in the order of the program's own flatten."""
    flattened = need.flattened
    theirs = None if flattened is None else _order_in_file(flattened, layout)
    if flattened is not None and shape == (wanted[0], flattened.channels, *flattened.spatial):
        theirs = "channels_first"  # a convolution over the whole map has axes of its own for them
    elif _trimmed(shape) != wanted:
        return None
    steps = _reshaped(wanted, shape, turned)
    return steps if flattened is None or theirs is None else (*steps, *reordering(wanted[:1], flattened, theirs))


def _numbers(need: Need, wanted: Sizes, shape: Sizes, layout: Layout) -> Steps | None:
    """Numbers for each channel, for each place, or one for all; axes of size 1 say nothing."""
    turned: Steps = ()
    if layout.keras and len(wanted) > 1 and len(shape) == len(wanted) and need.word != "learned":
        turned = (Step("transpose", (len(shape) - 1, *range(len(shape) - 1))),)
        shape = (shape[-1], *shape[:-1])
    if [size for size in shape if size != 1] == [size for size in wanted if size != 1]:
        return _reshaped(wanted, shape, turned)
    if need.word in _SPREADING and prod(shape) == 1:
        return (Step("reshape", (1,) * len(wanted)), Step("spread", wanted))
    return None


def _reshaped(wanted: Sizes, shape: Sizes, before: Steps) -> Steps:
    return before if shape == wanted else (*before, Step("reshape", wanted))


def _trimmed(shape: Sizes) -> Sizes:
    """Without axes of size 1 at the end, down to two axes: a 1x1 convolution is a dense layer."""
    count = len(shape)
    while count > 2 and shape[count - 1] == 1:
        count -= 1
    return shape[:count]
