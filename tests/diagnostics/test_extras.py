"""A file whose library is not installed is refused with the line that installs it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import pytest

from cnncalc.diagnostics.extras import EXTRAS, missing_extra


@pytest.mark.parametrize(("library", "extra"), [("h5py", "keras"), ("onnx", "onnx")])
def test_a_missing_library_is_named_with_the_file_and_the_line_that_installs_it(
    library: Literal["h5py", "onnx"], extra: str
) -> None:
    assert str(missing_extra("net.bin", library)) == (
        f"error[library-missing]: reading net.bin needs the library {library}, which is not installed\n"
        f" = help: install it: pip install 'cnncalc[{extra}]'"
    )


def test_each_extra_that_is_named_installs_its_library() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = project["optional-dependencies"]
    assert EXTRAS
    assert {library: offered[extra][0].partition(">=")[0] for library, extra in EXTRAS.items()} == {
        "h5py": "h5py",
        "onnx": "onnx",
    }
