"""What every step of a recipe has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from microdata.errors import PrivacyToolError
from microdata.population import Population

if TYPE_CHECKING:
    from microdata.release import Release
    from microdata.roles import Roles


@dataclass(frozen=True, kw_only=True)
class StepContext:
    """
    What a step may know besides its own parameters.

    Parameters
    ----------
    roles : Roles
        The person and household columns among them.
    seed : int
        For steps that draw.
    key : bytes, optional
        Secret of keyed pseudonyms. It is never part of a recipe; where it is absent, a step makes
        a fresh one and forgets it.
    population : Population
        For steps that require what is told by it, such as k-map.
    """

    roles: Roles
    seed: int = 0
    key: bytes | None = field(default=None, repr=False)
    population: Population = field(default_factory=Population)


class Step(Protocol):
    """One change to a table: a frozen value whose fields are its parameters."""

    name: ClassVar[str]
    title: ClassVar[str]
    keeps_rule: ClassVar[bool]  # the same original value always becomes the same released value

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the step names."""
        ...

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Return the step as it stands in a recipe file."""
        ...

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Step:
        """Read the step from a recipe file."""
        ...

    def apply(self, release: Release, context: StepContext) -> Release:
        """Return the release after the step."""
        ...


def check_keys(data: Mapping[str, Any], allowed: set[str], *, step: str) -> None:
    """Refuse keys that a step does not have."""
    unknown = set(data) - allowed - {"step"}
    if unknown:
        raise PrivacyToolError.unknown_keys(unknown, where=f"The step {step!r}")


def column_names(value: object, *, step: str) -> tuple[str, ...]:
    """Read the list of columns of a step."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise PrivacyToolError(
            f"In the step {step!r} 'columns' must be a list of column names as text."
        )
    return tuple(value)


def require_published(release: Release, columns: tuple[str, ...], *, step: str) -> None:
    """Refuse columns that the table does not have or that an earlier step dropped."""
    for column in columns:
        if column in release.columns:
            continue
        if column not in release.source.domains:
            raise PrivacyToolError.unknown_column(column, where=f"The step {step!r}")
        raise PrivacyToolError(
            f"The step {step!r} names the column {column!r}, which an earlier step drops. "
            "Remove one of the two steps."
        )


def require_unchanged(release: Release, columns: tuple[str, ...], *, step: str) -> None:
    """Refuse columns that are not there or that an earlier step changed."""
    require_published(release, columns, step=step)
    for column in columns:
        if not release.columns[column].unchanged:
            raise PrivacyToolError(
                f"The column {column!r} is changed by an earlier step, so the step {step!r} cannot "
                "change it again. Change it in one step only."
            )


def named(columns: tuple[str, ...]) -> str:
    """Return column names for a sentence."""
    return ", ".join(repr(column) for column in columns)
