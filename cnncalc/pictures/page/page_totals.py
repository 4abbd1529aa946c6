"""The numbers of a whole net in a page: six at its head, all of them at its end, and what there is to say of them.

Every number is the analysis' own; what it counts the manual says; the words below are those of a summary's foot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.stored_bytes import memory
from cnncalc.manual import Paragraph, pages
from cnncalc.pictures.page.page_text import with_code, with_times, words
from cnncalc.quantities import grouped, megabytes, short
from cnncalc.report import notation
from cnncalc.report.foot import last_map, net_facts, warnings
from cnncalc.report.sheet import Fact

ROUNDED_FROM = 10**12
"""Larger numbers do not fit a tile."""

GIGABYTE = 10**9

FIGURE_SPACE = "\u2007"
"""A blank as wide as a digit, which HTML does not take away."""


def six_numbers(analysis: Analysis) -> str:
    """What a reader looks for first."""
    figures, needed = analysis.totals.figures, memory(analysis.totals)
    last = last_map(analysis)
    field = last.receptive_field if last is not None else None
    shown = (
        ("Parameters", _tile(figures.counted_params(analysis.graph.count))),
        ("Multiply-accumulates", _tile(figures.cost.macs)),
        (f"Weights as {needed.dtype}", _octets(needed.weights)),
        ("Peak activations", _octets(needed.peak_activations)),
        ("Receptive field", "none" if field is None else with_times(notation.field_size(field))),
        ("Output", with_times(notation.shapes(analysis.totals.outputs, analysis.graph.order))),
    )
    return f'<dl class="facts">{"".join(_number(name, value) for name, value in shown)}</dl>'


def _number(name: str, value: str) -> str:
    return f"<div><dt>{name}</dt><dd>{words(value)}</dd></div>"


def _tile(count: int) -> str:
    """All digits where a tile has room for them; the table of totals has them all."""
    return grouped(count) if count < ROUNDED_FROM else short(count)


def _octets(count: int) -> str:
    if count >= GIGABYTE:
        return f"{short(count)}B"
    return megabytes(count) if count >= 10_000 else f"{grouped(count)} bytes"


def totals_table(analysis: Analysis) -> str:
    """The totals, each with what it counts, in the words of `cnncalc explain`."""
    lines = "".join(
        f'<tr><th scope="row">{name}</th><td class="n">{grouped(value)}</td>'
        f'<td class="soft wide">{_explained(subject) if subject else ""}</td></tr>'
        for name, value, subject in _totals(analysis)
    )
    return (
        '<table class="totals"><caption class="unseen">Totals</caption><thead><tr><th scope="col">What</th>'
        f'<th scope="col" class="n">How many</th><th scope="col" class="wide">What it counts</th></tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )


def _totals(analysis: Analysis) -> Iterator[tuple[str, int, str]]:
    """Each with its name and the page of the manual that says what it is."""
    figures = analysis.totals.figures
    cost = figures.cost
    yield "Parameters", figures.params, "params"
    if figures.frozen:
        yield "Trainable parameters", figures.trainable_params, "trainable"
        yield "Frozen parameters", figures.frozen, "frozen"
    if figures.buffers:
        yield "Buffers", figures.buffers, "buffers"
        yield "Parameters as Keras counts", figures.total_params, "" if figures.frozen else "trainable"
    yield "MACs", cost.macs, "MACs"
    yield "FLOPs of the MACs alone", cost.mac_flops, ""
    yield "FLOPs", cost.flops, "FLOPs"
    for name in ("add", "compare", "exp", "divide", "multiply"):
        if getattr(cost, name):
            yield f"… of these: {name}", getattr(cost, name), ""
    yield "Connections", figures.connections, "connections"
    yield "Activations of all layers", figures.activation_size, "size"
    yield "Peak activations", analysis.totals.peak_activation_size, "peak"


def _explained(subject: str) -> str:
    """The sentence with which the manual's page begins."""
    first = pages()[subject].parts[0]
    return with_code(words(first.text)) if isinstance(first, Paragraph) else ""


def notes(analysis: Analysis) -> str:
    """What a summary says below its table about the net."""
    return fact_list(net_facts(analysis, analysis.graph.order))


def warnings_section(analysis: Analysis) -> str:
    """Each kind of warning once."""
    return _section("warnings", "Warnings", fact_list(warnings(analysis)))


def _section(name: str, heading: str, content: str) -> str:
    return f'<section aria-labelledby="h-{name}"><h2 id="h-{name}">{heading}</h2>{content}</section>' if content else ""


def fact_list(facts: Iterable[Fact]) -> str:
    """Facts as a list of names with texts; those without a name belong to the one before.  Empty without facts."""
    named: list[tuple[Fact, list[str]]] = []
    for fact in facts:
        if fact.name or not named:
            named.append((fact, []))
        named[-1][1].append(f"<dd>{with_code(with_times(_aligned(words(fact.text))))}</dd>")
    lines = "".join(
        f'<div class="{fact.style}"><dt>{words(fact.name)}</dt>{"".join(said)}</div>' for fact, said in named
    )
    return f'<dl class="notes">{lines}</dl>' if lines else ""


def _aligned(text: str) -> str:
    """Blanks that align numbers below each other, as wide as a digit."""
    return re.sub(r"^ (?=[ \d-])|(?<= ) ", FIGURE_SPACE, text)
