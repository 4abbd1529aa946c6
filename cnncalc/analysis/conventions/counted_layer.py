"""One operation as a counting tool meets it, and what the tool adds for it.

Here are the nouns and the rules that several tools share; which tool has which rule is written in the module of that
tool.  A rule gives the parts of one operation, or None where nobody knows what the tool does with it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import NamedTuple

from cnncalc.analysis.model import NodeAnalysis
from cnncalc.layers.base import Layer


class Part(NamedTuple):
    """What a tool adds for one operation: a stable key of what it is, the rule in words, and how much."""

    kind: str
    rule: str
    amount: int


class CountedLayer(NamedTuple):
    """One operation for a batch of images.  `before` is what it reads first, and `alone` says that nothing else reads
    that; `function`: the program calls a function (F.relu), so there is no module for a tool to find.

    `called` is how the program writes it, as `Origin` has it; empty where it is no program of PyTorch.
    """

    node: NodeAnalysis
    batch: int
    before: NodeAnalysis | None
    alone: bool
    function: bool
    called: str = ""

    @property
    def layer(self) -> Layer:
        return self.node.node.layer

    @property
    def word(self) -> str:
        return self.layer.word

    @property
    def rank(self) -> int:
        """How many spatial axes arrive: 2 for an image."""
        return self.node.inputs[0].rank if self.node.inputs else self.node.output.rank

    @property
    def macs(self) -> int:
        return self.node.figures.cost.macs

    @property
    def read(self) -> int:
        """How many numbers its first input has."""
        return self.node.inputs[0].elements * self.batch

    @property
    def made(self) -> int:
        """How many numbers come out."""
        return self.node.output.elements * self.batch

    @property
    def has_bias(self) -> bool:
        return any(weight.name == "bias" for weight in self.node.weights)

    @property
    def learned(self) -> int:
        """The learned numbers that it computes with, its own or lent."""
        return sum(weight.count for weight in self.node.weights if weight.trainable)

    @property
    def is_affine(self) -> bool:
        """Whether a norm scales and shifts by learned numbers."""
        return self.learned > 0


Rule = Callable[[CountedLayer], tuple[Part, ...] | None]
Rules = Mapping[str, Rule]
"""The rule of each layer word; a word that is missing has no known rule."""


def nothing(_: CountedLayer) -> tuple[Part, ...]:
    """The tool counts nothing."""
    return ()


def unknown(_: CountedLayer) -> None:
    """Nobody knows."""
    return


def words(names: str, rule: Rule) -> dict[str, Rule]:
    """The same rule for several words.

    >>> sorted(words("relu tanh", nothing))
    ['relu', 'tanh']
    """
    return dict.fromkeys(names.split(), rule)


def per_element(factor: int) -> Rule:
    """So many for each number that arrives."""

    def rule(layer: CountedLayer) -> tuple[Part, ...]:
        return (Part(layer.word, f"{factor} x elements", factor * layer.read),)

    return rule


def per_output(factor: int) -> Rule:
    """So many for each number that comes out."""

    def rule(layer: CountedLayer) -> tuple[Part, ...]:
        return (Part(layer.word, f"{factor} x outputs", factor * layer.made),)

    return rule


def norm(affine: int, plain: int) -> Rule:
    """So many for each number of a norm that scales and shifts, and of one that does not."""

    def rule(layer: CountedLayer) -> tuple[Part, ...]:
        factor = affine if layer.is_affine else plain
        return (Part(layer.word, f"{factor} x elements", factor * layer.read),)

    return rule


def macs(layer: CountedLayer) -> tuple[Part, ...]:
    """One for each multiply-accumulate."""
    return (Part("macs", "1 x MACs", layer.macs),)


def twice_macs(layer: CountedLayer) -> tuple[Part, ...]:
    """A multiplication and an addition for each multiply-accumulate."""
    return (Part("macs", "2 x MACs", 2 * layer.macs),)


def bias(layer: CountedLayer) -> tuple[Part, ...]:
    """One addition for each output with a bias."""
    return (Part("bias", "1 x outputs", layer.made),) if layer.has_bias else ()


def both(*rules: Rule) -> Rule:
    """The parts of several rules; unknown where one of them is."""

    def rule(layer: CountedLayer) -> tuple[Part, ...] | None:
        found: list[Part] = []
        for one in rules:
            parts = one(layer)
            if parts is None:
                return None
            found += parts
        return tuple(found)

    return rule


def of_plain(rule: Rule) -> Rule:
    """The rule for a convolution that all tools have; unknown for one with a table of connections."""
    return lambda layer: None if hasattr(layer.layer, "connect") else rule(layer)


def replaced(functions: Container[str], rules: Rules) -> Rules:
    """The rules of a tool that puts its own in the place of these functions, and sees no other that is called."""

    def of(rule: Rule) -> Rule:
        return lambda layer: () if layer.function and layer.called and layer.called not in functions else rule(layer)

    return {word: of(rule) for word, rule in rules.items()}


CONVOLUTIONS = "dwconv sepconv upconv"
"""The words of convolutions beside `conv` itself."""

MOVES = (
    "input flatten reshape rearrange identity dropout pad crop slice padchannels shuffle spacetodepth depthtospace"
    " concat constant"
)
"""Words that compute nothing: numbers are moved, left out or handed on."""

JOINED = "add sub mul div max min avg absdiff"
"""Words that join maps number by number."""

SMOOTH = "selu hardswish hardsigmoid sigmoid tanh softplus mish clip glu function"
"""Activations that no tool of PyTorch has a rule for: it counts nothing there."""


def kinds(parts: Iterable[Part]) -> list[str]:
    """The keys, each once, in their order."""
    return list(dict.fromkeys(part.kind for part in parts))
