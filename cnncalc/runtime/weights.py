"""The weights of a net: drawn at random from a seed, or read from a file, named `node.weight`.

Drawn are all of them, also those with which a training begins at 0 or 1 (biases, a batch norm's statistics): a layer
that is left out by mistake changes every result then.  What a net needs comes from the analysis alone (`Weight.shape`,
`Weight.initial`), so that what is counted is what is allocated.  Values that the model states are exact.  A drawn
weight depends on the seed and its own name only: adding a layer changes no other (a batch norm's statistics suit what
is expected to reach it).  Which array of a file is which weight is known to `cnncalc.runtime.matching`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import blake2b
from math import log, prod, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save as packed

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.destinations import write_stream
from cnncalc.diagnostics import Diagnostic, input_error
from cnncalc.layers.base import Weight
from cnncalc.runtime.expected_scale import expected_scales
from cnncalc.runtime.file_arrays import About
from cnncalc.runtime.files import shown_name
from cnncalc.runtime.free_memory import refuse_plan
from cnncalc.runtime.matching import declared, match_of
from cnncalc.runtime.matching.match_records import Match
from cnncalc.runtime.number_types import in_type, place_not_finite
from cnncalc.runtime.planning import Plan, Precision, plan, precision
from cnncalc.runtime.taking import taken
from cnncalc.runtime.weight_files.opening import opened
from cnncalc.runtime.work_done import say_done

__all__ = ["Weights", "declared", "load", "save", "seeded", "shipped_weights"]

Array = np.ndarray[Any, Any]

MOST_NAMED = 4
"""Arrays that a warning names."""

BLOCK = 1 << 21
"""Numbers drawn from one stream; a large weight is drawn block by block, each with its own stream, on all cores."""


OFFSET = 0.1
"""The deviation of what is drawn in place of zeros: biases, running means."""

FACTORS = (0.5, 1.5)
"""The range of what is drawn in place of ones, before it is divided so that a layer keeps the mean of the squares."""

MOST_NAMED = 4
"""Parts of a file that are named where they are not used; the rest is counted."""

MEAN_SQUARE = (FACTORS[1] ** 3 - FACTORS[0] ** 3) / 3
MEAN_INVERSE = log(FACTORS[1] / FACTORS[0])
"""Of a number drawn evenly from that range: factors multiply, variances divide."""


@dataclass(frozen=True)
class Weights:
    """Every array of a net by name, in the declared shape.

    `origin` says in words where they are from; `warnings` what names and shapes could not tell about their file.
    """

    arrays: Mapping[str, Array]
    origin: str
    dtype: Precision
    warnings: tuple[Diagnostic, ...] = ()


def seeded(
    analysis: Analysis,
    seed: int = 0,
    dtype: Precision = "float32",
    *,
    everything: bool | None = None,
    part: Plan | None = None,
) -> Weights:
    """He-normal weights (variance 2 / fan_in), offsets near 0 and factors near 1 elsewhere, stated values exactly.

    `everything` False leaves zeros and ones where layers say so, as a person who works by hand takes them; None decides
    by the net's precision.  float64 weights are the float32 ones, so that both compute the same net.  Of a `part` of
    the net's plan only the weights are drawn, each as among all; of a weight of which only some rows are used, those.
    """
    if seed < 0:
        raise input_error("seed-negative", f"the seed is {seed}", help="use a whole number from 0")
    needed = _needed(analysis, part)
    refuse_plan(part or plan(analysis, 1, dtype))
    rows = {} if part is None else part.stored_rows
    arrays = {name: np.empty(_own_shape(weight, rows.get(name)), dtype) for name, weight in needed.items()}
    if everything is None:
        everything = precision(analysis) == "float32"
    drawn = [name for name in _drawn(analysis, everything=everything) if name in needed]
    for name in needed.keys() - set(drawn):
        _state(arrays[name], needed[name], rows.get(name))
    scales = _statistics(analysis)
    _draw(
        (_Drawn(arrays[name].reshape(-1), name, needed[name], scales.get(name, 1.0), rows.get(name)) for name in drawn),
        seed,
    )
    origin = f"drawn at random (He normal, seed {seed})" if drawn else "as the model states them"
    return Weights(arrays, origin if needed else "none: no line has any", dtype)


def _needed(analysis: Analysis, part: Plan | None) -> dict[str, Weight]:
    """The net's weights by their stored names; of a part of its plan those that are used there."""
    needed = declared(analysis)
    return needed if part is None else {name: needed[name] for name in part.stored_weights}


