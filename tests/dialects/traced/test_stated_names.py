"""`--set` of a program gives a global name another value; what would change nothing is refused with advice."""

from __future__ import annotations

import pytest

from cnncalc.analysis.counting import net_figures
from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.keras import config
from cnncalc.net_files import checked
from cnncalc.questions.net_question import net_answer
from cnncalc.questions.net_widths import NetWidths
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.net_answers import net_answer_sheet

PARAMETER = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, w=32):
        super().__init__()
        self.head = nn.Linear(3, w)

    def forward(self, x):
        return self.head(x)
"""


def params(text: str, entry: str = "", **settings: str) -> int:
    return net_figures(checked(Source("net.py", text, entry), "3", settings)).params


def refusal(text: str, entry: str = "", **settings: str) -> tuple[str, str]:
    with pytest.raises(InputError) as found:
        checked(Source("net.py", text, entry), "3", settings)
    fault = found.value.diagnostics[0]
    assert fault.code == "unknown-setting"
    return fault.message, fault.help


def test_a_parameter_of_the_model_is_no_constant_and_the_advice_gives_it_where_the_model_is_made() -> None:
    """(3 + 1) * 8 = 32 parameters."""
    assert refusal(PARAMETER, w="8") == (
        "net.py has no constant `w`: it is a parameter of Net",
        "give it where the model is made: net.py:Net(w=8)",
    )
    assert params(PARAMETER, "Net(w=8)") == 32
    assert refusal(PARAMETER, "Net(w=9)", w="8")[1].endswith("net.py:Net(w=8)")


def test_a_parameter_of_a_part_is_given_a_global_name_instead() -> None:
    block = PARAMETER.replace("Net(nn", "Block(nn")
    whole = "\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = Block()\n"
    advice = refusal(block + whole + "\n    def forward(self, x):\n        return self.a(x)\n", w="8")[1]
    assert advice == "give it a global name in the file, `W = 8`, and set that"


@pytest.mark.parametrize("name", ["torch", "nn"])
def test_an_imported_name_is_no_constant(name: str) -> None:
    assert refusal(PARAMETER, **{name: "8"})[0] == f"`{name}` is no constant of net.py: it is imported"


@pytest.mark.parametrize("line", ["W, H = 32, 1", "for W in (32, 64):\n    pass", "W = 16\nW *= 2", "W: int = 32"])
def test_a_setting_holds_however_the_file_gives_the_name_a_value(line: str) -> None:
    """(3 + 1) * 8 = 32 parameters."""
    text = PARAMETER.replace("class Net", f"{line}\n\n\nclass Net").replace("w=32", "").replace(", w)", ", W)")
    assert params(text, W="8") == 32


def test_a_constant_of_a_program_is_solved_for_and_the_command_that_is_named_has_its_input() -> None:
    """Parameters: 4 W, so 24 are exactly W = 6."""
    text = PARAMETER.replace("class Net", "W = 32\n\n\nclass Net").replace(", w)", ", W)")
    answer = net_answer(Source("net.py", text), "3", {"W": "?"}, counts={"params": "24"})
    assert isinstance(answer, NetWidths)
    assert answer.nearest is not None
    assert answer.nearest.value == 6
    assert "cnncalc summary net.py --input 3 --set W=6" in drawn(net_answer_sheet(answer), Canvas(80))


def test_a_saved_configuration_of_keras_has_nothing_to_set() -> None:
    with pytest.raises(InputError, match="there is nothing called `w` to be set here"):
        config.read(Source("net.json", "{}"), None, {"w": "8"})
