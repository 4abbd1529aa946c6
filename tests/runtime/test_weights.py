"""Weights: drawn from a seed so that order does not matter, read from files that are checked first, saved whole."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError
from cnncalc.net_files import checked
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weight_files.opening import opened
from cnncalc.runtime.weights import load, save, seeded
from cnncalc.sources import find
from tests.time_limits import allowed

from .nets import analysed, given

NET = "input 8x8x1\nconv 2 3x3 bn relu\nflatten\ndense 3\n"
SHAPES = {
    "conv1.weight": (2, 1, 3, 3),
    "conv1.bias": (2,),
    "conv1.bn.weight": (2,),
    "conv1.bn.bias": (2,),
    "conv1.bn.running_mean": (2,),
    "conv1.bn.running_var": (2,),
    "dense1.weight": (3, 72),
    "dense1.bias": (3,),
}
TORCH = ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "4.weight", "4.bias"]
"""What PyTorch calls them in Sequential(Conv2d, BatchNorm2d, ReLU, Flatten, Linear)."""


def arrays(names: list[str] | None = None) -> dict[str, np.ndarray[Any, Any]]:
    random = np.random.default_rng(7)
    named = zip(names or SHAPES, SHAPES.values(), strict=True)
    return {name: random.standard_normal(shape).astype(np.float32) for name, shape in named}


def refused(path: Path, text: str = NET) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        load(path, analysed(text))
    (diagnostic,) = error.value.diagnostics
    assert str(path) in diagnostic.message
    assert diagnostic.help
    return diagnostic.code, "\n".join([diagnostic.message, *diagnostic.notes])


def test_a_fresh_layerscale_holds_the_start_that_its_line_states() -> None:
    """1e-6 is ConvNeXt's published start (Liu et al. 2022)."""
    weights = seeded(analysed("input 4x4x3\nlayerscale 1e-6\n"), everything=False)
    np.testing.assert_array_equal(weights.arrays["layerscale1.weight"], np.full(3, 1e-6, np.float32))


def test_every_weight_has_its_declared_shape() -> None:
    weights = seeded(analysed(NET))
    assert {name: array.shape for name, array in weights.arrays.items()} == SHAPES
    assert all(array.dtype == np.float32 for array in weights.arrays.values())
    assert weights.origin == "drawn at random (He normal, seed 0)"


def test_random_weights_have_the_variance_of_he() -> None:
    values = seeded(analysed("input 400\ndense 300\n")).arrays["dense1.weight"]
    assert abs(float(values.mean())) < 0.001
    assert float(values.std()) == pytest.approx((2 / 400) ** 0.5, rel=0.01)


def test_no_drawn_weight_leaves_a_layer_without_effect() -> None:
    for line in ("conv 8 3x3 bn prelu", "dwconv 3x3\nscale", "conv 8 1x1\ngn 4", "conv 8 1x1 ln", "subsample 2x2"):
        for name, array in seeded(analysed(f"input 8x8x8\n{line}\n")).arrays.items():
            assert np.ptp(array) > 0, name
            assert not np.isin(array, (0, 1)).any(), name


def test_a_net_that_is_worked_out_by_hand_keeps_the_zeros_and_ones_of_its_layers() -> None:
    text = "filter f = [1 2; 3 4]\ndata x = [1 2; 3 4]\ninput from x\nconv 1 2x2 weights=f bn => values [30]\n"
    assert seeded(analysed(text)).arrays["conv1.bias"].tolist() == [0]
    assert seeded(analysed(text)).arrays["conv1.bn.running_var"].tolist() == [1]
    assert seeded(analysed(text), everything=True).arrays["conv1.bn.running_var"].tolist() != [1]


def test_a_layer_whose_weights_are_stated_has_no_drawn_bias() -> None:
    text = "filter f = [1 2; 3 4]\ninput 4x4x1\nconv 1 2x2 weights=f\nconv 1 2x2\n"
    arrays = seeded(analysed(text)).arrays
    assert arrays["conv1.bias"].tolist() == [0]
    assert arrays["conv2.bias"].tolist() != [0]


def test_drawn_factors_keep_the_mean_square_of_what_they_multiply() -> None:
    arrays = seeded(analysed("input 20000\nln\nbn\nscale\n")).arrays
    factor, variance = arrays["bn1.weight"].astype(float), arrays["bn1.running_var"].astype(float)
    assert float((factor**2).mean()) == pytest.approx(1, rel=0.02)
    assert float((1 / variance).mean()) == pytest.approx(1, rel=0.02)
    assert float((arrays["scale1.weight"] ** 2).mean()) == pytest.approx(1, rel=0.02)
    assert float(arrays["bn1.bias"].std()) == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize("name", ["resnet152", "densenet201"])
