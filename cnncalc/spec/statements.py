"""One line at a time: calls, joins, and the first lines of blocks, repeats and ifs.

Each function reads one kind of line from a `Cursor` that stands after the line's first word; its docstring's first
line is the grammar.  Which layer words exist is not known here: any word that is not a structural one is a call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile

from cnncalc.diagnostics import Fix, Span
from cnncalc.spec.answers import answers_and_worth
from cnncalc.spec.cursor import Cursor, shown, token
from cnncalc.spec.document import (
    Answer,
    Argument,
    Call,
    Option,
    Parameter,
    Token,
)
from cnncalc.spec.lexing import Lexeme
from cnncalc.spec.pasting import pasted
from cnncalc.spec.unreadable_line import Unreadable, fault

STRUCTURAL = frozenset(
    (
        *("block", "end", "repeat", "split", "branch", "join", "if", "else", "let"),
        *("title", "order", "count", "epsilon", "labels", "rounding", "output", "homework", "student"),
        *("filter", "data", "total", "answer"),
    )
)
"""Words that are the notation's own; everything else at the start of a line calls a layer or a block."""

_NAME = re.compile(r"[^\W\d][\w-]*")
_LABEL = rf"{_NAME.pattern}(?:\.[\w-]+)*"
_SEMICOLON = ("semicolons", "take it out; another layer goes on the next line")
_COUNT = re.compile(r"[0-9$(].*|[a-z]+\(.*")
OTHER_BRANCHES = {"elif": "else if", "elseif": "else if", "elsif": "else if", "endif": "end"}


def name_token(cursor: Cursor, what: str) -> Token:
    """A name that the text gives to something: letters, digits, `_` and `-`, a letter first."""
    found = cursor.word("missing-name", what)
    check_name(found)
    return found


def is_name(text: str) -> bool:
    """Whether a text can name a block or a matrix."""
    return _NAME.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """Whether a text can name a line: `conv1`, and with dots `layer1.0.conv1`, as PyTorch names weights."""
    return is_name(text) or re.fullmatch(_LABEL, text) is not None


def check_name(name: Token) -> None:
    """Refuse what cannot name a block or a matrix."""
    if not is_name(name.text):
        colon = "no colon is written after a name here" if is_name(name.text.removesuffix(":")) else ""
        raise _bad_name(name, "letters, digits, _ and -; a letter first", colon)


def check_label(label: Token) -> None:
    """Refuse what cannot name a line."""
    if not is_label(label.text):
        raise _bad_name(label, "letters, digits, _ and -, with dots between; a letter first")


def _bad_name(name: Token, wanted: str, help: str = "") -> Unreadable:
    return fault("bad-name", f"`{name.text[:40]}` cannot be a name", name.span, wanted, help=help)


def call(cursor: Cursor, word: Token, label: Token | None) -> Call:
    """call = (word | pasted) {argument | "from" label | "times" count} ["=>" answers]."""
    start = cursor.index - 1
    other = other_branch(word)
    if other is not None:
        raise other
    python = pasted(cursor, word)
    if python is not None:
        word = Token(python.text.partition("(")[0].strip(), python.span)
    refuse_comma(word, cursor)
    if cursor.sees("="):
        raise _option_first(cursor, word)
    arguments: list[Argument] = []
    sources: list[Token] = []
    times: list[Token] = []
    while not cursor.at_end and not cursor.sees("=>"):
        _call_part(cursor, arguments, sources, times)
    last = cursor.last_span()
    text = written(cursor.lexemes[start : cursor.index])
    answers, worth = _answers(cursor)
    return Call(
        word,
        tuple(arguments),
        word.span.to(last),
        text,
        label,
        tuple(sources),
        times[0] if times else None,
        answers,
        worth,
        python,
    )


def other_branch(word: Token) -> Unreadable | None:
    """The fault of `elif` and its like, and of `if(`: what other languages write for our `else if` and `if`."""
    first = word.text.lower().partition("(")[0].rstrip(":")
    meant = OTHER_BRANCHES.get(first) or (first if first in ("if", "else") else None)
    if not meant or word.quoted:
        return None
    message = f"`{word.text[:40]}` is not how a condition is written here"
    place = {"if": "and a space after it", "else if": "instead of it"}.get(meant, "alone on its line")
    return fault("unexpected-else", message, word.span, help=f"write `{meant}` {place}")


