"""The steps that a recipe may hold: one file a step, one line here."""

from __future__ import annotations

from microdata.errors import PrivacyToolError
from transforms.step import Step
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.pseudonymize import Pseudonymize
from transforms.steps.suppress_records import SuppressRecords

__all__ = ["STEPS", "DropColumn", "Generalize", "Pseudonymize", "SuppressRecords", "step_class"]

STEPS: tuple[type[Step], ...] = (Generalize, SuppressRecords, DropColumn, Pseudonymize)


def step_class(name: object) -> type[Step]:
    """Return the class of a step by the name that stands in a recipe."""
    for step in STEPS:
        if step.name == name:
            return step
    known = ", ".join(step.name for step in STEPS)
    raise PrivacyToolError(f"The recipe holds an unknown step. The known steps are: {known}.")
