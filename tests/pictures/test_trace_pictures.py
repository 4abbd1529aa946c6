"""`cnncalc trace -o`: which file it draws, what it prints beside, where the photo's pixels are, and what it refuses."""

from __future__ import annotations

import io
import re
import sys
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.cli import main

DECK_000 = str(Path(__file__).parents[2] / "examples" / "slides" / "deck000.txt")
FIRST = [DECK_000, "--at", "13[1,1]"]
SMALL = "data p = [1 2 3; 4 5 6; 7 8 9]\ninput from p\nc: conv filter=[1 0; 0 -1]\n"
LIBRARY = {"png": "resvg_py", "gif": "resvg_py", "pdf": "fpdf"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_the_ending_of_the_file_says_what_is_drawn_and_the_text_is_printed_too(
    here: Path, capsys: pytest.CaptureFixture[str], ending: str, begins: bytes
) -> None:
    """Deck 000: 320."""
    if ending in LIBRARY:
        pytest.importorskip(LIBRARY[ending])
    assert main(["trace", *FIRST, "-o", f"cell.{ending}"]) == 0
    assert (here / f"cell.{ending}").read_bytes().startswith(begins)
    said = capsys.readouterr().out
    assert "= 320\n" in said
    assert said.endswith(f"confirmed.\nPicture: cell.{ending}.\n")


def test_a_gif_has_a_frame_for_each_number_of_the_result_and_the_colours_of_the_theme(here: Path) -> None:
    pytest.importorskip("resvg_py")
    Path("net.txt").write_text(SMALL)
    for theme, paper in (("light", (255, 255, 255)), ("dark", (18, 22, 27))):
        assert main(["trace", "net.txt", "--at", "c", "--theme", theme, "-o", f"{theme}.gif"]) == 0
        with Image.open(here / f"{theme}.gif") as gif:
            assert (gif.format, gif.n_frames, gif.convert("RGB").getpixel((0, 0))) == ("GIF", 4, paper)


def test_a_strip_has_the_sums_of_all_numbers(here: Path) -> None:
    """The 25 of deck 000."""
    assert main(["trace", *FIRST, "--slide", "-o", "strip.svg"]) == 0
    strip = (here / "strip.svg").read_text()
    assert len(set(re.findall(r">row \d, column \d: ", strip))) == 25
    assert ">row 1, column 1: 105·5 − 102 − 103 = 320<" in strip


def test_the_marked_pixel_of_the_photo_is_the_one_that_the_number_depends_on(here: Path) -> None:
    """A picture of 12x6 is cut to its middle 6x6: what is in its column 8 is in column 5 of the input."""
    photo = Image.new("L", (12, 6))
    photo.putpixel((7, 1), 255)
    photo.save("photo.png")
    Path("net.txt").write_text("input 6x6x1\nc: conv 1 1x1\n")
    arguments = ["net.txt", "--at", "c[2,5]", "--image", "photo.png", "--resize", "crop"]
    assert main(["trace", *arguments, "-o", "cell.svg"]) == 0
    drawn = (here / "cell.svg").read_text()
    image = re.search(r'<image ([^>]*?)(?:xlink:)?href="data:image/png;base64,([^"]+)"([^>]*)>', drawn)
    assert image is not None
    pixels = Image.open(io.BytesIO(b64decode(image[2]))).convert("L")
    frame = re.findall(r"<rect ([^>]*)>", drawn)[-1]
    unit = 300 / 6
    left, top, width, height = (_number(frame, name) for name in ("x", "y", "width", "height"))
    across, down = _corner(image[1] + image[3])
    assert (width, height) == (unit, unit)
    assert ((left - across) / unit, (top - down) / unit) == (4, 1)
    size = pixels.width // 6
    assert pixels.crop((4 * size, size, 5 * size, 2 * size)).getextrema() == (255, 255)
    assert sum(pixels.histogram()[1:]) == size * size


def _number(attributes: str, name: str) -> float:
    found = re.search(rf'\b{name}="([^"]+)"', attributes)
    assert found is not None
    return float(found[1])


def _corner(attributes: str) -> tuple[float, float]:
    """Where an image's upper left corner is put."""
    if "matrix(" in attributes:
        parts = re.split(r"[ ,]+", attributes.partition("matrix(")[2].partition(")")[0])
        return float(parts[4]), float(parts[5])
    return _number(attributes, "x"), _number(attributes, "y")


VOLUME = "input 4x4x4x1\nmaxpool 2\n"
STEM = "input 32x32x1\nc: conv 1 7x7 stride=2 padding=3\n"
"""As resnet50 starts: 16x16 numbers, and 8x8 of an input of 16x16, which are 64."""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*FIRST, "-o", "cell.jpg"], "end the name in .svg, .png, .gif or .pdf"),
        ([*FIRST, "-o", "-"], "'-' has no ending of a drawing"),
        ([*FIRST, "-o", "notes.txt/cell.svg"], "cannot be written"),
        ([*FIRST, "-o", "mine.svg"], "mine.svg exists already"),
        ([*FIRST, "--slide"], "there is no file to draw it into"),
        (["stem.txt", "--at", "c", "-o", "cell.gif"], "use a smaller input: --input 16, or"),
        (["lenet5", "--at", "conv1", "--slide", "-o", "cell.svg"], "the window has 784 places"),
        (["lenet5", "--at", "dense1", "-o", "cell.gif"], "no window slides in this line: dense"),
        (["volume.txt", "--at", "2", "-o", "cell.gif"], "which has a depth"),
        ([DECK_000, "--at", "13[9,9]", "-o", "cell.svg"], "there is no row 9"),
        ([DECK_000, "--at", "13[" + "9" * 100_000, "-o", "cell.svg"], "has 1 number, a cell here has 2"),
        ([DECK_000, "--at", "\x1b[2J\u202e]", "-o", "cell.svg"], "has no line, label or layer"),
        (["lenet5", "--at", "conv1", "--image", "notes.txt", "-o", "cell.svg"], "is not a picture"),
        (["lenet5", "--at", "conv1", "--image", "photo.svg", "-o", "photo.svg"], "is read by this command"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_a_net_is_run_and_nothing_is_written(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """The nets need a picture to run on: that none was given is said only of what could be drawn."""
    files = {"notes.txt": "no picture\n", "mine.svg": "<svg>mine</svg>", "photo.svg": "<svg/>"}
    files |= {"volume.txt": VOLUME, "stem.txt": STEM}
    for name, text in files.items():
        Path(name).write_text(text)
    assert main(["trace", *arguments]) == 2
    said = capsys.readouterr()
    assert message in " ".join(said.err.split())
    assert (said.out, len(said.err) < 2000, "\x1b" in said.err) == ("", True, False)
    assert {path.name: path.read_text() for path in here.iterdir()} == files


@pytest.mark.parametrize("ending", ["png", "gif", "pdf"])
def test_a_missing_library_is_named_before_the_net_is_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setitem(sys.modules, LIBRARY[ending], None)
    assert main(["trace", "lenet5", "--at", "conv1", "-o", f"cell.{ending}"]) == 2
    assert "pip install 'cnncalc[pictures]'" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["svg", "png", "gif"])
def test_a_file_is_replaced_by_the_same_drawing_and_by_another_only_by_force(here: Path, ending: str) -> None:
    if ending in LIBRARY:
        pytest.importorskip(LIBRARY[ending])
    Path("net.txt").write_text(SMALL)
    strip = ["net.txt", "--at", "c"]
    file = here / f"cell.{ending}"
    assert main(["trace", *strip, "-o", file.name]) == 0
    assert main(["trace", *strip, "-o", file.name]) == 0
    assert main(["trace", *strip, "-o", file.name, "--theme", "dark"]) == 2
    Image.new("L", (1, 1)).save("mine.png")
    file.write_bytes(Path("mine.png").read_bytes())
    assert main(["trace", *strip, "-o", file.name]) == 2
    assert main(["trace", *strip, "-o", file.name, "--force"]) == 0


def test_a_number_that_a_run_does_not_confirm_is_drawn_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.runtime.cell_runs.worked_apart", lambda *_, **__: True)
    assert main(["trace", *FIRST, "-o", "cell.svg"]) == 1
    assert ">105·5 − 102 − 103 = 320<" in (here / "cell.svg").read_text()


def test_of_a_volume_the_slices_are_drawn_below_each_other(here: Path) -> None:
    Path("net.txt").write_text("input 3x3x3x1\nc: conv 1 2x2x2\n")
    np.save("x.npy", np.arange(27, dtype=np.float32).reshape(3, 3, 3, 1))
    assert main(["trace", "net.txt", "--at", "c[2,1,1]", "--input-array", "x.npy", "-o", "cell.svg"]) == 0
    drawn = (here / "cell.svg").read_text()
    assert [f">input, channel 1 of 1, slice {n} of 3<" in drawn for n in (1, 2, 3)] == [False, True, True]


def test_json_names_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", *FIRST, "-o", "cell.svg", "--json"]) == 0
    assert '"picture": "cell.svg"' in capsys.readouterr().out
