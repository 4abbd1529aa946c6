"""What stands under a summary: totals in words, memory, the receptive field, the conventions, answers and warnings."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.analysis.model import Analysis, ReceptiveField, RowAnalysis
from cnncalc.analysis.stored_bytes import DType, memory
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.places import lines_in_words
from cnncalc.geometry import AXIS_NAMES, Order, Padding
from cnncalc.graph.ir import Count, Graph
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.answer_marks import Answers
from cnncalc.report.entries import SHARED_MARK, global_layer
from cnncalc.report.framework_facts import framework_facts
from cnncalc.report.sheet import Fact

if TYPE_CHECKING:
    from cnncalc.homework.findings import Finding, Status

MOST_PARTS_NAMED = 8
"""How many parts that are never called are named before it is said how many there are."""


def foot(
    analysis: Analysis,
    answers: Answers,
    order: Order,
    dtype: DType = "float32",
    signs: Iterable[Fact] = (),
    *,
    params_as: Count | None = None,
) -> tuple[Fact, ...]:
    """All facts in the order in which they are printed.

    Memory is that of numbers of this `dtype`; `signs` are the facts about the signs of the table above; `params_as` is
    the framework by whose count the params are shown, where one was asked for.
    """
    return (
        (*net_facts(analysis, order, dtype, signs, params_as=params_as), *answer_facts(answers), *warnings(analysis))
        if analysis.rows
        else ()
    )


def net_facts(
    analysis: Analysis,
    order: Order,
    dtype: DType = "float32",
    signs: Iterable[Fact] = (),
    *,
    params_as: Count | None = None,
) -> tuple[Fact, ...]:
    """The facts about the net itself: nothing of answers in it, and no warnings."""
    return (
        *_resized(analysis, order),
        *cut_facts(analysis.graph),
        *signs,
        *_outputs(analysis, order),
        *_work(analysis),
        *_field(analysis),
        *_memory(analysis, dtype),
        *_shared(analysis),
        *_uncalled(analysis),
        *(framework_facts(analysis, params_as) if params_as else _keras(analysis)),
        *_conventions(analysis, order),
    )


def _resized(analysis: Analysis, order: Order) -> Iterator[Fact]:
    """Which inputs have another size than the text says, and what becomes of the answers in it."""
    graph = analysis.graph
    changed = [one for one in graph.resized if one.changed]
    if not changed:
        return
    said = (
        f"{printable(one.name)} is {one.given.text(order)}, where line {one.line} says {one.written.text(order)}"
        for one in changed
    )
    answered = (
        graph.totals
        or graph.questions
        or any(row.answers for row in graph.rows)
        or any(group.answers for group in graph.groups)
    )
    yield Fact("--input", "; ".join([*said, *(["answers are for that size: not marked"] if answered else [])]))


def cut_facts(graph: Graph) -> Iterator[Fact]:
    """Where the net was cut, and how much of it is left."""
    cut = graph.cut
    if cut is not None:
        left = f"{len(graph.rows)} of its {len(cut.whole.rows)} lines, those that are needed"
        yield Fact("--until", f"the net ends with {printable(cut.place)}: {left}")


def _outputs(analysis: Analysis, order: Order) -> Iterator[Fact]:
    """The names and shapes of several outputs; a single one stands in the total's line."""
    outputs = analysis.graph.outputs
    if len(outputs) > 1:
        named = (f"{_output_name(analysis, node)} {analysis.nodes[node].output.text(order)}" for node in outputs)
        yield Fact("Outputs", ", ".join(named))


def _output_name(analysis: Analysis, node: int) -> str:
    row = analysis.rows[bisect_left(analysis.rows, node, key=lambda row: row.row.last)]
    return row.row.label or row.nodes[0].node.name


def _work(analysis: Analysis) -> Iterator[Fact]:
    cost = analysis.totals.figures.cost
    if cost.others:
        how = f"= 2 x {grouped(cost.macs)} MACs + {grouped(cost.others)} other operations"
    else:
        how = f"= 2 x {grouped(cost.macs)} MACs"
    yield Fact("FLOPs", f"{grouped(cost.flops)} {how}")


def _field(analysis: Analysis) -> Iterator[Fact]:
    """The field of the last line that still has a map, and whether the end sees everything."""
    last, row = analysis.rows[-1], last_map(analysis)
    if row is None or row.receptive_field is None:
        return
    field = row.receptive_field
    where = "at the end" if row is last else f"at the last map, {printable(_short(row))} ({_line(analysis, row)})"
    if field.whole:
        where += f", over {global_layer(analysis, field)}"
    steps = f"jump {notation.per_axis(field.jump)}, first centre at {notation.per_axis(field.start)}"
    most = "at most " if field.at_most else ""
    if not field.whole:
        yield Fact("Receptive field", f"{most}{_seen(field)}{_picture(analysis)} {where}; {steps}")
    elif field.local:
        local = f"over local paths alone {most}{_seen(field)}; {steps}"
        yield Fact("Receptive field", f"{_whole(field)}{_picture(analysis)} {where}; {local}")
    else:
        yield Fact("Receptive field", f"{most}{_whole(field)}{_picture(analysis)} {where}")


