"""Whom the classes of a release hold, where a person may be in several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.grouping import person_numbers
from microdata.kernels import group_keys
from risk.columns import known_columns, released_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.classes import EquivalenceClasses
    from microdata.measure import Context


@dataclass(frozen=True, eq=False, kw_only=True)
class Units:
    """
    Parts of the classes of a release, such that people can be counted over several classes.

    Those who are in one class only are counted there. Whoever is in several classes is a unit in
    each of them; units of one person stand together.

    Parameters
    ----------
    codes : mapping of str to int64[u]
        The released values.
    count : int64[u]
    owner : int64[u]
        The person, ascending; -1 where a unit is people of one class only.
    """

    codes: Mapping[str, NDArray[np.int64]]
    count: NDArray[np.int64]
    owner: NDArray[np.int64]


def persons_of(context: Context) -> NDArray[np.int64] | None:
    """Return the person of each released record, 0, 1, ...; None where a row is a person."""
    column, release = context.roles.person, context.release
    if column is None:
        return None
    numbers = person_numbers(release.source, column)[release.record_index]
    person: NDArray[np.int64] = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
    return person


def classes_by(context: Context, columns: tuple[str, ...]) -> EquivalenceClasses:
    """Return the classes over some quasi-identifiers with the class of each record."""
    if context.roles.person is None or not columns:
        return context.classes.project(columns)
    return known_columns(context, columns)


def one_row_each(
    classes: EquivalenceClasses, person: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return the first released record of each person in each class, ascending."""
    class_of = released_class(classes)
    if person is None:
        return np.arange(class_of.size)
    _, first = group_keys(np.stack([class_of.astype(np.uint64), person.astype(np.uint64)]))
    return np.sort(first)


def units_of(classes: EquivalenceClasses, person: NDArray[np.int64] | None) -> Units:
    """Return the units of the classes over some columns."""
    codes = {name: classes.codes(name) for name in classes.columns}
    alone = np.full(classes.n_classes, -1, np.int64)
    if person is None:
        return Units(codes=codes, count=classes.count, owner=alone)
    first = one_row_each(classes, person)
    in_class, who = released_class(classes)[first].astype(np.int64), person[first]
    several = np.bincount(who)[who] > 1
    count = np.bincount(in_class[~several], minlength=classes.n_classes).astype(np.int64)
    order = np.argsort(who[several], kind="stable")
    in_class, who = in_class[several][order], who[several][order]
    return Units(
        codes={name: np.append(of_class, of_class[in_class]) for name, of_class in codes.items()},
        count=np.append(count, np.ones(who.size, np.int64)),
        owner=np.append(alone, who),
    )
