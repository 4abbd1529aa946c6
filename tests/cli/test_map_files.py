"""`run --maps`: a picture for each line with maps, all of them or none, and small ones in the terminal."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from .conftest import Command

NET = "data picture = [1 2 3; 4 5 6; 7 8 9]\ninput from picture\nedges: conv filter=identity padding=1\nmaxpool 3x3\n"
NAMES = ["00-input1.png", "01-edges-filters.png", "01-edges.png"]


@pytest.fixture
def net(tmp_path: Path) -> str:
    """A net that needs no picture; its pool leaves one number, which is no map."""
    path = tmp_path / "net.txt"
    path.write_text(NET, encoding="utf-8")
    return str(path)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_each_line_with_maps_has_a_picture_and_the_foot_says_where(command: Command, net: str, tmp_path: Path) -> None:
    outcome = command("run", net, "--maps", str(tmp_path / "m"))
    assert outcome.status == 0
    assert names(tmp_path / "m") == NAMES
    foot = next(line for line in outcome.out.split("\n") if line.startswith("Maps"))
    assert foot.split() == ["Maps", f"{tmp_path}/m/:", "3", "pictures"]


def test_a_picture_shows_the_values_of_its_line(command: Command, net: str, tmp_path: Path) -> None:
    """1 to 9 in three rows: black, then steps of an eighth of 255; 96 pixels are 32 for each number."""
    command("run", net, "--maps", str(tmp_path / "m"))
    sheet = np.asarray(Image.open(tmp_path / "m" / "01-edges.png"))
    square = sheet[-12 - 96 : -12, 12 : 12 + 96]
    assert square[16::32, 16::32].tolist() == [[0, 32, 64], [96, 128, 159], [191, 223, 255]]


def test_json_lists_the_files(command: Command, net: str, tmp_path: Path) -> None:
    found = json.loads(command("run", net, "--maps", str(tmp_path / "m"), "--json").out)
    schema = json.loads(files("cnncalc.report").joinpath("summary.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert [(one["layer"], one["file"]) for one in found["maps"]["files"]] == [
        (0, NAMES[0]),
        (1, NAMES[1]),
        (1, NAMES[2]),
    ]
    assert found["maps"]["files"][0]["shows"] == "one map of 3x3; enlarged 32 times; black is 1, white is 9"


def test_earlier_maps_are_replaced_even_of_another_net(command: Command, net: str, tmp_path: Path) -> None:
    command("run", net, "--maps", str(tmp_path / "m"))
    (tmp_path / "m" / "notes.txt").write_text("mine", encoding="utf-8")
    other = tmp_path / "other.txt"
    other.write_text(NET.replace("edges", "blur"), encoding="utf-8")
    assert command("run", str(other), "--maps", str(tmp_path / "m")).status == 0
    assert names(tmp_path / "m") == [NAMES[0], "01-blur-filters.png", "01-blur.png", "notes.txt"]


def test_a_picture_of_somebody_else_is_kept_without_force(command: Command, net: str, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    Image.new("L", (1, 1)).save(folder / NAMES[2])
    outcome = command("run", net, "--maps", str(folder))
    assert outcome.status == 2
    assert "--force to replace it" in outcome.err
    assert outcome.out == ""
    assert names(folder) == [NAMES[2]]
    assert command("run", net, "--maps", str(folder), "--force").status == 0
    assert names(folder) == NAMES


def test_what_is_no_picture_is_never_replaced(command: Command, net: str, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / NAMES[0]).write_text("my own", encoding="utf-8")
    assert command("run", net, "--maps", str(folder), "--force").status == 2
    assert (folder / NAMES[0]).read_text(encoding="utf-8") == "my own"


def test_a_run_that_is_broken_off_leaves_nothing(
    command: Command, net: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cnncalc.pictures.maps.map_sheet.png_bytes", broken)
    assert command("run", net, "--maps", str(tmp_path / "m")).status == 130
    assert names(tmp_path) == ["net.txt"]


def test_of_several_images_the_first_has_its_maps_and_that_is_said(command: Command, tmp_path: Path) -> None:
    net = tmp_path / "net.txt"
    net.write_text("input 3x3x1\nmaxpool 2x2 stride=1\n", encoding="utf-8")
    for name, level in (("a.png", 0), ("b.png", 255)):
        Image.new("L", (3, 3), level).save(tmp_path / name)
    pictures = [str(tmp_path / "a.png"), str(tmp_path / "b.png")]
    outcome = command("run", str(net), "--image", *pictures, "--maps", str(tmp_path / "m"), "--verify")
    assert f"2 pictures of {pictures[0]}, the first of 2 images; give one alone for its maps" in outcome.out
    assert np.asarray(Image.open(tmp_path / "m" / "01-maxpool1.png"))[-20, 20] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--maps", "-", "--json"), "--maps - draws in the terminal"),
        (("--maps", ""), "the name of a folder to write to is empty"),
    ],
)
def test_what_cannot_be_is_refused(command: Command, net: str, words: tuple[str, ...], said: str) -> None:
    outcome = command("run", net, *words)
    assert outcome.status == 2
    assert said in outcome.err


def test_a_map_that_is_the_picture_of_the_run_is_not_replaced(command: Command, tmp_path: Path) -> None:
    (tmp_path / "net.txt").write_text("input 3x3x1\nmaxpool 2x2 stride=1\n", encoding="utf-8")
    Image.new("L", (3, 3)).save(tmp_path / "a.png")
    words = ["run", str(tmp_path / "net.txt"), "--maps", str(tmp_path / "m"), "--image"]
    assert command(*words, str(tmp_path / "a.png")).status == 0
    outcome = command(*words, str(tmp_path / "m" / "01-maxpool1.png"))
    assert outcome.status == 2
    assert "[output-is-input]" in outcome.err


def test_a_file_in_the_place_of_the_folder_is_refused(command: Command, net: str) -> None:
    assert "it is no folder" in " ".join(command("run", net, "--maps", net).err.split())


def test_without_colours_the_terminal_gets_letters(command: Command, net: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(net).parent)
    outcome = command("run", Path(net).name, "--maps", "-", columns=80)
    lines = outcome.out.split("\n")
    assert lines[0] == "0 input1: input from picture, 3x3x1"
    assert lines[1] == "one map of 3x3; enlarged 21 times; black is 1, white is 9"
    assert lines[2] == " " * 21 + "." * 21 + ":" * 21
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in outcome.out
    assert "Maps" not in outcome.out


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"COLORTERM": "truecolor"}, r"\x1b\[38;2;0;0;0;48;2;0;0;0m▀"),
        ({"COLORTERM": "", "TERM": "xterm-256color"}, r"\x1b\[38;5;232;48;5;232m▀"),
        ({"COLORTERM": "truecolor", "KITTY_WINDOW_ID": "1"}, r"\x1b\[38;2;0;0;0;48;2;0;0;0m▀"),
    ],
)
def test_with_colours_the_terminal_gets_half_blocks(
    command: Command, net: str, environment: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kitty's own protocol is spoken to kitty alone, not to a pipe."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert re.search(code, command("--color", "always", "run", net, "--maps", "-", columns=80).out)


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0,1,0"}, "greys"),
        ({"TERM": "screen-256color", "KITTY_WINDOW_ID": "1"}, "greys"),
        ({"TERM": "linux"}, "letters"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, "letters"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "24-bit"),
    ],
)
def test_the_environment_says_how_a_terminal_shows_pictures(
    environment: dict[str, str], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    from cnncalc.cli.appearance import forget
    from cnncalc.cli.terminal import picture_way

    class Terminal(io.StringIO):
        encoding = "utf-8"  # type: ignore[assignment]

        def isatty(self) -> bool:
            return True

    for name in ("COLORTERM", "KITTY_WINDOW_ID", "TMUX", "NO_COLOR", "WT_SESSION", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", Terminal())
    forget()
    assert picture_way() == way
