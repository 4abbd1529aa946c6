"""Answers about one layer alone, which no sum over a net has: one filter, one neuron, one window; and its share."""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from cnncalc.asked.comparing import NUMBER_OF_SIZES, Verdict, compared_number, same_number
from cnncalc.asked.counting_answers import Biases, Connections, Count, Params, WholeNumber, missing, number_claim
from cnncalc.asked.quantity import SEVERAL_OUTPUTS, Given, Quantity, Read, Right, Unknown
from cnncalc.geometry import AXIS_NAMES, Order
from cnncalc.quantities import exact, percent

if TYPE_CHECKING:
    from cnncalc.asked.seen import At, Claimed, Declared, Numbers, Words

_SEVERAL_LAYERS = Unknown("this is asked about one layer: ask about its own line")
_DIFFER = Unknown("the copies of this line differ: ask about one of them")


class KernelWeights(Count):
    """Weights of one filter without its bias: 5x5 over 8 channels have 200, a unit over 100 inputs has 100."""

    name = "kernel"
    also = ("kernel_weights", "weights_per_filter", "filter_weights")
    headings = ("weights per filter", "kernel weights", "weights per kernel", "gewichte je filter")
    help = "number of weights of one filter"
    unit = "weights"
    symbols = "the kernel's area times the channels that one filter sees"
    confused_with = ("weights", "params")
    adds_up = False

    def declared(self, layer: Declared) -> int:
        """0 where there is no filter, or where several kinds of them are."""
        found = [weights for one in layer.weights if (weights := _of_one_filter(one, layer.channels))]
        return found[0] if len(found) == 1 else 0

    def measure(self, at: At) -> int | Unknown:
        if not at.is_line:
            return _SEVERAL_LAYERS
        found = {counts[self.name] for counts in at.copies}
        if len(found) > 1:
            return _DIFFER
        return found.pop() or Unknown("this line has no filters of its own, or several kinds of them")

    def verdict(self, answer: Claimed, at: At) -> tuple[Verdict, Right]:
        return Quantity.verdict(self, answer, at)


def _of_one_filter(weight: Numbers, channels: int) -> int:
    """The weights of one of as many filters as there are channels; 0 for what is no kernel, as a batch norm's scale."""
    axes = dict(weight.axes)
    if weight.name != "weight" or len(axes) < 2 or "connections" in axes:
        return 0
    if weight.fan_in == 1 and not {"filters", "units"} & set(axes) and weight.trainable:
        return 0
    places = prod(size for name, size in weight.axes if name.startswith("out_"))
    return weight.count // (places * channels)


class FanIn(WholeNumber):
    """Connections of one neuron to what arrives: with its bias or without, both are right and the remark says which."""

    name = "fan_in"
    also = ("connections_per_neuron", "inputs_per_neuron", "fanin")
    headings = ("fan-in", "connections per neuron", "inputs per neuron")
    help = "number of connections of one neuron"
    unit = "connections"
    symbols = "the weights of one filter; one more with the bias"
    confused_with = ("connections", "kernel")

    def measure(self, at: At) -> int | Unknown:
        if at.output is None or not at.is_line:
            return _SEVERAL_LAYERS
        counts = at.copies[0]
        if any(one != counts for one in at.copies):
            return _DIFFER
        each, rest = divmod(counts[Connections.name], at.output.elements)
        if rest:
            return Unknown("the neurons of this line differ in their connections")
        return counts[KernelWeights.name] or each or Unknown("no neuron of this line has weighted connections")

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        verdict = super().compare(answer, right, at)
        counts = at.copies[0]
        if not isinstance(right, int) or not counts[Biases.name] or at.output is None:
            return verdict
        with_bias = counts[Connections.name] // at.output.elements
        if with_bias != right + 1:
            return verdict
        if verdict.ok:
            return verdict if verdict.remark else Verdict(True, "without its bias")
        return Verdict(True, "with its bias") if super().compare(answer, with_bias, at).ok else verdict


