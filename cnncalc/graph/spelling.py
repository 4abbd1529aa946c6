"""A document with every line in our own words: spellings of courses and papers, and calls pasted from Python, read.

`conv3-64` is `conv 64 3x3`, `fc-4096` is `dense 4096`, `maxpool` alone has a 2x2 window, `x2` at a line's end is
`times 2`.  What could mean two things is refused, with both ways written out.  Everything after this step, the binder
and `cnncalc fmt`, sees canonical words only.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.faults import Fault
from cnncalc.graph.signatures import ARRIVING
from cnncalc.graph.values import has_size
from cnncalc.layers.registry import JOINS, POST_WORDS, WORDS
from cnncalc.spec.document import (
    Argument,
    BlockDefinition,
    Call,
    Conditional,
    Document,
    Expectation,
    Option,
    Repeat,
    Split,
    Statement,
    Token,
    Unread,
)
from cnncalc.spec.include_lines import as_include, is_include

MOST_DIGITS = 6
"""Digits of the number in `x2`."""

_BEGINNINGS = frozenset((*WORDS, "hard"))
"""Words with which a word in two parts may begin; others are no words and refused with the whole one."""


class Spelled(NamedTuple):
    """A document in our words, the faults of lines that cannot be put so, and remarks on lines that can."""

    document: Document
    faults: tuple[Diagnostic, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()


def in_own_words(document: Document) -> Spelled:
    """The document with every line in our words."""
    speller = _Speller(document)
    statements = speller.statements(document.statements)
    if not speller.changed:
        return Spelled(document)
    return Spelled(document._replace(statements=statements), tuple(speller.faults), tuple(speller.remarks))


class _Speller:
    def __init__(self, document: Document) -> None:
        self.blocks: set[str] = set()
        self.labels: set[str] = set()
        self.faults: list[Diagnostic] = []
        self.remarks: list[Diagnostic] = []
        self.changed = False
        self.begun = False
        """Whether a line above makes something: an input written with a layer is read at the start alone."""
        self.names: dict[str, bool] = {}
        """Names of the pasted program -> whether they stand for the result of the line before."""
        self.layers: dict[str, int] = {}
        """Names that the pasted program gave to layers -> their lines."""
        self.newest = ""
        """The last name that the pasted program gave."""
        self._index(document.statements)

    def _index(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, BlockDefinition):
                self.blocks.add(statement.name.text.lower())
                self._index(statement.body)
            elif isinstance(statement, Repeat):
                self._index(statement.body)
            elif isinstance(statement, Split):
                for branch in statement.branches:
                    self._index(branch)
            elif isinstance(statement, Conditional):
                for choice in statement.choices:
                    self._index(choice.body)
            elif isinstance(statement, Call) and statement.label is not None:
                self.labels.add(statement.label.text.lower())

    def statements(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """The statements in our words; one that is left as it is stays the same object."""
        return tuple(made for statement in statements for made in self._statement(statement))

    def _statement(self, statement: Statement) -> tuple[Statement, ...]:
        if isinstance(statement, Call):
            return self._guarded(statement)
        if isinstance(statement, (BlockDefinition, Repeat)):
            return (statement._replace(body=self._inside(statement.body)),)
        if isinstance(statement, Split):
            return (statement._replace(branches=tuple(map(self._inside, statement.branches))),)
        if isinstance(statement, Conditional):
            choices = tuple(choice._replace(body=self._inside(choice.body)) for choice in statement.choices)
            return (statement._replace(choices=choices),)
        return (statement,)

    def _inside(self, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """Lines of a block or branch: names of a pasted program mean nothing across its borders."""
        self.names, self.begun = {}, True
        made = self.statements(statements)
        self.names = {}
        return made

    def _guarded(self, call: Call) -> tuple[Statement, ...]:
        made: tuple[Statement, ...]
        try:
            made = self._call(call)
        except Fault as fault:
            self.faults.append(fault.diagnostic)
            made = (Unread(call.word.text.lower(), call.span, call.label),)
        if made != (call,):
            self.changed = True
        self.begun = True
        if call.pasted is None:
            self.names = {}
        return made

    def _call(self, call: Call) -> tuple[Call, ...]:
        if call.pasted is not None:
            return self._pasted(call)
        call = _parted(call)
        word = call.word.text.lower()
        last = call.arguments[-1] if call.arguments else None
        if isinstance(last, Token) and last.text[:1] in ("x", "X", "×") and call.times is None:
            call = self._times(call, last)
        if word in self.blocks or is_include(call):
            return (as_include(call),)
        if word not in WORDS:
            from cnncalc.graph.course_words import course_word, remarks  # noqa: PLC0415 (few texts have one)

            made = _text_made(course_word(call))
            self.remarks += remarks(call, made)
            return (made,)
        canonical = WORDS[word]
        if canonical in ("maxpool", "avgpool") and not has_size(call):
            from cnncalc.graph.course_words import with_window  # noqa: PLC0415 (few texts have one)

            return (_text_made(with_window(call, canonical)),)
        options = [one.name.text.lower() for one in call.arguments if isinstance(one, Option)]
        if "filter" in options or not ARRIVING.keys().isdisjoint(options):
            return (_text_made(_with_expectations(call, canonical)),)
        return (call,)

    def _times(self, call: Call, last: Token) -> Call:
        """`x2` at the end of a line; a label of that name is a label."""
        count = last.text[1:]
        joins = WORDS.get(call.word.text.lower()) in JOINS
        if (
            not count.isdecimal()
            or len(count) > MOST_DIGITS
            or last.quoted
            or joins
            or last.text.lower() in self.labels
        ):
            return call
        return _text_made(call._replace(arguments=call.arguments[:-1], times=Token(count, last.span)))

    # ------------------------------------------------------------------ calls as Python writes them
    def _pasted(self, call: Call) -> tuple[Call, ...]:
        from cnncalc.graph.pasted import in_our_words  # noqa: PLC0415 (few texts have one, and it costs start-up time)
        from cnncalc.graph.pasted.pasted_call import python_call  # noqa: PLC0415

        assert call.pasted is not None
        read = in_our_words(python_call(call.pasted.text, call.pasted.span), call.span, self.layers)
        words, target = read.words, call.pasted.target
        if target is not None and read.tensor is None:
            self.layers.setdefault(target.text, call.span.line)
        label = self._label(call, target, read.tensor)
        self._name_result(target)
        made = Call(
            Token(words.word, call.word.span), (*words.arguments, *call.arguments), call.span, "", label, call.sources,
            call.times, call.answers, call.worth, None, tuple(words.expects),
        )  # fmt: skip
        if not words.shape or self.begun:
            return (_text_made(made),)
        place = call.pasted.span
        sizes = tuple(Token(part, place) for part in words.shape.split())
        first = Call(Token("input", place), sizes, call.span, f"input {words.shape}")
        return first, _text_made(made)

    def _name_result(self, target: Token | None) -> None:
        """A name stands for the result of the line before until the next line makes another."""
        if target is None:
            self.names = {}
            return
        if self.newest in self.names:
            self.names[self.newest] = False
        self.newest = target.text
        self.names[self.newest] = True

    def _label(self, call: Call, target: Token | None, tensor: str | None) -> Token | None:
        """The label of a pasted line: what it is assigned to, unless that is a tensor that goes from line to line."""
        if tensor is not None:
            if self.names.get(tensor, tensor == (target.text if target else tensor)):
                return call.label
            raise Fault(
                "python-call",
                f"`{tensor}` is not the result of the line above",
                call.span,
                help="give the line whose result it is a label, and write `from` with it: `relu from a`",
            )
        if call.label is not None or target is None:
            return call.label
        name = target.text.rpartition(".")[2]
        return Token(name, Span(target.span.line, target.span.column + len(target.text) - len(name), len(name)))


def _text_made(call: Call) -> Call:
    """The call with the text that its words now make."""
    if call.pasted is not None or call.word.text.lower() not in WORDS:
        return call
    from cnncalc.graph.respelling import respelled  # noqa: PLC0415 (our own texts never need it)

    word, arguments = respelled(call)
    words = [word, *map(_written, arguments)]
    for source in call.sources:
        words += ["from", source.text]
    return call._replace(text=" ".join(words))


def _parted(call: Call) -> Call:
    """`leaky relu`, `depthwise conv 3x3`: a word in two parts of which the first alone is another word."""
    words = [call.word, *call.arguments]
    for index in range(len(words) - 1):
        first, second = words[index], words[index + 1]
        if not isinstance(first, Token) or not isinstance(second, Token) or first.text.lower() not in _BEGINNINGS:
            continue
        whole = WORDS.get(f"{first.text}{second.text}".lower())
        if whole is None or second.quoted or (index and whole not in POST_WORDS):
            continue
        words[index : index + 2] = [Token(whole, first.span.to(second.span))]
        word, *arguments = words
        assert isinstance(word, Token)
        return _text_made(call._replace(word=word, arguments=tuple(arguments)))
    return call


def _written(argument: Argument) -> str:
    if isinstance(argument, Option):
        return f"{argument.name.text}={_written(argument.value)}"
    return argument.text if isinstance(argument, Token) else "[...]"


def _with_expectations(call: Call, canonical: str) -> Call:
    """`in_channels=64` said of a layer is what arrives, and no argument of the layer; `filter=32` is a count."""
    if canonical == "input":
        return call
    kept: list[Argument] = []
    expects: list[Expectation] = []
    for one in call.arguments:
        number = one.value.text if isinstance(one, Option) and isinstance(one.value, Token) else ""
        kind = ARRIVING.get(one.name.text.lower()) if isinstance(one, Option) else None
        if not isinstance(one, Option) or not number.isdecimal() or len(number) > 18:
            kept.append(one)
        elif one.name.text.lower() == "filter":
            kept.append(one._replace(name=Token("filters", one.name.span)))
        elif kind is None:
            kept.append(one)
        else:
            written = f"{one.name.text} = {number}"
            expects.append(Expectation("numbers" if kind == "numbers" else "channels", int(number), written, one.span))
    return call._replace(arguments=tuple(kept), expects=tuple(expects))
