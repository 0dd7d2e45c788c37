"""How far the distribution of each column moved, and the bars that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.grouping import person_numbers
from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.numbers import NUMERIC, leaf_numbers
from utility.cells import cannot_compare, of_unknown_values
from utility.coded_rows import codes_by_record, first_labels
from utility.intervals import interval_bins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable
    from microdata.measure import Context
    from microdata.release import Release

EXPANSION = (
    "A released value is spread evenly over the original values that it stands for; a suppressed "
    "cell over all values of the column. Left out records are not part of it."
)
OF_NUMBERS = ("w1", "ks", "mean_shift", "sd_ratio", "p25_shift", "p50_shift", "p75_shift")


@dataclass(frozen=True, kw_only=True)
class Distributions:
    """
    Distance between the distribution of a column in the original and in the release.

    The release is expanded first: p^(x) is the mean over the released records of 1/|g| for the
    values x below the released value g. Then, over the values and missing, the total variation
    distance is half the sum of |p - p^| and Hellinger's distance the square root of half the sum of
    (sqrt p - sqrt p^)^2. For numbers W1 is the area between the two distribution functions divided
    by the range, KS their largest difference, the mean shift and the shifts of the quartiles are
    changes in standard deviations of the original, and the sd ratio is the standard deviation of
    the release over that of the original. No mean and no quantile itself leaves this measure.

    References
    ----------
    Le Cam & Yang (2000), Asymptotics in statistics, chapter 3 (the two distances).
    Massey (1951), The Kolmogorov-Smirnov test for goodness of fit, JASA 46(253).
    """

    name: ClassVar[str] = "distributions"
    title: ClassVar[str] = "Distributions"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Le Cam & Yang 2000"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        return cannot_compare(context)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the distances of every quasi-identifier and sensitive attribute."""
        roles, release = context.roles, context.release
        reason = self.needs(context)
        figures: dict[Path, Figure] = {}
        for column in (*roles.quasi_identifiers, *roles.sensitive):
            numeric = release.domain(column).kind in NUMERIC
            names = ("tvd", "hellinger", *(OF_NUMBERS if numeric else ()))
            spread = reason or expanded(release, column)
            if isinstance(spread, NotComputed):
                found: dict[str, Figure] = dict.fromkeys(names, spread)
            else:
                table = release.origin or release.source
                counts = table.counts(column).astype(np.float64)
                before = counts / counts.sum()
                found = _distances(before, spread)
                if numeric:
                    found |= _of_numbers(table, column, before, spread)
            for name, figure in found.items():
                figures["utility", "distributions", column, name] = figure
        return MeasureResult(figures=figures)


def expanded(release: Release, column: str) -> NDArray[np.float64] | NotComputed:
    """Return the distribution of the expanded release over leaves and missing: float64[D + 1]."""
    if column not in release.columns:
        return NotComputed(reason=f"The column {column!r} is not published.")
    if not release.released_records:
        return NotComputed(reason="No record was kept, so there is no distribution.")
    released = release.columns[column]
    leaves = len(release.domain(column).leaves)
    if release.origin is None:
        change = release.change(column)
        mass = np.bincount(change.released, weights=change.n, minlength=released.cardinality)
    else:
        mass = np.bincount(release.codes(column), minlength=released.cardinality).astype(float)
    sizes = released.nodes.sizes
    if np.any(mass[: sizes.size][sizes == 0] > 0):
        return of_unknown_values(column)
    if mass[released.suppressed] > 0 and not leaves:
        return NotComputed(reason=f"The column {column!r} has no values to spread a * over.")
    each = np.repeat(mass[: sizes.size] / np.maximum(sizes, 1), sizes)
    spread = np.bincount(released.nodes.members, weights=each, minlength=leaves)
    spread = spread + mass[released.suppressed] / max(1, leaves)
    result = np.append(spread, mass[released.missing])
    return np.asarray(result / result.sum(), dtype=np.float64)


def _distances(before: NDArray[np.float64], after: NDArray[np.float64]) -> dict[str, Figure]:
    """Return the distances of two distributions over the same values."""
    moved = min(1.0, 0.5 * float(np.abs(before - after).sum()))
    squares = float(((np.sqrt(before) - np.sqrt(after)) ** 2).sum())
    return {
        "tvd": Estimate(value=moved, caveats=(EXPANSION,)),
        "hellinger": Estimate(value=min(1.0, float(np.sqrt(0.5 * squares))), caveats=(EXPANSION,)),
    }


