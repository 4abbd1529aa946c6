"""What `solve` is asked about one layer: the sizes that arrive and leave, and what it is to have.

The layer's own text is read by `layer_unknowns`; nothing is searched here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.diagnostics import Refusal, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import LARGEST_SIZE, Shape, shape_of
from cnncalc.layers.base import counted
from cnncalc.layers.registry import WORDS
from cnncalc.questions.layer_search import axis_unknowns
from cnncalc.questions.layer_unknowns import MARK, AskedLayer, asked_layer
from cnncalc.sources import is_model
from cnncalc.stated_numbers import StatedNumber, stated_number

MOST_UNKNOWNS = 3
"""Unknowns that have values on each axis: with more there is no end of answers."""

_SIZE = re.compile(r"(?:\?|[0-9]{1,12})(?:[xX×*,](?:\?|[0-9]{1,12}))*")


class Sizes(NamedTuple):
    """A size as it was asked with: the spatial part (None for `?`), and the channels, None where they are not said."""

    spatial: tuple[int | None, ...]
    channels: int | None

    @property
    def text(self) -> str:
        """`224x224x3`, with `?` for what is asked for."""
        spatial = [MARK if size is None else str(size) for size in self.spatial]
        return "x".join([*spatial, *([] if self.channels is None else [str(self.channels)])])


class LayerQuestion(NamedTuple):
    """What is asked: the layer, what arrives and what is to leave (None: anything), and how much it may have."""

    asked: AskedLayer
    rank: int
    input: Sizes
    output: Sizes | None
    params: StatedNumber | None = None
    macs: StatedNumber | None = None
    nearest: bool = False
    """Whether the params or MACs are only to be as near as can be."""

    @property
    def stated(self) -> tuple[tuple[str, StatedNumber], ...]:
        """The numbers that are asked for, with what they count."""
        both = (("params", self.params), ("MACs", self.macs))
        return tuple((what, stated) for what, stated in both if stated is not None)

    @property
    def has_both_sizes(self) -> bool:
        """Whether all sizes of the input and of the output are known."""
        return self.output is not None and None not in self.input.spatial


def is_layer_question(what: str) -> bool:
    """Whether the text is a layer, and not the name or the text of a network: a name of either wins."""
    if is_model(what):
        return False
    words = what.replace("(", " ").split()
    first = words[1] if len(words) > 1 and words[0].endswith(":") else words[0] if words else ""
    return MARK in what or first.lower() in WORDS


def layer_question(
    text: str, input: str | None, output: str | None, params: str | None, macs: str | None
) -> LayerQuestion:
    """The question as it is read; raises InputError for what cannot be read, and for one without an end."""
    asked = asked_layer(text)
    if input is None:
        raise input_error(
            "no-question", "the size that arrives at the layer is not said", help="--input 224x224x3, or --input ?"
        )
    arrives, leaves = _written(input, "--input"), None if output is None else _written(output, "--output")
    if leaves == (None,):
        leaves = None
    if leaves is not None and None in leaves:
        raise input_error("no-question", "--output has a `?`", help="write all its sizes: --output 112x112x64")
    rank = _rank(asked, arrives, leaves)
    if not asked.has_axes and None not in arrives:
        _refuse_unfit(asked, tuple(size or 1 for size in arrives))
    made_rank = rank if asked.has_axes else _made_rank(asked, arrives, rank)
    question = LayerQuestion(
        asked,
        rank,
        _sizes(arrives, rank, "--input"),
        None if leaves is None else _sizes(leaves, made_rank if len(leaves) <= made_rank + 1 else rank, "--output"),
        None if params is None else stated_number(params, "--params"),
        None if macs is None else stated_number(macs, "--macs"),
    )
    _refuse_endless(question)
    return question


def _refuse_unfit(asked: AskedLayer, sizes: tuple[int, ...]) -> None:
    """Raises what a layer without axes says of an input that it never takes, such as dense of a map."""
    try:
        asked.build({})[0].output_shape((shape_of(sizes),))
    except Refusal as refusal:
        if refusal.argument == "input":
            raise input_error(refusal.code, refusal.message, help=refusal.help, notes=refusal.notes) from None


def _written(text: str, option: str) -> tuple[int | None, ...]:
    plain = "".join(text.split()).strip("()[]")
    if not _SIZE.fullmatch(plain):
        message = f"`{printable(text[:40])}` is no size"
        raise input_error("wrong-operand", f"{option}: {message}", help=f"write {option} 224x224x3, the channels last")
    sizes = tuple(None if part == MARK else int(part) for part in re.split("[xX×*,]", plain))
    for size in sizes:
        if size is not None and not 1 <= size <= LARGEST_SIZE:
            message = f"{option}: a size of {size:,} is not possible: 1 to {LARGEST_SIZE:,} is"
            raise input_error("wrong-operand", message)
    return sizes


def _rank(asked: AskedLayer, arrives: tuple[int | None, ...], leaves: tuple[int | None, ...] | None) -> int:
    """How many axes the map has: as the layer's own sizes say it, else as the sizes of the input look."""
    if asked.rank is not None:
        return asked.rank
    if not asked.has_axes:
        return max(len(arrives), len(leaves or ()) if arrives == (None,) else 0) - 1
    if (
        len(arrives) == 2
        and (arrives[0] == arrives[1])
        and (leaves is None or len(leaves) != 2 or leaves[0] == leaves[1])
    ):
        return 2
    if len(arrives) == 1:
        return min(3, max(1, len(leaves or ()) - 1)) if arrives == (None,) else 1
    return min(3, len(arrives) - 1)


