"""Which groups of look-alikes meet every model, for recoding that differs between groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from microdata.classes import EquivalenceClasses, SensitiveColumn, group_records
from microdata.errors import PrivacyToolError
from microdata.grouping import person_numbers, sensitive_column
from microdata.kernels import sum_by_group
from microdata.regrouped import Regrouped
from risk.models import DeltaPresence, KAnonymity, KMap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release
    from microdata.roles import Roles
    from risk.models import PrivacyModel


def require_local(models: Iterable[PrivacyModel], *, where: str) -> None:
    """
    Refuse models that groups cannot be judged by one after the other.

    Raises
    ------
    PrivacyToolError
        A model of the whole table, or one that recodes a table of the population.
    """
    for model in models:
        of_population = isinstance(model, DeltaPresence) or (
            isinstance(model, KMap) and model.method == "table"
        )
        if model.scope == "table" or of_population:
            raise PrivacyToolError(
                f"{where} cannot require {model.name!r}: it must tell of one group of look-alikes "
                "whether it may be released, and no rule recodes a table of the population. "
                "Require k-anonymity or a model of a sensitive attribute."
            )


def class_of_record(release: Release, classes: EquivalenceClasses) -> NDArray[np.int32]:
    """Return the class of each published record: int32[n]."""
    # Merged classes also know the original records that are left out.
    of_record = classes.class_of
    return (
        of_record if of_record.size == release.released_records else of_record[release.record_index]
    )


@dataclass(frozen=True, eq=False)
class GroupJudge:
    """
    Says which groups of merged classes meet every model.

    Parameters
    ----------
    models : tuple of PrivacyModel
        Such as `require_local` lets pass.
    base : EquivalenceClasses
        The classes that are merged, with the size of the population beside them if it is known.
    release : Release
        Whose classes they are.
    roles : Roles
    """

    models: tuple[PrivacyModel, ...]
    base: EquivalenceClasses
    release: Release
    roles: Roles

    @property
    def least(self) -> int:
        """Records that a group has at least if it meets every model."""
        return max([1, *(model.k for model in self.models if isinstance(model, KAnonymity))])

    def failing(self, group: NDArray[np.int32], total: NDArray[np.int64]) -> NDArray[np.bool_]:
        """
        Return which groups fail.

        Parameters
        ----------
        group : int32[m]
            The group of each class; -1 for one that is in none of them. No group is empty.
        total : int64[g]
            Records of each group.
        """
        failing = total < self.least
        by_size = all(isinstance(model, KAnonymity) for model in self.models)
        if failing.all() or (by_size and self.roles.person is None):
            return failing
        # Whoever is in no group is one more: some models ask how many records there are in all.
        group = np.where(group < 0, np.int32(total.size), group)
        classes, of_class = self._merged(group)
        asked = of_class < total.size
        for model in self.models:
            failing[of_class[asked]] |= model.failing(classes)[asked]
        return failing

    @cached_property
    def _by_record(self) -> tuple[dict[str, SensitiveColumn], NDArray[np.int64]]:
        release, person = self.release, self.roles.person or ""
        sensitive = {
            name: sensitive_column(release, name, self.roles) for name in self.base.sensitive
        }
        return sensitive, person_numbers(release.source, person)[release.record_index]

    def _merged(self, group: NDArray[np.int32]) -> tuple[EquivalenceClasses, NDArray[np.int64]]:
        """Return the groups as the models read them, and the number of each."""
        base, groups = self.base, int(group.max()) + 1
        if self.roles.person is not None:  # distinct persons do not add up over classes
            sensitive, person = self._by_record
            of_record = group[class_of_record(self.release, base)]
            grouped = group_records(
                {"group": of_record},
                {"group": groups},
                of_record.size,
                sensitive=sensitive,
                person=person,
            )
            return replace(grouped, population=base.population), grouped.codes("group")
        merged = EquivalenceClasses(
            (),
            np.zeros((1, groups), np.uint64),
            sum_by_group(group, base.count, groups),
            sum_by_group(group, base.rows, groups),
            None,
            np.empty(0, np.int32),
            Regrouped(base.sensitive, group, groups),
            base.population,
        )
        return merged, np.arange(groups)
