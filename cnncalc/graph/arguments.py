"""The words of a line put to the arguments of its layer and of the post words that follow it.

`conv 64 3x3 stride=2 same nobias bn relu` is read into three layers: Conv, BatchNorm and Relu.  Every field of a layer
class says how it may be written (`cnncalc.layers.base`); this module knows no layer by name.
"""

from __future__ import annotations

import dataclasses
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics import Diagnostic, Fix, Span
from cnncalc.graph.argument_values import argument_value
from cnncalc.graph.expressions import check_names, substituted
from cnncalc.graph.faults import Fault
from cnncalc.graph.freezing import freezing
from cnncalc.graph.read_layer import ReadLayer, Surroundings, missing_operands
from cnncalc.graph.signatures import signature
from cnncalc.graph.values import looks_numeric, nearest_fix
from cnncalc.graph.weight_option import parted
from cnncalc.graph.word_parameters import NOTHING, put_in, split_words
from cnncalc.layers.registry import LAYERS, POST_WORDS, SPELLED_OPTIONS, WORDS, layer_class, option_spelling
from cnncalc.spec.document import Argument, Call, MatrixLiteral, Option, Token, Value

if TYPE_CHECKING:
    from cnncalc.graph.proposals import Slip

_NAMED = ("matrix", "table", "choice", "axes", "axis", "pattern")
"""Kinds of operands that are words, not numbers."""

_PRODUCT = re.compile(r"[0-9]+(\*[0-9]+)+")
"""`5*5`, which is 25 where a number is meant; as a size it is a slip of somebody who means 5x5."""


def slip(call: Call, around: Surroundings) -> Slip:
    """The line with a fault: others are tried in its place by the reading of this module."""
    from cnncalc.graph.proposals import Slip

    read = partial(read_layers, around=around)
    arriving = None if around.checked_only else around.arriving
    return Slip(call, read, dict(around.defaults), around.tries, arriving)


def read_layers(call: Call, around: Surroundings) -> tuple[list[ReadLayer], tuple[Diagnostic, ...]]:
    """The layers a line asks for, the main one first; with faults, the layers are not to be built."""
    reader = _Reader(call, around)
    reader.read()
    return reader.layers, tuple(reader.faults)


