"""One line at a time: calls, blocks' first lines, directives, definitions, totals and numbered questions.

Each function reads one kind of line from a `Cursor` that stands after the line's first word; its docstring's first
line is the grammar.  Which layer words exist is not known here: any word that is not a structural one is a call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from cnncalc.diagnostics import Span
from cnncalc.spec.answers import answers_and_worth, named_answer
from cnncalc.spec.cursor import Cursor, shown, token
from cnncalc.spec.document import (
    Answer,
    Argument,
    Asked,
    Call,
    Definition,
    Directive,
    MatrixLiteral,
    Option,
    Parameter,
    Token,
    Total,
)
from cnncalc.spec.faults import Unreadable, fault
from cnncalc.spec.lexing import Lexeme

STRUCTURAL = frozenset(
    (
        *("block", "end", "repeat", "split", "branch", "join"),
        *("title", "order", "count", "epsilon", "output", "homework", "student"),
        *("filter", "data", "total", "answer"),
    )
)
"""Words that are the notation's own; everything else at the start of a line calls a layer or a block."""

JOINS = ("add", "concat", "mul")
_NAME = re.compile(r"[^\W\d][\w-]*")
_CHOICES = {"order": ("channels_last", "channels_first"), "count": ("keras", "torch")}
_WANTED = {"output": "a label", "epsilon": "a number such as 0.001"}
_SEMICOLON = ("semicolons", "take it out; another layer goes on the next line")
_COUNT = re.compile(r"[0-9$(].*")


def name_token(cursor: Cursor, what: str) -> Token:
    """A name that the text gives to something: letters, digits, `_` and `-`, a letter first."""
    found = cursor.word("missing-name", what)
    check_name(found)
    return found


def is_name(text: str) -> bool:
    """Whether a text can name a line, a block or a matrix."""
    return _NAME.fullmatch(text) is not None


def check_name(name: Token) -> None:
    """Refuse what cannot name a line, a block or a matrix."""
    if not is_name(name.text):
        raise fault(
            "bad-name",
            f"`{name.text[:40]}` cannot be a name",
            name.span,
            "letters, digits, _ and -; a letter first",
        )


def call(cursor: Cursor, word: Token, label: Token | None) -> Call:
    """call = word {argument | "from" label | "times" count} ["=>" answers]."""
    _refuse_comma(word)
    if "(" in word.text and not word.quoted:
        raise fault(
            "python-call",
            "a layer is written without brackets and commas",
            word.span,
            help=f"write the name, then its numbers: `{_without_brackets(word.text)}`",
        )
    if cursor.sees("="):
        raise fault(
            "missing-word",
            f"a line starts with a layer word, and `{word.text[:40]}=` is an option",
            word.span,
            help="write the layer first: conv 6 5x5 stride=2",
        )
    start = cursor.index - 1
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
    )


_PYTHON_CALL = re.compile(r"(\w+)\(((?:[^()]|\([\d, ]*\))*)\)")
_TUPLE = re.compile(r"\(([\d, ]*)\)")
_LONGEST_CALL = 80


def _without_brackets(text: str) -> str:
    """A call as Python writes it in our words; only for advice, so a form that is not plain gives an example instead.

    >>> _without_brackets("Conv2D(32, (3, 3), activation='relu')")
    'conv2d 32 3x3 activation=relu'
    """
    call = _PYTHON_CALL.fullmatch(text) if len(text) <= _LONGEST_CALL else None
    if call is None:
        return "conv 32 3x3"
    inside = _TUPLE.sub(lambda sizes: "x".join(sizes[1].replace(",", " ").split()), call[2])
    words = [word for part in inside.split(",") if (word := re.sub("[ '\"]", "", part))]
    is_size = call[1].lower().startswith("input") and all(map(str.isdecimal, words))
    return f"{call[1].lower()} {('x' if is_size else ' ').join(words)}".rstrip()


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
            cursor.word("missing-name", "the label of a line", help="write from NAME, where a line starts with NAME:")
        )
    elif keyword == "times":
        _take_keyword(cursor, bool(times))
        times.append(count_token(cursor, "a number of times"))
    else:
        arguments.append(argument(cursor))


def _take_keyword(cursor: Cursor, seen: bool) -> None:
    lexeme = cursor.take()
    if seen:
        raise fault("said-twice", f"`{lexeme.raw}` stands twice on this line", lexeme.span, help="keep one of the two")
    cursor.took("=")


def count_token(cursor: Cursor, what: str) -> Token:
    """A whole number, `$name` or a sum of them."""
    found = cursor.word("missing-count", what, help="write a whole number, such as 3")
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
            "stray-equals", "`=` has no name before it", lexeme.span, help="write an option as name=value: stride=2"
        )
    _refuse_comma(token(lexeme))
    if lexeme.kind == "word" and cursor.sees("=") and cursor.sees("=", ahead=1):
        raise fault(
            "stray-equals", "`==` compares nothing here", cursor.take().span, help="an answer stands behind `=>`"
        )
    if lexeme.kind == "word" and cursor.sees("="):
        cursor.take()
        return Option(token(lexeme), cursor.value(token(lexeme)))
    return token(lexeme)


def _refuse_comma(word: Token) -> None:
    if word.text.endswith((",", ";")) and not word.quoted:
        place = Span(word.span.line, word.span.column + word.span.length - 1)
        sign, advice = ("commas", "take the comma out") if word.text.endswith(",") else _SEMICOLON
        raise fault("stray-comma", f"words are separated by spaces, not by {sign}", place, help=advice)


