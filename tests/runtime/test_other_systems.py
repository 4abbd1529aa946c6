"""What Windows and macOS do not have is not asked for there: the systems as Linux can play them."""

from __future__ import annotations

import builtins
import ctypes
import io
import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from cnncalc.cli import streams
from cnncalc.kernels import bandwidth
from cnncalc.kernels.engine import affinity
from cnncalc.runtime import free_memory
from cnncalc.runtime.weight_files import hdf5_reading

POSIX_ALONE = {"resource", "fcntl", "pwd", "grp", "termios"}


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.11 is on Windows."""
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("get_blocking", "set_blocking", "sched_getaffinity", "sched_setaffinity", "sysconf", "geteuid"):
        monkeypatch.delattr(os, name, raising=False)
    real = builtins.__import__

    def without_posix(name: str, *arguments: Any, **named: Any) -> Any:
        if name in POSIX_ALONE:
            raise ModuleNotFoundError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_posix)
    monkeypatch.setattr(free_memory, "MEMINFO", free_memory.Path("there-is-none"))
    monkeypatch.setattr(free_memory, "GROUP_LIMITS", ())


@pytest.mark.usefixtures("windows")
def test_every_command_starts_where_no_stream_can_be_asked_whether_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """`os.get_blocking` came to Windows with Python 3.12: before, each command ended in an AttributeError."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    streams.prepare_streams()
    sys.stdout.write("✓")


@pytest.mark.usefixtures("windows")
def test_no_thread_is_sent_to_a_core() -> None:
    affinity._asks.cache_clear()
    threads = affinity.CoreAffinity(2)
    threads.identities = [0, 17]
    threads.pin()
    bandwidth._stay_apart(0, 2)
    affinity._asks.cache_clear()


@pytest.mark.usefixtures("windows")
def test_reading_hdf5_sets_no_limits_that_the_system_has_not() -> None:
    hdf5_reading._limit(10**6)


@pytest.mark.usefixtures("windows")
def test_windows_says_itself_how_much_memory_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def filled(status: Any) -> int:
        numbers = status._obj
        assert numbers[0] == ctypes.sizeof(numbers) == 64
        numbers[1:8] = [16 << 30, 3 << 30, 20 << 30, 5 << 30, 1 << 47, 1 << 46, 0]
        return 1

    kernel32 = SimpleNamespace(GlobalMemoryStatusEx=filled)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    assert free_memory.available_bytes() == 5 << 30


@pytest.mark.usefixtures("windows")
def test_without_that_nothing_is_refused() -> None:
    assert free_memory.available_bytes() is None
    free_memory.refuse_too_much(10**15, "this run")
