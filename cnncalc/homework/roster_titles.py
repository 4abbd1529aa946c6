"""The titles that platforms and spreadsheets of several countries give to the columns of a class list.

Sources: the exports of Moodle (also its grading worksheet), Canvas, Gradescope, Brightspace, Blackboard, nbgrader and
GitHub Classroom.  Titles are compared without accents, spaces and signs.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBERS = """
id studentid idnumber studentnumber number orgdefinedid sid sisuserid sisid
matrikelnummer matrikelnr matrnr matrikel matriculation matriculationnumber idnummer studentennummer studienummer nummer
registrationnumber regno rollnumber rollno matricula nummatricula numerodematricula numeroid numerodeid legajo dni
numero numerodidentification numerodetudiant numeroetudiant opiskelijanumero
identifier participant kennung username userid uid netid sisloginid loginid login benutzername anmeldename
nombredeusuario nomdutilisateur identifiant githubusername github githubid
email emailaddress mail emailadresse correo direcciondecorreo courriel adressedecourriel
"""
_WHOLE = """
name fullname student studentname displayname vollstandigername nombrecompleto nomcomplet teilnehmer studierende
estudiante alumno etudiant
"""
_FIRST = "firstname givenname forename vorname prenom nombre nombres nome prenome voornaam"
_LAST = "lastname surname familyname nachname familienname nom apellidos apellido cognome sobrenome achternaam"

NUMBERS = tuple(_NUMBERS.split())
"""Of what a student is known by: the first of these that a class list has is the student's number."""

WHOLE = tuple(_WHOLE.split())
FIRST = tuple(_FIRST.split())
LAST = tuple(_LAST.split())
ROLES = ("role", "roles", "rolle", "rol")


def spelled_title(title: str) -> str:
    """A title as it is compared.

    >>> spelled_title("E-Mail Adresse"), spelled_title("Apellido(s)"), spelled_title("Prénom")
    ('emailadresse', 'apellidos', 'prenom')
    """
    letters = unicodedata.normalize("NFKD", title.casefold())
    return re.sub(r"[\W_]", "", "".join(c for c in letters if not unicodedata.combining(c)))
