"""The text of a model as a `Document`: line by line, recovering after each fault, never raising.

Blocks, repeats and branches are kept on a pile of open frames, so neither nesting nor length can exhaust the stack.
Everything that is wrong with a text is reported in one go; an `Unread` stands in the document for each line that
cannot be read.
"""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Fix, Source, Span, by_places
from cnncalc.spec.cursor import Cursor, token
from cnncalc.spec.document import Document, Statement, Token, Unread
from cnncalc.spec.file_lines import asked, definition, directive, let, total
from cnncalc.spec.foreign_texts import foreign_text
from cnncalc.spec.lexing import Lexeme, Line, lexed
from cnncalc.spec.open_blocks import Frame, ended, split
from cnncalc.spec.same_lines import SameLines
from cnncalc.spec.statements import (
    OTHER_BRANCHES,
    STRUCTURAL,
    block_head,
    block_name,
    call,
    check_label,
    condition,
    end_of_line,
    join,
    other_branch,
    repeat_head,
)
from cnncalc.spec.unreadable_line import Unreadable, fault

DEEPEST_NESTING = 50
"""Blocks, repeats and splits inside each other."""

MOST_FAULTS = 100
"""After so many faults the rest of the text is not read."""

LONGEST_TEXT = 1_000_000
"""Characters in one text."""

_ONCE = frozenset(
    ("title", "order", "count", "epsilon", "labels", "rounding", "homework", "student", "output", "total")
)
_TOP_LEVEL = frozenset(("block", "filter", "data", "answer")) | _ONCE
_OPENING = {"block": "end", "repeat": "end", "split": "join", "if": "end"}
_JOINED = "`join add` or `join concat`"
_ENDED = frozenset(("block", "repeat", "if"))
_WITHOUT_COLON = frozenset(("else", "end", "split", "branch"))


