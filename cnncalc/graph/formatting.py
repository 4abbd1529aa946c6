"""The canonical spelling of a model text: what `cnncalc fmt` writes.

Words in lower case, aliases resolved, `stride 2` as `stride=2`, `activation=relu` as a post word, two spaces for
each block, `=>` aligned within a run of lines.  Comments, blank lines, labels, blocks and answers stay; the net that
the text describes is the same, and formatting twice changes nothing more.  A line that cannot be read is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cnncalc.asked import SHAPE, quantity_of
from cnncalc.asked.quantity import matrix_text
from cnncalc.diagnostics import Span
from cnncalc.graph.conditions import canonical
from cnncalc.graph.respelling import respelled
from cnncalc.graph.spelling import in_own_words
from cnncalc.quantities import exact
from cnncalc.spec.document import (
    Answer,
    Argument,
    Asked,
    BlockDefinition,
    Call,
    Conditional,
    Definition,
    Directive,
    Document,
    Let,
    MatrixLiteral,
    Option,
    Parameter,
    Repeat,
    Split,
    Statement,
    Token,
    Total,
    Unread,
    Value,
    inside,
)
from cnncalc.spec.lexing import Lexeme, Line, lexed
from cnncalc.spec.literals import matrix_of
from cnncalc.spec.statements import STRUCTURAL

INDENT = "  "
WIDEST_ALIGNED = 56
"""Characters of a line up to its answers; longer ones do not push the `=>` of their neighbours to the right."""


@dataclass
class _Row:
    """One line to be written: the words, the answers one by one, then the comment."""

    words: str
    answers: tuple[str, ...] = ()
    comment: str | None = None
    has_shape: bool = False


def formatted(document: Document) -> str:
    """The document's text in canonical spelling, with a line end after the last line."""
    rows = list(_Formatter(in_own_words(document).document).rows())
    while rows and rows[-1] == _Row(""):
        rows.pop()
    return "".join(f"{line}\n" for line in _aligned(rows))


