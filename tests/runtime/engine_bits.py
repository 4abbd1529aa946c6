"""Every map of the engine as a number, and every plan: whether a change of the engine changed a bit or a place.

`python -m tests.runtime.engine_bits OUT.json [NET[@64x64]...] [--texts]` writes for each net, width and number of
threads the SHA-256 of every step's map (without its halo and empty channels) and what the plan says; nothing here is a
test.  `python -m tests.runtime.engine_bits --compare OLD.json NEW.json` names the first difference of each net.  Both
files must come from one machine.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cnncalc.analysis import Analysis, analyse
from cnncalc.kernels.engine import machine_code
from cnncalc.net_files import checked
from cnncalc.runtime.engine import session as session_module
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.planning import INPUT, Plan, plan
from cnncalc.sources import find

from . import test_engine, test_engine_moves, test_engine_values
from .comparing import livened
from .engine_maps import LANES, stored
from .nets import analysed, given

SMALL = ("mnist-convnet", "lenet5")
"""Shipped nets that are run three images at a time."""


def found_of(analysis: Analysis, batch: int, several: int) -> dict[str, Any]:
    """By width and threads: the maps and the plan."""
    prepared, weights = plan(analysis, batch, "float32"), livened(analysis)
    named = given(analysis, batch)
    inputs = {step.node: named[step.name] for step in prepared.steps if step.kernel == INPUT and not step.numbers}
    found: dict[str, Any] = {}
    for lanes in LANES:
        for threads in (1, several):
            with patch.object(session_module, "FEWEST_MULTIPLICATIONS", 0):
                session = Session(prepared, weights.arrays, engine_plan(prepared, lanes, threads), threads)
            found[f"{lanes} lanes, {threads} threads, batch {batch}"] = {
                "bits": bits(session, _all_inputs(prepared, inputs)),
                "plan": plan_of(session),
            }
    return found


def _all_inputs(prepared: Plan, inputs: dict[int, Any]) -> dict[int, Any]:
    from cnncalc.runtime.execution import input_array

    named = {prepared.steps[node].name: array for node, array in inputs.items()}
    return {step.node: input_array(step, prepared, named) for step in prepared.steps if step.kernel == INPUT}


def bits(session: Session, inputs: dict[int, Any]) -> list[list[str]]:
    """[nodes, hash] of every step, and at the end of the outputs."""
    session._take(inputs)
    found = []
    for i, step in enumerate(session.engine.steps):
        session._task(i, i + 1)()
        made = stored(session, session.engine.places[i].write, step.write.map)
        found.append([" ".join(map(str, step.nodes)), sha256(made.tobytes()).hexdigest()[:16]])
    for node, array in session.run(inputs).items():
        found.append([f"output {node}", sha256(array.tobytes()).hexdigest()[:16]])
    return found


def plan_of(session: Session) -> dict[str, Any]:
    """Slots, bytes, and the place of every access."""
    engine = session.engine
    return {
        "slots": list(engine.slots),
        "bytes": [engine.weight_bytes, engine.workspace_bytes, engine.peak_bytes],
        "steps": [
            [" ".join(map(str, step.nodes)), *map(_place, (*reads, target))]
            for step, (reads, target) in engine.placed_steps
        ],
        "in place": len(engine.in_place),
    }


def _place(placed: Any) -> str:
    s = placed.storage
    fill = "-" if s.fill is None else float(s.fill)
    size = f"{s.kind.value} {s.images} {s.channels} {s.depth * s.height} {s.width}"
    return f"{placed.slot} {placed.block} {size} {tuple(s.halo[:4])} {fill}"


def texts() -> Iterator[str]:
    """The nets of the tests."""
    for line, _ in test_engine.LAYERS:
        yield f"input 23x19x32\n{line}\n"
    yield from (test_engine.NET, test_engine.SWEPT)
    for text, _ in test_engine_moves.BORDERS:
        yield f"input 16x15x40\n{text}\n"
    for text, _ in test_engine_moves.MOVES:
        yield f"input 7x5x37\n{text}\n"
    for text, _ in test_engine_moves.JOINS:
        yield f"input 11x13x32\n{text}\n"
    values = test_engine_values
    for text in (*values.FOLDED_AFTER_DENSE, *values.CROPPED, *values.VECTORS, *values.SUMS):
        yield f"{text}\n"
    for line in values.AFFINES:
        after = "\nscale 2\nrelu\nbn"
        yield "input 9x7x32\na: conv 32 1x1\n" + line.format(after) + "\n"
    yield "input 70x66x8\nconv 33 1x1 bn\ndwconv 3x3 same stride=2 silu\n"
    yield "input 261x130x3\nconv 32 3x3 stride=2 padding=1 relu\ndwconv 3x3 same relu\n"
    yield "input 60x60x16\nconv 64 1x1 relu\nsepconv 20 3x3 same\n"
    yield "input 23x19x40\na: relu\nconv 56 3x3 same relu\nmaxpool 2x2\nb: conv 40 3x3 same\nconv 40 3x3 same\nadd b\n"


def compared(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What differs, the first of each net and way."""
    for net, ways in old.items():
        for way, facts in ways.items():
            other = new[net][way]
            if facts["bits"] != other["bits"]:
                place = next(
                    (i for i, (a, b) in enumerate(zip(facts["bits"], other["bits"], strict=False)) if a != b), -1
                )
                yield f"{net!r}, {way}: bits from entry {place} of {len(facts['bits'])}"
            for fact, value in facts["plan"].items():
                if value != other["plan"][fact]:
                    yield f"{net!r}, {way}: {fact}: {_first(value, other['plan'][fact])}"


def _first(one: Any, other: Any) -> str:
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        place = next(i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        return f"entry {place}: {one[place]} and {other[place]}"
    return f"{one} and {other}"


def written(arguments: list[str]) -> None:
    """The file that the arguments ask for."""
    parser = ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("nets", nargs="*")
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args(arguments)
    made: set[tuple[str | int, ...]] = set()
    compile_one = machine_code._address

    def noted(make: Any, *numbers: int, **more: Any) -> int:
        made.add((make.__name__, *numbers))
        return compile_one(make, *numbers, **more)

    found: dict[str, Any] = {}
    with patch.object(machine_code, "_address", noted):
        for word in asked.nets:
            name, _, size = word.partition("@")
            analysis = analyse(checked(find(name), size or None))
            found[name] = found_of(analysis, 3 if name in SMALL else 1, asked.threads)
            print(name, flush=True)
        for text in texts() if asked.texts else ():
            found[text] = found_of(analysed(text), 2, asked.threads)
    asked.out.write_text(json.dumps(found, indent=0), encoding="utf-8")
    print(f"{len(found)} nets, {len(made)} variants of kernels", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--compare"]:
        before, after = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[2:4])
        differences = list(compared(before, after))
        print("\n".join(differences) or f"the same bits and plans: {len(before)} nets")
        sys.exit(bool(differences))
    written(sys.argv[1:])
