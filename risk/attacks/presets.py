"""Attackers to start from: who they are, what they plausibly know, and how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from microdata.dataset import ColumnKind
from microdata.vocabulary import topics_of
from risk.attacks.linkage import LinkageAttack
from risk.attacks.plan import AttackPlan

if TYPE_CHECKING:
    from microdata.roles import Roles

BIRTH, AGE, SEX = "a date of birth", "an age", "the sex or gender"
POSTCODE, PLACE = "a postcode", "the place where somebody lives or comes from"
REGION, ORIGIN = "a country, state or region", "race or ethnic origin"
FAMILY, LANGUAGE = "the family situation", "a language"
EDUCATION, WORK = "the education", "the work"
BODY = "a visible feature of the body"
EVENT = "a date on which something happened to the person"

CONVENTION = (
    "How often an attacker errs is a convention of Privascope, no measurement. Change it to what "
    "you think is true."
)
NOTHING_FITS = (
    "No quasi-identifier is recognised as something that this attacker would know, so every one "
    "is taken as known. Choose the columns yourself."
)
TAKEN_AS_KNOWN = (
    "Whether a person is in the table is taken as known, which is the worst case: without a table "
    "of the population nobody else could be looked for."
)
FEW_KNOWN = 2
"""Up to so many columns, every combination is tried as well."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """An attack to start from, and what its user must know about how it was chosen."""

    plan: AttackPlan
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AttackerPreset:
    """
    A kind of attacker.

    Parameters
    ----------
    id, title : str
    story : str
        Who this is and what they want, in a sentence or two.
    concepts : tuple of str
        What they plausibly know, as topics of `microdata.vocabulary`; everything if empty.
    errors, missing : float
        How much of what they know is drawn anew from what is common, and how much they do not
        know: conventions of the product.
    membership : {"certain", "unknown"}
        Whether they know who is in the table.
    """

    id: str
    title: str
    story: str
    concepts: tuple[str, ...] = ()
    errors: float = 0.0
    missing: float = 0.0
    membership: Literal["certain", "unknown"] = "certain"

    def knows(self, roles: Roles, kinds: Mapping[str, ColumnKind]) -> tuple[str, ...]:
        """
        Return the quasi-identifiers that this attacker plausibly knows.

        Columns are told by their names, and dates by their kind. No other role is chosen: what
        could be known at all is what the user marked as quasi-identifiers.
        """
        quasi = roles.quasi_identifiers
        if not self.concepts:
            return quasi
        return tuple(name for name in quasi if concept_of(name, kinds.get(name)) in self.concepts)

    def proposal(
        self, roles: Roles, kinds: Mapping[str, ColumnKind], *, population: bool = False
    ) -> Proposal:
        """
        Return the attack of this attacker on a table.

        Parameters
        ----------
        roles : Roles
        kinds : mapping of str to ColumnKind
            Of the columns.
        population : bool
            Whether there is a table of the population, without which membership is certain.
        """
        known = self.knows(roles, kinds)
        notes = () if known else (NOTHING_FITS,)
        unsure = self.membership == "unknown"
        if unsure and not population:
            notes = (*notes, TAKEN_AS_KNOWN)
        every = len(known) == len(roles.quasi_identifiers)
        attack = LinkageAttack(
            # Not named where it is all of them, so that a change of roles is followed.
            known=() if every else known,
            errors=self.errors,
            missing=self.missing,
            membership="unknown" if unsure and population else "certain",
            max_known=FEW_KNOWN,
        )
        return Proposal(plan=AttackPlan(name=self.title, attack=attack), notes=notes)


def concept_of(name: str, kind: ColumnKind | None = None) -> str | None:
    """
    Return what a column is about by its name, or None; a date of another name is an event.

    Examples
    --------
    >>> concept_of("marital-status"), concept_of("Geburtsjahr"), concept_of("x7")
    ('the family situation', 'a date of birth', None)
    """
    topic = next(iter(topics_of(name)), None)
    if topic is not None:
        return topic.what
    return EVENT if kind is ColumnKind.DATE else None


PRESETS: Sequence[AttackerPreset] = (
    AttackerPreset(
        id="neighbour",
        title="Neighbour",
        story=(
            "Lives next door and sees who comes and goes. Knows that the person is in the table, "
            "and wants to know what is in their record."
        ),
        concepts=(AGE, BIRTH, SEX, POSTCODE, PLACE, FAMILY, ORIGIN, LANGUAGE, BODY),
        errors=0.05,
    ),
    AttackerPreset(
        id="journalist",
        title="Journalist",
        story=(
            "Has read about one person and looks for that person's record, to show that the table "
            "is not anonymous. Does not know who is in it."
        ),
        concepts=(AGE, BIRTH, SEX, POSTCODE, PLACE, REGION, WORK, EVENT),
        errors=0.05,
        missing=0.1,
        membership="unknown",
    ),
    AttackerPreset(
        id="employer",
        title="Employer",
        story=(
            "Has the personnel file, which is right. Wants to know what a member of the staff did "
            "not tell."
        ),
        concepts=(AGE, BIRTH, SEX, POSTCODE, PLACE, REGION, FAMILY, EDUCATION, WORK),
    ),
    AttackerPreset(
        id="broker",
        title="Data broker",
        story=(
            "Has bought something about everybody from many sources, some of it old or wrong, and "
            "links whole tables to sell what they add."
        ),
        errors=0.1,
        missing=0.2,
    ),
)
