"""Which operand of a layer or block is being written: `conv FILTERS KERNEL_SIZE`, the second one marked."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.editor.state import State
from cnncalc.editor.typed_line import typed_line
from cnncalc.editor.word_facts import layer_fact
from cnncalc.spec.document import BlockDefinition


class OperandHelp(NamedTuple):
    """A line in short; `active` counts the operands from 0."""

    usage: str
    operands: tuple[str, ...]
    active: int
    about: str = ""


def operand_help(state: State, before: str) -> OperandHelp | None:
    """The layer or block of the line before the cursor, while its operands are written; None elsewhere."""
    typed = typed_line(before)
    if typed.part != "words" or not typed.words or typed.option:
        return None
    active = sum("=" not in word and not word.isalpha() for word in typed.words[1:])
    block = next(
        (one.statement for one in state.named if one.kind == "block" and one.name.lower() == typed.first), None
    )
    if isinstance(block, BlockDefinition):
        names = tuple(one.name.text for one in block.parameters)
        active = sum("=" not in word for word in typed.words[1:])
        return OperandHelp(" ".join((block.name.text, *names)), names, active) if active < len(names) else None
    fact = layer_fact(typed.first)
    operands = tuple(fact.usage.split()[1:]) if fact is not None and not fact.takes_labels else ()
    if fact is None or active >= len(operands) or any(word.isalpha() for word in typed.words[1:]):
        return None
    return OperandHelp(fact.usage, operands, active, fact.sentence)
