"""Simulated attacks by name: who attacks, and what this attacker knows."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from microdata.errors import PrivacyToolError
from risk.attacks.linkage import LinkageAttack
from risk.scenario import MOST_LETTERS, NOT_KNOWN, Scenario

if TYPE_CHECKING:
    from microdata.measure import Context, NotComputed
    from microdata.roles import Roles
    from risk.attacks.result import AttackResult

MOST_PLANS = 8
UNWRITABLE = ("Cc", "Cs")
"""Kinds of characters in no name: control characters, and halves that are no character."""


@dataclass(frozen=True, kw_only=True)
class AttackPlan:
    """
    An attacker by name, and the attack that this one carries out.

    Parameters
    ----------
    name : str
        Such as "Neighbour"; different from every other plan's.
    attack : LinkageAttack
        Any column that describes a person may be known to it, whatever its role. Its seed is the
        context's when it is carried out.
    """

    name: str
    attack: LinkageAttack = field(default_factory=LinkageAttack)

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > MOST_LETTERS:
            raise PrivacyToolError(
                f"An attack needs a name of 1 to {MOST_LETTERS} letters, such as 'Neighbour'."
            )
        if any(unicodedata.category(letter) in UNWRITABLE for letter in self.name):
            raise PrivacyToolError(
                "The name of an attack holds characters that no document can show. Use letters, "
                "numbers and signs."
            )
        if len(set(self.attack.known)) < len(self.attack.known):
            raise PrivacyToolError(
                f"The attack {self.name!r} names a known column twice. Name each once."
            )

    def roles(self, roles: Roles) -> Roles:
        """Return the roles as this attacker meets the table; all quasi-identifiers if none named.

        Raises
        ------
        PrivacyToolError
            A known column that is a direct identifier, or by which people are counted.
        """
        if not self.attack.known:
            return roles
        for name in self.attack.known:
            role = roles.role_of(name)
            if role in NOT_KNOWN:
                raise PrivacyToolError(
                    f"The attack {self.name!r} names the column {name!r}, which is a "
                    f"{role.value}. Choose columns that describe a person."
                )
        return Scenario(name=self.name, known=self.attack.known).roles(roles)

    def fits(self, roles: Roles) -> bool:
        """Whether this attacker can know these columns in these roles."""
        known = self.attack.known
        return not known or Scenario(name=self.name, known=known).fits(roles)

    def run(self, context: Context) -> AttackResult | NotComputed:
        """
        Carry out the attack against a release, or return why that is not possible.

        Raises
        ------
        PrivacyToolError
            An error of a column that this attacker does not know.
        """
        known, errors = self.attack.known, self.attack.errors
        for name in errors if known and isinstance(errors, Mapping) else ():
            if name not in known:
                raise PrivacyToolError(
                    f"The attack {self.name!r} has an error for the column {name!r}, which is "
                    "none of those that it knows. Add it to them, or take the error out."
                )
        attack = replace(self.attack, seed=context.seed)
        return attack.run(replace(context, roles=self.roles(context.roles)))

    @property
    def digest(self) -> str:
        """A digest of the plan, its register included."""
        parts: list[object] = [self.to_json()]
        if self.attack.register is not None:
            register = self.attack.register
            parts += [register.table.digest, dict(register.columns)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the plan as an object; a register is not part of it."""
        return {"name": self.name, **self.attack.to_json()}

    @classmethod
    def from_json(cls, data: object) -> AttackPlan:
        """
        Read what `to_json` wrote.

        Raises
        ------
        PrivacyToolError
            Not such an object.
        """
        if not isinstance(data, dict) or not isinstance(data.get("name"), str):
            raise PrivacyToolError("An attack must be an object with text under 'name'.")
        settings = {key: value for key, value in data.items() if key != "name"}
        return cls(name=data["name"], attack=LinkageAttack.from_json(settings))


def read_plans(data: object) -> tuple[AttackPlan, ...]:
    """
    Read plans from a list of objects.

    Raises
    ------
    PrivacyToolError
        Not a list of such objects, a name twice, or too many.
    """
    if not isinstance(data, list):
        raise PrivacyToolError("Attacks must be a list of objects, each with a 'name'.")
    return check_plans(tuple(map(AttackPlan.from_json, data)))


def check_plans(plans: Sequence[AttackPlan]) -> tuple[AttackPlan, ...]:
    """Return the plans; refuse two of the same name, and more than a report can hold."""
    if len(plans) > MOST_PLANS:
        raise PrivacyToolError(f"At most {MOST_PLANS} attacks are carried out. Leave some out.")
    names = [plan.name for plan in plans]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PrivacyToolError(f"Two attacks are called {twice!r}. Give each its own name.")
    return tuple(plans)
