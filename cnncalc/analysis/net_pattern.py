"""Patterns of nets, `Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> (FC -> ReLU)*k -> FC`, as states of an automaton.

    pattern = part {"->" part}
    part    = (word | "(" pattern {"|" pattern} ")" | "[" ... "]") ["?" | "+" | "*" [letter | number]]

A letter counts the rounds of its part and is one number wherever it is written; `*` alone is any number of rounds.
Sources: the lecture's pattern of deck 002; Karpathy, CS231n, "Layer patterns", which writes it in square brackets.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.layers.registry import POST_WORDS, WORDS

LONGEST = 2_000
"""Characters of a pattern."""

MOST_STATES = 4_000
DEEPEST = 40
"""Brackets inside each other."""

EXAMPLE = "Inp -> ((Conv -> ReLU)*n -> Pool?)*m -> (FC -> ReLU)*k -> FC"

_POOLS = ("maxpool", "avgpool", "sumpool", "l2pool", "subsample", "gap", "gmp", "adaptavg", "adaptmax")
_CONVOLUTIONS = ("conv", "dwconv", "sepconv", "upconv", "local")
_NORMS = ("bn", "ln", "gn", "lrn", "instancenorm", "rmsnorm")
FAMILIES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("inp", "in"), frozenset(("input",))),
    **dict.fromkeys(("conv", "convolution"), frozenset(_CONVOLUTIONS)),
    **dict.fromkeys(("pool", "pooling"), frozenset(_POOLS)),
    **dict.fromkeys(("norm", "normalization"), frozenset(_NORMS)),
    **dict.fromkeys(("act", "activation", "nonlinearity"), frozenset(POST_WORDS) - frozenset(_NORMS)),
    **dict.fromkeys(("output", "out"), frozenset(("dense",))),
}
"""Words of patterns that mean several layers -> the words of these; any other layer word means its own layer."""

_PIECE = re.compile(
    r"\s*(?:(?P<part>[-=]+>|[\u2192\u21d2,]|-)|(?P<word>[A-Za-z_][\w]*)|(?P<number>\d+)|(?P<sign>[()\[\]*?+|]))"
)
_CLOSED_BY = {"(": ")", "[": "]"}


class Word(NamedTuple):
    """A state that takes one layer of these words; `shown` is what the pattern calls them."""

    words: frozenset[str]
    shown: str
    following: int


class Ways(NamedTuple):
    """A state from which any of these is gone on with, the first one first."""

    following: tuple[int, ...]


class Loop(NamedTuple):
    """A state before each round of a part: `body` for one more, `following` for none; `letter` counts, "" does not."""

    letter: str
    body: int
    following: int


class Enter(NamedTuple):
    """A state where a loop is come to from outside: no round has been made."""

    loop: int


class Back(NamedTuple):
    """A state at the end of a round."""

    loop: int


class End(NamedTuple):
    """The whole pattern is read."""


State = Word | Ways | Loop | Enter | Back | End


class Pattern(NamedTuple):
    """The states of a pattern, the one it begins with, its letters in order, and every layer word it takes."""

    text: str
    states: tuple[State, ...]
    first: int
    letters: tuple[str, ...]
    words: frozenset[str]


class _Tree(NamedTuple):
    """A part as it is written: `kind` is word, row, either, or a sign of repetition; `letter` goes with `*`."""

    kind: str
    parts: tuple[_Tree, ...] = ()
    shown: str = ""
    words: frozenset[str] = frozenset()
    letter: str = ""
    times: int = 0


def parsed(text: str) -> Pattern:
    """The pattern of a text; raises InputError at what cannot be read."""
    reader = _Reader(text)
    tree = reader.whole()
    builder = _States(reader)
    end = builder.add(End())
    first = builder.of(tree, end)
    return Pattern(" ".join(text.split()), tuple(builder.states), first, tuple(reader.letters), reader.words)


class _Reader:
    """Reads a pattern piece by piece."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.level = 0
        self.words: frozenset[str] = frozenset()
        self.letters: dict[str, None] = {}
        if len(text) > LONGEST:
            self.refuse("pattern-too-large", f"a pattern of at most {LONGEST:,} characters is read", 0)

    def refuse(self, code: str, message: str, at: int, help: str = "") -> NoReturn:
        place = Span(1, at + 1, max(1, self.at - at))
        diagnostic = Diagnostic(code, message, place, help=help or f"a pattern is written so: {EXAMPLE}")
        raise InputError((diagnostic,), Source("--pattern", " ".join(self.text.split("\n")) or " "))

    def whole(self) -> _Tree:
        tree = self._row(())
        kind, piece, at = self._next()
        if kind:
            self.refuse("bad-pattern", f"`{piece}` closes nothing here", at)
        return tree

    def _next(self) -> tuple[str, str, int]:
        """The next piece: its kind ("" at the end), its text, and where it begins."""
        match = _PIECE.match(self.text, self.at)
        rest = len(self.text) - len(self.text[self.at :].lstrip())
        if match is None:
            self.at = min(rest + 1, len(self.text))
            if rest < len(self.text):
                self.refuse("bad-pattern", f"`{self.text[rest]}` means nothing in a pattern", rest)
            return "", "", rest
        self.at = match.end()
        kind = match.lastgroup or ""
        return kind, match[kind], match.start(kind)

    def _row(self, closing: tuple[str, ...]) -> _Tree:
        """part {"->" part}"""
        parts = [self._part()]
        while True:
            before = self.at
            kind, piece, at = self._next()
            if kind == "part":
                parts.append(self._part())
            elif not kind or piece in (*closing, "|", ")", "]"):
                self.at = before
                return parts[0] if len(parts) == 1 else _Tree("row", tuple(parts))
            else:
                self.refuse("bad-pattern", f"an arrow is missing before `{piece}`", at, "write `->` between parts")

    def _part(self) -> _Tree:
        kind, piece, at = self._next()
        if kind == "word":
            tree = self._word(piece, at)
        elif piece in _CLOSED_BY:
            tree = self._group(piece, at)
        elif not kind:
            self.refuse("bad-pattern", "the pattern ends where a part is expected", max(0, at - 1))
        else:
            self.refuse("bad-pattern", f"a part is expected here, not `{piece}`", at)
        return self._repeated(tree)

    def _word(self, piece: str, at: int) -> _Tree:
        name = piece.lower()
        meant = FAMILIES.get(name) or (frozenset((WORDS[name],)) if name in WORDS else None)
        if meant is None:
            known = ("Inp", "Conv", "ReLU", "Pool", "FC", "Norm", "Act", *WORDS)
            advice = did_you_mean(piece, known, "words are Inp, Conv, ReLU, Pool, FC, and the layer words")
            self.refuse("bad-pattern", f"`{piece[:40]}` is no layer", at, advice)
        self.words |= meant
        return _Tree("word", shown=piece, words=meant)

    def _group(self, opened: str, at: int) -> _Tree:
        self.level += 1
        if self.level > DEEPEST:
            self.refuse("pattern-too-large", f"more than {DEEPEST} brackets are inside each other", at)
        closed = _CLOSED_BY[opened]
        choices = [self._row((closed,))]
        while True:
            kind, piece, place = self._next()
            if piece == "|":
                choices.append(self._row((closed,)))
            elif piece == closed:
                self.level -= 1
                return choices[0] if len(choices) == 1 else _Tree("either", tuple(choices))
            elif not kind:
                self.at = at + 1
                self.refuse("bad-pattern", f"this `{opened}` is never closed", at, f"write `{closed}`")
            else:
                self.refuse("bad-pattern", f"`{piece}` does not close `{opened}`", place, f"write `{closed}`")

    def _repeated(self, tree: _Tree) -> _Tree:
        """What follows a part: `?`, `+`, `*`, `*n`, `*3`."""
        before = self.at
        kind, piece, _ = self._next()
        if kind != "sign" or piece not in "?+*":
            self.at = before
            return tree
        if piece != "*":
            return _Tree(piece, (tree,))
        before = self.at
        kind, piece, _ = self._next()
        if kind == "word" and len(piece) == 1:
            self.letters[piece] = None
            return _Tree("*", (tree,), letter=piece)
        if kind == "number":
            return _Tree("times", (tree,), times=int(piece[:9]))
        self.at = before
        return _Tree("*", (tree,))


