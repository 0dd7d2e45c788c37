"""Every privacy model at once against pycanon measure by measure; cost a row up to 10 million."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import multiprocessing
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.table import SENSITIVE, SIZES, adult_or_alike, roles_of
from benchmarks.timing import milliseconds
from microdata.encoding import EncodedTable, encode
from microdata.measure import Context, Measure
from microdata.readers import dataset_from_frame
from microdata.release import Release
from microdata.roles import Roles
from risk import RISK_MEASURES
from risk.models import (
    AlphaModel,
    BetaLikeness,
    DeltaDisclosure,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    PrivacyModel,
    RecursiveCLDiversity,
    TCloseness,
)

K_SECONDS, ADULT_SECONDS, SEEDED_SECONDS = 20.0, 8.0, 9.0
"""How long one call of pycanon may take: k, and the others by table."""

COLUMN_SETS = {
    3: ("sex", "age", "race"),
    5: ("sex", "age", "race", "marital-status", "education"),
    8: tuple(SIZES),
}
SEEDED_SIZES = {"a": 2, "b": 74, "c": 5, "d": 7, "e": 12, "f": 2}  # 124,320 combinations
SEEDED_VALUES = 20

PYCANON: dict[str, Callable[[str], PrivacyModel]] = {
    "k_anonymity": lambda _: KAnonymity(k=1),
    "t_closeness": lambda column: TCloseness(column=column, distance="equal", t=1),
    "l_diversity": lambda column: DistinctLDiversity(column=column, diversity=1),
    "alpha_k_anonymity": lambda column: AlphaModel(column=column, alpha=1),
    "basic_beta_likeness": lambda column: BetaLikeness(column=column, beta=1),
    "enhanced_beta_likeness": lambda column: EnhancedBetaLikeness(column=column, beta=1),
    "delta_disclosure": lambda column: DeltaDisclosure(column=column, delta=1),
    "entropy_l_diversity": lambda column: EntropyLDiversity(column=column, diversity=1),
    "recursive_c_l_diversity": lambda column: RecursiveCLDiversity(column=column, c=1, rank=2),
}
"""pycanon's functions, and the model of ours that gives the same figure."""


def main() -> None:
    """Print the comparison with pycanon, then what a row costs."""
    print("\nGoals: every model of ours faster than pycanon's k alone; t 1,000 times faster")
    name, dataset, _ = adult_or_alike()
    source = encode(dataset)
    for number, quasi in COLUMN_SETS.items():
        _compare(f"{name}, {number} quasi-identifiers", source, quasi, SENSITIVE, ADULT_SECONDS)
    for rows in (100_000, 1_000_000):
        _compare(
            f"seeded, {rows:,} rows, {len(SEEDED_SIZES)} quasi-identifiers",
            _seeded(rows),
            tuple(SEEDED_SIZES),
            "s",
            SEEDED_SECONDS,
        )
    print("\nCost of a row: grouping and every model")
    for rows in (100_000, 1_000_000, 10_000_000):
        process = multiprocessing.get_context("spawn").Process(target=_cost, args=(rows,))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(f"{rows:,} rows could not be measured (exit {process.exitcode})")


def _seeded(rows: int) -> EncodedTable:
    rng = np.random.default_rng(5)

    def column(values: int) -> pd.Categorical:
        codes: Any = rng.integers(0, values, rows)
        return pd.Categorical.from_codes(codes, pd.Index([f"{v:03d}" for v in range(values)]))

    sizes = SEEDED_SIZES | {"s": SEEDED_VALUES}
    frame = pd.DataFrame({name: column(size) for name, size in sizes.items()})
    return encode(dataset_from_frame(frame, "seeded"))


def _context(source: EncodedTable, roles: Roles) -> Context:
    """Return a context that has grouped nothing yet."""
    fresh = dataclasses.replace(source)
    return Context(release=Release.original(fresh), roles=roles)


def _model_measures() -> dict[str, Measure]:
    """Return every measure whose figures are those of privacy models, found on a small table."""
    context = _context(_seeded(100), roles_of(tuple(SEEDED_SIZES), "s"))
    return {
        measure.name: measure
        for measure in RISK_MEASURES
        if any(path[0] == "models" for path in measure.evaluate(context).figures)
    }


