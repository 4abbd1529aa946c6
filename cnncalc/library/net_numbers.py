"""The numbers of a net from Python: whole, exact, for one image; and the table that shows them.

Every number is that of the analysis; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cnncalc.diagnostics.python_words import in_python, python_words
from cnncalc.library.read_net import ReadNet, refuse_whole

if TYPE_CHECKING:
    from cnncalc.analysis.stored_bytes import DType
    from cnncalc.library.named_shape import NamedShape
    from cnncalc.library.net_layers import NetField, NetLayers
    from cnncalc.library.table_text import TableText
    from cnncalc.pictures.roofline_answer import RooflineAnswer
    from cnncalc.report.instead_answer import InsteadAnswer
    from cnncalc.report.memory_answer import MemoryAnswer
    from cnncalc.report.summary import Choices


class NetNumbers(ReadNet):
    """What a net has and costs."""

    @property
    def params(self) -> int:
        """How many numbers are learned, those of frozen layers too; running statistics are `buffers`.

        Keras counts both: `net.params + net.buffers`.

        >>> import cnncalc
        >>> net = cnncalc.load("resnet50")
        >>> net.params, net.buffers, net.macs, net.flops
        (25557032, 53120, 4089184256, 8217436526)
        """
        return self.analysis.totals.figures.params

    @property
    def buffers(self) -> int:
        """How many numbers are stored with the weights and not learned: running means and variances."""
        return self.analysis.totals.figures.buffers

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image; `conventions` are the counts of other tools."""
        return self.analysis.totals.figures.cost.macs

    @property
    def flops(self) -> int:
        """Operations for one image: two for each multiply-accumulate, and every other one (compare, add, exp, ...)."""
        return self.analysis.totals.figures.cost.flops

    @cached_property
    def layers(self) -> NetLayers:
        """The lines of the table, by number or by name; each has its shapes, params, MACs and receptive field.

        >>> import cnncalc
        >>> cnncalc.load("lenet5").layers["conv1"]
        <layer 1 conv1: conv 6 5x5 tanh, 32x32x1 -> 28x28x6, 156 params, 117,600 MACs>
        """
        from cnncalc.library.net_layers import NetLayers

        return NetLayers(self.analysis)

    @property
    def inputs(self) -> dict[str, NamedShape]:
        """The shape of each input by its name, in the net's order and without the batch."""
        return {layer.name: layer.output for layer in self.layers if self.graph.rows[layer.number].first in self._fed}

    @property
    def outputs(self) -> dict[str, NamedShape]:
        """The shape of each output by its name: what `run` gives, without the batch.

        >>> import cnncalc
        >>> cnncalc.load("yolov5n").outputs
        {'boxes8': (80, 80, 255), 'boxes16': (40, 40, 255), 'boxes32': (20, 20, 255)}
        """
        from cnncalc.library.named_shape import NamedShape

        nodes, order = self.analysis.nodes, self.graph.order
        return {nodes[at].node.name: NamedShape.of(nodes[at].output, order) for at in self.graph.outputs}

    @property
    def input(self) -> NamedShape:
        """The shape of the input, the first of several (`inputs` has all): the sizes of its axes without the batch.

        >>> import cnncalc
        >>> net = cnncalc.load("lenet5")
        >>> net.input, net.input.height, net.output
        ((32, 32, 1), 32, (10,))
        """
        return next(iter(self.inputs.values()))

    @property
    def output(self) -> NamedShape:
        """The shape of the output, the first of several (`outputs` has all)."""
        return next(iter(self.outputs.values()))

    @property
    def receptive_field(self) -> NetField | None:
        """Which pixels of the input a value of the last map sees; None where no layer has a map.

        >>> import cnncalc
        >>> cnncalc.load("vgg16").receptive_field
        <field 212x212, jump 32, start 16>
        """
        from cnncalc.library.net_layers import NetField
        from cnncalc.report.foot import last_map

        row = last_map(self.analysis)
        return None if row is None else NetField.of(row.receptive_field)

    @property
    def peak_memory(self) -> int:
        """The most bytes of activations that are alive at once: one image in float32, weights not counted.

        `memory()` has the weights, other types, batches and training.

        >>> import cnncalc
        >>> cnncalc.load("vgg16").peak_memory
        25690112
        """
        from cnncalc.analysis.stored_bytes import memory

        return memory(self.analysis.totals, "float32").peak_activations

    @cached_property
    def conventions(self) -> dict[str, int | None]:
        """The work of one image as each tool and paper counts it, by name; None where it has no known rule for a layer.

        >>> import cnncalc
        >>> cnncalc.load("resnet50").conventions["fvcore"]
        4111512576
        """
        from cnncalc.analysis.conventions import CONVENTIONS, convention_counts

        return {name: convention_counts(self.analysis, name).total for name in CONVENTIONS}

    @python_words()
    def summary(
        self,
        width: int | None = 80,
        *,
        every_copy: bool = False,
        columns: str | Sequence[str] | None = None,
        params_as: str = "",
        depth: int | None = None,
    ) -> TableText:
        """The table as text, as `print(net)` and `cnncalc summary` show it.

        `width` is how many columns of text it may take (None: as many as it needs).  `columns` are names, as
        `["output", "params", "rf"]` or `"+rf"`, which adds to the usual ones.  `depth` is how deep blocks are opened: 0
        gives each block one line, 1 opens those that are in no other, None all.  `every_copy`: identical copies are not
        folded; `params_as` counts as "keras", "torch" or "caffe".  Raises InputError.

        >>> import cnncalc
        >>> net = cnncalc.load("input 8x8x3; conv 4 3x3 relu; flatten; dense 10")
        >>> print(net.summary(columns=["output", "params"]).splitlines()[5])
        conv 4 3x3 relu  6x6x4       112
        """
        from cnncalc.library.table_text import TableText
        from cnncalc.report.canvas import Canvas
        from cnncalc.report.layout import drawn
        from cnncalc.report.summary import summary_sheet

        refuse_whole("width", width, least=1)
        refuse_whole("depth", depth, least=0)
        analysis, choices = self.analysis, _choices(columns, params_as, depth, every_copy=every_copy)
        if choices.asks_more:
            from cnncalc.report.asked_counts import asked_counts

            analysis, choices = asked_counts(analysis, choices)
        return TableText(drawn(summary_sheet(analysis, choices), Canvas(width, said=in_python)))

    @python_words()
    def instead(self, place: str | int) -> InsteadAnswer:
        """What could be in the place of a line or a block, named as in `cnncalc explain MODEL PLACE --instead`.

        `.found` has a record for each layer: its numbers, and those of dense, locally connected and other layers in its
        place.  Raises InputError.

        >>> import cnncalc
        >>> [(one.kind, one.params) for one in cnncalc.load("lenet5").instead("conv1").found[0].others[:2]]
        [('local', 122304), ('dense', 4821600)]
        """
        from cnncalc.report.instead_answer import instead_answer

        return instead_answer(self.analysis, place)

    @python_words()
    def memory(
        self,
        *,
        batch: int = 1,
        dtype: DType = "float32",
        train: str | bool | None = None,
        mixed: bool = False,
        within: str | float | None = None,
    ) -> MemoryAnswer:
        """What the net takes in memory, as `cnncalc memory` shows it; `str()` of it is the table.

        `train` names an optimizer ("sgd", "momentum", "adam", "adamw"; True is "adam"), `within` is a memory ("8GB", or
        bytes), whose largest batch is found.  Raises InputError.

        >>> import cnncalc
        >>> found = cnncalc.load("vgg16").memory(train="adam", within="8GB")
        >>> found.peak, found.largest_batch, found.largest_training_batch
        (25690112, 289, 79)
        """
        from cnncalc.analysis.net_memory import net_memory
        from cnncalc.analysis.stored_bytes import dtype_named
        from cnncalc.analysis.training import optimizer_named, refuse_training
        from cnncalc.report.memory_answer import MemoryAnswer
        from cnncalc.stated_numbers import stated_bytes

        named = "adam" if train is True else train or None
        kind, optimizer = dtype_named(dtype), None if named is None else optimizer_named(named)
        refuse_training(optimizer, kind, mixed=mixed)
        limit = None if within is None else stated_bytes(within, "--within")
        analysis = self._analysis_of(batch)
        return MemoryAnswer(analysis, net_memory(analysis, kind, optimizer=optimizer, mixed=mixed, within=limit))

    @python_words()
    def roofline(
        self, peak: str | float, bandwidth: str | float, *, batch: int = 1, dtype: DType = "float32"
    ) -> RooflineAnswer:
        """What bounds each layer on a machine, as `cnncalc roofline` shows it; `str()` of it is the table.

        `peak` are FLOPs a second ("10T", 1e13), a multiply-add being two of them, `bandwidth` bytes a second ("900G").
        Raises InputError.

        >>> import cnncalc
        >>> found = cnncalc.load("vgg16").roofline("10T", "900G")
        >>> found.lines[2].bound, round(float(found.seconds) * 1e6)
        ('compute', 3656)
        """
        from cnncalc.analysis.roofline import roofline, stated_machine
        from cnncalc.analysis.stored_bytes import dtype_named
        from cnncalc.pictures.roofline_answer import RooflineAnswer

        kind, machine = dtype_named(dtype), stated_machine(peak, bandwidth)
        analysis = self._analysis_of(batch)
        return RooflineAnswer(analysis, roofline(analysis, machine, kind))

    @property
    def _fed(self) -> frozenset[int]:
        """The nodes that a picture can be given to; all inputs where the text states each of them."""
        inputs = [node for node in self.graph.nodes if node.is_input]
        fed = [node for node in inputs if getattr(node.layer, "data", None) is None]
        return frozenset(node.index for node in fed or inputs)

    def __str__(self) -> str:
        return str(self.summary())


def _choices(columns: str | Sequence[str] | None, params_as: str, depth: int | None, *, every_copy: bool) -> Choices:
    """What is asked of the table.  Raises InputError."""
    from cnncalc.analysis.framework_params import count_named
    from cnncalc.report.column_choice import ChosenColumns, chosen
    from cnncalc.report.summary import Choices

    named = ",".join(map(str, columns)) if isinstance(columns, (list, tuple)) else columns
    if named is not None and not isinstance(named, str):
        from cnncalc.diagnostics import input_error

        message = f"columns is {str(columns)[:40]}, which names no columns"
        raise input_error("unknown-column", message, help='write columns=["output", "params"], or "+rf"')
    shown = ChosenColumns() if named is None else chosen(named)
    return Choices(shown, depth=depth, every_copy=every_copy, params_as=count_named(str(params_as)))
