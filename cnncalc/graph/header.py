"""What a file says about itself as a whole: title, order, count, epsilon, labels, outputs, blocks, filters, data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, cast

from cnncalc.geometry import Order
from cnncalc.graph.faults import Fault
from cnncalc.graph.values import number
from cnncalc.layers.registry import WORDS
from cnncalc.matrices import Matrix
from cnncalc.spec.document import BlockDefinition, Definition, Directive, Token


@dataclass
class Header:
    """Filled line by line; a line that is wrong raises `Fault` and changes nothing."""

    title: str = ""
    homework: str = ""
    student: tuple[str, ...] = ()
    order: Order = "channels_last"
    count: Literal["keras", "torch"] | None = None
    epsilon: float | None = None
    labels: str = ""
    rounding: Literal["own", "exact"] = "exact"
    outputs: list[Token] = field(default_factory=list)
    matrices: dict[str, Matrix] = field(default_factory=dict)
    blocks: dict[str, BlockDefinition] = field(default_factory=dict)

    def directive(self, line: Directive) -> None:
        """Take in a line about the file, checked by the parser: title, order, count, output, homework and the like."""
        word = line.word.text.lower()
        tokens = [one for one in line.arguments if isinstance(one, Token)]
        if word == "output":
            self.outputs += tokens
        elif word == "student":
            self.student = tuple(token.text for token in tokens)
        elif word == "order":
            self.order = cast("Order", tokens[0].text.lower())
        elif word == "count":
            self.count = cast("Literal['keras', 'torch']", tokens[0].text.lower())
        elif word == "rounding":
            self.rounding = cast("Literal['own', 'exact']", tokens[0].text.lower())
        elif word == "labels":
            self.labels = tokens[0].text.lower()
        elif word == "epsilon":
            self.epsilon = number(tokens[0])
        else:
            setattr(self, word, " ".join(token.text for token in tokens))

    def defaults(self) -> dict[str, Any]:
        """What the file sets for every layer that has a field of that name."""
        return {"order": self.order} | ({} if self.epsilon is None else {"epsilon": self.epsilon})

    def block(self, block: BlockDefinition) -> None:
        """Take in a block's definition."""
        name = block.name.text.lower()
        if name in WORDS:
            message = f"`{block.name.text}` is a layer word already"
            raise Fault("name-taken", message, block.name.span, help="choose another name for the block")
        if name in self.blocks:
            first = self.blocks[name].name.span.line
            message = f"block `{block.name.text}` is defined on line {first} already"
            raise Fault("used-twice", message, block.name.span, help="choose another name")
        self.blocks[name] = block

    def definition(self, line: Definition) -> None:
        """Take in a `filter` or `data` matrix."""
        if line.name.text in self.matrices:
            message = f"`{line.name.text}` is defined above already"
            raise Fault("used-twice", message, line.name.span, help="choose another name")
        self.matrices[line.name.text] = line.value.matrix
