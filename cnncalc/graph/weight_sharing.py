"""`shared=LABEL` read: which line or block call a line wishes to share the weights of.

A line shares with a line, a block call with a block call.  What then becomes of the nodes is known to
`cnncalc.graph.weight_wishes`, which is imported where a line has such a wish.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Fix, Span
from cnncalc.graph.building import Builder
from cnncalc.graph.faults import Fault
from cnncalc.graph.scopes import Scope
from cnncalc.graph.weight_option import OPTION, parted
from cnncalc.spec.document import Call, Token

if TYPE_CHECKING:
    from cnncalc.graph.weight_wishes import Wish


def wish(
    call: Call, copies: int, scope: Scope, builder: Builder, parameters: Container[str] | None = None
) -> Wish | None:
    """What the line's `shared=` asks for; None without one, or where the labelled line has a fault.  Raises Fault.

    `parameters` are those of the block that the line calls; None for a layer.
    """
    found = parted(call, parameters or ())[1]
    if not found:
        return None
    from cnncalc.graph.weight_wishes import Wish  # noqa: PLC0415 (few texts share, and it costs start-up time)

    if len(found) > 1:
        raise Fault("given-twice", f"`{OPTION}` is given twice", found[1].span, help="keep one of the two")
    label, span = found[0].value, found[0].span
    if not isinstance(label, Token):
        raise Fault("wrong-operand", f"`{OPTION}` takes the label of a line, not a matrix", label.span)
    if call.label is not None and call.label.text == label.text:
        message = f"`{label.text}` is this line itself, which owns its weights already"
        advice = f"leave `{OPTION}={label.text}` out, or name a line above"
        raise Fault("shared-with-itself", message, span, help=advice, fixes=(Fix(span, ""),))
    target = scope.target(label)
    if target.node is None:
        return None
    _refuse_other_kind(call, label, span, target.place, builder, is_block=parameters is not None)
    lent = builder.rows[target.place].copies if target.place >= 0 else builder.groups[~target.place].copies
    if lent not in (1, copies):
        message = f"`{label.text}` is {lent} copies, each with its own weights, and this line for {copies}"
        advice = f"write `times {lent}` here too, or label a single line"
        raise Fault("shared-weights-differ", message, span, help=advice)
    return Wish(label, span, target.place, lent, copies)


def _refuse_other_kind(call: Call, label: Token, span: Span, place: int, builder: Builder, *, is_block: bool) -> None:
    """A layer shares with the layers of a line, a call with those of a call."""
    if is_block == (place < 0):
        return
    if is_block:
        text = f"`{label.text}` labels the line `{builder.rows[place].text}`, and `{call.word.text}` is a block"
        raise Fault("shared-weights-differ", text, span, help="a call shares with a call: label a call of this block")
    text = (
        f"`{label.text}` labels a call of the block `{builder.groups[~place].word}`, and `{call.word.text}` is a layer"
    )
    advice = f"call the block again with `{OPTION}={label.text}`, or label a single line"
    raise Fault("shared-weights-differ", text, span, help=advice)
