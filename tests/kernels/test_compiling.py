"""How kernels are compiled: options, the disk cache, threads, and the same kernels as plain Python."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from cnncalc.kernels import KERNELS, at_most_threads, code_cache, jit, on_compile, threads
from cnncalc.kernels.connections import add_connections

PROGRAM = """
import sys
import numpy as np
from cnncalc.kernels import KERNELS, compile_cache_dir, on_compile

compiled = []
x = np.arange(2 * 2 * 5 * 6, dtype=sys.argv[1]).reshape(2, 2, 1, 5, 6) % 7 - 3
weight = np.arange(4 * 9, dtype=sys.argv[1]).reshape(4, 1, 3, 3) % 5 - 2
window = {"kernel": (1, 3, 3), "stride": (1, 2, 1), "dilation": (1, 1, 2), "before": (0, 1, 1), "after": (0, 1, 1)}
with on_compile(compiled.append):
    out = KERNELS["dwconv"]([x], {"weight": weight}, {**window, "multiplier": 2, "fill": "zeros", "flip": False})
    gelu = KERNELS["gelu"]([x], {}, {})
print(out.sum(), round(float(gelu.sum()), 4), compile_cache_dir(), ",".join(sorted(set(compiled))), sep="|")
"""

COMPILED = "add_connections,write_gelu"
"""Every compiled function there is; all of them run in the program."""


def run(dtype="float32", **environment):
    """(sums, cache folder, compiled functions) of a small program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, dtype],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    *sums, folder, compiled = done.stdout.strip().split("|")
    return sums, folder, compiled


def test_kernels_give_the_same_numbers_without_the_compiler():
    plain, _, compiled = run(NUMBA_DISABLE_JIT="1")
    assert compiled == ""
    assert plain == run()[0]


def test_second_process_finds_everything_in_the_cache(tmp_path):
    first, folder, compiled = run(NUMBA_CACHE_DIR=str(tmp_path))
    assert compiled == COMPILED
    assert Path(folder).parent == tmp_path
    assert run(NUMBA_CACHE_DIR=str(tmp_path)) == (first, folder, "")


