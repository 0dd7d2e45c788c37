from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from transforms.local_kernels import group_open, next_round, propose_cuts

FIELDS = np.array([(0, 0), (0, 4), (1, 0)], np.int64)  # the third column in a word of its own
SIZES, CHOICES = (5, 4, 6), 3


def random_tuples(seed, tuples):
    """Codes, counts and a lookup of CHOICES levels a column, coarser and coarser."""
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.integers(0, size, tuples) for size in SIZES], axis=1).astype(np.int32)
    count = rng.integers(1, 4, tuples)
    lookup, starts, position = [], [], 0
    for size in SIZES:
        starts.append([])
        for level in range(CHOICES):
            starts[-1].append(position)
            lookup.append(np.arange(size) >> level)
            position += size
    return codes, count, np.concatenate(lookup).astype(np.int32), np.array(starts, np.int64).T


def recoded(codes, levels):
    return [tuple(int(c) >> level for c, level in zip(row, levels, strict=True)) for row in codes]


def key_of(values):
    return values[0] | values[1] << 4, values[2]


@pytest.mark.parametrize("seed", range(5))
def test_tuples_are_recoded_numbered_and_counted(seed):
    codes, count, lookup, starts = random_tuples(seed, 3000 if seed == 0 else 50)
    levels = (0, 1, 2) if seed else (0, 0, 0)
    start = np.array([starts[level, c] for c, level in enumerate(levels)], np.int64)
    expected = recoded(codes, levels)
    known = np.array([key_of(expected[7]), (15, 99)], np.uint64).T.copy()
    keys, group, total = group_open(codes, count, (lookup, start, FIELDS), known)
    assert [tuple(key) for key in keys.T.tolist()][:2] == [key_of(expected[7]), (15, 99)]
    assert [tuple(keys[:, g].tolist()) for g in group] == [key_of(values) for values in expected]
    sizes = Counter()
    for values, n in zip(expected, count.tolist(), strict=True):
        sizes[key_of(values)] += n
    assert {tuple(k): n for k, n in zip(keys.T.tolist(), total.tolist(), strict=True) if n} == sizes


def test_many_known_keys_find_room():
    known = np.stack([np.arange(5000), np.zeros(5000)]).astype(np.uint64)
    codes = np.zeros((1, 3), np.int32)
    layout = (np.zeros(1, np.int32), np.zeros(3, np.int64), FIELDS)
    keys, group, total = group_open(codes, np.array([7]), layout, known)
    assert (keys.shape[1], int(group[0]), int(total[0])) == (5000, 0, 7)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("with_known", [False, True])
def test_the_first_choice_that_releases_enough_is_found(seed, with_known):
    codes, count, lookup, starts = random_tuples(seed, 60)
    rng = np.random.default_rng(seed)
    choices = rng.integers(0, CHOICES, (12, 3))
    table = np.stack([starts[choices[:, c], c] for c in range(3)], axis=1)
    known = np.empty((2, 0), np.uint64)
    if with_known:
        some = [key_of(recoded(codes[:1], choices[v])[0]) for v in (3, 8)]
        known = np.array(sorted(set(some)), np.uint64).T.copy()
    joined = {tuple(key) for key in known.T.tolist()}
    of_group, in_all = 6, int(rng.integers(1, 80))
    expected = len(choices)
    for v, levels in enumerate(choices):
        sizes = Counter()
        for values, n in zip(recoded(codes, levels), count.tolist(), strict=True):
            sizes[key_of(values)] += n
        if sum(n for key, n in sizes.items() if n >= of_group or key in joined) >= in_all:
            expected = v
            break
    layout = (lookup, table, FIELDS)
    assert next_round(codes, count, layout, known, (of_group, in_all)) == expected


def slow_cut(ranks, count, trees, tried, least):
    """One part: the widest column that can be cut between two nodes, as evenly as can be."""
    tree, share, ordered = trees
    width = {}
    for c in range(ranks.shape[1]):
        low, high = ranks[:, c].min(), ranks[:, c].max()
        level = next(i for i in range(len(tree[c])) if tree[c][i][low] == tree[c][i][high])
        width[c] = share[c][level][low], low, high, level
        if ordered[c] and level:
            width[c] = share[c][0][low] * (high - low + 1), low, high, level
    for c in sorted(width, key=lambda c: (-width[c][0], c)):
        _, low, high, level = width[c]
        if tried[c] or low == high:
            continue
        cuts = []
        for rank in range(low, high):
            left = int(count[ranks[:, c] <= rank].sum())
            right = int(count.sum()) - left
            apart = tree[c][level - 1][rank] != tree[c][level - 1][rank + 1]
            if apart and min(left, right) >= least:
                cuts.append((abs(left - right), rank))
        if cuts:
            return c, min(cuts)[1]
    return -1, None


@pytest.mark.parametrize("seed", range(20))
def test_parts_are_cut_as_the_slow_twin_cuts_them(seed):
    rng = np.random.default_rng(seed)
    tree = np.zeros((2, 3, 6), np.int32)
    tree[0] = [range(6), [0, 0, 1, 1, 2, 2], [0] * 6]
    tree[1] = [range(6), [0] * 6, [0] * 6]
    share = np.array([[[1 / 6] * 6, [1 / 3] * 6, [1] * 6], [[1 / 6] * 6, [1] * 6, [1] * 6]])
    ordered = np.array([False, True])
    sizes = rng.integers(1, 9, 6)
    offsets = np.append(0, np.cumsum(sizes))
    ranks = rng.integers(0, 6, (offsets[-1], 2)).astype(np.int32)
    count = rng.integers(1, 5, offsets[-1])
    tried = rng.random((6, 2)) < 0.2
    before, least = tried.copy(), 3
    column, cut = propose_cuts(ranks, (offsets, count), (tree, share, ordered), tried, least)
    for part in range(6):
        here = slice(offsets[part], offsets[part + 1])
        wanted = slow_cut(ranks[here], count[here], (tree, share, ordered), before[part], least)
        assert column[part] == wanted[0]
        if wanted[0] >= 0:
            assert cut[part] == wanted[1]
        else:
            assert tried[part].all()
    assert (tried >= before).all()
