"""The net of a text in any notation, and a net as a text of another notation.

The readers are in `graph` (our own language) and in `dialects`, which also says which of them takes a text
(`cnncalc.dialects.recognising`); they are imported when they are needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.dialects.recognising import dialect_of, is_program

if TYPE_CHECKING:
    from cnncalc.graph.ir import Graph
    from cnncalc.spec.document import Document


def read(
    source: Source,
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
    until: str | None = None,
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a text in any notation, up to its first fault, and all faults.

    `until` names the line with which the net ends: a label, a line's number or a layer's name; raises InputError for
    one that it does not have.  Sizes that do not fit further on are no faults of it.
    """
    graph, faults = _whole(source, input_size, settings)
    if until is None:
        return graph, faults
    if faults:
        part = _fitting_part(source, graph, faults, settings, until)
        return (graph, faults) if part is None else (part, ())
    from cnncalc.graph.cutting import net_until

    return net_until(graph, until), ()


def _fitting_part(
    source: Source, graph: Graph, faults: tuple[Diagnostic, ...], settings: Mapping[str, str] | None, until: str
) -> Graph | None:
    """The net up to a line where only sizes further on do not fit; None where that cannot be said.

    What is further on is seen in the whole net: that of the text's own size, or with other sizes supposed.
    """
    from cnncalc.graph.cutting import cut, end_at
    from cnncalc.graph.faults import OF_SIZES

    end = end_at(graph, until)
    if end is None or any(fault.code not in OF_SIZES for fault in faults):
        return None
    whole = _supposed_whole(source, settings)
    if whole is None or end != end_at(whole, until):
        return None
    both = zip(graph.nodes[: end + 1], whole.nodes, strict=False)
    if any(one.inputs != other.inputs or type(one.layer) is not type(other.layer) for one, other in both):
        return None
    return cut(graph, end, until, whole)


def _supposed_whole(source: Source, settings: Mapping[str, str] | None) -> Graph | None:
    """The whole net of a text, where needed with sizes that are supposed; None where that is not possible."""
    whole, faults = _whole(source, None, settings)
    if not faults:
        return whole
    if whole.document is None:
        return None
    from cnncalc.graph import supposed_graph

    supposed = supposed_graph(source, settings)
    return None if supposed is None else supposed[0]


def _whole(
    source: Source, input_size: str | None, settings: Mapping[str, str] | None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a whole text."""
    module = dialect_of(source)
    if module is not None:
        from importlib import import_module

        graph, faults = import_module(f"cnncalc.dialects.{module}").read(source, input_size, settings)
        return graph, faults
    if source.entry:
        raise _no_program(source)
    if source.text.lstrip().startswith("{"):
        return _from_json(source, input_size, settings)
    from cnncalc.spec.parsing import parse

    return of_document(*parse(source), input_size, settings)


def of_document(
    document: Document,
    faults: tuple[Diagnostic, ...],
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
    unsaved: Mapping[str, str] | None = None,
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a text of ours that has been parsed, with the `faults` of parsing it; what it includes is read.

    `unsaved` are the texts of files that an editor has changed, by their real paths.
    """
    from cnncalc.graph import bound

    return bound(*_completed(document, faults, unsaved or {}), input_size, settings)


def unspelled(document: Document) -> tuple[Diagnostic, ...]:
    """The faults of a text that its canonical spelling would end unsaid: it leaves out what a line says that arrives.

    Only code that was pasted says so: `nn.Linear(400, 120)`.
    """
    if "(" not in document.source.text and "in_" not in document.source.text.lower():
        return ()
    try:
        faults = of_document(document, ())[1]
    except InputError:
        return ()
    return tuple(fault for fault in faults if fault.code in ("arriving-differs", "dense-needs-flat"))


def _completed(
    document: Document, faults: tuple[Diagnostic, ...], unsaved: Mapping[str, str]
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document with the texts that it includes."""
    from cnncalc.spec.include_lines import includes

    if not (calls := includes(document)):
        return document, faults
    from cnncalc.included_files import completed

    return completed(document, faults, calls, unsaved)


def named_constants(graph: Graph) -> Mapping[str, str]:
    """The names that `--set` can give another value, each with its own as it is written: of a text or of a program."""
    from importlib import import_module

    if graph.whole_document is not None:
        from cnncalc.graph.settings import constants

        return constants(graph.whole_document)
    if not is_program(graph.source):
        return {}
    found: Mapping[str, str] = import_module("cnncalc.dialects.programs").number_names(graph.source)
    return found


def _no_program(source: Source) -> InputError:
    from cnncalc.diagnostics import input_error

    return input_error(
        "entry-not-wanted",
        f"`:{source.entry}` chooses a model of a Python program, and {source.name} is none",
        help=f"leave it out: {source.name}",
    )


def _from_json(
    source: Source, input_size: str | None, settings: Mapping[str, str] | None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    from cnncalc.dialects import json_flat, json_model
    from cnncalc.dialects.json_text import JsonText

    text = JsonText(source)
    if json_model.version(text) == json_flat.VERSION:
        return json_flat.read(text, input_size, settings), ()
    graph, faults = of_document(*json_model.read(text), input_size, settings)
    return replace(graph, document=None), faults


def checked(
    source: Source,
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
    until: str | None = None,
) -> Graph:
    """The net of a text, up to the line that `until` names; raises InputError with every fault."""
    graph, faults = read(source, input_size, settings, until)
    if faults:
        raise InputError(faults, graph.source)
    return graph


def written(
    graph: Graph,
    notation: str,
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
    facts: tuple[str, ...] = (),
) -> str:
    """The net in another notation; `input_size` and `settings` are those that it was read with.

    `facts` are lines that a program says of itself.

    Raises InputError for a notation that does not exist.
    """
    from cnncalc.diagnostics import input_error
    from cnncalc.diagnostics.nearest import did_you_mean
    from cnncalc.dialects import CODE, NOTATIONS

    if notation not in NOTATIONS:
        known = f"the notations are: {', '.join(NOTATIONS)}"
        raise input_error(
            "unknown-notation",
            f"there is no notation `{notation}`",
            help=did_you_mean(notation, NOTATIONS, known),
        )
    from importlib import import_module

    if graph.source.text.lstrip().startswith("{") and dialect_of(graph.source) is None:
        graph = _in_own_words(graph, input_size, settings)
    write = import_module(f"cnncalc.dialects.{NOTATIONS[notation]}").write
    text: str = write(graph, facts) if notation in CODE else write(graph)
    return text


def in_another_folder(text: str, name: str, target: str) -> str:
    """A text of ours read from the file `name`, as it is written into `target`: what it includes stays found."""
    if "include" not in text:
        return text
    from cnncalc.included_files import with_files_from

    return with_files_from(text, name, target)


def _in_own_words(graph: Graph, input_size: str | None, settings: Mapping[str, str] | None) -> Graph:
    """The same net as a text of ours says it, where its JSON can be put into one and says all of it."""
    from cnncalc.dialects import json_flat, json_model
    from cnncalc.dialects.json_text import JsonText

    text = JsonText(graph.source)
    if json_model.version(text) == json_flat.VERSION or graph.cut is not None:
        return graph
    return checked(Source(graph.source.name, json_model.text_of(text)), input_size, settings)
