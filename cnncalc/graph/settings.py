"""`--set NAME=VALUE`: the net of a text with another value for one of its constants (`let NAME = VALUE`).

The value is read by the same rules as one in a text; what is wrong with it is said of the option, where it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.faults import OF_VALUES
from cnncalc.spec.cursor import Cursor
from cnncalc.spec.document import Conditional, Document, Let, Split, Statement, Token
from cnncalc.spec.file_lines import let_value
from cnncalc.spec.lexing import lexed
from cnncalc.spec.rewriting import rewritten
from cnncalc.spec.unreadable_line import Unreadable

OPTION = "--set "

_DECIMAL_COMMA = r"-?[0-9]+,[0-9]+"


def with_settings(document: Document, settings: Mapping[str, str]) -> Document:
    """The document with other values in its `let` lines outside of blocks and repeats, where these stood.

    Raises InputError for a name that none of these lines has, and for what is no value.
    """
    lines = tuple(_constants(document.statements))
    lets = dict.fromkeys(line.name.text for line in lines)
    values = {name: _value(name, text, lets, document.source.name) for name, text in settings.items()}
    others = {id(line): _with_value(line, values[line.name.text]) for line in lines if line.name.text in values}
    return document._replace(statements=rewritten(document.statements, lambda line: others.get(id(line), line)))


def _with_value(let: Let, value: Token) -> Let:
    return let._replace(value=value._replace(span=let.value.span))


def _constants(statements: tuple[Statement, ...]) -> Iterator[Let]:
    """All `let` lines outside of blocks and repeats."""
    for statement in statements:
        if isinstance(statement, Let):
            yield statement
        elif isinstance(statement, Conditional):
            for choice in statement.choices:
                yield from _constants(choice.body)
        elif isinstance(statement, Split):
            for branch in statement.branches:
                yield from _constants(branch)


def constants(document: Document) -> Mapping[str, str]:
    """The names of its constants with their values as words."""
    return {line.name.text: line.value.text for line in _constants(document.statements)}


def _value(name: str, text: str, lets: Mapping[str, None], file: str) -> Token:
    if name not in lets:
        known = f"its constants: {', '.join(lets)}" if lets else "give one a name in the text: let classes = 1000"
        diagnostic = Diagnostic(
            "unknown-setting",
            f"{file} has no line `let {name} = ...`",
            Span(1, len(OPTION) + 1, max(1, len(name))),
            help=did_you_mean(name, lets, known),
        )
        raise InputError((diagnostic,), _source(name, text))
    faults: list[Diagnostic] = []
    lines = list(lexed((text,), {}, faults)) if "\n" not in text else []
    try:
        if len(lines) == 1 and not lines[0].broken and "#" not in text:
            return let_value(Cursor(lines[0].lexemes))
    except Unreadable as problem:
        faults.append(problem.diagnostic)
    message = faults[0].message if faults else f"`{text}` is no value" if text.strip() else "a value is expected"
    raise _refused(Diagnostic("wrong-setting", message, help=f"write --set {name}=64"), name, text)


def refuse_settings(
    faults: tuple[Diagnostic, ...],
    settings: Mapping[str, str],
    document: Document,
    faults_with: Callable[[Mapping[str, str]], tuple[Diagnostic, ...]],
) -> None:
    """Raise a fault that only a setting causes, where the value is read, as a fault of the option.

    `faults_with` gives the faults of the net with other settings: one by one they show which of them is to blame.
    """
    lines = document.source.lines
    read = [one for one in faults if one.code in OF_VALUES and one.span and "$" in lines[one.span.line - 1]]
    if not read:
        return
    known = {(one.code, one.span) for one in faults_with({})}
    for fault in read:
        if (fault.code, fault.span) in known:
            continue
        alone = {name: faults_with({name: text}) for name, text in settings.items()}
        guilty = [
            name for name, found in alone.items() if (fault.code, fault.span) in {(f.code, f.span) for f in found}
        ]
        if guilty and fault.span:
            line = lines[fault.span.line - 1].strip()
            note = f"line {fault.span.line} of {document.source.name} reads it: {line[:80]}"
            text = settings[guilty[0]]
            comma = f"write the decimals after a point: --set {guilty[0]}={text.replace(',', '.')}"
            advice = comma if re.fullmatch(_DECIMAL_COMMA, text.strip()) else fault.help
            where = "" if "$" in _written(fault.span, lines) else f" where `{guilty[0]}` is `{text[:40]}`"
            told = fault._replace(message=f"{fault.message}{where}", notes=(*fault.notes, note), trail=(), help=advice)
            raise _refused(told, guilty[0], text)


def _written(span: Span, lines: tuple[str, ...]) -> str:
    return lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]


def _refused(fault: Diagnostic, name: str, text: str) -> InputError:
    start = len(OPTION) + len(name) + 2
    return InputError((fault._replace(span=Span(1, start, max(1, len(text))), label=""),), _source(name, text))


def _source(name: str, text: str) -> Source:
    return Source(COMMAND_LINE, f"{OPTION}{name}={' '.join(text.splitlines())}")
