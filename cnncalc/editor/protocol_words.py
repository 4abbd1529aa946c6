"""Our records as the protocol's, and back: the only other room next to `server` that knows its types."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from lsprotocol import types

from cnncalc.editor.canonical_text import Edit
from cnncalc.editor.edited_text import Change
from cnncalc.editor.hints import Hint
from cnncalc.editor.hovers import Hover
from cnncalc.editor.operand_help import OperandHelp
from cnncalc.editor.outline_of_text import Fold, Symbol
from cnncalc.editor.positions import Position, Range
from cnncalc.editor.problems import Problem, Related
from cnncalc.editor.proposed_words import Proposed
from cnncalc.editor.quick_fixes import Action

SOURCE = "cnncalc"

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
}

_SYMBOLS = {
    "label": types.SymbolKind.Field,
    "block": types.SymbolKind.Function,
    "parameter": types.SymbolKind.Variable,
    "constant": types.SymbolKind.Constant,
    "counter": types.SymbolKind.Variable,
    "matrix": types.SymbolKind.Array,
}

_COMPLETIONS = {
    "layer": types.CompletionItemKind.Function,
    "block": types.CompletionItemKind.Module,
    "option": types.CompletionItemKind.Property,
    "word": types.CompletionItemKind.EnumMember,
    "label": types.CompletionItemKind.Reference,
    "value": types.CompletionItemKind.Variable,
    "keyword": types.CompletionItemKind.Keyword,
    "file": types.CompletionItemKind.File,
}

SPELLING = "source.cnncalc.canonical"
"""The kind of the action that writes a text in canonical spelling."""


def protocol_position(position: Position) -> types.Position:
    """A position."""
    return types.Position(position.line, position.character)


def protocol_range(place: Range) -> types.Range:
    """A range."""
    return types.Range(protocol_position(place.start), protocol_position(place.end))


def own_position(position: types.Position) -> Position:
    """A position that an editor sends."""
    return Position(position.line, position.character)


def own_range(place: types.Range) -> Range:
    """A range that an editor sends."""
    return Range(own_position(place.start), own_position(place.end))


def own_changes(changes: Iterable[types.TextDocumentContentChangeEvent]) -> list[Change]:
    """What was typed."""
    return [
        Change(one.text, own_range(one.range) if isinstance(one, types.TextDocumentContentChangePartial) else None)
        for one in changes
    ]


def file_uri(name: str, uri: str) -> str:
    """The editor's name of a file; its own text, and what has no file, is `uri`."""
    return Path(os.path.abspath(name)).as_uri() if name and os.path.isfile(name) else uri


def protocol_diagnostics(found: Sequence[Problem], uri: str, *, with_related: bool) -> list[types.Diagnostic]:
    """Problems as an editor underlines them; one that shows no related places gets what they say in the message."""
    return [_diagnostic(one, uri, with_related=with_related) for one in found]


def _diagnostic(one: Problem, uri: str, *, with_related: bool) -> types.Diagnostic:
    more = "" if with_related else "".join(f"\nnote: {note}" for note in _notes(one))
    return types.Diagnostic(
        range=protocol_range(one.range),
        message=one.message + more,
        severity=_SEVERITIES[one.severity],
        code=one.code,
        source=SOURCE,
        related_information=[_related(place, uri) for place in one.related] if with_related and one.related else None,
    )


def _notes(one: Problem) -> tuple[str, ...]:
    return one.diagnostic.notes if one.diagnostic else ()


def _related(place: Related, uri: str) -> types.DiagnosticRelatedInformation:
    location = types.Location(file_uri(place.file, uri), protocol_range(place.range))
    return types.DiagnosticRelatedInformation(location, place.said)


def protocol_hints(found: Iterable[Hint]) -> list[types.InlayHint]:
    """What is shown at the ends of lines."""
    return [types.InlayHint(protocol_position(one.position), one.words, padding_left=True) for one in found]


def markdown(text: str) -> types.MarkupContent:
    """A text of Markdown."""
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def protocol_hover(found: Hover) -> types.Hover:
    """What is shown for a word."""
    return types.Hover(markdown(found.text), protocol_range(found.range))


def protocol_edits(edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Changes of a text."""
    return [types.TextEdit(protocol_range(one.range), one.text) for one in edits]


def protocol_symbol(one: Symbol) -> types.DocumentSymbol:
    """A part of a text with the parts in it."""
    return types.DocumentSymbol(
        one.name,
        _SYMBOLS[one.kind],
        protocol_range(one.range),
        protocol_range(one.place),
        one.detail,
        children=[protocol_symbol(inner) for inner in one.inner],
    )


def protocol_folds(found: Iterable[Fold]) -> list[types.FoldingRange]:
    """Lines that can be hidden."""
    kinds = {"comment": types.FoldingRangeKind.Comment, "region": types.FoldingRangeKind.Region}
    return [types.FoldingRange(one.first, one.last, kind=kinds[one.kind]) for one in found]


def protocol_proposals(found: Iterable[Proposed], begun: Range, *, snippets: bool) -> list[types.CompletionItem]:
    """Words that may come next, in place of what is written of them."""
    items = []
    for number, one in enumerate(found):
        as_snippet = bool(snippets and one.snippet and one.snippet != one.word)
        items.append(
            types.CompletionItem(
                one.word,
                kind=_COMPLETIONS[one.kind],
                detail=one.detail or None,
                documentation=markdown(one.more) if one.more else None,
                sort_text=f"{number:04}",
                insert_text_format=types.InsertTextFormat.Snippet if as_snippet else types.InsertTextFormat.PlainText,
                text_edit=types.TextEdit(protocol_range(begun), one.snippet if as_snippet else one.word),
            )
        )
    return items


def protocol_action(one: Action, uri: str, said: Iterable[types.Diagnostic]) -> types.CodeAction:
    """Something that can be done, with the problem that it ends."""
    solved = [problem for problem in said if one.solves is not None and _is_about(problem, one.solves)]
    return types.CodeAction(
        one.title,
        types.CodeActionKind.QuickFix
        if one.solves
        else SPELLING
        if one.whole_text
        else types.CodeActionKind.RefactorRewrite,
        diagnostics=solved or None,
        is_preferred=True if one.is_only_way else None,
        edit=types.WorkspaceEdit({uri: protocol_edits(one.edits)}),
    )


def is_wanted(kind: types.CodeActionKind | str | None, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether an editor that asks for some kinds alone means this one: `source` means `source.cnncalc` too.

    >>> is_wanted(types.CodeActionKind.QuickFix, ["quickfix"]), is_wanted("source.cnncalc", ["source", "refactor"])
    (True, True)
    >>> is_wanted("source.cnncalc", ["sourc"])
    False
    """
    wanted = [_written(one) for one in only or ()]
    return not wanted or any(not one or f"{_written(kind)}.".startswith(f"{one}.") for one in wanted)


def _written(kind: types.CodeActionKind | str | None) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind or ""


def _is_about(said: types.Diagnostic, problem: Problem) -> bool:
    return said.code == problem.code and own_range(said.range) == problem.range


def protocol_signature(found: OperandHelp) -> types.SignatureHelp:
    """The operands of a line, one of them marked."""
    operands = [types.ParameterInformation(name) for name in found.operands]
    one = types.SignatureInformation(found.usage, found.about or None, operands, found.active)
    return types.SignatureHelp([one], 0, found.active)
