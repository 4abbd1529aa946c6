"""The sliding window: one frame for each number of the result, as on the slides; what is too long is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from cnncalc.analysis.seen_pixels import SeenAxis
from cnncalc.diagnostics import InputError
from cnncalc.pictures.cells import number_grids
from cnncalc.pictures.cells.cell_picture import cell_picture
from cnncalc.pictures.cells.changed_areas import changed_areas, within
from cnncalc.pictures.cells.field_picture import Photo, field_picture
from cnncalc.pictures.cells.sliding_frames import sliding_frames
from cnncalc.pictures.cells.sliding_limits import refuse_long_slide
from cnncalc.pictures.cells.sliding_window import painted_frames, sliding_strip, sliding_window
from cnncalc.pictures.scene.drawing import Drawing, flat
from cnncalc.pictures.scene.shapes import Image as Picture
from cnncalc.pictures.scene.shapes import Rectangle, Scene
from cnncalc.pictures.writers.png import png

from .decks import DECK_000, DECK_001, DECK_004, TWO, WEIGHTS, analysis_of, cell_of

PADDED = DECK_001 + "conv filter=sharpen padding=1"
LONG, NONE = "window-slides-too-long", "no-sliding-window"
COLOURS = {"conv.node": "blue", "pool.node": "orange", "panel": "grey"}


def blocks(scene: Scene) -> bytes:
    """A painter that needs no library of an extra: the filled cells of a scene."""
    image = Image.new("RGB", (round(scene.width), round(scene.height)), "white")
    pen = ImageDraw.Draw(image)
    for shape in flat(scene.shapes):
        if isinstance(shape, Rectangle) and shape.fill in COLOURS:
            pen.rectangle((shape.x, shape.y, shape.x + shape.width, shape.y + shape.height), COLOURS[shape.fill])
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_the_frames_of_deck_001_say_the_numbers_of_its_slide() -> None:
    """Its padded picture: -1 3 3 -1 0 in the first row, 4 at the bottom left (the slide prints 5, wrongly)."""
    said = [frame.about for frame in sliding_frames(cell_of(PADDED, "3,2"))]
    assert said[:3] == [
        "row 1, column 1: 0·5 − 1 − 0 = −1",
        "row 1, column 2: 1·5 − 0 − 1 − 1 = 3",
        "row 1, column 3: 1·5 − 1 − 0 − 1 = 3",
    ]
    assert said[20] == "row 5, column 1: 1·5 − 0 − 1 = 4"
    assert len(said) == 25


def test_the_frames_do_not_depend_on_which_number_was_asked_for() -> None:
    first, last = (sliding_frames(cell_of(PADDED, at)) for at in ("1,1", "5,5"))
    assert first == last


def test_the_signal_of_deck_004_slides() -> None:
    said = [frame.about for frame in sliding_frames(cell_of(DECK_004 + "conv filter=h full flip", "2"))]
    assert [line.rpartition(" = ")[2] for line in said] == ["−2/3", "−2/3", "−5/3", "−1", "−1"]


def test_a_pool_and_a_layer_with_channels_and_a_bias_slide() -> None:
    pool = sliding_frames(cell_of(DECK_001 + "maxpool 3x3 stride=2 padding=1", "1,1"))
    assert pool[2].about == "row 1, column 3: largest of 0, 0, 0, 0 = 0"
    conv = sliding_frames(cell_of(TWO + f"conv 1 2x2 {WEIGHTS} bias=[1/3]", "1,1"))
    assert conv[1].about.endswith("with the other channels and the bias 7/3")


def test_the_gif_has_a_frame_for_each_number_and_shows_the_last_one_longer() -> None:
    gif = Image.open(io.BytesIO(sliding_window(cell_of(PADDED, "1,1"), blocks)))
    times, marked = [], []
    for n in range(gif.n_frames):
        gif.seek(n)
        times.append(gif.info["duration"])
        shown = gif.convert("RGB")
        marked.append(shown.tobytes().index(bytes((255, 165, 0))))
    assert times == [700] * 24 + [2100]
    assert len(set(marked)) == 25
    assert gif.info["loop"] == 0


def test_what_changes_pasted_on_the_frame_before_is_the_whole_frame() -> None:
    pytest.importorskip("resvg_py")
    frames = sliding_frames(cell_of(DECK_001 + "conv filter=sharpen stride=2", "1,1"))
    whole = [Image.open(io.BytesIO(png(frame, scale=1.5))).convert("RGB") for frame in frames]
    pasted = painted_frames(frames, lambda scene: png(scene, scale=1.5))
    assert len(pasted) == 4
    assert [image.tobytes() for image in pasted] == [image.tobytes() for image in whole]


def test_of_a_frame_less_than_half_of_the_shapes_are_painted_again() -> None:
    """A window moves by one column: 145 shapes, of which 56 lie where something changes."""
    before, after = sliding_frames(cell_of(PADDED, "1,1"))[:2]
    parts = within(after, changed_areas(before, after)).shapes
    assert 0 < 2 * len(parts) < len(list(flat(after.shapes)))
    assert changed_areas(after, after) == ()


def test_white_paper_and_the_panels_of_pads_keep_their_own_colours() -> None:
    """Pillow's own palette has one colour for both, which is neither."""
    pytest.importorskip("resvg_py")
    cell = cell_of(DECK_000 + "conv filter=sharpen padding=1 stride=2", "1,1")
    with Image.open(io.BytesIO(sliding_window(cell, lambda scene: png(scene, scale=1)))) as gif:
        colours = {colour for _, colour in gif.convert("RGB").getcolors(100_000) or []}
    assert {(255, 255, 255), (244, 246, 248)} <= colours


