"""Where a model's text comes from: a file, standard input, or the name of a network that ships.

Behind a colon stands which of the models of a program is meant: `net.py:ResNet18(num_classes=10)`.

`find` reads it and refuses, with one clear error, whatever is not the text of a model: a missing file, a directory,
something enormous, something binary, a text in another encoding.  It knows neither the model language nor any other
notation; line ends and a byte-order mark are the only things it changes.
"""

from __future__ import annotations

import os
from typing import NoReturn

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.reading import STANDARD_INPUT, content_of

LARGEST_FILE = 5_000_000
"""Bytes.  A network of 10,000 lines has about 300,000."""

LONGEST_PATH = 4096
"""Characters of MODEL in which the colon before an entry is looked for."""

_ENDINGS = (".py", ".ipynb", ".txt", ".json", ".prototxt", ".cfg")
"""How names end that are meant as files, also where there is none of that name."""

_BINARY = {".onnx": "onnx"}
"""How names of nets end that have no mark of their own in their first bytes and are no texts -> their notations."""

_MARKS = (b"\x89HDF", b"PK\x03\x04")
"""First bytes of files that may be whole nets and are no texts."""

LABEL_LISTS = ("imagenet", "coco", "voc")
"""Names of classes that ship: 1,000 of ImageNet, 80 of COCO, 20 of Pascal VOC, in the order of published weights."""

_ZOO = os.path.join(os.path.dirname(__file__), "zoo")
_PLAIN = bytes((*range(32, 127), *b"\t\n\r\f"))
"""Bytes of English texts."""
_NO_LAYER = (b"{", b"%", b"<", b"version http")
"""How plain texts begin that are none of a network's layers: JSON, PDF, web pages, pointers to files elsewhere."""
_OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def find(name: str) -> Source:
    """The text that MODEL means on the command line: `-`, a file, a shipped network (a file wins), or a net itself.

    What stands behind a colon is the `entry` of the source.  Raises InputError for what cannot be read as text.
    """
    path, _ = parted(name)
    if path != "-" and not os.path.isfile(path) and shipped_path(path) is None and _is_net(name):
        from cnncalc.short_nets import lines_of  # noqa: PLC0415 (few names are a net)

        return Source("<text>", lines_of(name))
    return find_path(name)


def find_path(name: str) -> Source:
    """The text of `-`, of a file, or of a shipped network (a file wins).  Raises InputError, as `find` does."""
    path, entry = parted(name)
    if path == "-":
        return _opened("-", STANDARD_INPUT, entry)
    if not os.path.isfile(path) and (shipped := shipped_path(path)) is not None:
        return _opened(shipped, path.lower(), entry)
    return _opened(path, path, entry)


def parted(name: str) -> tuple[str, str]:
    """The file and the entry of MODEL: `net.py` and `ResNet18` of `net.py:ResNet18`.

    The longest part before a colon that is a file is the file: one whose own name has a colon is found.

    >>> parted("-:Net"), parted("lenet5"), parted("missing/net.py:Net({'a': 1})")
    (('-', 'Net'), ('lenet5', ''), ('missing/net.py', "Net({'a': 1})"))
    """
    if name.startswith(("-:", f"{STANDARD_INPUT}:")):
        return "-", name.partition(":")[2]
    if ":" not in name or os.path.exists(name):
        return name, ""
    colons = [at for at, letter in enumerate(name[:LONGEST_PATH]) if letter == ":"]
    for at in reversed(colons):
        if os.path.exists(name[:at]) and not os.path.isdir(name[:at]):
            return name[:at], name[at + 1 :]
    for at in colons:
        if name[:at].lower().endswith(_ENDINGS) or shipped_path(name[:at]) is not None:
            return name[:at], name[at + 1 :]
    return name, ""


def find_file(name: str) -> Source:
    """The text of a file, never of a shipped network: for commands that write it back, and for lists of names."""
    refuse_missing(name)
    return _opened(name, name)


def refuse_missing(name: str) -> None:
    """Raises InputError, with the files that may be meant, unless there is something of that name."""
    if name and not os.path.exists(name):
        path, entry = parted(name)
        alone = f"give the file alone: {path}" if entry and os.path.isfile(path) else ""
        _refuse("no-such-file", f"there is no file called `{name}`", alone or nearest_names(name, shipped=False))


def shipped_names() -> tuple[str, ...]:
    """The networks that come with cnncalc, in alphabetical order."""
    return tuple(sorted(entry.removesuffix(".txt") for entry in os.listdir(_ZOO) if entry.endswith(".txt")))


