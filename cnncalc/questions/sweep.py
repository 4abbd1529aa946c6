"""One network in many variants: other input sizes, other values of its constants, other batches.

Each variant is read by the reader of its notation and counted by the analysis, one after the other; a text is read once
for all batches.  A variant that does not fit is a row that says so.  What a row looks like is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Totals
from cnncalc.analysis.stored_bytes import DType, Memory, memory
from cnncalc.diagnostics import Diagnostic, InputError, Source, input_error
from cnncalc.graph.faults import OF_SIZES
from cnncalc.graph.ir import Graph
from cnncalc.net_files import read
from cnncalc.quantities import whole_number
from cnncalc.questions.sweep_values import refuse_product, sweep_values

LARGEST_BATCH = 10**9


class Variant(NamedTuple):
    """What is changed: `values` are (name, value) as written; an input size has the name "input", a batch "batch"."""

    values: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """`input 224, alpha 0.5`."""
        return ", ".join(f"{name} {value}" for name, value in self.values) or "as it is"


class SweepRow(NamedTuple):
    """One variant: its totals and memory for the batch, or the fault that it has."""

    variant: Variant
    totals: Totals | None = None
    memory: Memory | None = None
    fault: Diagnostic | None = None
    where: Source | None = None
    """The text in which the fault is, which may be an option's."""

    @property
    def text(self) -> str:
        """What is changed: `input 224, alpha 0.5`."""
        return self.variant.text

    @property
    def params(self) -> int | None:
        """What is learned; None of a variant with a fault."""
        return None if self.totals is None else self.totals.figures.params

    @property
    def macs(self) -> int | None:
        """Multiply-accumulates for the batch; None of a variant with a fault."""
        return None if self.totals is None else self.totals.figures.cost.macs


class Sweep(NamedTuple):
    """All variants in order; `varied` are the names of what is changed, `batches` says that a batch is among them."""

    source: Source
    title: str
    dtype: DType
    varied: tuple[str, ...]
    rows: tuple[SweepRow, ...]
    until: str | None = None
    """The line with which each network ends; None where that is the end of its text."""


class SweptNet(NamedTuple):
    """The text that is read, and how it is read where nothing of that is varied."""

    source: Source
    input_size: str | None = None
    settings: Mapping[str, str] = MappingProxyType({})
    until: str | None = None

    def read(self, size: str | None, settings: Mapping[str, str]) -> Graph | InputError:
        """The net with other values, or its faults with the text that they are in."""
        try:
            graph, faults = read(self.source, size or self.input_size, {**self.settings, **settings}, self.until)
        except InputError as error:
            return error
        return InputError(faults, graph.source) if faults else graph


class SweepQuestion(NamedTuple):
    """The values of each option, in the order in which they are put together; empty where one is not given."""

    inputs: tuple[str, ...]
    settings: Mapping[str, tuple[str, ...]]
    batches: tuple[str, ...]

    @property
    def variants(self) -> int:
        """How many variants these make."""
        return prod(max(1, len(each)) for each in (self.inputs, *self.settings.values(), self.batches))

    @property
    def varied(self) -> tuple[str, ...]:
        """The names of what is changed."""
        return (*(["input"] if self.inputs else []), *self.settings, *(["batch"] if self.batches else []))

    def counted(
        self, net: SweptNet, dtype: DType = "float32", step: Callable[[str], None] = lambda _what: None
    ) -> Sweep:
        """The totals of every variant of a net; `step` is called with each before it is counted.

        Raises InputError where no variant is a network without a fault, unless another size may end the faults.
        """
        rows: list[SweepRow] = []
        title = ""
        for found, own_title in _rows(net, self, dtype, step):
            rows += found
            title = title or own_title
        first = rows[0]
        is_readable = any(row.fault is None or row.fault.code in OF_SIZES for row in rows)
        if first.fault is not None and not is_readable:
            raise InputError((first.fault,), first.where)
        return Sweep(net.source, title or net.source.shown, dtype, self.varied, tuple(rows), net.until)


def sweep_of(
    inputs: Sequence[str] = (), settings: Mapping[str, str] | None = None, batches: Sequence[str] = ()
) -> SweepQuestion:
    """What is to be varied: options as `sweep_values` reads them, of which several give their product.

    An option that is given several times has all values of them.

    Raises InputError for options that cannot be read, name nothing, or name too much.
    """
    asked = SweepQuestion(
        _inputs(inputs),
        {name: sweep_values(text, f"--set {name}") for name, text in (settings or {}).items()},
        _batches(batches),
    )
    if not asked.varied:
        advice = "name values: --input 96..320:32, --set alpha=0.5,1 or --batch 1,8,32"
        raise input_error("no-sweep", "nothing is varied", help=advice)
    refuse_product([len(each) for each in (asked.inputs, *asked.settings.values(), asked.batches) if each])
    return asked


def _inputs(texts: Sequence[str]) -> tuple[str, ...]:
    """The sizes of an input; sizes of inputs by name, `left=64x64,right=32`, are one value."""
    each = ((text,) if "=" in text else sweep_values(text, "--input") for text in texts)
    return tuple(dict.fromkeys(value for values in each for value in values))


def _batches(texts: Sequence[str]) -> tuple[str, ...]:
    found = dict.fromkeys(value for text in texts for value in sweep_values(text, "--batch"))
    for value in found:
        number = whole_number(value)
        if number is None or not 1 <= number <= LARGEST_BATCH:
            message = f"--batch {value[:40]}{'...' if len(value) > 40 else ''} is no number of images"
            advice = f"write whole numbers from 1 to {LARGEST_BATCH:,}: --batch 1,8,32"
            raise input_error("bad-range", message, help=advice)
    return tuple(found)


def _rows(
    net: SweptNet, asked: SweepQuestion, dtype: DType, step: Callable[[str], None]
) -> Iterator[tuple[list[SweepRow], str]]:
    """The rows of each network that is read, one for each batch, and its title."""
    choices: list[Sequence[str | None]] = [asked.inputs or (None,), *asked.settings.values()]
    for size, *values in product(*choices):
        named = [("input", size)] if size is not None else []
        settings = dict(zip(asked.settings, (str(value) for value in values), strict=True))
        same = (*named, *settings.items())
        variants = [Variant((*same, ("batch", one))) for one in asked.batches] or [Variant(same)]
        for variant in variants:
            step(variant.text)
        graph = net.read(size, settings)
        if isinstance(graph, InputError):
            yield [SweepRow(one, fault=graph.diagnostics[0], where=graph.source) for one in variants], ""
        else:
            images = map(int, asked.batches or ("1",))
            yield [_counted(graph, *each, dtype) for each in zip(variants, images, strict=True)], graph.title


def _counted(graph: Graph, variant: Variant, images: int, dtype: DType) -> SweepRow:
    totals = analyse(graph, images).totals
    return SweepRow(variant, totals, memory(totals, dtype))
