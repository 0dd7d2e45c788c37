"""Leave columns out of the release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from transforms.parameters import DeclaredStep, Parameter, columns_parameter
from transforms.step import StepContext, named, require_published

if TYPE_CHECKING:
    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class DropColumn(DeclaredStep):
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
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            advice="They are not written at all, so what they hold counts as fully lost.",
        ),
    )

    columns: tuple[str, ...]

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        word = "column" if len(self.columns) == 1 else "columns"
        return f"Leave out the {word} {named(self.columns)}."

    def apply(self, release: Release, context: StepContext) -> Release:  # noqa: ARG002 - protocol
        """Return the release without the columns."""
        require_published(release, self.columns, step=self.name)
        return release.without(self.columns)
