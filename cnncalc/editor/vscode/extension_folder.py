"""The files of an extension for VS Code that works as it is written: nothing is built and nothing is downloaded."""

from __future__ import annotations

import json
import os
from typing import Any

from cnncalc import __version__
from cnncalc.editor.vscode.textmate_grammar import SCOPE, grammar_text

LANGUAGE = "cnncalc"
AS_THEY_ARE = ("extension.js", "language-configuration.json", "README.md")
GRAMMAR_FILE = "syntaxes/cnncalc.tmLanguage.json"
ENTRIES = ("LICENSE", "README.md", "extension.js", "language-configuration.json", "package.json", "syntaxes")
"""Everything in the folder."""

_HERE = os.path.dirname(__file__)
_FIRST_LINE = r"^\s*(?:title\s+\S|input\s+(?:[0-9$]|from\s)|#.*\bcnncalc\b)"
"""What the first line of a network looks like, for files without an ending."""


def extension_files(command: str) -> dict[str, str]:
    """Path in the folder -> text.  `command` is where the program is that the server is started with; may be empty."""
    package = json.dumps(_package(command), indent=2) + "\n"
    return {
        "package.json": package,
        GRAMMAR_FILE: grammar_text(),
        **{name: _text(os.path.join(_HERE, name)) for name in AS_THEY_ARE},
        "LICENSE": _text(os.path.join(_HERE, "..", "..", "LICENSE")),
    }


def is_extension_file(beginning: bytes) -> bool:
    """Whether a file begins as one of an earlier extension folder does."""
    return b"cnncalc" in beginning or beginning.startswith(b"MIT License")


def is_grammar(beginning: bytes) -> bool:
    """Whether a file begins as an earlier grammar does; nothing else is replaced by one unasked."""
    return beginning.lstrip().startswith(b"{") and f'"scopeName": "{SCOPE}"'.encode() in beginning


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _package(command: str) -> dict[str, Any]:
    return {
        "name": "cnncalc",
        "displayName": "cnncalc",
        "description": "Convolutional networks as text: sizes, parameters and faults while you type",
        "version": __version__,
        "publisher": "cnncalc",
        "license": "MIT",
        "categories": ["Programming Languages", "Linters", "Education"],
        "engines": {"vscode": "^1.75.0"},
        "main": "./extension.js",
        "activationEvents": [f"onLanguage:{LANGUAGE}"],
        "capabilities": {
            "untrustedWorkspaces": {
                "supported": "limited",
                "description": "The program that is started can be chosen by the settings of a trusted folder only.",
                "restrictedConfigurations": ["cnncalc.command"],
            },
            "virtualWorkspaces": True,
        },
        "cnncalc": {"command": command},
        "contributes": {
            "languages": [
                {
                    "id": LANGUAGE,
                    "aliases": ["cnncalc", "CNN calculator"],
                    "extensions": [".cnn"],
                    "firstLine": _FIRST_LINE,
                    "configuration": "./language-configuration.json",
                }
            ],
            "grammars": [{"language": LANGUAGE, "scopeName": SCOPE, "path": f"./{GRAMMAR_FILE}"}],
            "commands": [
                _command("readAsNetwork", "Read this text as a network"),
                _command("showTable", "Show the table"),
                _command("restartServer", "Restart the server"),
            ],
            "configuration": {"title": "cnncalc", "properties": _settings()},
        },
    }


def _command(name: str, title: str) -> dict[str, str]:
    return {"command": f"cnncalc.{name}", "title": title, "category": "cnncalc"}


def _settings() -> dict[str, Any]:
    return {
        "cnncalc.command": {
            "type": "string",
            "default": "",
            "scope": "machine-overridable",
            "description": "The cnncalc to start. Empty: the one that wrote this extension, or the one on the PATH.",
        },
        "cnncalc.hints": {
            "type": "array",
            "items": {"type": "string", "enum": ["shape", "params", "macs"]},
            "uniqueItems": True,
            "default": ["shape", "params"],
            "description": "What is shown at the end of each line.",
        },
        "cnncalc.answers": {
            "type": "string",
            "enum": ["marks", "right", "off"],
            "enumDescriptions": [
                "Mark the answers after => as right or wrong.",
                "Mark them, and say what is right.",
                "Say nothing of answers.",
            ],
            "default": "marks",
            "description": "What is shown of the answers in a text.",
        },
    }
