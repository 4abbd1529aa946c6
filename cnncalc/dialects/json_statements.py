"""The statements of a text as JSON values: what `json_lines` reads back.

The text is one that `cnncalc.graph.formatting` wrote, so every word has its canonical spelling.  Numbers become numbers
where JSON writes them alike, all other words strings.  A matrix with comments between its rows is kept as it is
written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cnncalc.graph.formatting import claim_text, quoted
from cnncalc.matrices import Matrix
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
    Repeat,
    Split,
    Statement,
    Token,
    Total,
    Value,
    inside,
)
from cnncalc.spec.lexing import Lexeme, Line, lexed
from cnncalc.spec.literals import matrix_of

Object = dict[str, Any]

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")
_FLOAT = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")


class Written:
    """Walks over the lines of one canonical text; `statements` are those of the whole file."""

    def __init__(self, document: Document) -> None:
        self.source = document.source
        self.comments: dict[int, str] = {}
        self.lines = {line.number: line for line in lexed(self.source.lines, self.comments, [])}
        self.at = dict(_by_line(document.statements))
        self.statements: list[Object] = []
        self.open: list[tuple[str, Object, list[Object]]] = [("file", {}, self.statements)]
        """What has begun and not ended: its kind, its object, and the list that the next statement belongs to."""
        self._walk()

    def _walk(self) -> None:
        number, last = 1, len(self.source.lines)
        while number < last or (number == last and self.source.lines[-1]):
            line = self.lines.get(number)
            if line is not None:
                self._line(line)
                number = line.last
            elif number in self.comments:
                self._append({"comment": self.comments[number]})
            else:
                self._blank()
            number += 1

    def _append(self, found: Object) -> None:
        self.open[-1][2].append(found)

    def _blank(self) -> None:
        body = self.open[-1][2]
        if body and "blank_lines" in body[-1]:
            body[-1]["blank_lines"] += 1
        else:
            body.append({"blank_lines": 1})

    def _line(self, line: Line) -> None:
        keyword = line.lexemes[0].text.lower()
        if ":" in keyword and len(line.lexemes) > 1:
            keyword = line.lexemes[1].text.lower()
        statement = self.at.get(line.number)
        comment = {"comment": self.comments[line.last]} if line.last in self.comments else {}
        if keyword == "end":
            self._end(comment)
        elif keyword in ("else", "branch"):
            self._part(keyword, line, comment)
        elif keyword == "join" and isinstance(statement, Call):
            self._close("branch")
            _, split, _ = self.open.pop()
            split["join"] = self._call(statement, line) | comment
        elif self._is_kept(line) or (isinstance(statement, Call) and statement.pasted):
            self._append({"as_written": [*self.source.lines[line.number - 1 : line.last]]})
        elif statement is not None:
            self._statement(statement, line, comment)

    def _is_kept(self, line: Line) -> bool:
        """Whether a matrix has comments between its rows, or rows below each other in some of its planes only."""
        inner = any(number in self.comments for number in range(line.number, line.last))
        return inner or len({one.raw == "[...]" for one in line.lexemes if one.kind == "matrix"}) > 1

    def _close(self, kind: str) -> None:
        if self.open[-1][0] == kind:
            self.open.pop()

    def _end(self, comment: Object) -> None:
        self._close("choice")
        _, found, _ = self.open.pop()
        found.update({f"end_{name}": text for name, text in comment.items()})

    def _part(self, keyword: str, line: Line, comment: Object) -> None:
        """Another branch, or another part of an `if`."""
        self._close("branch" if keyword == "branch" else "choice")
        body: list[Object] = []
        if keyword == "branch":
            found = {"branch": body, **comment}
        else:
            found = self._condition(line) | comment | {"lines": body}
        self._append(found)
        self.open.append(("branch" if keyword == "branch" else "choice", found, body))

    def _condition(self, line: Line) -> Object:
        """What stands behind `if` and `else if`; `else` has nothing."""
        words = [one for one in line.lexemes if one.text.lower() not in ("if", "else") or one is line.lexemes[-1]]
        if len(line.lexemes) == 1:
            return {}
        start, end = words[0].span.column - 1, words[-1].span.column - 1 + words[-1].span.length
        return {"condition": self.source.lines[line.number - 1][start:end]}

    def _statement(self, statement: Statement, line: Line, comment: Object) -> None:
        body: list[Object] = []
        if isinstance(statement, BlockDefinition):
            parameters = [
                {one.name.text: self._value(one.default, line)} if one.default else one.name.text
                for one in statement.parameters
            ]
            found: Object = {"block": statement.name.text} | ({"parameters": parameters} if parameters else {})
            self._append(found := found | comment | {"lines": body})
            self.open.append(("block", found, body))
        elif isinstance(statement, Repeat):
            found = {"repeat": word_json(statement.times)}
            found |= {"variable": statement.variable.text} if statement.variable else {}
            self._append(found := found | comment | {"lines": body})
            self.open.append(("repeat", found, body))
        elif isinstance(statement, Conditional):
            choice = self._condition(line) | comment | {"lines": body}
            choices = [choice]
            self._append(found := {"if": choices})
            self.open += [("if", found, choices), ("choice", choice, body)]
        elif isinstance(statement, Split):
            self._append(found := {"split": body} | comment)
            self.open.append(("split", found, body))
        else:
            self._append(self._plain(statement, line) | comment)

    # ------------------------------------------------------------------ statements on one line
    def _plain(self, statement: Statement, line: Line) -> Object:
        if isinstance(statement, Call):
            return self._call(statement, line)
        if isinstance(statement, Let):
            span = statement.value.span
            text = self.source.lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]
            return {"let": statement.name.text, "value": plain_json(text)}
        if isinstance(statement, Definition):
            return {statement.kind: statement.name.text, "matrix": self._value(statement.value, line)}
        if isinstance(statement, Total):
            return {"total": [answer_json(one) for one in statement.answers]} | _worth(statement.worth)
        if isinstance(statement, Asked):
            return _question(statement)
        assert isinstance(statement, Directive)
        return _directive(statement)

    def _call(self, call: Call, line: Line) -> Object:
        found: Object = {"label": call.label.text} if call.label else {}
        found["call"] = call.word.text
        if call.arguments:
            found["arguments"] = [self._argument(one, line) for one in call.arguments]
        if call.sources:
            found["from"] = call.sources[0].text
        if call.times:
            found["times"] = word_json(call.times)
        if call.answers:
            found["answers"] = [answer_json(one) for one in call.answers]
        return found | _worth(call.worth)

    def _argument(self, argument: Argument, line: Line) -> Any:
        if isinstance(argument, Option):
            return {argument.name.text: self._value(argument.value, line)}
        return self._value(argument, line)

    def _value(self, value: Value, line: Line) -> Any:
        return _literal(value, line) if isinstance(value, MatrixLiteral) else word_json(value)


def _by_line(statements: tuple[Statement, ...]) -> Iterator[tuple[int, Statement]]:
    """Every statement with the line it begins on; a split's join with its own."""
    pile = list(statements)
    while pile:
        statement = pile.pop()
        yield statement.span.line, statement
        pile += inside(statement)
        if isinstance(statement, Split):
            yield statement.join.span.line, statement.join


