"""The simulated linkage attack: what is known about people is matched with what was published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from microdata.errors import PrivacyToolError
from microdata.measure import Context, NotComputed
from risk.attacks.errors import ErrorModel, check_rate, error_from_json, error_to_json
from risk.attacks.result import ATTACKERS, AttackResult
from risk.attacks.run import Run, without_rule
from risk.models.base import NOTHING_RELEASED

if TYPE_CHECKING:
    from risk.attacks.register import Register


MOST_REPEATS = 1_000
"""How often errors are drawn at most; the interval is narrow long before."""


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _names(values: object) -> bool:
    return isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)


def _errors(value: object) -> bool:
    return _names(list(value)) if isinstance(value, Mapping) else _number(value)


_TYPES: Mapping[str, tuple[str, str, Callable[[object], bool]]] = {
    "known": ("known", "a list of columns", _names),
    "errors": ("errors", "a rate, or an error for each column,", _errors),
    "missing": ("missing", "a number", _number),
    "attacker": ("knows_rule", "'rule-aware' or 'value-only'", ATTACKERS.__contains__),
    "membership": ("membership", "'certain' or 'unknown'", ("certain", "unknown").__contains__),
    "targets": ("n_targets", "a whole number or null", lambda v: v is None or _whole(v)),
    "repeats": ("n_repeats", "a whole number", _whole),
    "seed": ("seed", "a whole number", _whole),
    "max_known": ("max_known", "a whole number", _whole),
    "nearest": ("nearest", "true or false", lambda value: isinstance(value, bool)),
}
"""The field of each key of the settings, what it must hold, and whether a value is that."""


@dataclass(frozen=True, kw_only=True)
class LinkageAttack:
    """
    An attacker who knows some columns of people, and looks for their records.

    For each target the released records that fit what is known are its candidates. The attacker
    guesses among them; the guess is integrated out, so a target with c candidates, its own record
    among them, is found with probability 1 / c.

    Parameters
    ----------
    known : tuple of str
        The quasi-identifiers that the attacker knows; all of them if empty.
    errors : mapping of str to ErrorModel, or float
        How what is known of each column goes wrong, or one rate of values drawn anew for all.
    missing : float
        The share of values that the attacker does not know; they fit everything.
    knows_rule : bool
        Whether the attacker recodes what is known as the release was, and matches by equality;
        otherwise a value fits every label it is below, and ``*``.
    membership : {"certain", "unknown"}
        Whether the people looked for are all in the release, or anyone of the population's table.
    register : Register, optional
        A file that the attacker has; the people in it are then those who are looked for.
    n_targets : int, optional
        How many people are looked for, drawn at random; all if None.
    n_repeats : int
        How often errors are drawn, where there are any.
    seed : int
    max_known : int
        Sets of up to so many of the known columns are tried as well.
    nearest : bool
        Whether someone whom nobody fits is matched with the people who are nearest to what is
        known; otherwise nobody is claimed.

    Notes
    -----
    Without errors, rule-aware and for all released people, the success of the first guess is J / n.
    A cell that is missing in the original is a value of its own, as it is for the size of groups,
    unless the context's rule for missing values says that it fits everything.

    Where all people are looked for and nothing is drawn, the figures are exact. For a sample of
    people there is Wilson's interval; where errors or gaps are drawn, percentiles over repeats and
    people. In a register without identities claims are counted and none is checked.

    References
    ----------
    Domingo-Ferrer, Torra (2003), Disclosure risk assessment in statistical microdata protection
    via advanced record linkage, Statistics and Computing 13(4).
    """

    known: tuple[str, ...] = ()
    errors: Mapping[str, ErrorModel] | float = field(default_factory=lambda: MappingProxyType({}))
    missing: float = 0.0
    knows_rule: bool = True
    membership: Literal["certain", "unknown"] = "certain"
    register: Register | None = None
    n_targets: int | None = None
    n_repeats: int = 5
    seed: int = 0
    max_known: int = 0
    nearest: bool = False

    def __post_init__(self) -> None:
        check_rate(self.missing, "The rate of missing values")
        if not isinstance(self.errors, Mapping):
            check_rate(self.errors, "The rate of errors")
        if self.n_targets is not None and self.n_targets < 1:
            raise PrivacyToolError("An attack looks for 1 person or more. Give more targets.")
        if self.n_repeats < 1:
            raise PrivacyToolError("An attack is carried out once or more. Give more repeats.")
        if self.n_repeats > MOST_REPEATS:
            raise PrivacyToolError(
                f"An attack is carried out at most {MOST_REPEATS:,} times. Give fewer repeats."
            )
        if self.max_known < 0:
            raise PrivacyToolError("An attacker knows 0 columns or more. Give a larger number.")
        if self.seed < 0:
            raise PrivacyToolError("A seed is a whole number of 0 or more. Give another.")

    def to_json(self) -> dict[str, Any]:
        """Return the settings as an object; a register is no part of them."""
        errors = self.errors
        return {
            "known": list(self.known),
            "errors": {name: error_to_json(model) for name, model in errors.items()}
            if isinstance(errors, Mapping)
            else errors,
            "missing": self.missing,
            "attacker": "rule-aware" if self.knows_rule else "value-only",
            "membership": self.membership,
            "targets": self.n_targets,
            "repeats": self.n_repeats,
            "seed": self.seed,
            "max_known": self.max_known,
            "nearest": self.nearest,
        }

    @classmethod
    def from_json(cls, data: object) -> LinkageAttack:
        """
        Read what `to_json` wrote; a key that is not there leaves the usual setting.

        Raises
        ------
        PrivacyToolError
            Not an object, unknown keys, another type, or a number out of range.
        """
        if not isinstance(data, Mapping):
            raise PrivacyToolError("An attack must be an object with keys such as 'known'.")
        unknown = {str(key) for key in data} - set(_TYPES)
        if unknown:
            raise PrivacyToolError.unknown_keys(unknown, where="An attack")
        fields: dict[str, Any] = {}
        for key, value in data.items():
            field, what, holds = _TYPES[key]
            if not holds(value):
                raise PrivacyToolError(f"An attack needs {what} under {key!r}. Check it.")
            fields[field] = value
        if "known" in fields:
            fields["known"] = tuple(fields["known"])
        if "knows_rule" in fields:
            fields["knows_rule"] = fields["knows_rule"] == "rule-aware"
        if isinstance(fields.get("errors"), Mapping):
            models = {name: error_from_json(name, of) for name, of in fields["errors"].items()}
            fields["errors"] = MappingProxyType(models)
        return cls(**fields)

    def run(self, context: Context) -> AttackResult | NotComputed:
        """Carry out the attack against a release, or return why that is not possible."""
        refused = self._needs(context)
        if refused is not None:
            return refused
        return Run.of(self, context).result()

    def columns(self, context: Context) -> tuple[str, ...]:
        """Return the known columns that the release publishes, in the roles' order."""
        quasi = context.roles.quasi_identifiers
        named = {*self.known, *(self.errors if isinstance(self.errors, Mapping) else ())}
        for name in named:
            if name not in quasi:
                raise PrivacyToolError(
                    f"The column {name!r} is not a quasi-identifier, so an attack cannot use it. "
                    "What an attacker may know is a quasi-identifier: give it that role."
                )
        asked = self.known or quasi
        if self.register is not None:
            asked = tuple(name for name in asked if name in self.register.columns.values())
        return tuple(name for name in quasi if name in asked and name in context.release.columns)

    def _needs(self, context: Context) -> NotComputed | None:
        release = context.release
        columns = self.columns(context)
        if not release.released_records:
            return NOTHING_RELEASED
        if release.origin is not None:
            return NotComputed(
                reason="Which record of a release made elsewhere belongs to whom is not known, so "
                "no match can be checked. Attack a release that a recipe makes."
            )
        if self.register is not None:
            return self.register.needs(context, columns)
        if self.membership == "unknown":
            if context.population.table is None:
                return NotComputed(
                    reason="Who could be looked for without being in the release is not known. "
                    "Give a population table, or let membership be certain."
                )
            if not columns or without_rule(context, columns):
                return NotComputed(
                    reason="What the release would show of people who may not be in it needs a "
                    "known column, and a rule from value to label in every one. Let membership be "
                    "certain."
                )
        return None
