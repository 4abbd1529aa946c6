"""The proof that what was written is the same net: it is read again, compared, and run with the same weights.

Proved is only what was measured; what could not be done here is said with what would make it possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.forms import Form
from cnncalc.conversion.lines_left_out import as_written
from cnncalc.conversion.reading_back import read_again
from cnncalc.diagnostics import InputError
from cnncalc.layers.base import counted
from cnncalc.questions.plain_operations import as_row, plain_operations
from cnncalc.questions.same_net import Same, Unequal, same_net
from cnncalc.runtime.proof_records import Claim, Proof

if TYPE_CHECKING:
    from cnncalc.conversion.carried_weights import Arrays
    from cnncalc.runtime.weights import Weights


@dataclass(frozen=True)
class ReadBack:
    """What was read of what was written: its numbers, which array is which, and the claims about it so far."""

    ours: Analysis
    form: Form
    content: str | bytes
    claims: tuple[Claim, ...]
    analysis: Analysis | None = None
    same: Same | None = None
    operations: int = 0
    others: Mapping[str, Iterable[bytes]] = field(default_factory=dict)

    def proof(self) -> Proof:
        """The proof as far as reading alone goes."""
        return Proof(self.form.name, self.claims, self.operations, len(self.same.arrays) if self.same else 0)

    def writer(self, arrays: Arrays) -> Callable[[BinaryIO], object]:
        """What writes the weights into a file that fits what was written."""
        from cnncalc.conversion.carried_weights import carried, write_weights

        analysis, same = self.analysis, self.same
        assert analysis is not None
        assert same is not None
        return lambda stream: write_weights(self.form, analysis, carried(analysis, same, arrays), stream)


def read_claims(
    analysis: Analysis, form: Form, content: str | bytes, name: str, others: Mapping[str, Iterable[bytes]] | None = None
) -> ReadBack:
    """Reads what was written, and compares the operations, the arrays and the counts of both nets."""
    others = others or {}
    try:
        back = read_again(analysis.graph, form, content, name, others)
    except InputError as error:
        return ReadBack(
            analysis, form, content, (Claim("read again", _first_fault(error), holds=False),), others=others
        )
    found = same_net(analysis.graph, back.graph, turned=form.name == "darknet")
    size = f"{len(content):,} bytes" if isinstance(content, bytes) else f"{content.count(chr(10)):,} lines"
    claims = [Claim("read again", f"{size}, without a fault")]
    written = as_written(analysis, form)
    operations = len(plain_operations(written.graph).all)
    if isinstance(found, Same):
        claims.append(Claim("operations", f"{operations:,}, all the same"))
        turned = f", {len(found.turned)} with their columns in another order" if found.turned else ""
        raised = f", {counted(len(found.raised), 'variance')} {_range(found.raised)} larger" if found.raised else ""
        claims.append(Claim("arrays", f"{len(found.arrays):,}, all the same{turned}{raised}"))
    else:
        claims.append(Claim("operations", unequal_words(analysis, back, found), holds=False))
    claims += _counts(written, back, rows=form.name == "darknet")
    same = found if isinstance(found, Same) else None
    return ReadBack(analysis, form, content, tuple(claims), back, same, operations, others)


def _first_fault(error: InputError) -> str:
    fault = error.diagnostics[0]
    where = f"line {fault.span.line}: " if fault.span is not None else ""
    return f"{where}{fault.message}"


def unequal_words(analysis: Analysis, back: Analysis, found: Unequal) -> str:
    """Where two nets differ: the line of ours, that of what was written, and what differs.

    A line of a program that was read is a call, and so it is named.
    """
    parts = [found.said]
    for node, source, whose in (
        (found.first, analysis.graph.source, ""),
        (found.second, back.graph.source, " of what was written"),
    ):
        if node is not None:
            span = node.origin.span
            column = f", column {span.column}" if span.column > 1 else ""
            parts.append(f"{source.line_words(span.line)}{column}{whose} ({node.name})")
    return "; ".join(parts)


def _counts(ours: Analysis, theirs: Analysis, *, rows: bool) -> list[Claim]:
    """The totals of both nets, which an analysis found by itself for each; `rows`: a map of one place is a row."""
    pairs = [
        (name, getattr(ours.totals.figures, name), getattr(theirs.totals.figures, name))
        for name in ("params", "buffers")
    ]
    pairs.append(("MACs", ours.totals.figures.cost.macs, theirs.totals.figures.cost.macs))
    claims = [
        Claim(name, f"{mine:,}" if mine == other else f"{mine:,} became {other:,}", holds=mine == other)
        for name, mine, other in pairs
    ]
    shapes = ours.totals.outputs, theirs.totals.outputs
    if rows:
        shapes = tuple(map(as_row, shapes[0])), tuple(map(as_row, shapes[1]))
    mine, other = (" and ".join(one.text() for one in outputs) for outputs in shapes)
    return [*claims, Claim("output", mine if mine == other else f"{mine} became {other}", holds=mine == other)]


def _range(raised: Mapping[str, float]) -> str:
    """By how much variances are larger."""
    low, high = min(raised.values()), max(raised.values())
    return f"{low:.2g}" if f"{low:.2g}" == f"{high:.2g}" else f"{low:.2g} to {high:.2g}"


def proof_of(analysis: Analysis, back: ReadBack, weights: Weights | None) -> Proof:
    """The whole proof: both nets are run with the same weights on the same input, where that is possible here."""
    from cnncalc.conversion.written_runs import run_claim

    so_far = back.proof()
    if back.same is None or not so_far.holds:
        return so_far
    claim, difference, by = run_claim(analysis, back, weights)
    return Proof(so_far.notation, (*so_far.claims, claim), so_far.operations, so_far.arrays, difference, by)
