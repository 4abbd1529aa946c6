"""Pickles and zips made to harm whoever opens them: nothing in them is carried out, soon, in little memory.

A canary is a file that the commands in them would make.  Each attack is read in both containers of torch.save.
"""

from __future__ import annotations

import pickle
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.runtime.weight_files.opening import opened
from tests.runtime.torch_saved import (
    BUILD,
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_TUPLE,
    MAGIC,
    NEWOBJ,
    NONE,
    PERSISTENT,
    PROTOCOL,
    REDUCE,
    STOP,
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
from tests.time_limits import allowed

from .campaign import MB, memory_now, memory_peak

REBUILD = ("torch._utils", "_rebuild_tensor_v2")
SECONDS, MEMORY = 4, 200 * MB
NUMBERS = {"0": bytes(24)}
WEIGHT = {"weight": tensor("0", (2, 3))}
FORMS = pytest.mark.parametrize("form", [zipped, streamed], ids=["zip", "legacy"])


@contextmanager
def bounded() -> Iterator[None]:
    before, start = memory_now(), process_time()
    yield
    assert process_time() - start < allowed(SECONDS)
    assert memory_peak() - before < MEMORY


def outcome(path: Path, content: bytes) -> str:
    """The names of the arrays that are read, or the code of the error and what it says."""
    path.write_bytes(content)
    with bounded():
        try:
            with opened(path) as file:
                return " ".join(f"{entry.name}{list(file.read(entry.name).shape)}" for entry in file.entries)
        except InputError as error:
            (found,) = error.diagnostics
            return f"{found.code}: {found.message.replace(str(path), path.name)}"


# ---------------------------------------------------------------------- what would run a command
COMMANDS: dict[str, Callable[[bytes], bytes]] = {
    "reduce": lambda do: named("posix", "system") + b"(" + do + b"t" + REDUCE,
    "eval": lambda do: named("builtins", "eval") + b"(" + text("__import__('os').system('touch ran')") + b"t" + REDUCE,
    "new object": lambda do: named("os", "system") + b"(" + do + b"t" + NEWOBJ,
    "new object with words": lambda do: named("os", "system") + b"(" + do + b"t" + EMPTY_DICT + b"\x92",
    "a name from the stack": lambda do: text("posix") + text("system") + b"\x93(" + do + b"t" + REDUCE,
    "an instance": lambda do: b"(" + do + b"iposix\nsystem\n",
    "an object": lambda do: b"(" + named("posix", "system") + do + b"o",
    "a state": lambda do: named("subprocess", "Popen") + EMPTY_TUPLE + NEWOBJ + do + BUILD,
    "a method": lambda do: named("builtins", "getattr") + several(named("os", ""), text("system")) + REDUCE,
    "in an OrderedDict": lambda do: called(
        "collections", "OrderedDict", EMPTY_LIST + several(text("w"), called("posix", "system", do)) + b"a"
    ),
}
PLACES: dict[str, Callable[[bytes], bytes]] = {
    "on top": lambda call: call,
    "as an entry": lambda call: pairs({"weight": call}),
    "as a key": lambda call: b"}" + call + tensor("0", (2, 3)) + b"s",
    "as a checkpoint": lambda call: pairs({"state_dict": call}),
    "as a storage": lambda call: pairs({"weight": called(*REBUILD, call, whole(0), sizes((2, 3)), sizes((3, 1)))}),
    "as a shape": lambda call: pairs({"weight": called(*REBUILD, storage("0", 6), whole(0), call, sizes((3, 1)))}),
    "as a type": lambda call: pairs({"weight": several(text("storage"), call, text("0"), NONE, whole(6)) + PERSISTENT}),
    "in a module": lambda call: module(("nets", "Net"), pairs({"weight": call}), pairs({"x": call})),
}


@FORMS
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_in_a_file_is_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form, place: str, command: str
) -> None:
    """Each of them makes `ran` when Python's own pickle reads it (`test_the_commands_are_real`)."""
    monkeypatch.chdir(tmp_path)
    said = outcome(tmp_path / "evil.pth", form(PLACES[place](COMMANDS[command](text("touch ran"))), NUMBERS))
    assert said.startswith("arrays-")
    assert not (tmp_path / "ran").exists()