def _question(statement: Asked) -> Object:
    found = {"question": word_json(statement.number)}
    found |= {"text": statement.question} if statement.question else {}
    found |= {"label": statement.label.text, "answer": answer_json(statement.answer)}
    return found | _worth(statement.worth)


def _directive(statement: Directive) -> Object:
    keyword = statement.word.text.lower()
    words = [one for one in statement.arguments if isinstance(one, Token)]
    if keyword in ("title", "homework"):
        return {keyword: words[0].text}
    found = [word_json(one) for one in words]
    return {keyword: found if keyword in ("output", "student") else found[0]}


def word_json(word: Token) -> Any:
    """A word as JSON: a number where JSON writes it alike; one that is quoted keeps its quotes unless it has spaces."""
    if not word.quoted:
        return plain_json(word.text)
    return word.text if " " in word.text and word.text.strip()[:1] not in "\"'“”„" else quoted(word.text)


def plain_json(text: str) -> int | float | str:
    """A bare text."""
    if _DECIMAL.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) and repr(float(text)) == text else text


def answer_json(answer: Answer) -> Object:
    """What is asked and what is claimed; an open question has no value."""
    found: Object = {"asked": answer.asked}
    if isinstance(answer.given, Matrix):
        found["value"] = _matrix_json(answer.given)
    elif isinstance(answer.given, tuple):
        found["value"] = [*answer.given]
    elif answer.given is not None:
        text = claim_text(answer).removeprefix("~")
        found["value"] = plain_json(text.removesuffix(f" {answer.scope}") if answer.scope else text)
    flags = {"approximate": answer.approximate, "scope": answer.scope}
    return found | {name: value for name, value in flags.items() if value}


def _matrix_json(matrix: Matrix) -> list[list[list[Any]]]:
    """Planes of rows of exact numbers, whole or texts such as "1/9"."""
    return [
        [
            ["?" if (p, r, c) in matrix.blank else plain_json(exact(value)) for c, value in enumerate(row)]
            for r, row in enumerate(plane)
        ]
        for p, plane in enumerate(matrix.planes)
    ]


def _worth(worth: tuple[Fraction, ...]) -> Object:
    return {"worth": [plain_json(exact(points)) for points in worth]} if worth else {}


def _literal(value: MatrixLiteral, line: Line) -> Object:
    """The matrix without its scale, which stands beside it, and whether its rows stand below each other."""
    start = next(index for index, lexeme in enumerate(line.lexemes) if lexeme.span.column == value.span.column)
    scale = ""
    while line.lexemes[start].kind != "matrix":
        scale += line.lexemes[start].text.removesuffix("*")
        start += 1
    planes: list[Lexeme] = []
    while start < len(line.lexemes) and line.lexemes[start].kind == "matrix":
        planes.append(line.lexemes[start])
        start += 1
    matrix = matrix_of([one.bracket for one in planes if one.bracket])
    found: Object = {"scale": plain_json(scale)} if scale else {}
    below = {"rows_below": True} if any(one.raw == "[...]" for one in planes) else {}
    return found | {"planes": _matrix_json(matrix)} | below
