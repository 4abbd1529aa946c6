"""Answers that are one whole number: what the layers of a line own, compute and hand on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from cnncalc.asked.comparing import ONCE_ROUNDED, Verdict, compared_number
from cnncalc.asked.quantity import Counts, Quantity, Read, Right, Unknown
from cnncalc.quantities import MOST_DIGITS, grouped

if TYPE_CHECKING:
    from cnncalc.asked.seen import At, Claimed, Declared, Numbers, Words

_UNITS = frozenset(("k", "m", "g", "b", "t", "%", "percent", "prozent"))
_COUNTED_ELSEWHERE = "its weights are shared: the line that they belong to counts them"
_COUNTED_HERE_TOO = "the weights that it computes with; they are shared, so the total counts them once, at their owner"

TOTAL_PARAMS = "total_params"
"""Keras' count of parameters, with those that are not trained, beside `params` among the counts of a line."""


def number_claim(words: Words, asked: str, *, whole: bool = False) -> Read:
    """number = "?" | ["~"] digits [unit | "%"]; `whole`: a count, which has no decimals."""
    approximate = words.took("word", "~") or words.took("word", "≈")
    word = words.peek()
    if word is None or word.kind != "word":
        raise missing(words, asked)
    text = word.text.rstrip(",")
    if text[:1] in ("~", "≈"):
        approximate, text = True, text[1:]
    if text == "?":
        words.take()
        return Read(None)
    following = words.peek(1)
    if following is not None and following.kind == "word" and following.text.rstrip(",").lower() in _UNITS:
        read = _number_read(text + following.text.rstrip(","), whole)
        words.index += read is not None
    else:
        read = _number_read(text, whole)
    if read is None and words.begins_another(word):
        raise missing(words, asked)
    if read is None:
        raise words.refused(
            "bad-number",
            f"`{words.shown(word)}` is not a number",
            word.span,
            help="write 7600, 7,600, 138M, ~500K or 1.2e6",
        )
    words.take()
    return read._replace(approximate=approximate)


def _number_read(text: str, whole: bool) -> Read | None:
    if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS:
        return Read(Fraction(int(text)), digits=0)
    from cnncalc.written_numbers import readings  # noqa: PLC0415 - most answers of a text are plain digits

    found = readings(text, whole=whole)
    if found is None:
        return None
    has_unit = any(map(str.isalpha, text))  # 2.570e3 and 1.168M have decimals
    return Read(found.value, digits=found.digits, doubt="" if has_unit else found.doubt)


def missing(words: Words, asked: str) -> Exception:
    """The fault that no value follows a name."""
    return words.expected("missing-value", f"a value for `{asked}`, or `?`,")


def _rounds_to(answer: Claimed, right: int) -> bool:
    """Whether the right number gives the claim when it is rounded at the claim's last digit (`120M`)."""
    if not isinstance(answer.given, Fraction) or not answer.digits or answer.digits < 0:
        return False
    return answer.given > 0 and abs(answer.given - right) * 2 <= 10**answer.digits


class WholeNumber(Quantity):
    """A count of any kind."""

    def parse(self, words: Words) -> Read:
        """number = "?" | ["~"] digits [unit]."""
        return number_claim(words, self.name, whole=True)

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        """Exactly, or as roughly as the claim says or the reader allows."""
        if not isinstance(answer.given, Fraction) or not isinstance(right, int):
            return Verdict(None)
        verdict = compared_number(answer.given, right, answer.approximate, at.tolerance)
        if verdict.ok or not _rounds_to(answer, right):
            return verdict
        if at.rounds:
            return Verdict(True, f"rounded to the nearest {grouped(10 ** (answer.digits or 0))}")
        return verdict._replace(remark=ONCE_ROUNDED, is_rounded=True)


class Size(WholeNumber):
    """How many numbers a line hands on."""

    name = "size"
    also = ("activation_size", "activations")
    headings = ("activation size", "# activations", "size")
    help = "number of values that come out"
    symbols = "every size multiplied"
    confused_with = ("params",)
    adds_up = True

    def measure(self, at: At) -> int:
        return at.size


