"""In a notebook: nets and drawings show themselves, `%%cnncalc` reads a cell, what is wrong has no traceback."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.cell_magic import CellError, cell_line
from cnncalc.cli import main

DIGIT = Path(__file__).parents[2] / "examples" / "digits" / "7.png"
HOSTILE = "title </svg><script>alert(1)</script>\ninput 8x8x1\nconv 2 3x3\n"


class FakeShell:
    """What IPython's shell does with an extension."""

    def __init__(self) -> None:
        self.magics: dict[tuple[str, str | None], Callable[[str, str], object]] = {}
        self.variables: dict[str, object] = {}

    def register_magic_function(
        self, func: Callable[[str, str], object], magic_kind: str = "line", magic_name: str | None = None
    ) -> None:
        self.magics[magic_kind, magic_name] = func

    def push(self, variables: dict[str, object]) -> None:
        self.variables |= variables

    def cell(self, line: str, text: str) -> object:
        return self.magics["cell", "cnncalc"](line, text)


@pytest.fixture
def shell() -> FakeShell:
    made = FakeShell()
    cnncalc.load_ipython_extension(made)
    return made


def test_a_net_is_its_table_with_its_picture_folded_below() -> None:
    html = cnncalc.load("lenet5")._repr_html_()
    table, below = html.split("<details><summary>Picture</summary>")
    assert "61,706" in table
    assert table.endswith("</div>")
    assert 'fill="#ffffff"' in below
    assert "28×28×6" in below
    assert below.endswith("</svg>\n</div></details>")
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")


def test_two_drawings_on_one_page_have_no_id_in_common() -> None:
    drawing = cnncalc.load("lenet5").draw()
    for show in (drawing._repr_html_, drawing._repr_svg_):
        first, second = (set(re.findall(r'id="([^"]+)"', show())) for _ in range(2))
        assert first
        assert not first & second
        for used in re.findall(r"url\(#([^)]+)\)", text := show()):
            assert f'id="{used}"' in text


def test_what_a_title_holds_is_harmless_in_a_notebook() -> None:
    net = cnncalc.load(HOSTILE)
    for html in (net._repr_html_(), net.draw()._repr_html_(), net.chart("memory")._repr_html_()):
        assert "<script" not in html
    ET.fromstring(net.draw()._repr_svg_())


def test_a_drawing_is_saved_as_the_command_writes_it(tmp_path: Path) -> None:
    net = cnncalc.load("lenet5")
    net.draw(width="17cm", theme="dark", inside=False).save(tmp_path / "a.svg")
    net.chart("params").save(tmp_path / "b.svg")
    options = ["--width", "17cm", "--theme", "dark", "--no-inside"]
    assert main(["draw", "lenet5", "-o", str(tmp_path / "c.svg"), *options]) == 0
    assert main(["draw", "lenet5", "-o", str(tmp_path / "d.svg"), "--chart", "params"]) == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "c.svg").read_bytes()
    assert (tmp_path / "b.svg").read_bytes() == (tmp_path / "d.svg").read_bytes()


