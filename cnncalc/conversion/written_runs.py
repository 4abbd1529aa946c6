"""What was written is run, beside the net itself, with the same weights on the same input.

PyTorch, Keras and ONNX Runtime run it in a process of their own, from a folder that holds nothing but the text that was
written for this proof: no file of the user's is ever run.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.reading_back import entry_of
from cnncalc.destinations import write_file, write_stream
from cnncalc.runtime.peers.written_nets import PeerFailedError, install_hint, run_written
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.proof_records import CLOSE, Claim
from cnncalc.runtime.reference_run import reference_run
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import Weights

if TYPE_CHECKING:
    from cnncalc.conversion.proving import ReadBack

Array = np.ndarray[Any, Any]


class Ran(NamedTuple):
    """What went into the net, with which weights, and what came out: `[n, c, z, y, x]`.

    `pictures` are all inputs in order, those too of which the net's text states the numbers.
    """

    weights: Weights
    pictures: tuple[Array, ...]
    outputs: tuple[Array, ...]


def run_claim(analysis: Analysis, back: ReadBack, weights: Weights | None) -> tuple[Claim, float | None, str]:
    """The claim about a run, the largest difference, and by whom; a net without weights gets drawn ones."""
    package = back.form.package
    hint = install_hint(package) if package else ""
    if hint:
        return Claim("run", f"not done: {hint}", holds=None), None, ""
    ran = _our_run(analysis, weights)
    try:
        by, outputs = _framework_run(analysis, back, ran) if package else ("cnncalc", _own_run(back, ran))
    except PeerFailedError as failure:
        return Claim(f"run by {failure.by}", str(failure), holds=False), None, failure.by
    if [one.size for one in outputs] != [one.size for one in ran.outputs]:
        return Claim(f"run by {by}", "it gives outputs of other sizes", holds=False), None, by
    worst = max(map(_difference, ran.outputs, outputs), default=0.0)
    said = f"largest difference {worst:.1e} of the largest value{_remark(by, back) if worst > CLOSE else ''}"
    return Claim(f"run by {by}", said, holds=worst <= CLOSE), worst, by


def _remark(by: str, back: ReadBack) -> str:
    """What is known of a framework that computes otherwise than its own documentation says."""
    uneven = isinstance(back.content, str) and re.search(r'AveragePooling\dD\(.*padding="same"', back.content)
    if by.startswith("Keras") and "(torch)" in by and uneven:
        return "; Keras on PyTorch counts uneven rows of padding in a mean, on TensorFlow and JAX it does not"
    return ""


def _our_run(analysis: Analysis, weights: Weights | None) -> Ran:
    """The net itself: with its weights, or with drawn ones that keep every layer busy."""
    if weights is None:
        given = reference_run(analysis)
        return Ran(given.weights, _pictures(analysis, given.inputs), given.reference)
    random = np.random.default_rng(0)
    planned = plan(analysis, 1, "float32")
    inputs = {
        step.name: random.random(step.output, np.float32)
        for step in planned.steps
        if step.kernel == INPUT and not step.numbers
    }
    outputs = tuple(prepare(planned, weights).run(inputs).values())
    return Ran(weights, _pictures(analysis, inputs), outputs)


def _pictures(analysis: Analysis, drawn: Mapping[str, Array]) -> tuple[Array, ...]:
    """What is drawn for the inputs, and what the text states of them."""
    found = []
    for one in analysis.nodes:
        if not one.node.is_input:
            continue
        data = getattr(one.node.layer, "data", None)
        if data is None:
            found.append(drawn[one.node.name])
        else:
            values = np.array([float(value) for value in data.matrix.values()], np.float32)
            found.append(values.reshape(1, one.output.channels, *one.output.spatial))
    return tuple(found)


def _own_run(back: ReadBack, ran: Ran) -> list[Array]:
    """What our own executor makes of the net that was read again."""
    from cnncalc.conversion.carried_weights import carried

    assert back.analysis is not None
    assert back.same is not None
    arrays = carried(back.analysis, back.same, ran.weights.arrays)
    planned = plan(back.analysis, 1, "float32")
    names = [node.node.name for node in back.analysis.nodes if _is_given(node.node)]
    inputs = dict(zip(names, ran.pictures, strict=True))
    return list(prepare(planned, Weights(arrays, ran.weights.origin, "float32")).run(inputs).values())


def _is_given(node: Any) -> bool:
    return node.is_input and getattr(node.layer, "data", None) is None


def _framework_run(analysis: Analysis, back: ReadBack, ran: Ran) -> tuple[str, list[Array]]:
    """The framework's own outputs, each brought into the order of ours."""
    last = back.form.name == "keras"
    with tempfile.TemporaryDirectory() as folder:
        content, name = back.content, f"net_as_written{back.form.endings[0]}"
        write_file(os.path.join(folder, name), content)
        for other, data in back.others.items():
            write_stream(os.path.join(folder, other), partial(_written, data))
        entry = entry_of(back.form, content) if isinstance(content, str) else ""
        weights = ""
        if not back.form.is_binary:
            weights = f"net_as_written{back.form.weights}"
            write_stream(os.path.join(folder, weights), back.writer(ran.weights.arrays))
        shapes = [node.output for node in analysis.nodes if node.node.is_input]
        inputs = [_as_theirs(one, shape, last=last) for one, shape in zip(ran.pictures, shapes, strict=True)]
        write_stream(os.path.join(folder, "inputs.npz"), _arrays_in(inputs))
        by, outputs = run_written(back.form.package, folder, name, entry, weights)
    return by, [_as_ours(one, last=last) for one in outputs]


def _written(parts: Iterable[bytes], stream: BinaryIO) -> None:
    stream.writelines(parts)


def _arrays_in(arrays: list[Array]) -> Callable[[BinaryIO], object]:
    return lambda stream: np.savez(stream, allow_pickle=False, **{f"x{n}": one for n, one in enumerate(arrays)})


def _as_theirs(array: Array, shape: Any, *, last: bool) -> Array:
    """`[n, c, z, y, x]` with the axes that the net has, channels where the framework has them."""
    volume = array.reshape(len(array), shape.channels, *shape.spatial)
    return np.ascontiguousarray(np.moveaxis(volume, 1, -1) if last else volume)


def _as_ours(array: Array, *, last: bool) -> Array:
    return np.moveaxis(array, -1, 1) if last and array.ndim > 2 else array


def _difference(ours: Array, theirs: Array) -> float:
    """The largest difference over the largest value; what is not finite counts as 1."""
    mine, other = ours.reshape(-1).astype(np.float64), theirs.reshape(-1).astype(np.float64)
    worst = float(np.abs(mine - other).max(initial=0.0)) / (float(np.abs(mine).max(initial=0.0)) or 1.0)
    return worst if np.isfinite(worst) else 1.0
