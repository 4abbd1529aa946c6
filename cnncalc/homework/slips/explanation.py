"""One way to come to a wrong answer: a slip, or two that were made together, and where.

What a slip gives is no matter of this module, nor how a search comes upon it: an explanation only says what was found.
"""

from __future__ import annotations

from typing import NamedTuple


class Explanation(NamedTuple):
    """The slips that together give exactly one wrong answer.

    `node` is where they are made; None: everywhere, or on no one line.  `cost` is smaller the commoner and the
    simpler they are.  `argument` is what only the answer itself says of them: `64 filters`.
    """

    slips: tuple[str, ...]
    node: int | None
    cost: int
    argument: str = ""

    @property
    def name(self) -> str:
        """The name of the slip; two that were made together are joined by `+`."""
        return "+".join(self.slips)
