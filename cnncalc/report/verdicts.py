"""What was found about the answers written in a model, as the reports show it.

The judging is done elsewhere and handed in; a report only puts a mark beside each answered line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Verdict(NamedTuple):
    """One answer: what was asked, what was written, and whether it is right (None: open, or not to be judged).

    `remark` says what is to be said about it, `wrong` which parts are wrong: `height, channels`.
    """

    asked: str
    given: str
    ok: bool | None
    remark: str = ""
    line: int = 0
    wrong: str = ""


class Verdicts(NamedTuple):
    """All answers of a net, by row, by block call, about the totals, and as numbered questions."""

    rows: Mapping[int, tuple[Verdict, ...]] = {}
    groups: Mapping[int, tuple[Verdict, ...]] = {}
    totals: tuple[Verdict, ...] = ()
    questions: tuple[Verdict, ...] = ()

    @property
    def every(self) -> tuple[Verdict, ...]:
        """All of them in the order of the text."""
        several = (*self.rows.values(), *self.groups.values(), self.totals, self.questions)
        return tuple(sorted((verdict for some in several for verdict in some), key=lambda verdict: verdict.line))


NO_VERDICTS = Verdicts()


def mark(verdicts: tuple[Verdict, ...]) -> str:
    """✗ if one answer is wrong, else ? if one is open, else ✓; empty without answers."""
    if not verdicts:
        return ""
    results = {verdict.ok for verdict in verdicts}
    if False in results:
        return "✗"
    return "?" if None in results else "✓"
