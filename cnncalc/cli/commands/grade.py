"""`cnncalc grade`: a class's submissions against one key."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import PRINTING, Force, Progress

if TYPE_CHECKING:
    from cnncalc.destinations import Known
    from cnncalc.homework.grading import Grade, Grader, Rules
    from cnncalc.homework.keysheet import KeySheet, Question
    from cnncalc.report.gradebook import Gradebook


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
        help="Accept a number that is so far off: 0.01 or 1%; only exact ones if not given.",
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


class SheetFormat(StrEnum):
    """What a student's sheet is written as."""

    HTML = "html"
    MARKDOWN = "markdown"


class Visibility(StrEnum):
    """When Gradescope shows the results to students."""

    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    VISIBLE = "visible"


class Outputs(NamedTuple):
    """What is written where; None: not at all."""

    csv: str | None
    gradescope: str | None
    nbgrader: str | None
    classroom: str | None
    sheets: str | None
    sheet_format: SheetFormat
    visibility: Visibility
    force: bool
    inputs: tuple[str, ...]

    def save(self, path: str, text: str, known: Known) -> None:
        """Writes one of the files; an earlier one of the same kind is replaced."""
        from cnncalc.destinations import write_file

        write_file(path, text, inputs=self.inputs, force=self.force, known=known)

    @property
    def paths(self) -> list[str]:
        return [path for path in self[:5] if isinstance(path, str) and path != "-"]


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
        typer.Option(rich_help_panel=PRINTING, metavar="WHEN", help="Let Gradescope show the results WHEN it says"),
    ] = Visibility.VISIBLE,
    force: Force = False,
    progress: Progress = True,
) -> int:
    """Grade a class: give points, and name the slip that explains each wrong answer."""
    from cnncalc.homework.grading import Rules

    rules = Rules(
        _share("--follow", follow),
        _share("--slip-share", slip_share),
        None if tolerance is None else _share("--tolerance", tolerance),
    )
    given = (key, *submissions)
    outputs = Outputs(csv, gradescope, nbgrader, classroom, sheets, sheet_format, visibility, force, given)
    least = None if pass_share is None else _share("--pass", pass_share)
    _check_outputs(outputs)
    grader = _grader(key, rules, only)
    if classroom is not None:
        _write_classroom(outputs, grader, submissions[0])
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
        raise _wrong(option, text, "is no share of a whole", "write 0.5, 1/2 or 50%")
    return share


def _wrong(option: str, value: str, fault: str, advice: str) -> Exception:
    from cnncalc.diagnostics import input_error

    return input_error("wrong-value", f"{option}: `{value[:80]}` {fault}", help=advice)


def _check_outputs(outputs: Outputs) -> None:
    """Refuses to write where something would be lost, before anything is graded."""
    from cnncalc.destinations import refuse_destination, refuse_folder
    from cnncalc.report.grade_exports import is_grades

    for option, path, ending in (
        ("--csv", outputs.csv, ".csv"),
        ("--nbgrader", outputs.nbgrader, ".csv"),
        ("--classroom", outputs.classroom, ".json"),
    ):
        if path is not None and path != "-" and not path.lower().endswith(ending):
            raise _wrong(option, path, "is written each time", f"give a name that ends in {ending}: grades{ending}")
    for path in (outputs.csv, outputs.nbgrader, outputs.gradescope):
        if path is not None and path.lower().endswith((".csv", ".json")):
            refuse_destination(path, inputs=outputs.inputs, force=outputs.force, known=is_grades)
    if outputs.sheets is not None:
        refuse_folder(outputs.sheets)


def _grader(key: str, rules: Rules, only: str | None) -> Grader:
    """The key analysed, with warnings about what its author may have overlooked."""
    from cnncalc.analysis import analyse
    from cnncalc.api import checked
    from cnncalc.cli.gradebook import about_key
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.diagnostics import input_error
    from cnncalc.homework.findings import own_claims
    from cnncalc.homework.grading import Grader
    from cnncalc.homework.keysheet import KeySheet
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
    grader = Grader(analysis, rules, _chosen(sheet, only))
    unknown = grader.unknown()
    wrong = [
        one for one in grader.examiner.findings(own_claims(analysis)) if one.verdict in ("wrong", "slip", "follows")
    ]
    said = about_key(grader, unknown, wrong)
    if said:
        show_diagnostics(said, None)
    grader.leave_out(unknown)
    return grader


def _chosen(sheet: KeySheet, only: str | None) -> Sequence[Question]:
    """The questions that `--only` names: a line's label, a line and what is asked, or a number."""
    if only is None:
        return sheet.questions
    from cnncalc.homework.keysheet import spelled

    wanted = {spelled(name) for name in only.split(",") if name.strip()}
    known = [{spelled(question.name), spelled(f"{question.name}.{question.asked}")} for question in sheet.questions]
    strange = wanted - {name for names in known for name in names}
    if strange or not wanted:
        names = ", ".join(f"{question.name}.{question.asked}" for question in sheet.questions[:20])
        raise _wrong("--only", only, "names no question", f"there are {names}")
    return [question for question, names in zip(sheet.questions, known, strict=True) if names & wanted]


