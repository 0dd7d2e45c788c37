"""What an attacker gains: privacy models, risks of re-identification, policies."""

from __future__ import annotations

from microdata.measure import Measure
from risk.class_sizes import ClassSizes
from risk.columns import ColumnPower
from risk.missing_values import WildcardReading
from risk.model_figures import KAnonymityFigure, LDiversityFigures, TClosenessFigures
from risk.persons import People
from risk.reidentification import JournalistRisk, MarketerRisk, ProsecutorRisk
from risk.uniqueness.benedetti_franconi import JournalistEstimate
from risk.uniqueness.sample import UniqueInSample

RISK_MEASURES: tuple[Measure, ...] = (
    ClassSizes(),
    People(),
    KAnonymityFigure(),
    LDiversityFigures(),
    TClosenessFigures(),
    ProsecutorRisk(),
    JournalistRisk(),
    JournalistEstimate(),
    MarketerRisk(),
    UniqueInSample(),
    ColumnPower(),
    WildcardReading(),
)
"""Every measure of risk; a new one is one file and one line here."""

__all__ = ["RISK_MEASURES"]