class Count(WholeNumber):
    """A count that each layer declares; a line with several layers, and the whole net, have their sum.

    `is_lent`: what a line owns; a line that uses the weights of another owns none of it.
    `works_per_output`: it grows with the number of outputs, where every output takes the same work.
    """

    adds_up = True
    is_lent: ClassVar[bool] = False
    works_per_output: ClassVar[bool] = False

    @abstractmethod
    def declared(self, layer: Declared) -> int:
        """The count of one layer, for one image."""

    @property
    def lent(self) -> str:
        """The name, among the counts of a line, of what it computes with and another line counts."""
        return f"lent_{self.name}"

    def known_as(self) -> Iterator[str]:
        """The names among the counts of a line by which two lines are told apart."""
        yield self.name
        if self.is_lent:
            yield self.lent

    def measure(self, at: At) -> int | Unknown:
        return added(at.copies)[self.name]

    def verdict(self, answer: Claimed, at: At) -> tuple[Verdict, Right]:
        """A line with `times N` stands for N layers: its counts are of each or of all of them."""
        copies = at.copies
        alike = all(self._same(copy, copies[0]) for copy in copies)
        if answer.scope == "each" and not alike:
            return Verdict(None, f"the {len(copies)} copies of this line differ: answer for `all` of them"), None
        counts = copies[0] if answer.scope == "each" else added(copies)
        if answer.scope is None and not (alike and self._same(counts, copies[0])):
            reason = f"this line is {len(copies)} layers: write `{self.name} N each` or `{self.name} N all`"
            return Verdict(None, reason), None
        verdict, right = self.verdict_on(answer, counts, at)
        return self._with_lent(answer, counts, verdict, at), right

    def verdict_on(self, answer: Claimed, counts: Counts, at: At) -> tuple[Verdict, Right]:
        """Whether the claim agrees with these counts."""
        right = counts[self.name]
        return self.compare(answer, right, at), right

    def _same(self, one: Counts, other: Counts) -> bool:
        return all(one[name] == other[name] for name in self.known_as())

    def lends(self, counts: Counts) -> bool:
        """Whether the line computes with weights that another line counts."""
        return self.is_lent and bool(counts[self.lent])

    def _with_lent(self, answer: Claimed, counts: Counts, verdict: Verdict, at: At) -> Verdict:
        """A line that uses another's weights may be answered by none, or by as many as it computes with."""
        if not self.lends(counts) or verdict.ok is None:
            return verdict
        if verdict.ok:
            return verdict if verdict.remark else Verdict(True, _COUNTED_ELSEWHERE)
        as_if_own = {own: counts[own] + counts[f"lent_{own}"] for own in counts if f"lent_{own}" in counts}
        found, _ = self.verdict_on(answer, {**counts, **as_if_own}, at)
        return Verdict(True, _COUNTED_HERE_TOO) if found.ok else verdict


class Params(Count):
    """Learned parameters, or Keras' total: either is right unless the file pins one."""

    name = "params"
    also = ("param", "parameters", "parameter")
    headings = ("param #", "# parameters", "# params", "#params", "#param", "number of parameters", "params #")
    help = "number of parameters"
    unit = "parameters"
    confused_with = ("weights", "size")
    is_lent = True

    def question(self, line: str) -> str:
        return f"How many parameters does {line} have?"

    def declared(self, layer: Declared) -> int:
        return sum(one.count for one in layer.weights if one.trainable)

    def known_as(self) -> Iterator[str]:
        yield from super().known_as()
        yield from (TOTAL_PARAMS, f"lent_{TOTAL_PARAMS}")

    def lends(self, counts: Counts) -> bool:
        return super().lends(counts) or bool(counts[f"lent_{TOTAL_PARAMS}"])

    def counted_as(self, pinned: str | None) -> str:
        """The name of the count that a file asks for."""
        return TOTAL_PARAMS if pinned == "keras" else self.name

    def verdict_on(self, answer: Claimed, counts: Counts, at: At) -> tuple[Verdict, Right]:
        learned, total, pinned = counts[self.name], counts[TOTAL_PARAMS], at.pinned
        first = counts[self.counted_as(pinned)]
        verdict = self.compare(answer, first, at)
        if learned == total or verdict.ok is None or pinned is not None:
            return verdict, first
        if verdict.ok:
            return Verdict(True, "the learned parameters, as PyTorch counts them"), first
        if self.compare(answer, total, at).ok:
            return Verdict(True, "Keras' total, with the parameters that are not trained"), first
        return verdict, first


