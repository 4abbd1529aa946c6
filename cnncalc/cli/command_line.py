"""One command line carried out: a command, or what a shell asks to complete one."""

from __future__ import annotations

import os

from cnncalc.cli.exit_status import ExitStatus


def run(arguments: list[str]) -> None:
    """Runs one command; leaves by SystemExit with its status.  Raises InputError for a wrong command line."""
    if "_CNNCALC_COMPLETE" in os.environ or arguments[:1] in (["--install-completion"], ["--show-completion"]):
        _complete(arguments)
        return
    from cnncalc.cli.app import UsageError, application, command_of

    try:
        status = application()(_as_meant(arguments), prog_name="cnncalc", standalone_mode=False)
    except UsageError as error:
        from cnncalc.cli.usage_errors import wrong_usage

        raise wrong_usage(error, command_of) from None
    raise SystemExit(status if arguments else ExitStatus.BAD_INPUT)


def _complete(arguments: list[str]) -> None:
    """Helps a shell to complete command lines, or says how it may be helped."""
    from cnncalc.cli.completion import ASKED, LINE, proposals_text
    from cnncalc.cli.completion_scripts import install, show
    from cnncalc.cli.terminal import write

    if ASKED in os.environ:
        write(proposals_text(os.environ[ASKED], os.environ.get(LINE, "")))
    else:
        if len(arguments) > 2:
            from cnncalc.cli.usage_errors import extra_word

            raise extra_word(f"cnncalc {arguments[0]}", arguments[2], f"for example: cnncalc {arguments[0]} bash")
        act = install if arguments[0] == "--install-completion" else show
        act(arguments[1] if len(arguments) > 1 else None)


def _as_meant(arguments: list[str]) -> list[str]:
    """`help run` is `run --help`, as other programs have it; no word at all is `--help`."""
    if arguments[:1] not in ([], ["help"]):
        return arguments
    return ["--help"] if arguments[1:2] == ["help"] else [*arguments[1:], "--help"]
