"""What `net.memory(...)` gives in Python: the bytes as numbers, and the table as a text or in a notebook."""

from __future__ import annotations

from dataclasses import dataclass

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.net_memory import LineMemory, NetMemory
from cnncalc.analysis.training import TrainingMemory
from cnncalc.report.memory_report import memory_sheet
from cnncalc.report.printed_answers import PrintedTable
from cnncalc.report.sheet import Sheet


@dataclass(frozen=True, repr=False)
class MemoryAnswer(PrintedTable):
    """The memory of a net in bytes; `lines` has each line's, in the order of the table."""

    analysis: Analysis
    memory: NetMemory

    @property
    def weights(self) -> int:
        """Params and buffers."""
        return self.memory.weights

    @property
    def activations(self) -> int:
        """The outputs of all lines."""
        return self.memory.activations

    @property
    def peak(self) -> int:
        """The most activations that are alive at once."""
        return self.memory.peak

    @property
    def inference(self) -> int:
        """Weights and peak."""
        return self.memory.inference

    @property
    def lines(self) -> tuple[LineMemory, ...]:
        """Line by line: its output, its weights, and what is alive while it is computed."""
        return self.memory.lines

    @property
    def training(self) -> TrainingMemory | None:
        """One step of training, part by part; None where it was not asked for."""
        return self.memory.training

    @property
    def largest_batch(self) -> int | None:
        """How many images at once fit into `within` to use the net; None without it."""
        return None if self.memory.fitting is None else self.memory.fitting.images

    @property
    def largest_training_batch(self) -> int | None:
        """How many fit to train it; None without `train` and `within`."""
        return None if self.memory.training_fitting is None else self.memory.training_fitting.images

    def __repr__(self) -> str:
        return f"<cnncalc memory: {self.inference:,} bytes to use it, {self.peak:,} of them activations>"

    def _sheet(self) -> Sheet:
        return memory_sheet(self.analysis, self.memory)
