"""What helps where a filter or a matrix of numbers is written wrongly: an unknown name, a size beside it, no name.

Only faults come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.graph.faults import Fault
from cnncalc.graph.proposals import Slip, picture_sizes, told
from cnncalc.graph.values import nearest_fix
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import MatrixLiteral, Token


def unknown_filter(value: Token, known: Iterable[str]) -> Fault:
    """The fault of a name that is no filter."""
    message = f"no filter or data is called `{value.text}`"
    otherwise = f"write `filter {value.text} = [0 1; 1 0]` above with its numbers, or see `cnncalc filters`"
    advice, fixes = nearest_fix(value, known, otherwise)
    return Fault("unknown-filter", message, value.span, help=advice, fixes=fixes)


def numbers_beside_filter(slip: Slip, word: str, numbers: Sequence[Token]) -> Fault:
    """The fault of numbers where the line names a filter, which has its size and makes one map of each."""
    fixes = slip.whole([slip.line((word, *slip.others(*numbers)))])
    message = f"`{word} filter=NAME` takes neither filters nor a kernel size"
    advice = told(fixes, "leave the numbers out")
    return Fault("too-many-operands", message, numbers[0].span.to(numbers[-1].span), help=advice, fixes=fixes)


def nameless_matrix(slip: Slip, matrix: MatrixLiteral) -> Fault:
    """The fault of a matrix that stands alone: given weights without their name, or a size in Python's brackets."""
    row = matrix.matrix.planes[0][0] if matrix.matrix.is_row else ()
    whole = [int(one) for one in row if one.denominator == 1 and one > 0]
    sizes = picture_sizes(whole) if WORDS.get(slip.call.word.text.lower()) == "input" else ("x".join(map(str, whole)),)
    fixes = tuple(fix for size in sizes if whole and len(whole) == len(row) for fix in slip.part(matrix.span, size))
    advice = told(fixes, "write `weights=[1 2; 3 4]` or `bias=[0 1]`, with your numbers")
    return Fault("wrong-operand", "a matrix needs a name in front", matrix.span, help=advice, fixes=fixes)
