"""A scene as SVG: with a theme's colours as a file, or with classes for a page that colours it itself.

What is written is valid XML without script, the same bytes each time.  Texts are anybody's: they are escaped, letters
that XML does not know are replaced, and very long ones are cut (`letters.shown_text`).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from typing import assert_never

from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.hatches import GAPS, HATCH_STRENGTH, HATCH_WIDTH
from cnncalc.pictures.scene.letters import is_known, shown_text, text_width
from cnncalc.pictures.scene.rounded_corners import corners
from cnncalc.pictures.scene.shapes import (
    NO_FILL,
    Circle,
    Group,
    Image,
    Line,
    Point,
    Polygon,
    Rectangle,
    Scene,
    Shape,
    Text,
)
from cnncalc.pictures.scene.themes import Theme, colours, css_name
from cnncalc.pictures.writers.physical_width import physical_size

FONTS = (
    "Helvetica,Arial,Arimo,'Liberation Sans',sans-serif",
    "'Courier New',Courier,Cousine,'Liberation Mono',monospace",
)
"""The fonts of a drawing, and those of its letters of one width."""

BEGINNING = '<svg xmlns="http://www.w3.org/2000/svg"'
"""How each SVG file of ours begins."""


def svg(
    scene: Scene,
    theme: Theme = "light",
    *,
    prefix: str = "p",
    width: str = "",
    fonts: tuple[str, str] = FONTS,
    fluid: bool = False,
) -> str:
    """The scene as an SVG file; `width` is how wide it is on paper ("17cm"), without it one unit is one pixel.

    `fluid`: it is as wide as what is around it, for a place in a page.  `prefix` begins each id, so
    that two drawings in one page do not meet.
    """
    across, down = physical_size(width, scene.width, scene.height)
    marks = _Coloured(theme, prefix, fonts)
    ground = f'<rect width="{_number(scene.width)}" height="{_number(scene.height)}" fill="{colours(theme)["paper"]}"/>'
    size = 'width="100%" style="display:block"' if fluid else f'width="{across}" height="{down}"'
    head = f'{size} role="img"'
    return _whole(scene, marks, head, ground)


def page_svg(scene: Scene, *, prefix: str, interactive: bool = False, pointed: bool = False) -> str:
    """The scene for a page: classes f-ROLE and s-ROLE where `svg` has colours.

    `interactive`: each group that shows rows of the net can be focused and chosen, as a button named by its label.
    `pointed`: such a group says its rows to a script, for pointers alone; to all others the whole is one picture.
    """
    return _whole(scene, _Classes(prefix, interactive, pointed), f'role="{"group" if interactive else "img"}"', "")


class _Coloured:
    """Marks of shapes with the colours of a theme."""

    interactive = pointed = False

    def __init__(self, theme: Theme, prefix: str, fonts: tuple[str, str]) -> None:
        self.prefix, self.fonts = escape(prefix), fonts
        self._colours = colours(theme)

    def paint(self, fill: str, stroke: str = "") -> str:
        """The attributes that give a shape its colours."""
        line = f' stroke="{self._colour(stroke)}"' if stroke else ""
        return f'fill="{self._colour(fill)}"{line}'

    def _colour(self, role: str) -> str:
        return role if role == NO_FILL else self._colours[role]


class _Classes:
    """Marks of shapes with classes, whose colours a page gives."""

    def __init__(self, prefix: str, interactive: bool, pointed: bool) -> None:
        self.prefix, self.fonts = escape(prefix), FONTS
        self.interactive = interactive
        self.pointed = pointed

    def paint(self, fill: str, stroke: str = "") -> str:
        """The attributes that give a shape its classes."""
        names = [f"f-{css_name(fill)}", *([f"s-{css_name(stroke)}"] if stroke else [])]
        return f'class="{" ".join(names)}"'


_Marks = _Coloured | _Classes


def _whole(scene: Scene, marks: _Marks, head: str, ground: str) -> str:
    box = f'viewBox="0 0 {_number(scene.width)} {_number(scene.height)}"'
    names = f'aria-labelledby="{marks.prefix}-t {marks.prefix}-d" font-family="{marks.fonts[0]}"'
    title = f'<title id="{marks.prefix}-t">{_escaped(scene.title)}</title>'
    about = f'<desc id="{marks.prefix}-d">{_escaped(scene.about)}</desc>'
    shapes = "".join(_elements(scene.shapes, marks))
    return f"{BEGINNING} {box} {head} {names}>{title}{about}{_definitions(scene, marks)}{ground}{shapes}</svg>\n"


def _definitions(scene: Scene, marks: _Marks) -> str:
    """The patterns and heads of arrows that occur."""
    shapes = list(flat(scene.shapes))
    hatches = {shape.hatch for shape in shapes if isinstance(shape, Polygon | Rectangle)}
    heads = {shape.stroke for shape in shapes if isinstance(shape, Line) and shape.arrow}
    found = [_pattern(hatch, marks) for hatch in GAPS if hatch in hatches]
    found += [_head(role, marks) for role in sorted(heads)]
    return f"<defs>{''.join(found)}</defs>" if found else ""


def _pattern(hatch: str, marks: _Marks) -> str:
    gap, angle = GAPS[hatch]
    turn = f' patternTransform="rotate({_number(angle)})"' if angle else ""
    return (
        f'<pattern id="{marks.prefix}-{hatch}" width="{_number(gap)}" height="6" patternUnits="userSpaceOnUse"{turn}>'
        f'<path d="M{_number(HATCH_WIDTH / 2, 3)} 0V6" {marks.paint(NO_FILL, "ink")} stroke-width="{HATCH_WIDTH}" '
        f'stroke-opacity="{HATCH_STRENGTH}"/></pattern>'
    )


def _head(role: str, marks: _Marks) -> str:
    return (
        f'<marker id="{marks.prefix}-a-{css_name(role)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6.5" '
        f'markerHeight="6.5" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 .6L8 4L0 7.4z" {marks.paint(role)}/></marker>'
    )


def _elements(shapes: Iterable[Shape], marks: _Marks) -> Iterator[str]:
    for shape in shapes:
        match shape:
            case Polygon():
                points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
                outline = f'{marks.paint(shape.fill, shape.stroke)} stroke-width="{_number(shape.line_width)}"'
                yield f'<polygon points="{points}" {outline} stroke-linejoin="round"/>'
                if shape.hatch:
                    yield f'<polygon points="{points}" fill="url(#{marks.prefix}-{shape.hatch})"/>'
            case Rectangle():
                yield from _rectangle(shape, marks)
            case Circle():
                place = f'cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}"'
                outline = f'{marks.paint(shape.fill, shape.stroke)} stroke-width="{_number(shape.line_width)}"'
                yield f"<circle {place} {outline}/>"
            case Line():
                end = f' marker-end="url(#{marks.prefix}-a-{css_name(shape.stroke)})"' if shape.arrow else ""
                outline = f'{marks.paint(NO_FILL, shape.stroke)} stroke-width="{_number(shape.line_width)}"'
                yield f'<path d="{_path(shape.points, shape.corner)}" {outline}{_dashes(shape.dash)}{end}/>'
            case Text():
                yield _text(shape, marks)
            case Image():
                yield _image(shape, marks)
            case Group():
                yield _group_head(shape, marks)
                yield from _elements(shape.shapes, marks)
                yield "</g>"
            case _:
                assert_never(shape)


def _rectangle(shape: Rectangle, marks: _Marks) -> Iterator[str]:
    place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}"'
    place += f' height="{_number(shape.height)}"' + (f' rx="{_number(shape.corner)}"' if shape.corner else "")
    outline = f'{marks.paint(shape.fill, shape.stroke)} stroke-width="{_number(shape.line_width)}"'
    yield f"<rect {place} {outline}{_dashes(shape.dash)}/>"
    if shape.hatch:
        yield f'<rect {place} fill="url(#{marks.prefix}-{shape.hatch})"/>'


def _text(shape: Text, marks: _Marks) -> str:
    """The text, made as wide as the layout took it to be, whatever font a viewer puts in the place of Helvetica."""
    look = (f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else "") + (
        (' font-weight="700"' if shape.bold else "")
        + (' font-style="italic"' if shape.italic else "")
        + (f' font-family="{marks.fonts[1]}" xml:space="preserve"' if shape.fixed else "")
    )
    place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}"'
    width = text_width(shape.text, shape.size, bold=shape.bold, fixed=shape.fixed)
    is_exact = bool(shape.text) and is_known(shape.text)
    kept = f' textLength="{_number(width)}" lengthAdjust="spacingAndGlyphs"' if is_exact else ""
    return f"<text {place}{look}{kept} {marks.paint(shape.role)}>{_escaped(shape.text)}</text>"


def _image(shape: Image, marks: _Marks) -> str:
    """The picture in a square of 1, which the matrix lays on the parallelogram."""
    (ax, ay), (bx, by) = shape.across, shape.down
    matrix = " ".join(_number(part, 4) for part in (ax, ay, bx, by, shape.x, shape.y))
    source = f"data:image/{shape.media};base64,{b64encode(shape.data).decode('ascii')}"
    about = f' role="img" aria-label="{_escaped(shape.about)}"' if shape.about else ""
    ends = ((0, 0), shape.across, (ax + bx, ay + by), shape.down)
    outline = " ".join(f"{_number(shape.x + x)},{_number(shape.y + y)}" for x, y in ends)
    return (
        f'<image transform="matrix({matrix})" width="1" height="1" preserveAspectRatio="none" href="{source}"{about}/>'
        f'<polygon points="{outline}" {marks.paint(NO_FILL, "ink")}/>'
    )


def _group_head(shape: Group, marks: _Marks) -> str:
    label = _escaped(shape.label)
    if shape.rows is None or not (marks.interactive or marks.pointed):
        return f"<g><title>{label}</title>" if label else "<g>"
    rows = f"{shape.rows[0]}-{shape.rows[1]}"
    if marks.pointed:
        return f'<g class="v" data-rows="{rows}"><title>{label}</title>'
    return f'<g class="v" tabindex="0" role="button" data-rows="{rows}" aria-label="{label}"><title>{label}</title>'


def _path(points: tuple[Point, ...], corner: float) -> str:
    """Path data through the points, with corners of this radius where there is room."""
    if len(points) < 2:
        return ""
    turns = (
        f"L{_place(here)}" if start == end else f"L{_place(start)}Q{_place(here)} {_place(end)}"
        for start, here, end in corners(points, corner)
    )
    return "".join([f"M{_place(points[0])}", *turns, f"L{_place(points[-1])}"])


def _place(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _dashes(dash: str) -> str:
    return f' stroke-dasharray="{escape(dash)}"' if dash else ""


def _number(value: float, places: int = 2) -> str:
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _escaped(text: str) -> str:
    return escape(shown_text(text))
