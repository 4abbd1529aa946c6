"""One folder or archive as the submission of one student, as an autograder gets it: nobody is counted in it.

Gradescope unpacks a submission into `/autograder/submission` and writes beside it, into `submission_metadata.json`, who
handed it in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

from cnncalc.homework.identity import Submission, submission_of
from cnncalc.homework.reading.author import author_of_files
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.containers.contents import files_in
from cnncalc.homework.reading.containers.folder import given_file
from cnncalc.homework.student_names import NOBODY, Student, plain

METADATA = "submission_metadata.json"
FOLDER = "submission"
LARGEST_METADATA = 4_000_000


def single_submission(path: str, *, is_ours: Callable[[bytes], bool]) -> Submission:
    """All files below the path; their owner is known where the platform has written who it is."""
    student = _submitter(path)
    name = os.path.basename(os.path.abspath(path))
    owner = student or Student(plain(os.path.splitext(name)[0]))
    return submission_of(owner, student is not None, files_in(path, is_ours=is_ours))


def is_of_an_autograder(path: str) -> bool:
    """Whether this is where Gradescope puts the one submission that it wants graded."""
    return os.path.basename(os.path.abspath(path)) == FOLDER or os.path.isfile(_metadata(path))


def are_of_several(submissions: Sequence[Submission]) -> bool:
    """Whether a platform or the texts name more than one student."""
    named = {one.owner if one.known else author_of_files(one.files) for one in submissions} - {NOBODY}
    return len(named) > 1


def _metadata(path: str) -> str:
    return os.path.join(os.path.dirname(os.path.abspath(path)), METADATA)


def _submitter(path: str) -> Student | None:
    """Who handed it in; of several the first, with all names."""
    place = _metadata(path)
    if not os.path.isfile(place):
        return None
    found = given_file(place)
    try:
        said = json.loads(found.content(LARGEST_METADATA)) if found.content else None
    except (Unreadable, ValueError, RecursionError):
        return None
    listed = said.get("users") if isinstance(said, dict) else None
    users = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if not users:
        return None
    number = next((value for word in ("sid", "email", "id") if (value := _text(users[0].get(word)))), "")
    return Student(number, plain(", ".join(filter(None, (_text(one.get("name")) for one in users)))))


def _text(value: Any) -> str:
    return plain(str(value)) if isinstance(value, (str, int)) else ""
