"""What a release costs: information loss, suppression, distributions."""

from __future__ import annotations

from microdata.measure import Measure
from utility.class_sizes import Ambiguity, AverageClassSize, Discernibility
from utility.distributions import Distributions
from utility.entropy import NonUniformEntropy
from utility.information_loss import GeneralizationIntensity, Granularity
from utility.suppression import Suppression

UTILITY_MEASURES: tuple[Measure, ...] = (
    Granularity(),
    Discernibility(),
    AverageClassSize(),
    NonUniformEntropy(),
    GeneralizationIntensity(),
    Ambiguity(),
    Suppression(),
    Distributions(),
)
"""Every measure of utility; a new one is one file and one line here."""
