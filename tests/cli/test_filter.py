"""`cnncalc filter` slides a filter over a picture with the program's own executor, and says how values became greys.

The 5x5 picture and its result are deck 000's sharpen slide; where the slide shows numbers beyond 255, a picture shows
white.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .conftest import Command

SLIDE = ((105, 102, 100, 97, 96), (103, 99, 103, 101, 102), (101, 98, 104, 102, 100), (99, 101, 106, 104, 99),
         (104, 104, 104, 100, 98))  # fmt: skip
SHARPENED = ((255, 206, 198, 188, 255), (210, 89, 111, 101, 213), (205, 85, 111, 101, 197), (189, 98, 117, 113, 193),
             (255, 211, 210, 194, 255))  # fmt: skip
"""The first is 320 on the slide: 105 * 5 - 102 - 103."""


@pytest.fixture
def slide(tmp_path: Path) -> str:
    """The picture of the slide as a grey PNG."""
    Image.fromarray(np.array(SLIDE, np.uint8)).save(tmp_path / "slide.png")
    return str(tmp_path / "slide.png")


def pixels(path: Path) -> list[list[object]]:
    """The levels of a picture, row by row."""
    with Image.open(path) as picture:
        return np.asarray(picture).tolist()  # type: ignore[no-any-return]


def said(out: str, name: str) -> str:
    """The line of the output that begins with this word."""
    return next(" ".join(line.split()[1:]) for line in out.split("\n") if line.split()[:1] == [name])


def test_the_slide_s_picture_is_sharpened_as_on_the_slide(command: Command, slide: str, tmp_path: Path) -> None:
    outcome = command("filter", slide, "--filter", "sharpen", "-o", str(tmp_path / "new.png"))
    assert outcome.status == 0
    assert pixels(tmp_path / "new.png") == [list(row) for row in SHARPENED]
    assert said(outcome.out, "Filter") == "sharpen: the weights sum to 1"
    assert said(outcome.out, "Greys") == "as in the picture: black is 0 or less, white is 1 or more"


@pytest.mark.parametrize(
    "written",
    ["[0 -1 0; -1 5 -1; 0 -1 0]", "rows.txt", "commas.csv", "defined.txt", "two.txt:mine", "SHARPEN", "german.csv"],
)
def test_numbers_come_from_a_name_a_file_or_the_command_line(
    command: Command, slide: str, tmp_path: Path, written: str
) -> None:
    (tmp_path / "rows.txt").write_text("# mine\n0 -1 0\n-1 5 -1\n0 -1 0\n", encoding="utf-8")
    (tmp_path / "commas.csv").write_text("0,-1,0\n-1,5,-1\n0,-1,0\n", encoding="utf-8")
    (tmp_path / "german.csv").write_text("0;-1,0;0\r\n-1;5;-1\r\n0;-1,0;0\r\n", encoding="utf-8")
    (tmp_path / "defined.txt").write_text("filter mine = [0 -1 0; -1 5 -1; 0 -1 0]\n", encoding="utf-8")
    (tmp_path / "two.txt").write_text("filter other = [1]\nfilter mine = [0 -1 0; -1 5 -1; 0 -1 0]\n", encoding="utf-8")
    given = str(tmp_path / written) if "." in written else written
    assert command("filter", slide, "--filter", given, "-o", str(tmp_path / "new.png")).status == 0
    assert pixels(tmp_path / "new.png") == [list(row) for row in SHARPENED]


def test_weights_that_sum_to_0_are_shown_around_grey(command: Command, tmp_path: Path) -> None:
    """Rows 0 0 0 9 9 9 of deck 000: without a flip Sobel's gives 0 -36 -36 0, with one 0 36 36 0, here out of 255."""
    Image.fromarray(np.array([[0, 0, 0, 9, 9, 9]] * 3, np.uint8)).save(tmp_path / "edge.png")
    words = ["filter", str(tmp_path / "edge.png"), "--filter", "sobel-x", "--padding", "valid", "-o"]
    outcome = command(*words, str(tmp_path / "new.png"))
    assert pixels(tmp_path / "new.png") == [[128, 0, 0, 128]]
    assert said(outcome.out, "Greys") == "signed: grey is 0, black is -0.141, white is 0.141"
    command(*words, str(tmp_path / "flipped.png"), "--flip")
    assert pixels(tmp_path / "flipped.png") == [[128, 255, 255, 128]]
    root = command(*words[:3], "sobel", *words[4:], str(tmp_path / "root.png"))
    assert pixels(tmp_path / "root.png") == [[0, 255, 255, 0]]
    assert said(root.out, "Greys") == "stretched: black is 0, white is 0.141"


