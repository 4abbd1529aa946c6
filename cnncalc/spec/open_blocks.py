"""Blocks, repeats, splits and ifs whose end has not come yet, and the statements that they become."""

from __future__ import annotations

from cnncalc.diagnostics import Span
from cnncalc.spec.document import (
    BlockDefinition,
    Call,
    Choice,
    Conditional,
    Parameter,
    Repeat,
    Split,
    Statement,
    Token,
)
from cnncalc.spec.unreadable_line import fault


class Frame:
    """A block, repeat, split or `if` whose end has not come yet; the file itself is the first frame.

    A frame that is not `read` had a fault on its first line, or is nested too deeply: it is followed to its end and
    then left out.
    """

    def __init__(self, kind: str, opening: Span, *, read: bool = True) -> None:
        self.kind = kind
        self.opening = opening
        self.read = read
        self.body: list[Statement] = []
        self.branches: list[list[Statement]] = []
        self.name: Token | None = None
        self.parameters: tuple[Parameter, ...] = ()
        self.count: Token | None = None
        self.variable: Token | None = None
        self.choices: list[Choice] = []
        """The parts of an `if` that are complete; `condition` is that of the part that is open."""
        self.condition: Token | None = None
        self.begun = opening
        """Where the part that is open begins."""

    def complete_choice(self) -> None:
        """The part of the `if` that is open ends here."""
        self.choices.append(Choice(self.condition, tuple(self.body), self.begun))
        self.body = []


def ended(frame: Frame) -> Statement:
    """The statement that a block, repeat or `if` has become."""
    body = tuple(frame.body)
    if frame.kind == "block":
        assert frame.name is not None
        return BlockDefinition(frame.name, frame.parameters, body, frame.opening.to(frame.name.span))
    if frame.kind == "if":
        frame.complete_choice()
        return Conditional(tuple(frame.choices), frame.choices[0].span)
    assert frame.count is not None
    return Repeat(frame.count, frame.variable, body, frame.opening.to(frame.count.span))


def split(frame: Frame, made: Call) -> Split:
    """The split that `made`, its join, has closed; raises Unreadable when it has fewer than two branches."""
    count = len(frame.branches)
    if count < 2:
        raise fault(
            "too-few-branches",
            f"this split has {count or 'no'} branch{'' if count == 1 else 'es'}; a join needs at least 2",
            frame.opening,
            help="write branch before each path; an empty branch is the input itself",
        )
    return Split(tuple(map(tuple, frame.branches)), made, frame.opening)
