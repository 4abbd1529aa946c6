"""`cnncalc lsp`: the language server, over standard input and output.

What is answered is found in the other modules; here requests of the protocol reach them.  Every request waits a moment
for the newest text to be analysed and then answers from what is known.  An error of our own is logged and answered as
an error; the server goes on.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Generator
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from cnncalc import __version__
from cnncalc.editor import protocol_words
from cnncalc.editor.canonical_text import Edit, canonical_edits
from cnncalc.editor.hints import hints
from cnncalc.editor.hovers import hover_at
from cnncalc.editor.included_names import included_file
from cnncalc.editor.named_places import Named, name_at
from cnncalc.editor.open_texts import OpenText, OpenTexts
from cnncalc.editor.operand_help import operand_help
from cnncalc.editor.outline_of_text import folds, symbols
from cnncalc.editor.positions import Position, Range, column_at, line_of, range_of, units
from cnncalc.editor.problems import problems
from cnncalc.editor.proposed_words import proposed_words
from cnncalc.editor.quick_fixes import quick_fixes, spellings
from cnncalc.editor.renaming import renamed
from cnncalc.editor.settings import EditorSettings, editor_settings
from cnncalc.editor.state import State
from cnncalc.editor.typed_line import typed_line

LONGEST_WAIT = 2.0
"""Seconds that a request waits for an analysis; then it is answered from what was known before."""

REQUEST_FAILED, UNKNOWN_METHOD, CONTENT_MODIFIED = -32803, -32601, -32801
"""Codes of the protocol: a request that is refused, one that is not known, one about a text that is another by now."""

log = logging.getLogger(__name__)


class _InUtf16(LanguageServerProtocol):
    """Agrees to the columns that `positions` counts, whatever else an editor would like; every one must know them."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))


