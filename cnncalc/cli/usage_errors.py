"""A wrong command line in our own words: which command, what is wrong with it, the nearest right word, an example.

typer's parser finds what is wrong and raises one of its exceptions; they are told apart by what they carry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cnncalc.cli.command_list import COMMANDS
from cnncalc.cli.pages import choices_of, words_of
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.nearest import nearest

LONGEST_SHOWN = 60
"""Characters of a user's word that an error repeats."""

CommandOf = Callable[[str], Any]

NUMBERS = {"int": "a whole number", "float": "a number"}


def unknown_command(word: str, commands: Iterable[str]) -> InputError:
    """`cnncalc smmary`, and `cnncalc model.txt`, which names no command."""
    from cnncalc.sources import is_model

    near = nearest(word, commands)
    if near is None and is_model(word):
        return input_error(
            "unknown-command", f"`{_shown(word)}` is a network, not a command", help=f"write: cnncalc summary {word}"
        )
    return input_error(
        "unknown-command",
        f"there is no command called `{_shown(word)}`",
        help=f"did you mean `cnncalc {near}`?" if near else "`cnncalc --help` lists the commands",
    )


def wrong_usage(error: Any, command_of: CommandOf) -> InputError:
    """What typer's parser found, as an error of ours; `command_of` gives the command of a name."""
    ctx, parameter = error.ctx, getattr(error, "param", None)
    name = ctx.command_path if ctx is not None else "cnncalc"
    if hasattr(error, "possibilities"):
        return _unknown_option(name, ctx, error.option_name, command_of)
    if hasattr(error, "param_type"):
        return _missing(name, ctx, parameter)
    if hasattr(error, "option_name"):
        return _without_value(name, ctx, error.option_name)
    if parameter is not None:
        return _wrong_value(name, parameter, error.message)
    return _extra(name, ctx, error.message)


def _unknown_option(name: str, ctx: Any, option: str, command_of: CommandOf) -> InputError:
    known = [one for parameter in _options(ctx) for one in (*parameter.opts, *parameter.secondary_opts)]
    if name == "cnncalc":
        known += ["--version", "--install-completion", "--show-completion"]
    near = nearest(option, known)
    advice = _named_command(option) or _owner(option, command_of)
    if not advice:
        advice = f"did you mean `{near}`?{_example(ctx, near)}" if near else _see(name)
    if option[1:2].isdigit():
        advice = "a number has no minus sign here: leave it out"
    return input_error("no-such-option", f"`{name}` has no option `{_shown(option)}`", help=advice)


def _named_command(option: str) -> str:
    """The command that a word after two dashes is: `summary --memory`."""
    word = option.removeprefix("--")
    if word not in COMMANDS:
        return ""
    example = next((entry.name for entry in words_of(word).sections.get("Examples", ())), f"cnncalc {word}")
    return f"it is a command: {example}"


def _owner(option: str, command_of: CommandOf) -> str:
    """The commands that have this option, in words."""
    owners = [
        command for command in COMMANDS if any(option in parameter.opts for parameter in command_of(command).params)
    ]
    named = [f"`cnncalc {command}`" for command in owners]
    listed = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else "".join(named)
    return f"it is an option of {listed}" if named else ""


def _missing(name: str, ctx: Any, parameter: Any) -> InputError:
    what = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
    advice = _example_of(ctx) or _see(name)
    if what == "MODEL":
        advice += "; to start a network of your own: cnncalc init -o model.txt"
    return input_error("missing-argument", f"`{name}` needs {what}", help=advice)


def _without_value(name: str, ctx: Any, option: str) -> InputError:
    parameter = next((one for one in _options(ctx) if option in one.opts), None)
    if parameter is None or parameter.is_flag:
        return input_error("wrong-value", f"`{option}` of `{name}` takes no value", help=f"write it alone: {option}")
    what = parameter.metavar or parameter.name.upper()
    words = choices_of(parameter)
    advice = f"write {option} {words[0]}: it is one of {', '.join(words)}" if words else _example_with(ctx, option)
    return input_error("value-not-given", f"`{option}` of `{name}` needs a value: {what}", help=advice or _see(name))


