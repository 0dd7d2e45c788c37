"""The group of people that a table was drawn from: a size, a table, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from microdata.errors import PrivacyToolError

if TYPE_CHECKING:
    from microdata.dataset import Dataset

LARGEST = 10**12
"""More people than will ever be asked about; beyond it estimates lose their digits."""


@dataclass(frozen=True, kw_only=True)
class Population:
    """
    What is known of the population.

    Parameters
    ----------
    size : int, optional
        N, the number of people in it.
    table : Dataset, optional
        A table of all of them that holds the quasi-identifiers.

    With neither, the sample is taken to be the population, and that assumption is printed.
    """

    size: int | None = None
    table: Dataset | None = None

    def __post_init__(self) -> None:
        if self.size is not None and self.table is not None:
            raise PrivacyToolError("Give a population size or a population table, not both.")
        if self.size is not None and not 1 <= self.size <= LARGEST:
            raise PrivacyToolError(
                f"The population size must be a whole number from 1 to {LARGEST:,}."
            )

    def check_size(self, records: int) -> None:
        """Refuse a population that is smaller than the table drawn from it."""
        known = self.size if self.table is None else self.table.records
        if known is not None and known < records:
            raise PrivacyToolError(
                f"The population has {known:,} people but the table has {records:,}. "
                "A population cannot be smaller than a table drawn from it: check the number."
            )

    @property
    def assumption(self) -> str:
        """The sentence that is printed beside every journalist and population figure."""
        if self.table is not None:
            return f"Population: a table of {self.table.records:,} people."
        if self.size is not None:
            return f"Population: {self.size:,} people, as stated by the user."
        return "Assumption: the table holds the whole population (no size and no table was given)."