def shipped(name: str) -> Source:
    """The text of a shipped network; raises InputError if there is no such network."""
    path = shipped_path(name)
    if path is None:
        _refuse("no-such-model", f"no network called `{name}` ships with cnncalc", nearest_names(name))
    return _opened(path, name.lower())


def shipped_path(name: str) -> str | None:
    """The file of a shipped network; capitals do not matter.  None if there is no such network."""
    return os.path.join(_ZOO, f"{name.lower()}.txt") if name.lower() in shipped_names() else None


def companion(name: str, suffix: str) -> str | None:
    """A file that ships beside a network (trained weights, class names); None when MODEL is a user's own file."""
    path = None if os.path.isfile(name) else shipped_path(name)
    beside = path.removesuffix(".txt") + suffix if path else ""
    return beside if os.path.isfile(beside) else None


def shipped_labels(name: str) -> str | None:
    """The file of a list of class names that ships; capitals do not matter.  None if there is no such list."""
    return os.path.join(_ZOO, f"{name.lower()}.labels") if name.lower() in LABEL_LISTS else None


def text_of(content: bytes, name: str) -> Source:
    """The content of a file as text; refuses what is not UTF-8 text."""
    _refuse_other_kinds(content, name)
    if len(content) > LARGEST_FILE:
        _refuse(
            "file-too-large",
            f"{name} has more than {LARGEST_FILE // 1_000_000} MB; the text of a network is far smaller",
            "give the file that holds the network's lines, not its weights or its pictures",
        )
    if encoding := _OTHER_MARKS.get(content[:2]):
        _refuse("not-utf8", f"{name} is written in {encoding}, not in UTF-8", _conversion(name, encoding))
    if b"\0" in content:
        _refuse("binary-file", f"{name} is a binary file, not text", "give the text file that describes the network")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _wrong_encoding(content, fault, name) from None
    source = Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))
    _refuse_without_lines(source)
    return source


def _refuse_other_kinds(content: bytes, name: str) -> None:
    """Refuse what is a file of another kind: weights, pictures, documents, archives."""
    is_plain = not content.translate(None, _PLAIN) and not content[:64].lstrip().startswith(_NO_LAYER)
    if (is_plain and len(content) <= LARGEST_FILE) or content[:2] in _OTHER_MARKS:
        return
    from cnncalc.file_kinds import NOTEBOOK, kind_of  # noqa: PLC0415 (few texts need it, and it costs start-up time)

    kind = kind_of(content, name)
    if kind is not None and kind is not NOTEBOOK:
        advice = kind.model.replace("{file}", "FILE" if name == STANDARD_INPUT else name)
        _refuse("binary-file", f"{name} is {kind.what}, not the text of a network", advice)


def bytes_of(name: str) -> bytes:
    """The content of a file that need be no text, or of standard input; raises InputError for what cannot be read."""
    if name == "-":
        return _content("-", STANDARD_INPUT)
    refuse_missing(name)
    content = _content(name, name)
    if len(content) > LARGEST_FILE:
        text_of(content, name)
    return content


def _opened(path: str, name: str, entry: str = "") -> Source:
    notation = _BINARY.get(os.path.splitext(path)[1].lower(), "")
    if notation and os.path.isfile(path) and os.access(path, os.R_OK) and _begins_with_a_number(path):
        return Source(name, "", entry, file=path, notation=notation)
    content = _content(path, name)
    if path != "-" and content[:4] in _MARKS and (notation := _notation(content, name)):
        return Source(name, "", entry, file=path, notation=notation)
    source = text_of(content, name)
    return Source(name, source.text, entry) if entry else source


def _content(path: str, name: str) -> bytes:
    try:
        return content_of(path, LARGEST_FILE)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        _refuse("no-such-file", f"there is no file and no shipped network called `{name}`", nearest_names(name))
    except IsADirectoryError:
        _refuse("is-a-directory", f"{name} is a directory, not a file", _inside(name))
    except PermissionError:
        _refuse("no-permission", f"{name} exists, but you are not allowed to read it", f"try: chmod u+r {name}")
    except OSError as fault:
        _refuse("cannot-read", f"{name} cannot be read: {fault.strerror or fault}")


def _begins_with_a_number(path: str) -> bool:
    """Whether the first bytes of a file are those of no text."""
    with open(path, "rb") as file:
        return any(byte < 9 for byte in file.read(16))


