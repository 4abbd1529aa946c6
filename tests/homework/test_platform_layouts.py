"""A class of four in the layouts that platforms give out: the same students, the same points, none lost."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.homework.grading import Grader
from cnncalc.homework.identity import submissions_of
from cnncalc.homework.reading.containers.attempts import recency
from cnncalc.homework.reading.containers.blackboard import receipt
from cnncalc.homework.reading.containers.container_limits import Found, Unreadable
from cnncalc.homework.reading.containers.contents import found_in
from cnncalc.homework.reading.containers.wrapping import unwrapped
from cnncalc.net_files import checked

KEY = """homework "HW2"
input 28x28x1
conv1: conv 8 3x3 relu => ? params ? worth 1 2
pool1: maxpool 2x2     => ?          worth 1
total                  => params ?   worth 1
"""
RIGHT = "conv1 => 26x26x8 params 80\npool1 => 13x13x8\ntotal => params 80\n"
HALF = "conv1 => 26x26x8\npool1 => 13x13x8\n"
WRONG = "conv1 => 1x1x1 params 1\npool1 => 1x1x1\ntotal => params 1\n"

NOTHING_TYPED = "There is no student submission text data for this assignment."

EVERYBODY = [("Ana Gomez", RIGHT), ("Bo Ray", HALF), ("Çiğdem Öz", RIGHT), ("Dan O'Neil", RIGHT)]
"""Ana has all 5 points, Bo 2, Çiğdem 5, Dan 5; where a platform keeps attempts, Dan's first one is all wrong."""

Files = dict[str, str]


def moodle_folders() -> Files:
    files = {
        f"{name}_{n}_assignsubmission_file_/hw2.txt": text for n, (name, text) in enumerate(EVERYBODY, 71) if n != 73
    }
    return files | {"Çiğdem Öz_73_assignsubmission_onlinetext_/onlinetext.txt": RIGHT}


def moodle_flat() -> Files:
    return {f"{name}_{n}_assignsubmission_file_my hw.txt": text for n, (name, text) in enumerate(EVERYBODY, 71)}


def canvas() -> Files:
    return {
        "gomezana_71_9001_hw2.txt": RIGHT,
        "raybo_72_9002_hw2.txt": HALF,
        "ozcigdem_LATE_73_9003_hw2.txt": RIGHT,
        "oneildan_74_9004_hw2.txt": WRONG,
        "oneildan_74_9009_hw2-1.txt": RIGHT,
    }


def blackboard() -> Files:
    files: Files = {}
    for n, (name, text) in enumerate(EVERYBODY, 71):
        receipt = f"Name: {name} (s{n})\nAssignment: HW2\n\nSubmission Field:\n{NOTHING_TYPED}\n\nComments:\n"
        for day, written in ((3, WRONG), (4, text)) if n == 74 else ((3, text),):
            attempt = f"HW_2_s{n}_attempt_2023-03-0{day}-14-03-10"
            files |= {f"{attempt}_hw2.txt": written, f"{attempt}.txt": receipt}
    return files


def brightspace() -> Files:
    folders = {
        "71-500 - Ana Gomez - Oct 10, 2025 1022 AM": RIGHT,
        "72-500 - Bo Ray - Oct 10, 2025 1130 AM": HALF,
        "73-500 - Çiğdem Öz - Oct 11, 2025 102 PM": RIGHT,
        "74-500 - Dan O'Neil - Oct 10, 2025 1022 AM": WRONG,
        "74-500 - Dan O'Neil - Oct 10, 2025 1022 PM": RIGHT,
    }
    return {f"HW 2/{folder}/hw2.txt": text for folder, text in folders.items()} | {"HW 2/index.html": "<html></html>"}


def gradescope() -> Files:
    metadata = "---\n"
    files: Files = {}
    for n, (name, text) in enumerate(EVERYBODY, 71):
        quoted = name.replace("'", "''")
        metadata += f"submission_{n}00:\n  :submitters:\n  - :name: '{quoted}'\n    :sid: '{n}'\n    :email: a@b.de\n"
        metadata += "  :created_at: 2023-03-03 14:03:10 Z\n  :score: 0.0\n  :results:\n    :tests:\n    - :name: x\n"
        files[f"assignment_1_export/submission_{n}00/hw2.txt"] = text
    return files | {"assignment_1_export/submission_metadata.yml": metadata}