def last_map(analysis: Analysis) -> RowAnalysis | None:
    """The last line that still has a map whose receptive field is known; None where only the input has one."""
    mapped = [row for row in analysis.rows if row.output.rank and row.receptive_field is not None]
    return None if not mapped or len(mapped) == 1 < len(analysis.rows) else mapped[-1]


def _whole(field: ReceptiveField) -> str:
    """`the whole image`; `the same 31x31` where some of it is read by nothing."""
    return f"the same {notation.sizes(field.seen)}" if field.seen else "the whole image"


def _seen(field: ReceptiveField) -> str:
    """`14x14 pixels`; of a signal `14 positions`."""
    size = notation.sizes(field.size)
    return f"{size} pixels" if len(field.size) > 1 else f"{size} position{'' if field.size == (1,) else 's'}"


def _picture(analysis: Analysis) -> str:
    """What is seen: the size of the picture, and which of several inputs it is."""
    shape = analysis.totals.inputs[0] if analysis.totals.inputs else None
    if shape is None or not shape.rank:
        return ""
    if len(analysis.totals.inputs) == 1:
        return f" of {shape.spatial_text}"
    first = next(row for row in analysis.rows if row.nodes[0].node.is_input)
    return f" of {shape.spatial_text} (of the first input, {printable(_short(first))})"


def _line(analysis: Analysis, row: RowAnalysis) -> str:
    return printable(analysis.graph.source.line_words(row.row.origin.span.line))


def _short(row: RowAnalysis) -> str:
    return row.row.label or row.row.text


def _memory(analysis: Analysis, dtype: DType) -> Iterator[Fact]:
    totals, bytes_of = analysis.totals, memory(analysis.totals, dtype)
    batch = f" for {analysis.batch} images" if analysis.batch > 1 else ""
    yield Fact("Weights", f"{notation.octets(bytes_of.weights)} as {dtype}")
    yield Fact(
        "Activations",
        f"{grouped(totals.figures.activation_size)} numbers{batch}: {notation.octets(bytes_of.activations)}",
    )
    yield Fact(
        "Peak activations",
        f"{grouped(totals.peak_activation_size)} numbers alive at once{batch}: "
        f"{notation.octets(bytes_of.peak_activations)}",
    )


def _shared(analysis: Analysis) -> Iterator[Fact]:
    """What the mark behind a line means, and how many parameters there would be without sharing."""
    count = analysis.graph.count
    again = sum(node.counted_where_lent(count) for node in analysis.nodes)
    if any(node.lender for node in analysis.nodes):
        each = grouped(analysis.totals.figures.counted_params(count) + again)
        text = f"{SHARED_MARK} uses the weights of another line, which counts them; {each} params if each had its own"
        yield Fact("Shared weights", text)


def _uncalled(analysis: Analysis) -> Iterator[Fact]:
    """What the total counts beyond the lines above it."""
    totals, count = analysis.totals, analysis.graph.count
    if totals.uncalled:
        named = [f"{printable(name)} {grouped(one.counted_params(count))}" for name, one in totals.uncalled]
        yield Fact("Never called", f"made by the program, not used: {_first_of(named)}; the total counts these params")


def _first_of(named: list[str]) -> str:
    """The names, of many the first and how many more there are."""
    more = f" ... ({len(named)} parts)" if len(named) > MOST_PARTS_NAMED else ""
    return ", ".join(named[:MOST_PARTS_NAMED]) + more


def _keras(analysis: Analysis) -> Iterator[Fact]:
    """What training changes and what it leaves, where something is left.

    Keras counts batch norm's running statistics among its parameters, so its three lines stand here too.
    """
    figures = analysis.totals.figures
    keras = analysis.graph.count == "keras"
    both, learned = ("", " here and") if not keras else (": `params` here, as `count keras` asks", "")
    if figures.buffers:
        yield Fact("Total params", f"{grouped(figures.total_params)} as Keras counts{both}")
    if figures.frozen:
        trained = f"{grouped(figures.trainable_params)} of {grouped(figures.params)} learned params"
        yield Fact("Trainable", f"{trained}: what training changes")
        yield Fact("Frozen", f"{grouped(figures.frozen)} params of frozen layers: training leaves them as they are")
    elif figures.buffers:
        yield Fact("Trainable", f"{grouped(figures.params)} learned: `params`{learned} in PyTorch")
    if figures.buffers:
        frozen = f"{grouped(figures.frozen)} frozen and {grouped(figures.buffers)} " if figures.frozen else ""
        begun = "as Keras counts: " if frozen else ""
        yield Fact(
            "Non-trainable", f"{grouped(figures.fixed_params)} {begun}{frozen}fixed or running values: `buffers`"
        )


