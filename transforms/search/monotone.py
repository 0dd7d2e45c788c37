"""What generalising further does to a class that fails, and to one that holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from risk.models import (
    AlphaModel,
    AverageRisk,
    BetaLikeness,
    DistinctLDiversity,
    EnhancedBetaLikeness,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    RecursiveCLDiversity,
    SampleUniqueness,
    TCloseness,
)
from risk.models.base import TIE

if TYPE_CHECKING:
    from microdata.classes import Contingency
    from risk.models import PrivacyModel

_FAILING_PARTS = (KAnonymity, DistinctLDiversity, KMap)
_HOLDING_UNIONS = (
    *_FAILING_PARTS,
    RecursiveCLDiversity,
    TCloseness,
    AlphaModel,
    BetaLikeness,
    EnhancedBetaLikeness,
    AverageRisk,
    SampleUniqueness,
)


def parts_fail(model: PrivacyModel) -> bool:
    """
    Whether every part of a failing class fails.

    Then finer levels never leave fewer records out: a class with too few people, values or people
    in the population has no part with enough.
    """
    return isinstance(model, _FAILING_PARTS)


def unions_hold(model: PrivacyModel, *, persons: bool = False) -> bool:
    """
    Whether a union of classes that hold holds, or for the whole table, coarser levels do.

    Then a node at which nothing must be left out has no coarser node at which something must.
    True of distances and largest shares, which are convex in the distribution, of entropy, which is
    concave, and of recursive (c, l)-diversity (Machanavajjhala et al. 2007). Not of
    delta-disclosure, which looks at present values only; of Grassberger's entropy; of
    delta-presence, whose population may be covered in part; nor of estimates of uniqueness.

    With `persons`, a person of several classes counts once in their union, whose distribution then
    is no mixture of theirs; only rules that look at numbers alone are left.
    """
    if persons:
        return parts_fail(model)
    if isinstance(model, EntropyLDiversity):
        return model.estimator == "shannon"
    return isinstance(model, _HOLDING_UNIONS)


def implied(model: PrivacyModel, sensitive: Mapping[str, Contingency]) -> DistinctLDiversity | None:
    """
    Return how many values every class must hold for a model to hold, or None where one will do.

    With too few values a class fails, and so do its parts, whatever their distribution. For
    t-closeness, the values that a class lacks have to be moved at least one step each: of a class
    that holds, no more than t divided by the length of a step may be lacking.

    Parameters
    ----------
    model : PrivacyModel
    sensitive : mapping of str to Contingency
        Of the original table.
    """
    if isinstance(model, EntropyLDiversity):
        return DistinctLDiversity(column=model.column, diversity=model.diversity)
    if isinstance(model, RecursiveCLDiversity):
        return DistinctLDiversity(column=model.column, diversity=model.rank)
    if isinstance(model, AlphaModel):
        # A class of m values has one with a share of 1 / m or more.
        most = 1 / (model.alpha + 2 * TIE)
        return DistinctLDiversity(column=model.column, diversity=max(1.0, most))
    if isinstance(model, TCloseness):
        return _near(model, sensitive[model.column])
    return None


def _height(contingency: Contingency) -> int:
    """Return the height of the tree of the values, which is one more where a root is lacking."""
    if not contingency.levels:
        return 0
    return len(contingency.levels) + int(np.unique(contingency.levels[-1]).size > 1)


def _near(model: TCloseness, contingency: Contingency) -> DistinctLDiversity | None:
    shares = contingency.overall
    if np.isnan(shares).any() or not shares.any():
        return None
    steps = {
        "equal": 1,
        "ordered": int((shares > 0).sum()) - 1,
        "hierarchical": _height(contingency),
    }[model.distance]
    held = np.cumsum(np.sort(shares)[::-1])
    least = int(np.searchsorted(held, 1 - (model.t + 2 * TIE) * steps - 1e-9)) + 1
    return DistinctLDiversity(column=model.column, diversity=least) if least > 1 else None
