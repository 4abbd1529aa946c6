"""Starting is instant because next to nothing is imported; the last test proves that the probe can fail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import NETS

HEAVY = {"numpy", "numba", "PIL", "safetensors", "pydantic", "rich", "yaml", "asyncio", "importlib.metadata"}
PROBE = "import sys; from cnncalc.cli import main; {before}; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"


def modules_of(*arguments: str, before: str = "pass") -> set[str]:
    """Every module in memory after a command has run in an interpreter of its own, printing to a pipe."""
    script = PROBE.format(before=before)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, cwd=NETS
    )
    return set(done.stderr.split("\n")[-2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["summary", "small.txt"],
        ["summary", "wrong_answers.txt", "--format", "json"],
        ["explain", "small.txt", "3"],
        ["explain", "kernel-too-large"],
        ["fmt", "--check", "small.txt"],
        ["convert", "small.txt", "--to", "json"],
        ["models"],
        ["filters", "sharpen"],
        ["version"],
        ["--help"],
        ["run", "--help"],
    ],
    ids=" ".join,
)
def test_a_command_that_runs_no_net_imports_nothing_heavy(arguments: list[str]) -> None:
    assert modules_of(*arguments) & HEAVY == set()


def test_a_summary_loads_only_the_layers_that_the_net_has() -> None:
    assert "cnncalc.layers.local" not in modules_of("summary", "small.txt")


def test_a_net_without_faults_or_options_loads_nothing_that_advises_or_changes_it() -> None:
    advice = {
        "cnncalc.graph.line_usage",
        "cnncalc.graph.other_layers",
        "cnncalc.graph.pasted",
        "cnncalc.graph.settings",
        "cnncalc.graph.other_size",
        "cnncalc.graph.size_advice",
        "cnncalc.graph.untaken",
        "cnncalc.analysis.field_terms",
    }
    assert modules_of("summary", "small.txt") & advice == set()


def test_one_command_does_not_load_the_others() -> None:
    loaded = {name for name in modules_of("summary", "small.txt") if name.startswith("cnncalc.cli.commands.")}
    assert loaded == {"cnncalc.cli.commands.summary"}


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["fmt", "--check", "small.txt"], ["filters"]])
def test_what_analyses_no_net_loads_no_analysis(arguments: list[str]) -> None:
    assert not any(name.startswith("cnncalc.analysis") for name in modules_of(*arguments))


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["summary", "--help"]], ids=" ".join)
def test_help_loads_nothing_of_nets_and_nothing_that_draws_tables(arguments: list[str]) -> None:
    loaded = modules_of(*arguments)
    rooms = {name.split(".")[1] for name in loaded if name.startswith("cnncalc.")}
    assert rooms == {"cli", "diagnostics", "listening", "reading", "report"}
    assert {name for name in loaded if name.startswith("cnncalc.report.")} == {
        "cnncalc.report.canvas",
        "cnncalc.report.paint",
    }
    assert "fractions" not in loaded


def test_few_classes_beside_layers_are_dataclasses_which_take_a_start_four_times_as_long_as_named_tuples() -> None:
    script = (
        "import sys; from cnncalc.cli import main; main(['summary', 'resnet50']);"
        "made = {c for name, m in list(sys.modules.items()) if name.startswith('cnncalc.') for c in vars(m).values()"
        " if isinstance(c, type) and '__dataclass_fields__' in vars(c)};"
        "print(*sorted(f'{c.__module__}.{c.__qualname__}' for c in made), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    made = done.stderr.split()
    assert "cnncalc.layers.conv.Conv" in made
    others = [name for name in made if not name.startswith("cnncalc.layers.")]
    assert len(others) <= 14, f"make a NamedTuple of it, or load it only where it is needed: {others}"


@pytest.mark.parametrize(("command", "collects"), [("summary", "False"), ("run", "True")])
def test_garbage_is_collected_only_where_arrays_come_and_go(command: str, collects: str) -> None:
    script = "import gc, sys; from cnncalc.__main__ import main; main(); print(gc.isenabled(), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script, command, "by_hand.txt"], capture_output=True, text=True, check=True, cwd=NETS
    )
    assert done.stderr.split()[-1] == collects


def test_importing_the_package_imports_nothing_at_all() -> None:
    script = "import sys; before = set(sys.modules); import cnncalc; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"__future__", "cnncalc"}


def test_the_probe_would_see_numpy() -> None:
    assert "numpy" in modules_of("summary", "small.txt", before="import numpy")
    assert "numpy" in modules_of("run", "by_hand.txt")
