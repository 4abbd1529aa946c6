"""A net held against a pattern: with which n, m and k it fits, or the first layer that does not.

The layers are read in the order of their lines.  Layers that change no number and softmax are passed where the pattern
does not name them.  Whether a net fits takes time by layers times parts; all ways to count its rounds are searched for
within `MOST_STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.net_pattern import Back, End, Enter, Loop, Pattern, Ways, Word
from cnncalc.graph.ir import Graph, Node, Row

MOST_STEPS = 45_000
"""Steps of a search for ways to count."""

MOST_WAYS = 50
"""Ways to count that are given."""

SKIPPED = frozenset(("flatten", "dropout", "identity", "reshape", "softmax", "pad"))
"""Words of layers that are passed where a pattern does not name them."""


class Fit(NamedTuple):
    """A net that fits a pattern: every way to count, the least first; each is the numbers of the letters in order.

    A letter inside other rounds may have another number in each of them: `rounds` is one such way, with the numbers of
    each letter's rounds in order.  `complete`: `ways` are all there are.  `skipped` are the words that were passed.
    """

    letters: tuple[str, ...]
    ways: tuple[tuple[int, ...], ...]
    rounds: tuple[tuple[int, ...], ...]
    complete: bool
    skipped: tuple[str, ...]


class Misfit(NamedTuple):
    """The first layer that does not fit, or None where the net ends too early; `expected` are the pattern's words.

    `before` is the layer before it.
    """

    row: Row | None
    node: Node | None
    before: Node | None
    expected: tuple[str, ...]
    ends_here: bool


class _Layer(NamedTuple):
    row: Row
    node: Node


def matched(graph: Graph, pattern: Pattern) -> Fit | Misfit:
    """How a net fits a pattern."""
    layers, skipped = _layers(graph, pattern)
    misfit = _misfit(layers, pattern)
    if misfit is not None:
        return misfit
    if not pattern.letters:
        return Fit((), (), (), complete=True, skipped=skipped)
    words = [layer.node.layer.word for layer in layers]
    ways, complete = _all_ways(words, pattern)
    return Fit(pattern.letters, ways, _one_way(words, pattern), complete, skipped)


def _layers(graph: Graph, pattern: Pattern) -> tuple[list[_Layer], tuple[str, ...]]:
    """The layers that count, in order, and the words of those that were passed."""
    layers: list[_Layer] = []
    skipped: dict[str, None] = {}
    for row in graph.rows:
        for node in graph.nodes[row.first : row.last + 1]:
            word = node.layer.word
            if word in SKIPPED and word not in pattern.words:
                skipped[word] = None
            else:
                layers.append(_Layer(row, node))
    return layers, tuple(skipped)


# ---------------------------------------------------------------------- whether it fits
def _misfit(layers: Sequence[_Layer], pattern: Pattern) -> Misfit | None:
    """The first layer that no reading of the pattern takes."""
    here = _reached((pattern.first,), pattern)
    for place, (row, node) in enumerate(layers):
        following = {state.following for state in _words(here, pattern) if node.layer.word in state.words}
        if not following:
            before = layers[place - 1].node if place else None
            return Misfit(row, node, before, _expected(here, pattern), _ends(here, pattern))
        here = _reached(following, pattern)
    if _ends(here, pattern):
        return None
    return Misfit(None, None, layers[-1].node if layers else None, _expected(here, pattern), ends_here=False)


def _words(here: Iterable[int], pattern: Pattern) -> list[Word]:
    return [state for one in here if isinstance(state := pattern.states[one], Word)]


def _expected(here: Iterable[int], pattern: Pattern) -> tuple[str, ...]:
    return tuple(dict.fromkeys(state.shown for state in _words(sorted(here), pattern)))


def _ends(here: Iterable[int], pattern: Pattern) -> bool:
    return any(isinstance(pattern.states[one], End) for one in here)


def _reached(states: Iterable[int], pattern: Pattern) -> set[int]:
    """Every state that is reached without a layer."""
    found: set[int] = set()
    pile = list(states)
    while pile:
        one = pile.pop()
        if one not in found:
            found.add(one)
            pile.extend(_without_a_layer(pattern, one))
    return found


def _without_a_layer(pattern: Pattern, place: int) -> tuple[int, ...]:
    state = pattern.states[place]
    if isinstance(state, Ways):
        return state.following
    if isinstance(state, Loop):
        return (state.body, state.following)
    return (state.loop,) if isinstance(state, (Enter, Back)) else ()


# ---------------------------------------------------------------------- with which numbers
class _Counted(NamedTuple):
    """A state with what has been counted: the rounds of the loops that are open, and the numbers of the letters.

    `fresh` are the loops of which a round has begun at this layer: a round without a layer is none.
    """

    state: int
    rounds: tuple[tuple[int, int], ...] = ()
    numbers: tuple[Any, ...] = ()
    fresh: frozenset[int] = frozenset()


Settle = Callable[[Any, int], Any]
"""A letter's number so far and the rounds of a loop that is left -> its number, or None where they disagree."""


