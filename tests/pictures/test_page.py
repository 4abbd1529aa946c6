"""The page of a net: what is in it without a script, what it never says or asks for, and how large it may become."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.analysis.cell_field.axis_pixels import axis_pixels
from cnncalc.analysis.seen_pixels import seen_pixels
from cnncalc.cli import main
from cnncalc.pictures.page.formula_math import formula_html
from cnncalc.pictures.page.page_fields import FieldTables, field_table
from cnncalc.pictures.page.page_html import page_html
from cnncalc.pictures.page.page_maps import within
from cnncalc.pictures.page.page_rows import MOST_LINES
from cnncalc.pictures.page.page_run import PageImage
from cnncalc.pictures.page.page_style import page_style
from cnncalc.report.answer_marks import own_findings


def page(text: str) -> str:
    analysis = cnncalc.load(text).analysis
    return page_html(analysis, None, own_findings(analysis))


def data_of(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    read: dict[str, object] = json.loads(found[1])
    return read


def without_scripts(html: str) -> str:
    return re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)


def test_table_and_totals_are_there_without_a_script() -> None:
    shown = without_scripts(page("input 32x32x1\nconv 6 5x5\n"))
    assert re.search(r'<td class="name"><bdi>conv 6</bdi></td><td>28×28×6</td><td class="wide">5×5</td>', shown)
    assert '<span class="full">117,600</span>' in shown  # 28 * 28 * 6 * 5 * 5 MACs, as LeCun 1998 counts for C1
    assert '<td class="n">156</td>' in shown


def test_marks_are_shown_as_in_a_summary_and_what_would_be_right_is_not_said_beside_them() -> None:
    wrong = page("input 32x32x1\nconv 6 5x5 => params 100\n")
    sign = '<span class="mark wrong" role="img" aria-label="wrong">✗</span>'
    assert wrong.count(f"<td>{sign}</td>") == 1
    assert f'<li>{sign} <span class="soft">line 2, params</span> 100</li>' in wrong
    answers = re.search(r'id="h-answers">Answers</h2>(.*?)</section>', wrong)
    assert answers is not None
    assert "params 100 is wrong" in answers[1]
    assert "156" not in answers[1]


def test_a_page_forbids_every_request_and_names_no_address() -> None:
    html = page("input 32x32x1\nconv 6 5x5\n")
    assert "default-src 'none'; img-src data:" in html
    html = html.replace(' xmlns="http://www.w3.org/2000/svg"', "")  # the name of SVG, which nobody asks for
    assert not re.search(r"https?://|url\((?!#)|@import|<link(?! rel=\"icon\" href=\"data:,\")", html)


@pytest.mark.parametrize(
    ("title", "never", "instead"),
    [
        ("</script><img src=x>", "<img src=x>", "&lt;/script&gt;&lt;img src=x&gt;"),
        ("a & b", "a & b", "a &amp; b"),
        ("\u202eevil", "\u202e", "\ufffdevil"),
    ],
)
def test_a_title_cannot_steer_the_page(title: str, never: str, instead: str) -> None:
    html = page(f'title "{title}"\ninput 8x8x1\nconv 2 3x3\n')
    assert never not in html
    assert instead in html


def test_a_label_as_long_as_a_book_is_cut() -> None:
    html = page(f"input 8x8x1\n{'x' * 10**4}: conv 2 3x3\n")
    assert "x" * 310 not in html
    assert len(html) < 60_000


def test_of_very_many_lines_the_first_are_shown_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_LINES == 1000
    monkeypatch.setattr("cnncalc.pictures.page.page_rows.MOST_LINES", 20)
    html = page("input 8x8x2\n" + "relu\n" * 29)
    assert len(data_of(html)["rows"]) == 20  # type: ignore[arg-type]
    assert "10 more lines are not shown" in html


def test_a_table_of_fields_says_the_pixels_of_every_place_as_the_analysis_does() -> None:
    analysis = cnncalc.load("input 40x40x1\nconv 2 3x3 padding=1\nmaxpool 2x2\nupsample 3\nconv 2 3x3\n").analysis
    for row in analysis.rows:
        places = row.output.spatial[0]
        field = row.nodes[-1].fields[0]  # type: ignore[index]
        table = field_table(field, places)
        assert table is not None
        assert [table.span_at(place) for place in range(places)] == [field.span_at(place) for place in range(places)]
    # place 0 of the first convolution: pixels -1 (a pad) to 1; by hand
    assert field_table(analysis.rows[1].nodes[-1].fields[0], 40).span_at(0) == (-1, 1)  # type: ignore[index,union-attr]


@pytest.mark.parametrize(
    ("text", "place", "span"),
    [
        # The pool of 25 leaves row 25 out; beyond it lies the padding of the second layer: rows 21 to 24.
        ("input 25x25x1\nmaxpool 2x2\nconv 2 3x3 same\n", 11, (20, 23)),
        # What a crop leaves out is padding when it is padded again: no pixel.
        ("input 29x29x1\ncrop 1\ncrop 1\npad 1\n", 0, (1, 0)),
        # Tap 1 of 2 lies on the padding; the other on place 1 of 5x5 windows at steps of 6: pixels 7 to 19 of 33.
        (
            "input 33x33x1\nmaxpool 5x5 stride=2\nmaxpool 5x5 stride=3\nconv 2 2x2 stride=1 dilation=2 padding=1\n",
            0,
            (6, 18),
        ),
        # The padding of the first layer lies next to the pixels and is counted: one row before the first.
        ("input 9x9x1\nconv 2 3x3 same\n", 0, (-1, 1)),
    ],
)
def test_a_padding_in_the_middle_of_a_net_has_no_pixels(text: str, place: int, span: tuple[int, int]) -> None:
    analysis = cnncalc.load(text).analysis
    tables = FieldTables(analysis)
    found = [tables.of_row(row) for row in analysis.rows]
    assert tables.tables[found[-1][0]].span_at(place) == span  # type: ignore[index]
    axis = seen_pixels(analysis, analysis.nodes[-1], (0, place, place))[0].axes[0]
    assert list(axis.pixels) == list(range(max(span[0], 0), span[1] + 1))


def test_a_padding_that_copies_pixels_is_not_said_to_see_none() -> None:
    """Row 1 of `pad 2 fill=reflect` is the mirror image of row 3: a page says no field of it; `trace` does."""
    analysis = cnncalc.load("input 9x9x1\npad 2 fill=reflect\n").analysis
    assert axis_pixels(analysis.nodes).keys() == {0}
    assert FieldTables(analysis).of_row(analysis.rows[1]) is None


def test_rows_with_equal_fields_share_a_table() -> None:
    analysis = cnncalc.load("input 40x40x1\nconv 2 3x3\nbn\nrelu\n").analysis
    tables = FieldTables(analysis)
    assert [tables.of_row(row) for row in analysis.rows] == [(0, 0), (1, 1), (1, 1), (1, 1)]


def test_lines_of_one_kind_share_what_is_around_the_numbers_of_their_formulas() -> None:
    data = data_of(page("input 9x9x2\nconv 3 1x1\nconv 4 1x1\n"))
    (first, of_first), (second, of_second) = (row["formulas"] for row in data["rows"][1:])  # type: ignore[index]
    assert first == second
    around, numbers = data["formulas"][first], of_second.split(" ")  # type: ignore[index]
    whole = "".join(one + number for one, number in zip(around, [*numbers, ""], strict=True))
    assert "<dt>arrives</dt><dd>9×9×3</dd>" in whole
    # (1 * 1 * 3 + 1) * 4 weights and biases, by hand
    bracket = "<mo>(</mo><mn>1</mn><mo>·</mo><mn>1</mn><mo>·</mo><mn>3</mn><mo>+</mo><mn>1</mn><mo>)</mo>"
    assert f"<dd>= <math><mrow>{bracket}</mrow><mo>·</mo><mn>4</mn></math></dd><dd>= 16</dd>" in whole
    assert len(of_first) < 200


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "floor((n - k) / s) + 1",
            (
                "<math><mrow><mo>⌊</mo><mfrac><mrow><mi>n</mi><mo>−</mo><mi>k</mi></mrow><mi>s</mi></mfrac><mo>⌋</mo></mrow>"
                "<mo>+</mo><mn>1</mn></math>"
            ),
        ),
        ("C/groups", "<math><mfrac><mi>C</mi><mtext>groups</mtext></mfrac></math>"),
        ("C (shift alone)", "C (shift alone)"),
        ("2 * C (scale and shift)", "<math><mn>2</mn><mo>·</mo><mi>C</mi></math> (scale and shift)"),
        ("-1.5 * 2", "<math><mrow><mo>−</mo><mn>1.5</mn></mrow><mo>·</mo><mn>2</mn></math>"),
        ("c (h a=2) -> (a c) h", "c (h a=2) -&gt; (a c) h"),
        ("<img src=x> + 1", "&lt;img src=x&gt; + 1"),
        ("(" * 50 + "1" + ")" * 50, "(" * 50 + "1" + ")" * 50),
        ("(1", "(1"),
    ],
)
def test_a_formula_is_mathematics_and_what_is_none_a_text(text: str, html: str) -> None:
    assert formula_html(text) == html


def test_lines_inside_blocks_are_hidden_at_first_only_where_a_net_has_more_than_forty() -> None:
    block = "block unit\n  conv 2 1x1\n  relu\nend\ninput 9x9x2\n"
    small, large = page(f"{block}repeat 2\n  unit\nend\n"), page(f"{block}repeat 30\n  unit\nend\n")
    assert (len(re.findall("<tr[^>]* hidden", small)), small.count('aria-expanded="true"')) == (0, 2)
    assert (len(re.findall("<tr[^>]* hidden", large)), large.count('aria-expanded="false"')) == (60, 30)


def test_without_a_script_and_on_paper_every_line_is_shown() -> None:
    rules = page_style().replace("\n", "")
    assert "html:not(.script) tr[hidden]{display:table-row}" in rules
    assert "tr[hidden]{display:table-row!important}" in rules[rules.index("@media print{html") :]
    assert "html:not(.script) .needs-script{display:none}" in rules


def test_the_bar_behind_a_number_is_as_long_as_its_part_of_the_largest() -> None:
    html = page("input 8x8x1\nconv 1 3x3 nobias\nconv 2 3x3 nobias\n")  # 9 and 18 weights: 1/3 and 2/3 of all
    assert '<td class="n bar params" style="--part:0.500" title="33.3% of all">9</td>' in html
    assert '<td class="n bar params" style="--part:1.000" title="66.7% of all">18</td>' in html


def test_totals_are_said_in_the_words_of_explain() -> None:
    html = page("input 8x8x1\nconv 1 3x3\n")
    counts = re.search(r'<th scope="row">Connections</th><td class="n">360</td><td class="soft wide">(.*?)</td>', html)
    assert counts is not None  # (9 weights + 1 bias) * 36 places
    assert counts[1] == "Every weight and bias, as often as it is used: the count that papers before 2000 print."


def test_the_chart_of_memory_has_a_bar_for_each_line_which_names_it() -> None:
    html = page("input 8x8x1\nconv 1 3x3\n")
    chart = html[html.index('class="chart"') :]
    assert re.findall(r'<g class="v" data-rows="(\d-\d)">', chart) == ["0-0", "1-1"] * 2  # wide and narrow
    assert "conv 1 3x3: 100 numbers alive: 36 written, 64 read, 0 kept for later" in chart


def test_numbers_in_a_text_or_a_file_are_run_and_shown_as_greys(tmp_path: Path) -> None:
    np.save(tmp_path / "signal.npy", np.arange(8.0))
    net, out = tmp_path / "net.txt", tmp_path / "net.html"
    net.write_text("input 8 channels 1\nconv 1 3 weights=[1 0 1] bias=[0]\n")
    assert main(["report", str(net), "--input-array", str(tmp_path / "signal.npy"), "-o", str(out)]) == 0
    run = re.search(r'id="h-run">The run</h2>(.*?)</section>', out.read_text("utf-8"))
    assert run is not None
    assert "<dt>Numbers</dt><dd>signal.npy</dd>" in run[1]
    assert "<dt>Shown</dt><dd>black is 0, white is 7</dd>" in run[1]
    result = re.search("<dt>Result</dt><dd>(.*?)</dd>", run[1])
    assert result is not None
    blank = "\u2007"  # as wide as a digit
    assert result[1].replace(blank, "_") == "_2 __4 __6 __8 _10 _12"  # 0 + 2, 1 + 3 ...: by hand
    net.write_text("data square = [1 2; 3 4]\ninput from square\nmaxpool 2x2\n")
    assert main(["report", str(net), "-o", str(out), "--force"]) == 0
    assert "<dt>Numbers</dt><dd>those in the text</dd>" in out.read_text("utf-8")


def test_words_for_a_picture_are_taken_as_by_run(tmp_path: Path) -> None:
    Image.new("L", (20, 10), 255).save(tmp_path / "a.png")
    net, out = tmp_path / "net.txt", tmp_path / "net.html"
    net.write_text("input 8x8x1\nconv 1 3x3\n")
    words = ["--resize", "stretch", "--scale", "1/255", "--mean", "0.5", "--std", "0.5"]
    assert main(["report", str(net), "--image", str(tmp_path / "a.png"), *words, "-o", str(out)]) == 0
    assert "<dd>stretched to 8×8; values 0..1, minus 0.5, divided by 0.5</dd>" in out.read_text("utf-8")


def test_over_the_limit_lines_inside_blocks_lose_their_maps_first_then_every_second() -> None:
    maps = {row: PageImage(b"x" * 300, "webp") for row in range(4)}
    assert within(maps, {0}, most=10_000) == (maps, "")
    kept, said = within(maps, {0}, most=1200)
    assert (list(kept), said.split(":")[0]) == ([1, 2, 3], "To keep the page small, lines inside blocks have no maps")
    kept, said = within(maps, {0}, most=900)
    assert (list(kept), said) == ([1, 3], "To keep the page small, 2 of 4 lines have their maps.")


def test_the_command_writes_a_page_replaces_the_same_one_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, out = tmp_path / "net.txt", tmp_path / "net.html"
    net.write_text("input 8x8x1\nconv 2 3x3\n")
    assert main(["report", str(net), "-o", str(out)]) == 0
    assert main(["report", str(net), "-o", str(out)]) == 0
    assert main(["report", str(net), "--input", "9", "-o", str(out)]) == 2
    assert "9×9×1" not in out.read_text("utf-8")
    assert main(["report", str(net), "--input", "9", "-o", str(out), "--force"]) == 0
    assert "9×9×1" in out.read_text("utf-8")
    capsys.readouterr()
    out.write_text("mine")
    assert main(["report", str(net), "-o", str(out)]) == 2
    assert "net.html exists already" in capsys.readouterr().err
    assert out.read_text() == "mine"


def test_a_line_that_reads_another_input_says_so_and_a_net_with_one_input_names_none() -> None:
    both = "left: input 9x9x1\na: conv 2 3x3\nright: input 9x9x1\nb: conv 2 3x3\nadd a b\n"
    html = page(both)
    data = data_of(html)
    rows: list[dict[str, object]] = data["rows"]  # type: ignore[assignment]
    assert data["of"] == "left"
    assert '<p class="small soft">Input left</p>' in html
    assert ["others" in row for row in rows] == [False, False, True, True, True]
    assert ["elsewhere" in row for row in rows] == [False, False, True, True, False]
    assert rows[4]["others"] == " It depends on pixels of right too, which are not marked here."
    assert data_of(page("input 9x9x1\nconv 2 3x3\n"))["of"] == ""


def test_of_a_volume_the_card_says_which_slice_its_photo_and_its_maps_are(tmp_path: Path) -> None:
    np.save(tmp_path / "volume.npy", np.arange(5.0 * 4 * 4).reshape(5, 4, 4, 1))
    net, out = tmp_path / "net.txt", tmp_path / "net.html"
    net.write_text("input 5x4x4 channels 1\nconv 1 2x2x2\n")
    assert main(["report", str(net), "--input-array", str(tmp_path / "volume.npy"), "-o", str(out)]) == 0
    html = out.read_text("utf-8")
    assert '<p class="small soft">Slice 3 of 5</p>' in html  # the middle of 1, 2, 3, 4, 5
    abouts = data_of(html)["abouts"]
    assert [about.split(";")[0] for about in abouts] == ["slice 3 of 5", "slice 3 of 4"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("size", "ratio", "distorted"),
    [("1000x3", "0.5", True), ("1x500", "8", True), ("30x20", "0.6667", False), ("500", "8", False)],
)
def test_the_frame_of_an_input_is_never_very_tall_nor_very_flat(size: str, ratio: str, distorted: bool) -> None:
    html = page(f"input {size} channels 2\nrelu\n")
    assert f'id="frame" style="aspect-ratio:{ratio}"' in html
    assert ("Drawn in another shape than it has" in html) == distorted


@pytest.mark.parametrize(
    ("name", "instead"),
    [("x.pdf", "x.html (a browser prints the page to a PDF)"), ("x", "x.html"), ("a.b/x.svg", "a.b/x.html")],
)
def test_a_page_is_written_only_to_a_name_of_a_page(
    name: str, instead: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "lenet5", "-o", name]) == 2
    said = f"error[wrong-value]: '{name}' has no ending of a page\n = help: end the name in .html: {instead}\n"
    assert capsys.readouterr().err == said
    with pytest.raises(cnncalc.InputError, match="has no ending of a page"):
        cnncalc.load("input 8x8x1\nrelu\n").report(name)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--labels", "a.txt"), ("--seed", "3"), ("--weights", "a.npz"), ("--mean", "0.5"), ("--picture", "bgr")],
)
def test_options_of_a_run_are_refused_where_nothing_is_run(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "lenet5", option, value, "-o", str(tmp_path / "x.html")]) == 2
    assert capsys.readouterr().err == (
        f"error[input-missing]: {option} is about a run, and lenet5 needs a picture of 32x32x1 to run on\n"
        " = help: cnncalc report lenet5 --image PICTURE\n"
    )
    with pytest.raises(cnncalc.InputError, match="`seed` is about a run"):
        cnncalc.load("input 8x8x1\nrelu\n").report(tmp_path / "x.html", seed=3)


def test_numbers_that_no_tile_has_room_for_are_short_there_and_whole_in_the_totals() -> None:
    """10^6 inputs with 10^6 outputs: 10^12 weights, 10^6 biases, 4 bytes each."""
    html = page("input 1000000\ndense 1000000\n")
    tiles = re.search(r'<dl class="facts">(.*?)</dl>', html)
    assert tiles is not None
    shown = re.findall("<dd>(.*?)</dd>", tiles[1])
    assert shown[:3] == ["1.00 T", "1.00 T", "4.00 TB"]
    assert '<td class="n">1,000,001,000,000</td>' in html
