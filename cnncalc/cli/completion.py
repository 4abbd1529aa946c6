"""What may come next on a command line: commands, options, their values, names of networks, words and filters.

A shell calls `cnncalc` with the line so far in the environment (`completions/` holds the script of each shell) and
reads one proposal a line.  Names of files are left to the shell, which knows its own quoting.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.cli.command_list import COMMANDS

if TYPE_CHECKING:
    from cnncalc.graph.ir import Graph

ASKED, LINE = "_CNNCALC_COMPLETE", "_CNNCALC_LINE"
"""The variables of the environment that hold the name of the shell, and the line up to the cursor."""


class Proposal(NamedTuple):
    """A word that may come next and what it means; without a word, the name of any file."""

    word: str
    meaning: str = ""


FILES = Proposal("")


def proposals_text(shell: str, line: str) -> str:
    """The proposals in the form that the scripts of the shells read."""
    words, begun = words_of_line(line)
    option, equals, value = begun.partition("=")
    before = ""
    cut = begun.rfind(":") + 1 if shell == "bash" else 0  # where a word of its own begins there
    if begun.startswith("--") and equals:
        words, begun, before = [*words, option], value, "" if shell == "bash" else f"{option}="
    rows = []
    for proposal in proposals(words[1:], begun):
        meaning = " ".join(proposal.meaning.split())
        rows.append(f"word\t{before}{proposal.word[cut:]}\t{meaning}" if proposal.word else "files\t\t")
    return "".join(f"{row}\n" for row in rows)


def words_of_line(line: str) -> tuple[list[str], str]:
    """The whole words of a line and the one that is being written, which may be empty and lack its closing quote."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=False)
    reader.whitespace_split, reader.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(reader)
    except ValueError:  # a quote is still open
        return words, str(reader.token)
    return (words, "") if not words or line[-1:].isspace() else (words[:-1], words[-1])


def proposals(words: Sequence[str], begun: str) -> list[Proposal]:
    """What may follow the words behind `cnncalc`, of what starts with `begun`."""
    found = list(_possible(list(words), begun))
    fitting = {one.word: one for one in reversed(found) if one.word and one.word.startswith(begun)}
    return [*reversed(fitting.values()), *([FILES] if FILES in found else ())]


def _possible(words: list[str], begun: str) -> Iterator[Proposal]:
    if not words and not begun.startswith("-"):
        yield from _first_words(words, begun, ())
        return
    from cnncalc.cli.app import application  # what the commands take needs typer, their names do not

    group = application()
    at = _command_at(words, group.params)
    if at is None:
        yield from _first_words(words, begun, group.params)
        return
    name = words[at]
    if name == "help":
        yield from _commands()
    elif name in COMMANDS:
        yield from _of_command(name, words[at + 1 :], begun)


def _command_at(words: Sequence[str], options: Sequence[Any]) -> int | None:
    """The place of the command among the words; the options before it may have values."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if _valued(options, words[at]) else 1
    return at if at < len(words) else None


def _first_words(words: Sequence[str], begun: str, options: Sequence[Any]) -> Iterator[Proposal]:
    if words and (option := _valued(options, words[-1])):
        yield from _values("", option, begun)
    elif words[-1:] in (["--install-completion"], ["--show-completion"]):
        from cnncalc.cli.completion_scripts import SHELLS

        yield from map(Proposal, SHELLS)
    elif begun.startswith("-"):
        yield from _options(options, words)
        yield Proposal("--version", COMMANDS["version"])
        yield Proposal("--install-completion", "Complete words with the Tab key.")
        yield Proposal("--show-completion", "Print the script that does so.")
    else:
        yield from _commands()
        yield Proposal("help", "The help of a command.")


def _commands() -> Iterator[Proposal]:
    return (Proposal(*command) for command in COMMANDS.items())


def _of_command(name: str, words: Sequence[str], begun: str) -> Iterator[Proposal]:
    from cnncalc.cli.app import command_of

    parameters = command_of(name).params
    if "--" not in words:
        if words and (option := _valued(parameters, words[-1])):
            of_model = OF_MODEL.get((name, option.name))
            models = [*_plain_words(words[:-1], parameters)][:1]
            yield from of_model(models[0]) if of_model and models else _values(name, option, begun)
            return
        if begun.startswith("-"):
            yield from _options(parameters, words)
            return
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    given = list(_plain_words(words, parameters))
    if name == "explain" and given:
        yield from _lines(given[0])
    elif len(given) < len(arguments):
        yield from _values(name, arguments[len(given)], begun)
    elif arguments and arguments[-1].nargs == -1:
        yield from _values(name, arguments[-1], begun)


def _plain_words(words: Sequence[str], parameters: Sequence[Any]) -> Iterator[str]:
    """The words that are no options and no values of options."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and word != "-":
            skip = _valued(parameters, word) is not None
        else:
            yield word


