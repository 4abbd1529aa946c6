"""cnncalc from Python: `load` reads a net, `Model` answers about it.

Nothing heavy is imported before it is needed: a summary needs no numpy, only `run` does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnncalc.conversion.convertible import Convertible
from cnncalc.diagnostics import Source

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.graph.ir import Graph
    from cnncalc.pictures.drawn_picture import DrawnPicture
    from cnncalc.pictures.maps.run_maps import RunMaps
    from cnncalc.pictures.maps.why_answer import WhyAnswer
    from cnncalc.pictures.page.page_run import PageRun
    from cnncalc.pictures.roofline_answer import RooflineAnswer
    from cnncalc.report.instead_answer import InsteadAnswer
    from cnncalc.report.memory_answer import MemoryAnswer
    from cnncalc.runtime.array_runs import ArrayRuns


def load(
    path_or_text: str | os.PathLike[str],
    settings: Mapping[str, object] | None = None,
    input_size: str | Sequence[int] | None = None,
    until: str | None = None,
) -> Model:
    """The net of a file, of a shipped network's name, or of a text with at least one line end.

    A program may be followed by its model: `net.py:ResNet18(num_classes=10)`.  A model that Keras has saved (.keras,
    .h5) brings its weights, which `run` then uses.  `settings` are other values for its
    constants (`let NAME = VALUE`), by name; `input_size` is another size for its input (`"32x32x3"`, or its numbers:
    `(32, 32, 3)`); `until` is the line with which the net ends
    (a label, a line's number, a layer's name).  Raises InputError, whose text shows every fault with its place.

    >>> load("input 32x32x1\\nconv 6 5x5\\n").analysis.totals.figures.params
    156
    >>> load("let n = 6\\ninput 32x32x1\\nconv $n 5x5\\n", settings={"n": 16}).analysis.totals.figures.params
    416
    """
    from cnncalc.net_files import checked

    source = source_of(path_or_text)
    values = {name: str(value) for name, value in (settings or {}).items()}
    size = None if input_size is None else size_text(input_size)
    return Model(checked(source, size, values, until), values, size)


def source_of(path_or_text: str | os.PathLike[str]) -> Source:
    """The text that `load` reads; raises InputError where there is none."""
    given = os.fspath(path_or_text)
    if "\n" in given:
        return Source("<text>", given.replace("\r\n", "\n").replace("\r", "\n"))
    from cnncalc.sources import find

    return find(given)


def size_text(size: object, argument: str = "input_size") -> str:
    """A size as `--input` has it; a tuple or a list of whole numbers stands in the same order."""
    if isinstance(size, str):
        return size
    numbers = list(size) if isinstance(size, (tuple, list)) else [size]
    if not numbers or not all(isinstance(one, int) and not isinstance(one, bool) for one in numbers):
        from cnncalc.diagnostics import input_error

        raise input_error(
            "wrong-operand",
            f"{argument} is {str(size)[:40] or 'empty'}, which is no size",
            help=f'write height, width and channels: {argument}=(28, 28, 1) or {argument}="28x28x1"',
        )
    return "x".join(map(str, numbers))


class Model(Convertible):
    """A net that was read without a fault."""

    def __init__(self, graph: Graph, settings: Mapping[str, str] | None = None, input_size: str | None = None) -> None:
        self.graph = graph
        self._settings = settings
        self._input_size = input_size

    @cached_property
    def analysis(self) -> Analysis:
        """Every number about the net (`cnncalc.analysis.model.Analysis`), for one image."""
        from cnncalc.analysis import analyse

        return analyse(self.graph)

    @cached_property
    def conventions(self) -> dict[str, int | None]:
        """The work of one image as each tool and paper counts it, by name; None where it has no known rule for a layer.

        >>> load("resnet50").conventions["fvcore"]
        4111512576
        """
        from cnncalc.analysis.conventions import CONVENTIONS, convention_counts

        return {name: convention_counts(self.analysis, name).total for name in CONVENTIONS}

    def summary(
        self, width: int | None = 80, *, every_copy: bool = False, columns: str | None = None, params_as: str = ""
    ) -> str:
        """The table as text; `width` None: as wide as it needs; `every_copy`: identical copies are not folded.

        `columns` are those of the option of `cnncalc summary`, as `"sharing"` or `"+rf"`; `params_as` counts as
        "keras", "torch" or "caffe".  Raises InputError.
        """
        from cnncalc.analysis.framework_params import count_named
        from cnncalc.diagnostics.python_words import python_words
        from cnncalc.report.canvas import Canvas
        from cnncalc.report.column_choice import ChosenColumns, chosen
        from cnncalc.report.layout import drawn
        from cnncalc.report.summary import Choices, summary_sheet

        with python_words():
            shown = ChosenColumns() if columns is None else chosen(columns)
            choices = Choices(shown, every_copy=every_copy, params_as=count_named(params_as))
        analysis = self.analysis
        if choices.asks_more:
            from cnncalc.report.asked_counts import asked_counts

            analysis, choices = asked_counts(analysis, choices)
        return drawn(summary_sheet(analysis, choices), Canvas(width))

    def instead(self, place: str | int) -> InsteadAnswer:
        """What could be in the place of a line or a block, named as in `cnncalc explain MODEL PLACE --instead`.

        `.found` has a record for each layer: its numbers, and those of dense, locally connected and other layers in its
        place.  Raises InputError.

        >>> [(one.kind, one.params) for one in load("lenet5").instead("conv1").found[0].others[:2]]
        [('local', 122304), ('dense', 4821600)]
        """
        from cnncalc.report.instead_answer import instead_answer

        return instead_answer(self.analysis, place)

    def run(self, array: Any = None, weights: str | os.PathLike[str] | None = None, seed: int | None = None) -> Any:
        """The net's outputs for an array of one image in the net's order, or of several with a batch axis in front.

        Weights come from a file, or are those that ship with the net, or are drawn at random (from `seed`, 0 without).
        The outputs have the same order and a batch axis; one output is one array, several are a tuple.  A net with
        several inputs takes a dict of arrays, each under its input's name.  No array is needed where the text states
        the input.

        The first run with these weights and so many images is checked: where the engine and the readable kernels differ
        on the first image, a RuntimeWarning says so and the results are the readable kernels'.  The weights stay in
        memory for the next run.
        """
        return self._runs.outputs(array, self._weights_file(weights, seed), seed or 0)

    def maps(
        self, image: Any = None, weights: str | os.PathLike[str] | None = None, seed: int | None = None
    ) -> RunMaps:
        """What every layer makes of an image, as pictures, and the filters of the first convolution.

        `image` is the name of a file, or an array as for `run`; of several images the first is shown.  A notebook shows
        the result; `.names` are the lines with maps, `maps["conv1"]` is the picture of one (a Pillow image), and
        `.save("maps")` writes all to a folder.
        """
        from cnncalc.pictures.maps.run_maps import picture_input, run_maps

        file = os.fspath(image) if isinstance(image, (str, os.PathLike)) else ""
        inputs = picture_input(self.analysis, file) if file else self._runs.volumes(image)
        loaded = self._runs.weights(self._weights_file(weights, seed), seed or 0)
        return run_maps(self.analysis, loaded, inputs, file)

    def why(
        self,
        image: Any = None,
        of: int | str | None = None,
        weights: str | os.PathLike[str] | None = None,
        seed: int | None = None,
        labels: str | os.PathLike[str] | None = None,
    ) -> WhyAnswer:
        """Which places of an image a class depends on: one part after the other is hidden, and the net run again.

        `image` is the name of a file, or an array as for `run`; `of` is the number of a class, or its name; without it
        the class with the highest score.  Names are those that ship with the net or are in its file, or of a file
        `labels`.  A notebook shows the map; `.scores`, `.text` and `.save("why.png")` are its numbers, words and file.
        """
        from cnncalc.diagnostics.python_words import python_words
        from cnncalc.pictures.maps.explained_class import explained_class
        from cnncalc.pictures.maps.run_maps import own_preprocessing, picture_input
        from cnncalc.pictures.maps.why_answer import WhyAnswer
        from cnncalc.pictures.maps.why_map import why_map

        names = self._class_names(None if labels is None else os.fspath(labels))
        with python_words():
            asked = explained_class(self.analysis, None if of is None else str(of), names)
        file = os.fspath(image) if isinstance(image, (str, os.PathLike)) else ""
        inputs = picture_input(self.analysis, file) if file else self._runs.volumes(image)
        preprocessing = own_preprocessing(self.analysis) if file else None
        loaded = self._runs.weights(self._weights_file(weights, seed), seed or 0)
        exact = self._runs.results(inputs, loaded)
        found = why_map(self.analysis, loaded, inputs, asked, exact, labels=names, preprocessing=preprocessing)
        return WhyAnswer(self.analysis, inputs, found._replace(image=file), preprocessing)

    def draw(
        self,
        width: str | None = None,
        *,
        theme: str = "light",
        image: str | os.PathLike[str] | None = None,
        opened: Sequence[str] = (),
        inside: bool = True,
    ) -> DrawnPicture:
        """The picture of the net, as `cnncalc draw` makes it; a notebook shows it, `.save("net.pdf")` writes it.

        `width` is how wide it is on paper (`"17cm"`), `theme` "light" or "dark", `image` the file of a photo to lay on
        the input; of the blocks in `opened` the layers are drawn out, and `inside=False` leaves the inside of blocks
        out.  Raises InputError.
        """
        from cnncalc.pictures.drawn_picture import DrawnPicture
        from cnncalc.pictures.net_drawing import net_drawing

        photo = None if image is None else os.fspath(image)
        blocks = (opened,) if isinstance(opened, str) else tuple(opened)
        drawn = net_drawing(self.analysis, width, image=photo, opened=blocks, inside=inside)
        return DrawnPicture(drawn, theme, self._files(photo))

    def chart(self, name: str, width: str | None = None, *, theme: str = "light") -> DrawnPicture:
        """A chart of the net, as `cnncalc draw MODEL --chart NAME` makes it: "memory", "params", "macs", "flops",
        "size", "connections", "buffers" or "rf".  Raises InputError.

        >>> load("lenet5").chart("memory").scene.title
        'Memory while each layer runs: LeNet-5, the usual modern reading'
        """
        from cnncalc.pictures.drawn_picture import DrawnPicture
        from cnncalc.pictures.net_drawing import chart_drawing

        return DrawnPicture(chart_drawing(self.analysis, name, width), theme, self._files())

    def memory(
        self,
        *,
        batch: int = 1,
        dtype: str = "float32",
        train: str | bool | None = None,
        mixed: bool = False,
        within: str | float | None = None,
    ) -> MemoryAnswer:
        """What the net takes in memory, as `cnncalc memory` shows it; `str()` of it is the table.

        `train` names an optimizer ("sgd", "momentum", "adam", "adamw"; True is "adam"), `within` is a memory ("8GB", or
        bytes), whose largest batch is found.  Raises InputError.

        >>> found = load("vgg16").memory(train="adam", within="8GB")
        >>> found.peak, found.largest_batch, found.largest_training_batch
        (25690112, 289, 79)
        """
        from cnncalc.analysis.memory import dtype_named
        from cnncalc.analysis.net_memory import net_memory
        from cnncalc.analysis.training import optimizer_named, refuse_training
        from cnncalc.diagnostics.python_words import python_words
        from cnncalc.report.memory_answer import MemoryAnswer
        from cnncalc.stated_numbers import stated_bytes

        named = "adam" if train is True else train or None
        with python_words():
            kind, optimizer = dtype_named(dtype), None if named is None else optimizer_named(named)
            refuse_training(optimizer, kind, mixed=mixed)
            limit = None if within is None else stated_bytes(within, "--within")
        analysis = self._analysis_of(batch)
        return MemoryAnswer(analysis, net_memory(analysis, kind, optimizer=optimizer, mixed=mixed, within=limit))

    def roofline(
        self, peak: str | float, bandwidth: str | float, *, batch: int = 1, dtype: str = "float32"
    ) -> RooflineAnswer:
        """What bounds each layer on a machine, as `cnncalc roofline` shows it; `str()` of it is the table.

        `peak` are FLOPs a second ("10T", 1e13), a multiply-add being two of them, `bandwidth` bytes a second ("900G").
        Raises InputError.

        >>> found = load("vgg16").roofline("10T", "900G")
        >>> found.lines[2].bound, round(float(found.seconds) * 1e6)
        ('compute', 3656)
        """
        from cnncalc.analysis.memory import dtype_named
        from cnncalc.analysis.roofline import roofline, stated_machine
        from cnncalc.diagnostics.python_words import python_words
        from cnncalc.pictures.roofline_answer import RooflineAnswer

        with python_words():
            kind, machine = dtype_named(dtype), stated_machine(peak, bandwidth)
        analysis = self._analysis_of(batch)
        return RooflineAnswer(analysis, roofline(analysis, machine, kind))

    def _analysis_of(self, batch: int) -> Analysis:
        """The numbers for so many images at once.  Raises InputError."""
        if batch == 1 and type(batch) is int:
            return self.analysis
        from cnncalc.analysis import analyse
        from cnncalc.stated_numbers import refuse_batch

        refuse_batch(batch)
        return analyse(self.graph, batch)

    def report(
        self,
        path: str | os.PathLike[str],
        image: Any = None,
        weights: str | os.PathLike[str] | None = None,
        seed: int | None = None,
        labels: str | os.PathLike[str] | None = None,
        *,
        force: bool = False,
    ) -> None:
        """Writes the net as one page, as `cnncalc report` does.

        With an `image`, the name of a file or an array as for `run`, the page shows what the net makes of it; `labels`
        is a file with the names of the classes.  Raises InputError, before the run where the file exists.
        """
        from cnncalc.destinations import refuse_destination, write_file
        from cnncalc.diagnostics.python_words import python_words
        from cnncalc.pictures.page.page_file import refuse_other_ending
        from cnncalc.pictures.page.page_html import is_page, page_html
        from cnncalc.report.answer_marks import own_findings

        file = os.fspath(image) if isinstance(image, (str, os.PathLike)) else None
        listed = None if labels is None else os.fspath(labels)
        name, inputs = os.fspath(path), self._files(file, None if weights is None else os.fspath(weights), listed)
        refuse_other_ending(name)
        with python_words():
            refuse_destination(name, inputs=inputs, force=force, known=is_page)
        changed = bool(self._settings) or self.graph.has_other_size or self.graph.cut is not None
        ran = self._page_run(image, file, weights, seed, listed)
        page = page_html(self.analysis, ran, () if changed else own_findings(self.analysis))
        with python_words():
            write_file(name, page, inputs=inputs, force=force)

    def _page_run(
        self, image: Any, file: str | None, weights: str | os.PathLike[str] | None, seed: int | None, labels: str | None
    ) -> PageRun | None:
        """The run that a page shows; None where nothing goes in."""
        if image is None and any(n.is_input and getattr(n.layer, "data", None) is None for n in self.graph.nodes):
            from cnncalc.pictures.page.page_run import refuse_options_of_run

            refuse_options_of_run(weights=weights, seed=seed, labels=labels)
            return None
        from cnncalc.pictures.page.page_input import fed_numbers, fed_picture
        from cnncalc.pictures.page.page_maps import page_run

        fed = fed_picture(self.analysis, file) if file else fed_numbers(self._runs.volumes(image))
        loaded = self._runs.weights(self._weights_file(weights, seed), seed or 0)
        return page_run(self.analysis, loaded, fed, labels=self._class_names(labels))

    def _class_names(self, labels: str | None) -> tuple[str, ...]:
        """Those of a file, else those that ship with the net or are in its own file."""
        from cnncalc.runtime.class_names import class_names

        changed = bool(self._settings) or self.graph.has_other_size
        return class_names(self.analysis, self.graph.source.name, labels, changed=changed)

    def _files(self, *others: str | None) -> list[str]:
        """The files that the net and what is made of it are read from."""
        return [self.graph.source.file or self.graph.source.name, *filter(None, others)]

    def _weights_file(self, weights: str | os.PathLike[str] | None, seed: int | None) -> str | None:
        """The file that was given, else that which ships with the net; None: they are drawn from the seed."""
        from cnncalc.sources import companion

        if weights is None and seed is None:
            return self.graph.weights_in or companion(self.graph.source.name, ".safetensors")
        return None if weights is None else os.fspath(weights)

    @cached_property
    def _runs(self) -> ArrayRuns:
        from cnncalc.runtime.array_runs import ArrayRuns

        return ArrayRuns(self.analysis)

    def __repr__(self) -> str:
        figures = self.analysis.totals.figures
        name = self.graph.heading or self.graph.source.shown
        return f"<cnncalc.Model {name!r}: {figures.params:,} params, {figures.cost.macs:,} MACs>"

    def _repr_html_(self) -> str:
        from cnncalc.pictures.drawn_picture import shown_scene
        from cnncalc.pictures.net_drawing import net_drawing
        from cnncalc.report.notebook import folded, html
        from cnncalc.report.summary import summary_sheet

        return html(summary_sheet(self.analysis)) + folded("Picture", shown_scene(net_drawing(self.analysis).scene))
