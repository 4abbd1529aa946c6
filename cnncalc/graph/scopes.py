"""Names in a model's text: what a label stands for, and which labels and `$names` a line can see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.faults import Fault
from cnncalc.spec.document import Token, Value
from cnncalc.spec.statements import is_label

_NO_LABELS = frozenset(("input", "in", "output", "previous", "last", "above"))
"""What people write for a line that has no label."""


class Target(NamedTuple):
    """What a label stands for: a node (None when its line has a fault), and its row, or ~group for a block call."""

    node: int | None
    place: int


@dataclass
class Scope:
    """One block call, one round of a repeat, or the file: its `$names` and its labels.

    A round of a repeat sees the labels and `$names` around it (`outer`); a block sees no labels but those passed to
    it, and the file's constants (`constants`, the scope of the file).
    """

    environment: dict[str, Value]
    labels: dict[str, Target] = field(default_factory=dict)
    passed: dict[str, Target] = field(default_factory=dict)
    outer: Scope | None = None
    constants: Scope | None = None
    caller: Scope | None = None
    """The scope of the line that calls the block; its names and labels are not seen here."""
    prefix: str = ""
    trail: tuple[Span, ...] = ()
    blocks: tuple[str, ...] = ()
    levels: tuple[bool, ...] = ()
    """The blocks and branches around a line, from outside in; True for a branch."""

    @property
    def depth(self) -> int:
        return len(self.levels)

    @property
    def branches(self) -> tuple[int, ...]:
        """Which levels are branches; the outermost is 1."""
        return tuple(level for level, is_branch in enumerate(self.levels, 1) if is_branch)

    def own_value(self, name: str) -> Value | None:
        """What `$name` stands for in this block call, or in the file outside of blocks."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.environment:
                return scope.environment[name]
            scope = scope.outer
        return None

    def value(self, name: str) -> Value | None:
        """What `$name` stands for; a block's own names hide the file's constants."""
        found = self.own_value(name)
        return self.constants.own_value(name) if found is None and self.constants is not None else found

    def names(self) -> Iterator[str]:
        """Every `$name` that can be read here; a hidden one twice."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.environment
            scope = scope.outer
        if self.constants is not None:
            yield from self.constants.environment

    def find(self, name: str) -> Target | None:
        """The label's target; `$name` finds the label that was passed to the block as that parameter."""
        if name.startswith("$"):
            return self.passed.get(name.strip("${}"))
        return self.labels.get(name) or (self.outer.find(name) if self.outer else None)

    def target(self, token: Token) -> Target:
        """The label's target, or a fault where it is used."""
        found = self.find(token.text)
        if found is None:
            advice = self._other_label(token.text)
            raise Fault("unknown-label", f"no line above is labelled `{token.text}`", token.span, help=advice)
        return found

    def _other_label(self, label: str) -> str:
        """What to do about a label that no line has."""
        if not is_label(label):
            return "label the line you mean, `a:` in front of it, and name it here: a label begins with a letter"
        if label.lower() in _NO_LABELS:
            return "write a label in front of the line that you mean, `a:`, and name it here: `a`"
        if "." in label and not any("." in one for one in self._known()):
            inner = "a label inside a block, or inside copies that `times` makes, is known there alone"
            return f"{inner}: outside, name the line that makes them"
        return did_you_mean(label, self._known(), f"write `{label}:` in front of the line you mean, above this one")

    def _known(self) -> list[str]:
        return [*self.labels, *(self.outer._known() if self.outer else [])]  # noqa: SLF001 - a scope as this one

    def refuse_taken(self, label: Token | None) -> None:
        """Raise Fault for a label that a line above has already."""
        if label is not None and label.text in self.labels:
            message = f"the label `{label.text}` is used above already"
            raise Fault("used-twice", message, label.span, help="choose another name")

    def name_fault(self, label: Token | None, target: Target) -> None:
        """Keep the label of a line with a fault, so that lines which use it are not called faulty for that."""
        if label is not None:
            self.labels.setdefault(label.text, target)


@dataclass(frozen=True)
class Names(Mapping[str, Value]):
    """What every `$name` stands for at one line: the scope's, `in` and `in(label)`.

    `channels_of` gives the channels of a label's node, or UNKNOWN's text for a line with a fault.
    """

    scope: Scope
    arriving: Value | None
    channels_of: Callable[[Target], Value]

    def __getitem__(self, name: str) -> Value:
        found = self._found(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._found(name) is not None

    def _found(self, name: str) -> Value | None:
        if name == "in":
            return self.arriving
        if name.startswith("in("):
            target = self.scope.find(name[3:-1])
            return None if target is None else self.channels_of(target)
        return self.scope.value(name)

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys(self.scope.names())
        if self.arriving is not None:
            yield "in"

    def __len__(self) -> int:
        return len(list(iter(self)))
