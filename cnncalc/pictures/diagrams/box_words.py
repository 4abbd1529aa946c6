"""What the box of a part says: its words as in the text, what it makes, its parameters, whose weights it uses.

A panel's box stands for the same part of several calls, and says what differs from call to call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.diagnostics.letters import printable
from cnncalc.layers.registry import ACTIVATIONS, NORMS
from cnncalc.pictures.diagrams.diagram import BoxKind
from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.diagrams.words_of_calls import shared_words
from cnncalc.pictures.nets.call_values import varied
from cnncalc.pictures.nets.net_rows import NetRows
from cnncalc.pictures.nets.row_words import KIND_OF
from cnncalc.quantities import grouped
from cnncalc.report.entries import without_post_words

LONGEST_LINE = 90
"""Letters of a line of a box; more are cut."""

_SAID_ELSEWHERE = re.compile(r" (?:from |shared=)\S+")
"""An arrow says what a line reads, a line of its own whose weights it uses."""


def box_kind(part: Part) -> BoxKind:
    """The kind of a row, or block."""
    if part.kind != "row":
        return "block"
    if part.word in NORMS or part.word == "scale":
        return "norm"
    if part.word in ACTIVATIONS:
        return "activation"
    kind = KIND_OF.get(part.word, "other")
    return "shape" if kind == "flat" else "join" if part.word == "matmul" else kind


def box_texts(rows: NetRows, part: Part, form: str = "") -> tuple[str, ...]:
    """The lines of a box of the net itself; `form` names the panel that shows its inside."""
    first, *after = _row_texts(part.text) if part.kind == "row" else [part.text]
    said = titled(part, first)
    makes = shape_words(rows, part.end)
    if part.word == "input" and makes.replace("×", "x") in part.text:
        makes = ""
    counts = " · ".join(one for one in (makes, params_words(rows, part)) if one)
    weights = weights_of(rows, part) if part.kind == "row" else ()
    return lines((said, *after, counts, *weights, f"inside: {form}" if form else ""))


def titled(part: Part, text: str) -> str:
    """The words of a part with its label before them and the number of its copies behind."""
    return f"{_labelled(part.label, _SAID_ELSEWHERE.sub('', text))}{times_words(part)}"


def _labelled(label: str, text: str) -> str:
    """`c1: conv 8 3x3`; a label that is the word itself says it: `bn1`."""
    if label.rstrip("0123456789") == text:
        return label
    return f"{label}: {text}" if label else text


def times_words(part: Part) -> str:
    """` ×3` behind a part that has copies."""
    return "" if part.times == 1 else f" ×{grouped(part.times)}{' side by side' if part.side else ''}"


def frame_title(part: Part) -> str:
    """What stands above a frame: the words of the call, or how often what is in it comes."""
    if part.kind == "stretch":
        return f"{grouped(part.times)} times{' side by side' if part.side else ''}"
    return lines((titled(part, part.text),))[0]


def params_words(rows: NetRows, part: Part) -> str:
    """The parameters of a box, as the net's text counts them; of copies with as many, those of one."""
    starts = range(part.first, part.end + 1, part.length)
    copies = [_params(rows, range(start, start + part.length)) for start in starts]
    if not any(copies):
        return ""
    if len(copies) == 1:
        return f"{grouped(copies[0])} params"
    return f"{grouped(copies[0])} params each" if len(set(copies)) == 1 else f"{grouped(sum(copies))} params in all"


def _params(rows: NetRows, span: range) -> int:
    count = rows.analysis.graph.count
    return sum(rows.analysis.rows[row].figures.counted_params(count) for row in span)


def shape_words(rows: NetRows, row: int) -> str:
    """What a row makes, `28×28×6`, in the order in which the net writes its shapes."""
    return rows.analysis.rows[row].output.text(rows.analysis.graph.order).replace("x", "×")


def weights_of(rows: NetRows, part: Part) -> tuple[str, ...]:
    """Whose weights a row uses in place of its own, or that others use its weights."""
    row = rows.analysis.rows[part.first]
    lenders = dict.fromkeys(node.lender.name for node in row.nodes if node.lender)
    lent = ("its weights are shared",) if rows.lent[part.first] else ()
    return (*(f"with the weights of {name}" for name in lenders), *lent)


def panel_texts(rows: NetRows, parts: Sequence[Part], form: str = "") -> tuple[str, ...]:
    """The lines of a panel's box, which stands for one part of each call: what differs is listed or a range."""
    one = parts[0]
    label = one.label if len({part.label for part in parts}) == 1 else ""
    times = varied(part.times for part in parts)
    count = "" if times == "1" else f" ×{times}"
    if one.kind != "row":
        texts = [_SAID_ELSEWHERE.sub("", part.text) for part in parts]
        return lines((_labelled(label, shared_words(texts)) + count, f"inside: {form}" if form else ""))
    said = [_row_texts(part.text) for part in parts]
    after = shared_words([" ".join(texts[1:]) for texts in said])
    shapes = {shape_words(rows, part.end) for part in parts}
    makes = shapes.pop() if len(shapes) == 1 else ""
    return lines((_labelled(label, shared_words([texts[0] for texts in said])) + count, after, makes))


def _row_texts(text: str) -> list[str]:
    """The first layer of a row, and those behind it."""
    text = _SAID_ELSEWHERE.sub("", text)
    main = without_post_words(text)
    return [main, text[len(main) :].strip()] if text.startswith(main) else [text]


def lines(texts: Sequence[str]) -> tuple[str, ...]:
    """The lines that say something, letters that cannot be shown replaced, none too long."""
    shown = (printable(text) for text in texts if text)
    return tuple(text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…" for text in shown)
