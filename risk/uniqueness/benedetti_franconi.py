"""The journalist's risk from the sample and the population's size: E[1 / F | f]."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Context, Estimate, Figure, MeasureResult, NotComputed
from risk.models.base import NOTHING_RELEASED
from risk.persons import in_several_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHOD = "Benedetti-Franconi"
SERIES_FROM = 20
SERIES_TERMS = 100
LEAST_FRACTION = 1e-300  # below it the logarithm and the products are no longer exact
_ROOT = ("reidentification", "journalist_estimated")
_PATHS = tuple((*_ROOT, end) for end in ("highest", "average"))


def expected_inverse(
    sizes: NDArray[np.int64] | NDArray[np.float64], fraction: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Return E[1 / F | f] for classes of a random sample.

    Parameters
    ----------
    sizes : int64[m] or float64[m]
        f, at least 1; a neighbourhood that counts some people in part has no whole number.
    fraction : float or float64[m]
        p, above 0: n / N, or f_j over the sum of class j's sampling weights. One and more says that
        the sample is all of the population.

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

    Where f is not whole, the recurrence starts between 1 and 2 from
    (1 - p) I(f) = int_0^ln(1/p) ((e^v - 1) p / (1 - p))^(f - 1) dv.

    References
    ----------
    Benedetti, Franconi 1998; Franconi, Polettini 2004.

    Examples
    --------
    >>> expected_inverse(np.array([1, 2]), 0.1).round(6).tolist()
    [0.255843, 0.082684]
    """
    if np.ndim(fraction):
        p = np.asarray(fraction, dtype=np.float64)
        return _by_class(np.asarray(sizes, dtype=np.float64), p)
    # One fraction for all: every size is computed once.
    distinct, position = np.unique(sizes, return_inverse=True)
    f = distinct.astype(np.float64)
    return np.asarray(_by_class(f, np.full(f.size, fraction))[position], dtype=np.float64)


def _by_class(f: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    p = np.clip(p, LEAST_FRACTION, 1.0)
    risk = np.empty_like(f)
    low = (p <= 0.5) & (f < SERIES_FROM)
    risk[low] = _by_recurrence(f[low], p[low])
    risk[~low] = _by_series(f[~low], p[~low])
    return risk


def _by_series(f: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    term, total = np.ones_like(f), np.ones_like(f)
    for n in range(1, SERIES_TERMS):
        term = term * ((1 - p) * n / (f + n))
        total += term
        if term.max(initial=0.0) < 1e-18:  # every total is at least 1
            break
    return np.asarray(p / f * total)


def _by_recurrence(f: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    at = 1 + f % 1
    log = -np.log(p)
    integral = log / (1 - p)
    between = np.flatnonzero(at > 1)
    if between.size:
        integral[between] = _integral(at[between], p[between], log[between])
    while (left := at < f - 0.5).any():  # not at < f: neither is exact
        integral = np.where(left, (1 / at - p * integral) / (1 - p), integral)
        at = np.where(left, at + 1, at)
    return np.asarray(p * integral, dtype=np.float64)


def _integral(
    f: NDArray[np.float64], p: NDArray[np.float64], log: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return I(f) for 1 < f < 2 by tanh-sinh quadrature, which bears the root at v = 0."""
    total = np.zeros_like(f)
    for t in np.linspace(-4, 4, 161):
        u = math.pi * math.sinh(t)  # v = ln(1/p) / (1 + exp(-u))
        weight = 0.05 * math.pi * math.cosh(t) / (2 + 2 * math.cosh(u))
        v = log / (1 + math.exp(-u))
        total += weight * (np.expm1(v) * p / (1 - p)) ** (f - 1)
    return log * total / (1 - p)


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
        if context.missing == "wildcard":
            return NotComputed(
                reason="The estimate needs groups that do not overlap, so it is not computed where "
                "a missing value matches every value."
            )
        several = in_several_groups(context)
        if several is not None:
            return several
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
            return MeasureResult(figures={_ROOT: absent})
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
