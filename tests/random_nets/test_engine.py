"""The engine computes what the readable kernels compute, map by map, on nets that nobody drew by hand.

`pytest tests/random_nets -n 0 --random-nets 5000` draws so many, each run at every width; thresholds take turns.
"""

from __future__ import annotations

from time import perf_counter

import pytest

from .arguments import Choose
from .campaign import WIDTHS, Tally, run, settings, shared_nets
from .drawing import net, volume_net

NETS_IN_CI = 100
"""At each width."""

VOLUME_NETS = 40

EVERYTHING = 8
"""Every so many nets one is drawn from all sizes, strides and activations; the others share compiled kernels."""

MOST_FAILURES = 10


@pytest.mark.parametrize("lanes", WIDTHS)
def test_every_map_of_the_engine_is_that_of_the_readable_kernels(lanes: int) -> None:
    tally = Tally()
    for number, text in shared_nets(lanes, NETS_IN_CI):
        run(text, [settings(number, lanes)[number % 3]], tally)
    assert tally.nets == NETS_IN_CI
    assert not tally.failures, "\n\n".join(tally.failures)


def test_every_map_of_volumes_is_that_of_the_readable_kernels() -> None:
    tally = Tally()
    for number in range(VOLUME_NETS):
        run(volume_net(Choose(number, few=True)), [settings(number, 16)[0]], tally)
    assert tally.nets == VOLUME_NETS
    assert not tally.failures, "\n\n".join(tally.failures)


@pytest.mark.parametrize("text", ["learned 1x1\n", "x: input 9x9x4\nl: constant 9x9x4 0.5\nadd x l\nconv 3 3x3\n"])
def test_what_reads_nothing_is_made_for_as_many_images_as_run_at_once(text: str) -> None:
    tally = Tally()
    for number in (14, 17, 20, 44):
        run(text, settings(number, 16), tally)
    assert not tally.failures, "\n\n".join(tally.failures)


def test_as_many_nets_as_are_asked_for(request: pytest.FixtureRequest) -> None:
    first, count = request.config.getoption("--random-nets")
    if not count:
        pytest.skip("--random-nets N draws N nets and runs each at every width")
    tally, start = Tally(), perf_counter()
    for number in range(first, first + count):
        text = net(Choose(number, few=bool(number % EVERYTHING)))
        run(text, [settings(number, lanes)[(number + i) % 3] for i, lanes in enumerate(WIDTHS)], tally)
        if tally.nets % 100 == 0 or number == first + count - 1:
            print(f"{tally}, {perf_counter() - start:.0f} s", flush=True)
        if len(tally.failures) > MOST_FAILURES:
            break
    assert not tally.failures, "\n\n".join(tally.failures)
