"""Lines that stand in a text again: what was read of the first is moved to the others, in a third of the time."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.diagnostics import Span
from cnncalc.spec.document import Argument, Call, MatrixLiteral, Option, Statement, Token


class SameLines:
    """The calls of one text by the whole line that they are written on."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}

    def __contains__(self, line: object) -> bool:
        return line in self._calls

    def keep(self, line: str, read: Sequence[Statement], number: int) -> None:
        """Keep what was read of a line, where it is a call and says nothing else; a label stands on one line only."""
        for call in read:
            if isinstance(call, Call) and call.span.line == number and _is_plain(call):
                self._calls[line] = call

    def again(self, line: str, number: int) -> Call:
        """The call as it is read where the line stands again."""
        call = self._calls[line]
        return call._replace(
            word=_moved(call.word, number),
            arguments=tuple(_argument(one, number) for one in call.arguments),
            span=Span(number, call.span.column, call.span.length),
            sources=tuple(_moved(one, number) for one in call.sources),
            times=None if call.times is None else _moved(call.times, number),
        )


def _is_plain(call: Call) -> bool:
    values = [one.value if isinstance(one, Option) else one for one in call.arguments]
    if any(isinstance(one, MatrixLiteral) for one in values):
        return False
    return not (call.label or call.pasted or call.answers or call.worth or call.expects)


def _argument(one: Argument, number: int) -> Argument:
    if isinstance(one, Option):
        assert isinstance(one.value, Token)
        return Option(_moved(one.name, number), _moved(one.value, number))
    assert isinstance(one, Token)
    return _moved(one, number)


def _moved(token: Token, number: int) -> Token:
    text, (_, column, length), quoted = token
    return Token(text, Span(number, column, length), quoted)
