from __future__ import annotations

import numpy as np
import pytest

from risk.attacks.kernels import WORDS, compatible_people


def twin(released, count, owner, fits, known):
    """Count in plain loops, with a set of the persons met."""
    offsets, members = fits
    totals = []
    for who in known.T:
        people, met = 0, set()
        for j, unit in enumerate(released.T):
            if all(
                row < 0 or value in members[offsets[row] : offsets[row + 1]]
                for row, value in zip(unit, who, strict=True)
            ):
                people += count[j] if owner[j] < 0 else 0
                met |= {owner[j]} - {-1}
        totals.append(people + len(met))
    return totals


@pytest.mark.parametrize("m", [1, 63, 64, 65, 64 * WORDS - 1, 64 * WORDS, 64 * WORDS + 70])
def test_people_are_counted_as_in_plain_loops(m):
    rng = np.random.default_rng(m)
    degree = rng.integers(0, 4, 9)
    offsets = np.append(0, np.cumsum(degree))
    members = np.concatenate(
        [np.sort(rng.choice(6, d, replace=False)) + 6 * (r > 3) for r, d in enumerate(degree)]
    ).astype(np.int64)
    released = np.stack([rng.integers(-1, 4, m), rng.integers(4, 9, m)])
    released[1, rng.random(m) < 0.1] = -1
    owner = np.sort(np.where(rng.random(m) < 0.5, -1, rng.integers(0, max(1, m // 4), m)))
    count = np.where(owner < 0, rng.integers(0, 5, m), 1)
    known = np.stack([rng.integers(0, 6, 12), rng.integers(6, 12, 12)])
    fits = (offsets, members)
    found = compatible_people(released, (count, owner), fits, known, 12)
    assert found.tolist() == twin(released, count, owner, fits, known)
