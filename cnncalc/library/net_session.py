"""A net made ready to run again and again with the same weights: `net.prepare(...)` gives it.

Weights are read or drawn, packed and checked once; a further run costs what the net costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.python_words import python_words
from cnncalc.library.given_inputs import given_inputs
from cnncalc.library.read_net import NOT_PICKLED, refuse_whole
from cnncalc.runtime.array_order import in_order

if TYPE_CHECKING:
    from cnncalc.graph.ir import Graph
    from cnncalc.library.array_types import Array, Given, Outputs
    from cnncalc.library.net_layers import NetLayers
    from cnncalc.runtime.prepared_runs import PreparedRuns

LONGEST = 60
"""Letters of a net's name, and of where its weights are from, in a `repr`."""


class ClassScore(NamedTuple):
    """A class that a net answers: its number, its name ("" where nothing names it), and its value in the output."""

    number: int
    name: str
    score: float


class Session:
    """A net with its weights, ready to run; several threads may share it, their runs go one after the other.

    `run` gives the net's output, `outputs` all outputs by name, `layers` the result of every line, `predict` the
    classes with the highest scores.  Each takes an array of one image in the net's order, or of several with a batch
    axis in front; a dict of arrays for several inputs; or the file of a picture, or a list of such files.

    Any number of images may be given.  With `batch` they are run so many at a time, the last that are left together;
    without it all that come are one batch.  Each such number is planned once, and the last three stay ready.

    >>> import cnncalc, numpy
    >>> session = cnncalc.load("lenet5").prepare(seed=1)
    >>> session
    <cnncalc.Session 'LeNet-5, the usual modern reading': weights drawn at random (He normal, seed 1)>
    >>> session.run(numpy.zeros((32, 32, 1))).shape, session.run(numpy.zeros((5, 32, 32, 1))).shape
    ((1, 10), (5, 10))
    """

    def __init__(
        self, runs: PreparedRuns, layers: NetLayers, names: tuple[str, ...] = (), batch: int | None = None
    ) -> None:
        self._runs, self._layers, self._names, self._batch = runs, layers, names, batch

    @property
    def batch(self) -> int | None:
        """How many images are run at once; None: as many as come."""
        return self._batch

    @property
    def threads(self) -> int:
        """How many threads a run may use."""
        return self._runs.thread_limit

    @property
    def weights(self) -> str:
        """Where the weights are from, in words."""
        return self._runs.weights.origin

    @python_words()
    def run(self, array: Given | None = None) -> Outputs:
        """The net's output, with a batch axis in front; of a net with several outputs a tuple of them.

        The axes are those of the net's order: image, height, width, channel, or image, channel, height, width; those
        of a vector are image and channel.  Raises InputError for what does not fit.

        >>> import cnncalc
        >>> session = cnncalc.load("input 2x2x1; conv 1 2x2 bias=[1] weights=[1 2; 3 4]").prepare()
        >>> session.run([[1, 0], [0, 1]]).tolist()
        [[[[6.0]]]]
        """
        found = tuple(self.outputs(array).values())
        return found[0] if len(found) == 1 else found

    @python_words()
    def outputs(self, array: Given | None = None) -> dict[str, Array]:
        """Every output by its name, as `run` gives it."""
        nodes, order = self._runs.analysis.nodes, self._graph.order
        results = self._runs.run(self._inputs(array), self._batch or 0)
        named = [nodes[index] for index in self._graph.outputs]
        return {node.node.name: in_order(results[node.node.name], node.output, order) for node in named}

    @python_words()
    def layers(self, array: Given | None = None, only: Sequence[str] | str | None = None) -> dict[str, Array]:
        """The result of every line by its name, in the net's order and with a batch axis: feature maps.

        Names are those of `net.layers`; the result of a line is what its last word gives.  `only` are the names of the
        lines that are wanted.  Raises InputError.

        >>> import cnncalc, numpy
        >>> maps = cnncalc.load("lenet5").prepare().layers(numpy.zeros((32, 32, 1)), only=["conv1", "dense3"])
        >>> {name: array.shape for name, array in maps.items()}
        {'conv1': (1, 28, 28, 6), 'dense3': (1, 10)}
        """
        analysis, wanted = self._runs.analysis, self._wanted(only)
        inputs = self._inputs(array)
        rows = [analysis.rows[number] for number in wanted]
        computed = [row.row.last for row in rows if not row.nodes[-1].node.is_input]
        results = self._runs.run(inputs, self._batch or 0, computed) if computed else {}
        found = {}
        for row in rows:
            last = row.nodes[-1]
            volume = self._runs.input_volume(last, inputs) if last.node.is_input else results[last.node.name]
            found[row.nodes[0].node.name] = in_order(volume, last.output, self._graph.order)
        return found

    @python_words()
    def predict(self, array: Given | None = None, top: int = 5) -> tuple[tuple[ClassScore, ...], ...]:
        """For each image the classes with the highest scores, the best first; a net gives a vector for that.

        Names are those that ship with the net or are in its file, or of the file `labels` of `net.prepare`.  Raises
        InputError where no output is a vector.
        """
        refuse_whole("top", top, least=1)
        vectors = {name: values for name, values in self.outputs(array).items() if values.ndim == 2}
        if not vectors:
            raise self._no_vector()
        found = []
        for values in list(vectors.values())[-1]:
            best = np.argsort(-values, kind="stable")[:top].tolist()
            found.append(tuple(ClassScore(number, self._name(number), float(values[number])) for number in best))
        return tuple(found)

    def __reduce__(self) -> NoReturn:
        raise TypeError(NOT_PICKLED.format("session", "prepare it there with .prepare()"))

    @property
    def _graph(self) -> Graph:
        return self._runs.analysis.graph

    def _inputs(self, array: Given | None) -> dict[str, Array]:
        return given_inputs(self._runs.analysis, array, self._runs.takes)

    def _name(self, number: int) -> str:
        return self._names[number] if number < len(self._names) else ""

    def _wanted(self, only: Sequence[str] | str | None) -> list[int]:
        """The numbers of the lines that are wanted, in the order of the net."""
        if only is None:
            return list(range(len(self._layers)))
        names = list(map(str, only)) if isinstance(only, (list, tuple)) else [str(only)]
        if not names:
            raise input_error("unknown-place", "only names no line", help='write only=["conv1"], or leave it out')
        return sorted({self._layers[name].number for name in names})

    def _no_vector(self) -> InputError:
        shapes = ", ".join(shape.text(self._graph.order) for shape in self._runs.analysis.totals.outputs)
        message = (
            f"{printable(self._graph.source.shown)} gives {shapes}, which is no vector with a number for each class"
        )
        return input_error("no-classes", message, help="take .run(...), which gives the numbers themselves")

    def __repr__(self) -> str:
        name = printable((self._graph.heading or self._graph.source.shown)[:LONGEST])
        origin = printable(self.weights)
        shown = origin if len(origin) <= LONGEST else f"{origin[:LONGEST]}..."
        batch = f"batch {self._batch}, " if self._batch else ""
        return f"<cnncalc.Session {name!r}: {batch}weights {shown}>"