class _Formatter:
    """Walks over the lines of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.comments: dict[int, str] = {}
        self.lines = {line.number: line for line in lexed(document.source.lines, self.comments, [])}
        self.blocks: set[str] = set()
        self.statements: dict[int, list[Statement]] = {}
        self.joins: set[int] = set()
        self.conditions: dict[int, Token] = {}
        """The condition of each `else if`, by its line."""
        self._index(document.statements)
        self.level = 0

    def _index(self, statements: tuple[Statement, ...]) -> None:
        """Find every statement by the line it starts on."""
        pile = list(statements)[::-1]
        while pile:
            statement = pile.pop()
            self.statements.setdefault(statement.span.line, []).append(statement)
            pile.extend(inside(statement))
            if isinstance(statement, BlockDefinition):
                self.blocks.add(statement.name.text.lower())
            elif isinstance(statement, Conditional):
                self.conditions |= {one.span.line: one.condition for one in statement.choices if one.condition}
            elif isinstance(statement, Split):
                self.statements[statement.join.span.line] = [statement.join]
                self.joins.add(statement.join.span.line)

    def rows(self) -> Iterator[_Row]:
        number, begun = 1, False
        while number <= len(self.document.source.lines):
            line = self.lines.get(number)
            if line is not None:
                yield from self._line(line)
                number = line.last
            elif number in self.comments:
                yield _Row("", comment=self._comment(number, INDENT * self.level))
            elif begun:
                yield _Row("")
            begun = begun or line is not None or number in self.comments
            number += 1

    def _comment(self, number: int, margin: str = "") -> str | None:
        if number not in self.comments:
            return None
        text = self.comments[number]
        return f"{margin}#{'' if text.startswith('#') or not text else ' '}{text}"

    def _line(self, line: Line) -> Iterator[_Row]:
        """The rows of one logical line; several when a matrix goes on over lines."""
        keyword = line.lexemes[0].text.lower() if line.lexemes else ""
        _, colon, rest = keyword.partition(":")
        if colon and (rest or len(line.lexemes) > 1):
            keyword = rest or line.lexemes[1].text.lower()
        is_misplaced = bool(colon) and keyword in STRUCTURAL and keyword != "join"  # a label of what has no result
        self.level -= keyword in ("end", "branch", "join", "else") and self.level > 0
        margin = INDENT * self.level
        before = self.statements.get(line.number, [])
        statement = before[-1] if before else None
        inner_comments = any(number in self.comments for number in range(line.number, line.last))
        if line.broken or inner_comments or is_misplaced:
            yield from self._as_written(line)
        elif keyword in ("end", "branch") or (keyword == "else" and len(line.lexemes) == 1):
            yield _Row(margin + keyword, comment=self._comment(line.number))
        elif keyword == "else" and line.number in self.conditions:
            words = f"else if {canonical(self.conditions[line.number].text)}"
            yield _Row(margin + words, comment=self._comment(line.number))
        elif statement is None or _is_left_alone(statement, line):
            yield from self._as_written(line)
        else:
            for one in before[:-1]:
                yield _Row(margin + self._words(one, line))
            *above, words = _literal_lines(self._words(statement, line), margin)
            yield from map(_Row, above)
            answers = statement.answers if isinstance(statement, (Call, Total)) else ()
            has_shape = bool(answers) and answers[0].asked == SHAPE.name
            worth = statement.worth if isinstance(statement, (Call, Total)) else ()
            texts = answer_texts(answers, worth, shape_first=isinstance(statement, Call))
            yield _Row(words, texts, self._comment(line.last), has_shape)
        self.level += keyword in ("block", "repeat", "split", "branch", "if", "else")

    def _as_written(self, line: Line) -> Iterator[_Row]:
        for text in self.document.source.lines[line.number - 1 : line.last]:
            yield _Row(text.rstrip())

    def _words(self, statement: Statement, line: Line) -> str:
        """A line up to its answers."""
        if isinstance(statement, Call):
            return self._call(statement, line)
        if isinstance(statement, BlockDefinition):
            parameters = (self._parameter(one, line) for one in statement.parameters)
            return " ".join(("block", statement.name.text, *parameters))
        if isinstance(statement, Repeat):
            return " ".join(
                ("repeat", statement.times.text, *([statement.variable.text] if statement.variable else []))
            )
        if isinstance(statement, (Conditional, Let)):
            return self._setting(statement)
        if isinstance(statement, Definition):
            return f"{statement.kind} {statement.name.text} = {self._value(statement.value, line)}"
        return self._about_the_file(statement, line)

    def _setting(self, statement: Conditional | Let) -> str:
        if isinstance(statement, Let):
            return f"let {statement.name.text} = {_let_value(statement.value)}"
        return f"if {canonical(self.conditions[statement.span.line].text)}"

    def _about_the_file(self, statement: Statement, line: Line) -> str:
        """Directives, totals and numbered questions; `split` too."""
        if isinstance(statement, Directive):
            keyword = statement.word.text.lower()
            words = (self._argument(one, line) for one in statement.arguments)
            return " ".join(
                (
                    keyword,
                    *(word.lower() if keyword in ("order", "count", "labels", "rounding") else word for word in words),
                )
            )
        if isinstance(statement, Asked):
            question = [quoted(statement.question)] if statement.question else []
            place = f"{statement.label.text}.{statement.answer.asked}"
            claim = claim_text(statement.answer) + worth_text(statement.worth)
            return " ".join(("answer", statement.number.text, *question, f"{place} = {claim}"))
        return "split" if isinstance(statement, Split) else "total"

    def _parameter(self, parameter: Parameter, line: Line) -> str:
        default = parameter.default
        return parameter.name.text + (f"={self._value(default, line)}" if default else "")

    def _call(self, call: Call, line: Line) -> str:
        words = [f"{call.label.text}:"] if call.label else []
        if call.span.line in self.joins:
            words.append("join")
        if call.word.text.lower() in self.blocks:
            words += [call.word.text, *(self._argument(one, line) for one in call.arguments)]
        else:
            word, arguments = respelled(call)
            words += [word, *(self._argument(one, line) for one in arguments)]
        for source in call.sources:
            words += ["from", source.text]
        return " ".join(words + (["times", call.times.text] if call.times else []))

    def _argument(self, argument: Argument, line: Line) -> str:
        if isinstance(argument, Option):
            return f"{argument.name.text}={self._value(argument.value, line)}"
        return self._value(argument, line)

    def _value(self, value: Value, line: Line) -> str:
        if isinstance(value, MatrixLiteral):
            return _literal(value.span, line)
        return quoted(value.text) if value.quoted else value.text


def _let_value(value: Token) -> str:
    """Several words stand without quotes where they are read back as the same words."""
    plain = value.quoted and " " in value.text and all(_PLAIN_WORD.fullmatch(word) for word in value.text.split(" "))
    return value.text if plain or not value.quoted else quoted(value.text)


_PLAIN_WORD = re.compile(r"[^\W\d]\w*|[0-9.]+")


def _is_left_alone(statement: Statement, line: Line) -> bool:
    """Whether a line is kept as it is written: it cannot be read, or its answers cannot."""
    if isinstance(statement, Unread):
        return True
    return isinstance(statement, Call) and not statement.answers and any(one.kind == "=>" for one in line.lexemes)


def answer_texts(
    answers: tuple[Answer, ...], worth: tuple[Fraction, ...], *, shape_first: bool = True
) -> tuple[str, ...]:
    """What stands after `=>`, one text an answer, and the points last; a shape that comes first has no name."""
    texts = [f"{one.asked} {claim_text(one)}" for one in answers]
    if shape_first and answers and answers[0].asked == SHAPE.name:
        texts[0] = claim_text(answers[0])
    return (*texts, worth_text(worth).strip()) if worth else tuple(texts)


def quoted(text: str) -> str:
    """The text between quotes, as the language reads it back."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def worth_text(worth: tuple[Fraction, ...]) -> str:
    """` worth 1 2`, or nothing."""
    return f" worth {' '.join(map(exact, worth))}" if worth else ""


