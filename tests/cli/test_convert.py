"""convert: what is written where, which weights go with it, what is refused, and what a proof finds."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import cnncalc
from cnncalc.conversion import carried_weights, written_runs
from cnncalc.dialects import json_model
from cnncalc.graph.ir import Graph
from cnncalc.runtime.peers.written_nets import PeerFailedError

from .conftest import Command

SMALL = "input 8x8x3\nconv 4 3x3 same relu\nmaxpool 2x2\nflatten\ndense 5\n"
BY_NAMES = {"conv1.weight": (4, 3, 3, 3), "conv1.bias": (4,), "dense1.weight": (5, 64), "dense1.bias": (5,)}


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Path:  # which is called elsewhere first
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.txt").write_text(SMALL)
    arrays = {name: np.full(shape, n + 1, np.float32) for n, (name, shape) in enumerate(BY_NAMES.items())}
    save_file(arrays, "w.safetensors")
    return tmp_path


# ---------------------------------------------------------------------- what is written
@pytest.mark.parametrize(
    ("name", "beginning"),
    [("a.json", '{"cnncalc_model"'), ("a.txt", "input 8x8x3"), ("a.cfg", "[net]"), ("a.md", "# net")],
)
def test_the_name_of_the_file_says_the_notation(name: str, beginning: str, net: Path, command: Command) -> None:
    assert command("convert", "net.txt", "-o", name).status == 0
    assert (net / name).read_text().startswith(beginning)


def test_a_page_has_the_table_and_the_text(command: Command) -> None:
    page = command("convert", "lenet5", "--to", "markdown").out
    assert "\n| **total** | **10** |  | **61,706** | **416,520** |\n" in page
    assert "\n```text\n# LeNet-5 as most courses draw it today" in page


def test_a_fence_is_longer_than_any_in_the_text(net: Path, command: Command) -> None:
    Path("net.txt").write_text(f"# ```\n{SMALL}")
    page = command("convert", "net.txt", "--to", "markdown").out
    assert page.endswith("dense 5\n````\n")
    assert "\n````text\n# ```\n" in page


def test_weights_are_written_next_to_the_net(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "-o", "out.json", "--weights", "w.safetensors")
    assert done.status == 0
    assert "out.safetensors" in done.err
    assert "4 arrays" in done.err
    written = load_file("out.safetensors")
    assert {name: array.shape for name, array in written.items()} == BY_NAMES
    assert written["dense1.weight"][0, 0] == 3


def test_darknet_gets_its_own_file_of_weights(net: Path, command: Command) -> None:
    """A header of 20 bytes, then 4 + 108 + 5 + 320 numbers of 4 bytes."""
    assert command("convert", "net.txt", "-o", "out.cfg", "--weights", "w.safetensors").status == 0
    assert Path("out.weights").stat().st_size == 20 + 437 * 4
    assert command("weights", "out.weights", "--net", "out.cfg").status == 0


def test_trained_weights_that_ship_go_with_their_network(net: Path, command: Command) -> None:
    done = command("convert", "mnist-convnet", "-o", "digits.txt")
    assert done.status == 0
    assert "trained, as shipped with cnncalc" in done.err
    assert len(load_file("digits.safetensors")) == 10
    assert command("convert", "mnist-convnet", "-o", "larger.txt", "--input", "32").status == 0
    assert not Path("larger.safetensors").exists()


def test_a_net_without_weights_of_its_own_is_one_file(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "-o", "out.json")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert sorted(os.listdir()) == ["net.txt", "out.json", "w.safetensors"]


# ---------------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("-o out.foo", "the name out.foo does not say the notation"),
        ("--to jsn", "did you mean `json`?"),
        ("--to json --opset 17", "`--opset` is about ONNX, and JSON is written"),
        ("--to json --external", "`--external` is about ONNX"),
        ("--to markdown --prove", "`--prove` is for a net that is read again, and a page in Markdown is not"),
        ("--to json --weights w.safetensors", "`--weights` writes a second file, which needs a name"),
        ("-o out.json --weights nowhere.pth", "there is no"),
        ("-o w.json --weights w.json", "w.json is read by this command"),
        ("-o no/out.json", "there is no folder no"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(asked: str, said: str, net: Path, command: Command) -> None:
    Path("w.json").write_text("{}")
    before = sorted(os.listdir())
    done = command("convert", "net.txt", *asked.split())
    assert done.status == 2
    assert said in " ".join(done.err.split())
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize("there", ["out.json", "out.safetensors"])
def test_a_file_that_is_there_keeps_both_from_being_written(there: str, net: Path, command: Command) -> None:
    Path(there).write_text("mine")
    asked = ("convert", "net.txt", "-o", "out.json", "--weights", "w.safetensors")
    done = command(*asked)
    assert done.status == 2
    assert f"{there} exists already" in done.err
    assert Path(there).read_text() == "mine"
    assert not Path("out.json" if there != "out.json" else "out.safetensors").exists()
    assert command(*asked, "--force").status == 0
    assert command(*asked).status == 0, "the same files are no loss"


def test_weights_are_never_written_over(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "-o", "w.json", "--weights", "w.safetensors", "--force")
    assert done.status == 2
    assert "w.safetensors is read by this command" in done.err
    assert not Path("w.json").exists()


# ---------------------------------------------------------------------- the proof
def test_a_proof_names_every_claim(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "-o", "out.json", "--weights", "w.safetensors", "--prove", "--json")
    proof = json.loads(done.out)
    assert done.status == 0
    names = [one["claim"] for one in proof["claims"]]
    assert names == [
        "read again", "operations", "arrays", "params", "buffers", "MACs", "output", "run by cnncalc",
    ]  # fmt: skip
    assert proof["holds"] is True
    assert proof["arrays"] == 4
    assert proof["difference"] == 0


def test_a_proof_of_what_is_printed_goes_to_standard_error(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "--to", "spec", "--prove")
    assert done.out == SMALL
    assert "Proved" in done.err


@pytest.mark.parametrize(
    ("old", "new", "claim", "said"),
    [
        ('"same"', '{"padding": 2}', "operations", "rows after 1x1 became 2x2; line 2 (conv1)"),
        ('"relu"', '"relu6"', "operations", "became"),
        ('"maxpool"', '"avgpool"', "operations", "maxpool became avgpool"),
        ('"dense", "arguments": [5]', '"dense", "arguments": [6]', "params", "437 became 502"),
        ('"flatten"', '"no-such-word"', "read again", "line"),
    ],
)
def test_a_writer_that_is_wrong_is_found_and_nothing_is_written(
    old: str, new: str, claim: str, said: str, net: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = json_model.write

    def wrong(graph: Graph) -> str:
        return right(graph).replace(old, new)

    monkeypatch.setattr(json_model, "write", wrong)
    done = command("convert", "net.txt", "-o", "out.json", "--prove", "--json")
    claims: dict[str, Any] = {one["claim"]: one for one in json.loads(done.out)["claims"]}
    assert done.status == 1
    assert claims[claim]["holds"] is False
    assert said in claims[claim]["found"]
    assert not Path("out.json").exists()


def test_weights_of_a_net_that_was_written_wrong_are_not_written(
    net: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = json_model.write
    monkeypatch.setattr(json_model, "write", lambda graph: right(graph).replace('"maxpool"', '"avgpool"'))
    done = command("convert", "net.txt", "-o", "out.json", "--weights", "w.safetensors")
    assert done.status == 1
    assert "maxpool became avgpool" in done.out
    assert sorted(os.listdir()) == ["net.txt", "w.safetensors"]


# ---------------------------------------------------------------------- from Python
def test_python_writes_the_same_files(net: Path) -> None:
    done = cnncalc.load("net.txt").convert("out.json", weights="w.safetensors", prove=True)
    assert done.files == ("out.json", "out.safetensors")
    assert done.proof is not None
    assert (done.proof.holds, done.proof.operations, done.proof.arrays) == (True, 6, 4)
    assert "✓  params" in str(done)
    assert load_file("out.safetensors").keys() == BY_NAMES.keys()


def test_python_is_told_what_to_write_in_python(net: Path) -> None:
    with pytest.raises(cnncalc.InputError, match=r"needs a notation, since the name out\.foo does not say"):
        cnncalc.load("net.txt").convert("out.foo")
    with pytest.raises(cnncalc.InputError, match="did you mean `json`"):
        cnncalc.load("net.txt").to("jsn")


def test_a_net_that_was_written_wrong_is_no_file(net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = json_model.write
    monkeypatch.setattr(json_model, "write", lambda graph: right(graph).replace('"maxpool"', '"avgpool"'))
    done = cnncalc.load("net.txt").convert("out.json", prove=True)
    assert done.files == ()
    assert "Not proved  operations" in str(done)
    assert not Path("out.json").exists()


# ---------------------------------------------------------------------- a run that differs
@pytest.mark.parametrize(
    "wrong",
    [
        lambda arrays: {**arrays, "conv1.bias": arrays["conv1.bias"] + 0.01},
        lambda arrays: {**arrays, "dense1.weight": arrays["dense1.weight"][::-1].copy()},
        lambda arrays: {**arrays, "conv1.weight": arrays["conv1.weight"].swapaxes(2, 3).copy()},
    ],
    ids=["another bias", "rows in another order", "height and width exchanged"],
)
def test_weights_that_are_carried_over_wrong_are_found_by_the_run(
    wrong: Any, net: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = carried_weights.carried
    monkeypatch.setattr(carried_weights, "carried", lambda *given: wrong(right(*given)))
    done = command("convert", "net.txt", "-o", "out.json", "--prove", "--json")
    proof = json.loads(done.out)
    assert done.status == 1
    assert [one["claim"] for one in proof["claims"] if not one["holds"]] == ["run by cnncalc"]
    assert proof["difference"] > 1e-4
    assert not Path("out.json").exists()


def test_a_framework_that_is_not_there_is_no_proof_and_no_failure(
    net: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written_runs, "install_hint", lambda package: f"{package} is not installed (pip install x)")
    done = command("convert", "net.txt", "--to", "keras", "-o", "out.py", "--prove", "--json")
    claims = {one["claim"]: one for one in json.loads(done.out)["claims"]}
    assert done.status == 0
    assert claims["run"] == {"claim": "run", "found": "not done: keras is not installed (pip install x)", "holds": None}
    shown = command("convert", "net.txt", "--to", "keras", "-o", "out.py", "--prove").out
    assert "Proved  all but the run, which was not done: keras is not installed (pip install x)" in shown


def test_a_program_that_a_framework_refuses_is_a_failure(
    net: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: str) -> None:
        raise PeerFailedError("Keras", "ValueError: no such layer")

    monkeypatch.setattr(written_runs, "install_hint", lambda _: "")
    monkeypatch.setattr(written_runs, "run_written", refused)
    done = command("convert", "net.txt", "--to", "keras", "-o", "out.py", "--prove", "--json")
    assert done.status == 1
    last = json.loads(done.out)["claims"][-1]
    assert last == {"claim": "run by Keras", "found": "ValueError: no such layer", "holds": False}


@pytest.mark.parametrize("notation", ["torch", "keras"])
def test_weights_of_a_program_have_its_names(notation: str, net: Path, command: Command) -> None:
    """What was written is read by the readers of its notation, and is the net's: 4 arrays, 437 numbers."""
    done = command("convert", "net.txt", "--to", notation, "-o", "out.py", "--weights", "w.safetensors")
    assert done.status == 0, done.err
    (weights,) = (name for name in os.listdir() if name.startswith("out.") and name != "out.py")
    shown = command("weights", weights, "--net", "net.txt", "--json")
    assert shown.status == 0
    assert "4 arrays of 437 numbers" in done.err


