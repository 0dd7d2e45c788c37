"""Which labels of a column look like dates, postcodes, names, numbers or special categories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from microdata import safe_harbor
from microdata.patterns import Pattern, evenly, pattern_hits
from microdata.value_lists import ValueTopic, category_hits, name_hits
from microdata.vocabulary import (
    HOUSEHOLD_WORDS,
    ORGANISATION_WORDS,
    PERSON_WORDS,
    Topic,
    holds_word,
    topics_of,
)


@dataclass(frozen=True, eq=False)
class LabelShapes:
    """
    A column's name and labels, and which labels have which shape.

    Labels stay when a slider moves and only the rows that hold them change, so this is kept with
    the table, and forgotten with it.

    Parameters
    ----------
    name : str
    texts : pyarrow.StringArray
        The labels.
    """

    name: str
    texts: Any

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """What the name says, the topic that counts first."""
        return topics_of(self.name)

    @cached_property
    def of_organisation(self) -> bool:
        """Whether the name speaks of an organisation or a thing."""
        return holds_word(self.name, ORGANISATION_WORDS)

    @cached_property
    def numbers_people(self) -> bool:
        """Whether the name says that people or households are numbered."""
        return holds_word(self.name, f"{PERSON_WORDS}|{HOUSEHOLD_WORDS}")

    @cached_property
    def chosen(self) -> NDArray[np.int64]:
        """Which labels were compared with patterns and lists: all, or evenly spaced ones."""
        return evenly(len(self.texts))

    @cached_property
    def plain(self) -> list[str]:
        """The labels that were chosen."""
        texts: list[str] = self.texts.take(pa.array(self.chosen)).to_pylist()
        return texts

    @cached_property
    def patterns(self) -> tuple[tuple[Pattern, NDArray[np.bool_]], ...]:
        """The patterns that any chosen label has, with the labels."""
        return pattern_hits(pa.array(self.plain, pa.string()))

    @cached_property
    def names(self) -> NDArray[np.bool_]:
        """Which chosen labels hold a common name."""
        return name_hits(self.plain)

    @cached_property
    def categories(self) -> tuple[tuple[ValueTopic, NDArray[np.bool_]], ...]:
        """The special categories that chosen labels are of, with the labels."""
        return category_hits(self.plain)

    @cached_property
    def days(self) -> NDArray[np.bool_]:
        """Which labels tell a day."""
        return safe_harbor.days(self.texts)

    @cached_property
    def finer_than_year(self) -> NDArray[np.bool_]:
        """Which labels tell more of a date than its year."""
        return safe_harbor.finer_than_year(self.texts)

    @cached_property
    def no_date(self) -> NDArray[np.bool_]:
        """Which labels are years, or hold no digit and no month."""
        plain = safe_harbor.years_only(self.texts) | safe_harbor.no_digits(self.texts)
        return plain & ~self.finer_than_year

    @cached_property
    def years(self) -> NDArray[np.float64]:
        """The first year in each label, or NaN."""
        return safe_harbor.years(self.texts)

    @cached_property
    def postcodes(self) -> safe_harbor.Postcodes:
        """What is left of a postcode in each label."""
        return safe_harbor.postcodes(self.texts)
