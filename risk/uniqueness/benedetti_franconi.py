"""The journalist's risk from the sample and the population's size: E[1 / F | f]."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed
from risk.models.base import NOTHING_RELEASED

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHOD = "Benedetti-Franconi"
SERIES_FROM = 20
SERIES_TERMS = 100
_PATHS = tuple(("reidentification", "journalist_estimated", end) for end in ("highest", "average"))


def expected_inverse(sizes: NDArray[np.int64], fraction: float) -> NDArray[np.float64]:
    """
    Return E[1 / F | f] for classes of a random sample.

    Parameters
    ----------
    sizes : int64[m]
        f, at least 1.
    fraction : float
        p = n / N, above 0 and at most 1.

    Returns
    -------
    float64[m]

    Notes
    -----
    p^f / f 2F1(f, f; f + 1; 1 - p), in which F - f is negative binomial. By Euler's transformation
    it equals p / f 2F1(1, 1; f + 1; 1 - p), whose terms n! (1 - p)^n / ((f + 1) ... (f + n)) fall
    fast if f is large or p above a half. Elsewhere I(f) = E / p follows from I(1) =
    ln(1/p) / (1 - p) and (1 - p) I(f + 1) = 1/f - p I(f), which damps errors. (Library routines
    for 2F1 return inf or NaN from about f = 100 on.)

    References
    ----------
    Benedetti, Franconi 1998; Franconi, Polettini 2004.

    Examples
    --------
    >>> expected_inverse(np.array([1, 2]), 0.1).round(6).tolist()
    [0.255843, 0.082684]
    """
    if fraction >= 1:
        return np.asarray(1.0 / sizes)
    distinct, position = np.unique(sizes, return_inverse=True)
    risk = _by_series(distinct.astype(np.float64), fraction)
    if fraction <= 0.5:
        small = distinct < SERIES_FROM
        risk[small] = _by_recurrence(fraction)[distinct[small] - 1]
    return np.asarray(risk[position], dtype=np.float64)


def _by_series(f: NDArray[np.float64], p: float) -> NDArray[np.float64]:
    term, total = np.ones_like(f), np.ones_like(f)
    for n in range(1, SERIES_TERMS):
        term = term * ((1 - p) * n / (f + n))
        total += term
    return np.asarray(p / f * total)


def _by_recurrence(p: float) -> NDArray[np.float64]:
    """Return the risks of f = 1 ... SERIES_FROM - 1."""
    integral = [-math.log(p) / (1 - p)]
    for f in range(1, SERIES_FROM - 1):
        integral.append((1 / f - p * integral[-1]) / (1 - p))
    return p * np.array(integral)


@dataclass(frozen=True, kw_only=True)
class JournalistEstimate:
    """The journalist's highest and average risk, estimated where only a size N is known."""

    name: ClassVar[str] = "journalist-estimated"
    title: ClassVar[str] = "Journalist risk, estimated from the population's size"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Benedetti & Franconi 1998; Franconi & Polettini 2004"
    interactive: ClassVar[bool] = True

    def needs(self, context: Context) -> NotComputed | None:
        """Return why there is no estimate, or None."""
        classes, population = context.classes, context.population
        if population.table is not None:
            return NotComputed(
                reason="The population table gives the journalist's risk itself; nothing needs "
                "to be estimated."
            )
        if population.size is None:
            return NotComputed(reason="No population size was given, so nothing can be estimated.")
        if not classes.n_records:
            return NOTHING_RELEASED
        if population.size < classes.n_records:
            return NotComputed(
                reason=f"The population has {population.size:,} people, fewer than the "
                f"{classes.n_records:,} in the table. Check the number."
            )
        return None

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute both figures."""
        reason = self.needs(context)
        size = context.population.size
        if reason is not None or size is None:
            absent = reason or NOTHING_RELEASED
            return MeasureResult(figures=dict.fromkeys(_PATHS, absent))
        classes = context.classes
        fraction = classes.n_records / size
        risk = expected_inverse(classes.count, fraction)
        sampling = (
            f"Estimated as E[1 / F | f] with the sampling fraction {fraction:.4g}; it takes the "
            "table to be a simple random sample."
        )
        caveats = (context.population.assumption, sampling)
        figures: dict[tuple[str, ...], Figure] = {
            path: Estimate(value=value, method=METHOD, attacker="journalist", caveats=caveats)
            for path, value in zip(
                _PATHS,
                (float(risk.max()), float((classes.count * risk).sum() / classes.n_records)),
                strict=True,
            )
        }
        return MeasureResult(figures=figures, by_class=risk)
