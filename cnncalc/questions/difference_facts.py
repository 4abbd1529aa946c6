"""The few facts that make the difference of two nets: causes of one kind, gathered over all lines.

Each cause of each line is in exactly one finding, so the findings sum to the difference of the totals.  A stride that
one layer lost and a layer near to it got is one finding: it moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from cnncalc.analysis.model import Analysis
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.questions.compared import Cause, ComparedRow, Difference, Finding, Sign, total_difference

FARTHEST = 4
"""Lines from the layer that lost a stride to the one that got it."""

FEWEST_EVERYWHERE = 3
"""Layers that must be changed alike before this is said of all of them at once."""

Key = tuple[str, str, str]


def findings(a: Analysis, b: Analysis, rows: Sequence[ComparedRow], idle: Difference) -> tuple[Finding, ...]:
    """The facts, those with the largest part of the difference first; what follows from others comes behind them.

    `idle` is the difference of what programs make and never call.
    """
    moved = _moved_strides(a, rows)
    gathered: dict[Key, list[tuple[int, Cause]]] = {}
    for n, row in enumerate(rows):
        for cause in row.causes:
            gathered.setdefault(_key(row.sign, cause, n in moved), []).append((n, cause))
    common = Counter(
        a.nodes[i].node.layer.word for row in rows for i, j in row.nodes if i is not None and j is not None
    )
    found = [_finding(key, causes, common, moved) for key, causes in gathered.items()]
    if not idle.is_nothing:
        found.append(Finding("uncalled", "", "", 0, (), idle))
    params = max(1, a.totals.figures.params, b.totals.figures.params)
    macs = max(1, a.totals.figures.cost.macs, b.totals.figures.cost.macs)

    def place(one: Finding) -> tuple[bool, Fraction]:
        share = Fraction(abs(one.difference.params), params) + Fraction(abs(one.difference.macs), macs)
        return one.kind == "arrives", -share

    return tuple(sorted(found, key=place))


def _key(sign: Sign, cause: Cause, moved: bool) -> Key:
    if moved and (cause.name == "stride" or cause.kind == "arrives"):
        return "stride", "", "stride"
    if sign in ("added", "removed", "moved"):
        return sign, "", ""
    return cause.kind, "" if cause.kind == "arrives" else cause.word, cause.name


def _finding(
    key: Key, causes: list[tuple[int, Cause]], common: Counter[str], moved: dict[int, tuple[int, str]]
) -> Finding:
    kind, word, name = key
    lines = tuple(sorted({n for n, _ in causes}))
    difference = total_difference(cause.difference for _, cause in causes)
    if kind == "stride":
        said = Counter(moved[n][1] for n in lines if moved[n][0] > n)
        return Finding("stride", word, name, len(lines) // 2, _frequent(said), difference, rows=lines)
    if kind in ("added", "removed", "moved") and not word:
        first = {n: cause.word for n, cause in reversed(causes)}
        many = Counter(first[n] for n in sorted(first))
        texts = tuple(f"{count} {what}" for what, count in many.most_common())
        return Finding(kind, word, name, len(lines), texts, difference, rows=lines)  # type: ignore[arg-type]
    texts = _frequent(Counter(cause.text for _, cause in causes))
    everywhere = (
        kind == "argument"
        and len(texts) == 1
        and difference.is_nothing
        and len(causes) == common[word] >= FEWEST_EVERYWHERE
    )
    return Finding(kind, word, name, len(causes), texts, difference, everywhere, lines)  # type: ignore[arg-type]


def _frequent(said: Counter[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in said.most_common())


# ---------------------------------------------------------------------- strides
def _moved_strides(a: Analysis, rows: Sequence[ComparedRow]) -> dict[int, tuple[int, str]]:
    """The lines between which a stride moved -> the other line, and from where to where in words."""
    found: dict[int, tuple[int, str]] = {}
    for n, row in enumerate(rows):
        lost = _stride(row)
        if n in found or lost is None:
            continue
        for m in range(n + 1, min(n + 1 + FARTHEST, len(rows))):
            got = _stride(rows[m])
            if got is not None and m not in found and (got.before, got.after) == (lost.after, lost.before):
                pair = (row, rows[m]) if _is_less(got.before, got.after) else (rows[m], row)
                said = f"{_layer(a, pair[0])} to {_layer(a, pair[1])}"
                found[n], found[m] = (m, said), (n, said)
                break
    return found


def _is_less(before: str, after: str) -> bool:
    """Whether a stride grew: `1`, `2x2`."""
    return [int(one) for one in before.split("x")] < [int(one) for one in after.split("x")]


def _stride(row: ComparedRow) -> Cause | None:
    return next((cause for cause in row.causes if cause.name == "stride" and cause.kind == "argument"), None)


def _layer(a: Analysis, row: ComparedRow) -> str:
    """`conv 3x3`."""
    node = next(a.nodes[i] for i, _ in row.nodes if i is not None)
    layer = node.node.layer
    if not isinstance(layer, SlidingWindow):
        return layer.word
    return f"{layer.word} {'x'.join(map(str, layer.kernels(node.inputs[0].rank)))}"
