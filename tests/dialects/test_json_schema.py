"""`model.schema.json` says of every net that is written what it is, and allows no member that is not read."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from cnncalc.asked import NAMES
from cnncalc.diagnostics.catalogue_dialects import ENTRIES
from cnncalc.dialects.json_lines import MEMBERS

from .nets import NETS
from .reading import json_of

SCHEMA: dict[str, Any] = json.loads(files("cnncalc.dialects").joinpath("model.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", [name for name in NETS if not name.startswith("zoo")] + ["zoo-resnet50"])
def test_every_net_that_is_written_fits_the_schema(validator: Any, name: str) -> None:
    assert [error.message for error in validator.iter_errors(json.loads(json_of(NETS[name])))] == []


@pytest.mark.parametrize("code", ["unfit-value", "unknown-member", "missing-member"])
def test_what_reading_refuses_the_schema_refuses(validator: Any, code: str) -> None:
    assert not validator.is_valid(json.loads(ENTRIES[code].example))


def test_the_schema_knows_the_members_that_are_read_and_no_other() -> None:
    kinds = SCHEMA["$defs"]["statement"]["anyOf"] + SCHEMA["$defs"]["silent"]["anyOf"]
    described = {kind["required"][0]: set(kind["properties"]) for kind in kinds if "properties" in kind}
    assert described == {kind: set(members) for kind, members in MEMBERS.items()}
    assert SCHEMA["$defs"]["answer"]["properties"]["asked"]["anyOf"][0]["enum"] == list(NAMES)
