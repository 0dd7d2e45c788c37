"""What an attacker gains: privacy models, risks of re-identification, policies."""

from __future__ import annotations

from microdata.measure import Measure
from risk.attacks.linkability import LinkabilityAttack
from risk.attacks.membership import MembershipAttack
from risk.attacks.singling_out import SinglingOutAttack
from risk.attribute_figures import AlphaFigures, BetaLikenessFigures, DeltaDisclosureFigures
from risk.attribute_inference import (
    Homogeneity,
    InferenceAttack,
    NearHomogeneity,
    PosteriorGain,
)
from risk.background_knowledge import BackgroundKnowledge
from risk.class_sizes import ClassSizes
from risk.columns import ColumnPower
from risk.individual_risk import IndividualRisk
from risk.local_recoding import LocalRecoding
from risk.missing_values import WildcardReading
from risk.model_figures import KAnonymityFigure, LDiversityFigures, TClosenessFigures
from risk.numeric_inference import NumericInference
from risk.persons import People
from risk.perturbation import Perturbation
from risk.population_models import PopulationModels
from risk.reidentification import JournalistRisk, MarketerRisk, ProsecutorRisk
from risk.similarity import Similarity
from risk.special_uniques import SpecialUniques
from risk.uniqueness.benedetti_franconi import JournalistEstimate
from risk.uniqueness.log_linear import LogLinearRisk
from risk.uniqueness.population import UniqueInPopulation
from risk.uniqueness.sample import UniqueInSample

RISK_MEASURES: tuple[Measure, ...] = (
    ClassSizes(),
    People(),
    KAnonymityFigure(),
    LDiversityFigures(),
    TClosenessFigures(),
    AlphaFigures(),
    BetaLikenessFigures(),
    DeltaDisclosureFigures(),
    Homogeneity(),
    NearHomogeneity(),
    Similarity(),
    BackgroundKnowledge(),
    InferenceAttack(),
    PosteriorGain(),
    NumericInference(),
    PopulationModels(),
    ProsecutorRisk(),
    JournalistRisk(),
    JournalistEstimate(),
    MarketerRisk(),
    UniqueInSample(),
    UniqueInPopulation(),
    LogLinearRisk(),
    IndividualRisk(),
    SpecialUniques(),
    SinglingOutAttack(),
    LinkabilityAttack(),
    MembershipAttack(),
    ColumnPower(),
    WildcardReading(),
    LocalRecoding(),
    Perturbation(),
)
"""Every measure of risk; a new one is one file and one line here."""

__all__ = ["RISK_MEASURES"]
