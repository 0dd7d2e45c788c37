"""How long a call takes, after warm-up."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable


def milliseconds(call: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the median wall time and the least CPU time of a call in milliseconds."""
    call()
    wall, cpu = [], []
    for _ in range(repeats):
        gc.collect()
        start, cpu_start = time.perf_counter(), time.process_time()
        call()
        wall.append(1e3 * (time.perf_counter() - start))
        cpu.append(1e3 * (time.process_time() - cpu_start))
    return statistics.median(wall), min(cpu)
