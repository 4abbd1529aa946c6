"""The nouns of an analysis: every number that a table, an answer or a confirmation may show.

All frozen, all exact integers, per image unless `batch` says otherwise.  Nothing here computes; what few readers want
(the memory row by row) is asked for when it is read.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.fields import AxisField
from cnncalc.analysis.framework_params import more_params
from cnncalc.analysis.liveness import RowMemory
from cnncalc.diagnostics import Diagnostic
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Count, Graph, Group, Node, Row
from cnncalc.layers.base import Cost, Weight, learned


class ReceptiveField(NamedTuple):
    """Which input pixels one output value depends on, for each spatial axis of the input.

    `size`, `jump` and `start` are those of the local paths alone, as papers print them (Araujo et al. 2019): `size` in
    input pixels (pads counted, the largest over all positions); `jump` the distance in input pixels between
    neighbours (effective stride); `start` the centre of the first field, where the first pixel's own centre is 0.5.
    `at_most`: an upper bound, since channels were picked that may see less than their neighbours
    (`cnncalc.analysis.bounds`).

    `whole`: a path leads over a global layer (gap, dense, flatten, gn ...), the nearest of which is the node `over`, so
    that every value sees the whole image, or where a crop or a stride leaves pixels unread the `seen` pixels along each
    axis.  Where no path is local (`local` false) the three numbers are those of the whole field: `size` with its pads,
    `jump` 0.
    """

    size: tuple[int, ...]
    jump: tuple[Fraction, ...]
    start: tuple[Fraction, ...]
    at_most: bool = False
    local: bool = True
    seen: tuple[int, ...] = ()
    over: int | None = None

    @property
    def whole(self) -> bool:
        return self.over is not None


class Figures(NamedTuple):
    """What is known about a node, a row, a group or the whole net.

    `params` are learned, `buffers` are stored but not learned; `frozen` of the `params` are in frozen layers, which
    training leaves as they are.  `activation_size` counts the numbers of the output
    (0 for a view, which holds no memory of its own, in sums only).  `moved` are the numbers that are read and written:
    what arrives, params and buffers, and the output, each once a line, whose words work on it in one go; none for a
    view.

    PyTorch counts `torch_more` numbers beyond the `params`, Caffe `caffe_more` beyond `total_params`.  `local_params`,
    `dense_params` and `dense_connections` are those of the same mappings by locally connected and by dense layers; a
    layer that they could not replace keeps its own.  The three are 0 unless the analysis is `with_other_layers`.
    """

    params: int
    buffers: int
    cost: Cost
    connections: int
    activation_size: int
    frozen: int = 0
    moved: int = 0
    work: int = 0
    """What the convention that was asked for counts (`cnncalc.analysis.conventions`); 0 where none was."""
    unknown_work: int = 0
    """In how many operations nobody knows what that convention counts."""
    torch_more: int = 0
    caffe_more: int = 0
    local_params: int = 0
    dense_params: int = 0
    dense_connections: int = 0

    @property
    def trainable_params(self) -> int:
        """What training changes."""
        return self.params - self.frozen

    @property
    def fixed_params(self) -> int:
        """What Keras calls non-trainable: the frozen parameters and the buffers."""
        return self.frozen + self.buffers

    @property
    def total_params(self) -> int:
        return self.params + self.buffers

    def counted_params(self, count: Count | None) -> int:
        """The parameters as a file's `count keras` or as `--params-as` asks for them; else those that are learned."""
        if count == "caffe":
            return self.total_params + self.caffe_more
        if count == "pytorch":
            return self.params + self.torch_more
        return self.total_params if count == "keras" else self.params


class NodeAnalysis(NamedTuple):
    """One operation."""

    node: Node
    inputs: tuple[Shape, ...]
    output: Shape
    weights: tuple[Weight, ...]
    figures: Figures
    receptive_field: ReceptiveField | None
    fields: tuple[AxisField, ...] | None = None
    """The exact receptive fields of every position over all paths, local and global, axis by axis; `influence` asks
    them the other way round."""
    fields_at_most: bool = False
    """Whether `fields` are upper bounds."""
    lender: Node | None = None
    """The node whose weights this one uses in place of its own; `weights` are those then, and `figures` count none."""

    def __repr__(self) -> str:
        return (
            f"<NodeAnalysis {self.node.name}: {self.node.layer.word}, {_shown(self.inputs, self.output, self.figures)}>"
        )

    @property
    def weights_name(self) -> str:
        """The name under which its weights are stored: its own, or the lender's."""
        return (self.lender or self.node).name

    def counted_where_lent(self, count: Count | None) -> int:
        """The parameters that it computes with and that the lender counts, as `counted_params` counts them."""
        if self.lender is None:
            return 0
        return learned(self.weights) + (more_params(self.node.layer, self.weights, count) if count else 0)


class RowAnalysis(NamedTuple):
    """One line of the table.  `inputs` are the shapes that arrive from other rows."""

    row: Row
    inputs: tuple[Shape, ...]
    output: Shape
    figures: Figures
    receptive_field: ReceptiveField | None
    nodes: tuple[NodeAnalysis, ...]
    params_share: Fraction
    macs_share: Fraction

    def __repr__(self) -> str:
        return f"<RowAnalysis {self.row.index}: {self.row.text}, {_shown(self.inputs, self.output, self.figures)}>"


class GroupAnalysis(NamedTuple):
    """One block call: the sums over its rows and the shape it hands on."""

    group: Group
    inputs: tuple[Shape, ...]
    output: Shape
    figures: Figures
    receptive_field: ReceptiveField | None

    def __repr__(self) -> str:
        return (
            f"<GroupAnalysis {self.group.index}: {self.group.text}, {_shown(self.inputs, self.output, self.figures)}>"
        )


class Totals(NamedTuple):
    """The whole net.  `peak_activation_size`: the most numbers alive at once, inputs and outputs of a step included.

    `uncalled` are the parts that a program makes and never calls; `figures` hold their params and buffers.
    """

    figures: Figures
    peak_activation_size: int
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    layers: int
    uncalled: tuple[tuple[str, Figures], ...] = ()


class Analysis(NamedTuple):
    """Everything about a net; `batch` images at once (activations, MACs and connections are for the whole batch).

    `memory_by_row` is what is alive while each row is computed; the most of it is `totals.peak_activation_size`.
    """

    graph: Graph
    nodes: tuple[NodeAnalysis, ...]
    rows: tuple[RowAnalysis, ...]
    groups: tuple[GroupAnalysis, ...]
    totals: Totals
    warnings: tuple[Diagnostic, ...]
    memory_by_row: tuple[RowMemory, ...]
    batch: int = 1

    def __repr__(self) -> str:
        totals = self.totals
        shown = _shown(totals.inputs, totals.outputs[0], totals.figures) if totals.outputs else "no output"
        return f"<Analysis of {self.graph.where}: {len(self.rows)} rows, {shown}>"


def _shown(inputs: tuple[Shape, ...], output: Shape, figures: Figures) -> str:
    """What arrives and leaves and what it costs, in one line."""
    arrives = f"{', '.join(shape.text() for shape in inputs)} -> " if inputs else ""
    return f"{arrives}{output.text()}, {figures.params:,} params, {figures.cost.macs:,} MACs"
