"""Names of classes in a file are read as what Ultralytics writes, and anything else is no list of names."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from cnncalc.dialects.onnx.named_classes import LONGEST, named_classes
from tests.time_limits import allowed


def names(text: str, key: str = "names") -> tuple[str, ...]:
    return named_classes([SimpleNamespace(key="task", value="detect"), SimpleNamespace(key=key, value=text)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{0: 'person', 1: 'bicycle'}", ("person", "bicycle")),
        ("{1: 'bicycle', 0: 'person'}", ("person", "bicycle")),
        ('{0: "driver\'s seat"}', ("driver's seat",)),
        ("{0: 'person', 2: 'car'}", ()),
        ("{1: 'person'}", ()),
        ("['person', 'bicycle']", ()),
        ("__import__('os').system('true')", ()),
        ("", ()),
    ],
)
def test_names_are_those_of_all_numbers_from_0_on(text: str, wanted: tuple[str, ...]) -> None:
    assert names(text) == wanted


def test_other_entries_are_no_names() -> None:
    assert names("{0: 'person'}", key="classes") == ()


@pytest.mark.parametrize("text", ["{" * LONGEST, "'" * LONGEST, "0: " + " " * (LONGEST - 3), "1" * 10**7])
def test_a_long_text_is_soon_done_with(text: str) -> None:
    start = time.perf_counter()
    assert names(text) == ()
    assert time.perf_counter() - start < allowed(2)
