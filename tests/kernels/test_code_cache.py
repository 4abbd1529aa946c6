"""Compiled kernels are kept for later processes, and nothing that others may have put there is ever run."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnncalc.kernels import code_cache, compile_cache_dir
from tests.time_limits import allowed

PROGRAM = """
import json
from cnncalc.kernels import compile_cache_dir, on_compile
from cnncalc.kernels.code_cache import REFUSALS
from cnncalc.kernels.engine.machine_code import kernel_address
from cnncalc.kernels.engine.pack_weights import pack_filters
from cnncalc.kernels.peak import multiply_adds
from tests.time_limits import allowed

compiled = []
with on_compile(compiled.append):
    total = multiply_adds(0, 4)
    kernel_address(pack_filters)
print(json.dumps([total, sorted(compiled), [str(one.reason) for one in REFUSALS.taken()]]))
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners of that kind")
BOTH = ["fma_sums", "pack_filters"]
"""Two kernels that LLVM alone compiles, which takes a moment only."""
SUM_OF_STARTS = 90.0
"""2 + 3 + ... + 13: what the first gives where it does nothing to the numbers with which it begins."""

root_alone = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root alone can give files away"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others can enter, unlike pytest's own."""
    found = Path(tempfile.mkdtemp())
    found.chmod(0o755)
    yield found.resolve()
    shutil.rmtree(found)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which both kernels are kept."""
    found = tmp_path_factory.mktemp("compiled")
    assert run(found) == (BOTH, [])
    return found


@pytest.fixture
def filled(place: Path, compiled: Path) -> Path:
    """A folder that others can enter, with both kernels in it."""
    shutil.copytree(compiled, place, dirs_exist_ok=True)
    place.chmod(0o755)
    return place


def run(cache: Path | None, limit: int | None = None, **environment: str) -> tuple[list[str], list[str]]:
    """(what was compiled, what was refused) by a process of its own, whose result must be right."""
    given = {**os.environ, **environment}
    given = given if cache is None else {**given, "NUMBA_CACHE_DIR": str(cache)}

    def limited() -> None:
        import resource

        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=given, capture_output=True, text=True, check=True, preexec_fn=limited
    )
    assert done.stderr == ""
    value, compiled, reasons = json.loads(done.stdout)
    assert value == SUM_OF_STARTS
    return compiled, reasons


def files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def test_what_is_kept_is_for_the_user_alone(place: Path) -> None:
    before = os.umask(0)
    try:
        assert run(place) == (BOTH, [])
    finally:
        os.umask(before)
    (folder,) = place.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o600}
    assert [path.name.partition("-")[0] for path in files(folder)] == ["engine", "engine"]
    assert run(place) == ([], [])


def test_in_a_shared_folder_nothing_is_read_or_kept(place: Path) -> None:
    place.chmod(0o777)
    assert run(place) == (BOTH, [f"{place} can be written by others"])
    assert files(place) == []


def test_planted_code_is_never_loaded_where_others_can_plant_it(filled: Path) -> None:
    """The machine code of one kernel under the name of another, with a right digest: loading it would be seen."""
    (sums,), (filters,) = filled.rglob("*fma_sums*"), filled.rglob("*pack_filters*")
    sums.write_bytes(filters.read_bytes())
    filled.chmod(0o777)
    assert run(filled) == (BOTH, [f"{filled} can be written by others"])


@pytest.mark.parametrize("kind", ["*fma_sums*", "*pack_filters*"])
def test_a_file_that_others_can_write_is_compiled_anew_and_replaced(filled: Path, kind: str) -> None:
    (kept,) = filled.rglob(kind)
    kept.chmod(0o666)
    compiled, reasons = run(filled)
    assert len(compiled) == 1
    assert reasons == [f"{kept} can be written by others"]
    assert run(filled) == ([], [])


@root_alone
def test_a_file_of_another_user_is_compiled_anew_and_replaced(filled: Path) -> None:
    for path in files(filled):
        os.chown(path, 54_321, -1)
    compiled, reasons = run(filled)
    assert compiled == BOTH
    assert {reason.rpartition(".")[2].partition(" ")[2] for reason in reasons} == {"belongs to another user"}
    assert {path.stat().st_uid for path in files(filled)} == {0}


@root_alone
def test_a_planted_folder_is_not_used(filled: Path) -> None:
    (folder,) = filled.iterdir()
    filled.chmod(0o1777)
    os.chown(folder, 54_321, -1)
    assert run(filled) == (BOTH, [f"{folder} belongs to another user"])


def test_a_link_in_the_place_of_a_file_is_not_followed(filled: Path) -> None:
    (kept,) = filled.rglob("*pack_filters*")
    kept.rename(filled / "elsewhere")
    kept.symlink_to(filled / "elsewhere")
    assert run(filled) == (["pack_filters"], [f"{kept} is a link"])
    assert not kept.is_symlink()


def test_a_link_of_the_users_own_leads_to_the_folder(place: Path) -> None:
    (place / "link").symlink_to("real")
    (place / "real").mkdir(mode=0o755)
    assert run(place / "link") == (BOTH, [])
    assert run(place / "real") == ([], [])


def test_a_folder_that_cannot_be_made_stops_nobody(place: Path) -> None:
    (place / "file").write_text("")
    assert run(place / "file") == (BOTH, [f"{place}/file cannot be written (not a directory)"])


def test_a_full_disk_stops_nobody_and_leaves_nothing_half_written(place: Path) -> None:
    """A limit on the size of files ends a write as a full disk does: in the middle."""
    assert run(place, limit=1000) == (BOTH, [])
    assert files(place) == []


@pytest.mark.parametrize("content", [b"", b"a" * 64 + b"\ngarbage"])
def test_damaged_files_are_compiled_anew(filled: Path, content: bytes) -> None:
    for path in files(filled):
        path.write_bytes(content)
    assert run(filled) == (BOTH, [])
    assert run(filled) == ([], [])


def test_processes_that_begin_at_once_all_find_their_way(place: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(place / "new")}
    begun = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE) for _ in range(3)
    ]
    assert {json.loads(process.communicate()[0])[0] for process in begun} == {SUM_OF_STARTS}
    assert run(place / "new") == ([], [])
    assert [path.name.partition("-")[0] for path in files(place)] == ["engine", "engine"]


# ---------------------------------------------------------------------- which folder
@pytest.fixture
def choosing(monkeypatch: pytest.MonkeyPatch, place: Path) -> Iterator[Path]:
    """Folders chosen anew, without NUMBA_CACHE_DIR and without a package that can be written to."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(code_cache, "__file__", str(place / "package" / "code_cache.py"))
    monkeypatch.setattr(tempfile, "tempdir", str(place / "tmp"))
    (place / "tmp").mkdir()
    (place / "tmp").chmod(0o1777)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place / "xdg"))
    monkeypatch.setenv("HOME", str(place / "home"))
    monkeypatch.setattr(code_cache, "REFUSALS", code_cache.Refusals())
    compile_cache_dir.cache_clear()
    yield place
    compile_cache_dir.cache_clear()


