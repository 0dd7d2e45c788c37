"""The people whom a simulated attacker looks for, and what is known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.encoding import Codes, codes_in, compact
from microdata.kernels import group_keys
from microdata.keys import key_layout, pack_keys
from risk.attacks.errors import ErrorModel, not_known, unheard_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.dataset import Dataset
    from microdata.encoding import EncodedTable
    from microdata.measure import Context


@dataclass(frozen=True, eq=False, kw_only=True)
class Targets:
    """
    The people who are looked for.

    Parameters
    ----------
    original : mapping of str to int[T]
        Their true values.
    released : mapping of str to int[e]
        What their records show, or would show; -1 where the release has no place for a value.
    owner : int64[e]
        Whose of the targets each record is: 0 to T - 1, ascending.
    member : float64[T]
        The probability that they are in the release.
    pool : int
        How many they were drawn from.
    index : int64[T]
        Which of those they are; of the released records, where they are released.
    checked : bool
        Whether it is known which records are theirs; else there is none in `released`.
    """

    original: Mapping[str, Codes]
    released: Mapping[str, Codes]
    owner: NDArray[np.int64]
    member: NDArray[np.float64]
    pool: int
    index: NDArray[np.int64]
    checked: bool = True

    @property
    def number(self) -> int:
        """T."""
        return int(self.index.size)

    def part(self, begin: int, end: int) -> Targets:
        """Return some of the targets."""
        first, last = np.searchsorted(self.owner, [begin, end])
        return Targets(
            original={name: codes[begin:end] for name, codes in self.original.items()},
            released={name: codes[first:last] for name, codes in self.released.items()},
            owner=self.owner[first:last] - begin,
            member=self.member[begin:end],
            pool=self.pool,
            index=self.index[begin:end],
            checked=self.checked,
        )


def drawn_from(pool: int, number: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return which of some people are looked for, in their order; all where they are as many."""
    if number >= pool:
        return np.arange(pool)
    return np.sort(rng.choice(pool, number, replace=False))


def released_targets(
    context: Context,
    columns: tuple[str, ...],
    person: NDArray[np.int64] | None,
    rows: NDArray[np.int64],
    drawn: NDArray[np.int64],
) -> Targets:
    """
    Return people who are known to be in the release.

    One is a person in one class of the known columns, known by the first of the rows there: these
    are the `rows`, of which some are drawn. All records of the person are right ones to find.
    """
    release = context.release
    index = rows[drawn]
    records, owner = index, np.arange(index.size)
    if person is not None:
        which, owner = members_of(person[rows], person[index])
        records = rows[which]
    original = release.record_index[index]
    return Targets(
        original={name: release.source.codes[name][original] for name in columns},
        released={name: release.codes(name)[records] for name in columns},
        owner=owner,
        member=np.ones(index.size),
        pool=rows.size,
        index=index,
    )


def members_of(
    group: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return which elements are in each wanted group, one group after the other.

    Returns
    -------
    member : int64[e]
        Positions in `group`.
    owner : int64[e]
        For which element of `wanted`.
    """
    number = np.bincount(group, minlength=int(wanted.max(initial=-1)) + 1)
    times = number[wanted]
    owner = np.repeat(np.arange(wanted.size), times)
    start = (np.cumsum(number) - number)[wanted]
    step = np.arange(owner.size) - np.repeat(np.cumsum(times) - times, times)
    by_group = np.argsort(group, kind="stable")
    return by_group[np.repeat(start, times) + step], owner


def population_targets(
    context: Context, table: Dataset, classes: EquivalenceClasses, index: NDArray[np.int64]
) -> Targets:
    """
    Return people of the population, who may be in the release.

    Which of the F_j people of a group are its f_j released ones is not known: each of them is one
    with probability f_j / F_j.
    """
    release, columns = context.release, classes.columns
    original: dict[str, Codes] = {}
    shown: dict[str, Codes] = {}
    for name in columns:
        column = release.columns[name]
        if column.lookup is None:
            raise ValueError("Targets of the population need a rule in every column.")
        original[name] = codes_in(release.source.domain(name), table)
        lookup = column.lookup
        if not column.nodes.labels:
            lookup = np.full_like(lookup, column.suppressed)
        shown[name] = lookup[original[name]]
    size = table.records
    inside = np.all([shown[name] >= 0 for name in columns], axis=0)
    layout = key_layout({field.column: field.cardinality for field in classes.layout})
    covered = {name: shown[name][inside] for name in columns}
    keys = pack_keys(layout, covered, int(inside.sum()))
    group, first = group_keys(np.concatenate([classes.keys, keys], axis=1))
    people = np.bincount(group[classes.n_classes :], minlength=first.size)
    in_release = np.append(classes.count, np.zeros(first.size - classes.n_classes, np.int64))
    member = np.zeros(size)
    share = np.minimum(1.0, in_release / np.maximum(people, 1))
    member[inside] = share[group[classes.n_classes :]]
    return Targets(
        original={name: codes[index] for name, codes in original.items()},
        released={name: codes[index] for name, codes in shown.items()},
        owner=np.arange(index.size),
        member=member[index],
        pool=size,
        index=index,
    )


def known_about(
    targets: Targets,
    source: EncodedTable,
    errors: Mapping[str, ErrorModel],
    missing: float,
    rng: np.random.Generator,
) -> dict[str, Codes]:
    """Return what an attacker knows about each target: the true values, some wrong or missing."""
    known: dict[str, Codes] = {}
    for name, original in targets.original.items():
        codes = original
        model = errors.get(name)
        if model is not None and model.rate:
            codes = codes.astype(np.int64)
            wrong = rng.random(codes.size) < model.rate
            codes[wrong] = model.replaced(codes[wrong], name, source, rng)
        if missing:
            codes = np.where(
                rng.random(codes.size) < missing, not_known(source.domain(name)), codes
            )
        known[name] = compact(codes, unheard_of(source.domain(name)) + 1)
    return known
