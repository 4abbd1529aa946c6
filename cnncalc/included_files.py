"""The files that a text includes: a network that ships, or a text or JSON of ours found from the file that names it.

A file wins over a name that ships; a text from standard input, or one without a file, names files from the working
directory.  Nothing is carried out, and a file of another notation is refused with the command that converts it.

Lines of a file outside the folder of the text that is read are never quoted by an error: somebody who checks the text
of another person, a student's, would be shown lines of files that this person chose.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from shlex import quote
from types import MappingProxyType

from cnncalc.diagnostics import Diagnostic, Fix, InputError, Source, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.dialects import json_model
from cnncalc.dialects.json_text import JsonText
from cnncalc.dialects.recognising import dialect_of
from cnncalc.graph.formatting import quoted
from cnncalc.graph.including import IncludedText, with_included
from cnncalc.sources import find_file, nearest_names, shipped, shipped_path
from cnncalc.spec.document import Call, Document
from cnncalc.spec.include_lines import includes, name_of
from cnncalc.spec.parsing import parse

LONGEST_NAME = 80
"""Characters of a file's name that an error repeats."""


Unsaved = Mapping[str, str]
"""Files whose texts an editor has changed and not saved, by their real paths."""

NOTHING_UNSAVED: Unsaved = MappingProxyType({})


def completed(
    document: Document,
    faults: tuple[Diagnostic, ...],
    calls: tuple[Call, ...],
    unsaved: Unsaved = NOTHING_UNSAVED,
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document with the texts that these lines of it include, and all faults of reading them."""
    text = IncludedText(_key(document.source.name), document, faults)
    return with_included(text, partial(included_text, _folder(document.source), unsaved=unsaved), calls)


def included_text(folder: str, name: str, includer: Source, unsaved: Unsaved = NOTHING_UNSAVED) -> IncludedText:
    """The text of a name in a source; raises InputError where there is none, or it is no text of ours.

    `folder` is that of the first text: lines of files outside it are not quoted.
    """
    source = _unsaved(name, includer, unsaved) or _found(name, includer)
    if source.notation or source.entry or dialect_of(source) is not None:
        raise _other_notation(name, source)
    reader = partial(_from_json, name) if source.text.lstrip().startswith("{") else parse
    is_quoted = _is_inside(source.name, folder)
    try:
        return IncludedText(_key(source.name), *reader(source), is_quoted)
    except InputError as refused:
        raise _placed(refused.diagnostics[0], source, is_quoted=is_quoted) from None


def _unsaved(name: str, includer: Source, unsaved: Unsaved) -> Source | None:
    """A file as it is in the editor, where it need not be on disk yet."""
    path = os.path.join(_folder(includer), name)
    text = unsaved.get(os.path.realpath(path)) if unsaved else None
    if text is None:
        return None
    return replace(find_file(path), text=text) if os.path.isfile(path) else Source(path, text)


def _placed(fault: Diagnostic, source: Source, *, is_quoted: bool) -> InputError:
    """The error of a text that cannot be read at all, with its place in that text."""
    if fault.span is None:
        return InputError((fault,))
    found = f"{printable(source.name)} has a fault, in line {fault.span.line}, column {fault.span.column}"
    if is_quoted:
        return input_error(fault.code, f"{found}: {fault.message}", help=fault.help)
    return input_error("not-included", found, help=f"look at it alone: cnncalc summary {quote(printable(source.name))}")


def with_files_from(text: str, name: str, target: str) -> str:
    """A text read from the file `name`, as it is written into `target`: what it includes is found from there.

    A network that ships, an absolute path and a file that is not there keep their names.
    """
    source = Source(name, text)
    old, new = _folder(source), os.path.dirname(target)
    if not os.path.isfile(name) or os.path.realpath(old) == os.path.realpath(new):
        return text
    names = [token for call in includes(parse(source)[0]) if (token := name_of(call)) is not None]
    for token in sorted(names, key=lambda one: one.span, reverse=True):
        path = os.path.join(old, token.text)
        if os.path.isfile(path) and not os.path.isabs(token.text):
            moved = os.path.relpath(os.path.realpath(path), os.path.realpath(new))
            text = Fix(token.span, quoted(moved)).applied(text)
    return text


def _folder(source: Source) -> str:
    """Where a text is, or will be once an editor saves it; empty for one that has no place."""
    folder = os.path.dirname(source.name)
    return folder if os.path.isdir(folder) else ""


def _is_inside(name: str, folder: str) -> bool:
    """Whether a file is in a folder or one of its folders, links followed; a network that ships is."""
    if not os.path.isfile(name):
        return True
    return os.path.realpath(name).startswith(os.path.join(os.path.realpath(folder), ""))


def path_of(name: str, includer: Source) -> str | None:
    """The file that a name in a source means: one found from there, or a network that ships; None for neither."""
    path = os.path.join(_folder(includer), name)
    return path if os.path.isfile(path) else shipped_path(name)


def _found(name: str, includer: Source) -> Source:
    path = os.path.join(_folder(includer), name)
    if os.path.isfile(path):
        return find_file(path)
    if shipped_path(name) is not None:
        return shipped(name)
    if os.path.exists(path):
        raise input_error(
            "not-included", f"`{_shown(name)}` is not a file", help="name a file, or a network that ships"
        )
    raise _missing(name, path)


def _missing(name: str, path: str) -> InputError:
    """The error for a name that is neither a file nor a network, with the ones that may be meant."""
    message = f"there is no file and no shipped network called `{_shown(name)}`"
    return input_error("no-such-file", message, help=nearest_names(path))


def _shown(name: str) -> str:
    return printable(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}...")


def _key(name: str) -> str:
    """What tells a text from all others, by whatever way it is named."""
    return os.path.realpath(name) if os.path.isfile(name) else name.lower()


def _from_json(name: str, source: Source) -> tuple[Document, tuple[Diagnostic, ...]]:
    text = JsonText(source)
    if json_model.version(text) != json_model.VERSION:
        raise _other_notation(name, source)
    return json_model.read(text)


def _other_notation(name: str, source: Source) -> InputError:
    """The error for a net that another reader reads, with the command that makes a text of it."""
    stem = os.path.splitext(os.path.basename(source.name))[0]
    command = f"cnncalc convert {quote(source.name)} --to spec -o {quote(f'{stem}.txt')}"
    return input_error(
        "not-included",
        f"`{_shown(name)}` is not a text in the language of cnncalc, and only such a text can be included",
        help=f"convert it first: {printable(command)}",
    )
