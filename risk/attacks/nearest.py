"""Who is nearest to what an attacker knows, where nobody fits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.kernels import group_keys
from microdata.keys import key_layout, pack_keys
from microdata.numbers import leaf_numbers
from risk.attacks.kernels import nearest_people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.release import Release
    from risk.attacks.candidates import Matching
    from risk.attacks.people import Units


NUMBERS_DIFFER = 0.25
"""How far two different numbers of a column are apart on average, as a share of its range."""


@dataclass(frozen=True, eq=False)
class Line:
    """
    A column of numbers or dates as a line that is 1 long, as far as original records reach.

    Parameters
    ----------
    place : float64[known]
        Where each known code stands; NaN where it is no number.
    offsets : int64[r + 1]
    below : float64[p]
        Where the values below released code j stand: below[offsets[j]:offsets[j + 1]], ascending.
    """

    place: NDArray[np.float64]
    offsets: NDArray[np.int64]
    below: NDArray[np.float64]

    @classmethod
    def of(cls, release: Release, column: str, known: int) -> Line:
        """Return the line of a column; one without places where it holds no different numbers."""
        domain, nodes = release.domain(column), release.columns[column].nodes
        numbers = leaf_numbers(domain, release.source.dataset.read.decimal)
        held = numbers[(release.source.counts(column)[:-1] > 0) & np.isfinite(numbers)]
        length = float(np.ptp(held)) if held.size else 0.0
        place = np.full(known, np.nan)
        if length > 0:
            place[: numbers.size] = np.where(np.isfinite(numbers), numbers, np.nan) / length
        node = np.repeat(np.arange(len(nodes.labels)), nodes.sizes)
        below = place[nodes.members]
        node, below = node[~np.isnan(below)], below[~np.isnan(below)]
        order = np.lexsort((below, node))
        released = release.columns[column].cardinality
        offsets = np.append(0, np.cumsum(np.bincount(node, minlength=released)))
        return cls(place, offsets.astype(np.int64), below[order])


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    The people at the least distance from what is known.

    Notes
    -----
    The distance of a known value from a released one is 0 where it fits, as it does where nothing
    is known and where the cell is ``*`` to an attacker who reads labels. For numbers and dates it
    is the distance to the nearest value that the label stands for, as a share of the range among
    the original records, 1 at most; otherwise 1, as for a value of a register that the column never
    holds. A person's distance is the mean over the known columns. All who are at the least distance
    are candidates.

    References
    ----------
    Gower (1971), A general coefficient of similarity and some of its properties, Biometrics 27(4).
    """

    matchings: Mapping[str, Matching]
    lines: Mapping[str, Line]

    @classmethod
    def of(cls, release: Release, matchings: Mapping[str, Matching]) -> Nearest:
        """Prepare the columns of a release."""
        lines = {name: Line.of(release, name, of.known) for name, of in matchings.items()}
        return cls(matchings, lines)

    def found(
        self,
        units: Units,
        known: Mapping[str, NDArray[np.int64]],
        released: Mapping[str, NDArray[np.int64]],
        owner: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """
        Count the people nearest to each target.

        Parameters
        ----------
        units : Units
            Over the known columns; at least one.
        known : mapping of str to int64[T]
        released : mapping of str to int64[e]
            What the targets' own records show; -1 where the release has no place for a value.
        owner : int64[e]
            Whose of the targets each record is.

        Returns
        -------
        size : int64[T]
        fits : bool[T]
            Whether an own record is among the nearest.
        """
        # Where people differ most comes first: most of them are soon too far to look at the rest.
        columns = sorted(units.codes, key=lambda name: self._alike(name, units))
        targets = known[columns[0]].size
        layout = key_layout({name: self.matchings[name].known for name in columns})
        group, first = group_keys(pack_keys(layout, known, targets))
        order = np.argsort(group[owner], kind="stable")
        of_group = np.bincount(group[owner], minlength=first.size)
        rows = np.append(0, np.cumsum([self.matchings[name].open.size for name in columns]))
        codes = np.append(0, np.cumsum([self.matchings[name].known for name in columns]))
        own = [
            np.where(released[name][order] < 0, -1, released[name][order] + start)
            for name, start in zip(columns, rows, strict=False)
        ]
        size, near = nearest_people(
            (
                np.stack(
                    [units.codes[c] + r for c, r in zip(columns, rows, strict=False)], axis=1
                ).astype(np.int32),
                rows.astype(np.int64),
                np.concatenate([self.matchings[name].open for name in columns]),
            ),
            (units.count, units.owner),
            (self._fits(columns, rows, codes), self._numbers(columns)),
            np.stack([known[c][first] + a for c, a in zip(columns, codes, strict=False)]),
            (np.append(0, np.cumsum(of_group)).astype(np.int64), np.stack(own)),
        )
        fits = np.bincount(owner[order][near], minlength=targets) > 0
        return size[group], fits

    def _alike(self, column: str, units: Units) -> float:
        """Return how alike people are in a column, about: 1 minus the mean distance of two."""
        share = np.bincount(units.codes[column], weights=units.count) / units.count.sum()
        words = self.lines[column].below.size == 0
        return 1 - float(1 - (share**2).sum()) * (1.0 if words else NUMBERS_DIFFER)

    def _fits(
        self, columns: list[str], rows: NDArray[np.int64], codes: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which released values each known one fits, numbered over all columns."""
        known, shown = [], []
        for name, row, code in zip(columns, rows, codes, strict=False):
            matching = self.matchings[name]
            known.append(matching.members + code)
            shown.append(np.repeat(np.arange(matching.open.size), matching.degree) + row)
        joint = np.concatenate(known)
        number = np.bincount(joint, minlength=int(codes[-1]))
        order = np.argsort(joint, kind="stable")
        return np.append(0, np.cumsum(number)).astype(np.int64), np.concatenate(shown)[order]

    def _numbers(
        self, columns: list[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
        lines = [self.lines[name] for name in columns]
        begin = np.append(0, np.cumsum([line.below.size for line in lines]))
        offsets = [line.offsets[1:] + at for line, at in zip(lines, begin, strict=False)]
        return (
            np.concatenate([line.place for line in lines]),
            np.concatenate([np.zeros(1, np.int64), *offsets]).astype(np.int64),
            np.concatenate([line.below for line in lines]),
        )