def test_a_random_start_overflows_in_no_deep_net(name: str) -> None:
    analysis = analyse(checked(find(name), "32x32x3"))
    largest: list[float] = []
    execute(plan(analysis), seeded(analysis), given(analysis), lambda done: largest.append(np.abs(done.result).max()))
    assert max(largest) < 1e4


def test_a_weight_depends_on_the_seed_and_its_name_alone() -> None:
    small, large = (
        analysed("input 8x8x1\nconv 2 3x3\n"),
        analysed("input 8x8x1\nfirst: conv 1 1x1\nconv1: conv 2 3x3\n"),
    )
    weight = seeded(small, 5).arrays["conv1.weight"]
    assert np.array_equal(weight, seeded(large, 5).arrays["conv1.weight"])
    assert not np.array_equal(weight, seeded(small, 6).arrays["conv1.weight"])


def test_the_weights_of_a_seed_stay_the_same_from_version_to_version() -> None:
    values = seeded(analysed("input 4\ndense 1\n"), 1).arrays["dense1.weight"]
    assert values[0].tolist() == pytest.approx(FIRST_WEIGHTS_OF_SEED_1, abs=1e-6)


FIRST_WEIGHTS_OF_SEED_1 = [1.05810523, 0.99755859, 0.92423689, -0.12871850]


def test_float64_weights_are_the_float32_ones() -> None:
    analysis = analysed(NET)
    double, single = seeded(analysis, 3, "float64").arrays, seeded(analysis, 3).arrays
    assert all(double[name].dtype == np.float64 and np.allclose(double[name], single[name]) for name in SHAPES)


def test_stated_values_are_exact_and_in_the_order_they_are_written() -> None:
    text = "filter f = 1/3 * [1 2; 3 4]\ninput 4x4x1\nconv 1 2x2 weights=f bias=[5]\n"
    weights = seeded(analysed(text), dtype="float64")
    assert weights.arrays["conv1.weight"].ravel().tolist() == [1 / 3, 2 / 3, 3 / 3, 4 / 3]
    assert weights.arrays["conv1.bias"].tolist() == [5]
    assert weights.origin == "as the model states them"


def test_a_hundred_million_weights_are_drawn_in_seconds() -> None:
    analysis = analysed("input 25088\ndense 1024\n")
    start = time.process_time()
    seeded(analysis)
    assert time.process_time() - start < allowed(10)  # 25.7 million; a quarter of a second where nothing else runs


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(InputError, match="the seed is -1"):
        seeded(analysed(NET), -1)


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_what_is_saved_is_loaded_again(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"weights.{suffix}"
    analysis = analysed(NET)
    drawn = seeded(analysis, 9)
    save(path, drawn.arrays)
    loaded = load(path, analysis)
    assert loaded.origin == f"from {path} (matched by name)"
    assert list(loaded.arrays) == list(SHAPES)
    assert all(np.array_equal(drawn.arrays[name], loaded.arrays[name]) for name in SHAPES)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_safetensors_library_reads_what_is_saved(tmp_path: Path) -> None:
    save(tmp_path / "w.safetensors", arrays())
    assert load_file(tmp_path / "w.safetensors").keys() == SHAPES.keys()


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    save(path, arrays())
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="full"):
        save(path, {**arrays(), "broken": Broken()}, force=True)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["weights.npz"]
    with pytest.raises(InputError, match="cannot be written"):
        save(tmp_path / "no" / "folder.npz", arrays())


class Broken(np.ndarray[Any, Any]):
    """An array that breaks while it is being written."""

    def __new__(cls) -> Self:
        return np.zeros(3).view(cls)

    @property
    def flags(self) -> Any:
        raise RuntimeError("full")


def test_a_state_dict_of_torch_is_matched_by_names_and_shapes_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "torch.npz"
    np.savez(path, **arrays(TORCH), **{"1.num_batches_tracked": np.array(17)})
    loaded = load(path, analysed(NET))
    assert loaded.origin == (
        f"from {path} (PyTorch; matched by names and shapes; weights of dense1 put in the order of this net's flatten)"
    )
    assert np.array_equal(loaded.arrays["conv1.bn.running_var"], arrays(TORCH)["1.running_var"])


