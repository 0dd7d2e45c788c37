"""Singling out: predicates that exactly one person fulfils, beside what luck would do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.kernels import sum_by_group
from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.numbers import ORDERED, released_numbers
from risk.attacks.criterion_kernels import isolating, people_by_group
from risk.attacks.intervals import wilson_interval
from risk.attacks.people import persons_of, units_of
from risk.attacks.residual import METHOD, residual_figure
from risk.models.base import NOTHING_RELEASED, WILDCARD
from risk.special_uniques.measure import NOTHING_KNOWN, OPEN_CELLS, SEVERAL_ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from risk.attacks.people import Units

ROOT: Path = ("attacks", "singling_out")
KEYS = ("success", "baseline", "residual")
PREDICATES = 1_000
FEWEST = 100
WORK = 100_000_000
"""How many classes are held against predicates before fewer are drawn: half a second at most."""

BY_LUCK = (
    "Luck is what conditions of the same weight do that are made up without a look at the table. "
    "The weight is what it would be if the columns had nothing to do with each other."
)
ON_LABELS = (
    "Some columns were not changed by one rule. Conditions are read on what is published; how "
    "often they hold of the true values is in no figure of singling out."
)
NOT_WITH_WILDCARD = NotComputed(
    reason="Conditions on columns are tried only where a missing value is a value of its own."
)
ONE_COLUMN = NotComputed(
    reason="Only one quasi-identifier is published, so there are no columns to combine."
)


@dataclass(frozen=True, eq=False)
class _Scale:
    """
    The order of the released values of a column: a place for each code, and the middle.

    A value that is a number, a date or a range of them has a place below `numbers`; the others
    follow and are compared by equality.
    """

    place: NDArray[np.int32]
    numbers: int
    people: NDArray[np.int64]  # by place

    @cached_property
    def median(self) -> int:
        """The place of the middle person among those whose value is a number; 0 without any."""
        known = np.cumsum(self.people[: self.numbers])
        return int(np.searchsorted(2 * known, known[-1])) if self.numbers else 0


@dataclass(frozen=True, kw_only=True)
class SinglingOutAttack:
    """
    How often a condition that is read off the release is fulfilled by exactly one person.

    Three attacks: all columns of a record together; one value of one column; and two or more
    columns of a record that are drawn at random, where a number stands for all numbers from it on
    outwards. Each is held against the luck of conditions of the same weight.

    Notes
    -----
    A predicate of weight w isolates one of n people by luck with n w (1 - w)^(n - 1), at most about
    37 %, if it is chosen without a look at the table. The weight is estimated as the product of
    the shares of people who fulfil it in each column. Of a column with an order, a value from the
    median on becomes "at least", one below it "at most". An extreme value that one person has is a
    value that one person has, so it is among those of single columns.

    Predicates are read on the released values and counted over released people. Where values were
    recoded by rule, these are the people whose original values fulfil them. A person column makes
    rows of one person one; a person with different rows counts once in each group.

    References
    ----------
    Cohen, Nissim (2020), Towards formalizing the GDPR's notion of singling out, PNAS 117(15).
    Giomi et al. (2023), A unified framework for quantifying privacy risk in synthetic data, PoPETs.
    """

    name: ClassVar[str] = "singling-out"
    title: ClassVar[str] = "Singling out by conditions on columns"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Cohen & Nissim 2020; Giomi et al. 2023"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        if not context.classes.n_records:
            return NOTHING_RELEASED
        return None if context.classes.columns else NOTHING_KNOWN

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        one: tuple[str, ...] = ("people", *KEYS)
        several: tuple[str, ...] = ("predicates", *KEYS)
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(
                figures=_figures("all_columns", dict.fromkeys(KEYS, reason))
                | _figures("univariate", dict.fromkeys(one, reason))
                | _figures("multivariate", dict.fromkeys(several, reason))
            )
        classes = context.classes
        found = _figures("all_columns", _all_columns(context))
        apart = open_cells(context)
        if apart and context.missing == "wildcard":
            return MeasureResult(
                figures=found
                | _figures("univariate", dict.fromkeys(one, NOT_WITH_WILDCARD))
                | _figures("multivariate", dict.fromkeys(several, NOT_WITH_WILDCARD))
            )
        caveats = caveats_of(context, apart=apart)
        units = units_of(classes, persons_of(context))
        found |= _figures("univariate", _univariate(units, context.people, caveats))
        drawn: dict[str, Figure] = dict.fromkeys(several, ONE_COLUMN)
        if len(classes.columns) > 1:
            drawn = _multivariate(context, units, caveats)
        return MeasureResult(figures=found | _figures("multivariate", drawn))


def open_cells(context: Context) -> bool:
    """Whether a quasi-identifier has missing or suppressed cells."""
    codes = context.classes.codes
    return any(bool((codes(name) >= least).any()) for name, least in context.first_open.items())


def caveats_of(context: Context, *, apart: bool) -> tuple[str, ...]:
    """Return what limits figures on some of the columns; apart: missing cells are a value."""
    columns = context.release.columns
    caveats = [OPEN_CELLS] if apart else []
    if context.roles.person is not None:
        caveats.append(SEVERAL_ROWS)
    if any(columns[name].lookup is None for name in context.classes.columns):
        caveats.append(ON_LABELS)
    return tuple(caveats)


def by_luck(weights: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """
    Return how likely predicates isolate one of n people by luck: n w (1 - w)^(n - 1).

    Parameters
    ----------
    weights : float64[p]
        Above 0 and at most 1.
    n : int
    """
    if n == 1:
        return weights
    with np.errstate(divide="ignore"):  # of a predicate that everyone fulfils
        chance: NDArray[np.float64] = n * weights * np.exp((n - 1) * np.log1p(-weights))
    return np.minimum(chance, 1.0)


def _figures(kind: str, figures: dict[str, Figure]) -> dict[Path, Figure]:
    return {(*ROOT, kind, key): figure for key, figure in figures.items()}


def _counted(success: float, baseline: float, caveats: tuple[str, ...]) -> dict[str, Figure]:
    return {
        "success": Estimate(value=success, caveats=caveats),
        "baseline": Estimate(value=baseline, caveats=(BY_LUCK, *caveats)),
        "residual": residual_figure(success, baseline, caveats=caveats),
    }


def _all_columns(context: Context) -> dict[str, Figure]:
    """Return how many people all their columns together single out."""
    classes, n = context.classes, context.classes.n_records
    caveats = () if context.missing == "own" else (WILDCARD,)
    weights = np.ones(classes.n_classes)
    for name in sorted(classes.columns):
        codes = classes.codes(name)
        weights *= (_sums(codes, classes.count) / n)[codes]
    alone = int(classes.count[context.sizes == 1].sum())
    luck = float((classes.count * by_luck(weights, n)).sum()) / n
    return _counted(alone / n, luck, caveats)


def _univariate(units: Units, people: int, caveats: tuple[str, ...]) -> dict[str, Figure]:
    """Return how many values of one column only one person has, and how many such people."""
    several = units.owner >= 0
    alone = np.zeros(units.count.size, bool)
    sizes = []
    for codes in units.codes.values():
        holders = _sums(codes[~several], units.count[~several], codes.max() + 1)
        part = codes[several].astype(np.int32)
        holders += people_by_group(part, units.owner[several], holders.size)
        alone |= holders[codes] == 1
        sizes.append(holders[holders > 0])
    held, often = np.unique(np.concatenate(sizes), return_counts=True)
    values = int(often.sum())
    luck = float(often @ by_luck(held / people, people)) / values
    once = int(often[held == 1].sum())
    singled_out = (
        int(units.count[alone & ~several].sum()) + np.unique(units.owner[alone & several]).size
    )
    return {
        "people": Estimate(value=singled_out / people, caveats=caveats),
        **_counted(once / values, luck, caveats),
    }


def _multivariate(context: Context, units: Units, caveats: tuple[str, ...]) -> dict[str, Figure]:
    """Return how many random conditions on several columns one person fulfils."""
    classes, n = context.classes, context.classes.n_records
    names = sorted(classes.columns)  # so that draws do not depend on the order of columns
    scales = [_scale(context, name) for name in names]
    rng = np.random.default_rng(context.seed)
    drawn = max(FEWEST, min(PREDICATES, WORK // units.count.size))
    values = _records(classes, names, scales, rng.integers(n, size=drawn))
    size = rng.integers(2, len(names) + 1, size=drawn)
    used = rng.random((drawn, len(names))).argsort(axis=1).argsort(axis=1) < size[:, None]
    low, high = np.empty_like(values), np.empty_like(values)
    shares = np.ones(values.shape)
    for i, scale in enumerate(scales):
        value, ordered = values[:, i], values[:, i] < scale.numbers
        upper = value >= scale.median
        low[:, i] = np.where(ordered & ~upper, 0, value)
        high[:, i] = np.where(ordered & upper, scale.numbers - 1, value)
        below = np.append(0, np.cumsum(scale.people))
        shares[:, i] = (below[high[:, i] + 1] - below[low[:, i]]) / n
    shares[~used] = 1
    order = np.argsort(np.where(used, shares, 2), axis=1)
    columns = np.where(np.take_along_axis(used, order, axis=1), order, -1)
    places = np.stack(
        [scale.place[units.codes[name]] for name, scale in zip(names, scales, strict=True)]
    )
    alone = int(isolating(places, (units.count, units.owner), columns, (low, high)).sum())
    luck = float(by_luck(shares.prod(axis=1), n).mean())
    interval, around = wilson_interval(alone, drawn), wilson_interval(luck * drawn, drawn)
    return {
        "predicates": Estimate(value=drawn, caveats=caveats),
        "success": Estimate(
            value=alone / drawn,
            low=interval.low,
            high=interval.high,
            method=METHOD,
            seed=context.seed,
            caveats=caveats,
        ),
        "baseline": Estimate(
            value=luck,
            low=around.low,
            high=around.high,
            method=METHOD,
            seed=context.seed,
            caveats=(BY_LUCK, *caveats),
        ),
        "residual": residual_figure(
            alone / drawn, luck, drawn=drawn, seed=context.seed, caveats=caveats
        ),
    }


def _sums(codes: NDArray[np.int64], count: NDArray[np.int64], size: int = 0) -> NDArray[np.int64]:
    """Return how many people each code has."""
    return sum_by_group(codes.astype(np.int32), count, max(size, int(codes.max(initial=-1)) + 1))


def _scale(context: Context, name: str) -> _Scale:
    release, classes = context.release, context.classes
    column, codes = release.columns[name], classes.codes(name)
    numbers = np.full(column.cardinality, np.nan)
    if release.domain(name).kind in ORDERED:
        numbers = released_numbers(release, name)
    ordered = np.isfinite(numbers)
    distinct, rank = np.unique(numbers[ordered], return_inverse=True)
    place = np.empty(column.cardinality, np.int32)
    place[ordered] = rank
    others = np.flatnonzero(~ordered)
    if column.lookup is None:
        # Labels given record by record come in the order of the records.
        texts = column.texts
        others = np.array(sorted(others, key=lambda code: texts[code] or ""), np.int64)
    place[others] = distinct.size + np.arange(others.size)
    people = _sums(place[codes].astype(np.int64), classes.count, column.cardinality)
    return _Scale(place, int(distinct.size), people)


def _records(
    classes: EquivalenceClasses,
    names: list[str],
    scales: list[_Scale],
    people: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Return the places of the values of some people, numbered in the order of their values."""
    places = np.stack(
        [scale.place[classes.codes(name)] for name, scale in zip(names, scales, strict=True)]
    )
    order = np.lexsort(places[::-1])
    up_to = np.cumsum(classes.count[order])
    drawn: NDArray[np.int32] = places[:, order[np.searchsorted(up_to, people, side="right")]].T
    return drawn
