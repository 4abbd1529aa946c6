"""Whose a submission is: what knows best comes first, and every difference is noted.

In this order: a platform's list (Gradescope's `submission_metadata.yml`, Blackboard's receipts), the platform's name of
a folder or file, a folder that has the id of somebody in the class, what the text says, the name of the file or folder.
A text whose author has nothing in common with the folder it lies in does not get the folder's points.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cnncalc.homework.reading.containers.blackboard import receipt
from cnncalc.homework.reading.containers.container_limits import EMPTY, MOST_FILES, NOTHING_READ, Found, Unreadable
from cnncalc.homework.reading.containers.gradescope import LARGEST_METADATA, METADATA, owners
from cnncalc.homework.reading.containers.homework_names import is_generic
from cnncalc.homework.reading.containers.likely import homework_first
from cnncalc.homework.reading.containers.platforms import Owner, is_receipt, owner_of
from cnncalc.homework.student_names import Student, plain, spelled_out, words_of


class Submission(NamedTuple):
    """All files of one student; `known` says that a platform names its owner, `owner` is a mere place otherwise.

    `in_folder` says that this place is a folder of its own.  `notes` are about the files.
    """

    owner: Student
    known: bool
    files: tuple[Found, ...]
    in_folder: bool = False
    notes: tuple[str, ...] = ()


@dataclass
class _Group:
    """The files of one student while they are gathered."""

    owner: Student
    known: bool
    in_folder: bool
    files: list[Found]


# ---------------------------------------------------------------------- files by student
def submissions_of(found: Iterable[Found]) -> list[Submission]:
    """The files by student, in the order of their names; a submission of several students once for each."""
    files = list(found)
    listed = _listed(files)
    files = [one for one in files if one.parts[-1] != METADATA] or files
    alike = Counter(one.parts for one in files)
    serials = Counter((owner.id, owner.serial) for one in files if (owner := owner_of(one.parts)) and owner.serial)
    groups: dict[tuple[object, ...], _Group] = {}
    for one in files:
        parts = one.parts if alike[one.parts] == 1 else (*_folder_of(one), *one.parts)
        owner = owner_of((*parts, "") if one.fault else parts)
        if owner and owner.serial and serials[owner.id, owner.serial] > 1 and len(parts) == 1:
            owner = None
        for student in _students(one, owner, listed):
            known = student is not None
            place = (student.id,) if student else (one.given, parts[0])
            folder = len(parts) > 1
            mere = Student(plain(parts[0] if folder else os.path.splitext(parts[0])[0]))
            group = groups.setdefault(place, _Group(student or mere, known, folder and not known, []))
            group.owner = group.owner if group.owner.name or not student else student
            group.files.append(one)
    return [submission_of(one.owner, one.known, one.files, in_folder=one.in_folder) for one in groups.values()]


def _students(
    one: Found, owner: Owner | None, listed: dict[tuple[str, ...], tuple[Owner, ...]]
) -> Iterator[Student | None]:
    """Who handed in a file, as far as a platform says it."""
    above = (one.parts[: n + 1] for n in range(len(one.parts)))
    known = next((listed[folder] for folder in above if folder in listed), ())
    if not known and owner is None:
        yield None
    for submitter in known or ((owner,) if owner else ()):
        yield Student(plain(submitter.id), plain(submitter.name))


def _listed(files: Sequence[Found]) -> dict[tuple[str, ...], tuple[Owner, ...]]:
    """What Gradescope's lists say of the folders and files beside them."""
    found: dict[tuple[str, ...], tuple[Owner, ...]] = {}
    for one in files:
        if one.parts[-1] != METADATA or one.content is None:
            continue
        try:
            text = one.content(LARGEST_METADATA).decode("utf-8", "replace")
        except Unreadable:
            continue
        found |= {(*one.parts[:-1], name): submitters for name, submitters in owners(text).items()}
    return found


def submission_of(owner: Student, known: bool, files: Sequence[Found], *, in_folder: bool = False) -> Submission:
    """The files that are most likely the homework; Blackboard's receipt gives the name."""
    if known and any(is_receipt(one.parts[-1]) for one in files):
        said = [receipt(one) for one in files if is_receipt(one.parts[-1])]
        owner = Student(owner.id, owner.name or plain(next((one.name for one in said if one.name), "")))
        handed_in = [one for one in files if not is_receipt(one.parts[-1])]
        files = [*handed_in, *(one.typed for one in said if one.typed)] or files
    files = [one for one in files if one.fault not in (EMPTY, NOTHING_READ)] or files
    read = homework_first(files)
    notes = []
    if (count := max(len(files), *(one.among for one in files))) > MOST_FILES:
        notes.append(f"has {count:,} files; the {MOST_FILES} whose names are most like homework are read")
    if known and any(one.late for one in map(owner_of, (file.parts for file in read)) if one):
        notes.append("the platform says that it was handed in late")
    return Submission(owner, known, tuple(read), in_folder, tuple(notes))


def _folder_of(found: Found) -> tuple[str, ...]:
    """The folder in which a file lies whose name others have too: `ana/hw1.txt` beside `bob/hw1.txt`."""
    folder = os.path.basename(os.path.dirname(os.path.abspath(found.shown)))
    return (folder,) if folder else ()


# ---------------------------------------------------------------------- whose it is
def identified(submission: Submission, written: Student) -> tuple[Student, str]:
    """Who gets the points, and what differs between the place and the text ("": nothing)."""
    owner = submission.owner
    if not any(written):
        return owner, ""
    same = agree(owner, written)
    differs = f"the text says that it is {written.name or written.id}'s"
    if submission.known:
        return owner, differs if same is False else ""
    mine = Student(written.id or owner.id, written.name or ("" if written.id else owner.name))
    if same or is_generic(owner.id):
        return mine, ""
    if submission.in_folder and same is False:
        return owner, differs
    return mine, "the id is the text's; the file or folder has another name" if same is False else ""


def agree(owner: Student, written: Student) -> bool | None:
    """Whether a text is by whom its place belongs to; None where nothing can be compared.

    >>> agree(Student("gomez-a"), Student("1", "Ana Gómez")), agree(Student("s1234"), Student("1234"))
    (True, True)
    >>> agree(Student("ana"), Student("1", "Bo Ray")), agree(Student("1234"), Student("77", "Bo Ray"))
    (False, None)
    """
    number = "".join(words_of(written.id))
    if number and (
        number == "".join(words_of(owner.id)) or (len(number) > 2 and number in "".join(words_of(owner.id)))
    ):
        return True
    pairs = [(words(owner.name or owner.id), words(written.name)) for words in (words_of, spelled_out)]
    pairs = [([word for word in ours if not word.isdigit() and not is_generic(word)], theirs) for ours, theirs in pairs]
    if not all(pairs[0]):
        return None
    return any(
        all(word in "".join(theirs) for word in ours) or all(word in "".join(ours) for word in theirs)
        for ours, theirs in pairs
    )
