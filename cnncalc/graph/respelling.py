"""The words of a layer line in canonical spelling, without looking at values: `$names` may still stand in them.

`Conv2D filters=6 kernel_size=5x5 strides 2 use_bias=False activation=relu` becomes `conv 6 5x5 stride=2 nobias relu`.
It reads words by the same signatures as `cnncalc.graph.arguments`, so that what it writes binds to the same layers.
"""

from __future__ import annotations

import re
from itertools import takewhile

from cnncalc.geometry import PADDING_WORDS
from cnncalc.graph.freezing import WORD as FROZEN
from cnncalc.graph.freezing import freezing
from cnncalc.graph.signatures import Signature, signature
from cnncalc.graph.values import NO, YES, looks_numeric
from cnncalc.graph.weight_option import OPTION, parted
from cnncalc.layers.registry import LAYERS, POST_WORDS, SPELLED_OPTIONS, WORDS, layer_class, option_spelling
from cnncalc.spec.document import Argument, Call, Option, Token, Value
from cnncalc.spec.lexing import OPERATORS

SPACED = frozenset(("channels",))
"""Options that are written as two words, since they read as a sentence: `input 1000 channels 8`."""
_PARAMETER = re.compile(r"\$(?:\w+|\{\w+\})")
RESERVED = frozenset(("from", "times"))
"""Words that are no operands where they stand alone."""


def respelled(call: Call) -> tuple[str, tuple[Argument, ...]]:
    """The line's layer word and its arguments; a word that is unknown stays as it is.

    So do all of them where a sign has nothing to join: in another order it would join what stands beside it.
    """
    word = WORDS.get(call.word.text.lower())
    if word is None:
        return call.word.text, call.arguments
    if any(isinstance(one, Token) and one.text in OPERATORS for one in call.arguments):
        return word, call.arguments
    own, said = freezing(call)
    own, shared = parted(call._replace(arguments=own))
    reader = _Respeller(word, call.word.text, own)
    reader.read()
    labels = (Option(_said(one.name, OPTION), one.value) for one in shared)
    frozen = (one for said_one in said for one in _freezing(said_one))
    arguments = (*reader.operands(), *reader.found, *frozen, *labels)
    return word, _with_spelled(call.word, arguments, reader.written)


def _freezing(said: Token | Option) -> tuple[Argument, ...]:
    """`frozen`, which `frozen=yes` says too; nothing for `frozen=no`."""
    value = said.value if isinstance(said, Option) else None
    if isinstance(value, Token) and not value.quoted and value.text.lower() in NO:
        return ()
    if value is None or (isinstance(value, Token) and not value.quoted and value.text.lower() in YES):
        return (Token(FROZEN, said.span),)
    return (said,)


def _with_spelled(word: Token, arguments: tuple[Argument, ...], written: set[str]) -> tuple[Argument, ...]:
    """The arguments with what the spelling of the word says beside the word, behind the operands."""
    option, value = SPELLED_OPTIONS.get(word.text.lower(), ("", ""))
    if not option or option in written:
        return arguments
    numbers = sum(1 for _ in takewhile(lambda one: isinstance(one, Token) and looks_numeric(one), arguments))
    return (*arguments[:numbers], Token(value, word.span), *arguments[numbers:])


