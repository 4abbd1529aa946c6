"""A class graded as the command line asks for: its key or its keys, its class list, and what was handed in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.cli.grade_outputs import wrong_value
from cnncalc.diagnostics import input_error

if TYPE_CHECKING:
    from cnncalc.diagnostics import Diagnostic
    from cnncalc.homework.grading import Grader
    from cnncalc.homework.identity import Submission
    from cnncalc.homework.marks import Grade, Gradebook
    from cnncalc.homework.policy import Policy
    from cnncalc.homework.questions import KeySheet, Question
    from cnncalc.homework.rosters import Roster
    from cnncalc.homework.variants import Pairs

_WHAT_TO_GIVE = "give files, folders or a zip archive"


class Wanted(NamedTuple):
    """What is to be graded: by which key or folder of keys, for whom, and what in a folder is no submission.

    `together` says that all files are of one student.
    """

    key: str
    submissions: tuple[str, ...]
    excluded: tuple[str, ...]
    policy: Policy
    only: str | None
    roster: str | None
    id_column: str | None
    name_column: str | None
    together: bool
    progress: bool


def gradebook(wanted: Wanted, grader: Grader | None = None) -> Gradebook:
    """The class graded; `grader` is that of the key where somebody has made it already."""
    from cnncalc.homework.marks import Gradebook

    roster = _roster(wanted)
    if os.path.isdir(wanted.key):
        return _by_variants(wanted, roster)
    grader = grader or key_grader(wanted.key, wanted.policy, wanted.only)
    submissions = _handed_in(wanted, roster)
    graph = grader.key.graph
    grades = grader.grades(_counted(submissions, wanted), roster)
    return Gradebook(graph.homework or graph.title, graph.source.name, grader.policy, tuple(grades))


# ---------------------------------------------------------------------- what was handed in
def _roster(wanted: Wanted) -> Roster | None:
    """The class list, after saying how it was read."""
    if wanted.roster is None:
        for option, value in (("--id-column", wanted.id_column), ("--name-column", wanted.name_column)):
            if value is not None:
                raise wrong_value(option, value, "is a column of no roster", "give the roster too: --roster class.csv")
        return None
    from cnncalc.cli.terminal import write_error
    from cnncalc.homework.roster_files import read_roster

    roster = read_roster(wanted.roster, wanted.id_column, wanted.name_column)
    for note in roster.notes:
        write_error(f"note: {note}\n")
    return roster


def _handed_in(wanted: Wanted, roster: Roster | None) -> list[Submission]:
    """Every submission, of the students of the class list where there is one."""
    from cnncalc.homework.enrolment import enrolled
    from cnncalc.homework.identity import submissions_of
    from cnncalc.homework.reading.containers.contents import found_in
    from cnncalc.homework.single_submission import are_of_several, is_of_an_autograder, single_submission

    paths = wanted.submissions
    if not any(map(os.path.lexists, paths)):
        raise input_error("no-submissions", f"{paths[0]} does not exist", help=_WHAT_TO_GIVE)
    ours = frozenset(map(os.path.realpath, wanted.excluded))
    known = (lambda name: roster.owner_of_place(name) is not None) if roster else None
    several = len(paths) > 1
    parts = (found_in(path, ours, is_ours=_is_ours, is_student=known, of_several=several) for path in paths)
    found = [file for some in parts for file in some]
    if not found and roster is None:
        raise input_error("no-submissions", "there is no submission to grade", help=_WHAT_TO_GIVE)
    submissions = submissions_of(found)
    if wanted.together and (is_of_an_autograder(paths[0]) or not are_of_several(submissions)):
        submissions = [single_submission(paths[0], is_ours=_is_ours)]
    return enrolled(submissions, roster) if roster else submissions


def _is_ours(beginning: bytes) -> bool:
    """Whether an earlier grading wrote a file that begins so."""
    from cnncalc.report.grade_exports import is_grades
    from cnncalc.report.grade_sheets import is_sheet

    return is_grades(beginning) or is_sheet(beginning)


def _counted(submissions: Sequence[Submission], wanted: Wanted) -> Sequence[Submission]:
    from cnncalc.cli.progress import counted

    return counted(submissions, len(submissions), "grading", shown=wanted.progress)  # type: ignore[return-value]


# ---------------------------------------------------------------------- one key
def key_grader(key: str, policy: Policy, only: str | None) -> Grader:
    """The key analysed, with warnings about what its author may have overlooked."""
    from cnncalc.cli.terminal import show_diagnostics

    grader, said = _grader(key, policy, only)
    if said:
        show_diagnostics(said, None)
    return grader


def _grader(key: str, policy: Policy, only: str | None) -> tuple[Grader, tuple[Diagnostic, ...]]:
    from cnncalc.analysis import analyse
    from cnncalc.homework.class_notes import about_key
    from cnncalc.homework.findings import own_claims
    from cnncalc.homework.grading import Grader
    from cnncalc.homework.questions import KeySheet
    from cnncalc.net_files import checked
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
    grader.leave_out(unknown)
    return grader, said


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


# ---------------------------------------------------------------------- a key for each student
def _by_variants(wanted: Wanted, roster: Roster | None) -> Gradebook:
    """Every submission against the key of its student; each key is analysed once and then left."""
    from cnncalc.cli.progress import counted
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.homework.class_order import in_order
    from cnncalc.homework.marks import Gradebook
    from cnncalc.homework.variants import paired, variants_in

    variants = variants_in(wanted.key)
    pairs = paired(_handed_in(wanted, roster), variants)
    grades: list[Grade] = []
    said: dict[tuple[str, str], Diagnostic] = {}
    title = ""
    for variant, submissions in counted(pairs.variants, len(variants), "grading", shown=wanted.progress):
        grader, about = _grader(variant.path, wanted.policy, wanted.only)
        said |= {(one.code, one.message): one for one in about if (one.code, one.message) not in said}
        title = title or grader.key.graph.homework or grader.key.graph.title
        grades += grader.graded(submissions, roster) if submissions else [grader.nothing(variant.student)]
    if said:
        show_diagnostics(tuple(said.values()), None)
    grades += _without_key(pairs, roster, grades)
    return Gradebook(title, wanted.key, wanted.policy, tuple(in_order(grades)))


def _without_key(pairs: Pairs, roster: Roster | None, grades: Sequence[Grade]) -> list[Grade]:
    """Those who handed in and have no key, and those of the class list who have neither."""
    from cnncalc.homework.enrolment import absent
    from cnncalc.homework.marks import Grade

    truth = grades[0].truth
    fault = "there is no key for this student"
    found = [Grade(one.owner, one.files[0].shown, (), truth, fault, one.notes) for one in pairs.without_key]
    students = [one.student for one in (*grades, *found)]
    missing = absent(roster, students) if roster else ()
    return [*found, *(Grade(one, "", (), truth, notes=(f"handed in nothing, and {fault}",)) for one in missing)]


def one_key(key: str, option: str, value: str) -> None:
    """Raises InputError where an option needs one key, and there is a folder of them."""
    if os.path.isdir(key):
        raise wrong_value(option, value, "is written for one key, and there is a folder of them", "give one key")
