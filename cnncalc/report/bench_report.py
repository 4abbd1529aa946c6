"""The benchmark as a sheet and as JSON: one line a network, ours beside the peers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics.letters import printable
from cnncalc.report.indented_json import indented_json
from cnncalc.report.sheet import Column, Fact, Line, Sheet

if TYPE_CHECKING:
    from cnncalc.runtime.benchmark import NetworkTime, Setting

COLUMNS = (
    Column("network", ("network",), "text"),
    Column("ours", ("ours", "ms"), right=True),
    Column("pytorch", ("PyTorch", "ms"), right=True),
    Column("way", ("", "way"), keep=1),
    Column("onnxruntime", ("ONNX RT", "ms"), right=True),
    Column("ratio", ("ratio",), right=True),
    Column("share", ("of", "peak"), right=True, keep=3),
    Column("error", ("largest", "error"), right=True, keep=2),
)

NO_NUMBER = "-"


def bench_sheet(
    times: Sequence[NetworkTime], setting: Setting, mean_ratio: float | None, skipped: Sequence[tuple[str, str]] = ()
) -> Sheet:
    """The table of a benchmark; `skipped` are networks that could not be timed, and why."""
    images = f"{setting.batch} images" if setting.batch > 1 else "one image"
    threads = f"{setting.threads} thread{'s' if setting.threads > 1 else ''}"
    subtitle = f"{images} in float32, {threads} each, medians of runs in turn"
    mean = () if mean_ratio is None or len(times) < 2 else (_mean(mean_ratio),)
    foot = (*_facts(times, setting), *(Fact(printable(name), printable(why), "warning") for name, why in skipped))
    return Sheet("Time of one run", subtitle, COLUMNS, tuple(map(_line, times)), mean, foot)


def _line(time: NetworkTime) -> Line:
    return Line(
        (
            printable(time.name),
            _milliseconds(time.ours_ms),
            _milliseconds(time.pytorch_ms),
            time.pytorch_way,
            _milliseconds(time.onnxruntime_ms),
            _ratio(time.ratio),
            _percent(time.share_of_peak),
            f"{time.largest_error:.1e}",
        )
    )


def _mean(ratio: float) -> Line:
    return Line(("geometric mean", "", "", "", "", _ratio(ratio), "", ""), "total")


def _milliseconds(time: float | None) -> str:
    if time is None:
        return NO_NUMBER
    return f"{time:,.1f}" if time >= 10 else f"{time:.2f}"


def _percent(share: float | None) -> str:
    if share is None:
        return NO_NUMBER
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.1f} %"


def _ratio(ratio: float | None) -> str:
    return NO_NUMBER if ratio is None else f"{ratio:.2f}"


def _facts(times: Sequence[NetworkTime], setting: Setting) -> Iterator[Fact]:
    if any(time.ratio is not None for time in times):
        yield Fact("Ratio", "our time over the better peer's; below 1 ours is faster")
    if any(time.pytorch_way for time in times):
        ways = "eager, channels last in memory, frozen by TorchScript"
        yield Fact("PyTorch", f"the fastest way of three: {ways}")
    if setting.peak is not None:
        yield Fact(
            "Peak",
            f"{setting.peak / 1e9:,.0f} GFLOP/s in float32 with these threads, measured; the share counts 2 FLOPs "
            "a MAC, so an algorithm that saves multiplications may pass 100 %",
        )
    yield Fact("Error", "largest difference from a float64 run, over the largest output")
    with_versions = ", ".join(f"{name} {version}" for name, version in setting.versions.items())
    yield Fact("Machine", printable(setting.processor) + (f"; {with_versions}" if with_versions else ""))
    for why in setting.absent.values():
        yield Fact("Missing", why, "warning")
    for time in times:
        for peer, why in time.failed:
            yield Fact(printable(time.name), f"not run by {peer}: {printable(why)}", "warning")
        if time.difference:
            yield Fact(printable(time.name), printable(time.difference), "bad")


def bench_json(times: Sequence[NetworkTime]) -> str:
    """`{"networks": [...]}`; null stands where a peer is missing or nothing was measured."""
    return indented_json({"networks": [_object(time) for time in times]})


def _object(time: NetworkTime) -> dict[str, Any]:
    return {
        "name": time.name,
        "ours_ms": time.ours_ms,
        "pytorch_ms": time.pytorch_ms,
        "onnxruntime_ms": time.onnxruntime_ms,
        "ratio": time.ratio,
        "share_of_peak": time.share_of_peak,
        "largest_error": time.largest_error,
        "difference": time.difference or None,
    }
