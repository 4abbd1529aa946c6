"""What can be wrong with the request for a quiz: the roster, the kinds, where it should go.

An example is a command line, since no line of a model breaks these rules.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "roster-unreadable": Entry(
        "a roster cannot be read, or is no table",
        "A roster is a CSV with one student a line, as spreadsheets and learning platforms export it: separated by "
        "comma, semicolon or tab, best saved as UTF-8. An Excel file or a PDF is no CSV; save it as one.",
        "cnncalc quiz --students class.xlsx -o quizzes/",
    ),
    "roster-empty": Entry(
        "a roster names no student",
        "There is nothing in the file, or only a line of titles. Each student needs a line of its own with a number "
        "and, if you like, a name.",
        "printf 'id,name\\n' > class.csv; cnncalc quiz --students class.csv -o quizzes/",
    ),
    "roster-too-large": Entry(
        "a roster is larger than any class",
        "At most 2 MB and 20,000 students are read, so that a wrong file is not worked on for hours. Split the roster: "
        "a variant depends on the seed and the student's number, not on who else is in the file.",
        "cnncalc quiz --students all-students-since-1950.csv -o quizzes/",
    ),
    "roster-without-id": Entry(
        "a student in the roster has no number",
        "The number seeds the student's variant and names its file, so that everybody must have one. It is looked for "
        "in a column called `id`, `student number`, `username` or the like; without titles it is the first column.",
        "printf 'id,name\\n,Ana\\n' > class.csv; cnncalc quiz --students class.csv -o quizzes/",
    ),
    "roster-not-understood": Entry(
        "no column of a roster is known",
        "The first row has neither a title that is known for numbers or names of students, nor a "
        "number. Say which column it is, by its title or counted from 1; titles that are known, "
        "in several languages, are `id`, `student number`, `Matrikelnummer`, `username` and `email`.",
        "printf 'Kürzel,Punkte\\nana,x\\n' > class.csv; cnncalc quiz --students class.csv -o quizzes/",
    ),
    "roster-unknown-column": Entry(
        "a roster has no such column",
        "--id-column and --name-column take the title of a column as it is in the first row (capitals, accents and "
        "signs make no difference), or its number counted from 1.",
        "printf 'id,name\\n1,Ana\\n' > class.csv; cnncalc quiz --students class.csv --id-column matrikel -o quizzes/",
    ),
    "no-keys": Entry(
        "a folder of keys holds none",
        "`grade` takes one key, or a folder with a key for each student: what `quiz --students ROSTER -o FOLDER` "
        "wrote, or texts that ask with `=> ?`, each with the student's number in its `student` line or as its name.",
        "mkdir keys; cnncalc grade keys submissions/",
    ),
    "roster-same-id": Entry(
        "two students in the roster have the same number",
        "They would get the same variant and the same file. Capitals make no difference, since many file systems do "
        "not distinguish them.",
        "printf 'id,name\\n1,Ana\\n1,Bo\\n' > class.csv; cnncalc quiz --students class.csv -o quizzes/",
    ),
    "quiz-unknown-kind": Entry(
        "a kind of exercise does not exist",
        "The kinds are sizes, params, macs, rf (receptive field), matrix (by hand), padding and some more, which "
        "`cnncalc quiz --kinds list` prints. Several are separated by commas, and are asked in turn.",
        "cnncalc quiz --kinds sizes,shapes",
    ),
    "quiz-share": Entry(
        "Moodle knows no such share of the points",
        "An answer in Moodle earns one of a fixed list of percentages, and an import stops at any other. Of these the "
        "whole ones can be given for answers that a known slip explains.",
        "cnncalc quiz --to gift --slip-share 0.33",
    ),
    "quiz-one-file": Entry(
        "several quizzes do not fit into one file of this notation",
        "Our own text, Cloze and text2qti hold one quiz a file. Name a folder to get a file for each student; GIFT, "
        "Markdown, HTML and LaTeX hold several quizzes in one file.",
        "cnncalc quiz --students class.csv -o quizzes.txt",
    ),
}