def _option_first(cursor: Cursor, word: Token) -> Unreadable:
    """The fault of a line that begins `name =`: a label in the manner of Python, or an option without its layer."""
    following, after = cursor.peek(1), cursor.peek(2)
    is_layer = following is not None and following.kind == "word" and following.text[0].isalpha()
    if is_layer and is_name(word.text) and (after is None or after.kind != "="):
        equals = cursor.lexemes[cursor.index].span
        return fault(
            "missing-word",
            f"`{word.text[:40]} =` gives a line no name here",
            word.span.to(equals),
            help=f"a label is written in front, with a colon: write `{word.text[:40]}:`",
            fixes=(Fix(word.span.to(equals), f"{word.text}:"),),
        )
    message = f"a line starts with a layer word, and `{word.text[:40]}=` is an option"
    value = following.raw if following is not None and following.kind == "word" else ""
    if not value or not is_name(word.text):
        return fault("missing-word", message, word.span, help="write the layer first: `conv 6 5x5 stride=2`")
    layer, constant = f"a layer has no `=`: `{word.text} {value}`", f"a constant is `let {word.text} = {value}`"
    advice = f"an option follows its layer: `conv 6 5x5 stride=2`; {layer}; {constant}"
    return fault("missing-word", message, word.span, help=advice)


def _answers(cursor: Cursor) -> tuple[tuple[Answer, ...], tuple[Fraction, ...]]:
    """["=>" answers]; answers that cannot be read are reported, and the layer stands without them."""
    if not cursor.took("=>"):
        return (), ()
    try:
        return answers_and_worth(cursor)
    except Unreadable as problem:
        cursor.faults.append(problem.diagnostic)
        return (), ()


def _call_part(cursor: Cursor, arguments: list[Argument], sources: list[Token], times: list[Token]) -> None:
    """ "from" label | "times" count | option | matrix | word."""
    lexeme = cursor.peek()
    assert lexeme is not None
    keyword = lexeme.text.lower() if lexeme.kind == "word" else ""
    if keyword == "from":
        _take_keyword(cursor, bool(sources))
        sources.append(
            cursor.word("missing-name", "the label of a line", help="write `from a`, where a line starts with `a:`")
        )
    elif keyword == "times":
        _take_keyword(cursor, bool(times))
        times.append(count_token(cursor, "a number of times"))
    else:
        arguments.append(argument(cursor))


def _take_keyword(cursor: Cursor, seen: bool) -> None:
    lexeme = cursor.take()
    if seen:
        raise fault(
            "said-twice", f"`{lexeme.raw}` is written twice on this line", lexeme.span, help="keep one of the two"
        )
    cursor.took("=")


def count_token(cursor: Cursor, what: str) -> Token:
    """A whole number, `$name` or a sum of them."""
    found = cursor.word("missing-count", what, help="write a whole number, such as 3")
    if found.text[:-1].isdecimal() and found.text.endswith(":"):
        number = found.text[:-1]
        fixes = (Fix(found.span, number),)
        raise fault(
            "missing-count", "no colon is written after a number", found.span, help=f"write `{number}`", fixes=fixes
        )
    if not _COUNT.fullmatch(found.text):
        raise fault(
            "missing-count",
            f"{what} is expected here, not `{found.text[:40]}`",
            found.span,
            help="write a whole number, such as 3",
        )
    return found


def argument(cursor: Cursor) -> Argument:
    """argument = matrix | name "=" value | word | quoted text."""
    if cursor.sees_matrix():
        return cursor.matrix()
    lexeme = cursor.take()
    if lexeme.kind == "=":
        raise fault(
            "stray-equals", "`=` has no name before it", lexeme.span, help="write an option as name=value: `stride=2`"
        )
    refuse_comma(token(lexeme), cursor)
    if lexeme.kind == "word" and cursor.sees("=") and cursor.sees("=", ahead=1):
        raise fault(
            "stray-equals",
            "`==` compares nothing here",
            cursor.take().span,
            help="an answer is written after `=>`",
            fixes=(Fix(lexeme.span.to(cursor.lexemes[cursor.index].span), f"{lexeme.raw} =>"),),
        )
    if lexeme.kind == "word" and cursor.sees("="):
        cursor.take()
        return Option(token(lexeme), cursor.value(token(lexeme)))
    return token(lexeme)


def refuse_comma(word: Token, cursor: Cursor) -> None:
    """Refuse a comma or semicolon at the end of the word that was just read, and all commas after it at once."""
    if not word.text.endswith((",", ";")) or word.quoted:
        return
    place = Span(word.span.line, word.span.column + word.span.length - 1)
    sign, advice = ("commas", "take the comma out") if word.text.endswith(",") else _SEMICOLON
    fixes: tuple[Fix, ...] = (Fix(place, ""),)
    line = [*takewhile(lambda one: one.kind != "=>", cursor.lexemes)]
    if sign == "commas" and sum(_has_comma(one) for one in line) > 1 and line[0].span.line == line[-1].span.line:
        plain = [one._replace(raw=one.raw.rstrip(",")) if _has_comma(one) else one for one in line]
        text = written([one for one in plain if one.raw])
        advice, fixes = f"take the commas out: `{text}`", (Fix(line[0].span.to(line[-1].span), text),)
    raise fault("stray-comma", f"words are separated by spaces, not by {sign}", place, help=advice, fixes=fixes)


