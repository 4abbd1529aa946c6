"""The charts of shares, of a growing field and of series: exact numbers, kinds told apart, nothing off the canvas."""

from __future__ import annotations

from math import inf, nan
from pathlib import Path

import pytest

from cnncalc.analysis.model import Analysis
from cnncalc.api import load
from cnncalc.cli import main
from cnncalc.diagnostics import InputError
from cnncalc.pictures.charts.line_chart import MOST_SERIES, Axis, Series, line_chart
from cnncalc.pictures.charts.net_chart import CHARTS, net_chart
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Circle, Group, Line, Polygon, Rectangle, Scene, Shape, Text
from tests.pictures.checklist import faults

HOSTILE = "title </svg><script>alert(1)</script> " + "&" * 3000 + "\ninput 8x8x1\n" + "é" * 60 + ": conv 2 3x3\n"
TEXTS = {
    "one line": "input 8x8x1\n",
    "hostile": HOSTILE,
    "signal": "input 64 channels 2\nconv 4 9 stride=2\nmaxpool 2\n",
}


def analysis_of(net: str) -> Analysis:
    return load(TEXTS.get(net, net)).analysis


def texts(scene: Scene) -> list[str]:
    return [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


def groups(scene: Scene) -> list[Group]:
    return [shape for shape in scene.shapes if isinstance(shape, Group)]


@pytest.mark.parametrize("net", ["lenet5", "resnet50", "unet", *TEXTS])
def test_no_text_touches_another_or_leaves_the_chart(net: str) -> None:
    analysis = analysis_of(net)
    for name in CHARTS:
        for width in (280.0, 372.0, 757.0):
            scene = net_chart(analysis, name, width)
            assert (name, width, faults(scene)) == (name, width, [])
            assert scene.width <= width


def test_between_two_layers_there_is_no_mark() -> None:
    """Of layers 1 to 3 the marks are 1, 2 and 3: a step of 0.5 has room, and is none."""
    scene = net_chart(load("input 28x28x1\nconv 6 5x5\nmaxpool 2\n").analysis, "rf", 757)
    below = [one for one in flat(scene.shapes) if isinstance(one, Text) and one.y > scene.height - 30]
    assert [one.text for one in below] == ["1", "2", "3", "layer, counted from 1 with the input"]


def test_the_heaviest_ten_layers_of_vgg16_have_bars_and_the_rest_a_number() -> None:
    """The three dense layers hold 123,642,856 of 138,357,544 (Simonyan and Zisserman 2014; torchvision's own count)."""
    scene = net_chart(load("vgg16").analysis, "params", 757)
    lines = groups(scene)
    assert [group.label for group in lines[:3]] == [
        "dense1: dense 4096 relu: 102,764,544 (74.3%)",
        "dense2: dense 4096 relu: 16,781,312 (12.1%)",
        "dense3: dense 1000 softmax: 4,097,000 (3.0%)",
    ]
    assert (len(lines), lines[-1].label, lines[-1].rows) == (11, "6 other layers: 1,145,408 (0.8%)", None)
    assert "VGG-16: 138,357,544 in all, in 16 layers; the heaviest 10 of them and the rest together" in texts(scene)


def test_bars_are_as_long_as_their_numbers_and_painted_as_their_kind() -> None:
    """By hand: 4x4x1 in, 3x3 filters give 2x2x8 = 32 numbers, the pool leaves 8."""
    scene = net_chart(load("input 4x4x1\nconv 8 3x3\nmaxpool 2x2\nflatten\n").analysis, "size", 400)
    bars = [shape for shape in flat(scene.shapes) if isinstance(shape, Rectangle)]
    assert [bar.width / bars[0].width for bar in bars] == pytest.approx([1, 16 / 32, 8 / 32])
    assert [(bar.fill, bar.hatch) for bar in bars] == [("conv.face", ""), ("input.face", ""), ("pool.face", "pool")]


def test_parts_that_a_program_never_calls_are_in_the_rest() -> None:
    analysis = load("lenet5").analysis
    (_, idle) = ("spare", analysis.rows[1].figures)
    whole = analysis.totals.figures
    totals = analysis.totals._replace(
        figures=whole._replace(params=whole.params + idle.params), uncalled=(("spare", idle),)
    )
    last = groups(net_chart(analysis._replace(totals=totals), "params", 500))[-1]
    assert last.label == "parts that are never called: 156 (0.3%)"


def test_a_network_without_any_says_so() -> None:
    assert "<text>: 0 in all" in texts(net_chart(load("input 8x8x1\n").analysis, "macs", 400))


def test_the_field_of_vgg16_grows_to_212_beside_an_input_of_224() -> None:
    """212 pixels after the last pool: Araujo et al. 2019, table 1."""
    about = net_chart(load("vgg16").analysis, "rf", 757).about
    assert "receptive field: receptive field in input pixels, over local paths, pads counted 1 at layer" in about
    assert "212 at 19, never smaller in between" in about
    assert about.split("; ")[1].startswith("the input: 224")


def test_axes_that_differ_have_series_of_their_own() -> None:
    scene = net_chart(load("input 8x16x1\nconv 2 1x5\nconv 2 3x3\n").analysis, "rf", 500)
    assert [text for text in texts(scene) if text.startswith(("rec", "the input"))] == [
        "receptive field, height",
        "receptive field, width",
        "the input: 8",
        "the input: 16",
    ]


@pytest.mark.parametrize(
    ("name", "message"), [("paramz", "there is no chart `paramz`"), ("x" * 10**5, "there is no chart `xxx")]
)
def test_an_unknown_chart_is_refused(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        net_chart(load("lenet5").analysis, name, 500)


def test_a_chart_has_the_spellings_of_an_answer() -> None:
    analysis = load("lenet5").analysis
    assert net_chart(analysis, "Parameters", 500) == net_chart(analysis, "params", 500)
    assert net_chart(analysis, "activations", 500) == net_chart(analysis, "size", 500)


# ---------------------------------------------------------------------- lines
def signs(scene: Scene) -> list[tuple[str, str]]:
    """The dash and the form of the marker of each series that is drawn."""

    def form(shape: Shape) -> str:
        return f"{type(shape).__name__}{len(shape.points) if isinstance(shape, Polygon) else ''}"

    found = []
    for group in groups(scene):
        (dash,) = [shape.dash for shape in group.shapes if isinstance(shape, Line)]
        (marker,) = {form(shape) for shape in group.shapes if isinstance(shape, Circle | Rectangle | Polygon)} or {""}
        found.append((dash, marker if marker != "Polygon4" else "diamond"))
    return found


def test_each_series_has_its_own_pair_of_dash_and_marker() -> None:
    series = [Series(f"width {n}", ((1, n), (2, n + 5))) for n in range(MOST_SERIES + 3)]
    scene = line_chart(series, 500, Axis("input"), Axis("MACs"))
    assert len(set(signs(scene))) == len(groups(scene)) == MOST_SERIES == 16
    assert "only the first 16 of 19 are drawn" in texts(scene)
    assert faults(scene) == []


def test_three_powers_of_ten_make_an_axis_logarithmic_and_it_says_so() -> None:
    near, far = (
        line_chart([Series("a", ((1, 5), (2, 50), (3, top)))], 400, Axis("n"), Axis("bytes", "B"))
        for top in (4999, 50_000)
    )
    assert "upwards: bytes" in texts(near)
    assert "upwards: bytes (logarithmic scale)" in texts(far)
    line = next(shape for shape in groups(far)[0].shapes if isinstance(shape, Line))
    heights = [y for _, y in line.points]
    assert (heights[0] - heights[1]) * 3 == pytest.approx(heights[1] - heights[2])


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((3.0, 3.0),),
        ((1.0, 0.0), (2.0, 0.0)),
        ((1.0, nan), (2.0, inf), (3.0, 4.0)),
        ((1.0, -5.0), (2.0, 5.0)),
        tuple((float(n), float(n % 7)) for n in range(20_000)),
        ((1e300, 1e-300), (1e301, 1e300)),
    ],
    ids=["none", "one", "zeros", "not finite", "negative", "many", "huge"],
)
def test_odd_series_are_drawn_bounded(points: tuple[tuple[float, float], ...]) -> None:
    scene = line_chart([Series("<s>" * 500, points), Series("b", points)], 300, Axis("x" * 500), Axis("y" * 500))
    assert faults(scene) == []
    assert sum(len(shape.points) for shape in flat(scene.shapes) if isinstance(shape, Line)) < 2500


def test_draw_writes_a_chart_and_refuses_what_only_a_picture_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "chart.svg"
    assert main(["draw", "lenet5", "--chart", "memory", "-o", str(file), "--width", "17cm"]) == 0
    assert "peak: 23.5 kB, 5,880 numbers" in file.read_text()
    before = file.read_bytes()
    for option in (["--image", "7.png"], ["--open", "first"], ["--no-inside"]):
        assert main(["draw", "lenet5", "--chart", "params", "-o", str(file), *option]) == 2
        assert f"{option[0]} is about the picture of the network" in capsys.readouterr().err
    assert file.read_bytes() == before
