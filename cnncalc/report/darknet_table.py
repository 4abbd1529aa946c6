"""The table that Darknet prints when it reads a .cfg, line by line as it prints it (pjreddie/darknet, f6afaab).

One line for each section, with its number.  BFLOPs are two for each multiply-accumulate, of convolutions alone.  What
Darknet says between these lines about options of the training is not in it.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.dialects.darknet.cfg_section_list import Written
from cnncalc.dialects.darknet.cfg_writer import written_sections
from cnncalc.geometry import Shape

HEAD = "layer     filters    size              input                output"


def darknet_table(analysis: Analysis) -> str:
    """The lines of the table; raises InputError with every line that Darknet has no section for."""
    table = _Table(analysis)
    lines = (f"{number:5d} {table.line(section)}" for number, section in enumerate(table.sections))
    return "\n".join((HEAD, *lines)) + "\n"


def _sizes(shape: Shape) -> str:
    return f"{shape.width:4d} x{shape.height:4d} x{shape.channels:4d}"


class _Table:
    """Knows what arrives at a section and what leaves it."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.sections = written_sections(analysis.graph)

    def line(self, section: Written) -> str:
        """A line without its number."""
        return _LINES[section.name](self, section)

    def head(self, section: Written) -> NodeAnalysis:
        """The layer that names the section."""
        return self.analysis.nodes[section.node if section.head is None else section.head]

    def arriving(self, section: Written) -> Shape:
        return self.head(section).inputs[0]

    def output(self, section: Written) -> Shape:
        return self.analysis.nodes[section.node].output

    def change(self, section: Written) -> str:
        """Both shapes as Darknet shows those of maps."""
        return f"{_sizes(self.arriving(section))}   ->  {_sizes(self.output(section))}"

    def bflops(self, section: Written) -> float:
        return 2 * self.head(section).figures.cost.macs / 1e9


def _window(section: Written) -> str:
    options = section.options
    size, stride = int(options["size"]), int(options.get("stride") or options["stride_x"])
    return f"{int(options['filters']):5d} {size:2d} x{size:2d} /{stride:2d}"


def _convolutional(table: _Table, section: Written) -> str:
    return f"conv  {_window(section)}  {table.change(section)}  {table.bflops(section):5.3f} BFLOPs"


def _deconvolutional(table: _Table, section: Written) -> str:
    return f"deconv{_window(section)}  {table.change(section)}"


def _maxpool(table: _Table, section: Written) -> str:
    size, stride = section.options["size"], section.options.get("stride") or section.options["stride_x"]
    return f"max          {size} x {size} / {stride}  {table.change(section)}"


def _avgpool(table: _Table, section: Written) -> str:
    shape = table.arriving(section)
    return f"avg                     {_sizes(shape)}   ->  {shape.channels:4d}"


def _local(table: _Table, section: Written) -> str:
    shape, output = table.arriving(section), table.output(section)
    before = f"{shape.height} x {shape.width} x {shape.channels} image, {output.channels} filters"
    return f"Local Layer: {before} -> {output.height} x {output.width} x {output.channels} image"


def _connected(table: _Table, section: Written) -> str:
    numbers = table.arriving(section).elements
    return f"connected                            {numbers:4d}  ->  {table.output(section).channels:4d}"


def _dropout(table: _Table, section: Written) -> str:
    numbers, rate = table.arriving(section).elements, float(section.options["probability"])
    return f"dropout       p = {rate:.2f}               {numbers:4d}  ->  {numbers:4d}"


def _route(_: _Table, section: Written) -> str:
    return f"route  {' '.join(map(str, section.reads))}"


def _shortcut(table: _Table, section: Written) -> str:
    """The shape of the layer that is added, and that of the sum."""
    (first, *_) = section.reads
    added = table.output(table.sections[first])
    return f"res  {first:3d}                {_sizes(added)}   ->  {_sizes(table.output(section))}"


def _crop(table: _Table, section: Written) -> str:
    shape, output = table.arriving(section), table.output(section)
    image = f"{output.height} x {output.width} x {output.channels} image"
    return f"Crop Layer: {shape.height} x {shape.width} -> {image}"


def _batchnorm(table: _Table, section: Written) -> str:
    shape = table.arriving(section)
    sizes = (shape.width, shape.height) if shape.rank else (1, 1)
    return f"Batch Normalization Layer: {sizes[0]} x {sizes[1]} x {shape.channels} image"


def _upsample(table: _Table, section: Written) -> str:
    return f"upsample           {int(section.options['stride']):2d}x  {table.change(section)}"


def _reorg(table: _Table, section: Written) -> str:
    return f"reorg              /{int(section.options['stride']):2d}  {table.change(section)}"


def _count(name: str) -> Callable[[_Table, Written], str]:
    """A line that says how many numbers arrive."""
    return lambda table, section: f"{name:<47s}{table.arriving(section).elements:4d}"


def _factor(name: str) -> Callable[[_Table, Written], str]:
    return lambda _, section: f"{name} Layer: {section.reads[0]}"


def _word(word: str) -> Callable[[_Table, Written], str]:
    return lambda *_: word


_LINES: dict[str, Callable[[_Table, Written], str]] = {
    "convolutional": _convolutional,
    "deconvolutional": _deconvolutional,
    "maxpool": _maxpool,
    "avgpool": _avgpool,
    "local": _local,
    "connected": _connected,
    "dropout": _dropout,
    "route": _route,
    "shortcut": _shortcut,
    "crop": _crop,
    "batchnorm": _batchnorm,
    "upsample": _upsample,
    "reorg": _reorg,
    "reorg3d": _reorg,
    "softmax": _count("softmax"),
    "l2norm": _count("l2norm"),
    "activation": lambda table, section: f"Activation Layer: {table.arriving(section).elements} inputs",
    "scale_channels": _factor("scale"),
    "sam": _factor("sam "),
    "yolo": _word("yolo"),
    "region": _word("detection"),
    "detection": _word("Detection Layer"),
}
"""The name of a section -> what its line says."""