def nbgrader() -> Files:
    files: Files = {
        "course/gradebook.db": "x",
        "course/nbgrader_config.py": "c = 1",
        "course/source/HW2/hw2.txt": WRONG,
    }
    for name, text in zip("abcd", [text for _, text in EVERYBODY], strict=True):
        files |= {
            f"course/submitted/{name}7123/HW2/hw2.txt": text,
            f"course/submitted/{name}7123/HW2/timestamp.txt": "2015-02-02 15:58:23.948203 America/Los_Angeles",
            f"course/autograded/{name}7123/HW2/hw2.txt": WRONG,
            f"course/feedback/{name}7123/HW2/hw2.html": "<html></html>",
        }
    return files


def repositories() -> Files:
    files: Files = {}
    for n, (name, text) in enumerate(EVERYBODY, 71):
        login = name.split()[0].lower()
        folder = f"hw2-submissions/hw2-{login}"
        files |= {f"{folder}/src/layer{k}/module{k}.py": "x = 1\n" for k in range(30)}
        files |= {f"{folder}/node_modules/m{k}/index.txt": WRONG for k in range(30)}
        files |= {
            f"{folder}/.git/HEAD": "ref: refs/heads/main\n",
            f"{folder}/README.md": 'student "Your Name" 99999\n{WRONG}',
            f"{folder}/answers/hw2.txt": f'student "{name}" {n}\n{text}',
        }
    return files


def google_classroom() -> Files:
    return {f"HW2/{name} - hw2.txt": text for name, text in EVERYBODY}


def teams() -> Files:
    files = {f"Submitted files/{name}/HW2/Version 1/hw2.txt": text for name, text in EVERYBODY[:3]}
    files |= {f"Submitted files/Dan O'Neil/HW2/Version {n}/hw2.txt": text for n, text in ((9, WRONG), (10, RIGHT))}
    return files | {f"Working files/{name}/HW2/hw2.txt": WRONG for name, _ in EVERYBODY}


def packed_on_a_mac() -> Files:
    files = {f"HW2/{name}/hw2.txt": text for name, text in EVERYBODY}
    return files | {"__MACOSX/HW2/._hw2.txt": "x", "HW2/.DS_Store": "x"}


def flat_files_in_a_folder() -> Files:
    return {f"HW2/{name}.txt": text for name, text in EVERYBODY}


NUMBERS = {"71": 5, "72": 2, "73": 5, "74": 5}
NAMES = {"Ana Gomez": 5, "Bo Ray": 2, "Çiğdem Öz": 5, "Dan O'Neil": 5}
LAYOUTS: list[tuple[Callable[[], Files], dict[str, int]]] = [
    (moodle_folders, NUMBERS),
    (moodle_flat, NUMBERS),
    (canvas, NUMBERS),
    (blackboard, {"s71": 5, "s72": 2, "s73": 5, "s74": 5}),
    (brightspace, NUMBERS),
    (gradescope, NUMBERS),
    (nbgrader, {"a7123": 5, "b7123": 2, "c7123": 5, "d7123": 5}),
    (repositories, NUMBERS),
    (google_classroom, {f"{name} - hw2": points for name, points in NAMES.items()}),
    (teams, NAMES),
    (packed_on_a_mac, NAMES),
    (flat_files_in_a_folder, NAMES),
]


def as_folder(root: Path, files: Files) -> str:
    for name, text in files.items():
        path = root / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(root / "class")


