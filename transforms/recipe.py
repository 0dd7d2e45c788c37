"""A recipe: the ordered, typed, versioned list of what is done to a table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from microdata.dataset import Issue
from microdata.errors import PrivacyToolError
from transforms.step import Step, StepContext
from transforms.steps import step_class
from transforms.steps.generalize import Generalize
from transforms.steps.mondrian import Mondrian
from transforms.steps.recode_locally import RecodeLocally

if TYPE_CHECKING:
    from microdata.hierarchy import Hierarchy
    from microdata.release import Release

__all__ = ["VERSION", "Recipe", "Step", "StepContext", "highest_levels"]

VERSION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


def highest_levels(step: Step) -> Mapping[str, int]:
    """Return the highest level that a step asks of each column's hierarchy."""
    if isinstance(step, Generalize):
        return step.levels
    if isinstance(step, RecodeLocally):
        return {column: max(levels[column] for levels in step.rounds) for column in step.columns}
    return {}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """
    An ordered list of steps as a value; changing it gives a new one.

    Parameters
    ----------
    version : int
        Of the file format. The meaning of a step never changes; a new step gets a new name.
    steps : tuple of Step
        In the order in which they are applied.
    hierarchies : mapping of str to str
        Column -> SHA-256 of the hierarchy that the recipe was made with; a hierarchy is never
        part of a recipe.
    """

    version: int = VERSION
    steps: tuple[Step, ...] = ()
    hierarchies: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.version, bool) or self.version != VERSION:
            raise PrivacyToolError(
                f"This recipe is not of version {VERSION}, the one that this program knows. "
                "Open it with the program that wrote it."
            )
        object.__setattr__(self, "hierarchies", MappingProxyType(dict(self.hierarchies)))

    def with_step(self, step: Step) -> Recipe:
        """Return the recipe with one more step at its end."""
        return replace(self, steps=(*self.steps, step))

    def without_step(self, position: int) -> Recipe:
        """Return the recipe without the step at a position."""
        self._check_position(position)
        return replace(self, steps=self.steps[:position] + self.steps[position + 1 :])

    def replace_step(self, position: int, step: Step) -> Recipe:
        """Return the recipe with another step at a position."""
        self._check_position(position)
        steps = (*self.steps[:position], step, *self.steps[position + 1 :])
        return replace(self, steps=steps)

    def _check_position(self, position: int) -> None:
        if not 0 <= position < len(self.steps):
            raise PrivacyToolError(
                f"The recipe has {len(self.steps)} steps; there is none at position {position}."
            )

    @property
    def keeps_rule(self) -> bool:
        """Whether the same original value always becomes the same released value."""
        return all(step.keeps_rule for step in self.steps)

    def describe(self) -> tuple[str, ...]:
        """Return what the recipe does: one sentence a step."""
        return tuple(step.describe() for step in self.steps)

    def to_json(self) -> dict[str, Any]:
        """Return the RECIPE object of the command line."""
        data: dict[str, Any] = {
            "version": self.version,
            "steps": [step.to_json() for step in self.steps],
        }
        if self.hierarchies:
            data["hierarchies"] = dict(self.hierarchies)
        return data

    @classmethod
    def from_json(cls, data: object) -> Recipe:
        """
        Read the RECIPE object of the command line.

        Raises
        ------
        PrivacyToolError
            Unknown keys, an unknown step, wrong types, or another version.
        """
        if not isinstance(data, dict):
            raise PrivacyToolError("The recipe must be one JSON object.")
        unknown = set(data) - {"version", "steps", "hierarchies"}
        if unknown:
            raise PrivacyToolError.unknown_keys(unknown, where="The recipe")
        steps = data.get("steps")
        if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
            raise PrivacyToolError("In the recipe 'steps' must be a list of objects.")
        hierarchies = data.get("hierarchies", {})
        if not isinstance(hierarchies, dict) or not all(
            isinstance(digest, str) and _SHA256.fullmatch(digest) for digest in hierarchies.values()
        ):
            raise PrivacyToolError(
                "In the recipe 'hierarchies' must give a SHA-256 in lower-case hex digits for "
                "each column."
            )
        return cls(
            version=data.get("version", 0),
            steps=tuple(step_class(step.get("step")).from_json(step) for step in steps),
            hierarchies=hierarchies,
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the recipe in canonical JSON."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @property
    def generalized_columns(self) -> tuple[str, ...]:
        """The columns that need a hierarchy, in order."""
        return tuple(
            dict.fromkeys(
                column
                for step in self.steps
                for column, level in highest_levels(step).items()
                if level
            )
        )

    @property
    def split_columns(self) -> tuple[str, ...]:
        """The columns that are split into parts, named by a hierarchy where there is one."""
        return tuple(
            dict.fromkeys(
                column
                for step in self.steps
                if isinstance(step, Mondrian)
                for column in step.columns
            )
        )

    def with_hierarchies(self, available: Mapping[str, Hierarchy]) -> Recipe:
        """Return the recipe that records which hierarchies it was made with."""
        used = {
            column: available[column].digest
            for column in (*self.generalized_columns, *self.split_columns)
            if column in available
        }
        return replace(self, hierarchies=used)

    def check_hierarchies(self, available: Mapping[str, Hierarchy]) -> tuple[Issue, ...]:
        """Tell which recorded hierarchies are not there or are others than those recorded."""
        issues: list[Issue] = []
        for column, digest in self.hierarchies.items():
            if column not in available:
                issues.append(
                    Issue(
                        severity="error",
                        code="hierarchy-missing",
                        message=f"The recipe was made with a hierarchy for the column {column!r}, "
                        "which is not there. Upload it.",
                        column=column,
                    )
                )
            elif available[column].digest != digest:
                issues.append(
                    Issue(
                        severity="warning",
                        code="hierarchy-changed",
                        message=f"The hierarchy of the column {column!r} is not the one that the "
                        "recipe was made with, so the figures may differ. Upload the original one "
                        "or make the recipe anew.",
                        column=column,
                    )
                )
        return tuple(issues)

    def apply(self, release: Release, context: StepContext) -> Release:
        """Return the release after all steps."""
        for step in self.steps:
            release = step.apply(release, context)
        return replace(release, recipe_digest=self.digest)