def parse(source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    """document = {line}; line = [label ":"] word ...; see `cnncalc.spec.statements` for each kind of line."""
    foreign = foreign_text(source.text, LONGEST_TEXT)
    if foreign is not None:
        return Document(source, ()), (foreign,)
    return _Parser(source).document()


class _Parser:
    """Reads one text; used once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Diagnostic] = []
        self.comments: dict[int, str] = {}
        self.frames = [Frame("file", Span(1, 1))]
        self.said: set[str] = set()
        self.same = SameLines()

    def document(self) -> tuple[Document, tuple[Diagnostic, ...]]:
        for line in lexed(self.source.lines, self.comments, self.faults, self.same):
            if len(self.faults) >= MOST_FAULTS:
                self._give_up(line)
                break
            self._line(line)
        else:
            self._close_all()
        statements = tuple(self.frames[0].body)
        document = Document(self.source, statements, self.comments)
        return document, by_places(self.faults)

    def _give_up(self, line: Line) -> None:
        message = f"{MOST_FAULTS} faults found; the text is not read from here on"
        self.faults.append(Diagnostic("too-many-faults", message, Span(line.number, 1)))
        self.frames[0].body.append(Unread("", Span(line.number, 1)))

    def _line(self, line: Line) -> None:
        if line.known:
            self._again(line.number)
            return
        if not line.lexemes:
            self._leave_out("", Span(line.number, 1))
            return
        cursor = Cursor(line.lexemes)
        try:
            self._statement(cursor, line.broken)
        except Unreadable as problem:
            cursor.faults.append(problem.diagnostic)
        if not line.broken:
            self.faults += cursor.faults
        if not line.broken and not cursor.faults and line.number == line.last and line.number not in self.comments:
            self.same.keep(self.source.lines[line.number - 1], self.frames[-1].body[-1:], line.number)

    def _again(self, number: int) -> None:
        """A line that was read before."""
        made = self.same.again(self.source.lines[number - 1], number)
        try:
            self._check_place("", made.word)
            self.frames[-1].body.append(made)
        except Unreadable as problem:
            self.faults.append(problem.diagnostic)
            self._leave_out(made.word.text.lower(), made.word.span)

    def _leave_out(self, word: str, span: Span, name: Token | None = None) -> None:
        """Note in the document that a line could not be read."""
        self.frames[-1].body.append(Unread(word, span, name))

    def _statement(self, cursor: Cursor, broken: bool) -> None:
        """line = [label ":"] word ..."""
        try:
            label, word = _label_and_word(cursor)
        except Unreadable:
            self._leave_out("", cursor.last_span())
            raise
        keyword = word.text.lower() if not word.quoted else ""
        if keyword in STRUCTURAL and label is not None and keyword != "join":
            cursor.faults.append(_label_not_here(keyword, label))
        other = other_branch(word) if keyword in OTHER_BRANCHES else None
        if other is not None:
            cursor.faults.append(other.diagnostic)
            keyword = OTHER_BRANCHES[keyword].partition(" ")[0]
        if keyword == "else":
            self._else(cursor, word, broken)
        elif keyword in ("end", "branch", "join"):
            self._closing(keyword, cursor, word, label, broken)
        elif keyword in _OPENING:
            self._opening(keyword, cursor, word, broken)
        else:
            self._plain(keyword, cursor, word, label, broken)

    def _plain(self, keyword: str, cursor: Cursor, word: Token, label: Token | None, broken: bool) -> None:
        """A line that stands for itself."""
        try:
            if not broken:
                self._check_place(keyword, word)
                self.frames[-1].body.append(_plain_statement(keyword, cursor, word, label))
                return
        except Unreadable as problem:
            cursor.faults.append(problem.diagnostic)
        defined = cursor.lexemes[1] if keyword in ("filter", "data", "let") and len(cursor.lexemes) > 1 else None
        self._leave_out(keyword, word.span, token(defined) if defined else label)

    def _check_place(self, keyword: str, word: Token) -> None:
        frame = self.frames[-1]
        if keyword in _TOP_LEVEL and frame.kind != "file":
            raise fault(
                "not-inside",
                f"`{keyword}` cannot be inside {_an(frame.kind)}",
                word.span,
                help=f"move this line before the `{frame.kind}` of line {frame.opening.line}, or after its end",
            )
        if frame.kind == "split" and not frame.branches:
            raise fault(
                "outside-branch",
                "this line is between `split` and its first `branch`",
                word.span,
                help="write branch above it",
            )
        if keyword in _ONCE:
            if keyword in self.said:
                raise fault(
                    "said-twice", f"`{keyword}` is written twice in this file", word.span, help="keep one of the two"
                )
            self.said.add(keyword)

    def _opening(self, keyword: str, cursor: Cursor, word: Token, broken: bool) -> None:
        """The first line of a block, repeat, split or `if`; the frame opens even when that line has a fault."""
        while keyword == "block" and any(frame.kind == "block" for frame in self.frames):
            self._unclosed(self.frames.pop(), f"its `end` is missing before the block of line {word.span.line}")
        frame = Frame(keyword, word.span, read=not broken)
        parent = self.frames[-1]
        try:
            if not broken:
                self._check_place(keyword, word)
                self._head(frame, cursor)
        except Unreadable:
            frame.read = False
            raise
        finally:
            if parent.kind == "split" and not parent.branches:
                frame.read = False
            self.frames.append(frame)
        if len(self.frames) - 1 == DEEPEST_NESTING + 1:
            frame.read = False
            raise fault(
                "nested-too-deeply",
                f"more than {DEEPEST_NESTING} blocks, repeats, splits and ifs inside each other",
                word.span,
            )

    def _head(self, frame: Frame, cursor: Cursor) -> None:
        if frame.kind == "block":
            frame.name = block_name(cursor)
            frame.name, frame.parameters = block_head(cursor)
        elif frame.kind == "repeat":
            frame.count, frame.variable = repeat_head(cursor)
        elif frame.kind == "if":
            frame.condition = self._condition(cursor)
            frame.begun = frame.opening.to(frame.condition.span)
        else:
            end_of_line(cursor)

    def _condition(self, cursor: Cursor) -> Token:
        return condition(cursor, self.source.lines[cursor.lexemes[0].span.line - 1])

    def _else(self, cursor: Cursor, word: Token, broken: bool) -> None:
        """else = "else" ["if" condition]; a part with a fault is followed to its end, and its `if` left out."""
        while self.frames[-1].kind == "split" and any(frame.kind == "if" for frame in self.frames):
            self._unclosed(self.frames.pop())
        frame = self.frames[-1]
        if frame.kind != "if":
            inside = f" in this {frame.kind}" if frame.kind != "file" else ""
            raise fault(
                "unexpected-else",
                f"no `if` is open{inside} that this `else` could belong to",
                word.span,
                help="write `if $stride == 1`, or another condition, on a line above",
            )
        follows_else = frame.begun != frame.opening and frame.condition is None and frame.read
        frame.complete_choice()
        frame.condition, frame.begun = None, word.span
        try:
            if follows_else:
                message = "this `else` can never be reached: the `else` above takes all that is left"
                raise fault("unexpected-else", message, word.span, help="put the plain `else` last, and only once")
            if not broken and (word.text.lower() in OTHER_BRANCHES or cursor.took("word", "if")):
                frame.condition = self._condition(cursor)
                frame.begun = word.span.to(frame.condition.span)
            elif not broken:
                end_of_line(cursor)
        except Unreadable:
            frame.read = False
            raise
        frame.read = frame.read and not broken

    def _closing(self, keyword: str, cursor: Cursor, word: Token, label: Token | None, broken: bool) -> None:
        """`end`, `branch` or `join`."""
        if keyword == "end":
            self._end(word)
        elif self.frames[-1].kind != "split":
            frame = self.frames[-1]
            inside = f" in this {frame.kind}" if frame.kind != "file" else ""
            raise fault(
                f"unexpected-{keyword}",
                f"no `split` is open{inside} that this `{keyword}` could belong to",
                word.span,
                help="write `split` on a line of its own before the first `branch`",
            )
        elif keyword == "branch":
            frame = self.frames[-1]
            frame.branches.append([])
            frame.body = frame.branches[-1]
        else:
            self._join(cursor, label, broken)
            return
        if not broken:
            end_of_line(cursor)

    def _end(self, word: Token) -> None:
        while self.frames[-1].kind == "split" and any(frame.kind in _ENDED for frame in self.frames):
            self._unclosed(self.frames.pop())
        frame = self.frames[-1]
        if frame.kind == "file":
            message = "this `end` has nothing to end: no block, repeat or if is open here"
            advice = "take the line out, or write `block NAME` or `repeat N` above"
            raise fault("unexpected-end", message, word.span, help=advice)
        self.frames.pop()
        if frame.kind == "split":
            self._leave_out(frame.kind, frame.opening)
            message = f"the split of line {frame.opening.line} ends with `join`, not with `end`"
            raise fault("unexpected-end", message, word.span, help=f"write {_JOINED} in its place")
        if not frame.read:
            self._leave_out(frame.kind, frame.opening, frame.name)
            return
        self.frames[-1].body.append(ended(frame))

    def _join(self, cursor: Cursor, label: Token | None, broken: bool) -> None:
        frame = self.frames.pop()
        try:
            if frame.read and not broken:
                self.frames[-1].body.append(split(frame, join(cursor, label)))
                return
        except Unreadable as problem:
            cursor.faults.append(problem.diagnostic)
        self._leave_out("split", frame.opening, label)

    def _unclosed(self, frame: Frame, label: str = "") -> None:
        """Report a frame without its end; what seemed misplaced inside it was probably meant to stand after it."""
        closing = _OPENING[frame.kind]
        written = _JOINED if closing == "join" else f"`{closing}`"
        start = frame.opening.line
        self.faults[:] = [
            one for one in self.faults if one.code != "not-inside" or not one.span or one.span.line < start
        ]
        self.faults.append(
            Diagnostic(
                f"unclosed-{frame.kind}",
                f"this {frame.kind} is never closed",
                frame.opening,
                label or f"its `{closing}` is missing",
                help=f"write {written} on a line of its own after its last line",
            )
        )
        self._leave_out(frame.kind, frame.opening, frame.name)

    def _close_all(self) -> None:
        while len(self.frames) > 1 and len(self.faults) < MOST_FAULTS:
            self._unclosed(self.frames.pop())


def _label_and_word(cursor: Cursor) -> tuple[Token | None, Token]:
    """[label ":"] word."""
    first = cursor.take()
    if first.kind == "word" and ":" in first.text.partition("(")[0]:
        label, rest = _split_label(first)
        if label.text.isdecimal():
            advice = "a line starts with its layer's word: leave out what is before it"
            number = Span(label.span.line, label.span.column, label.span.length + 1)
            raise fault("bad-name", "a number cannot be a name", number, help=advice, fixes=(Fix(number, ""),))
        check_label(label)
        if rest is not None and rest.text[0].isdigit():
            message = f"a layer word is expected here, not `{rest.text[:40]}`"
            raise fault(
                "missing-word", message, rest.span, help=f"write what {label.text} is: {label.text}: conv 6 5x5"
            )
        if rest is not None:
            return label, rest
        if rest is None and label.text.lower() in _WITHOUT_COLON and (cursor.at_end or label.text.lower() == "else"):
            cursor.faults.append(_no_colon(cursor, label))
            cursor.index = len(cursor.lexemes)
            return None, label
        if not cursor.sees("word"):
            raise cursor.expected(
                "missing-word", "a layer word", help=f"write what {label.text} is: `{label.text}: conv 6 5x5`"
            )
        if cursor.lexemes[1].text[0].isdigit():
            raise cursor.expected("missing-word", "a layer word", help=_label_or_word(cursor, label.text))
        return label, token(cursor.take())
    if first.kind != "word":
        raise fault("missing-word", "a line starts with a layer word, or with a label and a layer word", first.span)
    return None, token(first)


def _label_or_word(cursor: Cursor, label: str) -> str:
    """What helps for `conv1: 32 5x5`, where the layer word is missing, and for `Conv: 32 5x5`, where it is the word."""
    numbers = " ".join(one.raw for one in cursor.lexemes[1:] if one.span.line == cursor.lexemes[0].span.line)[:40]
    if label[-1].isdigit():
        return f"write the layer word after the label: `{label}: conv {numbers}`"
    return f"`{label}:` is a label; without the colon it is the layer word: `{label} {numbers}`"


def _no_colon(cursor: Cursor, word: Token) -> Diagnostic:
    """The fault of `else:` and `end:`; what stands behind the colon belongs on a line of its own."""
    keyword = word.text.lower()
    below = "" if cursor.at_end else ", and what follows on the next line"
    return Diagnostic(
        "missing-word", f"no colon is written after `{keyword}`", word.span, help=f"write `{keyword}`{below}"
    )


def _split_label(first: Lexeme) -> tuple[Token, Token | None]:
    name, _, rest = first.text.partition(":")
    start = first.span
    label = Token(name, Span(start.line, start.column, max(1, len(name))))
    if not rest:
        return label, None
    return label, Token(rest, Span(start.line, start.column + len(name) + 1, len(rest)))


def _plain_statement(keyword: str, cursor: Cursor, word: Token, label: Token | None) -> Statement:
    if keyword in ("filter", "data"):
        return definition(cursor, word)
    if keyword == "let":
        return let(cursor, word)
    if keyword == "total":
        return total(cursor, word)
    if keyword == "answer":
        return asked(cursor, word)
    return directive(cursor, word) if keyword in STRUCTURAL else call(cursor, word, label)


def _an(kind: str) -> str:
    return "an `if`" if kind == "if" else f"a {kind}"


def _label_not_here(keyword: str, label: Token) -> Diagnostic:
    return Diagnostic("label-not-here", f"a `{keyword}` line has no result that a label could name", label.span)
