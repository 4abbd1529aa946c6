"""What students hand in beside their homework, or instead of it: another assignment's files, and nothing at all."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.homework.identity import submissions_of
from cnncalc.homework.reading.containers.contents import found_in

from .test_attempts import grades
from .test_platform_layouts import HALF, RIGHT, Files, as_archive, as_folder

Pack = Callable[[Path, Files], str]


# ---------------------------------------------------------------------- another assignment
def test_the_answers_of_another_assignment_do_not_count(tmp_path: Path) -> None:
    """Two shapes of the key's homework are worth 2; the other three points stand in the folder of another one."""
    files = {f"submitted/{name}/{folder}/hw.txt": text for name in ("ana", "bo") for folder, text in FOLDERS}
    found = grades(as_folder(tmp_path, files | {"submitted/cy/HW2/hw.txt": RIGHT}), "HW1: counting")
    assert {grade.student.id: grade.points for grade in found} == {"ana": 2, "bo": 2, "cy": 0}
    assert [note for note in found[0].notes if "assignment" in note] == [
        "left out HW2/hw.txt, handed in for another assignment"
    ]
    assert found[2].fault == "left out hw.txt, handed in for another assignment"


FOLDERS = (("HW1", HALF), ("HW2", RIGHT))


@pytest.mark.parametrize("given", ["submitted", "course"])
def test_one_assignment_alone_counts_where_the_key_does_not_say_which(given: str, tmp_path: Path) -> None:
    files = {f"submitted/{name}/{folder}/hw.txt": text for name in ("ana", "bo") for folder, text in FOLDERS}
    path = Path(as_folder(tmp_path, files))
    found = grades(str(path / "submitted" if given == "submitted" else path), "Counting")
    assert {grade.student.id: grade.points for grade in found} == {"ana": 5, "bo": 5}
    assert "left out HW1/hw.txt, handed in for another assignment" in found[0].notes


def test_folders_of_assignments_are_known_by_the_name_of_the_homework_on_any_disk(tmp_path: Path) -> None:
    files = {f"{name}/{folder}/hw.txt": text for name in ("ana", "bo") for folder, text in FOLDERS}
    found = grades(as_folder(tmp_path, files), "HW1")
    assert {grade.student.id: grade.points for grade in found} == {"ana": 2, "bo": 2}


# ---------------------------------------------------------------------- nothing that is read
@pytest.mark.parametrize("student", ["Cy Ng_73_assignsubmission_file_", "Cy Ng"])
@pytest.mark.parametrize(
    "inside",
    [".DS_Store", ".hw.txt", "__MACOSX/._hw.txt", "Thumbs.db", "~$hw.docx", ".git/config", "venv/hw.txt", "a/.gitkeep"],
)
@pytest.mark.parametrize("pack", [as_folder, as_archive])
def test_a_student_whose_files_are_not_read_is_listed(pack: Pack, inside: str, student: str, tmp_path: Path) -> None:
    others = {
        student.replace("Cy Ng", name).replace("73", n) + "/hw.txt": RIGHT for name, n in (("A B", "7"), ("C D", "8"))
    }
    found = grades(pack(tmp_path, others | {f"{student}/{inside}": "x"}))
    (cy,) = [grade for grade in found if grade.student.id in ("73", "Cy Ng")]
    assert len(found) == 3
    assert cy.fault.endswith("holds nothing that is read")


def test_an_empty_folder_in_an_archive_is_listed_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("HW2/A B/hw.txt", RIGHT)
        archive.writestr("HW2/C D/", "")
        archive.writestr("HW2/E F/hw.txt", RIGHT)
    faults = {grade.student.id: grade.fault for grade in grades(str(tmp_path / "class.zip"))}
    assert faults["C D"].endswith("C D is an empty folder")
    assert len(faults) == 3


@pytest.mark.parametrize("folder", ["Cy Ng_73_assignsubmission_file_", "Cy Ng"])
def test_a_student_who_handed_in_an_earlier_gradings_output_is_listed(folder: str, tmp_path: Path) -> None:
    path = as_folder(tmp_path, {f"{folder}/grades.csv": "ours", "sheets/a.html": "ours", "Ana/hw.txt": RIGHT})
    found = submissions_of(found_in(path, is_ours=lambda beginning: beginning == b"ours"))
    assert sorted(one.owner.id for one in found) == sorted(["Ana", "73" if "73" in folder else folder])


def test_an_empty_folder_beside_the_homework_is_no_note(tmp_path: Path) -> None:
    files = {"ana/hw.txt": RIGHT, "ana/figs/.gitkeep": "", "bo/hw.txt": RIGHT}
    assert [note for grade in grades(as_folder(tmp_path, files)) for note in grade.notes if "holds" in note] == []


def test_a_packed_homework_of_very_many_files_is_counted_truly_and_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as packed:
        for n in range(5_001):
            packed.writestr(f"data/{n}.bin", "")
        packed.writestr("hw.txt", RIGHT)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.write(tmp_path / "one.zip", "ana.zip")
        archive.writestr("bo.txt", RIGHT)
    ana, _ = grades(str(tmp_path / "class.zip"))
    assert ana.points == 5
    assert "has 5,002 files; the 20 whose names are most like homework are read" in ana.notes
