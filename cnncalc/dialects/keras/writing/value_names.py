"""Which variable holds which result in a function: `x` goes from layer to layer, branches have names of their own.

A result takes over the variable of what it is made of where nobody reads that any more; where somebody does, it begins
a branch, which is called by its label, by the join that it ends in (`shortcut`, `branch1`), or `y`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.dialects.written_code.identifiers import unused, variable_name
from cnncalc.dialects.written_code.outline import Apply, Call, Definition, Repeat, Result, Step


class Held(NamedTuple):
    """The variable that each result is in; the inputs of the block among them."""

    names: Mapping[Result, str]
    copied: frozenset[int]
    """Repeats whose first input is read later too: it is copied into their variable before."""


def is_nothing(step: Step) -> bool:
    """Whether a step only passes on what it reads."""
    return isinstance(step, Apply) and step.piece.code == "{x0}" and not step.piece.made


def held(definition: Definition, inputs: Sequence[str], taken: set[str], *, keeps_inputs: bool = False) -> Held:
    """The variables of a block whose inputs have these names; `taken` are names that mean something else there.

    With `keeps_inputs` the inputs stay what they are: a model is made of them.
    """
    return _Choice(definition, inputs, taken, inputs if keeps_inputs else ()).held()


class _Choice:
    def __init__(self, definition: Definition, inputs: Sequence[str], taken: set[str], kept: Sequence[str]) -> None:
        self.kept = frozenset(kept)
        self.steps = definition.steps
        self.used = {*taken, *inputs}
        self.names: dict[Result, str] = {Result(-1 - place): name for place, name in enumerate(inputs)}
        self.definition = definition
        self.same: dict[Result, Result] = {}
        for place, step in enumerate(self.steps):
            if is_nothing(step):
                self.same[Result(place)] = self.origin(step.reads[0])
        self.reads: dict[Result, list[int]] = {}
        for place, step in enumerate(self.steps):
            for read in step.reads if not is_nothing(step) else ():
                self.reads.setdefault(self.origin(read), []).append(place)
        for result in definition.results:
            self.reads.setdefault(self.origin(result), []).append(len(self.steps))
        self.copied: set[int] = set()
        self.branches: set[str] = set()
        self.labels: set[str] = set()

    def origin(self, result: Result) -> Result:
        """The result that a step without effect passes on."""
        return self.same.get(result, result)

    def held(self) -> Held:
        for place, step in enumerate(self.steps):
            if is_nothing(step):
                self.names[Result(place)] = self.names[self.origin(step.reads[0])]
                continue
            chosen = self._chosen(place, step)
            for number in range(_results(step)):
                self.names[Result(place, number)] = chosen if number == 0 else unused(chosen, self.used)
        return Held(self.names, frozenset(self.copied))

    def _chosen(self, place: int, step: Step) -> str:
        """The variable of a step's result."""
        reads = self.reads.get(Result(place), [])
        label = variable_name(step.name) if step.name else ""
        free = [name for read in step.reads if (name := self._free(read, place))]
        same_branch = free[0] if len(step.reads) == 1 and free and free[0] in self.branches else ""
        if label and len(reads) > 1 and label not in self.used:
            name = unused(label, self.used)
            self.labels.add(name)
        elif branch := same_branch or self._of_concat(place, step):
            name = branch
            self.branches.add(name)
        elif "x" in free or ("x" not in self._live(place) and not self._is_taken("x") and "x" not in self.kept):
            name = "x"
        elif free:
            name = free[0]
        else:
            name = self._branch(place, label)
            self.branches.add(name)
        self.used.add(name)
        if isinstance(step, Repeat) and self.names[self.origin(step.reads[0])] != name:
            self.copied.add(place)
        return name

    def _of_concat(self, place: int, step: Step) -> str:
        """`branch2`, where the second branch of a wide concat begins here; empty elsewhere."""
        if not any(len(set(self.reads.get(self.origin(read), []))) > 2 for read in step.reads):
            return ""
        end, join = self._end(place)
        if join is None or len(join.reads) < 3 or not (isinstance(join, Apply) and join.piece.word == "concat"):
            return ""
        number = 1 + next(at for at, read in enumerate(join.reads) if self.origin(read) == end)
        name = f"branch{number}"
        return "" if name in self._live(place) or self._is_taken(name) else name

    def _end(self, place: int) -> tuple[Result, Step | None]:
        """The last result of the chain that begins here, and the step that joins it with others."""
        end = Result(place)
        while (reads := self.reads.get(end, [])) and len(reads) == 1 and reads[0] < len(self.steps):
            if len(self.steps[reads[0]].reads) > 1:
                return end, self.steps[reads[0]]
            end = Result(reads[0])
        return end, None

    def _is_taken(self, name: str) -> bool:
        """Whether the name is something else than a variable of results."""
        return name in self.used and name not in self.names.values()

    def _live(self, place: int) -> set[str]:
        """The variables whose values are read behind this step."""
        return {
            name
            for result, name in self.names.items()
            if result.step < place and max(self.reads.get(self.origin(result), [-1])) > place
        }

    def _free(self, read: Result, place: int) -> str:
        """The variable of what the step reads, where nobody reads it any more; a label stays with what it names."""
        name = self.names[self.origin(read)]
        return "" if name in self._live(place) or name in self.kept or name in self.labels else name

    def _branch(self, place: int, label: str) -> str:
        """The name of a branch that begins here."""
        chain, end = [self.steps[place]], Result(place)
        while (reads := self.reads.get(end, [])) and len(reads) == 1 and reads[0] < len(self.steps):
            step = self.steps[reads[0]]
            if len(step.reads) > 1:
                return self._fresh(label or _called(step, chain), place)
            chain, end = [*chain, step], Result(reads[0])
        return self._fresh(label or "y", place)

    def _fresh(self, name: str, place: int) -> str:
        """The name, also where a branch before had it; with a number where it means something else."""
        is_over = name in self.branches and name not in self._live(place)
        return name if is_over else unused(name, self.used)


_FITTING = frozenset(("conv", "bn", "maxpool", "avgpool", "padchannels", "crop", "pad"))
"""What makes an input as large as what is added to it."""


def _called(join: Step, chain: Sequence[Step]) -> str:
    """What a branch without a label is called, by the join in which it ends."""
    word = join.piece.word if isinstance(join, Apply) else ""
    if word == "mul":
        return "gate"
    is_short = len(chain) <= 2 and all(isinstance(step, Apply) and step.piece.word in _FITTING for step in chain)
    return "shortcut" if word == "add" and is_short else "y"


def _results(step: Step) -> int:
    return len(step.definition.results) if isinstance(step, Call) else 1