def written(lexemes: Sequence[Lexeme]) -> str:
    """The words as they stand in the text, with single spaces and none around `=`.

    An option's value may be a matrix: `bias=[0 1]`.
    """
    text = " ".join("\0" if lexeme.kind == "=" else " ".join(lexeme.raw.split()) for lexeme in lexemes)
    return text.replace(" \0 ", "=").replace("\0", "=")


def block_head(cursor: Cursor) -> tuple[Token, tuple[Parameter, ...]]:
    """block = "block" name {parameter | parameter "=" value}."""
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


def repeat_head(cursor: Cursor) -> tuple[Token, Token | None]:
    """repeat = "repeat" count [name]."""
    count = count_token(cursor, "a number of times")
    variable = None if cursor.at_end else name_token(cursor, "a name to count with")
    end_of_line(cursor)
    return count, variable


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
        "unexpected-word", f"`{shown(lexeme)}` is not expected here", lexeme.span, help="put it on a line of its own"
    )


def join(cursor: Cursor, label: Token | None) -> Call:
    """join = "join" ("add" | "concat" | "mul") {post word} ["=>" answers]."""
    word = cursor.word("unknown-join", "`add`, `concat` or `mul`", help="write join add, join concat or join mul")
    if word.text.lower() not in JOINS:
        raise fault(
            "unknown-join",
            f"`{word.text[:40]}` is no way to join branches",
            word.span,
            help="write join add, join concat or join mul",
        )
    made = call(cursor, word, label)
    extra = made.sources[0] if made.sources else made.times
    if extra is not None:
        raise fault("unexpected-word", "a join takes what its branches hand on, nothing else", extra.span)
    return made


def directive(cursor: Cursor, word: Token) -> Directive:
    """directive = ("title" | "homework") text | ("order" | "count") choice | "epsilon" number
    | ("output" | "student") word {word}.
    """
    keyword = word.text.lower()
    if cursor.at_end:
        wanted = " or ".join(_CHOICES.get(keyword, (_WANTED.get(keyword, "a text"),)))
        raise cursor.expected("bad-directive", wanted)
    if keyword in ("title", "homework"):
        text = _text(cursor)
        return Directive(word, (text,), word.span.to(text.span))
    arguments = []
    for lexeme in cursor.lexemes[cursor.index :]:
        if lexeme.kind not in ("word", "text"):
            raise unexpected(lexeme)
        arguments.append(token(cursor.take()))
    if keyword in _CHOICES:
        _check_choice(keyword, arguments)
    if keyword in (*_CHOICES, "epsilon"):
        _check_alone(arguments)
    return Directive(word, tuple(arguments), word.span.to(arguments[-1].span))


def _text(cursor: Cursor) -> Token:
    """A quoted text, or all words up to the end of the line."""
    first = cursor.take()
    if first.kind == "text":
        end_of_line(cursor)
        return token(first)
    words = [first, *cursor.lexemes[cursor.index :]]
    cursor.index = len(cursor.lexemes)
    return Token(written(words), first.span.to(words[-1].span), quoted=True)


def _check_choice(keyword: str, arguments: list[Token]) -> None:
    choices = _CHOICES[keyword]
    if arguments[0].text.lower() not in choices:
        raise fault(
            "bad-directive",
            f"`{arguments[0].text[:40]}` is unknown here",
            arguments[0].span,
            help=f"write {keyword} {f' or {keyword} '.join(choices)}",
        )


def _check_alone(arguments: list[Token]) -> None:
    if len(arguments) > 1:
        raise fault("unexpected-word", f"`{arguments[1].text[:40]}` is not expected here", arguments[1].span)


def definition(cursor: Cursor, word: Token) -> Definition:
    """definition = ("filter" | "data") name "=" matrix."""
    name = name_token(cursor, "a name")
    cursor.took("=")
    if not cursor.sees_matrix():
        raise cursor.expected("missing-matrix", "a matrix", help=f"write {word.text} {name.text} = [1 2; 3 4]")
    value: MatrixLiteral = cursor.matrix()
    end_of_line(cursor)
    return Definition("filter" if word.text.lower() == "filter" else "data", name, value, word.span.to(value.span))


def total(cursor: Cursor, word: Token) -> Total:
    """total = "total" "=>" quantity value {quantity value}."""
    if not cursor.took("=>"):
        raise cursor.expected("nothing-asked", "`=>` and a count", help="write total => params 61706")
    answers, worth = answers_and_worth(cursor, shape_first=False)
    return Total(answers, word.span.to(cursor.last_span()), worth)


def asked(cursor: Cursor, word: Token) -> Asked:
    """answer = "answer" number ["question"] label "." quantity "=" value ["worth" number]."""
    number = cursor.word("missing-name", "the question's number", help='write answer 2a "the question" conv2.rf = 14')
    question = token(cursor.take()).text if cursor.sees("text") else ""
    place = cursor.word(
        "missing-name", "a line's label and a quantity", help="write the label, a dot and what is asked: conv2.rf"
    )
    label, dot, name = place.text.rpartition(".")
    if not dot or not label:
        raise fault(
            "bad-name",
            f"`{place.text[:40]}` does not say which line is meant",
            place.span,
            help="write label.quantity: conv2.rf",
        )
    answer, worth = named_answer(cursor, cursor.lexemes[cursor.index - 1], name)
    span = word.span.to(cursor.last_span())
    return Asked(
        number, question, Token(label, Span(place.span.line, place.span.column, len(label))), answer, span, worth
    )
