"""What is not in a text that is only printed: weights are written to a file of their own, which needs a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.conversion.forms import Form
from cnncalc.diagnostics import Diagnostic
from cnncalc.layers.base import counted
from cnncalc.questions.plain_operations import plain_operations

if TYPE_CHECKING:
    from cnncalc.conversion.proving import ReadBack

MOST_NAMED = 4
"""Arrays that a warning names."""


def weights_not_printed(form: Form, whose: str) -> Diagnostic:
    """The weights that the net has are in no text; `whose` is the file that has them."""
    return _warning(f"the weights in {whose} are not in what is printed", form)


def stated_not_printed(back: ReadBack) -> tuple[Diagnostic, ...]:
    """Arrays whose numbers the net states and what was written does not."""
    if back.analysis is None or back.same is None:
        return ()
    mine, theirs = (
        {one.name: one.stated for operation in plain_operations(graph).all for one in operation.arrays}
        for graph in (back.ours.graph, back.analysis.graph)
    )
    lost = [own for own, other in back.same.arrays.items() if mine[own] is not None and theirs[other] is None]
    if not lost:
        return ()
    shown = ", ".join(f"`{name}`" for name in lost[:MOST_NAMED]) + (" ..." if len(lost) > MOST_NAMED else "")
    numbers = counted(sum(len(mine[name] or ()) for name in lost), "number")
    return (_warning(f"the {numbers} that the net states for {shown} are not in what is printed", back.form),)


def _warning(message: str, form: Form) -> Diagnostic:
    return Diagnostic(
        "not-printed",
        message,
        severity="warning",
        help=f"write them too, to a second file: -o net{form.endings[0]}",
    )
