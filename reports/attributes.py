"""The attribute table: what each column is, why, and what happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from microdata.profile import profile
from microdata.release import Release
from microdata.roles import Role
from microdata.vocabulary import topics_of
from reports.case import Case

if TYPE_CHECKING:
    from microdata.profile import ColumnProfile

ADULT_AGE = 18
NOTHING_LEFT = frozenset({"left out", "replaced by *"})
"""What became of a column that tells nothing any more."""


@dataclass(frozen=True, kw_only=True)
class AttributeRow:
    """
    One column in the attribute table of the report.

    Parameters
    ----------
    name, kind, role, suggested_role, reason : str
        What it is, what it was taken for, and why that was suggested.
    overruled_because : str
        The user's reason where the role is not the suggested one, or "".
    special_category, hipaa_class : str
        Or "".
    delicate : str
        Why a disclosure would be serious: the special category, "finance", "location",
        "children", or "".
    distinct, missing : int
        Number of distinct values and of missing cells.
    action : str
        What the recipe does with it, as words.
    """

    name: str
    kind: str
    role: str
    suggested_role: str
    reason: str
    overruled_because: str
    special_category: str
    hipaa_class: str
    delicate: str
    distinct: int
    missing: int
    action: str

    @property
    def kept(self) -> bool:
        """Whether the table that would be shared still tells something by this column."""
        return self.action not in NOTHING_LEFT


def attribute_rows(case: Case, release: Release | None) -> tuple[AttributeRow, ...]:
    """Return the attribute table: what each column is, why, and what happens to it."""
    rows = []
    for known in profile(case.dataset).columns:
        role = case.roles.role_of(known.name)
        rows.append(
            AttributeRow(
                name=known.name,
                kind=known.kind.value,
                role=role.value,
                suggested_role=known.role.value,
                reason=known.reason,
                overruled_because=case.overruled.get(known.name, ""),
                special_category=known.special_category or "",
                hipaa_class=known.hipaa_class or "",
                delicate=_delicate(case, known),
                distinct=known.distinct,
                missing=known.missing,
                action=_action(release, known.name, role),
            )
        )
    return tuple(rows)


def _delicate(case: Case, known: ColumnProfile) -> str:
    """Return why a disclosure of a column would be serious, or ""."""
    if known.special_category:
        return known.special_category
    topics = topics_of(known.name)
    if topics and topics[0].what == "an age":
        ages = pd.to_numeric(case.dataset.frame[known.name].astype("string"), errors="coerce")
        young = int(((ages >= 0) & (ages < ADULT_AGE)).sum())
        # Fewer would say of some few people that they are children.
        return "children" if young >= case.disclosure_threshold else ""
    return next((topic.delicate for topic in topics if topic.delicate), "")


def _action(release: Release | None, name: str, role: Role) -> str:
    if release is None:
        if role is Role.DIRECT_IDENTIFIER:
            return "in clear: nothing was done about it"
        return "as in the original"
    if name not in release.columns:
        return "left out"
    column = release.columns[name]
    if column.unchanged:
        return "as in the original"
    if not column.nodes.labels:
        return "replaced by *"
    if column.perturbed:
        return "values changed, so that they need not be the true ones"
    if column.lookup is None:
        return "coarser in some rows than in others, or replaced by *"
    distinct = len(release.source.domain(name).leaves)
    if len(column.nodes.labels) >= distinct:
        return "values replaced one by one"
    return f"generalised: {distinct:,} values become {len(column.nodes.labels):,}"
