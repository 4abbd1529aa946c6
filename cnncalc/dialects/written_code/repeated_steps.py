"""Steps that are equal and follow each other, each on what the one before it made: one step that is repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from cnncalc.dialects.written_code.pieces import Expression, Value
from cnncalc.dialects.written_code.program_structure import Apply, Call, Definition, Repeat, Result, Step

FEWEST_PIECES = 3
"""Equal pieces in a row that are shorter as a loop; calls of a block are from two."""


def with_repeats(definition: Definition) -> Definition:
    """The definition with a repeat for every run of equal steps."""
    uses = Counter(read for step in definition.steps for read in step.reads)
    uses.update(definition.results)
    fixed = {step.again for step in definition.steps if not isinstance(step, Repeat) and step.again is not None}
    runs: list[list[int]] = []
    for place in range(len(definition.steps)):
        if runs and place not in fixed and runs[-1][-1] not in fixed and _continues(definition.steps, place, uses):
            runs[-1].append(place)
        else:
            runs.append([place])
    parts = [part for run in runs for part in _parts(definition.steps, run)]
    if len(parts) == len(definition.steps):
        return definition
    return _numbered_anew(definition, parts)


def _continues(steps: Sequence[Step], place: int, uses: Counter[Result]) -> bool:
    """Whether a step does the same as the one before it, on what that made, which nothing else reads."""
    before, step = steps[place - 1], steps[place]
    if before.name or step.reads != (Result(place - 1),) or uses[Result(place - 1)] > 1 or len(before.reads) != 1:
        return False
    if isinstance(step, Apply) and isinstance(before, Apply):
        return step.again is None is before.again and _form(step) == _form(before)
    if isinstance(step, Call) and isinstance(before, Call):
        return (
            step.again is None is before.again
            and step.definition is before.definition
            and len(step.definition.results) == 1
            and [one.keyword for one in step.arguments] == [one.keyword for one in before.arguments]
        )
    return False


def _form(step: Apply) -> str:
    return repr(step.piece._replace(nodes=(), reads=()))


def _parts(steps: Sequence[Step], run: list[int]) -> list[list[int]]:
    """A run in parts that one loop can say."""
    first = steps[run[0]]
    if isinstance(first, Apply):
        return [run] if len(run) >= FEWEST_PIECES else [[place] for place in run]
    if len(run) > 2 and _progress(steps, run) is not None:
        return [run]
    parts = [[run[0]]]
    for before, place in pairwise(run):
        if repr(_values(steps[before])) == repr(_values(steps[place])):
            parts[-1].append(place)
        else:
            parts.append([place])
    return parts


def _values(step: Step) -> list[Value]:
    return [one.value for one in step.arguments] if isinstance(step, Call) else []


def _progress(steps: Sequence[Step], run: list[int]) -> list[Value] | None:
    """The arguments of a run of calls, with the counter where numbers grow by the same each time; else None."""
    found: list[Value] = []
    for column in zip(*(_values(steps[place]) for place in run), strict=True):
        if len({repr(value) for value in column}) == 1:
            found.append(column[0])
            continue
        whole = [value for value in column if type(value) is int]
        if len(whole) < len(column) or len({b - a for a, b in pairwise(whole)}) > 1:
            return None
        found.append(_grown(whole[0], whole[1] - whole[0]))
    return found


def _grown(start: int, step: int) -> Expression:
    size = "i" if abs(step) == 1 else f"{abs(step)} * i"
    return Expression(f"{start} {'-' if step < 0 else '+'} {size}")


def _numbered_anew(definition: Definition, parts: list[list[int]]) -> Definition:
    new_place = {place: number for number, part in enumerate(parts) for place in part}

    def moved(read: Result) -> Result:
        return read if read.step < 0 else read._replace(step=new_place[read.step])

    steps: list[Step] = []
    for part in parts:
        step = definition.steps[part[0]]
        reads = tuple(map(moved, step.reads))
        if isinstance(step, Repeat):
            steps.append(step._replace(reads=reads, step=step.step._replace(reads=reads)))
            continue
        step = step._replace(reads=reads)
        if step.again is not None:
            step = step._replace(again=new_place[step.again])
        steps.append(step if len(part) == 1 else _repeat(definition.steps, part, step))
    return Definition(
        definition.name, definition.parameters, definition.inputs, tuple(steps), tuple(map(moved, definition.results))
    )


def _repeat(steps: Sequence[Step], part: list[int], step: Apply | Call) -> Repeat:
    name, counter = steps[part[-1]].name, ""
    if isinstance(step, Call) and repr(_values(steps[part[0]])) != repr(_values(steps[part[1]])):
        grown = _progress(steps, part) or []
        arguments = [one._replace(value=value) for one, value in zip(step.arguments, grown, strict=True)]
        step, counter = step._replace(arguments=tuple(arguments)), "i"
    return Repeat(len(part), step._replace(name=""), step.reads, counter, name)
