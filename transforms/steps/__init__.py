"""The steps that a recipe may hold: one file a step, one line here."""

from __future__ import annotations

from microdata.errors import PrivacyToolError
from transforms.step import Step
from transforms.steps.add_noise import AddNoise
from transforms.steps.date_shift import DateShift
from transforms.steps.drop_column import DropColumn
from transforms.steps.generalize import Generalize
from transforms.steps.mask import Mask
from transforms.steps.microaggregate import Microaggregate
from transforms.steps.mondrian import Mondrian
from transforms.steps.pram import Pram
from transforms.steps.pseudonymize import Pseudonymize
from transforms.steps.recode_locally import RecodeLocally
from transforms.steps.round_values import RoundValues
from transforms.steps.sample_records import SampleRecords
from transforms.steps.shuffle_rows import ShuffleRows
from transforms.steps.suppress_cells import SuppressCells
from transforms.steps.suppress_records import SuppressRecords
from transforms.steps.swap import Swap
from transforms.steps.top_bottom_code import TopBottomCode

__all__ = [
    "STEPS",
    "AddNoise",
    "DateShift",
    "DropColumn",
    "Generalize",
    "Mask",
    "Microaggregate",
    "Mondrian",
    "Pram",
    "Pseudonymize",
    "RecodeLocally",
    "RoundValues",
    "SampleRecords",
    "ShuffleRows",
    "SuppressCells",
    "SuppressRecords",
    "Swap",
    "TopBottomCode",
    "step_class",
]

STEPS: tuple[type[Step], ...] = (
    Generalize,
    SuppressRecords,
    DropColumn,
    RecodeLocally,
    Mondrian,
    SuppressCells,
    TopBottomCode,
    RoundValues,
    Microaggregate,
    AddNoise,
    Swap,
    Pram,
    Pseudonymize,
    Mask,
    DateShift,
    SampleRecords,
    ShuffleRows,
)


def step_class(name: object) -> type[Step]:
    """Return the class of a step by the name that stands in a recipe."""
    for step in STEPS:
        if step.name == name:
            return step
    known = ", ".join(step.name for step in STEPS)
    raise PrivacyToolError(f"The recipe holds an unknown step. The known steps are: {known}.")
