"""README's recipe for a layer is true: a small layer is added by it to a copy, and every command knows the layer.

The copy gets what the recipe names and nothing else.  It runs with the JIT off, because a changed kernel folder would
have all kernels compiled anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAYER = '''"""A layer added by the recipe."""

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.geometry import Shape
from cnncalc.layers.base import KernelCall, Layer, operand, refuse_groups


@dataclass(frozen=True, kw_only=True)
class GroupFlip(Layer):
    """Writes the channels of each group in the opposite order.

    Output: as it arrives.  Weights: none.  Work: none.

    >>> GroupFlip(groups=3).output_shape((Shape(240, (28, 28)),)).text()
    '28x28x240'

    Source: this test.
    """

    word: ClassVar[str] = "groupflip"
    groups: int = operand("count", "into how many groups the channels are split")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "channel"))
        return inputs[0]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("groupflip", {"groups": self.groups})
'''

KERNEL = '''"""A kernel added by the recipe."""

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("groupflip")
def groupflip(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The channels of each of `groups` groups in the opposite order."""
    x = inputs[0]
    rows = x.reshape(x.shape[0], numbers["groups"], -1, *x.shape[2:])
    return np.ascontiguousarray(rows[:, :, ::-1]).reshape(x.shape)
'''

LINES = {
    "cnncalc/layers/registry.py": (
        '    "shuffle": Entry(',
        '    "groupflip": Entry("groupflip", "GroupFlip"),\n',
    ),
    "tests/written.py": ('    "shuffle": [', '    "groupflip": ["groupflip 2"],\n'),
    "tests/layers/cases.py": (
        "CASES = ",
        (
            "from cnncalc.layers.groupflip import GroupFlip\n\n"
            'REARRANGED["a layer added by the recipe"] = Case(GroupFlip(groups=2), image(4, 4, 6), "4x4x6")\n'
        ),
    ),
    "tests/kernels/test_by_hand.py": ('    "conv_direct",\n}', '    "groupflip",\n'),
    "cnncalc/manual/language/7_layers.md": (
        "| `spacetodepth`",
        "| `groupflip` | groups | as it came | 0 |\n",
    ),
}
"""File -> the line before which a row is put, and the row."""

PLAIN = "input 4x4x4\ngroupflip 2\nconv 3 3x3\ngap\ndense 2\n"
STATED = "data p = [1 2; 3 4] [5 6; 7 8]\ninput from p\ngroupflip 1 => 2x2x2 values [5 6; 7 8] [1 2; 3 4]\n"
WRONG = STATED.replace("[5 6; 7 8] [1 2; 3 4]\n", "[1 2; 3 4] [5 6; 7 8]\n")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with one more layer, and three models that use it."""
    place = tmp_path_factory.mktemp("house")
    for folder in ("cnncalc", "tests"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__", "goldens"))
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    (place / "cnncalc/layers/groupflip.py").write_text(LAYER, encoding="utf-8")
    (place / "cnncalc/kernels/groupflip.py").write_text(KERNEL, encoding="utf-8")
    for name, (before, row) in LINES.items():
        text = (place / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        (place / name).write_text(text.replace(before, row + before), encoding="utf-8")
    for name, text in (("plain.txt", PLAIN), ("stated.txt", STATED), ("wrong.txt", WRONG)):
        (place / name).write_text(text, encoding="utf-8")
    return place


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy), "NUMBA_DISABLE_JIT": "1", "COLUMNS": "100", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


def printed(copy: Path, *command: str, status: int = 0) -> str:
    done = run(copy, "cnncalc", *command)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_a_layer_added_by_the_recipe_has_its_table_and_its_help(copy: Path) -> None:
    assert "groupflip 2" in printed(copy, "summary", "plain.txt")
    assert "leaves      4x4x4 = 64 numbers" in printed(copy, "explain", "plain.txt", "2")
    assert "GROUPS  into how many groups" in printed(copy, "explain", "groupflip")
    assert "groupflip" in printed(copy, "explain", "words")
    assert printed(copy, "fmt", "plain.txt", "--check") == ""


def test_a_layer_added_by_the_recipe_goes_through_json_and_back(copy: Path) -> None:
    written = printed(copy, "convert", "plain.txt", "--to", "json")
    assert json.loads(written)["cnncalc_model"] == 2
    (copy / "plain.json").write_text(written, encoding="utf-8")
    assert printed(copy, "convert", "plain.json", "--to", "spec") == PLAIN


@pytest.mark.parametrize("net", ["plain.txt", "stated.txt"])
def test_a_layer_added_by_the_recipe_runs_and_is_confirmed(copy: Path, net: str) -> None:
    if net == "plain.txt":
        shutil.copy(ROOT / "examples/digits/7.png", copy / "7.png")
    picture = ["--image", "7.png"] if net == "plain.txt" else []
    shown = printed(copy, "run", net, "--verify", *picture)
    assert "CONFIRMED" in shown
    assert "NOT CONFIRMED" not in shown


def test_its_values_are_said_not_to_be_worked_out_by_hand_and_a_run_decides(copy: Path) -> None:
    for command, status in (("summary", 0), ("check", 1)):
        shown = " ".join(printed(copy, command, "stated.txt", status=status).split())
        assert "`groupflip` is not worked out by hand: `cnncalc run` computes these values" in shown
    assert "NOT CONFIRMED" in printed(copy, "run", "wrong.txt", status=1)


def test_the_tests_of_all_layers_hold_with_the_rows_that_the_recipe_names(copy: Path) -> None:
    files = [f"layers/test_{name}.py" for name in ("registry", "figures", "memory")]
    files += [f"kernels/test_{name}.py" for name in ("mirror", "by_hand", "nan")]
    files += ["dialects/test_round_trips.py", "manual/test_coverage.py", "report/test_explanation.py"]
    paths = [f"tests/{file}" for file in files]
    chosen = "groupflip or GroupFlip or recipe or every or listed"
    done = run(copy, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", f"({chosen}) and not command", *paths)
    assert done.returncode == 0, done.stdout


def test_a_layer_without_a_kernel_call_is_refused_by_name(copy: Path) -> None:
    unfinished = copy / "cnncalc/layers/unfinished.py"
    unfinished.write_text(LAYER.partition("    def kernel_call")[0], encoding="utf-8")
    program = (
        "from cnncalc.layers.registry import LAYERS, Entry, layer_class\n"
        "LAYERS['groupflip'] = Entry('unfinished', 'GroupFlip')\n"
        "layer_class('groupflip')\n"
    )
    (copy / "unfinished.py").write_text(program, encoding="utf-8")
    done = run(copy, "unfinished")
    assert "layer GroupFlip (`groupflip`) has no `kernel_call`: say which kernel computes it" in done.stderr


def test_a_kernel_that_is_missing_is_named(copy: Path) -> None:
    shutil.copytree(copy, copy / "lost", ignore=shutil.ignore_patterns("tests", "lost", "__pycache__"))
    (copy / "lost/cnncalc/kernels/groupflip.py").unlink()
    done = run(copy / "lost", "cnncalc", "run", "stated.txt")
    assert done.returncode == 70
    missing = 'no kernel is called `groupflip`: write one in cnncalc/kernels/, under @kernel("groupflip")'
    assert missing in " ".join(done.stderr.split())
