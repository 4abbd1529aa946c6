"""What every command prints fits the terminal, with a reason for each line that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.cli.command_list import COMMANDS
from tests.width import too_wide

from .conftest import Command

EXAMPLES = Path(__file__).parents[2] / "examples"
HOMEWORK = EXAMPLES / "homework"

LINES = (
    "summary resnet50",
    "summary googlenet --all",
    "summary unet --columns +rf,jump,inputs",
    "summary resnet50 --top 5",
    "summary lenet5 --units --dtype int8",
    "summary two_faults.txt",
    "summary nowhere",
    "summary lenet5 --columns foo",
    "summary lenet5 --inptu 3",
    f"run lenet5 --image {EXAMPLES / 'digits' / '7.png'} --verify",
    "run lenet5 --plan",
    "run lenet5",
    "check wrong_answers.txt --hint 3",
    "check wrong_answers.txt --steps",
    f"grade {HOMEWORK / 'key.txt'} {HOMEWORK / 'submissions'} --summary",
    "models",
    f"weights {Path(cnncalc.__file__).parent / 'zoo' / 'mnist-convnet.safetensors'} --net mnist-convnet",
    "filters",
    "filters laplacian",
    "explain lenet5",
    "explain blocks.txt 16",
    "explain",
    "explain words",
    "convert lenet5 --to pdf",
    "frobnicate",
    "--help",
    *(f"{name} --help" for name in COMMANDS),
)
"""What `quiz` and `init` write are files, and `--format keras` is a print whose width is Keras' own."""


@pytest.mark.parametrize("line", LINES)
def test_no_line_of_a_command_is_too_wide(line: str, command: Command) -> None:
    """A path is whole on a line of its own: behind the arrow of an error, or among words that are wrapped."""
    for width in (40, 60, 80, 120):
        outcome = command(*line.split(), columns=width)
        assert outcome.out or outcome.err
        printed = f"{outcome.out}\n{outcome.err}".split("\n")
        assert too_wide("\n".join(text for text in printed if not text.lstrip().startswith("--> ")), width) == []
