"""The memory that is left: the machine's, the control group's and the process's, whichever is least."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.runtime import free_memory

GIB = 2**30


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of which only the files in a folder are known."""
    monkeypatch.setattr(free_memory, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(free_memory, "STATM", tmp_path / "statm")
    monkeypatch.setattr(free_memory, "GROUP_LIMITS", ((tmp_path / "max", tmp_path / "current"),))
    (tmp_path / "meminfo").write_text(f"MemTotal: 99 kB\nMemFree: 1 kB\nMemAvailable: {8 * GIB // 1024} kB\n")
    return tmp_path


def test_the_machine_says_what_is_available(machine: Path) -> None:
    assert free_memory.available_bytes() == 8 * GIB


def test_a_container_may_leave_less_than_the_machine(machine: Path) -> None:
    (machine / "max").write_text(f"{3 * GIB}\n")
    (machine / "current").write_text(f"{GIB}\n")
    assert free_memory.available_bytes() == 2 * GIB


def test_a_container_without_a_limit_leaves_what_the_machine_has(machine: Path) -> None:
    (machine / "max").write_text("max\n")
    (machine / "current").write_text("17\n")
    assert free_memory.available_bytes() == 8 * GIB


def test_a_limit_on_the_process_counts_too(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine / "statm").write_text("1000 1 1 1 1 1 1\n")
    resource = pytest.importorskip("resource", reason="this system limits no process so")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (GIB, GIB))
    assert free_memory.available_bytes() == GIB - 1000 * resource.getpagesize()


def test_a_machine_without_these_files_counts_its_pages(machine: Path) -> None:
    (machine / "meminfo").unlink()
    assert (free_memory.available_bytes() or 0) > GIB // 4


def test_where_nothing_is_known_nothing_is_refused(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_memory, "available_bytes", lambda: None)
    free_memory.refuse_too_much(10**18, "this run")


def test_a_refusal_says_how_much_is_missing(machine: Path) -> None:
    free_memory.refuse_too_much(8 * GIB, "this run")
    with pytest.raises(InputError, match=r"this run needs 9\.0 GB, and this machine has 8\.6 GB left"):
        free_memory.refuse_too_much(9 * 10**9, "this run")
