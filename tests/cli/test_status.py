"""How a command ends: the exit status, and what is said when something went wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from cnncalc.cli import main

from .conftest import NETS, Command

CNNCALC = [sys.executable, "-m", "cnncalc"]


def test_fine(command: Command) -> None:
    assert command("summary", "small.txt").status == 0
    assert command("version").out == "cnncalc 0.1.0\n"
    assert command("--help").status == 0


def test_wrong_answers_are_no_fault_of_a_summary(command: Command) -> None:
    assert command("summary", "wrong_answers.txt").status == 0


def test_version_and_help_are_found_as_in_other_programs(command: Command) -> None:
    assert command("--version") == command("version")
    assert command("help") == command("--help")
    assert command("help", "fmt") == command("fmt", "--help")


def test_no_command_shows_the_help(command: Command) -> None:
    outcome = command()
    assert outcome.status == 2
    assert "Usage: cnncalc" in outcome.out + outcome.err


def test_a_fault_of_our_own_is_said_without_a_traceback(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("the moon\x1b[31m")

    monkeypatch.setattr("cnncalc.analysis.analyse", break_down)
    outcome = command("summary", "small.txt")
    assert outcome.status == 70
    assert outcome.err == (
        "cnncalc 0.1.0 failed: ZeroDivisionError: the moon�[31m\n"
        "This is a fault of cnncalc, not of your input.  Please report it to its maintainers, with the command you\n"
        "gave, the model, and what the same command prints with CNNCALC_TRACEBACK=1 in front of it.\n"
    )
    monkeypatch.setenv("CNNCALC_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        main(["summary", str(NETS / "small.txt")])


def test_ctrl_c_ends_quietly(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cnncalc.analysis.analyse", interrupt)
    outcome = command("summary", "small.txt")
    assert (outcome.status, outcome.out, outcome.err) == (130, "", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for other processes")
def test_ctrl_c_in_a_real_process() -> None:
    """A script in the background ignores Ctrl-C, and so do its children until they say otherwise."""
    started = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [sys.executable, "-c", f"{started}from cnncalc.cli import main; sys.exit(main())", "summary", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    arguments = [*CNNCALC, "summary", str(NETS / "small.txt")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def test_python_m_is_the_same_command() -> None:
    done = subprocess.run([*CNNCALC, "version"], capture_output=True, text=True, check=True)
    assert done.stdout == "cnncalc 0.1.0\n"
