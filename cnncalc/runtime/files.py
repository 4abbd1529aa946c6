"""What holds for every file a run reads, whatever is in it: it exists, is a plain file, may be read, is not empty.

Knows neither pictures nor weights.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cnncalc.destinations import kind_of_file
from cnncalc.diagnostics import InputError, input_error

LONGEST_SHOWN = 60
"""Characters of a name in a message."""

MOST_SIZES = 8
"""Sizes of a shape in a message."""


def refuse_unreadable(path: Path, noun: str, hint: str) -> None:
    """Raise an InputError unless `path` is a readable file with something in it.

    `noun` says what it should have been ("picture"), `hint` what would help.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        raise _fault("file-missing", f"there is no {noun} `{path}`", "check the spelling and the folder") from None
    except (OSError, ValueError) as error:
        raise _fault("cannot-read", f"{noun} `{path}` cannot be looked at: {_reason(error)}", hint) from None
    if stat.S_ISDIR(status.st_mode):
        raise _fault("file-is-folder", f"`{path}` is a folder, not {_one(noun)}", f"name a file in it, as `{path}/...`")
    if not stat.S_ISREG(status.st_mode):
        raise _fault("cannot-read", f"`{path}` is {kind_of_file(status.st_mode)}, not {_one(noun)}", hint)
    if not os.access(path, os.R_OK):
        raise _fault("no-permission", f"{noun} `{path}` may not be read", f"run `chmod u+r {path}` or choose another")
    if status.st_size == 0:
        raise _fault("file-empty", f"{noun} `{path}` is empty: it has 0 bytes", hint)


def _one(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _fault(code: str, message: str, hint: str) -> InputError:
    return input_error(code, message, help=hint)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()


def shown_name(name: str, longest: int = LONGEST_SHOWN) -> str:
    """A name from inside a file, no longer than a message can bear.

    >>> shown_name("conv1.weight"), len(shown_name("x" * 60_000))
    ('conv1.weight', 60)
    """
    return name if len(name) <= longest else f"{name[: longest - 3]}..."


def shown_shape(shape: tuple[int, ...]) -> str:
    """A shape from inside a file, of which a message shows so many sizes.

    >>> shown_shape((2, 1, 3, 3)), shown_shape(()), shown_shape((1,) * 3000)
    ('2x1x3x3', 'a single number', '1x1x1x1x1x1x1x1x... (3,000 sizes)')
    """
    more = f"x... ({len(shape):,} sizes)" if len(shape) > MOST_SIZES else ""
    return "x".join(map(str, shape[:MOST_SIZES])) + more or "a single number"
