"""How an attacker's knowledge of one column goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from microdata.errors import PrivacyToolError
from microdata.numbers import ORDERED, leaf_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from microdata.encoding import Domain, EncodedTable


FARTHEST = 1_000_000
"""By how many units or days a value is off at most."""


def not_known(domain: Domain) -> int:
    """Return the code of a value that the attacker does not know: it fits every value."""
    return domain.suppressed


def unheard_of(domain: Domain) -> int:
    """Return the code of a value that the column never holds: only ``*`` fits it."""
    return domain.suppressed + 1


class ErrorModel(Protocol):
    """How often a known value is not taken over as it is, and what then stands in its place."""

    @property
    def rate(self) -> float:
        """The probability that a value is replaced."""
        ...

    def replaced(
        self, codes: NDArray[np.int64], column: str, source: EncodedTable, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Return what stands in the place of some values of a column."""
        ...


def check_rate(rate: float, what: str) -> None:
    """Refuse a rate outside 0 to 1."""
    if not 0 <= rate <= 1:
        raise PrivacyToolError(f"{what} must lie between 0 and 1. Give a share such as 0.05.")


@dataclass(frozen=True, kw_only=True)
class Redraw:
    """
    A value drawn from the column's values among all original records, in place of the known one.

    Parameters
    ----------
    rate : float
        The value drawn may be the right one: the share of wrong values is rate (1 - sum p^2),
        where p are the shares of the values.
    """

    rate: float

    def __post_init__(self) -> None:
        check_rate(self.rate, "The rate of errors")

    def replaced(
        self, codes: NDArray[np.int64], column: str, source: EncodedTable, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Return values drawn from the column; those given where it holds none."""
        upper = np.cumsum(source.counts(column)[:-1])
        total = int(upper[-1]) if upper.size else 0
        if not total:
            return codes
        drawn = rng.integers(total, size=codes.size)
        return np.searchsorted(upper, drawn, side="right").astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class Shift:
    """
    A number or date that is off by up to so many units or days, either way.

    Parameters
    ----------
    rate : float
    distance : int
        The largest number of units or days; each up to it is as likely. The value of the column
        nearest to the shifted one is taken.
    """

    rate: float
    distance: int

    def __post_init__(self) -> None:
        check_rate(self.rate, "The rate of errors")
        if self.distance < 1:
            raise PrivacyToolError("A value is off by 1 unit or more. Give a larger distance.")
        if self.distance > FARTHEST:
            raise PrivacyToolError(
                f"A value is off by at most {FARTHEST:,} units. Give a smaller distance."
            )

    def replaced(
        self, codes: NDArray[np.int64], column: str, source: EncodedTable, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Return the nearest values to the shifted ones; what is no number stays."""
        domain = source.domain(column)
        if domain.kind not in ORDERED:
            raise PrivacyToolError(
                f"The column {column!r} holds neither numbers nor dates, so its values cannot be "
                "off by some units. Choose another error for it."
            )
        values = leaf_numbers(domain, source.dataset.read.decimal)
        order = np.argsort(values, kind="stable")
        order = order[: int(np.isfinite(values).sum())]
        off = rng.integers(1, self.distance, size=codes.size, endpoint=True)
        off = np.where(rng.random(codes.size) < 0.5, -off, off)
        wanted = np.append(values, np.nan)[np.minimum(codes, values.size)] + off
        known = np.isfinite(wanted)
        if not known.any():
            return codes
        line = values[order]
        right = np.clip(np.searchsorted(line, wanted[known]), 0, line.size - 1)
        left = np.maximum(right - 1, 0)
        nearer = np.abs(line[left] - wanted[known]) <= np.abs(line[right] - wanted[known])
        shifted = codes.copy()
        shifted[known] = order[np.where(nearer, left, right)]
        return shifted


@dataclass(frozen=True, kw_only=True)
class TransposedDigits:
    """Two neighbouring digits of a value in each other's place; a value without two stays."""

    rate: float

    def __post_init__(self) -> None:
        check_rate(self.rate, "The rate of errors")

    def replaced(
        self, codes: NDArray[np.int64], column: str, source: EncodedTable, rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Return the values with two digits exchanged."""
        domain = source.domain(column)
        slips: dict[int, NDArray[Any]] = {}
        replaced = codes.copy()
        for i, code in enumerate(codes.tolist()):
            if code >= len(domain.leaves):
                continue
            if code not in slips:
                slips[code] = _transposed(domain, domain.leaves[code])
            if slips[code].size:
                replaced[i] = rng.choice(slips[code])
        return replaced


def _transposed(domain: Domain, text: str) -> NDArray[np.int64]:
    """Return the codes of a value with each pair of neighbouring, different digits exchanged."""
    return np.array(
        [
            domain.positions.get(f"{text[:i]}{text[i + 1]}{text[i]}{text[i + 2 :]}", strange)
            for strange in (unheard_of(domain),)
            for i in range(len(text) - 1)
            if text[i].isdigit() and text[i + 1].isdigit() and text[i] != text[i + 1]
        ],
        np.int64,
    )


MODELS: Mapping[str, type[ErrorModel]] = {
    "redraw": Redraw,
    "shift": Shift,
    "digits": TransposedDigits,
}
"""The errors that settings may name."""


def error_to_json(model: ErrorModel) -> dict[str, Any]:
    """Return an error as an object, such as ``{"model": "redraw", "rate": 0.1}``."""
    for name, kind in MODELS.items():
        if type(model) is kind:
            return {"model": name, **vars(model)}
    raise TypeError("Only the errors of `MODELS` are saved.")


def error_from_json(column: str, data: object) -> ErrorModel:
    """
    Read what `error_to_json` wrote.

    Raises
    ------
    PrivacyToolError
        No such error, unknown or lacking keys, another type, or a number out of range.
    """
    where = f"The error of the column {column!r}"
    if not isinstance(data, Mapping) or str(data.get("model")) not in MODELS:
        raise PrivacyToolError(
            f"{where} must be an object whose 'model' is one of: {', '.join(MODELS)}."
        )
    shifts = data["model"] == "shift"
    needed = {"rate", "distance"} if shifts else {"rate"}
    unknown = {str(key) for key in data} - needed - {"model"}
    if unknown:
        raise PrivacyToolError.unknown_keys(unknown, where=where)
    for key in sorted(needed):
        types = int if key == "distance" else int | float
        if isinstance(data.get(key), bool) or not isinstance(data.get(key), types):
            raise PrivacyToolError(f"{where} needs a number under {key!r}. Write one.")
    if shifts:
        return Shift(rate=data["rate"], distance=data["distance"])
    return (Redraw if data["model"] == "redraw" else TransposedDigits)(rate=data["rate"])
