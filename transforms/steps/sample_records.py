"""Keep a random sample of the people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from transforms.draws import generator, numbered_people
from transforms.parameters import DeclaredStep, Parameter
from transforms.step import StepContext

if TYPE_CHECKING:
    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class SampleRecords(DeclaredStep):
    """
    Keep a simple random sample of the people, without replacement.

    Where a column says which rows are one person, all rows of a person stay or go. Records that
    are not drawn are left out: they are counted, and the loss figures count them.

    Parameters
    ----------
    share : float, optional
        Share of the people who are still in the release, above 0 and up to 1; rounded to whole
        people, at least one.
    count : int, optional
        Number of people, in place of a share; all where there are fewer.
    """

    name: ClassVar[str] = "sample_records"
    title: ClassVar[str] = "Keep a random sample"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            name="share",
            title="Share of the people (0 to 1)",
            kind="number",
            low=0,
            high=1,
            help="With a smaller share an attacker is less sure that somebody is in the sample.",
        ),
        Parameter(
            name="count",
            title="Number of people, in place of a share",
            kind="whole",
            low=1,
            help="Draws exactly so many people, or all where there are fewer.",
        ),
    )

    share: float | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.share is None) == (self.count is None):
            raise PrivacyToolError(
                "The step 'sample_records' must have either a 'share' or a 'count' of people."
            )
        if self.share == 0:
            raise PrivacyToolError("In the step 'sample_records' 'share' must be above 0.")

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        drawn = f"{self.count:,}" if self.share is None else f"{100 * self.share:.10g} %"
        return (
            f"Keep a random sample of {drawn} of the people, whole people where several rows are "
            "one person. For an attacker who does not know who was drawn, the original table is "
            "the population of the sample: give it as the population to measure that."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """Return the release of the people who were drawn."""
        numbers, everybody = numbered_people(release.source, context.roles.person)
        lots = generator(release, context, self.name).random(everybody)
        people = np.unique(numbers[release.row_mask])
        drawn = people[np.argsort(lots[people], kind="stable")[: self._size(people.size)]]
        chosen = np.zeros(lots.size, bool)
        chosen[drawn] = True
        return release.keeping(release.row_mask & chosen[numbers])

    def _size(self, people: int) -> int:
        if self.count is not None:
            return self.count
        return max(1, int((self.share or 0) * people + 0.5))