def claim_text(answer: Answer) -> str:
    """The answer's value: a number in full keeps its digits, `138M` and `1.2e6` stay as they were written."""
    return quantity_of(answer).written(answer)


def _literal(span: Span, line: Line) -> str:
    """A matrix as it is written, scale and line breaks kept, its numbers in canonical spelling."""
    start = next(index for index, lexeme in enumerate(line.lexemes) if lexeme.span.column == span.column)
    words = []
    while line.lexemes[start].kind != "matrix":
        words.append(line.lexemes[start].text.removesuffix("*"))
        start += 1
    scale = f"{''.join(words)} * " if words else ""
    brackets = []
    while start < len(line.lexemes) and line.lexemes[start].kind == "matrix":
        brackets.append(_bracket(line.lexemes[start]))
        start += 1
    return scale + " ".join(brackets)


def _bracket(lexeme: Lexeme) -> str:
    assert lexeme.bracket is not None
    matrix = matrix_of([lexeme.bracket])
    if lexeme.raw != "[...]":
        return matrix_text(matrix)
    planes = []
    for plane in matrix.planes:
        texts = [[exact(value) for value in row] for row in plane]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        rows = (" ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in texts)
        planes.append("[" + "\n".join(rows) + "]")
    return " ".join(planes)


def _literal_lines(words: str, margin: str) -> list[str]:
    """The rows of a matrix under each other; a single line for everything else."""
    first, *rows = words.split("\n")
    lines = [margin + first]
    for row in rows:
        lines.append(" " * (lines[0].index("[") + 1) + row)
    return lines


def _aligned(rows: list[_Row]) -> Iterator[str]:
    """The rows as text; a run of lines ends at a blank one."""
    run: list[_Row] = []
    for row in rows:
        if row == _Row(""):
            yield from _run(run)
            yield ""
            run = []
        else:
            run.append(row)
    yield from _run(run)


def _run(rows: list[_Row]) -> Iterator[str]:
    answered = [row for row in rows if row.answers]
    words = max((len(row.words) for row in answered if len(row.words) <= WIDEST_ALIGNED), default=0)
    columns = _column_widths([row.answers for row in answered if row.has_shape])
    for row in rows:
        text = row.words
        if row.answers:
            widths = columns if row.has_shape else []
            padded = [cell.ljust(width) for cell, width in zip(row.answers, widths, strict=False)]
            cells = [*padded, *row.answers[len(padded) :]]
            text = f"{row.words.ljust(words)}  => {'  '.join(cells)}".rstrip()
        if row.comment is not None:
            text = f"{text}  {row.comment}" if text else row.comment
        yield text


def _column_widths(rows: list[tuple[str, ...]]) -> list[int]:
    """How wide each column of answers is; matrices are left out."""
    deepest = max(map(len, rows), default=0)
    return [
        max((len(row[index]) for row in rows if index < len(row) and "[" not in row[index]), default=0)
        for index in range(deepest)
    ]
