"""Predicate singling out: the rule that describes one person, built from a group's description."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.models.base import TIE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context
    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class GroupPredicate:
    """
    The description of a group of look-alikes, taken as a rule that picks people.

    Parameters
    ----------
    size : int
        f, the people whom it fits.
    weight : float
        w, the estimated chance that it fits somebody drawn at random: the product over the
        quasi-identifiers of how frequent its values are in the original.
    people : int
        n, everybody in the release.

    References
    ----------
    Cohen, Nissim (2020), Towards formalizing the GDPR's notion of singling out, PNAS 117(15).
    """

    size: int
    weight: float
    people: int

    @property
    def success(self) -> float:
        """The chance that a random 1-in-f part of the group is one person: (1 - 1/f)^(f-1)."""
        return float((1 - 1 / self.size) ** (self.size - 1))

    @property
    def luck(self) -> float:
        """The chance that a rule of the same weight w/f fits one of n people: n v (1 - v)^(n-1)."""
        part = self.weight / self.size
        if part >= 1:  # f is 1 and the rule fits everybody
            return float(self.people == 1)
        return self.people * part * math.exp((self.people - 1) * math.log1p(-part))


def group_predicate(context: Context) -> GroupPredicate | None:
    """
    Return the smallest group that is there although it is rarer than one person in n.

    With w < 1/n the description of a group fits fewer than one of n people by chance, so a part
    of it singles somebody out more often than luck does. Of several such groups of one size, the
    one with the least weight.

    Parameters
    ----------
    context : Context

    Returns
    -------
    GroupPredicate or None
        None where somebody is alone already, where no group is so rare, and where the released
        values of a quasi-identifier are not what an attacker can look for.
    """
    classes = context.classes
    if classes.k < 2:
        return None
    logarithm = np.zeros(classes.n_classes)
    for name in classes.columns:
        column = context.release.columns[name]
        if column.perturbed or column.renamed:
            return None
        share = _shares(context.release, name)[classes.codes(name)]
        # A label whose meaning is not known has no weight, and its groups cannot be judged.
        logarithm += np.log(np.where(share > 0, share, np.nan))
    weight = np.exp(logarithm)
    rare = np.flatnonzero(weight * classes.n_records < 1 - TIE)
    if not rare.size:
        return None
    best = rare[np.lexsort((weight[rare], classes.count[rare]))[0]]
    return GroupPredicate(
        size=int(classes.count[best]), weight=float(weight[best]), people=classes.n_records
    )


def _shares(release: Release, name: str) -> NDArray[np.float64]:
    """Return how frequent what is below each released code is in the original: float64[m + 2]."""
    counts = (release.origin or release.source).counts(name).astype(np.float64)
    nodes = release.columns[name].nodes
    running = np.append(0.0, np.cumsum(counts[nodes.members]))
    below = np.diff(running[nodes.offsets])
    total = counts.sum()
    # A suppressed cell fits everybody.
    return np.asarray(np.append(below, [counts[-1], total]) / total, np.float64)
