"""Privacy models: conditions on the equivalence classes of a release."""

from __future__ import annotations

from risk.models.base import PrivacyModel
from risk.models.k_anonymity import KAnonymity
from risk.models.l_diversity import DistinctLDiversity, EntropyLDiversity, RecursiveCLDiversity
from risk.models.notation import model_from_json, parse_model
from risk.models.t_closeness import TCloseness
from risk.models.table_risk import AverageRisk, SampleUniqueness

__all__ = [
    "AverageRisk",
    "DistinctLDiversity",
    "EntropyLDiversity",
    "KAnonymity",
    "PrivacyModel",
    "RecursiveCLDiversity",
    "SampleUniqueness",
    "TCloseness",
    "model_from_json",
    "parse_model",
]
