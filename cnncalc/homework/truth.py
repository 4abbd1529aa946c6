"""What is right about every place of a net, and whether one answer about one place agrees with it.

A place is a line, a block call, the whole net or a numbered question.  Nothing is printed here, and no shape and no
count is computed: all truth is the analysis'.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from cnncalc.analysis import Analysis, Figures, RowAnalysis
from cnncalc.analysis.model import ReceptiveField
from cnncalc.asked.comparing import (
    Verdict,
    compared_field,
    compared_number,
    compared_pads,
    compared_shape,
    compared_values,
)
from cnncalc.geometry import Shape
from cnncalc.homework.pads import padded_node, pads_of, sides
from cnncalc.layers.base import Cost, Weight
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.analysis.by_hand import Volume

    Right = Shape | int | tuple[int, ...] | Volume | None

PlaceKind = Literal["row", "group", "total", "question"]

Counts = dict[str, int]

_COUNTED_ELSEWHERE = "its weights are shared: the line that they belong to counts them"
_COUNTED_HERE_TOO = "the weights that it computes with; they are shared, so the total counts them once, at their owner"

LENT = {
    "params": "lent_params",
    "total_params": "lent_total_params",
    "buffers": "lent_buffers",
    "weights": "lent_weights",
}
"""What is counted once -> what a place computes with beside it that another line counts (`shared=`)."""

COUNTED = ("params", "macs", "flops", "buffers", "weights", "connections")
"""Quantities that add up, so that a `times N` line must say each or all."""


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


def counts_of(weights: Sequence[Weight], cost: Cost, connections: int) -> Counts:
    """What adds up of one layer, per image, by the word that asks for it."""
    learned = sum(weight.count for weight in weights if weight.trainable)
    stored = sum(weight.count for weight in weights)
    biases = sum(weight.count for weight in weights if weight.trainable and weight.name == "bias")
    return {
        "params": learned,
        "total_params": stored,
        "macs": cost.macs,
        "flops": cost.flops,
        "buffers": stored - learned,
        "weights": learned - biases,
        "connections": connections,
        **dict.fromkeys(LENT.values(), 0),
    }


def lent_counts(rows: Sequence[RowAnalysis], place: range) -> Counts:
    """The weights that rows of a place use and that lines outside of it count, each once."""
    nodes = [node for row in rows for node in row.nodes]
    used = {n.lender.index: n for n in nodes if n.lender is not None and n.lender.index not in place}
    counted = added([counts_of(node.weights, Cost(), 0) for node in used.values()]) if used else {}
    return {lent: counted.get(name, 0) for name, lent in LENT.items()}


class Truth:
    """The right values of one analysis, asked place by place.

    `complete` is False for a net that stops at a fault: nothing can then be said about its total.  `tolerance` is how
    far off a number may be, relative to the right one.
    """

    def __init__(self, analysis: Analysis, *, complete: bool = True, tolerance: Fraction | None = None) -> None:
        self.analysis = analysis
        self.graph = analysis.graph
        self.complete = complete
        self.tolerance = tolerance
        self._subjects: dict[tuple[PlaceKind, int], Subject | None] = {}
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
        return self._labelled(self.graph.questions[index].label)

    def nodes_of(self, kind: PlaceKind, index: int) -> range:
        """The nodes that a place stands for, with all copies of a repeated line."""
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
        if asked == "size":
            return subject.size
        name = "total_params" if asked == "params" and self.graph.count == "keras" else asked
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
        return Subject(counted, last.output.elements, last.output, last.receptive_field, last.row.last)

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
        counted = self._counted(totals.figures, self.analysis.rows, self.nodes_of("total", 0))
        last = self.analysis.nodes[outputs[0]] if len(outputs) == 1 else None
        return Subject(
            [counted],
            totals.figures.activation_size // self.analysis.batch,
            last.output if last else None,
            last.receptive_field if last else None,
            outputs[0] if last else None,
        )

    def _labelled(self, label: str) -> Subject | None:
        """The line or block call with this label; None when the net stops before it."""
        place = self.graph.labels.get(label)
        if place is None:
            return None
        if place >= 0:
            return self._row(place) if place < len(self.analysis.rows) else None
        return self._group(~place) if ~place < len(self.graph.groups) else None

    def _counted(self, figures: Figures, rows: Sequence[RowAnalysis], place: range) -> Counts:
        """The counts of some rows of a place, per image."""
        owners = (node for row in rows for node in row.nodes if node.lender is None)
        biases = sum(w.count for node in owners for w in node.weights if w.trainable and w.name == "bias")
        batch = self.analysis.batch
        return {
            "params": figures.params,
            "total_params": figures.total_params,
            "macs": figures.cost.macs // batch,
            "flops": figures.cost.flops // batch,
            "buffers": figures.buffers,
            "weights": figures.params - biases,
            "connections": figures.connections // batch,
            **lent_counts(rows, place),
        }

    # ------------------------------------------------------------------ the verdict
    def verdict(self, answer: Answer, subject: Subject | None) -> tuple[Verdict, Right]:
        """Whether the answer agrees with what is known of its subject, and the right value."""
        if subject is None:
            return Verdict(None, "the net stops at a fault before this can be known"), None
        return self._verdict(answer, subject)

    def _verdict(self, answer: Answer, subject: Subject) -> tuple[Verdict, Right]:
        if answer.asked in COUNTED:
            return self._verdict_on_count(answer, subject)
        if answer.asked == "size":
            return self._number(answer, subject.size), subject.size
        if subject.output is None or subject.node is None:
            return Verdict(None, "the net has several outputs: ask about one line"), None
        if answer.asked == "shape":
            return self._verdict_on_shape(answer, subject.output), subject.output
        if answer.asked == "rf":
            return self._verdict_on_field(answer, subject.field)
        on_node = self._verdict_on_padding if answer.asked == "padding" else self._verdict_on_values
        return on_node(answer, subject.output, subject.node)

    def _verdict_on_count(self, answer: Answer, subject: Subject) -> tuple[Verdict, Right]:
        """A line with `times N` stands for N layers: its counts are of each or of all of them."""
        asked, copies = answer.asked, subject.copies
        alike = all(_same_count(copy, copies[0], asked) for copy in copies)
        if answer.scope == "each" and not alike:
            return Verdict(None, f"the {len(copies)} copies of this line differ: answer for `all` of them"), None
        counts = copies[0] if answer.scope == "each" else added(copies)
        if answer.scope is None and not (alike and _same_count(counts, copies[0], asked)):
            reason = f"this line is {len(copies)} layers: write `{asked} N each` or `{asked} N all`"
            return Verdict(None, reason), None
        if asked == "params":
            verdict, right = self._verdict_on_params(answer, counts)
        else:
            verdict, right = self._number(answer, counts[asked]), counts[asked]
        return self._with_lent(answer, counts, verdict), right

    def _with_lent(self, answer: Answer, counts: Counts, verdict: Verdict) -> Verdict:
        """A line that uses another's weights may be answered by none, or by as many as it computes with."""
        name = LENT.get(answer.asked)
        if name is None or not (counts[name] or (answer.asked == "params" and counts[LENT["total_params"]])):
            return verdict
        if verdict.ok:
            return verdict if verdict.remark else Verdict(True, _COUNTED_ELSEWHERE)
        if verdict.ok is None:
            return verdict
        as_if_own = {own: counts[own] + counts[lent] for own, lent in LENT.items()}
        if answer.asked == "params":
            found = self._verdict_on_params(answer, counts | as_if_own)[0]
        else:
            found = self._number(answer, as_if_own[answer.asked])
        return Verdict(True, _COUNTED_HERE_TOO) if found.ok else verdict

    def _verdict_on_params(self, answer: Answer, counts: Counts) -> tuple[Verdict, Right]:
        """Either count is right unless the file pins one: learned parameters, or Keras' total with the buffers."""
        learned, total, pinned = counts["params"], counts["total_params"], self.graph.count
        first = total if pinned == "keras" else learned
        verdict = self._number(answer, first)
        if learned == total or verdict.ok is None or pinned is not None:
            return verdict, first
        if verdict.ok:
            return Verdict(True, "the learned parameters, as PyTorch counts them"), first
        if self._number(answer, total).ok:
            return Verdict(True, "Keras' total, with the parameters that are not trained"), first
        return verdict, first

    def _number(self, answer: Answer, right: int) -> Verdict:
        if not isinstance(answer.given, Fraction):
            return Verdict(None)
        return compared_number(answer.given, right, answer.approximate, self.tolerance)

    def is_number(self, answer: Answer, value: int) -> bool:
        """Whether the answer is this number, as roughly as it may be."""
        return self._number(answer, value).ok is True

    def _verdict_on_shape(self, answer: Answer, right: Shape) -> Verdict:
        if not isinstance(answer.given, tuple):
            return Verdict(None)
        return compared_shape(answer.given, right, self.graph.order, answer.batch_dropped)

    def _verdict_on_field(self, answer: Answer, field: ReceptiveField | None) -> tuple[Verdict, Right]:
        if field is None:
            return Verdict(None, "this line has no receptive field in the first input"), None
        if answer.given is None or isinstance(answer.given, Matrix):
            return Verdict(None), field.size
        whole = self.analysis.totals.inputs[0].spatial if field.whole else None
        verdict = compared_field(answer.given, field.size, whole, answer.approximate, local=field.local)
        most = max(answer.given) if isinstance(answer.given, tuple) else answer.given
        if field.at_most and verdict.ok is False and most <= max(field.size):
            return Verdict(None, "only an upper bound of this receptive field is known"), None
        return verdict, field.size

    def _verdict_on_padding(self, answer: Answer, _output: Shape, node: int) -> tuple[Verdict, Right]:
        found = padded_node(self.analysis, node)
        pads = pads_of(found.node.layer, found.inputs) if found else None
        if pads is None:
            return Verdict(None, "this line pads nothing"), None
        if answer.given is None or isinstance(answer.given, Matrix):
            return Verdict(None), sides(pads)
        return compared_pads(answer.given, pads), sides(pads)

    def _verdict_on_values(self, answer: Answer, output: Shape, node: int) -> tuple[Verdict, Right]:
        right = self.values(node)
        if right is None:
            return Verdict(None, self._unknown_values(node)), None
        if not isinstance(answer.given, Matrix):
            return Verdict(None), right
        return compared_values(answer.given, right, output.rank), right

    def _unknown_values(self, node: int) -> str:
        """Why the numbers of a node are not known."""
        from cnncalc.analysis.by_hand import without_definition  # noqa: PLC0415 - few nets ask for values

        found = without_definition(self.analysis, node)
        if found is None:
            return "these values are not known without running the net"
        return f"`{found.node.layer.word}` is not worked out by hand: `cnncalc run` computes these values"


def _same_count(one: Counts, other: Counts, asked: str) -> bool:
    """Whether two lines have as much of what is asked; parameters may be meant either way."""
    names = [asked, *(["total_params"] if asked == "params" else [])]
    names += [LENT[name] for name in names if name in LENT]
    return all(one[name] == other[name] for name in names)


def added(counted: Sequence[Counts]) -> Counts:
    """The counts of several layers together."""
    return {name: sum(counts[name] for counts in counted) for name in counted[0]}
