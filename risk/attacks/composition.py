"""What two releases of the same people give away together, beyond what each of them does alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.measure import Context, Estimate, Figure, NotComputed, Path
from risk.attacks.figures import figures_json, value_of
from risk.attacks.joined import SIDES, Joined
from risk.attacks.pairing import on_original_rows
from risk.attacks.value_sets import given_away
from risk.models.base import WILDCARD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import EncodedTable

PAIRED_ROWS = (
    "Together is the worst case: whoever holds both releases is taken to find out which row of "
    "one is which row of the other, as further columns or the order of the rows often allow."
)


@dataclass(frozen=True, kw_only=True)
class Composition:
    """
    What two releases give away together.

    Parameters
    ----------
    threshold : int
        People in groups of fewer are counted under ``below``.
    figures : mapping of Path to Estimate or NotComputed
        At their places in the command line's JSON. ``smallest``, ``average``, ``unique`` and
        ``below`` stand for the first release, the second, and both together.
    sizes : mapping of str to mapping of int to int
        For ``first``, ``second`` and ``together``, how many people are in groups of each size.
    caveats : tuple of str
    """

    threshold: int
    figures: Mapping[Path, Figure]
    sizes: Mapping[str, Mapping[int, int]]
    caveats: tuple[str, ...]

    def value(self, *path: str) -> float:
        """Return a figure that was computed."""
        return value_of(self.figures, path)

    @property
    def sensitive(self) -> tuple[str, ...]:
        """The sensitive attributes that were asked about."""
        return tuple(dict.fromkeys(path[1] for path in self.figures if path[0] == "sensitive"))

    def to_json(self) -> dict[str, Any]:
        """Return the object that the command line prints."""
        figures, reasons = figures_json(self.figures)
        sizes = {
            side: {str(size): people for size, people in held.items()}
            for side, held in self.sizes.items()
        }
        return {
            "threshold": self.threshold,
            **figures,
            "sizes": sizes,
            "caveats": list(self.caveats),
            "not_computed": reasons,
        }

    def describe(self) -> list[str]:
        """Return the lines that a person reads."""
        smallest = [int(self.value("smallest", side)) for side in SIDES]
        unique = [int(self.value("unique", side)) for side in SIDES]
        people = int(self.value("people", "both"))
        lines = [
            f"Two releases are held together; {people:,} people are in both.",
            f"smallest group: {smallest[2]:,} together, {smallest[0]:,} and {smallest[1]:,} apart",
            f"alone in their group: {unique[2]:,} together, {unique[0]:,} and {unique[1]:,} apart",
            f"average risk together: {self.value('average', 'together'):.4%}",
            f"people whose group shrank: {self.value('shrank'):.4%}",
        ]
        for name in self.sensitive:
            figure = self.figures["sensitive", name, "disclosed"]
            if isinstance(figure, NotComputed):
                lines.append(figure.reason)
                continue
            new = self.value("sensitive", name, "new")
            lines.append(
                f"people whose value of {name!r} is given away: {figure.value:.4%} together, "
                f"{new:.4%} by neither alone"
            )
        return [*lines, *self.caveats]


def compose(
    first: Context, second: Context, *, threshold: int = 5, same_order: bool = False
) -> Composition | NotComputed:
    """
    Intersect the groups of look-alikes of two releases of the same table.

    For each person in both releases, those who are in its group in the one and in its group in
    the other are the only ones it still hides among. Whoever has several records counts once,
    with the smallest group that they are in.

    Parameters
    ----------
    first, second : Context
        With the same roles and rule for missing values, and releases of the same original.
    threshold : int
        From how many people on a group is not told as a small one.
    same_order : bool
        Whether the rows of a release made elsewhere stand in the order of the original.

    Returns
    -------
    Composition or NotComputed
        Not computed where the rows of a release made elsewhere cannot be paired, and where nobody
        is in both releases.

    Raises
    ------
    PrivacyToolError
        Releases of different tables, or with different roles.

    Notes
    -----
    With E_1 and E_2 a person's classes in the two releases, the group together has the size
    |E_1 ∩ E_2|, which is the class size over both recodings as quasi-identifiers. For a sensitive
    attribute, S_1 and S_2 are the values in E_1 and in E_2; it is disclosed where S_1 ∩ S_2 is one
    value, and the set is reduced by 1 - |S_1 ∩ S_2| / min(|S_1|, |S_2|).

    References
    ----------
    Ganta, Kasiviswanathan, Smith (2008), Composition attacks and auxiliary information in data
    privacy, KDD.
    """
    if first.roles != second.roles or first.missing != second.missing:
        raise PrivacyToolError(
            "Two releases are combined only under the same roles and the same rule for missing "
            "values. Measure both alike."
        )
    sides, caveats = [], [PAIRED_ROWS]
    for context in (first, second):
        paired = on_original_rows(context.release, context.roles, same_order=same_order)
        if isinstance(paired, NotComputed):
            return paired
        made_here = paired.release is context.release
        sides.append(context if made_here else replace(context, release=paired.release, memo={}))
        caveats += [caveat for caveat in paired.caveats if caveat not in caveats]
    if not _same_table(sides[0].release.source, sides[1].release.source):
        raise PrivacyToolError(
            "The two releases are of different tables, so nobody can be looked for in both. Give "
            "two releases of the same table."
        )
    joined = Joined.of(sides[0], sides[1])
    if not joined.rows.size:
        return NotComputed(reason="Nobody is in both releases, so they say nothing together.")
    sizes = joined.sizes(sides[0], sides[1])
    if isinstance(sizes, NotComputed):
        return sizes
    caveats += _caveats(sides, joined)
    least = {side: joined.people.least(sizes[side]) for side in SIDES}
    held = {side: _people_by_size(joined, least[side]) for side in SIDES}
    figures = _figures(joined, least, held, threshold)
    for name in first.roles.sensitive:
        for key, figure in given_away((sides[0], sides[1]), name, joined).items():
            figures["sensitive", name, key] = figure
    return Composition(
        threshold=threshold,
        figures=MappingProxyType(figures),
        sizes=MappingProxyType(held),
        caveats=tuple(caveats),
    )


def _same_table(one: EncodedTable, other: EncodedTable) -> bool:
    """Whether two encoded tables are of the same rows, over the same values in the same order."""
    return one is other or (
        one.dataset.digest == other.dataset.digest
        and all(domain.leaves == other.domain(name).leaves for name, domain in one.domains.items())
    )


def _people_by_size(joined: Joined, least: NDArray[np.int64]) -> Mapping[int, int]:
    values, place = np.unique(least, return_inverse=True)
    held = np.zeros(values.size, np.int64)
    np.add.at(held, place, joined.people.weight)
    return MappingProxyType(dict(zip(values.tolist(), held.tolist(), strict=True)))


def _figures(
    joined: Joined,
    least: Mapping[str, NDArray[np.int64]],
    held: Mapping[str, Mapping[int, int]],
    threshold: int,
) -> dict[Path, Figure]:
    people = int(joined.people.weight.sum())
    figures: dict[Path, float] = {
        ("people", "both"): people,
        ("people", "only_first"): joined.only[0],
        ("people", "only_second"): joined.only[1],
    }
    for side in SIDES:
        sizes = held[side]
        figures["smallest", side] = min(sizes)
        figures["average", side] = math.fsum(n / size for size, n in sizes.items()) / people
        figures["unique", side] = sizes.get(1, 0)
        figures["below", side] = sum(n for size, n in sizes.items() if size < threshold)
    shrank = least["together"] < np.minimum(least["first"], least["second"])
    figures["shrank",] = int(joined.people.weight[shrank].sum()) / people
    return {path: Estimate(value=value) for path, value in figures.items()}


def _caveats(sides: list[Context], joined: Joined) -> list[str]:
    said = []
    if any(joined.only):
        said.append(
            f"Only people in both releases are looked for: {joined.only[0]:,} are in the first "
            f"alone and {joined.only[1]:,} in the second alone."
        )
    if joined.person is not None:
        said.append("A person with several rows counts once, with the smallest group.")
    if sides[0].missing == "wildcard":
        said.append(WILDCARD)
    changed = {
        name: None
        for context in sides
        for name in context.classes.columns
        if context.release.columns[name].perturbed
    }
    said += [
        f"Values of the column {name!r} were changed and need not be the true ones. Groups are "
        "counted on the changed values, so this protection is not in the figures."
        for name in changed
    ]
    return said
