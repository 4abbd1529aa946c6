"""Copies of a block compared: those that do the same, with other numbers, are calls of one definition.

Blocks are looked at from the innermost outward, all of one height at a time, so that a block is compared by which
definitions it calls.  Copies that follow each other with `times` are a run; how often is a number as any other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from cnncalc.dialects.written_code.block_tree import ALONE, Block, Leaf
from cnncalc.dialects.written_code.definition_names import label_parameters
from cnncalc.dialects.written_code.parameters import Drafted, Progress, drafted
from cnncalc.dialects.written_code.piece_numbers import Number, numbers_of
from cnncalc.dialects.written_code.program_structure import Result


@dataclass(eq=False)
class Draft:
    """A definition to be: all its calls, and the numbers that they have in common or by parameters."""

    word: str
    calls: list[Body] = field(default_factory=list)
    numbers: Drafted = field(default_factory=Drafted)
    is_inlined: bool = False
    name: str = ""

    @property
    def first(self) -> Body:
        """The call whose steps show what all do."""
        return self.calls[0]


class Run(NamedTuple):
    """Calls one after the other, each on what the one before made; one alone is a run too."""

    bodies: tuple[Body, ...]
    label: str = ""


class Placed(NamedTuple):
    """A step with what it reads within its block, and the step whose parts it uses once more."""

    item: Leaf | Run
    reads: tuple[Result, ...]
    again: int | None
    form: Hashable
    numbers: tuple[Number, ...]


@dataclass(eq=False)
class Body:
    """What is in one call of a block: its steps, the nodes that it reads from outside, those that are read from it."""

    block: Block
    steps: list[Placed] = field(default_factory=list)
    reads: list[int] = field(default_factory=list)
    results: list[int] = field(default_factory=list)
    local_results: tuple[Result, ...] = ()
    draft: Draft = field(default_factory=lambda: Draft(""))
    arguments: tuple[Number, ...] = ()


class OtherPartError(Exception):
    """Two calls that share their weights and are no calls of one definition with the same arguments."""

    def __init__(self, *blocks: Block) -> None:
        super().__init__()
        self.blocks = blocks


class Comparison:
    """Makes the bodies of a net and its drafts; `last_use` says for a node the last place where it is read."""

    def __init__(
        self,
        last_use: Mapping[int, int],
        defaults: Mapping[str, Mapping[str, str]],
        labels: Mapping[int, set[str]],
    ) -> None:
        self.last_use = last_use
        self.defaults = defaults
        self.labels = labels
        self.others: list[Block] = []
        self.bodies: dict[int, Body] = {}
        self.lent: set[int] = set()

    def compared(self, net: Block, given: Sequence[int]) -> Draft:
        """The draft of the whole net, whose inputs are these nodes; raises OtherPartError."""
        levels: list[list[Block]] = []
        _height(net, levels)
        for level in levels:
            for block in level:
                again = [item.again for item in block.items if item.again is not None]
                self.lent |= {id(one) for one in again}
        for level in levels:
            drafts: dict[Hashable, Draft] = {}
            for block in level:
                body = self._body(block, given if block is net else ())
                key = (block.word, tuple((one.form, one.reads, one.again) for one in body.steps), body.local_results)
                body.draft = drafts.setdefault(key, Draft(block.word))
                body.draft.calls.append(body)
                self.bodies[id(block)] = body
            for draft in drafts.values():
                self._finish(draft)
        if self.others:
            raise OtherPartError(*self.others)
        return self.bodies[id(net)].draft

    def _finish(self, draft: Draft) -> None:
        inputs = label_parameters(draft, self.labels)
        columns = [[_named(n, step, inputs) for step in body.steps for n in step.numbers] for body in draft.calls]
        settings = [body.block.settings for body in draft.calls]
        draft.numbers = drafted(columns, settings, self.defaults.get(draft.word, {}))
        for body, arguments in zip(draft.calls, draft.numbers.arguments, strict=True):
            body.arguments = arguments
        is_shared = any(body.block.again or id(body.block) in self.lent for body in draft.calls)
        draft.is_inlined = not is_shared and all(map(_is_one_step, draft.calls))

    # ------------------------------------------------------------------ one call
    def _body(self, block: Block, given: Sequence[int]) -> Body:
        body = Body(block, reads=list(given))
        made: dict[int, Result] = {node: Result(-1 - place) for place, node in enumerate(given)}
        step_of: dict[int, int] = {}
        results: list[int] = []
        for item in self._items(block):
            read = item.piece.reads if isinstance(item, Leaf) else tuple(item.bodies[0].reads)
            for node in read:
                if node not in made:
                    made[node] = Result(-1 - len(body.reads))
                    body.reads.append(node)
            again = item.again if isinstance(item, Leaf) else item.bodies[0].block.again
            step = len(body.steps)
            step_of[id(item if isinstance(item, Leaf) else item.bodies[0].block)] = step
            form, numbers = _form(item)
            place = None if again is None else step_of[id(again)]
            body.steps.append(Placed(item, tuple(made[node] for node in read), place, form, numbers))
            results = [item.piece.result] if isinstance(item, Leaf) else item.bodies[-1].results
            for number, node in enumerate(results):
                made[node] = Result(step, number)
                if self.last_use.get(node, -1) > block.last:
                    body.results.append(node)
        body.results = body.results or results[:1]
        body.results.sort(key=lambda node: node != block.node)
        body.local_results = tuple(made[node] for node in body.results)
        return body

    def _items(self, block: Block) -> Iterable[Leaf | Run]:
        """The steps of a block, with calls that are none put in their place and copies as runs."""
        waiting: list[Body] = []
        for item in block.items:
            body = None if isinstance(item, Leaf) else self.bodies[id(item)]
            if body is not None:
                self._check_again(body)
                if waiting and self._continues(waiting[-1], body):
                    waiting.append(body)
                    continue
            yield from _runs(waiting)
            waiting = []
            if isinstance(item, Leaf):
                yield item
            elif body is not None and body.draft.is_inlined:
                yield from (step.item for step in body.steps[:-1])
                yield _labelled(body.steps[-1].item, item.label)
            elif body is not None:
                waiting = [body]
        yield from _runs(waiting)

    def _check_again(self, body: Body) -> None:
        again = body.block.again
        if again is not None:
            other = self.bodies[id(again)]
            if other.draft is not body.draft or _said(other.arguments) != _said(body.arguments):
                self.others += [body.block, again]

    def _continues(self, before: Body, body: Body) -> bool:
        """Whether a copy works on what the copy before it made, and nothing else does."""
        return (
            body.block.times == before.block.times != ALONE
            and not before.block.label
            and body.draft is before.draft
            and body.reads == before.results
            and len(body.reads) == len(body.results) == 1
            and self.last_use.get(body.reads[0], -1) <= body.block.last
            and not any(one.block.again or id(one.block) in self.lent for one in (before, body))
        )


def _named(number: Number, step: Placed, inputs: Sequence[str]) -> Number:
    """A number of channels of an input that has a name, by that name; of the first input it is `in_channels`."""
    place = -1 - step.reads[0].step if step.reads else 0
    if place < 1 or not number.name.startswith("in_") or not inputs[place]:
        return number
    return number._replace(name=f"{inputs[place]}_channels")


def _is_one_step(body: Body) -> bool:
    """Whether it does no more than one step, or the same one several times: it is said where it is called."""
    runs = [step.item for step in body.steps if isinstance(step.item, Run)]
    if len(runs) < len(body.steps):
        return len(body.steps) == 1
    said = {(id(one.draft), tuple(_said(one.arguments))) for run in runs for one in run.bodies}
    chained = all(step.reads == (Result(place - 1),) for place, step in enumerate(body.steps))
    return len(runs) == 1 or (len(said) == 1 and chained)


def _height(block: Block, levels: list[list[Block]]) -> int:
    inner = [_height(item, levels) for item in block.items if isinstance(item, Block)]
    height = 1 + max(inner, default=-1)
    while len(levels) <= height:
        levels.append([])
    levels[height].append(block)
    return height


def _labelled(item: Leaf | Run, label: str) -> Leaf | Run:
    if isinstance(item, Run):
        return item if item.label else item._replace(label=label)
    item.label = item.label or label
    return item


def _said(numbers: Iterable[Number]) -> list[str]:
    return [repr(one.value) for one in numbers]


def _form(item: Leaf | Run) -> tuple[Hashable, tuple[Number, ...]]:
    if isinstance(item, Leaf):
        form, numbers = numbers_of(item.piece)
        return form, tuple(numbers)
    first, times = item.bodies[0], len(item.bodies)
    found = [Number(times, "repeats")]
    for place, number in enumerate(first.arguments):
        start, last = (body.arguments[place].value for body in (first, item.bodies[-1]))
        if times == 1:
            found.append(number._replace(value=Progress(start, None)))
        elif type(start) is int and type(last) is int and start != last:
            found.append(number._replace(value=Progress(start, (last - start) // (times - 1))))
        else:
            found.append(number)
    return id(first.draft), tuple(found)


def _runs(bodies: list[Body]) -> list[Run]:
    """Copies as runs: of equal arguments, or of numbers that grow by the same from each to the next."""
    if not bodies:
        return []
    label = bodies[-1].block.label
    columns = list(zip(*([number.value for number in body.arguments] for body in bodies), strict=True))
    if all(_is_steady(column) for column in columns):
        return [Run(tuple(bodies), label)]
    parts: list[list[Body]] = []
    for body in bodies:
        if parts and _said(parts[-1][-1].arguments) == _said(body.arguments):
            parts[-1].append(body)
        else:
            parts.append([body])
    return [Run(tuple(part), label if part is parts[-1] else "") for part in parts]


def _is_steady(column: Sequence[object]) -> bool:
    if len({repr(value) for value in column}) == 1:
        return True
    if len(column) < 3 or any(type(value) is not int for value in column):
        return False
    return len({after - before for before, after in pairwise(column)}) == 1  # type: ignore[operator]
