"""Slips that are made of right counts: one quantity for another, a batch counted, an operation counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.asked.counting_answers import TOTAL_PARAMS, added
from cnncalc.homework.slips.edits import Slip
from cnncalc.homework.truth import COUNTED, Subject

BATCHES = (8, 16, 32, 64, 128, 256)
_GROWS_WITH_THE_BATCH = ("size", "macs", "flops", "connections")


def _counts(subject: Subject) -> dict[str, int]:
    return added(subject.copies) | {"size": subject.size}


def _two_operations(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "macs":
        yield 2 * _counts(subject)["macs"]
        yield _counts(subject)["flops"]


def _macs_for_flops(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "flops":
        yield _counts(subject)["macs"]


def _others_forgotten(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "flops":
        yield 2 * _counts(subject)["macs"]


def _bias_in_macs(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "macs":
        yield _counts(subject)["connections"]


def _one_position(subject: Subject, asked: str) -> Iterator[int]:
    if asked in ("macs", "connections"):
        yield _counts(subject)["weights"]
        yield _counts(subject)["params"]


def _statistics_counted(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "params":
        yield _counts(subject)["total_params"]


def _statistics_forgotten(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "params":
        yield _counts(subject)["params"]


def _batch_counted(subject: Subject, asked: str) -> Iterator[int]:
    if asked in _GROWS_WITH_THE_BATCH:
        yield from (batch * _counts(subject)[asked] for batch in BATCHES)


def _channels_forgotten(subject: Subject, asked: str) -> Iterator[int]:
    if asked == "size" and subject.output is not None and subject.output.rank:
        yield prod(subject.output.spatial)


def _channels_twice(subject: Subject, asked: str) -> Iterator[int]:
    if subject.output is None:
        return
    counts, channels = _counts(subject), subject.output.channels
    if asked in (*_GROWS_WITH_THE_BATCH, "params", "weights"):
        yield counts[asked] * channels
    if asked == "params":
        yield counts["weights"] * channels + counts["params"] - counts["weights"]


def _all_for_each(subject: Subject, asked: str) -> Iterator[int]:
    if len(subject.copies) > 1:
        yield from (_counts(subject)[name] for name in _counted_as(asked))


def _each_for_all(subject: Subject, asked: str) -> Iterator[int]:
    if len(subject.copies) > 1:
        yield from (copy[name] for name in _counted_as(asked) for copy in subject.copies)


def _counted_as(asked: str) -> tuple[str, ...]:
    if asked == "params":
        return asked, TOTAL_PARAMS
    return (asked,) if asked in COUNTED else ()


def _another_quantity(subject: Subject, asked: str) -> Iterator[int]:
    counts = _counts(subject)
    if asked in counts:
        yield from (value for name, value in counts.items() if name != asked and value)


COUNT_SLIPS: tuple[Slip, ...] = (
    Slip(
        "two-operations-a-mac",
        "a multiplication and its addition were counted as two operations (those are FLOPs)",
        5,
        values=_two_operations,
    ),
    Slip(
        "macs-for-flops",
        "a multiplication and its addition were counted as one operation (those are MACs)",
        5,
        values=_macs_for_flops,
    ),
    Slip(
        "other-operations-forgotten",
        "only multiplications by weights and their additions were counted",
        4,
        values=_others_forgotten,
    ),
    Slip("bias-in-macs", "the additions of the biases were counted as MACs", 4, values=_bias_in_macs),
    Slip("one-position", "the kernel was counted at one position only, not at every position", 4, values=_one_position),
    Slip(
        "statistics-counted", "batch norm's running statistics were counted as learned", 5, values=_statistics_counted
    ),
    Slip("statistics-forgotten", "batch norm's running statistics were left out", 5, values=_statistics_forgotten),
    Slip("batch-counted", "a whole batch of images was counted", 2, values=_batch_counted),
    Slip(
        "channels-forgotten",
        "only one channel was counted",
        4,
        beats=("one-filter", "depth-kept", "pool-changes-channels"),
        values=_channels_forgotten,
    ),
    Slip("channels-twice", "the number of filters was used twice in the product", 3, values=_channels_twice),
)

COPY_SLIPS: tuple[Slip, ...] = (
    Slip("all-for-each", "all copies of the line were counted together", 4, values=_all_for_each),
    Slip("each-for-all", "one copy of the line was counted, not all of them", 4, values=_each_for_all),
)
"""Slips of a line that stands for several layers: what one of them owns, and what they own together."""

ANOTHER_QUANTITY = Slip(
    "another-quantity", "another quantity of this line was given", 4, vague=True, values=_another_quantity
)
"""Named where nothing else fits: a chance agreement with a better known slip says more."""
