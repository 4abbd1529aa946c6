"""`cnncalc grade`: a class's submissions against one key."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.grade_outputs import Outputs, SheetFormat, Visibility, wrong_value
from cnncalc.cli.parameters import PRINTING, Force, Progress

if TYPE_CHECKING:
    from cnncalc.homework.grading import Grader
    from cnncalc.homework.marks import Grade
    from cnncalc.homework.policy import Policy
    from cnncalc.homework.questions import KeySheet, Question


POINTS = "Points"

Key = Annotated[
    str, typer.Argument(metavar="KEY", help="The network that asks: `=> ?` after its lines, and `worth` for points.")
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
Only = Annotated[
    str | None,
    typer.Option(metavar="NAMES", rich_help_panel=POINTS, help="Grade only these questions: conv1,fc3.params,2a."),
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


def grade(
    key: Key,
    submissions: Submissions,
    *,
    csv: Csv = None,
    gradescope: Gradescope = None,
    nbgrader: Nbgrader = None,
    classroom: Classroom = None,
    sheets: Sheets = None,
    sheet_format: Annotated[
        SheetFormat, typer.Option(rich_help_panel=PRINTING, metavar="FORMAT", help="Write the sheets as FORMAT")
    ] = SheetFormat.HTML,
    summary: Annotated[bool, typer.Option("--summary", help="Show how each question went.")] = False,
    follow: Follow = "1",
    slip_share: SlipShare = "0",
    tolerance: Tolerance = None,
    only: Only = None,
    pass_share: PassShare = None,
    visibility: Annotated[
        Visibility,
        typer.Option(rich_help_panel=PRINTING, metavar="WHEN", help="When Gradescope shows the results to students"),
    ] = Visibility.VISIBLE,
    force: Force = False,
    progress: Progress = True,
) -> int:
    """Grade a class: give points, and name the slip that explains each wrong answer."""
    from cnncalc.homework.policy import Policy

    policy = Policy(
        _share("--follow", follow),
        _share("--slip-share", slip_share),
        None if tolerance is None else _share("--tolerance", tolerance),
    )
    files = (csv, gradescope, nbgrader, classroom, sheets)
    outputs = Outputs(*files, sheet_format, visibility, force, key, tuple(submissions))
    least = None if pass_share is None else _share("--pass", pass_share)
    outputs.refuse_loss()
    grader = _grader(key, policy, only)
    if classroom is not None:
        outputs.write_classroom(grader)
        if not any(map(os.path.exists, submissions)):
            return ExitStatus.FINE
    grades = _grades(grader, submissions, (key, *outputs.paths), shown=progress)
    return _reported(grader, grades, outputs, summary=summary, least=least)


# ---------------------------------------------------------------------- the key and the options
def _share(option: str, text: str) -> Fraction:
    """`1`, `0.5`, `1/2`, `50%` as a share of a whole."""
    from cnncalc.quantities import number

    value = number(text.removesuffix("%").strip())
    share = value / 100 if value is not None and text.endswith("%") else value
    if share is None or not 0 <= share <= 1:
        raise wrong_value(option, text, "is no share of a whole", "write 0.5, 1/2 or 50%")
    return share


def _grader(key: str, policy: Policy, only: str | None) -> Grader:
    """The key analysed, with warnings about what its author may have overlooked."""
    from cnncalc.analysis import analyse
    from cnncalc.api import checked
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.diagnostics import input_error
    from cnncalc.homework.class_notes import about_key
    from cnncalc.homework.findings import own_claims
    from cnncalc.homework.grading import Grader
    from cnncalc.homework.questions import KeySheet
    from cnncalc.sources import find

    graph = checked(find(key))
    sheet = KeySheet(graph)
    if not sheet.questions:
        raise input_error(
            "key-asks-nothing",
            f"{key} asks nothing",
            help="write `=> ? params ?` after a line, and `worth 1 2` for the points",
        )
    analysis = analyse(graph)
    grader = Grader(analysis, policy, _chosen(sheet, only))
    unknown = grader.unknown()
    wrong = [
        one for one in grader.examiner.findings(own_claims(analysis)) if one.status in ("wrong", "slip", "follows")
    ]
    said = about_key(grader.questions, unknown, wrong)
    if said:
        show_diagnostics(said, None)
    grader.leave_out(unknown)
    return grader


def _chosen(sheet: KeySheet, only: str | None) -> Sequence[Question]:
    """The questions that `--only` names: a line's label, a line and what is asked, or a number."""
    if only is None:
        return sheet.questions
    from cnncalc.homework.questions import spelled

    wanted = {spelled(name) for name in only.split(",") if name.strip()}
    known = [{spelled(question.name), spelled(f"{question.name}.{question.asked}")} for question in sheet.questions]
    strange = wanted - {name for names in known for name in names}
    if strange or not wanted:
        names = ", ".join(f"{question.name}.{question.asked}" for question in sheet.questions[:20])
        raise wrong_value("--only", only, "names no question", f"there are {names}")
    return [question for question, names in zip(sheet.questions, known, strict=True) if names & wanted]


def _grades(grader: Grader, submissions: Sequence[str], excluded: Sequence[str], *, shown: bool) -> list[Grade]:
    from cnncalc.cli.progress import counted
    from cnncalc.diagnostics import input_error
    from cnncalc.homework.identity import submissions_of
    from cnncalc.homework.reading.containers.contents import found_in

    if not any(map(os.path.lexists, submissions)):
        raise input_error(
            "no-submissions", f"{submissions[0]} does not exist", help="give files, folders or a zip archive"
        )
    ours = frozenset(map(os.path.realpath, excluded))
    found = [file for path in submissions for file in found_in(path, ours, is_ours=_is_ours)]
    if not found:
        raise input_error(
            "no-submissions", "there is no submission to grade", help="give files, folders or a zip archive"
        )
    handed_in = submissions_of(found)
    return grader.grades(counted(handed_in, len(handed_in), "grading", shown=shown))


def _is_ours(beginning: bytes) -> bool:
    """Whether an earlier grading wrote a file that begins so."""
    from cnncalc.report.grade_exports import is_grades
    from cnncalc.report.grade_sheets import is_sheet

    return is_grades(beginning) or is_sheet(beginning)


# ---------------------------------------------------------------------- what is written
def _reported(
    grader: Grader, grades: Sequence[Grade], outputs: Outputs, *, summary: bool, least: Fraction | None
) -> ExitStatus:
    """Writes everything that was asked for, tells what went wrong, and hands back the status."""
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.homework.class_notes import about_submissions
    from cnncalc.homework.marks import Gradebook
    from cnncalc.report.grade_lists import class_list, question_list

    graph = grader.key.graph
    book = Gradebook(graph.homework or graph.title, graph.source.name, grader.policy, tuple(grades))
    outputs.write(book)
    if outputs.csv != "-" and outputs.nbgrader != "-":
        write(class_list(book, canvas()) + ("\n" + question_list(book, canvas()) if summary else ""))
    said = about_submissions(grades)
    if said:
        show_diagnostics(said, None)
    failed = any(one.fault for one in grades)
    missed = least is not None and any(one.points < least * one.most for one in grades)
    return ExitStatus.FINDINGS if failed or missed else ExitStatus.FINE
