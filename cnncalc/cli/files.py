"""Writing files so that nothing is ever half written: beside the target, then renamed over it."""

from __future__ import annotations

import contextlib
import os
import tempfile

from cnncalc.diagnostics import InputError, input_error


def write_file(path: str, content: str | bytes) -> None:
    """Replaces or makes the file; after Ctrl-C or a full disk the old one still stands.

    A symbolic link is followed, and the permissions of a file that exists are kept.  Raises InputError when the
    folder or the disk does not allow it.
    """
    target = os.path.realpath(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        handle, beside = tempfile.mkstemp(prefix=".cnncalc-", dir=os.path.dirname(target))
    except OSError as fault:
        raise _refused(path, fault) from None
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, _permissions(target))
        os.replace(beside, target)
    except BaseException as fault:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        if isinstance(fault, OSError):
            raise _refused(path, fault) from None
        raise


def _permissions(target: str) -> int:
    """Those of the file that is replaced, else what the user's mask leaves of a new one."""
    with contextlib.suppress(OSError):
        return os.stat(target).st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _refused(path: str, fault: OSError) -> InputError:
    return input_error("cannot-write", f"{path} cannot be written: {fault.strerror or fault}")
