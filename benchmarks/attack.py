"""Simulated linkage attacks: their time beside a pandas merge, the memory of a million people."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.table import LEVELS, QUASI, adult_or_alike, roles_of
from benchmarks.timing import milliseconds
from microdata.encoding import encode
from microdata.measure import Context, NotComputed
from microdata.readers import dataset_from_frame
from microdata.release import Release, ReleasedColumn
from microdata.roles import Role, Roles
from risk.attacks import AttackResult, LinkageAttack, Register

if TYPE_CHECKING:
    from microdata.dataset import Dataset

LIMITS = {
    "all people, by the rule": 50.0,
    "labels, errors and missing": 2_000.0,
    "100k against 100k": 1_000.0,
    "sets of up to 4 of 8": 1_000.0,
}
"""Milliseconds that an attack may take on a quiet machine."""
REPEATS = 5
NAME = "name"
MANY = 100_000
COPIES = 34


def main() -> None:
    """Print medians, what they are beside a pandas merge, and the peak of a million targets."""
    name, dataset, hierarchies = adult_or_alike()
    trees = {column: hierarchies[column] for column in QUASI}
    source = encode(dataset, trees)
    raw = Context(release=Release.original(source), roles=roles_of(QUASI))
    levels = (ReleasedColumn.generalized(source.domain(c), at) for c, at in LEVELS.items())
    coarse = Context(release=raw.release.with_columns(*levels), roles=raw.roles)
    print(
        f"\nLinkage attacks: {name}, {len(QUASI)} quasi-identifiers; milliseconds, median and CPU"
    )
    labels = LinkageAttack(knows_rule=False, errors=0.05, missing=0.05)
    _line("all people, by the rule", raw, LinkageAttack())
    _line("labels, errors and missing", raw, labels)
    _line("the same, coarser table", coarse, labels)
    _line("errors, by the rule", raw, LinkageAttack(errors=0.05))
    _line("errors, nearest where none", raw, LinkageAttack(errors=0.05, nearest=True))
    _line("sets of up to 4 of 8", raw, LinkageAttack(max_known=4))
    _joined()
    _million()


def _line(what: str, context: Context, attack: LinkageAttack) -> float:
    result = _result(context, attack)
    wall, cpu = milliseconds(lambda: attack.run(context), REPEATS)
    limit = f", limit {LIMITS[what]:,.0f}" if what in LIMITS else ""
    print(
        f"  {what:28s} {wall:9.1f} {cpu:9.1f}{limit}; {result.targets:,} people x "
        f"{result.repeats}, {len(result.by_subset)} sets",
        flush=True,
    )
    return wall


def _result(context: Context, attack: LinkageAttack) -> AttackResult:
    result = attack.run(context)
    if isinstance(result, NotComputed):
        raise TypeError(result.reason)
    return result


def _joined() -> None:
    """Look 100,000 people of a register up among 100,000 released ones."""
    _, dataset, _ = adult_or_alike(copies=4)
    rng = np.random.default_rng(3)
    names = pd.Series(np.arange(MANY).astype(str))
    columns = {c: np.array(dataset.values(c), dtype=object)[dataset.codes(c)[:MANY]] for c in QUASI}
    frame = pd.DataFrame({NAME: names, **columns})
    theirs = frame.iloc[rng.permutation(MANY)].reset_index(drop=True)
    roles = Roles(by_column={**roles_of(QUASI).by_column, NAME: Role.DIRECT_IDENTIFIER})
    context = Context(
        release=Release.original(encode(dataset_from_frame(frame, "released"))), roles=roles
    )
    table: Dataset = dataset_from_frame(theirs, "register")
    register = Register(table=table, columns={c: c for c in (NAME, *QUASI)})
    ours = _line("100k against 100k", context, LinkageAttack(register=register))
    merge, cpu = milliseconds(lambda: _merged(frame, theirs), REPEATS)
    print(f"  {'pandas merge of the same':28s} {merge:9.1f} {cpu:9.1f}; {merge / ours:.1f} x ours")


def _merged(frame: pd.DataFrame, theirs: pd.DataFrame) -> float:
    """Find 100,000 people as a script would: count look-alikes, merge, check who is right."""
    sizes = frame.groupby(list(QUASI), observed=True).size().rename("size").reset_index()
    found = theirs.merge(sizes, on=list(QUASI), how="left")
    right = theirs.merge(frame, on=[NAME, *QUASI], how="left", indicator=True)
    return float(((right["_merge"] == "both") / found["size"].fillna(1)).mean())


def _million() -> None:
    """Attack a table of a million people, and print what the attack adds to memory."""
    name, dataset, _ = adult_or_alike(copies=COPIES)
    context = Context(release=Release.original(encode(dataset)), roles=roles_of(QUASI))
    _ = context.classes
    for what, attack in (
        ("by the rule", LinkageAttack()),
        ("errors", LinkageAttack(errors=0.05)),
        ("labels, errors and missing", LinkageAttack(knows_rule=False, errors=0.05, missing=0.05)),
    ):
        _line(f"{name}: {what}"[-60:], context, attack)
        tracemalloc.start()
        _result(context, attack)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"    peak {peak / 1e6:,.0f} MB above the table", flush=True)


if __name__ == "__main__":
    main()
