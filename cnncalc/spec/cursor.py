"""A place in the words of one line: look, take, or say in words what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cnncalc.asked import named_in
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.quantities import number
from cnncalc.spec.document import MatrixLiteral, Token, Value
from cnncalc.spec.lexing import Lexeme
from cnncalc.spec.literals import Atom, is_shape, matrix_of
from cnncalc.spec.unreadable_line import Unreadable, fault


def token(lexeme: Lexeme) -> Token:
    """The lexeme as the document keeps it."""
    return Token(lexeme.text, lexeme.span, lexeme.kind == "text")


class Cursor:
    """Walks over the lexemes of one line; `faults` takes what is wrong without making the line unreadable."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self.lexemes = lexemes
        self.index = 0
        self.faults: list[Diagnostic] = []

    @property
    def at_end(self) -> bool:
        return self.index >= len(self.lexemes)

    def peek(self, ahead: int = 0) -> Lexeme | None:
        """The lexeme that comes next (or later), if there is one."""
        index = self.index + ahead
        return self.lexemes[index] if index < len(self.lexemes) else None

    def sees(self, kind: str, text: str | None = None, ahead: int = 0) -> bool:
        """Whether the next lexeme is of this kind and, if given, says this text (in any case)."""
        lexeme = self.peek(ahead)
        return lexeme is not None and lexeme.kind == kind and (text is None or lexeme.text.lower() == text)

    def take(self) -> Lexeme:
        """The next lexeme, which must be there."""
        self.index += 1
        return self.lexemes[self.index - 1]

    def took(self, kind: str, text: str | None = None) -> bool:
        """Take the next lexeme if it is the one meant."""
        found = self.sees(kind, text)
        self.index += found
        return found

    def last_span(self) -> Span:
        """Where the last lexeme taken stands (or the first one, before any is taken)."""
        return self.lexemes[max(0, self.index - 1)].span

    def expected(self, code: str, what: str, *, help: str = "") -> Unreadable:
        """The fault that `what` should stand here; it points at what stands here instead, or at the word before."""
        found = self.peek()
        if found is None:
            last = self.lexemes[max(0, self.index - 1)]
            return fault(code, f"{what} is expected after `{shown(last)}`", last.span, help=help)
        return fault(code, f"{what} is expected here, not `{shown(found)}`", found.span, help=help)

    def refused(self, code: str, message: str, span: Span, *, help: str = "") -> Unreadable:
        """The fault that a claim which stands here is none."""
        return fault(code, message, span, help=help)

    def shown(self, lexeme: Lexeme) -> str:
        """The lexeme as a message quotes it."""
        return shown(lexeme)

    def begins_another(self, lexeme: Lexeme) -> bool:
        """Whether the lexeme begins another answer or ends this one."""
        return named_in(lexeme.text.rstrip(",")) is not None or lexeme.text in ("worth", "each", "all")

    def is_shape(self, lexeme: Lexeme) -> bool:
        """Whether what stands in brackets may be a shape; several brackets in a row are none."""
        return lexeme.bracket is not None and is_shape(lexeme.bracket) and not self.sees("matrix", ahead=1)

    def pieces(self, lexeme: Lexeme) -> list[str]:
        """What stands in a bracket, each piece as it was written; an inner bracket is no number."""
        rows = lexeme.bracket.rows if lexeme.bracket else ()
        return [piece.text if isinstance(piece, Atom) else "[" for row in rows for piece in row]

    def word(self, code: str, what: str, *, help: str = "") -> Token:
        """A bare word."""
        if not self.sees("word"):
            raise self.expected(code, what, help=help)
        return token(self.take())

    def sees_matrix(self) -> bool:
        """Whether a matrix comes next, with a scale before it or not."""
        if self.sees("matrix"):
            return True
        scale = self.peek()
        if scale is None or scale.kind != "word" or not (scale.text[0].isdigit() or scale.text[0] in "-+."):
            return False
        if scale.text.endswith("*"):
            return self.sees("matrix", ahead=1)
        return self.sees("word", "*", ahead=1) and self.sees("matrix", ahead=2)

    def matrix(self, *, open_cells: bool = False) -> MatrixLiteral:
        """matrix = [number "*"] "[" ... "]" {"[" ... "]"}; several in a row are channels.

        `open_cells`: a `?` may stand for a number, which an answer leaves open.
        """
        first = self.peek()
        assert first is not None
        scale = Fraction(1) if first.kind == "matrix" else self._scale()
        brackets = []
        while self.sees("matrix"):
            lexeme = self.take()
            assert lexeme.bracket is not None
            brackets.append(lexeme.bracket)
        return MatrixLiteral(matrix_of(brackets, scale, open_cells=open_cells), first.span.to(self.last_span()))

    def _scale(self) -> Fraction:
        lexeme = self.take()
        if not lexeme.text.endswith("*"):
            self.take()
        value = number(lexeme.text.rstrip("*"))
        if value is None:
            raise fault(
                "bad-number",
                f"`{lexeme.text}` is not a number",
                lexeme.span,
                help="scale a matrix as in 1/9 * [1 1; 1 1]",
            )
        return value

    def value(self, name: Token) -> Value:
        """value = matrix | word | quoted text; what stands after `name =`.  Quotes around a word say nothing more."""
        if self.sees_matrix():
            return self.matrix()
        if self.sees("word") or self.sees("text"):
            found = token(self.take())
            if found.text.startswith(">") and not found.quoted:
                advice = "an answer is written after `=>`, without a space in it"
                raise fault("option-without-value", f"`{name.text} =` has no value", name.span, help=advice)
            return Token(found.text, found.span) if found.text.isidentifier() else found
        raise self.expected(
            "option-without-value", f"a value for `{name.text}`", help=f"write {name.text}=... without spaces"
        )


def shown(lexeme: Lexeme) -> str:
    """The lexeme as a message quotes it, cut when it is long."""
    return lexeme.raw if len(lexeme.raw) <= 40 else lexeme.raw[:37] + "..."
