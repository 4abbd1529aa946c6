"""`draw` writes a diagram as text where the file's ending asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.cli import main


@pytest.mark.parametrize(
    ("name", "begins", "frame"),
    [
        ("net.mmd", "---\ntitle: ", 'subgraph f_inception1["inception 64 96 128 16 32 32'),
        ("net.gv", "digraph {\n  graph [label=", "subgraph cluster_f_inception1 {"),
    ],
)
def test_draw_writes_a_diagram_with_the_blocks_drawn_out(name: str, begins: str, frame: str, tmp_path: Path) -> None:
    file = tmp_path / name
    assert main(["draw", "googlenet", "--open", "inception", "-o", str(file)]) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert frame in text


def test_a_diagram_is_written_over_one_of_ours_and_over_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "net.dot"
    assert main(["draw", "googlenet", "-o", str(file)]) == 0
    assert "inside of inception" in file.read_text(encoding="utf-8")
    assert main(["draw", "googlenet", "--no-inside", "-o", str(file)]) == 0
    assert "inside of" not in file.read_text(encoding="utf-8")
    file.write_text("digraph mine {}\n")
    assert main(["draw", "googlenet", "-o", str(file)]) == 2
    assert file.read_text() == "digraph mine {}\n"
    assert main(["draw", "googlenet", "--force", "-o", str(file)]) == 0
    assert "inside of inception" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "option", [("--width", "17cm"), ("--theme", "dark"), ("--image", "photo.jpg"), ("--chart", "memory")]
)
def test_what_only_pictures_have_is_refused(
    option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", "lenet5", *option, "-o", str(tmp_path / "net.mmd")]) == 2
    said = capsys.readouterr().err
    assert f"`{option[0]}` is about pictures, and a Mermaid diagram is written" in said
    assert not (tmp_path / "net.mmd").exists()