def _compare(
    title: str, source: EncodedTable, quasi: Sequence[str], sensitive: str, limit: float
) -> None:
    roles = roles_of(quasi, sensitive)
    context = _context(source, roles)
    measures = _model_measures()
    rows = context.release.released_records

    def everything() -> None:
        fresh = _context(source, roles)
        for measure in measures.values():
            measure.evaluate(fresh)

    all_ours, _ = milliseconds(everything, 7 if rows < 500_000 else 3)
    grouping, _ = milliseconds(lambda: _context(source, roles).classes, 7)
    ours = {
        name: milliseconds(partial(measure.evaluate, context), 7)[0]
        for name, measure in measures.items()
    }
    print(f"\n{title}, {context.classes.n_classes:,} groups of look-alikes")
    print(f"  ours, grouping and every model    {all_ours:10.2f} ms, grouping {grouping:.2f} ms")
    print("  " + ", ".join(f"{name} {ms:.2f}" for name, ms in ours.items()))
    if importlib.util.find_spec("pycanon") is None:
        print("  pycanon does not run on this Python")
        return
    frame = context.release.frame()[[*quasi, sensitive]].astype(str)
    for function, theirs in _pycanon(frame, limit).items():
        model = PYCANON[function](sensitive)
        alone, _ = milliseconds(partial(model.value, context.classes), 7)
        sign = "" if theirs.finished else ">"
        line = f"  pycanon {function:24s}{sign:>1s}{theirs.milliseconds:10.1f} ms, "
        line += f"{sign}{theirs.milliseconds / alone:,.0f} x ours ({alone:.3f} ms)"
        if function == "k_anonymity":
            line += f", {sign}{theirs.milliseconds / all_ours:.1f} x grouping and every model"
        print(line, flush=True)


@dataclasses.dataclass(frozen=True)
class _Took:
    """How long a call took, or the limit at which it was ended."""

    milliseconds: float
    finished: bool


def _pycanon(frame: pd.DataFrame, limit: float) -> dict[str, _Took]:
    """
    Return how long each function took.

    The last column of the frame is the sensitive attribute. After two functions that were ended
    at the limit the rest are not run: all of them pass over the classes as these do.
    """
    left = list(PYCANON)
    took: dict[str, _Took] = {}
    while left and sum(not one.finished for one in took.values()) < 2:
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(there, frame, left, limit)
        )
        process.start()
        there.close()
        here.recv()  # it has started and holds the table
        while left:
            name = left.pop(0)
            seconds = max(limit, K_SECONDS) if name == "k_anonymity" else limit
            finished = here.poll(seconds)
            took[name] = _Took(here.recv() if finished else 1e3 * seconds, finished)
            if not finished:
                break
        process.kill()
        process.join()
        here.close()
    return took


def _serve(pipe: Connection, frame: pd.DataFrame, functions: Sequence[str], limit: float) -> None:
    warnings.simplefilter("ignore")
    anonymity = importlib.import_module("pycanon.anonymity")
    *quasi, sensitive = frame.columns
    pipe.send("ready")
    for name in functions:
        columns = [quasi] if name == "k_anonymity" else [quasi, [sensitive]]
        runs: list[float] = []
        while len(runs) < 3 and sum(runs) + max(runs, default=0) < 0.8 * limit:
            start = time.perf_counter()
            getattr(anonymity, name)(frame, *columns)
            runs.append(time.perf_counter() - start)
        pipe.send(1e3 * statistics.median(runs))


def _memory(entry: str) -> float:
    """Return a line of this process's account in MB: VmRSS is now, VmHWM the most so far."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith(entry)) / 1024


def _cost(rows: int) -> None:
    """Measure in a fresh process, so that its memory is this table's alone."""
    source = _seeded(rows)
    roles = roles_of(tuple(SEEDED_SIZES), "s")
    measures = _model_measures()  # and has compiled them
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the most so far starts from here
    wall = []
    for _ in range(3):
        start = time.perf_counter()
        fresh = _context(source, roles)
        for measure in measures.values():
            measure.evaluate(fresh)
        wall.append(time.perf_counter() - start)
    median = statistics.median(wall)
    print(
        f"  {rows:10,} rows {1e3 * median:9.1f} ms, {1e9 * median / rows:6.1f} ns a row; memory "
        f"{before:,.0f} MB with the table, at most {_memory('VmHWM'):,.0f} MB while measuring",
        flush=True,
    )


if __name__ == "__main__":
    main()
