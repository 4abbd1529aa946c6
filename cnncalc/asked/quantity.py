"""What a kind of answer is: how a claim of it is read, written, judged and explained, whatever it is about.

`Quantity` is one entry of the registry.  Everything it needs comes in: the words of a line as a `Words`, what layers
declare as a `Declared`, one place of a net as an `At`.  No layer, no text and no net is known here, and no size and no
count is computed: an entry chooses among what was declared.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from cnncalc.asked.comparing import Verdict
from cnncalc.diagnostics import Span
from cnncalc.geometry import Order, Shape
from cnncalc.matrices import Matrix, Volume
from cnncalc.quantities import exact, grouped, number

Given = tuple[int, ...] | Fraction | Matrix | None
"""What somebody claims; None for `?`."""

Right = Shape | int | tuple[int, ...] | Volume | None
"""What is true; None where it is not known."""

Pads = tuple[tuple[int, int], ...]
"""Rows before and after, for each axis."""


class Read(NamedTuple):
    """A claim as it was read."""

    given: Given
    approximate: bool = False
    batch_dropped: bool = False


class Unknown(NamedTuple):
    """A right value that is not known, and why."""

    reason: str


class Claimed(Protocol):
    """An answer as the language keeps it."""

    @property
    def asked(self) -> str: ...
    @property
    def given(self) -> Given: ...
    @property
    def text(self) -> str: ...
    @property
    def approximate(self) -> bool: ...
    @property
    def scope(self) -> Literal["each", "all"] | None: ...
    @property
    def batch_dropped(self) -> bool: ...


class Word(Protocol):
    """One word of a line; `kind` is "word" or "matrix" where a claim stands."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def raw(self) -> str: ...
    @property
    def span(self) -> Span: ...


class Words(Protocol):
    """The words of a line from a place on; `expected` and `refused` make the exception to raise."""

    index: int

    def peek(self, ahead: int = 0) -> Any: ...
    def take(self) -> Any: ...
    def took(self, kind: str, text: str | None = None) -> bool: ...
    def sees_matrix(self) -> bool: ...
    def matrix(self) -> Any: ...
    def pieces(self, word: Any) -> list[str]: ...
    def shown(self, word: Any) -> str: ...
    def begins_another(self, word: Any) -> bool: ...
    def expected(self, code: str, what: str, *, help: str = "") -> Exception: ...
    def refused(self, code: str, message: str, span: Span, *, help: str = "") -> Exception: ...


class Numbers(Protocol):
    """One array that a layer owns."""

    @property
    def name(self) -> str: ...
    @property
    def trainable(self) -> bool: ...
    @property
    def count(self) -> int: ...
    @property
    def axes(self) -> tuple[tuple[str, int], ...]: ...


class Work(Protocol):
    """What a layer computes for one image."""

    @property
    def macs(self) -> int: ...
    @property
    def flops(self) -> int: ...


class Declared(Protocol):
    """What one layer declares of itself, for one image."""

    @property
    def weights(self) -> Sequence[Numbers]: ...
    @property
    def cost(self) -> Work: ...
    @property
    def connections(self) -> int: ...


class Field(Protocol):
    """A receptive field of the first input."""

    @property
    def size(self) -> tuple[int, ...]: ...
    @property
    def at_most(self) -> bool: ...
    @property
    def local(self) -> bool: ...
    @property
    def whole(self) -> bool: ...


Counts = dict[str, int]
"""Counts of one line by the name of the quantity, with `total_params` and what is lent (`lent_params`) beside them."""


class At(Protocol):
    """One place of a net, as somebody is asked about it.

    `copies` are the counts of each copy of a repeated line; `output` is None where a net has several.  `pinned` says
    whose parameters a file counts, `picture` are the sizes of the first input.
    """

    @property
    def copies(self) -> Sequence[Counts]: ...
    @property
    def size(self) -> int: ...
    @property
    def output(self) -> Shape | None: ...
    @property
    def field(self) -> Field | None: ...
    @property
    def order(self) -> Order: ...
    @property
    def pinned(self) -> str | None: ...
    @property
    def tolerance(self) -> Fraction | None: ...
    @property
    def picture(self) -> tuple[int, ...]: ...
    def pads(self) -> Pads | None: ...
    def values(self) -> Volume | Unknown: ...


