"""`cnncalc quiz`: random exercises with verified answers, one variant a student."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, Force, IdColumn, NameColumn, Progress

if TYPE_CHECKING:
    from cnncalc.cli.quiz_files import Wanted


CONTENT = "Exercises"


class Notation(StrEnum):
    """What a quiz is written as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    LATEX = "latex"
    GIFT = "gift"
    CLOZE = "cloze"
    TEXT2QTI = "text2qti"


class Level(StrEnum):
    """How hard the exercises are."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


Seed = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=0,
        max=10**18,
        help="Draw the quiz with this seed: the same one gives the same quiz on every machine; 0 if not given.",
    ),
]
Students = Annotated[
    str | None,
    typer.Option("--students", metavar="FILE.csv", help="Read a roster, and make a variant for each student in it."),
]
Kinds = Annotated[
    str | None,
    typer.Option(
        metavar="LIST",
        rich_help_panel=CONTENT,
        help="Make exercises only of these kinds, listed as sizes,rf; `--kinds list` says what there is.",
    ),
]
Key = Annotated[
    bool,
    typer.Option(
        "--key",
        rich_help_panel=PRINTING,
        help="Print the answers instead of the quiz; in a folder, write them too, as keys to grade by.",
    ),
]
SlipShare = Annotated[
    str,
    typer.Option(
        metavar="SHARE",
        rich_help_panel=PRINTING,
        help="In gift and cloze, give this share of the points for a wrong answer whose mistake is known; nothing, "
        "0, if not given.",
    ),
]


@dataclass(frozen=True)
class QuizOptions:
    """What `cnncalc quiz` was asked for, as it was written."""

    seed: Seed = 0
    students: Students = None
    id_column: IdColumn = None
    name_column: NameColumn = None
    questions: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=100, rich_help_panel=CONTENT, help="How many exercises to make; 6 if not given."
        ),
    ] = 6
    kinds: Kinds = None
    difficulty: Annotated[
        Level,
        typer.Option("--difficulty", rich_help_panel=CONTENT, metavar="LEVEL", help="Make exercises of this LEVEL"),
    ] = Level.MEDIUM
    key: Key = False
    to: Annotated[
        Notation,
        typer.Option(
            "--to",
            "-t",
            rich_help_panel=PRINTING,
            metavar="FORMAT",
            help="Write the quiz as FORMAT (html and latex for paper, gift and cloze for Moodle, text2qti for Canvas)",
        ),
    ] = Notation.TEXT
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            rich_help_panel=PRINTING,
            help="Write to this file, or, for a name that ends with /, a file for each student to a folder; standard "
            "output if not given.",
        ),
    ] = None
    force: Force = False
    slip_share: SlipShare = "0"
    verify: Annotated[bool, typer.Option("--verify/--no-verify", help="Do not run the keys to confirm them.")] = True
    progress: Progress = True


def quiz(options: QuizOptions) -> int:
    """Make exercises with answers that are computed, and measured by running the networks."""
    from cnncalc.cli.quiz_files import Wanted

    drawn = (options.seed, options.students, options.questions, options.kinds, options.difficulty.value)
    wanted = Wanted(
        *drawn,
        options.key,
        options.to.value,
        options.output,
        options.force,
        options.slip_share,
        options.verify,
        options.progress,
        options.id_column,
        options.name_column,
    )
    return _made(wanted)


def _made(wanted: Wanted) -> ExitStatus:
    from cnncalc.cli.quiz_files import deliver

    deliver(wanted)
    return ExitStatus.FINE