def test_a_drawing_replaces_the_same_one_and_nothing_else(tmp_path: Path) -> None:
    file, notes = tmp_path / "net.svg", tmp_path / "notes.svg"
    notes.write_text("mine\n")
    drawing = cnncalc.load("lenet5").draw()
    drawing.save(file)
    drawing.save(file)
    with pytest.raises(cnncalc.InputError, match="exists already"):
        cnncalc.load("lenet5").draw(theme="dark").save(file)
    with pytest.raises(cnncalc.InputError, match="exists already"):
        drawing.save(notes)
    assert notes.read_text() == "mine\n"
    drawing.save(notes, force=True)
    assert notes.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    "write",
    [
        lambda net, **to: net.draw().save("a.svg", **to),
        lambda net, **to: net.chart("params").save("a.svg", **to),
        lambda net, **to: net.report("a.html", **to),
        lambda net, **to: net.maps(np.zeros((32, 32))).save("maps", **to),
    ],
)
def test_a_file_that_is_kept_is_replaced_as_the_error_says(
    write: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.svg").write_text("mine\n")
    Path("a.html").write_text("mine\n")
    net = cnncalc.load("lenet5")
    Path("maps").mkdir()
    Image.new("L", (1, 1)).save("maps/00-input1.png")
    with pytest.raises(cnncalc.InputError, match="exists already") as refused:
        write(net)
    advice = refused.value.diagnostics[0].help
    assert "or force=True to replace it" in advice
    assert "--" not in advice
    write(net, force=True)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda net: net.draw(width="1cm"), "a picture narrower than that cannot be read: 1cm"),
        (lambda net: net.draw(theme="red"), "there is no theme 'red'"),
        (lambda net: net.draw(opened="first"), "no block `first`"),
        (lambda net: net.draw(image="none.png"), r"none\.png"),
        (lambda net: net.chart("memry"), "there is no chart `memry`"),
        (lambda net: net.draw().save("net.gif"), "no ending of a drawing"),
        (lambda net: net.report("none/net.html"), "there is no folder none"),
        (lambda net: net.report("net.html", "none.png"), r"none\.png"),
    ],
)
def test_what_the_command_refuses_python_refuses(
    draw: Callable[[cnncalc.Model], object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(cnncalc.InputError, match=message):
        draw(cnncalc.load("lenet5"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("net", ["lenet5", "stated.txt"])
def test_a_report_is_the_page_of_the_command(net: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("stated.txt").write_text("data numbers = [1 2; 3 4]\ninput from numbers\nmaxpool 2x2\n")
    cnncalc.load(net).report(tmp_path / "a.html")
    assert main(["report", net, "-o", str(tmp_path / "b.html")]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_report_of_a_picture_shows_what_came_out_by_the_names_of_the_classes(tmp_path: Path) -> None:
    text = "input 28x28x1\nmaxpool 14x14\nflatten\n"
    names = tmp_path / "names.html"
    names.write_text("north\neast\nsouth\nwest\n")
    net = cnncalc.load(text)
    net.report(tmp_path / "net.html", DIGIT, labels=names)
    page = (tmp_path / "net.html").read_text()
    assert page.startswith("<!doctype html><!-- cnncalc report ")
    assert "7.png" in page
    assert "north" in page
    net.report(tmp_path / "array.html", [[float(n) for n in range(28)]] * 28)
    assert "an array" in (tmp_path / "array.html").read_text()
    with pytest.raises(cnncalc.InputError, match="is read by this command"):
        net.report(names, DIGIT, labels=names)


# ---------------------------------------------------------------------- cells
def test_a_cell_gives_its_net_and_keeps_it_under_the_name(shell: FakeShell) -> None:
    shown = shell.cell("", "input 32x32x1\nconv 6 5x5\n")
    assert isinstance(shown, cnncalc.Model)
    assert shown.analysis.totals.figures.params == 156
    assert shell.variables == {}
    kept = shell.cell("net --input 64x64x1 --set n=16", "let n = 6\r\ninput 32x32x1\r\nconv $n 5x5\r\n")
    assert shell.variables == {"net": kept}
    assert isinstance(kept, cnncalc.Model)
    assert kept.analysis.rows[-1].output.text() == "60x60x16"


def test_a_fault_is_shown_with_its_line_in_the_cell_and_no_traceback(shell: FakeShell) -> None:
    """`%%cnncalc` is the first line of the cell, so the text's second is the third."""
    with pytest.raises(CellError) as caught:
        shell.cell("net", "input 8x8x1\nconv 6 9x9\n")
    lines = caught.value._render_traceback_()
    assert lines[:2] == ["error[kernel-too-large]: a 9x9 kernel does not fit an 8x8 input", "   --> <cell>:3:8"]
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ is False
    assert caught.value.__context__ is None
    assert shell.variables == {}


def test_the_words_of_a_cells_line() -> None:
    assert cell_line("") == (None, None, ())
    assert cell_line(" net --input=96 --set a=1 --set 'b=2 3'") == ("net", "96", (("a", "1"), ("b", "2 3")))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--inpt 3", "`--inpt` is no option"),
        ("class", "`class` is no option of %%cnncalc, and no name"),
        ("net=3", "`net` is no option"),
        ("a b", "two names: a and b"),
        ("--input", "--input has no value"),
        ("--input 8 --input 9", "--input is given twice"),
        ("--set n", "--set n has no name and value"),
        ("'", "a quote without its end"),
        ("x" * 10**4 + "-", "is no option"),
    ],
)
def test_a_wrong_line_of_a_cell_is_refused(shell: FakeShell, line: str, message: str) -> None:
    with pytest.raises(CellError, match=re.escape(message)) as caught:
        shell.cell(line, "input 8x8x1\n")
    assert len(str(caught.value)) < 400


def test_the_real_shell_runs_a_cell() -> None:
    testing = pytest.importorskip("IPython.testing.globalipapp", exc_type=ImportError)
    running = testing.start_ipython() or testing.get_ipython()
    running.run_line_magic("load_ext", "cnncalc")
    shown = running.run_cell_magic("cnncalc", "net", "input 32x32x1\nconv 6 5x5\n")
    assert running.user_ns["net"] is shown
    assert shown._repr_html_().startswith("<div><b>")