def as_archive(root: Path, files: Files) -> str:
    with zipfile.ZipFile(root / "class.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return str(root / "class.zip")


def as_archive_in_a_folder(root: Path, files: Files) -> str:
    (root / "downloads").mkdir()
    as_archive(root / "downloads", files)
    return str(root / "downloads")


def points(path: str) -> dict[str, int]:
    grades = Grader(analyse(checked(Source("key.txt", KEY)))).grades(submissions_of(found_in(path)))
    return {grade.student.id: int(grade.points) for grade in grades}


@pytest.mark.parametrize("pack", [as_folder, as_archive, as_archive_in_a_folder])
@pytest.mark.parametrize(("made", "expected"), LAYOUTS, ids=[made.__name__ for made, _ in LAYOUTS])
def test_every_platform_gives_the_same_students_their_points(
    made: Callable[[], Files], expected: dict[str, int], pack: Callable[[Path, Files], str], tmp_path: Path
) -> None:
    assert points(pack(tmp_path, made())) == expected


def test_each_student_may_have_packed_the_homework(tmp_path: Path) -> None:
    for n, (name, text) in enumerate(EVERYBODY, 71):
        folder = tmp_path / "class" / f"{name}_{n}_assignsubmission_file_"
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
            archive.writestr("homework/hw2.txt", text)
            archive.writestr("__MACOSX/homework/._hw2.txt", "x")
    assert points(str(tmp_path / "class")) == NUMBERS


def test_what_students_packed_is_read_inside_the_archive_of_the_class(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for n, (_, text) in enumerate(EVERYBODY, 71):
            with zipfile.ZipFile(tmp_path / "one.zip", "w") as packed:
                packed.writestr("hw2.txt", text)
            archive.write(tmp_path / "one.zip", f"somebody_{n}_900{n}_hw2.zip")
    assert points(str(tmp_path / "class.zip")) == NUMBERS


def test_several_who_hand_in_together_all_get_the_points(tmp_path: Path) -> None:
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: Ana\n    :sid: '71'\n  - :name: \"Jos\\u00e9\"\n    :email: j@b.de\n"
    )
    assert points(as_folder(tmp_path, {"submission_1/hw.txt": RIGHT, "submission_metadata.yml": metadata})) == {
        "71": 5,
        "j@b.de": 5,
    }


def test_a_text_handed_in_by_typing_it_into_blackboard_is_read(tmp_path: Path) -> None:
    receipt = f"Name: Ana Gomez (s71)\nAssignment: HW2\n\nSubmission Field:\n{RIGHT}\nComments:\nThere are none.\n"
    assert points(as_folder(tmp_path, {"HW_s71_attempt_2023-03-03-14-03-10.txt": receipt})) == {"s71": 5}


def test_a_receipt_gives_the_name_and_is_no_file_of_the_student(tmp_path: Path) -> None:
    found = submissions_of(found_in(as_folder(tmp_path, blackboard())))
    assert [(one.owner.id, one.owner.name, len(one.files)) for one in found] == [
        ("s71", "Ana Gomez", 1),
        ("s72", "Bo Ray", 1),
        ("s73", "Çiğdem Öz", 1),
        ("s74", "Dan O'Neil", 2),
    ]


def test_what_came_late_is_said(tmp_path: Path) -> None:
    found = submissions_of(found_in(as_folder(tmp_path, canvas())))
    assert [one.owner.id for one in found if one.notes] == ["73"]
    assert [one.notes for one in found if one.notes] == [("the platform says that it was handed in late",)]


# ---------------------------------------------------------------------- folders round the class
def test_folders_that_are_given_one_by_one_are_students_too(tmp_path: Path) -> None:
    path = as_folder(
        tmp_path, {"ana/hw.txt": "a", "ana/notes.txt": "b", "bo/hw.txt": "c", "s2/cy.txt": "d", "s2/di.txt": "e"}
    )
    found = [one for name in ("ana", "bo", "s2") for one in found_in(f"{path}/{name}", of_several=True)]
    assert [(one.owner.id, len(one.files)) for one in submissions_of(found)] == [
        ("ana", 2),
        ("bo", 1),
        ("cy", 1),
        ("di", 1),
    ]


WRAPPED: list[tuple[Files, set[str]]] = [
    ({"HW1/ana/hw.txt": "a", "HW1/bob.txt": "b"}, {"ana", "bob"}),
    ({"HW1/section/ana/hw.txt": "a", "HW1/section/bob/hw.txt": "b"}, {"ana", "bob"}),
    ({"ana/hw2.txt": "a", "ana/hw2_v2.txt": "b"}, {"ana"}),
    ({"ana/part1/hw.txt": "a", "ana/part2/hw.txt": "b"}, {"ana"}),
    ({"ana/README.md": "a", "ana/hw2.txt": "b", "ana/src/net.py": "c"}, {"ana"}),
    ({"ana/conv.txt": 'student "Ana Gomez" 1', "ana/dense.txt": "b"}, {"ana"}),
    ({"class/a.txt": "student Ana 1", "class/b.txt": "student Bo 2"}, {"a", "b"}),
    ({"s1/ana.txt": "student Ana 1", "s1/bo.txt": "student Bo 2", "s2/cy.txt": "student Cy 3"}, {"ana", "bo", "s2"}),
    ({"ana/hw.txt": "a", "bob/hw.txt": "b", "index.html": "x"}, {"ana", "bob"}),
    ({"hw_2024_11_ana.txt": "a", "hw_2024_11_bob.txt": "b"}, {"hw_2024_11_ana", "hw_2024_11_bob"}),
]


@pytest.mark.parametrize("pack", [as_folder, as_archive])
@pytest.mark.parametrize(("files", "students"), WRAPPED)
def test_a_class_never_becomes_one_student(
    files: Files, students: set[str], pack: Callable[[Path, Files], str], tmp_path: Path
) -> None:
    assert {one.owner.id for one in submissions_of(found_in(pack(tmp_path, files)))} == students


def test_a_folder_of_somebody_in_the_class_is_a_student_and_not_a_class(tmp_path: Path) -> None:
    path = as_folder(tmp_path, {"ana/conv.txt": "a", "ana/dense.txt": "b"})
    assert {one.owner.id for one in submissions_of(found_in(path))} == {"conv", "dense"}
    assert {one.owner.id for one in submissions_of(found_in(path, is_student="ana".__eq__))} == {"ana"}


def test_what_an_earlier_grading_wrote_is_no_submission(tmp_path: Path) -> None:
    files = {"ana.txt": "a", "grades.csv": "ours", "sheets/ana.html": "ours", "old/results.json": "ours", "b.csv": "b"}
    path = as_folder(tmp_path, files)
    found = submissions_of(found_in(path, is_ours=lambda beginning: beginning.startswith(b"ours")))
    assert [one.owner.id for one in found] == ["ana", "b"]


def test_a_packed_homework_is_bounded(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("page.html", b" " * 3_900_000)
        packed.writestr("../hw.txt", RIGHT)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.write(tmp_path / "one.zip", "ana.zip")
        archive.writestr("bob.zip", b"no archive")
    (ana, bob) = submissions_of(found_in(str(tmp_path / "class.zip")))
    reasons = []
    for one in (*ana.files, *bob.files):
        with pytest.raises(Unreadable) as refused:
            one.read()
        reasons.append(str(refused.value))
    assert reasons[:2] == ["has a path that leads out of the archive", "is packed more tightly than any homework"]
    assert reasons[2].startswith("is a damaged zip archive")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("ana/hw2.txt", "ana/hw2_v2.txt"),
        ("ana/hw2_v9.txt", "ana/hw2_v10.txt"),
        ("ana/hw2.txt", "ana/hw2 (1).txt"),
        ("ana/hw2_draft.txt", "ana/hw2.txt"),
        ("ana/hw2_v3.txt", "ana/hw2-final.txt"),
        ("a_1_9001_hw2.txt", "a_1_9002_hw.txt"),
        ("HW_a_attempt_2023-03-03-14-03-10_z.txt", "HW_a_attempt_2023-03-04-14-03-10_a.txt"),
        ("1-2 - Ana - Dec 31, 2024 1159 PM/hw.txt", "1-2 - Ana - Jan 1, 2025 1201 AM/hw.txt"),
        ("Submitted files/Ana/HW/Version 2/hw.txt", "Submitted files/Ana/HW/Version 10/hw.txt"),
    ],
)
def test_the_newer_of_two_files_is_known_by_attempt_and_version(older: str, newer: str) -> None:
    first, second = (Found(tuple(name.split("/")), name, bytes, changed=n) for name, n in ((older, 2), (newer, 1)))
    assert recency(first) < recency(second)


