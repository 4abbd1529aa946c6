"""The text of a net in our own notation: the one that it was read from, else a flat one.

Flat: blocks and repeats are written out line by line, and every connection that is not to the line before goes by a
label.  The text binds to an equal net: the same operations with the same inputs, the same rows and answers.  What
belongs to a block's call as a whole (its counts) has no line in a flat text and is left out.  The layers of a program
are labelled with the paths of their modules, so that files of weights still fit by name.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any

from cnncalc.asked.quantity import matrix_text
from cnncalc.diagnostics import Source
from cnncalc.geometry import Padding
from cnncalc.graph.formatting import answer_texts, claim_text, formatted, quoted, worth_text
from cnncalc.graph.freezing import WORD as FROZEN
from cnncalc.graph.ir import Graph, Node, Row
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.registry import LAYERS, WORDS
from cnncalc.matrices import Matrix
from cnncalc.spec.parsing import parse
from cnncalc.spec.statements import STRUCTURAL, is_label

_INLINE = "[...]"


def own_text(graph: Graph) -> str:
    """The net's text in canonical spelling; a flat one where no text of ours says the net."""
    return flat_text(graph) if graph.document is None else formatted(graph.document)


def flat_text(graph: Graph) -> str:
    """The net as a flat text in canonical spelling."""
    writer = _Writer(graph)
    text = "\n".join([*writer.header(), *writer.body(), *writer.end()])
    return formatted(parse(Source(graph.source.name, text))[0])


