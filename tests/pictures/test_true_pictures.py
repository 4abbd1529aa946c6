"""A picture says of each layer that it is there and what it is, and draws as equal only what is equal."""

from __future__ import annotations

import pytest

from cnncalc import load
from cnncalc.pictures.nets.net_items import net_items
from cnncalc.pictures.nets.net_picture import PAPER, Look, net_picture
from cnncalc.pictures.nets.volumes import volume_label
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.shapes import Line, Text
from tests.pictures.checklist import faults, unsaid
from tests.pictures.decks import analysis_of

ALONE = (
    "input 8x8x3\nbn\ndropout 0.5\nconv 4 3x3\n",
    "input 8x8x3\nbn\n",
    "input 8x8x3\nscale 0.1\nconv 4 3x3 relu\n",
    "input 6\nbn\ndropout 0.2\nrelu\ndense 2 softmax\n",
    "a: input 8x8x3\nn: bn\nb: input 8x8x3\ndropout 0.5\nadd n\n",
)


def texts(text: str) -> list[str]:
    return [shape.text for shape in flat(net_picture(analysis_of(text)).shapes) if isinstance(shape, Text)]


@pytest.mark.parametrize("text", ALONE)
def test_no_layer_right_after_an_input_is_missing_without_a_word(text: str) -> None:
    analysis = analysis_of(text)
    scene = net_picture(analysis, Look(width=PAPER))
    assert unsaid(scene, analysis) == []
    assert faults(scene, len(analysis.rows)) == []


def test_a_layer_without_a_word_is_a_fault() -> None:
    analysis = analysis_of(ALONE[0])
    assert unsaid(net_picture(analysis_of("input 8x8x3\nconv 4 3x3\n")), analysis) == ["bn", "dropout 0.5"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"conv {8 + n % 7} 3x3 same relu" for n in range(60)], "conv 3×3 same, 60 layers: 32×32×8–14"),
        (
            [f"conv {8 + n % 9} {(1, 3, 5)[n % 3]} same{' relu' * (n % 2)}" for n in range(60)],
            "conv 1×1, 3×3 or 5×5 same, 60 layers: 32×32×8–16",
        ),
        (
            [f"conv {8 + n % 9} {1 + 2 * (n % 6)} same" for n in range(60)],
            "conv 1×1 to 11×11 same, 60 layers: 32×32×8–16",
        ),
        ([f"conv {8 + n % 9} 3x3 half" for n in range(60)], "conv 3×3 half, 60 layers: 32×32×8–16"),
        (["flatten", *(f"dense {600 - n}" for n in range(60))], "dense, 60 layers: 541–600"),
    ],
)
def test_unlike_layers_that_are_one_volume_are_counted_as_layers_with_what_differs(lines: list[str], said: str) -> None:
    analysis = analysis_of("\n".join(["input 32x32x3", *lines, ""]))
    assert volume_label(net_items(analysis)[-1]) == said
    scene = net_picture(analysis, Look(width=PAPER))
    assert faults(scene) == []
    assert "60 layers" in [shape.text for shape in flat(scene.shapes) if isinstance(shape, Text)]


def test_what_only_some_of_unlike_layers_have_is_said_so() -> None:
    lines = "".join(f"conv {8 + n % 9} 3x3 same{' bn' * (n > 5)} relu\n" for n in range(60))
    assert net_items(analysis_of("input 32x32x3\n" + lines))[1].after == ("relu", "bn in some")


def test_layers_of_several_names_that_are_one_volume_are_named() -> None:
    lines = "".join(f"conv {8 + n % 7} 3x3 same\nmaxpool 3x3 stride=1 same\n" for n in range(60))
    (_, both) = net_items(analysis_of("input 32x32x3\n" + lines))
    assert (both.words, both.after) == (("layers",), ("conv", "max pool"))


def test_calls_of_a_block_with_different_kernels_are_no_equal_volumes_and_the_panel_says_which_is_which() -> None:
    block = "block u k\n  conv 8 $k same relu\nend\ninput 16x16x8\n"
    calls = "u 3\nu 5\n" + "u 3\n" * 3 + "u 1\n"
    items = net_items(analysis_of(block + calls))
    assert [(item.words, item.times) for item in items[1:]] == [(("u",), n) for n in (1, 1, 3, 1)]
    assert "5×5 in call 2, 1×1 in call 6" in " ".join(texts(block + calls))


def test_layers_that_use_one_set_of_weights_say_whose() -> None:
    words = texts("input 32x32x8\nc: conv 8 3x3 same relu\nconv 8 3x3 same relu shared=c\ngap\ndense 2\n")
    assert words.count("weights c") == words.count("weights of c") == 1


def test_panels_say_how_a_convolution_is_padded() -> None:
    words = texts("block b\n  conv 8 3x3 relu\n  conv 8 3x3 same relu\nend\ninput 32x32x8\nmaxpool 2\nb\nb\n")
    assert [word for word in words if word.startswith("conv")] == ["conv 3×3, 8", "conv 3×3 same, 8"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("reduce mean channels", ("reduce", "mean", "channels")),
        ("crop 1,0,1,0", ("crop", "1,0,1,0")),
        ("here: pad 2", ("pad", "2")),
        ("function abs", ("abs",)),
        ("padchannels 0,2 relu", ("padchannels", "0,2")),
    ],
)
def test_a_layer_that_its_numbers_explain_has_them_above_its_arrow(line: str, words: tuple[str, ...]) -> None:
    assert net_items(analysis_of(f"input 8x8x4\n{line}\n"))[1].words == words


def test_every_join_has_the_colour_of_joins() -> None:
    for word in ("add", "sub", "mul", "div", "max", "min", "avg", "absdiff", "concat"):
        items = net_items(analysis_of(f"input 8x8x4\na: conv 4 3x3\nconv 4 1x1\n{word} a\n"))
        assert items[-1].kind == "join", word


def test_the_arrows_down_to_one_volume_at_the_bottom_of_a_u_and_up_from_it_end_apart() -> None:
    down = "a: conv 8 3x3 same relu\nmaxpool 2\nb: conv 16 3x3 same relu\nconv 32 3x3 stride=2 padding=1 relu\n"
    up = "upconv 16 2x2 stride=2\nconcat b\nconv 16 3x3 same relu\nupconv 8 2x2 stride=2\nconcat a\nconv 2 1x1\n"
    scene = net_picture(analysis_of("input 64x64x1\n" + down + up))
    lines = [shape for shape in flat(scene.shapes) if isinstance(shape, Line)]
    rises = [line.points for line in lines if line.stroke == "rise"]
    lowest = max(rises, key=lambda points: points[0][1])
    ends = [line.points[-1] for line in lines if line.stroke == "line"]
    assert [round(lowest[0][0] - x) for x, y in ends if abs(y - lowest[0][1]) < 1] == [14]
    assert faults(scene) == []


def test_what_the_last_of_merged_layers_alone_has_is_said_of_it() -> None:
    """DenseNet-121's last norm comes after the last of sixteen blocks."""
    item = next(item for item in net_items(load("densenet121").analysis) if "16 blocks" in volume_label(item))
    assert item.after == ("bn in the last", "relu in the last")
