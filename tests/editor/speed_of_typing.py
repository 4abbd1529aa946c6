"""How long an editor waits: the milliseconds from a typed letter to what is underlined, and to the hints.

Run as `python -m tests.editor.speed_of_typing`; nothing here is a test.  Each letter is a change of its own, sent when
the answers to the one before have come.
"""

from __future__ import annotations

import time
from statistics import median

from .protocol_client import Editor, insertion

TYPED = "conv 64 3x3 same relu"


def straight(lines: int) -> str:
    """A net of convolutions without branches."""
    body = [f"conv 64 3x3 same bn relu  # {number}" for number in range(lines - 4)]
    return "\n".join(["input 224x224x3", *body, "gap", "dense 10 softmax", ""])


def residual(lines: int) -> str:
    """Lines of shortcuts, pools and answers, with a block that is called."""
    head = [
        "block unit w",
        "  x: identity",
        "  conv $w 3x3 same nobias bn relu",
        "  conv $w 3x3 same",
        "  add x",
        "end",
    ]
    body = ["input 64x64x16"]
    for number in range((lines - 10) // 4):
        body += [
            f"s{number}: conv 16 3x3 same bn relu => 64x64x16 params 2352",
            "conv 16 1x1",
            f"add s{number} relu",
            "unit 16",
        ]
    return "\n".join([*head, *body, "gap", "dense 10 softmax", ""])


def waits(text: str) -> tuple[list[float], list[float]]:
    """Milliseconds to what is underlined and to the hints, for each letter typed on a line in the middle."""
    underlined, hinted = [], []
    with Editor() as editor:
        editor.open(text)
        editor.hints(50)
        line = text.count("\n") * 2 // 3
        editor.change([insertion(line, 0, "\n")])
        editor.underlined()
        for column, letter in enumerate(TYPED):
            begun = time.perf_counter()
            editor.change([insertion(line, column, letter)])
            editor.underlined()
            underlined.append((time.perf_counter() - begun) * 1000)
            place = {"start": {"line": max(0, line - 25), "character": 0}, "end": {"line": line + 25, "character": 0}}
            editor.ask("textDocument/inlayHint", {"textDocument": {"uri": "file:///nowhere/net.txt"}, "range": place})
            hinted.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
        editor.leave()
    return underlined, hinted


def main() -> None:
    """Prints a table."""
    for name, made in (("straight", straight), ("residual", residual)):
        for lines in (50, 1000, 5000):
            underlined, hinted = waits(made(lines))
            waited = (
                f"underlined {median(underlined):7.1f} ms, with hints {median(hinted):7.1f}, most {max(hinted):7.1f}"
            )
            print(f"{name:9} {lines:5} lines: {waited}")


if __name__ == "__main__":
    main()
