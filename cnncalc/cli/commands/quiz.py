"""`cnncalc quiz`: random exercises with verified answers, one variant a student."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import Force

if TYPE_CHECKING:
    from cnncalc.cli.quizzes import Wanted


class Notation(StrEnum):
    """What a quiz is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    GIFT = "gift"
    CLOZE = "cloze"
    TEXT2QTI = "text2qti"


class Level(StrEnum):
    """How hard the exercises are."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


def quiz(
    *,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, max=10**18, help="The same seed draws the same quiz, on every machine.")
    ] = 0,
    students: Annotated[
        str | None, typer.Option("--students", metavar="CSV", help="A roster: one variant a student, by number.")
    ] = None,
    questions: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="How many exercises.")] = 6,
    kinds: Annotated[
        str | None, typer.Option(metavar="LIST", help="Of these kinds: sizes,params,macs,rf,matrix,padding.")
    ] = None,
    difficulty: Annotated[Level, typer.Option("--difficulty", help="How hard.")] = Level.MEDIUM,
    key: Annotated[
        bool, typer.Option("--key", help="The answers: instead of the quiz; with a folder, in its folder keys.")
    ] = False,
    to: Annotated[Notation, typer.Option("--to", "-t", help="gift and cloze are Moodle's, text2qti is for Canvas.")] = (
        Notation.TEXT
    ),
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder: one file a student.")
    ] = None,
    force: Force = False,
    slip_share: Annotated[
        str, typer.Option(metavar="SHARE", help="For a wrong answer that is a known slip, in gift and cloze.")
    ] = "0",
    verify: Annotated[bool, typer.Option("--verify/--no-verify", help="Run every key to verify it.")] = True,
) -> int:
    """Make exercises with answers: every answer is computed, and measured by running it.

    \b
    cnncalc quiz --seed 7 > quiz.txt
    cnncalc quiz --seed 7 --key
    cnncalc quiz --seed 7 --students roster.csv --key -o quizzes/
    cnncalc quiz --seed 7 --students roster.csv --to gift -o quiz.gift

    The text is a model whose lines are asked: `cnncalc check` and `cnncalc grade`
    read it when it comes back filled in.
    """
    from cnncalc.cli.quizzes import Wanted

    drawn = (seed, students, questions, kinds, difficulty.value)
    wanted = Wanted(*drawn, key, to.value, output, force, slip_share, verify)
    return _made(wanted)


def _made(wanted: Wanted) -> ExitStatus:
    from cnncalc.cli.quizzes import deliver

    deliver(wanted)
    return ExitStatus.FINE