def _made_rank(asked: AskedLayer, arrives: tuple[int | None, ...], rank: int) -> int:
    """How many axes leave a layer that may make a vector of a map; raises where no input follows from its output."""
    spatial = tuple(size or 8 for size in arrives[:rank])
    if arrives == (None,) and rank == 0:
        spatial = (8, 8)
    try:
        made = asked.build({})[0].output_shape((Shape((arrives[-1] if rank else None) or 1, spatial),))
    except Refusal:
        return rank
    if made.rank != len(spatial) and None in arrives:
        message = f"many inputs of {asked.word} have the same output: which one it was cannot be found"
        raise input_error("no-question", message, help="write all sizes of the input: --input 7x7x512")
    return made.rank if arrives != (None,) else rank


def _sizes(written: tuple[int | None, ...], rank: int, option: str) -> Sizes:
    if written == (None,):
        return Sizes((None,) * rank, None)
    if len(written) == rank + 1:
        return Sizes(written[:-1], written[-1])
    if len(written) == rank:
        return Sizes(written, None)
    text = Sizes(written, None).text
    example = "x".join(["224"] * rank + ["3"])
    message = f"{option} {text} has {counted(len(written), 'size')}, and the layer works on {rank} axes and channels"
    raise input_error("ranks-differ", message, help=f"write {rank + 1} sizes: {option} {example}")


def _refuse_endless(question: LayerQuestion) -> None:
    asked, output = question.asked, question.output
    axes = axis_unknowns(asked)
    names = [one.field.replace("_", " ") for one in axes]
    if None in question.input.spatial:
        names.append("input size")
    if len(names) > MOST_UNKNOWNS:
        message = f"{len(names)} unknowns on each axis have too many answers: {', '.join(names)}"
        raise input_error("too-many-unknowns", message, help=f"give all but {MOST_UNKNOWNS} of them a number")
    if output is None and None in question.input.spatial and question.rank:
        raise input_error("no-question", "which input is asked for, and no output is given", help="add --output SIZE")
    if output is None and axes and question.params is None and question.macs is None:
        message = f"nothing says what the {names[0]} should give"
        raise input_error("no-question", message, help="add --output SIZE, or --params N")