def test_weights_below_1_keep_their_darkness_and_others_are_stretched(
    command: Command, slide: str, tmp_path: Path
) -> None:
    """100 everywhere under the deck's .97 is 97; the sum 2 of two ones has no own black and white."""
    Image.new("L", (5, 5), 100).save(tmp_path / "even.png")
    words = ["filter", str(tmp_path / "even.png"), "--padding", "valid", "-o", str(tmp_path / "new.png"), "--filter"]
    command(*words, "blur_rounded")
    assert pixels(tmp_path / "new.png") == [[97] * 3] * 3
    outcome = command("filter", slide, "--filter", "[1 1]", "-o", str(tmp_path / "two.png"))
    assert said(outcome.out, "Greys").startswith("stretched: black is 0.376, white is")


@pytest.mark.parametrize("colour", [100, (13, 77, 201)])
@pytest.mark.parametrize("written", ["outline", "laplacian", "[1/9 1/9 1/9; 1/9 -8/9 1/9; 1/9 1/9 1/9]"])
def test_a_flat_picture_has_no_edges_whatever_its_colour(
    command: Command, tmp_path: Path, colour: int | tuple[int, int, int], written: str
) -> None:
    """The products cancel out: 0 is the middle grey, and no rounding is stretched to white."""
    Image.new("L" if colour == 100 else "RGB", (4, 3), colour).save(tmp_path / "flat.png")
    words = ["filter", str(tmp_path / "flat.png"), "--filter", written, "--padding", "edge", "-o"]
    outcome = command(*words, str(tmp_path / "new.png"))
    assert said(outcome.out, "Values") == "from 0 to 0, the picture's own from 0 to 1"
    assert said(outcome.out, "Greys") == "signed: all values are 0"
    assert pixels(tmp_path / "new.png") == [[128 if colour == 100 else [128] * 3] * 4] * 3


def test_even_steps_have_no_second_derivative_and_a_flat_picture_no_gradient(command: Command, tmp_path: Path) -> None:
    """5, 10, 15, ... of 255 are no exact floats, and their differences are no noise to look at."""
    Image.fromarray(np.array([range(5, 50, 5)] * 3, np.uint8)).save(tmp_path / "steps.png")
    Image.new("L", (4, 3), 77).save(tmp_path / "flat.png")
    words = ["--padding", "valid", "-o"]
    steps = command("filter", str(tmp_path / "steps.png"), "--filter", "laplacian", *words, str(tmp_path / "s.png"))
    flat = command("filter", str(tmp_path / "flat.png"), "--filter", "sobel", *words, str(tmp_path / "f.png"))
    assert said(steps.out, "Greys") == "signed: all values are 0"
    assert said(flat.out, "Greys") == "stretched: all values are 0"
    assert pixels(tmp_path / "f.png") == [[0, 0]]


HOW_SHOWN = (
    ("[0.1]", "as in the picture"),
    ("blur_rounded", "as in the picture"),
    ("box3", "as in the picture"),
    ("[2 -1.5]", "stretched"),
    ("[1.01]", "stretched"),
    ("[-1]", "stretched"),
    ("[1 -1]", "signed"),
)


@pytest.mark.parametrize(("written", "how"), HOW_SHOWN)
def test_results_become_greys_as_the_help_says(
    command: Command, slide: str, tmp_path: Path, written: str, how: str
) -> None:
    outcome = command("filter", slide, "--filter", written, "-o", str(tmp_path / "new.png"))
    assert said(outcome.out, "Greys").startswith(f"{how}: ")
    text = " ".join(command("filter", "--help").out.split())
    assert "less than 1 without a negative weight makes the picture darker, and is shown so" in text


