"""The words of the language by what they are, gathered from the tables that the language itself is read with.

A layer, an option or a question that is added there is coloured without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.asked import spellings
from cnncalc.graph.arithmetic import FUNCTIONS
from cnncalc.graph.freezing import WORD as FROZEN
from cnncalc.graph.included_nets import UNTIL
from cnncalc.graph.signatures import ARRIVING, Signature, signature
from cnncalc.graph.values import NO, YES
from cnncalc.graph.weight_option import OPTION as SHARED
from cnncalc.graph.word_parameters import NOTHING
from cnncalc.layers.registry import ARGUMENT_ALIASES, LAYERS, POST_WORDS, WORDS, layer_class
from cnncalc.spec.include_lines import WORD as INCLUDE
from cnncalc.spec.statements import STRUCTURAL

DEFINING = frozenset(("block", "filter", "data", "let"))
"""Words that give a name to what follows."""

FLOW = frozenset(("end", "repeat", "split", "branch", "join", "if", "else"))
"""Words that say which lines are read, how often, and beside which others."""

IMPORTING = frozenset((INCLUDE,))

ABOUT_THE_FILE = STRUCTURAL - DEFINING - FLOW
"""Words of lines that are about the whole net."""

OF_A_LINE = frozenset(("from", "times"))
"""Words that may follow a layer's arguments."""

OF_AN_ANSWER = frozenset(("each", "all", "worth"))

LOGIC = frozenset(("and", "or", "not"))


def signatures() -> Iterator[Signature]:
    """What may be written for each layer and for its variants."""
    for word, entry in LAYERS.items():
        for variant in ("", *(option for option, _ in entry.variants)):
            yield signature(layer_class(word, variant))


def layer_words() -> frozenset[str]:
    """Every spelling of a layer that begins a line."""
    return frozenset(WORDS)


def post_words() -> frozenset[str]:
    """Every spelling of a layer that may follow another one on its line."""
    return frozenset(spelling for spelling, word in WORDS.items() if word in POST_WORDS)


def option_words() -> frozenset[str]:
    """Every spelling of an option of any layer."""
    of_layers = (name for one in signatures() for name in one.options)
    aliases = (name for names in ARGUMENT_ALIASES.values() for name in names)
    return frozenset((*of_layers, *aliases, *ARRIVING, SHARED, UNTIL, "activation"))


def plain_words() -> frozenset[str]:
    """Every word that says something of a layer without a name in front: `same`, `nobias`, `bilinear`."""
    return frozenset(
        (*(word for one in signatures() for word in one.bare), *NOTHING, *filter(str.isalpha, YES | NO), FROZEN)
    )


def asked_words() -> frozenset[str]:
    """Every word for what may be asked after `=>`."""
    return frozenset(spellings())


def functions() -> frozenset[str]:
    """What arithmetic may call."""
    return frozenset((*FUNCTIONS, "in"))
