"""What measures on the classes of a release have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from microdata.measure import Context, Figure, MeasureResult, NotComputed, Path
from risk.models.base import NOTHING_RELEASED

if TYPE_CHECKING:
    from collections.abc import Mapping


class ClassMeasure:
    """A measure on the classes, which needs a released record and nothing else."""

    def needs(self, context: Context) -> NotComputed | None:
        """Return why it cannot be computed, or None."""
        return None if context.classes.n_records else NOTHING_RELEASED


class AttributeMeasure(ClassMeasure, ABC):
    """A measure of each sensitive attribute, whose figures stand at ("models", PLACE, column)."""

    place: ClassVar[str]

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the figures."""
        figures: dict[Path, Figure] = {}
        for column in context.roles.sensitive:
            for path, figure in self.of_attribute(context, column).items():
                figures["models", self.place, column, *path] = figure
        return MeasureResult(figures=figures)

    @abstractmethod
    def of_attribute(self, context: Context, column: str) -> Mapping[Path, Figure]:
        """Return the figures of one attribute, by the rest of their path."""
