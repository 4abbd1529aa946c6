"""Every answer of a model judged: on rows, on block calls, about the total and in numbered questions.

Each judgement carries what was asked, what was written, the right value, and whether they agree; `ok` is None for an
open `?` and for what cannot be judged, with the reason.  Nothing is printed here, and no shape and no count is
computed: all truth is the analysis'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from cnncalc.analysis import Analysis, Figures, RowAnalysis
from cnncalc.analysis.model import ReceptiveField
from cnncalc.geometry import Shape
from cnncalc.homework.comparing import Verdict, compared_field, compared_number, compared_shape, compared_values
from cnncalc.matrices import Matrix
from cnncalc.quantities import exact
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.analysis.by_hand import Volume

    Right = Shape | int | tuple[int, ...] | Volume | None

PlaceKind = Literal["row", "group", "total", "question"]

COUNTED = ("params", "macs", "flops", "buffers", "weights", "connections")
"""Quantities that add up, so that a `times N` line must say each or all."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer.  `index` is the row's, group's or question's; 0 for the total.

    `wrong` names the wrong parts of a wrong answer (height, channels, row 2 column 1); `right` is the right value,
    None where it is not known.
    """

    kind: PlaceKind
    index: int
    asked: str
    given: str
    ok: bool | None
    answer: Answer
    remark: str = ""
    wrong: tuple[str, ...] = ()
    right: Right = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer may be about, per image: a line, a block call or the whole net.

    `copies` are the counts of each copy of a `times N` line, one for any other.  `size` counts the numbers of the
    result, for the whole net those of every line.
    """

    copies: list[dict[str, int]]
    size: int
    output: Shape | None
    field: ReceptiveField | None
    node: int | None


def judge(analysis: Analysis, complete: bool = True) -> tuple[Judged, ...]:
    """All answers, in the order rows, groups, total, questions.

    `complete` is False for a net that stops at a fault: nothing can then be said about its total.
    """
    return tuple(_Judge(analysis, complete).judgements())


def given_text(answer: Answer) -> str:
    """What was written, in one spelling: `28x28x6`, `1234`, `~138000000`, `[1 2; 3 4]`, `?`."""
    given = answer.given
    if given is None:
        return "?"
    if isinstance(given, Matrix):
        return " ".join(_matrix_text(plane) for plane in given.planes)
    text = exact(given) if isinstance(given, Fraction) else "x".join(map(str, given))
    return f"{'~' if answer.approximate else ''}{text}{f' {answer.scope}' if answer.scope else ''}"


def _matrix_text(plane: Sequence[Sequence[Fraction]]) -> str:
    return f"[{'; '.join(' '.join(exact(value) for value in row) for row in plane)}]"


