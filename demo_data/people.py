"""A made-up town: people with invented names, dates of birth, streets and postcodes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from demo_data.taxonomies import SEXES

if TYPE_CHECKING:
    from demo_data.sampling import Sampler

REFERENCE_DAY = date(2024, 1, 1)
POSTAL_DISTRICTS = ("010", "011", "012", "024", "031", "104")
AREAS_PER_DISTRICT = 10
TWIN_RATE = 0.012

_GIVEN_START = [
    "Al",
    "Be",
    "Ca",
    "Da",
    "El",
    "Fi",
    "Ga",
    "Ha",
    "Io",
    "Jo",
    "Ka",
    "Li",
    "Ma",
    "No",
    "Or",
    "Pe",
    "Ru",
    "Sa",
    "Te",
    "Vi",
    "Xe",
    "Yo",
]
_GIVEN_MIDDLE = ["li", "ra", "no", "mi", "de", "va", "lo", "ri", "sa", "tu", "zo", "ke"]
_GIVEN_END = {
    "F": ["na", "lia", "ra", "sha", "le", "wen"],
    "M": ["n", "rd", "mon", "ric", "s", "tho"],
}
_FAMILY_START = [
    "Bran",
    "Ost",
    "Kel",
    "Har",
    "Mor",
    "Lind",
    "Thal",
    "Wes",
    "Quen",
    "Rau",
    "Vol",
    "Zim",
    "Fen",
    "Gor",
    "Nes",
    "Pal",
    "Dro",
    "Ulm",
    "Tor",
    "Vex",
]
_FAMILY_MIDDLE = ["de", "o", "ing", "er", "a", "el", "in", "us"]
_FAMILY_END = [
    "mark",
    "wick",
    "strom",
    "hoff",
    "dale",
    "ner",
    "vik",
    "low",
    "grove",
    "sen",
    "bach",
    "ley",
]
_STREET_START = [
    "Maple",
    "Mill",
    "Canal",
    "Harbour",
    "Castle",
    "Garden",
    "Chapel",
    "Station",
    "Meadow",
    "Bridge",
]
_STREET_END = ["Street", "Lane", "Row", "Walk", "Rise"]

# first and last age, share of the town
_AGES = {
    (0, 9): 9.0,
    (10, 19): 9.5,
    (20, 29): 11.0,
    (30, 39): 13.0,
    (40, 49): 12.5,
    (50, 59): 15.5,
    (60, 69): 13.0,
    (70, 79): 9.5,
    (80, 89): 6.0,
    (90, 99): 1.0,
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """One inhabitant of the town."""

    name: str
    sex: str
    born: date
    street: str
    postcode: str

    @property
    def age(self) -> int:
        """Full years at the reference day."""
        birthday_to_come = (self.born.month, self.born.day) > (
            REFERENCE_DAY.month,
            REFERENCE_DAY.day,
        )
        return REFERENCE_DAY.year - self.born.year - birthday_to_come


def postcodes() -> tuple[str, ...]:
    """Return the postcodes of the town in ascending order, leading zeros kept."""
    codes: list[str] = []
    for place, district in enumerate(POSTAL_DISTRICTS):
        # some tens are dense and some hold one area, as real numbering does
        endings = [(7 * step + 3 * place) % 50 for step in range(AREAS_PER_DISTRICT)]
        codes += sorted(f"{district}{ending:02d}" for ending in endings)
    return tuple(codes)


def _name(sampler: Sampler, sex: str, family: str | None) -> str:
    given = (
        sampler.one_of(_GIVEN_START)
        + sampler.one_of(_GIVEN_MIDDLE)
        + sampler.one_of(_GIVEN_END[sex])
    )
    return f"{given} {family or _family_name(sampler)}"


def _family_name(sampler: Sampler) -> str:
    return (
        sampler.one_of(_FAMILY_START) + sampler.one_of(_FAMILY_MIDDLE) + sampler.one_of(_FAMILY_END)
    )


def _born(sampler: Sampler) -> date:
    youngest, oldest = sampler.pick(_AGES)
    days = sampler.between(round(youngest * 365.25) + 1, round((oldest + 1) * 365.25))
    return REFERENCE_DAY - timedelta(days=days)


def town(sampler: Sampler, size: int) -> list[Person]:
    """
    Return the people of the town.

    Areas differ in size by Zipf's law, women live longer, and a few people are twins who share
    date of birth and address: the pairs that even a full date of birth does not tell apart.
    """
    codes = postcodes()
    area_sizes = {code: 1 / (4 + place) for place, code in enumerate(sampler.subset(codes, 60))}
    people: list[Person] = []
    while len(people) < size:
        if people and sampler.chance(TWIN_RATE):
            twin = people[-1]
            sex = sampler.one_of(SEXES)
            name = _name(sampler, sex, twin.name.split()[1])
            people.append(
                Person(
                    name=name, sex=sex, born=twin.born, street=twin.street, postcode=twin.postcode
                )
            )
            continue
        born = _born(sampler)
        years = (REFERENCE_DAY - born).days / 365.25
        share_of_women = 0.49 if years < 60 else 0.52 + 0.005 * (years - 60)
        sex = "F" if sampler.chance(share_of_women) else "M"
        street = (
            f"{sampler.one_of(_STREET_START)} {sampler.one_of(_STREET_END)} "
            f"{sampler.between(1, 120)}"
        )
        people.append(
            Person(
                name=_name(sampler, sex, None),
                sex=sex,
                born=born,
                street=street,
                postcode=sampler.pick(area_sizes),
            )
        )
    return people