def _all_ways(words: Sequence[str], pattern: Pattern) -> tuple[tuple[tuple[int, ...], ...], bool]:
    """Every way to count in which a letter is one number, and whether these are all."""

    def settle(known: int, rounds: int) -> int | None:
        return rounds if known in (-1, rounds) else None

    start = _Counted(pattern.first, numbers=(-1,) * len(pattern.letters))
    ends, complete = _search(words, pattern, start, settle, lambda one: one)
    ways = sorted({tuple(max(number, 0) for number in end.numbers) for end in ends})
    return tuple(ways[:MOST_WAYS]), complete and len(ways) <= MOST_WAYS


def _one_way(words: Sequence[str], pattern: Pattern) -> tuple[tuple[int, ...], ...]:
    """The numbers of a letter's rounds one after the other, with as many layers in each as there can be."""

    def settle(known: tuple[int, ...], rounds: int) -> tuple[int, ...]:
        return (*known, rounds)

    start = _Counted(pattern.first, numbers=((),) * len(pattern.letters))
    ends, _ = _search(words, pattern, start, settle, lambda one: (one.state, one.fresh))
    return tuple(ends[0].numbers) if ends else ()


def _search(
    words: Sequence[str], pattern: Pattern, start: _Counted, settle: Settle, key: Callable[[_Counted], Hashable]
) -> tuple[list[_Counted], bool]:
    """What is counted at the end by every way, or by one of those with the same key; False where steps ran out."""
    here = [start]
    steps = 0
    for word in (*words, None):
        seen: set[Hashable] = set()
        following: list[_Counted] = []
        pile = here[::-1]
        while pile:
            one = pile.pop()
            if key(one) in seen:
                continue
            seen.add(key(one))
            steps += 1
            if steps > MOST_STEPS:
                return [], False
            state = pattern.states[one.state]
            if isinstance(state, Word) and word in state.words:
                following.append(one._replace(state=state.following, fresh=frozenset()))
            elif isinstance(state, End) and word is None:
                following.append(one)
            else:
                pile.extend(reversed(_moves(pattern, one, settle)))
        here = following
    return here, True


def _moves(pattern: Pattern, one: _Counted, settle: Settle) -> list[_Counted]:
    """Where a state goes on without a layer, one more round first."""
    state = pattern.states[one.state]
    if isinstance(state, Ways):
        return [one._replace(state=place) for place in state.following]
    if isinstance(state, Enter):
        return [one._replace(state=state.loop, rounds=(*one.rounds, (state.loop, 0)))]
    if isinstance(state, Back):
        if state.loop in one.fresh:
            return []
        loop = pattern.states[state.loop]
        assert isinstance(loop, Loop)
        return [one._replace(state=state.loop, rounds=_one_more(one.rounds, state.loop) if loop.letter else one.rounds)]
    if isinstance(state, Loop):
        more = [] if one.state in one.fresh else [one._replace(state=state.body, fresh=one.fresh | {one.state})]
        left = _left(pattern, one, state, settle)
        return [*more, left] if left is not None else more
    return []


def _one_more(rounds: tuple[tuple[int, int], ...], loop: int) -> tuple[tuple[int, int], ...]:
    return tuple((place, count + (place == loop)) for place, count in rounds)


def _left(pattern: Pattern, one: _Counted, loop: Loop, settle: Settle) -> _Counted | None:
    """The state behind a loop, with the number of its letter."""
    rounds = tuple(pair for pair in one.rounds if pair[0] != one.state)
    if not loop.letter:
        return one._replace(state=loop.following, rounds=rounds)
    count = next((count for place, count in one.rounds if place == one.state), 0)
    index = pattern.letters.index(loop.letter)
    number = settle(one.numbers[index], count)
    if number is None:
        return None
    numbers = (*one.numbers[:index], number, *one.numbers[index + 1 :])
    return one._replace(state=loop.following, rounds=rounds, numbers=numbers)
