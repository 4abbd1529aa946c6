"""What deserves a warning when a whole net is looked at, and no single line is wrong."""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "unread-result": Entry(
        "no line reads the result of this line, and it is not the last",
        "`concat a`, `add a` and `mul a` join the line before with `a`; with two or more labels they join exactly "
        "these, and the line before is not used unless it is named too. A net with several results, such as two "
        "heads, says so with `output a b`, which ends this warning.",
        "input 28x28x1\na: conv 8 3x3 same\nb: conv 8 5x5 same from a\nconv 8 1x1\nconcat a b",
    ),
    "dense-heavy": Entry(
        "one dense layer holds over 80 % of the net's parameters",
        "A dense layer has a weight for every pair of input and unit, so after `flatten` on a large map it has far "
        "more of them than all convolutions together. It is no fault. Another pool before it, or `gap` instead of "
        "`flatten`, makes it small.",
        "input 28x28x1\nconv 32 3x3 relu\nflatten\ndense 128\ndense 10",
    ),
}
"""A warning's example binds without a fault; the warning is in its analysis."""
