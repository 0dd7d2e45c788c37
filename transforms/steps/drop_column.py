"""Leave columns out of the release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from microdata.errors import PrivacyToolError
from transforms.step import StepContext, check_keys, column_names, named, require_published

if TYPE_CHECKING:
    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class DropColumn:
    """
    Leave columns out of the release.

    Parameters
    ----------
    columns : tuple of str
        At least one; what is dropped counts as fully lost.
    """

    name: ClassVar[str] = "drop_column"
    title: ClassVar[str] = "Drop columns"
    keeps_rule: ClassVar[bool] = True

    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.columns or len(set(self.columns)) != len(self.columns):
            raise PrivacyToolError(
                "The step 'drop_column' must name at least one column, and each only once."
            )

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        word = "column" if len(self.columns) == 1 else "columns"
        return f"Leave out the {word} {named(self.columns)}."

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        return {"step": self.name, "columns": list(self.columns)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DropColumn:
        """Read the step from a recipe file."""
        check_keys(data, {"columns"}, step=cls.name)
        return cls(columns=column_names(data.get("columns"), step=cls.name))

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """Return the release without the columns."""
        require_published(release, self.columns, step=self.name)
        return release.without(self.columns)
