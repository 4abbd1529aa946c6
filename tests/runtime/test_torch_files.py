"""PyTorch's files of weights, put together by hand: every form has its arrays, in order, and says what it was."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from cnncalc.diagnostics import InputError
from cnncalc.runtime.file_arrays import Array
from cnncalc.runtime.weight_files.opening import opened

from .torch_saved import (
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_TUPLE,
    FALSE,
    NONE,
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

WEIGHT, BIAS = np.arange(6, dtype="<f4").tobytes(), np.array([7, 8], "<f4").tobytes()
STATE = {"conv.weight": tensor("0", (2, 3)), "conv.bias": tensor("1", (2,))}
STORAGES = {"0": WEIGHT, "1": BIAS}
VALUES = {"conv.weight": [[0, 1, 2], [3, 4, 5]], "conv.bias": [7, 8]}
FORMS = pytest.mark.parametrize("form", [zipped, streamed], ids=["zip", "legacy"])


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def arrays(path: Path) -> dict[str, Array]:
    with opened(path) as file:
        return {entry.name: file.read(entry.name) for entry in file.entries}


def values(path: Path) -> dict[str, object]:
    return {name: array.tolist() for name, array in arrays(path).items()}


def remark(path: Path) -> str:
    with opened(path) as file:
        assert file.about.program == "PyTorch"
        return f"{file.about.form}: {file.about.remark}"


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        arrays(path)
    (found,) = error.value.diagnostics
    assert str(path) in found.message
    assert found.help
    return f"{found.code}: {found.message.replace(str(path), path.name)}"


@FORMS
def test_a_state_dict_has_its_arrays_in_its_order(tmp_path: Path, form) -> None:
    path = written(tmp_path / "net.pth", form(pairs(STATE), STORAGES))
    assert list(values(path).items()) == list(VALUES.items())
    assert remark(path) == "a PyTorch state dict: "


@FORMS
def test_what_has_no_name_and_what_is_no_array_is_left_out(tmp_path: Path, form) -> None:
    state = {"epoch": whole(3), "best": NONE, **STATE, "hooks": EMPTY_LIST, "args": called("argparse", "Namespace")}
    assert values(written(tmp_path / "net.pth", form(pairs(state), STORAGES))) == VALUES


@FORMS
@pytest.mark.parametrize("key", ["state_dict", "model_state_dict", "model", "net", "ema", "params", "weights"])
def test_a_checkpoint_says_where_in_it_the_weights_are(tmp_path: Path, form, key: str) -> None:
    path = written(tmp_path / "net.ckpt", form(pairs({"epoch": whole(1), key: pairs(STATE)}), STORAGES))
    assert values(path) == VALUES
    assert remark(path) == f"a PyTorch checkpoint: the weights in `{key}`"


@FORMS
def test_averaged_weights_come_before_those_of_the_last_step(tmp_path: Path, form) -> None:
    """timm evaluates with `state_dict_ema` where a checkpoint has it, YOLOv5 with `ema`."""
    last = pairs({"conv.weight": tensor("1", (2,))})
    path = written(tmp_path / "net.pt", form(pairs({"model": last, "ema": pairs(STATE)}), STORAGES))
    assert values(path) == VALUES
    assert remark(path) == "a PyTorch checkpoint: the weights in `ema`, not those in `model`"


def test_weights_of_an_optimizer_are_not_those_of_a_net(tmp_path: Path) -> None:
    content = {"optimizer": pairs({"momentum": tensor("1", (2,))}), "encoder": pairs(STATE)}
    path = written(tmp_path / "net.pth", zipped(pairs(content), STORAGES))
    assert values(path) == VALUES
    assert remark(path) == "a PyTorch checkpoint: the weights in `encoder`"


def test_two_nets_under_names_of_their_own_have_both_names(tmp_path: Path) -> None:
    content = {"up": pairs({"w": tensor("1", (2,))}), "down": pairs({"w": tensor("1", (2,))})}
    path = written(tmp_path / "net.pth", zipped(pairs(content), STORAGES))
    assert values(path) == {"up.w": [7, 8], "down.w": [7, 8]}
    assert remark(path) == "a PyTorch checkpoint: the weights in `up` and `down`"


@pytest.mark.parametrize("wrapper", ["module.", "_orig_mod.", "module._orig_mod."])
def test_what_a_wrapper_puts_before_every_name_is_left_out_and_said(tmp_path: Path, wrapper: str) -> None:
    """DataParallel writes `module.`, torch.compile `_orig_mod.`."""
    state = {f"{wrapper}{name}": value for name, value in STATE.items()}
    path = written(tmp_path / "net.pth", zipped(pairs(state), STORAGES))
    assert values(path) == VALUES
    assert remark(path) == f"a PyTorch state dict: `{wrapper}` before each name left out"


def test_what_only_some_names_begin_with_belongs_to_them(tmp_path: Path) -> None:
    state = {"module.weight": STATE["conv.weight"], "head.bias": STATE["conv.bias"]}
    assert list(values(written(tmp_path / "net.pth", zipped(pairs(state), STORAGES)))) == ["module.weight", "head.bias"]


@FORMS
def test_a_whole_module_is_walked_in_order_and_its_code_is_not_run(tmp_path: Path, form) -> None:
    """Parameters, buffers, then modules, as Module.state_dict has them; `None` is a bias that is not there."""
    leaf = module(("torch.nn.modules.conv", "Conv2d"), pairs({"weight": tensor("0", (6,)), "bias": NONE}))
    buffers = pairs({"mean": tensor("1", (2,)), "anchors": tensor("1", (2,))})
    state = {
        "_modules": pairs({"conv": leaf, "gone": NONE}),
        "_buffers": buffers,
        "_parameters": pairs({"scale": tensor("1", (2,))}),
        "_non_persistent_buffers_set": called("__builtin__", "set", EMPTY_LIST + text("anchors") + b"a"),
    }
    top = named("resnet", "ResNet") + EMPTY_TUPLE + b"\x81" + pairs(state) + b"b"
    path = written(tmp_path / "net.pt", form(top, STORAGES))
    assert values(path) == {"scale": [7, 8], "mean": [7, 8], "conv.weight": [0, 1, 2, 3, 4, 5]}
    assert remark(path) == "a PyTorch module: from a whole module, resnet.ResNet, whose code was not run"


def test_a_whole_module_before_1_6_has_its_class_beside_its_program(tmp_path: Path) -> None:
    kept = several(text("module"), named("nets", "Net"), text("nets.py"), text("class Net: ..." * 9000)) + b"Q"
    top = kept + EMPTY_TUPLE + b"\x81" + pairs({"_parameters": pairs({"w": tensor("1", (2,))})}) + b"b"
    path = written(tmp_path / "net.pt", streamed(top, {"1": BIAS}))
    assert values(path) == {"w": [7, 8]}
    assert remark(path) == "a PyTorch module: from a whole module, nets.Net, whose code was not run"


def test_a_torchscript_module_has_its_arrays_as_attributes(tmp_path: Path) -> None:
    state = {"training": FALSE, "w": tensor("1", (2,)), "conv": module(("__torch__", "Conv"), pairs({}))}
    inner = named("__torch__.torch.nn.___torch_mangle_3", "Conv2d") + EMPTY_TUPLE + b"\x81"
    state["conv"] = inner + pairs({"weight": tensor("0", (6,))}) + b"b"
    top = named("__torch__.nets.___torch_mangle_12", "Net") + EMPTY_TUPLE + b"\x81" + pairs(state) + b"b"
    content = zipped(top, STORAGES, more=(("constants.pkl", b"\x80\x02)."), ("byteorder", b"little")))
    path = written(tmp_path / "net.pt", content)
    assert values(path) == {"w": [7, 8], "conv.weight": [0, 1, 2, 3, 4, 5]}
    assert remark(path) == "TorchScript: from a whole module, nets.Net, whose code was not run"


@FORMS
@pytest.mark.parametrize(
    ("shape", "steps", "offset", "wanted"),
    [
        ((3, 2), (1, 3), 0, [[0, 3], [1, 4], [2, 5]]),  # turned
        ((2,), (2,), 1, [1, 3]),  # every second
        ((2, 2), (0, 1), 4, [[4, 5], [4, 5]]),  # spread
        ((), (), 5, 5),
        ((0, 9), (9, 1), 6, []),
        ((1, 1, 6), (77, 99, 1), 0, [[[0, 1, 2, 3, 4, 5]]]),  # the steps of an axis of 1 mean nothing
    ],
)
def test_a_view_of_a_storage_is_its_own_array(tmp_path: Path, form, shape, steps, offset, wanted) -> None:
    """Offsets and steps count numbers, as in torch.as_strided."""
    path = written(tmp_path / "net.pth", form(pairs({"w": tensor("0", shape, steps, offset, 6)}), {"0": WEIGHT}))
    (found,) = arrays(path).values()
    assert found.tolist() == wanted
    assert found.shape == shape
    assert found.flags.c_contiguous


NUMBERS = {
    "FloatStorage": ("<f4", [1.5, -2.0]),
    "DoubleStorage": ("<f8", [1.5, 1e300]),
    "HalfStorage": ("<f2", [1.5, -2.0]),
    "BFloat16Storage": ("<u2", [1.0, -7.0]),
    "LongStorage": ("<i8", [2**62, -1]),
    "IntStorage": ("<i4", [2**30, -1]),
    "ShortStorage": ("<i2", [300, -1]),
    "CharStorage": ("|i1", [100, -1]),
    "ByteStorage": ("|u1", [200, 1]),
    "BoolStorage": ("|b1", [True, False]),
}


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("kind", NUMBERS)
def test_every_type_of_numbers_is_read_in_either_byte_order(tmp_path: Path, kind: str, order: str) -> None:
    """bfloat16's 1.0 is 0x3F80, its -7.0 0xC0E0: the upper halves of float32's."""
    letters, wanted = NUMBERS[kind]
    numbers = np.array([0x3F80, 0xC0E0] if kind == "BFloat16Storage" else wanted, letters)
    content = numbers.astype(numbers.dtype.newbyteorder(">" if order == "big" else "<")).tobytes()
    more = (("byteorder", order.encode()),)
    path = written(tmp_path / "net.pth", zipped(pairs({"w": tensor("0", (2,), kind=kind)}), {"0": content}, more))
    (found,) = arrays(path).values()
    assert found.tolist() == wanted
    assert found.dtype.isnative


def test_a_legacy_file_of_a_big_machine_has_little_numbers_too(tmp_path: Path) -> None:
    """torch/csrc/serialization.cpp turns the numbers on such a machine when it writes."""
    content = streamed(pairs(STATE), STORAGES).replace(b"little_endian\x88", b"little_endian\x89")
    assert values(written(tmp_path / "net.pth", content)) == VALUES


@FORMS
def test_two_names_of_one_storage_are_two_arrays(tmp_path: Path, form) -> None:
    state = {"embedding": tensor("0", (6,)), "head": tensor("0", (2, 3))}
    found = values(written(tmp_path / "net.pth", form(pairs(state), {"0": WEIGHT})))
    assert found == {"embedding": [0, 1, 2, 3, 4, 5], "head": [[0, 1, 2], [3, 4, 5]]}


def test_a_view_of_a_storage_as_pytorch_0_3_wrote_it_begins_inside(tmp_path: Path) -> None:
    view = several(text("5"), whole(4), whole(2))
    top = called("torch._utils", "_rebuild_tensor", storage("0", 6, view=view), whole(0), sizes((2,)), sizes((1,)))
    assert values(written(tmp_path / "net.pth", streamed(pairs({"w": top}), {"0": WEIGHT}))) == {"w": [4, 5]}


def test_a_parameter_and_a_tensor_of_a_subclass_are_the_tensor_in_them(tmp_path: Path) -> None:
    parameter = called("torch._utils", "_rebuild_parameter", tensor("1", (2,)), FALSE, EMPTY_DICT)
    inner = several(storage("1", 2), whole(0), sizes((2,)), sizes((1,)), FALSE, EMPTY_DICT)
    function = named("torch._utils", "_rebuild_tensor_v2")
    subclass = called("torch._tensor", "_rebuild_from_type_v2", function, named("my", "Tensor"), inner, EMPTY_DICT)
    path = written(tmp_path / "net.pth", zipped(pairs({"a": parameter, "b": subclass}), {"1": BIAS}))
    assert values(path) == {"a": [7, 8], "b": [7, 8]}


QUANTISED = called("torch._utils", "_rebuild_qtensor", storage("0", 6, "QInt8Storage"))
NEW_TYPE = called("torch._utils", "_rebuild_tensor_v3", storage("0", 6), whole(0), named("torch", "float8_e4m3fn"))


@FORMS
@pytest.mark.parametrize(
    ("value", "what"),
    [
        (tensor("0", (6,), kind="ComplexFloatStorage"), "complex numbers"),
        (QUANTISED, "quantised numbers"),
        (NEW_TYPE, "float8_e4m3fn numbers"),
        (called("torch._utils", "_rebuild_sparse_tensor", NONE), "a sparse tensor"),
        (called("torch._utils", "_rebuild_meta_tensor_no_storage", NONE), "a tensor without numbers"),
    ],
    ids=["complex", "quantised", "float8", "sparse", "meta"],
)
def test_numbers_that_are_not_read_are_refused_by_name(tmp_path: Path, form, value: bytes, what: str) -> None:
    content = form(pairs({"conv.weight": value}), {"0": bytes(48)}, *([8] if form is streamed else []))
    said = refusal(written(tmp_path / "net.pth", content))
    assert said.startswith(f"arrays-not-numbers: `net.pth` holds {what}")
    assert said.endswith("in `conv.weight`")


def test_numbers_of_an_optimizer_that_are_not_read_do_not_matter(tmp_path: Path) -> None:
    content = {"model": pairs(STATE), "optimizer": pairs({"x": tensor("0", (1,), kind="ComplexFloatStorage")})}
    assert values(written(tmp_path / "net.pth", zipped(pairs(content), STORAGES))) == VALUES


@FORMS
@pytest.mark.parametrize(
    ("top", "said"),
    [
        (EMPTY_DICT, "holds no arrays with names"),
        (tensor("1", (2,)), "holds one array, which has no name"),
        (EMPTY_LIST + tensor("1", (2,)) + b"a", "holds a list, and no arrays with names"),
    ],
    ids=["empty", "one tensor", "a list"],
)
def test_arrays_without_names_are_no_weights(tmp_path: Path, form, top: bytes, said: str) -> None:
    assert refusal(written(tmp_path / "w.pt", form(top, STORAGES))).startswith(f"arrays-unknown-format: `w.pt` {said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x80\x04K\x01.", "arrays-unknown-format: `w.pt` is a Python pickle that torch.save has not written"),
        (b"\0\1\2\3 no weights", "arrays-unknown-format: `w.pt` is nothing that torch.save has written"),
        (b"\x80\x02", "arrays-damaged: `w.pt` is damaged: it ends too early"),
    ],
)
def test_what_torch_save_has_not_written_is_called_so(tmp_path: Path, content: bytes, said: str) -> None:
    assert refusal(written(tmp_path / "w.pt", content)) == said


@FORMS
def test_a_download_that_was_broken_off_is_damaged_wherever_it_ends(tmp_path: Path, form) -> None:
    whole_file = form(pairs(STATE), STORAGES)
    for length in range(20, len(whole_file) - 1, 7):
        path = written(tmp_path / "net.pth", whole_file[:length])
        assert refusal(path).startswith("arrays-damaged: `net.pth` is damaged"), length


def test_a_changed_bit_of_a_zip_is_found_by_its_checksum(tmp_path: Path) -> None:
    content = zipped(pairs(STATE), STORAGES)
    changed = content.replace(BIAS, struct.pack("<2f", 7, 9))
    assert "another checksum" in refusal(written(tmp_path / "net.pth", changed))


def test_a_zip_without_checksums_is_read(tmp_path: Path) -> None:
    """torch.serialization.set_crc32_options(False) writes 0 in their place."""
    content = bytearray(zipped(pairs(STATE), STORAGES))
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        place = content.find(mark)
        while place >= 0:
            content[place + at : place + at + 4] = bytes(4)
            place = content.find(mark, place + 1)
    assert values(written(tmp_path / "net.pth", bytes(content))) == VALUES
