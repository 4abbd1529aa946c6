"""What a kind of answer is: how a claim of it is read, written, judged and explained, whatever it is about.

`Quantity` is one entry of the registry.  Everything it needs comes in: the words of a line as a `Words`, what layers
declare as a `Declared`, one place of a net as an `At`.  No layer, no text and no net is known here, and no size and no
count is computed: an entry chooses among what was declared.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from cnncalc.asked.comparing import Verdict
from cnncalc.geometry import Order, Shape
from cnncalc.matrices import Matrix, Volume
from cnncalc.quantities import exact, grouped, number

if TYPE_CHECKING:
    from cnncalc.asked.seen import At, Claimed, Words

Given = tuple[int, ...] | Fraction | Matrix | str | None
"""What somebody claims: sizes, a number, a matrix, words such as `yes`; None for `?`."""

Right = Shape | int | Fraction | float | tuple[int, ...] | tuple[Fraction, ...] | Volume | str | None
"""What is true; None where it is not known."""

Form = Literal["number", "sizes", "field", "pads", "matrix", "words"]
"""How the claims of a quantity look."""

Pads = tuple[tuple[int, int], ...]
"""Rows before and after, for each axis."""


class Read(NamedTuple):
    """A claim as it was read.

    `digits` is the power of ten of its last digit, None where nothing can be rounded.  `doubt` is the other reading of
    a number that has two.  `asked` names another quantity, where the claim itself says so (`padding 2 total`).
    """

    given: Given
    approximate: bool = False
    batch_dropped: bool = False
    digits: int | None = None
    doubt: str = ""
    asked: str = ""


class Unknown(NamedTuple):
    """A right value that is not known, and why."""

    reason: str


Counts = dict[str, int]
"""Counts of one line by the name of the quantity, with `total_params` and what is lent (`lent_params`) beside them."""


SEVERAL_OUTPUTS = Unknown("the net has several outputs: ask about one line")


class Quantity(ABC):
    """One kind of answer.

    `also` are other spellings of its name, `headings` those of table columns.  `unit` says what a number of it counts,
    `symbols` is its formula where no layer states one.  `between` parts the sizes of a claim, `between_parts` the names
    of wrong ones.  `adds_up`: a sum over lines can be asked.
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
    form: ClassVar[Form] = "number"

    # ------------------------------------------------------------------ reading and writing a claim
    def begins(self, words: Words) -> bool:
        """Whether a claim of this quantity stands next though it is not named, as `75%` or `[1 2; 3 4]`."""
        return False

    @abstractmethod
    def parse(self, words: Words) -> Read:
        """The claim that stands next; raises what `words` makes for one that cannot be read."""

    def phrase(self, text: str) -> Read | None:
        """A claim made in words, where the quantity has such; None for a text that is none of them."""
        return None

    def spelled(self, given: Given) -> str:
        """The claim in one spelling: `28x28x6`, `1234`, `[1 2; 3 4]`, `?`."""
        if given is None:
            return "?"
        if isinstance(given, Matrix):
            return matrix_text(given)
        if isinstance(given, Fraction):
            return exact(given)
        return given if isinstance(given, str) else self.between.join(map(str, given))

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
        if isinstance(right, int | float | Fraction):
            return Fraction(right)
        return right if isinstance(right, tuple | str) else None  # type: ignore[return-value]  # sizes are whole

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
    short = text[-1:].isalpha() or text[-1:] == "%" or "e" in text.lower()
    return text if short and (number(text) == answer.given or text.endswith("%")) else ""


def matrix_text(matrix: Matrix) -> str:
    """`[1 2; 3 4]`, one bracket for each plane; `?` for a cell that is left open."""
    planes = [
        [
            ["?" if (p, r, c) in matrix.blank else exact(value) for c, value in enumerate(row)]
            for r, row in enumerate(plane)
        ]
        for p, plane in enumerate(matrix.planes)
    ]
    return " ".join(f"[{'; '.join(map(' '.join, plane))}]" for plane in planes)
