"""What Keras, PyTorch and Caffe count for a layer that we count otherwise, and why: one rule for each kind of layer.

`params` are the numbers that are learned.  Keras adds every other number that a layer stores; Caffe adds them too, and
one more for each batch norm; PyTorch's norms learn scale and shift or neither.  The sums over these rules are in the
`Figures`, which count by them (`counted_params`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.ir import Count
from cnncalc.layers.base import Layer, Weight

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis

FRAMEWORKS: dict[Count, str] = {"keras": "Keras", "pytorch": "PyTorch", "caffe": "Caffe"}
"""How each is called."""


def count_named(name: str) -> Count | None:
    """The count of `--params-as NAME`; None for an empty name.  Raises InputError for any other."""
    known: dict[str, Count] = {"keras": "keras", "torch": "pytorch", "caffe": "caffe"}
    if name and name not in known:
        advice = did_you_mean(name, known, "write keras, torch or caffe")
        raise input_error("wrong-operand", f"parameters cannot be counted as in `{printable(name[:40])}`", help=advice)
    return known.get(name)


class Held(NamedTuple):
    """Numbers that a framework's layer holds beside those that are learned here; `counted`: in its number of params."""

    what: str
    noun: str
    amount: int
    counted: bool
    reason: str = ""


class Difference(NamedTuple):
    """One kind of them in a whole net, and in how many layers."""

    what: str
    noun: str
    layers: int
    amount: int
    counted: bool
    reason: str

    @property
    def words(self) -> str:
        """`running means and variances of 53 batch norms`."""
        return f"{self.what} of {self.layers} {self.noun}{'' if self.layers == 1 else 's'}"


def held(layer: Layer, weights: tuple[Weight, ...], framework: Count) -> Iterator[Held]:
    """What the framework's layer holds beside the learned numbers of ours; of a file's `torch` nothing."""
    if framework == "torch":
        return
    fixed = sum(weight.count for weight in weights if not weight.trainable)
    if fixed:
        counted = framework != "pytorch"
        what, noun = _fixed(layer)
        yield Held(what, noun, fixed, counted, "" if counted else "buffers in PyTorch, which `parameters()` leaves out")
    if layer.word == "bn":
        if framework == "caffe":
            yield Held("moving-average factors", "batch norm", 1, counted=True, reason="the third blob of BatchNorm")
        if framework == "pytorch":
            reason = "buffers in PyTorch, which `parameters()` leaves out"
            yield Held("counters (`num_batches_tracked`)", "batch norm", 1, counted=False, reason=reason)
    if framework == "pytorch":
        yield from _other_half(layer, weights)


def _fixed(layer: Layer) -> tuple[str, str]:
    """What the numbers are that a layer stores and does not learn."""
    if layer.word == "bn":
        return "running means and variances", "batch norm"
    if layer.word in ("conv", "upconv"):
        return "fixed filters", "convolution"
    return ("stated numbers", "constant") if layer.word == "constant" else ("fixed numbers", f"{layer.word} layer")


def _other_half(layer: Layer, weights: tuple[Weight, ...]) -> Iterator[Held]:
    """PyTorch's norms have no switch for scale alone or shift alone; LayerNorm can leave out its shift."""
    if layer.word not in NORMS:
        return
    scale, shift = getattr(layer, "scale", True), getattr(layer, "shift", True)
    if scale == shift or (layer.word == "ln" and scale):
        return
    amount = next(weight.count for weight in weights if weight.trainable)
    what = "shifts" if scale else "scales"
    yield Held(what, NORMS[layer.word], amount, counted=True, reason="PyTorch learns scale and shift, or neither")


def more_params(layer: Layer, weights: tuple[Weight, ...], framework: Count) -> int:
    """How many numbers the framework counts as parameters that are not learned here."""
    return sum(one.amount for one in held(layer, weights, framework) if one.counted)


def counted_as(analysis: Analysis, framework: Count) -> Analysis:
    """The same analysis, whose params are to be shown as the framework counts them."""
    return analysis._replace(graph=replace(analysis.graph, count=framework))


def differences(analysis: Analysis, framework: Count) -> tuple[Difference, ...]:
    """Each kind of numbers in a net that the framework holds beside the learned ones; shared weights count once."""
    found: dict[tuple[str, str], Difference] = {}
    for node in analysis.nodes:
        if node.lender is not None:
            continue
        for one in held(node.node.layer, node.weights, framework):
            before = found.get((one.what, one.noun), Difference(one.what, one.noun, 0, 0, one.counted, one.reason))
            found[one.what, one.noun] = before._replace(layers=before.layers + 1, amount=before.amount + one.amount)
    uncalled = sum(figures.buffers for _, figures in analysis.totals.uncalled)
    if uncalled:
        found["uncalled", ""] = Difference(
            "running values", "part that is never called", 1, uncalled, counted=framework != "pytorch", reason=""
        )
    return tuple(found.values())


def remarks(analysis: Analysis, framework: Count) -> Iterator[str]:
    """What is counted as it is written because the framework has no such layer, or another default."""
    layers = {node.node.layer.word: node.node.layer for node in analysis.nodes if node.weights}
    lacking = [f"`{word}`" for word in layers if word in LACKING[framework]]
    if any(hasattr(node.node.layer, "connect") for node in analysis.nodes):
        lacking.append("of convolutions by a table")
    if lacking:
        yield f"{FRAMEWORKS[framework]} has no layer {', '.join(lacking)}: counted as written"
    if "sepconv" in layers and framework != "keras":
        yield "`sepconv` is two convolutions there, the first without bias"
    slopes = {getattr(node.node.layer, "slopes", "") for node in analysis.nodes if node.node.layer.word == "prelu"}
    if framework == "keras" and slopes - {"all"}:
        yield "`prelu` has its slopes as written, by `shared_axes`; without it Keras learns one for each number"
    if framework == "pytorch" and "channels" in slopes:
        yield "`prelu` is `PReLU(C)`; `PReLU()` alone learns one slope for all channels"
    if framework != "keras" and "all" in slopes:
        yield f"{FRAMEWORKS[framework]} has no layer with a slope for each number, `prelu all`: counted as written"
    if framework == "pytorch" and "instancenorm" in layers:
        yield "`instancenorm` is with `affine=True`; PyTorch's own default learns nothing"


NORMS = {"bn": "batch norm", "ln": "layer norm", "gn": "group norm", "instancenorm": "instance norm"}
"""The norms that PyTorch gives a scale and a shift, or neither."""

LACKING: dict[Count, frozenset[str]] = {
    "keras": frozenset(("local", "learned", "scale", "shift", "layerscale")),
    "pytorch": frozenset(("local", "learned", "scale", "shift", "layerscale")),
    "caffe": frozenset(("local", "learned", "layerscale", "ln", "rmsnorm", "gn", "instancenorm", "attention")),
}
"""Layers with weights that a framework has not: they are written there with an array of their own."""