def _valued(parameters: Sequence[Any], word: str) -> Any:
    """The option of this name, if it takes a value in the next word."""
    for one in parameters:
        if one.param_type_name == "option" and word in one.opts and not one.is_flag:
            return one
    return None


def _options(parameters: Sequence[Any], words: Sequence[str]) -> Iterator[Proposal]:
    """The options that are not given yet, or may be given again."""
    for one in parameters:
        names = [*one.opts, *one.secondary_opts] if one.param_type_name == "option" and not one.hidden else []
        if one.param_type_name == "option" and (one.multiple or not set(names) & set(words)):
            shown = one.secondary_opts if one.secondary_opts and one.default else one.opts
            for name in shown:
                yield Proposal(name, one.help or "")
    yield Proposal("--help", "Show the help of the command.")


# ---------------------------------------------------------------------- values
def _values(command: str, parameter: Any, begun: str) -> Iterator[Proposal]:
    """What an argument or an option takes: the words of a choice, names that are known, or files."""
    from cnncalc.cli.pages import choices_of

    choices = choices_of(parameter)
    if choices:
        yield from map(Proposal, choices)
        return
    known = KNOWN.get((command, parameter.name)) or KNOWN.get(("", parameter.metavar or ""))
    if known is not None:
        yield from known(begun)


def _networks(_begun: str) -> Iterator[Proposal]:
    from cnncalc.sources import shipped_names

    return (Proposal(name, "a network that ships") for name in shipped_names())


def _networks_and_files(begun: str) -> Iterator[Proposal]:
    if ":" in begun and (entries := list(_entries(begun))):
        yield from entries
        return
    yield from _networks(begun)
    yield FILES


_ENTRY = re.compile(r"^(?:class[ \t]+(\w+)|def[ \t]+(\w+)|(\w+)[ \t]*=(?!=))", re.MULTILINE)


def _entries(begun: str) -> Iterator[Proposal]:
    """What a program may define behind `net.py:`; none where there is no program of that name."""
    from cnncalc.diagnostics import InputError
    from cnncalc.dialects.recognising import is_program
    from cnncalc.sources import find, parted

    path = parted(begun)[0]
    try:
        source = find(path) if path != "-" else None
    except InputError:
        return
    if source is not None and is_program(source):
        text = source.text.replace("\\n", "\n").replace('"', "\n") if source.text.startswith("{") else source.text
        for found in _ENTRY.finditer(text):
            kinds = zip(found.groups(), ("a class", "a function", "a value"), strict=True)
            yield from (Proposal(f"{source.name}:{name}", kind) for name, kind in kinds if name)


def _files(_begun: str) -> Iterator[Proposal]:
    yield FILES


def _filters(_begun: str) -> Iterator[Proposal]:
    from cnncalc.layers.filters import FILTERS

    return (Proposal(name, "a filter") for name in FILTERS)


def _filters_and_files(begun: str) -> Iterator[Proposal]:
    yield from _filters(begun)
    yield FILES


def _notations(_begun: str) -> Iterator[Proposal]:
    from cnncalc.conversion.forms import forms

    return (Proposal(form.name, form.said) for form in forms().values())


def _listed(names: Iterable[str], begun: str) -> Iterator[Proposal]:
    """Names in a list with commas, of which `begun` has the first ones."""
    start = begun[: begun.rfind(",") + 1] or begun[: begun.startswith("+")]
    return (Proposal(f"{start}{name}") for name in names)


def _graph(model: str) -> Graph | None:
    """The network; None where it cannot be read."""
    from cnncalc.diagnostics import InputError
    from cnncalc.net_files import read
    from cnncalc.sources import find, is_model

    try:
        return read(find(model))[0] if is_model(model) else None
    except InputError:
        return None