def _of_numbers(
    table: EncodedTable, column: str, before: NDArray[np.float64], after: NDArray[np.float64]
) -> dict[str, Figure]:
    """Return how far the numbers of a column moved, as changes only."""
    numbers = leaf_numbers(table.domain(column), table.dataset.read.decimal)
    known = np.isfinite(numbers)
    x, place = np.unique(numbers[known], return_inverse=True)
    p = np.bincount(place, weights=before[:-1][known], minlength=x.size)
    q = np.bincount(place, weights=after[:-1][known], minlength=x.size)
    if p.sum() <= 0 or q.sum() <= 0:
        nothing = NotComputed(reason=f"The column {column!r} holds no numbers to compare.")
        return dict.fromkeys(OF_NUMBERS, nothing)
    p, q = p / p.sum(), q / q.sum()
    below, below_now = np.cumsum(p), np.cumsum(q)
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is told below
        width = float(x[-1] - x[0])
        area = float(np.abs(below - below_now)[:-1] @ np.diff(x))
        mean, mean_now = float(x @ p), float(x @ q)
        sd = float(np.sqrt(((x - mean) ** 2) @ p))
        sd_now = float(np.sqrt(((x - mean_now) ** 2) @ q))
        shifts = {"mean_shift": mean_now - mean} | {
            f"p{percent}_shift": _quantile(x, below_now, percent) - _quantile(x, below, percent)
            for percent in (25, 50, 75)
        }
    ratios = {name: (shift, sd) for name, shift in shifts.items()}
    ratios |= {"w1": (area, width), "sd_ratio": (sd_now, sd)}
    caveats = (EXPANSION, "Missing values and texts that are not numbers are left out.")
    figures: dict[str, Figure] = {
        "ks": Estimate(value=min(1.0, float(np.abs(below - below_now).max())), caveats=caveats)
    }
    for name, (value, scale) in ratios.items():
        figures[name] = (
            Estimate(
                value=min(1.0, value / scale) if name == "w1" else value / scale, caveats=caveats
            )
            if np.isfinite(value) and 0 < scale < np.inf
            else NotComputed(
                reason=f"The numbers of the column {column!r} do not vary, or are too large to "
                "average."
            )
        )
    return figures


def _quantile(x: NDArray[np.float64], below: NDArray[np.float64], percent: int) -> float:
    """Return the least number up to which at least so many per cent lie."""
    # The shares are sums of rounded numbers, so 25 % may have come out a little less.
    place = int(np.searchsorted(below, percent / 100 - 1e-12))
    return float(x[min(place, x.size - 1)])


def distribution_bins(
    release: Release,
    column: str,
    threshold: int,
    max_bins: int = 20,
    *,
    person: str | None = None,
) -> list[tuple[str, int, int]]:
    """
    Return the bars of a column before and after, none of them held by too few people.

    A bar is a released value; before counts the original records that take it by the same rule,
    after those that were kept. The values of an unchanged column with many numbers or
    dates are put into intervals first. What is left over, and whatever fewer than `threshold`
    people of the ORIGINAL or fewer than `threshold` kept records hold, is one bar "other (n
    values)"; if that is itself too small it takes in the smallest bar shown.

    Parameters
    ----------
    release : Release
    column : str
        A published column.
    threshold : int
        The disclosure threshold of the policy.
    max_bins : int
        At most so many bars.
    person : str, optional
        Column that tells which records are one person.

    Returns
    -------
    list of (label, before, after)
        In the column's order, other last; empty where even all records are too few.
    """
    labels, bin_of, after = _released_bins(release, column)
    if release.origin is None and release.columns[column].unchanged and len(labels) > max_bins:
        intervals = interval_bins(release.source, column, max_bins)
        if intervals is not None:
            labels, rule = intervals
            bin_of = rule[release.source.codes[column]]
            after = np.bincount(bin_of[release.row_mask], minlength=len(labels))
    before = np.bincount(bin_of, minlength=len(labels))
    people = _people(release, person, bin_of, len(labels))
    held = np.flatnonzero((before > 0) | (after > 0))
    enough = (people >= threshold) & ((after == 0) | (after >= threshold))
    shown = set(held[enough[held]].tolist())
    if len(held) > max_bins:
        # One bar is kept for the others.
        largest = sorted(shown, key=lambda i: (-before[i], i))[: max_bins - 1]
        shown = set(largest)
    other = [i for i in held.tolist() if i not in shown]
    if other and _pooled_people(release, person, bin_of, other) < threshold:
        if not shown:
            return []
        smallest = min(shown, key=lambda i: (before[i], i))
        shown.remove(smallest)
        other.append(smallest)
    bars = [(labels[i], int(before[i]), int(after[i])) for i in sorted(shown)]
    if other:
        label = f"other ({len(other)} values)"
        bars.append((label, int(before[other].sum()), int(after[other].sum())))
    return bars


def _released_bins(
    release: Release, column: str
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return the released labels, the bin of each ORIGINAL record, and the counts after."""
    released = release.columns[column]
    labels = ["(missing)" if text is None else text for text in released.texts]
    if release.origin is not None:
        # Made elsewhere: an original value belongs to the label that stands for it.
        after = np.bincount(release.codes(column), minlength=len(labels))
        rule = first_labels(released, release.origin.domain(column))
        return labels, rule[release.origin.codes[column]], after
    bin_of = codes_by_record(release, column)
    return labels, bin_of, np.bincount(bin_of[release.row_mask], minlength=len(labels))


def _people(
    release: Release, person: str | None, bin_of: NDArray[np.int64], bins: int
) -> NDArray[np.int64]:
    """Return how many distinct persons there are in each bin."""
    of_person = bin_of
    if person is not None:
        numbers = person_numbers(release.origin or release.source, person)
        of_person = np.unique(np.stack([bin_of, numbers]), axis=1)[0]
    return np.bincount(of_person, minlength=bins).astype(np.int64)


def _pooled_people(
    release: Release, person: str | None, bin_of: NDArray[np.int64], bins: Sequence[int]
) -> int:
    inside = np.isin(bin_of, bins)
    if person is None:
        return int(inside.sum())
    numbers = person_numbers(release.origin or release.source, person)
    return int(np.unique(numbers[inside]).size)