def test_emboss_lights_a_raised_square_from_the_top_left(command: Command, tmp_path: Path) -> None:
    """0.6 on 0.2: its top left corner becomes 5 * 0.6 - 4 * 0.2 = 2.2, its bottom right one 4 * 0.2 - 3 * 0.6 = -1."""
    square = np.full((9, 9), 51, np.uint8)
    square[3:6, 3:6] = 153
    Image.fromarray(square).save(tmp_path / "square.png")
    command("filter", str(tmp_path / "square.png"), "--filter", "emboss", "-o", str(tmp_path / "new.png"))
    shown = pixels(tmp_path / "new.png")
    assert (shown[3][3], shown[5][5]) == (255, 0)
    assert "with light from the top left" in " ".join(command("filters", "emboss").out.split())


def test_a_sum_with_many_digits_is_written_in_ten(command: Command, slide: str, tmp_path: Path) -> None:
    written = "[0.123456789 -1/3; 12345678 1e-9]"
    outcome = command("filter", slide, "--filter", written, "-o", str(tmp_path / "new.png"))
    assert said(outcome.out, "Filter") == "kernel: the weights sum to about 12345677.79"


def test_colours_are_filtered_each_by_itself_and_grey_on_request(command: Command, tmp_path: Path) -> None:
    Image.new("RGB", (4, 3), (200, 100, 0)).save(tmp_path / "orange.png")
    words = ["filter", str(tmp_path / "orange.png"), "--filter", "box3", "--padding", "edge", "-o"]
    command(*words, str(tmp_path / "new.png"))
    assert pixels(tmp_path / "new.png") == [[[200, 100, 0]] * 4] * 3
    command(*words, str(tmp_path / "grey.png"), "--grey")
    assert pixels(tmp_path / "grey.png") == [[118] * 4] * 3  # 0.299 * 200 + 0.587 * 100 = 118.5


