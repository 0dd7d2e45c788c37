"""The contingencies of merged classes, made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from microdata.kernels import compose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from microdata.classes import Contingency


class Regrouped(Mapping[str, "Contingency"]):
    """
    The contingency of each sensitive attribute after classes are merged or left out.

    Classes are often merged twice before anybody asks; what nobody asked for is skipped.

    Parameters
    ----------
    tables : mapping of str to Contingency
        Of the classes before.
    group : int32[m]
        Where each of them goes, -1 for nowhere.
    groups : int
    """

    def __init__(
        self, tables: Mapping[str, Contingency], group: NDArray[np.int32], groups: int
    ) -> None:
        self.tables, self.group, self.groups = tables, group, groups
        self.made: dict[str, Contingency] = {}

    def __getitem__(self, name: str) -> Contingency:
        """Return the contingency of a sensitive attribute."""
        if name not in self.made:
            tables, group = self.tables, self.group
            while isinstance(tables, Regrouped) and name not in tables.made:
                group = compose(tables.group, group)
                tables = tables.tables
            self.made[name] = tables[name].regroup(group, self.groups)
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        """Run over the sensitive attributes."""
        return iter(self.tables)

    def __len__(self) -> int:
        """Return how many sensitive attributes there are."""
        return len(self.tables)
