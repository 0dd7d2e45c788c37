from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.rank_swapping import swap_partners


def slow_partners(draws, farthest):
    """Return the partners by the definition, with lists."""
    n = len(draws)
    partner = list(range(n))
    free = set(range(n))
    for rank in range(n):
        if rank not in free:
            continue
        free.remove(rank)
        last = min(n - 1, rank + farthest)
        start = rank + 1 + int(draws[rank] * (last - rank))
        from_there = [i for i in range(start, last + 1) if i in free]
        near = from_there or [i for i in range(rank + 1, last + 1) if i in free]
        if near:
            free.remove(near[0])
            partner[rank], partner[near[0]] = near[0], rank
    return partner


def test_by_hand():
    # 0 draws among 1..2: 2. 1 draws 2..3: 2 is taken, so 3. 4 has nobody left.
    draws = np.array([0.9, 0.1, 0.5, 0.5, 0.5])
    assert swap_partners(draws, 2).tolist() == [2, 3, 0, 1, 4]


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 1, exclude_max=True), max_size=60),
    st.integers(1, 70),
)
def test_partners_are_near_mutual_and_by_the_definition(draws, farthest):
    partner = swap_partners(np.array(draws, float), farthest)
    ranks = np.arange(len(draws))
    assert np.array_equal(partner[partner], ranks)
    assert np.all(np.abs(partner - ranks) <= farthest)
    assert partner.tolist() == slow_partners(draws, farthest)


def test_nearly_everybody_finds_a_partner():
    partner = swap_partners(np.random.default_rng(0).random(10_000), 500)
    assert np.mean(partner == np.arange(10_000)) < 0.01
