"""What a class is made of: chains of parts in a Sequential, single parts, and functions, with the names of all parts.

Steps that come one after the other, each read by the next alone, are one Sequential; a line with a label stays a part
of its own, so that it is found by its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cnncalc.dialects.torch.writing.laid_out import Bracket, Code, Repeated, flat, made_code, sequence
from cnncalc.dialects.written_code.code_lines import value_code
from cnncalc.dialects.written_code.identifiers import unused, variable_name
from cnncalc.dialects.written_code.outline import Apply, Call, Definition, Repeat, Result, Step
from cnncalc.dialects.written_code.pieces import Expression, Made, Value
from cnncalc.graph.ir import Graph

_POOL = re.compile(r"nn\.(Adaptive)?(Max|Avg|LP)Pool|nn\.Upsample")
_WORD = re.compile(r"[A-Za-z_]\w*")
_OF_MODULES = """
T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
"""
OWN_NAMES = frozenset(_OF_MODULES.split())
"""What every nn.Module has, so that no part can be called so."""


@dataclass
class Unit:
    """Code that is written in one go: its parts with their names, what it reads, and which results it makes."""

    steps: tuple[int, ...]
    reads: tuple[Result, ...]
    code: str
    made: list[tuple[str, Code]] = field(default_factory=list)
    label: str = ""
    is_sequence: bool = False
    row: int = -1
    count: int = 1
    loop: Repeat | None = None

    @property
    def result(self) -> Result:
        """The first thing that it computes."""
        return Result(self.steps[-1])

    @property
    def is_function(self) -> bool:
        """Whether it has no parts of its own."""
        return not self.made


def uses_of(definition: Definition) -> Counter[Result]:
    """How often each result is read, by steps and by whoever calls the block."""
    found = Counter(definition.results)
    for step in definition.steps:
        found.update(step.reads)
    return found


class ClassUnits:
    """Makes the units of a block, in the order of its steps."""

    def __init__(self, graph: Graph, definition: Definition, classes: Mapping[int, str], *, is_net: bool) -> None:
        self.graph = graph
        self.definition = definition
        self.steps = definition.steps
        self.classes = classes
        self.is_net = is_net
        self.uses = uses_of(definition)
        self.readers: dict[Result, list[int]] = {}
        for number, step in enumerate(self.steps):
            for read in step.reads:
                self.readers.setdefault(read, []).append(number)
        self.shared = {again for step in self.steps if (again := getattr(step, "again", None)) is not None}
        self.taken: set[str] = set(OWN_NAMES)
        self.named: dict[int, list[str]] = {}
        self.words: Counter[str] = Counter()
        self.pools: dict[str, str] = {}
        """Pools as they are made -> the name of the one that is used at all such places."""
        self.kept: set[str] = set()
        """Parameters that `forward` reads."""

    def _counted(self, single: Sequence[int]) -> Counter[str]:
        """How many parts there are of each word, without labels; a pool that is used again counts once."""
        found: Counter[str] = Counter()
        pools: set[str] = set()
        for number in single:
            step = self.steps[number]
            if self._label(step):
                continue
            parts = [flat(made_code(made)) for made in step.piece.made] if isinstance(step, Apply) else []
            if len(parts) == 1 and _POOL.match(parts[0]):
                if parts[0] in pools:
                    continue
                pools.add(parts[0])
            found.update(self._words(step))
        return found

    def _keep_parameters(self, single: Sequence[int]) -> None:
        """Find the parameters that `forward` reads, before parts are named; a Sequential has its numbers itself."""
        for step in (self.steps[number] for number in single):
            inner = step.step if isinstance(step, Repeat) else step
            for value in inner.piece.values if isinstance(inner, Apply) else ():
                self._number(value)

    # ------------------------------------------------------------------ chains
    def units(self) -> list[Unit]:
        """All of them."""
        chains = list(self._chains())
        single = [chain[0] for chain in chains if len(chain) == 1]
        self.words = self._counted(single)
        sequences = [chain for chain in chains if len(chain) > 1 or self._is_branch(chain[0])]
        names = self._sequence_names(sequences)
        for step in self.steps:
            self.taken.update({variable_name(step.name)} if step.name else ())
        self._keep_parameters(single)
        self.taken.update(names.values())
        return [
            self._sequence(chain, names[chain[0]])
            if len(chain) > 1
            else self._single(chain[0], names.get(chain[0], ""))
            for chain in chains
        ]

    def _chains(self) -> list[tuple[int, ...]]:
        """The steps, those together that are written as one Sequential."""
        found: list[list[int]] = []
        place: dict[int, int] = {}
        for number, step in enumerate(self.steps):
            before = self._before(number, step)
            if before is not None and before in place:
                found[place[before]].append(number)
                place[number] = place.pop(before)
            else:
                place = {**place, number: len(found)} if self._is_chained(step, number) else place
                found.append([number])
        return [tuple(chain) for one in found for chain in self._settled(one)]

    def _settled(self, chain: list[int]) -> list[list[int]]:
        """A chain of functions alone is no Sequential."""
        parts = sum(len(self._elements(self.steps[number])) for number in chain)
        has_parts = any(not isinstance(self.steps[n], Apply) or self.steps[n].piece.made for n in chain)  # type: ignore[union-attr]
        return [chain] if parts > 1 and has_parts and len(chain) > 1 else [[number] for number in chain]

    def _before(self, number: int, step: Step) -> int | None:
        """The step that this one continues."""
        if len(step.reads) != 1 or not self._is_chained(step, number):
            return None
        read = step.reads[0]
        if read.step < 0 or self.uses[read] != 1 or read.number:
            return None
        return None if self._is_boundary(read.step, number) else read.step

    def _is_boundary(self, first: int, second: int) -> bool:
        """Whether the features of a net end here: what follows is flat."""
        return self.is_net and self._begins_flat(self.steps[second]) and not self._is_flat(self.steps[first])

    def _begins_flat(self, step: Step) -> bool:
        return self._is_flat(step)

    def _is_flat(self, step: Step) -> bool:
        piece = step.step if isinstance(step, Repeat) else step
        return isinstance(piece, Apply) and self.graph.nodes[piece.piece.result].output.rank == 0

    def _is_chained(self, step: Step, number: int) -> bool:
        """Whether it may stand in a Sequential."""
        if self._label(step) or number in self.shared or getattr(step, "again", None) is not None:
            return False
        return bool(self._elements(step))

    def _label(self, step: Step) -> str:
        """The label of its line, of which it need not be the first operation."""
        if step.name or not isinstance(step, Apply):
            return step.name
        row = self._row(step)
        return (self.graph.rows[row].label or "") if row >= 0 else ""

    def _row(self, step: Step) -> int:
        if not isinstance(step, Apply):
            return -1
        node = step.piece.nodes[0]
        return next((row.index for row in self.graph.rows if row.first <= node <= row.last), -1)

    def _elements(self, step: Step) -> list[Code]:
        """What it is in a Sequential; nothing where it cannot stand in one."""
        if isinstance(step, Apply):
            return [made_code(made) for made in step.piece.chained] if len(step.reads) == 1 else []
        if isinstance(step, Call):
            is_plain = len(step.reads) == len(step.definition.results) == 1
            return [self._call(step)] if is_plain else []
        inner = self._elements(step.step)
        if not inner or len(step.reads) != 1:
            return []
        item = inner[0] if len(inner) == 1 else sequence(inner)
        loop = f"for {step.counter or '_'} in range({value_code(step.times)})"
        return [Bracket("*", (Repeated(item, loop),), "[]")]

    def _call(self, step: Call) -> Code:
        return made_code(Made(self.classes[id(step.definition)], step.arguments))

    # ------------------------------------------------------------------ names
    def _words(self, step: Step) -> list[str]:
        if isinstance(step, Repeat):
            return [f"{word}s" for word in self._words(step.step)]
        if isinstance(step, Call):
            return [variable_name(step.definition.name, "block")]
        return [made.name or step.piece.word for made in step.piece.made]

    def _name(self, word: str, label: str = "") -> str:
        """A name for a part: the label, or a word and its number where there are several."""
        if label:
            name = variable_name(label)
            if name in OWN_NAMES or any(name in names for names in self.named.values()):
                return unused(f"{name}_", self.taken)
            self.taken.add(name)
            return name
        word = variable_name(word, "part")
        if self.words[word] == 1 and word not in self.taken:
            return unused(word, self.taken)
        number = 1
        while f"{word}{number}" in self.taken:
            number += 1
        return unused(f"{word}{number}", self.taken)

    def _sequence_names(self, chains: Sequence[tuple[int, ...]]) -> dict[int, str]:
        """First step -> the name of the Sequential that begins there."""
        found: dict[int, str] = {}
        taken = set(OWN_NAMES) | {variable_name(step.name) for step in self.steps if step.name}
        for chain in chains:
            found[chain[0]] = self._numbered(self._role(chain, chains), taken)
        return {
            first: name.removesuffix("1") if f"{name[:-1]}2" not in taken else name for first, name in found.items()
        }

    def _numbered(self, role: str, taken: set[str]) -> str:
        number = 1
        while f"{role}{number}" in taken or role in taken:
            number += 1
            if role in taken and f"{role}{number}" not in taken:
                break
        taken.add(f"{role}{number}")
        return f"{role}{number}"

    def _role(self, chain: tuple[int, ...], chains: Sequence[tuple[int, ...]]) -> str:
        """What a chain is for: a branch, the shortcut of a residual block, the features of a net, its classifier."""
        read = self.steps[chain[0]].reads[0]
        if self.uses[read] > 1:
            joined = self.readers.get(Result(chain[-1]), [])
            after = self.steps[joined[0]] if len(joined) == 1 else None
            if isinstance(after, Apply) and after.piece.word == "add":
                others = [other for other in after.reads if other != Result(chain[-1])]
                lengths = [self._steps_between(read, other) for other in others]
                return "shortcut" if len(chain) < max(lengths, default=0) else "residual"
            return "branch"
        if not self.is_net:
            return "layers"
        if self._begins_flat(self.steps[chain[0]]) and chain is chains[-1]:
            return "classifier"
        return "features" if chain is chains[0] else "layers"

    def _steps_between(self, first: Result, last: Result) -> int:
        """How many steps lie on the way to a result, each the first that the next one reads."""
        count = 0
        while last != first and last.step >= 0:
            count, last = count + 1, self.steps[last.step].reads[0] if self.steps[last.step].reads else first
        return count

    # ------------------------------------------------------------------ units
    def _sequence(self, chain: tuple[int, ...], name: str) -> Unit:
        items = [item for number in chain for item in self._elements(self.steps[number])]
        self.taken.add(name)
        return Unit(
            chain, self.steps[chain[0]].reads, f"self.{name}({{x0}})", [(name, sequence(items))], is_sequence=True
        )

    def _is_branch(self, number: int) -> bool:
        """Whether it is a call of a block that is a branch by itself."""
        step = self.steps[number]
        return isinstance(step, Call) and self._is_chained(step, number) and self.uses[step.reads[0]] > 1

    def _single(self, number: int, branch: str) -> Unit:
        step = self.steps[number]
        label = self._label(step)
        if isinstance(step, Repeat):
            return self._repeat(number, step, label)
        if isinstance(step, Call):
            names = [branch] if branch else self._names_of(number, step, label)
            inputs = ", ".join(f"{{x{place}}}" for place in range(len(step.reads)))
            made = [] if step.again is not None else [(names[0], self._call(step))]
            return Unit(
                (number,), step.reads, f"self.{names[0]}({inputs})", made, label, count=len(step.definition.results)
            )
        parts = [made_code(made) for made in step.piece.made]
        pool = flat(parts[0]) if len(parts) == 1 and not label and _POOL.match(parts[0].head) else ""
        known = self.pools.get(pool)
        names = [known] if known else self._names_of(number, step, label)
        code = self._filled(step, names)
        own: list[tuple[str, Code]] = [] if step.again is not None or known else list(zip(names, parts, strict=True))
        if pool:
            self.pools[pool] = names[0]
        return Unit((number,), step.reads, code, own, label if step.name else "", row=self._row(step))

    def _names_of(self, number: int, step: Apply | Call, label: str) -> list[str]:
        if step.again is not None:
            return self.named[step.again]
        words = self._words(step)
        if label and step.name:
            names = (
                [self._name(words[0], label)]
                if len(words) == 1
                else [self._name(word, f"{label}_{word}") for word in words]
            )
        elif label:
            names = [self._name(word, f"{label}_{word}") for word in words]
        else:
            names = [self._name(word) for word in words]
        self.named[number] = names
        return names

    def _filled(self, step: Apply, names: Sequence[str]) -> str:
        """The code of a piece with the names of its parts and its numbers in it."""
        code = step.piece.code
        for place, name in enumerate(names):
            code = code.replace(f"{{m{place}}}", f"self.{name}")
        for place, value in enumerate(step.piece.values):
            code = code.replace(f"{{v{place}}}", self._number(value))
        return code

    def _number(self, value: Value) -> str:
        """A number in `forward`: the block keeps those parameters that are in it."""
        if not _has_expression(value):
            return value_code(value)
        names = {one.name for one in self.definition.parameters}

        def kept(found: re.Match[str]) -> str:
            if found[0] not in names:
                return found[0]
            self.kept.add(found[0])
            self.taken.add(found[0])
            return f"self.{found[0]}"

        return _WORD.sub(kept, value_code(value))

    def _repeat(self, number: int, step: Repeat, label: str) -> Unit:
        elements = self._elements(step)
        name = self._name(self._words(step)[0] if self._words(step) else "layers", label)
        if elements:
            return Unit((number,), step.reads, f"self.{name}({{x0}})", [(name, sequence(elements))], label)
        inner = step.step
        if isinstance(inner, Apply) and not inner.piece.made:
            return Unit((number,), step.reads, self._filled(inner, ()), [], label, loop=step)
        if isinstance(inner, Call):
            item: Code = self._call(inner)
            inputs = ", ".join(f"{{x{place}}}" for place in range(len(step.reads)))
            code = f"part({inputs})"
        else:
            item, code = made_code(inner.piece.made[0]), self._filled(inner, ["part"]).replace("self.part", "part")
        loop = f"for {step.counter or '_'} in range({value_code(step.times)})"
        listed = Bracket("nn.ModuleList", (Bracket("", (Repeated(item, loop),), "[]"),))
        return Unit((number,), step.reads, code, [(name, listed)], label, loop=step)


def _has_expression(value: Value) -> bool:
    if isinstance(value, Expression):
        return True
    return type(value) is tuple and any(map(_has_expression, value))
