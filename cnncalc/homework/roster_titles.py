"""The titles that platforms and spreadsheets of several countries give to the columns of a class list.

Sources: the exports of Moodle (also its grading worksheet), Canvas, Gradescope, Brightspace, Blackboard, nbgrader and
GitHub Classroom.  Titles are compared without accents, spaces and signs.
"""

from __future__ import annotations

import re
import unicodedata

from cnncalc.homework.student_names import AS_ONE

_NUMBERS = """
id studentid idnumber studentnumber number orgdefinedid sid sisuserid sisid
matrikelnummer matrikelnr matrnr matrikel matriculation matriculationnumber idnummer studentennummer studienummer nummer
registrationnumber regno rollnumber rollno matricula nummatricula numerodematricula numeroid numerodeid legajo dni
numero numerodidentification numerodetudiant numeroetudiant opiskelijanumero
studentnummer studentnr matricola numeromatricola numerodimatricola numerodealuno numeroaluno
numerindeksu nralbumu numeralbumu indeks cislostudenta studentskecislo osobnicislo ogrencino ogrencinumarasi
neptunkod neptun nrmatricol numarmatricol jmbag brojindeksa номер номерстудента 学号 學號 学籍番号 학번
identifier participant kennung username userid uid netid sisloginid loginid login benutzername anmeldename
nombredeusuario nomdutilisateur identifiant githubusername github githubid
email emailaddress mail emailadresse correo direcciondecorreo courriel adressedecourriel
"""
_WHOLE = """
name fullname student studentname displayname vollstandigername nombrecompleto nomcomplet teilnehmer studierende
estudiante alumno etudiant nomecompleto aluno studente nomecognome nomeecognome cognomenome cognomeenome
nombreyapellidos apellidosynombre apellidosnombre nometprenom nomprenom naam volledigenaam navn fuldenavn namn
nimi kokonimi imieinazwisko nazwiskoiimie jmenoaprijmeni adsoyad adisoyadi nev teljesnev numecomplet imeiprezime
фио 姓名 氏名 이름
"""
_FIRST = (
    "firstname givenname forename vorname prenom nombre nombres nome prenome voornaam "
    "first given givennames forenames etunimi fornavn fornamn imie jmeno krestnijmeno ad adi isim keresztnev utonev "
    "prenume ime имя 名"
)
_LAST = (
    "lastname surname familyname nachname familienname nom apellidos apellido cognome sobrenome achternaam "
    "last family sukunimi etternavn efternavn efternamn nazwisko prijmeni priezvisko soyad soyadi vezeteknev csaladnev "
    "numedefamilie prezime фамилия 姓"
)


def spelled_title(title: str) -> str:
    """A title as it is compared.

    >>> spelled_title("E-Mail Adresse"), spelled_title("Apellido(s)"), spelled_title("Prénom")
    ('emailadresse', 'apellidos', 'prenom')
    """
    letters = unicodedata.normalize("NFKD", title.casefold().translate(AS_ONE))
    return re.sub(r"[\W_]", "", "".join(c for c in letters if not unicodedata.combining(c)))


NUMBERS = tuple(map(spelled_title, _NUMBERS.split()))
"""Of what a student is known by: the first of these that a class list has is the student's number."""

WHOLE = tuple(map(spelled_title, _WHOLE.split()))
FIRST = tuple(map(spelled_title, _FIRST.split()))
LAST = tuple(map(spelled_title, _LAST.split()))
ROLES = ("role", "roles", "rolle", "rol")
