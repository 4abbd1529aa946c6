"""Draws nets of blocks in blocks: with parameters, conditions, copies, branches, labels that are read, sharing."""

from __future__ import annotations

import random

WIDTHS = (4, 8, 8, 16)


def nested_net(seed: int) -> str:
    """The text of a net whose blocks call those above them."""
    choose = random.Random(seed)
    lines: list[str] = []
    for number in range(choose.randint(1, 4)):
        extra = "" if choose.random() < 0.5 else " stride=1"
        lines += [f"block b{number} width times_{extra}", *_body(choose, number, bool(extra)), "end"]
    lines.append("input 24x24x4")
    last = len([line for line in lines if line.startswith("block")]) - 1
    labels: list[str] = []
    for step in range(choose.randint(2, 6)):
        if choose.random() < 0.25:
            lines.append(choose.choice(("conv 8 3x3 same bn relu", "relu", "maxpool 2x2 stride=1 same")))
            continue
        called = f"b{choose.randint(0, last)} {choose.choice(WIDTHS)} {choose.randint(1, 3)}"
        times = choose.choice(("", "", " times 2", " times 3"))
        lines.append(f"l{step}: {called}{times}")
        if choose.random() < 0.3:
            lines.append(f"{called} shared=l{step}{times}" if choose.random() < 0.5 else f"{called}{times}")
        labels.append(f"l{step}")
    if labels and choose.random() < 0.5:
        lines.append(f"concat {choose.choice(labels)}")
    return "\n".join(lines) + "\n"


def _body(choose: random.Random, number: int, has_stride: bool) -> list[str]:
    lines: list[str] = []
    for step in range(choose.randint(1, 4)):
        kind = choose.random()
        if kind < 0.3 or (number == 0 and kind < 0.6):
            stride = " stride=$stride" if has_stride and choose.random() < 0.5 else ""
            lines.append(choose.choice(("conv $width 3x3 same{} bn relu", "conv 2*$width 1x1{}", "conv 4 3x3 same{}")))
            lines[-1] = lines[-1].format(stride)
        elif kind < 0.6:
            lines.append(f"b{choose.randint(0, number - 1)} {choose.choice(('$width', '8', '2*$width'))} 2")
            lines[-1] += choose.choice(("", " times 2", " times $times_"))
        elif kind < 0.75:
            lines += ["split", "branch", "conv $in 3x3 same", "branch", "join add", f"s{step}: relu"]
        elif kind < 0.9:
            lines += ["if $in != $width", "conv $width 1x1", "end"]
        else:
            lines += [f"a{step}: relu", "conv $width 3x3 same", f"concat a{step}"]
    return [*lines, "relu"]
