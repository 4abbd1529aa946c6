"""The commands by name.  A command's module is imported when the command is called, so that starting stays instant."""

from __future__ import annotations

import functools
import gc
import inspect
from collections.abc import Callable
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cnncalc.cli.command_list import COMMANDS, GROUPS
from cnncalc.cli.optional_values import with_usual_value
from cnncalc.cli.parameters import ColorChoice, Width
from cnncalc.reading import STANDARD_INPUT

OBJECTS_KEPT = 200_000
"""New objects before garbage is looked for: numpy and others make 150,000 while they load, and none is any (0.08 s)."""

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}

UsageError: Any = typer.BadParameter.__bases__[0]
"""What the parser of the command line raises; typer has no public name for it."""


class WithPage:
    """A command whose help is a page of our own."""

    def get_help(self, ctx: Any) -> str:
        from cnncalc.cli.pages import page

        return page(ctx)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        option.help, option.callback = "Show this page.", _show_page
        return option

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        except UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        return rest


class OneCommand(WithPage, TyperCommand):
    """`cnncalc summary`, and every other one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        args = [f"{STANDARD_INPUT}{word[1:]}" if word.startswith("-:") else word for word in args]  # it is no option
        args = with_usual_value(self.name or "", args)
        if "--" not in args:
            args = sorted(args, key=lambda word: word in ctx.help_option_names)  # --color and --width are heard first
        rest = super().parse_args(ctx, args)
        chosen = ctx.params.get("format")
        asked = getattr(chosen, "value", chosen)
        if ctx.params.get("json") and asked != "json" and ctx.get_parameter_source("format").name == "COMMANDLINE":
            from cnncalc.cli.usage_errors import two_formats

            raise two_formats(ctx.command_path, asked)
        return rest


class Commands(WithPage, TyperGroup):
    """Looks a command up when it is asked for."""

    def get_help(self, ctx: Any) -> str:
        from cnncalc.cli.pages import page

        return page(ctx, GROUPS)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[:1] if args and args[0] in ctx.help_option_names else []
        return super().parse_args(ctx, [*_with_version(args[len(first) :]), *first])

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        return command_of(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from cnncalc.cli.usage_errors import unknown_command

            raise unknown_command(args[0], COMMANDS)
        return super().resolve_command(ctx, args)


def application() -> Any:
    """The whole command line."""
    app = typer.Typer(
        name="cnncalc", cls=Commands, add_completion=False, rich_markup_mode=None, context_settings=HELP_OPTIONS
    )
    app.callback()(_options)
    return typer.main.get_command(app)


def _show_page(ctx: Any, _option: Any, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from cnncalc.cli.terminal import write

        write(ctx.get_help() + "\n")
        ctx.exit()


def _with_version(arguments: list[str]) -> list[str]:
    """`--version` and `-V` before any command are `version`, as other programs have it."""
    start = next((n for n, word in enumerate(arguments) if word in COMMANDS), len(arguments))
    leading = ("version" if word in ("--version", "-V") else word for word in arguments[:start])
    return [*leading, *arguments[start:]]


def _options(*, color: ColorChoice = None, width: Width = None) -> None:
    """The options that every command has, before its name and after it."""


def command_of(name: str) -> Any:
    """The command of this name, whose module is imported now."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(import_module(f"cnncalc.cli.commands.{name}"), name)
    app.command(name, cls=OneCommand, short_help=COMMANDS[name], context_settings=HELP_OPTIONS)(_leaving(function))
    return typer.main.get_command(app)


def _leaving(command: Callable[..., int]) -> Callable[..., None]:
    """The command with the options that every one has, leaving with the status it returns.

    Its own are parameters, or the fields of the one dataclass that it takes.
    """
    own = inspect.signature(command, eval_str=True)
    record = _record_of(own)
    if record is not None:
        own = inspect.signature(record, eval_str=True)
    every = inspect.signature(_options, eval_str=True).parameters
    shared = {name: option for name, option in every.items() if name not in own.parameters}  # draw has its own --width

    @functools.wraps(command)
    def leave(*arguments: Any, **options: Any) -> None:
        asked = {name: value for name, value in options.items() if name not in shared}
        if command.__name__ in ("run", "bench", "filter"):
            gc.set_threshold(OBJECTS_KEPT)
            gc.enable()  # arrays come and go
        raise typer.Exit(command(*arguments, **asked) if record is None else command(record(*arguments, **asked)))

    leave.__signature__ = own.replace(parameters=[*own.parameters.values(), *shared.values()])  # type: ignore[attr-defined]
    return leave


def _record_of(command: inspect.Signature) -> type[Any] | None:
    """The dataclass that a command takes all its options in; None for one that takes each by itself."""
    kinds = [one.annotation for one in command.parameters.values()]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], type) and is_dataclass(kinds[0]) else None
