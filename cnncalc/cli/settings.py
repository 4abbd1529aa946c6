"""`--set NAME=VALUE`, which may be repeated, as values by name."""

from __future__ import annotations

from cnncalc.diagnostics import input_error


def settings_of(options: list[str] | None) -> dict[str, str]:
    """The values by name; raises InputError for an option without `=`, and for a name that is set twice."""
    found: dict[str, str] = {}
    for option in options or ():
        name, equals, value = option.partition("=")
        if not equals or not name.strip():
            raise input_error(
                "wrong-setting",
                f"--set {option} has no name and value",
                help="write --set NAME=VALUE: --set classes=10",
            )
        if name.strip() in found:
            raise input_error("wrong-setting", f"--set {name.strip()} is given twice", help="keep one of the two")
        found[name.strip()] = value.strip()
    return found
