"""Pictures, traces and pages of nets that nobody drew by hand.

`pytest tests/random_nets/test_pictures_of_nets.py -n 0 --random-nets 5000` draws so many.
"""

from __future__ import annotations

import pytest

from .arguments import Choose
from .drawing import graph_of, net
from .picture_campaign import faults_of
from .shrinking import shrunk

NETS_IN_CI = 3
MOST_FAILURES = 10


def test_pictures_traces_and_pages_of_odd_nets_have_no_fault(request: pytest.FixtureRequest) -> None:
    first, count = request.config.getoption("--random-nets")
    failures: list[str] = []
    for number in range(first, first + (count or NETS_IN_CI)):
        text = net(Choose(number, few=not count))
        if fault_of(text, number):
            small = shrunk(text, lambda smaller, number=number: bool(fault_of(smaller, number)), 200)
            failures.append(f"{number}: {fault_of(small, number)}\n{small}")
            print(failures[-1], flush=True)
        if len(failures) > MOST_FAILURES:
            break
    assert not failures, "\n\n".join(failures)


@pytest.mark.parametrize(
    "text",
    [
        "constant 1 times 2\n",  # names of outputs wider than the volumes
        "input 3\nln all\n",  # the weights of a vector have no places
        "x1: input 13x2 channels 3\nmaxpool\nadd x1 pad\n",  # a column amid zeros, which is not spread
    ],
)
def test_what_once_was_off_the_canvas_or_was_traced_wrongly_has_no_fault(text: str) -> None:
    assert [fault for number in range(4) for fault in faults_of(text, number)] == []


def fault_of(text: str, number: int) -> str:
    """The first fault of a net; empty where it has none, or is no net."""
    if graph_of(text) is None:
        return ""
    try:
        return next(faults_of(text, number), "")
    except Exception as error:  # noqa: BLE001 - whatever it is, the net is worth printing
        return f"{type(error).__name__}: {error}"
