"""`argparse`: every option of a program has its default."""

from __future__ import annotations

from typing import Any

from cnncalc.python.functions import Known
from cnncalc.python.objects import Instance
from cnncalc.python.program_error import Raised
from cnncalc.python.values import Arguments, Library, Reading, Unknown, Value

ACTIONS = {"store_true": False, "store_false": True, "count": None, "append": None}


def _converted(default: Any, kind: Any) -> Any:
    """A default that is written as a text is converted as one that is typed in."""
    makes = {"builtins.int": int, "builtins.float": float}.get(kind.name) if isinstance(kind, Library) else None
    if makes is None or not isinstance(default, str) or len(default) > 18:
        return default
    try:
        return makes(default)
    except ValueError:
        return default


class Options(Instance):
    """What `parse_args()` gives."""

    noun = "the options of the program"

    def __init__(self) -> None:
        super().__init__(None)

    def attribute(self, name: str, here: Reading) -> Any:
        if name in self.names:
            return self.names[name]
        raise Raised("AttributeError", f"the program has no option `{name}`", here.span)


class Parser(Value):
    """An `ArgumentParser` or a group of it."""

    noun = "a parser of options"

    def __init__(self, options: Options) -> None:
        self._options = options

    def attribute(self, name: str, here: Reading) -> Any:
        return Known(name, lambda arguments, here: self._called(name, arguments, here))

    def _called(self, name: str, arguments: Arguments, here: Reading) -> Any:
        if name == "add_argument":
            return self._add(arguments)
        if name == "set_defaults":
            self._options.names |= {key: one.value for key, one in arguments.keywords.items()}
            return None
        if name in ("parse_args", "parse_known_args"):
            return self._options if name == "parse_args" else (self._options, [])
        return (
            self
            if name in ("add_argument_group", "add_mutually_exclusive_group")
            else Unknown(f"`{name}` of {self.noun} is not read here", here.span)
        )

    def _add(self, arguments: Arguments) -> None:
        named = {key: one.value for key, one in arguments.keywords.items()}
        flags = [one for one in arguments.values if isinstance(one, str)]
        long = next((one for one in flags if one.startswith("--")), flags[0] if flags else "")
        name = named["dest"] if isinstance(named.get("dest"), str) else long.lstrip("-").replace("-", "_")
        action = named.get("action")
        default: Any = ACTIONS.get(action) if isinstance(action, str) else None
        if "default" in named:
            default = _converted(named["default"], named.get("type"))
        elif not long.startswith("-") or named.get("required"):
            default = Unknown(f"the option `{name}` has no default")
        self._options.names[name] = default