@FORMS
@pytest.mark.parametrize("command", COMMANDS)
def test_weights_next_to_a_command_are_read_and_it_is_not_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    top = pairs({"args": COMMANDS[command](text("touch ran")), "state_dict": pairs(WEIGHT)})
    assert outcome(tmp_path / "net.pth", form(top, NUMBERS)) == "weight[2, 3]"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("command", ["reduce", "eval", "a name from the stack", "an instance", "an object"])
def test_the_commands_are_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """So that the tests above would fail if a command were carried out."""
    monkeypatch.chdir(tmp_path)
    pickle.loads(PROTOCOL + COMMANDS[command](text("touch ran")) + STOP)
    assert (tmp_path / "ran").exists()


# ---------------------------------------------------------------------- what would take all memory, or for ever
DEEP = 200_000
TWICE = b"(h\0h\0t" + b"q\0"
MODULE = named("nets", "Net") + EMPTY_TUPLE + NEWOBJ


def _doubling_modules(levels: int) -> bytes:
    """Each module has the one before it twice: 2^levels paths."""
    level = module(("nets", "Net"), pairs(WEIGHT)) + b"q\0"
    for _ in range(levels):
        level += module(("nets", "Net"), EMPTY_DICT, b"}(" + text("a") + b"h\0" + text("b") + b"h\0" + b"u") + b"q\0"
    return level


BOMBS: dict[str, bytes] = {
    "a memo of 4 billion places": NONE + b"r\xff\xff\xff\xff",
    "a memo of 10^18 places": NONE + b"p999999999999999999\n",
    "a text of 4 GB": b"X\xff\xff\xff\xff",
    "bytes of 2^62": b"\x8e" + struct.pack("<Q", 2**62),
    "a text of 2^63": b"\x8d" + struct.pack("<Q", 2**63),
    "a frame of 2^63": b"\x95" + struct.pack("<Q", 2**63),
    "a number of 250,000 digits": b"I" + b"9" * 250_000 + b"\n",
    "a long number of 250,000 digits": b"L" + b"9" * 250_000 + b"L\n",
    "a number of 4 GB": b"\x8b\xff\xff\xff\xff",
    "a number of 1 MB": b"\x8b" + struct.pack("<I", 1 << 20) + bytes(1 << 20),
    "a text of 20 MB": b"X" + struct.pack("<I", 20 * MB) + b"x" * 20 * MB,
    "400 texts of 60 kB": (b"X" + struct.pack("<I", 60_000) + b"x" * 60_000) * 400,
    "letters that take 4 bytes": (b"X" + struct.pack("<I", 60_003) + "\U0001f600".encode() * 15_000 + b"abc") * 300,
    "lines of 60 kB": (b"cx\n" + b"y" * 60_000 + b"\n") * 300,
    "a line without an end": b"c" + b"x" * 3 * MB,
    "a million lists": EMPTY_LIST * 1_500_000,
    "a million dicts": (EMPTY_DICT + whole(1) + NONE + b"s") * 300_000,
    "a million names": b"".join(f"c{n:x}\n\n".encode() for n in range(1_200_000)),
    "a million calls": (named("a", "b") + EMPTY_TUPLE + REDUCE + EMPTY_DICT + b"b") * 300_000,
    "a million marks": b"(" * 1_500_000,
    "a million places of the memo": NONE + b"\x94" * 1_500_000,
    "keys that collide": EMPTY_DICT + b"(" + b"".join(whole(n * (2**61 - 1)) + NONE for n in range(300_000)) + b"u",
    "nested tuples": EMPTY_TUPLE + b"\x85" * DEEP,
    "nested tuples as a key": EMPTY_DICT + EMPTY_TUPLE + b"\x85" * DEEP + NONE + b"s",
    "nested tuples as arguments": named("a", "b") + EMPTY_TUPLE + b"\x85" * DEEP + REDUCE,
    "nested tuples as a reference": EMPTY_TUPLE + b"\x85" * DEEP + PERSISTENT,
    "nested lists": EMPTY_LIST * DEEP + b"a" * (DEEP - 1),
    "nested dicts": (EMPTY_DICT + text("model")) * DEEP + NONE + b"s" * DEEP,
    "nested references": NONE + PERSISTENT * DEEP,
    "nested calls": NONE + (b"q\0" + named("a", "b") + b"h\0\x85" + REDUCE) * 60_000,
    "nested modules": (MODULE + b"}" + text("_parameters") + b"}s" + text("_modules") + b"}" + text("a")) * 30_000
    + NONE
    + (b"ss" + BUILD) * 30_000,
    "a list in itself": EMPTY_LIST + b"q\0h\0a",
    "a dict in itself": EMPTY_DICT + b"q\0" + text("model") + b"h\0s",
    "a dict in itself under each name": EMPTY_DICT
    + b"q\0"
    + b"".join(text(key) + b"h\0s" for key in ("model", "ema", "net", "params", "weights", "state_dict", "x", "y")),
    "a module in itself": MODULE
    + b"q\0"
    + pairs({"_parameters": EMPTY_DICT, "_modules": pairs({"a": b"h\0"})})
    + BUILD,
    "a call in itself": MODULE + b"q\0h\0" + BUILD,
    "billion laughs": text("ha") + b"q\0" + TWICE * 100_000,
    "billion laughs in lists": EMPTY_LIST + b"q\0" + (b"]q\1h\0ah\0ah\1q\0" * 50_000),
    "billion modules": _doubling_modules(90),
    "a dict copied for ever": EMPTY_LIST
    + b"("
    + several(text("a"), NONE) * 1000
    + b"eq\0"
    + (named("collections", "OrderedDict") + b"h\0\x85" + REDUCE) * 100_000,
    "a module of much else many times": MODULE
    + b"q\0}("
    + b"".join(text(f"{n}") + NONE for n in range(20_000))
    + b"u"
    + BUILD
    + b"0"
    + module(("nets", "Net"), EMPTY_DICT, b"}(" + b"".join(text(f"{n}") + b"h\0" for n in range(20_000)) + b"u"),
    "a module of many names many times": MODULE
    + b"q\0"
    + pairs({f"p{n}": tensor("0", (2, 3)) for n in range(500)})
    + BUILD
    + b"0"
    + module(
        ("nets", "Net"), EMPTY_DICT, b"}(" + b"".join(text("x" * 99 + str(n)) + b"h\0" for n in range(9999)) + b"u"
    ),
}


