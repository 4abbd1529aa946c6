"""The texts that are open in an editor, each with what was last found in it.

A text is analysed in a thread, one after the other, so that questions are answered meanwhile.  While somebody types,
only the newest text is analysed: what is outdated before it begins is left out, and what is outdated when it ends is
kept, but not shown.  An error of our own leaves a text with what was known before.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cnncalc.diagnostics import Source
from cnncalc.editor.edited_text import Change, changed, plain_lines
from cnncalc.editor.state import State, reads_as_net, state_of

LANGUAGE = "cnncalc"
"""The name under which editors know our language."""

LONGEST_PAUSE = 0.3
"""Seconds without typing that the next analysis waits for when somebody types faster than texts are analysed."""

COLLECTED_AFTER = 100
"""Analyses after which garbage is collected, which the process does not do by itself."""

log = logging.getLogger(__name__)


@dataclass
class OpenText:
    """One text; `is_model` says whether it is one of ours, which it stays once it was."""

    name: str
    text: str
    version: int
    is_model: bool
    state: State | None = None
    state_version: int = -1
    took: float = 0.0
    """Seconds that the last analysis took."""
    work: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def includes_others(self) -> bool:
        """Whether it may have lines that include other texts."""
        return "include" in self.text.lower() or 'from "' in self.text.lower()

    @property
    def is_current(self) -> bool:
        """Whether what is known is about the text as it is now."""
        return self.state is not None and self.state_version == self.version


class OpenTexts:
    """All open texts by the editor's names for them; `show` is called with a text when something new is known."""

    def __init__(self, show: Callable[[str, OpenText], None]) -> None:
        self.texts: dict[str, OpenText] = {}
        self._show = show
        self._thread = ThreadPoolExecutor(1, "analysis")
        self._analyses = 0

    def opened(self, uri: str, name: str, language: str, text: str, version: int) -> None:
        """Take a text that was opened."""
        plain = plain_lines(text)
        is_model = language == LANGUAGE or reads_as_net(plain)
        self.texts[uri] = OpenText(name, plain, version, is_model)
        self._begin(uri)
        if not os.path.isfile(name):
            self.including(uri)

    def changed(self, uri: str, changes: Iterable[Change], version: int) -> None:
        """Put what was typed into a text."""
        one = self.texts[uri]
        one.text, one.version = changed(one.text, changes), version
        one.is_model = one.is_model or reads_as_net(one.text)
        self._begin(uri)
        self.including(uri)

    def closed(self, uri: str) -> None:
        """Forget a text; others that include it read the file again, which may be another text."""
        one = self.texts.pop(uri, None)
        if one is not None and one.work is not None:
            one.work.cancel()
        self.including(uri)

    def including(self, uri: str) -> None:
        """Analyse the texts once more that may include this one, which has changed."""
        for other, one in self.texts.items():
            if other != uri and one.includes_others:
                one.state_version = -1
                self._begin(other)

    def read_again(self) -> None:
        """Analyse every text once more that may include files, of which one was written."""
        self.including("")

    def _unsaved(self, one: OpenText) -> dict[str, str]:
        """The texts that one may include, as they are in the editor now, by their real paths."""
        if not one.includes_others:
            return {}
        return {os.path.realpath(other.name): other.text for other in self.texts.values() if other is not one}

    async def settled(self, uri: str, seconds: float) -> OpenText | None:
        """A text with what is known about it as it is now, or after so many seconds with what was known before."""
        one = self.texts.get(uri)
        if one is not None and one.work is not None:
            await asyncio.wait([one.work], timeout=seconds)
        return one

    def version(self, uri: str) -> int | None:
        """The newest version of an open text."""
        return self.texts[uri].version if uri in self.texts else None

    def source(self, uri: str) -> Source | None:
        """An open text of ours as it is now, read or not."""
        one = self.texts.get(uri)
        return Source(one.name, one.text) if one is not None and one.is_model else None

    def ended(self) -> None:
        """Begin nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _begin(self, uri: str) -> None:
        one = self.texts[uri]
        if one.is_model and (one.work is None or one.work.done()):
            one.work = asyncio.get_running_loop().create_task(self._keep_up(uri, one))

    async def _keep_up(self, uri: str, one: OpenText) -> None:
        """Analyse the text until what is known is about its newest version, then show it."""
        is_outdated = False
        while not one.is_current:
            if is_outdated:
                await self._pause(one)
            version, source, begun = one.version, Source(one.name, one.text), time.perf_counter()
            try:
                state = await asyncio.get_running_loop().run_in_executor(
                    self._thread, state_of, source, self._unsaved(one)
                )
            except Exception:
                log.exception("version %s of %s could not be analysed", version, uri)
                if one.version == version:
                    return
                continue
            one.state, one.state_version, one.took = state, version, time.perf_counter() - begun
            is_outdated = not one.is_current
        self._show(uri, one)
        self._analyses += 1
        if self._analyses % COLLECTED_AFTER == 0:
            gc.collect()

    @staticmethod
    async def _pause(one: OpenText) -> None:
        """Wait until nothing was typed for as long as an analysis takes."""
        version = -1
        while version != one.version:
            version = one.version
            await asyncio.sleep(min(one.took, LONGEST_PAUSE))
