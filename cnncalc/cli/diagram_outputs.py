"""The file of a diagram that `draw` writes as text: Mermaid or DOT, as its ending says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import input_error

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.conversion.forms import Form

DIAGRAMS = ("mermaid", "dot")
BEGINNINGS = (b"---\ntitle: ", b"digraph {\n  graph [label=")
"""How those begin that were written here."""


class DiagramFile(NamedTuple):
    """Where a diagram goes; `inputs` are the files that the command reads."""

    path: str
    form: Form
    force: bool
    inputs: tuple[str, ...]

    def refuse(self, options: Sequence[tuple[str, bool]]) -> None:
        """Raises the InputError that writing there would raise, or for one of the options that only pictures have."""
        from cnncalc.destinations import refuse_destination

        if name := next((name for name, is_given in options if is_given), None):
            message = f"`{name}` is about pictures, and {self.form.said} is written"
            raise input_error(
                "option-does-not-fit", message, help="leave it out, or end the name in .svg, .png or .pdf"
            )
        refuse_destination(self.path, inputs=self.inputs, force=self.force, known=may_be_diagram)

    def write(self, analysis: Analysis, opened: Sequence[str], *, inside: bool) -> None:
        """Write the diagram.  Raises InputError."""
        from cnncalc.destinations import write_file
        from cnncalc.pictures.diagrams.dot import dot_text
        from cnncalc.pictures.diagrams.mermaid import mermaid_text

        text_of = mermaid_text if self.form.name == "mermaid" else dot_text
        text = text_of(analysis, open_blocks=opened, inside=inside)
        write_file(self.path, text, inputs=self.inputs, force=self.force, known=may_be_diagram)


def diagram_file(path: str | None, force: bool, inputs: tuple[str, ...]) -> DiagramFile | None:
    """The file, where its ending is that of a diagram."""
    from cnncalc.conversion.forms import form_of_file

    form = form_of_file(path) if path else None
    return DiagramFile(str(path), form, force, inputs) if form is not None and form.name in DIAGRAMS else None


def may_be_diagram(beginning: bytes) -> bool:
    """Whether a file that begins so may be a diagram of ours."""
    return beginning.startswith(BEGINNINGS)
