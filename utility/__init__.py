"""What a release costs: information loss, suppression, distributions."""

from __future__ import annotations

from collections.abc import Sequence

from microdata.measure import Measure
from utility.associations import Associations
from utility.changed_values import ChangedValues
from utility.class_sizes import Ambiguity, AverageClassSize, Discernibility
from utility.classification import ClassificationMetric
from utility.distributions import Distributions
from utility.entropy import NonUniformEntropy
from utility.information_loss import GeneralizationIntensity, Granularity
from utility.prediction import ModelUtility
from utility.propensity import Propensity
from utility.queries import QueryError
from utility.suppression import Suppression

UTILITY_MEASURES: tuple[Measure, ...] = (
    Granularity(),
    Discernibility(),
    AverageClassSize(),
    NonUniformEntropy(),
    GeneralizationIntensity(),
    Ambiguity(),
    Suppression(),
    ClassificationMetric(),
    Distributions(),
    Associations(),
    QueryError(),
    ChangedValues(),
)
"""Every measure of utility; a new one is one file and one line here."""


def on_demand_measures(targets: Sequence[str] = ()) -> tuple[Measure, ...]:
    """
    Return the measures that take seconds, because they train models.

    Parameters
    ----------
    targets : sequence of str
        Columns to predict; the first sensitive attribute by default.
    """
    return (ModelUtility(targets=tuple(targets)), Propensity())


ON_DEMAND_MEASURES: tuple[Measure, ...] = on_demand_measures()
"""What is measured only where somebody asks for it."""
