"""Exercises on the demo tables: predict a figure, then see what is measured."""

from __future__ import annotations

from ui.exercises.composition import COMPOSITION
from ui.exercises.exercise import Exercise, Lesson, Table
from ui.exercises.homogeneity import HOMOGENEITY
from ui.exercises.linkage import LINKAGE
from ui.exercises.skewness import SKEWNESS
from ui.exercises.trade_off import TRADE_OFF

EXERCISES: tuple[Exercise, ...] = (LINKAGE, HOMOGENEITY, SKEWNESS, COMPOSITION, TRADE_OFF)
"""In the order in which they are learnt."""

__all__ = ["EXERCISES", "Exercise", "Lesson", "Table"]
