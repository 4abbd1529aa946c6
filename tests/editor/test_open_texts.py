"""Texts that are open: the newest is analysed and shown, what is outdated is not, an error of our own ends nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

import pytest

from cnncalc.diagnostics import Source
from cnncalc.editor import open_texts
from cnncalc.editor.edited_text import Change
from cnncalc.editor.open_texts import OpenText, OpenTexts
from cnncalc.editor.state import State, state_of

NET = "input 8x8x1\nconv 4 3x3\n"


def whole(text: str) -> list[Change]:
    return [Change(text)]


def test_while_somebody_types_only_the_newest_text_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    analysed: list[str] = []
    shown: list[tuple[int, str]] = []

    def slow(source: Source, unsaved: Mapping[str, str] | None = None) -> State:
        analysed.append(source.text)
        time.sleep(0.05)
        return state_of(source, unsaved)

    def show(_uri: str, one: OpenText) -> None:
        assert one.state is not None
        shown.append((one.state_version, one.state.source.text))

    async def typing() -> None:
        texts = OpenTexts(show)
        texts.opened("a", "a.txt", "cnncalc", NET, 1)
        for version in range(2, 30):
            texts.changed("a", whole(f"{NET}conv {version} 1x1\n"), version)
            await asyncio.sleep(0.002)
        one = await texts.settled("a", 10)
        assert one is not None
        assert one.is_current
        texts.ended()

    monkeypatch.setattr(open_texts, "state_of", slow)
    asyncio.run(typing())
    assert shown == [(29, f"{NET}conv 29 1x1\n")]
    assert len(analysed) < 10


def test_an_error_of_our_own_leaves_what_was_known(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(source: Source, unsaved: Mapping[str, str] | None = None) -> State:
        if "boom" in source.text:
            raise RuntimeError("boom")
        return state_of(source, unsaved)

    async def typing() -> None:
        texts = OpenTexts(lambda _uri, _one: None)
        texts.opened("a", "a.txt", "cnncalc", NET, 1)
        await texts.settled("a", 10)
        texts.changed("a", whole(f"{NET}# boom\n"), 2)
        one = await texts.settled("a", 10)
        assert one is not None
        assert one.state is not None
        assert (one.state.source.text, one.is_current) == (NET, False)
        texts.changed("a", whole(f"{NET}relu\n"), 3)
        one = await texts.settled("a", 10)
        assert one is not None
        assert one.is_current
        texts.ended()

    monkeypatch.setattr(open_texts, "state_of", failing)
    with caplog.at_level(logging.ERROR):
        asyncio.run(typing())
    assert "version 2 of a could not be analysed" in caplog.text


def test_a_text_that_becomes_a_net_is_read_from_then_on() -> None:
    async def typing() -> None:
        shown: list[str] = []
        texts = OpenTexts(lambda uri, _one: shown.append(uri))
        texts.opened("a", "a.txt", "plaintext", "hello\n", 1)
        assert await texts.settled("a", 1) is not None
        assert shown == []
        texts.changed("a", whole(NET), 2)
        await texts.settled("a", 10)
        texts.changed("a", whole("conv 4 3x3\n"), 3)
        await texts.settled("a", 10)
        assert shown == ["a", "a"]
        assert await texts.settled("b", 1) is None
        texts.closed("a")
        assert await texts.settled("a", 1) is None
        texts.ended()

    asyncio.run(typing())