def load(path: Path, analysis: Analysis, dtype: Precision = "float32", *, part: Plan | None = None) -> Weights:
    """The weights in a file of any kind; anything missing, left over or of another shape is one InputError.

    Headers are checked before any number is read, so nothing larger than the net's own weights is ever allocated.  Of a
    `part` of the net's plan only the weights are read; whether the file fits is a question about the whole net.
    """
    needed = _needed(analysis, part)
    refuse_plan(part or plan(analysis, 1, dtype))
    rows = {} if part is None else part.stored_rows
    with opened(path) as file:
        match = match_of(path, analysis, file)
        arrays: dict[str, Array] = {}
        strange: dict[str, str] = {}
        found = {name: stored for name, stored in match.found.items() if name in needed}
        for name, stored in found.items():
            say_done("reading weights", len(arrays), len(found))
            array = in_type(file.read(stored.entry), dtype, f"`{shown_name(stored.entry)}` in `{path}`")
            if (place := place_not_finite(array)) is not None:
                strange[stored.entry] = f"{array[place]} at [{', '.join(map(str, place))}]"
            arrays[name] = _rows_of(taken(array, stored.steps), rows.get(name))
    for name in needed.keys() & match.stated:
        arrays[name] = np.empty(_own_shape(needed[name], rows.get(name)), dtype)
        _state(arrays[name], needed[name], rows.get(name))
    origin = _origin(path, match, file.about)
    warnings = (*_not_finite(path, strange), *match.doubts)
    return Weights({name: arrays[name] for name in needed}, origin, dtype, warnings)


def _not_finite(path: Path, strange: Mapping[str, str]) -> Iterator[Diagnostic]:
    """A warning where arrays of a file hold numbers that are not finite: which, and the first place in each."""
    if strange:
        more = f" and {len(strange) - MOST_NAMED} more" if len(strange) > MOST_NAMED else ""
        shown = [f"`{shown_name(name)}` is {said}" for name, said in strange.items()][:MOST_NAMED]
        message = f"{len(strange)} of the arrays in `{path}` {'hold' if len(strange) > 1 else 'holds'} NaN or infinity"
        advice = "such weights are left by a training that failed: take a file that was saved earlier"
        notes = (", ".join(shown) + more,)
        yield Diagnostic("weights-not-finite", message, notes=notes, severity="warning", help=advice)


def shipped_weights(
    path: Path, analysis: Analysis, dtype: Precision = "float32", *, part: Plan | None = None
) -> Weights:
    """Trained weights that come with cnncalc; the file says in its metadata on what, and how well."""
    loaded = load(path, analysis, dtype, part=part)
    with safe_open(path, "numpy") as file:
        about = (file.metadata() or {}).get("about", path.name)
    return replace(loaded, origin=f"trained, as shipped with cnncalc: {about}")


def save(path: Path, arrays: Mapping[str, Array], *, inputs: Iterable[str] = (), force: bool = False) -> None:
    """Writes arrays (weights, outputs) as .npz or .safetensors, by the suffix, as `destinations.write_stream` does."""
    if path.suffix.lower() == ".safetensors":
        whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        write_stream(str(path), lambda file: file.write(packed(whole)), inputs=inputs, force=force)
    else:
        write_stream(str(path), lambda file: np.savez(file, allow_pickle=False, **arrays), inputs=inputs, force=force)


def _origin(path: Path, match: Match, about: About) -> str:
    """In one sentence: `from vgg16.pth (PyTorch; matched by names and shapes; aux1, aux2 not used)`."""
    left = match.left
    parts = (
        match.program or about.program,
        about.remark,
        match.way,
        f"{_listed(match.unused)} not used" if match.unused else "",
        f"{left.uncalled} of modules that are never called ignored" if left.uncalled else "",
        f"{left.again} of second names of modules ignored" if left.again else "",
        *match.remarks,
    )
    return f"from {path} ({'; '.join(filter(None, parts))})"


def _listed(names: Sequence[str]) -> str:
    """Some names, shortened to what a sentence bears."""
    few = ", ".join(shown_name(name) for name in names[:MOST_NAMED])
    return f"{few} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else few


