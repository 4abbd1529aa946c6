"""How long commands take to start: `python -m tests.house.start_times [WORD]`, on a quiet machine.

With a word, only the commands that have it in their lines are run.

Each command is run as a process of its own, several times, after one run that is not counted; shown is the median of
the whole process, in milliseconds, and what of it is importing: Python's and the libraries' modules, and ours.  The
shares are measured by `-X importtime` in further runs, which itself takes time: about a fifth too much.

Bytecode is kept in a folder of its own meanwhile.  Where none can be kept (PYTHONDONTWRITEBYTECODE is set, or nobody
may write to the folder of the package) every start compiles all sources again: 0.1 s more for `summary`, 0.4 for `run`.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cnncalc.cli.completion import ASKED, LINE

ROOT = Path(__file__).parents[2]
RUNS = 5
BARE = "python, nothing else"
COMMANDS = (
    "--help",
    "version",
    "summary lenet5",
    "summary resnet50",
    "check examples/model.txt",
    "explain conv",
    "run lenet5 --plan",
    "run mnist-convnet --image examples/digits/photographed-4.jpg",
    "run mobilenet-v2 --image examples/digits/photographed-4.jpg",
)
BEGUN = ("cnncalc summ", "cnncalc summary --", "cnncalc summary res")
"""What stands on a command line when the shell asks how it may go on."""

LONG_TEXTS = (1_000, 10_000)
"""Lines of texts whose table is timed too."""

IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def whole(words: list[str], settings: dict[str, str]) -> float:
    """Milliseconds of one process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *words], cwd=ROOT, env=settings, capture_output=True, check=False)
    return 1000 * (time.perf_counter() - began)


def imports(words: list[str], settings: dict[str, str]) -> tuple[float, float]:
    """Milliseconds in others' modules and in ours."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *words],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    times = [(int(took) / 1000, name) for took, name in IMPORTED.findall(done.stderr)]
    ours = sum(took for took, name in times if name.partition(".")[0] == "cnncalc")
    return sum(took for took, _ in times) - ours, ours


def measured(words: list[str], settings: dict[str, str]) -> tuple[float, float, float]:
    """The medians: whole process, others' modules, ours."""
    whole(words, settings)
    total = statistics.median(whole(words, settings) for _ in range(RUNS))
    shares = [imports(words, settings) for _ in range(RUNS)]
    return total, statistics.median(one for one, _ in shares), statistics.median(ours for _, ours in shares)


def completing(line: str, settings: dict[str, str]) -> dict[str, str]:
    """The settings with which a shell asks what may follow on a command line."""
    return {**settings, ASKED: "bash", LINE: line}


def long_text(folder: str, lines: int) -> str:
    """The name of a text of so many layers, one after the other."""
    path = Path(folder) / f"{lines}.txt"
    path.write_text("input 32x32x3\n" + "conv 16 3x3 pad 1 relu\n" * lines, encoding="utf-8")
    return str(path)


def main() -> None:
    """Prints the table."""
    print(f"{'milliseconds, median of ' + str(RUNS):62} whole  libraries   ours")
    with tempfile.TemporaryDirectory() as folder:
        settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        settings |= {"PYTHONPYCACHEPREFIX": folder, "PYTHONPATH": str(ROOT)}
        rows = [(BARE, ["-c", "pass"], settings)]
        rows += [(line, ["-m", "cnncalc", *line.split()], settings) for line in COMMANDS]
        rows += [(f"Tab after `{line}`", ["-m", "cnncalc"], completing(line, settings)) for line in BEGUN]
        rows += [
            (f"summary of {lines:,} lines", ["-m", "cnncalc", "summary", long_text(folder, lines)], settings)
            for lines in LONG_TEXTS
        ]
        for name, words, given in (row for row in rows if "".join(sys.argv[1:2]) in row[0]):
            total, libraries, ours = measured(words, given)
            print(f"{name:62} {total:5.0f}  {libraries:9.0f}  {ours:5.0f}", flush=True)


if __name__ == "__main__":
    main()