def _wrong_value(name: str, parameter: Any, message: str) -> InputError:
    option = max(parameter.opts, key=len) if parameter.param_type_name == "option" else parameter.metavar
    value = _value_in(message)
    words = choices_of(parameter)
    if words:
        near = nearest(value, words)
        meant = f"{option} {near}" if option.startswith("-") else near
        meant = f"did you mean `{meant}`? " if near else ""
        listed = f"it is one of {', '.join(words[:-1])} or {words[-1]}"
        return input_error("wrong-value", f"`{_shown(value)}` is no value for `{option}`", help=f"{meant}{listed}")
    kind = next((said for word, said in NUMBERS.items() if parameter.type.name.startswith(word)), "")
    if not kind:
        return input_error("wrong-value", f"`{option}`: {message.rstrip('.')}", help=_see(name))
    limits = _limits(parameter.type)
    return input_error(
        "wrong-value",
        f"`{_shown(value)}` is no value for `{option}`",
        help=f"give {kind}{f' {limits}' if limits else ''}",
    )


def _value_in(message: str) -> str:
    """The value that a message of the parser quotes, or begins with."""
    found = re.match(r"(?:(['\"])(?P<quoted>.*)\1|(?P<bare>\S+)) is not ", message, re.DOTALL)
    return (found["quoted"] if found["quoted"] is not None else found["bare"]) if found else message


def _limits(type: Any) -> str:
    low, high = getattr(type, "min", None), getattr(type, "max", None)
    if low is not None and high is not None:
        return f"from {low:g} to {high:,}".replace(",", "")
    return f"of at least {low:g}" if low is not None else f"of at most {high:g}" if high is not None else ""


def _extra(name: str, ctx: Any, message: str) -> InputError:
    word = re.search(r"argument(?:\(s\)|s)? \((.*)\)", message, re.DOTALL)
    if word is None:
        return input_error("wrong-value", f"`{name}`: {message.rstrip('.')}", help=_see(name))
    return extra_word(name, word[1], _example_of(ctx) or f"it takes nothing more; {_see(name)}")


def extra_word(name: str, word: str, advice: str) -> InputError:
    """A command was given a word that it has no use for."""
    return input_error("extra-argument", f"`{name}` has no use for `{_shown(word)}`", help=advice)


def two_formats(name: str, format: str) -> InputError:
    """`--json` with another `--format`."""
    return input_error(
        "two-formats",
        f"`{name}` was given both --json and --format {format}",
        help="leave one of them out: --json means --format json",
    )


# ---------------------------------------------------------------------- examples and words
def _options(ctx: Any) -> Sequence[Any]:
    parameters = ctx.command.get_params(ctx) if ctx is not None else ()
    return [one for one in parameters if one.param_type_name == "option" and not one.hidden]


def _examples(ctx: Any) -> list[str]:
    return [entry.name for entry in words_of(ctx.command.name).sections.get("Examples", ())] if ctx is not None else []


def _example_of(ctx: Any) -> str:
    """The first example of a command."""
    return next((f"for example: {line}" for line in _examples(ctx)), "")


def _example_with(ctx: Any, option: str) -> str:
    """An example with the option, else the first."""
    return next((f"for example: {line}" for line in _examples(ctx) if option in line.split()), "")


def _example(ctx: Any, option: str) -> str:
    found = _example_with(ctx, option)
    return f" {found.capitalize().replace('Cnncalc', 'cnncalc')}" if found else ""


def _see(name: str) -> str:
    return f"`{name} --help` says what it takes"


def _shown(word: str) -> str:
    return word if len(word) <= LONGEST_SHOWN else f"{word[:LONGEST_SHOWN]}..."
