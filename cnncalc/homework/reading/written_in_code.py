"""What people wrote into a program or a cell of code: comments, and answers in our own language.

A line that no Python has (`conv1: => 26x26x8 params 80`, `2a) 12`, `student "Ana" 1`) is text, and so is a whole cell
that has such lines and no others of a program.  A network in code is no answer, and nothing is run or parsed.
"""

from __future__ import annotations

import re

from cnncalc.homework.reading.quantity_words import NAME, WORD

LONGEST_LINE = 20_000

_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_STATEMENT = re.compile(
    r"\s*(?:import\s|from\s+\S+\s+import\b|(?:async|def|class|for|while|if|elif|with)\b.*:\s*$|(?:else|try|finally)\s*:"
    r"|except\b|return\b|print\b|@\w|[%!\"'\])}]|[\w., ]{1,80}=\s*(?:[A-Za-z_][\w.]*\(|[rfb]{0,2}[\"'])|$)"
)
_CALL = re.compile(r"\s*[A-Za-z_][\w.]*\(")
_ANSWER = re.compile(
    r"=>|[→⇒]|[-–—]>\s*[\d?]|^[^:=]*[:=].{0,200}(?:\d\s*[x×]\s*\d|\d\s+[^\W\d])|^\s*(?:student|homework)\s+\""
    r"|^\s*answer\s+\d|^\s*\|.*\|\s*$|^\s*\(?\d{1,2}(?:[a-z]\s*[).:=]+|[).:]\s)\s*\S"
    rf"|^\s*[\w.]{{1,40}}\s*[:=].{{0,80}}(?<![\w.]){NAME}\s*[:=]?\s*\d",
    re.IGNORECASE,
)
"""What makes a line text: an arrow, `26x26x8`, `80 params`, the number of a question, a row of a table."""

_NAMED_VALUE = re.compile(rf"\s*[^\W\d]\w{{0,40}}_{WORD}\s*=\s*[\d(\[][\d., ()\[\]]*$", re.IGNORECASE)
"""conv1_params = 80"""


def written_in(program: str) -> str:
    """The text in a program, with as many lines.

    >>> written_in("conv1: => 26x26x8")
    'conv1: => 26x26x8'
    >>> written_in("x = Conv2D(8, 3)(x)  # grey\\n# conv1: 26x26x8")
    '\\nconv1: 26x26x8'
    """
    lines = [line[:LONGEST_LINE] for line in program.split("\n")]
    code = [line.partition("#")[0] for line in lines]
    are_text = [not _is_code(one) and _ANSWER.search(one) is not None for one in code]
    if any(are_text) and not any(_is_code(one) and one.strip() for one in code):
        return program
    return "\n".join(
        line if is_text or _NAMED_VALUE.match(one) else _comment(line)
        for line, one, is_text in zip(lines, code, are_text, strict=True)
    )


def _is_code(line: str) -> bool:
    """Whether a line without its comment belongs to a program."""
    bare = _STRING.sub("", line)
    return _STATEMENT.match(line) is not None or (_CALL.match(line) is not None and "=>" not in bare)


def _comment(line: str) -> str:
    """A comment that stands on a line of its own, or behind code and has an arrow."""
    code, sign, comment = line.partition("#")
    own = sign and not code.strip()
    answers = sign and re.search(r"=+>|[→⇒]", comment)
    return comment.lstrip("#! ") if own or answers else ""
