"""The equivalence classes of a release, by merging the original's classes where that is exact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata.classes import (
    EquivalenceClasses,
    PopulationClasses,
    SensitiveColumn,
    group_records,
)
from microdata.dataset import ColumnKind
from microdata.encoding import codes_in
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.kernels import group_keys
from microdata.kinds import date_values, numeric_values
from microdata.numbers import NUMERIC, ORDERED, released_numbers
from microdata.population import Population
from microdata.release import Release, ReleasedColumn, TupleMask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.dataset import Dataset
    from microdata.encoding import EncodedTable
    from microdata.roles import Roles

UNKNOWN = Population()


def person_numbers(source: EncodedTable, column: str) -> NDArray[np.int64]:
    """Give each person a number; a record without a person is a person of its own."""
    codes: NDArray[np.int64] = source.codes[column].astype(np.int64)
    unknown = codes == source.domain(column).missing
    codes[unknown] = source.domain(column).cardinality + np.flatnonzero(unknown)
    return codes


def _weights(source: EncodedTable, column: str) -> NDArray[np.float64]:
    values = numeric_values(source.domain(column).leaves, source.dataset.read.decimal)
    weights = np.append(values, [np.nan, np.nan])[source.codes[column]]
    if not np.all(weights > 0):
        raise PrivacyToolError(
            f"The sample weight column {column!r} has {int((~(weights > 0)).sum()):,} cells that "
            "are missing, not numbers or not above zero. Repair them or choose another role."
        )
    return np.asarray(weights, dtype=np.float64)


def _people_by_value(source: EncodedTable, name: str, person: str | None) -> NDArray[np.float64]:
    """Return how many people of a table hold each leaf, and missing last: float64[D + 1]."""
    counts = source.counts(name)
    if person is not None:
        numbers = person_numbers(source, person)
        pairs = np.stack([numbers.astype(np.uint64), source.codes[name].astype(np.uint64)])
        _, first = group_keys(pairs)
        counts = np.bincount(source.codes[name][first], minlength=counts.size)
    return counts.astype(np.float64)


def _people_by_node(release: Release, name: str, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how many people of the original hold each released code: float64[cardinality]."""
    column, codes = release.columns[name], release.source.codes[name]
    if column.explicit is not None:
        codes = column.explicit
    elif column.lookup is not None:
        codes = column.lookup[codes]
    inside = codes >= 0
    # Recoded first: who holds two values under one label holds that label once.
    pairs = np.stack([numbers[inside].astype(np.uint64), codes[inside].astype(np.uint64)])
    _, first = group_keys(pairs)
    return np.bincount(codes[inside][first], minlength=column.cardinality).astype(np.float64)


def _overall(release: Release, name: str, nodes: Nodes, roles: Roles) -> NDArray[np.float64]:
    """Return the ORIGINAL table's distribution over the nodes of an attribute."""
    column = release.columns[name]
    counts: NDArray[Any]
    if release.origin is not None:
        if np.any(nodes.sizes == 0) or np.unique(nodes.members).size != nodes.members.size:
            return np.full(len(nodes.labels), np.nan)
        by_leaf = _people_by_value(release.origin, name, roles.person)[nodes.members]
        of_member = np.repeat(np.arange(len(nodes.labels)), nodes.sizes)
        counts = np.bincount(of_member, weights=by_leaf, minlength=len(nodes.labels))
    elif roles.person is not None:
        counts = _people_by_node(release, name, person_numbers(release.source, roles.person))
    elif column.lookup is None:
        released = release.source.codes[name] if column.explicit is None else column.explicit
        counts = np.bincount(released, minlength=column.cardinality).astype(float)
    else:
        original = release.source.counts(name).astype(np.float64)
        rule = column.lookup[: original.size]
        counts = np.bincount(
            rule[rule >= 0], weights=original[rule >= 0], minlength=column.cardinality
        )
    counts = counts[: len(nodes.labels)]
    total = counts.sum()
    return np.asarray(counts / total if total else counts, dtype=np.float64)


def _nodes_of_everybody(release: Release, name: str) -> Nodes:
    """Return the nodes of an attribute, the original values that a release lacks included."""
    nodes = release.columns[name].nodes
    if release.origin is None:
        return nodes
    leaves = release.domain(name).leaves
    absent = np.setdiff1d(np.arange(len(leaves)), nodes.members).astype(np.int32)
    return Nodes(
        (*nodes.labels, *(leaves[code] for code in absent)),
        np.append(nodes.offsets, nodes.offsets[-1] + np.arange(1, absent.size + 1)),
        np.append(nodes.members, absent).astype(np.int32),
    )


def _one_leaf_each(release: Release, name: str) -> bool:
    """Whether every released value of a column is one value of the original."""
    column = release.columns[name]
    return column.unchanged and bool(np.all(column.nodes.sizes == 1))


