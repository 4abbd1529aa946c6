"""Progress counts real work, goes up to the whole of it, is seen on a terminal only, and can be switched off."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.runtime.confirmation import confirm
from cnncalc.runtime.weights import load, save, seeded
from cnncalc.runtime.work_done import heard_by, say_done

ROOT = Path(__file__).parents[2]
DIGIT = ROOT / "examples" / "digits" / "7.png"
NET = "input 8x8x3\nconv 4 3x3 relu\nmaxpool 2x2\nflatten\ndense 5\n"
PARAMS = 3 * 3 * 3 * 4 + 4 + 3 * 3 * 4 * 5 + 5

Heard = list[tuple[str, int, int]]


def on_terminal(
    *arguments: str, folder: Path = ROOT, columns: int = 100, environment: dict[str, str] | None = None
) -> str:
    """What a command writes on standard error when that is a terminal; escapes are taken out."""
    terminal, end = pty.openpty()
    known = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT), "COLUMNS": str(columns), **(environment or {})}
    with subprocess.Popen(
        [sys.executable, "-m", "cnncalc", *arguments],
        cwd=folder,
        env=known,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=end,
    ) as process:
        os.close(end)
        shown = b""
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
    os.close(terminal)
    assert process.returncode in (0, 1)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode("utf-8", "replace"))


def shares(text: str, what: str) -> list[int]:
    """How much was done each time that this was shown."""
    return [int(done.replace(",", "")) for done in re.findall(rf"{what}[^\r\n]*? ([\d,]+) of [\d,]+", text)]


def test_drawing_counts_every_number_up_to_all_of_them() -> None:
    graph, _ = load_graph(Source("n.txt", NET))
    heard: Heard = []
    with heard_by(lambda *event: heard.append(event)):
        seeded(analyse(graph), 0)
    assert {what for what, _, _ in heard} == {"drawing random weights"}
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)
    assert heard[-1][1:] == (PARAMS, PARAMS)


def test_a_run_says_what_it_prepares_and_runs_and_none_of_it_is_full_before_it_is_done() -> None:
    graph, _ = load_graph(Source("n.txt", NET))
    analysis = analyse(graph)
    weights = seeded(analysis, 0)
    heard: Heard = []
    with heard_by(lambda *event: heard.append(event)):
        confirm(analysis, weights, {"input1": np.zeros((3, 3, 1, 8, 8), np.float32)})
    phases = list(dict.fromkeys(what for what, _, _ in heard if not what.startswith("compiling")))
    assert phases == ["preparing the engine", "packing weights", "running all pictures", "timing each step"]
    assert all(done < total for _, done, total in heard)


def test_reading_weights_counts_the_arrays(tmp_path: Path) -> None:
    graph, _ = load_graph(Source("n.txt", NET))
    analysis = analyse(graph)
    save(tmp_path / "w.npz", seeded(analysis, 0).arrays)
    heard: Heard = []
    with heard_by(lambda *event: heard.append(event)):
        load(tmp_path / "w.npz", analysis)
    assert heard == [("reading weights", done, 4) for done in range(4)]


def test_nobody_hears_after_the_work() -> None:
    heard: Heard = []
    with heard_by(lambda *event: heard.append(event)):
        say_done("a", 1, 2)
    say_done("b", 2, 2)
    assert heard == [("a", 1, 2)]


def test_a_terminal_shows_kernels_that_are_compiled_and_what_is_prepared(tmp_path: Path) -> None:
    shown = on_terminal(
        "run", "lenet5", "--seed", "1", "--image", str(DIGIT), environment={"NUMBA_CACHE_DIR": str(tmp_path)}
    )
    assert "running the layers: compiling kernel 1" in shown or "preparing the engine: compiling kernel 1" in shown
    counts = re.findall(r"compiling kernels, once on this machine[^\r\n]*? (\d+) of (\d+)", shown)
    assert len({total for _, total in counts}) == 1
    assert all(int(done) < int(total) for done, total in counts)
    again = on_terminal(
        "run", "lenet5", "--seed", "1", "--image", str(DIGIT), environment={"NUMBA_CACHE_DIR": str(tmp_path)}
    )
    assert "compiling" not in again


def test_a_narrow_terminal_has_room_for_what_and_how_much() -> None:
    shown = on_terminal("run", "alexnet", "--image", str(DIGIT), columns=40)
    assert re.search(r"drawing random weights +\d+ %", shown)
    assert "━" not in shown


@pytest.mark.parametrize("command", [["run", "lenet5", "--image", str(DIGIT)], ["grade", "key.txt", "submissions"]])
def test_nothing_is_shown_where_it_is_not_wanted(command: list[str]) -> None:
    assert "━" not in on_terminal(*command, "--no-progress", folder=ROOT / "examples" / "homework")


def test_grading_counts_the_submissions(tmp_path: Path) -> None:
    homework = ROOT / "examples" / "homework"
    text = (homework / "submissions" / "12345.txt").read_text(encoding="utf-8")
    for number in range(300):
        (tmp_path / f"{number}.txt").write_text(text.replace("12345", str(number)), encoding="utf-8")
    shown = on_terminal("grade", str(homework / "key.txt"), str(tmp_path))
    counts = shares(shown, "grading")
    assert counts == sorted(counts)
    assert counts
    assert max(counts) < 300


def test_a_pipe_gets_no_bar() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cnncalc", "run", "lenet5", "--image", str(DIGIT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
