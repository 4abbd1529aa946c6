"""What a stranger who works on it relies on: each fact of the project in one place, and the others agreeing with it."""

from __future__ import annotations

import re
import tomllib

import cnncalc

from ..shown_commands import ROOT, printed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOWS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")

RELEASED = (
    {"bench", "check", "convert", "explain", "filters", "fmt", "grade", "init", "models", "quiz", "run"}
    | {"summary", "version"}  # commands
    | {"InputError", "Model", "__version__", "load"}  # names of the package
)
"""What users could name in the version that is the heading of Changes: at the next release, what they can name then."""


def classified() -> list[str]:
    """The Pythons that the package says it runs on, the oldest first."""
    found = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one) for one in PROJECT["classifiers"]]
    return [one[1] for one in found if one]


def test_the_version_is_in_the_package_alone() -> None:
    assert "version" not in PROJECT
    assert PROJECT["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", cnncalc.__version__)
    assert f"\n## Changes since {cnncalc.__version__}\n" in README
    assert f"\n**{cnncalc.__version__}** " in README


def test_what_users_can_name_since_the_release_is_in_changes() -> None:
    commands = set(re.findall(r"^ *[│|]? *([a-z]+)  ", printed("cnncalc --help", ROOT), re.MULTILINE))
    now = commands | set(cnncalc.__all__)
    assert {"lsp", "sweep"} <= now - RELEASED
    changes = README.partition("\n## Changes since ")[2]
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", changes))))
    assert sorted(now ^ RELEASED) == sorted((now ^ RELEASED) & named)


def test_every_python_that_is_supported_is_tested() -> None:
    assert PROJECT["requires-python"] == f">={classified()[0]}"
    tested = re.findall(r'"(3\.\d+)"', WORKFLOWS["checks.yml"])
    assert sorted(set(tested)) == classified()


def test_readme_names_the_oldest_python() -> None:
    assert f"Python {classified()[0]} or newer" in README
    assert f"({classified()[0]} or newer)" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_a_commit_is_checked_as_the_whole_is() -> None:
    listed = re.search(r"^for check in (.*); do$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    checks = re.findall(r'"([^"]+)"', listed[1]) if listed else []
    assert re.findall(r"entry: (.*)", HOOKS) == [one for one in checks if "--platform" not in one]
    assert "ruff format --check ." in checks


def test_tools_that_judge_texts_are_bounded_in_one_place() -> None:
    """A newer ruff or mypy finds other faults: each arrives with a commit, not with somebody's installation."""
    bounded = [one for one in PROJECT["optional-dependencies"]["test"] if re.match(r"(ruff|mypy)\b", one)]
    assert [re.sub(r"\d.*", "", one) for one in bounded] == ["ruff~=", "mypy~="]
    assert re.findall(r"rev:|additional_dependencies", HOOKS) == []


def test_workflows_may_read_and_no_more() -> None:
    assert list(WORKFLOWS) == ["checks.yml", "peers.yml"]
    for text in WORKFLOWS.values():
        assert re.findall(r"permissions:\n((?: +.*\n)+)", text) == ["  contents: read\n"]
        assert "secrets" not in text.replace("needs a secret", "")
        used = re.findall(r"uses: (.*)", text)
        assert used
        assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")
