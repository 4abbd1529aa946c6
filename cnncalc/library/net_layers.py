"""The lines of a net as records: what each is, what arrives and leaves, and its exact numbers.

Every number is that of the analysis (`cnncalc.analysis.model`), whole and for one image; nothing is counted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, overload

from cnncalc.analysis.model import Analysis, ReceptiveField, RowAnalysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.ir import Graph
from cnncalc.library.named_shape import NamedShape
from cnncalc.report.notation import per_axis

MOST_NAMED = 6
"""Names that one line of text lists."""

LONGEST = 60
"""Letters of a name that are repeated."""


class NetField(NamedTuple):
    """Which pixels of the input one value sees, one number for each spatial axis of the input.

    `size` is in pixels, pads counted, over the local paths; `jump` is the distance in pixels between the fields of
    neighbours (the effective stride); `start` the centre of the first field, where the first pixel's own centre is 0.5.
    Values are whole, or exact fractions.  `whole`: a path leads over a layer that sees the whole image.  `at_most`: the
    size is an upper bound.  Source: Araujo, Norris and Sim 2019, Computing receptive fields.
    """

    size: tuple[int, ...]
    jump: tuple[int | Fraction, ...]
    start: tuple[int | Fraction, ...]
    whole: bool = False
    at_most: bool = False

    @classmethod
    def of(cls, field: ReceptiveField | None) -> NetField | None:
        """That of the analysis; None where there is none."""
        if field is None:
            return None
        return cls(field.size, _plain(field.jump), _plain(field.start), field.whole, field.at_most)

    def __repr__(self) -> str:
        size, jump, start = "x".join(map(str, self.size)), *map(per_axis, (self.jump, self.start))
        return f"<field {'<=' if self.at_most else ''}{size}, jump {jump}, start {start}{', whole' * self.whole}>"


@dataclass(frozen=True, repr=False, slots=True)
class NetLayer:
    """One line of the table, with the activation and the norm that are written in it.

    `number` counts from 0, the input; `name` is unique in the net, `label` what the text calls the line ("" without);
    `kind` is its layer word (`conv`), `text` the line as it is written, `line` its line in the text.  Shapes are in the
    net's own order, without the batch.  `params` are learned, `buffers` stored and not learned (running statistics);
    `macs` and `flops` are the work of one image.

    >>> import cnncalc
    >>> conv = cnncalc.load("lenet5").layers["conv2"]
    >>> conv.kind, conv.input, conv.output, conv.params, conv.macs
    ('conv', (14, 14, 6), (10, 10, 16), 2416, 240000)
    >>> conv.output.channels, conv.receptive_field
    (16, <field 14x14, jump 2, start 7>)
    """

    number: int
    name: str
    label: str
    kind: str
    text: str
    line: int
    inputs: tuple[NamedShape, ...]
    output: NamedShape
    params: int
    buffers: int
    macs: int
    flops: int
    receptive_field: NetField | None

    @property
    def input(self) -> NamedShape:
        """The shape that arrives, the first of several `inputs`; that of an input line is its own."""
        return self.inputs[0] if self.inputs else self.output

    @classmethod
    def of(cls, row: RowAnalysis, graph: Graph) -> NetLayer:
        """The record of a line of an analysis."""
        figures, order, origin = row.figures, graph.order, row.row.origin
        return cls(
            row.row.index,
            row.nodes[0].node.name,
            row.row.label or "",
            row.row.word,
            row.row.text,
            graph.source.place(origin.span.line).line,
            tuple(NamedShape.of(shape, order) for shape in row.inputs),
            NamedShape.of(row.output, order),
            figures.params,
            figures.buffers,
            figures.cost.macs,
            figures.cost.flops,
            NetField.of(row.receptive_field),
        )

    def __repr__(self) -> str:
        arrives = f"{', '.join(map(str, self.inputs))} -> " if self.inputs else ""
        return (
            f"<layer {self.number} {printable(self.name[:LONGEST])}: {printable(self.text[:LONGEST])}, "
            f"{arrives}{self.output}, {self.params:,} params, {self.macs:,} MACs>"
        )


class NetLayers(Sequence[NetLayer]):
    """The lines of a net in the order of its table, by number (`layers[0]` is the input) or by name.

    A name is a line's own, its label, or that of an activation or norm written in it.

    >>> import cnncalc
    >>> layers = cnncalc.load("lenet5").layers
    >>> len(layers), layers[1].name, "conv2" in layers, sum(layer.params for layer in layers)
    (9, 'conv1', True, 61706)
    >>> layers.names[-3:]
    ('dense1', 'dense2', 'dense3')
    """

    def __init__(self, analysis: Analysis) -> None:
        self._layers = tuple(NetLayer.of(row, analysis.graph) for row in analysis.rows)
        self._names = {node.node.name: row.row.index for row in analysis.rows for node in row.nodes}
        self._labelled: dict[str, list[int]] = {}
        for layer in self._layers:
            if layer.label:
                self._labelled.setdefault(layer.label, []).append(layer.number)
        self._shown = analysis.graph.source.shown

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each line."""
        return tuple(layer.name for layer in self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    @overload
    def __getitem__(self, place: int | str) -> NetLayer: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[NetLayer, ...]: ...

    def __getitem__(self, place: int | str | slice) -> NetLayer | tuple[NetLayer, ...]:
        if isinstance(place, str):
            found = self._found(place)
            if len(found) != 1:
                raise self._not_one(place, found)
            return self._layers[found[0]]
        return self._layers[place]

    def __iter__(self) -> Iterator[NetLayer]:
        return iter(self._layers)

    def __contains__(self, value: object) -> bool:
        return bool(self._found(value)) if isinstance(value, str) else value in self._layers

    def __repr__(self) -> str:
        more = ", ..." if len(self) > MOST_NAMED else ""
        return f"<{len(self)} layers: {printable(', '.join(self.names[:MOST_NAMED]))}{more}>"

    def _found(self, name: str) -> list[int]:
        """The lines of that name; a name that is unique in the net goes before labels, which blocks repeat."""
        return [self._names[name]] if name in self._names else self._labelled.get(name, [])

    def _not_one(self, name: str, places: Sequence[int]) -> InputError:
        shown = printable(name[:LONGEST])
        if places:
            names = ", ".join(self._layers[place].name for place in places[:MOST_NAMED])
            message = f"{len(places)} lines of {printable(self._shown)} are labelled `{shown}`"
            return input_error("unknown-place", message, help=f"give the name of one of them: {printable(names)}")
        known = f"the lines are: {', '.join(self.names[:MOST_NAMED])}{' ...' if len(self) > MOST_NAMED else ''}"
        return input_error(
            "unknown-place",
            f"{printable(self._shown)} has no line called `{shown}`",
            help=printable(did_you_mean(name[: 2 * LONGEST], [*self._names, *self._labelled], known)),
        )


def _plain(values: tuple[Fraction, ...]) -> tuple[int | Fraction, ...]:
    """Whole numbers as such."""
    return tuple(value.numerator if value.denominator == 1 else value for value in values)
