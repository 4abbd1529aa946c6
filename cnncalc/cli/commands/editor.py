"""`cnncalc editor`: files for editors, written ready to use."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import Force

VSCODE_DIR = Annotated[
    str | None,
    typer.Option(
        "--vscode",
        metavar="DIR",
        help="Write an extension for Visual Studio Code into this folder; it needs no building.",
    ),
]
TEXTMATE_FILE = Annotated[
    str | None,
    typer.Option(
        "--textmate",
        metavar="FILE",
        help="Write the TextMate grammar alone, for Sublime Text, IntelliJ and other editors: net.tmLanguage.json.",
    ),
]


def editor(*, vscode: VSCODE_DIR = None, textmate: TEXTMATE_FILE = None, force: Force = False) -> int:
    """Write what an editor needs to show and check networks: an extension for VS Code, or a grammar for its colours.

    The extension starts a server that says sizes, parameters and faults while you type.
    """
    from cnncalc.cli.terminal import write_error
    from cnncalc.destinations import write_file
    from cnncalc.diagnostics import input_error

    if vscode is None and textmate is None:
        advice = "for example: cnncalc editor --vscode cnncalc-vscode"
        raise input_error("missing-argument", "--vscode DIR or --textmate FILE is missing", help=advice)
    if vscode is not None:
        _write_extension(vscode, force=force)
        write_error(
            f"{vscode} is written. In VS Code: Ctrl+Shift+P, Developer: Install Extension from Location..., and choose "
            f"it.\n{_missing_server()}"
        )
    if textmate is not None:
        from cnncalc.editor.vscode.extension_folder import is_grammar
        from cnncalc.editor.vscode.textmate_grammar import grammar_text

        write_file(textmate, grammar_text(), force=force, known=is_grammar)
        write_error(f"{textmate} is written: a TextMate grammar of the language, scope source.cnncalc.\n")
    return ExitStatus.FINE


def _write_extension(folder: str, *, force: bool) -> None:
    from cnncalc.editor.vscode.extension_folder import ENTRIES, extension_files, is_extension_file
    from cnncalc.whole_folders import whole_folder

    with whole_folder(folder, ENTRIES, force=force, known=is_extension_file) as staged:
        for name, text in extension_files(program_path()).items():
            staged.write(name, text)


def program_path() -> str:
    """Where the program is that runs now, as the extension starts it; empty where it has no file of its own."""
    ending = ".exe" if os.name == "nt" else ""
    path = os.path.join(os.path.dirname(os.path.abspath(sys.executable)), f"cnncalc{ending}")
    return path if os.path.isfile(path) else ""


def _missing_server() -> str:
    """What is left to install before the extension does more than colour."""
    from importlib.util import find_spec

    if find_spec("pygls") is not None:
        return ""
    return "Its server needs one more package: pip install 'cnncalc[editor]'\n"
