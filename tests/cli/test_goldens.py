"""What the commands print, word for word: `pytest tests/cli --update-goldens` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from cnncalc.cli.command_list import COMMANDS

from .conftest import Command, Outcome

GOLDENS = Path(__file__).parent / "goldens"


class Case(NamedTuple):
    """A command, the width it prints to (None: a pipe), and what it reads."""

    arguments: str
    columns: int | None = None
    status: int = 0


CASES = {
    "small": Case("summary small.txt"),
    "small-80": Case("summary small.txt", 80),
    "small-40": Case("summary small.txt", 40),
    "small-expand": Case("summary small.txt --expand"),
    "small-batch": Case("summary small.txt --batch 32"),
    "small-input": Case("summary small.txt --input 56x56"),
    "small-channels-first": Case("summary small.txt --order channels_first"),
    "small-columns": Case("summary small.txt --columns line,rf,jump,start,size,flops,connections,buffers"),
    "small-more-columns": Case("summary small.txt --columns +inputs,rf,macs%", 80),
    "small-json": Case("summary small.txt --format json"),
    "small-csv": Case("summary small.txt --format csv"),
    "small-csv-columns": Case("summary small.txt --format csv --columns output,params"),
    "small-markdown": Case("summary small.txt --format markdown"),
    "small-latex": Case("summary small.txt --format latex"),
    "small-keras": Case("summary small.txt --format keras"),
    "blocks": Case("summary blocks.txt"),
    "blocks-depth-0": Case("summary blocks.txt --depth 0"),
    "blocks-depth-1": Case("summary blocks.txt --depth 1"),
    "blocks-json": Case("summary blocks.txt --format json"),
    "blocks-keras": Case("summary blocks.txt --format keras"),
    "wrong-answers": Case("summary wrong_answers.txt", 80),
    "by-hand": Case("summary by_hand.txt", 80),
    "two-faults": Case("summary two_faults.txt", 80, 2),
    "two-faults-json": Case("summary two_faults.txt --format json", 80, 2),
    "resnet50-80": Case("summary resnet50", 80),
    "resnet50-depth-0-80": Case("summary resnet50 --depth 0", 80),
    "resnet50-top-80": Case("summary resnet50 --top 5", 80),
    "resnet50-sort-units": Case("summary resnet50 --depth 0 --sort params --top 4 --units --columns +params%"),
    "resnet50-int8": Case("summary resnet50 --depth 0 --dtype int8 --batch 8", 100),
    "convnext-100": Case("summary convnext-tiny", 100),
    "blocks-all": Case("summary blocks.txt --all"),
    "unet-rf-80": Case("summary unet --columns +rf,jump", 80),
    "explain-line": Case("explain small.txt 3"),
    "explain-label": Case("explain small.txt c1", 80),
    "explain-net": Case("explain wrong_answers.txt"),
    "explain-block": Case("explain blocks.txt 16"),
    "explain-word": Case("explain Conv2D", 80),
    "explain-post-word": Case("explain relu", 80),
    "explain-code": Case("explain kernel-too-large"),
    **{f"check-hint-{level}": Case(f"check class/bo.txt --hint {level}", 80, 1) for level in range(4)},
    "check-steps": Case("check class/bo.txt --steps", 80, 1),
    "check-solve-60": Case("check class/bo.txt --solve", 60, 1),
    "check-json": Case("check class/bo.txt --json --hint 3", None, 1),
    "grade": Case("grade class_key.txt class --summary", 120, 1),
    "grade-60": Case("grade class_key.txt class --summary", 60, 1),
    "grade-csv": Case("grade class_key.txt class --csv -", None, 1),
    "grade-nbgrader": Case("grade class_key.txt class --nbgrader -", None, 1),
    "filters": Case("filters", 80),
    "filter": Case("filters gauss3", 80),
    "help": Case("--help", 80),
    "help-summary": Case("summary -h", 80),
    "help-run": Case("run --help", 80),
    "help-explain": Case("explain -h", 80),
    "help-check": Case("check -h", 80),
    "help-fmt": Case("fmt -h", 80),
    "help-convert": Case("convert -h", 80),
    "help-bench": Case("bench -h", 80),
}


@pytest.mark.parametrize("name", CASES)
def test_a_command_prints_what_it_printed_before(name: str, command: Command, request: pytest.FixtureRequest) -> None:
    case = CASES[name]
    outcome = command(*case.arguments.split(), columns=case.columns)
    path = GOLDENS / f"{name}.txt"
    if request.config.getoption("--update-goldens"):
        path.write_text(_written(case, outcome), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == _written(case, outcome)
    assert outcome.status == case.status


def test_every_golden_belongs_to_a_case() -> None:
    assert sorted(path.stem for path in GOLDENS.iterdir()) == sorted(CASES)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.columns == 80])
def test_nothing_printed_to_80_columns_is_wider(name: str, command: Command) -> None:
    outcome = command(*CASES[name].arguments.split(), columns=80)
    assert [line for line in outcome.out.split("\n") if len(line) > 80] == []


def test_every_command_is_in_the_help(command: Command) -> None:
    listed = command("--help").out
    assert [name for name in COMMANDS if f"\n  {name} " not in listed] == []


def _written(case: Case, outcome: Outcome) -> str:
    width = "" if case.columns is None else f"COLUMNS={case.columns} "
    errors = f"\n--- standard error\n{outcome.err}" if outcome.err else ""
    return f"$ {width}cnncalc {case.arguments}\n{outcome.out}{errors}--- exit status {outcome.status}\n"
