"""Split the table into ever smaller parts of look-alikes: Mondrian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from transforms.group_judge import GroupJudge, class_of_record, require_local
from transforms.partition import CutColumn, Partition
from transforms.step import StepContext, check_keys, column_names, named
from transforms.steps.recode_locally import read_models, require_untouched
from transforms.steps.suppress_records import SuppressRecords

if TYPE_CHECKING:
    from microdata.release import Release
    from risk.models import PrivacyModel


@dataclass(frozen=True, kw_only=True)
class Mondrian:
    """
    Split the records in two again and again, as long as both halves meet every model.

    A part is cut in its widest column, as evenly as can be: between two numbers or dates, or in
    text between two branches of its hierarchy. Of numbers and dates the release tells the least and
    the greatest in the part, of text the lowest label of its hierarchy for all, and ``*`` where
    there is none. A part that fails although it was never split is left out.

    Parameters
    ----------
    columns : tuple of str
        Quasi-identifiers that may be cut; at least one.
    require : tuple of str
        Models in the form of the step "suppress_records"; none of the whole table.

    References
    ----------
    LeFevre, DeWitt, Ramakrishnan (2006), Mondrian multidimensional k-anonymity, ICDE (strict).
    """

    name: ClassVar[str] = "mondrian"
    title: ClassVar[str] = "Split into groups"
    keeps_rule: ClassVar[bool] = False

    columns: tuple[str, ...]
    require: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.columns or len(set(self.columns)) != len(self.columns):
            raise PrivacyToolError(
                "The step 'mondrian' must name at least one column, and each only once."
            )
        if not self.require:
            raise PrivacyToolError(
                "The step 'mondrian' requires nothing. Name at least one privacy model, such as "
                "k-anonymity=5."
            )
        object.__setattr__(self, "require", SuppressRecords(require=self.require).require)
        require_local(self.models, where="The step 'mondrian'")

    @cached_property
    def models(self) -> tuple[PrivacyModel, ...]:
        """The privacy models that are required."""
        return SuppressRecords(require=self.require).models

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        wanted = "; ".join(model.describe().rstrip(".") for model in self.models)
        return (
            f"Split the records by {named(self.columns)} into ever smaller groups of look-alikes, "
            f"as long as every group is safe, and release the range of each group. Safe means: "
            f"{wanted}."
        )

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        return {
            "step": self.name,
            "columns": list(self.columns),
            "require": SuppressRecords(require=self.require).to_json()["require"],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Mondrian:
        """Read the step from a recipe file."""
        check_keys(data, {"columns", "require"}, step=cls.name)
        columns = column_names(data.get("columns"), step=cls.name)
        return cls(columns=columns, require=read_models(data, step=cls.name))

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release of the parts; it may be empty.

        Raises
        ------
        PrivacyToolError
            A column is not there, no quasi-identifier, or changed by an earlier step.
        """
        require_untouched(release, context, self.columns, step=self.name)
        base = classes_of(release, context.roles, context.population)
        if not base.n_classes:
            return release
        judge = GroupJudge(self.models, base, release, context.roles)
        columns = [CutColumn.of(release.source, name) for name in self.columns]
        parts = Partition.split(columns, judge)
        made = release.with_columns(*parts.released_columns(release, judge))
        # Parts with equal labels are one group for an observer, so groups are judged as released.
        classes = classes_of(made, context.roles, context.population)
        failing = np.zeros(classes.n_classes, bool)
        for model in self.models:
            failing |= model.failing(classes)
        if not failing.any():
            return made
        kept = np.zeros(release.source.records, bool)
        kept[made.record_index] = ~failing[class_of_record(made, classes)]
        return made.keeping(kept)
