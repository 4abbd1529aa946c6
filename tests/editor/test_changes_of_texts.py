"""Changes that the server offers are those of the text as it is now, and end what they are offered for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from cnncalc.diagnostics import Source
from cnncalc.editor import open_texts, server
from cnncalc.editor.edited_text import Change
from cnncalc.editor.positions import whole_of
from cnncalc.editor.problems import problems
from cnncalc.editor.quick_fixes import quick_fixes
from cnncalc.editor.state import State, state_of

OLD = "input 8x8x1\nfirst: conv  4 3x3\nconv 4 1x1 from first\n"
NEW = f"# new\n{OLD}"
URI = "file:///nowhere/net.txt"


def test_nothing_is_changed_by_what_was_known_of_an_older_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(source: Source, unsaved: Mapping[str, str] | None = None) -> State:
        time.sleep(0.3 if "new" in source.text else 0)
        return state_of(source, unsaved)

    async def typing() -> None:
        one = server.made_server()
        ask = one.protocol.fm.features
        document, start = types.TextDocumentIdentifier(URI), types.Position(1, 0)
        place, context = types.Range(start, types.Position(3, 0)), types.CodeActionContext([])
        requests: list[tuple[str, Any]] = [
            (types.TEXT_DOCUMENT_RENAME, types.RenameParams(document, start, "other")),
            (types.TEXT_DOCUMENT_PREPARE_RENAME, types.PrepareRenameParams(document, start)),
            (types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionParams(document, place, context)),
        ]
        one.texts.opened(URI, "net.txt", "cnncalc", OLD, 1)
        await one.texts.settled(URI, 10)
        assert all([await ask[name](params) for name, params in requests])
        one.texts.changed(URI, [Change(NEW)], 2)
        for name, params in requests:
            with pytest.raises(JsonRpcException) as refused:
                await ask[name](params)
            assert refused.value.code == -32801
        formatting = types.DocumentFormattingParams(document, types.FormattingOptions(2, insert_spaces=True))
        (edit,) = await ask[types.TEXT_DOCUMENT_FORMATTING](formatting)
        assert (edit.range.start.line, edit.new_text) == (2, "first: conv 4 3x3")
        await one.texts.settled(URI, 10)
        assert await ask[types.TEXT_DOCUMENT_RENAME](types.RenameParams(document, types.Position(2, 0), "other"))
        one.texts.ended()

    monkeypatch.setattr(open_texts, "state_of", slow)
    monkeypatch.setattr(server, "LONGEST_WAIT", 0.01)
    monkeypatch.setattr(server.NetServer, "show", lambda *_: None)
    asyncio.run(typing())


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("input 8x8x1\na: conv 4 3x3\noutput a = b\n", []),
        ("input 8x8x1\nrepeat 2 as i\nconv 4 1x1\nend\n", []),
        ("input 8x8x1\nconv 4 3x3 maxpool 2\n", [("Write `maxpool` on a line of its own", False)]),
        ("input 8x8x1\nconvv 4 3x3\n", [("Write `conv`", True)]),
    ],
)
def test_what_is_put_on_a_line_of_its_own_can_begin_one(text: str, offered: list[tuple[str, bool]]) -> None:
    found = state_of(Source("net.txt", text))
    assert problems(found)
    fixes = quick_fixes(found, problems(found), whole_of(found.lines))
    assert [(one.title, one.is_only_way) for one in fixes] == offered
