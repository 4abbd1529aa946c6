"""The threads of a pool keep off the caller's core, wherever that is."""

from __future__ import annotations

import os
import sys

import pytest

from cnncalc.kernels.engine import affinity
from cnncalc.kernels.engine.affinity import CoreAffinity

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads are sent to cores on Linux alone")


class System:
    """Cores 3, 5 and 7 may be used; where threads are sent is written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.callers_core = 5
        self.sent: dict[int, set[int]] = {}
        monkeypatch.setattr(os, "sched_getaffinity", lambda identity: {3, 5, 7}, raising=False)
        monkeypatch.setattr(os, "sched_setaffinity", self.sent.__setitem__, raising=False)
        monkeypatch.setattr(affinity, "_asks", lambda: lambda: self.callers_core)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    return System(monkeypatch)


def pool(*identities: int) -> CoreAffinity:
    found = CoreAffinity(1 + len(identities))
    found.identities[1:] = identities
    return found


def test_each_thread_is_sent_to_a_core_of_its_own_where_the_caller_is_not(system: System) -> None:
    threads = pool(101, 102)
    threads.pin()
    assert system.sent == {101: {3}, 102: {7}}
    system.callers_core = 3
    threads.pin()
    assert system.sent == {101: {5}, 102: {7}}


def test_threads_are_left_in_peace_while_the_caller_stays(system: System) -> None:
    threads = pool(101, 102)
    threads.pin()
    system.sent.clear()
    threads.pin()
    assert system.sent == {}


@pytest.mark.parametrize("identities", [(101,), (101, 102, 103)])
def test_with_more_or_fewer_cores_than_threads_the_system_decides(system: System, identities: tuple[int, ...]) -> None:
    pool(*identities).pin()
    assert system.sent == {}


def test_nobody_is_sent_before_all_threads_are_there(system: System) -> None:
    threads = pool(101, 0)
    threads.pin()
    assert system.sent == {}
    threads.identities[2] = 102
    threads.pin()
    assert system.sent == {101: {3}, 102: {7}}


def test_where_the_system_does_not_tell_nothing_happens(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affinity, "_asks", lambda: None)
    pool(101, 102).pin()
    assert system.sent == {}
