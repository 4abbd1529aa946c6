"""The files that `grade` writes: which, where, and what is refused before a class is graded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.destinations import Known
    from cnncalc.homework.grading import Grader
    from cnncalc.homework.marks import Gradebook
    from cnncalc.homework.rosters import Roster
    from cnncalc.report.grade_worksheets import Filled

    Fill = Callable[[str, str, Roster, Gradebook, str | None], Filled]


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


class Worksheets(NamedTuple):
    """Tables of platforms that are filled in; `points_column` names the column where it is not found."""

    moodle: str | None = None
    canvas: str | None = None
    points_column: str | None = None

    @property
    def given(self) -> list[str]:
        """The tables that are read."""
        return [path for path in (self.moodle, self.canvas) if path is not None]

    @property
    def written(self) -> list[str]:
        """The tables that are made of them."""
        return [filled_name(path) for path in self.given]


def filled_name(path: str) -> str:
    """Where a filled table goes: beside the one it is made of.

    >>> filled_name("class/grades.csv")
    'class/grades-filled.csv'
    """
    stem, ending = os.path.splitext(path)
    return f"{stem}-filled{ending}"


class Outputs(NamedTuple):
    """What is written where (None: not at all), and what the command reads, which is never written over."""

    csv: str | None
    gradescope: str | None
    nbgrader: str | None
    classroom: str | None
    sheets: str | None
    gradebook: str | None
    worksheets: Worksheets
    anonymous: bool
    sheet_format: SheetFormat
    visibility: Visibility
    force: bool
    key: str
    submissions: tuple[str, ...]

    @property
    def paths(self) -> list[str]:
        """The files and folders; `-` is none."""
        files = (self.csv, self.gradescope, self.nbgrader, self.classroom, self.sheets, self.gradebook)
        named = [path for path in files if path is not None and path != "-"]
        return [*named, *self.worksheets.given, *self.worksheets.written]

    @property
    def prints_a_file(self) -> bool:
        """Whether one of the files goes to standard output, in place of the class list."""
        return "-" in (self.csv, self.nbgrader, self.gradebook)

    @property
    def one_result(self) -> bool:
        """Whether one `results.json` is wanted: all that was handed in is then of one student."""
        path = self.gradescope
        single = len(self.submissions) == 1 and path is not None and not path.endswith(("/", os.sep))
        return single and str(path).lower().endswith(".json") and not os.path.isdir(str(path))

    def refuse_loss(self) -> None:
        """Raises InputError where something would be lost."""
        from cnncalc.destinations import is_same_file, refuse_destination, refuse_folder
        from cnncalc.report.grade_exports import is_grades

        for option, path, ending in (
            ("--csv", self.csv, ".csv"),
            ("--nbgrader", self.nbgrader, ".csv"),
            ("--gradebook", self.gradebook, ".csv"),
            ("--moodle", self.worksheets.moodle, ".csv"),
            ("--canvas", self.worksheets.canvas, ".csv"),
            ("--classroom", self.classroom, ".json"),
        ):
            if path is not None and path != "-" and not path.lower().endswith(ending):
                advice = f"give a name that ends in {ending}: grades{ending}"
                raise wrong_value(option, path, f"does not end in {ending}", advice)
        for path in (self.csv, self.nbgrader, self.gradescope, self.gradebook):
            if path is not None and path.lower().endswith((".csv", ".json")):
                read = (self.key, *self.submissions, *self._handed_in(path, is_grades))
                refuse_destination(path, inputs=read, force=self.force, known=is_grades)
        for option, path, own in (("--sheets", self.sheets, "sheets"), ("--gradescope", self.gradescope, "results")):
            if path is not None and any(is_same_file(path, given) for given in self.submissions):
                advice = f"give a folder of its own: {os.path.join(path, own)}"
                raise wrong_value(option, path, "holds the submissions", advice)
        if self.sheets is not None:
            refuse_folder(self.sheets)

    def _handed_in(self, path: str, known: Known) -> Iterator[str]:
        """The path itself where it is a file among the submissions that was not written here."""
        from cnncalc.destinations import beginning_of

        place = os.path.realpath(path)
        folders = (os.path.join(os.path.realpath(folder), "") for folder in self.submissions)
        if place.startswith(tuple(folders)) and os.path.isfile(place) and not known(beginning_of(place)):
            yield path

    def write(self, book: Gradebook) -> None:
        """Writes, or prints, everything that was asked for about a class."""
        from cnncalc.cli.terminal import write_data
        from cnncalc.report.grade_exports import class_csv, gradebook_csv, is_grades, nbgrader_csv
        from cnncalc.report.grade_worksheets import canvas_filled, moodle_filled

        if self.gradescope is not None:
            self._write_gradescope(self.gradescope, book)
        shown = book.anonymous() if self.anonymous else book
        for path, made, whose in (
            (self.csv, class_csv, shown),
            (self.nbgrader, nbgrader_csv, book),
            (self.gradebook, gradebook_csv, book),
        ):
            if path == "-":
                write_data(made(whose))
            elif path is not None:
                self._save(path, made(whose), is_grades)
        if self.sheets is not None:
            self._write_sheets(self.sheets, shown)
        for path, fill in ((self.worksheets.moodle, moodle_filled), (self.worksheets.canvas, canvas_filled)):
            if path is not None:
                self._fill(path, fill, book)

    def write_classroom(self, grader: Grader) -> None:
        """Writes the tests of GitHub Classroom, which ask the same of every submission."""
        from cnncalc.destinations import nothing_known
        from cnncalc.report.grade_exports import classroom_json

        questions = [(one.name, one.asked, one.points) for one in grader.questions]
        text = classroom_json(questions, grader.key.graph.source.name, self.submissions[0])
        self._save(str(self.classroom), text, nothing_known)

    def _write_gradescope(self, path: str, book: Gradebook) -> None:
        """One submission is one file, as Gradescope runs it; a class is a folder of them."""
        from cnncalc.destinations import make_folder
        from cnncalc.report.grade_exports import gradescope_json, is_grades
        from cnncalc.report.grade_sheets import file_names

        visibility = self.visibility.value
        folder = path.endswith(("/", os.sep)) or os.path.isdir(path)
        if not folder and len(book.grades) == 1 and path.lower().endswith(".json"):
            self._save(path, gradescope_json(book.grades[0], visibility), is_grades)
            return
        if not folder:
            count = len(book.grades)
            fault = "does not end in .json" if count == 1 else f"is not a folder, and there are {count} submissions"
            advice = "give a name that ends in .json: results.json" if count == 1 else "give a folder: results/"
            raise wrong_value("--gradescope", path, fault, advice)
        make_folder(path)
        for grade, name in zip(book.grades, file_names(book.grades, ".json"), strict=True):
            self._save(os.path.join(path, name), gradescope_json(grade, visibility), is_grades)

    def write_failure(self, said: str) -> None:
        """Writes a `results.json` that says why there are no points."""
        from cnncalc.report.grade_exports import failure_json, is_grades

        self._save(str(self.gradescope), failure_json(said, self.visibility.value), is_grades)

    def _write_sheets(self, folder: str, book: Gradebook) -> None:
        from cnncalc.destinations import make_folder
        from cnncalc.report import grade_sheets

        html = self.sheet_format is SheetFormat.HTML
        ending = ".html" if html else ".md"
        sheet, index = (
            (grade_sheets.sheet_html, grade_sheets.index_html)
            if html
            else (grade_sheets.sheet_markdown, grade_sheets.index_markdown)
        )
        make_folder(folder)
        names = grade_sheets.file_names(book.grades, ending)
        for grade, name in zip(book.grades, names, strict=True):
            self._save(os.path.join(folder, name), sheet(grade, book), grade_sheets.is_sheet)
        self._save(os.path.join(folder, f"index{ending}"), index(book, names), grade_sheets.is_sheet)

    def _fill(self, path: str, fill: Fill, book: Gradebook) -> None:
        """Writes a platform's table with the points in it, and says how many lines have them and who has none."""
        from cnncalc.cli.terminal import show_diagnostics, write_error
        from cnncalc.homework.class_notes import not_in_table
        from cnncalc.homework.roster_files import LARGEST_ROSTER, read_roster
        from cnncalc.reading import content_of
        from cnncalc.report.grade_worksheets import table_text

        roster = read_roster(path)
        mark, text = table_text(content_of(path, LARGEST_ROSTER))
        filled = fill(text, path, roster, book, self.worksheets.points_column)
        target = filled_name(path)
        head = (mark + text.partition("\n")[0].rstrip("\r")).encode()
        self._save(target, mark + filled.text, lambda beginning: beginning.startswith(head))
        said, plural = "".join(f"; {note}" for note in filled.notes), "s" * (filled.lines != 1)
        write_error(f"note: {target}: points in {filled.lines} line{plural} of {path}{said}\n")
        if filled.left_out:
            show_diagnostics(not_in_table(path, filled.left_out), None)

    def _save(self, path: str, text: str, known: Known) -> None:
        """Writes one of the files; an earlier one of the same kind is replaced."""
        from cnncalc.destinations import write_file

        write_file(path, text, inputs=(self.key, *self.submissions), force=self.force, known=known)


def wrong_value(option: str, value: str, fault: str, advice: str) -> Exception:
    """The InputError about what was written behind an option."""
    from cnncalc.diagnostics import input_error

    return input_error("wrong-value", f"{option}: `{value[:80]}` {fault}", help=advice)
