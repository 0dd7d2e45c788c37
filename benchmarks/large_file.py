"""A CSV of 200 MB: read, assessed and forgotten again, with the memory that it took."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from pathlib import Path

import numpy as np

MEGABYTE = 1 << 20
TARGET = 200 * MEGABYTE


def main() -> None:
    """Measure in a fresh process, so that its peak memory is the file's alone."""
    process = multiprocessing.get_context("spawn").Process(target=_measure)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"the large file could not be measured (exit {process.exitcode})")


def make_csv(target: int) -> bytes:
    """Return a seeded CSV of about `target` bytes."""
    rng = np.random.default_rng(11)
    lines = 200_000
    parts = [
        rng.integers(18, 95, lines).astype(str),
        rng.choice(np.array(["female", "male"]), lines),
        np.char.zfill(rng.integers(0, 90_000, lines).astype(str), 5),
        rng.choice(np.array([f"occupation {i:02d}" for i in range(40)]), lines),
        rng.choice(np.array([f"diagnosis {i:03d}" for i in range(200)]), lines),
        rng.integers(100, 90_000, lines).astype(str),
    ]
    rows = parts[0]
    for part in parts[1:]:
        rows = np.char.add(np.char.add(rows, ","), part)
    block = ("\n".join(rows.tolist()) + "\n").encode()
    head = b"age,sex,postcode,occupation,diagnosis,cost\n"
    return head + block * (target // len(block) + 1)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _measure() -> None:
    from microdata.memory import return_memory  # noqa: PLC0415 -- memory counts from here
    from microdata.readers import read_dataset  # noqa: PLC0415 -- as above
    from microdata.roles import Role, Roles  # noqa: PLC0415 -- as above
    from reports.assessment import assess  # noqa: PLC0415 -- as above
    from reports.case import Case  # noqa: PLC0415 -- as above

    raw = make_csv(TARGET)
    size = len(raw) / MEGABYTE
    before = _resident()
    start = time.perf_counter()
    dataset = read_dataset(raw, "large.csv")
    read = time.perf_counter() - start
    del raw
    quasi = dict.fromkeys(("age", "sex", "postcode", "occupation"), Role.QUASI_IDENTIFIER)
    roles = Roles(by_column=quasi | {"diagnosis": Role.SENSITIVE})
    start = time.perf_counter()
    assessment = assess(Case(dataset=dataset, roles=roles))
    assessed = time.perf_counter() - start
    held, peak = _resident(), _peak(resource.RUSAGE_SELF)
    rows, k = dataset.records, assessment.before.value("classes", "smallest")
    del dataset, assessment
    return_memory()
    print(f"\nA CSV of {size:.0f} MB, {rows:,} rows")
    print(f"  read {read:.1f} s, assessed {assessed:.1f} s (k = {k:.0f})")
    print(f"  memory of this process: {before:.0f} MB before (the file itself included), ", end="")
    print(f"{held:.0f} MB with the table, {_resident():.0f} MB forgotten, peak {peak:.0f} MB")
    print(f"  peak of the child that parsed it: {_peak(resource.RUSAGE_CHILDREN):.0f} MB")


if __name__ == "__main__":
    main()
