"""What all tests share: hypothesis without deadlines, since the machine that runs them may be busy with others.

pytest-xdist sets COLUMNS for its workers; it is taken away, so that output has no width unless a test gives one.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

os.environ.pop("COLUMNS", None)

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
    parser.addoption(
        "--random-nets",
        metavar="N[@FIRST]",
        type=counted_from,
        default=(0, 0),
        help="draw so many nets, from number FIRST on, and run each in every way (with -n 0)",
    )
    parser.addoption(
        "--mutants",
        metavar="N[@FIRST]",
        type=counted_from,
        default=(0, 0),
        help="damage so many files of each kind, from number FIRST on, and read them (with -n 0)",
    )
    parser.addoption("--programs", metavar="FOLDER", help="the programs to damage, instead of our own (with --mutants)")


def counted_from(text: str) -> tuple[int, int]:
    """(first number, count) of `200` or `200@1000`."""
    count, _, first = text.partition("@")
    return int(first or 0), int(count)