def test_processes_that_compile_at_the_same_time_do_not_mix_up_types(tmp_path):
    """Two types, two processes, one empty cache; afterwards each type is found, and right."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    both = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, dtype], env=environment, stdout=subprocess.DEVNULL)
        for dtype in ("float32", "float64")
    ]
    assert [process.wait() for process in both] == [0, 0]
    results = [run(dtype, NUMBA_CACHE_DIR=str(tmp_path)) for dtype in ("float32", "float64")]
    assert [compiled for _, _, compiled in results] == ["", ""]
    assert results[0][0] == results[1][0]


def test_damaged_cache_is_compiled_around(tmp_path):
    first, folder, _ = run(NUMBA_CACHE_DIR=str(tmp_path))
    files = [path for path in Path(folder).rglob("*.o") if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(b"damaged")
    sums, _, compiled = run(NUMBA_CACHE_DIR=str(tmp_path))
    assert sums == first
    assert compiled == COMPILED


def test_cache_folder_changes_with_any_kernel_source(tmp_path, monkeypatch):
    """Numba looks only at the file of the function it loads; ours looks at all of them."""
    for source in Path(jit.__file__).parent.glob("*.py"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    monkeypatch.setattr(code_cache, "__file__", str(tmp_path / "code_cache.py"))
    before = code_cache._cache_key()
    assert code_cache._cache_key() == before
    with (tmp_path / "sliding.py").open("a") as file:
        file.write("# changed\n")
    assert code_cache._cache_key() != before


def test_functions_from_elsewhere_are_not_kept_since_the_folder_does_not_know_their_sources(monkeypatch):
    monkeypatch.setattr(code_cache, "keep", lambda *_: pytest.fail("kept"))
    assert doubled(21) == [42]


def doubled(number):
    def write_double(value, out):
        out[0] = 2 * value

    out = np.zeros(1, np.int64)
    jit.jit(write_double)(number, out)
    return out.tolist()


def test_a_loop_gets_whole_numbers_tuples_and_arrays_of_any_size_and_kind():
    def write_weighted(first, shape, x, y, out):
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                out[0, i, j] = first + shape[1] * x[i, j] + y[j]

    x, y = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([10, 20, 30])
    out = np.zeros((1, 2, 3))
    loop = jit.jit(write_weighted)
    loop(7, (5, 100), x, y, out)
    np.testing.assert_array_equal(out, (7 + 100 * x + y)[None])
    loop(0, (1, 1), x[:1], y, out)
    np.testing.assert_array_equal(out[0], [[10, 21, 32], [317, 427, 537]])
    assert len(loop.calls) == 1
    with pytest.raises(ValueError, match="strided"):  # its numbers would be read from wrong places
        loop(0, (1, 1), x[:, :2], y, out)


def test_kernels_keep_nan_and_order_and_let_go_of_the_interpreter():
    from cnncalc.kernels.by_numba import array_loops

    options = array_loops.OPTIONS
    assert options["nogil"]
    assert set(options["fastmath"]) == {"contract"}
    assert "parallel" not in options


def test_spans_cover_every_plane_once(monkeypatch):
    monkeypatch.setattr(threads, "SMALLEST_SHARE", 1)
    for planes, count in ((1, 3), (5, 2), (7, 7), (3, 8), (0, 2)):
        monkeypatch.setattr(threads, "thread_count", lambda count=count: count)
        seen = np.zeros(planes, int)

        def mark(first, last, into):
            into[first:last] += 1

        threads.over_planes(mark, planes, 1000, seen)
        assert (seen == 1).all()


def test_a_fault_in_a_thread_is_not_lost(monkeypatch):
    monkeypatch.setattr(threads, "SMALLEST_SHARE", 1)
    monkeypatch.setattr(threads, "thread_count", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        threads.over_planes(lambda first, last: 1 // 0, 4, 1000)


def test_blas_is_held_to_one_thread_while_ours_share_and_let_go_again():
    """Its threads spin while they wait; two sets of threads on the same cores make each other slow."""
    controller = ThreadpoolController()

    def blas_threads():
        return [pool["num_threads"] for pool in controller.info() if pool["user_api"] == "blas"]

    before, during = blas_threads(), []
    threads.share([lambda: during.append(blas_threads())], 1)
    assert during == [[1] * len(before)]
    assert blas_threads() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_starts_threads_of_its_own():
    threads.share([lambda: None] * 4, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads, from Python 3.12 on
        child = os.fork()
    if child == 0:
        done = []
        threads.share([lambda: done.append(1)] * 4, 3)
        os._exit(0 if len(done) == 4 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_thread_count_is_what_was_set():
    free = threads.thread_count()
    assert free >= 1
    with at_most_threads(3):
        assert threads.thread_count() == 3
        with at_most_threads(0):
            assert threads.thread_count() == 1
        assert threads.thread_count() == 3
    assert threads.thread_count() == free


def test_a_limit_of_threads_holds_for_whoever_set_it():
    """Two threads of a program may each run a net, with limits of their own."""
    free = threads.thread_count()
    with at_most_threads(free + 5), ThreadPoolExecutor(1) as other:
        assert other.submit(threads.thread_count).result() == free


def test_read_only_arrays_need_no_version_of_their_own():
    x = np.ones((1, 2, 1, 4, 4))
    weight = np.ones((2, 1, 3, 3))
    ones = (1, 1, 1)
    numbers = {"kernel": (1, 3, 3), "stride": ones, "dilation": ones, "before": (0, 0, 0), "after": (0, 0, 0)}
    numbers |= {"multiplier": 1, "fill": "zeros", "flip": False}
    wanted = KERNELS["dwconv"]([x], {"weight": weight}, numbers)
    versions = len(add_connections.calls)
    for array in (x, weight):
        array.flags.writeable = False
    np.testing.assert_array_equal(KERNELS["dwconv"]([x], {"weight": weight}, numbers), wanted)
    assert len(add_connections.calls) == versions


def test_listener_hears_nothing_after_its_context():
    heard = []
    with on_compile(heard.append):
        pass
    assert doubled(1) == [2]
    assert heard == []
