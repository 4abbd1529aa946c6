"""Damaged and lying files of torch.save, in both containers, most of them almost right.

What is left sound is about the net `input 4x4x1, conv 2 3x3`, so that many mutants get as far as their numbers.
"""

from __future__ import annotations

import zipfile
from math import prod

from tests.runtime.torch_saved import (
    BUILD,
    BYTES,
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_TUPLE,
    FALSE,
    NEWOBJ,
    NONE,
    PERSISTENT,
    REDUCE,
    TRUE,
    called,
    module,
    named,
    pairs,
    several,
    sizes,
    storage,
    streamed,
    tensor,
    text,
    whole,
    zipped,
)

from .array_mutants import NAMES, WEIGHTS, numbers, patched_record
from .chance import ODD_NUMBERS, Chance, damaged, patched

KINDS = (*BYTES, "ComplexFloatStorage", "QInt8Storage", "UntypedStorage", "FooStorage")
KEYS = ("0", "1", "2", "", "../data.pkl", "x" * 99, "\u202e")
OPCODES = b"()]}NtlduaseqrhjcRbQ0129.\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8f\x90\x93\x94\x95\x97IKMJX"
HOLDERS = ("state_dict", "model", "ema", "optimizer", "net", "x")


def pth(chance: Chance) -> bytes:
    """The zip of PyTorch since 1.6: wrong pickles, wrong parts, wrong records."""
    top, storages = _drawn(chance)
    more = [("byteorder", chance.one(b"little", b"little", b"big", b"", b"middle")), ("version", b"3\n")]
    if chance.some(0.1):
        more.append((chance.one("constants.pkl", "data.pkl", "data/0", "a/data.pkl"), b"\x80\x02)."))
    packing = zipfile.ZIP_DEFLATED if chance.some(0.03) else zipfile.ZIP_STORED
    content = zipped(top, storages, more, packing)
    for _ in range(chance.one(0, 0, 0, 1, 1, 2)):
        content = chance.made(
            lambda: patched_record(chance, content),
            lambda: damaged(chance, content, 2),
            lambda: content[: chance.randint(0, len(content))],
        )
    return content


def pth_legacy(chance: Chance) -> bytes:
    """The stream before: wrong pickles, counts and keys."""
    top, storages = _drawn(chance)
    keys = list(storages)
    if chance.some(0.1):
        keys = chance.made(lambda: keys[1:], lambda: [*keys, chance.choice(KEYS)], lambda: keys[::-1])
    content = streamed(top, storages, chance.one(4, 4, 4, 4, 2, 8), keys)
    if chance.some(0.2):
        content = damaged(chance, content)
    if chance.some(0.2):
        content = patched(chance, content, within=chance.one(200, len(content)))
    return content


def _drawn(chance: Chance) -> tuple[bytes, dict[str, bytes]]:
    """The pickle and the storages of a net's weights, each right or nearly."""
    state, storages = {}, {}
    for place, (name, shape) in enumerate(WEIGHTS.items()):
        kind = chance.choice(KINDS) if chance.some(0.06) else "FloatStorage"
        storages[str(place)] = numbers(chance, prod(shape) * BYTES.get(kind, 4))
        sound = tensor(str(place), shape, kind=kind)
        state[name] = _tensor(chance, str(place), shape, kind) if chance.some(0.2) else sound
    if chance.some(0.2):
        state[chance.choice(NAMES)] = chance.one(NONE, whole(3), tensor("0", (2,), count=18), EMPTY_LIST)
    items = b"".join(several(text(name), value) + b"a" for name, value in state.items())
    top = chance.made(
        lambda: pairs(state),
        lambda: pairs(state),
        lambda: pairs({chance.choice(HOLDERS): pairs(state), chance.choice(HOLDERS): NONE}),
        lambda: called("collections", "OrderedDict", EMPTY_LIST + items),
        lambda: _module(chance, state),
    )
    return (_damaged_pickle(chance, top) if chance.some(0.2) else top), storages


def _tensor(chance: Chance, key: str, shape: tuple[int, ...], kind: str) -> bytes:
    """One of an array's numbers is odd, or one of its parts is of another type."""
    numel = prod(shape)

    def odd() -> int:
        return chance.one(*ODD_NUMBERS, -1, numel - 1, numel + 1, 10**30)

    steps = [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    parts = [storage(key, numel, kind), whole(0), sizes(shape), sizes(steps), FALSE, EMPTY_DICT]
    strange = (NONE, TRUE, EMPTY_LIST, EMPTY_TUPLE, text("2"), whole(odd()), called("torch", "Size", sizes(shape)))
    place = chance.randrange(len(shape))
    chance.made(
        lambda: parts.__setitem__(0, storage(key, odd(), kind)),
        lambda: parts.__setitem__(0, storage(chance.choice(KEYS), numel, kind)),
        lambda: parts.__setitem__(0, storage(key, numel, kind, several(text("v"), whole(odd()), whole(1)))),
        lambda: parts.__setitem__(1, whole(odd())),
        lambda: parts.__setitem__(2, sizes([*shape[:place], odd(), *shape[place + 1 :]])),
        lambda: parts.__setitem__(3, sizes([*steps[:place], odd(), *steps[place + 1 :]])),
        lambda: parts.__setitem__(chance.randrange(4), chance.choice(strange)),
        parts.pop,
        parts.clear,
    )
    function = chance.one("tensor_v2", "tensor_v2", "tensor_v2", "tensor", "tensor_v3", "qtensor")
    made = called("torch._utils", f"_rebuild_{function}", *parts)
    return called("torch._utils", "_rebuild_parameter", made, TRUE, NONE) if chance.some(0.2) else made


def _module(chance: Chance, state: dict[str, bytes]) -> bytes:
    """The net as a whole module, its parts where a module has them or elsewhere."""
    own = {name.removeprefix("conv1."): value for name, value in state.items()}
    inner = module(("torch.nn.modules.conv", "Conv2d"), pairs(own))
    return chance.made(
        lambda: module(("nets", "Net"), pairs({}), pairs({"conv1": inner})),
        lambda: module(("nets", "Net"), pairs(state), NONE),
        lambda: named("__torch__.nets", "Net") + EMPTY_TUPLE + NEWOBJ + pairs({"conv1": inner}) + BUILD,
        lambda: named("nets", "Net") + NONE + REDUCE + chance.one(NONE, EMPTY_LIST, pairs(state)) + BUILD,
        lambda: module(("nets", "Net"), chance.one(NONE, EMPTY_LIST, whole(1)), pairs({"conv1": inner})),
    )


def _damaged_pickle(chance: Chance, top: bytes) -> bytes:
    place = chance.randrange(len(top))
    opcode = bytes([chance.choice(OPCODES)])
    return chance.made(
        lambda: damaged(chance, top, 2),
        lambda: top[:place] + opcode + top[place:],
        lambda: top[:place] + opcode + top[place + 1 :],
        lambda: patched(chance, top),
        lambda: top + opcode,
        lambda: several(text("x"), top) + PERSISTENT,
        lambda: named("posix", "system") + several(text("true"), top) + REDUCE,
    )
