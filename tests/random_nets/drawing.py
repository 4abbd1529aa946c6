"""Draws whole nets as texts: lines, branches, joins, blocks and repeats, in one, two and three dimensions.

A line is tried alone behind an input of the shape that arrives; what the language refuses is drawn anew.  The nets are
odder than any that people draw: labels read again and again, joins of a map with itself, maps of one pixel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from cnncalc.diagnostics import Source
from cnncalc.geometry import Shape
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import LAYERS, POST_WORDS, layer_class

from .arguments import CHANNELS, Choose, drawn

LARGEST = 16_000
"""Numbers in a map; the nets stay small, so that hundreds are run in a minute."""

SIDES = (1, 2, 3, 5, 8, 8, 9, 12, 13, 16, 20)
SHARED_SIDES = (1, 8, 8)
SHARED_POST_WORDS = ("relu", "bn", "bn", "leaky", "mish", "prelu")
"""For nets that share compiled kernels."""

FEW_SIDES = (1, 2, 3, 4, 5, 7)
MOST_STATED = 64
"""Numbers of a weight that a text states itself."""

TRIES = 12

Admits = Callable[[Graph], bool]
"""What else a caller asks of a net, after every line."""


def graph_of(text: str) -> Graph | None:
    """The net of a text; None where it has a fault."""
    graph, faults = load_graph(Source("net.txt", text))
    return None if faults else graph


def weighted_words() -> tuple[str, ...]:
    """Layer words to choose from: all, and those that people use most several times."""
    plain = [word for word in LAYERS if word != "input" and not is_join(word)]
    others = [word for word in plain if word not in POST_WORDS]
    return (*plain, *others, *others, *("conv",) * 20, *("dwconv", "dense", "maxpool", "avgpool", "crop", "upconv") * 3)


@cache
def is_join(word: str) -> bool:
    """Whether a layer joins several maps."""
    return layer_class(word).largest_inputs > 1


JOINS = tuple(word for word in LAYERS if is_join(word))
WORDS = weighted_words()
SHARED_WORDS = tuple(word for word in WORDS if word not in POST_WORDS or word in SHARED_POST_WORDS)


@dataclass
class Drawing:
    """A net that grows: its lines so far, the shape that leaves the last, and what labels stand for."""

    choose: Choose
    header: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    shape: Shape = field(default_factory=lambda: Shape(1))
    labels: dict[str, Shape] = field(default_factory=dict)
    count: int = 0
    admits: Admits = lambda graph: True

    @property
    def text(self) -> str:
        return "".join(f"{' '.join(line.split())}\n" for line in "\n".join([*self.header, *self.lines]).split("\n"))

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"


def net(choose: Choose, longest: int = 9, admits: Admits = lambda graph: True) -> str:
    """The text of a net of up to so many steps of growth."""
    drawing = Drawing(choose, admits=admits)
    add_input(drawing)
    for _ in range(choose.randint(1, longest)):
        choose.choices(GROWTHS, GROWTH_WEIGHTS)[0](drawing)
    if len(drawing.labels) > 1 and choose.random() < 0.2:
        drawing.lines.append(f"output {' '.join(choose.sample(sorted(drawing.labels), 2))}")
    graph = graph_of(drawing.text)
    return drawing.text if graph and admits(graph) else net(choose, longest, admits)


VOLUME_SIZES = ((1, 2, 3), (1, 5, 3), (2, 1, 5), (3, 4, 5))
"""One slice too, which pads, wide windows and transposed convolutions make deeper."""

VOLUME_WORDS = ("attention", "scale", "lrn", "pad", "conv", "upconv", "pad", "conv", "upconv", "crop", "maxpool", "ln")


def volume_net(choose: Choose) -> str:
    """A few layers of volumes, one after the other."""
    shape = Shape(choose.choice((1, 16, 17)), choose.choice(VOLUME_SIZES))
    drawing = Drawing(choose, lines=[f"input {_size(shape)}"], shape=shape)
    for _ in range(3 * TRIES):
        line = layer_line(choose, drawing.shape, header := [], drawing, choose.choice(VOLUME_WORDS))
        if not header and _accepted(drawing, line, drawing.shape, header) and len(drawing.lines) > 3:
            break
    return drawing.text


def add_input(drawing: Drawing) -> None:
    """An input of one, two or three dimensions; a label in front, so that anything may read it again."""
    choose = drawing.choose
    rank = drawing.shape.rank if drawing.lines else choose.choices((0, 1, 2, 3), (1, 2, 16, 2))[0]
    sides = [choose.of(SIDES if rank < 3 else FEW_SIDES, SHARED_SIDES) for _ in range(rank)]
    channels = choose.choice(CHANNELS)
    while channels > 1 and channels * _product(sides) > LARGEST // 2:
        channels = channels // 2
    label = drawing.fresh("x")
    if rank == 2 and _product(sides) <= MOST_STATED and choose.random() < 0.1:
        name = drawing.fresh("picture")
        drawing.header.append(_matrix("data", name, sides[0], sides[1], choose))
        drawing.lines.append(f"{label}: input from {name}")
        channels = 1
    elif rank == 0:
        drawing.lines.append(f"{label}: input {channels}")
    else:
        drawing.lines.append(f"{label}: input {'x'.join(map(str, sides))} channels {channels}")
    drawing.shape = drawing.labels[label] = Shape(channels, tuple(sides))


def add_layer(drawing: Drawing) -> None:
    """A layer with its post words; it may read an earlier label instead of the line before."""
    choose = drawing.choose
    for _ in range(TRIES):
        source = choose.choice(sorted(drawing.labels)) if choose.random() < 0.2 else ""
        shape = drawing.labels.get(source, drawing.shape)
        header: list[str] = []
        line = layer_line(choose, shape, header, drawing)
        if _accepted(drawing, line + (f" from {source}" if source else ""), shape, header):
            return


def add_join(drawing: Drawing) -> None:
    """A join of labels, the same one several times too, and of what is there with labels."""
    choose = drawing.choose
    for _ in range(TRIES):
        word = choose.choice(JOINS)
        first = choose.choice(sorted(drawing.labels))
        alike = [name for name, shape in drawing.labels.items() if shape.channels == drawing.labels[first].channels]
        names = [
            first,
            *(
                choose.choice(alike if choose.random() < 0.8 else sorted(drawing.labels))
                for _ in range(choose.randint(1, 3))
            ),
        ]
        options = drawn(choose, layer_class(word), drawing.shape)
        line = f"{word} {' '.join(names)} {options}{post_words(choose, drawing.shape)}"
        if _accepted(drawing, line, drawing.shape, []):
            return


def add_branches(drawing: Drawing) -> None:
    """Branches that meet again; an empty one is the input itself."""
    choose, before = drawing.choose, drawing.shape
    for _ in range(TRIES):
        lines, header = ["split"], list[str]()
        for length in (choose.randint(0, 2) for _ in range(choose.randint(2, 3))):
            lines.append("branch")
            shape: Shape | None = before
            for _ in range(length):
                if shape is not None:
                    lines.append(layer_line(choose, shape, header, drawing))
                    shape = shape_after(f"{lines[-1]}", shape, header)
        word = choose.choice(JOINS)
        lines.append(f"join {word} {drawn(choose, layer_class(word), before)}{post_words(choose, before)}")
        if _accepted(drawing, "\n".join(lines), before, header):
            return


def add_block(drawing: Drawing) -> None:
    """A block with a parameter, or a repeat."""
    choose, shape = drawing.choose, drawing.shape
    for _ in range(TRIES):
        header: list[str] = []
        inner = [layer_line(choose, shape, header, drawing) for _ in range(choose.randint(1, 2))]
        if choose.random() < 0.4:
            text = "\n".join(["repeat 2", *inner, "end"])
        else:
            name = drawing.fresh("block")
            header += [f"block {name} n", *inner, "conv $n 1x1", "end"]
            text = f"{name} {choose.choice(CHANNELS)} {choose.choice(('', 'times 2'))}"
        if _accepted(drawing, text, shape, header, labelled=not text.startswith("repeat")):
            return


WEIGHTED = ("conv", "conv", "dwconv", "dense", "sepconv", "upconv", "local", "bn", "prelu", "ln")
LABELLED = re.compile(r"(a\d+): ([^\n]+?)( from \w+)?( times \d+)?")
"""A layer line or block call that others may share weights with."""


def add_shared(drawing: Drawing) -> None:
    """A line or block call that uses the weights of a labelled one once more; often of one that is added for it."""
    choose = drawing.choose
    first = choose.choice(sorted(drawing.labels))
    if choose.random() < 0.3:
        add_block(drawing)
    elif choose.random() < 0.7:
        header: list[str] = []
        word = choose.of(WEIGHTED, ("conv",))
        line = layer_line(choose, drawing.labels[first], header, drawing, word)
        _accepted(drawing, f"{line} from {first}", drawing.labels[first], header)
    channels = drawing.labels[first].channels
    sources = ["", *(f" from {name}" for name, shape in drawing.labels.items() if shape.channels == channels)]
    lenders = [found for line in drawing.lines if (found := LABELLED.fullmatch(" ".join(line.split())))]
    for _ in range(TRIES if lenders else 0):
        lender = lenders[-1] if choose.random() < 0.6 else choose.choice(lenders)
        line = f"{lender[2]} shared={lender[1]}{choose.choice(sources)}"
        if _shares(drawing, line + (lender[4] or choose.choice(("", "", " times 2")))):
            return


def _shares(drawing: Drawing, line: str) -> bool:
    """Take a line into the net that refers to lines above by more than their results."""
    graph = graph_of("\n".join([*drawing.header, *drawing.lines, line]) + "\n")
    if graph is None or not drawing.admits(graph) or max(node.output.elements for node in graph.nodes) > LARGEST:
        return False
    label = drawing.fresh("a")
    drawing.labels[label] = drawing.shape = graph.nodes[graph.rows[-1].last].output
    drawing.lines.append(f"{label}: {line}")
    return True


GROWTHS = (add_layer, add_join, add_branches, add_block, add_shared, add_input)
GROWTH_WEIGHTS = (24, 8, 4, 2, 4, 1)


def layer_line(choose: Choose, shape: Shape, header: list[str], drawing: Drawing, word: str = "") -> str:
    """A layer's word and arguments; now and then with weights, a filter or a table that the text states."""
    word = word or choose.of(WORDS, SHARED_WORDS)
    if word == "conv" and choose.random() < 0.3:
        pads = choose.of(("same", "padding=1", ""), ("same",))
        return f"conv {choose.choice(CHANNELS)} 3 {pads}{post_words(choose, shape)}"
    variants = [option for option, _ in LAYERS[word].variants]
    variant = choose.choice(variants) if variants and choose.random() < 0.12 else ""
    layer = layer_class(word, variant)
    matrices: dict[str, str] = {}
    if variant == "connect":
        return _connected(choose, shape, header, drawing, layer)
    if word == "constant" and shape.elements <= MOST_STATED and choose.random() < 0.5:
        matrices["numbers"] = drawing.fresh("n")
        header.append(_matrix("data", matrices["numbers"], 1, shape.elements, choose))
    line = f"{word} {drawn(choose, layer, shape, matrices=matrices)}"
    if choose.random() < 0.12:
        line += _stated_weights(choose, line, shape, header, drawing, layer)
    return line + post_words(choose, shape)


