"""Whether columns are still linked with each other as they were in the original."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from microdata.measure import Estimate, Figure, MeasureResult, NotComputed, Path
from microdata.numbers import ORDERED, leaf_numbers, released_numbers
from utility.cells import cannot_compare
from utility.coded_rows import CodedRows, compared_columns
from utility.coefficients import (
    correlation_ratio,
    cramers_v,
    known,
    mutual_information,
    pearson,
    spearman,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.measure import Context
    from microdata.release import Release

MOST_COMBINATIONS = 250_000
TOO_FEW = NotComputed(reason="There are fewer than two columns, so no link can be measured.")
NO_RECORD = NotComputed(reason="No record was kept, so no link can be measured.")
NO_PAIR = NotComputed(reason="No link of two columns could be measured in both tables.")
COEFFICIENTS = (
    "The link of two columns is Pearson's correlation of two numbers, Cramer's V of two texts, and "
    "the correlation ratio of a number and a text."
)
VALUES = (
    "A range counts as the mean of its values. Missing cells and * are values of their own beside "
    "texts; beside numbers they are left out."
)
LEFT_OUT = "Records that are left out are not part of the links now; their share stands beside."
NOTHING_LEFT = "The column is not published or says nothing any more, so its links count as lost."


@dataclass(frozen=True, eq=False, kw_only=True)
class _Table:
    """
    One of the two tables that are compared.

    Parameters
    ----------
    rows : CodedRows
    numbers : mapping of str to float64
        The number of each code, for the columns whose original values are numbers or dates.
    lost : frozenset of str
        Columns that say nothing: not published, or ``*`` throughout.
    unnumbered : frozenset of str
        Columns whose numbers became pseudonyms.
    """

    rows: CodedRows
    numbers: Mapping[str, NDArray[np.float64]]
    lost: frozenset[str] = frozenset()
    unnumbered: frozenset[str] = frozenset()

    @cached_property
    def margins(self) -> Mapping[str, NDArray[np.int64]]:
        """How many records hold each code, by column."""
        return {name: self.rows.margin(name) for name in self.rows.columns}


@dataclass(frozen=True, kw_only=True)
class Associations:
    """
    How much the links between columns changed.

    For every pair of quasi-identifiers and sensitive attributes: Pearson's and Spearman's
    correlation of two numbers, Cramer's V corrected for bias of two texts, the correlation ratio
    of a number and a text, and the normalised mutual information of any two; in the release by its
    released values. The change of a pair is the first of these in the release less that in the
    original; the mean and the largest absolute change over the pairs are the figures of the table.

    References
    ----------
    Bergsma (2013), A bias-correction for Cramer's V and Tschuprow's T, JKSS 42(3).
    """

    name: ClassVar[str] = "associations"
    title: ClassVar[str] = "Links between columns"
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    reference: ClassVar[str] = "Bergsma 2013"
    interactive: ClassVar[bool] = False

    def needs(self, context: Context) -> NotComputed | None:
        """Return why the figure cannot be computed here, or None."""
        few = len(compared_columns(context.roles)[0]) < 2
        return cannot_compare(context) or (TOO_FEW if few else None)

    def evaluate(self, context: Context) -> MeasureResult:
        """Compute the links of every pair, how they changed, and both over all pairs."""
        columns, caveats = compared_columns(context.roles)
        caveats = (COEFFICIENTS, VALUES, *caveats)
        reason = self.needs(context)
        if reason is not None:
            return MeasureResult(figures=_headlines([], [], reason, caveats))
        before, after = _original(context.release, columns), None
        if context.release.released_records:
            after = _released(context.release, columns)
        if context.release.suppressed_records:
            caveats = (*caveats, LEFT_OUT)
        figures: dict[Path, Figure] = {}
        changes: list[float] = []
        informations: list[float] = []
        for a, b in combinations(columns, 2):
            was = _links(before, a, b)
            now = dict.fromkeys(was, NO_RECORD) if after is None else _links(after, a, b)
            for name, figure in now.items():
                figures["utility", "associations", "pairs", a, b, name] = figure
            change = _change(was, now, next(iter(was)))
            figures["utility", "associations", "pairs", a, b, "change"] = change
            if isinstance(change, Estimate):
                changes.append(change.value)
            information = _change(was, now, "mutual_information")
            if isinstance(information, Estimate):
                informations.append(information.value)
        nothing = NO_RECORD if after is None else NO_PAIR
        return MeasureResult(figures=_headlines(changes, informations, nothing, caveats) | figures)


def _headlines(
    changes: list[float], informations: list[float], nothing: NotComputed, caveats: tuple[str, ...]
) -> dict[Path, Figure]:
    figures: dict[Path, Figure] = {}
    for suffix, values in (("", changes), ("_mutual_information", informations)):
        sizes = np.abs(values)
        for name, size in (("mean", np.mean), ("max", np.max)):
            figures["utility", "associations", f"{name}_change{suffix}"] = (
                Estimate(value=float(size(sizes)), caveats=caveats) if values else nothing
            )
    return figures


def _change(was: Mapping[str, Figure], now: Mapping[str, Figure], name: str) -> Figure:
    before, after = was[name], now[name]
    if isinstance(before, NotComputed):
        return before
    if isinstance(after, NotComputed):
        return after
    return Estimate(value=after.value - before.value, caveats=after.caveats)


def _original(release: Release, columns: tuple[str, ...]) -> _Table:
    table = release.origin or release.source
    decimal = table.dataset.read.decimal
    numbers = {
        name: np.append(leaf_numbers(table.domain(name), decimal), [np.nan, np.nan])
        for name in columns
        if table.domain(name).kind in ORDERED
    }
    return _Table(rows=CodedRows.original(table, columns), numbers=MappingProxyType(numbers))


def _released(release: Release, columns: tuple[str, ...]) -> _Table:
    published = [name for name in columns if name in release.columns]
    rows = CodedRows.released(release, published)
    ordered = [name for name in columns if release.domain(name).kind in ORDERED]
    numbers = {
        name: released_numbers(release, name) if name in published else np.empty(0)
        for name in ordered
    }
    silent = {
        name for name in published if (rows.of(name) == release.columns[name].suppressed).all()
    }
    return _Table(
        rows=rows,
        numbers=MappingProxyType(numbers),
        lost=frozenset(silent | (set(columns) - set(published))),
        unnumbered=frozenset(
            name for name in ordered if name in published and release.columns[name].renamed
        ),
    )


def _links(table: _Table, a: str, b: str) -> dict[str, Figure]:
    """Return the coefficients of a pair, the one by which its change is told first."""
    numbers = (a in table.numbers) + (b in table.numbers)
    names = (*_BY_KIND[numbers], "mutual_information")
    if table.lost & {a, b}:
        return dict.fromkeys(names, Estimate(value=0.0, caveats=(NOTHING_LEFT,)))
    figures = _of_counts(table, a, b, names)
    if table.unnumbered & {a, b}:
        lost = Estimate(value=0.0, caveats=(NOTHING_LEFT,))
        return {name: figures.get(name, lost) for name in names}
    if numbers:
        figures |= _of_numbers(table, a, b)
    return {name: figures[name] for name in names}


def _of_counts(table: _Table, a: str, b: str, names: tuple[str, ...]) -> dict[str, Figure]:
    """Return the coefficients that need no number."""
    counts = table.rows.counts((a, b), most=MOST_COMBINATIONS)
    if counts is None:
        reason = NotComputed(
            reason=f"The columns {a!r} and {b!r} have more than {MOST_COMBINATIONS:,} possible "
            "combinations of values."
        )
        return {name: reason for name in names if name in _BY_COUNTS}
    return {
        name: Estimate(value=coefficient(counts))
        for name, coefficient in _BY_COUNTS.items()
        if name in names
    }


def _of_numbers(table: _Table, a: str, b: str) -> dict[str, Figure]:
    """Return the coefficients of a number with a number or a text."""
    if a in table.numbers and b in table.numbers:
        pairs, x, y = table.rows.pairs(a, b), table.numbers[a], table.numbers[b]
        counts = table.margins[a], table.margins[b]
        if counts[0][np.isnan(x)].any() or counts[1][np.isnan(y)].any():
            counts = known(pairs, x, y)
        found = {
            "pearson": pearson(pairs, x, y, counts),
            "spearman": spearman(pairs, x, y, counts),
        }
    else:
        group, number = (b, a) if a in table.numbers else (a, b)
        pairs, groups = table.rows.pairs(group, number), table.margins[group].size
        found = {
            "correlation_ratio": correlation_ratio(
                pairs, groups, table.numbers[number], table.margins[number]
            )
        }
    reason = NotComputed(
        reason=f"Of the columns {a!r} and {b!r} no record holds numbers that can be read and "
        "averaged."
    )
    return {
        name: reason if value is None else Estimate(value=value) for name, value in found.items()
    }


_BY_KIND = (("cramers_v",), ("correlation_ratio",), ("pearson", "spearman"))
_BY_COUNTS = MappingProxyType({"cramers_v": cramers_v, "mutual_information": mutual_information})
