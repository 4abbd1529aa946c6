"""All that is known about a text: its net up to the first fault, every fault, the numbers, the judged answers.

Made once for a text and asked for as long as it stays the same.  Only texts in our own language are read; for any
other one there is the fault that says what it is and which command reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis, GroupAnalysis, RowAnalysis
from cnncalc.analysis.warnings import for_a_part
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.dialects.recognising import dialect_of
from cnncalc.editor.kept_back import KeptBack, kept_back
from cnncalc.editor.named_places import Named, named_places
from cnncalc.graph.ir import Graph
from cnncalc.homework.findings import Finding
from cnncalc.layers.registry import WORDS
from cnncalc.net_files import of_document
from cnncalc.report.answer_marks import Answers, by_place, own_findings
from cnncalc.spec.answers import leave_the_net_whole
from cnncalc.spec.document import Document
from cnncalc.spec.parsing import parse
from cnncalc.spec.statements import STRUCTURAL

_Made = TypeVar("_Made", RowAnalysis, GroupAnalysis)

LOOKED_AT = 60
"""Lines of a text in which it must show whether it is a net."""

_INPUT = re.compile(
    r"^[ \t]*(?:[\w-]+:[ \t]*)?(?:input[ \t]+[0-9$(]|input[ \t]+from\b|include[ \t])", re.MULTILINE | re.IGNORECASE
)
_FIRST_WORD = re.compile(r"[ \t]*(?:[^\W\d][\w.-]*:[ \t]*)?([^\s#(:]+)")


@dataclass(frozen=True)
class State:
    """What was found.  `source` is the text alone; `graph.source` also holds the lines of those that it includes."""

    source: Source
    document: Document
    graph: Graph
    faults: tuple[Diagnostic, ...]
    analysis: Analysis | None = None
    """The numbers; without receptive fields where no answer is about them."""
    findings: tuple[Finding, ...] = ()
    whole: bool = True
    """Whether the net does not stop at a fault."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text itself."""
        return self.source.lines

    @cached_property
    def answers(self) -> Answers:
        """What was found about each answered place."""
        return by_place(self.findings)

    @cached_property
    def kept_back(self) -> KeptBack:
        """What is right for the answers that are open or wrong."""
        return kept_back(self.graph, self.findings) if self.findings else KeptBack()

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """Everything in the text that has a name."""
        return named_places(self.document)

    @cached_property
    def explained(self) -> Analysis | None:
        """The numbers with every receptive field."""
        return self.analysis if self.analysis is None or _has_fields(self.graph) else analyse(self.graph)

    @cached_property
    def rows(self) -> dict[int, list[RowAnalysis]]:
        """The rows that each line of the text made, in their order."""
        found: dict[int, list[RowAnalysis]] = {}
        for row in self.analysis.rows if self.analysis else ():
            found.setdefault(row.row.origin.span.line, []).append(row)
        return self._own(found)

    @cached_property
    def calls(self) -> dict[int, list[GroupAnalysis]]:
        """The block calls that each line of the text made."""
        found: dict[int, list[GroupAnalysis]] = {}
        for call in self.analysis.groups if self.analysis else ():
            found.setdefault(call.group.origin.span.line, []).append(call)
        return self._own(found)

    def _own(self, found: dict[int, list[_Made]]) -> dict[int, list[_Made]]:
        """Without the lines of texts that are included."""
        return {line: made for line, made in found.items() if line <= len(self.lines)}

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the analysis warns of; of a net that stops at a fault only what holds for a part."""
        if self.analysis is None:
            return ()
        return self.analysis.warnings if self.whole else for_a_part(self.analysis.warnings)


def state_of(source: Source, unsaved: Mapping[str, str] | None = None) -> State:
    """Reads and analyses a text; what is wrong is in the state.  `unsaved` are open texts that it may include."""
    document, unread = parse(source)
    if dialect_of(source) is not None or source.text.lstrip().startswith("{"):
        return State(source, document, Graph(source, (), ()), unread, whole=False)
    try:
        graph, faults = of_document(document, unread, unsaved=unsaved)
    except InputError as error:
        return State(source, document, Graph(source, (), ()), error.diagnostics, whole=False)
    whole = leave_the_net_whole(faults, graph.source)
    if not graph.rows:
        return State(source, document, graph, faults, whole=whole)
    analysis = analyse(graph, fields=_has_fields(graph))
    return State(source, document, graph, faults, analysis, own_findings(analysis, complete=whole), whole)


_WITHOUT_FIELDS = frozenset(
    ("shape", "params", "macs", "flops", "size", "weights", "biases", "buffers", "connections", "trainable")
)
"""What can be judged without receptive fields."""


def _has_fields(graph: Graph) -> bool:
    """Whether an answer is about a receptive field, or about what may need one."""
    lines = [row.answers for row in graph.rows] + [group.answers for group in graph.groups] + [graph.totals]
    asked = [answer.asked for answers in lines for answer in answers] + [one.answer.asked for one in graph.questions]
    return not _WITHOUT_FIELDS.issuperset(asked)


def reads_as_net(text: str) -> bool:
    """Whether a text that may be anything is one of ours: an `input` line, and words of ours on most lines.

    >>> reads_as_net("input 28x28x1\\nconv 6 5x5\\n"), reads_as_net("Input 2 eggs,\\nstir well and serve\\n")
    (True, False)
    """
    if _INPUT.search(text) is None:
        return False
    words = [found[1].lower() for line in text.split("\n", LOOKED_AT)[:LOOKED_AT] if (found := _FIRST_WORD.match(line))]
    known = Counter(word in WORDS or word in STRUCTURAL or word == "include" for word in words)
    blocks = {
        line.split()[1].lower() for line in text.split("\n") if re.match(r"[ \t]*block[ \t]+\S", line, re.IGNORECASE)
    }
    called = sum(word in blocks for word in words)
    return known[True] + called > len(words) // 2
