"""`cnncalc grade`: a class's submissions against one key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.class_grading import Wanted
from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.grade_outputs import Outputs, SheetFormat, Visibility, Worksheets, wrong_value
from cnncalc.cli.parameters import PRINTING, ROUNDING_HELP, Force, IdColumn, NameColumn, Progress, Rounding, rounds

if TYPE_CHECKING:
    from cnncalc.homework.marks import Gradebook


POINTS = "Points"

Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="The network that asks: `=> ?` after its lines, and `worth` for points. A folder of them is one for each "
        "student.",
    ),
]
Submissions = Annotated[
    list[str], typer.Argument(metavar="SUBMISSION...", help="Folders, zip archives of a platform, or files.")
]
Csv = Annotated[
    str | None,
    typer.Option(
        metavar="FILE.csv",
        rich_help_panel=PRINTING,
        help="Write a row for every question of every student; `-` prints it.",
    ),
]
Gradescope = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        rich_help_panel=PRINTING,
        help="Write results.json for one submission, or a file for each into a folder/.",
    ),
]
Nbgrader = Annotated[
    str | None,
    typer.Option(
        metavar="FILE.csv", rich_help_panel=PRINTING, help="Write the table of grades of nbgrader; `-` prints it."
    ),
]
Classroom = Annotated[
    str | None,
    typer.Option(
        metavar="FILE.json",
        rich_help_panel=PRINTING,
        help="Write tests for GitHub Classroom: a command for each question.",
    ),
]
Sheets = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", rich_help_panel=PRINTING, help="Write a sheet for each student, and an index."),
]
GradebookFile = Annotated[
    str | None,
    typer.Option(
        "--gradebook",
        metavar="FILE.csv",
        rich_help_panel=PRINTING,
        help="Write a row for every student, with a column for every question; `-` prints it.",
    ),
]
Moodle = Annotated[
    str | None,
    typer.Option(
        metavar="FILE.csv",
        rich_help_panel=PRINTING,
        help="Fill in Moodle's grading worksheet: FILE-filled.csv has the points and hints.",
    ),
]
Canvas = Annotated[
    str | None,
    typer.Option(
        metavar="FILE.csv",
        rich_help_panel=PRINTING,
        help="Fill in the gradebook that Canvas exports: FILE-filled.csv has the points.",
    ),
]
PointsColumn = Annotated[
    str | None,
    typer.Option(
        metavar="TITLE",
        rich_help_panel=PRINTING,
        help="The column of that table that gets the points, if it is not found by the homework's name.",
    ),
]
Anonymous = Annotated[
    bool,
    typer.Option(
        "--anonymous",
        rich_help_panel=PRINTING,
        help="Show review ids instead of names in tables and sheets; --gradebook says who is who.",
    ),
]
Follow = Annotated[
    str,
    typer.Option(
        metavar="SHARE",
        rich_help_panel=POINTS,
        help="Give this share of the points for an answer that follows from an earlier mistake: 0, 0.5 or 50%; all of "
        "them, 1, if not given.",
    ),
]
SlipShare = Annotated[
    str,
    typer.Option(
        metavar="SHARE",
        rich_help_panel=POINTS,
        help="Give this share of the points for a wrong answer whose mistake is known; nothing, 0, if not given.",
    ),
]
Tolerance = Annotated[
    str | None,
    typer.Option(
        metavar="SHARE",
        rich_help_panel=POINTS,
        help="Accept a number that is off by this much: 0.01 or 1%; only exact ones if not given.",
    ),
]
Round = Annotated[
    Rounding | None, typer.Option("--rounding", rich_help_panel=POINTS, metavar="HOW", help=ROUNDING_HELP)
]
Only = Annotated[
    str | None,
    typer.Option(metavar="NAMES", rich_help_panel=POINTS, help="Grade only these questions: conv1,fc3.params,2a."),
]
RosterFile = Annotated[
    str | None,
    typer.Option(
        "--roster",
        metavar="FILE.csv",
        help="Read the class list: take numbers and names from it, and list who handed in nothing.",
    ),
]
PassShare = Annotated[
    str | None,
    typer.Option(
        "--pass",
        metavar="SHARE",
        rich_help_panel=POINTS,
        help="Leave with status 1 unless everybody has this share of the points.",
    ),
]


@dataclass(frozen=True)
class GradeOptions:
    """What `cnncalc grade` was asked for, as it was written."""

    key: Key
    submissions: Submissions
    csv: Csv = None
    gradescope: Gradescope = None
    nbgrader: Nbgrader = None
    classroom: Classroom = None
    sheets: Sheets = None
    gradebook: GradebookFile = None
    moodle: Moodle = None
    canvas: Canvas = None
    points_column: PointsColumn = None
    anonymous: Anonymous = False
    sheet_format: Annotated[
        SheetFormat, typer.Option(rich_help_panel=PRINTING, metavar="FORMAT", help="Write the sheets as FORMAT")
    ] = SheetFormat.HTML
    summary: Annotated[bool, typer.Option("--summary", help="Show how each question went.")] = False
    follow: Follow = "1"
    slip_share: SlipShare = "0"
    tolerance: Tolerance = None
    rounding: Annotated[Rounding | None, typer.Option(rich_help_panel=POINTS, metavar="HOW", help=ROUNDING_HELP)] = None
    only: Only = None
    pass_share: PassShare = None
    roster: RosterFile = None
    id_column: IdColumn = None
    name_column: NameColumn = None
    visibility: Annotated[
        Visibility,
        typer.Option(rich_help_panel=PRINTING, metavar="WHEN", help="When Gradescope shows the results to students"),
    ] = Visibility.VISIBLE
    force: Force = False
    progress: Progress = True


def grade(options: GradeOptions) -> int:
    """Grade a class: give points, and name the slip that explains each wrong answer."""
    from cnncalc.homework.policy import Policy

    policy = Policy(
        _share("--follow", options.follow),
        _share("--slip-share", options.slip_share),
        None if options.tolerance is None else _share("--tolerance", options.tolerance),
        rounds(options.rounding),
    )
    files = (options.csv, options.gradescope, options.nbgrader, options.classroom, options.sheets, options.gradebook)
    worksheets = Worksheets(options.moodle, options.canvas, options.points_column)
    outputs = Outputs(
        *files,
        worksheets,
        options.anonymous,
        options.sheet_format,
        options.visibility,
        options.force,
        options.key,
        tuple(options.submissions),
    )
    least = None if options.pass_share is None else _share("--pass", options.pass_share)
    excluded = (options.key, *outputs.paths, *filter(None, (options.roster,)))
    together = outputs.one_result
    handed_in = tuple(options.submissions)
    wanted = Wanted(
        options.key,
        handed_in,
        excluded,
        policy,
        options.only,
        options.roster,
        options.id_column,
        options.name_column,
        together,
        options.progress,
    )
    outputs.refuse_loss()
    if not together:
        return _graded(wanted, outputs, summary=options.summary, least=least)
    from cnncalc.cli.autograder import autograded

    is_test = least is not None
    return autograded(outputs, lambda: _graded(wanted, outputs, summary=options.summary, least=least), is_test=is_test)


def _graded(wanted: Wanted, outputs: Outputs, *, summary: bool, least: Fraction | None) -> ExitStatus:
    """Grades, and writes everything that was asked for."""
    from cnncalc.cli.class_grading import gradebook, key_grader, one_key

    grader = None
    if outputs.classroom is not None:
        one_key(wanted.key, "--classroom", outputs.classroom)
        grader = key_grader(wanted.key, wanted.policy, wanted.only)
        outputs.write_classroom(grader)
        if not any(map(os.path.exists, wanted.submissions)):
            return ExitStatus.FINE
    return _reported(gradebook(wanted, grader), outputs, summary=summary, least=least)


# ---------------------------------------------------------------------- the key and the options
def _share(option: str, text: str) -> Fraction:
    """`1`, `0.5`, `1/2`, `50%` as a share of a whole."""
    from cnncalc.quantities import number

    value = number(text.removesuffix("%").strip())
    share = value / 100 if value is not None and text.endswith("%") else value
    if share is None or not 0 <= share <= 1:
        raise wrong_value(option, text, "is no share of a whole", "write 0.5, 1/2 or 50%")
    return share


# ---------------------------------------------------------------------- what is written
def _reported(book: Gradebook, outputs: Outputs, *, summary: bool, least: Fraction | None) -> ExitStatus:
    """Writes everything that was asked for, tells what went wrong, and hands back the status."""
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.homework.class_notes import about_submissions
    from cnncalc.homework.marks import with_reviews
    from cnncalc.report.grade_lists import class_list, class_summary

    if outputs.anonymous:
        book = book._replace(grades=with_reviews(book.grades))
    outputs.write(book)
    shown = book.anonymous() if outputs.anonymous else book
    if not outputs.prints_a_file:
        write(class_list(shown, canvas()) + ("\n" + class_summary(shown, canvas()) if summary else ""))
    said = about_submissions(shown.grades)
    if said:
        show_diagnostics(said, None)
    failed = any(one.fault for one in book.grades)
    missed = least is not None and any(one.points < least * one.most for one in book.grades)
    return ExitStatus.FINDINGS if failed or missed else ExitStatus.FINE
