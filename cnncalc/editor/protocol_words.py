"""Our records as the protocol's, and back: the only other room next to `server` that knows its types."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from lsprotocol import types

from cnncalc.editor.edited_text import Change
from cnncalc.editor.hints import Hint
from cnncalc.editor.positions import Position, Range
from cnncalc.editor.problems import Problem, Related

SOURCE = "cnncalc"

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
}


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