class Trainable(Count):
    """What training changes, whatever a file counts as parameters: none of a frozen layer's."""

    name = "trainable"
    also = ("trainable_params", "trainable_parameters", "learnable", "learned")
    headings = ("trainable params", "trainable parameters", "learnable parameters", "trainable params #")
    help = "number of trainable parameters"
    unit = "parameters"
    symbols = "every weight and bias that training changes"
    confused_with = ("params", "buffers")
    is_lent = True

    def declared(self, layer: Declared) -> int:
        return sum(one.count for one in layer.weights if one.trainable) - layer.frozen


class Biases(Count):
    """The learned numbers that are added at the end."""

    name = "biases"
    also = ("bias",)
    headings = ("biases", "number of biases", "# biases")
    help = "number of biases"
    unit = "biases"
    symbols = "one for each filter or unit"
    confused_with = ("params", "weights")
    is_lent = True

    def declared(self, layer: Declared) -> int:
        return sum(one.count for one in layer.weights if one.trainable and is_bias(one))


class Buffers(Count):
    """Numbers that are stored and not learned."""

    name = "buffers"
    also = ("buffer",)
    help = "number of values that are stored but not learned"
    symbols = "what is stored but not learned"
    confused_with = ("params",)
    is_lent = True

    def declared(self, layer: Declared) -> int:
        return sum(one.count for one in layer.weights if not one.trainable)


class Weights(Count):
    """Learned parameters without the biases."""

    name = "weights"
    also = ("weight",)
    help = "number of weights without the biases"
    unit = "weights"
    symbols = "params without the biases"
    confused_with = ("params", "connections")
    is_lent = True

    def declared(self, layer: Declared) -> int:
        return sum(one.count for one in layer.weights if one.trainable and not is_bias(one))


class Macs(Count):
    """Multiply-accumulates for one image."""

    name = "macs"
    also = ("mac",)
    headings = ("mult-adds", "multiply-adds", "mult adds", "multiply-accumulates")
    help = "number of multiply-accumulates"
    unit = "multiply-accumulates"
    symbol_name = "MACs"
    works_per_output = True
    confused_with = ("flops", "params")

    def question(self, line: str) -> str:
        return f"How many multiply-accumulates does {line} take for one image?"

    def declared(self, layer: Declared) -> int:
        return layer.cost.macs


class Flops(Count):
    """Floating-point operations for one image: two for each multiply-accumulate, and all others."""

    name = "flops"
    also = ("flop",)
    help = "number of floating-point operations"
    unit = "operations"
    symbols = "2 * MACs + every other operation"
    symbol_name = "FLOPs"
    confused_with = ("macs",)

    def declared(self, layer: Declared) -> int:
        return layer.cost.flops


class Connections(Count):
    """Every weight and bias, as often as it is used."""

    name = "connections"
    also = ("connection",)
    help = "number of connections"
    symbols = "every weight and bias, as often as it is used"
    works_per_output = True
    confused_with = ("params", "macs")

    def declared(self, layer: Declared) -> int:
        return layer.connections


def is_bias(weight: Numbers) -> bool:
    """Whether the array is added at the end."""
    return weight.name.rpartition(".")[2].endswith("bias")


def added(counted: Sequence[Counts]) -> Counts:
    """The counts of several layers together."""
    return {name: sum(counts[name] for counts in counted) for name in counted[0]}
