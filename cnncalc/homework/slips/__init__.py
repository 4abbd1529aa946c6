"""The slips that have a name, and for every claim the names of those that give exactly what was claimed.

A slip is the same line asked again with one thing different, or the same sum with one part different: no size and no
count is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnncalc.homework.slips.edits import Slip
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import HINTS, SLIP_NAMED, SLIPS
from cnncalc.homework.slips.search import SlipBook

__all__ = ["HINTS", "SLIPS", "Explanation", "Slip", "SlipBook", "as_if", "hint", "is_vague", "plainest"]


def hint(name: str) -> str:
    """What a slip, or two joined by `+`, looks like: `each filter had only one channel`."""
    return ", and ".join(HINTS[part] for part in name.split("+"))


def is_vague(name: str) -> bool:
    """Whether a slip, or one of two joined by `+`, says little about what was misunderstood."""
    return any(SLIP_NAMED[part].vague for part in name.split("+"))


def plainest(names: Sequence[str]) -> list[str]:
    """Of slips that give one value those worth saying: no vague one beside others, and none said more plainly."""
    left = [name for name in names if not is_vague(name)] or list(names)
    beaten = {less for name in left if name in SLIP_NAMED for less in SLIP_NAMED[name].beats}
    return [name for name in left if name not in beaten] or left


def as_if(hints: Iterable[str]) -> str:
    """The end of a sentence: `as if the padding was counted twice, or as if the division was rounded up`."""
    return ", or ".join(f"as if {one}" for one in hints)
