"""The figures on people who stand out by few columns: unicity, minimal uniques and SUDA."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import (
    Context,
    Estimate,
    Figure,
    Finding,
    MeasureResult,
    NotComputed,
    Path,
)
from risk.models.base import NOTHING_RELEASED
from risk.special_uniques.scores import FEWEST_KEYS, SudaScores, suda_scores
from risk.special_uniques.search import SubsetSearch, search_subsets

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROOT = "special_uniques"
UNICITY = "unicity"
ASSUMED_FRACTION = 0.01
ASSUMED = (
    "The size of the population is not known, so the table is taken to hold 1 % of it: the "
    "default of sdcMicro."
)
OPEN_CELLS = "A missing or suppressed cell counts as a value of its own."
SEVERAL_ROWS = "A person with different rows counts once in each group of look-alikes."
OVER_100 = (
    "The columns add up to more than 100 %, because a combination counts for each of its columns."
)
NO_PAIRS = (
    "No two people form a group of exactly two, from which DIS-SUDA estimates how many unique "
    "people are unique in the population; so it is 1 for everybody who is unique."
)
COUNTED_AS_THREE = (
    "With fewer than three quasi-identifiers the SUDA score counts as if there were three, as "
    "sdcMicro does."
)
NOTHING_KNOWN = NotComputed(
    reason="No quasi-identifier is published, so there are no columns to be unique on."
)
NOBODY_UNIQUE = NotComputed(reason="Nobody is unique, so no column contributes to it.")


@dataclass(frozen=True, kw_only=True)
class SpecialUniques:
    """
    How few columns make people stand out, and which.

    A minimal sample unique of a person is a set of columns on which the person is unique in the
    release, while on no smaller part of it. The fewer columns, the more the person stands out,
    and the likelier it is that nobody in the population looks the same.

    Notes
    -----
    Unicity at m known columns is the share of people who are unique on a set of m columns: the
    mean over all sets, and the worst set.

    References
    ----------
    Elliot, Manning, Ford (2002), IJUFKS 10(5); Manning, Haglin, Keane (2008), DMKD 16(2).
    """

    name: ClassVar[str] = "special-uniques"
    title: ClassVar[str] = "People unique on few columns"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Elliot, Manning & Ford 2002; Manning, Haglin & Keane 2008"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        if not context.classes.n_records:
            return NOTHING_RELEASED
        return None if context.classes.columns else NOTHING_KNOWN

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures={(ROOT,): reason, (UNICITY,): reason})
        search = search_subsets(context)
        fraction, assumption = _fraction(context)
        scores = suda_scores(search, context.classes.count, fraction)
        caveats = _caveats(context, search)
        few = len(context.classes.columns) < FEWEST_KEYS
        padded = (*caveats, COUNTED_AS_THREE) if few else caveats
        findings: tuple[Finding, ...] = ()
        if scores.total and not (context.classes.count == 2).any() and fraction < 1:
            assumption = (*assumption, NO_PAIRS)
            findings = (Finding(code="no-pairs", severity="note", message=NO_PAIRS),)
        unicity, labels = _unicity(search, caveats)
        figures = (
            _uniques(search, scores, caveats)
            | _suda(context, scores, fraction, padded, assumption)
            | _contributions(context, scores, caveats)
            | unicity
        )
        return MeasureResult(
            figures=figures, by_class=scores.score, findings=findings, labels=labels
        )


def _caveats(context: Context, search: SubsetSearch) -> tuple[str, ...]:
    caveats = []
    codes = context.classes.codes
    if any((codes(name) >= least).any() for name, least in context.first_open.items()):
        caveats.append(OPEN_CELLS)
    if context.roles.person is not None:
        caveats.append(SEVERAL_ROWS)
    if search.left_out:
        caveats.append(search.left_out)
    return tuple(caveats)


def _fraction(context: Context) -> tuple[float, tuple[str, ...]]:
    """Return the share of the population that the release holds, and what that rests on."""
    population = context.population
    size = population.size if population.table is None else population.table.records
    if not size:
        return ASSUMED_FRACTION, (ASSUMED,)
    return min(1.0, context.people / size), (population.assumption,)


def _uniques(
    search: SubsetSearch, scores: SudaScores, caveats: tuple[str, ...]
) -> dict[Path, Figure]:
    records = int(np.unique(search.found).size)
    figures: dict[Path, Figure] = {(ROOT, "records"): Estimate(value=records, caveats=caveats)}
    for size, number in enumerate(scores.by_size, start=1):
        figures[ROOT, "by_size", str(size)] = Estimate(value=number, caveats=caveats)
    return figures


def _suda(
    context: Context,
    scores: SudaScores,
    fraction: float,
    caveats: tuple[str, ...],
    assumption: tuple[str, ...],
) -> dict[Path, Figure]:
    people = context.classes.n_records
    dis = {"dis_max": float(scores.dis.max()), "dis_mean": _exact_sum(scores.dis) / people}
    figures: dict[Path, Figure] = {
        (ROOT, "suda", "sum"): Estimate(value=scores.total, caveats=caveats),
        (ROOT, "suda", "max"): Estimate(value=float(scores.score.max()), caveats=caveats),
        (ROOT, "suda", "sampling_fraction"): Estimate(value=fraction, caveats=assumption),
    }
    for key, value in dis.items():
        figures[ROOT, "suda", key] = Estimate(
            value=value, method="DIS-SUDA", caveats=(*assumption, *caveats)
        )
    return figures


def _exact_sum(values: NDArray[np.float64]) -> float:
    """Return a sum that does not depend on the order of the records."""
    distinct, number = np.unique(values, return_counts=True)
    return math.fsum((distinct * number).tolist())


def _contributions(
    context: Context, scores: SudaScores, caveats: tuple[str, ...]
) -> dict[Path, Figure]:
    figures: dict[Path, Figure] = {}
    for name in context.classes.columns:
        place: Path = (ROOT, "contribution_percent", name)
        if not scores.total:
            figures[place] = NOBODY_UNIQUE
        elif name in scores.contribution:
            percent = 100 * scores.contribution[name]
            figures[place] = Estimate(value=percent, caveats=(OVER_100, *caveats))
        else:
            figures[place] = NotComputed(
                reason="There are too many quasi-identifiers to combine them all, and this one "
                "has fewer different values than those that were combined."
            )
    return figures


def _unicity(
    search: SubsetSearch, caveats: tuple[str, ...]
) -> tuple[dict[Path, Figure], dict[Path, str]]:
    figures: dict[Path, Figure] = {}
    labels: dict[Path, str] = {}
    shares, success = search.unique / search.people, search.groups / search.people
    for size in range(1, search.largest + 1):
        worst_first = search.worst_first(size)
        values = {
            "mean": math.fsum(shares[worst_first].tolist()) / worst_first.size,
            "max": float(shares[worst_first[0]]),
            "success_max": float(success[worst_first].max()),
        }
        for key, value in values.items():
            figures[UNICITY, str(size), key] = Estimate(value=value, caveats=caveats)
        worst = search.columns_of(int(search.mask[worst_first[0]]))
        labels[UNICITY, str(size), "worst_columns"] = ", ".join(worst)
    return figures, labels
