"""Which question of ours stands at which place of the CNIL software's object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reports.questionnaire import BY_KEY


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    One text of theirs.

    Parameters
    ----------
    keys : tuple of str
        Our questions whose answers stand there, each under its name.
    home : str
        The question that a text without our headings answers; "" where there is none.
    """

    keys: tuple[str, ...] = ()
    home: str = ""


def _place(*keys: str, home: str = "") -> Place:
    return Place(keys=keys, home=home)


_RIGHTS = _place("rights", home="rights")
PLACES: Mapping[int, Place] = MappingProxyType(
    {
        111: _place("audience", "recipients", "unit", "coverage", "vulnerable", "origin", "period"),
        112: _place("organisation", home="organisation"),
        113: _place(),
        121: _place(),
        122: _place(),
        123: _place(),
        211: _place("purpose", home="purpose"),
        212: _place("legal_basis", "legal_reason", "grounds", home="legal_reason"),
        213: _place("needed", "alternatives", "proportionate", home="proportionate"),
        214: _place(),
        215: _place("storage", home="storage"),
        221: _RIGHTS,
        222: _RIGHTS,
        223: _RIGHTS,
        224: _RIGHTS,
        225: _RIGHTS,
        226: _place("processors", home="processors"),
        227: _place("transfers", "transfers_how", home="transfers_how"),
    }
)
"""By their number; one answer of ours, on rights, stands at five of theirs."""
IMPACTS, THREATS, SOURCES, MEASURES, SEVERITY, LIKELIHOOD = range(1, 7)
"""What the last digit of a place among the risks is about."""
ACCESS, CHANGE, LOSS = 320, 330, 340
EVENTS: Mapping[str, int] = MappingProxyType({"change": CHANGE, "loss": LOSS})
"""The two events that are asked and never computed, by our key."""
EVALUATIONS: Mapping[int, str] = MappingProxyType({ACCESS: "3.2", CHANGE: "3.3", LOSS: "3.4"})
COMPUTED = "From the assessment"
"""The heading over what follows from the table; it is written anew, never read back."""
STEP = "Step of the recipe"
SAME_NAME: Mapping[str, str] = MappingProxyType(
    {"author": "author_name", "evaluator": "evaluator_name", "validator": "validator_name"}
)
IMPORTED = "(IMPORT) "
"""What their program puts before the name of what it reads."""
OPINIONS: Mapping[str, int] = MappingProxyType({"should_not": 0, "could": 1})


def field_names(key: str) -> Mapping[str, str]:
    """Return the names of the parts of an answer by their key."""
    return MappingProxyType({part.key: part.name for part in BY_KEY[key].fields})
