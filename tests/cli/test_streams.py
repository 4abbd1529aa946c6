"""Streams that are closed, full, slow or endless: a clear message or silence, and never a fault of cnncalc."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cnncalc import reading
from cnncalc.diagnostics import InputError
from cnncalc.sources import LARGEST_FILE, find

from .conftest import NETS, Command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="descriptors and signals of POSIX")

CNNCALC = [sys.executable, "-m", "cnncalc"]
FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")

PRINTING = [
    ["summary", "small.txt"],
    ["summary", "small.txt", "--json"],
    ["run", "by_hand.txt"],
    ["check", "wrong_answers.txt"],
    ["quiz", "--no-verify"],
    ["fmt", "-"],
    ["convert", "small.txt", "--to", "json"],
    ["explain", "conv"],
    ["models"],
    ["filters"],
    ["version"],
    ["--help"],
    ["run", "--help"],
]
"""A command line of each kind that prints; `fmt -` reads its input from a pipe."""


def shell(line: str, *arguments: str, stdin: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Status, output and errors of `cnncalc ARGUMENTS` with the redirections of `line`."""
    script = f'exec "$0" -m cnncalc "$@" {line}'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=NETS,
        timeout=60,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


# ---------------------------------------------------------------------- output
@FULL
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_full_disk_is_said(arguments: list[str]) -> None:
    status, _, err = shell(">/dev/full", *arguments, stdin=b"input 8x8x1\n")
    assert (status, err.split("\n")[-2]) == (
        2,
        "error[cannot-write]: standard output cannot be written: no space left on device",
    )


