"""What must not be there: invariant 1 of README, proved in a fresh interpreter.

`lint-imports` reads the imports in the text; this looks at what is in memory after a command has run.  The last tests
prove that the probe can fail.
"""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from cnncalc.cli.completion import ASKED, LINE

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "numba", "llvmlite", "PIL", "safetensors", "scipy", "torch", "pydantic"}
BELOW_FLOOR_4 = (
    "asked",
    "diagnostics",
    "destinations",
    "geometry",
    "matrices",
    "quantities",
    "stated_numbers",
    "written_numbers",
    "sources",
    "spec",
    "layers",
    "graph",
    "analysis",
)

ENDING = """
import sys
print("modules:", *{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""
COMMAND = """
import sys
sys.argv = ["cnncalc", *sys.argv[1:]]
from cnncalc.cli import main
try:
    sys.exit(main())
except SystemExit as end:
    if end.code:
        raise
"""


def modules_after(script: str, *arguments: str) -> set[str]:
    """The top-level modules in memory when a script has run in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", script + ENDING, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("modules: ")
    return set(last.split()[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["summary", "resnet50"],
        ["summary", "examples/model.txt", "--format", "json"],
        ["summary", "examples/slides/deck001.txt"],
        ["explain", "examples/model.txt"],
        ["explain", "conv"],
        ["convert", "lenet5", "--to", "json"],
        ["fmt", "--check", "examples/model.txt"],
        ["models"],
        ["filters"],
        ["quiz", "--seed", "7", "--no-verify", "--students", "examples/homework/roster.csv", "--to", "gift"],
    ],
    ids=" ".join,
)
def test_a_command_that_runs_no_net_loads_no_arrays(arguments: list[str]) -> None:
    assert modules_after(COMMAND, *arguments) & HEAVY == set()


READS_PROGRAMS = ("cnncalc.python", "cnncalc.dialects.")
"""What a text in our own language needs nothing of, but for what says that it is one."""

SAYS_WHAT_READS_IT = "cnncalc.dialects.recognising"

LOADED = """
import sys
print("modules:", *sys.modules, file=sys.stderr)
"""


def own_modules_after(*arguments: str, under: tuple[str, ...] = READS_PROGRAMS) -> set[str]:
    """Our modules in memory whose names begin so, when a command has run in an interpreter of its own."""
    return {name for name in loaded_after(*arguments) if name.startswith(under)}


def loaded_after(*arguments: str) -> set[str]:
    """All modules in memory when a command has run in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND + LOADED, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["summary", "lenet5"],
        ["summary", "examples/model.txt", "--format", "json"],
        ["explain", "examples/model.txt", "5"],
        ["check", "examples/model.txt"],
        ["run", "lenet5", "--plan"],
    ],
    ids=" ".join,
)
def test_nothing_that_reads_programs_is_loaded_for_a_text_of_our_own(arguments: list[str]) -> None:
    assert own_modules_after(*arguments) == {SAYS_WHAT_READS_IT}


@pytest.mark.parametrize("words", [["summary", "lenet5"], ["summary", "lenet5", "--json"]], ids=" ".join)
def test_a_table_marks_answers_without_what_explains_them(words: list[str]) -> None:
    """The slips are 1,100 lines of which a mark beside an answer needs none."""
    found = own_modules_after(*words, under=("cnncalc.homework",))
    assert found == {
        "cnncalc.homework",
        "cnncalc.homework.examining",
        "cnncalc.homework.findings",
        "cnncalc.homework.pads",
        "cnncalc.homework.truth",
    }


def test_a_net_without_answers_loads_nothing_of_homework() -> None:
    assert own_modules_after("summary", "examples/residual.py", under=("cnncalc.homework",)) == set()


def test_a_net_loads_the_layers_that_it_has_and_no_others() -> None:
    loaded = own_modules_after("summary", "lenet5", under=("cnncalc.layers.",))
    needed = {
        "backward",
        "base",
        "registry",
        "input",
        "picture_words",
        "conv",
        "sliding",
        "pool",
        "reshaping",
        "dense",
        "activation",
        "given",
    }
    assert loaded == {f"cnncalc.layers.{name}" for name in needed}


def test_the_probe_sees_what_reading_a_program_needs(tmp_path: Path) -> None:
    program = tmp_path / "net.py"
    program.write_text("from torch import nn\nnet = nn.Sequential(nn.Conv2d(3, 8, 3))\n", encoding="utf-8")
    loaded = own_modules_after("summary", str(program), "--input", "9x9x3")
    assert {"cnncalc.python.evaluator", "cnncalc.dialects.programs", "cnncalc.dialects.torch.package"} <= loaded
    assert not any(name.startswith("cnncalc.dialects.keras") for name in loaded)


def test_names_of_commands_are_completed_without_the_reader_of_command_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell waits for every Tab: half of that time was typer's import."""
    monkeypatch.setenv(ASKED, "bash")
    monkeypatch.setenv(LINE, "cnncalc summ")
    assert {name.partition(".")[0] for name in loaded_after()} & {"typer", "rich"} == set()
    monkeypatch.setenv(LINE, "cnncalc summary --co")
    assert "typer" in loaded_after()


