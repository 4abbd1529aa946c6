"""`cnncalc lsp`: the language server, over standard input and output.

What is answered is found in the other modules; here requests of the protocol reach them.  Every request waits a moment
for the newest text to be analysed and then answers from what is known.  An error of our own is logged and answered as
an error; the server goes on.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from cnncalc import __version__
from cnncalc.editor import protocol_words
from cnncalc.editor.hints import hints
from cnncalc.editor.open_texts import OpenText, OpenTexts
from cnncalc.editor.problems import problems
from cnncalc.editor.settings import EditorSettings, editor_settings

LONGEST_WAIT = 2.0
"""Seconds that a request waits for an analysis; then it is answered from what was known before."""

log = logging.getLogger(__name__)


class NetServer(LanguageServer):
    """The server with the texts that are open."""

    def __init__(self) -> None:
        super().__init__("cnncalc", __version__)
        self.texts = OpenTexts(self.show)
        self.chosen = EditorSettings()
        self.was_shut_down = False

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Logs an error where no request waits for an answer; nobody who types is interrupted by a window."""
        log.error("%s: %s", source.__name__, error)

    def show(self, uri: str, text: OpenText) -> None:
        """Sends what is underlined."""
        assert text.state is not None
        found = problems(text.state, self.chosen.answers)
        said = protocol_words.protocol_diagnostics(found, uri, with_related=self._shows_related)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, said, text.state_version))

    @property
    def _shows_related(self) -> bool:
        about = self.client_capabilities.text_document
        return bool(about and about.publish_diagnostics and about.publish_diagnostics.related_information)

    async def settled(self, uri: str) -> OpenText | None:
        """An open text with what is known about it; None where it is none of ours."""
        text = await self.texts.settled(uri, LONGEST_WAIT)
        return text if text is not None and text.state is not None else None


def served() -> bool:
    """Serves until the editor ends; whether it said goodbye."""
    gc.freeze()
    server = made_server()
    output = sys.stdout.buffer
    with contextlib.redirect_stdout(sys.stderr):  # what is printed by mistake is no message
        server.start_io(sys.stdin.buffer, output)
    server.texts.ended()
    return server.was_shut_down


def made_server() -> NetServer:
    """A server that answers everything that there is."""
    server = NetServer()
    _add_texts(server)
    _add_life(server)
    _add_views(server)
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
        server.chosen = editor_settings(params.settings)
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
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        for uri, text in server.texts.texts.items():
            if uri != params.text_document.uri and "include" in text.text:
                server.texts.again(uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.texts.closed(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _add_views(server: NetServer) -> None:
    """What is shown in a text."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def hinted(params: types.InlayHintParams) -> list[types.InlayHint]:
        text = await server.settled(params.text_document.uri)
        if text is None or text.state is None:
            return []
        first, last = params.range.start.line, params.range.end.line
        found = hints(text.state, first, last, server.chosen.hints, marks=server.chosen.answers != "off")
        return protocol_words.protocol_hints(found)
