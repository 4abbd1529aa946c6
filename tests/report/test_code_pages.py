"""The page of a code of programs shows a program that earns it, and what is said about that."""

from __future__ import annotations

import pytest

from cnncalc import net_files
from cnncalc.diagnostics import InputError, Source
from cnncalc.diagnostics.catalogue_python import ENTRIES
from cnncalc.report.canvas import Canvas
from cnncalc.report.code_pages import code_explained

WITH_OTHER_FILES = {"unread-file"}
"""What a program alone cannot bring about."""

OTHER_KINDS = {"keras-config": "net.json", "strides-not-shown": "print.txt"}
"""Codes whose example is no program, and the name of a file that holds such a text."""


def codes(example: str, name: str) -> set[str]:
    """The codes of all faults and warnings of a text."""
    try:
        graph, faults = net_files.read(Source(name, example))
    except InputError as error:
        return {one.code for one in error.diagnostics}
    return {one.code for one in (*faults, *graph.warnings)}


@pytest.mark.parametrize("code", sorted(ENTRIES.keys() - WITH_OTHER_FILES))
def test_a_code_of_programs_is_earned_by_its_example(code: str) -> None:
    page = code_explained(code, Canvas(80))
    assert page is not None
    said = page.partition("It says:")[2]
    found = codes(ENTRIES[code].example, OTHER_KINDS.get(code, "net.py"))
    assert f"    error[{code}]: " in said or code in found, found
