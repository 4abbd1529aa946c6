"""What names and shapes cannot tell about a file that fits, as warnings: order, padding, epsilon.

A file of PyTorch fits a text with Keras' `same` shape by shape, and the other way round; only the results differ.  No
warning is about a net that was read from the same program, or whose names are the file's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import Diagnostic
from cnncalc.layers.base import counted
from cnncalc.layers.reshaping import Flatten, Reshape
from cnncalc.layers.sliding import LINES_OF, Axis, SlidingWindow
from cnncalc.runtime.file_arrays import Program
from cnncalc.runtime.files import shown_name
from cnncalc.runtime.matching.by_shapes import Other
from cnncalc.runtime.matching.match_records import Layout, Need

EPSILONS: Mapping[Program, tuple[float, str]] = {"PyTorch": (1e-5, "1e-5"), "Keras": (1e-3, "0.001")}
"""What the batch norms of a program add where it says nothing, and how that is written."""

OWNERS: Mapping[Program, str] = {"PyTorch": "PyTorch's", "Keras": "Keras'"}

_AS_WRITTEN = "give the file as its program wrote it (.pth, .h5, .keras)"


def order_doubts(analysis: Analysis, needs: Iterable[Need], layout: Layout) -> Iterator[Diagnostic]:
    """Lines at a flatten or a reshape whose weights may be in another order."""
    usual = analysis.graph.order
    layers = (node.node.layer for node in analysis.nodes)
    follow = any(layer.order == usual for layer in layers if isinstance(layer, Flatten | Reshape))
    for need in needs:
        maps = [one for one in (need.flattened, need.becoming) if one is not None and not one.on_purpose]
        mixed = need.mixed and follow
        turned = [one for one in (need.flattened, need.becoming) if one is not None and one.on_purpose]
        if layout.flatten is not None and any(one.order != layout.flatten for one in turned):
            yield _warning(
                "weights-order-unknown",
                f"{need.name} is next to a line with `{turned[0].order}`: its weights are taken in the file's order, "
                "as of a program that permutes its axes there",
                f"if it does not, leave `{turned[0].order}` out of that line",
            )
            return
        if layout.flatten is None and usual == "channels_last" and (mixed or maps):
            yield _warning(
                "weights-order-unknown",
                f"the file does not say whose it is, and the order of the weights of {need.name} depends on it",
                "if it is PyTorch's, write `order channels_first` in the model: its flatten puts the channels first",
            )
            return
        if layout.flatten is not None and mixed and usual != layout.flatten:
            yield _warning(
                "weights-order-unknown",
                f"{need.name} reads several maps that were flattened before: its weights are taken in the file's order",
                f"write `order {layout.flatten}` in the model: the file's program flattens that way",
            )
            return


def neighbour_doubt(other: Other, program: Program) -> Diagnostic:
    """Two modules of equal shapes, where only the order of their names says which is which."""
    ordered = "save the whole model: model.save('net.keras')" if program == "Keras" else _AS_WRITTEN
    one, two = shown_name(other.first.name), shown_name(other.second.name)
    return _warning(
        "weights-unsure",
        f"{other.need.name} could be {one} or {two}: both have its shapes, and only the order of names decided",
        f"{ordered}, which keeps its layers in their order",
    )


def program_doubts(analysis: Analysis, program: Program) -> Iterator[Diagnostic]:
    """Padding and epsilon that are usual in the other of the two programs."""
    if program == "PyTorch":
        yield from _padding_doubt(analysis)
    if program == "Keras" or (program == "PyTorch" and _pads_as_keras(analysis)):
        yield from _epsilon_doubt(analysis, program, "PyTorch" if program == "Keras" else "Keras")


def epsilon_remark(analysis: Analysis, program: Program, doubts: Iterable[Diagnostic]) -> tuple[str, ...]:
    """That batch norms add another number than the program does where it says nothing; none where a warning says so."""
    own = EPSILONS.get(program)
    if own is None or any(one.code == "weights-epsilon" for one in doubts):
        return ()
    others = {getattr(node.node.layer, "epsilon", own[0]) for node in analysis.nodes if node.node.layer.word == "bn"}
    written = ", ".join(f"{other:g}" for other in sorted(others - {own[0]}))
    return (
        (f"batch norms add this net's {written}, where {OWNERS[program]} usual number is {own[1]}",) if written else ()
    )


def _epsilon_doubt(analysis: Analysis, program: Program, other: Program) -> Iterator[Diagnostic]:
    usual, written = EPSILONS[other]
    own = EPSILONS[program][1]
    norms = (node for node in analysis.nodes if node.node.layer.word == "bn")
    first = next((node for node in norms if getattr(node.node.layer, "epsilon", None) == usual), None)
    if first is not None:
        yield _warning(
            "weights-epsilon",
            f"the file is {OWNERS[program]}, but batch norm here adds {written}, as {OWNERS[other]} usually does",
            f"if the net was trained with {OWNERS[program]} own number, write `epsilon {own}` at the top",
            first,
        )


def _padding_doubt(analysis: Analysis) -> Iterator[Diagnostic]:
    for node in analysis.nodes:
        if (axis := _uneven_axis(node)) is not None:
            before = counted(axis.before, LINES_OF.get(axis.name, "row"))
            yield _warning(
                "weights-padding",
                f"the file is PyTorch's, but `same` pads {before} before and {axis.after} after here, as "
                "Keras does; PyTorch pads both sides equally, which gives the same shapes and other numbers",
                f"if the net was trained so in PyTorch, write `padding={axis.after}` in place of `same`",
                node,
            )
            return


def _pads_as_keras(analysis: Analysis) -> bool:
    """Whether the text says `same` anywhere, which is Keras' way of writing."""
    layers = (node.node.layer for node in analysis.nodes)
    return any(isinstance(layer, SlidingWindow) and layer.asked_padding().mode == "same" for layer in layers)


def _uneven_axis(node: NodeAnalysis) -> Axis | None:
    """The first axis of a window with `same` that is padded more on one side, at a stride above 1."""
    layer = node.node.layer
    if not isinstance(layer, SlidingWindow) or layer.asked_padding().mode != "same":
        return None
    return next((one for one in layer.axes(node.inputs[0]) if one.stride > 1 and one.before != one.after), None)


def _warning(code: str, message: str, help: str, node: NodeAnalysis | None = None) -> Diagnostic:
    span = None if node is None else node.node.origin.span
    return Diagnostic(code, message, span, help=help, severity="warning")
