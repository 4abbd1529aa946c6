"""Runs the command line in this process and keeps what it printed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cnncalc.cli import main

NETS = Path(__file__).parent / "nets"


class Outcome(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture(name="command")
def _command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`command("summary", "lenet5", columns=80, stdin=b"...")`; runs beside `nets/`."""
    monkeypatch.chdir(NETS)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("CNNCALC_TRACEBACK", raising=False)

    def run(*arguments: str, columns: int | None = None, stdin: bytes = b"") -> Outcome:
        monkeypatch.delenv("COLUMNS", raising=False)
        if columns is not None:
            monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        status = main(arguments)
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return run