@pytest.mark.parametrize("name", ["", ".", "folder", "a\0b"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=r"cannot be written|is a folder, not a file"):
        save(tmp_path / name, arrays())
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("name", ["w.pth", "w.npz", "w.h5", "w.bin"])
def test_a_safetensors_file_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    save_file(arrays(), tmp_path / name)
    loaded = load(tmp_path / name, analysed(NET)).arrays
    assert {name: array.tolist() for name, array in loaded.items()} == {
        name: array.tolist() for name, array in arrays().items()
    }


def test_modules_of_a_safetensors_file_stand_in_natural_order(tmp_path: Path) -> None:
    text = "input 4\n" + "dense 4\n" * 12
    names = [f"layers.{module}.{weight}" for module in range(12) for weight in ("weight", "bias")]
    given = {name: np.full((4, 4) if name.endswith("weight") else (4,), i, np.float32) for i, name in enumerate(names)}
    save_file(given, tmp_path / "w.safetensors")
    loaded = load(tmp_path / "w.safetensors", analysed(text))
    assert [float(loaded.arrays[f"dense{n}.weight"][0, 0]) for n in range(1, 13)] == list(range(0, 24, 2))


def test_half_precision_and_fortran_order_are_read(tmp_path: Path) -> None:
    given = {name: np.asfortranarray(array.astype(np.float16)) for name, array in arrays().items()}
    np.savez(tmp_path / "w.npz", **given)
    loaded = load(tmp_path / "w.npz", analysed(NET)).arrays
    assert all(loaded[name].dtype == np.float32 and np.array_equal(loaded[name], given[name]) for name in SHAPES)


def test_stated_weights_may_be_left_out_of_a_file(tmp_path: Path) -> None:
    text = "input 8x8x1\nconv filter=sharpen\nflatten\ndense 1\n"
    dense = {"dense1.weight": np.ones((1, 36), np.float32), "dense1.bias": np.ones(1, np.float32)}
    np.savez(tmp_path / "w.npz", **dense)
    loaded = load(tmp_path / "w.npz", analysed(text)).arrays
    assert loaded["conv1.weight"].ravel().tolist() == [0, -1, 0, -1, 5, -1, 0, -1, 0]


def test_every_mismatch_is_listed_in_one_error(tmp_path: Path) -> None:
    wrong = arrays()
    del wrong["conv1.bias"]
    wrong |= {"dense1.weight": np.zeros((72, 3), np.float32), "fc9.weight": np.zeros(2, np.float32)}
    np.savez(tmp_path / "w.npz", **wrong)
    code, text = refused(tmp_path / "w.npz")
    assert code == "weights-mismatch"
    assert text.splitlines()[1:] == [
        "missing: conv1.bias 2",
        "not in this net: fc9.weight 2",
        "of another shape: dense1.weight: expected 3x72, found 72x3",
    ]
    assert "1 missing, 1 not in this net, 1 of another shape" in text


def test_another_programs_file_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    other = arrays(TORCH)
    other["4.weight"] = np.zeros((3, 71), np.float32)
    np.savez(tmp_path / "w.npz", **other)
    assert refused(tmp_path / "w.npz")[0] == "weights-mismatch"


def npy(shape: tuple[int, ...], data: bytes, descr: str = "'<f4'") -> bytes:
    """An .npy file that claims that shape, whatever data it has."""
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    claims = npy((2, 1, 3, 3), bytes(300_000_000))
    path = zipped(tmp_path / "bomb.npz", {"conv1.weight.npy": claims})
    assert path.stat().st_size < 1_000_000
    start = time.process_time()
    code, text = refused(path)
    assert code == "arrays-damaged"
    assert "72 bytes" not in text
    assert "but has 300,000" in text
    assert time.process_time() - start < allowed(5)


def test_a_huge_array_that_is_no_weight_of_the_net_is_never_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "huge.npz", {"extra.npy": npy((75_000_000,), bytes(300_000_000))})
    assert refused(path)[0] == "weights-mismatch"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (npy((10**15,), b""), "arrays-damaged"),
        (npy((-3,), b""), "arrays-damaged"),
        (npy((2,), bytes(4)), "arrays-damaged"),
        (npy((2,), bytes(16), "'|O'"), "arrays-not-numbers"),
        (npy((1,), bytes(12), "[('a', '<f4'), ('b', '<f8')]"), "arrays-not-numbers"),
        (npy((1,), bytes(8), "'<U2'"), "arrays-not-numbers"),
        (npy((1,), bytes(4), "__import__('os')"), "arrays-damaged"),
        (b"\x93NUMPY\x01\x00\xff\xff{" + b"(" * 60_000, "arrays-damaged"),
        (b"\x93NUMPY\x03\x00\x04\x00\x00\x00{}\n\n", "arrays-damaged"),
        (b"\x93NUMPY", "arrays-damaged"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "w.npy").write_bytes(content)
    assert refused(tmp_path / "w.npy")[0] == code
    assert refused(zipped(tmp_path / "w.npz", {"conv1.weight.npy": content}))[0] == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("w.pth", b"\x80\x02}q\x00.", "arrays-unknown-format"),
        ("w.npz", b"hello, world", "arrays-unknown-format"),
        ("w.npz", b"PK\x03\x04" + bytes(50), "arrays-damaged"),
        ("w.safetensors", b"\x00" * 8, "arrays-damaged"),
        ("w.safetensors", struct.pack("<Q", 2**60) + b"{}", "arrays-damaged"),
        ("w.safetensors", struct.pack("<Q", 2) + b"{]", "arrays-damaged"),
        ("w.npz", b"", "file-empty"),
    ],
)
def test_what_holds_no_arrays_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name)[0] == code


