"""Which number of which output an occlusion map is about; what has none is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.geometry import Shape

PICTURE_AXES = 2

CODE = "no-occlusion-map"


class Explained(NamedTuple):
    """An output of a net, and the number of a class in it; None: that of the highest score."""

    output: NodeAnalysis
    number: int | None


def explained_class(analysis: Analysis, asked: str | None, labels: Sequence[str]) -> Explained:
    """What is asked for: a class by its number, from 0, or by its name.  Raises InputError where there is no such."""
    output = explained_output(analysis)
    return Explained(output, None if asked is None else class_of(asked, output.output.channels, labels))


def explained_output(analysis: Analysis) -> NodeAnalysis:
    """The output furthest down in the text that is a vector.

    Raises InputError where there is none, or no picture to hide a part of.
    """
    name = analysis.graph.source.shown
    inputs = [node for node in analysis.nodes if node.node.is_input]
    if len(inputs) > 1:
        names = ", ".join(node.node.name for node in inputs)
        raise _refused(
            f"{name} has {len(inputs)} inputs: {names}; parts are hidden of one picture",
            "give a network with one input",
        )
    if inputs[0].output.rank != PICTURE_AXES:
        kind = {0: "a flat vector", 1: "a signal", 3: "a volume"}[inputs[0].output.rank]
        raise _refused(
            f"the input of {name} is {kind} ({inputs[0].output.text()}), and parts are hidden of a picture",
            "give a network whose input has a height and a width, such as `input 28x28x1`",
        )
    vectors = [node for index in analysis.graph.outputs if is_vector((node := analysis.nodes[index]).output)]
    if not vectors:
        shapes = ", ".join(shape.text(analysis.graph.order) for shape in analysis.totals.outputs)
        raise _refused(
            f"{name} gives {shapes}, which is no vector with a number for each class",
            "give a network that ends with a vector, such as `dense 10`; --maps DIR draws what each layer makes of a "
            "picture",
        )
    return max(vectors, key=lambda node: node.node.index)


def is_vector(shape: Shape) -> bool:
    """Whether it has one number for each class: a vector, or maps of 1x1."""
    return shape.elements == shape.channels


def class_of(asked: str, count: int, labels: Sequence[str]) -> int:
    """The number of a class that is written as a number, from 0, or by its name.  Raises InputError."""
    text = asked.strip()
    if text.isascii() and text.isdigit():
        number = int(text[:20])
        if number < count:
            return number
        raise input_error(
            "no-such-class",
            f"there is no class {text[:20]}: the network has {count:,} outputs",
            help=f"give a number from 0 to {count - 1}",
        )
    named = [number for number, label in enumerate(labels) if _is_named(label, text)]
    if len(named) == 1:
        return named[0]
    if named:
        listed = ", ".join(map(str, named))
        raise input_error("no-such-class", f"`{text}` is the name of classes {listed}", help="give the number of one")
    raise _unknown(text, count, labels)


def _is_named(label: str, text: str) -> bool:
    """Whether that is the whole label, or one of its names; capital letters make no difference."""
    wanted = text.casefold()
    return wanted == label.casefold() or wanted in (name.strip().casefold() for name in label.split(","))


def _unknown(text: str, count: int, labels: Sequence[str]) -> InputError:
    if not labels:
        return input_error(
            "no-such-class",
            f"there is no class `{text[:80]}`: the classes of this network have no names",
            help=f"give a number from 0 to {count - 1}, or the names: --labels FILE",
        )
    otherwise = f"give a number from 0 to {count - 1}, or a name as `run` prints it"
    return input_error("no-such-class", f"no class is called `{text[:80]}`", help=did_you_mean(text, labels, otherwise))


def _refused(message: str, advice: str) -> InputError:
    return input_error(CODE, message, help=advice)