@pytest.mark.parametrize("picture", ["digits/photographed-4.jpg", "digits/3.png"])
def test_a_picture_loads_the_readers_of_common_pictures_alone(picture: str) -> None:
    loaded = loaded_after("run", "lenet5", "--image", f"examples/{picture}")
    assert {name for name in loaded if name.endswith("ImagePlugin")} <= {
        f"PIL.{name}ImagePlugin" for name in ("Bmp", "Gif", "Jpeg", "Ppm", "Png", "Tiff", "Dib", "Mpo")
    }
    assert "PIL.JpegImagePlugin" in loaded


def test_importing_the_package_loads_next_to_nothing() -> None:
    assert modules_after("import cnncalc") & (HEAVY | {"typer", "rich", "dataclasses"}) == set()


def test_every_module_below_floor_4_is_free_of_arrays_and_of_the_terminal() -> None:
    loaded = modules_after(f"import {', '.join(modules_below_floor_4())}")
    assert loaded & (HEAVY | {"typer", "rich", "click"}) == set()


def modules_below_floor_4() -> list[str]:
    found = []
    for name in BELOW_FLOOR_4:
        spec = find_spec(f"cnncalc.{name}")
        assert spec is not None
        found.append(spec.name)
        paths = spec.submodule_search_locations or []
        found += [module.name for module in pkgutil.walk_packages(paths, prefix=f"{spec.name}.")]
    assert len(found) > 30
    return found


def test_the_probe_sees_numpy_when_something_imports_it() -> None:
    assert "numpy" in modules_after("import numpy\n" + COMMAND, "--help")


def test_a_run_that_finds_its_kernels_compiled_does_without_numba() -> None:
    """Its import takes 0.2 s; the other half of a run's start.  The narrow layers of LeNet-5 run a loop of numba's."""
    command = ("run", "lenet5", "--image", "examples/digits/3.png")
    modules_after(COMMAND, *command)
    loaded = loaded_after(*command)
    assert {"numpy", "llvmlite", "PIL", "cnncalc.kernels.connections"} <= loaded
    left_out = ("numba", "yaml", "numpy.ma.", "cnncalc.kernels.by_numba")
    assert [name for name in loaded if name.startswith(left_out)] == []


def test_the_probe_sees_numba_where_a_loop_is_compiled(tmp_path: Path) -> None:
    script = f"import os; os.environ['NUMBA_CACHE_DIR'] = {str(tmp_path)!r}\n{COMMAND}"
    loaded = modules_after(script, "run", "lenet5", "--image", "examples/digits/3.png")
    assert {"numpy", "numba", "PIL"} <= loaded
