"""The commands by name.  A command's module is imported when the command is called, so that starting stays instant."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from cnncalc.cli.parameters import ColorChoice, Width

COMMANDS = {
    "summary": "The table of a network: shapes, parameters, multiply-adds.",
    "run": "Execute a network and confirm every number of its table.",
    "explain": "The formulas with the numbers put in; a word; an error.",
    "check": "Your own answers: which are right, with hints.",
    "grade": "A class: points, and the slip behind each mistake.",
    "quiz": "Exercises with verified answers, one variant a student.",
    "fmt": "Rewrite files in the canonical spelling.",
    "convert": "A network in another notation.",
    "models": "The networks that ship with cnncalc.",
    "filters": "The built-in image filters.",
    "bench": "Time networks, beside PyTorch and ONNX Runtime.",
    "version": "Which cnncalc this is.",
}
"""Each is the function of that name in `cnncalc.cli.commands.<name>`; with its line in `--help`, in this order."""

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}

ABOUT = """Calculate a convolutional network by formula, and confirm every number by running it.

MODEL is a text file, `-` for standard input, or the name of a network that ships (cnncalc models).

\b
  cnncalc summary lenet5                  a network that ships
  cnncalc summary model.txt               your own
  cnncalc run lenet5 --image digit.png    execute it on a picture
  cnncalc explain lenet5 conv2            where its numbers come from
  cnncalc models lenet5 > model.txt       a text to begin with
"""


class Commands(TyperGroup):
    """Looks a command up when it is asked for."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(_unknown(args[0]))
        return super().resolve_command(ctx, args)


def run(arguments: list[str]) -> None:
    """Runs one command; leaves by SystemExit with its status."""
    app = typer.Typer(cls=Commands, add_completion=False, rich_markup_mode=None, context_settings=HELP_OPTIONS)
    app.callback(help=ABOUT, no_args_is_help=True)(_options)
    typer.main.get_command(app)(_as_meant(arguments), prog_name="cnncalc")


def _as_meant(arguments: list[str]) -> list[str]:
    """`--version` is `version`, `help run` is `run --help`, as other programs have it."""
    if arguments == ["--version"]:
        return ["version"]
    return [*arguments[1:2], "--help"] if arguments[:1] == ["help"] else arguments


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection: a net is one large tree that lives to the end (a third less time for 10,000 lines)."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _options(*, color: ColorChoice = None, width: Width = None) -> None:
    """The options that every command has, before its name and after it."""


def _command(name: str) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(import_module(f"cnncalc.cli.commands.{name}"), name)
    app.command(name, short_help=COMMANDS[name], context_settings=HELP_OPTIONS)(_leaving(function))
    return typer.main.get_command(app)


def _leaving(command: Callable[..., int]) -> Callable[..., None]:
    """The command with the options that every one has, leaving with the status it returns."""

    own = inspect.signature(command, eval_str=True)
    shared = inspect.signature(_options, eval_str=True).parameters

    @functools.wraps(command)
    def leave(*arguments: Any, **options: Any) -> None:
        asked = {name: value for name, value in options.items() if name not in shared}
        with contextlib.nullcontext() if command.__name__ in ("run", "bench") else uncollected():
            status = command(*arguments, **asked)
        raise typer.Exit(status)

    leave.__signature__ = own.replace(parameters=[*own.parameters.values(), *shared.values()])  # type: ignore[attr-defined]
    return leave


def _unknown(word: str) -> str:
    near = get_close_matches(word, COMMANDS, 1)
    if near:
        return f"There is no command `{word}`. Did you mean `cnncalc {near[0]}`?"
    from cnncalc.sources import is_model

    if is_model(word):
        return f"`{word}` is a model, not a command. Did you mean `cnncalc summary {word}`?"
    return f"There is no command `{word}`. The commands are: {', '.join(COMMANDS)}."