class _Writer:
    """Knows the label of every row that something refers to."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.row_of = {row.last: row for row in graph.rows}
        self.labels = _paths(graph, self._needed()) if graph.source.is_program else self._labels()
        self._complete_labels()

    def _labels(self) -> dict[int, str]:
        """The labels that the net has outside of blocks, by row."""
        return {self._row(place): label for label, place in self.graph.labels.items()}

    def _row(self, place: int) -> int:
        """The row that a label names: its own, or the last one of a block's call."""
        return place if place >= 0 else self.row_of[self.graph.groups[~place].node].index

    def _complete_labels(self) -> None:
        """Keep the labels inside blocks where they are unique, and name every row that is read from afar."""
        used = {*self.graph.labels, *self.labels.values()}
        for row in self.graph.rows:
            if row.label and row.label not in used:
                self.labels.setdefault(row.index, row.label)
                used.add(row.label)
        needed = self._needed()
        for index, old in self.labels.items():
            label = old
            while (label != old and label in used) or _is_taken(label.lower(), is_read=index in needed):
                label += "_"
            self.labels[index] = label
            used.add(label)
        for index in sorted(needed - set(self.labels)):
            number = index + 1
            while f"line{number}" in used:
                number += len(self.graph.rows)
            self.labels[index] = f"line{number}"
            used.add(self.labels[index])

    def _needed(self) -> set[int]:
        """The rows that cannot do without a label."""
        needed = {self.row_of[output].index for output in self._written_outputs()}
        for row in self.graph.rows:
            needed |= {self.row_of[node].index for node in self._referred(row)}
            lender = self._lender(row)
            needed |= {lender} if lender is not None else set()
        return needed

    def _lender(self, row: Row) -> int | None:
        """The row whose weights a row uses."""
        shared = (node.shares for node in self.graph.nodes[row.first : row.last + 1] if node.shares is not None)
        lender = next(shared, None)
        return None if lender is None else bisect_left(self.graph.rows, lender, key=lambda other: other.last)

    def _referred(self, row: Row) -> tuple[int, ...]:
        """The nodes that a row's line must name."""
        inputs = self.graph.nodes[row.first].inputs
        before = self.graph.rows[row.index - 1].last if row.index else None
        if len(inputs) < 2:
            return () if inputs == (before,) else inputs
        chained = row.copies == 1 or self._copies_chain(row)
        return inputs[1:] if inputs[0] == before and len(inputs) == 2 and chained else inputs

    def _copies_chain(self, row: Row) -> bool:
        """Whether the next copy of a `times N` line works on this one, not on what this one works on."""
        if row.copy == row.copies:
            return True
        return self.graph.nodes[self.graph.rows[row.index + 1].first].inputs[0] == row.last

    def _written_outputs(self) -> tuple[int, ...]:
        """The outputs, when they are not simply every result that nothing reads, or are several by name."""
        read_by_others = {index for node in self.graph.nodes for index in node.inputs}
        leaves = [node for node in self.graph.nodes if node.index not in read_by_others]
        plain = tuple(node.index for node in leaves if node.inputs) or tuple(node.index for node in leaves)
        named = self.graph.outputs_named and len(plain) > 1
        return () if self.graph.outputs == plain and not named else self.graph.outputs

    # ------------------------------------------------------------------ parts of the text
    def header(self) -> list[str]:
        graph = self.graph
        lines = [f"homework {quoted(graph.homework)}"] if graph.homework else []
        lines += [f"student {' '.join(map(quoted, graph.student))}"] if graph.student else []
        lines += [f"title {quoted(graph.title)}"] if graph.title else []
        lines += [f"order {graph.order}"] if graph.order != "channels_last" else []
        lines += [f"count {graph.count}"] if graph.count else []
        lines += [f"rounding {graph.rounding}"] if graph.rounding != "exact" else []
        lines += [f"labels {graph.classes}"] if graph.classes else []
        lines += [
            f"# the program makes {name} with {params} params and never calls it" for name, params, *_ in graph.uncalled
        ]
        return lines + [f"data {name} = {matrix_text(matrix)}" for name, matrix in self._matrices().items()]

    def _matrices(self) -> dict[str, Matrix]:
        from cnncalc.layers.filters import FILTERS  # noqa: PLC0415 (few nets have matrices)

        found: dict[str, Matrix] = {}
        for node in self.graph.nodes:
            for field in dataclasses.fields(node.layer):  # type: ignore[arg-type]
                value = getattr(node.layer, field.name)
                if isinstance(value, NamedMatrix) and value.name != _INLINE:
                    known = FILTERS.get(value.name)
                    if known is None or known.matrix != value.matrix or field.name == "data":
                        found[value.name] = value.matrix
        return found

    def body(self) -> list[str]:
        return [self._line(row) for row in self.graph.rows if row.copy == 1]

    def _line(self, row: Row) -> str:
        last = self.graph.rows[row.index + row.copies - row.copy]
        nodes = self.graph.nodes[row.first : row.last + 1]
        label = [f"{self.labels[last.index]}:"] if last.index in self.labels else []
        names = [self.labels[self.row_of[node].index] for node in self._referred(row)]
        word, *arguments = layer_words(nodes[0].layer, self.graph.order)
        joins = nodes[0].layer.largest_inputs not in (0, 1)
        words = [*label, word, *(names if joins else []), *arguments]
        for node in nodes[1:]:
            words += layer_words(node.layer, self.graph.order)
        learned, still = self._learned(nodes)
        words += [FROZEN] if still and still == learned else []
        lender = self._lender(row)
        words += [f"shared={self.labels[lender]}"] if lender is not None else []
        words += ["from", names[0]] if names and not joins else []
        words += ["times", str(row.copies)] if row.copies > 1 else []
        answers = answer_texts(last.answers, last.worth)
        words += ["=>", "  ".join(answers)] if answers else []
        remarks = [*self._other_name(last, nodes[0])]
        if still and still < learned:
            remarks.append(f"frozen are only: {', '.join(sorted(name for _, name in still))}")
        return " ".join((*words, *([f"# {'; '.join(remarks)}"] if remarks else [])))

    def _learned(self, nodes: Sequence[Node]) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
        """The weights of a line's operations that a net may train, and those of them that are frozen."""
        graph = self.graph
        learned = {
            (node.index, weight.name)
            for node in nodes
            for weight in node.layer.weights(tuple(graph.nodes[read].output for read in node.inputs))
            if weight.trainable
        }
        return learned, {one for one in learned if one[1] in graph.nodes[one[0]].frozen}

    def _other_name(self, row: Row, node: Node) -> tuple[str, ...]:
        """A remark with a layer's name in the program where it has another one here and files of weights use it."""
        is_other = bool(self.graph.source.is_program) and node.name != self.labels.get(row.index)
        stored = is_other and node.shares is None and _has_weights(self.graph, row)
        return (f"{node.name} in the program",) if stored else ()

    def end(self) -> list[str]:
        graph = self.graph
        outputs = [self.labels[self.row_of[output].index] for output in self._written_outputs()]
        lines = [f"output {' '.join(outputs)}"] if outputs else []
        if graph.totals:
            lines.append(f"total => {'  '.join(answer_texts(graph.totals, graph.totals_worth, shape_first=False))}")
        for one in graph.questions:
            text = f" {quoted(one.text)}" if one.text else ""
            label = self.labels[self._row(graph.labels[one.label])]
            claim = f"{label}.{one.answer.asked} = {claim_text(one.answer)}{worth_text(one.worth)}"
            lines.append(f"answer {one.number}{text} {claim}")
        return lines