def test_a_file_with_two_arrays_of_one_name_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("a.npy", npy((1,), bytes(4)))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.npy", npy((1,), bytes(4)))
    assert refused(tmp_path / "w.npz")[0] == "arrays-damaged"


def test_a_file_that_is_broken_off_or_changed_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays())
    whole = buffer.getvalue()
    path = tmp_path / "w.npz"
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path)[0] == "arrays-damaged"
    changed = bytearray(whole)
    changed[100] ^= 0xFF
    path.write_bytes(changed)
    assert refused(path)[0] == "arrays-damaged"


def test_weights_that_are_not_finite_are_named_as_the_file_calls_them(tmp_path: Path) -> None:
    torch = arrays(TORCH)
    torch["4.weight"][1, 2], torch["4.weight"][2, 0], torch["0.bias"][1] = np.nan, np.inf, -np.inf
    np.savez(tmp_path / "w.npz", **torch)
    warned = [one for one in load(tmp_path / "w.npz", analysed(NET)).warnings if one.code == "weights-not-finite"]
    (found,) = warned
    assert found.message == f"2 of the arrays in `{tmp_path / 'w.npz'}` hold NaN or infinity"
    assert found.notes == ("`0.bias` is -inf at [1], `4.weight` is nan at [1, 2]",)
    assert found.severity == "warning"


def test_weights_that_are_finite_are_not_warned_of(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", **arrays())
    assert load(tmp_path / "w.npz", analysed(NET)).warnings == ()


def test_a_weight_too_large_for_the_run_is_named_with_its_place(tmp_path: Path) -> None:
    given = {name: array.astype(np.float64) for name, array in arrays().items()}
    given["conv1.weight"][1, 0, 2, 2] = 1e300
    np.savez(tmp_path / "w.npz", **given)
    code, text = refused(tmp_path / "w.npz")
    assert code == "number-does-not-fit"
    assert "`conv1.weight` in" in text
    assert "holds 1e+300 at [1, 0, 2, 2], which does not fit float32" in text


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,",  # Python's tokenizer finds no end
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,) or 0}",  # once with the address of a syntax tree
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4if 1else 2,)}",  # Python warns of such numbers
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "9" * 4000 + ", " + "9" * 4000 + ")}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 3000 + ")" * 3000 + "}",
        "{'descr': ['<f4'], 'fortran_order': False, 'shape': (2,)}",
        "{" + "'a': 1, " * 5000 + "}",
    ],
)
def test_a_header_that_no_array_has_is_refused_in_our_own_words(tmp_path: Path, header: str) -> None:
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(8)
    (tmp_path / "w.npy").write_bytes(content)
    code, text = refused(tmp_path / "w.npy")
    assert code == "arrays-damaged"
    said = ("does not begin with the header of a numpy array", "has a shape that no array can have")
    assert text.removeprefix(f"`{tmp_path}/w.npy` is damaged: `w.npy` ") in said


def test_a_header_padded_with_thousands_of_spaces_costs_no_more_than_another(tmp_path: Path) -> None:
    """numpy looks at it with Python's tokenizer, which took 7 s for 4500 spaces."""
    good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }" + " " * 60_000
    start = time.process_time()
    for header in (good, good.replace("(2,)", "(2,) and (3,)")):
        content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(8)
        (tmp_path / "w.npy").write_bytes(content)
        assert refused(tmp_path / "w.npy")[0] == ("weights-mismatch" if header == good else "arrays-damaged")
    assert time.process_time() - start < allowed(1)


