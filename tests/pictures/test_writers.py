"""A scene as a file: what each format holds, how wide it is, and that nobody's text harms it."""

import sys
import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.hatches import hatch_lines
from cnncalc.pictures.scene.rounded_corners import rounded_line
from cnncalc.pictures.scene.shapes import Circle, Line, Polygon, Rectangle, Scene
from cnncalc.pictures.scene.themes import THEMES, colours
from cnncalc.pictures.writers.drawing_file import drawing_bytes, may_be_drawing
from cnncalc.pictures.writers.pdf import pdf
from cnncalc.pictures.writers.png import png
from cnncalc.pictures.writers.svg import page_svg, svg
from tests.pictures.checklist import faults

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = ((10.0, 10.0), (60.0, 10.0), (60.0, 90.0), (10.0, 90.0))
HOSTILE = 'a</script>&"\x1b[2J\u202e\x00' + "x" * 100_000


def scene(text: str = "conv 3×3") -> Scene:
    drawing = Drawing()
    with drawing.group(text, (0, 2)):
        drawing.add(Polygon(SQUARE, "pool.face", hatch="pool"), Rectangle(70, 10, 50, 80, 5, "up.face", dash="3 2"))
    drawing.add(Circle(150, 50, 9, "mark"))
    drawing.line([(10, 100), (100, 100), (100, 120)])
    drawing.text(100, 140, text, anchor="start")
    return drawing.scene(200, 150, text, text)


def number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


@pytest.mark.parametrize("theme", THEMES)
def test_an_svg_is_valid_has_no_script_and_is_the_same_each_time(theme: str) -> None:
    text = svg(scene(HOSTILE), theme)
    root = ET.fromstring(text)
    assert root.attrib["viewBox"] == "0 0 200 150"
    assert colours(theme)["pool.face"] in text
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text) < 20_000
    assert text == svg(scene(HOSTILE), theme)


def test_a_page_has_classes_and_buttons_in_place_of_colours() -> None:
    text = page_svg(scene(), prefix="q", interactive=True)
    group = next(one for one in ET.fromstring(text).iter(f"{SVG}g"))
    assert group.attrib == {
        "class": "v",
        "tabindex": "0",
        "role": "button",
        "data-rows": "0-2",
        "aria-label": "conv 3×3",
    }
    assert "#" not in text.replace("url(#", "")
    assert "f-pool-face" in text


@pytest.mark.parametrize(("width", "written"), [("17cm", "481.89pt"), ("400px", "300.00pt"), ("6in", "432.00pt")])
def test_a_width_on_paper_is_written_in_points(width: str, written: str) -> None:
    assert ET.fromstring(svg(scene(), width=width)).attrib["width"] == written


@pytest.mark.parametrize("width", ["17", "cm", "-3cm", "1e9cm", "0px", "17cm;"])
def test_a_width_without_unit_or_of_nothing_is_refused(width: str) -> None:
    with pytest.raises(InputError, match="width"):
        drawing_bytes(scene(), "a.svg", width=width)


def test_a_png_has_two_pixels_to_a_unit_or_its_width_and_each_letter_without_a_system_font() -> None:
    plain = png(scene())
    assert plain[:8] == b"\x89PNG\r\n\x1a\n"
    assert (number(plain, 16), number(plain, 20)) == (400, 300)
    assert number(png(scene(), width="400px"), 16) == 400
    assert png(scene("conv")) != png(scene("    "))


def test_a_pdf_is_one_page_of_its_width_and_the_same_each_time() -> None:
    data = pdf(scene(HOSTILE), width="17cm")
    assert data.startswith(b"%PDF")
    assert b"/MediaBox [0 0 481.89 361.42]" in data
    assert data == pdf(scene(HOSTILE), width="17cm")


def test_upright_hatches_are_five_units_apart() -> None:
    assert [start[0] for start, _ in hatch_lines(SQUARE, "pool")] == [15, 20, 25, 30, 35, 40, 45, 50, 55, 60]


def test_another_ending_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError) as caught:
        drawing_bytes(scene(), "net.tiff")
    assert caught.value.diagnostics[0].help == "end the name in .svg, .png or .pdf"


@pytest.mark.parametrize(("module", "ending"), [("resvg_py", ".png"), ("fpdf", ".pdf")])
def test_a_library_that_is_missing_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, ending: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError) as caught:
        drawing_bytes(scene(), "net" + ending)
    assert caught.value.diagnostics[0].help == "install it: pip install 'cnncalc[pictures]'"


def test_an_svg_or_png_of_ours_and_a_pdf_may_come_out_the_same_and_another_png_cannot() -> None:
    assert may_be_drawing(svg(scene()).encode())
    assert may_be_drawing(png(scene()))
    assert not may_be_drawing(png(scene()).replace(b"cnncalc drawing", b"another program"))
    assert may_be_drawing(pdf(scene()))


def test_the_licence_of_the_font_ships_beside_it() -> None:
    licence = files("cnncalc.pictures.writers").joinpath("fonts/OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert all(family in licence for family in ("Arimo", "Cousine"))


def test_the_checklist_finds_what_touches_what_leaves_the_paper_and_rows_without_a_group() -> None:
    drawing = Drawing()
    drawing.text(20, 20, "one")
    drawing.text(22, 20, "two")
    drawing.text(199, 60, "out")
    with drawing.group("first", (0, 0)):
        pass
    assert faults(drawing.scene(200, 100), rows=2) == [
        "off the canvas: out",
        "touch: one / two",
        "row 1 is in 0 groups",
    ]


def test_a_text_is_as_wide_in_every_font_as_the_layout_took_it_to_be() -> None:
    """Chromium on a machine without Arial sets `sans-serif` in a wider font; labels left their boxes."""
    drawing = Drawing()
    drawing.text(50, 20, "5×5", 10)
    drawing.text(50, 40, "網", 10)
    shown = svg(drawing.scene(100, 50))
    assert 'textLength="16.96" lengthAdjust="spacingAndGlyphs"' in shown  # 556 + 584 + 556 thousandths of 10 units
    assert shown.count("textLength") == 1  # what Helvetica lacks is as wide as its font has it


def test_a_line_with_sharp_corners_goes_through_all_its_points() -> None:
    line = Line(((0, 0), (10, 30), (20, 5)), arrow=False, corner=0)
    assert 'd="M0 0L10 30L20 5"' in svg(Scene((line,), 40, 40))
    assert rounded_line(line.points, 0) == line.points