class Share(Quantity):
    """The part of the whole network's parameters that a line has: `0.75`, `75%` or `3/4`.

    Parameters are counted as `params` counts them.  A decimal is right when it is the right share rounded to that many
    places.
    """

    name = "share"
    also = ("params_share", "param_share", "share_of_params", "fraction", "percent", "percentage")
    headings = (
        "share",
        "share in %",
        "share %",
        "share in percent",
        "share of params",
        "share of parameters",
        "params %",
        "% of params",
        "percentage of parameters",
    )
    help = "share of the network's parameters"
    unit = "of all parameters"
    symbols = "params of the line / params of the network"
    confused_with = ("params",)

    def question(self, line: str) -> str:
        return f"What share of the network's parameters does {line} have?"

    def begins(self, words: Words) -> bool:
        first, second = words.peek(), words.peek(1)
        if first is None or first.kind != "word" or not first.text[:1].isdigit():
            return False
        return first.text.rstrip(",").endswith("%") or (second is not None and second.text.rstrip(",") == "%")

    def parse(self, words: Words) -> Read:
        """share = "?" | ["~"] decimal | number "%" | number "/" number."""
        return number_claim(words, self.name)

    def measure(self, at: At) -> Fraction | Unknown:
        whole = at.net_counts()
        if isinstance(whole, Unknown):
            return whole
        name = PARAMS.counted_as(at.pinned)
        if not whole[name]:
            return Unknown("the network has no parameters to share")
        return Fraction(sum(counts[name] for counts in at.copies), whole[name])

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        if not isinstance(answer.given, Fraction) or not isinstance(right, int | Fraction):
            return Verdict(None)
        given, digits = answer.given, answer.digits
        if 1 < given <= 100:  # no share is above 1: `percent 85`
            given, digits = given / 100, None if digits is None else digits - 2
        off = abs(given - right)
        if off and digits is not None and digits < 0 and given and off * 2 <= Fraction(10) ** digits:
            return Verdict(True, f"rounded; {_OF_THE_NET}")
        verdict = compared_number(given, right, answer.approximate, at.tolerance)
        return Verdict(True, _OF_THE_NET) if verdict.ok and not verdict.remark else verdict

    def shown(self, right: Right, order: Order) -> str:
        if not isinstance(right, int | Fraction):
            return ""
        return f"{exact(right)} ({percent(Fraction(right))} {self.unit})"


PARAMS = Params()
_OF_THE_NET = "of the network's parameters"
_SIZES = re.compile(r"[0-9.,/]+(?:x[0-9.,/]+){0,2}")


class Unrounded(Quantity):
    """The size before it is rounded: (n + pads - extent) / s + 1, a whole number where the window fits evenly."""

    name = "exact"
    also = ("exact_size", "unrounded", "before_rounding")
    headings = ("exact size", "before rounding", "unrounded size")
    help = "size before rounding"
    unit = "size before rounding"
    symbols = "(n + p_before + p_after - d(k-1) - 1) / s + 1"
    confused_with = ("shape", "spatial")
    form = "words"

    misfit = "does not fit"
    """What is answered, too, where the size is no whole number."""

    def begins(self, words: Words) -> bool:
        first, second = words.peek(), words.peek(1)
        if first is None or first.kind != "word":
            return False
        if not first.text[0].isdigit():
            return self._says_misfit(words)
        named, value = second is not None and second.text.lower() == self.name, words.peek(2)
        return named and not (value is not None and value.text[:1] in "0123456789?~≈d")

    def _says_misfit(self, words: Words) -> bool:
        found = [word.text.lower().rstrip(",;.") for ahead in range(3) if (word := words.peek(ahead)) is not None]
        return " ".join(found) == self.misfit

    def parse(self, words: Words) -> Read:
        """exact = "?" | number ["x" number] | "does not fit", with "exact" in front or behind."""
        if self._says_misfit(words):
            words.index += 3
            return Read(self.misfit)
        word = words.peek()
        text = word.text if word is not None and word.kind == "word" else ""
        if _SIZES.fullmatch(text) and "x" in text:
            read = self.phrase(text)
            if read is not None:
                words.take()
                words.took("word", self.name)
                return read
        read = number_claim(words, self.name)
        words.took("word", self.name)
        return read

    def phrase(self, text: str) -> Read | None:
        lowered = " ".join(text.lower().replace("’", "'").split())
        if lowered in (self.misfit, "doesn't fit", "no fit", "not a whole number", "no integer"):
            return Read(self.misfit)
        from cnncalc.written_numbers import readings  # noqa: PLC0415 - few answers are sizes before rounding

        sizes = [readings(part) for part in re.split(" ?[x×] ?", lowered)]
        numbers = [size.value for size in sizes if size is not None]
        if len(numbers) != len(sizes) or len(numbers) > 3:
            return None
        return Read(numbers[0]) if len(set(numbers)) == 1 else Read("x".join(map(exact, numbers)))

    def measure(self, at: At) -> tuple[Fraction, ...] | Unknown:
        if at.output is None:
            return SEVERAL_OUTPUTS
        return at.unrounded() or Unknown("no window slides on this line")

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        if not isinstance(right, tuple):
            return Verdict(None)
        sizes, given = tuple(map(Fraction, right)), answer.given
        if given == self.misfit:
            return Verdict(any(size.denominator > 1 for size in sizes))
        claimed = _numbers_in(given) if isinstance(given, str) else given
        by_axis = claimed if isinstance(claimed, tuple) else (claimed,) * len(sizes)
        if len(by_axis) != len(sizes) or not all(isinstance(one, Fraction | int) for one in by_axis):
            return Verdict(False, wrong=(NUMBER_OF_SIZES,))
        same = [same_number(Fraction(one), size) for one, size in zip(by_axis, sizes, strict=True)]  # type: ignore[arg-type]
        wrong = tuple(name for name, found in zip(AXIS_NAMES[len(sizes)], same, strict=True) if found is None)
        remark = "rounded" if "rounded" in same and not wrong else ""
        return Verdict(not wrong, remark, wrong if len(wrong) < len(sizes) else ())

    def claim(self, right: Right) -> Given:
        if not isinstance(right, tuple):
            return None
        return Fraction(right[0]) if len(set(right)) == 1 else "x".join(map(exact, right))

    def shown(self, right: Right, order: Order) -> str:
        if not isinstance(right, tuple):
            return ""
        fits = all(Fraction(size).denominator == 1 for size in right)
        return self.spelled(self.claim(right)) + ("" if fits else f": it {self.misfit}")

    def parts(self, right: Right) -> tuple[str, ...]:
        return AXIS_NAMES[len(right)] if isinstance(right, tuple) else (self.unit,)


