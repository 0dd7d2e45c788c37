"""What each column looks like, and which role it seems to play, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from microdata.dataset import ColumnKind, Dataset
from microdata.errors import PrivacyToolError
from microdata.kinds import numeric_values
from microdata.patterns import evenly, find_pattern, mask
from microdata.roles import Role, Roles
from microdata.value_lists import category_hits, category_share, name_hits, name_share
from microdata.vocabulary import (
    HOUSEHOLD_WORDS,
    ORGANISATION_WORDS,
    PERSON_WORDS,
    WEIGHT_WORDS,
    Topic,
    holds_word,
    topics_of,
)

_NUMBERS = (ColumnKind.INTEGER, ColumnKind.DECIMAL)
MOST_ROWS_A_PERSON = 50
"""An identifier repeats for the visits of one person, not for thousands of rows."""
_NEARLY_UNIQUE = 0.9
_FEW_ROWS = 20
_FEW_VALUES = 150
_OLDEST_UNDER_HIPAA = 89


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """
    Figures of one column, none of its values.

    Parameters
    ----------
    name : str
    kind : ColumnKind
    distinct : int
        Distinct values, without missing.
    missing : int
        Rows without a value.
    missing_share, unique_share : float
        Shares of all rows: without a value; with a value that no other row has.
    masked_sample : str
        The shape of the most frequent value: letters as A or a, digits as 9.
    role : Role
        Suggested.
    reason : str
        Why, as a sentence.
    special_category : str, optional
        Of personal data under GDPR Art. 9 or 10, by name.
    hipaa_class : str, optional
        Letter A-R of the identifiers in 45 CFR 164.514(b)(2)(i), by name or pattern.
    """

    name: str
    kind: ColumnKind
    distinct: int
    missing: int
    missing_share: float
    unique_share: float
    masked_sample: str
    role: Role
    reason: str
    special_category: str | None = None
    hipaa_class: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the profile of a column for the command line."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "distinct": self.distinct,
            "missing": self.missing,
            "missing_share": self.missing_share,
            "unique_share": self.unique_share,
            "masked_sample": self.masked_sample,
            "suggested_role": self.role.value,
            "reason": self.reason,
            "special_category": self.special_category,
            "hipaa_class": self.hipaa_class,
        }


@dataclass(frozen=True, kw_only=True)
class Profile:
    """
    The profile of a table.

    Parameters
    ----------
    records : int
    columns : tuple of ColumnProfile
        In the order of the table.
    """

    records: int
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile:
        """Return the profile of a column by name; refuse one that is not there."""
        for column in self.columns:
            if column.name == name:
                return column
        raise PrivacyToolError.unknown_column(name, where="The request")

    def to_json(self) -> dict[str, Any]:
        """Return the profile for the command line; it holds no value."""
        return {
            "records": self.records,
            "columns": [column.to_json() for column in self.columns],
        }


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    """What the suggestion for one column rests on."""

    name: str
    kind: ColumnKind
    records: int
    distinct: int
    unique_share: float
    present: int
    texts: Any
    frequencies: NDArray[np.int64]
    decimal: str | None

    @property
    def rows_a_value(self) -> float:
        return self.present / self.distinct if self.distinct else 0.0

    @property
    def repeats(self) -> bool:
        return self.distinct < self.present

    @property
    def looks_like_identifier(self) -> bool:
        return self.rows_a_value <= MOST_ROWS_A_PERSON

    def highest(self) -> float:
        numbers = numeric_values(self.texts, self.decimal)
        return float(np.nanmax(numbers)) if (~np.isnan(numbers)).any() else 0.0


@dataclass(frozen=True, kw_only=True)
class _Suggestion:
    role: Role
    reason: str
    special_category: str | None = None
    hipaa_class: str | None = None


def profile(dataset: Dataset) -> Profile:
    """
    Describe each column and suggest its role.

    Suggestions are cautious: a column that could be known to others is a quasi-identifier unless
    something speaks against it. Value patterns count rows, not distinct values.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    Profile
    """
    taken: set[Role] = set()
    columns = []
    for column in dataset.columns:
        codes = dataset.codes(column.name)
        texts = pa.array(dataset.frame[column.name].cat.categories, pa.string())
        frequencies = np.bincount(codes[codes >= 0], minlength=len(texts)).astype(np.int64)
        present = int(frequencies.sum())
        evidence = _Evidence(
            name=column.name,
            kind=column.kind,
            records=dataset.records,
            distinct=int((frequencies > 0).sum()),
            unique_share=float((frequencies == 1).sum()) / max(dataset.records, 1),
            present=present,
            texts=texts,
            frequencies=frequencies,
            decimal=dataset.read.decimal,
        )
        suggestion = next(_suggestions(evidence, taken))
        if suggestion.role in {Role.PERSON, Role.HOUSEHOLD, Role.WEIGHT}:
            taken.add(suggestion.role)
        columns.append(
            ColumnProfile(
                name=column.name,
                kind=column.kind,
                distinct=evidence.distinct,
                missing=dataset.records - present,
                missing_share=(dataset.records - present) / max(dataset.records, 1),
                unique_share=evidence.unique_share,
                masked_sample=mask(texts[int(frequencies.argmax())].as_py()) if present else "",
                role=suggestion.role,
                reason=suggestion.reason,
                special_category=suggestion.special_category,
                hipaa_class=suggestion.hipaa_class,
            )
        )
    return Profile(records=dataset.records, columns=tuple(columns))


def suggested_roles(profile: Profile) -> Roles:
    """Return the suggestions of a profile as roles, every column listed."""
    return Roles(by_column={column.name: column.role for column in profile.columns})


def _suggestions(seen: _Evidence, taken: set[Role]) -> Iterator[_Suggestion]:
    """Yield suggestions, the best founded first; the last one always comes."""
    topics = topics_of(seen.name)
    special = next((t.special_category for t in topics if t.special_category), None)
    if seen.kind is ColumnKind.EMPTY:
        yield _Suggestion(role=Role.INSENSITIVE, reason="It holds no value in any row.")
    if seen.kind is ColumnKind.FREE_TEXT:
        yield _Suggestion(
            role=Role.DIRECT_IDENTIFIER,
            reason="It holds free text, which can name people and is not assessed.",
            special_category=special,
            hipaa_class="R",
        )
    if seen.kind not in (*_NUMBERS, ColumnKind.DATE):
        found = find_pattern(seen.texts, seen.frequencies)
        if found is not None:
            pattern, share = found
            yield _Suggestion(
                role=Role.DIRECT_IDENTIFIER,
                reason=f"{percent(share)} of the rows with a value hold {pattern.what}.",
                special_category=special,
                hipaa_class=pattern.hipaa_class,
            )
    yield from _from_technical_name(seen, taken)
    for topic in topics:
        yield from _from_topic(seen, topic)
    yield from _from_lists(seen)
    if seen.distinct == 1:
        yield _Suggestion(
            role=Role.INSENSITIVE,
            reason="All rows with a value hold the same one, so it tells nobody apart.",
        )
    yield from _from_values(seen)


def _from_technical_name(seen: _Evidence, taken: set[Role]) -> Iterator[_Suggestion]:
    if holds_word(seen.name, WEIGHT_WORDS) and seen.kind in _NUMBERS:
        if Role.WEIGHT not in taken:
            yield _Suggestion(
                role=Role.WEIGHT,
                reason="The name says it is a sampling weight, and all values are numbers.",
            )
        yield _Suggestion(
            role=Role.INSENSITIVE,
            reason="The name says it is a sampling weight; another column is taken as the weight.",
        )
    topic = next(iter(topics_of(seen.name)), None)
    # A medical record number may number people; "patient age" or "national id" does not.
    if (
        holds_word(seen.name, ORGANISATION_WORDS)
        or not seen.looks_like_identifier
        or seen.kind in {ColumnKind.DECIMAL, ColumnKind.DATE}
        or (topic is not None and topic.hipaa_class != "H")
    ):
        return
    if holds_word(seen.name, HOUSEHOLD_WORDS) and seen.repeats:
        if Role.HOUSEHOLD not in taken:
            yield _Suggestion(
                role=Role.HOUSEHOLD,
                reason="The name says it numbers households, and values repeat: "
                f"{seen.rows_a_value:.1f} rows a value.",
                hipaa_class="R",
            )
        yield _Suggestion(
            role=Role.DIRECT_IDENTIFIER,
            reason="The name says it numbers households; another column is taken for that.",
            hipaa_class="R",
        )
    if not holds_word(seen.name, PERSON_WORDS):
        return
    hipaa_class = "H" if topic is not None else "R"
    repeats = seen.repeats and seen.distinct > 1 and seen.unique_share < _NEARLY_UNIQUE
    if repeats and Role.PERSON not in taken:
        yield _Suggestion(
            role=Role.PERSON,
            reason="The name says it numbers people, and values repeat: "
            f"{seen.rows_a_value:.1f} rows a value, so one person can have several rows.",
            hipaa_class=hipaa_class,
        )
    yield _Suggestion(
        role=Role.DIRECT_IDENTIFIER,
        reason="The name says it numbers people, and "
        f"{percent(seen.unique_share)} of the rows have a value of their own.",
        hipaa_class=hipaa_class,
    )


def _from_topic(seen: _Evidence, topic: Topic) -> Iterator[_Suggestion]:
    role, hipaa_class = topic.role, topic.hipaa_class
    says = f"The name says it holds {topic.what}"
    if role is Role.DIRECT_IDENTIFIER:
        if holds_word(seen.name, ORGANISATION_WORDS) and hipaa_class == "A":
            return  # the name of something else than a person
        if not seen.looks_like_identifier:
            yield _Suggestion(
                role=Role.QUASI_IDENTIFIER,
                reason=f"{says}, but a value stands in {seen.rows_a_value:,.0f} rows on average; "
                "in doubt it helps to find people.",
                special_category=topic.special_category,
                hipaa_class=hipaa_class,
            )
        reason = f"{says}, which points to a person by itself."
    elif role is Role.SENSITIVE:
        reason = f"{says}, which people would not want others to learn."
    elif seen.distinct == 1:
        return
    else:
        reason = f"{says}, which others can know or find out."
        if topic.what == "an age" and seen.kind in _NUMBERS:
            hipaa_class = "C" if seen.highest() > _OLDEST_UNDER_HIPAA else None
    yield _Suggestion(
        role=role,
        reason=reason,
        special_category=topic.special_category,
        hipaa_class=hipaa_class,
    )


def _from_lists(seen: _Evidence) -> Iterator[_Suggestion]:
    if seen.kind is not ColumnKind.TEXT:
        return
    chosen = evenly(len(seen.texts))
    texts, frequencies = seen.texts.take(pa.array(chosen)).to_pylist(), seen.frequencies[chosen]
    named = name_share(name_hits(texts), frequencies)
    if named is not None:
        yield _Suggestion(
            role=Role.DIRECT_IDENTIFIER,
            reason=f"{percent(named)} of the rows with a value hold a common name of people.",
            hipaa_class="A",
        )
    special = category_share(category_hits(texts), frequencies)
    if special is not None:
        topic, share = special
        known_to_others = topic.special_category == "ethnic origin"
        yield _Suggestion(
            role=Role.QUASI_IDENTIFIER if known_to_others else Role.SENSITIVE,
            reason=f"{percent(share)} of the rows with a value hold {topic.what}.",
            special_category=topic.special_category,
        )


def _from_values(seen: _Evidence) -> Iterator[_Suggestion]:
    own = f"{percent(seen.unique_share)} of the rows have a value of their own"
    if seen.kind is ColumnKind.DATE:
        yield _Suggestion(
            role=Role.QUASI_IDENTIFIER,
            reason="It holds dates, and others can know when something happened to a person.",
            hipaa_class="C",
        )
    every = seen.kind is ColumnKind.INTEGER and seen.unique_share == 1
    if seen.records >= _FEW_ROWS and (
        every or (seen.kind not in _NUMBERS and seen.unique_share >= _NEARLY_UNIQUE)
    ):
        yield _Suggestion(
            role=Role.DIRECT_IDENTIFIER,
            reason=f"{own}, as in a number or name that stands for one person.",
            hipaa_class="R",
        )
    if seen.kind in _NUMBERS and seen.distinct > _FEW_VALUES:
        yield _Suggestion(
            role=Role.INSENSITIVE,
            reason=f"It holds {seen.distinct:,} different numbers and its name does not say that "
            "others could know them; mark it as a quasi-identifier if they can.",
        )
    yield _Suggestion(
        role=Role.QUASI_IDENTIFIER,
        reason=f"It sorts people into {seen.distinct:,} values and nothing says that others cannot "
        "know them; in doubt it helps to find people.",
    )


def percent(share: float) -> str:
    """Return a share for a sentence: "5.0 %"."""
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.999 < share < 1:
        return ">99.9 %"
    return f"{100 * share:.1f} %"