SEVERAL_OUTPUTS = Unknown("the net has several outputs: ask about one line")


class Quantity(ABC):
    """One kind of answer.

    `also` are other spellings of its name, `headings` those of table columns.  `unit` says what a number of it counts,
    `symbols` is its formula where no layer states one.  `between` parts the sizes of a claim, `between_parts` the names
    of wrong ones.  `adds_up`: a `times N` line must say each or all.
    """

    name: ClassVar[str]
    also: ClassVar[tuple[str, ...]] = ()
    headings: ClassVar[tuple[str, ...]] = ()
    unit: ClassVar[str] = ""
    help: ClassVar[str]
    symbols: ClassVar[str] = ""
    symbol_name: ClassVar[str] = ""
    confused_with: ClassVar[tuple[str, ...]] = ()
    between: ClassVar[str] = "x"
    between_parts: ClassVar[str] = ", "
    adds_up: ClassVar[bool] = False
    is_matrix: ClassVar[bool] = False

    # ------------------------------------------------------------------ reading and writing a claim
    @abstractmethod
    def parse(self, words: Words) -> Read:
        """The claim that stands next; raises what `words` makes for one that cannot be read."""

    def spelled(self, given: Given) -> str:
        """The claim in one spelling: `28x28x6`, `1234`, `[1 2; 3 4]`, `?`."""
        if given is None:
            return "?"
        if isinstance(given, Matrix):
            return " ".join(f"[{'; '.join(' '.join(map(exact, row)) for row in plane)}]" for plane in given.planes)
        return exact(given) if isinstance(given, Fraction) else self.between.join(map(str, given))

    def stated(self, answer: Claimed) -> str:
        """The whole claim in one spelling, with `~` before it and each or all behind it."""
        return around(answer, self.spelled(answer.given))

    def written(self, answer: Claimed) -> str:
        """The whole claim as `fmt` writes it: `138M` and `1.2e6` stay as they were written."""
        kept = _number_as_written(answer) if isinstance(answer.given, Fraction) else ""
        return around(answer, kept or self.spelled(answer.given))

    def claim(self, right: Right) -> Given:
        """The right value as somebody would claim it."""
        if isinstance(right, Shape):
            return right.sizes()
        return Fraction(right) if isinstance(right, int) else right if isinstance(right, tuple) else None

    def shown(self, right: Right, order: Order) -> str:
        """The right value as it is shown to whoever may see it: `28x28x6`, `7,600`."""
        if isinstance(right, Shape):
            return right.text(order)
        if right is None:
            return ""
        return grouped(right) if isinstance(right, int) else self.spelled(self.claim(right))

    def answered(self, right: Right) -> str:
        """The right value as an answer of a text: `28x28x6`, `156`, `[1 2; 3 4]`."""
        return self.spelled(self.claim(right))

    def masked(self) -> str:
        """What is said in place of a value that is not to be shown."""
        return f"the {self.help}"

    def question(self, line: str) -> str:
        """What somebody is asked about a line, in words."""
        return f"What is the {self.help} of {line}?"

    # ------------------------------------------------------------------ judging
    @abstractmethod
    def measure(self, at: At) -> Right | Unknown:
        """The right value of a place."""

    @abstractmethod
    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        """Whether the claim agrees with the right value."""

    def verdict(self, answer: Claimed, at: At) -> tuple[Verdict, Right]:
        """Whether the claim is right, and the right value."""
        right = self.measure(at)
        if isinstance(right, Unknown):
            return Verdict(None, right.reason), None
        return (Verdict(None) if answer.given is None else self.compare(answer, right, at)), right

    def parts(self, right: Right) -> tuple[str, ...]:
        """The names of the parts of a right value, each right or wrong by itself; a number is one."""
        return (self.unit or self.help,)


def around(answer: Claimed, text: str) -> str:
    """A claim's value with what is said around it."""
    return f"{'~' if answer.approximate else ''}{text}{f' {answer.scope}' if answer.scope else ''}"


def _number_as_written(answer: Claimed) -> str:
    """The number when it was written with a unit or an exponent, as one word; else nothing."""
    words = [word.strip("~≈,") for word in answer.text.replace("=", " ").split()[1:]]
    text = "".join(word for word in words if word not in ("each", "all"))
    short = text[-1:].isalpha() or "e" in text.lower()
    return text if short and number(text) == answer.given else ""