def _has_comma(lexeme: Lexeme) -> bool:
    return lexeme.kind == "word" and lexeme.raw.endswith(",")


def written(lexemes: Sequence[Lexeme]) -> str:
    """The words as they stand in the text, with single spaces and none around `=`.

    An option's value may be a matrix: `bias=[0 1]`.
    """
    text = " ".join("\0" if lexeme.kind == "=" else " ".join(lexeme.raw.split()) for lexeme in lexemes)
    return text.replace(" \0 ", "=").replace("\0", "=")


def block_head(cursor: Cursor) -> tuple[Token, tuple[Parameter, ...]]:
    """block = "block" name {parameter | parameter "=" value}."""
    _refuse_brackets(cursor.peek())
    name = name_token(cursor, "a name for the block")
    if name.text.lower() in STRUCTURAL:
        raise fault("reserved-name", f"`{name.text}` is a word of the notation and cannot name a block", name.span)
    parameters: list[Parameter] = []
    while not cursor.at_end:
        parameter = name_token(cursor, "the name of a parameter")
        if parameter.text == "in":
            raise fault(
                "reserved-name",
                "`$in` is the number of channels that arrive; a parameter needs another name",
                parameter.span,
            )
        if any(other.name.text == parameter.text for other in parameters):
            raise fault(
                "said-twice",
                f"the parameter `{parameter.text}` is named twice",
                parameter.span,
                help="rename one of them",
            )
        default = cursor.value(parameter) if cursor.took("=") else None
        parameters.append(Parameter(parameter, default))
    return name, tuple(parameters)


def block_name(cursor: Cursor) -> Token | None:
    """The name that a block was probably given, whatever else is wrong with its first line: lines may call it."""
    lexeme = cursor.peek()
    name = lexeme.text.partition("(")[0] if lexeme is not None and lexeme.kind == "word" else ""
    return Token(name, lexeme.span) if lexeme is not None and is_name(name) else None


def _refuse_brackets(name: Lexeme | None) -> None:
    """`block b(w, k=3)`: parameters in brackets, as programs write them."""
    block, bracket, parameters = name.raw.partition("(") if name is not None and name.kind == "word" else ("", "", "")
    if name is not None and bracket and is_name(block):
        plain = " ".join([block, *parameters.rstrip(")").replace(",", " ").split()])
        message = "the parameters of a block are written after its name, without brackets and commas"
        raise fault("bad-name", message, name.span, help=f"write `block {plain}`")


def repeat_head(cursor: Cursor) -> tuple[Token, Token | None]:
    """repeat = "repeat" count [name]."""
    count = count_token(cursor, "a number of times")
    variable = None if cursor.at_end else name_token(cursor, "a name to count with")
    end_of_line(cursor)
    return count, variable


def condition(cursor: Cursor, written_line: str) -> Token:
    """condition = the rest of the line, as it is written."""
    if cursor.at_end:
        raise cursor.expected("missing-condition", "a condition", help="write it like `if $stride == 1`")
    return rest_of_line(cursor, written_line)


def rest_of_line(cursor: Cursor, written_line: str) -> Token:
    """All that is left of the line, comment excluded, as one token."""
    first, last = cursor.lexemes[cursor.index], cursor.lexemes[-1]
    if first.span.line != last.span.line:
        raise unexpected(last)
    cursor.index = len(cursor.lexemes)
    start, end = first.span.column - 1, last.span.column - 1 + last.span.length
    return Token(written_line[start:end], Span(first.span.line, start + 1, end - start))


def end_of_line(cursor: Cursor) -> None:
    """Refuse whatever follows."""
    lexeme = cursor.peek()
    if lexeme is not None:
        raise unexpected(lexeme)


def unexpected(lexeme: Lexeme) -> Unreadable:
    """The fault of a word, or of answers, where the line should have ended."""
    if lexeme.kind == "=>":
        return fault("answer-not-here", "this line has no result that could be asked for", lexeme.span)
    return fault(
        "unexpected-word",
        f"`{shown(lexeme)}` is not expected here",
        lexeme.span,
        help="put it on a line of its own",
        fixes=(Fix(lexeme.span, f"\n{lexeme.raw}"),),
    )


def join(cursor: Cursor, label: Token | None) -> Call:
    """join = "join" word {post word} ["=>" answers]."""
    word = cursor.word("unknown-join", "`add`, `concat` or `mul`", help="write join add, join concat or join mul")
    made = call(cursor, word, label)
    extra = made.sources[0] if made.sources else made.times
    if extra is not None:
        raise fault("unexpected-word", "a join takes what comes out of its branches, nothing else", extra.span)
    return made