class _States:
    """Makes states of a tree, from its end to its beginning."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.states: list[State] = []

    def add(self, state: State) -> int:
        if len(self.states) >= MOST_STATES:
            self.reader.refuse("pattern-too-large", f"the pattern writes out more than {MOST_STATES:,} parts", 0)
        self.states.append(state)
        return len(self.states) - 1

    def of(self, tree: _Tree, following: int) -> int:
        """The state with which a part begins that is followed by a state."""
        if tree.kind == "word":
            return self.add(Word(tree.words, tree.shown, following))
        if tree.kind == "row":
            for part in reversed(tree.parts):
                following = self.of(part, following)
            return following
        if tree.kind == "either":
            return self.add(Ways(tuple(self.of(part, following) for part in tree.parts)))
        if tree.kind == "?":
            return self.add(Ways((self.of(tree.parts[0], following), following)))
        if tree.kind == "times":
            for _ in range(tree.times):
                following = self.of(tree.parts[0], following)
            return following
        return self._loop(tree, following)

    def _loop(self, tree: _Tree, following: int) -> int:
        place = self.add(Loop(tree.letter, 0, following))
        back = self.add(Back(place))
        self.states[place] = Loop(tree.letter, self.of(tree.parts[0], back), following)
        if tree.kind == "+":
            return self.of(tree.parts[0], place)
        return self.add(Enter(place))
