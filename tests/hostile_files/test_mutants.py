"""No file, however damaged, gets more than one of our own errors: no fault of ours, no warning, no wait, no flood.

`pytest -n 0 -s tests/hostile_files --mutants 50000` draws so many files of each kind (`--mutants 500@7000`: from
number 7000 on; add `-k png` for one kind).  Programs are our own texts; with `--programs FOLDER` those of a folder.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from . import program_mutants
from .campaign import KINDS, Tally, run

IN_CI = 60
"""Mutants of each kind."""

A_REPORT = 1000
MOST_FAILURES = 40


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_refused_in_our_words_or_read_rightly(kind: str, tmp_path: Path) -> None:
    tally = run(kind, 0, IN_CI, tmp_path)
    assert tally.mutants == IN_CI
    assert not tally.failures, str(tally)


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_damaged_files_as_are_asked_for(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    first, count = request.config.getoption("--mutants")
    if not count:
        pytest.skip("--mutants N draws N damaged files of each kind")
    if given := request.config.getoption("--programs"):
        program_mutants.folder.append(Path(given))
    tally, start = Tally(kind), perf_counter()
    for begin in range(first, first + count, A_REPORT):
        run(kind, begin, min(A_REPORT, first + count - begin), tmp_path, tally)
        if len(tally.failures) > MOST_FAILURES:
            break
    print(f"\n{tally}, {perf_counter() - start:.0f} s", flush=True)
    assert not tally.failures, tally.failures