def _value_order(release: Release, name: str, nodes: Nodes) -> tuple[NDArray[np.int64], str]:
    """Return the order of an attribute's released values, and where that order comes from."""
    domain = release.domain(name)
    if _one_leaf_each(release, name):
        if domain.kind in NUMERIC:
            values = numeric_values(nodes.labels, release.source.dataset.read.decimal)
            return np.argsort(values, kind="stable"), "order of the numbers"
        if domain.kind is ColumnKind.DATE:
            return np.argsort(date_values(nodes.labels), kind="stable"), "order of time"
        if domain.hierarchy is not None:
            return np.argsort(nodes.members, kind="stable"), "order of the hierarchy's rows"
    elif release.origin is None:
        new = release.columns[name].perturbed or domain.hierarchy is None
        if domain.kind in ORDERED and new:
            # Rounded, capped or perturbed: by the number that each label stands for.
            said = "order of time" if domain.kind is ColumnKind.DATE else "order of the numbers"
            values = released_numbers(release, name)[: len(nodes.labels)]
            return np.argsort(values, kind="stable"), said
        if domain.hierarchy is not None:
            return np.arange(len(nodes.labels)), "order of the hierarchy's rows"
    return np.argsort(np.array(nodes.labels, dtype=object), kind="stable"), "alphabetical order"


def sensitive_column(release: Release, name: str, roles: Roles) -> SensitiveColumn:
    """Return a published sensitive attribute by record, with the original's distribution."""
    column, domain = release.columns[name], release.domain(name)
    nodes = _nodes_of_everybody(release, name)
    order, order_name = _value_order(release, name, nodes)
    values = len(nodes.labels)
    rank = np.append(np.argsort(order)[: column.missing], [values, values + 1])
    levels: tuple[NDArray[np.int32], ...] = ()
    # Values that only a population holds are in no class and have no share: any node will do.
    covered = not release.source.counts(name)[domain.declared : len(domain.leaves)].any()
    if domain.hierarchy is not None and covered and _one_leaf_each(release, name):
        leaf = np.minimum(nodes.members[order], domain.declared - 1)
        levels = tuple(level.lookup[leaf] for level in domain.hierarchy.levels[1:])
    return SensitiveColumn(
        tuple(nodes.labels[code] for code in order),
        rank[release.codes(name)],
        _overall(release, name, nodes, roles)[order],
        order_name,
        levels,
    )


def _from_records(release: Release, roles: Roles, quasi: tuple[str, ...]) -> EquivalenceClasses:
    source, index = release.source, release.record_index
    for counted_by in (roles.person, roles.weight):
        if counted_by is not None and counted_by not in source.domains:
            raise PrivacyToolError(
                f"The release made elsewhere lacks the column {counted_by!r}, by which people are "
                "counted. Give the column another role, or a release that has it."
            )
    person = None if roles.person is None else person_numbers(source, roles.person)
    sensitive = {
        name: sensitive_column(release, name, roles)
        for name in roles.sensitive
        if name in release.columns
    }
    return group_records(
        {name: release.codes(name) for name in quasi},
        {name: release.columns[name].cardinality for name in quasi},
        release.released_records,
        sensitive=sensitive,
        person=None if person is None else person[index],
        weight=None if roles.weight is None else _weights(source, roles.weight)[index],
    )


def base_classes(
    source: EncodedTable, roles: Roles, population: Population = UNKNOWN
) -> EquivalenceClasses:
    """Return the classes of the original table, grouped once a set of roles."""
    quasi = roles.require_quasi_identifiers()
    key = (quasi, roles.sensitive, roles.person, roles.weight)
    if key not in source.memo:
        roles.check_columns(source.domains)
        source.memo[key] = _from_records(Release.original(source), roles, quasi)
    table: EquivalenceClasses = source.memo[key]
    return _with_population(table, Release.original(source), population)


def classes_of(
    release: Release, roles: Roles, population: Population = UNKNOWN
) -> EquivalenceClasses:
    """
    Return the equivalence classes of a release, with the population beside them if one is known.

    Where every quasi-identifier has a rule, the classes of the original are merged (no pass over
    records); otherwise the records are grouped. Both give the same classes. A quasi-identifier
    that the release does not publish is not part of them.

    Parameters
    ----------
    release : Release
        With a population table, made over domains that include the table's values
        (`encode(..., others=[table])`).
    roles : Roles
    population : Population
        Its table has one row a person and every quasi-identifier of the classes.
    """
    key = (roles.quasi_identifiers, roles.sensitive, roles.person, roles.weight)
    if key not in release.class_tables:
        release.class_tables[key] = _classes_of(release, roles)
    known = (key, population.size, population.table and population.table.digest)
    if known not in release.class_tables:
        release.class_tables[known] = _with_population(
            release.class_tables[key], release, population
        )
    return release.class_tables[known]


def remember_classes(release: Release, roles: Roles, classes: EquivalenceClasses) -> None:
    """Keep the classes of a release whose maker knows them, where they would be merged anew."""
    if not _merges(release, roles):
        return
    key = (roles.quasi_identifiers, roles.sensitive, roles.person, roles.weight)
    release.class_tables[key] = replace(classes, population=None)


