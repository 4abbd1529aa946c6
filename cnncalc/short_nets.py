"""What short notations of nets look like: `784-32C5-P2-512FC-10`, `[64, 'M']`, `Inp -> ((Conv -> ReLU)*n -> Pool?)*m`.

Here they are only recognised, so that the text of a file and a MODEL on the command line are by one rule; reading them
is for `cnncalc.dialects`.  Each pattern is held against the beginning of a text.
"""

from __future__ import annotations

import re

from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable

LONGEST_COMMENT = 60
"""Letters of a comment in an error."""

_DASH = r"(?:[-=]{1,3}>|[-\u2013\u2014\u2212]{1,3}|[+,\u2192\u21d2|]|>)"
"""What parts the units of a shorthand."""

_SIZE = r"\d+(?:\s?[xX×]\s?\d+)*"
_CONV = rf"\d+\s?(?:[nN]?[cC]|[cC]onv|CONV)\s?{_SIZE}"

SHORTHAND = (
    rf"(?:\[\s*)?(?:\d\d+|\d+(?:\s?[xX×]\s?\d+)+)\s*{_DASH}\s*[\d(\[A-Za-z]"  # 784-32C5, 1x28x28-20C5
    rf"|{_SIZE}\s*\n\s*{_CONV}"
    rf"|[(\[]{{0,50}}+(?:\d+\s?[xX×*]\s?[(\[]{{0,50}}+)?{_CONV}(?![A-Za-z])"  # 32C3-MP2, (2x64C3)-MP2
    rf"|\d+\s*-\s*[cC]\d+\s*{_DASH}"  # 32-C5 + MP2
    rf"|(?:cnn-)?\d+[cC](?:onv)?\d*\s*-\s*\d+[sS]\b"  # 6c5-2s-12c5-2s
    rf"|inp(?:ut)?\s*(?:{_SIZE}\s*)?{_DASH}\s*[(\[]{{0,50}}+\s*(?:\d+\s?[xX×*]\s?)?[(\[]{{0,50}}+(?:conv|c\d|\d+\s?c|relu)"
    r"|conv\d+-\d+|C\d*\s*:?\s*\d+\s?@\s?\d+"
    rf"|inp(?:ut)?\s*{_SIZE}\s*{_DASH}\s*C\d*\s*:?\s*\d+\s?@"
)
"""Units with dashes, arrows, plus signs or commas between them."""

LAYER_LIST = (
    r"(?:\w+\s*=\s*)?(?:\{\s*['\"]?\w+['\"]?\s*:\s*)?[\[(]\s*\d+\s*,[\s\d,'\"MPA]{0,20000}?['\"](?:M|MP|A)['\"]"
    r"|\w*cfgs?\s*\[\s*['\"]?\w{1,20}['\"]?\s*\]\s*$"
)
"""Numbers and 'M' in brackets, as programs that make VGG nets have them; or the name of such a list, `cfg['D']`."""

_COMMENTS = r"(?:#[^\n]*\n\s*){0,200}"
SHORTHAND_TEXT = f"{_COMMENTS}(?:{SHORTHAND})"
LIST_TEXT = f"{_COMMENTS}(?:{LAYER_LIST})"
_INPUT = re.compile(r"\s*(?:[^\W\d]\w*\s*:\s*)?input\s+\S", re.IGNORECASE)
_STATEMENTS = re.compile(r"\s*[^\W\d]\w*\s+[^;]*;\s*\S")
_END = re.compile(r"\.[A-Za-z]\w{0,9}\s*$")
"""How the names of files end, and no text on one line does."""
_BETWEEN = re.compile(r'"[^"]*"|\[[^\]]*\]|#.*|(;)')
"""What may hold a `;` of its own, and a `;` between two lines."""
_FILE = re.compile(r"\.\w{1,10}$|[/\\]")
_ANY = re.compile(f"{SHORTHAND_TEXT}|{LIST_TEXT}", re.IGNORECASE)


def recognised(text: str) -> bool:
    """Whether a text is a net in one of the short notations, right or not.

    >>> recognised("784-32C5-P2-64C5-P2-512FC-10"), recognised("[64, 64, 'M', 128, 'M']"), recognised("(2x64C3)-MP2-10")
    (True, True, True)
    >>> recognised("conv 32 3x3\\nmaxpool 2x2"), recognised("vgg16-64c3")
    (False, False)
    """
    return _ANY.match(text.lstrip()) is not None


def is_written_out(model: str) -> bool:
    """Whether MODEL, which is no file, is a net itself: in a short notation, or a text on one line.

    What ends as files do is the name of a missing one.

    >>> is_written_out("32C3-MP2-10"), is_written_out("32C3-MP2.txt")
    (True, False)
    >>> is_written_out("input 28x28x1; conv 8 3x3; dropout 0.5"), is_written_out("input size.txt")
    (True, False)
    """
    if _INPUT.match(model) or _STATEMENTS.match(model):
        return _END.search(model) is None
    return _FILE.search(model) is None and recognised(model)


def lines_of(model: str) -> str:
    """The text of a net that is given on one line: each `;` between two layers begins a line.

    Raises InputError where a comment has a `;`: it would take what follows with it.

    >>> print(lines_of('title "a; b"; input 3x3x1; conv [0 1; 1 0]  # x'))
    title "a; b"
    input 3x3x1
    conv [0 1; 1 0]  # x
    """
    found_all = list(_BETWEEN.finditer(model))
    comment = next((found[0] for found in found_all if found[0].startswith("#") and ";" in found[0].rstrip(" ;")), "")
    if comment:
        shown = printable(comment if len(comment) <= LONGEST_COMMENT else f"{comment[:LONGEST_COMMENT]}...")
        message = f"a comment goes to the end of the line, so `{shown}` is no layers"
        raise input_error(
            "comment-hides-layers", message, help="leave the comment out, or write each layer on its own line"
        )
    ends = [found.start() for found in found_all if found[1]]
    return "\n".join(
        model[start:end].strip() for start, end in zip([0, *(n + 1 for n in ends)], [*ends, None], strict=True)
    )
