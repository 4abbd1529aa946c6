"""One net with its weights, made ready once for each number of images: memory laid out, weights packed, engine checked.

Further runs of so many images cost what the net costs.  The few that were used last stay ready; all share the weights.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from math import prod
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.kernels import thread_count
from cnncalc.runtime.array_order import NetInputs
from cnncalc.runtime.caller_warnings import warn_caller
from cnncalc.runtime.checked_run import Checked, checked_ready, checked_run
from cnncalc.runtime.compiling import cache_warnings
from cnncalc.runtime.execution import input_array
from cnncalc.runtime.free_memory import refuse_too_much
from cnncalc.runtime.not_finite import first_not_finite, line_of
from cnncalc.runtime.number_types import is_finite
from cnncalc.runtime.planning import INPUT, Plan, plan
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

MOST_READY = 3
"""Numbers of images, or choices of results, for which a net stays ready: each has its own maps and packed weights."""


class Asked(NamedTuple):
    """How many images are run at once, and the nodes whose results are wanted; none: the net's outputs."""

    images: int
    nodes: tuple[int, ...] = ()


class PreparedRuns:
    """Runs one net with the same weights again and again; several threads may call it, one after the other runs.

    The first run of so many images is held against the readable kernels; where the two differ a RuntimeWarning says so,
    at every run, and the results are theirs.
    """

    def __init__(self, analysis: Analysis, weights: Weights, threads: int | None = None) -> None:
        self.analysis, self.weights, self.threads = analysis, weights, threads
        self.takes = NetInputs.of(analysis)
        self._lock = Lock()
        self._ready: OrderedDict[Asked, Checked] = OrderedDict()

    @property
    def thread_limit(self) -> int:
        """How many threads a run may use."""
        return self.threads or thread_count()

    def input_volume(self, node: NodeAnalysis, inputs: Mapping[str, Array]) -> Array:
        """A copy of what goes in at an input: what is given, or what the text states."""
        images = max((len(volume) for volume in inputs.values()), default=1)
        planned = plan(self.analysis, images, self.weights.dtype)
        return input_array(planned.steps[node.node.index], planned, inputs).copy()

    def prepare(self, images: int, nodes: Sequence[int] = ()) -> Checked:
        """Who runs so many images from now on: planned, packed, compiled, and checked on an image that is drawn."""
        with self._lock:
            asked = Asked(images, tuple(nodes))
            if asked not in self._ready:
                planned = self._planned(asked)
                refuse_batch_memory(planned)
                self._make_room()
                self._ready[asked] = checked_ready(planned, self.weights, drawn_inputs(planned), self.threads)
            return self._ready[asked]

    def run(self, inputs: Mapping[str, Array], at_once: int = 0, nodes: Sequence[int] = ()) -> dict[str, Array]:
        """The results by name, as `[n, c, z, y, x]`, for inputs that are so; `at_once` images at a time, 0: all."""
        images = max((len(volume) for volume in inputs.values()), default=1)
        with self._lock:
            if not at_once or images <= at_once:
                results = self._run(inputs, Asked(images, tuple(nodes)))
            else:
                parts = [
                    self._run(part, Asked(len(next(iter(part.values()))), tuple(nodes)))
                    for part in portions(inputs, images, at_once)
                ]
                results = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for warning in cache_warnings():
            warn_caller(f"{warning.message}; {warning.notes[0]}")
        if not all(map(is_finite, results.values())):
            self._say_not_finite(inputs)
        return results

    def _run(self, inputs: Mapping[str, Array], asked: Asked) -> dict[str, Array]:
        found = self._ready.get(asked)
        if found is None:
            found, results = self._keep(asked, self._planned(asked), inputs)
        else:
            self._ready.move_to_end(asked)
            results = found.ready.run(inputs)
        if found.difference:
            warn_caller(f"{self.analysis.graph.source.name}: {found.difference}")
        return results

    def _keep(self, asked: Asked, planned: Plan, inputs: Mapping[str, Array]) -> tuple[Checked, dict[str, Array]]:
        """Make ready and check while it runs."""
        self._make_room()
        found, results = checked_run(planned, self.weights, inputs, self.threads)
        self._ready[asked] = found
        return found, results

    def _make_room(self) -> None:
        """The memory of what was used longest ago is free before more is made ready."""
        while len(self._ready) >= MOST_READY:
            self._ready.popitem(last=False)

    def _planned(self, asked: Asked) -> Plan:
        return plan(self.analysis, asked.images, self.weights.dtype, outputs=asked.nodes or None)

    def _say_not_finite(self, inputs: Mapping[str, Array]) -> None:
        """Warn where the first number appears that is not finite."""
        first = first_not_finite(self.analysis, self.weights, inputs)
        if first is not None:
            node, said = first
            warn_caller(f"{self.analysis.graph.source.name}: {line_of(self.analysis, node)}: {said}")


def refuse_batch_memory(planned: Plan) -> None:
    """Raises InputError where the inputs and outputs of the batch alone are more than the memory that is left."""
    held = sum(prod(step.output) for step in planned.steps if step.kernel == INPUT or step.node in planned.outputs)
    refuse_too_much(
        np.dtype(planned.dtype).itemsize * held,
        f"a batch of {planned.batch:,} images",
        notes=("these are its inputs and outputs alone",),
        hint="give a smaller batch, for example batch=32: any number of images may still come",
    )


def portions(inputs: Mapping[str, Array], images: int, at_once: int) -> list[dict[str, Array]]:
    """The inputs, so many images at a time; the last portion has those that are left."""
    return [
        {name: volume[first : first + at_once] for name, volume in inputs.items()}
        for first in range(0, images, at_once)
    ]


def drawn_inputs(planned: Plan) -> dict[str, Array]:
    """An image drawn from 0 to 1 for each input that the text does not state, once for each image of the plan."""
    generator = np.random.default_rng(0)
    found = {}
    for step in planned.steps:
        if step.kernel == INPUT and "stated" not in step.numbers:
            one = generator.random(prod(step.output[1:]), np.float32).reshape(1, *step.output[1:])
            found[step.name] = np.broadcast_to(one, step.output)
    return found