Rows = tuple[int, int] | None
"""The first and the last row of a weight of which only some are used; None: it is used whole."""


def _own_shape(weight: Weight, rows: Rows) -> tuple[int, ...]:
    return weight.shape if rows is None else (rows[1] - rows[0] + 1, *weight.shape[1:])


def _rows_of(array: Array, rows: Rows) -> Array:
    """The rows in memory of their own, so that the others can be forgotten."""
    return array if rows is None else array[rows[0] : rows[1] + 1].copy()


def _state(array: Array, weight: Weight, rows: Rows = None) -> None:
    if isinstance(weight.initial, tuple):
        whole = np.array([float(value) for value in weight.initial], array.dtype).reshape(weight.shape)
        array[...] = _rows_of(whole, rows)
    elif isinstance(weight.initial, Fraction):
        array.fill(float(weight.initial))
    else:
        array.fill(1.0 if weight.initial == "ones" else 0.0)


def _drawn(analysis: Analysis, *, everything: bool) -> list[str]:
    """The names of weights that are drawn; a layer whose text states some of them begins with 0 in the others."""
    found = []
    for node in _owners(analysis):
        states = any(isinstance(weight.initial, tuple) for weight in node.weights)
        drawn = [weight for weight in node.weights if weight.initial == "he" or (everything and not states)]
        found += [f"{node.node.name}.{weight.name}" for weight in drawn]
    return found


def _owners(analysis: Analysis) -> Iterator[NodeAnalysis]:
    """The nodes that use no other's weights."""
    return (node for node in analysis.nodes if node.lender is None)


def _statistics(analysis: Analysis) -> dict[str, float]:
    """How large the running means and variances of batch norms are, by name: as what is expected to reach them."""
    scales = expected_scales(analysis)
    found = {}
    for node in _owners(analysis):
        if node.node.layer.word == "bn":
            square = scales[node.node.inputs[0]].square
            found[f"{node.node.name}.running_var"] = square
            found[f"{node.node.name}.running_mean"] = sqrt(square)
    return found


class _Drawn(NamedTuple):
    """A weight to be drawn into a flat array, or only its rows; `scale` is that of its statistics."""

    array: Array
    name: str
    weight: Weight
    scale: float
    rows: Rows

    def parts(self) -> Iterator[tuple[_Drawn, int, int]]:
        """Block by block: the piece of the array, the block, and how many of its numbers come before the piece."""
        start = 0 if self.rows is None else self.rows[0] * prod(self.weight.shape[1:])
        first, end = start, start + self.array.size
        while first < end:
            block, skipped = divmod(first, BLOCK)
            last = min(end, (block + 1) * BLOCK)
            yield self._replace(array=self.array[first - start : last - start]), block, skipped
            first = last


def _draw(weights: Iterable[_Drawn], seed: int) -> None:
    """Fill flat arrays, block by block; numpy draws without the GIL, so threads help."""
    parts = [part for one in weights for part in one.parts()]
    done, total = 0, sum(part[0].array.size for part in parts)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for part, _ in zip(parts, pool.map(lambda part: _draw_block(*part, seed=seed), parts), strict=True):
            done += part[0].array.size
            say_done("drawing random weights", done, total)


def _draw_block(one: _Drawn, block: int, skipped: int, *, seed: int) -> None:
    key = int.from_bytes(blake2b(one.name.encode(), digest_size=8).digest(), "little")
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(key, block))))
    if not skipped:
        _draw_numbers(generator, one.array, one.weight, one.scale)
        return
    whole = np.empty(skipped + one.array.size, one.array.dtype)
    _draw_numbers(generator, whole, one.weight, one.scale)
    one.array[...] = whole[skipped:]


def _draw_numbers(generator: np.random.Generator, part: Array, weight: Weight, scale: float) -> None:
    if weight.initial == "ones":
        scale *= MEAN_INVERSE if weight.name == "running_var" else 1 / sqrt(MEAN_SQUARE)
        part[...] = (scale * generator.uniform(*FACTORS, part.size)).astype(np.float32)
        return
    deviation = sqrt(2 / weight.fan_in) if weight.initial == "he" else scale * OFFSET
    if part.dtype == np.float32:
        generator.standard_normal(dtype=np.float32, out=part)
        part *= np.float32(deviation)
    else:
        part[...] = generator.standard_normal(part.size, dtype=np.float32) * np.float32(deviation)