def test_a_bias_is_said_where_there_is_one() -> None:
    one = sliding_frames(cell_of(DECK_001 + "conv 1 2x2 weights=[1 0; 0 0.5] bias=[0.1] relu", "1,1"))
    assert one[0].about == "row 1, column 1: 0 + 1·0.5 + 0.1 (bias) = 0.6"
    none = sliding_frames(cell_of(TWO + f"conv 1 2x2 {WEIGHTS} nobias", "1,1"))
    assert none[1].about.endswith("= −1; with the other channels 2")


def test_all_frames_stand_side_by_side_in_a_still() -> None:
    still = sliding_strip(cell_of(DECK_001 + "conv filter=sharpen padding=1 stride=2", "1,1"))
    assert still.about.count("row ") == 9
    assert 0.5 < still.width / still.height < 2


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (f"data p = [{';'.join([' '.join('1' * 11)] * 11)}]\ninput from p\nconv filter=sharpen", LONG, "81 places"),
        (f"data p = [{';'.join([' '.join('1' * 25)] * 25)}]\ninput from p\nmaxpool 5", LONG, "padding is 25x25"),
        (f"data p = [{' '.join('1' * 23)}]\ninput from p\nmaxpool 3 stride=2 padding=1", LONG, "padding is 25,"),
        (DECK_000 + "sigmoid", NONE, "no window slides in this line: sigmoid"),
        (DECK_000 + "flatten\ndense 1 weights=[" + "1 " * 25 + "] bias=[0]", NONE, "dense"),
        (TWO + f"upconv 1 2x2 stride=2 {WEIGHTS} bias=[1]", NONE, "upconv"),
        ("input 4x4x4x1\nmaxpool 2", NONE, "slides over 4x4x4x1, which has a depth"),
    ],
)
def test_what_does_not_slide_or_slides_too_long_is_refused_by_its_shapes_alone(text: str, code: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        refuse_long_slide(analysis_of(text).rows[-1])
    found = refused.value.diagnostics[0]
    assert found.code == code
    assert says in found.message
    assert "leave --slide out and end the name in .svg, which draws this one number" in found.help


SEEN = (SeenAxis("row", -3, 3, 224), SeenAxis("column", 97, 103, 224))
"""The first row of a 7x7 kernel with padding 3, as resnet50's stem has it."""


def test_the_pixels_that_a_number_sees_are_framed_and_padding_is_dashed() -> None:
    scene = field_picture(Photo(b"a picture"), SEEN)
    assert scene.about == (
        "It depends on rows 1 to 4 of 224 and columns 98 to 104 of 224, and padding: 3 rows before the first."
    )
    photo = next(shape for shape in flat(scene.shapes) if isinstance(shape, Picture))
    unit = photo.across[0] / 224
    marks = [shape for shape in flat(scene.shapes) if isinstance(shape, Rectangle) and shape.stroke == "mark"]
    dashed, firm = marks
    assert dashed.dash
    assert (dashed.height / unit, firm.height / unit) == (pytest.approx(7), pytest.approx(4))
    assert firm.y == pytest.approx(photo.y)
    assert dashed.y == pytest.approx(photo.y - 3 * unit)
    assert (firm.x - photo.x) / unit == pytest.approx(97)


def test_a_photo_is_marked_below_the_numbers() -> None:
    cell = cell_of(DECK_001 + "conv filter=sharpen padding=1", "1,1")
    scene = cell_picture(cell, Photo(b"a picture"))
    assert scene.height > cell_picture(cell).height + 300
    assert any(isinstance(shape, Picture) for shape in flat(scene.shapes))


def test_what_a_padding_copies_is_framed_with_dots_at_its_own_place() -> None:
    """Rows 1 and 2 with row 8, columns 7 and 8 with column 1 of eight: a 3x3 window with `fill=wrap` at its corner."""
    scene = field_picture(
        None, (SeenAxis("row", -1, 1, 8, ((7, 7),)), SeenAxis("column", 6, 8, 8, ((0, 0),))), at_most=True
    )
    assert scene.about == (
        "It depends on at most rows 1 to 2 of 8 and columns 7 to 8 of 8, and padding: 1 row before the first, "
        "1 column after the last, which copies row 8 and column 1."
    )
    unit = 300 / 9
    dotted = [s for s in flat(scene.shapes) if isinstance(s, Rectangle) and s.dash == "1.5 2.5"]
    found = [tuple(round(n / unit, 2) for n in (s.x - 12, s.y - 12, s.width, s.height)) for s in dotted]
    assert found == [(0, 1, 1, 2), (6, 8, 2, 1), (0, 8, 1, 1)]


def test_how_large_letters_are_is_looked_up_once_for_a_grid_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked up for each cell, in all cells, it took four fifths of the time of 64 frames of 22x22 cells."""
    asked: list[int] = []
    letters_of = number_grids.letters_of
    monkeypatch.setattr(number_grids, "letters_of", lambda cells: asked.append(len(cells)) or letters_of(cells))
    number_grids.draw_grid(Drawing(), [[number_grids.Cell("1")] * 22] * 22)
    assert asked == [22, 22]
