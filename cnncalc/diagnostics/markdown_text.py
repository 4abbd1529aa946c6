"""Text in Markdown: its letters as they are, whatever they would mean there.

GitHub's Markdown, notebooks and wikis.  Anything may come from outside, a name or a file's line, so that all signs are
escaped; in a table of our own numbers few signs mean anything, and it is to be read as text too.
"""

from __future__ import annotations

import re
from html import escape

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!|~$=@:-])")
_SIGNS_IN_CELLS = re.compile(r"([\\|*_<>\[\]])")


def in_markdown(text: str) -> str:
    r"""Any text, so that no sign of it means anything in Markdown or HTML.

    >>> in_markdown("q1: 2 * 3 <b>")
    'q1\\: 2 \\* 3 &lt;b&gt;'
    """
    return _SIGNS.sub(r"\\\1", escape(text, quote=False))


def in_markdown_cell(text: str) -> str:
    r"""Words and numbers of ours, in a cell or after other words of a line: only what means something there.

    >>> in_markdown_cell("conv_1 5x5 (-1)")
    'conv\\_1 5x5 (-1)'
    """
    return _SIGNS_IN_CELLS.sub(r"\\\1", text)