def _notation(content: bytes, name: str) -> str:
    """What a binary file is that may be a whole net; empty for others."""
    from cnncalc.file_kinds import kind_of  # noqa: PLC0415 (few files need it, and it costs start-up time)

    kind = kind_of(content, name)
    return kind.notation if kind else ""


def _refuse(code: str, message: str, help: str = "") -> NoReturn:
    raise InputError((Diagnostic(code, message, help=help),))


def _refuse_without_lines(source: Source) -> None:
    written = [line for line in source.lines if line.strip()]
    if any(not line.lstrip().startswith("#") for line in written):
        return
    what = "has only comments" if written else "is empty"
    _refuse(
        "empty-file",
        f"{source.name} {what}",
        "a network starts with a line like `input 28x28x1`; `cnncalc init` prints one to start from",
    )


def _wrong_encoding(content: bytes, fault: UnicodeDecodeError, name: str) -> InputError:
    """The error that points at the first byte that is not UTF-8."""
    before = content[: fault.start].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    byte = content[fault.start]
    looks = bytes([byte]).decode("cp1252", "replace")
    meant = f" (`{looks}` in Latin-1)" if looks.isprintable() and byte >= 0xA0 else ""
    shown = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    diagnostic = Diagnostic(
        "not-utf8",
        f"{name} is not UTF-8 text: byte 0x{byte:02X}{meant} at line {line}, column {column}",
        Span(line, column),
        "the first byte that is not UTF-8",
        help=_conversion(name, "ISO-8859-1"),
    )
    return InputError((diagnostic,), Source(name, shown))


def _conversion(name: str, encoding: str) -> str:
    if name == STANDARD_INPUT:
        return f"save it as UTF-8, or convert it on the way: iconv -f {encoding} -t UTF-8"
    return f"save it as UTF-8 in your editor, or convert it: iconv -f {encoding} -t UTF-8 {name} > new.txt"


def nearest_names(name: str, *, shipped: bool = True) -> str:
    """Files beside the missing one and shipped networks whose names come close."""
    from difflib import get_close_matches  # noqa: PLC0415 (only a fault needs it, and it costs start-up time)

    folder, base = os.path.split(name)
    try:
        files = [entry for entry in os.listdir(folder or ".") if os.path.isfile(os.path.join(folder, entry))]
    except (OSError, ValueError):
        files = []
    stem = base.lower().removesuffix(".txt")
    lower = {file.lower(): file for file in sorted(files, reverse=True)}
    same = [file for file in (base.lower(), f"{stem}.txt", f"{os.path.splitext(stem)[0]}.txt") if file in lower]
    texts = {file.removesuffix(".txt"): file for file in lower if file.endswith(".txt")}
    like = get_close_matches(base.lower(), lower, 3, 0.75) + [
        texts[one] for one in get_close_matches(stem, texts, 3, 0.75)
    ]
    near = [os.path.join(folder, lower[file]) for file in dict.fromkeys(same[:1] or like)]
    if shipped and not same:
        near += [f"{net} (ships with cnncalc)" for net in get_close_matches(stem, shipped_names(), 3, 0.75)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    if not shipped:
        return "check the spelling and the folder"
    return f"{_begun(name)}; `cnncalc models` lists the networks that ship"


def _begun(name: str) -> str:
    """How somebody who has no file yet gets one: under the name that was given, where it is one of a text."""
    from shlex import quote  # noqa: PLC0415 (only a fault needs it)

    is_text = name.lower().endswith(".txt") and name.isprintable() and not os.path.dirname(name)
    return f"`cnncalc init -o {quote(name) if is_text else 'model.txt'}` writes a text to start from"


def _inside(name: str) -> str:
    try:
        texts = sorted(entry for entry in os.listdir(name) if entry.endswith(".txt"))
    except OSError:
        texts = []
    return f"give a file in it: {', '.join(os.path.join(name, text) for text in texts[:3])}" if texts else "give a file"


def is_model(name: str) -> bool:
    """Whether the name is that of a file, a pipe among them, or of a shipped network; an entry may follow it."""
    path, _ = parted(name)
    return (os.path.exists(path) and not os.path.isdir(path)) or shipped_path(path) is not None or _is_net(name)


def _is_net(name: str) -> bool:
    """Whether MODEL is no name, but itself a net: `784-32C5-P2-512FC-10`, `input 28x28x1; conv 8 3x3`."""
    if os.path.exists(name):
        return False
    from cnncalc.short_nets import is_written_out  # noqa: PLC0415 (few names come this far, and it costs start-up time)

    return is_written_out(name)
