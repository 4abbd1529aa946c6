"""Class lists of platforms and countries, whom they know, and whose a submission is beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.homework.enrolment import absent, enrolled, in_class
from cnncalc.homework.identity import agree, identified, submissions_of
from cnncalc.homework.reading.author import author_of
from cnncalc.homework.reading.containers.container_limits import Found
from cnncalc.homework.roster_files import read_roster
from cnncalc.homework.rosters import Roster, roster_of
from cnncalc.homework.student_names import Student


def roster(folder: Path, text: str, id_column: str | None = None, name_column: str | None = None) -> Roster:
    path = folder / "class.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(str(path), id_column, name_column)


MOODLE = '"First name","Last name","ID number","Email address",Groups\nAna,Gomez,4711,ana@uni.de,A\n'
MOODLE_GERMAN = "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\nAna;Gomez;4711;ana@uni.de\n"
MOODLE_GRADING = 'Identifier,"Full name","Email address",Status,Grade\n"Participant 4711","Ana Gomez",ana@uni.de,,\n'
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (12)\n"
    '    Points Possible,,,,,10\n"Gomez, Ana",4711,S1,ana,A,\n"Student, Test",99,,x,A,\n'
)
GRADESCOPE = "First Name,Last Name,SID,Email,Role\nAna,Gomez,4711,a@b.de,Student\nThe,Boss,1,t@b.de,Instructor\n"
BRIGHTSPACE = "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#4711,#ana,Gomez,Ana,a@b.de,#\n"
BLACKBOARD = '"Last Name","First Name",Username,"Student ID","Last Access",Availability\nGomez,Ana,ag1,4711,,Yes\n'
NBGRADER = "id,first_name,last_name,email\n4711,Ana,Gomez,a@b.de\n"
CLASSROOM = '"identifier","github_username","github_id","name"\n"4711","ana-g","99","Ana Gomez"\n'
GERMAN = "Matrikelnummer;Name;Vorname\n4711;Gomez;Ana\n"
SPANISH = "Matrícula;Nombre;Apellido(s)\n4711;Ana;Gomez\n"
FRENCH = "Numéro d'étudiant\tNom\tPrénom\n4711\tGomez\tAna\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((text, "Ana Gomez") for text in (MOODLE, MOODLE_GERMAN, MOODLE_GRADING, GRADESCOPE, BRIGHTSPACE, BLACKBOARD)),
        *((text, "Ana Gomez") for text in (NBGRADER, CLASSROOM, GERMAN, SPANISH, FRENCH)),
        (CANVAS, "Gomez, Ana"),
    ],
)
def test_the_columns_of_platforms_and_countries_are_known(text: str, name: str, tmp_path: Path) -> None:
    assert roster(tmp_path, text).students == (Student("4711", name),)


def test_which_columns_were_taken_is_said_unless_they_say_so_themselves(tmp_path: Path) -> None:
    assert roster(tmp_path, "id,name\n1,Ana\n").notes == ()
    (note,) = roster(tmp_path, GERMAN).notes
    assert note == (
        f"{tmp_path}/class.csv: the number of a student is taken from `Matrikelnummer`, the name from "
        "`Vorname` and `Name`"
    )
    assert roster(tmp_path, GRADESCOPE).notes[-1].endswith("1 of another role than student are left out")


def test_a_column_may_be_named_or_counted(tmp_path: Path) -> None:
    text = "Kürzel,Wer,id\nag,Ana,1\n"
    assert roster(tmp_path, text, "kurzel", "Wer").students == (Student("ag", "Ana"),)
    assert roster(tmp_path, text, "1", "2").students == (Student("ag", "Ana"),)
    assert roster(tmp_path, "ag\nbr\n", "1").students == (Student("br"),)
    assert roster(tmp_path, "1,ag\n2,br\n", "1").students == (Student("1"), Student("2"))


def test_titles_that_nobody_knows_are_refused_with_their_names(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        roster(tmp_path, "Kürzel,Wer\nag,Ana\n")
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "roster-not-understood"
    assert diagnostic.message.endswith("is known as a student's number or name: `Kürzel` and `Wer`")
    with pytest.raises(InputError, match="roster-unknown-column"):
        roster(tmp_path, "id,name\n1,Ana\n", "matrikel")


@pytest.mark.parametrize(
    "titles",
    [
        *("id,first,last", "id,Given,Family", "id,name,surname", "Opiskelijanumero,Etunimi,Sukunimi"),
        *("Studentnummer,Voornaam,Achternaam", "Matricola,Nome,Cognome", "Numer indeksu,Imię,Nazwisko"),
        *("Číslo studenta,Jméno,Příjmení", "Öğrenci No,Ad,Soyad", "Neptun-kód,Utónév,Családnév"),
        *("Номер,Имя,Фамилия", "学号,名,姓", "Studentnr,Fornavn,Etternavn"),
    ],
)
def test_first_and_last_names_are_put_together_in_many_languages(titles: str, tmp_path: Path) -> None:
    assert roster(tmp_path, f"{titles}\n4711,Ana,Gomez\n").students == (Student("4711", "Ana Gomez"),)


def test_one_column_may_hold_the_whole_name_in_many_languages(tmp_path: Path) -> None:
    for title in ("Nome completo", "Volledige naam", "Navn", "Imię i nazwisko", "Adı Soyadı", "姓名", "ФИО"):
        assert roster(tmp_path, f"id,{title}\n4711,Ana Gomez\n").students == (Student("4711", "Ana Gomez"),)


def test_a_class_list_without_a_known_number_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        roster(tmp_path, "Kürzel;Achternaam;Voornaam\n4711;Gomez;Ana\n")
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "roster-not-understood"
    assert diagnostic.message.endswith("known as a student's number: `Kürzel`, `Achternaam` and `Voornaam`")


# ---------------------------------------------------------------------- who it is
CLASS = roster_of(
    "class.csv",
    [Student("4711", "Ana Gomez"), Student("4712", "Bo Ray"), Student("4713", "Bo Ray")],
    [("ana-g", Student("4711", "Ana Gomez"))],
)


@pytest.mark.parametrize(
    ("student", "number"),
    [
        (Student("4711"), "4711"),
        (Student("ANA-G"), "4711"),
        (Student("71", "Gómez, Ana"), "4711"),
        (Student("71", "gomezana"), "4711"),
        (Student("71", "Bo Ray"), None),
        (Student("71", "Ana Miller"), None),
    ],
)
def test_a_student_is_found_by_any_number_or_by_a_name_that_only_one_has(student: Student, number: str | None) -> None:
    found = CLASS.find(student)
    assert (found.id if found else None) == number


@pytest.mark.parametrize(
    ("place", "number"), [("4711", "4711"), ("hw2-ana-g", "4711"), ("hw2_4712", "4712"), ("hw-2", None), ("bo", None)]
)
def test_a_folder_may_be_called_after_somebody_in_the_class(place: str, number: str | None) -> None:
    found = CLASS.owner_of_place(place)
    assert (found.id if found else None) == number


ALIKE = roster_of(
    "class.csv",
    [
        *(Student("0012345", "José Muñoz"), Student("2", "Jose Munoz"), Student("3", "Max Müller")),
        *(Student("4", "Bo Ray"), Student("5", "Bo Ray")),
    ],
)


@pytest.mark.parametrize(
    ("student", "number"),
    [
        (Student("12345"), "0012345"),
        (Student("9", "José Muñoz"), "0012345"),
        (Student("9", "Jose Munoz"), "2"),
        (Student("9", "José Munoz"), None),
        (Student("9", "Max Mueller"), "3"),
        (Student("9", "Max Muller"), "3"),
    ],
)
def test_the_same_spelling_wins_and_accents_and_zeros_may_be_missing(student: Student, number: str | None) -> None:
    found = ALIKE.find(student)
    assert (found.id if found else None) == number


def test_it_is_said_that_several_have_a_name() -> None:
    several = "several in class.csv have this name, and none this number"
    assert in_class(Student("9", "Bo Ray"), ALIKE) == (Student("9", "Bo Ray"), several)
    assert in_class(Student("9", "Cy Lee"), ALIKE)[1] == "is not in class.csv"
    assert in_class(Student("12345"), ALIKE)[1] == "the number 12345 is read as 0012345"


def test_two_submissions_of_one_student_are_put_together_and_who_is_missing_is_known() -> None:
    found = [Found((name, f"{n}.txt"), f"{name}/{n}.txt", bytes) for n, name in enumerate(("4711", "hw2-ana-g", "x"))]
    submissions = enrolled(submissions_of(found), CLASS)
    assert [(one.owner.id, one.known, len(one.files)) for one in submissions] == [("4711", True, 2), ("x", False, 1)]
    assert [one.id for one in absent(CLASS, [one.owner for one in submissions])] == ["4712", "4713"]


SAYS = "the text says that it is Bo Victim's"
PLACES = [
    (("ana", "hw.txt"), Student("67890", "Bo Victim"), ("ana", SAYS)),
    (("ana", "hw.txt"), Student("4711", "Ana Gomez"), ("4711", "")),
    (("gomez-a", "hw.txt"), Student("4711", "Ana Gomez"), ("4711", "")),
    (("HW2", "hw.txt"), Student("4711", "Ana Gomez"), ("4711", "")),
    (("ana.txt",), Student("4711", "Bo Victim"), ("4711", "the id is the text's; the file or folder has another name")),
    (("hw2.txt",), Student("4711", "Bo Victim"), ("4711", "")),
    (("Ana Gomez_71_assignsubmission_file_", "hw.txt"), Student("67890", "Bo Victim"), ("71", SAYS)),
    (("Ana Gomez_71_assignsubmission_file_", "hw.txt"), Student("4711", "Ana Gomez"), ("71", "")),
    (("Bo Ray_71_assignsubmission_file_", "hw.txt"), Student("", "Bo Victim"), ("71", SAYS)),
]


@pytest.mark.parametrize(("parts", "written", "expected"), PLACES)
def test_the_place_knows_better_than_the_text_and_differences_are_noted(
    parts: tuple[str, ...], written: Student, expected: tuple[str, str]
) -> None:
    (submission,) = submissions_of([Found(parts, "/".join(parts), bytes)])
    student, note = identified(submission, written)
    assert (student.id, note) == expected


def test_names_agree_by_their_words_whatever_the_accents() -> None:
    assert agree(Student("x", "Çiğdem Öz"), Student("", "Cigdem Oz")) is True
    assert agree(Student("x", "Ana Gomez"), Student("", "Ana Maria Gomez")) is True
    assert agree(Student("x", "Ana Gomez"), Student("", "Ana Miller")) is False
    assert agree(Student("4711"), Student("", "Ana Miller")) is None


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (b'{"source": ["student \\"Ana Gomez\\" 12\\n", "x"]}', Student("12", "Ana Gomez")),
        (b"<p>our students</p><p>Student: Bo 7</p>", Student("7", "Bo")),
        (b'student "Pat O\'Brien, Jr." 12 347', Student("12347", "Pat O'Brien, Jr.")),
        (b'student "12349"', Student("12349")),
        (b'# Write here who you are, without the #:  student "Lena Ray" 20003', Student("20003", "Lena Ray")),
        (b'# Write here who you are, without the #:  student "Your Name" 12345', Student("")),
        (b"# students hand in\nconv1 => 3x3", Student("")),
        (b"\xff\xfe\x00", Student("")),
    ],
)
def test_the_author_is_found_before_the_key_is_known(text: bytes, author: Student) -> None:
    assert author_of(text) == author