class NetServer(LanguageServer):
    """The server with the texts that are open."""

    def __init__(self) -> None:
        super().__init__("cnncalc", __version__, protocol_cls=_InUtf16)
        self.texts = OpenTexts(self.show)
        self.chosen = EditorSettings()
        self.was_shut_down = False

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Logs an error of our own; nobody who types is interrupted by a window, and a refusal is an answer."""
        if getattr(error, "code", None) not in (REQUEST_FAILED, UNKNOWN_METHOD, CONTENT_MODIFIED):
            log.error("%s: %s %s", source.__name__, error, getattr(error, "data", None) or "")

    def show(self, uri: str, text: OpenText) -> None:
        """Sends what is underlined."""
        assert text.state is not None
        found = problems(text.state, self.chosen.answers)
        said = protocol_words.protocol_diagnostics(found, uri, with_related=self._shows_related)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, said, text.state_version))
        about = self.client_capabilities.workspace
        if text.took > LONGEST_WAIT and about and about.inlay_hint and about.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)  # hints were asked for before they were known

    @property
    def _shows_related(self) -> bool:
        about = self.client_capabilities.text_document
        return bool(about and about.publish_diagnostics and about.publish_diagnostics.related_information)

    @property
    def shows_snippets(self) -> bool:
        """Whether the editor fills in the places of a snippet."""
        about = self.client_capabilities.text_document
        item = about.completion.completion_item if about and about.completion else None
        return bool(item and item.snippet_support)

    def before(self, uri: str, position: types.Position) -> str:
        """The line up to a position, as it is now."""
        own, source = protocol_words.own_position(position), self.texts.source(uri)
        lines = source.lines if source is not None else ()
        return line_of(lines, own.line)[: column_at(lines, own) - 1]

    async def settled(self, uri: str) -> State | None:
        """What is known about an open text; None where it is none of ours."""
        text = await self.texts.settled(uri, LONGEST_WAIT)
        return None if text is None else text.state

    async def current(self, uri: str) -> State | None:
        """What is known about a text as it is now, for changes of it: those of an older one would spoil it."""
        before = self.texts.version(uri)
        text = await self.texts.settled(uri, LONGEST_WAIT)
        if text is not None and text.is_model and not (text.is_current and text.version == before):
            raise JsonRpcException("the text has changed and is still being read", CONTENT_MODIFIED)
        return None if text is None else text.state

    async def named(self, uri: str, position: types.Position) -> tuple[State, Named, Range] | None:
        """The name at a position of an open text, and where it is written there."""
        state = await self.settled(uri)
        if state is None:
            return None
        own = protocol_words.own_position(position)
        found = name_at(state.named, own.line + 1, column_at(state.lines, own))
        return None if found is None else (state, found[0], range_of(state.lines, found[1]))


def served() -> bool:
    """Serves until the editor ends; whether it said goodbye."""
    gc.freeze()
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # an error of ours is logged once, by us
    server = made_server()
    output = sys.stdout.buffer
    # What is printed by mistake is no message; a pipe that is closed or gone ends the session.
    with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(OSError):
        server.start_io(sys.stdin.buffer, output)
    server.texts.ended()
    if not output.closed:
        try:
            output.flush()
        except OSError:  # what was not sent is not tried once more when the process ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    return server.was_shut_down


def made_server() -> NetServer:
    """A server that answers everything that there is."""
    server = NetServer()
    _add_texts(server)
    _add_life(server)
    _add_views(server)
    _add_questions(server)
    _add_names(server)
    _add_renaming(server)
    _add_writing(server)
    return server


def _add_life(server: NetServer) -> None:
    """The beginning and the end, and settings between."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.chosen = editor_settings(params.initialization_options)

    @server.feature(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.was_shut_down = True

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configured(params: types.DidChangeConfigurationParams) -> None:
        server.chosen = editor_settings(params.settings, server.chosen)
        for uri, text in server.texts.texts.items():
            if text.state is not None:
                server.show(uri, text)


def _add_texts(server: NetServer) -> None:
    """Texts that are opened, typed in, saved and closed."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        name = to_fs_path(one.uri) or one.uri
        server.texts.opened(one.uri, name, one.language_id, one.text, one.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        one = params.text_document
        server.texts.changed(one.uri, protocol_words.own_changes(params.content_changes), one.version)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(_params: types.DidSaveTextDocumentParams) -> None:
        server.texts.read_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def written(_params: types.DidChangeWatchedFilesParams) -> None:
        server.texts.read_again()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.texts.closed(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _add_views(server: NetServer) -> None:
    """What is shown in a text."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def hinted(params: types.InlayHintParams) -> list[types.InlayHint]:
        state = await server.settled(params.text_document.uri)
        if state is None:
            return []
        first, last = params.range.start.line, params.range.end.line
        return protocol_words.protocol_hints(hints(state, first, last, *server.chosen))

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def listed(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        state = await server.settled(params.text_document.uri)
        return [protocol_words.protocol_symbol(one) for one in symbols(state)] if state else []

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folded(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        state = await server.settled(params.text_document.uri)
        return protocol_words.protocol_folds(folds(state.lines)) if state else []


def _add_questions(server: NetServer) -> None:
    """What is asked about a place."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        state = await server.settled(params.text_document.uri)
        if state is None:
            return None
        found = hover_at(state, protocol_words.own_position(params.position), server.chosen.answers)
        return None if found is None else protocol_words.protocol_hover(found)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["$", "=", " "]))
    async def completed(params: types.CompletionParams) -> list[types.CompletionItem]:
        state = await server.settled(params.text_document.uri)
        if state is None:
            return []
        before = server.before(params.text_document.uri, params.position)
        at = protocol_words.own_position(params.position)
        begun = typed_line(before).begun
        begun = begun[begun.rindex("$") :] if "$" in begun else begun
        place = Range(Position(at.line, at.character - units(begun)), at)
        found = proposed_words(state, at.line + 1, before)
        return protocol_words.protocol_proposals(found, place, snippets=server.shows_snippets)

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions([" "]))
    async def operands(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        state = await server.settled(params.text_document.uri)
        before = server.before(params.text_document.uri, params.position)
        found = None if state is None else operand_help(state, before)
        return None if found is None else protocol_words.protocol_signature(found)


def _add_names(server: NetServer) -> None:
    """Where a name is given and used."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: types.DefinitionParams) -> types.Location | None:
        uri = params.text_document.uri
        found = await server.named(uri, params.position)
        if found is not None:
            return types.Location(uri, protocol_words.protocol_range(range_of(found[0].lines, found[1].span)))
        state = await server.settled(uri)
        own = protocol_words.own_position(params.position)
        path = state and included_file(state, own.line + 1, column_at(state.lines, own))
        start = Position(0, 0)
        return (
            types.Location(protocol_words.file_uri(path, uri), protocol_words.protocol_range(Range(start, start)))
            if path
            else None
        )

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def used(params: types.ReferenceParams) -> list[types.Location]:
        found = await server.named(params.text_document.uri, params.position)
        spans = () if found is None else found[1].spans if params.context.include_declaration else found[1].uses
        uri = params.text_document.uri
        lines = () if found is None else found[0].lines
        return [types.Location(uri, protocol_words.protocol_range(range_of(lines, span))) for span in spans]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlighted(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        found = await server.named(params.text_document.uri, params.position)
        if found is None:
            return []
        kinds = types.DocumentHighlightKind
        return [
            types.DocumentHighlight(
                protocol_words.protocol_range(range_of(found[0].lines, span)),
                kinds.Write if span == found[1].span else kinds.Read,
            )
            for span in found[1].spans
        ]


def _add_renaming(server: NetServer) -> None:
    """Another name in all its places."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepared(params: types.PrepareRenameParams) -> types.Range | None:
        await server.current(params.text_document.uri)
        found = await server.named(params.text_document.uri, params.position)
        return None if found is None else protocol_words.protocol_range(found[2])

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        state = await server.current(params.text_document.uri)
        if state is None:
            return None
        own = protocol_words.own_position(params.position)
        found = renamed(state, own.line + 1, column_at(state.lines, own), params.new_name.removeprefix("$"))
        if found.refused:
            raise JsonRpcException(found.refused, REQUEST_FAILED)
        edits = (Edit(range_of(state.lines, span), params.new_name.removeprefix("$")) for span in found.spans)
        return types.WorkspaceEdit({params.text_document.uri: protocol_words.protocol_edits(edits)})


def _add_writing(server: NetServer) -> None:
    """Changes that are offered."""

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    async def formatted(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        source = server.texts.source(params.text_document.uri)
        return protocol_words.protocol_edits(canonical_edits(source)) if source else None

    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, protocol_words.SPELLING]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))
    async def offered(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        state = await server.current(uri)
        if state is None:
            return []
        place = protocol_words.own_range(params.range)
        found = (*quick_fixes(state, problems(state, server.chosen.answers), place), *spellings(state, place))
        actions = (protocol_words.protocol_action(one, uri, params.context.diagnostics) for one in found)
        return [one for one in actions if protocol_words.is_wanted(one.kind, params.context.only)]
