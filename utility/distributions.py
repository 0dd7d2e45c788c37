"""How far the distribution of each column moved, and the bars that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.dataset import ColumnKind
from microdata.kinds import numeric_values
from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from utility.cells import cannot_compare
from utility.intervals import interval_bins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context
    from microdata.release import Release

EXPANSION = (
    "A released value is spread evenly over the original values that it stands for; a suppressed "
    "cell over all values of the column. Left out records are not part of it."
)
NUMERIC = (ColumnKind.INTEGER, ColumnKind.DECIMAL)


@dataclass(frozen=True, kw_only=True)
class Distributions:
    """
    Distance between the distribution of a column in the original and in the release.

    The release is expanded first: p^(x) is the mean over the released records of 1/|g| for the
    values x below the released value g. Then, over the values and missing, the total variation
    distance is half the sum of |p - p^| and Hellinger's distance the square root of half the sum of
    (sqrt p - sqrt p^)^2. For numbers W1 is the area between the two distribution functions divided
    by the range, and the mean shift is the change of the mean in standard deviations.

    References
    ----------
    Le Cam & Yang (2000), Asymptotics in statistics, chapter 3 (the two distances).
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
            names = ("tvd", "hellinger", *(("w1", "mean_shift") if numeric else ()))
            released = reason or expanded(release, column)
            for name in names:
                path = ("utility", "distributions", column, name)
                if isinstance(released, NotComputed):
                    figures[path] = released
                else:
                    figures[path] = _distance(name, release, column, released)
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
        return NotComputed(
            reason=f"Released values of the column {column!r} do not say which original values "
            "they stand for."
        )
    if mass[released.suppressed] > 0 and not leaves:
        return NotComputed(reason=f"The column {column!r} has no values to spread a * over.")
    each = np.repeat(mass[: sizes.size] / np.maximum(sizes, 1), sizes)
    spread = np.bincount(released.nodes.members, weights=each, minlength=leaves)
    spread = spread + mass[released.suppressed] / max(1, leaves)
    result = np.append(spread, mass[released.missing])
    return np.asarray(result / result.sum(), dtype=np.float64)


def _distance(name: str, release: Release, column: str, after: NDArray[np.float64]) -> Figure:
    table = release.origin or release.source
    counts = table.counts(column).astype(np.float64)
    before = counts / counts.sum()
    if name == "tvd":
        value = min(1.0, 0.5 * float(np.abs(before - after).sum()))
        return Estimate(value=value, caveats=(EXPANSION,))
    if name == "hellinger":
        squares = (np.sqrt(before) - np.sqrt(after)) ** 2
        return Estimate(value=min(1.0, float(np.sqrt(0.5 * squares.sum()))), caveats=(EXPANSION,))
    numbers = numeric_values(table.domain(column).leaves, table.dataset.read.decimal)
    known = np.isfinite(numbers)
    p, q = before[:-1][known], after[:-1][known]
    if p.sum() <= 0 or q.sum() <= 0:
        return NotComputed(reason=f"The column {column!r} holds no numbers to compare.")
    order = np.argsort(numbers[known], kind="stable")
    x, p, q = numbers[known][order], (p / p.sum())[order], (q / q.sum())[order]
    caveats = (EXPANSION, "Missing values and texts that are not numbers are left out.")
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is told below
        if name == "w1":
            scale = float(x[-1] - x[0])
            value = float(np.abs(np.cumsum(p - q)[:-1]) @ np.diff(x))
        else:
            mean = float(x @ p)
            scale = float(np.sqrt(((x - mean) ** 2) @ p))
            value = float(x @ q) - mean
    if not (np.isfinite(value) and 0 < scale < np.inf):
        return NotComputed(
            reason=f"The numbers of the column {column!r} do not vary, or are too large to average."
        )
    ratio = value / scale
    return Estimate(value=min(1.0, ratio) if name == "w1" else ratio, caveats=caveats)


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
        node = np.repeat(np.arange(released.nodes.sizes.size), released.nodes.sizes)
        rule = np.full(release.origin.domain(column).cardinality, released.suppressed)
        rule[released.nodes.members[::-1]] = node[::-1]  # of several labels the first
        rule[-2] = released.missing
        return labels, rule[release.origin.codes[column]], after
    if released.lookup is not None:
        codes = released.lookup[release.source.codes[column]]
    else:
        codes = np.empty(0, np.int32) if released.explicit is None else released.explicit
    # What a rule does not cover is shown as suppressed.
    bin_of = np.where(codes < 0, released.suppressed, codes).astype(np.int64)
    return labels, bin_of, np.bincount(bin_of[release.row_mask], minlength=len(labels))


def _people(
    release: Release, person: str | None, bin_of: NDArray[np.int64], bins: int
) -> NDArray[np.int64]:
    """Return how many distinct persons there are in each bin."""
    of_person = bin_of
    if person is not None:
        of_person = np.unique(np.stack([bin_of, _person_numbers(release, person)]), axis=1)[0]
    return np.bincount(of_person, minlength=bins).astype(np.int64)


def _person_numbers(release: Release, person: str) -> NDArray[np.int64]:
    """Return the person of each original record; one without is a person of its own."""
    table = release.origin or release.source
    domain = table.domain(person)
    numbers = table.codes[person].astype(np.int64)
    unknown = numbers == domain.missing
    numbers[unknown] = domain.cardinality + np.flatnonzero(unknown)
    return np.asarray(numbers, dtype=np.int64)


def _pooled_people(
    release: Release, person: str | None, bin_of: NDArray[np.int64], bins: Sequence[int]
) -> int:
    inside = np.isin(bin_of, bins)
    if person is None:
        return int(inside.sum())
    return int(np.unique(_person_numbers(release, person)[inside]).size)
