"""What is right about every place of a net, and whether one answer about one place agrees with it.

A place is a line, a block call, the whole net or a numbered question.  Nothing is printed here, and no shape and no
count is computed: all truth is the analysis'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from cnncalc.analysis import Analysis, Figures, RowAnalysis
from cnncalc.analysis.model import ReceptiveField
from cnncalc.asked import COUNTS, PARAMS, SIZE, quantity_of
from cnncalc.asked.comparing import Verdict, compared_number
from cnncalc.asked.counting_answers import TOTAL_PARAMS, added
from cnncalc.asked.quantity import SEVERAL_OUTPUTS, Counts, Pads, Right, Unknown
from cnncalc.geometry import Order, Shape
from cnncalc.homework.pads import padded_node, pads_of, unrounded_sizes
from cnncalc.layers.base import Cost, Weight, learned_of
from cnncalc.matrices import Volume
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.asked.seen import Declared

PlaceKind = Literal["row", "group", "total", "question"]

LENT = {one.name: one.lent for one in COUNTS if one.is_lent} | {TOTAL_PARAMS: f"lent_{TOTAL_PARAMS}"}
"""What is counted once -> what a place computes with beside it that another line counts (`shared=`)."""

_STOPS = "the net stops at a fault before this can be known"

COUNTED = tuple(one.name for one in COUNTS)
"""Quantities that add up, so that a `times N` line must say each or all."""


class Owned(NamedTuple):
    """What one layer, or several together, declare for one image; `frozen` of their parameters stay as they are."""

    weights: Sequence[Weight]
    cost: Cost
    connections: int
    channels: int
    frozen: int = 0


class Subject(NamedTuple):
    """What an answer may be about, per image: a line, a block call or the whole net.

    `copies` are the counts of each copy of a `times N` line, one for any other.  `size` counts the numbers of the
    result, for the whole net those of every line.
    """

    copies: list[Counts]
    size: int
    output: Shape | None
    field: ReceptiveField | None
    node: int | None
    is_line: bool = False


def counts_of(layer: Declared) -> Counts:
    """What adds up of one layer, per image, by the word that asks for it."""
    counted = {one.name: one.declared(layer) for one in COUNTS}
    counted[TOTAL_PARAMS] = sum(weight.count for weight in layer.weights)
    return counted | dict.fromkeys(LENT.values(), 0)


def _uncalled(parts: Sequence[tuple[str, Figures]]) -> Iterator[Weight]:
    """The numbers of what a program makes and never calls, as weights."""
    for name, figures in parts:
        yield Weight(name, (("numbers", figures.params),))
        yield Weight(name, (("numbers", figures.buffers),), trainable=False)


def lent_counts(rows: Sequence[RowAnalysis], place: range) -> Counts:
    """The weights that rows of a place use and that lines outside of it count, each once."""
    nodes = [node for row in rows for node in row.nodes]
    used = {n.lender.index: n for n in nodes if n.lender is not None and n.lender.index not in place}
    frozen = sum(learned_of(node.weights, node.node.frozen) for node in used.values())
    counted = counts_of(Owned([weight for node in used.values() for weight in node.weights], Cost(), 0, 1, frozen))
    return {lent: counted[name] for name, lent in LENT.items()}


class Truth:
    """The right values of one analysis, asked place by place.

    `complete` is False for a net that stops at a fault: nothing can then be said about its total.  `tolerance` is how
    far off a number may be, relative to the right one.  `rounds`: a number rounded at its own last digit is
    right; None: as the text says.
    """

    def __init__(
        self,
        analysis: Analysis,
        *,
        complete: bool = True,
        tolerance: Fraction | None = None,
        rounds: bool | None = None,
    ) -> None:
        self.analysis = analysis
        self.rounds = analysis.graph.rounding == "own" if rounds is None else rounds
        self.graph = analysis.graph
        self.complete = complete
        self.tolerance = tolerance
        self._subjects: dict[tuple[PlaceKind, int], Subject | None] = {}
        self._nodes: dict[tuple[PlaceKind, int], range] = {}
        self._places: dict[int, tuple[PlaceKind, int]] | None = None
        self._values: dict[int, Volume] | None = None

    def subject(self, kind: PlaceKind, index: int) -> Subject | None:
        """What a place stands for; None where the net stops before it is known."""
        if (kind, index) not in self._subjects:
            self._subjects[kind, index] = self._subject(kind, index)
        return self._subjects[kind, index]

    def _subject(self, kind: PlaceKind, index: int) -> Subject | None:
        if kind == "row":
            return self._row(index)
        if kind == "group":
            return self._group(index)
        if kind == "total":
            return self._total() if self.complete else None
        return self.labelled(self.graph.questions[index].label)

    def nodes_of(self, kind: PlaceKind, index: int) -> range:
        """The nodes that a place stands for, with all copies of a repeated line."""
        if (kind, index) not in self._nodes:
            self._nodes[kind, index] = self._nodes_of(kind, index)
        return self._nodes[kind, index]

    def _nodes_of(self, kind: PlaceKind, index: int) -> range:
        if kind == "total":
            return range(len(self.graph.nodes))
        place = self.place_of(kind, index)
        if place is None:
            return range(0)
        kind, index = place
        if kind == "row":
            last = self.graph.rows[index]
            return range(self.graph.rows[index - last.copies + 1].first, last.last + 1)
        group = self.graph.groups[index]
        if group.last < group.first:
            return range(0)
        return range(self.graph.rows[group.first].first, self.graph.rows[group.last].last + 1)

    def place_of(self, kind: PlaceKind, index: int) -> tuple[PlaceKind, int] | None:
        """The line, block call or total that a place is: a question is about a labelled one."""
        if kind != "question":
            return kind, index
        found = self.graph.labels.get(self.graph.questions[index].label)
        if found is None:
            return None
        return ("row", found) if found >= 0 else ("group", ~found)

    def place_at(self, node: int) -> tuple[PlaceKind, int] | None:
        """The line whose result this node is, or the block call that hands it on."""
        if self._places is None:
            groups: dict[int, tuple[PlaceKind, int]] = {g.node: ("group", g.index) for g in self.graph.groups}
            self._places = groups | {row.last: ("row", row.index) for row in self.graph.rows}
        return self._places.get(node)

    def quantity(self, subject: Subject, asked: str) -> int:
        """A count of all copies, as it is asked for: Keras' parameters where the file pins them."""
        if asked == SIZE.name:
            return subject.size
        name = PARAMS.counted_as(self.graph.count) if asked == PARAMS.name else asked
        return sum(counts[name] for counts in subject.copies)

    def values(self, node: int) -> Volume | None:
        """The numbers that a node hands on, in a small net whose numbers are all stated; None elsewhere."""
        if self._values is None:
            from cnncalc.analysis.by_hand import values  # noqa: PLC0415 - few nets ask for values

            self._values = values(self.analysis)
        return self._values.get(node)

    # ------------------------------------------------------------------ what an answer is about
    def _row(self, index: int) -> Subject:
        """`times N` makes N neighbouring rows, of which the last carries the answers."""
        last = self.analysis.rows[index]
        copies = self.analysis.rows[index - last.row.copies + 1 : index + 1]
        place = self.nodes_of("row", index)
        counted = [self._counted(row.figures, [row], place) for row in copies]
        return Subject(counted, last.output.elements, last.output, last.receptive_field, last.row.last, is_line=True)

    def _group(self, index: int) -> Subject | None:
        """A block call; None when the net stops inside it."""
        if not 0 <= self.graph.groups[index].node < len(self.graph.nodes):
            return None
        found = self.analysis.groups[index]
        group, rows = found.group, self.analysis.rows[found.group.first : found.group.last + 1]
        each, over = divmod(len(rows), group.copies)
        place = self.nodes_of("group", index)
        if over or not each:
            counted = [self._counted(found.figures, rows, place)]
        else:
            parts = [rows[i * each : (i + 1) * each] for i in range(group.copies)]
            counted = [
                added([self._counted(row.figures, [row], place) for row in part]) | lent_counts(part, place)
                for part in parts
            ]
        return Subject(counted, found.output.elements, found.output, found.receptive_field, group.node)

    def _total(self) -> Subject:
        totals, outputs = self.analysis.totals, self.graph.outputs
        counted = self._counted(
            totals.figures, self.analysis.rows, self.nodes_of("total", 0), list(_uncalled(totals.uncalled))
        )
        last = self.analysis.nodes[outputs[0]] if len(outputs) == 1 else None
        return Subject(
            [counted],
            totals.figures.activation_size // self.analysis.batch,
            last.output if last else None,
            last.receptive_field if last else None,
            outputs[0] if last else None,
        )

    def labelled(self, label: str) -> Subject | None:
        """The line or block call with this label; None when the net stops before it."""
        place = self.graph.labels.get(label)
        if place is None:
            return None
        if place >= 0:
            return self._row(place) if place < len(self.analysis.rows) else None
        return self._group(~place) if ~place < len(self.graph.groups) else None

    def _counted(
        self, figures: Figures, rows: Sequence[RowAnalysis], place: range, more: Sequence[Weight] = ()
    ) -> Counts:
        """The counts of some rows of a place, per image, and of `more` weights beside theirs."""
        owned = [*more]
        owned += [weight for row in rows for node in row.nodes if node.lender is None for weight in node.weights]
        batch = self.analysis.batch
        work = Cost(figures.cost.macs // batch, add=figures.cost.others // batch)
        channels = rows[-1].output.channels if rows else 1
        counted = counts_of(Owned(owned, work, figures.connections // batch, channels, figures.frozen))
        return counted | lent_counts(rows, place)

    # ------------------------------------------------------------------ the verdict
    def verdict(self, answer: Answer, subject: Subject | None) -> tuple[Verdict, Right]:
        """Whether the answer agrees with what is known of its subject, and the right value."""
        if subject is None:
            return Verdict(None, _STOPS), None
        return quantity_of(answer).verdict(answer, _Place(self, subject))

    def _number(self, answer: Answer, right: int) -> Verdict:
        if not isinstance(answer.given, Fraction):
            return Verdict(None)
        return compared_number(answer.given, right, answer.approximate, self.tolerance)

    def is_number(self, answer: Answer, value: int) -> bool:
        """Whether the answer is this number, as roughly as it may be."""
        return self._number(answer, value).ok is True

    def pads(self, node: int) -> Pads | None:
        """The rows that a line pads, given its last node; None where it pads nothing."""
        found = padded_node(self.analysis, node)
        return pads_of(found.node.layer, found.inputs) if found else None

    def unknown_values(self, node: int) -> Unknown:
        """Why the numbers of a node are not known."""
        from cnncalc.analysis.by_hand import without_definition  # noqa: PLC0415 - few nets ask for values

        found = without_definition(self.analysis, node)
        if found is None:
            return Unknown("these values are not known without running the net")
        return Unknown(f"`{found.node.layer.word}` is not worked out by hand: `cnncalc run` computes these values")


@dataclass(frozen=True)
class _Place:
    """One place as the entries of `cnncalc.asked` ask about it."""

    truth: Truth
    subject: Subject

    @property
    def copies(self) -> Sequence[Counts]:
        return self.subject.copies

    @property
    def size(self) -> int:
        return self.subject.size

    @property
    def output(self) -> Shape | None:
        return None if self.subject.node is None else self.subject.output

    @property
    def field(self) -> ReceptiveField | None:
        return self.subject.field

    @property
    def order(self) -> Order:
        return self.truth.graph.order

    @property
    def pinned(self) -> str | None:
        return self.truth.graph.count

    @property
    def tolerance(self) -> Fraction | None:
        return self.truth.tolerance

    @property
    def rounds(self) -> bool:
        return self.truth.rounds

    @property
    def is_line(self) -> bool:
        return self.subject.is_line

    @property
    def picture(self) -> tuple[int, ...]:
        return self.truth.analysis.totals.inputs[0].spatial

    def other(self, label: str) -> _Place | Unknown:
        subject = self.truth.labelled(label)
        return Unknown(f"no line is called `{label[:40]}`") if subject is None else _Place(self.truth, subject)

    def net_counts(self) -> Counts | Unknown:
        whole = self.truth.subject("total", 0)
        return Unknown(_STOPS) if whole is None else whole.copies[0]

    def unrounded(self) -> tuple[Fraction, ...] | None:
        return None if self.subject.node is None else unrounded_sizes(self.truth.analysis, self.subject.node)

    def pads(self) -> Pads | None:
        return None if self.subject.node is None else self.truth.pads(self.subject.node)

    def values(self) -> Volume | Unknown:
        if self.subject.node is None:
            return SEVERAL_OUTPUTS
        found = self.truth.values(self.subject.node)
        return self.truth.unknown_values(self.subject.node) if found is None else found