def test_a_version_of_the_format_that_is_not_known_is_refused(tmp_path: Path) -> None:
    content = npy((2,), bytes(8))
    (tmp_path / "w.npy").write_bytes(content[:6] + b"\x04" + content[7:])
    assert refused(tmp_path / "w.npy")[0] == "arrays-damaged"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_numpy_does_not_write_are_refused(tmp_path: Path, method: int) -> None:
    """Both unpack a few bytes into megabytes at one go."""
    with zipfile.ZipFile(tmp_path / "w.npz", "w", method) as archive:
        archive.writestr("conv1.bias.npy", npy((2,), bytes(8)))
    code, text = refused(tmp_path / "w.npz")
    assert code == "arrays-unknown-format"
    assert "`conv1.bias.npy` in" in text
    assert "is packed in another way than numpy packs it" in text


def test_an_encrypted_array_is_called_so(tmp_path: Path) -> None:
    """zipfile's own words name a Python object: File <ZipInfo filename=...> is encrypted."""
    path = zipped(tmp_path / "w.npz", {"conv1.bias.npy": npy((2,), bytes(8))})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    code, text = refused(path)
    assert code == "arrays-unknown-format"
    assert text == f"`conv1.bias.npy` in `{path}` is encrypted"


def test_a_million_names_are_refused_before_they_are_read(tmp_path: Path) -> None:
    entry = b"PK\x01\x02" + bytes(42)
    listing = entry * 1_000_000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, len(listing), 4, 0)
    (tmp_path / "w.npz").write_bytes(b"PK\x03\x04" + listing + end)
    start = time.process_time()
    text = refused(tmp_path / "w.npz")[1]
    assert time.process_time() - start < allowed(1)
    assert "its table of contents is longer than that of any net" in text


def test_a_name_of_sixty_thousand_letters_is_cut_in_a_message(tmp_path: Path) -> None:
    zipped(tmp_path / "w.npz", {f"{'x' * 60_000}.npy": npy((2,), bytes(8))})
    assert len(refused(tmp_path / "w.npz")[1]) < 1000


def test_bfloat16_is_the_upper_half_of_float32(tmp_path: Path) -> None:
    """0x3F80 is 1.0 in bfloat16, 0xC0E0 -7.0, 0x7F80 infinite (Kalamkar et al. 2019, section 3)."""
    header = b'{"conv1.weight":{"dtype":"BF16","shape":[1,1,1,2],"data_offsets":[2,6]},'
    header += b'"conv1.bias":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'
    data = struct.pack("<3H", 0x7F80, 0x3F80, 0xC0E0)
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)
    found = load(tmp_path / "w.safetensors", analysed("input 1x2x1\nconv 1 1x2\n")).arrays
    assert found["conv1.weight"].tolist() == [[[[1.0, -7.0]]]]
    assert found["conv1.bias"].tolist() == [float("inf")]


def test_numbers_of_eight_bits_are_refused_by_name(tmp_path: Path) -> None:
    header = b'{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}'
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(2))
    code, text = refused(tmp_path / "w.safetensors")
    assert code == "arrays-not-numbers"
    assert "`a`" in text
    assert "F8_E4M3 numbers" in text


@pytest.mark.parametrize(
    ("metadata", "names", "program"),
    [
        ({"format": "pt"}, ["a.weight"], "PyTorch"),
        ({"format": "np"}, ["a.weight"], ""),
        (None, ["bn.weight", "bn.num_batches_tracked"], "PyTorch"),
        (None, ["bn.weight", "bn.moving_mean"], ""),
    ],
)
def test_who_wrote_a_file_is_known_from_what_it_says_or_from_a_counter(
    tmp_path: Path, metadata: dict[str, str] | None, names: list[str], program: str
) -> None:
    """`format` is what safetensors.torch writes; only PyTorch's batch norms count their batches."""
    arrays = {name: np.ones(1, np.float32) for name in names}
    save_file(arrays, tmp_path / "w.safetensors", metadata)
    with opened(tmp_path / "w.safetensors") as file:
        assert file.about.program == program
    np.savez(tmp_path / "w.npz", **arrays)
    with opened(tmp_path / "w.npz") as file:
        assert file.about.program == ("PyTorch" if "bn.num_batches_tracked" in names else "")


def test_weights_that_do_not_fit_the_memory_are_refused_before_they_are_drawn() -> None:
    with pytest.raises(InputError, match=r"this run needs 4\.0 TB") as error:
        seeded(analysed("input 1000000\ndense 1000000 nobias\n"))
    assert error.value.diagnostics[0].code == "not-enough-memory"