def tuples_of(
    release: Release, roles: Roles, classes: EquivalenceClasses
) -> tuple[EquivalenceClasses, NDArray[np.int32]] | None:
    """
    Return the classes of the original and which class of a release each of them became.

    Parameters
    ----------
    release : Release
    roles : Roles
    classes : EquivalenceClasses
        Those of the release.

    Returns
    -------
    (EquivalenceClasses, int32[m0]) or None
        -1 for a class that is left out. None where records were grouped anew.
    """
    if not _merges(release, roles) or classes.merged is None:
        return None
    if release.kept is not None and not isinstance(release.kept, TupleMask):
        return None
    base = base_classes(release.source, roles)
    if isinstance(release.kept, TupleMask) and release.kept.base.columns != base.columns:
        return None
    return base, classes.merged


def _published(release: Release, roles: Roles) -> tuple[str, ...]:
    return tuple(name for name in roles.require_quasi_identifiers() if name in release.columns)


def _merges(release: Release, roles: Roles) -> bool:
    """Whether the classes of a release are merged classes of the original."""
    published = _published(release, roles)
    return (
        roles.person is None
        and release.origin is None
        and published == roles.quasi_identifiers
        and all(release.columns[name].lookup is not None for name in published)
        and all(
            name in release.columns and release.columns[name].unchanged for name in roles.sensitive
        )
    )


def _classes_of(release: Release, roles: Roles) -> EquivalenceClasses:
    published = _published(release, roles)
    if not _merges(release, roles):
        return _from_records(release, roles, published)
    base = base_classes(release.source, roles)
    if isinstance(release.kept, TupleMask):
        if release.kept.base.columns != base.columns:
            return _from_records(release, roles, published)
        return base.recode(recoding(release, published), release.kept.keep)
    if release.kept is not None:
        return _from_records(release, roles, published)
    return base.recode(recoding(release, published))


def recoding(release: Release, names: tuple[str, ...]) -> dict[str, tuple[NDArray[np.int32], int]]:
    """Return the lookup and cardinality of each changed column, for `EquivalenceClasses.recode`."""
    rules: dict[str, tuple[NDArray[np.int32], int]] = {}
    for name in names:
        column = release.columns[name]
        if column.lookup is not None and not column.unchanged:
            rules[name] = (_everywhere(column, column.lookup), column.cardinality)
    return rules


def _everywhere(column: ReleasedColumn, lookup: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return a rule for values of other tables too: a column of ``*`` alone takes every value."""
    return lookup if column.nodes.labels else np.full_like(lookup, column.suppressed)


def _with_population(
    classes: EquivalenceClasses, release: Release, population: Population
) -> EquivalenceClasses:
    """Return the classes of a release beside the population, recoded as the release was."""
    if population.table is None:
        if population.size is None:
            return classes
        return replace(classes, population=PopulationClasses(population.size))
    size = population.table.records
    rules: dict[str, tuple[NDArray[np.int32], int]] = {}
    for name in classes.columns:
        column = release.columns[name]
        lookup = column.lookup if release.origin is None else _lookup_by_leaf(release, name)
        if lookup is None:
            return replace(classes, population=PopulationClasses(size))
        if release.origin is not None or not column.unchanged:
            rules[name] = (_everywhere(column, lookup), column.cardinality)
    base = _classes_of_table(release.origin or release.source, classes.columns, population.table)
    return replace(classes, population=PopulationClasses(size, base).recode(rules))


def _classes_of_table(
    source: EncodedTable, names: tuple[str, ...], table: Dataset
) -> EquivalenceClasses:
    """Return the classes of a population table as it is, over the original's codes."""
    key = ("population", names, table.digest)
    if key not in source.memo:
        for name in names:
            if name not in table.column_names:
                raise PrivacyToolError(
                    f"The population table has no column {name!r}, which is a quasi-identifier. "
                    "Add the column or choose another population."
                )
        grouped = group_records(
            {name: codes_in(source.domain(name), table) for name in names},
            {name: source.domain(name).cardinality for name in names},
            table.records,
        )
        # Nobody asks for the class of a row here, and merging is faster without them.
        source.memo[key] = replace(grouped, grouped=np.empty(0, np.int32))
    counted: EquivalenceClasses = source.memo[key]
    return counted


def _lookup_by_leaf(release: Release, name: str) -> NDArray[np.int32] | None:
    """Return the released code of each original code where no leaf is below two labels."""
    column, domain = release.columns[name], release.domain(name)
    if np.unique(column.nodes.members).size != column.nodes.members.size:
        return None
    lookup = np.full(domain.cardinality, -1, np.int32)
    lookup[column.nodes.members] = np.repeat(np.arange(column.missing), column.nodes.sizes)
    lookup[[domain.missing, domain.suppressed]] = column.missing, column.suppressed
    return lookup
