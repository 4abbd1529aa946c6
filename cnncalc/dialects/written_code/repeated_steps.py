"""Steps that are equal and follow each other, each on what the one before it made: one step that is repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cnncalc.dialects.written_code.parameters import COUNTER, grown
from cnncalc.dialects.written_code.pieces import Value
from cnncalc.dialects.written_code.program_structure import Apply, Call, Definition, Repeat, Result, Step

FEWEST = 3
"""Equal steps in a row that are shorter as a loop."""


def with_repeats(definition: Definition) -> Definition:
    """The definition with a repeat for every run of equal steps that is long enough, and two steps for two."""
    return _with_pairs(_with_runs(definition))


def _with_pairs(definition: Definition) -> Definition:
    """With two steps in place of each that is done twice."""
    if not any(isinstance(step, Repeat) and step.times == 2 for step in definition.steps):
        return definition
    new_place: list[int] = []
    steps: list[Step] = []

    def moved(read: Result) -> Result:
        return read if read.step < 0 else read._replace(step=new_place[read.step])

    for step in definition.steps:
        reads = tuple(map(moved, step.reads))
        if isinstance(step, Repeat):
            one = step.step._replace(reads=reads)
            if step.times == 2:
                steps += [one, one._replace(reads=(Result(len(steps)),), name=step.name)]
            else:
                steps.append(step._replace(reads=reads, step=one))
        else:
            steps.append(step._replace(reads=reads, again=None if step.again is None else new_place[step.again]))
        new_place.append(len(steps) - 1)
    results = tuple(map(moved, definition.results))
    return Definition(definition.name, definition.parameters, definition.inputs, tuple(steps), results)


def _with_runs(definition: Definition) -> Definition:
    parts = [part for run in _runs(definition) for part in _parts(definition.steps, run)]
    if len(parts) == len(definition.steps):
        return definition
    new_place = {place: number for number, part in enumerate(parts) for place in part}

    def moved(read: Result) -> Result:
        return read if read.step < 0 else read._replace(step=new_place[read.step])

    steps: list[Step] = []
    for part in parts:
        step = definition.steps[part[0]]
        reads = tuple(map(moved, step.reads))
        if len(part) > 1:
            steps.append(_repeat([definition.steps[place] for place in part], reads))
        elif isinstance(step, Repeat):
            steps.append(step._replace(reads=reads, step=step.step._replace(reads=reads)))
        else:
            again = None if step.again is None else new_place[step.again]
            steps.append(step._replace(reads=reads, again=again))
    results = tuple(map(moved, definition.results))
    return Definition(definition.name, definition.parameters, definition.inputs, tuple(steps), results)


def _runs(definition: Definition) -> Iterator[list[int]]:
    """The places of steps of one kind, each on what the one before it made, which nothing else reads."""
    uses = Counter(read for step in definition.steps for read in step.reads)
    uses.update(definition.results)
    fixed = {step.again for step in definition.steps if not isinstance(step, Repeat)}
    kinds = [None if place in fixed else _kind(step) for place, step in enumerate(definition.steps)]
    run: list[int] = []
    for place, step in enumerate(definition.steps):
        before = Result(place - 1)
        chained = step.reads == (before,) and uses[before] == 1
        if run and chained and not definition.steps[run[-1]].name and kinds[place] == kinds[run[-1]] is not None:
            run.append(place)
        else:
            if run:
                yield run
            run = [place]
    if run:
        yield run


def _kind(step: Step) -> object:
    """What steps of one run have in common; None for one that is in none."""
    if isinstance(step, Repeat):
        return _kind(step.step) if isinstance(step.times, int) and not step.counter else None
    if step.again is not None or len(step.reads) != 1:
        return None
    if isinstance(step, Apply):
        return repr(step.piece._replace(nodes=(), reads=()))
    if len(step.definition.results) != 1:
        return None
    return id(step.definition), tuple(one.keyword for one in step.arguments)


def _parts(steps: Sequence[Step], run: list[int]) -> list[list[int]]:
    """A run in parts that one loop can say."""
    if isinstance(steps[run[0]], Apply):
        return [run] if len(run) >= FEWEST else [[place] for place in run]
    if len(run) > 2 and _progress([steps[place] for place in run]) is not None:
        return [run]
    parts = [[run[0]]]
    for before, place in pairwise(run):
        if repr(_values(steps[before])) == repr(_values(steps[place])):
            parts[-1].append(place)
        else:
            parts.append([place])
    return parts


def _values(step: Step) -> list[Value]:
    call = step.step if isinstance(step, Repeat) else step
    return [one.value for one in call.arguments] if isinstance(call, Call) else []


def _progress(steps: Sequence[Step]) -> list[Value] | None:
    """The arguments of a run of calls, with the counter where numbers grow by the same each time; else None."""
    found: list[Value] = []
    for column in zip(*map(_values, steps), strict=True):
        if len({repr(value) for value in column}) == 1:
            found.append(column[0])
            continue
        whole = [value for value in column if type(value) is int]
        if len(whole) < len(column) or len({b - a for a, b in pairwise(whole)}) > 1:
            return None
        if any(isinstance(step, Repeat) for step in steps):
            return None
        found.append(grown(whole[0], whole[1] - whole[0]))
    return found


def _repeat(steps: Sequence[Step], reads: tuple[Result, ...]) -> Repeat:
    """One step for several; their numbers are equal, or grow by the same each time."""
    step, counter = steps[0].step if isinstance(steps[0], Repeat) else steps[0], ""
    values = _progress(steps)
    if isinstance(step, Call) and values is not None and repr(values) != repr(_values(step)):
        step = step._replace(arguments=tuple(a._replace(value=v) for a, v in zip(step.arguments, values, strict=True)))
        counter = COUNTER
    times = [one.times if isinstance(one, Repeat) else 1 for one in steps]
    total = sum(one for one in times if isinstance(one, int))
    return Repeat(total, step._replace(name="", reads=reads), reads, counter, steps[-1].name)
