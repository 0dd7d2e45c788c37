"""Linkability: whose two partial files the release lets somebody put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.kernels import group_keys, sum_by_group
from microdata.keys import key_layout, pack_keys
from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed, Path
from risk.attacks.criterion_kernels import people_by_group
from risk.attacks.people import persons_of, units_of
from risk.attacks.residual import residual_figure
from risk.attacks.singling_out import caveats_of, open_cells
from risk.models.base import NOTHING_RELEASED
from risk.special_uniques.measure import NOTHING_KNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from risk.attacks.people import Units

ROOT: Path = ("attacks", "linkability")
KEYS = ("splits", "worst", "mean", "baseline", "residual", "joined", "half_one", "half_two")
SPLITS = 127
"""All ways to divide eight columns in two."""
FEWEST = 8
WORK = 20_000_000
"""How many classes are grouped before ways to divide are left out: about a second."""

ONE_COLUMN = NotComputed(
    reason="Only one quasi-identifier is published, so it cannot be divided between two files."
)
NOT_WITH_WILDCARD = NotComputed(
    reason="Two partial files are put together only where a missing value is a value of its own."
)

Half = tuple[int, ...]
"""The numbers of some columns, ascending."""


@dataclass(frozen=True, kw_only=True)
class LinkabilityAttack:
    """
    Somebody who has two partial files, each with a part of the columns, puts them together.

    The quasi-identifiers are divided into two halves. A person's candidates by one half and by the
    other have the person in common; the files are put together if nobody else is, while neither
    half alone leaves one candidate. All ways to divide the columns are tried, or a random part of
    them.

    Notes
    -----
    Success of a division (A, B): the share of people with f(A and B) = 1, f(A) > 1 and f(B) > 1.
    Expected share of right guesses by a set of columns: the mean of 1 / f. A person column makes
    rows of one person one; a person with different rows counts once in each group.

    References
    ----------
    Article 29 Data Protection Working Party (2014), Opinion 05/2014 on Anonymisation Techniques.
    Giomi et al. (2023), A unified framework for quantifying privacy risk in synthetic data, PoPETs.
    """

    name: ClassVar[str] = "linkability"
    title: ClassVar[str] = "Two partial files put together"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Opinion 05/2014; Giomi et al. 2023"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        columns = context.classes.columns
        if not context.classes.n_records:
            return NOTHING_RELEASED
        if len(columns) < 2:
            return ONE_COLUMN if columns else NOTHING_KNOWN
        if context.missing == "wildcard" and open_cells(context):
            return NOT_WITH_WILDCARD
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={(*ROOT, key): reason for key in KEYS})
        names = tuple(sorted(context.classes.columns))  # draws do not depend on their order
        units = units_of(context.classes, persons_of(context))
        splits, left_out = _splits(len(names), units.count.size, context.seed)
        right, found = _examine(units, names, splits)
        worst = max(range(len(splits)), key=lambda i: (found[i], -i))
        one, two = splits[worst]
        n = context.classes.n_records
        caveats = caveats_of(context, apart=open_cells(context))
        method, seed, drawn = "exact", None, caveats
        if left_out:
            method, seed, drawn = "random divisions", context.seed, (*caveats, left_out)
        first, second = (", ".join(repr(names[i]) for i in half) for half in (one, two))
        division = f"The worst division has {first} in one file and {second} in the other."
        share, guess = found[worst] / n, 1 / n
        joined = right[tuple(range(len(names)))] / n
        tried: dict[str, Figure] = {
            "splits": Estimate(value=len(splits), caveats=drawn),
            "worst": Estimate(value=share, caveats=(division, *drawn)),
            "mean": Estimate(value=sum(found) / len(splits) / n, caveats=drawn),
            "residual": residual_figure(share, guess, caveats=drawn),
            "half_one": Estimate(value=right[one] / n, caveats=drawn),
            "half_two": Estimate(value=right[two] / n, caveats=drawn),
        }
        figures: dict[Path, Figure] = {
            (*ROOT, "baseline"): Estimate(value=guess, caveats=caveats),
            (*ROOT, "joined"): Estimate(value=joined, caveats=caveats),
        }
        for key, figure in tried.items():
            figures[*ROOT, key] = (
                figure
                if isinstance(figure, NotComputed)
                else replace(figure, method=method, seed=seed)
            )
        label = " | ".join(", ".join(names[i] for i in half) for half in (one, two))
        return MeasureResult(figures=figures, labels={(*ROOT, "worst_columns"): label})


@dataclass(frozen=True, eq=False)
class _Half:
    """
    The groups of look-alikes by some of the columns.

    Parameters
    ----------
    keys : uint64[words, g]
    first : int64[g]
        A unit of each group.
    settled : int64[g]
        People who are in one class only.
    group : int32[o]
        The group of each unit of people who are in several classes.
    people : int64[g]
    right : float
        The expected number of right guesses.
    """

    keys: NDArray[np.uint64]
    first: NDArray[np.int64]
    settled: NDArray[np.int64]
    group: NDArray[np.int32]
    people: NDArray[np.int64]
    right: float


def _splits(columns: int, units: int, seed: int) -> tuple[list[tuple[Half, Half]], str]:
    """Return ways to divide columns, and what was left out; the first column is in the first."""
    everything = 2 ** (columns - 1) - 1
    most = min(SPLITS, max(FEWEST, WORK // (2 * units)))
    rest = range(1, columns)
    if everything <= most:
        others = [two for size in rest for two in combinations(rest, size)]
        return [(_without(columns, two), two) for two in others], ""
    rng = np.random.default_rng(seed)
    chosen: dict[Half, None] = {}
    while len(chosen) < most:
        two = tuple(int(i) + 1 for i in np.flatnonzero(rng.integers(2, size=columns - 1)))
        if two:
            chosen[two] = None
    sentence = (
        f"Of {everything:,} ways to divide the columns between two files {most} were drawn at "
        "random; another one may put more people together."
    )
    return [(_without(columns, two), two) for two in chosen], sentence


def _without(columns: int, half: Half) -> Half:
    return tuple(i for i in range(columns) if i not in half)


def _examine(
    units: Units, names: tuple[str, ...], splits: Sequence[tuple[Half, Half]]
) -> tuple[dict[Half, float], list[int]]:
    """Return the right guesses by each half and by all columns, and whom each split finds."""
    layout = key_layout({name: int(units.codes[name].max()) + 1 for name in names})
    masks = np.zeros((len(names), layout[-1].word + 1), np.uint64)
    for i, field in enumerate(layout):
        masks[i, field.word] = ((1 << field.bits) - 1) << field.shift
    # A class of people who are in several classes is a unit of nobody.
    held = np.flatnonzero(units.count > 0)
    keys = pack_keys(layout, units.codes, units.count.size)[:, held]
    owner = units.owner[held]
    owned = np.flatnonzero(owner >= 0)
    start = _Half(
        keys,
        np.arange(held.size),
        np.where(owner < 0, units.count[held], 0),
        owned.astype(np.int32),
        units.count[held],
        0.0,
    )
    everything = tuple(range(len(names)))
    halves = {everything: _coarser(start, masks.sum(axis=0, dtype=np.uint64), owner[owned])}
    alone = {everything: _alone(halves[everything], held.size, owned)}
    for half in sorted({half for split in splits for half in split}, key=lambda h: (-len(h), h)):
        # Those with these columns and one more are grouped already: the fewest groups serve.
        more = [tuple(sorted((*half, i))) for i in everything if i not in half]
        finer = min(
            (halves[one] for one in more if one in halves),
            key=lambda one: one.keys.shape[1],
            default=halves[everything],
        )
        mask = masks[list(half)].sum(axis=0, dtype=np.uint64)
        halves[half] = _coarser(finer, mask, owner[owned])
        alone[half] = _alone(halves[half], held.size, owned)
    single = alone[everything]
    found = [int((single & ~(alone[one] | alone[two])).sum()) for one, two in splits]
    return {half: groups.right for half, groups in halves.items()}, found


def _coarser(finer: _Half, mask: NDArray[np.uint64], owner: NDArray[np.int64]) -> _Half:
    """Return the groups on fewer columns."""
    step, first = group_keys(finer.keys & mask[:, None])
    keys = finer.keys[:, first] & mask[:, None]
    settled = sum_by_group(step, finer.settled, first.size)
    group = step[finer.group]
    people = rows = settled
    if group.size:
        people = settled + people_by_group(group, owner, first.size)
        rows = settled + np.bincount(group, minlength=first.size)
    return _Half(keys, finer.first[first], settled, group, people, float((rows / people).sum()))


def _alone(groups: _Half, units: int, owned: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which units have no look-alike: bool[u]."""
    alone = np.zeros(units, bool)
    alone[groups.first[groups.people == 1]] = True
    # Several units of one person may be all that a group holds.
    alone[owned] = groups.people[groups.group] == 1
    return alone
