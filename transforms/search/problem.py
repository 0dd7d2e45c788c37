"""What the search is asked: which models must hold, how much may be left out, what counts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError
from risk.models import parse_model
from transforms.recipe import Recipe, Step
from transforms.search.measure import DEFAULT_WEIGHT, WITH_WEIGHTS, ScoreMeasure
from transforms.steps import SuppressRecords

if TYPE_CHECKING:
    from microdata.encoding import EncodedTable
    from microdata.roles import Roles
    from risk.models import PrivacyModel


def allowed_records(limit: float, records: int) -> int:
    """Return how many whole records a share of them is: 29 % of 100 are 29."""
    return math.floor(Fraction(repr(float(limit))) * records)


@dataclass(frozen=True, kw_only=True)
class SearchProblem:
    """
    A search for the best levels of the quasi-identifiers.

    A node of the lattice is a level for each of them. It is admissible if no more than the share
    `suppression_limit` of the records has to be left out for every model to hold, and not all.

    Parameters
    ----------
    roles : Roles
    models : tuple of PrivacyModel
    suppression_limit : float
        Between 0 and 1.
    measure : ScoreMeasure
    levels : mapping of str to (int, int)
        Lowest and highest level that a column may have; all where it is not named.
    weights : mapping of str to float
        How much a column counts beside the others; 0.5 where it is not named.
    """

    roles: Roles
    models: tuple[PrivacyModel, ...]
    suppression_limit: float = 0.0
    measure: ScoreMeasure = field(default_factory=lambda: ScoreMeasure(name="loss"))
    levels: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        quasi = self.roles.require_quasi_identifiers()
        if not self.models:
            raise PrivacyToolError(
                "The search needs at least one privacy model to satisfy, such as k-anonymity=5."
            )
        if not 0 <= self.suppression_limit <= 1:
            raise PrivacyToolError(
                "The suppression limit is a share of the records from 0 to 1, such as 0.05. "
                "Change it."
            )
        for name in (*self.levels, *self.weights):
            if name not in quasi:
                raise PrivacyToolError(
                    f"Levels or weights are given for the column {name!r}, which is not a "
                    "quasi-identifier. Remove them, or change its role."
                )
        if self.weights and self.measure.name not in WITH_WEIGHTS:
            raise PrivacyToolError(
                f"The measure {self.measure.name!r} is not made up column by column, so columns "
                f"cannot have weights. Remove them, or use one of: {', '.join(WITH_WEIGHTS)}."
            )
        if any(not (math.isfinite(weight) and weight >= 0) for weight in self.weights.values()):
            raise PrivacyToolError("The weight of a column must be a number from 0 upwards.")
        if self.weights and not any(self.weights.get(name, DEFAULT_WEIGHT) for name in quasi):
            raise PrivacyToolError("Every column has the weight 0. Give at least one of them more.")
        for model in self.models:
            if model.column is not None and model.column not in self.roles.sensitive:
                raise PrivacyToolError(
                    f"A model protects the column {model.column!r}, which is not a sensitive "
                    "attribute. Mark the column as sensitive, or remove the model."
                )
        object.__setattr__(self, "levels", MappingProxyType(dict(self.levels)))
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))

    @property
    def quasi_identifiers(self) -> tuple[str, ...]:
        """The columns whose levels are searched."""
        return self.roles.quasi_identifiers

    @property
    def sensitive(self) -> tuple[str, ...]:
        """The sensitive attributes that the models ask for."""
        return tuple(dict.fromkeys(model.column for model in self.models if model.column))

    def allowed(self, records: int) -> int:
        """Return how many of the records may be left out."""
        return allowed_records(self.suppression_limit, records)

    def weight(self, column: str) -> float:
        """Return how much a column counts, 1 for those that count most."""
        weights = {name: self.weights.get(name, DEFAULT_WEIGHT) for name in self.quasi_identifiers}
        return weights[column] / max(weights.values())

    def recipe(self, source: EncodedTable, *steps: Step) -> Recipe:
        """Return the recipe of some steps, which records the hierarchies that they use."""
        trees = {name: source.domain(name).hierarchy for name in self.quasi_identifiers}
        return Recipe(steps=steps).with_hierarchies(
            {name: tree for name, tree in trees.items() if tree is not None}
        )

    def suppression(self) -> SuppressRecords:
        """Return the step that makes every model hold."""
        texts = []
        for model in self.models:
            text = model.text()
            try:
                same = parse_model(text) == model
            except PrivacyToolError:  # a column's name that the text form cannot hold
                same = False
            texts.append(text if same else json.dumps(model.to_json()))
        return SuppressRecords(require=tuple(texts))
