"""A file whose library is not installed is refused with the line that installs it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cnncalc.diagnostics.extras import EXTRAS, Library, missing_extra


@pytest.mark.parametrize(("library", "extra"), EXTRAS.items())
def test_a_missing_library_is_named_with_the_file_and_the_line_that_installs_it(library: Library, extra: str) -> None:
    assert str(missing_extra("net.bin", library)) == (
        f"error[library-missing]: reading net.bin needs the library {library}, which is not installed\n"
        f" = help: install it: pip install 'cnncalc[{extra}]'"
    )


def test_each_extra_that_is_named_installs_its_library() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = project["optional-dependencies"]
    assert EXTRAS
    for library, extra in EXTRAS.items():
        assert library in [one.partition(">=")[0] for one in offered[extra]]
        assert library in [one.partition(">=")[0] for one in offered["test"]]