def _paths(graph: Graph, needed: AbstractSet[int]) -> dict[int, str]:
    """The rows of a program labelled with their paths, as far as these can be labels: those that are needed, that have
    weights or that the program names.
    """
    found: dict[int, str] = {}
    used: set[str] = set()
    for row in graph.rows:
        if row.index in needed or row.label or _has_weights(graph, row):
            label = re.sub(r"[^\w.-]", "_", graph.nodes[row.first].name)
            if is_label(label) and label not in used:
                found[row.index] = label
                used.add(label)
    return found


def _has_weights(graph: Graph, row: Row) -> bool:
    node = graph.nodes[row.first]
    return bool(node.layer.weights(tuple(graph.nodes[read].output for read in node.inputs)))


def _is_taken(word: str, *, is_read: bool) -> bool:
    """Whether a word means something else where a label stands or, behind `add` and the like, where it is read."""
    return word in STRUCTURAL or (is_read and (word in _BEHIND_JOINS or word in WORDS))


_BEHIND_JOINS = frozenset(("crop", "pad", "from", "times", "shared", FROZEN))


def layer_words(layer: Layer, order: str) -> list[str]:
    """The layer as it is written: its word, its operands, and the options that differ from their defaults."""
    variants = {option for option, _ in LAYERS[layer.word].variants}
    words, named = [layer.word], False
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        if "kind" not in field.metadata:
            continue
        value = getattr(layer, field.name)
        default = order if field.name == "order" else field.default
        if value == default:
            named = named or field.metadata["positional"]
        elif field.name == "data":
            words += ["from", value.name]
        else:
            bare = field.metadata["positional"] and not named and field.name not in variants
            words += _argument(str(field.metadata.get("name", field.name)), field.metadata, value, bare)
    return words


def _argument(name: str, metadata: Any, value: Any, bare: bool) -> list[str]:
    """One argument: `5x5` in its place, `same`, `nobias`, `stride=2`."""
    kind = metadata["kind"]
    if kind == "flag":
        return [next(word for word, means in metadata["words"].items() if means is value)]
    text = value_text(kind, value)
    if kind == "choice" or (kind == "padding" and value.mode != "explicit"):
        return [text]
    return [text] if bare else [f"{name}={text}"]


def value_text(kind: str, value: Any) -> str:
    """A value of a kind as it is written."""
    if isinstance(value, NamedMatrix):
        return matrix_text(value.matrix) if value.name == _INLINE else value.name
    if isinstance(value, Padding):
        return value.text
    if isinstance(value, tuple):
        return {"range": ":", "axes": ",", "numbers": ","}.get(kind, "x").join(map(_plain, value))
    return quoted(value) if kind == "pattern" else _plain(value)


def _plain(value: Any) -> str:
    return _decimal(value) if isinstance(value, float) else str(value)


def _decimal(value: float) -> str:
    """A float so that it reads back the same: `0.5`, `1/255`; never more than 17 digits in a row."""
    text = repr(value)
    if len(text) <= 12:
        return text
    simple = Fraction(value).limit_denominator(1000)
    if float(simple) == value:
        return f"{simple.numerator}/{simple.denominator}"
    return text if len(text) <= 18 else f"{value:.16e}"
