"""What `run` needs from files: pictures or arrays for the input lines, weights, the names of the classes."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.sources import parted

if TYPE_CHECKING:
    from cnncalc.cli.picture_options import PictureOptions
    from cnncalc.graph.ir import Graph
    from cnncalc.layers.input import Input
    from cnncalc.runtime.images import Preprocessing
    from cnncalc.runtime.planning import Plan
    from cnncalc.runtime.weights import Weights

Arrays = dict[str, Any]


class Given(NamedTuple):
    """The options of one `run`, as they were written."""

    model: str
    input_size: str | None
    settings: dict[str, str]
    pictures: tuple[str, ...]
    input_array: str | None
    preprocessing: PictureOptions
    weights: str | None
    seed: int | None
    labels: str | None = None
    top: int = 1
    command: str = "run"
    """By which command, for the examples in errors."""
    until: str | None = None

    @property
    def files(self) -> list[str]:
        """Whatever this run reads."""
        return [parted(self.model)[0], *self.pictures, *filter(None, (self.input_array, self.weights, self.labels))]

    def changes(self, analysis: Analysis) -> bool:
        """Whether this is another net than the text's own, so that its answers and trained weights are not about it."""
        return analysis.graph.has_other_size or bool(self.settings)

    def graph(self) -> Graph:
        """The net; raises InputError with every fault."""
        from cnncalc.net_files import checked
        from cnncalc.sources import find

        return checked(find(self.model), self.input_size, self.settings, self.until)


def network_inputs(given: Given, analysis: Analysis) -> tuple[Arrays, str]:
    """The arrays by name of their input line, and in words how pictures became numbers.

    Raises InputError when a net needs something that was not given, or was given what it cannot take.
    """
    open_inputs = [node for node in analysis.nodes if node.node.is_input and not _is_stated(node)]
    if not open_inputs:
        if given.pictures or given.input_array:
            raise input_error(
                "input-not-needed",
                f"the input of {given.model} is in its text",
                help="leave --image and --input-array out, or write a size on the input line: `input 28x28x1`",
            )
        return {}, ""
    if given.input_array is not None and given.pictures:
        raise input_error(
            "input-given-twice", "both a picture and an array are given", help="leave --image or --input-array out"
        )
    if given.input_array is not None:
        return _arrays(given.input_array, open_inputs, analysis), ""
    if not given.pictures:
        raise _nothing_given(given, open_inputs[0])
    if len(open_inputs) > 1:
        names = ", ".join(node.node.name for node in open_inputs)
        raise input_error(
            "several-inputs",
            f"{given.model} has {len(open_inputs)} inputs: {names}",
            help="give their numbers in one file: --input-array inputs.npz, an array for each name",
        )
    return _pictures(given, open_inputs[0])


def is_fed(given: Given, analysis: Analysis) -> bool:
    """Whether there is something to run the net on: what is given, or the numbers in its text."""
    stated = [_is_stated(node) for node in analysis.nodes if node.node.is_input]
    return bool(given.pictures or given.input_array is not None or (stated and all(stated)))


def refuse_options_of_run(given: Given, analysis: Analysis) -> None:
    """Raises InputError where options of a run are given, and nothing to run the net on."""
    options = {"--weights": given.weights, "--seed": given.seed, "--labels": given.labels}
    words = given.preprocessing._asdict()
    options |= {"--picture" if name == "words" else f"--{name}": value for name, value in words.items()}
    useless = [name for name, value in options.items() if value is not None]
    node = next((node for node in analysis.nodes if node.node.is_input and not _is_stated(node)), None)
    if useless and node is not None:
        raise _nothing_given(given, node, useless[0])


def _is_stated(node: NodeAnalysis) -> bool:
    return getattr(node.node.layer, "data", None) is not None


def _nothing_given(given: Given, node: NodeAnalysis, option_of_run: str = "") -> InputError:
    shape = node.output
    pictured = shape.rank == 2 and shape.channels <= 4
    what = "a picture" if pictured else "an array"
    option = "--image PICTURE" if pictured else "--input-array F.npy"
    message = f"{given.model} needs {what} of {shape.text()} to run on"
    until = f" --until {quote(given.until)}" if given.until is not None else ""
    if option_of_run:
        message = f"{option_of_run} is about a run, and {message}"
    return input_error("input-missing", message, help=f"cnncalc {given.command} {quote(given.model)}{until} {option}")


def _arrays(path: str, nodes: list[NodeAnalysis], analysis: Analysis) -> Arrays:
    from cnncalc.runtime.numeric_inputs import read_numbers
    from cnncalc.runtime.planning import precision

    order, dtype = analysis.graph.order, precision(analysis)
    return {node.node.name: read_numbers(Path(path), node.output, order, node.node.name, dtype) for node in nodes}


def _pictures(given: Given, node: NodeAnalysis) -> tuple[Arrays, str]:
    from cnncalc.runtime.images import prepared_pictures

    preprocessing = given.preprocessing.over(cast("Input", node.node.layer), node.output)
    array, text = prepared_pictures([Path(picture) for picture in given.pictures], node.output, preprocessing)
    return {node.node.name: array}, text


def picture_preprocessing(given: Given, analysis: Analysis) -> Preprocessing | None:
    """What is done to the pictures of a run; None where it has none."""
    if not given.pictures:
        return None
    node = next(node for node in analysis.nodes if node.node.is_input)
    return given.preprocessing.over(cast("Input", node.node.layer), node.output)


def network_weights(given: Given, analysis: Analysis, part: Plan | None = None) -> Weights:
    """From the file that was given, else trained ones that ship with the net, else drawn at random or as stated.

    Of a `part` of the net's plan only the weights.
    """
    from cnncalc.runtime.planning import precision
    from cnncalc.runtime.weights import load, seeded, shipped_weights
    from cnncalc.sources import companion

    dtype = precision(analysis)
    if given.weights is not None:
        return load(Path(given.weights), analysis, dtype, part=part)
    if given.seed is None and analysis.graph.weights_in:
        return load(Path(analysis.graph.weights_in), analysis, dtype, part=part)
    trained = None if given.seed is not None or given.changes(analysis) else companion(given.model, ".safetensors")
    if trained is not None:
        return shipped_weights(Path(trained), analysis, dtype, part=part)
    return seeded(analysis, given.seed or 0, dtype, part=part)


def class_names(given: Given, analysis: Analysis) -> tuple[str, ...]:
    """The names of the net's classes; see `runtime.class_names`."""
    from cnncalc.runtime.class_names import class_names as names

    return names(analysis, given.model, given.labels, changed=given.changes(analysis) or analysis.graph.cut is not None)
