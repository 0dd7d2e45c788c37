"""Every measure on one table: a stage of an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from microdata.measure import Context, Figure, Finding, Measure, Path
from reports.stage import Bin, Stage
from risk import RISK_MEASURES
from risk.policy import Policy
from utility import UTILITY_MEASURES
from utility.distributions import distribution_bins

MEASURES: tuple[Measure, ...] = (*RISK_MEASURES, *UTILITY_MEASURES)
INTERACTIVE: tuple[Measure, ...] = tuple(m for m in MEASURES if m.interactive)
"""What is recomputed on every move."""


def evaluate(
    context: Context,
    *,
    threshold: int,
    measures: Sequence[Measure] = MEASURES,
    with_distributions: bool = True,
) -> Stage:
    """
    Measure one table.

    Parameters
    ----------
    context : Context
    threshold : int
        Disclosure threshold: no value held by fewer people leaves this function.
    measures : sequence of Measure
        All of them, or the interactive set.
    with_distributions : bool
        Whether the bins of each quasi-identifier's distribution are counted.
    """
    figures: dict[Path, Figure] = {}
    findings: list[Finding] = []
    labels: dict[Path, str] = {}
    for measure in measures:
        result = measure.evaluate(context)
        figures |= result.figures
        findings += result.findings
        labels |= result.labels
    distributions: dict[str, tuple[Bin, ...]] = {}
    if with_distributions:
        for name in context.roles.quasi_identifiers:
            if name in context.release.columns:
                distributions[name] = tuple(
                    Bin(label=label, before=before, after=after)
                    for label, before, after in distribution_bins(
                        context.release, name, threshold, person=context.roles.person
                    )
                )
    return Stage(
        figures=figures,
        sizes=MappingProxyType(context.classes.size_histogram),
        neighbourhoods=MappingProxyType(_neighbourhoods(context)),
        findings=tuple(findings),
        distributions=MappingProxyType(distributions),
        labels=labels,
    )


def interactive_suffices(policy: Policy | None, figures: Mapping[Path, Figure]) -> bool:
    """Return whether the figures of the interactive set are all that a policy asks for."""
    if policy is None:
        return True
    asked = all(any(rule.concerns(path) for path in figures) for rule in policy.requirements)
    return asked and not any(check.check == "criterion" for check in policy.checks)


def _neighbourhoods(context: Context) -> dict[int, int]:
    if context.missing == "own":
        return {}
    sizes, place = np.unique(context.sizes, return_inverse=True)
    people = np.bincount(place, weights=context.classes.count)
    return dict(zip(sizes.tolist(), people.astype(int).tolist(), strict=True))
