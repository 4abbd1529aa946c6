"""Every diagnostic's long explanation: what the rule means, why it is there, and a minimal text that breaks it.

`cnncalc explain CODE` prints an entry; a test insists that each example earns its own code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`meaning` is one line, `explanation` two to four sentences, `example` a model text that fails with this code."""

    meaning: str
    explanation: str
    example: str