@pytest.mark.parametrize("attack", BOMBS)
def test_a_small_file_costs_little_time_and_memory(tmp_path: Path, attack: str) -> None:
    assert outcome(tmp_path / "evil.pth", zipped(BOMBS[attack], NUMBERS)).startswith("arrays-")


BROKEN: dict[str, tuple[bytes, str]] = {
    "an extension": (b"\x82\x01", "opcode 0x82, which no file of weights needs"),
    "a wide extension": (b"\x84\1\0\0\0", "opcode 0x84, which no file of weights needs"),
    "a buffer outside": (b"\x97", "opcode 0x97, which no file of weights needs"),
    "an unknown opcode": (b"\xfe", "opcode 0xfe, which no file of weights needs"),
    "an unknown version": (b"\x80\x63", "its version is not known"),
    "an empty stack": (b"0", "its stack is empty where a value is needed"),
    "an empty stack at the end": (b"", "its stack is empty where a value is needed"),
    "below a mark": (NONE + b"(0", "its stack is empty where a value is needed"),
    "no mark": (NONE + b"t", "a mark is missing"),
    "a value that was never made": (b"h\5", "it uses a value that was never made"),
    "a state of a name": (named("os", "environ") + EMPTY_DICT + BUILD, "it sets attributes of what has none"),
    "a state of a tuple": (EMPTY_TUPLE + EMPTY_DICT + BUILD, "it sets attributes of what has none"),
    "a call of a number": (whole(3) + EMPTY_TUPLE + REDUCE, "it calls what has no name"),
    "a call of a call": (called("a", "b") + EMPTY_TUPLE + REDUCE, "it calls what has no name"),
    "items of a number": (whole(3) + NONE + b"a", "it puts items into what is no list"),
    "keys of a list": (EMPTY_LIST + NONE + NONE + b"s", "it puts keys and values into what is no dict"),
    "a key without a value": (EMPTY_DICT + b"(" + NONE + b"u", "it puts keys and values into what is no dict"),
    "a name of numbers": (whole(1) + whole(2) + b"\x93", "a name is no text"),
    "no pairs": (called("collections", "OrderedDict", EMPTY_LIST + NONE + b"a"), "an OrderedDict is made of what are"),
    "no number": (b"I1x\n", "a number is no whole number, or too long"),
}


