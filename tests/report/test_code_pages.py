"""The page of a code of programs shows a program that earns it, and what is said about that."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics.catalogue_python import ENTRIES
from cnncalc.report.canvas import Canvas
from cnncalc.report.code_pages import code_explained

WITH_OTHER_FILES = {"unread-file"}
"""What a program alone cannot bring about."""


@pytest.mark.parametrize("code", sorted(ENTRIES.keys() - WITH_OTHER_FILES))
def test_a_code_of_programs_is_earned_by_its_example(code: str) -> None:
    page = code_explained(code, Canvas(80))
    assert page is not None
    said = page.partition("It says:")[2]
    assert f"    error[{code}]: " in said
