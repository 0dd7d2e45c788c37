"""Write the records in another order than that of the original."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from transforms.draws import generator
from transforms.parameters import DeclaredStep, Parameter
from transforms.step import StepContext

if TYPE_CHECKING:
    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class ShuffleRows(DeclaredStep):
    """
    Write the records in a random order.

    Where the order stays, whoever has a copy of the original, or of another column of it, links
    the two line by line. No figure depends on the order.
    """

    name: ClassVar[str] = "shuffle_rows"
    title: ClassVar[str] = "Shuffle the rows"
    keeps_rule: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        return (
            "Write the records in a random order, so that nobody can link them to another copy "
            "of the table line by line."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """Return the release with its records in a random order."""
        order = generator(release, context, self.name).permutation(release.source.records)
        return replace(release, order=order.astype(np.int64))