def post_words(choose: Choose, shape: Shape) -> str:
    """Up to three post words."""
    count = choose.choices((0, 1, 2, 3), (5, 5, 2, 1))[0]
    words = [choose.of((*sorted(POST_WORDS), "bn", "relu"), SHARED_POST_WORDS) for _ in range(count)]
    return "".join(f" {word} {drawn(choose, layer_class(word), shape)}".rstrip() for word in words)


def shape_after(line: str, shape: Shape, header: Sequence[str], labels: dict[str, Shape] | None = None) -> Shape | None:
    """The shape that leaves these lines; None where they are refused, or a map is too large."""
    inputs = [f"{name}: input {_size(given)}" for name, given in (labels or {}).items()]
    graph = graph_of("\n".join([*header, *inputs, f"input {_size(shape)}", line]) + "\n")
    if graph is None or max(node.output.elements for node in graph.nodes) > LARGEST:
        return None
    return graph.nodes[graph.rows[-1].last].output


def _accepted(drawing: Drawing, line: str, shape: Shape, header: list[str], *, labelled: bool = True) -> bool:
    """Take lines into the net, where nothing is wrong with them."""
    found = shape_after(line, shape, [*drawing.header, *header], drawing.labels)
    if found is None:
        return False
    longer = "\n".join([*drawing.header, *header, *drawing.lines, line]) + "\n"
    graph = graph_of(longer)
    if graph is None or not drawing.admits(graph):
        return False
    drawing.header += header
    drawing.shape = found
    if labelled and drawing.choose.random() < 0.6:
        label = drawing.fresh("a")
        drawing.labels[label] = found
        first, _, last = line.rpartition("\n")
        line = f"{first}\n{label}: {last}" if first else f"{label}: {last}"
    drawing.lines.append(line)
    return True