def test_deep_turned_and_transparent_pictures_are_read_as_people_see_them(command: Command, tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 65535]], np.uint16)).save(tmp_path / "deep.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.array([[0, 255]], np.uint8)).save(tmp_path / "turned.png", exif=exif)
    Image.new("RGBA", (2, 1), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    Image.fromarray(np.array([[0, 255]], np.uint8)).convert("P").save(tmp_path / "palette.png")
    expected = {
        "deep": [[0, 255]],
        "turned": [[0], [255]],
        "clear": [[[255] * 3] * 2],
        "palette": [[[0] * 3, [255] * 3]],
    }
    for name, wanted in expected.items():
        new = tmp_path / f"{name}-new.png"
        assert command("filter", str(tmp_path / f"{name}.png"), "--filter", "[1]", "-o", str(new)).status == 0
        assert pixels(new) == wanted, name


def test_before_kernel_and_after_stand_side_by_side(command: Command, slide: str, tmp_path: Path) -> None:
    outcome = command("filter", slide, "--filter", "sharpen", "--compare", "-o", str(tmp_path / "new.png"))
    assert outcome.status == 0
    with Image.open(tmp_path / "new.png") as picture:
        left, right = picture.crop((16, 16, 496, 496)), picture.crop((728, 16, 1208, 496))
    assert left.resize((5, 5), Image.Resampling.NEAREST).getpixel((0, 0)) == (105, 105, 105)
    assert right.resize((5, 5), Image.Resampling.NEAREST).getpixel((1, 0)) == (206, 206, 206)


def test_the_page_shows_the_picture_and_every_filter(command: Command, slide: str, tmp_path: Path) -> None:
    outcome = command("filter", slide, "--all", "-o", str(tmp_path / "page.webp"))
    assert said(outcome.out, "Filters").startswith("16, each named below its picture")
    with Image.open(tmp_path / "page.webp") as picture:
        assert (picture.format, picture.width) == ("WEBP", 6 * 216 + 16)


def test_a_white_picture_is_seen_on_the_white_page_by_its_frame(command: Command, tmp_path: Path) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "white.png")
    command("filter", str(tmp_path / "white.png"), "--all", "-o", str(tmp_path / "page.png"))
    with Image.open(tmp_path / "page.png") as page:
        assert [page.getpixel((x, 100)) for x in (14, 15, 16, 215, 216)] == [
            (255, 255, 255),
            (200, 205, 214),
            (255, 255, 255),
            (255, 255, 255),
            (200, 205, 214),
        ]


WRONG = (
    (["--filter", "sharpn"], "no-such-filter", "did you mean `sharpen`?"),
    (["--filter", "[1 2; 3]"], "ragged-matrix", "row 2"),
    (["--filter", "0,5;1,0"], "bad-matrix", "write points in decimals"),
    (["--filter", "[0,5 1,0]"], "bad-matrix", "`[0,5 1,0]` has spaces and commas between numbers"),
    (["--filter", "one.csv"], "bad-matrix", "a row is [1 2 3], a column is [1; 2; 3]"),
    (["--filter", "empty.csv"], "bad-matrix", "`0;;1` has an empty cell"),
    (["--filter", "tabs.csv"], "bad-matrix", "has spaces and commas between numbers"),
    (["--filter", "7x7.txt", "--padding", "valid"], "kernel-too-large", "a kernel of at most 5x5"),
    (["--filter", "7x7.txt", "--padding", "reflect", "--stride", "2"], None, ""),
    (["--filter", "two.txt"], "no-such-filter", "name one of them: --filter two.txt:a"),
    ([], "filter-not-named", "--filter sharpen"),
    (["--filter", "box3", "--all"], "filter-not-named", "leave one of them out"),
    (["--all", "--compare"], "filter-not-named", "leave --compare out"),
    (["--filter", "box3", "-o", "new.txt"], "draw-no-picture", ".png, .jpg or .webp"),
    (["--filter", "box3", "-o", "slide.png"], "output-is-input", "give another name"),
    (["--filter", "box3", "-o", "taken.png"], "file-exists", "--force"),
)


@pytest.mark.parametrize(("words", "code", "advice"), WRONG)
def test_what_cannot_be_done_is_refused_with_a_way_out(
    command: Command, slide: str, monkeypatch: pytest.MonkeyPatch, words: list[str], code: str | None, advice: str
) -> None:
    folder = Path(slide).parent
    (folder / "7x7.txt").write_text("\n".join(["1 0 0 0 0 0 -1"] * 7), encoding="utf-8")
    (folder / "two.txt").write_text("filter a = [1]\nfilter b = [2]\n", encoding="utf-8")
    (folder / "taken.png").write_bytes(b"mine")
    (folder / "one.csv").write_text("0;-1;0\n", encoding="utf-8")
    (folder / "empty.csv").write_text("0;;1\n1;2;3\n", encoding="utf-8")
    (folder / "tabs.csv").write_text("0,5\t1,0\n1\t2\n", encoding="utf-8")
    given = words if "-o" in words else [*words, "-o", "new.png"]
    command("version")
    monkeypatch.chdir(folder)
    outcome = command("filter", "slide.png", *given)
    assert outcome.status == (2 if code else 0)
    assert (f"[{code}]" in outcome.err) is bool(code)
    assert advice in " ".join(outcome.err.split())
    assert (folder / "taken.png").read_bytes() == b"mine"


def test_a_filter_that_takes_too_long_is_refused_before_it_begins(command: Command, tmp_path: Path) -> None:
    """1,000 * 1,000 values with 101 * 101 multiply-adds each: 10,201,000,000."""
    Image.new("L", (1000, 1000)).save(tmp_path / "large.png")
    (tmp_path / "k.txt").write_text("\n".join(["1 " * 101] * 101), encoding="utf-8")
    outcome = command("filter", str(tmp_path / "large.png"), "--filter", str(tmp_path / "k.txt"), "-o", "x.png")
    assert outcome.status == 2
    assert "10,201,000,000 multiply-adds" in " ".join(outcome.err.split())