def _grades(grader: Grader, submissions: Sequence[str], excluded: Sequence[str], *, shown: bool) -> list[Grade]:
    from cnncalc.cli.progress import counted
    from cnncalc.diagnostics import input_error
    from cnncalc.homework.folders import found_in
    from cnncalc.homework.students import submissions_of

    if not any(map(os.path.lexists, submissions)):
        raise input_error(
            "no-submissions", f"{submissions[0]} does not exist", help="give files, folders or a zip archive"
        )
    ours = frozenset(map(os.path.realpath, excluded))
    found = [file for path in submissions for file in found_in(path, ours)]
    if not found:
        raise input_error(
            "no-submissions", "there is no submission to grade", help="give files, folders or a zip archive"
        )
    handed_in = submissions_of(found)
    return grader.grades(counted(handed_in, len(handed_in), "grading", shown=shown))


# ---------------------------------------------------------------------- what is written
def _reported(
    grader: Grader, grades: Sequence[Grade], outputs: Outputs, *, summary: bool, least: Fraction | None
) -> ExitStatus:
    """Writes everything that was asked for, tells what went wrong, and hands back the status."""
    from cnncalc.cli.gradebook import about_submissions, gradebook
    from cnncalc.cli.terminal import canvas, show_diagnostics, write
    from cnncalc.report.grade_lists import class_list, question_list

    book = gradebook(grader, grades)
    _write_outputs(book, outputs)
    if outputs.csv != "-" and outputs.nbgrader != "-":
        write(class_list(book, canvas()) + ("\n" + question_list(book, canvas()) if summary else ""))
    said = about_submissions(grades)
    if said:
        show_diagnostics(said, None)
    failed = any(one.fault for one in grades)
    missed = least is not None and any(one.points < least * one.most for one in grades)
    return ExitStatus.FINDINGS if failed or missed else ExitStatus.FINE


def _write_outputs(book: Gradebook, outputs: Outputs) -> None:
    from cnncalc.cli.terminal import write_data
    from cnncalc.report.grade_exports import class_csv, is_grades, nbgrader_csv

    if outputs.gradescope is not None:
        _write_gradescope(outputs.gradescope, book, outputs)
    for path, made in ((outputs.csv, class_csv), (outputs.nbgrader, nbgrader_csv)):
        if path == "-":
            write_data(made(book))
        elif path is not None:
            outputs.save(path, made(book), is_grades)
    if outputs.sheets is not None:
        _write_sheets(outputs.sheets, book, outputs)


def _write_gradescope(path: str, book: Gradebook, outputs: Outputs) -> None:
    """One submission is one file, as Gradescope runs it; a class is a folder of them."""
    from cnncalc.destinations import make_folder
    from cnncalc.report.grade_exports import gradescope_json, is_grades
    from cnncalc.report.grade_sheets import file_names

    visibility = outputs.visibility.value
    folder = path.endswith(("/", os.sep)) or os.path.isdir(path)
    if not folder and len(book.students) == 1 and path.lower().endswith(".json"):
        outputs.save(path, gradescope_json(book.students[0], visibility), is_grades)
        return
    if not folder:
        advice = "give a name that ends in .json, or for a class a folder: results/"
        raise _wrong("--gradescope", path, "is the place of one submission", advice)
    make_folder(path)
    for student, name in zip(book.students, file_names(book.students, ".json"), strict=True):
        outputs.save(os.path.join(path, name), gradescope_json(student, visibility), is_grades)


def _write_classroom(outputs: Outputs, grader: Grader, submission: str) -> None:
    from cnncalc.destinations import nothing_known
    from cnncalc.report.grade_exports import classroom_json

    questions = [(one.name, one.asked, one.points) for one in grader.questions]
    text = classroom_json(questions, grader.key.graph.source.name, submission)
    outputs.save(str(outputs.classroom), text, nothing_known)


def _write_sheets(folder: str, book: Gradebook, outputs: Outputs) -> None:
    from cnncalc.destinations import make_folder
    from cnncalc.report import grade_sheets

    html = outputs.sheet_format is SheetFormat.HTML
    ending = ".html" if html else ".md"
    sheet, index = (
        (grade_sheets.sheet_html, grade_sheets.index_html)
        if html
        else (grade_sheets.sheet_markdown, grade_sheets.index_markdown)
    )
    make_folder(folder)
    names = grade_sheets.file_names(book.students, ending)
    for student, name in zip(book.students, names, strict=True):
        outputs.save(os.path.join(folder, name), sheet(student, book), grade_sheets.is_sheet)
    outputs.save(os.path.join(folder, f"index{ending}"), index(book, names), grade_sheets.is_sheet)