@FORMS
@pytest.mark.parametrize("fault", BROKEN)
def test_a_pickle_that_no_pickler_writes_is_damaged(tmp_path: Path, form, fault: str) -> None:
    top, said = BROKEN[fault]
    assert outcome(tmp_path / "w.pth", form(top, NUMBERS)).startswith(f"arrays-damaged: `w.pth` is damaged: {said}")


def test_a_pickle_without_an_end_is_damaged(tmp_path: Path) -> None:
    content = zipped(pairs(WEIGHT), NUMBERS, more=[("data.pkl", b"")])
    content = content.replace(STOP + b"PK", NONE + b"PK", 1)
    assert outcome(tmp_path / "w.pth", content).startswith("arrays-damaged")


# ---------------------------------------------------------------------- arrays and storages that cannot be
VIEWS: dict[str, bytes] = {
    "a negative size": tensor("0", (-2, 3), (3, 1), count=6),
    "a negative step": tensor("0", (2, 3), (-3, 1), count=6),
    "a negative offset": tensor("0", (2, 3), offset=-1, count=6),
    "an offset out of the storage": tensor("0", (2, 3), offset=1),
    "a step out of the storage": tensor("0", (2, 3), (4, 1), count=6),
    "a size out of the storage": tensor("0", (3, 3), count=6),
    "a size of 2^62": tensor("0", (2**62, 4), (0, 0), count=6),
    "a size of 10^30": tensor("0", (10**30,), (0,), count=6),
    "a size that is true": called(*REBUILD, storage("0", 6), whole(0), several(TRUE), several(TRUE)),
    "a size that is no number": called(*REBUILD, storage("0", 6), whole(0), text("ab"), text("ab")),
    "more sizes than steps": tensor("0", (2, 3), (1,), count=6),
    "a thousand axes": tensor("0", (1,) * 1000, count=6),
    "a storage longer than the file says": tensor("0", (2, 3), count=7),
    "a storage shorter than the file says": tensor("0", (2, 3), count=5),
    "a storage of 2^61": tensor("0", (2, 3), count=2**61),
    "a storage of -1": tensor("0", (2, 3), count=-1),
    "a storage of another type": tensor("0", (2, 3), kind="DoubleStorage"),
    "a storage of an unknown type": tensor("0", (2, 3), kind="FooStorage"),
    "a storage that is missing": tensor("1", (2, 3)),
    "a key that climbs": tensor("../data.pkl", (2, 3)),
    "a view that begins outside": called(
        "torch._utils", "_rebuild_tensor",
        storage("0", 6, view=several(text("1"), whole(7), whole(1))), whole(0), sizes((1,)), sizes((1,)),
    ),
    "no storage": called(*REBUILD, NONE, whole(0), sizes((2,)), sizes((1,))),
    "a reference to nothing": called(
        *REBUILD, EMPTY_TUPLE + PERSISTENT, whole(0), sizes((2,)), sizes((1,))
    ),
    "an array without its shape": called(*REBUILD, storage("0", 6)),
    "a parameter without its array": called("torch._utils", "_rebuild_parameter"),
}  # fmt: skip


@FORMS
@pytest.mark.parametrize("fault", VIEWS)
def test_an_array_that_its_storage_cannot_hold_is_refused(tmp_path: Path, form, fault: str) -> None:
    assert outcome(tmp_path / "w.pth", form(pairs({"weight": VIEWS[fault]}), NUMBERS)).startswith("arrays-")


