"""A file that was handed in as one text: by what it is, whatever its name says.

Of a program only what people wrote into it is text, comments and answers; a network in it is no answer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.homework.reading.decoding import decoded, refuse_other_kinds
from cnncalc.homework.reading.marked_text import plainly_marked
from cnncalc.homework.reading.notebook_cells import is_notebook, notebook_text
from cnncalc.homework.reading.summary_objects import is_summary_object, summary_text
from cnncalc.homework.reading.web_page import is_web_page, page_text
from cnncalc.homework.reading.written_in_code import written_in

_NETWORK = re.compile(r"\b(?:nn\.(?:Module|Sequential|Conv|Linear)|keras|tf\.layers|Conv[123][dD]\(|Dense\()")


class Text(NamedTuple):
    """`notes` say how it was read; `holds_network`: the file has a network as a program."""

    text: str
    notes: tuple[str, ...] = ()
    holds_network: bool = False


def text_of(content: bytes, name: str) -> Text:
    """The text with one kind of line end, and notes about how it was read; raises `Unreadable`."""
    if content.startswith(b"PK"):
        from cnncalc.homework.reading.office_files import is_office_file, office_text  # noqa: PLC0415 - few files are

        if is_office_file(content, name):
            return Text(*office_text(content, name))
    refuse_other_kinds(content, name)
    text, note = decoded(content)
    notes = (note,) if note else ()
    if is_notebook(text, name):
        return Text(plainly_marked(notebook_text(text)), notes, _NETWORK.search(text) is not None)
    if name.lower().endswith(".py"):
        return Text(written_in(text), notes, _NETWORK.search(text) is not None)
    if is_summary_object(text):
        return Text(summary_text(text), notes)
    if is_web_page(text, name):
        return Text(plainly_marked(page_text(text)), notes)
    return Text(plainly_marked(text), notes)
