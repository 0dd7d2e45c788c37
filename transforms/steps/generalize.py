"""Replace values by their label at a level of the column's hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from microdata.errors import PrivacyToolError
from transforms.step import StepContext, check_keys, require_published, require_unchanged

if TYPE_CHECKING:
    from microdata.release import Release, ReleasedColumn


@dataclass(frozen=True, kw_only=True)
class Generalize:
    """
    Replace every value of some columns by its label at one level (full-domain generalisation).

    Parameters
    ----------
    levels : mapping of str to int
        The level of each column; 0 leaves a column as it is.

    References
    ----------
    Samarati (2001), Protecting respondents' identities in microdata release, IEEE TKDE 13(6).
    """

    name: ClassVar[str] = "generalize"
    title: ClassVar[str] = "Generalise"
    keeps_rule: ClassVar[bool] = True

    levels: Mapping[str, int]

    def __post_init__(self) -> None:
        for column, level in self.levels.items():
            # bool is an int, and true is no level.
            if isinstance(level, bool) or not isinstance(level, int) or level < 0:
                raise PrivacyToolError(
                    f"The level of the column {column!r} in the step 'generalize' must be a whole "
                    "number from 0 upwards."
                )
        object.__setattr__(self, "levels", MappingProxyType(dict(self.levels)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are generalised, those at level 0 included."""
        return tuple(self.levels)

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        raised = {column: level for column, level in self.levels.items() if level}
        if not raised:
            return "Generalise nothing: every column stays at level 0."
        parts = ", ".join(f"{column!r} to level {level}" for column, level in raised.items())
        return f"Generalise {parts} of the hierarchy."

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        return {"step": self.name, "levels": dict(self.levels)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Generalize:
        """Read the step from a recipe file."""
        check_keys(data, {"levels"}, step=cls.name)
        levels = data.get("levels")
        if not isinstance(levels, dict):
            raise PrivacyToolError(
                "In the step 'generalize' 'levels' must be an object: a level for each column."
            )
        return cls(levels=levels)

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """
        Return the release with the columns generalised.

        Raises
        ------
        PrivacyToolError
            A column is not there, has no such level, holds values that its hierarchy does not
            cover, or was changed by an earlier step, whose labels the hierarchy does not know.
        """
        require_published(release, self.columns, step=self.name)
        changed: list[ReleasedColumn] = []
        for column, level in self.levels.items():
            if level == 0:
                continue
            require_unchanged(release, (column,), step=self.name)
            changed.append(release.at_level(column, level))
        return release.with_columns(*changed)