@FORMS
def test_one_number_spread_over_ten_billion_places_costs_nothing_until_it_is_read(tmp_path: Path, form) -> None:
    path = tmp_path / "w.pth"
    path.write_bytes(form(pairs({"weight": tensor("0", (100_000, 100_000), (0, 0), count=6)}), NUMBERS))
    with bounded(), opened(path) as file:
        assert [entry.count for entry in file.entries] == [10**10]


def test_a_packed_storage_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    content = zipped(pairs({"weight": tensor("0", (10**7,))}), {"0": bytes(4 * 10**7)}, packing=zipfile.ZIP_DEFLATED)
    assert "is compressed, which torch.save never does" in outcome(tmp_path / "w.pth", content)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([("data.pkl", b"N.")], "two of its parts have the same name"),
        ([("data/0", bytes(24))], "two of its parts have the same name"),
        ([("../other/data.pkl", b"N.")], ""),
    ],
    ids=["two pickles", "two storages", "a pickle elsewhere"],
)
def test_a_zip_whose_parts_are_not_those_of_one_net(tmp_path: Path, more: list[tuple[str, bytes]], said: str) -> None:
    found = outcome(tmp_path / "w.pth", zipped(pairs(WEIGHT), NUMBERS, more))
    assert (found == "weight[2, 3]") if not said else (said in found)


def test_two_nets_in_one_zip_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    path.write_bytes(zipped(pairs(WEIGHT), NUMBERS))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other/data.pkl", b"N.")
    assert "two tables of its arrays" in outcome(path, path.read_bytes())


LISTS: dict[str, bytes] = {
    "a count of -1": streamed(pairs(WEIGHT), NUMBERS).replace(struct.pack("<q", 6), struct.pack("<q", -1)),
    "a count of 2^61": streamed(pairs(WEIGHT), NUMBERS).replace(struct.pack("<q", 6), struct.pack("<q", 2**61)),
    "a count past the end": streamed(pairs(WEIGHT), NUMBERS).replace(struct.pack("<q", 6), struct.pack("<q", 7)),
    "a key that no array has": streamed(pairs(WEIGHT), {**NUMBERS, "1": b""}),
    "a key twice": streamed(pairs(WEIGHT), NUMBERS, keys=["0", "0"]),
    "another version": streamed(pairs(WEIGHT), NUMBERS).replace(whole(1001), whole(1002)),
    "no list of keys": b"".join(PROTOCOL + part + STOP for part in (MAGIC, whole(1001), NONE, pairs(WEIGHT), NONE)),
    "keys that are no texts": b"".join(
        PROTOCOL + part + STOP for part in (MAGIC, whole(1001), NONE, pairs(WEIGHT), EMPTY_LIST + NONE + b"a")
    ),
    "keys without end": b"".join(
        PROTOCOL + part + STOP
        for part in (MAGIC, whole(1001), NONE, pairs(WEIGHT), EMPTY_LIST + b"(" + text("0") * 400_000 + b"e")
    ),
}


@pytest.mark.parametrize("fault", LISTS)
def test_a_list_of_storages_that_lies_is_damaged(tmp_path: Path, fault: str) -> None:
    assert outcome(tmp_path / "w.pth", LISTS[fault]).startswith("arrays-damaged: `w.pth` is damaged: it")


def test_more_arrays_than_any_net_has_are_refused(tmp_path: Path) -> None:
    top = tensor("0", (2, 3)) + b"q\0" + b"}(" + b"".join(text(f"w{n}") + b"h\0" for n in range(20_001)) + b"u"
    assert "it names 20,001 arrays" in outcome(tmp_path / "w.pth", zipped(top, NUMBERS))


@FORMS
def test_names_that_are_not_plain_are_read_and_never_shown_whole(tmp_path: Path, form) -> None:
    top = pairs({"x" * 50_000: tensor("0", (9, 9), count=6)})
    assert len(outcome(tmp_path / "w.pth", form(top, NUMBERS))) < 200