class _Respeller:
    def __init__(self, word: str, spelled: str, arguments: tuple[Argument, ...]) -> None:
        self.spelled, self.arguments = spelled, arguments
        names = {option_spelling(spelled, one.name.text) for one in arguments if isinstance(one, Option)}
        self.variants = {option for option, _ in LAYERS[word].variants}
        variant = next((option for option in self.variants if option in names), "")
        self.main = self.last = signature(layer_class(word, variant))
        self.found: list[Argument] = []
        self.behind_post = False
        """Whether a number stands behind a post word, whose it may be: `leaky 0.1`."""
        self.words: list[Value] = []
        """`$names` that stand for an activation: no operands, whatever they hold."""
        self.named: dict[str, Option] = {}
        self.written: set[str] = set()
        """The main layer's fields that are written with a name or by a bare word."""

    def read(self) -> None:
        position = 0
        while position < len(self.arguments):
            position += self._one(position)

    def _one(self, position: int) -> int:
        """Respell one argument, or a name and its value; how many words that took."""
        argument = self.arguments[position]
        if isinstance(argument, Option):
            self._option(argument)
            return 1
        if not isinstance(argument, Token) or argument.quoted:
            self.found.append(argument)
            return 1
        text = argument.text.lower()
        following = self.arguments[position + 1] if position + 1 < len(self.arguments) else None
        if any(text in one.bare for one in (self.last, self.main)):
            if text in self.main.bare:
                self.written.add(self.main.bare[text][0])
            self.found.append(_said(argument, text))
        elif self._is_post(text):
            self._post(argument, text)
        elif following is not None and not isinstance(following, Option) and self._names_option(text):
            self._option(Option(argument, following))
            return 2
        else:
            self.found.append(argument)
            self.behind_post |= self.last is not self.main and looks_numeric(argument)
        return 1

    def _is_post(self, text: str) -> bool:
        return WORDS.get(text) in POST_WORDS

    def _post(self, token: Token, text: str) -> None:
        self.found.append(_said(token, WORDS[text]))
        self.last = signature(layer_class(WORDS[text]))

    def _names_option(self, name: str) -> bool:
        return name == "activation" or self._owner(name) is not None

    def _owner(self, name: str) -> Signature | None:
        return next((one for one in (self.last, self.main) if name in one.options), None)

    def _option(self, option: Option) -> None:
        name, value = option_spelling(self.spelled, option.name.text), option.value
        if name == "activation" and isinstance(value, Token) and self._is_post(value.text.lower()):
            self._post(value, value.text.lower())
            return
        if name == "activation" and isinstance(value, Token) and value.text.lower() in ("linear", "none"):
            return
        owner = self._owner(name)
        if owner is None and name == "activation" and self._is_parameter(value):
            self.words.append(value)
            self.found.append(value)
            return
        if owner is None:
            self.found.append(option)
            return
        field = owner.options[name]
        self.written.add(field)
        metadata = owner.fields[field].metadata
        word = _bare_word(owner, field, value)
        spelled = Option(_said(option.name, str(metadata.get("name", field))), value)
        if word:
            self.found.append(_said(option.name, word))
        elif owner is self.main and metadata["positional"] and field not in self.variants and field not in self.named:
            self.named[field] = spelled
        elif spelled.name.text in SPACED:
            self.found += [spelled.name, value]
        else:
            self.found.append(spelled)

    def _is_parameter(self, value: Value) -> bool:
        """Whether an activation is a `$name` that reads the same as a word of its own: no number stands behind it."""
        if not isinstance(value, Token) or value.quoted or _PARAMETER.fullmatch(value.text) is None:
            return False
        behind = [one for one in self.arguments if one.span.column > value.span.column]
        return all(isinstance(one, Token) and not looks_numeric(one) for one in behind)

    def operands(self) -> tuple[Argument, ...]:
        """The main layer's operands that were written with their names, without them where their places allow it.

        Operands written without names are the first ones; a `$name` among them may be any word, so then the names stay.
        """
        if not self.named:
            return ()
        bare = [one for one in self.found if isinstance(one, Token) and looks_numeric(one) and one not in self.words]
        reserved = any(isinstance(one.value, Token) and one.value.text in RESERVED for one in self.named.values())
        if any(one.text[0] == "$" for one in bare) or self.behind_post or reserved:
            return tuple(self.named.values())
        places = [name for name in self.main.operands if name not in self.variants]
        if set(places[len(bare) : len(bare) + len(self.named)]) != set(self.named):
            return tuple(self.named.values())
        self.found = [one for one in self.found if one not in bare]
        return (*bare, *(self.named[name].value for name in places if name in self.named))


def _bare_word(owner: Signature, field: str, value: Value) -> str:
    """The word that says the same as an option: `same` for padding=same, `nobias` for use_bias=False."""
    if not isinstance(value, Token) or value.quoted:
        return ""
    text, metadata = value.text.lower(), owner.fields[field].metadata
    if metadata["kind"] == "padding":
        return text if text in PADDING_WORDS else ""
    if metadata["kind"] == "choice":
        return text if text in metadata["choices"] else ""
    if metadata["kind"] == "flag" and text in YES | NO:
        return next((word for word, means in metadata["words"].items() if means is (text in YES)), "")
    return ""


def _said(token: Token, text: str) -> Token:
    return Token(text, token.span)