def test_an_onnx_file_has_its_weights(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "-o", "out.onnx", "--weights", "w.safetensors", "--prove", "--json")
    assert done.status == 0
    assert json.loads(done.out)["arrays"] == 4
    assert command("convert", "net.txt", "-o", "apart.onnx", "--weights", "w.safetensors", "--external").status == 0
    assert Path("apart.onnx.data").stat().st_size >= 437 * 4
    for name in ("out.onnx", "apart.onnx"):
        assert command("convert", name, "-o", f"{name}.json").status == 0
        carried = load_file(f"{name}.safetensors")
        assert sorted(float(array.flat[0]) for array in carried.values()) == [1, 2, 3, 4]


def test_an_onnx_file_without_weights_of_its_own_gets_drawn_ones(net: Path, command: Command) -> None:
    done = command("convert", "net.txt", "-o", "out.onnx")
    assert done.status == 0
    assert "drawn at random (He normal, seed 0)" in done.err


# ---------------------------------------------------------------------- what is not written, and what is not printed
TWO_ENDS = "input 16x16x3\nc1: conv 4 3x3 relu\nc2: conv 8 3x3\noutput c1\n"
LENT = "input 8x8x3\na: conv 4 3x3 same\nx: conv 4 3x3 same from a\ny: conv 4 3x3 same shared=x from a\noutput y\n"
CALLS_ONE = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3)
        self.aux = nn.Conv2d(3, 5, 3)
    def forward(self, x):
        return self.a(x)
