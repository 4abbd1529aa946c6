"""Whatever a file, a name or an option holds: nothing of it steers a terminal, a page or a spreadsheet."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from .conftest import Command

HOSTILE = "A\x1b[8m\x1b]0;owned\x9b2J\u202e\u200b\u2066\ue000\x7fZ"
"""ESC and CSI, which steer a terminal; letters that turn a line about, that are not seen, that mean nothing."""

FILE_NAME = "a\x1b]0;owned\x07\r\n\u202e\udcff<b>[red]"
"""A name of a file may hold any byte but two; this one holds one that is no UTF-8."""

NET = f"""title "{HOSTILE}"
homework "{HOSTILE}"
student "{HOSTILE}" "{HOSTILE}"
# {HOSTILE}
let act = relu
input 8x8x1
block b n
  conv $n 3x3 $act
end
one: b 4 => ? params ?   # {HOSTILE}
flatten
dense 3 => ? worth 2
"""

SUBMISSION = f"""student "{HOSTILE}" {HOSTILE}
one => 6x6x4{HOSTILE} params 80{HOSTILE}
{HOSTILE} => {HOSTILE}
"""

FAULTS = (
    f"title {HOSTILE}\ninput 8x8x1\n",
    f"input 8x8x1\n{HOSTILE}: conv 4 3x3\n",
    f"input 8x8x1\nblock {HOSTILE}\n  relu\nend\n{HOSTILE}\n",
    f"input 8x8x1\nconv {HOSTILE} 3x3\n",
    f"input 8x8x1\nconv 4 3x3 padding={HOSTILE}\n",
    f"data {HOSTILE} = [1 2; 3 4]\ninput from {HOSTILE}\n",
    f"input from {HOSTILE}\n",
    f"let {HOSTILE} = 3\ninput 8x8x1\nconv ${HOSTILE} 3x3\n",
    f"input 8x8x1\nif {HOSTILE}\n  relu\nend\n",
    f"input 8x8x1\nconv 4 3x3 {HOSTILE}={HOSTILE}\n",
    f"{HOSTILE}\n",
    f"from keras import layers\nmodel.add(layers.Conv2D(4, '{HOSTILE}'))\n",
    f'{{"cnncalc": 1, "{HOSTILE}": "{HOSTILE}"}}\n',
)


def steering(text: str) -> set[str]:
    """The letters of a text that are not to be shown."""
    return {letter for letter in text if not letter.isprintable() and letter not in "\n\t"}


@pytest.fixture(name="place")
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Path:
    """A folder with hostile names in it, which is where commands run."""
    assert command  # it leaves for its own folder first
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


PRINTING = [
    ["summary", "NET"],
    ["summary", "NET", "--all", "--width", "40"],
    *(["summary", "NET", "--format", form] for form in ("json", "csv", "markdown", "latex", "keras")),
    ["summary", "NET", "--columns", HOSTILE],
    ["summary", "NET", "--sort", HOSTILE],
    ["summary", "NET", "--input", HOSTILE],
    ["summary", "NET", "--set", f"act={HOSTILE}"],
    ["summary", "NET", "--set", HOSTILE],
    ["summary", "NET", f"--{HOSTILE}"],
    ["summary", HOSTILE],
    [HOSTILE],
    ["explain", "NET"],
    ["explain", "NET", HOSTILE],
    ["explain", "NET", "one"],
    ["explain", HOSTILE],
    ["models", HOSTILE],
    ["filters", HOSTILE],
    ["init", HOSTILE],
    ["check", "NET"],
    ["check", "SUBMISSION", "--key", "NET"],
    ["check", "NET", "--key", "SUBMISSION"],
    ["check", "NET", "--table", "NET"],
    ["convert", "NET", "--to", "json"],
    ["convert", "NET", "--to", HOSTILE],
    ["convert", "NET", "--to", "json", "--prove"],
    ["convert", "NET", "--to", "markdown"],
    ["convert", "NET", "-o", f"out.{HOSTILE}"],
    ["convert", "NET", "--to", "json", "-o", f"no{HOSTILE}/x"],
    ["fmt", "--check", "NET"],
    ["run", "NET", "--plan"],
    ["run", "NET", "--image", HOSTILE],
    ["run", "NET", "--image", "PICTURE", "--labels", "LABELS"],
    ["run", "NET", "--image", "PICTURE", "--labels", "LABELS", "--json"],
    ["run", "NET", "--image", "PICTURE", "--weights", "WEIGHTS"],
    ["weights", "WEIGHTS"],
    ["weights", "WEIGHTS", "--json"],
    ["weights", "WEIGHTS", "--format", "csv"],
    ["weights", "WEIGHTS", "--net", "NET"],
    ["weights", HOSTILE],
    ["weights", "WEIGHTS", "--net", "NET", "--save-weights", HOSTILE],
    ["run", "NET", "--image", "PICTURE", "--picture", HOSTILE],
    ["run", "NET", "--image", "PICTURE", "--resize", HOSTILE],
    ["run", "NET", "--image", "PICTURE", "--mean", HOSTILE],
    ["run", "NET", "--input-array", "WEIGHTS"],
    ["quiz", "--kinds", HOSTILE],
    ["quiz", "--slip-share", HOSTILE],
    *(["quiz", "--no-verify", "--students", "ROSTER", "--to", form] for form in ("markdown", "gift")),
    ["quiz", "--students", "NET"],
    ["grade", "NET", "SUBMISSION", "--only", HOSTILE],
    ["grade", "NET", "SUBMISSION", "--follow", HOSTILE],
    ["grade", "NET", HOSTILE],
    ["bench", HOSTILE],
]


@pytest.fixture(name="files")
def _files(place: Path) -> dict[str, str]:
    """The name of each file that commands are given, all of them hostile."""
    numpy = pytest.importorskip("numpy")
    image = pytest.importorskip("PIL.Image")
    names = {kind: f"{FILE_NAME}{kind}" for kind in ("NET", "SUBMISSION", "PICTURE", "LABELS", "WEIGHTS", "ROSTER")}
    Path(names["NET"]).write_text(NET)
    Path(names["SUBMISSION"]).write_text(SUBMISSION)
    with open(names["PICTURE"], "wb") as file:
        image.new("L", (8, 8)).save(file, "PNG")
    Path(names["LABELS"]).write_text(f"{HOSTILE}\n{HOSTILE}\n{HOSTILE}\n")
    Path(names["ROSTER"]).write_text(f"id,name\n{HOSTILE}1,{HOSTILE}\n2,{HOSTILE}\n")
    with open(names["WEIGHTS"], "wb") as file:
        numpy.savez(file, **{HOSTILE: numpy.zeros(3), "b": numpy.zeros(3)})
    return names


@pytest.mark.parametrize("arguments", PRINTING, ids=lambda arguments: " ".join(map(ascii, arguments)))
def test_nothing_that_steers_is_printed(arguments: list[str], command: Command, files: dict[str, str]) -> None:
    given = [files.get(word, word) for word in arguments]
    outcome = command(*given)
    assert outcome.status in (0, 1, 2)
    assert (steering(outcome.out), steering(outcome.err)) == (set(), set())


@pytest.mark.parametrize("text", FAULTS, ids=range(len(FAULTS)))
@pytest.mark.parametrize("name", ["summary", "check", "explain", "fmt"])
def test_no_fault_is_quoted_with_what_steers(name: str, text: str, command: Command, place: Path) -> None:
    Path(FILE_NAME).write_text(text)
    outcome = command(name, FILE_NAME)
    assert outcome.status in (0, 1, 2)
    assert (steering(outcome.out), steering(outcome.err)) == (set(), set())


def test_nothing_that_steers_is_written(command: Command, files: dict[str, str], place: Path) -> None:
    """A class with hostile names, in a folder and in an archive, and everything that is made of it."""
    key, hw = files["NET"], Path("class") / FILE_NAME
    hw.parent.mkdir()
    hw.write_text(SUBMISSION)
    with zipfile.ZipFile("class.zip", "w") as archive:
        archive.writestr(f"{HOSTILE}/{HOSTILE}.txt", SUBMISSION)
        archive.writestr(f"{HOSTILE}2.txt", SUBMISSION.replace("80", "8"))
    forms = ["--csv", "o/c.csv", "--nbgrader", "o/n.csv", "--gradescope", "o/g/", "--classroom", "o/r.json"]
    for form in ("html", "markdown"):
        Path("o").mkdir()
        options = [*forms, "--sheets", f"o/{form}", "--sheet-format", form, "--summary"]
        outcome = command("grade", key, "class", "class.zip", *options)
        assert (outcome.status, steering(outcome.out), steering(outcome.err)) == (0, set(), set())
        written = [path for path in Path("o").rglob("*") if path.is_file()]
        assert len(written) == 3 + 3 + 4
        assert {path: found for path in written if (found := steering(path.read_text()))} == {}
        assert {path for path in written if steering(str(path))} == set()
        shutil.rmtree("o")


def test_json_says_which_letters_they_were(command: Command, files: dict[str, str]) -> None:
    assert json.loads(command("summary", files["NET"], "--json").out)["title"] == HOSTILE
    converted = command("convert", files["NET"], "--to", "json").out
    assert steering(converted) == set()
    Path("back.json").write_text(converted)
    assert f'title "{HOSTILE}"' in command("convert", "back.json", "--to", "spec").out


def test_the_text_of_a_net_is_kept_as_it_is_in_a_pipe(command: Command) -> None:
    text = f'title "{HOSTILE}"\ninput 8x8x1\n'
    assert command("fmt", "-", stdin=text.encode()).out == text