def _lines(model: str) -> Iterator[Proposal]:
    """The names of the lines of a network, each with its text."""
    if (graph := _graph(model)) is None:
        return
    for row in graph.rows:
        yield Proposal(row.label or graph.nodes[row.first].name, row.text)


def _blocks(model: str) -> Iterator[Proposal]:
    """The blocks of a network that `draw --open` draws out."""
    from cnncalc.analysis import analyse
    from cnncalc.pictures.nets.net_items import block_names

    if (graph := _graph(model)) is not None:
        yield from (Proposal(name, "a block") for name in block_names(analyse(graph)))


def _columns(begun: str) -> Iterator[Proposal]:
    from cnncalc.report.column_choice import COLUMN_SETS
    from cnncalc.report.columns import COLUMNS

    return _listed((*COLUMNS, *COLUMN_SETS), begun)


def _numbers(_begun: str) -> Iterator[Proposal]:
    from cnncalc.report.ranking import SORTABLE

    return map(Proposal, SORTABLE)


def _charts(_begun: str) -> Iterator[Proposal]:
    from cnncalc.pictures.charts.net_chart import CHARTS

    return map(Proposal, CHARTS)


def _kinds(begun: str) -> Iterator[Proposal]:
    from cnncalc.homework.quiz.kinds import KINDS

    return _listed(KINDS, begun)


def _subjects(begun: str) -> Iterator[Proposal]:
    """What `explain` explains."""
    from cnncalc.diagnostics.catalogue import entries
    from cnncalc.layers.registry import LAYERS, WORDS
    from cnncalc.manual import GROUPS, pages

    yield from (Proposal(word, "a layer word") for word in (WORDS if begun else LAYERS))
    yield from (Proposal(page.name, page.sentence) for page in pages().values() if " " not in page.name)
    yield from (Proposal(name, "a list") for name in ("words", "codes", *GROUPS))
    yield from _networks(begun)
    yield from (Proposal(code, entry.meaning) for code, entry in entries().items())
    yield FILES


def _label_lists(_begun: str) -> Iterator[Proposal]:
    from cnncalc.sources import LABEL_LISTS

    yield from (Proposal(name, "a list that ships") for name in LABEL_LISTS)
    yield FILES


def _ways_to_resize(_begun: str) -> Iterator[Proposal]:
    from cnncalc.cli.picture_options import WAYS

    return map(Proposal, (*WAYS, "256"))


def _picture_words(_begun: str) -> Iterator[Proposal]:
    from cnncalc.layers.picture_words import USUAL

    return (Proposal(word, values.text) for word, values in USUAL.items())


def _measures(_begun: str) -> Iterator[Proposal]:
    from cnncalc.report.sweep_report import MEASURES

    return (Proposal(one.name, one.words) for one in MEASURES)


KNOWN: dict[tuple[str, str], Callable[[str], Iterator[Proposal]]] = {
    ("", "MODEL"): _networks_and_files,
    ("", "MODEL..."): _networks_and_files,
    ("", "FILE"): _files,
    ("", "FILE..."): _files,
    ("", "FILE.npz"): _files,
    ("", "FILE.csv"): _files,
    ("", "FILE.json"): _files,
    ("", "FOLDER"): _files,
    ("", "PATH"): _files,
    ("", "TABLE"): _files,
    ("", "KEY"): _files,
    ("", "SUBMISSION..."): _files,
    ("compare", "a"): _networks_and_files,
    ("compare", "b"): _networks_and_files,
    ("solve", "what"): _networks_and_files,
    ("sweep", "measure"): _measures,
    ("models", "name"): _networks,
    ("", "IMAGE"): _files,
    ("filters", "name"): _filters,
    ("filter", "name"): _filters_and_files,
    ("explain", "subject"): _subjects,
    ("convert", "to"): _notations,
    ("summary", "columns"): _columns,
    ("summary", "sort"): _numbers,
    ("quiz", "kinds"): _kinds,
    ("draw", "chart"): _charts,
    ("run", "labels"): _label_lists,
    ("run", "resize"): _ways_to_resize,
    ("run", "picture"): _picture_words,
}
"""The names that a parameter takes, by its command and name, else by the word in capitals that stands for them."""

OF_MODEL: dict[tuple[str, str], Callable[[str], Iterator[Proposal]]] = {
    ("draw", "opened"): _blocks,
    ("trace", "at"): _lines,
}
"""The names that an option takes of the network that is given before it, by its command and name."""
