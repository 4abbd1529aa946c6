"""An editor's half of the protocol: starts `python -m cnncalc lsp` and speaks JSON-RPC to it, with bounded patience."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE = 30
"""Seconds after which a missing answer is a failure."""

CAPABILITIES = {
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "rename": {"prepareSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    }
}


class Editor:
    """A process of the server; every message that came is in `heard`."""

    def __init__(self, options: Any = None, capabilities: Any = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnncalc", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.heard: list[dict[str, Any]] = []
        self.waiting: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.errors: list[bytes] = []
        self.threads = [threading.Thread(target=one, daemon=True) for one in (self._read, self._read_errors)]
        for thread in self.threads:
            thread.start()
        self.count = 0
        asked = {
            "processId": None,
            "rootUri": None,
            "capabilities": CAPABILITIES if capabilities is None else capabilities,
        }
        self.abilities = self.ask("initialize", {**asked, "initializationOptions": options})["capabilities"]
        self.tell("initialized", {})
        self.versions: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        pipes = self.process.stdin, self.process.stdout, self.process.stderr
        assert all(pipes)
        pipes[0].close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        for thread in self.threads:
            thread.join(5)
        pipes[1].close()
        pipes[2].close()

    # ------------------------------------------------------------------ messages
    def tell(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a request; an error of the server is a failure here."""
        answer = self.answer_to(method, params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def answer_to(self, method: str, params: Any) -> dict[str, Any]:
        self.count += 1
        number = self.count
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.wait_for(lambda one: one.get("id") == number and "method" not in one)

    def wait_for(self, wanted: Any) -> dict[str, Any]:
        """The next message of that kind; others are kept in `heard`."""
        until = time.monotonic() + PATIENCE
        while True:
            one = self.waiting.get(timeout=max(0.01, until - time.monotonic()))
            assert one is not None, b"".join(self.errors).decode()
            self.heard.append(one)
            if wanted(one):
                return one

    def _send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.waiting.put(json.loads(stream.read(length)))
        self.waiting.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(iter(self.process.stderr.readline, b""))

    # ------------------------------------------------------------------ texts
    def open(self, text: str, uri: str = "file:///nowhere/net.txt", language: str = "cnncalc") -> list[dict[str, Any]]:
        """Opens a text; what is underlined in it."""
        self.versions[uri] = 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return self.underlined(uri)

    def change(self, changes: list[dict[str, Any]], uri: str = "file:///nowhere/net.txt") -> None:
        self.versions[uri] += 1
        about = {"uri": uri, "version": self.versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": about, "contentChanges": changes})

    def write(self, text: str, uri: str = "file:///nowhere/net.txt") -> list[dict[str, Any]]:
        """Puts another text in place of the whole; what is underlined then."""
        self.change([{"text": text}], uri)
        return self.underlined(uri)

    def underlined(self, uri: str = "file:///nowhere/net.txt") -> list[dict[str, Any]]:
        """The diagnostics of the newest version."""
        found = self.wait_for(
            lambda one: (
                one.get("method") == "textDocument/publishDiagnostics"
                and one["params"]["uri"] == uri
                and one["params"].get("version") == self.versions[uri]
            )
        )
        return list(found["params"]["diagnostics"])

    def hints(self, last: int = 10_000, uri: str = "file:///nowhere/net.txt") -> dict[int, str]:
        """What is shown at the end of each line."""
        place = {"start": {"line": 0, "character": 0}, "end": {"line": last, "character": 0}}
        found = self.ask("textDocument/inlayHint", {"textDocument": {"uri": uri}, "range": place})
        return {one["position"]["line"]: one["label"] for one in found}

    def at(self, method: str, line: int, character: int, uri: str = "file:///nowhere/net.txt", **more: Any) -> Any:
        """The answer to a request about a place."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, **more}
        return self.ask(f"textDocument/{method}", place)

    def leave(self) -> int:
        """Says goodbye; the exit status."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(PATIENCE)


def insertion(line: int, character: int, text: str, length: int = 0) -> dict[str, Any]:
    """A change of some letters, as editors send it."""
    end = {"line": line, "character": character + length}
    return {"range": {"start": {"line": line, "character": character}, "end": end}, "text": text}


def uri_of(path: Path) -> str:
    return path.resolve().as_uri()
