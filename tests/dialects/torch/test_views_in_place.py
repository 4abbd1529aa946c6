"""Writing in place through a view: every other view sees it, or is refused; never a number that is not PyTorch's."""

from __future__ import annotations

import pytest

from .test_modules import HEAD, fault, words

LINES = "class Net(nn.Module):\n    def forward(self, x):\n        x = x.sigmoid()\n"


def body(lines: str) -> str:
    return LINES + "".join(f"        {line.strip()}\n" for line in lines.split(";")) + "model = Net()\n"


@pytest.mark.parametrize(
    "lines",
    [
        "y = x.view(1, -1); y.relu_(); return x",
        "y = x.flatten(2); F.relu(y, inplace=True); return x",
        "y = x.unsqueeze(1); y.relu_(); return x",
        "y = x.view(1, 3, -1).view(1, 3, 8, 8); y.relu_(); return x",
        "y = x[:]; y.relu_(); return x",
        "y = x.detach().contiguous(); y.relu_(); return x",
        "y = nn.Sequential()(x); y.relu_(); return x",
        "y = x.view(1, -1); x.relu_(); return y.view(1, 3, 8, 8)",
    ],
)
def test_a_change_through_a_view_of_all_numbers_changes_the_tensor(lines: str) -> None:
    assert [text for text in words(body(lines)) if text.split()[0] not in ("reshape", "flatten")] == ["sigmoid", "relu"]


@pytest.mark.parametrize(
    "lines",
    [
        "y = x.clone(); y.relu_(); return x",
        "y = x * 1; y.relu_(); return x",
        "y = torch.cat([x], 1); y.relu_(); return x",
        "y = x.permute(0, 2, 3, 1).contiguous(); y.relu_(); return x",
        "y = copy.deepcopy(x); y.relu_(); return x",
    ],
)
def test_a_change_of_a_copy_changes_only_the_copy(lines: str) -> None:
    assert words(f"import copy\n{body(lines)}") == ["sigmoid"]


@pytest.mark.parametrize(
    "lines",
    [
        "x[:, 0].relu_(); return x",
        "x[:, :2].relu_(); return x",
        "a, b = x.chunk(2, 1); a.relu_(); return torch.cat((a, b, x), 1)",
        "y = x.permute(0, 2, 3, 1); y.relu_(); return x",
        "y = x.narrow(1, 0, 2); x.relu_(); return y",
        "y = x[:, :2]; z = x[:, 1:]; y += 1; return z",
        "y = x.transpose(2, 3); x.add_(1); return [y]",
        "y = x[:, :2]; x.mul_(2); return F.relu(y)",
    ],
)
def test_a_change_of_a_part_or_in_another_order_is_refused_where_the_tensor_is_read(lines: str) -> None:
    found = fault(body(lines))
    assert found.code == "not-read-here"
    assert "changed in place through a view" in found.message
    assert found.help == "write the change so that it makes a new tensor: `y = y.relu()`, not `y.relu_()`"


@pytest.mark.parametrize("line", ["x[:, 0] = 0", "x[:, 0] += 1", "x[0] = x.relu()[0]"])
def test_writing_into_a_part_of_a_tensor_is_refused(line: str) -> None:
    assert "writing into a part of a tensor is not read" in fault(body(f"{line}; return x")).message


def test_parts_that_do_not_meet_do_not_change_each_other() -> None:
    found = words(body("a, b = x.split([1, 2], 1); a.relu_(); return b.tanh()"))
    assert [text.split()[0] for text in found] == ["sigmoid", "slice", "tanh"]


def test_a_view_changed_to_another_view_in_place_changes_no_number() -> None:
    found = words(body("y = x.view(1, 3, 64); y.unsqueeze_(2); y.transpose_(1, 3); return x.relu()"))
    assert found == ["sigmoid", "relu"]


def test_a_part_of_a_constant_that_is_written_is_no_longer_known() -> None:
    text = "m = torch.zeros(2, 3)\nm[0, 1] = 1\nn = m.view(6)\nm += 1\nmodel = nn.Conv2d(3, m.size(1), 1)\n"
    assert words(text) == ["conv 3 1"] or words(text) == ["conv 3 1x1"]
    written = f"{LINES}        m = torch.zeros(1, 3, 1, 1)\n        m[0, 1] = 1\n        return x + m\nmodel = Net()\n"
    assert fault(written).code == "no-such-layer"
    assert HEAD in HEAD + written
