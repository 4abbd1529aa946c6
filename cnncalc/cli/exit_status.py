"""What the exit status says."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """0 fine; 1 findings; 2 the input or the usage is wrong; 70 our own fault; 130 stopped by Ctrl-C."""

    FINE = 0
    FINDINGS = 1
    BAD_INPUT = 2
    OWN_FAULT = 70
    INTERRUPTED = 130
    READER_GONE = 141
