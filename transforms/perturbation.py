"""What the steps that change numbers have in common: reading them, drawing, writing new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from microdata.dataset import ColumnKind
from microdata.errors import PrivacyToolError
from microdata.hierarchy import Nodes
from microdata.kinds import numeric_values
from microdata.release import ReleasedColumn
from transforms.step import require_unchanged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Domain
    from microdata.release import Release

MOST_DECIMALS = 20
_FIXED_BELOW = 1e16  # above it a float no longer holds every whole number


@dataclass(frozen=True, eq=False, kw_only=True)
class NumberColumn:
    """
    An unchanged column read as numbers.

    Parameters
    ----------
    domain : Domain
        D leaves.
    leaves : float64[D]
        The number of each leaf; NaN for one that no record holds and that is not a number.
    codes : uint8/16/32[n0]
        The leaf of each original record.
    decimals : int
        The most digits after the decimal mark that a value has.
    mark : str
        The decimal mark of the table.
    """

    domain: Domain
    leaves: NDArray[np.float64]
    codes: NDArray[np.uint32]
    decimals: int
    mark: str

    @property
    def values(self) -> NDArray[np.float64]:
        """The number of each original record, NaN where it is missing: float64[n0]."""
        return np.append(self.leaves, [np.nan, np.nan])[self.codes]


def number_column(release: Release, name: str, *, step: str) -> NumberColumn:
    """
    Read an unchanged column as numbers.

    Raises
    ------
    PrivacyToolError
        It is not there, was changed before, holds codes or values that are not numbers, or
        nothing at all.
    """
    require_unchanged(release, (name,), step=step)
    source = release.source
    domain = source.domain(name)
    if domain.kind is ColumnKind.CODE:
        raise PrivacyToolError(
            f"The digits in the column {name!r} are read as codes, not as numbers, so the step "
            f"{step!r} cannot change them. Read the column as numbers, or leave it out of the step."
        )
    mark = "," if source.dataset.read.decimal == "," else "."
    numbers = numeric_values(domain.leaves, mark)
    held = source.counts(name)[:-1] > 0
    unreadable = int((held & ~np.isfinite(numbers)).sum())
    if unreadable:
        raise PrivacyToolError(
            f"{unreadable:,} different values of the column {name!r} are not numbers, so the step "
            f"{step!r} cannot change it. Repair them, mark them as missing, or leave the column "
            "out of the step."
        )
    if not held.any():
        raise PrivacyToolError(
            f"The column {name!r} holds no value, so the step {step!r} has nothing to change. "
            "Leave it out of the step."
        )
    texts = [leaf for leaf, there in zip(domain.leaves, held.tolist(), strict=True) if there]
    return NumberColumn(
        domain=domain,
        leaves=numbers,
        codes=source.codes[name],
        decimals=most_decimals(texts, mark),
        mark=mark,
    )


def too_large(column: str) -> PrivacyToolError:
    """Build the error for numbers that cannot be summed or squared."""
    return PrivacyToolError(
        f"The numbers of the column {column!r} are too large to be averaged. Round them or give "
        "them in a larger unit first."
    )


def most_decimals(texts: Sequence[str], mark: str) -> int:
    """
    Return the most digits after the decimal mark among texts that are numbers.

    Examples
    --------
    >>> most_decimals(["3", "2.50", "1e-3", "12e2"], ".")
    3
    """
    most = 0
    for text in texts:
        digits, _, power = text.lower().partition("e")
        most = max(most, len(digits.partition(mark)[2]) - int(power or 0))
    return min(most, MOST_DECIMALS)


def own_decimals(value: float) -> int:
    """Return how many digits after the decimal mark a number given by a person has."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return min(MOST_DECIMALS, max(0, -exponent)) if isinstance(exponent, int) else 0


def number_text(value: float | Decimal, decimals: int, mark: str = ".") -> str:
    """
    Write a number with a fixed number of decimals and the table's decimal mark.

    Examples
    --------
    >>> [number_text(x, 1, ",") for x in (2.25, -0.01, 1e300)]
    ['2,2', '0,0', '1e+300']
    """
    large = abs(float(value)) >= _FIXED_BELOW
    text = repr(float(value)) if large else f"{value:.{decimals}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")  # nobody writes a negative zero
    return text.replace(".", mark)


def released_numbers(
    column: NumberColumn,
    values: NDArray[np.float64],
    decimals: int,
    suppressed: NDArray[np.bool_] | None = None,
) -> ReleasedColumn:
    """
    Build a column of new numbers, each over the original leaf nearest to it.

    Parameters
    ----------
    column : NumberColumn
    values : float64[n0]
        The new number of each original record; NaN stays missing.
    decimals : int
        To which they are rounded.
    suppressed : bool[n0], optional
        Which cells become ``*``.

    Raises
    ------
    PrivacyToolError
        A new number is infinite.
    """
    name = column.domain.column
    written = ~np.isnan(values)
    if suppressed is not None:
        written &= ~suppressed
    if not np.all(np.isfinite(values[written])):
        raise too_large(name)
    distinct, place = np.unique(_rounded(values[written], decimals), return_inverse=True)
    position: dict[str, int] = {}
    code_of = np.fromiter(
        (
            position.setdefault(number_text(value, decimals, column.mark), len(position))
            for value in distinct.tolist()
        ),
        np.int32,
        distinct.size,
    )
    labels = tuple(position)
    nearest = _nearest_leaves(column, labels)
    nodes = Nodes(labels, np.arange(len(labels) + 1, dtype=np.int64), nearest)
    explicit = np.full(values.size, len(labels), np.int32)
    explicit[written] = code_of[place]
    if suppressed is not None:
        explicit[suppressed] = len(labels) + 1
    return ReleasedColumn(name, nodes, explicit=explicit, perturbed=True)


def _rounded(values: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    """Return rounded numbers, so that few are left to be written; too large ones as they are."""
    unit = 10.0**decimals
    with np.errstate(over="ignore"):
        units = np.rint(values * unit)
    return np.where(np.abs(units) < _FIXED_BELOW, units / unit, values)


def nearest_places(
    ascending: NDArray[np.int64] | NDArray[np.float64],
    wanted: NDArray[np.int64] | NDArray[np.float64],
) -> NDArray[np.int64]:
    """
    Return the place of the number nearest to each wanted one, the lower of two as near.

    Examples
    --------
    >>> nearest_places(np.array([1, 3, 9]), np.array([-5, 2, 4, 7, 90])).tolist()
    [0, 0, 1, 2, 2]
    """
    above = np.searchsorted(ascending, wanted).clip(max=max(0, ascending.size - 1))
    below = np.maximum(above - 1, 0)
    with np.errstate(over="ignore"):  # two numbers may lie further apart than a float holds
        lower_is_nearer = wanted - ascending[below] <= ascending[above] - wanted
    return np.asarray(np.where(lower_is_nearer, below, above), np.int64)


def _nearest_leaves(column: NumberColumn, labels: tuple[str, ...]) -> NDArray[np.int32]:
    numbers = numeric_values(labels, column.mark)
    known = np.flatnonzero(np.isfinite(column.leaves))
    order = known[np.argsort(column.leaves[known], kind="stable")]
    nearest = order[nearest_places(column.leaves[order], numbers)]
    own = np.fromiter((column.domain.positions.get(x, -1) for x in labels), np.int64, len(labels))
    return np.where(own >= 0, own, nearest).astype(np.int32)
