"""Empty single cells until every person has enough look-alikes (local suppression)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.grouping import classes_of
from microdata.wildcard import seconds_needed
from transforms.cells import CellSearch
from transforms.group_judge import class_of_record
from transforms.parameters import REQUIRED, DeclaredStep, Parameter
from transforms.step import StepContext, named, require_published

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.release import Release, ReleasedColumn

RULES = ("own", "wildcard")
LONGEST_SECONDS = 5.0
MOST_COLUMNS = 60


@dataclass(frozen=True, kw_only=True)
class SuppressCells(DeclaredStep):
    """
    Empty single cells of the quasi-identifiers until every person has k look-alikes.

    Works on the released values, so it may follow other steps. Only records whose group is too
    small lose cells; with the rule "own", also a few of larger groups where the small ones cannot
    fill a group among themselves.

    Parameters
    ----------
    k : int
        How many look-alikes everybody has afterwards, oneself included.
    importance : tuple of (str, float)
        Columns with a larger number are protected longer; those not named have the number 0. Of
        columns with equal numbers, the one with more different values is given up first.
    missing : {"own", "wildcard"}
        Under which rule k is reached: an empty cell is a value of its own, or matches every value.
    linked : tuple of (str, tuple of str)
        Columns whose cell is emptied with a quasi-identifier's, such as the town with the postal
        code.

    References
    ----------
    Templ, Kowarik, Meindl 2015, Journal of Statistical Software 67(4) (sdcMicro's ``kAnon``).
    """

    name: ClassVar[str] = "suppress_cells"
    title: ClassVar[str] = "Empty single cells"
    keeps_rule: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            name="k",
            title="Look-alikes for everybody, at least (k)",
            kind="whole",
            default=REQUIRED,
            low=2,
            help="A larger number empties more cells.",
        ),
        Parameter(
            name="importance",
            title="How important is each column?",
            kind="by_column",
            default=(),
            help="Cells of columns with a larger number are emptied last; without numbers, those "
            "of the columns with the fewest different values.",
        ),
        Parameter(
            name="missing",
            title="What is an empty cell to an attacker?",
            kind="choice",
            default=RULES[0],
            choices=RULES,
            help="'own': a value like others, as verdicts have it. 'wildcard': it could be any "
            "value, as in sdcMicro, which empties fewer cells and trusts more.",
        ),
        Parameter(
            name="linked",
            title="Which columns follow another?",
            kind="links",
            default=(),
            later=True,
            help="Where a cell of the one is emptied, so are those of the others: a city would "
            "tell an emptied postcode.",
        ),
    )

    k: int
    importance: tuple[tuple[str, float], ...] = ()
    missing: str = RULES[0]
    linked: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def describe(self) -> str:
        """Return what the step does, as a sentence."""
        rule = (
            "where an empty cell counts as a value of its own"
            if self.missing == "own"
            else "where an empty cell may stand for every value: this holds only if nobody can "
            "tell whose cells were emptied"
        )
        first = [name for name, _ in sorted(self.importance, key=lambda pair: -pair[1])]
        order = f" Cells of {named(tuple(first))} are kept longest, in this order." if first else ""
        links = "".join(
            f" With a cell of {column!r}, that of {named(others)} is emptied."
            for column, others in self.linked
        )
        return (
            f"Empty single cells (*) until everybody has at least {self.k} look-alikes, oneself "
            f"included, {rule}.{order}{links}"
        )

    def apply(self, release: Release, context: StepContext) -> Release:
        """
        Return the release with the cells emptied.

        Raises
        ------
        PrivacyToolError
            A column is not there or no quasi-identifier, a person has several records, the table
            holds fewer than k people, or gaps are too many for the rule "wildcard".
        """
        require_published(release, self.columns, step=self.name)
        if context.roles.person is not None:
            raise PrivacyToolError(
                "The step 'suppress_cells' is for tables with one row a person, and the column "
                f"{context.roles.person!r} says whose row each is. Use 'suppress_records'."
            )
        classes = classes_of(release, context.roles)
        self._check(classes)
        if not classes.columns or classes.n_classes == 0:  # nothing to empty, or nobody left
            return release
        parts = self._search(release, classes).run()
        record_class = np.full(release.source.records, -1, np.int64)
        record_class[release.record_index] = class_of_record(release, classes)
        mask = _mask_of_records(parts.origin, parts.mask, parts.records, record_class)
        return release.with_columns(*self._changed(release, classes.columns, mask))

    def _check(self, classes: EquivalenceClasses) -> None:
        if len(classes.columns) > MOST_COLUMNS:
            raise PrivacyToolError(
                f"The step 'suppress_cells' takes at most {MOST_COLUMNS} quasi-identifiers. Change "
                "the role of some columns."
            )
        for name in (*(name for name, _ in self.importance), *(name for name, _ in self.linked)):
            if name not in classes.columns:
                raise PrivacyToolError(
                    f"The step 'suppress_cells' names the column {name!r}, which is not a "
                    "quasi-identifier, so none of its cells would be emptied. Change its role, or "
                    "remove it from the step."
                )
        if 0 < classes.n_records < self.k:
            raise PrivacyToolError(
                f"The table holds {classes.n_records:,} records, so nobody can have {self.k:,} "
                "look-alikes in the step 'suppress_cells'. Ask for a smaller k."
            )

    def _search(self, release: Release, classes: EquivalenceClasses) -> CellSearch:
        columns = {name: release.columns[name] for name in classes.columns}
        first_open = {name: column.missing for name, column in columns.items()}
        if self.missing == "wildcard" and seconds_needed(classes, first_open) > LONGEST_SECONDS:
            raise PrivacyToolError(
                "Missing cells are spread over so many groups that the step 'suppress_cells' would "
                "take very long under the rule 'wildcard'. Use the rule 'own'."
            )
        codes = {name: classes.codes(name) for name in columns}
        importance = dict(self.importance)
        weight = {
            name: (importance.get(name, 0.0), -np.unique(codes[name]).size) for name in columns
        }
        tiers = {pair: tier for tier, pair in enumerate(sorted(set(weight.values())))}
        by_label = [_label_ranks(columns[name])[codes[name]] for name in sorted(columns)]
        rank = np.empty(classes.n_classes, np.int64)
        rank[np.lexsort(by_label[::-1])] = np.arange(classes.n_classes)
        return CellSearch(
            classes=classes,
            k=self.k,
            missing="own" if self.missing == "own" else "wildcard",
            first_open=first_open,
            star={name: column.suppressed for name, column in columns.items()},
            tiers={name: tiers[weight[name]] for name in columns},
            follow={name: self._followers(name) for name in columns},
            rank=rank,
        )

    def _followers(self, name: str) -> frozenset[str]:
        """Return the columns that follow a column, and those that follow these."""
        linked, found = dict(self.linked), {name}
        reach = [name]
        while reach:
            fresh = [other for other in linked.get(reach.pop(), ()) if other not in found]
            found.update(fresh)
            reach += fresh
        return frozenset(found - {name})

    def _changed(
        self, release: Release, names: tuple[str, ...], mask: NDArray[np.int64]
    ) -> list[ReleasedColumn]:
        """Return the columns that lose cells, with a code for each record."""
        emptied: dict[str, NDArray[np.bool_]] = {}
        for bit, name in enumerate(names):
            column, codes = release.columns[name], _codes(release, name)
            # A cell that is open already has nothing to lose, nor have those linked to it.
            open_ = codes == column.suppressed
            if self.missing == "wildcard":
                open_ |= codes == column.missing
            emptied[name] = (mask >> bit & 1).astype(bool) & ~open_
        for name in names:
            for other in self._followers(name):
                emptied[other] = emptied.get(other, np.zeros(mask.size, bool)) | emptied[name]
        changed = []
        for name, cells in emptied.items():
            if cells.any():
                column = release.columns[name]
                explicit = np.where(cells, np.int32(column.suppressed), _codes(release, name))
                changed.append(replace(column, lookup=None, explicit=explicit.astype(np.int32)))
        return changed


def _codes(release: Release, name: str) -> NDArray[np.int32]:
    """Return the released code of each original record: int32[n0]."""
    column = release.columns[name]
    if column.lookup is not None:
        return np.asarray(column.lookup[release.source.codes[name]], np.int32)
    return np.empty(0, np.int32) if column.explicit is None else column.explicit


def _label_ranks(column: ReleasedColumn) -> NDArray[np.int64]:
    """Return the place of each released code in the order of the labels: int64[m + 2]."""
    m = len(column.nodes.labels)
    ranks = np.arange(m + 2)
    ranks[sorted(range(m), key=column.nodes.labels.__getitem__)] = np.arange(m)
    return ranks


def _mask_of_records(
    origin: NDArray[np.int64],
    mask: NDArray[np.int64],
    records: NDArray[np.int64],
    record_class: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return which columns each record loses: the first of a class lose first."""
    opened = np.flatnonzero(mask)
    opened = opened[np.lexsort([mask[opened], origin[opened]])]
    of_record = np.zeros(record_class.size, np.int64)
    if not opened.size:
        return of_record
    order = np.argsort(record_class, kind="stable")
    begin = np.searchsorted(record_class[order], origin[opened])
    # Where several parts of a class lose cells, each begins where the one before ends.
    number = records[opened]
    before = np.cumsum(number) - number
    _, first = np.unique(origin[opened], return_index=True)
    before -= np.repeat(before[first], np.diff(np.append(first, opened.size)))
    within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    of_record[order[np.repeat(begin + before, number) + within]] = np.repeat(mask[opened], number)
    return of_record