def _numbers_in(text: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, text.split("x"))) if _SIZES.fullmatch(text) else ()


class _YesNo(Quantity):
    """A question that is answered by yes or no."""

    form = "words"

    def parse(self, words: Words) -> Read:
        """answer = "?" | "yes" | "no"."""
        word = words.peek()
        if word is None or word.kind != "word":
            raise missing(words, self.name)
        if word.text.rstrip(",") == "?":
            words.take()
            return Read(None)
        read = self.phrase(word.text.rstrip(",."))
        if read is None:
            raise words.expected("missing-value", "yes or no", help=f"write `{self.name} yes` or `{self.name} no`")
        words.take()
        return read

    def phrase(self, text: str) -> Read | None:
        said = next((said for said, spelled in _SAID.items() if text.strip().lower() in spelled), None)
        return None if said is None else Read(said)

    def compare(self, answer: Claimed, right: Right, at: At) -> Verdict:
        return Verdict(answer.given == right) if isinstance(answer.given, str) else Verdict(None)


class Fits(_YesNo):
    """Whether the window fits evenly: yes where the size needs no rounding on any axis."""

    name = "fits"
    also = ("divides",)
    headings = ("fits", "fits?", "does it fit?")
    help = "answer to whether the window fits evenly"
    symbols = "yes if (n + p_before + p_after - d(k-1) - 1) / s is a whole number on every axis"
    confused_with = ("exact",)

    def question(self, line: str) -> str:
        return f"Does the window of {line} fit evenly, so that no size is rounded?"

    def measure(self, at: At) -> str | Unknown:
        if at.output is None:
            return SEVERAL_OUTPUTS
        sizes = at.unrounded()
        if sizes is None:
            return Unknown("no window slides on this line")
        return "yes" if all(size.denominator == 1 for size in sizes) else "no"


SAME = re.compile(r"same\[ *([\w.-]{1,80}) *\]")


class SameAs(_YesNo):
    """Whether something is the same here and on another line: `same[conv3.rf]`; the shape, where nothing is named."""

    name = "same"
    help = "answer to whether two lines agree"
    symbols = "yes if both lines have as much of it"

    def __init__(self, place: str, inner: Quantity, label: str) -> None:
        self.name = f"same[{place}]"  # type: ignore[misc]  # a name for every other line
        self.inner, self.label = inner, label

    def question(self, line: str) -> str:
        return f"Is the {self.inner.help} of {line} the same as that of {self.label}?"

    def measure(self, at: At) -> str | Unknown:
        other = at.other(self.label)
        if isinstance(other, Unknown):
            return other
        found = [self.inner.measure(one) for one in (at, other)]
        unknown = next((one for one in found if isinstance(one, Unknown)), None)
        return unknown or ("yes" if found[0] == found[1] else "no")


_SAID = {
    "yes": ("yes", "y", "true", "fits", "ja", "oui", "si", "sí", "sim", "yep"),
    "no": ("no", "n", "false", "nein", "non", "não", "does not fit", "doesn't fit", "nope"),
}
"""What is kept -> how it is said."""
