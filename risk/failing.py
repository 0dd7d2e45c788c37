"""Which groups and records fail a requirement: positions for the screen, never exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import Context, Path
from risk.models.alpha import AlphaModel
from risk.models.beta_likeness import BetaLikeness, EnhancedBetaLikeness
from risk.models.delta_disclosure import DeltaDisclosure
from risk.models.k_anonymity import KAnonymity
from risk.models.k_map import KMap
from risk.models.l_diversity import DistinctLDiversity, EntropyLDiversity
from risk.models.t_closeness import DISTANCES, TCloseness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from risk.models.base import PrivacyModel
    from risk.requirement import Requirement

MOST_LISTED = 200


@dataclass(frozen=True, eq=False, kw_only=True)
class Failing:
    """
    Who fails one condition.

    Parameters
    ----------
    title : str
        What the model's figure is called.
    groups, all_groups : int
    people, all_people : int
    rows : int64[r]
        Positions in the original file, from 1, of at most `MOST_LISTED` failing rows: smallest
        groups first.
    sizes : int64[r]
        The size of each row's group.
    figures : float64[r]
        The model's figure for that group; NaN where it cannot be computed.
    """

    title: str
    groups: int
    all_groups: int
    people: int
    all_people: int
    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]
    figures: NDArray[np.float64]


def models_of(requirement: Requirement, columns: Sequence[str]) -> tuple[PrivacyModel, ...]:
    """
    Return the models of classes that a requirement asks for, one for each sensitive attribute.

    Empty where the requirement is about the whole table, so that no single group fails it.
    """
    figure = requirement.figure
    if figure[:1] != ("models",) and figure[:3] != ("reidentification", "prosecutor", "below"):
        return ()
    if "*" not in figure:
        model = _model(requirement, figure)
        return () if model is None else (model,)
    at = figure.index("*")
    found = (_model(requirement, (*figure[:at], name, *figure[at + 1 :])) for name in columns)
    return tuple(model for model in found if model is not None)


def _model(requirement: Requirement, path: Path) -> PrivacyModel | None:
    least, most = requirement.at_least, requirement.at_most
    match path:
        case ("models", "k-anonymity") if least is not None:
            return KAnonymity(k=int(least))
        case ("models", "k-map") if least is not None:
            return KMap(k=int(least))
        case ("reidentification", "prosecutor", "below", size) if size.isdigit() and most == 0:
            return KAnonymity(k=int(size))
        case ("models", "l-diversity", column, "distinct") if least is not None:
            return DistinctLDiversity(column=column, diversity=least)
        case ("models", "l-diversity", column, "entropy") if least is not None:
            return EntropyLDiversity(column=column, diversity=least)
        case ("models", "t-closeness", column, distance) if most is not None:
            known = next((name for name in DISTANCES if name == distance), None)
            return None if known is None else TCloseness(column=column, distance=known, t=most)
        case ("models", "alpha", column) if most is not None:
            return AlphaModel(column=column, alpha=most)
        case ("models", "beta-likeness", column) if most is not None:
            return BetaLikeness(column=column, beta=most)
        case ("models", "enhanced-beta-likeness", column) if most is not None:
            return EnhancedBetaLikeness(column=column, beta=most)
        case ("models", "delta-disclosure", column, "log2_present") if most is not None:
            return DeltaDisclosure(column=column, delta=most)
    return None


def failing(context: Context, model: PrivacyModel) -> Failing:
    """Return the groups and rows of a release that fail a model."""
    classes = context.classes
    fails = model.failing(classes)
    values = model.per_class(classes)
    if isinstance(model, KAnonymity):  # by the rule for missing values in force
        values = context.sizes.astype(np.float64)
        fails = values < model.k
    by_size = np.lexsort((values, classes.count))
    rank = np.empty(classes.n_classes, np.int64)
    rank[by_size] = np.arange(classes.n_classes)
    inside = np.flatnonzero(classes.class_of >= 0)
    inside = inside[fails[classes.class_of[inside]]]
    order = np.argsort(rank[classes.class_of[inside]], kind="stable")[:MOST_LISTED]
    of_row = classes.class_of[inside[order]]
    return Failing(
        title=model.title,
        groups=int(fails.sum()),
        all_groups=classes.n_classes,
        people=int(classes.count[fails].sum()),
        all_people=classes.n_records,
        rows=_positions(context, inside[order]),
        sizes=classes.count[of_row],
        figures=values[of_row],
    )


def _positions(context: Context, records: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where records stand in the original file, from 1."""
    index = context.release.record_index
    # Merged classes know the class of each original record, grouped ones of each released one.
    if context.classes.class_of.size == index.size:
        records = np.asarray(index[records])
    return records + 1