def test_the_time_decides_where_the_names_do_not() -> None:
    first, second = (Found((name,), name, bytes, changed=n) for name, n in (("b.txt", 1), ("a.txt", 2)))
    assert recency(first) < recency(second)


def test_twice_the_files_take_twice_the_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        files = [Found((f"s{n % 50}", f"d{n % 7}", f"hw{n}.txt"), "x", bytes) for n in range(count)]
        start = time.process_time()
        submissions_of(unwrapped(files, lambda _: False))
        return time.process_time() - start

    seconds(2_000)
    assert seconds(20_000) < 6 * seconds(10_000) + 0.2


@pytest.mark.parametrize(
    "name",
    [
        "1-2 - " + " - " * 20_000,
        "_attempt_" * 8000,
        "a_1_assignsubmission_" * 3000,
        "x_" * 30_000 + "1_2_",
        "(" * 60_000,
    ],
    ids=["brightspace", "blackboard", "moodle", "canvas", "version"],
)
def test_a_long_name_takes_no_time(name: str) -> None:
    """An archive may hold names of 65,535 letters."""
    start = time.process_time()
    assert len(submissions_of(unwrapped([Found((name,), name, bytes)], lambda _: False))) == 1
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "written", [b"Name: " + b" " * 190_000, b"Name: (\n" * 20_000, b"Submission Field:\n" * 10_000]
)
def test_a_long_receipt_takes_no_time(written: bytes) -> None:
    start = time.process_time()
    receipt(Found(("x_attempt_2023-03-03-14-03-10.txt",), "x", lambda: written))
    assert time.process_time() - start < 2