def _stated_weights(
    choose: Choose, line: str, shape: Shape, header: list[str], drawing: Drawing, layer: type[Layer]
) -> str:
    """Options `weights=` and `bias=` with as many numbers as the layer needs, where these are few."""
    graph = graph_of("\n".join([*header, f"input {_size(shape)}", line]) + "\n")
    if graph is None or not hasattr(layer, "weights_given"):
        return ""
    found = ""
    for weight in graph.nodes[-1].layer.weights((shape,)):
        if weight.count <= MOST_STATED and choose.random() < 0.7:
            name = drawing.fresh("w")
            header.append(_matrix("data", name, 1, weight.count, choose))
            found += f" {'weights' if weight.name == 'weight' else weight.name}={name}"
    return found


def _connected(choose: Choose, shape: Shape, header: list[str], drawing: Drawing, layer: type[Layer]) -> str:
    name, filters = drawing.fresh("table"), choose.choice((1, 3, 7, 16, 17))
    rows = [[choose.randint(0, 1) for _ in range(filters)] for _ in range(min(shape.channels, 33))]
    rows[0] = [1] * filters
    header.append(f"data {name} = [{'; '.join(' '.join(map(str, row)) for row in rows)}]")
    words = drawn(choose, layer, shape, matrices={"connect": name}).split(" ", 1)
    return f"conv {filters} {words[1]}{post_words(choose, shape)}"


def _matrix(word: str, name: str, rows: int, columns: int, choose: Choose) -> str:
    numbers = [[choose.choice((-1, 1, 2, -2, 0.5, 3)) for _ in range(columns)] for _ in range(rows)]
    return f"{word} {name} = [{'; '.join(' '.join(map(str, row)) for row in numbers)}]"


def _size(shape: Shape) -> str:
    return f"{'x'.join(map(str, shape.spatial))} channels {shape.channels}" if shape.rank else str(shape.channels)


def _product(sides: Sequence[int]) -> int:
    found = 1
    for side in sides:
        found *= side
    return found
