"""Privacy models: conditions on the equivalence classes of a release."""

from __future__ import annotations

from risk.models.alpha import AlphaModel
from risk.models.base import PrivacyModel
from risk.models.beta_likeness import BetaLikeness, EnhancedBetaLikeness
from risk.models.delta_disclosure import DeltaDisclosure
from risk.models.delta_presence import DeltaPresence
from risk.models.k_anonymity import KAnonymity
from risk.models.k_map import KMap
from risk.models.l_diversity import DistinctLDiversity, EntropyLDiversity, RecursiveCLDiversity
from risk.models.notation import model_from_json, parse_model
from risk.models.population_uniqueness import PopulationUniqueness
from risk.models.t_closeness import TCloseness
from risk.models.table_risk import AverageRisk, SampleUniqueness

__all__ = [
    "AlphaModel",
    "AverageRisk",
    "BetaLikeness",
    "DeltaDisclosure",
    "DeltaPresence",
    "DistinctLDiversity",
    "EnhancedBetaLikeness",
    "EntropyLDiversity",
    "KAnonymity",
    "KMap",
    "PopulationUniqueness",
    "PrivacyModel",
    "RecursiveCLDiversity",
    "SampleUniqueness",
    "TCloseness",
    "model_from_json",
    "parse_model",
]
