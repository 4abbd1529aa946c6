"""What all tests share: hypothesis without deadlines, since the machine that runs them may be busy with others."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-readme", action="store_true", help="write what README's commands print into README, where it differs"
    )
    parser.addoption(
        "--update-goldens", action="store_true", help="write what the commands print into tests/cli/goldens"
    )
    parser.addoption(
        "--agreement", metavar="FILE", help="write how far we are from PyTorch, Keras and ONNX Runtime (with -n 0)"
    )
