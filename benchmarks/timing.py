"""How long a call takes, after warm-up."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence


def milliseconds(call: Callable[[], object], repeats: int) -> tuple[float, float]:
    """
    Return the median wall time and the least CPU time of a call in milliseconds.

    As in `timeit`, the garbage collector rests meanwhile: it would look through this process, not
    through the app, which keeps its code out of the collector's way.
    """
    call()
    wall, cpu = [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(repeats):
            start, cpu_start = time.perf_counter(), time.process_time()
            call()
            wall.append(1e3 * (time.perf_counter() - start))
            cpu.append(1e3 * (time.process_time() - cpu_start))
    finally:
        gc.enable()
    return statistics.median(wall), min(cpu)


WIDTH = 40


def plot(title: str, points: Sequence[tuple[str, float]]) -> None:
    """Print how a time grows: a bar a point, each doubling of the time equally long."""
    print(f"  {title}")
    least = min(value for _, value in points)
    most = max(value for _, value in points)
    span = math.log2(most / least) or 1.0
    for label, value in points:
        bar = "#" * (1 + round(math.log2(value / least) / span * (WIDTH - 1)))
        print(f"    {label:>24s} {value:10.1f} ms {bar}")