@pytest.mark.parametrize("arguments", PRINTING[1::3], ids=" ".join)
def test_a_closed_output_is_said(arguments: list[str]) -> None:
    status, _, err = shell(">&-", *arguments)
    assert (status, err.split("\n")[-2]) == (2, "error[cannot-write]: standard output cannot be written: it is closed")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_that_becomes_full_loses_nothing_silently(unbuffered: str, tmp_path: Path) -> None:
    """With PYTHONUNBUFFERED Python itself drops what a short write leaves over, and says nothing."""
    script = f'ulimit -f 1; exec "$0" -m cnncalc convert resnet50 --to json >{tmp_path}/out.json'
    done = subprocess.run(
        ["/bin/sh", "-c", script, sys.executable],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    said = "error[cannot-write]: standard output cannot be written: file too large\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_what_is_written_without_an_output_needs_none(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    assert shell("<&- >&- 2>&-", "convert", "small.txt", "--to", "json", "-o", str(path)) == (0, "", "")
    assert path.read_text().startswith("{")


@pytest.mark.parametrize("line", ["2>&-", pytest.param("2>/dev/full", marks=FULL), ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", [["summary", "nowhere.txt"], ["summary", "--nonsense"], ["sumary"]], ids=" ".join)
def test_without_standard_error_the_status_still_says_it(line: str, arguments: list[str]) -> None:
    assert shell(line, *arguments) == (2, "", "")


def test_a_closed_standard_error_stays_out_of_files(tmp_path: Path) -> None:
    """The number of a closed stream is given to the next file that is opened."""
    path = tmp_path / "tidy.txt"
    path.write_text("Input 8x8x1\n")
    assert shell("<&- >&- 2>&-", "fmt", str(path)) == (0, "", "")
    assert path.read_text() == "input 8x8x1\n"


@pytest.mark.parametrize("arguments", [["models"], ["--help"]], ids=" ".join)
def test_a_reader_that_has_gone_is_no_fault(arguments: list[str]) -> None:
    with subprocess.Popen([*CNNCALC, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_pipe_that_does_not_wait_is_waited_for(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    text = "input 8x8x1\n" + "conv 4 1x1  # and a remark that makes the text longer than a pipe\n" * 3000
    (tmp_path / "long.txt").write_text(text)
    with subprocess.Popen([*CNNCALC, "convert", str(tmp_path / "long.txt"), "--to", "spec"], stdout=theirs) as process:
        os.close(theirs)
        with os.fdopen(ours) as reader:
            assert reader.read() == text
    assert process.returncode == 0


# ---------------------------------------------------------------------- input
def test_a_closed_input_is_said() -> None:
    assert shell("<&-", "summary", "-") == (2, "", "error[cannot-read]: <stdin> cannot be read: it is closed\n")
    assert shell("<&-", "summary", "small.txt")[0] == 0


def test_a_pipe_is_a_file_that_is_read_once(command: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    key = str(NETS / "small.txt")
    for arguments in (["summary", str(pipe)], ["explain", str(pipe)], ["grade", key, str(pipe)]):
        writer = threading.Thread(target=pipe.write_bytes, args=((NETS / "small.txt").read_bytes(),))
        writer.start()
        assert command(*arguments).status == 0
        writer.join()


@pytest.mark.parametrize("name", ["pipe", "-"])
def test_waiting_for_a_pipe_is_announced_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    os.mkfifo("pipe")
    ours, theirs = os.pipe()
    said: list[tuple[str, str]] = []

    def write(name: str, awaited: str) -> None:
        said.append((name, awaited))

        def later() -> None:
            with open(theirs if name == "<stdin>" else "pipe", "wb", buffering=0) as writer:
                writer.write(b"input 8x8x1\n")
                time.sleep(0.2)
                writer.write(b"conv 4 3x3\n")

        threading.Thread(target=later).start()

    with os.fdopen(ours) as stream, reading.on_wait(write):
        monkeypatch.setattr("sys.stdin", stream)
        assert find(name).text == "input 8x8x1\nconv 4 3x3\n"
    assert said == [("<stdin>" if name == "-" else name, "pipe")]
    if name == "pipe":
        os.close(theirs)


def test_a_terminal_is_announced_at_once() -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*CNNCALC, "summary", "-", "--json"], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        assert process.stderr is not None
        assert process.stderr.readline() == b"reading from the terminal; end with Ctrl-D, or stop with Ctrl-C\n"
        os.write(ours, b"input 8x8x1\n\x04")
        assert process.wait() == 0
    os.close(ours)


@pytest.mark.parametrize(
    "arguments",
    [
        ["summary", "/dev/zero"],
        ["check", "/dev/zero"],
        ["grade", "/dev/zero", "small.txt"],
        ["fmt", "--check", "/dev/zero"],
    ],
    ids=" ".join,
)
def test_an_endless_file_is_refused(command: Command, arguments: list[str]) -> None:
    outcome = command(*arguments)
    assert (outcome.status, outcome.err.split(":")[0]) == (2, "error[file-too-large]")


def test_an_endless_pipe_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        try:
            with pipe.open("wb", buffering=0) as file:
                while file.write(b"conv 4 3x3\n" * 1000):
                    pass
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(InputError, match=f"more than {LARGEST_FILE // 1_000_000} MB"):
        find(str(pipe))
    writer.join()


# ---------------------------------------------------------------------- signals
CTRL_C = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""A script in the background ignores Ctrl-C, and so do its children until they say otherwise."""

READY = CTRL_C + "import cnncalc.__main__ as start; print('ready', flush=True); sys.exit(start.main())"


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_while_starting_ends_in_silence(number: str) -> None:
    """At random moments, the loading of every module among them."""
    moments = random.Random(7)
    statuses = set()
    for _ in range(10):
        command = [sys.executable, "-c", READY, "summary", "-"]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.4))
            process.send_signal(getattr(signal, number))
            _, err = process.communicate()
        assert err == b""
        statuses.add(process.returncode)
    assert statuses <= ({130} if number == "SIGINT" else {143, -signal.SIGTERM})


def test_starting_imports_nothing_before_ctrl_c_is_caught() -> None:
    script = "import sys; before = set(sys.modules); import cnncalc.__main__; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) - {"gc"} == {"__future__", "cnncalc", "cnncalc.__main__"}


def test_a_killed_write_leaves_no_half_written_file(tmp_path: Path) -> None:
    script = (
        "import signal, sys, cnncalc.cli.signals as signals, cnncalc.destinations as destinations\n"
        "def fill(file):\n"
        "    file.write(b'half')\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "sys.exit(signals.end_as_asked(lambda: destinations.write_stream(sys.argv[1], fill)))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "out")], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (143, b"")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_that_nothing_can_raise_is_raised_again() -> None:
    """An interrupt in a finaliser is printed by Python and forgotten."""
    script = (
        f"{CTRL_C}import time, cnncalc.cli.signals as signals\n"
        "class Finalised:\n"
        "    def __del__(self): raise KeyboardInterrupt\n"
        "def command():\n"
        "    Finalised()\n"
        "    time.sleep(5)\n"
        "    return 0\n"
        "try: sys.exit(signals.end_as_asked(command))\n"
        "except KeyboardInterrupt: sys.exit(130)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


# ---------------------------------------------------------------------- memory
@pytest.mark.parametrize(
    ("fault", "said"),
    [(MemoryError(), "this needs more memory than there is"), (RecursionError(), "the input is nested too deeply")],
)
def test_no_memory_and_no_depth_left_are_said(
    command: Command, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("cnncalc.analysis.analyse", fail)
    outcome = command("summary", "small.txt")
    assert outcome.status == 2
    assert said in outcome.err


def test_a_library_that_cannot_be_loaded_is_no_fault_of_the_input_nor_of_cnncalc(tmp_path: Path) -> None:
    """So it is on a computer with too little memory for numpy, or with half an installation."""
    (tmp_path / "numpy.py").write_text(
        "raise ImportError('libblas.so: failed to map segment\\nand a page of advice')\n"
    )
    done = subprocess.run(
        [*CNNCALC, "run", "by_hand.txt"],
        cwd=NETS,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
    )
    assert (done.returncode, done.stderr.split("\n")[0]) == (
        2,
        (
            "error[library-not-loaded]: a library that this command needs cannot be loaded: "
            "libblas.so: failed to map segment"
        ),
    )
