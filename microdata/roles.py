"""What each column is to an attacker: identifier, quasi-identifier, sensitive, or none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from microdata.errors import PrivacyToolError


class Role(StrEnum):
    """The part that a column plays in re-identification."""

    DIRECT_IDENTIFIER = "direct identifier"
    QUASI_IDENTIFIER = "quasi-identifier"
    SENSITIVE = "sensitive"
    INSENSITIVE = "insensitive"
    PERSON = "person"
    HOUSEHOLD = "household"
    WEIGHT = "sample weight"


_SINGLE = (Role.PERSON, Role.HOUSEHOLD, Role.WEIGHT)
_LIST_KEYS = {
    "quasi_identifiers": Role.QUASI_IDENTIFIER,
    "sensitive": Role.SENSITIVE,
    "direct_identifiers": Role.DIRECT_IDENTIFIER,
    "insensitive": Role.INSENSITIVE,
}
_SINGLE_KEYS = {"person": Role.PERSON, "household": Role.HOUSEHOLD, "weight": Role.WEIGHT}


@dataclass(frozen=True, kw_only=True)
class Roles:
    """
    The role of every column that was given one; a column not listed is insensitive.

    Parameters
    ----------
    by_column : mapping of str to Role
        One role a column; person, household and sample weight may be given to one column each.
    """

    by_column: Mapping[str, Role]

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_column", MappingProxyType(dict(self.by_column)))
        for role in _SINGLE:
            holders = self.columns_with(role)
            if len(holders) > 1:
                raise PrivacyToolError(
                    f"Only one column can be the {role.value} column; these are: "
                    f"{', '.join(map(repr, holders))}. Keep one."
                )

    def columns_with(self, role: Role) -> tuple[str, ...]:
        """Return the columns of a role, in the order in which they were given."""
        return tuple(name for name, given in self.by_column.items() if given is role)

    @cached_property
    def quasi_identifiers(self) -> tuple[str, ...]:
        """The columns that an attacker may know."""
        return self.columns_with(Role.QUASI_IDENTIFIER)

    @cached_property
    def sensitive(self) -> tuple[str, ...]:
        """The columns that an attacker wants to learn."""
        return self.columns_with(Role.SENSITIVE)

    @cached_property
    def direct_identifiers(self) -> tuple[str, ...]:
        """The columns that name a person by themselves."""
        return self.columns_with(Role.DIRECT_IDENTIFIER)

    def _single(self, role: Role) -> str | None:
        return next(iter(self.columns_with(role)), None)

    @cached_property
    def person(self) -> str | None:
        """The column that says which rows are one person, if any."""
        return self._single(Role.PERSON)

    @cached_property
    def household(self) -> str | None:
        """The column that says which people live together, if any."""
        return self._single(Role.HOUSEHOLD)

    @cached_property
    def weight(self) -> str | None:
        """The column of sampling weights, if any."""
        return self._single(Role.WEIGHT)

    def role_of(self, column: str) -> Role:
        """Return the role of a column; insensitive where none was given."""
        return self.by_column.get(column, Role.INSENSITIVE)

    def require_quasi_identifiers(self) -> tuple[str, ...]:
        """Return the quasi-identifiers, or refuse where there are none."""
        if not self.quasi_identifiers:
            raise PrivacyToolError(
                "No column is marked as a quasi-identifier, so there is no risk to measure. "
                "Mark the columns that an attacker could know."
            )
        return self.quasi_identifiers

    def check_columns(self, columns: Iterable[str]) -> None:
        """Refuse a role for a column that the table does not have."""
        have = set(columns)
        for name in self.by_column:
            if name not in have:
                raise PrivacyToolError.unknown_column(name, where="The roles file")

    def to_json(self) -> dict[str, object]:
        """Return the ROLES object of the command line."""
        lists: dict[str, object] = {
            key: list(self.columns_with(role)) for key, role in _LIST_KEYS.items()
        }
        return lists | {key: self._single(role) for key, role in _SINGLE_KEYS.items()}

    @classmethod
    def from_json(cls, data: object) -> Roles:
        """
        Read the ROLES object of the command line.

        Raises
        ------
        PrivacyToolError
            Unknown keys, wrong types, or a column with two roles.
        """
        if not isinstance(data, dict):
            raise PrivacyToolError("The roles file must hold one JSON object.")
        unknown = set(data) - set(_LIST_KEYS) - set(_SINGLE_KEYS)
        if unknown:
            raise PrivacyToolError.unknown_keys(unknown, where="The roles file")
        by_column: dict[str, Role] = {}

        def give(column: object, role: Role, key: str) -> None:
            if not isinstance(column, str):
                raise PrivacyToolError(f"In the roles file {key!r} must hold column names as text.")
            if column in by_column:
                raise PrivacyToolError(
                    f"The roles file gives the column {column!r} two roles. Keep one."
                )
            by_column[column] = role

        for key, role in _LIST_KEYS.items():
            names = data.get(key, [])
            if not isinstance(names, list):
                raise PrivacyToolError(f"In the roles file {key!r} must be a list of column names.")
            for name in names:
                give(name, role, key)
        for key, role in _SINGLE_KEYS.items():
            if data.get(key) is not None:
                give(data[key], role, key)
        return cls(by_column=by_column)