class _Judge:
    """One pass over the answers of one analysis."""

    def __init__(self, analysis: Analysis, complete: bool) -> None:
        self.analysis = analysis
        self.graph = analysis.graph
        self.complete = complete
        self._values: dict[int, Volume] | None = None

    def judgements(self) -> Iterator[Judged]:
        for row in self.graph.rows:
            for answer in row.answers:
                yield self._judged("row", row.index, answer, self._row(row.index))
        for group in self.graph.groups:
            for answer in group.answers:
                yield self._judged("group", group.index, answer, self._group(group.index))
        for answer in self.graph.totals:
            yield self._judged("total", 0, answer, self._total() if self.complete else None)
        for index, question in enumerate(self.graph.questions):
            yield self._judged("question", index, question.answer, self._labelled(question.label))

    def _judged(self, kind: PlaceKind, index: int, answer: Answer, subject: Subject | None) -> Judged:
        if subject is None:
            verdict, right = Verdict(None, "the net stops at a fault before this can be known"), None
        else:
            verdict, right = self._verdict(answer, subject)
        given = given_text(answer)
        return Judged(kind, index, answer.asked, given, verdict.ok, answer, verdict.remark, verdict.wrong, right)

    # ------------------------------------------------------------------ what an answer is about
    def _row(self, index: int) -> Subject:
        """`times N` makes N neighbouring rows, of which the last carries the answers."""
        last = self.analysis.rows[index]
        copies = self.analysis.rows[index - last.row.copies + 1 : index + 1]
        counted = [self._counted(row.figures, [row]) for row in copies]
        return Subject(counted, last.output.elements, last.output, last.receptive_field, last.row.last)

    def _group(self, index: int) -> Subject | None:
        """A block call; None when the net stops inside it."""
        if not 0 <= self.graph.groups[index].node < len(self.graph.nodes):
            return None
        found = self.analysis.groups[index]
        group, rows = found.group, self.analysis.rows[found.group.first : found.group.last + 1]
        each, over = divmod(len(rows), group.copies)
        if over or not each:
            counted = [self._counted(found.figures, rows)]
        else:
            parts = [rows[i * each : (i + 1) * each] for i in range(group.copies)]
            counted = [_added([self._counted(row.figures, [row]) for row in part]) for part in parts]
        return Subject(counted, found.output.elements, found.output, found.receptive_field, group.node)

    def _total(self) -> Subject:
        totals, outputs = self.analysis.totals, self.graph.outputs
        counted = self._counted(totals.figures, self.analysis.rows)
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

    def _counted(self, figures: Figures, rows: Sequence[RowAnalysis]) -> dict[str, int]:
        """The counts of some rows, per image."""
        biases = sum(w.count for row in rows for n in row.nodes for w in n.weights if w.trainable and w.name == "bias")
        batch = self.analysis.batch
        return {
            "params": figures.params,
            "total_params": figures.total_params,
            "macs": figures.cost.macs // batch,
            "flops": figures.cost.flops // batch,
            "buffers": figures.buffers,
            "weights": figures.params - biases,
            "connections": figures.connections // batch,
        }

    # ------------------------------------------------------------------ the verdict
    def _verdict(self, answer: Answer, subject: Subject) -> tuple[Verdict, Right]:
        if answer.asked in COUNTED:
            return self._verdict_on_count(answer, subject)
        if answer.asked == "size":
            return _number_verdict(answer, subject.size), subject.size
        if subject.output is None or subject.node is None:
            return Verdict(None, "the net has several outputs: ask about one line"), None
        if answer.asked == "shape":
            return self._verdict_on_shape(answer, subject.output), subject.output
        if answer.asked == "rf":
            return self._verdict_on_field(answer, subject.field)
        return self._verdict_on_values(answer, subject.output, subject.node)

    def _verdict_on_count(self, answer: Answer, subject: Subject) -> tuple[Verdict, Right]:
        """A line with `times N` stands for N layers: its counts are of each or of all of them."""
        asked, copies = answer.asked, subject.copies
        alike = all(_same_count(copy, copies[0], asked) for copy in copies)
        if answer.scope == "each" and not alike:
            return Verdict(None, f"the {len(copies)} copies of this line differ: answer for `all` of them"), None
        counts = copies[0] if answer.scope == "each" else _added(copies)
        if answer.scope is None and not (alike and _same_count(counts, copies[0], asked)):
            reason = f"this line stands for {len(copies)} layers: write `{asked} N each` or `{asked} N all`"
            return Verdict(None, reason), None
        if asked == "params":
            return self._verdict_on_params(answer, counts)
        return _number_verdict(answer, counts[asked]), counts[asked]

    def _verdict_on_params(self, answer: Answer, counts: dict[str, int]) -> tuple[Verdict, Right]:
        """Either count is right unless the file pins one: learned parameters, or Keras' total with the buffers."""
        learned, total, pinned = counts["params"], counts["total_params"], self.graph.count
        first = total if pinned == "keras" else learned
        verdict = _number_verdict(answer, first)
        if learned == total or verdict.ok is None or pinned is not None:
            return verdict, first
        if verdict.ok:
            return Verdict(True, "the learned parameters, as PyTorch counts them"), first
        if _number_verdict(answer, total).ok:
            return Verdict(True, "Keras' total, with the parameters that are not trained"), first
        return verdict, first

    def _verdict_on_shape(self, answer: Answer, right: Shape) -> Verdict:
        if not isinstance(answer.given, tuple):
            return Verdict(None)
        return compared_shape(answer.given, right, self.graph.order, answer.batch_dropped)

    def _verdict_on_field(self, answer: Answer, field: ReceptiveField | None) -> tuple[Verdict, Right]:
        if field is None:
            return Verdict(None, "this line has no receptive field in the first input"), None
        if answer.given is None or isinstance(answer.given, Matrix):
            return Verdict(None), field.size
        everywhere = not any(field.jump)
        whole = self.analysis.totals.inputs[0].spatial if everywhere else None
        return compared_field(answer.given, field.size, whole, answer.approximate), field.size

    def _verdict_on_values(self, answer: Answer, output: Shape, node: int) -> tuple[Verdict, Right]:
        if self._values is None:
            from cnncalc.analysis.by_hand import values  # noqa: PLC0415 - few nets ask for values

            self._values = values(self.analysis)
        right = self._values.get(node)
        if right is None:
            return Verdict(None, "these values are not known without running the net"), None
        if not isinstance(answer.given, Matrix):
            return Verdict(None), right
        return compared_values(answer.given, right, output.rank), right


def _number_verdict(answer: Answer, right: int) -> Verdict:
    return (
        compared_number(answer.given, right, answer.approximate)
        if isinstance(answer.given, Fraction)
        else Verdict(None)
    )


def _same_count(one: dict[str, int], other: dict[str, int], asked: str) -> bool:
    """Whether two lines have as much of what is asked; parameters may be meant either way."""
    return one[asked] == other[asked] and (asked != "params" or one["total_params"] == other["total_params"])


def _added(counted: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: sum(counts[name] for counts in counted) for name in counted[0]}
