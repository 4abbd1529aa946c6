"""The memory of a whole net, line by line and in total, for using it and for training it, and how many images fit.

Using a net takes its weights and the most activations that are alive at once (`liveness`); training it what the rule of
`training` says.  Both grow by the same bytes with every image, so the largest batch is a division, exact.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.liveness import alive_at, is_view
from cnncalc.analysis.model import Analysis, Figures
from cnncalc.analysis.stored_bytes import BYTES, DType
from cnncalc.analysis.training import Optimizer, TrainingMemory, training_memory


class LineMemory(NamedTuple):
    """One line, or several: `size` numbers of its output (0 for a view), the bytes of them and of its `weights`.

    Then the bytes of all that is `alive` while it is computed, and of what it keeps for the backward pass (None where
    training was not asked for).  All is for the whole batch.
    """

    size: int
    activations: int
    weights: int
    alive: int
    kept: int | None = None


class Fitting(NamedTuple):
    """The largest batch that fits into `limit` bytes, and the bytes that it takes; 0 images: not even one fits."""

    limit: int
    images: int
    taken: int
    fixed: int
    each: int


class NetMemory(NamedTuple):
    """Bytes of a net with a batch of images; `peak_row` is the first line at which the most is alive."""

    dtype: DType
    batch: int
    lines: tuple[LineMemory, ...]
    params: int
    buffers: int
    size: int
    peak_size: int
    peak_row: int
    peak_holders: tuple[int, ...]
    training: TrainingMemory | None = None
    fitting: Fitting | None = None
    training_fitting: Fitting | None = None

    @property
    def weights(self) -> int:
        return self.params + self.buffers

    @property
    def activations(self) -> int:
        return self.size * BYTES[self.dtype]

    @property
    def peak(self) -> int:
        return self.peak_size * BYTES[self.dtype]

    @property
    def inference(self) -> int:
        """Weights, and the most activations alive at once."""
        return self.weights + self.peak

    def of(self, figures: Figures, rows: range) -> LineMemory:
        """The memory of several lines together, by the sum of their figures; alive is the most at any of them."""
        each, lines = BYTES[self.dtype], self.lines[rows.start : rows.stop]
        return LineMemory(
            figures.activation_size,
            figures.activation_size * each,
            figures.total_params * each,
            max((line.alive for line in lines), default=0),
            None if self.training is None else sum(line.kept or 0 for line in lines),
        )


def net_memory(
    analysis: Analysis,
    dtype: DType = "float32",
    *,
    optimizer: Optimizer | None = None,
    mixed: bool = False,
    within: int | None = None,
) -> NetMemory:
    """The memory of the net for as many images as the analysis is for; `within`: bytes that there are."""
    figures, batch, each = analysis.totals.figures, analysis.batch, BYTES[dtype]
    training = None if optimizer is None else training_memory(analysis, optimizer, dtype, mixed=mixed, batch=batch)
    peak = analysis.totals.peak_activation_size
    peak_row = next((n for n, memory in enumerate(analysis.memory_by_row) if memory.alive == peak), 0)
    views = [is_view(analysis.graph, row) for row in analysis.graph.rows]
    lines = []
    for row, alive in zip(analysis.rows, analysis.memory_by_row, strict=True):
        size = 0 if views[row.row.index] else row.figures.activation_size
        kept = None if training is None else training.by_row[row.row.index].of(batch)
        lines.append(LineMemory(size, size * each, row.figures.total_params * each, alive.alive * each, kept))
    weights = figures.total_params * each
    return NetMemory(
        dtype,
        batch,
        tuple(lines),
        figures.params * each,
        figures.buffers * each,
        figures.activation_size,
        peak,
        peak_row,
        alive_at(analysis.graph, views, peak_row) if lines else (),
        training,
        None if within is None else fitting(within, weights, peak // batch * each),
        None if within is None or training is None else fitting(within, training.fixed, training.each),
    )


def fitting(limit: int, fixed: int, each: int) -> Fitting:
    """How many images fit where some bytes are taken at once and every image takes `each`.

    >>> fitting(8 * 10**9, 553_430_176, 25_690_112)
    Fitting(limit=8000000000, images=289, taken=7977872544, fixed=553430176, each=25690112)
    """
    images = max(0, (limit - fixed) // each) if each else 0
    return Fitting(limit, images, fixed + each * images if images else fixed + each, fixed, each)
