"""The outcome of a simulated attack for each target, and the figures that are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microdata.measure import Estimate, Figure, NotComputed, Path
from risk.attacks.result import SIZE_BANDS, SMALL, TOP_N, UNCHECKED, CurvePoint, SubsetResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_CLAIM = NotComputed(reason="Nobody was left with a single candidate, so no match was claimed.")
NO_CANDIDATE = NotComputed(reason="What the attacker knows fits nobody in the release.")
NOT_NEAREST = NotComputed(
    reason="This attacker claims nobody where no record fits, so none was matched with the "
    "nearest one."
)
NO_NEAREST_CLAIM = NotComputed(
    reason="Nobody was matched with one nearest person alone, so no such match was claimed."
)
NEEDS_PAIRS: tuple[Path, ...] = (
    ("top_1",),
    ("expected",),
    *(("top_n", str(n)) for n in TOP_N),
    ("unique", "precision"),
    ("nearest", "precision"),
    ("baseline",),
    ("advantage",),
    ("control",),
)
"""Figures that need to know whose the records are."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """
    The outcome for each target of one repeat.

    Parameters
    ----------
    size : int64[T]
        How many released people fit what is known.
    fits : bool[T]
        Whether the target's own record is among them.
    member : float64[T]
        The probability that the target is in the release at all; 1 where that is certain.
    nearest : bool[T]
        Whether nobody fits, and the candidates are the nearest people instead.
    checked : bool
        Whether it is known which records are the targets' own; else `fits` and `member` say
        nothing.
    """

    size: NDArray[np.int64]
    fits: NDArray[np.bool_]
    member: NDArray[np.float64]
    nearest: NDArray[np.bool_]
    checked: bool = True

    @property
    def probability(self) -> NDArray[np.float64]:
        """That a guess among the candidates is right: float64[T]."""
        return np.where(self.fits, self.member / np.maximum(self.size, 1), 0.0)

    @property
    def success(self) -> NDArray[np.float64]:
        """What an interval is given for: right guesses, or claims where none can be checked."""
        return self.probability if self.checked else (self.size == 1).astype(np.float64)


def claims_of(found: Sequence[Found], sizes: Sequence[int]) -> tuple[CurvePoint, ...]:
    """
    Return the claims of attackers who claim a match where few enough candidates are left.

    Parameters
    ----------
    found : sequence of Found
        One a repeat; the claims are the average over them.
    sizes : sequence of int
        Up to how many candidates each of the attackers claims, ascending.
    """
    claims, right = np.zeros(len(sizes) + 1), np.zeros(len(sizes) + 1)
    for one in found:
        some = one.size > 0
        first = np.searchsorted(sizes, one.size[some])
        claims += np.bincount(first, minlength=claims.size)
        right += np.bincount(first, weights=one.probability[some], minlength=claims.size)
    targets = sum(one.size.size for one in found)
    checked = found[0].checked
    return tuple(
        CurvePoint(
            confidence=1 / size,
            claims=number / len(found),
            precision=rightly / number if number and checked else None,
            recall=rightly / targets if checked else None,
        )
        for size, number, rightly in zip(
            sizes, np.cumsum(claims).tolist(), np.cumsum(right).tolist(), strict=False
        )
    )


def subset_result(columns: tuple[str, ...], found: Found) -> SubsetResult:
    """Return what one set of known columns gives away."""
    (point,) = claims_of([found], (1,))
    return SubsetResult(
        columns=columns,
        top_1=float(found.probability.mean()) if found.checked else None,
        unique=point.claims / found.size.size,
        precision=point.precision,
    )


def figures_of(
    found: Sequence[Found], people: int, asked: int, top: Estimate, *, use_nearest: bool
) -> dict[Path, Figure]:
    """
    Return the figures of an attack from the outcomes of its repeats.

    Parameters
    ----------
    found : sequence of Found
    people : int
        n, among whom a blind guess is made.
    asked : int
        How many people could have been targets; the targets stand for all of them.
    top : Estimate
        The success of the first guess, as it is to be told.
    use_nearest : bool
        Whether the nearest people are candidates where nobody fits.

    Notes
    -----
    Candidates, claims and the control count matches by nearest as any other; ``nearest`` tells how
    many they are.
    """
    size = np.concatenate([one.size for one in found])
    probability = np.concatenate([one.probability for one in found])
    member = np.concatenate([one.member for one in found])
    right = np.concatenate([one.fits for one in found]) * member

    def as_top(value: float) -> Estimate:
        return Estimate(value=value, method=top.method, attacker=top.attacker, seed=top.seed)

    nearest = np.concatenate([one.nearest for one in found])
    by_nearest = nearest & (size == 1)
    some = size[size > 0]
    (unique,) = claims_of(found, (1,))
    nearest_precision: Figure = NO_NEAREST_CLAIM if use_nearest else NOT_NEAREST
    if by_nearest.any():
        nearest_precision = as_top(float(probability[by_nearest].mean()))
    baseline = float(member.mean()) / people
    gain = NotComputed(reason="One person is released, so a blind guess is always right.")
    outside = float((1 - member).sum())
    figures: dict[Path, Figure] = {
        ("top_1",): top,
        ("expected",): as_top(top.value * asked),
        **{
            ("top_n", str(n)): as_top(
                float((right * np.minimum(1, n / np.maximum(size, 1))).mean())
            )
            for n in TOP_N
        },
        **{
            ("candidates", name): as_top(float(np.quantile(some, share, method="inverted_cdf")))
            if some.size
            else NO_CANDIDATE
            for name, share in (("median", 0.5), ("p5", 0.05))
        },
        **{
            ("candidates", f"below_{k}"): as_top(float(((size > 0) & (size < k)).mean()))
            for k in SMALL
        },
        ("candidates", "none"): as_top(float((size == 0).mean())),
        ("candidates", "nearest"): as_top(float(nearest.mean())) if use_nearest else NOT_NEAREST,
        **{
            ("candidates", "share", band): as_top(share)
            for band, share in zip(SIZE_BANDS, _share_by_band(size), strict=True)
        },
        ("unique", "claims"): as_top(unique.claims),
        ("unique", "precision"): NO_CLAIM if unique.precision is None else as_top(unique.precision),
        ("nearest", "claims"): as_top(int(by_nearest.sum()) / len(found))
        if use_nearest
        else NOT_NEAREST,
        ("nearest", "precision"): nearest_precision,
        ("baseline",): as_top(baseline),
        ("advantage",): gain
        if baseline >= 1
        else as_top((float(probability.mean()) - baseline) / (1 - baseline)),
        ("control",): NotComputed(
            reason="Every person looked for is in the release, so nobody can be claimed who is "
            "not. Give a population table and say that membership is unknown."
        )
        if outside <= 0
        else as_top(float(((1 - member) * (size == 1)).sum() / outside)),
    }
    return figures if found[0].checked else figures | dict.fromkeys(NEEDS_PAIRS, UNCHECKED)


def _share_by_band(size: NDArray[np.int64]) -> list[float]:
    """Return the share of all targets with so many candidates, for each of `SIZE_BANDS`."""
    bounds = [0, *(bound for bound in SIZE_BANDS.values() if bound is not None)]
    band = np.searchsorted(bounds, size, side="left")
    counts = np.bincount(band, minlength=len(SIZE_BANDS) + 1)[1:]
    return [float(count) for count in counts / size.size]