def _conventions(analysis: Analysis, order: Order) -> Iterator[Fact]:
    rank = max((shape.rank for shape in analysis.totals.inputs), default=0)
    if rank:
        axes = (*AXIS_NAMES[rank], "channels") if order == "channels_last" else ("channels", *AXIS_NAMES[rank])
        work = f"; MACs, FLOPs and activations for all {grouped(analysis.batch)}" if analysis.batch > 1 else ""
        yield Fact("Shapes", f"{' x '.join(axes)} ({order}), for one image{work}")
    layers = [(node.node.layer, node.node.origin.span.line) for node in analysis.nodes]
    turnable = [(layer, line) for layer, line in layers if getattr(layer, "flip", None) is not None]
    if turnable:
        flipped = [line for layer, line in turnable if getattr(layer, "flip", False)]
        yield Fact("Kernels", _flipping(analysis, flipped, turnable))
    paddings = [p for layer, _ in layers if isinstance(p := getattr(layer, "padding", None), Padding)]
    if any(not padding.is_nothing for padding in paddings):
        yield Fact("Padding", _padding([padding for padding in paddings if not padding.is_nothing]))


def _flipping(analysis: Analysis, flipped: list[int], turnable: Sequence[object]) -> str:
    if not flipped:
        return "not flipped (cross-correlation), as in Keras and PyTorch; `flip` asks for the true convolution"
    if len(flipped) == len(turnable):
        return "flipped: the true convolution of mathematics; Keras and PyTorch do not flip"
    where = _numbered(analysis, flipped)
    return f"flipped on {where} (the true convolution), not flipped on the others (cross-correlation)"


_PADS_IN_WORDS = {
    "explicit": "`pad 1` is one row or column on each side",
    "same": "`same` puts an odd pixel at the bottom and right, as Keras does",
    "same_lower": "`same_lower` puts an odd pixel at the top and left, as ONNX does",
    "half": "`half` pads d(k-1)//2 on each side",
    "full": "`full` pads by the kernel less one on each side",
    "causal": "`causal` pads d(k-1) before the signal and nothing after it",
}


def _padding(paddings: list[Padding]) -> str:
    modes = {padding.mode for padding in paddings}
    said = [words for mode, words in _PADS_IN_WORDS.items() if mode in modes]
    return "; ".join([*said, "padded zeros count in the MACs"])


def answer_facts(answers: Answers) -> Iterator[Fact]:
    """`5 right, 1 wrong`, and a line about each answer of which there is something to say, from top to bottom."""
    every = sorted((one for found in answers.values() for one in found), key=lambda one: one.answer.span.line)
    if not every:
        return
    counts = Counter(finding.status for finding in every)
    said = ", ".join(f"{counts[status]} {word}" for status, word in _ANSWERED.items() if counts[status])
    yield Fact("Answers", said, "bad" if counts["wrong"] else "good" if counts["right"] == len(every) else "warning")
    yield from (Fact("", said) for finding in every if (said := _said(finding)))


_ANSWERED: dict[Status, str] = {"right": "right", "wrong": "wrong", "none": "open", "unknown": "not judged"}


def _said(finding: Finding) -> str:
    """What is wrong with an answer, or why it cannot be judged; empty when all is well or it is merely open."""
    answer = f"line {finding.answer.span.line}: {finding.asked} {printable(finding.given or '?')}"
    verdict = finding.verdict
    remark = f": {printable(verdict.remark)}" if verdict.remark else ""
    if verdict.ok is False:
        parts = f" in {', '.join(verdict.wrong)}" if verdict.wrong else ""
        return f"{answer} is wrong{parts}{remark}"
    return f"{answer}{remark}" if verdict.ok is None and remark else ""


def warnings(analysis: Analysis) -> Iterator[Fact]:
    """Each kind of warning once, with all its lines, from the top of the text to its end."""
    lines: dict[tuple[str, str], list[int]] = {}
    for warning in analysis.warnings:
        found = lines.setdefault((warning.code, warning.message), [])
        if warning.span is not None:
            found.append(warning.span.line)
    for (code, message), where in sorted(lines.items(), key=lambda found: min(found[1], default=0)):
        place = f"{_numbered(analysis, where)}: " if where else ""
        yield Fact("Warning", f"{place}{printable(message)} [{code}]", "warning")


def _numbered(analysis: Analysis, lines: list[int]) -> str:
    return printable(lines_in_words(analysis.graph.source, lines))