def parent() -> Path | None:
    found = compile_cache_dir()
    return None if found is None else found.parent


def test_the_packages_own_folder_is_taken_where_python_has_made_it(choosing: Path) -> None:
    (choosing / "package" / "__pycache__").mkdir(parents=True, mode=0o755)
    assert parent() == choosing / "package" / "__pycache__"


def test_a_package_that_others_can_write_to_is_passed_over_without_a_word(choosing: Path) -> None:
    (choosing / "package" / "__pycache__").mkdir(parents=True)
    (choosing / "package").chmod(0o777)
    assert parent() == choosing / "xdg" / "cnncalc"
    assert code_cache.REFUSALS.taken() == []


def test_without_xdg_it_is_the_cache_in_the_home_folder(choosing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")  # the standard says: to be ignored
    assert parent() == choosing / "home" / ".cache" / "cnncalc"


def test_no_folder_is_made_where_the_command_happens_to_be_given(
    choosing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "relative")
    assert parent() == choosing / "tmp" / f"cnncalc-{os.geteuid()}"


def test_without_a_home_folder_a_folder_of_the_users_own_among_the_temporary_ones_is_taken(
    choosing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", nowhere)
    assert parent() == choosing / "tmp" / f"cnncalc-{os.geteuid()}"
    assert code_cache.REFUSALS.taken() == []


def test_where_no_folder_can_be_used_the_users_cache_is_named(choosing: Path) -> None:
    (choosing / "xdg").mkdir()
    (choosing / "xdg").chmod(0o777)
    (choosing / "tmp").chmod(0o777)
    assert parent() is None
    assert code_cache.REFUSALS.taken() == [
        (choosing / "xdg" / "cnncalc", f"{choosing}/xdg can be written by others", False)
    ]


def test_a_read_only_folder_is_passed_over(choosing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere, except where the file system itself is read-only."""
    real = tempfile.TemporaryFile

    def refused(*arguments: Any, dir: Path) -> Any:
        if "xdg" in dir.parts:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(dir / "tmp1"))
        return real(*arguments, dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    assert parent() == choosing / "tmp" / f"cnncalc-{os.geteuid()}"
    (choosing / "tmp").chmod(0o777)
    compile_cache_dir.cache_clear()
    assert parent() is None
    why = f"{choosing}/xdg/cnncalc cannot be written (read-only file system)"
    assert code_cache.REFUSALS.taken() == [(choosing / "xdg" / "cnncalc", why, False)]


def test_finding_the_folder_costs_a_start_of_a_run_little() -> None:
    """Sources are read for its name (8 ms here, on a busy machine); all that is asked of folders takes 0.6 ms."""
    folder = compile_cache_dir()
    assert folder is not None
    start = time.process_time()
    for _ in range(20):
        code_cache._usable(folder)
    assert time.process_time() - start < allowed(20 * 0.005)


# ---------------------------------------------------------------------- what the user reads
def test_the_command_says_once_why_kernels_are_compiled_again(place: Path) -> None:
    place.chmod(0o777)
    (place / "net.txt").write_text("input 4x4x1\nconv 2 3x3\n")
    np.save(place / "x.npy", np.ones((4, 4, 1), np.float32))
    command = [sys.executable, "-m", "cnncalc", "run", "net.txt", "--input-array", "x.npy", "--json"]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(place)}
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["confirmed"] is True
    assert done.stderr == (
        f"warning[cache-not-used]: the kernel cache in {place} is not used: it can be written by others\n"
        " = note: kernels are compiled for this run only, which takes longer\n"
        " = help: set NUMBA_CACHE_DIR to a folder that only you can write to\n"
    )


def test_a_run_from_python_warns_once(place: Path) -> None:
    place.chmod(0o777)
    program = (
        "import warnings, numpy as np, cnncalc\n"
        "net = cnncalc.load('input 2x2x1\\nscale 2\\n')\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    [net.run(np.ones((2, 2, 1))) for _ in range(2)]\n"
        "print(*(one.message for one in caught), sep='\\n')\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(place)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == (
        f"the kernel cache in {place} is not used: it can be written by others; "
        "kernels are compiled for this run only, which takes longer\n"
    )
