"""Swap values between records of near rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.kinds import date_values
from microdata.release import ReleasedColumn
from transforms.draws import generator
from transforms.parameters import DATES, NUMERIC, DeclaredStep, Parameter, columns_parameter
from transforms.perturbation import number_column
from transforms.rank_swapping import swap_partners
from transforms.step import StepContext, named, require_unchanged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release


@dataclass(frozen=True, kw_only=True)
class Swap(DeclaredStep):
    """
    Swap values between pairs of records whose ranks differ by at most p per cent of the records.

    Each column is swapped by itself, over the records that earlier steps kept and that have a
    value; equal values are ranked at random. So each column holds exactly the values that it held
    and only what belongs together changes. sdcMicro first replaces the lowest and the highest 5 %
    by their mean; this is not done here, for it would change the values. The draw belongs to the
    position of a record in the table.

    Parameters
    ----------
    columns : tuple of str
        Columns of numbers or dates.
    percent : float
        p.

    References
    ----------
    Moore (1996), Controlled data-swapping techniques for masking public use microdata sets.
    """

    name: ClassVar[str] = "swap"
    title: ClassVar[str] = "Swap near values between records"
    keeps_rule: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = (
        columns_parameter(
            "Columns of numbers or dates",
            kinds=NUMERIC + DATES,
            advice="Each column is swapped by itself, which also loosens what holds between them.",
        ),
        Parameter(
            name="percent",
            title="Farthest rank (% of the records)",
            kind="number",
            default=5.0,
            low=0.01,
            high=100,
            help="With more, values come from records farther away: safer, and less true.",
        ),
    )

    columns: tuple[str, ...]
    percent: float = 5.0

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        each = "each of " if len(self.columns) > 1 else ""
        return (
            f"Swap the values of {each}{named(self.columns)} between records whose ranks differ "
            f"by at most {self.percent:g} % of the records."
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with values swapped.

        Raises
        ------
        PrivacyToolError
            A column is not there, was changed before or holds something else than numbers or dates.
        """
        changed = [self._swapped(release, column, context) for column in self.columns]
        return release.with_columns(*changed)

    def _swapped(self, release: Release, column: str, context: StepContext) -> ReleasedColumn:
        source = release.source
        rank = np.append(_order_of_leaves(release, column, self.name), [-1, -1])
        codes = source.codes[column].astype(np.int64)
        taking_part = np.flatnonzero(release.row_mask & (rank[codes] >= 0))
        draw = generator(release, context, self.name, column)
        ties, places = draw.random(source.records), draw.random(taking_part.size)
        order = taking_part[np.lexsort((ties[taking_part], rank[codes[taking_part]]))]
        farthest = max(1, int(self.percent / 100 * order.size))
        explicit = codes.astype(np.int32)
        explicit[order] = codes[order[swap_partners(places, farthest)]]
        nodes = Nodes.identity(source.domain(column).leaves)
        return ReleasedColumn(column, nodes, explicit=explicit, perturbed=True)


def _order_of_leaves(release: Release, column: str, step: str) -> NDArray[np.int64]:
    """Return the rank of each leaf as a number or date, equals sharing one; -1 for no value."""
    require_unchanged(release, (column,), step=step)
    domain = release.source.domain(column)
    if domain.kind is not ColumnKind.DATE:
        return _ranks(number_column(release, column, step=step).leaves)
    days = date_values(domain.leaves)
    held = release.source.counts(column)[:-1] > 0
    unreadable = int((held & np.isnat(days)).sum())
    if unreadable:
        raise PrivacyToolError(
            f"{unreadable:,} different values of the column {column!r} are not dates, so the step "
            f"{step!r} cannot rank them. Repair them, mark them as missing, or leave the column "
            "out of the step."
        )
    return _ranks(np.where(np.isnat(days), np.nan, days.astype(np.float64)))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.int64]:
    known = np.isfinite(values)
    ranks = np.full(values.size, -1, np.int64)
    ranks[known] = np.unique(values[known], return_inverse=True)[1]
    return ranks
