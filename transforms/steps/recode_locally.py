"""Generalise record by record: in rounds, each group at the first levels at which it is safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from microdata.errors import PrivacyToolError
from transforms.group_judge import require_local
from transforms.local_recoding import local_rounds
from transforms.step import StepContext, check_keys, named, require_published
from transforms.steps.suppress_records import SuppressRecords

if TYPE_CHECKING:
    from microdata.release import Release
    from risk.models import PrivacyModel


@dataclass(frozen=True, kw_only=True)
class RecodeLocally:
    """
    Recode the quasi-identifiers in rounds, until every record is in a group that is safe.

    In each round the records that are still open are recoded to the round's levels. Where the group
    of look-alikes that they then form, together with records of earlier rounds that are released
    with the same labels, meets every model, they are released so. The others go on to the next
    round, and who is still open after the last one is left out. So every group of the release meets
    every model, and the same original value may be released at different levels.

    Parameters
    ----------
    rounds : tuple of mapping of str to int
        In order, a level for each of the columns; every round names the same columns.
    require : tuple of str
        Models in the form of the step "suppress_records"; none of the whole table.

    References
    ----------
    Prasser, Bild, Kuhn (2016), A generic method for assessing the quality of de-identified health
    data; as ARX's iterative local recoding.
    """

    name: ClassVar[str] = "recode_locally"
    title: ClassVar[str] = "Generalise group by group"
    keeps_rule: ClassVar[bool] = False

    rounds: tuple[Mapping[str, int], ...]
    require: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.rounds or not self.rounds[0]:
            raise PrivacyToolError(
                "The step 'recode_locally' has no rounds. Give at least one, with a level for each "
                "column."
            )
        for levels in self.rounds:
            if set(levels) != set(self.rounds[0]):
                raise PrivacyToolError(
                    "In the step 'recode_locally' every round must name the same columns. Add the "
                    "missing levels."
                )
            for column, level in levels.items():
                if isinstance(level, bool) or not isinstance(level, int) or level < 0:
                    raise PrivacyToolError(
                        f"In the step 'recode_locally' the level of the column {column!r} must be "
                        "a whole number from 0 upwards in every round."
                    )
        if not self.require:
            raise PrivacyToolError(
                "The step 'recode_locally' requires nothing. Name at least one privacy model, "
                "such as k-anonymity=5."
            )
        frozen = tuple(MappingProxyType(dict(levels)) for levels in self.rounds)
        object.__setattr__(self, "rounds", frozen)
        object.__setattr__(self, "require", SuppressRecords(require=self.require).require)
        require_local(self.models, where="The step 'recode_locally'")

    @cached_property
    def models(self) -> tuple[PrivacyModel, ...]:
        """The privacy models that are required."""
        return SuppressRecords(require=self.require).models

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are recoded."""
        return tuple(self.rounds[0])

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        wanted = "; ".join(model.describe().rstrip(".") for model in self.models)
        rounds = "1 round" if len(self.rounds) == 1 else f"{len(self.rounds):,} rounds"
        return (
            f"Generalise {named(self.columns)} group by group in {rounds}: a group of look-alikes "
            "is released at the first levels at which it is safe, and records that no round makes "
            f"safe are left out. Safe means: {wanted}."
        )

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        return {
            "step": self.name,
            "rounds": [dict(levels) for levels in self.rounds],
            "require": SuppressRecords(require=self.require).to_json()["require"],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RecodeLocally:
        """Read the step from a recipe file."""
        check_keys(data, {"rounds", "require"}, step=cls.name)
        rounds = data.get("rounds")
        if not isinstance(rounds, list) or not all(isinstance(levels, dict) for levels in rounds):
            raise PrivacyToolError(
                "In the step 'recode_locally' 'rounds' must be a list of objects: a level for each "
                "column."
            )
        return cls(rounds=tuple(rounds), require=read_models(data, step=cls.name))

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with the records recoded round by round; it may be empty.

        Raises
        ------
        PrivacyToolError
            A column is not there or no quasi-identifier, has no such level, holds values that its
            hierarchy does not cover, or was changed by an earlier step.
        """
        require_untouched(release, context, self.columns, step=self.name)
        levels = {column: {round_[column] for round_ in self.rounds} for column in self.columns}
        work = local_rounds(release, context.roles, context.population, levels, self.models)
        order = [column.name for column in work.columns]
        for round_ in self.rounds:
            if not work.open_tuples:
                break
            work.recode(tuple(round_.get(column, 0) for column in order))
        recoded = release.with_columns(*work.released_columns(release))
        return recoded.keeping(work.kept(release)) if work.left else recoded


def read_models(data: Mapping[str, Any], *, step: str) -> tuple[str, ...]:
    """Read the privacy models of a step."""
    require = data.get("require")
    if not isinstance(require, list) or not all(isinstance(m, (str, dict)) for m in require):
        raise PrivacyToolError(
            f"In the step {step!r} 'require' must be a list of privacy models, each as text or as "
            "an object."
        )
    return SuppressRecords.from_json({"require": require}).require if require else ()


def require_untouched(
    release: Release, context: StepContext, columns: tuple[str, ...], *, step: str
) -> None:
    """Refuse columns that are no quasi-identifiers, or that an earlier step dropped or changed."""
    require_published(release, columns, step=step)
    for column in columns:
        if column not in context.roles.quasi_identifiers:
            raise PrivacyToolError(
                f"The step {step!r} names the column {column!r}, which is not a quasi-identifier. "
                "Change its role, or remove it from the step."
            )
        if not release.columns[column].unchanged:
            raise PrivacyToolError(
                f"The column {column!r} is changed by an earlier step, so the step {step!r} cannot "
                "generalise it. Change it in one step only."
            )