"""


def claims_of(done: Any) -> dict[str, Any]:
    return {one["claim"]: one for one in json.loads(done.out)["claims"]}


@pytest.mark.parametrize("notation", ["torch", "keras", "onnx"])
def test_a_line_that_no_output_needs_is_named_and_not_counted(notation: str, net: Path, command: Command) -> None:
    """c1 has 4 * (3 * 3 * 3 + 1) = 112 parameters, c2 has 8 * (4 * 3 * 3 + 1) = 296."""
    Path("ends.txt").write_text(TWO_ENDS)
    done = command("convert", "ends.txt", "--to", notation, "-o", "out.x", "--prove", "--json")
    assert done.status == 0
    assert "[not-written]: `c2` feeds no output and is not written: 296 parameters fewer" in done.err
    assert claims_of(done)["params"]["found"] == "112"


def test_a_program_says_the_totals_of_what_is_in_it(net: Path, command: Command) -> None:
    Path("ends.txt").write_text(TWO_ENDS)
    assert "\n112 parameters, 21,168 multiply-accumulates for 16x16x3\n" in cnncalc.load("ends.txt").to("torch")
    assert cnncalc.load("ends.txt").convert("out.py", "torch").warnings == (
        "`c2` feeds no output and is not written: 296 parameters fewer",
    )


@pytest.mark.parametrize("notation", ["torch", "keras", "onnx", "darknet"])
def test_weights_whose_owner_is_not_written_go_to_who_uses_them(notation: str, net: Path, command: Command) -> None:
    Path("lent.txt").write_text(LENT)
    done = command("convert", "lent.txt", "--to", notation, "-o", "out.x", "--prove", "--json")
    assert done.status == 0
    assert "`x` feeds no output" in done.err
    assert claims_of(done)["params"]["found"] == "260"


@pytest.mark.parametrize("notation", ["spec", "json", "torch", "keras", "onnx", "darknet"])
def test_a_module_that_is_never_called_is_named_and_not_counted(notation: str, net: Path, command: Command) -> None:
    """The file of weights has those of `aux`, too: 112 numbers of the 252 are carried over."""
    Path("program.py").write_text(CALLS_ONE)
    sizes = {"a.weight": (4, 3, 3, 3), "a.bias": (4,), "aux.weight": (5, 3, 3, 3), "aux.bias": (5,)}
    save_file({name: np.ones(size, np.float32) for name, size in sizes.items()}, "all.safetensors")
    asked = ("convert", "program.py", "--input", "8x8x3", "--weights", "all.safetensors", "--to", notation)
    done = command(*asked, "-o", "out.x", "--prove", "--json")
    assert done.status == 0
    assert "`aux` is made by the program, never called, and not written: 140 parameters fewer" in done.err
    assert "2 arrays of 112 numbers" in done.err
    assert claims_of(done)["params"]["found"] == "112"


def test_darknet_ends_with_the_output(net: Path, command: Command) -> None:
    Path("ends.txt").write_text(TWO_ENDS)
    assert command("convert", "ends.txt", "--to", "darknet").out.count("[convolutional]") == 1
    Path("ends.txt").write_text(TWO_ENDS.replace("output c1", "output c1 c2"))
    done = command("convert", "ends.txt", "--to", "darknet")
    assert done.status == 2
    assert "it hands out its last layer and what its detectors find" in " ".join(done.err.split())


def test_weights_that_are_not_printed_are_named(net: Path, command: Command) -> None:
    done = command("convert", "mnist-convnet", "--to", "torch")
    assert done.status == 0
    assert "[not-printed]: the weights in the file that ships with it are not in what is printed" in done.err
    assert command("convert", "mnist-convnet", "--to", "mermaid").err == ""
    assert command("convert", "net.txt", "--to", "torch").err == ""


def test_darknet_gets_variances_that_make_up_for_its_epsilon(net: Path, command: Command) -> None:
    """The file has a header of 20 bytes, then biases, factors, means and variances, each of 2 numbers."""
    Path("norm.txt").write_text("input 4x4x1\nconv 2 1x1 nobias bn epsilon=0.00001 relu\ngap\nsoftmax\n")
    sizes = {"weight": 2, "bias": 2, "running_mean": 2, "running_var": 2}
    arrays = {f"conv1.bn.{name}": np.full(size, 0.5, np.float32) for name, size in sizes.items()}
    save_file({"conv1.weight": np.ones((2, 1, 1, 1), np.float32), **arrays}, "n.safetensors")
    done = command("convert", "norm.txt", "-o", "n.cfg", "--weights", "n.safetensors", "--prove", "--json")
    assert done.status == 0
    assert claims_of(done)["arrays"]["found"] == "5, all the same, 1 variance 9e-06 larger"
    assert "other-epsilon" not in done.err
    written = np.frombuffer(Path("n.weights").read_bytes()[20:], "<f4")
    assert written[6:8] == pytest.approx([0.500009] * 2, abs=1e-7)


def test_a_cfg_alone_says_that_its_epsilon_is_another(net: Path, command: Command) -> None:
    Path("norm.txt").write_text("input 4x4x1\nconv 2 1x1 nobias bn\n")
    done = command("convert", "norm.txt", "-o", "n.cfg")
    assert done.status == 0
    assert "[other-epsilon]: Darknet adds 1e-06 to a variance, 1 batch norm of this net 1e-05" in done.err
    Path("norm.txt").write_text("input 4x4x1\nconv 2 1x1 nobias bn epsilon=1e-6\n")
    assert command("convert", "norm.txt", "-o", "same.cfg").err == ""


def test_python_raises_where_weights_do_not_go_with_what_is_written(net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = json_model.write
    monkeypatch.setattr(json_model, "write", lambda graph: right(graph).replace('"maxpool"', '"avgpool"'))
    with pytest.raises(cnncalc.InputError, match="maxpool became avgpool"):
        cnncalc.load("net.txt").convert("out.json", weights="w.safetensors")
    assert not Path("out.json").exists()


@pytest.mark.parametrize(("option", "said"), [("--input 28", "--input"), ("--set n=6", "--set")])
def test_answers_of_a_text_that_is_written_for_another_size_are_named(
    option: str, said: str, tmp_path: Path, command: Command
) -> None:
    text = tmp_path / "answered.txt"
    text.write_text("let n = 4\ninput 8x8x3\nconv $n 3x3 => 6x6x4 params 112\n", encoding="utf-8")
    assert "answers-kept" not in command("convert", str(text), "--to", "spec").err
    done = command("convert", str(text), "--to", "spec", *option.split())
    assert f"2 answers of the text are written as before, and may be wrong with {said}" in done.err