class _Reader:
    def __init__(self, call: Call, around: Surroundings) -> None:
        self.around = around
        self.call = call
        self.faults: list[Diagnostic] = []
        self.arguments: list[Argument] = []
        self.unread: set[Span] = set()
        """Where a `$name` has a fault of its own: what it stands for is not known."""
        self.taken = 1
        """How many words the argument that is being read has."""
        self.written = {one.span: one.text for one in call.arguments if isinstance(one, Token)}
        """What stood in the text before `$names` were put in."""
        word = WORDS[call.word.text.lower()]
        names = {option_spelling(call.word.text, one.name.text) for one in call.arguments if isinstance(one, Option)}
        self.variant = next((option for option, _ in LAYERS[word].variants if option in names), "")
        self.layers = [ReadLayer(call.word, signature(layer_class(word, self.variant)))]

    def read(self) -> None:
        call = self.call._replace(arguments=freezing(self.call, self.around.environment.scope).arguments)
        for argument in parted(call)[0]:
            try:
                self.arguments += self._substituted(argument)
            except Fault as fault:
                self.faults.append(fault.diagnostic)
                self.unread.add(argument.span)
                self.arguments.append(argument)
        if self._has_numbers_beside_filter():
            return
        position = 0
        while position < len(self.arguments):
            self.taken = 1
            try:
                self._one(position)
            except Fault as fault:
                self.faults.append(fault.diagnostic)
            position += self.taken
        self._add_spelled()
        if not self.faults and not self.unread:
            numbers = [one for one in self.arguments if isinstance(one, Token) and looks_numeric(one)]
            self.faults += [one for layer in self.layers if (one := missing_operands(layer, numbers)) is not None]

    def _has_numbers_beside_filter(self) -> bool:
        """Whether `filter=NAME` and bare numbers are on the line: one fault is kept, and the rest is not read."""
        takes = self.layers[0].signature
        if takes.operands != (self.variant,) or takes.fields[self.variant].metadata["kind"] != "matrix":
            return False
        numbers = [
            one
            for before, one in zip([None, *self.call.arguments], self.call.arguments, strict=False)
            if isinstance(one, Token)
            and looks_numeric(one)
            and not (isinstance(before, Token) and self._names_option(before))
        ]
        if numbers:
            from cnncalc.graph.matrix_slips import numbers_beside_filter

            fault = numbers_beside_filter(slip(self.call, self.around), self.call.word.text, numbers)
            self.faults.append(fault.diagnostic)
        return bool(numbers)

    def _add_spelled(self) -> None:
        """What the spelling of the word says beside the word itself."""
        option, value = SPELLED_OPTIONS.get(self.call.word.text.lower(), ("", ""))
        main = self.layers[0]
        if option in main.signature.fields and option not in main.values:
            main.values[option] = argument_value(
                main.signature.fields[option], Token(value, self.call.word.span), self.around.matrices
            )

    def _left_open(self, argument: Argument) -> Argument:
        """An argument of a line that does not count: its `$names` must be known, what they stand for is open."""
        value = argument.value if isinstance(argument, Option) else argument
        if isinstance(value, Token) and "$" in value.text and not self.layers[0].signature.takes_labels:
            check_names(value, self.around.environment)
            self.unread.add(argument.span)
        return argument

    def _substituted(self, argument: Argument) -> list[Argument]:
        if self.around.checked_only:
            return [self._left_open(argument)]
        if isinstance(argument, Option):
            return [argument._replace(value=substituted(argument.value, self.around.environment))]
        if self.layers[0].signature.takes_labels and not self._holds_words(argument):
            return [argument]  # `concat $skip`: the label is looked up where the block was called
        return [*put_in(argument, self.around.environment)]

    def _holds_words(self, argument: Argument) -> bool:
        """Whether `$act` behind a join stands for post words, not for a label."""
        if not isinstance(argument, Token) or "$" not in argument.text:
            return False
        found = substituted(argument, self.around.environment)
        is_label = self.around.environment.scope.find(argument.text) is not None
        return (
            not is_label
            and isinstance(found, Token)
            and all(
                WORDS.get(word.text.lower()) in POST_WORDS or word.text.lower() in NOTHING
                for word in split_words(found)
            )
        )

    def _one(self, position: int) -> None:
        """Read one argument, or a name and its value (`stride 2`)."""
        argument = self.arguments[position]
        if argument.span in self.unread:
            if isinstance(argument, Option) and argument.name.text.lower() != "activation":
                self._option_owner(argument.name, argument.value)
            self._unknown(argument)
            return
        if isinstance(argument, Option):
            self._option(argument.name, argument.value)
            return
        if isinstance(argument, MatrixLiteral):
            from cnncalc.graph.matrix_slips import nameless_matrix

            raise nameless_matrix(slip(self.call, self.around), argument)
        if self._bare(argument) or self._post(argument):
            return
        following = self.arguments[position + 1] if position + 1 < len(self.arguments) else None
        if self._names_option(argument) and not isinstance(following, (Option, type(None))):
            self.taken = 2
            if following.span not in self.unread:
                self._option(argument, following)
            return
        self._operand(argument, position)

    def _unknown(self, argument: Argument) -> None:
        """Leave the place of an operand whose `$name` means nothing to it, so that the next one is not taken for it."""
        layer = self.layers[-1]
        name = next((one for one in layer.signature.operands if one not in layer.values), None)
        if name is not None and isinstance(argument, Token):
            layer.values[name] = None

    def _names_option(self, token: Token) -> bool:
        name = token.text.lower()
        return not token.quoted and (name == "activation" or self._owner(name) is not None)

    def _owner(self, name: str) -> ReadLayer | None:
        """The layer an option belongs to: the post word just read, else the line's main layer."""
        return next((one for one in (self.layers[-1], self.layers[0]) if name in one.signature.options), None)

    def _bare(self, token: Token) -> bool:
        for layer in (self.layers[-1], self.layers[0]):
            found = layer.signature.bare.get(token.text.lower())
            if found and not token.quoted:
                self._store(layer, found[0], found[1], token.span)
                return True
        return False

    def _post(self, token: Token) -> bool:
        word = WORDS.get(token.text.lower())
        if word is None or word not in POST_WORDS or token.quoted:
            return False
        self.layers.append(ReadLayer(token, signature(layer_class(word))))
        return True

    def _option(self, name: Token, value: Value) -> None:
        written = option_spelling(self.call.word.text, name.text)
        if written == "activation" and isinstance(value, Token):
            if value.text.lower() not in NOTHING and not self._post(value):
                advice, fixes = nearest_fix(value, POST_WORDS)
                message = f"`{value.text}` is not an activation"
                raise Fault("unknown-word", message, value.span, help=advice, fixes=fixes)
            return
        owner = self._option_owner(name, value)
        target = owner.signature.options[written]
        try:
            target, read = self._read_option(owner, target, value)
        except Fault as fault:
            raise _advised(fault, f"{written}: {owner.signature.fields[target].metadata['help']}") from None
        self._store(owner, target, read, name.span.to(value.span))
        owner.named[target] = f"{name.text}=" if name.span != value.span else None

    def _option_owner(self, name: Token, value: Value) -> ReadLayer:
        owner = self._owner(name.text.lower())
        if owner is None:
            from cnncalc.graph.unknown_options import unknown_option

            raise unknown_option(slip(self.call, self.around), Option(name, value), self.layers)
        return owner

    def _read_option(self, owner: ReadLayer, target: str, value: Value) -> tuple[str, Any]:
        """`bias=no` switches, `bias=[0 1]` and `bias=NAME` give values: two fields may share a spelling."""
        fields = owner.signature.fields
        twin = next(
            (
                n
                for n, f in fields.items()
                if f.metadata.get("name") == fields[target].metadata.get("name", target) and n != target
            ),
            None,
        )
        is_values = isinstance(value, MatrixLiteral) or value.text in self.around.matrices
        if twin and is_values and fields[target].metadata["kind"] == "flag":
            target = twin
        return target, self._value(fields[target], value)

    def _value(self, declared: dataclasses.Field[Any], value: Value) -> Any:
        return argument_value(declared, value, self.around.matrices)

    def _operand(self, token: Token, position: int) -> None:
        layer = self._taker(token)
        if layer is None:
            if token.quoted and looks_numeric(Token(token.text, token.span)):
                self._unknown(token)
            self._skip_after(token, position)
            from cnncalc.graph.line_usage import meaningless

            fault = meaningless(slip(self.call, self.around), token, self.call.word.text, self.layers[0].signature)
            read = token.text.strip("{}")
            if read in self.around.environment and not token.quoted:
                raise _advised(fault, f"`$` reads the value of a name: `${read}`", (Fix(token.span, f"${read}"),))
            raise fault
        if layer.signature.takes_labels:
            layer.labels.append(token)
            return
        name = next((one for one in layer.signature.operands if one not in layer.values), None)
        if name is None:
            raise self._too_many(layer, position)
        declared = layer.signature.fields[name]
        if declared.metadata["kind"] in ("sizes", "shape") and _PRODUCT.fullmatch(self.written[token.span]):
            written = token.text.replace("*", "x")
            message, advice = f"`{token.text}` is a product", f"write `{written}` for a size"
            raise Fault("wrong-operand", message, token.span, help=advice, fixes=(Fix(token.span, written),))
        try:
            self._store(layer, name, self._value(declared, token), token.span)
        except Fault as fault:
            layer.values.setdefault(name, None)
            self.taken = len(self.arguments) if "#" in token.text else 1
            line = slip(self.call, self.around)
            from cnncalc.graph.line_usage import glued, in_order

            advice, fixes = glued(line, token, declared.metadata["kind"])
            if not advice and not fault.diagnostic.help:
                advice, fixes = in_order(line, layer.word.text, layer.signature)
            raise _advised(fault, advice, fixes) from None

    def _taker(self, token: Token) -> ReadLayer | None:
        """Which layer of the line a bare operand is for; None when the word can be nobody's."""
        last, main = self.layers[-1], self.layers[0]
        if last is not main and looks_numeric(token) and any(one not in last.values for one in last.signature.operands):
            return last
        if main.signature.takes_labels or looks_numeric(token):
            return main
        wanted = next((one for one in main.signature.operands if one not in main.values), None)
        named = wanted is not None and main.signature.fields[wanted].metadata["kind"] in _NAMED
        return main if named else None

    def _skip_after(self, token: Token, position: int) -> None:
        """Leave what belongs to a word that means nothing: the rest of a layer of its own, the number of an option."""
        rest = self.arguments[position + 1 :]
        from cnncalc.graph.line_usage import ends_the_line

        if ends_the_line(token.text):
            self.taken = 1 + len(rest)
        elif rest and isinstance(rest[0], Token) and looks_numeric(rest[0]) and not looks_numeric(token):
            self.taken = 1 if token.quoted or self._is_wanted(rest) else 2

    def _is_wanted(self, rest: list[Argument]) -> bool:
        """Whether the numbers that are left are just those that the layer still needs, so that none is an option's."""
        main = self.layers[0]
        wanted = sum(name not in main.values for name in main.signature.required)
        numbers = sum(isinstance(one, Token) and looks_numeric(one) for one in rest)
        return self.layers[-1] is main and wanted == numbers

    def _too_many(self, layer: ReadLayer, position: int) -> Fault:
        """The fault of the numbers from here on that have no place; they are left out."""
        first = last = position
        while first > 0 and self._is_number(first - 1) and self.arguments[first - 1].span in layer.spans.values():
            first -= 1
        while self._is_number(last + 1):
            last += 1
        self.taken = last - position + 1
        spans = {one.span for one in self.arguments[first : last + 1]}
        from cnncalc.graph.line_usage import ends_the_line, too_many

        if any(ends_the_line(self.written.get(span, "")) for span in spans):
            self.taken = len(self.arguments) - position
        numbers = [one for one in self.call.arguments if isinstance(one, Token) and one.span in spans]
        return too_many(slip(self.call, self.around), layer.word.text, layer.signature, numbers)

    def _is_number(self, position: int) -> bool:
        argument = self.arguments[position] if position < len(self.arguments) else None
        return isinstance(argument, Token) and looks_numeric(argument)

    def _store(self, layer: ReadLayer, name: str, value: Any, span: Span) -> None:
        if name in layer.values:
            raise Fault("given-twice", f"{name.replace('_', ' ')} is given twice", span, help="keep one of the two")
        layer.values[name] = value
        layer.spans[name] = span


def _advised(fault: Fault, advice: str, fixes: tuple[Fix, ...] = ()) -> Fault:
    """The fault with advice, if it has none of its own."""
    found = fault.diagnostic
    if found.help and not fixes:
        return fault
    span = found.span or Span(1, 1)
    return Fault(found.code, found.message, span, label=found.label, notes=found.notes, help=advice, fixes=fixes)
