"""Scenarios: an attacker by name, and the columns that this attacker knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from microdata.errors import PrivacyToolError
from microdata.measure import Estimate
from microdata.roles import Role, Roles

if TYPE_CHECKING:
    from microdata.measure import Figure, Path

Attacker = Literal["prosecutor", "journalist"]
ATTACKERS: tuple[Attacker, ...] = get_args(Attacker)
MOST_SCENARIOS = 20
MOST_LETTERS = 80
_KEYS = {"name", "attacker", "known"}
NOT_KNOWN = frozenset({Role.DIRECT_IDENTIFIER, Role.PERSON, Role.HOUSEHOLD, Role.WEIGHT})
"""Roles of columns that no attacker of a scenario knows: names, and what people are counted by."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """
    An attacker with a set of quasi-identifiers of its own.

    Parameters
    ----------
    name : str
        Such as "Neighbour" or "Employer"; different from every other scenario's.
    attacker : {"prosecutor", "journalist"}
        Whether the attacker knows that the person is in the table.
    known : tuple of str
        The columns that the attacker knows. A column of any role but a direct identifier may be
        known: an acquaintance may know a sensitive value.
    """

    name: str
    attacker: Attacker = "prosecutor"
    known: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > MOST_LETTERS:
            raise PrivacyToolError(
                f"A scenario needs a name of 1 to {MOST_LETTERS} letters, such as 'Neighbour'."
            )
        if self.attacker not in ATTACKERS:
            raise PrivacyToolError(
                f"The attacker of the scenario {self.name!r} must be one of: "
                f"{', '.join(ATTACKERS)}."
            )
        if not self.known or len(set(self.known)) != len(self.known):
            raise PrivacyToolError(
                f"The scenario {self.name!r} needs at least one known column, each once."
            )

    def fits(self, roles: Roles) -> bool:
        """Whether this attacker can know these columns in these roles."""
        return not any(roles.role_of(name) in NOT_KNOWN for name in self.known)

    def roles(self, roles: Roles) -> Roles:
        """
        Return the roles as this attacker meets the table: only what is known identifies.

        Raises
        ------
        PrivacyToolError
            A known column that is a direct identifier, or by which people are counted.
        """
        by_column = dict(roles.by_column)
        for name in self.known:
            role = by_column.get(name, Role.INSENSITIVE)
            if role in NOT_KNOWN:
                raise PrivacyToolError(
                    f"The scenario {self.name!r} names the column {name!r}, which is a "
                    f"{role.value}. Choose columns that describe a person."
                )
        for name, role in by_column.items():
            if role is Role.QUASI_IDENTIFIER:
                by_column[name] = Role.INSENSITIVE
        return Roles(by_column=by_column | dict.fromkeys(self.known, Role.QUASI_IDENTIFIER))

    def judged(self, figures: dict[Path, Figure]) -> dict[Path, Figure]:
        """
        Return the figures with the class size that counts for this attacker.

        For a journalist a class is as large as it is in the population (k-map); where that is
        not computed, the class in the table is what is known.
        """
        in_population = figures.get(("models", "k-map"))
        if self.attacker == "prosecutor" or not isinstance(in_population, Estimate):
            return figures
        return figures | {("models", "k-anonymity"): in_population}

    def to_json(self) -> dict[str, Any]:
        """Return the scenario as an object."""
        return {"name": self.name, "attacker": self.attacker, "known": list(self.known)}


def read_scenarios(data: object) -> tuple[Scenario, ...]:
    """
    Read scenarios from a list of objects, such as `Scenario.to_json` gives.

    Raises
    ------
    PrivacyToolError
        Not a list of such objects, unknown keys, a name twice, or too many.
    """
    if not isinstance(data, list):
        raise PrivacyToolError(
            "Scenarios must be a list of objects with the keys 'name', 'attacker' and 'known'."
        )
    if len(data) > MOST_SCENARIOS:
        raise PrivacyToolError(f"At most {MOST_SCENARIOS} scenarios are judged. Leave some out.")
    scenarios = tuple(map(_scenario, data))
    check_names(scenarios)
    return scenarios


def check_names(scenarios: Sequence[Scenario]) -> None:
    """Refuse two scenarios of the same name."""
    names = [scenario.name for scenario in scenarios]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PrivacyToolError(f"Two scenarios are called {twice!r}. Give each its own name.")


def _scenario(data: object) -> Scenario:
    if not isinstance(data, dict):
        raise PrivacyToolError("A scenario must be an object with 'name' and 'known'.")
    unknown = {str(key) for key in data} - _KEYS
    if unknown:
        raise PrivacyToolError.unknown_keys(unknown, where="A scenario")
    name, known = data.get("name"), data.get("known")
    attacker = data.get("attacker", "prosecutor")
    if not isinstance(name, str):
        raise PrivacyToolError("A scenario needs text under 'name'.")
    if not isinstance(known, list) or not all(isinstance(column, str) for column in known):
        raise PrivacyToolError(f"The scenario {name!r} needs a list of columns under 'known'.")
    return Scenario(name=name, attacker=attacker, known=tuple(known))
