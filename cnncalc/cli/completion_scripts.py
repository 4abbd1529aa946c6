"""`--show-completion` and `--install-completion`: the script of a shell, and where the shell finds it.

Installing writes one script of our own and, for the shells that need it, adds one line to the end of the user's start
file, unless it is there; everything else in that file stays, and what was done is said.
"""

from __future__ import annotations

import os
import subprocess
from typing import NamedTuple

from cnncalc.cli.terminal import write, write_data
from cnncalc.destinations import make_folder, write_file
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.nearest import did_you_mean

SHELLS = {"bash": "cnncalc.bash", "zsh": "cnncalc.zsh", "fish": "cnncalc.fish", "powershell": "cnncalc.ps1"}
"""The file in `completions/` for each shell."""

ALIASES = {"pwsh": "powershell"}


class Place(NamedTuple):
    """Where a shell's script goes; the start file that must read it, with the line that does."""

    script: str
    start_file: str = ""
    line: str = ""


def show(shell: str | None) -> None:
    """Prints the script, for packagers and for shells that are set up by hand."""
    write_data(script(_known(shell)))


def install(shell: str | None) -> None:
    """Writes the script, makes the shell read it, and says what was done."""
    name = _known(shell)
    place = _place(name)
    make_folder(os.path.dirname(place.script))
    write_file(place.script, script(name), known=lambda beginning: b"Completion of cnncalc for" in beginning)
    said = [f"The completion of {name} is written to {place.script}"]
    if place.start_file:
        said.append(_line_added(place))
    write("".join(f"{line}.\n" for line in (*said, f"It works in the next {name} that you start")))


def script(shell: str) -> str:
    """The script of a shell as it ships."""
    path = os.path.join(os.path.dirname(__file__), "completions", SHELLS[shell])
    with open(path, encoding="utf-8") as file:
        return file.read()


def _line_added(place: Place) -> str:
    """Adds the line to the start file unless it has it; says which."""
    path = place.start_file
    before = _content(path)
    if place.line in before.split("\n"):
        return f"{path} reads it already, and is left as it is"
    make_folder(os.path.dirname(path))
    between = "\n" if before and not before.endswith("\n") else ""
    write_file(path, f"{before}{between}{place.line}\n", force=True)
    return f"This line was added to the end of {path}:\n    {place.line}\nNothing else in it was changed"


def _content(path: str) -> str:
    """What a start file holds; nothing if it is not there.  Bytes that are no UTF-8 would be lost: they are refused."""
    if not os.path.exists(path):
        return ""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        raise _by_hand(f"{path} cannot be read as UTF-8 text, so it is left as it is") from None


def _known(shell: str | None) -> str:
    if shell is None:
        return _running_shell()
    name = ALIASES.get(shell.lower(), shell.lower())
    if name not in SHELLS:
        known = f"the shells are {', '.join(SHELLS)}"
        raise input_error(
            "unknown-shell",
            f"there is no completion for a shell called `{shell[:40]}`",
            help=did_you_mean(shell, SHELLS, known),
        )
    return name


def _running_shell() -> str:
    """The shell from which we were started."""
    import shellingham  # type: ignore[import-untyped]

    try:
        name, _ = shellingham.detect_shell()
    except (shellingham.ShellDetectionFailure, OSError):
        name = ""
    if ALIASES.get(name, name) not in SHELLS:
        raise input_error(
            "unknown-shell",
            "it is not clear which shell this is",
            help=f"name it: cnncalc --install-completion {' or '.join(SHELLS)}",
        )
    return str(ALIASES.get(name, name))


def _place(shell: str) -> Place:
    home = os.path.expanduser("~")
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    if shell == "fish":
        config = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
        return Place(os.path.join(config, "fish", "completions", SHELLS[shell]))
    path = os.path.join(data, "cnncalc", SHELLS[shell])
    if shell == "powershell":
        return Place(path, _profile(), f". '{path}'")
    start = (
        os.path.join(home, ".bashrc") if shell == "bash" else os.path.join(os.environ.get("ZDOTDIR") or home, ".zshrc")
    )
    return Place(path, start, f"[ -r '{path}' ] && . '{path}'")


def _profile() -> str:
    """PowerShell's start file, which it alone knows."""
    for program in ("pwsh", "powershell"):
        try:
            done = subprocess.run(
                [program, "-NoProfile", "-Command", "$PROFILE"], capture_output=True, text=True, check=True, timeout=60
            )
        except (OSError, subprocess.SubprocessError):
            continue
        if done.stdout.strip():
            return done.stdout.strip()
    raise _by_hand("PowerShell is not found, so its start file is not known")


def _by_hand(message: str) -> InputError:
    return input_error(
        "unknown-shell", message, help="print the script and place it yourself: cnncalc --show-completion"
    )
