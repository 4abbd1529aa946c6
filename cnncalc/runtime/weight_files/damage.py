"""The error of a file of weights that is damaged, and a guard that makes it of whatever the readers raise.

Readers meet damaged bytes in too many ways to list: struct, tokenize, unicode and lookup errors.  None of them gets
out: the file is named instead, and what the libraries warn of on the way is not passed on.
"""

from __future__ import annotations

import contextlib
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.reasons import plain_reason
from cnncalc.runtime.files import shown_name

LONGEST_REASON = 200
"""Characters of what a library says about a file."""


def damaged(path: Path, reason: str) -> InputError:
    """The error of a file that is broken off, or holds something else than its headers say."""
    said = reason.strip().rstrip(".") or "it ends too early"
    return input_error("arrays-damaged", f"`{path}` is damaged: {said}", help="copy or save the file again")


@contextlib.contextmanager
def guarded(path: Path, *shown: type[Exception]) -> Iterator[None]:
    """Whatever a damaged file makes the readers raise, as one InputError.

    The words of zip's and the system's errors are shown, and of the libraries' errors that are `shown`.
    """
    spoken: tuple[type[Exception], ...] = (zipfile.BadZipFile, zlib.error, OSError, *shown)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (InputError, MemoryError):
        raise
    except spoken as error:
        raise damaged(path, shown_name(plain_reason(error), LONGEST_REASON)) from None
    except Exception:  # noqa: BLE001 - libraries meet damaged data in too many ways to list
        raise damaged(path, "its parts do not fit together") from None
