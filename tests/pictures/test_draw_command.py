"""`cnncalc draw`: which file it writes, how wide it is on paper, and what it refuses before anything is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as PILImage

import cnncalc
from cnncalc.cli import main
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Group, Image


def test_without_a_file_the_picture_goes_to_standard_output_as_svg(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["draw", "lenet5"]) == 0
    assert capfdbinary.readouterr().out.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_the_ending_of_the_file_says_what_is_written(tmp_path: Path, ending: str, begins: bytes) -> None:
    if ending != "svg":
        pytest.importorskip({"png": "resvg_py", "pdf": "fpdf"}[ending])
    file = tmp_path / f"net.{ending}"
    assert main(["draw", "lenet5", "-o", str(file)]) == 0
    assert file.read_bytes().startswith(begins)


def test_17_cm_of_paper_give_letters_of_7_points(tmp_path: Path) -> None:
    file = tmp_path / "net.svg"
    assert main(["draw", "vgg16", "-o", str(file), "--width", "17cm"]) == 0
    head = file.read_text().split(">", 1)[0]
    across = float(head.split('viewBox="0 0 ')[1].split()[0])
    points = float(head.split('width="')[1].split("pt")[0])
    assert points * 11 / across == pytest.approx(7, rel=0.001)
    assert points <= 17 / 2.54 * 72


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "net.gif"], "'net.gif' has no ending of a drawing"),
        (["-o", "net.svg", "--width", "5cm"], "a picture narrower than that cannot be read: 5cm"),
        (["-o", "net.svg", "--width", "nan"], "'nan' is not a width"),
        (["-o", "net.svg", "--open", "stage"], "the network has no block `stage` that could be drawn out"),
        (["-o", "net.svg", "--theme", "red"], "red"),
        (["-o", "net.svg", "--image", "notes.txt"], "is not a picture"),
        (["-o", "notes.txt/net.svg"], "cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_written(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("no picture\n")
    assert main(["draw", "lenet5", *arguments]) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_a_picture_that_exists_is_replaced_by_the_same_bytes_alone_unless_forced(tmp_path: Path, ending: str) -> None:
    if ending != "svg":
        pytest.importorskip({"png": "resvg_py", "pdf": "fpdf"}[ending])
    (tmp_path / "other.txt").write_text("input 9x9x1\nconv 2 3x3\n")
    file, other = tmp_path / f"net.{ending}", str(tmp_path / "other.txt")
    assert main(["draw", "lenet5", "-o", str(file)]) == 0
    first = file.read_bytes()
    assert main(["draw", "lenet5", "-o", str(file)]) == 0
    assert main(["draw", other, "-o", str(file)]) == 2
    assert main(["draw", "lenet5", "-o", str(file), "--theme", "dark"]) == 2
    assert file.read_bytes() == first
    assert main(["draw", other, "-o", str(file), "--force"]) == 0
    assert file.read_bytes() != first


def test_a_picture_that_was_edited_by_hand_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "net.svg"
    assert main(["draw", "lenet5", "-o", str(file)]) == 0
    edited = file.read_text("utf-8").replace("<title>", "<title>Mine: ")
    file.write_text(edited, "utf-8")
    assert main(["draw", "lenet5", "-o", str(file)]) == 2
    assert file.read_text("utf-8") == edited


def test_open_draws_the_layers_of_a_block_in_the_net_itself(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "resnet50", "--no-inside"]) == 0
    closed = capfd.readouterr().out
    assert main(["draw", "resnet50", "--no-inside", "--open", "stage"]) == 0
    opened = capfd.readouterr().out
    assert "bottleneck" not in closed
    assert "bottleneck" in opened


@pytest.mark.parametrize(
    ("width", "status"), [("17CM", 0), ("6.5cm", 0), ("400cm", 0), ("6.4cm", 2), ("1px", 2), ("48px", 2), ("1000cm", 2)]
)
def test_a_width_has_one_pair_of_limits(width: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "lenet5", "--chart", "params", "--width", width]) == status
    said = "choose a width between 6.5cm (246px) and 400cm (157in)"
    assert (said in " ".join(capsys.readouterr().err.split())) is (status == 2)


@pytest.mark.parametrize("command", [["draw"], ["trace", "--at", "conv1"], ["report", "-o", "r.html"]])
def test_a_photo_that_is_not_there_is_said_in_the_same_words(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command[0], "lenet5", *command[1:], "--image", "no.png"]) == 2
    assert capsys.readouterr().err.startswith("error[file-missing]: there is no picture `no.png`\n")


@pytest.mark.parametrize("line", ["input 64 channels 3", "input 20", "input 8x8x8x1", "input 32x32x5"])
def test_a_photo_is_refused_where_no_input_takes_one(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, photo = tmp_path / "net.txt", tmp_path / "p.png"
    net.write_text(f"{line}\ndense 2\n")
    PILImage.new("RGB", (4, 4), (255, 0, 0)).save(photo)
    assert main(["draw", str(net), "--image", str(photo)]) == 2
    assert "error[input-is-no-picture]: no input of" in capsys.readouterr().err


@pytest.mark.parametrize(("colour", "row"), [((255, 0, 0), 1), ((9, 9, 9), 0)])
def test_of_two_inputs_a_photo_lies_on_the_one_of_its_channels(
    colour: tuple[int, int, int], row: int, tmp_path: Path
) -> None:
    net, photo = tmp_path / "net.txt", tmp_path / "p.png"
    net.write_text("depth: input 32x32x1\nrgb: input 32x32x3\nconcat depth rgb\n")
    PILImage.new("RGB", (4, 4), colour).save(photo)
    scene = cnncalc.load(net).draw(image=str(photo)).scene
    groups = [one for one in scene.shapes if isinstance(one, Group) and one.rows and _has_photo(one)]
    assert [one.rows for one in groups] == [(row, row)]


def _has_photo(group: Group) -> bool:
    return any(isinstance(shape, Image) for shape in flat((group,)))


def test_picture_and_chart_of_a_keras_net_give_the_count_of_its_summary(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """3x3x1 weights, 1 bias, 4 of batch norm: 14 as Keras counts."""
    net = tmp_path / "net.txt"
    net.write_text("count keras\ninput 8x8x1\nconv 1 3x3\nbn\n")
    assert main(["draw", str(net)]) == 0
    assert ">14 parameters as Keras counts, " in capfd.readouterr().out
    assert main(["draw", str(net), "--chart", "params"]) == 0
    assert "14 as Keras counts in all" in capfd.readouterr().out
