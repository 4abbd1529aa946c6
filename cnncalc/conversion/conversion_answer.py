"""What `net.convert(...)` gives in Python: the files that were written, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.converting import Asked, convert, refuse_options, save
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable

if TYPE_CHECKING:
    from cnncalc.runtime.proof_records import Proof


@dataclass(frozen=True, repr=False)
class ConversionAnswer:
    """`files` are those that were written, the net first; none where the proof does not hold.

    `said` are sentences about the weights; `proof` is None where none was asked for; `warnings` name what of the net is
    not in what was written.
    """

    notation: str
    files: tuple[str, ...]
    said: tuple[str, ...] = ()
    proof: Proof | None = None
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        files = printable(", ".join(self.files)) or "nothing is written"
        proof = "" if self.proof is None else ", proved" if self.proof.holds else ", not proved"
        return f"<cnncalc.ConversionAnswer: {self.notation}, {files}{proof}>"

    def __str__(self) -> str:
        if self.proof is None:
            return "\n".join((*self.files, *self.said))
        from cnncalc.report.canvas import Canvas
        from cnncalc.report.layout import drawn
        from cnncalc.report.proof_report import proof_sheet

        return drawn(
            proof_sheet(self.proof, f"{self.notation}: {', '.join(self.files) or 'nothing is written'}"), Canvas(80)
        )


def written_conversion(analysis: Analysis, asked: Asked, *, force: bool) -> ConversionAnswer:
    """Converts and writes.  Raises InputError."""
    refuse_options(asked)
    assert asked.path is not None
    done = convert(analysis, asked)
    said = tuple(one.message for one in done.warnings)
    if done.proof is not None and not done.proof.holds:
        if asked.prove:
            return ConversionAnswer(asked.form.name, (), (), done.proof, said)
        failed = "; ".join(f"{one.name}: {one.found}" for one in done.proof.claims if one.holds is False)
        advice = "nothing is written; prove=True gives the whole proof"
        raise input_error("option-does-not-fit", f"the weights do not go with {asked.form.said}: {failed}", help=advice)
    source = analysis.graph.source
    inputs = [source.file or source.name, *filter(None, [asked.weights])]
    save(done, asked.path, inputs=inputs, force=force)
    return ConversionAnswer(asked.form.name, (asked.path, *done.files), done.said, done.proof, said)
